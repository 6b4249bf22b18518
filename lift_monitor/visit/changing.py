"""What the clinician makes different today: another dose of an exercise, or none of it."""

from __future__ import annotations

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person, StoredSession
from lift_monitor.programme.day_change import changed_today, check_change
from lift_monitor.programme.prescription import Prescription
from lift_monitor.programme.record import DayChange, SetKind
from lift_monitor.visit.ground import Clock, Ground, time_now


class Changing(Ground):
    """Changes of a session's prescriptions, kept with their reasons."""

    def __init__(
        self,
        clinic: Clinic,
        person: Person,
        session: StoredSession,
        by: str,
        clock: Clock = time_now,
    ) -> None:
        super().__init__(clinic, person, session, by, clock)
        self._loads: dict[str, dict[SetKind, float]] = {}
        """What is really on the bar, where it is not what is prescribed."""

    def change_today(
        self,
        exercise: str,
        reason: str,
        *,
        left_out: bool = False,
        sets: int | None = None,
        repetitions: int | None = None,
        load_kg: float | None = None,
        rung: int | None = None,
    ) -> DayChange:
        """Change what is prescribed of an exercise for this session; ``None`` is as prescribed.

        A set that is going on stays what it was when it began. Proposals go on comparing what was
        done with what the plan asks for.

        Raises
        ------
        ValueError
            If a reason is missing, or a number cannot be; one sentence.
        KeyError
            If the plan has no such exercise.
        ClinicError
            If the store cannot be written.
        """
        change = DayChange(exercise, self.by, reason, left_out, sets, repetitions, load_kg, rung)
        check_change(self.before, change)
        kept = self._clinic.sessions.change_day(self.session.id, change, self.by)
        self.prescriptions = self._prescribed()
        self._loads.pop(exercise, None)
        self._stale = True
        if self._current is None or self.prescription(self._current).blocked:
            # Not the exercise of the last set: that may be the one that is left out.
            self._move_to(next((p.exercise for p in self.prescriptions if not p.blocked), None))
        return kept

    def to_change(
        self,
    ) -> tuple[tuple[Prescription, ...], dict[str, DayChange], str | None]:
        """What stands for today without its changes, the changes that hold, and what is done now.

        Raises
        ------
        ClinicError
            If the store cannot be read.
        """
        changes = {c.exercise: c for c in self._clinic.sessions.day_changes(self.session.id)}
        return changed_today(self.before, self.day, ()), changes, self._current
