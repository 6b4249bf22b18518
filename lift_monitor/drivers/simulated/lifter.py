"""A lifter who performs a plan: every attempt on the bar in order, with true motion."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lift_monitor.drivers.simulated.hands import Hands
from lift_monitor.drivers.simulated.motion import BarMotion
from lift_monitor.drivers.simulated.plan import Range, SessionPlan
from lift_monitor.events import Exercise

_DEG = math.pi / 180.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a repetition, as it was meant.

    ``begin_s`` to ``finish_s`` holds the whole attempt, ``rise_s`` to ``top_s`` the window
    in which the bar is brought up (or, in a failed one, tried to).
    """

    begin_s: float
    rise_s: float
    top_s: float
    finish_s: float
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Performance:
    """What the lifter did."""

    motion: BarMotion
    duration_s: float
    sets: tuple[tuple[Attempt, ...], ...]


def perform(plan: SessionPlan, seed: int, begin_s: float = 0.0) -> Performance:
    """Let a lifter, drawn from the seed, carry out the plan.

    Parameters
    ----------
    plan : SessionPlan
    seed : int
    begin_s : float
        The bar rests for so much longer before the first set; nothing else depends on it.
    """
    return _Lifter(plan, np.random.default_rng([seed, 1])).session(begin_s)


class _Lifter:
    """One person on one day: personal values are drawn once, irregularities all the time."""

    def __init__(self, plan: SessionPlan, rng: np.random.Generator) -> None:
        self._plan, self._rng, self._habit = plan, rng, plan.habit
        habit = plan.habit
        self._rom = plan.rom_m or self._draw(habit.rom_m)
        self._first = plan.first_velocity_mps or self._draw(habit.first_velocity_mps)
        loss = plan.velocity_loss
        self._loss = rng.uniform(0.05, 0.3) if loss is None else loss
        self._lowering = self._draw(habit.lowering_mps)
        self._bottom_pause = self._draw(habit.bottom_pause_s)
        self._top_pause = self._draw(habit.top_pause_s)
        self._spin = self._draw(habit.spin_deg) * _DEG * rng.choice((-1.0, 1.0))
        touch = plan.touch_and_go
        self._touch = bool(rng.random() < 0.3) if touch is None else touch
        self._sticking = rng.uniform(0.2, 0.8)
        self._base = self._draw(habit.base_height_m)
        # The height of the bar at the bottom of a repetition, before it varies.
        self._bottom = self._base
        if habit.from_floor and plan.exercise is not Exercise.DEADLIFT:
            self._bottom += rng.uniform(0.1, 0.25)
        self._unrack = rng.uniform(0.03, 0.06)
        if not habit.from_floor:
            top_or_shoulder = self._base + self._unrack
            self._bottom = top_or_shoulder - (self._rom if habit.eccentric_first else 0.0)
        self._hands = Hands(self._base, rng)
        self._held_since = 0.0
        self._pinned = False

    def session(self, begin_s: float) -> Performance:
        hands, plan, rng = self._hands, self._plan, self._rng
        hands.still(begin_s)
        hands.still(rng.uniform(2.0, 5.0))
        sets = []
        for number in range(1, plan.sets + 1):
            if number > 1:
                self._rest()
            sets.append(self._set(number))
        hands.still(rng.uniform(3.0, 5.0))
        return Performance(hands.motion, hands.now_s, tuple(sets))

    def _set(self, number: int) -> tuple[Attempt, ...]:
        plan = self._plan
        fails = number in plan.failed_in_sets
        drops = plan.drop_at_end and number == plan.sets
        deadlift = plan.exercise is Exercise.DEADLIFT
        begin_s = self._hands.now_s
        self._take_up()
        attempts = []
        for k in range(plan.reps):
            last = k == plan.reps - 1 and not fails
            attempts.append(self._repetition(k, dropped=deadlift and drops and last))
            if not last:
                self._between()
        if fails:
            attempts.append(self._failure())
        self._put_back(dropped=drops)
        if not deadlift:
            self._hands.carry(begin_s, self._hands.now_s)
        return tuple(attempts)

    def _repetition(self, k: int, *, dropped: bool) -> Attempt:
        hands, habit = self._hands, self._habit
        tired = k / max(self._plan.reps - 1, 1)
        begin_s = hands.now_s
        bottom = self._bottom_height()
        if habit.eccentric_first:
            self._lower_to(bottom)
            hands.still(self._near(self._bottom_pause, 0.4))
        rise = self._bottom + self._rom + self._miss() - hands.height_m
        speed = self._first * (1 - self._loss * tired) * (1 + 0.03 * self._rng.standard_normal())
        rise_s = hands.now_s
        duration = rise / max(speed, 0.2)
        self._turn(duration, +1)
        hands.press_up(rise, duration, min(1.0, self._sticking + 0.2 * tired))
        top_s = hands.now_s
        if not habit.eccentric_first:
            hands.still(self._near(self._top_pause, 0.3))
            if dropped:
                hands.carry(begin_s, hands.now_s)
                hands.drop(hands.height_m - self._base)
            else:
                self._lower_to(bottom)
        return Attempt(begin_s, rise_s, top_s, hands.now_s)

    def _failure(self) -> Attempt:
        """Rise by a part of the range, stall, come back."""
        hands, rng = self._hands, self._rng
        begin_s = hands.now_s
        bottom = self._bottom_height()
        if self._habit.eccentric_first:
            self._lower_to(bottom)
            hands.still(self._near(self._bottom_pause, 0.4))
        rise_s = hands.now_s
        rise = rng.uniform(0.2, 0.45) * self._rom
        hands.move(rise, rise / max(0.6 * self._first, 0.15))
        hands.move(rng.uniform(-0.01, 0.01), rng.uniform(0.4, 1.0))
        top_s = hands.now_s
        # After a failure below, the safety pins hold what has to be brought back.
        self._pinned = self._habit.eccentric_first and not self._habit.from_floor
        if self._plan.exercise is Exercise.DEADLIFT:
            self._lower_to(bottom)
        else:
            back = hands.height_m - (bottom + rng.uniform(-0.01, 0.01))
            hands.move(-back, max(back / self._lowering, 0.4))
        return Attempt(begin_s, rise_s, top_s, hands.now_s, failed=True)

    def _lower_to(self, bottom: float) -> None:
        hands = self._hands
        fall = hands.height_m - bottom
        duration = fall / (self._lowering * self._rng.uniform(0.85, 1.15))
        self._turn(duration, -1)
        if self._plan.exercise is Exercise.DEADLIFT:
            contact = self._rng.uniform(0.1, 0.25) if self._touch else self._rng.uniform(0.2, 0.6)
            contact_s = hands.now_s + duration
            hands.land(fall, duration, contact)
            if not self._touch:
                # Plates on the floor do not sway with who holds the bar.
                hands.carry(self._held_since, contact_s)
        else:
            hands.move(-fall, duration)

    def _between(self) -> None:
        """From the end of one attempt to the beginning of the next."""
        hands = self._hands
        if self._habit.eccentric_first:
            hands.still(self._near(self._top_pause, 0.4))
        elif self._plan.exercise is Exercise.DEADLIFT and self._touch:
            hands.still(self._rng.uniform(0.0, 0.15))
        else:
            hands.still(self._near(self._bottom_pause, 0.4))
            self._held_since = hands.now_s

    def _take_up(self) -> None:
        hands, rng = self._hands, self._rng
        self._held_since = hands.now_s
        if self._plan.exercise is Exercise.DEADLIFT:
            # Hands on the bar: the plates shift a little and the slack goes out.
            hands.shift(hands.motion.spin_rad, rng.uniform(-3, 3) * _DEG, 0.6)
            hands.move(rng.uniform(0.001, 0.003), 0.6)
            self._bottom = hands.height_m
            hands.still(rng.uniform(0.3, 1.2))
            self._held_since = hands.now_s
        elif self._habit.from_floor:
            self._lift_from_floor()
        else:
            self._walk_out()

    def _lift_from_floor(self) -> None:
        hands, rng = self._hands, self._rng
        standing = self._base + rng.uniform(0.5, 0.65)
        self._turn(1.2, 1)
        hands.press_up(standing - hands.height_m, rng.uniform(1.0, 1.6), rng.uniform(0.0, 0.5))
        hands.still(rng.uniform(0.8, 2.0))
        start = self._bottom + (self._rom if self._habit.eccentric_first else 0.0)
        start += self._miss()
        duration = max(abs(start - hands.height_m) / 0.25, 0.6)
        hands.shift(hands.motion.y_m, rng.uniform(0.05, 0.2), duration)
        hands.move(start - hands.height_m, duration)
        hands.still(rng.uniform(0.5, 1.5))

    def _walk_out(self) -> None:
        hands, rng = self._hands, self._rng
        if self._plan.exercise is Exercise.BENCH_PRESS:
            hands.move(self._unrack, rng.uniform(0.5, 0.9))
            hands.shift(hands.motion.y_m, rng.uniform(0.1, 0.2), 0.8)
            hands.move(rng.uniform(-0.01, 0.005), 0.8)
        else:
            hands.move(self._unrack, rng.uniform(0.4, 0.8))
            hands.still(rng.uniform(0.3, 0.8))
            for _ in range(rng.integers(2, 5)):
                hands.step(-rng.uniform(0.1, 0.3), rng.uniform(0.01, 0.03))
        hands.still(rng.uniform(0.8, 2.0))

    def _put_back(self, *, dropped: bool) -> None:
        hands, rng = self._hands, self._rng
        if self._plan.exercise is Exercise.DEADLIFT:
            if self._touch and not dropped:
                hands.carry(self._held_since, hands.now_s)
            self._base = hands.height_m
            return
        hands.still(rng.uniform(0.3, 1.2))
        if self._habit.from_floor:
            fall = hands.height_m - (self._base + rng.uniform(-0.003, 0.003))
            if dropped:
                hands.drop(fall)
            else:
                hands.land(fall, max(fall / 0.5, 0.6), rng.uniform(0.2, 0.5))
            return
        if self._pinned:
            hands.clank(0.5)
            return
        if self._plan.exercise is not Exercise.BENCH_PRESS:
            for _ in range(rng.integers(2, 5)):
                hands.step(rng.uniform(0.1, 0.3), rng.uniform(0.01, 0.03))
        over = self._base + rng.uniform(0.01, 0.03) - hands.height_m
        hands.shift(hands.motion.y_m, rng.uniform(0.02, 0.1), 0.7)
        hands.move(over, 0.7)
        down = hands.height_m - (self._base + rng.uniform(-0.002, 0.002))
        hands.land(down, rng.uniform(0.3, 0.5), rng.uniform(0.03, 0.1))

    def _rest(self) -> None:
        wanted = self._plan.rest_s
        rest_s = self._rng.uniform(25.0, 40.0) if wanted is None else wanted
        if self._pinned:
            # Long after the set two helpers bring the bar back into the rack, hole by hole.
            self._hands.still(0.8 * rest_s)
            while (left := self._base - self._hands.height_m) > 0.005:
                self._hands.move(min(left, 0.1), 1.0)
                self._hands.still(0.5)
            self._pinned = False
            rest_s *= 0.2
        self._hands.still(rest_s)

    def _turn(self, duration_s: float, way: int) -> None:
        """Turn the bar in the hands while it moves; it does not come back exactly."""
        amount = way * self._spin * self._rng.uniform(0.85, 1.15)
        self._hands.shift(self._hands.motion.spin_rad, amount, duration_s)

    def _bottom_height(self) -> float:
        """Height of the next bottom: a floor gives millimetres, a joint centimetres."""
        if self._plan.exercise is Exercise.DEADLIFT:
            return self._bottom + self._rng.uniform(-0.003, 0.003)
        return self._bottom + self._miss()

    def _miss(self) -> float:
        """By how much a height is missed: 0.5 to 2 cm, either way."""
        return float(self._rng.uniform(0.005, 0.02) * self._rng.choice((-1.0, 1.0)))

    def _near(self, value: float, share: float) -> float:
        return float(value * self._rng.uniform(1 - share, 1 + share))

    def _draw(self, span: Range) -> float:
        return float(self._rng.uniform(*span))
