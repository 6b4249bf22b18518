"""What is wrong with an edited plan, and how a plan is edited.

Every way in which a plan would be dangerous or senseless is told in one sentence; a plan with
one of them is not used. The limits here are design limits: wide enough for any clinic, and there
to catch a slip of the pen.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from lift_monitor.programme.plan import (
    CHANGED_HERE,
    ExerciseKind,
    Limits,
    Origin,
    Plan,
    PlanExercise,
    Rack,
)
from lift_monitor.programme.plan_check_exercise import exercise_problems, within

MOST_SIZES: Final = 12
"""Sizes of plates; design limit."""
MOST_PAIRS: Final = 10
"""Pairs of one size; design limit."""
MOST_LOSS_PCT: Final = 50.0
"""A velocity loss that ends a set is not above it: design limit, it would end none."""
LARGEST_GROUP: Final = 8
"""People whom one clinician can watch; told in a secondary text on the trial, else a default."""


class PlanError(ValueError):
    """A plan cannot be used; the text is one sentence."""


def problems(plan: Plan) -> tuple[str, ...]:
    """What is dangerous or senseless in a plan, one sentence each; empty if nothing is."""
    lifts = any(exercise.kind is ExerciseKind.LIFT for exercise in plan.exercises)
    rack = tuple(_rack(plan.rack, lifts))
    # What can be loaded is worked out only from a rack that can be.
    exercises = _exercises(plan, None if rack else plan.rack)
    found = (*_frame(plan), *_gate(plan), *exercises, *rack, *_limits(plan.limits))
    return tuple(dict.fromkeys(found))


def edited(plan: Plan, **changes: Any) -> Plan:
    """The next version of a plan, with some fields changed.

    Numbers that change lose their source: it becomes :data:`~lift_monitor.programme.plan.
    CHANGED_HERE`, in the plan and in each of its exercises.

    Parameters
    ----------
    plan
        As it stands.
    **changes
        Fields of :class:`~lift_monitor.programme.plan.Plan`.

    Raises
    ------
    PlanError
        If the result has a problem; the first one is told.
    """
    new = dataclasses.replace(plan, **changes)
    known = {exercise.key: exercise for exercise in plan.exercises}
    gate = new.gate
    if (gate.sessions, gate.clean_in_a_row) != (plan.gate.sessions, plan.gate.clean_in_a_row):
        gate = dataclasses.replace(gate, source=CHANGED_HERE)
    new = dataclasses.replace(
        new,
        version=plan.version + 1,
        origins=_origins(plan, new),
        exercises=tuple(
            dataclasses.replace(exercise, origins=_origins(known.get(exercise.key), exercise))
            for exercise in new.exercises
        ),
        gate=gate,
    )
    found = problems(new)
    if found:
        raise PlanError(found[0])
    return new


def edited_exercise(plan: Plan, key: str, **changes: Any) -> Plan:
    """The next version of a plan, with some fields of one exercise changed.

    Raises
    ------
    PlanError
        If the result has a problem; the first one is told.
    KeyError
        If the plan has no such exercise.
    """
    changed = dataclasses.replace(plan.exercise(key), **changes)
    return edited(
        plan,
        exercises=tuple(
            changed if exercise.key == key else exercise for exercise in plan.exercises
        ),
    )


_NO_ORIGIN: Final = ("origins", "exercises", "version", "source", "key", "name")
"""Fields whose change is no change of a number."""


def _origins(before: Plan | PlanExercise | None, after: Plan | PlanExercise) -> tuple[Origin, ...]:
    """Sources of the numbers after an edit; of an exercise that is new, none is a paper's."""
    changed = [
        field.name
        for field in dataclasses.fields(after)
        if field.name not in _NO_ORIGIN
        and (before is None or getattr(before, field.name) != getattr(after, field.name))
    ]
    kept = (origin for origin in after.origins if origin.field not in changed)
    return (*kept, *(Origin(name, CHANGED_HERE) for name in changed))


