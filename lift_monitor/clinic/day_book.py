"""What a clinician changed of a day's prescription; each change is added, the last holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from sqlalchemy import Connection, RowMapping, select

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import Ledger, document, needed, one, require_kg, require_within
from lift_monitor.clinic.text import clean_text, cleaned, quoted
from lift_monitor.programme.day_change import MOST_REPETITIONS, MOST_SETS
from lift_monitor.programme.record import DayChange


class DayBook(Ledger):
    """Changes of the prescriptions of sessions."""

    def change_day(self, session_id: int, change: DayChange, by: str) -> DayChange:
        """Change what is prescribed of one exercise in a session.

        Raises
        ------
        ClinicError
            If no reason is given, somebody else changes than writes, a number cannot be, or the
            session is over.
        """
        change = cleaned(change)
        needed(change.reason, "Changing a prescription needs a reason.")
        exercise = needed(change.exercise, "Name the exercise that is changed.")
        require_within(change.sets, 1, MOST_SETS, "The number of sets")
        require_within(change.repetitions, 1, MOST_REPETITIONS, "The number of repetitions")
        require_kg(change.load_kg, "The load")
        require_within(change.rung, 0, 50, "The rung")
        if change.by.strip() != clean_text(by).strip():
            raise ClinicError(
                f"{quoted(change.by)} changed it, and {quoted(by)} cannot write it down for them."
            )
        with self.writing(by) as write:
            row = one(write.connection, schema.training_sessions, session_id, "session")
            if row["ended_at"] is not None or not row["attended"]:
                raise ClinicError(
                    f"The session {row['session_key']} is over: nothing of it can be changed for "
                    "the day any more."
                )
            before = _last(write.connection, session_id, exercise)
            kept = replace(change, by=write.by, exercise=exercise, reason=change.reason.strip())
            write.insert(
                schema.day_changes,
                session_id=session_id,
                exercise=kept.exercise,
                left_out=kept.left_out,
                sets=kept.sets,
                repetitions=kept.repetitions,
                load_kg=kept.load_kg,
                rung=kept.rung,
                reason=kept.reason,
                by_whom=kept.by,
                written_at=write.at,
            )
            write.audit(
                "prescription_changed_for_today",
                row["person_id"],
                f"session {row['session_key']}, {kept.exercise}",
                before=document(before) if before is not None else None,
                after=document(kept),
                reason=kept.reason,
            )
        return kept

    def day_changes(self, session_id: int) -> tuple[DayChange, ...]:
        """Changes of a session in the order in which they were made."""
        table = schema.day_changes
        query = select(table).where(table.c.session_id == session_id).order_by(table.c.id)
        return self.each(query, _change)


def changes_of(connection: Connection, person_id: int) -> dict[int, tuple[DayChange, ...]]:
    """What holds of the changes of a person's sessions, by the session's number."""
    table, sessions = schema.day_changes, schema.training_sessions
    query = (
        select(table)
        .join(sessions, sessions.c.id == table.c.session_id)
        .where(sessions.c.person_id == person_id)
        .order_by(table.c.id)
    )
    last: dict[int, dict[str, DayChange]] = defaultdict(dict)
    for row in connection.execute(query).mappings():
        last[row["session_id"]][row["exercise"]] = _change(row)
    return {session_id: tuple(changes.values()) for session_id, changes in last.items()}


def _last(connection: Connection, session_id: int, exercise: str) -> DayChange | None:
    table = schema.day_changes
    query = select(table).where(table.c.session_id == session_id, table.c.exercise == exercise)
    row = connection.execute(query.order_by(table.c.id.desc()).limit(1)).mappings().first()
    return None if row is None else _change(row)


def _change(row: RowMapping) -> DayChange:
    return DayChange(
        exercise=row["exercise"],
        by=row["by_whom"],
        reason=row["reason"],
        left_out=row["left_out"],
        sets=row["sets"],
        repetitions=row["repetitions"],
        load_kg=row["load_kg"],
        rung=row["rung"],
    )
