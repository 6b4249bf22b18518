"""What the simulated lifter is asked to land, and how people usually do it."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field
from typing import Final

from lift_monitor.drivers.simulated.body import Skin
from lift_monitor.drivers.simulated.plan import HABITS, Range, SessionPlan
from lift_monitor.events import Exercise


class Drop(enum.StrEnum):
    """Ways to come down."""

    CHIN_UP = "chin_up"
    """A jump into the chin-up, a hang, and down."""
    STEP = "step"
    """Off a step that is climbed before."""
    HEELS = "heels"
    """From the tips of the toes onto the heels."""
    STOMP = "stomp"
    """One foot stamped; the other leg gives way and there is no flight."""


@dataclass(frozen=True, slots=True)
class DropHabit:
    """Usual ranges; design defaults. Peak forces are not among them: they follow.

    ``height_m`` is the fall to the first contact, ``stiffness_n_per_m`` that of both legs of
    somebody of 65 kg, ``open_s`` how long letting go takes.
    """

    height_m: Range
    stiffness_n_per_m: Range
    open_s: Range


DROPS: Final[dict[Drop, DropHabit]] = {
    Drop.CHIN_UP: DropHabit((0.12, 0.30), (8e3, 18e3), (0.05, 0.08)),
    Drop.STEP: DropHabit((0.15, 0.30), (8e3, 18e3), (0.08, 0.12)),
    Drop.HEELS: DropHabit((0.04, 0.06), (70e3, 110e3), (0.02, 0.04)),
    Drop.STOMP: DropHabit((0.0, 0.0), (80e3, 120e3), (0.10, 0.16)),
}


@dataclass(frozen=True, slots=True)
class LandingPlan:
    """A session of landings to simulate. What is ``None`` the simulated lifter chooses by habit.

    Attributes
    ----------
    exercise : Exercise
        ``JUMPING_CHIN_UP``, ``DROP_LANDING`` or ``HEEL_DROP``.
    sets, reps : int
        At least one each; a repetition is a landing.
    drop : Drop, optional
        By default that of the exercise: out of the hang, off a step, onto the heels.
    height_m : float, optional
        Fall to the first contact, 0.02 to 0.6 m; not for a stomp.
    stiffness_n_per_m : float, optional
        Of both legs, 3000 to 200,000 N/m.
    body_mass_kg : float
        30 to 200 kg.
    rest_s : float
        Between sets, at least 5 s.
    skin : Skin
        A slip happens in the first set.
    mounting_deg, stand_s : float
        As in :class:`~.lifting.LiftingTrunk`.

    Raises
    ------
    ValueError
        If the exercise has no landings, or a value lies outside its range.
    """

    exercise: Exercise = Exercise.JUMPING_CHIN_UP
    sets: int = 1
    reps: int = 8
    drop: Drop | None = None
    height_m: float | None = None
    stiffness_n_per_m: float | None = None
    body_mass_kg: float = 65.0
    rest_s: float = 20.0
    skin: Skin = field(default_factory=Skin)
    mounting_deg: float = 45.0
    stand_s: float = 4.0

    def __post_init__(self) -> None:
        if self.exercise not in _DROP_OF:
            raise ValueError(
                f"there are no landings in the exercise {self.exercise.value}; "
                f"choose one of: {', '.join(e.value for e in _DROP_OF)}"
            )
        for name, low, high in (
            ("sets", 1, 1000),
            ("reps", 1, 100),
            ("height_m", 0.02, 0.6),
            ("stiffness_n_per_m", 3e3, 2e5),
            ("body_mass_kg", 30.0, 200.0),
            ("rest_s", 5.0, 3600.0),
            ("stand_s", 2.0, 120.0),
        ):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and low <= value <= high):
                raise ValueError(f"{name} is {value}; choose a value from {low:g} to {high:g}")
        if self.height_m is not None and self.way is Drop.STOMP:
            raise ValueError("a stomp falls from no height; leave height_m out")

    @property
    def way(self) -> Drop:
        """How the lifter comes down."""
        return self.drop or _DROP_OF[self.exercise]


_DROP_OF: Final = {
    Exercise.JUMPING_CHIN_UP: Drop.CHIN_UP,
    Exercise.DROP_LANDING: Drop.STEP,
    Exercise.HEEL_DROP: Drop.HEELS,
}


def plan_of(exercise: Exercise, sets: int, reps: int) -> SessionPlan | LandingPlan:
    """Plan sets of an exercise, with a bar or of landings (errors as of the two plans)."""
    if exercise in _DROP_OF:
        return LandingPlan(exercise, sets=sets, reps=reps)
    if exercise not in HABITS:
        known = ", ".join(one.value for one in (*HABITS, *_DROP_OF))
        raise ValueError(
            f"the simulated lifter does not know the exercise {exercise.value}; "
            f"choose one of: {known}"
        )
    return SessionPlan(exercise, sets=sets, reps=reps)
