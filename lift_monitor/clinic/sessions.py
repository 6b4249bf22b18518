"""Training sessions: begun, missed, noted, ended."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, select, update

from lift_monitor.clinic import schema
from lift_monitor.clinic.beside import Beside
from lift_monitor.clinic.day_book import DayBook
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import one, require_day
from lift_monitor.clinic.set_book import SetBook
from lift_monitor.clinic.text import clean_text
from lift_monitor.clinic.words import StoredSession


class Sessions(SetBook, Beside, DayBook):
    """Sessions of everybody, with their sets and what stands beside them."""

    def begin(
        self, person_id: int, started_at: datetime, by: str, body_mass_kg: float | None = None
    ) -> StoredSession:
        """Begin a session; its day is the one that ``started_at`` has in its own time zone.

        Raises
        ------
        ClinicError
            If the person has an open session, or the time has no zone.
        """
        if started_at.tzinfo is None:
            raise ClinicError("The beginning of a session needs its time zone.")
        day = started_at.date()
        require_day(day, "The day of the session")
        if body_mass_kg is not None and not 20.0 <= body_mass_kg <= 350.0:
            raise ClinicError(f"The body mass is {body_mass_kg} kg; 20 to 350 kg can be kept.")
        with self.writing(by) as write:
            person = one(write.connection, schema.people, person_id, "person")
            if person["archived"]:
                raise ClinicError(f"{person['pseudonym']} is archived; bring them back first.")
            table = schema.training_sessions
            open_one = write.connection.execute(
                select(table).where(
                    table.c.person_id == person_id,
                    table.c.attended.is_(True),
                    table.c.ended_at.is_(None),
                )
            ).first()
            if open_one is not None:
                raise ClinicError(
                    f"{person['pseudonym']} has a session of {open_one.day} that was not ended; "
                    "go on with it or end it."
                )
            key = _free_key(write.connection, person_id, day)
            number = write.insert(
                table,
                person_id=person_id,
                session_key=key,
                day=day,
                attended=True,
                started_at=started_at,
                ended_at=None,
                body_mass_kg=body_mass_kg,
                reason_missed="",
                note="",
            )
            write.audit(
                "session_begun",
                person_id,
                f"session {key}",
                after={"started_at": started_at, "body_mass_kg": body_mass_kg},
            )
        return self.get(number)

    def end(self, session_id: int, ended_at: datetime, by: str, note: str = "") -> StoredSession:
        """End a session.

        Raises
        ------
        ClinicError
            If it is over already.
        """
        if ended_at.tzinfo is None:
            raise ClinicError("The end of a session needs its time zone.")
        table = schema.training_sessions
        with self.writing(by) as write:
            row = one(write.connection, table, session_id, "session")
            if row["ended_at"] is not None or not row["attended"]:
                raise ClinicError(f"The session {row['session_key']} is over already.")
            if ended_at < row["started_at"]:
                raise ClinicError(
                    f"The session {row['session_key']} cannot end before it began; check the clock."
                )
            kept = clean_text(note).strip() or row["note"]
            write.connection.execute(
                update(table).where(table.c.id == session_id).values(ended_at=ended_at, note=kept)
            )
            write.audit(
                "session_ended",
                row["person_id"],
                f"session {row['session_key']}",
                before={"note": row["note"]},
                after={"ended_at": ended_at, "note": kept},
            )
        return self.get(session_id)

    def miss(self, person_id: int, day: date, reason: str, by: str) -> StoredSession:
        """Write down that a planned session did not take place."""
        require_day(day, "The day of the session")
        with self.writing(by) as write:
            one(write.connection, schema.people, person_id, "person")
            key = _free_key(write.connection, person_id, day)
            number = write.insert(
                schema.training_sessions,
                person_id=person_id,
                session_key=key,
                day=day,
                attended=False,
                started_at=None,
                ended_at=None,
                body_mass_kg=None,
                reason_missed=reason.strip(),
                note="",
            )
            write.audit("session_missed", person_id, f"session {key}", reason=reason.strip())
        return self.get(number)

    def note(self, session_id: int, text: str, by: str) -> StoredSession:
        """Write the clinician's words on a session, in place of those that stood there."""
        table = schema.training_sessions
        said = clean_text(text).strip()
        with self.writing(by) as write:
            row = one(write.connection, table, session_id, "session")
            write.connection.execute(
                update(table).where(table.c.id == session_id).values(note=said)
            )
            write.audit(
                "session_noted",
                row["person_id"],
                f"session {row['session_key']}",
                before={"note": row["note"]},
                after={"note": said},
            )
        return self.get(session_id)

    def get(self, session_id: int) -> StoredSession:
        """A session by its number.

        Raises
        ------
        ClinicError
            If there is none.
        """
        with self.reading() as connection:
            return _session(one(connection, schema.training_sessions, session_id, "session"))

    def all(self, person_id: int) -> tuple[StoredSession, ...]:
        """Sessions of a person, attended or not, oldest first."""
        table = schema.training_sessions
        query = select(table).where(table.c.person_id == person_id)
        return self.each(query.order_by(table.c.day, table.c.id), _session)

    def open_ones(self) -> tuple[StoredSession, ...]:
        """Sessions that were begun and never ended, oldest first."""
        table = schema.training_sessions
        query = select(table).where(table.c.attended.is_(True), table.c.ended_at.is_(None))
        return self.each(query.order_by(table.c.id), _session)


def _free_key(connection: Connection, person_id: int, day: date) -> str:
    """The day, with a letter from the second session of a day on."""
    table = schema.training_sessions
    query = select(table.c.session_key).where(table.c.person_id == person_id, table.c.day == day)
    taken = set(connection.execute(query).scalars())
    for letter in ("", *"bcdefghijklmnopqrstuvwxyz"):
        if f"{day.isoformat()}{letter}" not in taken:
            return f"{day.isoformat()}{letter}"
    raise ClinicError(f"There are {len(taken)} sessions on {day} already.")


def _session(row: RowMapping) -> StoredSession:
    return StoredSession(
        id=row["id"],
        person_id=row["person_id"],
        key=row["session_key"],
        day=row["day"],
        attended=row["attended"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        body_mass_kg=row["body_mass_kg"],
        reason_missed=row["reason_missed"],
        note=row["note"],
    )
