"""Whether a bar rises from its support, or swings as only a borne bar does."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from lift_monitor.events import Exercise
from lift_monitor.signal.exercises import ExerciseProfile
from lift_monitor.units import STANDARD_GRAVITY_MPS2, BoolArray, FloatArray

# Design defaults.
RACK_RISE_M: Final = 0.010
"""A bar so much above where it lay is out of its hooks."""
FLOOR_RISE_M: Final = 0.020
"""The same from the floor: taking the slack out bends the bar by less."""
FROM_FLOOR: Final = (Exercise.DEADLIFT, Exercise.ROMANIAN_DEADLIFT, Exercise.BENT_OVER_ROW)
RISE_MPS: Final = 0.04
"""It must have risen so fast at some time."""
ERROR_MPS2: Final = 0.03
"""What the acceleration may be wrong by after the bar was turned; what is asked for grows
with it and with the time since the bar was still."""
SLOW_MPS: Final = 0.01
"""The rise begins where the bar was last this slow."""
LEAD_S: Final = 0.3
"""The averaged power shows movement later than it begins."""
SWING_M: Final = 0.10
"""A swing of so much is of a bar that is borne, wherever it came from."""
SWING_MPS: Final = 0.08
AFTER_FALL_S: Final = 0.6
"""What falls bounces."""


class RiseWatch:
    """Height above where the bar was last still (streaming).

    Parameters
    ----------
    dt_s : float
    profile : ExerciseProfile or None
    """

    def __init__(self, dt_s: float, profile: ExerciseProfile | None) -> None:
        self._dt_s = dt_s
        self.set_profile(profile)
        self._lead = max(1, round(LEAD_S / dt_s))
        self._before: deque[tuple[FloatArray, FloatArray]] = deque()  # of the run
        self._kept = 0
        self._gravity = STANDARD_GRAVITY_MPS2
        self._sum = self._count = 0.0
        self._integrating = False
        self._velocity = self._height = self._fastest = self._passed_s = 0.0
        self._since_s = 0.0

    def set_profile(self, profile: ExerciseProfile | None) -> None:
        """Tell what is lifted from the next step on."""
        floor = profile is None or profile.exercise in FROM_FLOOR
        self._least_m = FLOOR_RISE_M if floor else RACK_RISE_M

    def still(self, acc_up_mps2: FloatArray, *, begins: bool) -> None:
        """Learn what the bar weighs at rest."""
        self._integrating = False
        if begins:
            self._sum, self._count = 0.0, 0.0
        self._sum = float(np.cumsum(np.concatenate([[self._sum], acc_up_mps2]))[-1])
        self._count += acc_up_mps2.shape[0]

    def begin(self) -> None:
        """A run of shaken steps follows a stillness that was long enough."""
        self._gravity = self._sum / self._count
        self._velocity = self._height = self._fastest = self._passed_s = 0.0
        self._integrating = True
        if self._before:
            time_s, acc_up_mps2 = (
                np.concatenate(columns)[-self._lead :]
                for columns in zip(*self._before, strict=True)
            )
            self._since_s = float(time_s[0])
            self._integrate(time_s, acc_up_mps2)

    def stop(self) -> None:
        """Nothing is known any more."""
        self._integrating = False

    def rises(self, time_s: FloatArray, acc_up_mps2: FloatArray) -> tuple[int, float] | None:
        """First step at which the bar has risen, and when it began to; steps in order."""
        return self._integrate(time_s, acc_up_mps2) if self._integrating else None

    def remember(self, time_s: FloatArray, acc_up_mps2: FloatArray) -> None:
        """Keep the last moment of the steps."""
        self._before.append((time_s[-self._lead :].copy(), acc_up_mps2[-self._lead :].copy()))
        self._kept += self._before[-1][0].shape[0]
        while self._kept - self._before[0][0].shape[0] >= self._lead:
            self._kept -= self._before.popleft()[0].shape[0]

    def _integrate(self, time_s: FloatArray, acc_up_mps2: FloatArray) -> tuple[int, float] | None:
        dt = self._dt_s
        n = time_s.shape[0]
        velocity = _carried(self._velocity, (acc_up_mps2 - self._gravity) * dt)
        height = _carried(self._height, velocity * dt)
        fastest = np.maximum(np.maximum.accumulate(velocity), self._fastest)
        passed_s = self._passed_s + dt * np.arange(1, n + 1)
        risen = (height > self._least_m + 0.5 * ERROR_MPS2 * passed_s**2) & (
            fastest > RISE_MPS + ERROR_MPS2 * passed_s
        )
        first = int(np.argmax(risen)) if risen.any() else n
        slow = np.flatnonzero(velocity[:first] <= SLOW_MPS)
        if slow.size:
            self._since_s = float(time_s[slow[-1]])
        self._velocity, self._height = float(velocity[-1]), float(height[-1])
        self._fastest, self._passed_s = float(fastest[-1]), float(passed_s[-1])
        if first == n:
            return None
        self._integrating = False
        return first, self._since_s


def _carried(start: float, values: FloatArray) -> FloatArray:
    """Running sum that goes on from ``start``, the same for any cutting."""
    return np.asarray(np.cumsum(np.concatenate([[start], values]))[1:])


class SwingWatch:
    """Swings of the live motion (streaming)."""

    def __init__(self) -> None:
        self._sign = 0
        self._large = False
        self._from_m = 0.0
        self._since_s = 0.0

    def feed(
        self,
        time_s: FloatArray,
        velocity_mps: FloatArray,
        height_m: FloatArray,
        counts: BoolArray,
    ) -> dict[int, float]:
        """Steps at which a swing became large, with its begin.

        ``counts`` is False where no swing can be (a bar at rest or in free fall).
        """
        n = time_s.shape[0]
        with np.errstate(invalid="ignore"):
            sign = (velocity_mps > SWING_MPS).astype(np.int8) - (velocity_mps < -SWING_MPS)
        sign[~counts] = 0
        if not sign.any():
            self._sign, self._large = 0, False
            return {}
        place = np.arange(n)
        turn = np.empty(n, bool)
        turn[0] = sign[0] != self._sign
        turn[1:] = sign[1:] != sign[:-1]
        begin = np.maximum.accumulate(np.where(turn, place, -1))
        fresh = begin >= 0
        begin = np.maximum(begin, 0)
        from_m = np.where(fresh, height_m[begin], self._from_m)
        since_s = np.where(fresh, time_s[begin], self._since_s)
        with np.errstate(invalid="ignore"):
            large = (sign != 0) & (np.abs(height_m - from_m) >= SWING_M)
        before = np.concatenate([[self._large], large[:-1]])
        self._large = bool(large[-1])
        self._sign = int(sign[-1])
        self._from_m, self._since_s = float(from_m[-1]), float(since_s[-1])
        return {int(i): float(since_s[i]) for i in np.flatnonzero(large & ~before)}
