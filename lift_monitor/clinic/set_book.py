"""The sets of sessions: kept when they end, rated at rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from lift_monitor.clinic import schema
from lift_monitor.clinic.edits import Edits, touched, touched_by_set
from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.ledger import document, one
from lift_monitor.clinic.set_rows import insert_set, require_sound, stored_set, stored_sets
from lift_monitor.clinic.text import clean_text, cleaned
from lift_monitor.clinic.words import NewSet, Ratings, StoredSet

_RATE: Final = insert(schema.ratings)
_RERATE: Final = update(schema.ratings).where(schema.ratings.c.set_id == bindparam("rated"))


class SetBook(Edits):
    """Sets of all sessions."""

    def add_set(self, session_id: int, new: NewSet, by: str) -> StoredSet:
        """Keep a set that ended, whole or not at all.

        Raises
        ------
        ClinicError
            If a number in it cannot be.
        """
        new = cleaned(new)
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
                after=values,
            )
        return self._known.put(
            (set_id, session["revision"]), replace(stored, ratings=Ratings(**values))
        )
