"""What stands beside the sets of a session: recordings by reference, and adverse events."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import RowMapping, func, select

from lift_monitor.clinic import schema
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import Ledger, needed, one, require_day
from lift_monitor.clinic.set_rows import require_file_name
from lift_monitor.clinic.text import clean_text
from lift_monitor.clinic.words import StoredAdverseEvent, StoredRecording
from lift_monitor.programme.record import EventGrade


class Beside(Ledger):
    """Recordings and adverse events."""

    def add_recording(
        self, session_id: int, file_name: str, exercise: str, at: datetime, by: str
    ) -> StoredRecording:
        """Remember a recording by its file's name; never by a path, never by a person's name.

        Raises
        ------
        ClinicError
            If the name has a folder in it, or the time has no zone.
        """
        name = needed(file_name, "A recording needs its file's name.")
        require_file_name(name)
        if at.tzinfo is None:
            raise ClinicError("The beginning of a recording needs its time zone.")
        of = clean_text(exercise)
        with self.writing(by) as write:
            row = one(write.connection, schema.training_sessions, session_id, "session")
            write.insert(
                schema.recordings,
                session_id=session_id,
                file_name=name,
                exercise=of,
                started_at=at,
            )
            write.audit(
                "recording_added", row["person_id"], f"session {row['session_key']}",
                after={"file_name": name, "exercise": of},
            )  # fmt: skip
        return StoredRecording(session_id, name, of, at)

    def recordings(self, person_id: int) -> tuple[StoredRecording, ...]:
        """Recordings of a person, oldest first."""
        table, sessions = schema.recordings, schema.training_sessions
        query = (
            select(table)
            .join(sessions, sessions.c.id == table.c.session_id)
            .where(sessions.c.person_id == person_id)
            .order_by(table.c.started_at, table.c.id)
        )
        return self.each(query, _recording)

    def adverse_event(
        self,
        person_id: int,
        session_id: int | None,
        grade: EventGrade,
        text: str,
        exercise: str,
        day: date,
        by: str,
    ) -> StoredAdverseEvent:
        """Keep an adverse event.

        Raises
        ------
        ClinicError
            If nothing is said of it, or the session is another person's.
        """
        said = needed(text, "Say in words what happened.")
        of = clean_text(exercise)
        require_day(day, "The day of the adverse event")
        with self.writing(by) as write:
            one(write.connection, schema.people, person_id, "person")
            if session_id is not None:
                row = one(write.connection, schema.training_sessions, session_id, "session")
                if row["person_id"] != person_id:
                    raise ClinicError("This session is another person's.")
            ordinal = schema.decisions.c.ordinal
            last = select(func.max(ordinal)).where(schema.decisions.c.person_id == person_id)
            before = write.connection.execute(last).scalar() or 0
            number = write.insert(
                schema.adverse_events,
                decisions_before=before,
                person_id=person_id,
                session_id=session_id,
                day=day,
                grade=grade.value,
                told=said,
                exercise=of,
                by_whom=write.by,
                written_at=write.at,
            )
            write.audit(
                "adverse_event",
                person_id,
                f"adverse event {number}",
                after={"grade": grade, "text": said, "exercise": of, "day": day},
            )
        return StoredAdverseEvent(number, session_id, day, grade, said, of, write.by, before)

    def adverse_events(self, person_id: int) -> tuple[StoredAdverseEvent, ...]:
        """Adverse events of a person, oldest first."""
        table = schema.adverse_events
        query = select(table).where(table.c.person_id == person_id)
        return self.each(query.order_by(table.c.day, table.c.id), _adverse_event)


def _recording(row: RowMapping) -> StoredRecording:
    return StoredRecording(row["session_id"], row["file_name"], row["exercise"], row["started_at"])


def _adverse_event(row: RowMapping) -> StoredAdverseEvent:
    return StoredAdverseEvent(
        id=row["id"],
        session_id=row["session_id"],
        day=row["day"],
        grade=EventGrade(row["grade"]),
        text=row["told"],
        exercise=row["exercise"],
        by=row["by_whom"],
        decisions_before=row["decisions_before"],
    )
