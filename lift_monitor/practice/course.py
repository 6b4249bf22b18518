"""A simulated course: session by session through prescription, store, proposal and decision.

Nothing here decides on loads: what is lifted is what :mod:`lift_monitor.programme.prescribe`
prescribes from the store's history, and what changes is what a simulated clinician decided on a
proposal of :mod:`lift_monitor.programme.progression`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import numpy as np

from lift_monitor.clinic.set_record import record_of
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import StoredSet
from lift_monitor.events import Exercise
from lift_monitor.practice.body import Body
from lift_monitor.practice.clinician import answer
from lift_monitor.practice.gifts import LIFTS
from lift_monitor.practice.maxima import by_speed
from lift_monitor.practice.mishaps import Away, Pain, SuddenBackPain
from lift_monitor.practice.outcomes import outcomes_of
from lift_monitor.practice.people import CLINICIAN, SimulatedPerson
from lift_monitor.practice.training import Training
from lift_monitor.programme.assess import barred, clearance_of
from lift_monitor.programme.clearance import Exclusion, Override
from lift_monitor.programme.decide import decision_from, first_decision
from lift_monitor.programme.maximum_tests import maxima_of_tests
from lift_monitor.programme.plan import ExerciseKind, Phase, Plan
from lift_monitor.programme.prescribe import today
from lift_monitor.programme.prescription import Prescription
from lift_monitor.programme.progression import before_session, propose_all
from lift_monitor.programme.proposal import Action, Proposal
from lift_monitor.programme.record import Decision, EventGrade, History, Verdict
from lift_monitor.programme.standing import Standing, standing

SESSIONS: Final = 70
START: Final = date(2026, 1, 5)
"""A Monday."""
_DAYS: Final = (0, 3)
"""Days of the week on which the sessions are."""
_LINE_EVERY: Final = 12
"""Sessions between two looks at the load-velocity lines."""
_GRAVE: Final = 4
"""Pain, 0-10, from which the simulated clinician writes an adverse event down."""
_SLIPS: Final = 0.06
"""Chance of a session in which a repetition is edited."""
_MEASURED_EVERY: Final = 35
"""Sessions between two measurements of the outcomes."""
_BACK_AFTER_STOP: Final = 0.5
"""Share of the load with which the simulated clinician begins again after a stop."""


class SimulatedClock:
    """Tells the time of the simulated day, so that the records of a course repeat."""

    def __init__(self, day: date = START) -> None:
        self.now = datetime.combine(day, time(8), UTC)

    def __call__(self) -> datetime:
        """The simulated time."""
        return self.now


@dataclass(frozen=True, slots=True)
class CourseDay:
    """One planned session, as it went."""

    number: int
    day: date
    key: str
    attended: bool
    before: History
    """What was known before it."""
    stood: tuple[Standing, ...]
    """With each exercise of the plan, when the bar was loaded."""
    prescriptions: tuple[Prescription, ...]
    sets: tuple[StoredSet, ...]
    proposals: tuple[Proposal, ...]
    """Of before and after it."""
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A person's course."""

    person: SimulatedPerson
    person_id: int
    days: tuple[CourseDay, ...]
    strength_kg: Mapping[Exercise, float]
    """The true maxima at the end, which nobody in the course knows."""

    @property
    def attended(self) -> int:
        """Sessions to which the person came."""
        return sum(day.attended for day in self.days)


@dataclass(slots=True)
class _Running:
    """What a course carries from session to session."""

    clinic: Clinic
    clock: SimulatedClock
    person: SimulatedPerson
    person_id: int
    seed: int
    body: Body
    struck: bool = False
    """The sudden pain has come."""
    waited: dict[str, int] = field(default_factory=dict)
    """Planned sessions since an exercise was stopped."""
    proposals: list[Proposal] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def planned_day(start: date, number: int) -> date:
    """Day of a planned session, counted from 1: two a week."""
    week, which = divmod(number - 1, len(_DAYS))
    return start + timedelta(days=7 * week + _DAYS[which])


def run_course(
    clinic: Clinic,
    clock: SimulatedClock,
    person: SimulatedPerson,
    plan: Plan,
    *,
    start: date = START,
    sessions: int = SESSIONS,
    seed: int = 1,
) -> Course:
    """Put a simulated person into a clinic and take them through their sessions.

    Parameters
    ----------
    clinic : Clinic
        Opened with ``clock`` as its time.
    clock : SimulatedClock
    person : SimulatedPerson
    plan : Plan
    start : date
        Of the first session.
    sessions : int
        How many of the planned sessions are gone through.
    seed : int
        The same seed gives the same course.
    """
    clock.now = datetime.combine(start - timedelta(days=3), time(9), UTC)
    kept = clinic.people.add(person.pseudonym, CLINICIAN, since=start - timedelta(days=3))
    running = _Running(clinic, clock, person, kept.id, seed, Body(person.gift))
    _admit(running, plan, start - timedelta(days=3))
    days: list[CourseDay] = []
    for number in range(1, sessions + 1):
        days.append(_planned(running, number, planned_day(start, number)))
        if number % _MEASURED_EVERY == 0:
            _measure(running, days, last=number == SESSIONS)
    strength = {lift: running.body.maximum_kg(lift) for lift in LIFTS}
    return Course(person, kept.id, tuple(days), strength)


