"""A session in progress: what is prescribed, what was done, what is decided. No Qt.

It listens to a live station and puts every set into the store when it ends; what a call
returns is stored. Whatever cannot be stored at once is kept, told in :attr:`Visit.trouble`
and tried again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath
from typing import Final

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.set_record import record_of
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import (
    NewSet,
    Person,
    StoredAdverseEvent,
    StoredSession,
    StoredSet,
)
from lift_monitor.events import Confidence, Event
from lift_monitor.programme.decide import decision_from
from lift_monitor.programme.maximum_tests import maxima_of_tests
from lift_monitor.programme.plan import Phase, Plan
from lift_monitor.programme.prescribe import attended, today, week
from lift_monitor.programme.prescription import PrescribedSet, Prescription
from lift_monitor.programme.progression import before_session, propose, propose_all
from lift_monitor.programme.proposal import Action, Proposal
from lift_monitor.programme.record import Decision, EventGrade, History, Maximum, SetKind, Verdict
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.station_words import Mode, StationReset, StationStatus, StationUpdate
from lift_monitor.visit.agenda import SetDone, next_set
from lift_monitor.visit.collector import SetCollector
from lift_monitor.visit.past import decided, without_session
from lift_monitor.visit.rest import Rest, rest
from lift_monitor.visit.today import Today, item_of, last_set
from lift_monitor.visit.watch import SensorWatch
from lift_monitor.visit.words import ClosedSet, Task

_CAREFUL: Final = (Action.STOP_AND_REFER, Action.REFAMILIARISE)
Clock = Callable[[], datetime]
"""Tells the time, aware of its zone."""


def time_now() -> datetime:
    """The time of this computer, in its zone: a session's day is the one that people live by."""
    return datetime.now(UTC).astimezone()


@dataclass(frozen=True, slots=True)
class Pending:
    """A proposal of today, and what was decided on it."""

    proposal: Proposal
    name: str
    """Of the exercise."""
    decision: Decision | None
    """``None``: nothing is decided, and what stood before stands."""

    @property
    def outdated(self) -> bool:
        """The facts have changed since it was decided, and the proposal with them."""
        return self.decision is not None and self.decision.action != self.proposal.action


