"""What is said of a clinic as a whole."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from lift_monitor.clinic import schema
from lift_monitor.clinic.ledger import Ledger


class Settings(Ledger):
    """Words on the clinic, by name."""

    def get(self, name: str) -> str:
        """What is said; empty if nothing is."""
        table = schema.settings
        query = select(table.c.value).where(table.c.name == name)
        found = self.each(query, lambda row: str(row["value"]))
        return found[0] if found else ""

    def set(self, name: str, value: str, by: str) -> None:
        """Say something, in place of what was said."""
        table = schema.settings
        with self.writing(by) as write:
            query = select(table.c.value).where(table.c.name == name)
            old = write.connection.execute(query).scalar()
            write.connection.execute(delete(table).where(table.c.name == name))
            write.connection.execute(insert(table).values(name=name, value=value))
            write.audit(
                "setting_changed",
                None,
                name,
                before={} if old is None else {"value": old},
                after={"value": value},
            )