# -- the beginning --------------------------------------------------------------------------------


def _admit(run: _Running, plan: Plan, day: date) -> None:
    person, clinic = run.person, run.clinic
    assessment = person.assessment(day)
    clearance = clearance_of(
        assessment,
        [Override(key, CLINICIAN, reason, day) for key, reason in person.overrides.items()],
        by=CLINICIAN,
        day=day,
        excluded=[Exclusion(key, why, CLINICIAN) for key, why in person.excluded.items()],
    )
    clinic.care.assess(run.person_id, assessment, clearance, CLINICIAN)
    clinic.plans.set(run.person_id, plan, CLINICIAN, "first plan")
    for outcome in outcomes_of(person, day, 0.0, run.seed):
        clinic.outcomes.add(run.person_id, outcome, CLINICIAN)
    history = clinic.history(run.person_id)
    for exercise in plan.exercises:
        if not barred(clearance, exercise):
            decision = first_decision(history, exercise.key, CLINICIAN, day, 0)
            clinic.decisions.add(run.person_id, decision, CLINICIAN)


def _measure(run: _Running, days: list[CourseDay], *, last: bool) -> None:
    day = days[-1].day + timedelta(days=2)
    run.clock.now = datetime.combine(day, time(9), UTC)
    trained = sum(d.attended for d in days) / SESSIONS
    for outcome in outcomes_of(run.person, day, trained, run.seed, last=last):
        run.clinic.outcomes.add(run.person_id, outcome, CLINICIAN)


# -- one planned session --------------------------------------------------------------------------


def _planned(run: _Running, number: int, day: date) -> CourseDay:
    run.proposals, run.decisions = [], []
    run.clock.now = datetime.combine(day, time(8 + run.person.number % 9), UTC)
    rng = np.random.default_rng([run.seed, run.person.number, number])
    history = run.clinic.history(run.person_id)
    history = _set_on_again(run, history, day)
    away = _away(run, number, rng)
    if not away:
        history = _before(run, history, day, rng)
    stood = tuple(standing(history, exercise.key) for exercise in history.plan.exercises)
    prescriptions = today(history, day)
    if not away and all(prescription.blocked for prescription in prescriptions):
        away = "nothing may be done: " + prescriptions[0].blocked
    if away:
        missed = run.clinic.sessions.miss(run.person_id, day, away, CLINICIAN)
        run.body.missed()
        return CourseDay(
            number, day, missed.key, False, history, stood, prescriptions, (),
            tuple(run.proposals), tuple(run.decisions),
        )  # fmt: skip
    key, sets = _train(run, number, prescriptions, rng)
    after = run.clinic.history(run.person_id)
    if number % _LINE_EVERY == 0:
        for maximum in by_speed(after, day):
            run.clinic.maxima.add(run.person_id, maximum, CLINICIAN)
        after = run.clinic.history(run.person_id)
    _decide(run, after, propose_all(after, day), key, rng, {s.new.exercise for s in sets})
    return CourseDay(
        number, day, key, True, history, stood, prescriptions, sets,
        tuple(run.proposals), tuple(run.decisions),
    )  # fmt: skip


def _away(run: _Running, number: int, rng: np.random.Generator) -> str:
    """Why the person does not come; empty if they do."""
    stays = rng.random() >= run.person.gift.attends
    for mishap in run.person.mishaps:
        if isinstance(mishap, Away) and mishap.span.covers(number):
            return mishap.reason
    return "something came up" if stays else ""


