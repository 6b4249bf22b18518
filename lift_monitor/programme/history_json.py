"""The document that ``lift-monitor propose`` takes: one person's history as JSON.

Described in ``docs/programme.md``. Names of fields are those of :mod:`~lift_monitor.programme.
record`; the plan may be named by its key where it is one that ships.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from lift_monitor.programme.assess import open_findings
from lift_monitor.programme.clearance import Clearance, Level, Weight
from lift_monitor.programme.day_change import MOST_REPETITIONS, MOST_SETS
from lift_monitor.programme.documents import DocumentError, read, to_document
from lift_monitor.programme.outcomes import SPECS, implausible
from lift_monitor.programme.plan import ExerciseKind, Plan
from lift_monitor.programme.plan_check import problems
from lift_monitor.programme.plates import HEAVIEST_KG
from lift_monitor.programme.record import (
    AdverseEvent,
    DayChange,
    Decision,
    History,
    Maximum,
    SetRecord,
    Verdict,
)
from lift_monitor.programme.shipped import PLANS

SCHEMA: Final = 1
_MOST_REPETITIONS: Final = 100


def history_from(data: Any) -> History:
    """Read a history.

    Parameters
    ----------
    data
        As :func:`json.loads` gives it.

    Raises
    ------
    DocumentError
        If anything is missing, unknown, of the wrong type or cannot be; one sentence that names
        the place.
    """
    if not isinstance(data, Mapping):
        raise DocumentError('The history is no JSON object; begin with {"schema": 1, ...}.')
    schema = data.get("schema")
    if schema != SCHEMA or isinstance(schema, bool):
        raise DocumentError(f"history.schema has to be {SCHEMA}, the version of this document.")
    fields = {key: value for key, value in data.items() if key != "schema"}
    plan = fields.get("plan")
    if isinstance(plan, str):
        if plan not in PLANS:
            known = " and ".join(PLANS)
            raise DocumentError(
                f"history.plan names no plan that ships; there are {known}, or give it whole."
            )
        fields["plan"] = to_document(PLANS[plan])
    history: History = read(History, fields, "history")
    for wrong in problems(history.plan):
        raise DocumentError(f"history.plan cannot be used: {wrong}")
    for wrong in _wrong(history):
        raise DocumentError(wrong)
    return history


def last_day(history: History) -> date | None:
    """The last day that anything in a history tells of."""
    days = [session.day for session in history.sessions]
    days += [event.day for session in history.sessions for event in session.adverse]
    days += [event.day for event in history.adverse]
    days += [maximum.day for maximum in history.maxima]
    days += [outcome.day for outcome in history.outcomes]
    days += [decision.day for decision in history.decisions]
    if history.clearance is not None:
        days.append(history.clearance.day)
    return max(days, default=None)


def history_document(history: History) -> dict[str, Any]:
    """Write a history; the inverse of :func:`history_from`."""
    written: dict[str, Any] = to_document(history)
    if PLANS.get(history.plan.key) == history.plan:
        written["plan"] = history.plan.key
    return {"schema": SCHEMA, **written}


def _wrong(history: History) -> Iterator[str]:
    """What cannot be, with its place."""
    plan = history.plan
    for at, session in enumerate(history.sessions):
        where = f"history.sessions[{at}]"
        if not session.key.strip():
            yield f"{where}.key is empty; give each session a key of its own, e.g. its day."
        for number, done in enumerate(session.sets):
            yield from _wrong_set(plan, done, f"{where}.sets[{number}]")
        for number, event in enumerate(session.adverse):
            yield from _wrong_event(plan, event, f"{where}.adverse[{number}]")
        for number, made in enumerate(session.changes):
            yield from _wrong_change(plan, made, f"{where}.changes[{number}]")
    for at, event in enumerate(history.adverse):
        yield from _wrong_event(plan, event, f"history.adverse[{at}]")
    for at, maximum in enumerate(history.maxima):
        yield from _wrong_maximum(plan, maximum, f"history.maxima[{at}]")
    for at, outcome in enumerate(history.outcomes):
        if wrong := implausible(outcome.value, SPECS[outcome.measure]):
            yield f"history.outcomes[{at}].value cannot be: {wrong}"
    for at, decision in enumerate(history.decisions):
        yield from _wrong_decision(plan, decision, f"history.decisions[{at}]")
    if history.clearance is not None:
        yield from _wrong_clearance(history.clearance)
        for at, excluded in enumerate(history.clearance.excluded):
            yield from _wrong_key(plan, excluded.exercise, f"history.clearance.excluded[{at}]")
        yield from _out_of(history.clearance.cap_kg, 0, HEAVIEST_KG, "history.clearance.cap_kg")
        yield from _out_of(history.clearance.cap_pct, 0, 100, "history.clearance.cap_pct")


def _wrong_clearance(clearance: Clearance) -> Iterator[str]:
    where = "history.clearance"
    for at, override in enumerate(clearance.overrides):
        if not (override.by.strip() and override.reason.strip()):
            yield f"{where}.overrides[{at}] needs who overrides and why."
    weights = {finding.weight for finding in open_findings(clearance)}
    most = Level.HIGH_INTENSITY
    if Weight.BLOCKS in weights:
        most = Level.NO_LOAD
    elif Weight.RESTRICTS in weights:
        most = Level.RESTRICTED
    levels = list(Level)  # the one that allows most comes first
    if levels.index(clearance.level) < levels.index(most):
        yield (
            f"{where}.level is {clearance.level.value}, but its findings allow {most.value} at "
            "most; lower it, or override each finding by name with a reason."
        )


def _wrong_set(plan: Plan, done: SetRecord, where: str) -> Iterator[str]:
    yield from _wrong_key(plan, done.exercise, where)
    yield from _out_of(done.number, 1, 100, f"{where}.number")
    yield from _out_of(done.load_kg, 0, HEAVIEST_KG, f"{where}.load_kg")
    yield from _out_of(done.target_repetitions, 1, _MOST_REPETITIONS, f"{where}.target_repetitions")
    yield from _out_of(done.best_velocity_mps, 0, 10, f"{where}.best_velocity_mps")
    yield from _out_of(done.hardest_landing_bw, 0, 30, f"{where}.hardest_landing_bw")
    for name in ("repetitions", "red_repetitions", "amber_repetitions", "landings", "over_ceiling"):
        yield from _out_of(getattr(done, name), 0, _MOST_REPETITIONS, f"{where}.{name}")
    yield from _out_of(done.velocity_loss_pct, 0, 100, f"{where}.velocity_loss_pct")
    yield from _out_of(done.rpe, 6, 20, f"{where}.rpe")
    yield from _out_of(done.pain, 0, 10, f"{where}.pain")
    yield from _wrong_rung(plan, done.exercise, done.rung, where)


def _wrong_event(plan: Plan, event: AdverseEvent, where: str) -> Iterator[str]:
    if event.exercise:
        yield from _wrong_key(plan, event.exercise, where)
    if event.decisions_before is not None and event.decisions_before < 0:
        yield f"{where}.decisions_before is below 0; it is the order of a decision, or 0."


def _wrong_change(plan: Plan, made: DayChange, where: str) -> Iterator[str]:
    yield from _wrong_key(plan, made.exercise, where)
    if not (made.by.strip() and made.reason.strip()):
        yield f"{where} needs who changed the day's prescription and why."
    yield from _out_of(made.sets, 1, MOST_SETS, f"{where}.sets")
    yield from _out_of(made.repetitions, 1, MOST_REPETITIONS, f"{where}.repetitions")
    yield from _out_of(made.load_kg, 0, HEAVIEST_KG, f"{where}.load_kg")
    yield from _wrong_rung(plan, made.exercise, made.rung, where)


def _wrong_maximum(plan: Plan, maximum: Maximum, where: str) -> Iterator[str]:
    yield from _wrong_key(plan, maximum.exercise, where)
    for name in ("kg", "low_kg", "high_kg"):
        yield from _out_of(getattr(maximum, name), 0, HEAVIEST_KG, f"{where}.{name}")
    low, high = maximum.low_kg, maximum.high_kg
    if low is not None and high is not None and low > high:
        yield f"{where}.low_kg is above its high_kg; turn them round."
    if maximum.kg == 0:
        yield f"{where}.kg is 0; a one-repetition maximum is more."


def _wrong_decision(plan: Plan, decision: Decision, where: str) -> Iterator[str]:
    yield from _wrong_key(plan, decision.exercise, where)
    if not decision.by.strip():
        yield f"{where}.by is empty; name who decided."
    if decision.verdict in (Verdict.CHANGED, Verdict.REJECTED) and not decision.reason.strip():
        yield f"{where}.reason is empty; a proposal is {decision.verdict.value} with a reason."
    yield from _out_of(decision.load_kg, 0, HEAVIEST_KG, f"{where}.load_kg")
    yield from _out_of(decision.maximum_kg, 0, HEAVIEST_KG, f"{where}.maximum_kg")
    yield from _wrong_rung(plan, decision.exercise, decision.rung, where)


def _wrong_rung(plan: Plan, exercise: str, rung: int | None, where: str) -> Iterator[str]:
    known = {planned.key: planned for planned in plan.exercises}
    if rung is None or exercise not in known or known[exercise].kind is not ExerciseKind.IMPACT:
        return
    yield from _out_of(rung, 0, len(known[exercise].ladder) - 1, f"{where}.rung")


def _wrong_key(plan: Plan, key: str, where: str) -> Iterator[str]:
    known = [planned.key for planned in plan.exercises]
    if key not in known:
        yield f"{where}.exercise is no exercise of the plan; there are {', '.join(known)}."


def _out_of(value: float | None, low: float, high: float, where: str) -> Iterator[str]:
    if value is not None and not (math.isfinite(value) and low <= value <= high):
        yield f"{where} is {value:g}; it has to be from {low:g} to {high:g}."
