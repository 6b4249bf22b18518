"""Which one-repetition maxima a simulated clinician takes down after a session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lift_monitor.clinic.set_record import record_of
from lift_monitor.clinic.words import StoredSet
from lift_monitor.programme.maximum import (
    MOST_REPETITIONS,
    NoMaximum,
    by_repetitions,
    measured,
    tested,
)
from lift_monitor.programme.maximum_velocity import by_velocity, points_of
from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.programme.record import History, Maximum, SetKind, SetRecord


def maxima_of(sets: Iterable[StoredSet], day: date) -> list[Maximum]:
    """Maxima from a session's test sets: of each exercise that of the heaviest bar.

    Parameters
    ----------
    sets
        Of the session, in the order in which they were done.
    day
        Of the session.
    """
    tests: dict[str, SetRecord] = {}
    for stored in sets:
        done = record_of(stored)
        if done.kind is SetKind.TEST and done.repetitions and done.load_kg:
            tests[done.exercise] = done
    found = (_maximum(done, day) for done in tests.values())
    return [maximum for maximum in found if maximum is not None]


def _maximum(done: SetRecord, day: date) -> Maximum | None:
    assert done.repetitions is not None
    assert done.load_kg is not None
    clean = done.repetitions - (done.red_repetitions or 0)
    try:
        if clean == 1:
            return tested(done.exercise, done.load_kg, day)
        return by_repetitions(
            done.exercise, done.load_kg, min(clean, MOST_REPETITIONS), day, done.to_failure
        )
    except NoMaximum:
        return None


def by_speed(history: History, day: date) -> list[Maximum]:
    """What load-velocity lines tell today; advisory, of those lifts that allow it."""
    found = []
    for exercise in history.plan.exercises:
        if exercise.kind is not ExerciseKind.LIFT or exercise.measured_as is None:
            continue
        best = measured(history, exercise.key)
        try:
            found.append(
                by_velocity(
                    exercise.key,
                    points_of(history, exercise.key, day),
                    day,
                    measured_as=exercise.measured_as.value,
                    known_kg=best.kg if best is not None else None,
                )
            )
        except NoMaximum:
            continue
    return found