def _train(
    run: _Running, number: int, prescriptions: tuple[Prescription, ...], rng: np.random.Generator
) -> tuple[str, tuple[StoredSet, ...]]:
    clinic, person = run.clinic, run.person
    session = clinic.sessions.begin(
        run.person_id, run.clock.now, CLINICIAN, body_mass_kg=person.body_mass_kg
    )
    due = [m for m in person.mishaps if isinstance(m, SuddenBackPain) and number >= m.session]
    training = Training(
        person, run.body, number, run.clock.now, rng,
        sudden=due[0] if due and not run.struck else None,
    )  # fmt: skip
    stored: list[StoredSet] = []
    for prescription in prescriptions:
        if prescription.blocked:
            continue
        for done in training.sets(prescription):
            run.clock.now = done.new.at
            kept = clinic.sessions.add_set(session.id, done.new, CLINICIAN)
            if done.ratings is not None:
                kept = clinic.sessions.rate(kept.id, done.ratings, CLINICIAN)
            stored.append(kept)
    training.finish()
    _look_over(run, number, session.id, stored)
    if training.ended_early and training.sudden is not None:
        run.struck = True
        clinic.sessions.adverse_event(
            run.person_id, session.id, EventGrade.SERIOUS,
            "sudden pain in the middle of the back during a repetition; session ended, referred",
            training.sudden.lift.value, session.day, CLINICIAN,
        )  # fmt: skip
    for maximum in maxima_of_tests(map(record_of, stored), session.day):
        clinic.maxima.add(run.person_id, maximum, CLINICIAN)
    hurting = _begins_to_hurt(run, number)
    if hurting is not None:
        clinic.sessions.adverse_event(
            run.person_id, session.id, EventGrade.MINOR, f"pain: {hurting.where}", "",
            session.day, CLINICIAN,
        )  # fmt: skip
    note = f"complains of the {hurting.where}" if hurting is not None else ""
    clinic.sessions.end(session.id, run.clock.now, CLINICIAN, note)
    return session.key, tuple(stored)


def _begins_to_hurt(run: _Running, number: int) -> Pain | None:
    """The pain that is worth an adverse event and begins in this session."""
    for mishap in run.person.mishaps:
        if isinstance(mishap, Pain) and mishap.span.first == number and mishap.level >= _GRAVE:
            return mishap
    return None


def _look_over(run: _Running, number: int, session_id: int, sets: list[StoredSet]) -> None:
    """Now and then a repetition is taken out by mistake, and put back."""
    rng = np.random.default_rng([run.seed, run.person.number, number, 1])
    counted = [s for s in sets if s.repetitions]
    if not counted or rng.random() >= _SLIPS:
        return
    slip = counted[int(rng.integers(len(counted)))]
    last = slip.repetitions[-1].id
    run.clinic.sessions.remove_repetition(last, CLINICIAN, "looked like the bar being set down")
    run.clinic.sessions.undo(slip.id, CLINICIAN)
    run.clinic.sessions.note(session_id, "one repetition looked at again", CLINICIAN)


# -- decisions ------------------------------------------------------------------------------------


def _decide(
    run: _Running,
    history: History,
    proposals: tuple[Proposal, ...],
    key: str,
    rng: np.random.Generator,
    concerned: set[str],
) -> None:
    """Answer what concerns today: what was trained, and what asks for care."""
    run.proposals.extend(proposals)
    for proposal in proposals:
        careful = proposal.action in (Action.STOP_AND_REFER, Action.REFAMILIARISE)
        if barred(history.clearance, history.plan.exercise(proposal.exercise)):
            continue
        if proposal.exercise not in concerned and not careful:
            continue
        said = answer(proposal, rng)
        decision = decision_from(
            proposal, said.verdict, CLINICIAN, proposal.day, 0,
            reason=said.reason, session=key, load_kg=said.load_kg, rung=said.rung,
        )  # fmt: skip
        run.decisions.append(run.clinic.decisions.add(run.person_id, decision, CLINICIAN, proposal))


def _before(run: _Running, history: History, day: date, rng: np.random.Generator) -> History:
    """Decide what is to be decided before the bar is loaded, e.g. after an absence."""
    found = before_session(history, day)
    if not found:
        return history
    _decide(run, history, found, "", rng, set())
    return run.clinic.history(run.person_id)


def _set_on_again(run: _Running, history: History, day: date) -> History:
    """After a stop and some weeks the clinician begins again, with a reason and with less."""
    changed = False
    for exercise in history.plan.exercises:
        stand = standing(history, exercise.key)
        if not stand.stopped or barred(history.clearance, exercise):
            run.waited.pop(exercise.key, None)
            continue
        run.waited[exercise.key] = run.waited.get(exercise.key, 0) + 1
        if run.waited[exercise.key] <= run.person.comes_back_after:
            continue
        decision = Decision(
            exercise=exercise.key,
            day=day,
            order=0,
            verdict=Verdict.SET,
            by=CLINICIAN,
            phase=Phase.RETURN if exercise.kind is ExerciseKind.LIFT else stand.phase,
            load_kg=None if stand.load_kg is None else stand.load_kg * _BACK_AFTER_STOP,
            rung=None if stand.rung is None else 0,
            maximum_kg=stand.maximum_kg,
            reason="seen by the referring doctor, letter of this week: may begin again lightly",
        )
        run.decisions.append(run.clinic.decisions.add(run.person_id, decision, CLINICIAN))
        run.waited.pop(exercise.key)
        changed = True
    return run.clinic.history(run.person_id) if changed else history
