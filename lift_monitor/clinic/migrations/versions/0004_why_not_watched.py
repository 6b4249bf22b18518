"""A set that nobody watched says why."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_GUARDED: Final = (
    "session_id", "exercise", "kind", "number", "target_repetitions", "ended_at", "watched",
    "unwatched", "rung", "ceiling_bw", "counted_by_hand", "recording", "confidence", "reasons",
    "measured_number", "measured_as", "measured_start_s", "measured_end_s", "velocity_loss_pct",
    "measured_confidence", "measured_reasons",
)  # fmt: skip
"""Columns of sets that are never changed: all but the load and whether the set counts."""


def upgrade() -> None:
    """Add the column, which older sets have empty, and guard all of a set that no edit changes."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER keep_sets_update" + ("" if on_sqlite else " ON sets"))
    op.add_column("sets", sa.Column("unwatched", sa.Text(), nullable=True))
    head = f"CREATE TRIGGER keep_sets_update BEFORE UPDATE OF {', '.join(_GUARDED)} ON sets"
    if on_sqlite:
        what = "sets: what is kept is never altered"
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{what}'); END")
    else:
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION clinic_keep()")
