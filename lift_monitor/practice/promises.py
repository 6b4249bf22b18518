"""What a course must keep, looked up in its own record; every breach is one sentence.

The programme promises that loads rise by one step at most, never after a red flag, never on
missing data, and that nothing changes without a decision. These are written anew here, from what
was lifted and decided, without a look at how the rules of progression are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lift_monitor.clinic.set_record import record_of
from lift_monitor.clinic.words import StoredSet
from lift_monitor.events import Confidence
from lift_monitor.practice.course import Course, CourseDay
from lift_monitor.programme.assess import barred
from lift_monitor.programme.plan import ExerciseKind, Phase, Plan, PlanExercise
from lift_monitor.programme.plates import load_bar, loadable
from lift_monitor.programme.proposal import Action, Proposal
from lift_monitor.programme.record import Decision, SetKind, SetRecord, Verdict
from lift_monitor.programme.standing import Standing

_GRAM: Final = 0.001


@dataclass(frozen=True, slots=True)
class Done:
    """What was done of one exercise in one session."""

    day: CourseDay
    stood: Standing
    sets: tuple[SetRecord, ...]

    @property
    def working(self) -> tuple[SetRecord, ...]:
        """Working sets."""
        return tuple(done for done in self.sets if done.kind is SetKind.WORKING)

    @property
    def top_kg(self) -> float:
        """Heaviest working load; 0 without a bar."""
        return max((done.load_kg or 0.0 for done in self.working), default=0.0)

    @property
    def rung(self) -> int:
        """Highest rung of impacts."""
        return max((done.rung or 0 for done in self.working), default=0)

    @property
    def red(self) -> int:
        """Repetitions with a red flag."""
        return sum(done.red_repetitions or 0 for done in self.sets)

    def missing(self) -> str:
        """What a rise would need to know of these sets and nobody does; empty if all is known."""
        if any(done.repetitions is None for done in self.working):
            return "nobody counted the repetitions"
        if any(done.confidence is not Confidence.HIGH for done in self.working):
            return "the data are of low confidence"
        if self._last.pain is None:
            return "nobody asked for pain"
        return ""

    def missing_of_lift(self) -> str:
        """The same for a lift, of which more has to be known."""
        if any(done.red_repetitions is None for done in self.working):
            return "nobody watched the technique"
        if self._last.rpe is None:
            return "nobody said how hard it was"
        if self.stood.phase is Phase.TRAINING and any(
            done.velocity_loss_pct is None for done in self.working
        ):
            return "the velocity loss is not known"
        return self.missing()

    def missing_of_impacts(self, harder: bool) -> str:
        """The same for impacts; before harder ones the landings must have been measured."""
        if harder and any(done.over_ceiling is None for done in self.working):
            return "the landings were not measured"
        return self.missing()

    @property
    def _last(self) -> SetRecord:
        return max(self.working, key=lambda done: done.number)


def broken(course: Course, plan: Plan) -> list[str]:
    """Every promise that a course did not keep, one sentence each."""
    found: list[str] = []
    for exercise in plan.exercises:
        done = tuple(_done(course, exercise.key))
        if exercise.kind is ExerciseKind.LIFT:
            found += _rises(done, exercise)
            found += _within_band(done, exercise, plan)
        if exercise.kind is ExerciseKind.IMPACT:
            found += _rungs(done, exercise)
        found += _as_decided(course, exercise, plan)
        found += _stopped(course, exercise.key)
    found += _barred(course, plan)
    for day in course.days:
        found += (f"{_at(day, p.exercise)}: {why}" for p in day.proposals for why in lacking(p))
    return [f"{course.person.pseudonym}, {sentence}" for sentence in found]


def lacking(proposal: Proposal) -> Iterator[str]:
    """What a proposal does not tell, though a clinician needs it."""
    if not proposal.facts:
        yield "a proposal without facts"
    if any(not fact.name.strip() or not fact.value.strip() for fact in proposal.facts):
        yield "a fact without a name or a value"
    if not all(part.strip() for part in (proposal.rule.key, proposal.rule.text)):
        yield "a proposal without its rule"
    if not proposal.rule.source.strip():
        yield "a rule without its source"
    if not proposal.would_change or not all(s.strip() for s in proposal.would_change):
        yield "a proposal that does not say what would have changed it"
    if not proposal.headline.strip() or "\n" in proposal.headline:
        yield "a proposal without a headline of one line"
    if not proposal.rules_version.strip():
        yield "a proposal without the version of its rules"
    if proposal.confidence is not Confidence.HIGH and not proposal.confidence_reasons:
        yield "a low confidence without a reason"


def working_days(course: Course, exercise: str) -> tuple[Done, ...]:
    """The sessions in which an exercise was done."""
    return tuple(_done(course, exercise))


# -- loads ----------------------------------------------------------------------------------------


def _rises(done: tuple[Done, ...], exercise: PlanExercise) -> Iterator[str]:
    for before, after in pairwise(d for d in done if d.working):
        rise = after.top_kg - before.top_kg
        if rise <= _GRAM:
            continue
        what = f"{_at(after.day, exercise.key)}: {before.top_kg:g} -> {after.top_kg:g} kg"
        step = _step(before.stood.working_phase, exercise)
        if rise > step + _GRAM:
            yield f"{what}, more than one step of {step:g} kg"
        if before.red:
            yield f"{what} after {before.red} repetitions with a red flag"
        if missing := before.missing_of_lift():
            yield f"{what} although {missing}"


def _rungs(done: tuple[Done, ...], exercise: PlanExercise) -> Iterator[str]:
    for before, after in pairwise(d for d in done if d.working):
        rise = after.rung - before.rung
        if rise <= 0:
            continue
        what = f"{_at(after.day, exercise.key)}: rung {before.rung} -> {after.rung}"
        if rise > 1:
            yield f"{what}, more than one rung"
        if before.red:
            yield f"{what} after {before.red} repetitions with a red flag"
        old, new = exercise.ladder[before.rung], exercise.ladder[after.rung]
        harder = (old.measured_as, old.height_cm) != (new.measured_as, new.height_cm)
        if missing := before.missing_of_impacts(harder):
            yield f"{what} although {missing}"


def _within_band(done: tuple[Done, ...], exercise: PlanExercise, plan: Plan) -> Iterator[str]:
    if exercise.band is None:
        return
    masses = loadable(plan.rack)
    for one in done:
        stood, clearance = one.stood, one.day.before.clearance
        if stood.phase is not Phase.TRAINING or not one.working:
            continue
        at = _at(one.day, exercise.key)
        if stood.maximum_kg is None:
            yield f"{at}: trained without an accepted maximum"
            continue
        high = exercise.band.high_pct
        low = exercise.band.low_pct
        if clearance is not None and clearance.cap_pct is not None:
            high, low = min(high, clearance.cap_pct), 0.0
        if one.top_kg > high / 100.0 * stood.maximum_kg + _GRAM:
            yield f"{at}: {one.top_kg:g} kg is above {high:g} % of {stood.maximum_kg:g} kg"
        heavier = next((kg for kg in masses if kg > one.top_kg + _GRAM), None)
        if heavier is not None and heavier < low / 100.0 * stood.maximum_kg - _GRAM:
            yield (
                f"{at}: {one.top_kg:g} kg is more than a plate step below {low:g} % "
                f"of {stood.maximum_kg:g} kg"
            )


def _step(phase: Phase, exercise: PlanExercise) -> float:
    if phase is Phase.FAMILIARISATION and exercise.learning is not None:
        return exercise.learning.step_kg
    return exercise.step_kg


# -- decisions ------------------------------------------------------------------------------------


def _as_decided(course: Course, exercise: PlanExercise, plan: Plan) -> Iterator[str]:
    """Nothing but a decision changes what is lifted."""
    for one in _done(course, exercise.key):
        decided = _last_decision(one.day.before.decisions, exercise.key)
        if decided is None:
            yield f"{_at(one.day, exercise.key)}: done without a decision"
            continue
        if exercise.kind is ExerciseKind.IMPACT and one.rung > (decided.rung or 0):
            yield f"{_at(one.day, exercise.key)}: a rung above the one that was decided"
        if exercise.kind is ExerciseKind.LIFT and one.working:
            bar = load_bar(decided.load_kg or 0.0, plan.rack)
            most = bar.total_kg if bar is not None else 0.0
            if one.top_kg > most + _GRAM:
                yield (
                    f"{_at(one.day, exercise.key)}: {one.top_kg:g} kg, "
                    f"though {most:g} kg was decided"
                )


def _stopped(course: Course, exercise: str) -> Iterator[str]:
    """After a stop nothing is done until a clinician says so, with a reason."""
    stopped = False
    for day in course.days:
        for decision in day.decisions:
            if decision.exercise != exercise:
                continue
            if decision.verdict in (Verdict.SET, Verdict.CHANGED) and decision.reason:
                stopped = False
        if stopped and _sets_of(day, exercise):
            yield f"{_at(day, exercise)}: done although it was stopped"
        stopped = stopped or any(
            p.exercise == exercise and p.action is Action.STOP_AND_REFER for p in day.proposals
        )


def _barred(course: Course, plan: Plan) -> Iterator[str]:
    for day in course.days:
        for exercise in plan.exercises:
            if barred(day.before.clearance, exercise) and _sets_of(day, exercise.key):
                yield f"{_at(day, exercise.key)}: done although it is barred"


def _last_decision(decisions: tuple[Decision, ...], exercise: str) -> Decision | None:
    kept = [d for d in decisions if d.exercise == exercise and d.verdict is not Verdict.REJECTED]
    return max(kept, key=lambda d: d.order, default=None)


# -- the record -----------------------------------------------------------------------------------


def _done(course: Course, exercise: str) -> Iterator[Done]:
    for day in course.days:
        sets = _sets_of(day, exercise)
        if sets:
            stood = next(s for s in day.stood if s.exercise == exercise)
            yield Done(day, stood, tuple(record_of(stored) for stored in sets))


def _sets_of(day: CourseDay, exercise: str) -> tuple[StoredSet, ...]:
    return tuple(stored for stored in day.sets if stored.new.exercise == exercise)


def _at(day: CourseDay, exercise: str) -> str:
    return f"session {day.number}, {exercise}"
