"""What the simulated lifter is asked to do, and how people usually do it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lift_monitor.events import Exercise

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Habit:
    """Usual ranges of an exercise; every session draws its own values from them.

    All are design defaults for adults with a barbell, chosen wider than one lifter shows.
    """

    rom_m: Range
    first_velocity_mps: Range
    """Mean concentric velocity of the first repetition."""
    lowering_mps: Range
    bottom_pause_s: Range
    top_pause_s: Range
    from_floor: bool
    """The bar begins and ends on the floor, otherwise in a rack."""
    eccentric_first: bool
    base_height_m: Range
    """Height of the floor-loaded bar's axis, or of the bar in its rack."""
    spin_deg: Range
    """Rotation about the bar's own axis within a repetition."""


HABITS: dict[Exercise, Habit] = {
    Exercise.DEADLIFT: Habit(
        (0.45, 0.65), (0.35, 0.6), (0.4, 0.8), (0.5, 2.5), (0.3, 1.5), True, False,
        (0.2, 0.23), (5.0, 20.0),
    ),
    Exercise.ROMANIAN_DEADLIFT: Habit(
        (0.35, 0.55), (0.4, 0.65), (0.25, 0.5), (0.0, 0.4), (0.3, 1.5), True, True,
        (0.2, 0.23), (5.0, 15.0),
    ),
    Exercise.BACK_SQUAT: Habit(
        (0.35, 0.65), (0.4, 0.7), (0.3, 0.6), (0.0, 0.3), (0.5, 2.0), False, True,
        (1.2, 1.5), (8.0, 30.0),
    ),
    Exercise.OVERHEAD_PRESS: Habit(
        (0.4, 0.6), (0.35, 0.65), (0.35, 0.7), (0.3, 1.2), (0.3, 1.0), False, False,
        (1.2, 1.4), (10.0, 40.0),
    ),
    Exercise.BENT_OVER_ROW: Habit(
        (0.25, 0.45), (0.45, 0.8), (0.3, 0.6), (0.2, 0.8), (0.1, 0.3), True, False,
        (0.2, 0.23), (8.0, 30.0),
    ),
    Exercise.BENCH_PRESS: Habit(
        (0.25, 0.45), (0.3, 0.6), (0.25, 0.5), (0.0, 1.0), (0.3, 1.5), False, True,
        (0.95, 1.1), (5.0, 25.0),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A session to simulate. What is ``None`` the simulated lifter chooses by habit.

    Attributes
    ----------
    exercise : Exercise
    sets, reps : int
        At least one each.
    rom_m : float, optional
        Typical range of motion, 0.2 to 0.8 m.
    first_velocity_mps : float, optional
        Mean velocity of the first repetition of a set, 0.2 to 0.9 m/s.
    velocity_loss : float, optional
        Loss of the last repetition of a set against its first, 0 to 0.4.
    rest_s : float, optional
        Rest between sets, at least 15 s.
    touch_and_go : bool, optional
        Deadlift only: no pause on the floor.
    failed_in_sets : tuple of int
        Numbers of the sets (from 1) after whose repetitions one more is tried and fails.
    drop_at_end : bool
        The last set ends with the bar dropped from the top; exercises from the floor only.

    Raises
    ------
    ValueError
        If the exercise has no repetitions of a bar, or a value lies outside its range.
    """

    exercise: Exercise
    sets: int = 3
    reps: int = 5
    rom_m: float | None = None
    first_velocity_mps: float | None = None
    velocity_loss: float | None = None
    rest_s: float | None = None
    touch_and_go: bool | None = None
    failed_in_sets: tuple[int, ...] = ()
    drop_at_end: bool = False

    def __post_init__(self) -> None:
        if self.exercise not in HABITS:
            raise ValueError(
                f"the simulated lifter does not know the exercise {self.exercise.value}; "
                f"choose one of: {', '.join(e.value for e in HABITS)}"
            )
        for name, low, high in (
            ("sets", 1, 1000),
            ("reps", 1, 100),
            ("rom_m", 0.2, 0.8),
            ("first_velocity_mps", 0.2, 0.9),
            ("velocity_loss", 0.0, 0.4),
            ("rest_s", 15.0, 3600.0),
        ):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and low <= value <= high):
                raise ValueError(f"{name} is {value}; choose a value from {low} to {high}")
        strangers = [n for n in self.failed_in_sets if not 1 <= n <= self.sets]
        if strangers:
            raise ValueError(f"set {strangers[0]} cannot fail: there are {self.sets} sets")
        if self.drop_at_end and not self.habit.from_floor:
            raise ValueError(
                f"the bar is not dropped in a {self.exercise.value.replace('_', ' ')}; "
                "leave drop_at_end off"
            )

    @property
    def habit(self) -> Habit:
        """Usual ranges of the exercise."""
        return HABITS[self.exercise]
