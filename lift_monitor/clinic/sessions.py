"""Training sessions: begun, missed, ended; their sets, recordings and adverse events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from lift_monitor.clinic import schema
from lift_monitor.clinic.edits import Edits, touched, touched_by_set
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import document, needed, one
from lift_monitor.clinic.set_rows import (
    insert_set,
    require_file_name,
    require_sound,
    stored_set,
    stored_sets,
)
from lift_monitor.clinic.text import clean_text
from lift_monitor.clinic.words import (
    NewSet,
    Ratings,
    StoredAdverseEvent,
    StoredRecording,
    StoredSession,
    StoredSet,
)
from lift_monitor.programme.record import EventGrade

_RATE: Final = insert(schema.ratings)
_RERATE: Final = update(schema.ratings).where(schema.ratings.c.set_id == bindparam("rated"))


class Sessions(Edits):
    """Sessions of everybody."""

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
            day = started_at.date()
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

    def add_set(self, session_id: int, new: NewSet, by: str) -> StoredSet:
        """Keep a set that ended, whole or not at all.

        Raises
        ------
        ClinicError
            If a number in it cannot be.
        """
        require_sound(new)
        with self.writing(by) as write:
            session = touched(write, session_id)
            if not session["attended"]:
                raise ClinicError(
                    f"The session {session['session_key']} was missed; it has no sets."
                )
            stored = insert_set(write, session_id, new)
            write.audit(
                "set_added",
                session["person_id"],
                f"set {stored.id}",
                after={
                    "session": session["session_key"],
                    "exercise": new.exercise,
                    "kind": new.kind,
                    "number": new.number,
                    "load_kg": new.load_kg,
                },
            )
        return self._known.put((stored.id, session["revision"]), stored)

    def sets(self, session_id: int, *, removed: bool = False) -> tuple[StoredSet, ...]:
        """Sets of a session in the order in which they were done.

        Parameters
        ----------
        session_id
        removed
            Those that the clinician took out as well.
        """
        table = schema.sets
        query = select(table).where(table.c.session_id == session_id).order_by(table.c.id)
        if not removed:
            query = query.where(table.c.counts.is_(True))
        with self.reading() as connection:
            one(connection, schema.training_sessions, session_id, "session")
            return stored_sets(connection, connection.execute(query).mappings().all())

    def rate(self, set_id: int, ratings: Ratings, by: str) -> StoredSet:
        """Keep what was asked at rest, in place of what stood there.

        Raises
        ------
        ClinicError
            If the exertion is not on Borg's scale of 6 to 20, or pain not between 0 and 10.
        """
        if ratings.rpe is not None and not 6 <= ratings.rpe <= 20:
            raise ClinicError(f"The exertion is {ratings.rpe}; Borg's scale goes from 6 to 20.")
        if ratings.pain is not None and not 0 <= ratings.pain <= 10:
            raise ClinicError(f"The pain is {ratings.pain}; the scale goes from 0 to 10.")
        values: dict[str, Any] = {
            "rpe": ratings.rpe,
            "pain": ratings.pain,
            "pain_where": clean_text(ratings.pain_where).strip(),
            "sudden_back_pain": ratings.sudden_back_pain,
            "to_failure": ratings.to_failure,
            "seen_clean": ratings.seen_clean,
        }
        with self.writing(by) as write:
            session = touched_by_set(write, set_id)
            stored = self._known.get((set_id, session["revision"] - 1))
            if stored is None:
                stored = stored_set(write.connection, set_id)
            if not write.connection.execute(_RERATE, {"rated": set_id, **values}).rowcount:
                write.connection.execute(_RATE, {"set_id": set_id, **values})
            write.audit(
                "set_rated",
                session["person_id"],
                f"set {set_id}",
                before=document(stored.ratings) if stored.ratings != Ratings() else None,
                after={name: value for name, value in values.items() if value not in (None, "")},
            )
        return self._known.put(
            (set_id, session["revision"]), replace(stored, ratings=Ratings(**values))
        )

    def add_recording(
        self, session_id: int, file_name: str, exercise: str, at: datetime, by: str
    ) -> StoredRecording:
        """Remember a recording by its file's name; never by a path, never by a person's name.

        Raises
        ------
        ClinicError
            If the name has a folder in it.
        """
        name = needed(file_name, "A recording needs its file's name.")
        require_file_name(name)
        with self.writing(by) as write:
            row = one(write.connection, schema.training_sessions, session_id, "session")
            write.insert(
                schema.recordings,
                session_id=session_id,
                file_name=name,
                exercise=exercise,
                started_at=at,
            )
            write.audit(
                "recording_added", row["person_id"], f"session {row['session_key']}",
                after={"file_name": name, "exercise": exercise},
            )  # fmt: skip
        return StoredRecording(session_id, name, exercise, at)

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
        with self.writing(by) as write:
            one(write.connection, schema.people, person_id, "person")
            if session_id is not None:
                row = one(write.connection, schema.training_sessions, session_id, "session")
                if row["person_id"] != person_id:
                    raise ClinicError("This session is another person's.")
            number = write.insert(
                schema.adverse_events,
                person_id=person_id,
                session_id=session_id,
                day=day,
                grade=grade.value,
                told=said,
                exercise=exercise,
                by_whom=write.by,
                written_at=write.at,
            )
            write.audit(
                "adverse_event",
                person_id,
                f"adverse event {number}",
                after={"grade": grade, "text": said, "exercise": exercise, "day": day},
            )
        return StoredAdverseEvent(number, session_id, day, grade, said, exercise, by.strip())

    def adverse_events(self, person_id: int) -> tuple[StoredAdverseEvent, ...]:
        """Adverse events of a person, oldest first."""
        table = schema.adverse_events
        query = select(table).where(table.c.person_id == person_id)
        return self.each(query.order_by(table.c.day, table.c.id), _adverse_event)


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
    )
