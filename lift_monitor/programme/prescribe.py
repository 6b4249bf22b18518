"""Today's prescription: what stands, within what the clearance allows, on the plates there are."""

from __future__ import annotations

from datetime import date

from lift_monitor.programme.absence import absence
from lift_monitor.programme.assess import barred
from lift_monitor.programme.clearance import Clearance
from lift_monitor.programme.plan import ExerciseKind, Phase, PlanExercise
from lift_monitor.programme.prescribe_lift import LiftDose, lift_dose
from lift_monitor.programme.prescription import PrescribedSet, Prescription
from lift_monitor.programme.record import History, SetKind
from lift_monitor.programme.rules import RULES
from lift_monitor.programme.standing import Standing, standing
from lift_monitor.programme.work import sessions_of


def prescribe(history: History, exercise: str, day: date) -> Prescription:
    """What is to be done of one exercise today.

    Parameters
    ----------
    history
        Of the person.
    exercise
        Key of an exercise of the person's plan.
    day
        Today.

    Raises
    ------
    KeyError
        If the plan has no such exercise.
    """
    planned = history.plan.exercise(exercise)
    stand = standing(history, exercise)
    clearance = history.clearance
    blocked = barred(clearance, planned)
    if not blocked and stand.stopped:
        blocked = f"{planned.name} is stopped: {stand.stopped}"
    if not blocked and planned.kind is not ExerciseKind.FREE:
        # What stood before an absence is not what should be lifted after it.
        away = absence(history, exercise, day, RULES)
        if away.open:
            blocked = (
                f"{planned.name} was last done {away.days} days ago: "
                "decide on the return before loading."
            )
    if blocked or clearance is None:
        return _prescription(planned, stand, LiftDose(blocked=blocked))
    if planned.kind is ExerciseKind.LIFT:
        return _prescription(
            planned,
            stand,
            lift_dose(history, planned, stand, clearance, day),
            _variant(history, planned, stand, clearance),
        )
    if planned.kind is ExerciseKind.IMPACT:
        return _impacts(planned, stand)
    return _prescription(planned, stand, LiftDose(_sets(planned.sets, planned.repetitions)))


def today(history: History, day: date) -> tuple[Prescription, ...]:
    """What is to be done today, in the order of the plan; the blocked ones with their reason."""
    return tuple(prescribe(history, planned.key, day) for planned in history.plan.exercises)


def session_number(history: History, day: date | None = None) -> int:
    """Number of the next planned session, from 1; missed ones count.

    Parameters
    ----------
    history
        Of the person.
    day
        Count only sessions before this day, so that the one that has begun today is the next.
    """
    return 1 + sum(1 for session in sessions_of(history) if day is None or session.day < day)


def attended_days(history: History) -> tuple[date, ...]:
    """Days on which something was done, oldest first: what counts as attended of the plan.

    A session that was opened and ended without a set was none, e.g. one for a decision only, and
    two of one day are one.
    """
    done = (session for session in sessions_of(history) if session.attended and session.sets)
    return tuple(sorted({session.day for session in done}))


def week(history: History, day: date) -> int:
    """Week of the programme, from 1, counted from the first planned session."""
    sessions = sessions_of(history)
    if not sessions:
        return 1
    return max(1, 1 + (day - sessions[0].day).days // 7)


def _impacts(planned: PlanExercise, stand: Standing) -> Prescription:
    if stand.rung is None or not 0 <= stand.rung < len(planned.ladder):
        blocked = f"{planned.name} has no rung that the plan knows: decide where to begin."
        return _prescription(planned, stand, LiftDose(blocked=blocked))
    rung = planned.ladder[stand.rung]
    height = "" if rung.height_cm is None else f", {rung.height_cm:g} cm"
    return _prescription(
        planned,
        stand,
        LiftDose(_sets(rung.sets, rung.repetitions), ("Stop at any pain.",)),
        f"{rung.name}{height}",
    )


def _sets(count: int, repetitions: int) -> tuple[PrescribedSet, ...]:
    return tuple(
        PrescribedSet(SetKind.WORKING, number, repetitions, None, None, None)
        for number in range(1, count + 1)
    )


def _variant(history: History, planned: PlanExercise, stand: Standing, clearance: Clearance) -> str:
    """How a lift is done if not in its plain form."""
    if clearance.raised_start and planned.raised_variant:
        return planned.raised_variant
    if stand.phase is not Phase.FAMILIARISATION or planned.learning is None:
        return ""
    variants = planned.learning.variants
    if not variants:
        return ""
    # Spread over the sessions of the gate, the plainest form last.
    at = stand.learned_sessions * len(variants) // max(history.plan.gate.sessions, 1)
    return variants[min(at, len(variants) - 1)]


def _prescription(
    planned: PlanExercise, stand: Standing, dose: LiftDose, variant: str = ""
) -> Prescription:
    rung = stand.rung if planned.kind is ExerciseKind.IMPACT else None
    known = rung is not None and 0 <= rung < len(planned.ladder)
    return Prescription(
        exercise=planned.key,
        name=planned.name,
        kind=planned.kind,
        measured_as=planned.ladder[rung or 0].measured_as if known else planned.measured_as,
        phase=stand.phase,
        sets=dose.sets,
        rung=rung,
        rest_s=planned.rest_s,
        variant=variant,
        maximum_kg=stand.maximum_kg,
        blocked=dose.blocked,
        notes=dose.notes,
    )
