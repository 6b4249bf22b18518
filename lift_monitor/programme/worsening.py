"""Outcomes that speak against more load until somebody has looked at them.

A loss of height or a rounder back may be a vertebral fracture that nobody felt. Neither is a
diagnosis: the load holds until it is measured again or the person is assessed anew. What was not
measured says nothing, and never speaks for more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from lift_monitor.programme import say
from lift_monitor.programme.conditions import Condition, Mark
from lift_monitor.programme.outcomes import SPECS, Measure
from lift_monitor.programme.record import History, OutcomeRecord
from lift_monitor.programme.rules import ProgressionRules, Threshold
from lift_monitor.programme.work import sessions_of

FOLLOWED: Final = (
    Measure.HEIGHT,
    Measure.KYPHOSIS_RELAXED,
    Measure.KYPHOSIS_TALL,
    Measure.FALLS,
    Measure.FRACTURES,
)
"""Measures that the rules look at."""


def worse_outcomes(
    history: History, since: date | None, rules: ProgressionRules
) -> tuple[Condition, ...]:
    """What outcomes say against more load.

    Parameters
    ----------
    history
        Of the person.
    since
        Falls that were counted from this day on speak; ``None`` for all.
    rules
        The thresholds.
    """
    return tuple(
        found
        for found in (
            _shape(history, Measure.HEIGHT, rules.height_loss_cm),
            _shape(history, Measure.KYPHOSIS_RELAXED, rules.kyphosis_more_deg),
            _shape(history, Measure.KYPHOSIS_TALL, rules.kyphosis_more_deg),
            *_falls(history, since),
        )
        if found is not None
    )


def counted(history: History, measure: Measure) -> Iterator[OutcomeRecord]:
    """Falls or fractures counted after the first session; the assessment asks for those before."""
    first = min((each.day for each in sessions_of(history) if each.attended), default=None)
    if first is None:
        return
    for found in sorted(_of(history, measure), key=lambda each: (each.day, each.value)):
        if found.value > 0 and found.day > first:
            yield found


def _shape(history: History, measure: Measure, limit: Threshold) -> Condition | None:
    """The newest value against the one that was known when the person was last assessed.

    Of two values of one day the one counts that tells of more change.
    """
    clearance, values = history.clearance, tuple(_of(history, measure))
    if clearance is None or not values:
        return None
    day = max(each.day for each in values)
    earlier = {each.day for each in values if each.day < day}
    if not earlier or day < clearance.day:
        return None
    known = max((each for each in earlier if each <= clearance.day), default=min(earlier))
    before, now = ([each.value for each in values if each.day == at] for at in (known, day))
    loss = measure is Measure.HEIGHT
    worse = max(before) - min(now) if loss else max(now) - min(before)
    if worse < limit.value - 1e-9:
        return None
    spec = SPECS[measure]
    more = "less" if loss else "more"
    was = f"{worse:.{spec.decimals}f} {spec.unit} {more}"
    name = spec.name[:1].lower() + spec.name[1:]
    return Condition(
        name=name,
        value=f"{was} than on {say.day(known)}",
        limit=f"below {limit} {more}",
        day=day,
        mark=Mark.MISSED,
        need=f"{name} measured again, or a new assessment after {say.day(day)}",
        lacking=f"{name} of {say.day(day)} is {was} than on {say.day(known)}: assess anew or refer",
        contrary=f"{limit} {more} of {name}",
    )


def _falls(history: History, since: date | None) -> Iterator[Condition]:
    for found in counted(history, Measure.FALLS):
        if since is not None and found.day < since:
            continue
        falls = say.times(round(found.value), "fall")
        yield Condition(
            name="falls",
            value=f"{falls} counted",
            limit="none",
            day=found.day,
            mark=Mark.MISSED,
            need="no falls counted since the first of these sessions",
            lacking=f"{falls} counted on {say.day(found.day)}",
            contrary="a fall",
        )


def _of(history: History, measure: Measure) -> Iterable[OutcomeRecord]:
    return {each for each in history.outcomes if each.measure is measure}
