"""What a simulated person brings along: strength, endurance, technique, temper.

Every number is made up so that the twenty people differ as people do; none is a finding, and
none may be shown as one. Orders of size follow the women of the trials (65 years, 63 kg).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lift_monitor.events import Exercise

LIFTS: Final = (Exercise.DEADLIFT, Exercise.BACK_SQUAT, Exercise.OVERHEAD_PRESS)
"""The lifts that a simulated body knows."""


@dataclass(frozen=True, slots=True)
class VelocityLine:
    """Mean velocity of a fresh repetition, m/s: ``at_maximum + slope * (1 - load / maximum)``."""

    at_maximum_mps: float
    slope_mps: float

    def velocity_mps(self, share: float) -> float:
        """Mean velocity at a share of the one-repetition maximum."""
        return max(self.at_maximum_mps + self.slope_mps * (1.0 - share), 0.05)


TYPICAL_LINES: Final[Mapping[Exercise, VelocityLine]] = {
    Exercise.DEADLIFT: VelocityLine(0.16, 1.40),
    Exercise.BACK_SQUAT: VelocityLine(0.27, 1.60),
    Exercise.OVERHEAD_PRESS: VelocityLine(0.20, 1.50),
}
"""The typical person; see ``spread`` of :class:`Gift` for the others."""

TYPICAL_RANGE_M: Final[Mapping[Exercise, float]] = {
    Exercise.DEADLIFT: 0.52,
    Exercise.BACK_SQUAT: 0.48,
    Exercise.OVERHEAD_PRESS: 0.50,
}
"""How far the bar travels."""


@dataclass(frozen=True, slots=True)
class Gift:
    """A simulated person's body and temper."""

    deadlift_kg: float
    """True one-repetition maximum on the first day."""
    back_squat_kg: float
    overhead_press_kg: float
    gain: float = 0.45
    """Share by which the maxima can rise in the end."""
    gain_sessions: float = 35.0
    """Sessions with a lift after which two thirds of that have come."""
    form_sd: float = 0.02
    """Spread of the strength from day to day, as a share."""
    endurance: float = 38.0
    """Repetitions to failure are ``endurance * (maximum / load - 1)``."""
    tires: float = 0.004
    """Share of the maximum that each set costs the next one."""
    speed: float = 1.0
    """Factor on the velocity line."""
    red_chance: float = 0.0015
    """Of one repetition at a light load, once the lift has been learnt."""
    strain_red: float = 0.03
    """What is added at the maximum; grows from 75 % of it on."""
    rpe_shift: float = 0.0
    """How much harder (or lighter) than others the person calls the same effort."""
    tells_rpe: bool = True
    pain_chance: float = 0.03
    """Of an exercise in a session to hurt a little (1 or 2 of 10)."""
    landing_bw: float = 0.0
    """Harder (or softer) landings than others', body weights."""
    attends: float = 0.96
    """Chance to come to a planned session."""

    def maximum_kg(self, lift: Exercise) -> float:
        """True one-repetition maximum on the first day.

        Raises
        ------
        KeyError
            If it is not one of :data:`LIFTS`.
        """
        return {
            Exercise.DEADLIFT: self.deadlift_kg,
            Exercise.BACK_SQUAT: self.back_squat_kg,
            Exercise.OVERHEAD_PRESS: self.overhead_press_kg,
        }[lift]

    def line(self, lift: Exercise) -> VelocityLine:
        """The person's own line of load and velocity."""
        typical = TYPICAL_LINES[lift]
        return VelocityLine(typical.at_maximum_mps * self.speed, typical.slope_mps * self.speed)
