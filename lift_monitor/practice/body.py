"""A simulated body: how strong it is today, and what a set costs it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from lift_monitor.events import Exercise
from lift_monitor.practice.gifts import LIFTS, Gift

_LEAST_SHARE: Final = 0.2
"""The empty hand and the stick still cost something."""
_ABSENCES_FORGIVEN: Final = 2
_LOST_PER_ABSENCE: Final = 0.8
"""Sessions of training that each missed session after those takes away."""
_CLUMSY: Final = 4.0
"""How many times likelier a fault of technique is the first time than once it is learnt."""
_LEARNT_AFTER: Final = 4.0
_STRAIN_FROM: Final = 0.75
_AMBER_TIMES: Final = 4.0


@dataclass(frozen=True, slots=True)
class Effort:
    """What came of one set."""

    repetitions: int
    to_failure: bool
    """No further repetition was possible."""
    share: float
    """Load over the strength that was left."""
    in_reserve: float
    """Repetitions that were left; 0 at failure."""
    velocities_mps: tuple[float, ...]
    """Mean velocity of each repetition."""
    red: tuple[int, ...]
    """Numbers of the repetitions with a red fault, from 1."""
    amber: tuple[int, ...]


@dataclass(slots=True)
class Body:
    """One person's body through the months."""

    gift: Gift
    trained: dict[Exercise, float] = field(default_factory=dict)
    """Sessions of each lift that the body still profits from."""
    practised: dict[Exercise, int] = field(default_factory=dict)
    missed_in_a_row: int = 0

    def came(self, lifts: set[Exercise]) -> None:
        """Count a session in which these lifts were done."""
        self.missed_in_a_row = 0
        for lift in lifts:
            self.trained[lift] = self.trained.get(lift, 0.0) + 1.0
            self.practised[lift] = self.practised.get(lift, 0) + 1

    def missed(self) -> None:
        """Count a missed session; a few weeks of them make weaker."""
        self.missed_in_a_row += 1
        if self.missed_in_a_row > _ABSENCES_FORGIVEN:
            for lift, sessions in self.trained.items():
                self.trained[lift] = max(0.0, sessions - _LOST_PER_ABSENCE)

    def maximum_kg(self, lift: Exercise) -> float:
        """True one-repetition maximum, on an ordinary day."""
        gained = 1.0 - math.exp(-self.trained.get(lift, 0.0) / self.gift.gain_sessions)
        return self.gift.maximum_kg(lift) * (1.0 + self.gift.gain * gained)

    def strength_kg(self, lift: Exercise, form: float, sets_before: int) -> float:
        """What could be lifted once, right now.

        Parameters
        ----------
        lift : Exercise
        form : float
            The day's form, 1 on an ordinary day.
        sets_before : int
            Working sets of this lift that are done already.
        """
        return self.maximum_kg(lift) * form * (1.0 - self.gift.tires * sets_before)

    def form(self, rng: np.random.Generator, weakened: float = 0.0) -> float:
        """The form of a day.

        Parameters
        ----------
        rng : numpy.random.Generator
        weakened : float
            Share of the strength that is missing, e.g. after an illness.
        """
        return float((1.0 - weakened) * (1.0 + self.gift.form_sd * rng.standard_normal()))

    def lift(
        self,
        lift: Exercise,
        load_kg: float,
        wanted: int,
        strength_kg: float,
        rng: np.random.Generator,
        careless: float = 0.0,
    ) -> Effort:
        """Lift a bar for a number of repetitions, or until it no longer goes up.

        Parameters
        ----------
        lift : Exercise
            One of :data:`~lift_monitor.practice.gifts.LIFTS`.
        load_kg : float
            On the bar; 0 is a stick.
        wanted : int
            Repetitions to be done.
        strength_kg : float
            Of :meth:`strength_kg`.
        rng : numpy.random.Generator
        careless : float
            Added to the chance of a red fault in each repetition.
        """
        assert lift in LIFTS
        share = max(load_kg / strength_kg, _LEAST_SHARE)
        possible = max(self.gift.endurance * (1.0 / share - 1.0), 0.0)
        if share <= 1.0:
            possible = max(possible, 1.0)
        done = min(wanted, int(possible))
        fresh = self.gift.line(lift).velocity_mps(share)
        floor = self.gift.line(lift).at_maximum_mps * 0.9
        velocities = tuple(
            max(self._slowed(fresh, floor, k, possible) + 0.012 * rng.standard_normal(), 0.04)
            for k in range(done)
        )
        red_chance = self._red_chance(lift, share) + careless
        rolls = rng.random(done)
        red = tuple(k + 1 for k in range(done) if rolls[k] < red_chance)
        amber = tuple(
            k + 1 for k in range(done) if red_chance <= rolls[k] < red_chance * (1.0 + _AMBER_TIMES)
        )
        return Effort(
            repetitions=done,
            to_failure=done < wanted,
            share=share,
            in_reserve=possible - done if done == wanted else 0.0,
            velocities_mps=velocities,
            red=red,
            amber=amber,
        )

    def rpe(self, effort: Effort, rng: np.random.Generator) -> int | None:
        """What the person calls it on Borg's 6-20; ``None`` from those who do not say."""
        if not self.gift.tells_rpe:
            return None
        near = min(effort.in_reserve, 6.0)
        far = min(max(effort.in_reserve - 6.0, 0.0), 20.0)
        told = 19.0 - 1.1 * near - 0.25 * far + self.gift.rpe_shift + 0.5 * rng.standard_normal()
        return int(min(max(round(told), 6), 20))

    def _slowed(self, fresh: float, floor: float, before: int, possible: float) -> float:
        spent = min(before / max(possible, 1.0), 1.0)
        return fresh - max(fresh - floor, 0.0) * math.pow(spent, 1.8)

    def _red_chance(self, lift: Exercise, share: float) -> float:
        learning = 1.0 + _CLUMSY * math.exp(-self.practised.get(lift, 0) / _LEARNT_AFTER)
        strain = max(share - _STRAIN_FROM, 0.0) / (1.0 - _STRAIN_FROM)
        return float(self.gift.red_chance * learning + self.gift.strain_red * strain**2)
