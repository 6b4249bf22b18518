"""What load-velocity lines tell of a simulated person's one-repetition maxima."""

from __future__ import annotations

from datetime import date

from lift_monitor.programme.maximum import NoMaximum, by_velocity, measured, own_speed, points_of
from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.programme.record import History, Maximum


def by_speed(history: History, day: date) -> list[Maximum]:
    """What the lines tell today; advisory, of those lifts that allow it."""
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
                    own_speed_mps=own_speed(history, exercise.key),
                    known_kg=best.kg if best is not None else None,
                )
            )
        except NoMaximum:
            continue
    return found
