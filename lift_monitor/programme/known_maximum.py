"""What the measured one-repetition maximum allows, and whether it still holds.

Loads may follow a maximum of high confidence only. A newer one of low confidence can lower what
is allowed, never raise it; so losing confidence never speaks for more. Velocity counts for
nothing here.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

from lift_monitor.events import Confidence
from lift_monitor.programme.maximum import is_lower_bound, latest, measured
from lift_monitor.programme.record import History, Maximum, MaximumSource
from lift_monitor.programme.rules import ProgressionRules
from lift_monitor.programme.work import works


@dataclass(frozen=True, slots=True)
class KnownMaximum:
    """The maximum that limits loads.

    Attributes
    ----------
    kg
        What limits loads; ``None`` if nothing was measured.
    best
        The measurement of high confidence that it rests on; ``None`` if there is none.
    doubted
        A newer measurement of low confidence that is smaller.
    holds
        The measurement is fresh enough to lead loads.
    lapsed
        Why it does not hold, in one clause; empty if it does.
    at_least
        It only says *at least* (a set that could have gone on): it limits what is proposed, but
        never speaks for less than what stands.
    newest
        Day of the newest measurement that says how much, of any confidence.
    """

    kg: float | None
    best: Maximum | None
    doubted: Maximum | None
    holds: bool
    lapsed: str
    at_least: bool
    newest: date | None


def known_maximum(
    history: History, exercise: str, at: date, rules: ProgressionRules
) -> KnownMaximum:
    """What is known of the maximum of an exercise.

    Parameters
    ----------
    history
        Of the person.
    exercise
        Key of the plan's exercise.
    at
        Day of the last session, from which the age is counted: waiting alone ages nothing here,
        since an absence has rules of its own.
    rules
        The thresholds.
    """
    best = measured(history, exercise)
    found = [
        maximum
        for maximum in history.maxima
        if maximum.exercise == exercise and maximum.source is not MaximumSource.VELOCITY
    ]
    newest = latest((each for each in found if not is_lower_bound(each)), exercise)
    low = [
        maximum
        for maximum in found
        if maximum.confidence is not Confidence.HIGH
        and (best is None or maximum.day >= best.day)
        and not is_lower_bound(maximum)
    ]
    doubted = min(low, key=lambda maximum: maximum.kg, default=None)
    if best is not None and doubted is not None and doubted.kg >= best.kg:
        doubted = None
    limits = [maximum.kg for maximum in (best, doubted) if maximum is not None]
    lapsed = _lapsed(history, exercise, best, at, rules)
    return KnownMaximum(
        kg=min(limits, default=None),
        best=best,
        doubted=doubted,
        holds=best is not None and not lapsed,
        lapsed=lapsed,
        at_least=best is not None and is_lower_bound(best) and doubted is None,
        newest=newest.day if newest is not None else None,
    )


def _lapsed(
    history: History, exercise: str, best: Maximum | None, at: date, rules: ProgressionRules
) -> str:
    if best is None:
        return "no maximum has been measured"
    weeks = history.plan.retest_weeks
    if at - best.day > timedelta(weeks=weeks):
        return f"the measured maximum is older than {weeks} weeks"
    days = [work.day for work in works(history, exercise) if work.trained]
    later = [best.day, *sorted(day for day in days if day >= best.day)]
    long = timedelta(days=rules.away_long_days.value)
    if any(after - before >= long for before, after in itertools.pairwise(later)):
        return "it was measured before a long absence"
    return ""
