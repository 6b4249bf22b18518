"""A prescription changed for one day: fewer sets after a bad night, or an exercise left out.

It holds in one session and for nothing else: what stands for the next one is what was decided.
A session in which less was done than the plan asks for never argues for more load.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from typing import Final

from lift_monitor.programme import say
from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.programme.plates import HEAVIEST_KG
from lift_monitor.programme.prescribe import prescribe, today
from lift_monitor.programme.prescription import PrescribedSet, Prescription
from lift_monitor.programme.record import DayChange, Decision, History, SetKind, Verdict
from lift_monitor.programme.standing import standing

MOST_SETS: Final = 10
"""In one session; design default."""
MOST_REPETITIONS: Final = 20
"""In one set; design default."""


def check_change(history: History, change: DayChange) -> None:
    """Refuse a change that cannot be.

    Raises
    ------
    ValueError
        If nobody changes it, a reason is missing, or a number cannot be; one sentence.
    KeyError
        If the plan has no such exercise.
    """
    planned = history.plan.exercise(change.exercise)
    if not change.by.strip():
        raise ValueError("Nobody is named as changing it; enter who you are.")
    if not change.reason.strip():
        raise ValueError(f"Enter why today's {planned.name} is changed.")
    for value, most, what in (
        (change.sets, MOST_SETS, "sets"),
        (change.repetitions, MOST_REPETITIONS, "repetitions"),
    ):
        if value is not None and not 1 <= value <= most:
            raise ValueError(f"{value} {what} cannot be prescribed; 1 to {most} can.")
    kg, rung = change.load_kg, change.rung
    if kg is not None and planned.kind is not ExerciseKind.LIFT:
        raise ValueError(f"{planned.name} has no load that could be changed.")
    if kg is not None and not 0.0 <= kg <= HEAVIEST_KG:
        raise ValueError(f"{kg:g} kg is no load; enter a mass up to {HEAVIEST_KG:g} kg.")
    if rung is not None and not 0 <= rung < len(planned.ladder):
        raise ValueError(f"{planned.name} has no rung {rung + 1} in this person's plan.")


def changed_today(
    history: History, day: date, changes: Iterable[DayChange]
) -> tuple[Prescription, ...]:
    """What is to be done today, with what was changed for today.

    Parameters
    ----------
    history
        As it was when the session began.
    day
        Today.
    changes
        In the order in which they were made; of one exercise the last holds.
    """
    last = {change.exercise: change for change in changes}
    return tuple(
        _changed(history, found, last[found.exercise], day) if found.exercise in last else found
        for found in today(history, day)
    )


def _changed(history: History, found: Prescription, change: DayChange, day: date) -> Prescription:
    """Limits hold as ever: nothing that is blocked is done, and no load is above its ceiling."""
    if found.blocked:
        return found
    why = f"{change.reason.strip().rstrip('.')} ({change.by.strip()})"
    if change.left_out:
        return dataclasses.replace(found, sets=(), blocked=f"Left out today: {why}.", notes=())
    made = found
    if change.load_kg is not None or change.rung is not None:
        made = prescribe(_with_dose(history, change, day), change.exercise, day)
    made = dataclasses.replace(made, sets=_sets(made.sets, change))
    told = _told(found, made)
    if not told:
        return made
    return dataclasses.replace(
        made, notes=(f"Changed for today: {told}. Reason: {why}.", *made.notes)
    )


def _with_dose(history: History, change: DayChange, day: date) -> History:
    """As if the load or the rung of today had been decided; no reason, so that it frees nothing."""
    stand = standing(history, change.exercise)
    as_if = Decision(
        exercise=change.exercise,
        day=day,
        order=max((decision.order for decision in history.decisions), default=0) + 1,
        verdict=Verdict.SET,
        by=change.by,
        phase=stand.phase,
        load_kg=stand.load_kg if change.load_kg is None else change.load_kg,
        rung=stand.rung if change.rung is None else change.rung,
        maximum_kg=stand.maximum_kg,
    )
    return dataclasses.replace(history, decisions=(*history.decisions, as_if))


def _sets(sets: tuple[PrescribedSet, ...], change: DayChange) -> tuple[PrescribedSet, ...]:
    warm_ups = tuple(each for each in sets if each.kind is SetKind.WARM_UP)
    work = [each for each in sets if each.kind is not SetKind.WARM_UP]
    if not work:
        return sets
    if change.sets is not None:
        # More test sets than the protocol has are not made up: each has a load of its own.
        further = [] if work[-1].kind is SetKind.TEST else [work[-1]] * change.sets
        work = [
            dataclasses.replace(each, number=number)
            for number, each in enumerate([*work, *further][: change.sets], 1)
        ]
    if change.repetitions is not None:
        work = [
            each
            if each.kind is SetKind.TEST
            else dataclasses.replace(each, repetitions=change.repetitions)
            for each in work
        ]
    return (*warm_ups, *work)


def _told(before: Prescription, now: Prescription) -> str:
    was, is_ = _dose(before), _dose(now)
    return "" if was == is_ else f"{is_} instead of {was}"


def _dose(found: Prescription) -> str:
    work = found.work
    if not work:
        return "nothing"
    dose = f"{len(work)} × {work[0].repetitions}"
    if work[0].load_kg is not None:
        return f"{dose} × {say.mass(work[0].load_kg)}"
    return f"{dose} {found.variant}" if found.kind is ExerciseKind.IMPACT else dose
