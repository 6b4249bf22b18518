"""What is wrong with one exercise of a plan, one sentence each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from lift_monitor.events import IMPACT_EXERCISES
from lift_monitor.programme.plan import Band, ExerciseKind, Learning, PlanExercise, Rack
from lift_monitor.programme.plates import load_bar, smallest_step

HIGHEST_PCT: Final = 90.0
"""No band reaches above it: a design limit; the trial's abstract says above 85 %."""
LARGEST_STEP_KG: Final = 10.0
"""No step is larger: a design limit."""
HIGHEST_LEARNING_RPE: Final = 16
"""Effort (Borg 6-20) that learning never asks for more than: a design limit."""
HEAVIEST_FIRST_KG: Final = 20.0
"""Nobody begins with more: a design limit."""
HIGHEST_DROP_CM: Final = 40.0
"""No drop is higher: a design limit."""


def within(name: str, value: float, low: float, high: float, unit: str = "") -> Iterator[str]:
    """A sentence if a value is not in its range, both ends included."""
    if not (math.isfinite(value) and low <= value <= high):
        unit = f" {unit}" if unit else ""
        yield f"{name}: {value:g}{unit} is not between {low:g} and {high:g}{unit}."


def exercise_problems(exercise: PlanExercise, rack: Rack | None) -> Iterator[str]:
    """What is dangerous or senseless in one exercise; without a rack, not what needs one."""
    name = exercise.name.strip() or exercise.key.strip()
    if not exercise.key.strip() or not name:
        yield "An exercise has no name; give it one."
        return
    yield from within(f"{name}, sets", exercise.sets, 1, 10)
    most = 50 if exercise.kind is ExerciseKind.FREE else 20
    yield from within(f"{name}, repetitions", exercise.repetitions, 1, most)
    yield from within(f"{name}, rest", exercise.rest_s, 0, 900, "s")
    if exercise.kind is ExerciseKind.LIFT:
        yield from _lift(name, exercise, rack)
    else:
        yield from _unloaded(name, exercise)
    if exercise.kind is ExerciseKind.IMPACT:
        yield from _ladder(name, exercise)
    elif exercise.ladder:
        yield f"{name} has a ladder of impacts, but is not an impact exercise."


def _lift(name: str, exercise: PlanExercise, rack: Rack | None) -> Iterator[str]:
    if exercise.measured_as in IMPACT_EXERCISES:
        yield f"{name} is a lift, but measured as landings; choose what it is measured as."
    if exercise.band is None:
        yield f"{name} has no intensity; say which share of the one-repetition maximum."
    else:
        yield from _band(name, exercise.band)
        for warm_up in exercise.warm_ups:
            yield from within(f"{name}, warm-up repetitions", warm_up.repetitions, 1, 20)
            yield from within(f"{name}, warm-up", warm_up.intensity_pct, 1, HIGHEST_PCT, "%")
            if warm_up.intensity_pct >= exercise.band.low_pct:
                yield (
                    f"{name}: a warm-up at {warm_up.intensity_pct:g} % is not lighter than the "
                    f"work at {exercise.band.low_pct:g} %."
                )
    yield from _step(f"{name}, step", exercise.step_kg)
    if exercise.learning is None:
        yield f"{name} has no familiarisation; heavy loads are learnt first."
    else:
        yield from _learning(name, exercise.learning)
    if rack is not None:
        yield from _on_bars(name, exercise.learning, rack)
        yield from _steps_on_plates(name, exercise, rack)


def _band(name: str, band: Band) -> Iterator[str]:
    yield from within(f"{name}, intensity", band.low_pct, 1, HIGHEST_PCT, "%")
    yield from within(f"{name}, intensity", band.high_pct, 1, HIGHEST_PCT, "%")
    if band.low_pct > band.high_pct:
        yield (
            f"{name}: the intensity is upside down, from {band.low_pct:g} % to {band.high_pct:g} %."
        )


def _step(name: str, kg: float) -> Iterator[str]:
    if not (math.isfinite(kg) and 0.0 < kg <= LARGEST_STEP_KG):
        yield f"{name}: {kg:g} kg is not above 0 and up to {LARGEST_STEP_KG:g} kg."


def _learning(name: str, learning: Learning) -> Iterator[str]:
    yield from within(f"{name}, first load", learning.first_load_kg, 0, HEAVIEST_FIRST_KG, "kg")
    yield from _step(f"{name}, step of familiarisation", learning.step_kg)
    yield from within(f"{name}, sets of familiarisation", learning.sets, 1, 10)
    yield from within(f"{name}, repetitions of familiarisation", learning.repetitions, 1, 20)
    yield from within(
        f"{name}, highest effort of familiarisation",
        learning.highest_rpe,
        6,
        HIGHEST_LEARNING_RPE,
        "on Borg's scale",
    )


def _on_bars(name: str, learning: Learning | None, rack: Rack) -> Iterator[str]:
    """A first load that no bar has, or a first bar that is more than one step away."""
    lightest = min(rack.bars_kg, default=None)
    if lightest is None or learning is None:
        return
    if 0.0 < learning.first_load_kg < lightest:
        yield (
            f"{name}: the first load of {learning.first_load_kg:g} kg is below the lightest bar "
            f"of {lightest:g} kg; begin with 0 (a stick), or with the bar."
        )
    if learning.first_load_kg == 0.0 and learning.step_kg < lightest:
        yield (
            f"{name} cannot go from a stick to a bar: the lightest bar of {lightest:g} kg is more "
            f"than one step of {learning.step_kg:g} kg; begin with the bar, or allow a larger step."
        )


def _steps_on_plates(name: str, exercise: PlanExercise, rack: Rack) -> Iterator[str]:
    """A step that the plates cannot make would keep somebody where they are for ever."""
    if not rack.bars_kg or not math.isfinite(exercise.step_kg) or exercise.step_kg <= 0.0:
        return
    start = load_bar(max(max(rack.bars_kg), 40.0), rack)
    if start is None:
        return
    smallest = smallest_step(rack, start.total_kg)
    if smallest is not None and smallest > exercise.step_kg:
        yield (
            f"{name}: the plates allow no step smaller than {smallest:g} kg, "
            f"the plan's is {exercise.step_kg:g} kg; add smaller plates, or allow a larger step."
        )


def _unloaded(name: str, exercise: PlanExercise) -> Iterator[str]:
    if exercise.band is not None or exercise.step_kg != 0.0 or exercise.warm_ups:
        yield f"{name} is not a lift, but has an intensity, a step or warm-up sets; take them out."


def _ladder(name: str, exercise: PlanExercise) -> Iterator[str]:
    if not exercise.ladder:
        yield f"{name} has no ladder of impacts; say with which it begins."
    highest = 0.0
    for number, rung in enumerate(exercise.ladder, 1):
        where = f"{name}, rung {number}"
        if rung.measured_as not in IMPACT_EXERCISES:
            yield f"{where} is not measured as landings; choose what it is measured as."
        yield from within(f"{where}, sets", rung.sets, 1, 10)
        yield from within(f"{where}, repetitions", rung.repetitions, 1, 20)
        if rung.height_cm is None:
            continue
        yield from within(f"{where}, height", rung.height_cm, 0, HIGHEST_DROP_CM, "cm")
        if rung.height_cm < highest:
            yield f"{where} is lower than one before it; put the ladder in order."
        highest = max(highest, rung.height_cm)
