"""The first schema: everybody, everything that was done, and the audit."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FOREVER: Final = (
    "audit", "assessments", "clearances", "overrides", "plans", "proposals", "decisions", "maxima",
    "flags", "landings",
)  # fmt: skip
"""Tables that are added to and never changed."""
_MEASURED: Final = {
    "sets": (
        "measured", "velocity_loss_pct", "measured_confidence", "measured_reasons", "watched",
        "counted_by_hand",
    ),
    "repetitions": (
        "set_id", "number", "added", "red", "amber", "start_s", "end_s", "mean_velocity_mps",
        "mean_propulsive_velocity_mps", "peak_velocity_mps", "rom_m", "confidence",
    ),
}  # fmt: skip
"""Columns that are never changed, of tables whose rows are never removed."""


def upgrade() -> None:
    """Make the tables, and the guards of what is never altered."""
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("pseudonym", sa.String(length=80), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("folded", name=op.f("uq_people_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_assessments_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_assessments_person_id"), "assessments", ["person_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_audit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_person_id"), "audit", ["person_id"], unique=False)
    op.create_table(
        "clearances",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("level", sa.String(length=80), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_clearances_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearances")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_clearances_person_id"), "clearances", ["person_id"], unique=False)
    op.create_table(
        "identities",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("referrer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_identities_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_identities")),
    )
    op.create_table(
        "maxima",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("exercise", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("kg", sa.Double(), nullable=False),
        sa.Column("low_kg", sa.Double(), nullable=True),
        sa.Column("high_kg", sa.Double(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("confidence", sa.String(length=80), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_maxima_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maxima")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_maxima_person_id"), "maxima", ["person_id"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outcomes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outcomes_person_id"), "outcomes", ["person_id"], unique=False)
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("plan_key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_plans_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_plans_person_id"), "plans", ["person_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("exercise", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("rules_version", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_proposals_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_proposals_person_id"), "proposals", ["person_id"], unique=False)
    op.create_table(
        "training_sessions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("session_key", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("body_mass_kg", sa.Double(), nullable=True),
        sa.Column("reason_missed", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_training_sessions_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_sessions")),
        sa.UniqueConstraint(
            "person_id", "session_key", name=op.f("uq_training_sessions_person_id_session_key")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_training_sessions_person_id"), "training_sessions", ["person_id"], unique=False
    )
    op.create_table(
        "adverse_events",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("grade", sa.String(length=80), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("exercise", sa.String(length=80), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_adverse_events_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_adverse_events_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adverse_events")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_adverse_events_person_id"), "adverse_events", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_adverse_events_session_id"), "adverse_events", ["session_id"], unique=False
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("exercise", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=80), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("phase", sa.String(length=80), nullable=False),
        sa.Column("load_kg", sa.Double(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=True),
        sa.Column("maximum_kg", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("session_key", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_decisions_person_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_decisions_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("person_id", "ordinal", name=op.f("uq_decisions_person_id_ordinal")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decisions_person_id"), "decisions", ["person_id"], unique=False)
    op.create_table(
        "overrides",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("clearance_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(length=80), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clearance_id"], ["clearances.id"], name=op.f("fk_overrides_clearance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_overrides_clearance_id"), "overrides", ["clearance_id"], unique=False)
    op.create_table(
        "recordings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("exercise", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_recordings_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_recordings_session_id"), "recordings", ["session_id"], unique=False)
    op.create_table(
        "sets",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("exercise", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("load_kg", sa.Double(), nullable=True),
        sa.Column("target_repetitions", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=True),
        sa.Column("ceiling_bw", sa.Double(), nullable=True),
        sa.Column("counted_by_hand", sa.Integer(), nullable=True),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=80), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("velocity_loss_pct", sa.Double(), nullable=True),
        sa.Column("measured_confidence", sa.String(length=80), nullable=True),
        sa.Column("measured_reasons", sa.JSON(), nullable=True),
        sa.Column("measured", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_sets_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sets")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sets_session_id"), "sets", ["session_id"], unique=False)
    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("severity", sa.String(length=80), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=False),
        sa.Column("end_s", sa.Double(), nullable=True),
        sa.Column("peak", sa.Double(), nullable=False),
        sa.Column("limit_value", sa.Double(), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("under_load", sa.Boolean(), nullable=True),
        sa.Column("confidence", sa.String(length=80), nullable=False),
        sa.Column("measured", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name=op.f("fk_flags_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_flags_set_id"), "flags", ["set_id"], unique=False)
    op.create_table(
        "landings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("contact_s", sa.Double(), nullable=False),
        sa.Column("flight_s", sa.Double(), nullable=False),
        sa.Column("peak_acc_g", sa.Double(), nullable=False),
        sa.Column("peak_grf_bw", sa.Double(), nullable=False),
        sa.Column("grf_method", sa.Text(), nullable=False),
        sa.Column("clipped", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.String(length=80), nullable=False),
        sa.Column("measured", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name=op.f("fk_landings_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landings")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_landings_set_id"), "landings", ["set_id"], unique=False)
    op.create_table(
        "ratings",
        sa.Column("set_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rpe", sa.Integer(), nullable=True),
        sa.Column("pain", sa.Integer(), nullable=True),
        sa.Column("pain_where", sa.Text(), nullable=False),
        sa.Column("sudden_back_pain", sa.Boolean(), nullable=False),
        sa.Column("to_failure", sa.Boolean(), nullable=False),
        sa.Column("seen_clean", sa.Boolean(), nullable=True),
        sa.CheckConstraint("pain BETWEEN 0 AND 10", name=op.f("ck_ratings_pain")),
        sa.CheckConstraint("rpe BETWEEN 6 AND 20", name=op.f("ck_ratings_rpe")),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name=op.f("fk_ratings_set_id")),
        sa.PrimaryKeyConstraint("set_id", name=op.f("pk_ratings")),
    )
    op.create_table(
        "repetitions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("red", sa.Boolean(), nullable=False),
        sa.Column("amber", sa.Boolean(), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=True),
        sa.Column("end_s", sa.Double(), nullable=True),
        sa.Column("mean_velocity_mps", sa.Double(), nullable=True),
        sa.Column("mean_propulsive_velocity_mps", sa.Double(), nullable=True),
        sa.Column("peak_velocity_mps", sa.Double(), nullable=True),
        sa.Column("rom_m", sa.Double(), nullable=True),
        sa.Column("confidence", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name=op.f("fk_repetitions_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repetitions")),
        sa.UniqueConstraint("set_id", "number", name=op.f("uq_repetitions_set_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_repetitions_set_id"), "repetitions", ["set_id"], unique=False)
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("repetition_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repetition_id"], ["repetitions.id"], name=op.f("fk_edits_repetition_id")
        ),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name=op.f("fk_edits_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edits")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_edits_set_id"), "edits", ["set_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    elif op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table in (*_FOREVER, *_MEASURED):
        columns = _MEASURED.get(table)
        of = f" OF {', '.join(columns)}" if columns else ""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: what is kept is never altered'); END"
        op.execute(f"CREATE TRIGGER keep_{table}_update BEFORE UPDATE{of} ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER keep_{table}_delete BEFORE DELETE ON {table} {refuse}")
        # INSERT OR REPLACE removes the old row without asking the trigger of deletes.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        op.execute(
            f"CREATE TRIGGER keep_{table}_replace BEFORE INSERT ON {table} WHEN {there} {refuse}"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION clinic_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '%: what is kept is never altered', TG_TABLE_NAME; END $$"
    )
    for table in (*_FOREVER, *_MEASURED):
        columns = _MEASURED.get(table)
        of = f" OF {', '.join(columns)}" if columns else ""
        for name, event, each in (
            ("update", f"UPDATE{of}", "ROW"),
            ("delete", "DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER keep_{table}_{name} BEFORE {event} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION clinic_keep()"
            )
