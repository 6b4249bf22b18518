"""Bringing a database to today's schema, by the migrations in this package."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from lift_monitor.clinic.errors import ClinicError

RELEASED: Final = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every schema that there ever was, oldest first; the last is today's."""
HEAD: Final = RELEASED[-1]
SCRIPTS: Final = Path(__file__).parent / "migrations"


def version(connection: Connection) -> str:
    """Which schema a database has; empty if it has none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found or "")


def require_known(found: str, where: str) -> None:
    """Refuse a schema that this program does not know.

    Raises
    ------
    ClinicError
        If it is of a newer program.
    """
    if found and found not in RELEASED:
        raise ClinicError(
            f"{where} was written by a newer lift-monitor (schema {found}; this one knows up to "
            f"{HEAD}); update lift-monitor, the file is left as it is."
        )


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring a database to a schema, inside the transaction that the connection has begun."""
    # Alembic is slow to import and needed only when there is something to do.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