class Visit:
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
        self._clinic, self._clock = clinic, clock
        self.person, self.session, self.by = person, session, by
        history = clinic.history(person.id)
        self.plan: Plan = history.plan
        self.before: History = without_session(history, session.key)
        """What was known when the session began, and what was decided before it was lifted."""
        self.prescriptions: tuple[Prescription, ...] = today(self.before, session.day)
        self._proposals: tuple[Pending, ...] | None = None
        self._pressing: set[str] = set()
        self.trouble = ""
        """Why something is not stored yet, one sentence; empty if everything is."""
        self._unsaved: list[NewSet] = []
        self._unwatched: dict[int, str] = {}
        self._skipped: dict[str, list[SetDone]] = {}
        self._loads: dict[str, dict[SetKind, float]] = {}
        self._sets: tuple[StoredSet, ...] = clinic.sessions.sets(session.id)
        self._began_at: datetime | None = None
        self._recording = ""
        self._listening = False
        self._watch = SensorWatch()
        self._collector = SetCollector(self._watch)
        self._current = self._where_to_go_on()

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

    def _where_to_go_on(self) -> str | None:
        """The exercise of the last set, else the first that may be done."""
        if self._sets:
            return self._sets[-1].new.exercise
        return next((p.exercise for p in self.prescriptions if not p.blocked), None)

    # -- what is to be done ---------------------------------------------------------------------

    @property
    def day(self) -> date:
        """Day of the session."""
        return self.session.day

    @property
    def current(self) -> str | None:
        """Key of the exercise that a set belongs to; ``None`` if nothing may be done."""
        return self._current

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
        if exercise != self._current:
            self._collector.leave()
            self._current = exercise

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
        if status.recording_to:
            self._note_recording(PurePath(status.recording_to).name)
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

    def sets(self, exercise: str | None = None) -> tuple[StoredSet, ...]:
        """The sets of this session that count, oldest first; of one exercise if it is given."""
        return tuple(s for s in self._sets if exercise is None or s.new.exercise == exercise)

    @property
    def unsaved(self) -> int:
        """Sets that could not be stored yet; see :attr:`trouble`."""
        return len(self._unsaved)

    def unwatched(self, set_id: int) -> str:
        """Why technique was not watched in a set of this run; empty if it was or is not known."""
        return self._unwatched.get(set_id, "")

    def save(self) -> tuple[StoredSet, ...]:
        """Try again to store what could not be stored; what could be now."""
        stored: list[StoredSet] = []
        while self._unsaved:
            try:
                stored.append(
                    self._clinic.sessions.add_set(self.session.id, self._unsaved[0], self.by)
                )
            except ClinicError as error:
                self.trouble = str(error)
                break
            self._unsaved.pop(0)
            self.trouble = ""
        if stored:
            self._look_again()
        return tuple(stored)

    def _keep(self, closed: Sequence[ClosedSet]) -> tuple[StoredSet, ...]:
        stored: list[StoredSet] = []
        for each in closed:
            self._unsaved.append(self._new_set(each))
            saved = self.save()
            if saved and each.unwatched:
                self._unwatched[saved[-1].id] = each.unwatched
            stored += saved
        return tuple(stored)

    def _new_set(self, closed: ClosedSet) -> NewSet:
        task, planned = closed.task, closed.task.planned
        began = self._began_at or self._clock()
        return NewSet(
            exercise=task.exercise,
            kind=planned.kind,
            number=self._free_number(task.exercise, planned),
            load_kg=planned.load_kg,
            target_repetitions=planned.repetitions,
            at=began + timedelta(seconds=closed.end_s),
            measured=closed.measured,
            flags=closed.flags,
            landings=closed.landings,
            watched=not closed.unwatched,
            rung=task.rung,
            ceiling_bw=self.ceiling_bw if task.is_impact else None,
            recording=self._recording,
            confidence=closed.confidence,
            reasons=closed.reasons,
        )

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
        exercise = self._current or ""
        at = self._began_at or self._clock()
        try:
            self._clinic.sessions.add_recording(self.session.id, name, exercise, at, self.by)
        except ClinicError as error:  # tried again with the next status
            self.trouble = str(error)
            return
        self._recording = name

    def _look_again(self) -> None:
        self._sets = self._clinic.sessions.sets(self.session.id)
        self._proposals = None

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
        new = NewSet(
            exercise=task.exercise,
            kind=task.planned.kind,
            number=self._free_number(task.exercise, task.planned),
            load_kg=task.planned.load_kg,
            target_repetitions=task.planned.repetitions,
            at=at or self._clock(),
            rung=task.rung,
            ceiling_bw=self.ceiling_bw if task.is_impact else None,
            counted_by_hand=repetitions,
            confidence=Confidence.HIGH if repetitions is not None else Confidence.LOW,
            reasons=() if repetitions is not None else ("nobody counted the repetitions",),
        )
        stored = self._clinic.sessions.add_set(self.session.id, new, self.by)
        self._look_again()
        return stored

    def rate(self, set_id: int, **ratings: object) -> StoredSet:
        """Say one thing or more of a set, e.g. ``rate(7, rpe=14)``; the others stay.

        Parameters
        ----------
        set_id : int
        **ratings
            Fields of :class:`~lift_monitor.clinic.words.Ratings`.
        """
        wanted = replace(self._set(set_id).ratings, **ratings)  # type: ignore[arg-type]
        return self._changed(self._clinic.sessions.rate(set_id, wanted, self.by))

    def count(self, set_id: int, repetitions: int) -> StoredSet:
        """Say how many repetitions count: the last ones are taken out, or some are added."""
        found = self._set(set_id)
        counted = found.counted or 0
        reason = "counted by hand"
        for _ in range(repetitions - counted):
            found = self._clinic.sessions.add_repetition(set_id, self.by, reason)
        counting = [r for r in found.repetitions if r.counts]
        for rep in reversed(counting[len(counting) - max(0, counted - repetitions) :]):
            self._clinic.sessions.remove_repetition(rep.id, self.by, reason)
        return self._changed(found)

    def take_out(self, repetition_id: int, reason: str = "") -> None:
        """A repetition shall not count; its values stay."""
        self._clinic.sessions.remove_repetition(repetition_id, self.by, reason)
        self._look_again()

    def put_back(self, repetition_id: int) -> None:
        """A repetition that was taken out counts again."""
        self._clinic.sessions.restore_repetition(repetition_id, self.by)
        self._look_again()

    def add_repetition(self, set_id: int, reason: str = "") -> None:
        """One more repetition counts than was measured; of impacts, one more landing."""
        found = self._set(set_id)
        if found.counted is None and found.new.landings:
            # What is counted by hand stands in the place of what was measured.
            self.count(set_id, len(found.new.landings) + 1)
            return
        self._clinic.sessions.add_repetition(set_id, self.by, reason)
        self._look_again()

    def undo(self, set_id: int) -> None:
        """Take back the last edit of a set."""
        self._clinic.sessions.undo(set_id, self.by)
        self._look_again()

    def correct_load(self, set_id: int, load_kg: float) -> None:
        """Another mass was on the bar than the record says."""
        self._clinic.sessions.set_load_of(set_id, load_kg, self.by)
        self._look_again()

    def remove_set(self, set_id: int, reason: str) -> None:
        """A set shall not count, e.g. because nobody lifted; it is kept."""
        self._clinic.sessions.remove_set(set_id, self.by, reason)
        self._look_again()

    def adverse(self, grade: EventGrade, text: str, exercise: str = "") -> StoredAdverseEvent:
        """Note an adverse event."""
        stored = self._clinic.sessions.adverse_event(
            self.person.id, self.session.id, grade, text, exercise, self.day, self.by
        )
        self._proposals = None
        return stored

    def adverse_events(self) -> tuple[StoredAdverseEvent, ...]:
        """Adverse events of this session."""
        found = self._clinic.sessions.adverse_events(self.person.id)
        return tuple(event for event in found if event.session_id == self.session.id)

    def rest(self, now: datetime | None = None) -> Rest | None:
        """The rest since the last set of this session; ``None`` before the first."""
        if not self._sets:
            return None
        last = max(self._sets, key=lambda s: s.new.at)
        planned = self.prescription(last.new.exercise).rest_s
        return rest(last.new.at, now or self._clock(), planned)

    def _set(self, set_id: int) -> StoredSet:
        for found in self._sets:
            if found.id == set_id:
                return found
        raise KeyError(set_id)

    def _changed(self, changed: StoredSet) -> StoredSet:
        self._look_again()
        return next((s for s in self._sets if s.id == changed.id), changed)

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
            attended=attended(self.before) + 1,
            planned=self.plan.sessions,
            week=week(self.before, self.day),
            trouble=self.trouble,
            notes=() if current is None else current.notes,
        )

    # -- what is proposed and decided -----------------------------------------------------------

    def proposals(self) -> tuple[Pending, ...]:
        """What is proposed by the facts of this moment, for every exercise of the plan.

        What was decided in this session does not count as a fact: a proposal that is asked for
        again starts from where it started the first time, so that no step is taken twice.
        """
        if self._proposals is None:
            history = self._clinic.history(self.person.id)
            history = replace(history, maxima=(*history.maxima, *self._tests(history)))
            done = decided(history, self.session.key, self.day)
            found = propose_all(history, self.day, session=self.session.key)
            self._pressing = {p.exercise for p in before_session(history, self.day)}
            self._proposals = tuple(
                Pending(p, self.plan.exercise(p.exercise).name, done.get(p.exercise)) for p in found
            )
        return self._proposals

    def _tests(self, history: History) -> tuple[Maximum, ...]:
        """One-repetition maxima that today's test sets found, and that are not stored yet."""
        found = maxima_of_tests((record_of(s) for s in self._sets), self.day)
        return tuple(maximum for maximum in found if maximum not in history.maxima)

    def _keep_tests(self, exercise: str | None = None) -> None:
        """Store what the test sets found: a measurement, not a decision."""
        if all(s.new.kind is not SetKind.TEST for s in self._sets):
            return
        for maximum in self._tests(self._clinic.history(self.person.id)):
            if exercise is None or maximum.exercise == exercise:
                self._clinic.maxima.add(self.person.id, maximum, self.by)

    def to_decide(self) -> tuple[Pending, ...]:
        """Proposals that concern today: of what was trained, and what asks for care."""
        trained = {s.new.exercise for s in self._sets}
        return tuple(
            p
            for p in self.proposals()
            if p.proposal.exercise in trained or p.proposal.action in _CAREFUL
        )

    def urgent(self) -> tuple[Pending, ...]:
        """Stops and returns from an absence that nobody has decided on: before anything else.

        A stop that a clinician accepted is not asked for again; its exercise is blocked.
        """
        found = self.proposals()
        return tuple(
            p
            for p in found
            if p.proposal.exercise in self._pressing and p.proposal.action in _CAREFUL
        )

    def proposal(self, exercise: str) -> Pending:
        """What is proposed for one exercise.

        Raises
        ------
        KeyError
            If nothing is.
        """
        for pending in self.proposals():
            if pending.proposal.exercise == exercise:
                return pending
        raise KeyError(exercise)

    def decide(
        self,
        proposal: Proposal,
        verdict: Verdict,
        *,
        reason: str = "",
        load_kg: float | None = None,
        rung: int | None = None,
        maximum_kg: float | None = None,
        phase: Phase | None = None,
    ) -> Decision:
        """Accept, change or reject a proposal; from then on the decision stands.

        What is decided on an exercise before it is done today, by what was known before, counts
        for today: its prescription is made anew.

        Raises
        ------
        ValueError
            If a reason is needed and none is given.
        ClinicError
            If the store cannot be written.
        """
        self._keep_tests(proposal.exercise)
        known = propose(self.before, proposal.exercise, self.day).action in _CAREFUL
        first = known and not self.sets(proposal.exercise)
        decision = decision_from(
            proposal,
            verdict,
            self.by,
            self.day,
            0,  # the store counts
            reason=reason,
            session="" if first else self.session.key,
            load_kg=load_kg,
            rung=rung,
            maximum_kg=maximum_kg,
            phase=phase,
        )
        stored = self._clinic.decisions.add(self.person.id, decision, self.by, proposal)
        self._proposals = None
        if first:
            self._prescribe_anew()
        return stored

    def _prescribe_anew(self) -> None:
        history = self._clinic.history(self.person.id)
        self.before = without_session(history, self.session.key)
        self.prescriptions = today(self.before, self.day)
        if self._current is None or self.prescription(self._current).blocked:
            self._current = self._where_to_go_on()

    @property
    def over(self) -> bool:
        """Whether the session was ended before: only decisions are still to be taken."""
        return self.session.ended_at is not None

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
        self._clinic.sessions.end(self.session.id, self._clock(), self.by, note)
        self.session = self._clinic.sessions.get(self.session.id)
        return self.session
