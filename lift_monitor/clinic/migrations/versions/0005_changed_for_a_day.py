"""What a clinician changed of a day's prescription, for that session only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, with the guards of what is never altered."""
    op.create_table(
        "day_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("exercise", sa.String(length=80), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=True),
        sa.Column("repetitions", sa.Integer(), nullable=True),
        sa.Column("load_kg", sa.Double(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_day_changes_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_day_changes_session_id"), "day_changes", ["session_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'day_changes: what is kept is never altered'); END"
        for name, event in (
            ("update", "UPDATE ON day_changes"),
            ("delete", "DELETE ON day_changes"),
            (
                "replace",
                "INSERT ON day_changes WHEN EXISTS (SELECT 1 FROM day_changes WHERE id = NEW.id)",
            ),
        ):
            op.execute(f"CREATE TRIGGER keep_day_changes_{name} BEFORE {event} {refuse}")
        return
    for name, event, each in (
        ("update", "UPDATE", "ROW"),
        ("delete", "DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER keep_day_changes_{name} BEFORE {event} ON day_changes "
            f"FOR EACH {each} EXECUTE FUNCTION clinic_keep()"
        )
