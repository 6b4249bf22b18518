"""What the core is told in the course of a session, beside the samples."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from lift_monitor.events import Exercise
from lift_monitor.signal.trunk_words import TrunkCommand


@dataclass(frozen=True, slots=True)
class SetExercise:
    """From ``at_s`` on somebody does another exercise, or the same with another load.

    Attributes
    ----------
    at_s : float
        Session time, s.
    exercise : Exercise
    load_kg : float or None
        ``None`` if it is not known, or where there is none.
    target_reps, target_sets : int
        What is asked for.

    Raises
    ------
    ValueError
        If the load is negative or not a number, or less than one is asked for.
    """

    at_s: float
    exercise: Exercise
    load_kg: float | None = None
    target_reps: int = 5
    target_sets: int = 5

    def __post_init__(self) -> None:
        if self.load_kg is not None and not 0.0 <= self.load_kg < math.inf:
            raise ValueError(f"The load is {self.load_kg:g} kg: give it in kg, 0 or more.")
        if self.target_reps < 1 or self.target_sets < 1:
            raise ValueError(
                f"{self.target_sets} sets of {self.target_reps} repetitions are none: "
                "ask for one of each at least."
            )


Command: TypeAlias = TrunkCommand | SetExercise
