"""The one-repetition maxima that a session's test sets show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from lift_monitor.events import Confidence
from lift_monitor.programme import maximum as one_repetition
from lift_monitor.programme.maximum import MOST_REPETITIONS, by_repetitions, is_lower_bound
from lift_monitor.programme.no_maximum import NoMaximum
from lift_monitor.programme.record import Maximum, SetKind, SetRecord


def maxima_of_tests(sets: Iterable[SetRecord], day: date) -> tuple[Maximum, ...]:
    """One maximum for each exercise with test sets that show one.

    A set that was taken to the last clean repetition counts before one that was not; among those
    the heavier, and of two at one load that with fewer clean repetitions. Sets that only show
    *at least* count by the highest of them. Nothing here is accepted: it is what was measured.

    Parameters
    ----------
    sets
        Of one session, in any order; what is no test set is passed over.
    day
        Of the session.
    """
    shown: dict[str, list[tuple[float, Maximum]]] = {}
    for done in sets:
        found = _shown_by(done, day)
        if found is not None and done.load_kg is not None:
            shown.setdefault(done.exercise, []).append((done.load_kg, found))
    return tuple(_chosen(shown[exercise]) for exercise in sorted(shown))


def clean_repetitions(done: SetRecord) -> int | None:
    """Repetitions without a red flag; ``None`` if nobody counted."""
    if done.repetitions is None:
        return None
    return max(0, done.repetitions - (done.red_repetitions or 0))


def was_last(done: SetRecord) -> bool:
    """Whether no further clean repetition was possible: it was said, or one was not clean."""
    return done.to_failure or bool(done.red_repetitions)


def _shown_by(done: SetRecord, day: date) -> Maximum | None:
    clean = clean_repetitions(done)
    if done.kind is not SetKind.TEST or not clean or not done.load_kg:
        return None
    last = was_last(done) and clean <= MOST_REPETITIONS
    try:
        if clean == 1:
            # One repetition with more to come shows nothing that is worth keeping.
            found = one_repetition.tested(done.exercise, done.load_kg, day) if last else None
        else:
            count = min(clean, MOST_REPETITIONS)
            found = by_repetitions(done.exercise, done.load_kg, count, day, last)
    except NoMaximum:
        return None
    if found is None or (done.red_repetitions is not None and done.confidence is Confidence.HIGH):
        return found
    doubt = "technique was not watched" if done.red_repetitions is None else "low confidence"
    return replace(found, confidence=Confidence.LOW, basis=f"{found.basis}; {doubt}")


def _chosen(shown: list[tuple[float, Maximum]]) -> Maximum:
    full = [(load, found) for load, found in shown if not is_lower_bound(found)]
    if full:
        return max(full, key=lambda each: (each[0], -each[1].kg, each[1].basis))[1]
    return max((found for _, found in shown), key=lambda found: (found.kg, found.basis))
