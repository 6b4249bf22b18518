"""A session in progress: what is prescribed, what was done, what is decided. No Qt.

It listens to a live station and puts every set into the store when it ends; what a call
returns is stored. Whatever cannot be stored at once is kept, told in :attr:`Visit.trouble`
and tried again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person, StoredSession, StoredSet
from lift_monitor.events import Event
from lift_monitor.programme.prescribe import attended_days, week
from lift_monitor.programme.prescription import PrescribedSet
from lift_monitor.programme.proposal import Action
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.station_words import Mode, StationReset, StationStatus, StationUpdate
from lift_monitor.visit.agenda import SetDone, next_set
from lift_monitor.visit.changing import Changing
from lift_monitor.visit.collector import SetCollector
from lift_monitor.visit.deciding import Deciding, Pending
from lift_monitor.visit.editing import Editing
from lift_monitor.visit.ground import Clock, time_now
from lift_monitor.visit.new_set import measured_set, set_by_hand
from lift_monitor.visit.storing import Storing
from lift_monitor.visit.today import Today, item_of, last_set
from lift_monitor.visit.watch import SensorWatch
from lift_monitor.visit.words import ClosedSet, Task

__all__ = ["Clock", "Pending", "Visit", "time_now"]


class Visit(Editing, Deciding, Changing, Storing):
    """One session of one person; :meth:`begin` or :meth:`resume` makes it.

    Parameters
    ----------
    clinic : Clinic
        Open for as long as this is used.
    person : Person
    session : StoredSession
        Attended, and not ended.
    by : str
        The clinician.
    clock : callable
    """

    def __init__(
        self,
        clinic: Clinic,
        person: Person,
        session: StoredSession,
        by: str,
        clock: Clock = time_now,
    ) -> None:
        super().__init__(clinic, person, session, by, clock)
        self._skipped: dict[str, list[SetDone]] = {}
        self._began_at: datetime | None = None
        self._recording = ""
        self._listening = False
        self._watch = SensorWatch()
        self._collector = SetCollector(self._watch)

    @classmethod
    def begin(
        cls,
        clinic: Clinic,
        person: Person,
        by: str,
        *,
        clock: Clock = time_now,
        body_mass_kg: float | None = None,
    ) -> Visit:
        """Begin a session; one of the same day that was left open goes on instead.

        Parameters
        ----------
        clinic : Clinic
        person : Person
        by : str
            The clinician.
        clock : callable
        body_mass_kg : float, optional

        Raises
        ------
        ClinicError
            If the store cannot be written, or a session of another day was left open.
        """
        now = clock()
        for left in clinic.sessions.open_ones():
            if left.person_id == person.id and left.day == now.date():
                return cls(clinic, person, left, by, clock)
        session = clinic.sessions.begin(person.id, now, by, body_mass_kg=body_mass_kg)
        return cls(clinic, person, session, by, clock)

    @classmethod
    def resume(
        cls, clinic: Clinic, session: StoredSession, by: str, clock: Clock = time_now
    ) -> Visit:
        """Go on with a session that was left open, e.g. because the program was killed."""
        return cls(clinic, clinic.people.get(session.person_id), session, by, clock)

    # -- what is to be done ---------------------------------------------------------------------

    @property
    def current(self) -> str | None:
        """Key of the exercise that a set belongs to; ``None`` if nothing may be done."""
        return self._current

    def choose(self, exercise: str) -> None:
        """Do another exercise from here on; a set that is going on stays what it is.

        Raises
        ------
        ValueError
            If the exercise is not done today; the sentence says why.
        """
        wanted = self.prescription(exercise)
        if wanted.blocked:
            raise ValueError(wanted.blocked)
        self._move_to(exercise)

    def _move_to(self, exercise: str | None) -> None:
        if exercise != self._current:
            self._collector.leave()
        super()._move_to(exercise)

    def next(self, exercise: str | None = None) -> PrescribedSet | None:
        """The next set of an exercise, or of the current one; ``None`` if nothing is prescribed."""
        key = exercise or self._current
        if key is None:
            return None
        return next_set(
            self.prescription(key),
            self._done(key),
            skipped=self._skipped.get(key, ()),
            loads_kg=self._loads.get(key),
            rack=self.plan.rack,
        )

    def set_load(self, load_kg: float) -> None:
        """Say what is really on the bar for the next sets of this kind; nothing else changes."""
        planned = self.next()
        if planned is not None and self._current is not None:
            self._loads.setdefault(self._current, {})[planned.kind] = load_kg

    def skip(self) -> None:
        """Leave out the next set of the current exercise, e.g. a warm-up."""
        planned = self.next()
        if planned is not None and self._current is not None:
            left_out = SetDone(planned.kind, planned.number)
            self._skipped.setdefault(self._current, []).append(left_out)

    def _done(self, exercise: str) -> list[SetDone]:
        stored = [SetDone(s.new.kind, s.new.number) for s in self.sets(exercise)]
        unsaved = [SetDone(n.kind, n.number) for n in self._unsaved if n.exercise == exercise]
        waiting = [
            SetDone(t.planned.kind, t.planned.number)
            for t in self._collector.waiting
            if t.exercise == exercise
        ]
        return stored + unsaved + waiting

    def _task(self) -> Task | None:
        planned = self.next()
        if planned is None or self._current is None:
            return None
        wanted = self.prescription(self._current)
        return Task(self._current, wanted.kind, wanted.measured_as, planned, wanted.rung)

    # -- what a station tells -------------------------------------------------------------------

    def listen(self, mode: Mode, began_at: datetime | None = None) -> None:
        """A station begins to tell; a replay is never listened to.

        Parameters
        ----------
        mode : Mode
        began_at : datetime, optional
            When its session time was 0, aware of its zone; by default now.
        """
        self._watch = SensorWatch()
        self._collector = SetCollector(self._watch)
        self._began_at = began_at or self._clock()
        self._recording = ""
        self._listening = mode is not Mode.REPLAY

    @property
    def listening(self) -> bool:
        """Whether what a station tells is put into the store."""
        return self._listening

    def take(self, update: StationUpdate) -> tuple[StoredSet, ...]:
        """Take anything that a station tells; sets that were stored by it."""
        if not self._listening:
            return ()
        if isinstance(update, StationReset):  # a live station never goes back
            self._listening = False
            return ()
        if isinstance(update, StationStatus):
            return self._take_status(update)
        self._watch.take_steps(update.spine)
        stored = self.apply(update.events)
        if len(update.spine):
            told_s = float(update.spine.time_s[-1])
            stored += self._keep(self._collector.ready(-math.inf, told_s))
        return stored

    def apply(self, events: Iterable[Event]) -> tuple[StoredSet, ...]:
        """Take events of the station; sets that were stored by them."""
        if not self._listening:
            return ()
        stored: list[StoredSet] = []
        # Within one call the order of two sensors' events hangs on how far both had come.
        for event in sorted(events, key=lambda e: e.at_s):
            self._watch.take(event)
            self._collector.before(event)
            self._collector.take(event, self._task())
            stored += self._keep(self._collector.ready(event.at_s))
        return tuple(stored)

    def _take_status(self, status: StationStatus) -> tuple[StoredSet, ...]:
        if status.mode is Mode.REPLAY:
            self._listening = False
            return ()
        self._watch.take_status(status)
        if status.recording_to and self._may_try:
            self._note_recording(PurePath(status.recording_to).name)
        if self._unsaved and self._may_try:
            self.save()
        self._collector.tick(status.now_s)
        return self._keep(self._collector.ready(status.now_s))

    def stop_listening(self) -> tuple[StoredSet, ...]:
        """The station was closed; a set that was going on is stored as far as it is known."""
        if not self._listening:
            return ()
        self._listening = False
        self._collector.close()
        return self._keep(self._collector.ready(math.inf))

    @property
    def open_set(self) -> tuple[Task, int] | None:
        """What is being done at this moment, and how many repetitions or landings so far."""
        task = self._collector.open_task
        return None if task is None else (task, self._collector.open_count)

    def close_set(self) -> None:
        """End the set by hand; it is stored when all that belongs to it has been told."""
        self._collector.close()

    # -- what was done --------------------------------------------------------------------------

    def unwatched(self, set_id: int) -> str:
        """Why technique was not watched in a set; empty if it was, or nobody wrote it down."""
        of = {stored.id: stored.new for stored in self._sets}
        return (of[set_id].unwatched or "") if set_id in of else ""

    def _keep(self, closed: Sequence[ClosedSet]) -> tuple[StoredSet, ...]:
        stored: list[StoredSet] = []
        for each in closed:
            new = measured_set(
                each,
                self._free_number(each.task.exercise, each.task.planned),
                began=self._began_at or self._clock(),
                ceiling_bw=self.ceiling_bw,
                recording=self._recording,
            )
            stored += self._store(new)
        return tuple(stored)

    def _free_number(self, exercise: str, planned: PrescribedSet) -> int:
        taken = [d.number for d in self._done(exercise) if d.kind is planned.kind]
        return max(taken) + 1 if planned.number in taken else planned.number

    @property
    def ceiling_bw(self) -> float:
        """Ceiling of a landing for this person, in body weights."""
        own = self.plan.limits.landing_high_bw
        return ImpactBand().high_bw if own is None else own

    def _note_recording(self, name: str) -> None:
        if name == self._recording:
            return
        if self._store_recording(name, self._began_at or self._clock()):
            self._recording = name

    # -- what the clinician says of it ----------------------------------------------------------

    def add_set(self, repetitions: int | None, *, at: datetime | None = None) -> StoredSet:
        """Put the next set of the current exercise into the store, counted by hand.

        Parameters
        ----------
        repetitions : int or None
            Or landings; ``None``: it was done, and nobody counted.
        at : datetime, optional
            When it ended; by default now.

        Raises
        ------
        ValueError
            If nothing may be done.
        ClinicError
            If the store cannot be written.
        """
        task = self._task()
        if task is None:
            raise ValueError("Nothing is prescribed today: choose an exercise first.")
        new = set_by_hand(
            task,
            self._free_number(task.exercise, task.planned),
            repetitions,
            at=at or self._clock(),
            ceiling_bw=self.ceiling_bw,
        )
        stored = self._clinic.sessions.add_set(self.session.id, new, self.by)
        self._look_again()
        return stored

    def today(self) -> Today:
        """The day as a list to be read at a glance."""
        planned, task = self.next(), self._collector.open_task
        stops = {
            p.proposal.exercise for p in self.urgent() if p.proposal.action is Action.STOP_AND_REFER
        }
        shown = task.planned if task is not None else planned
        current = None if self._current is None else self.prescription(self._current)
        kinds = () if current is None else current.sets
        return Today(
            pseudonym=self.person.pseudonym,
            items=tuple(
                replace(
                    item_of(p, self.sets(p.exercise), current=p.exercise == self._current),
                    stop=p.exercise in stops,
                )
                for p in self.prescriptions
            ),
            last_sets=tuple(last_set(s) for s in self._sets),
            next=shown,
            of=sum(1 for s in kinds if shown is not None and s.kind is shown.kind),
            open_count=None if task is None else self._collector.open_count,
            attended=len({*attended_days(self.before), self.day}),
            planned=self.plan.sessions,
            week=week(self.before, self.day),
            trouble=self.trouble,
            notes=() if current is None else current.notes,
        )

    # -- what is proposed and decided -----------------------------------------------------------

    def end(self, note: str = "") -> StoredSession:
        """End the session; what is undecided stays as it was before.

        One that is over already is not ended again; only its note may be another.

        Raises
        ------
        ClinicError
            If a set or the end cannot be stored; the session goes on.
        """
        self.stop_listening()
        self.save()
        if self._unsaved:
            raise ClinicError(self.trouble)
        self._keep_tests()
        if self.over:
            if note.strip():
                self.session = self._clinic.sessions.note(self.session.id, note, self.by)
            return self.session
        # A clock that was ahead and was put right must not keep a session open.
        now = max(self._clock(), self.session.started_at or self._clock())
        self._clinic.sessions.end(self.session.id, now, self.by, note)
        self.session = self._clinic.sessions.get(self.session.id)
        return self.session
