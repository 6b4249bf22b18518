"""The sets of a lift: what is on the bar, never above what stands and what is allowed.

Every load is rounded down to what can be loaded; below the lightest bar that is no bar at all
(0 kg: a stick).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from lift_monitor.events import Exercise
from lift_monitor.programme import say
from lift_monitor.programme.clearance import Clearance
from lift_monitor.programme.doubt import trusted_of
from lift_monitor.programme.maximum import (
    FEWEST_REPETITIONS,
    MOST_REPETITIONS,
    brzycki,
    measured,
)
from lift_monitor.programme.plan import Phase, Plan, PlanExercise, Rack
from lift_monitor.programme.plates import load_bar, load_simply
from lift_monitor.programme.prescription import BarLoad, PrescribedSet
from lift_monitor.programme.record import History, Maximum, SetKind
from lift_monitor.programme.standing import Standing, dose

TEST_SETS: Final = 3
"""Most sets of a re-test; design default."""
LIGHT_KG: Final = 20.0
"""Up to this load an exercise that is being learnt has no warm-up sets; design default."""
LARGE_PLATE_KG: Final = 15.0
"""Plates below it are taken for small ones, which let the bar lie low; design default."""
_SHARE: Final = 0.8
"""Working load over maximum where no maximum is known, for warm-ups only."""
_NEAR: Final = 1e-9


@dataclass(frozen=True, slots=True)
class LiftDose:
    """Sets of a lift with their notes, or why there are none."""

    sets: tuple[PrescribedSet, ...] = ()
    notes: tuple[str, ...] = ()
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class _Ceiling:
    """The most that may be on the bar, and why."""

    kg: float
    why: str


def lift_dose(
    history: History, planned: PlanExercise, stand: Standing, clearance: Clearance, day: date
) -> LiftDose:
    """The sets of one lift today.

    Parameters
    ----------
    history
        Of the person.
    planned
        The lift.
    stand
        What was decided for it.
    clearance
        Of the person, who is not barred from it.
    day
        Today.
    """
    if stand.load_kg is None:
        return LiftDose(blocked=f"{planned.name} has no load: decide what it begins with.")
    if stand.phase is Phase.TRAINING and stand.maximum_kg is None:
        return LiftDose(
            blocked=f"{planned.name} has no accepted one-repetition maximum to train from: "
            "find it, or go back to familiarisation."
        )
    found = measured(trusted_of(history, planned.key), planned.key)
    known_kg = stand.maximum_kg or (found.kg if found else None)
    ceiling = _ceiling(planned, stand, clearance, known_kg)
    if stand.phase is Phase.RETEST:
        return _test(planned, history.plan.rack, stand, known_kg, ceiling)
    asked = stand.load_kg
    kg = asked if ceiling is None else min(asked, ceiling.kg)
    bar = load_bar(kg, history.plan.rack)
    sets_count, repetitions = dose(planned, stand.phase)
    working = tuple(
        _set(SetKind.WORKING, number, repetitions, bar, known_kg)
        for number in range(1, sets_count + 1)
    )
    light = stand.phase is Phase.FAMILIARISATION and kg <= LIGHT_KG
    warm_ups = () if light else _warm_ups(planned, history.plan.rack, bar, known_kg)
    notes = (
        *_said_ceiling(asked, ceiling),
        *_said_cap(clearance, known_kg),
        *_said_bar(planned, history.plan.rack, kg, bar, stand, known_kg, clearance),
        *_said_height(planned, bar, clearance),
        *_said_age(history.plan, planned, stand, found, day),
        *(
            _said_reach(
                _heaviest_test(kg, planned.step_kg, ceiling, history.plan.rack), ceiling, known_kg
            )
            if _is_old(history.plan, found, day)
            else ()
        ),
    )
    return LiftDose((*warm_ups, *working), notes)


def _ceiling(
    planned: PlanExercise, stand: Standing, clearance: Clearance, known_kg: float | None
) -> _Ceiling | None:
    ceilings = []
    if stand.phase is Phase.TRAINING and planned.band is not None and stand.maximum_kg is not None:
        ceilings.append(
            _Ceiling(
                planned.band.high_pct / 100.0 * stand.maximum_kg,
                f"the plan's {planned.band.high_pct:g} % of {say.mass(stand.maximum_kg)}",
            )
        )
    if clearance.cap_pct is not None and known_kg is not None:
        ceilings.append(
            _Ceiling(
                clearance.cap_pct / 100.0 * known_kg,
                f"this person's limit of {clearance.cap_pct:g} % of {say.mass(known_kg)}",
            )
        )
    if clearance.cap_kg is not None:
        ceilings.append(
            _Ceiling(clearance.cap_kg, f"this person's limit of {clearance.cap_kg:g} kg")
        )
    return min(ceilings, key=lambda ceiling: ceiling.kg, default=None)


def _test(
    planned: PlanExercise,
    rack: Rack,
    stand: Standing,
    known_kg: float | None,
    ceiling: _Ceiling | None,
) -> LiftDose:
    """A re-test: as many clean repetitions as possible, at most ten, at a load that is known."""
    assert stand.load_kg is not None
    learning = stand.working_phase is Phase.FAMILIARISATION and planned.learning is not None
    step = planned.learning.step_kg if learning and planned.learning else planned.step_kg
    bars: list[BarLoad] = []
    for rise in range(TEST_SETS):
        kg = stand.load_kg + rise * step
        bar = load_bar(kg if ceiling is None else min(kg, ceiling.kg), rack)
        if bar is None:
            break
        if not bars or bar.total_kg > bars[-1].total_kg:
            bars.append(bar)
    if not bars:
        return LiftDose(
            blocked=f"{planned.name}: a maximum cannot be found without a bar; "
            "go back to familiarisation."
        )
    tests = tuple(
        _set(SetKind.TEST, number, MOST_REPETITIONS, bar, known_kg)
        for number, bar in enumerate(bars, 1)
    )
    warm_ups = _warm_ups(planned, rack, bars[0], known_kg)
    protocol = (
        f"Re-test: as many clean repetitions as possible, at most {MOST_REPETITIONS}; "
        "stop at the first that is not clean, or at any pain (design default)."
    )
    notes = [protocol]
    if len(bars) > 1:
        notes.append(
            f"The next test set only if {MOST_REPETITIONS} were clean and nothing hurts; "
            f"from {FEWEST_REPETITIONS} to {MOST_REPETITIONS} repetitions give an estimate."
        )
    notes.extend(_said_ceiling(stand.load_kg, ceiling))
    notes.extend(_said_reach(bars[-1].total_kg, ceiling, known_kg))
    return LiftDose((*warm_ups, *tests), tuple(notes))


def _set(
    kind: SetKind, number: int, repetitions: int, bar: BarLoad | None, known_kg: float | None
) -> PrescribedSet:
    kg = bar.total_kg if bar else 0.0
    intensity = 100.0 * kg / known_kg if known_kg else None
    return PrescribedSet(kind, number, repetitions, kg, intensity, bar)


def _warm_ups(
    planned: PlanExercise, rack: Rack, working: BarLoad | None, known_kg: float | None
) -> tuple[PrescribedSet, ...]:
    """Lighter sets before, if possible on the same bar; what no bar allows falls away."""
    if working is None:
        return ()
    base = known_kg or working.total_kg / _SHARE
    found: list[PrescribedSet] = []
    for warm_up in planned.warm_ups:
        kg = base * warm_up.intensity_pct / 100.0
        bar = load_simply(kg, rack, working.bar_kg) or load_simply(kg, rack)
        if bar is not None and bar.total_kg < working.total_kg:
            number = len(found) + 1
            found.append(_set(SetKind.WARM_UP, number, warm_up.repetitions, bar, known_kg))
    return tuple(found)


def _said_ceiling(asked: float, ceiling: _Ceiling | None) -> Iterator[str]:
    if ceiling is not None and asked > ceiling.kg + _NEAR:
        yield f"Less than the {asked:g} kg decided: above {ceiling.why}."


def _said_reach(
    heaviest_kg: float, ceiling: _Ceiling | None, known_kg: float | None
) -> Iterator[str]:
    """A test within a low limit can show that somebody is weaker, never that they are stronger."""
    most = brzycki(heaviest_kg, MOST_REPETITIONS)
    if ceiling is not None and known_kg is not None and most < known_kg:
        yield (
            f"Within {ceiling.why} a re-test shows at most {most:.0f} kg: less, but not more. "
            "Change the limit, or enter a tested maximum, if that is right for this person."
        )


def _heaviest_test(kg: float, step_kg: float, ceiling: _Ceiling | None, rack: Rack) -> float:
    """The load that a re-test which begins with ``kg`` goes on to."""
    most = kg + (TEST_SETS - 1) * step_kg
    bar = load_bar(most if ceiling is None else min(most, ceiling.kg), rack)
    return kg if bar is None else bar.total_kg


def _said_cap(clearance: Clearance, known_kg: float | None) -> Iterator[str]:
    if clearance.cap_pct is not None and known_kg is None:
        yield (
            f"The limit of {clearance.cap_pct:g} % cannot be checked: "
            "no one-repetition maximum is known."
        )


def _said_bar(
    planned: PlanExercise,
    rack: Rack,
    kg: float,
    bar: BarLoad | None,
    stand: Standing,
    known_kg: float | None,
    clearance: Clearance,
) -> Iterator[str]:
    if bar is None and kg > 0.0:
        lightest = min(rack.bars_kg, default=None)
        yield (
            f"The lightest bar ({lightest:g} kg) is above {kg:g} kg: do it without a bar."
            if lightest is not None
            else "There is no bar: do it without one."
        )
        return
    if stand.phase is not Phase.TRAINING or planned.band is None or not known_kg:
        return
    share = 100.0 * (bar.total_kg if bar else 0.0) / known_kg
    if share < planned.band.low_pct - _NEAR and clearance.cap_pct is None:
        why = "the load that was decided is no heavier."
        if bar is None or bar.total_kg < kg - _NEAR:
            why = f"the plates allow no more of the {say.mass(kg)} decided."
        yield (
            f"{share:.0f} % of {say.mass(known_kg)}, below the plan's "
            f"{planned.band.low_pct:g} %: {why}"
        )


def _said_height(planned: PlanExercise, bar: BarLoad | None, clearance: Clearance) -> Iterator[str]:
    """Small plates let the bar lie low, which bends the back before anything is lifted."""
    if planned.measured_as is not Exercise.DEADLIFT or bar is None or clearance.raised_start:
        return
    if max(bar.per_side_kg, default=0.0) < LARGE_PLATE_KG:
        yield "No large plate holds the bar up: put it on blocks, so that it starts at mid-shin."


def _is_old(plan: Plan, found: Maximum | None, day: date) -> bool:
    """Whether a measured maximum is to be found anew."""
    return found is not None and (day - found.day).days > 7 * plan.retest_weeks


def _said_age(
    plan: Plan, planned: PlanExercise, stand: Standing, found: Maximum | None, day: date
) -> Iterator[str]:
    if stand.phase is not Phase.TRAINING:
        return
    if found is None:
        yield f"The one-repetition maximum of the {planned.name.lower()} was never measured."
    elif _is_old(plan, found, day):
        yield (
            f"The one-repetition maximum was measured {(day - found.day).days // 7} weeks ago; "
            f"the plan asks for it every {plan.retest_weeks} weeks."
        )
