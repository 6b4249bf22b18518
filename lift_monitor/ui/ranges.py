"""Fixed ranges of the axes by exercise, so that nothing rescales while somebody lifts.

Design defaults, clinician may change: wide enough for a light warm-up set of the exercise.
Values outside are drawn at the edge and the axis says so; it never jumps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lift_monitor.events import Exercise


@dataclass(frozen=True, slots=True)
class Ranges:
    """Ranges of one exercise."""

    bars_mps: float
    """Top of the repetition bars; they begin at zero."""
    velocity_mps: float
    """Traces run from minus this to plus this."""
    height_m: tuple[float, float]
    """The live height has no floor: it is relative to its own middle."""


_DEFAULT: Final = Ranges(1.0, 2.0, (-1.0, 1.0))

BY_EXERCISE: Final[dict[Exercise, Ranges]] = {
    Exercise.DEADLIFT: Ranges(1.0, 1.5, (-0.8, 0.8)),
    Exercise.ROMANIAN_DEADLIFT: Ranges(1.0, 1.5, (-0.8, 0.8)),
    Exercise.BACK_SQUAT: Ranges(1.0, 1.5, (-0.8, 0.8)),
    Exercise.OVERHEAD_PRESS: Ranges(1.0, 1.5, (-0.8, 0.8)),
    Exercise.BENT_OVER_ROW: Ranges(1.0, 1.5, (-0.8, 0.8)),
    Exercise.BENCH_PRESS: Ranges(1.0, 1.5, (-0.6, 0.6)),
}


def ranges_of(exercise: Exercise) -> Ranges:
    """Ranges of an exercise; a wide default for what has none of its own."""
    return BY_EXERCISE.get(exercise, _DEFAULT)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round values inside a range, few enough to read."""
    for step in (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0):
        hair = 1e-9  # a bound on a tick counts, whatever the rounding
        first, last = -((-low + hair) // step), (high + hair) // step
        count = round(last - first) + 1
        if count <= most:
            return [round((first + i) * step, 6) for i in range(count)]
    return [low, 0.0, high] if low < 0.0 < high else [low, high]
