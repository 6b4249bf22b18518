"""What every part of a visit stands on: the person, the session, the day, the sets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import (
    Person,
    StoredSession,
    StoredSet,
)
from lift_monitor.programme.day_change import changed_today
from lift_monitor.programme.plan import Plan
from lift_monitor.programme.prescription import Prescription
from lift_monitor.programme.record import History
from lift_monitor.visit.past import without_session

Clock = Callable[[], datetime]
"""Tells the time, aware of its zone."""


def time_now() -> datetime:
    """The time of this computer, in its zone: a session's day is the one that people live by."""
    return datetime.now(UTC).astimezone()


class Ground:
    """See :class:`~lift_monitor.visit.visit.Visit`."""

    def __init__(
        self,
        clinic: Clinic,
        person: Person,
        session: StoredSession,
        by: str,
        clock: Clock = time_now,
    ) -> None:
        self._clinic, self._clock = clinic, clock
        self.person, self.session, self.by = person, session, by
        history = clinic.history(person.id)
        self.plan: Plan = history.plan
        self.before: History = without_session(history, session.key)
        """What was known when the session began, and what was decided before it was lifted."""
        self.prescriptions: tuple[Prescription, ...] = self._prescribed()
        self._sets: tuple[StoredSet, ...] = clinic.sessions.sets(session.id)
        self._stale = True
        self._current = self._where_to_go_on()

    @property
    def day(self) -> date:
        """Day of the session."""
        return self.session.day

    def prescription(self, exercise: str) -> Prescription:
        """What is prescribed today for an exercise.

        Raises
        ------
        KeyError
            If the plan has no such exercise.
        """
        for found in self.prescriptions:
            if found.exercise == exercise:
                return found
        raise KeyError(exercise)

    def _prescribed(self) -> tuple[Prescription, ...]:
        """What is to be done, with what the clinician changed for this session."""
        changes = self._clinic.sessions.day_changes(self.session.id)
        return changed_today(self.before, self.day, changes)

    def sets(self, exercise: str | None = None) -> tuple[StoredSet, ...]:
        """The sets of this session that count, oldest first; of one exercise if it is given."""
        return tuple(s for s in self._sets if exercise is None or s.new.exercise == exercise)

    def _set(self, set_id: int) -> StoredSet:
        for found in self._sets:
            if found.id == set_id:
                return found
        raise KeyError(set_id)

    def _look_again(self) -> None:
        self._sets = self._clinic.sessions.sets(self.session.id)
        self._stale = True

    def _changed(self, changed: StoredSet) -> StoredSet:
        self._look_again()
        return next((s for s in self._sets if s.id == changed.id), changed)

    @property
    def over(self) -> bool:
        """Whether the session was ended before: only decisions are still to be taken."""
        return self.session.ended_at is not None

    def _move_to(self, exercise: str | None) -> None:
        """Do another exercise from here on; ``None`` if nothing may be done."""
        self._current = exercise

    def _where_to_go_on(self) -> str | None:
        """The exercise of the last set, else the first that may be done."""
        if self._sets:
            return self._sets[-1].new.exercise
        return next((p.exercise for p in self.prescriptions if not p.blocked), None)
