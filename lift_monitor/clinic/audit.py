"""The audit: who did what; it can be added to and read, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, select

from lift_monitor.clinic import schema
from lift_monitor.clinic.ledger import Ledger, one
from lift_monitor.clinic.words import AuditEntry


class Audit(Ledger):
    """Who did what."""

    def entries(
        self,
        person_id: int | None = None,
        limit: int | None = None,
        *,
        of_nobody: bool = False,
    ) -> tuple[AuditEntry, ...]:
        """Entries, newest first.

        Parameters
        ----------
        person_id
            Of one person only.
        limit
            So many at most.
        of_nobody
            Only those of the clinic as a whole, which belong to no person.
        """
        table = schema.audit
        query = select(table).order_by(table.c.id.desc())
        if person_id is not None:
            query = query.where(table.c.person_id == person_id)
        if of_nobody:
            query = query.where(table.c.person_id.is_(None))
        if limit is not None:
            query = query.limit(limit)
        return self.each(query, _entry)

    def note(
        self,
        by: str,
        what: str,
        person_id: int | None,
        subject: str,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> None:
        """Write down what was done outside the store, e.g. an alarm muted, a report exported.

        Never a person's name: pseudonyms only.
        """
        with self.writing(by) as write:
            if person_id is not None:
                one(write.connection, schema.people, person_id, "person")
            write.audit(what, person_id, subject, before=before, after=after, reason=reason)


def _entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(
        id=row["id"],
        at=row["written_at"],
        by=row["by_whom"],
        what=row["what"],
        person_id=row["person_id"],
        subject=row["subject"],
        before=row["before"],
        after=row["after"],
        reason=row["reason"],
    )