def _frame(plan: Plan) -> Iterator[str]:
    if not plan.key.strip() or not plan.name.strip():
        yield "The plan has no name; give it one."
    yield from within("The version", plan.version, 1, 100_000)
    yield from within("Sessions a week", plan.sessions_a_week, 1, 7)
    yield from within("Weeks", plan.weeks, 1, 104)
    yield from within("Sessions", plan.sessions, 1, 700)
    if plan.sessions > plan.weeks * plan.sessions_a_week > 0:
        yield (
            f"{plan.sessions} sessions do not fit into {plan.weeks} weeks at "
            f"{plan.sessions_a_week} a week; take fewer, or more weeks."
        )
    yield from within("Weeks until a re-test", plan.retest_weeks, 1, 26)
    yield from within("The largest group", plan.largest_group, 1, LARGEST_GROUP)
    yield from within("The group that is warned of", plan.warn_group, 1, plan.largest_group)
    heavy = [e for e in plan.exercises if e.kind is not ExerciseKind.FREE]
    if heavy and not plan.supervised:
        yield (
            f"{heavy[0].name} is in a plan without supervision; "
            "heavy lifts and impacts are supervised."
        )


def _gate(plan: Plan) -> Iterator[str]:
    if all(exercise.learning is None for exercise in plan.exercises):
        return
    yield from within("Familiarisation sessions before heavy loads", plan.gate.sessions, 1, 50)
    yield from within(
        "Clean sessions in a row before heavy loads",
        plan.gate.clean_in_a_row,
        1,
        max(1, plan.gate.sessions),
    )


def _exercises(plan: Plan, rack: Rack | None) -> Iterator[str]:
    if not plan.exercises:
        yield "The plan has no exercise; add one."
    for key, count in Counter(exercise.key for exercise in plan.exercises).items():
        if count > 1:
            yield f"The plan has {count} exercises with the key {key}; each needs its own."
    for exercise in plan.exercises:
        yield from exercise_problems(exercise, rack)


def _rack(rack: Rack, needed: bool) -> Iterator[str]:
    if needed and not rack.bars_kg:
        yield "There is no bar to lift with; add one."
    for bar in rack.bars_kg:
        yield from within("A bar", bar, 0.5, 30, "kg")
    if list(rack.bars_kg) != sorted(set(rack.bars_kg)):
        yield "The bars are not in order; name each once, lightest first."
    sizes = [plate.kg for plate in rack.plates]
    if len(set(sizes)) < len(sizes):
        yield "A size of plates is named twice; name each once, with all its pairs."
    if len(sizes) > MOST_SIZES:
        yield f"{len(sizes)} sizes of plates are too many; name up to {MOST_SIZES}."
    for plate in rack.plates:
        yield from within("A plate", plate.kg, 0.1, 50, "kg")
        yield from within(f"Pairs of plates of {plate.kg:g} kg", plate.pairs, 0, MOST_PAIRS)
    for kg in (*rack.bars_kg, *sizes):
        # Also keeps the number of different loads small enough to try them all.
        if 0.0 < kg <= 50.0 and abs(100.0 * kg - round(100.0 * kg)) > 1e-6:
            yield f"{kg:g} kg in the rack is finer than 0.01 kg; round it."


def _limits(limits: Limits) -> Iterator[str]:
    for flag in limits.flags:
        name = f"The limits of {flag.kind.value.replace('_', ' ')}"
        for value in (flag.amber, flag.red):
            if value is not None and not (math.isfinite(value) and value > 0.0):
                yield f"{name} hold {value:g}; a limit is above 0."
        if flag.amber is not None and flag.red is not None and flag.amber >= flag.red:
            yield f"{name} are upside down: amber {flag.amber:g}, red {flag.red:g}."
    low, high = limits.landing_low_bw, limits.landing_high_bw
    for value in (low, high):
        if value is not None:
            yield from within("A limit of landings", value, 0.5, 20, "body weights")
    if low is not None and high is not None and low >= high:
        yield f"The limits of landings are upside down: {low:g} and {high:g} body weights."
    amber, stop = limits.loss_amber_pct, limits.loss_stop_pct
    yield from within("The velocity loss that is told", amber, 1, MOST_LOSS_PCT, "%")
    yield from within("The velocity loss that ends a set", stop, 1, MOST_LOSS_PCT, "%")
    if amber > stop:
        yield f"The velocity losses are upside down: told at {amber:g} %, ended at {stop:g} %."
