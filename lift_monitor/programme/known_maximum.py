"""What the measured one-repetition maximum allows, and whether it still holds.

Loads may follow a maximum of high confidence only. A newer one of low confidence can lower what
is allowed, never raise it; so losing confidence never speaks for more. One that is likely a slip
of the pen (:mod:`lift_monitor.programme.doubt`) is of low confidence until a clinician has
confirmed it, and nothing rises before. Velocity counts for nothing here.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

from lift_monitor.events import Confidence
from lift_monitor.programme.doubt import open_doubts, trusted_of
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
        What limits a step up; ``None`` if nothing was measured.
    at_most_kg
        What speaks for less than what stands; ``None`` if nothing does: a set that could have
        gone on only says *at least*.
    cap_from_kg
        What a cap in per cent is taken of: the best measurement, also one that does not hold any
        more, unless another says less. A good re-test within a cap only says *at least*: it must
        not lower the cap.
    best
        The measurement of high confidence that loads follow; ``None`` if there is none.
    doubted
        Measurements of low confidence that say less.
    holds
        The measurement is fresh enough to lead loads.
    lapsed
        Why it does not hold, in one clause; empty if it does.
    newest
        Day of the newest measurement that says how much, of any confidence.
    tried
        Day of the newest measurement of any kind.
    questions
        Measurements that are likely a slip of the pen and that nobody has confirmed, with the
        sentence that says why.
    """

    kg: float | None
    at_most_kg: float | None
    cap_from_kg: float | None
    best: Maximum | None
    doubted: tuple[Maximum, ...]
    holds: bool
    lapsed: str
    newest: date | None
    tried: date | None
    questions: tuple[tuple[Maximum, str], ...] = ()


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
    questions = open_doubts(history, exercise)
    history = trusted_of(history, exercise)
    found = [
        maximum
        for maximum in history.maxima
        if maximum.exercise == exercise and maximum.source is not MaximumSource.VELOCITY
    ]
    trusted = [maximum for maximum in found if maximum.confidence is Confidence.HIGH]
    full = latest((each for each in trusted if not is_lower_bound(each)), exercise)
    best = first = measured(history, exercise)
    lapsed = _lapsed(history, exercise, best, at, rules)
    if lapsed:  # what was shown since then is less, but it holds
        shown = [
            each
            for each in trusted
            if is_lower_bound(each) and not _lapsed(history, exercise, each, at, rules)
        ]
        if shown:
            best, lapsed = max(shown, key=lambda each: (each.kg, each.day)), ""
    low = [
        maximum
        for maximum in found
        if maximum.confidence is not Confidence.HIGH and (full is None or maximum.day >= full.day)
    ]
    doubted = tuple(
        sorted(
            {each for each in low if best is None or each.kg < best.kg},
            key=lambda each: (each.day, each.kg, each.source),
        )
    )
    limits = [best, *low] if best is not None else low
    speaking = [each for each in low if not is_lower_bound(each)]
    if full is not None and not _exceeded(full, trusted):
        speaking.append(full)
    cap_from = [each.kg for each in low if first is None or not is_lower_bound(each)]
    if first is not None:
        cap_from.append(first.kg)
    newest = latest((each for each in found if not is_lower_bound(each)), exercise)
    return KnownMaximum(
        kg=min((each.kg for each in limits), default=None),
        at_most_kg=min((each.kg for each in speaking), default=None),
        cap_from_kg=min(cap_from, default=None),
        best=best,
        doubted=doubted,
        holds=best is not None and not lapsed,
        lapsed=lapsed,
        newest=newest.day if newest is not None else None,
        tried=max((each.day for each in found), default=None),
        questions=tuple(sorted(questions.items(), key=lambda each: (each[0].day, each[1]))),
    )


def _exceeded(full: Maximum, trusted: list[Maximum]) -> bool:
    """Whether a later set showed that the maximum is more."""
    return any(
        is_lower_bound(each) and each.day >= full.day and each.kg > full.kg for each in trusted
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
