"""What is known of each exercise: data with sources, nothing computed.

The least range of motion is set at about half of the smallest that adults of any height were
seen or are expected to show (0.3-0.75 m in the recordings at hand); OpenBarbell, the one
open device whose rule could be read, counts from 0.15 m up.  Where no published number was
found the entry is a design default that a clinician may change.
"""

from __future__ import annotations

from dataclasses import dataclass

from lift_monitor.events import Exercise

DESIGN_DEFAULT = "design default, clinician may change; OpenBarbell counts from 0.15 m"


@dataclass(frozen=True, slots=True)
class ExerciseProfile:
    """How a repetition of an exercise looks from the bar.

    Attributes
    ----------
    eccentric_first : bool
        The repetition begins with lowering (squat, bench press, Romanian deadlift).
    min_rom_m, max_rom_m : float
        Range of motion outside of which an upward movement is no repetition.
    min_concentric_s, max_concentric_s : float
        Duration of the upward phase outside of which it is none.
    set_timeout_s : float
        A set is over when no repetition has ended for so long.
    lifted_first : bool
        The bar is lifted from the floor into position before the first repetition.
    source : str
        Where the numbers come from.
    """

    exercise: Exercise
    eccentric_first: bool
    min_rom_m: float
    max_rom_m: float
    min_concentric_s: float = 0.25
    max_concentric_s: float = 8.0
    set_timeout_s: float = 12.0
    lifted_first: bool = False
    source: str = DESIGN_DEFAULT


_PROFILES = (
    ExerciseProfile(Exercise.DEADLIFT, False, 0.15, 0.95, set_timeout_s=15.0),
    ExerciseProfile(Exercise.ROMANIAN_DEADLIFT, True, 0.15, 0.95, lifted_first=True),
    ExerciseProfile(Exercise.BACK_SQUAT, True, 0.15, 1.0),
    ExerciseProfile(Exercise.OVERHEAD_PRESS, False, 0.15, 0.95),
    ExerciseProfile(Exercise.BENT_OVER_ROW, False, 0.15, 0.80, lifted_first=True),
    ExerciseProfile(Exercise.BENCH_PRESS, True, 0.15, 0.70),
)

PROFILES: dict[Exercise, ExerciseProfile] = {p.exercise: p for p in _PROFILES}


def profile_of(exercise: Exercise) -> ExerciseProfile | None:
    """The profile, or ``None`` for what has no repetitions of a bar (free, landings)."""
    return PROFILES.get(exercise)
