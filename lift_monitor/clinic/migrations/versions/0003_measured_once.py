"""What was measured is kept once, in columns, and no longer in documents as well."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW: Final[dict[str, dict[str, sa.types.TypeEngine[Any]]]] = {
    "sets": {
        "measured_number": sa.Integer(),
        "measured_as": sa.String(80),
        "measured_start_s": sa.Double(),
        "measured_end_s": sa.Double(),
    },
    "repetitions": {
        "measured_number": sa.Integer(),
        "measured_as": sa.String(80),
        "concentric_start_s": sa.Double(),
        "concentric_end_s": sa.Double(),
        "eccentric_start_s": sa.Double(),
        "eccentric_end_s": sa.Double(),
        "concentric_duration_s": sa.Double(),
        "eccentric_duration_s": sa.Double(),
        "velocity_loss_pct": sa.Double(),
        "mean_velocity_sd_mps": sa.Double(),
        "reasons": sa.JSON(),
        "refined": sa.Boolean(),
    },
    "flags": {"raised_s": sa.Double()},
    "landings": {
        "at_s": sa.Double(),
        "sensor": sa.String(80),
        "peak_acc_20hz_g": sa.Double(),
        "peak_grf_n": sa.Double(),
        "second_grf_bw": sa.Double(),
        "second_method": sa.Text(),
        "difference_bw": sa.Double(),
        "loading_rate_bw_per_s": sa.Double(),
        "reasons": sa.JSON(),
    },
}
_GUARDED: Final = {
    "sets": (
        "measured_number", "measured_as", "measured_start_s", "measured_end_s",
        "velocity_loss_pct", "measured_confidence", "measured_reasons", "watched",
        "counted_by_hand",
    ),
    "repetitions": (
        "set_id", "number", "added", "red", "amber", "measured_number", "measured_as", "start_s",
        "end_s", "concentric_start_s", "concentric_end_s", "eccentric_start_s", "eccentric_end_s",
        "mean_velocity_mps", "mean_propulsive_velocity_mps", "peak_velocity_mps", "rom_m",
        "concentric_duration_s", "eccentric_duration_s", "velocity_loss_pct",
        "mean_velocity_sd_mps", "confidence", "reasons", "refined",
    ),
    "flags": (),
    "landings": (),
}  # fmt: skip
"""Columns that are never changed; all of them where none is named."""


def upgrade() -> None:
    """Move the values over; the guards stand aside meanwhile and come back."""
    for table, columns in _NEW.items():
        op.execute(_drop_guard(table))
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    _move_sets()
    _move("flags", "measured", "id")
    _move("landings", "measured", "id")
    for table in ("sets", "flags", "landings"):
        op.drop_column(table, "measured")
    op.drop_index("ix_repetitions_set_id", table_name="repetitions")
    for table, guarded in _GUARDED.items():
        op.execute(_guard(table, guarded))


def _move_sets() -> None:
    connection = op.get_bind()
    sets = sa.table(
        "sets", sa.column("id", sa.Integer()), sa.column("measured", sa.JSON()),
        *(sa.column(name, kind) for name, kind in _NEW["sets"].items()),
    )  # fmt: skip
    repetitions = sa.table(
        "repetitions", sa.column("set_id", sa.Integer()), sa.column("number", sa.Integer()),
        sa.column("added", sa.Boolean()),
        *(sa.column(name, kind) for name, kind in _NEW["repetitions"].items()),
    )  # fmt: skip
    for set_id, measured in connection.execute(sa.select(sets.c.id, sets.c.measured)).all():
        if not measured:
            continue
        connection.execute(
            sa.update(sets)
            .where(sets.c.id == set_id)
            .values(
                measured_number=measured["number"],
                measured_as=measured["exercise"],
                measured_start_s=measured["start_s"],
                measured_end_s=measured["end_s"],
            )
        )
        for told in measured["repetitions"]:
            values = {name: told[name] for name in _NEW["repetitions"] if name in told}
            values |= {"measured_number": told["set_number"], "measured_as": told["exercise"]}
            connection.execute(
                sa.update(repetitions)
                .where(repetitions.c.set_id == set_id)
                .where(repetitions.c.number == told["number"])
                .where(repetitions.c.added.is_(False))
                .values(**values)
            )


def _move(name: str, document: str, key: str) -> None:
    connection = op.get_bind()
    table = sa.table(
        name, sa.column(key, sa.Integer()), sa.column(document, sa.JSON()),
        *(sa.column(column, kind) for column, kind in _NEW[name].items()),
    )  # fmt: skip
    rows = connection.execute(sa.select(table.c[key], table.c[document])).all()
    for row_id, told in rows:
        values = {column: told[column] for column in _NEW[name]}
        connection.execute(sa.update(table).where(table.c[key] == row_id).values(**values))


def _drop_guard(table: str) -> str:
    if op.get_bind().dialect.name == "sqlite":
        return f"DROP TRIGGER keep_{table}_update"
    return f"DROP TRIGGER keep_{table}_update ON {table}"


def _guard(table: str, columns: tuple[str, ...]) -> str:
    of = f" OF {', '.join(columns)}" if columns else ""
    head = f"CREATE TRIGGER keep_{table}_update BEFORE UPDATE{of} ON {table}"
    if op.get_bind().dialect.name == "sqlite":
        return f"{head} BEGIN SELECT RAISE(ABORT, '{table}: what is kept is never altered'); END"
    return f"{head} FOR EACH ROW EXECUTE FUNCTION clinic_keep()"
