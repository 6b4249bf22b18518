"""Why a doubtful maximum is right, and after which decision an adverse event was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, which older rows have empty; the tables' guards cover them already."""
    op.add_column("maxima", sa.Column("confirmed", sa.Text(), nullable=True))
    op.add_column("adverse_events", sa.Column("decisions_before", sa.Integer(), nullable=True))
