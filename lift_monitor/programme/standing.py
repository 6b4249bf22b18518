"""What stands for an exercise: the last decision, and what has been done since the beginning.

Only a decision changes phase, load or rung. Sessions are evidence; they never move anything by
themselves, except that a fact that calls for a doctor stops the exercise until a clinician has
decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lift_monitor.programme.decided import decisions_of, releases, since_decision
from lift_monitor.programme.plan import ExerciseKind, Phase, PlanExercise
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import Decision, History, Verdict
from lift_monitor.programme.rules import RULES, ProgressionRules
from lift_monitor.programme.stops import stop_facts
from lift_monitor.programme.work import Work, by_day, works


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands with one exercise.

    Attributes
    ----------
    exercise
        Key of the plan's exercise.
    phase, load_kg, rung, maximum_kg
        As last decided; at the beginning what the plan begins with.
    since
        Day of the decision from which this load, rung and phase stand; ``None`` before the first.
    learned_sessions
        Days with an attended session with sets of the exercise.
    clean_in_a_row
        Of those, the last ones that were watched throughout and had no red flag, as far back as no
        absence lies between them.
    clean_if_last
        The same if the last one had been so too.
    last_trained
        Day of the last one in which a repetition was done.
    working_phase
        The phase, or while a re-test is due, the one that it interrupts.
    stopped
        Why nothing is to be done until a clinician has decided, in one sentence; else empty.
    """

    exercise: str
    phase: Phase
    load_kg: float | None
    rung: int | None
    maximum_kg: float | None
    since: date | None
    learned_sessions: int
    clean_in_a_row: int
    last_trained: date | None
    working_phase: Phase
    stopped: str = ""
    clean_if_last: int = 0


def standing(history: History, exercise: str, rules: ProgressionRules = RULES) -> Standing:
    """Fold decisions and sessions; the order in which they are given never matters.

    Parameters
    ----------
    history
        Of the person.
    exercise
        Key of an exercise of the person's plan.
    rules
        By which exercises are stopped.

    Raises
    ------
    KeyError
        If the plan has no such exercise.
    """
    planned = history.plan.exercise(exercise)
    decided = decisions_of(history, exercise)
    last = decided[-1] if decided else None
    set_by = since_decision(decided)
    done = [work for work in works(history, exercise) if work.attended]
    trained = [work for work in done if work.trained]
    days = by_day(history, done)
    phase = last.phase if last else first_phase(planned)
    return Standing(
        exercise=exercise,
        phase=phase,
        load_kg=last.load_kg if last else first_load(planned),
        rung=last.rung if last else (0 if planned.ladder else None),
        maximum_kg=last.maximum_kg if last else None,
        since=set_by.day if set_by else None,
        learned_sessions=len(days),
        clean_in_a_row=_clean_in_a_row(days, rules),
        clean_if_last=_clean_in_a_row(days, rules, but_last=True),
        last_trained=trained[-1].day if trained else None,
        working_phase=_working_phase(decided, planned),
        stopped=_stopped(history, exercise, decided, rules),
    )


def _clean_in_a_row(
    days: tuple[Work, ...], rules: ProgressionRules, *, but_last: bool = False
) -> int:
    clean = 0
    after: Work | None = None
    for work in reversed(days):
        if after is not None and (after.day - work.day).days >= rules.away_days.value:
            break  # what was learnt before an absence has to be shown anew
        after = work
        if work.tested and not work.working and work.red == 0:
            continue  # a test alone says nothing of how working sets are done
        if not work.clean and not (but_last and not clean):
            break
        clean += 1
    return clean


def dose(planned: PlanExercise, phase: Phase, rung: int | None = None) -> tuple[int, int]:
    """Working sets and repetitions in each that a phase asks for."""
    if planned.ladder and rung is not None:
        step = planned.ladder[min(max(rung, 0), len(planned.ladder) - 1)]
        return step.sets, step.repetitions
    if planned.learning is not None and phase is Phase.FAMILIARISATION:
        return planned.learning.sets, planned.learning.repetitions
    return planned.sets, planned.repetitions


def first_phase(planned: PlanExercise) -> Phase:
    """The phase in which an exercise begins."""
    if planned.kind is ExerciseKind.IMPACT:
        return Phase.IMPACT
    if planned.kind is ExerciseKind.LIFT and planned.learning is not None:
        return Phase.FAMILIARISATION
    return Phase.TRAINING


def first_load(planned: PlanExercise) -> float | None:
    """Mass on the bar with which an exercise begins; ``None`` for what is not loaded."""
    if planned.kind is not ExerciseKind.LIFT or planned.learning is None:
        return None
    return planned.learning.first_load_kg


def _working_phase(decided: tuple[Decision, ...], planned: PlanExercise) -> Phase:
    for decision in reversed(decided):
        if decision.phase is not Phase.RETEST:
            return decision.phase
    return first_phase(planned)


def _stopped(
    history: History, exercise: str, decided: tuple[Decision, ...], rules: ProgressionRules
) -> str:
    facts = stop_facts(history, exercise, rules)
    if facts:
        return facts[-1].sentence
    for decision in reversed(decided):
        if releases(decision):
            return ""
        if decision.verdict is Verdict.ACCEPTED and decision.action == Action.STOP_AND_REFER:
            return "Stopped by a clinician, until one decides with a reason how to go on."
    return ""
