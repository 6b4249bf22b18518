"""Whether the lifter bears the bar, from the bar's own sensor.

Three kinds of evidence, the same for everybody:

* A bar on the floor, in the rack or on hooks is *still*, more so than any hands could hold it
  (:mod:`lift_monitor.signal.bar_load_level`).  Still for long enough means unloaded, since the
  last blow before or, without one, since it became still.
* A bar that *rises* from its support is borne, since it began to rise.  Shaking alone does
  not tell: people grip, push and load bars that they do not lift.  So a bar that is shaken
  for long without rising is not known to be unloaded any more.
* A bar in *free fall* is borne by nobody.

Where the stream has a hole, or is too thin to show stillness, nothing new is learned, and
after a while nothing is known.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from lift_monitor.events import Event
from lift_monitor.signal.bar_load_level import ShakeLevel, Shaking
from lift_monitor.signal.bar_load_rise import AFTER_FALL_S, RiseWatch, SwingWatch
from lift_monitor.signal.exercises import ExerciseProfile
from lift_monitor.signal.grid import GridBlock
from lift_monitor.signal.load_line import LoadBlock
from lift_monitor.technique import Load, LoadChanged
from lift_monitor.units import BoolArray, FloatArray, IndexArray

# Design defaults.
STILL_LONG: Final = 2.25
"""Scatter squared in the long window, where sway has time to show, that is still."""
LOUD: Final = 4.0
"""The same in the short window from which the long one is not asked."""
STILL_S: Final = 0.25
"""Still for so long, beside the window in which the scatter is taken, is supported."""
STILL_AFTER_BLOW_S: Final = 0.06
"""The same after a blow: it was put down."""
BLOW: Final = 100.0
"""Scatter (squared) from which it is one: ten times what a supported bar may show."""
BEFORE_S: Final = 0.6
"""A blow belongs to the stillness that follows so soon."""
RING_S: Final = 0.15
"""Bar and plates ring for about so long after they were put down."""
SHAKEN_S: Final = 4.0
"""Shaken for so long without a rise: it may be in somebody's hands after all."""
BLIND_S: Final = 1.0
"""Too few samples for so long: nothing is known. In a hole it is so at once."""
FALL_MPS2: Final = 1.5
"""All three axes together: a lowered bar still weighs something, a dropped one nothing."""
FALL_S: Final = 0.15
FALL_MPS: Final = 0.5
"""Downwards; the top of a lift done with a jerk is light for a moment, too."""

_STILL, _SHAKEN, _BLIND, _HOLE = range(4)


class LoadTracker:
    """Streaming state of the load for one run of steps; identical for any chunking.

    Parameters
    ----------
    dt_s : float
        Step of the grid.
    profile : ExerciseProfile or None
        ``None`` for what has no repetitions of a bar.
    """

    def __init__(self, dt_s: float, profile: ExerciseProfile | None) -> None:
        self._dt_s = dt_s
        self._level = ShakeLevel(dt_s)
        self._rise = RiseWatch(dt_s, profile)
        self._swing = SwingWatch()
        (
            self._still,
            self._still_after_blow,
            self._shaken,
            self._blind,
            self._fall,
            self._after_fall,
        ) = (
            max(1, round(span_s / dt_s))
            for span_s in (STILL_S, STILL_AFTER_BLOW_S, SHAKEN_S, BLIND_S, FALL_S, AFTER_FALL_S)
        )
        self._first_s = math.nan
        self._kind = _BLIND
        self._begin_s = 0.0  # of the run of steps of that kind
        self._length = 0
        self._lag_s = 0.0
        self._unborne = 0  # step of the run since when nobody may have borne it
        self._unborne_s = 0.0
        self._blow_s = self._since_s = -math.inf
        self._fell = 0  # steps in free fall up to now
        self._bouncing = 0  # steps for which it may still bounce
        self.load = Load.UNKNOWN
        self.last_s = 0.0
        """Time of the last step."""

    def set_profile(self, profile: ExerciseProfile | None) -> None:
        """Go on with another exercise; what is known of the load stays."""
        self._rise.set_profile(profile)

    def feed(
        self,
        block: GridBlock,
        acc_up_mps2: FloatArray,
        velocity_mps: FloatArray,
        height_m: FloatArray,
    ) -> tuple[list[Event], LoadBlock]:
        """Take the next steps.

        Parameters
        ----------
        block : GridBlock
        acc_up_mps2 : (n,) array
            Specific force along the world's up; NaN in holes.
        velocity_mps, height_m : (n,) array
            The live motion; NaN in holes.

        Returns
        -------
        events : list of LoadChanged
        block : LoadBlock
            What was known of the load at each step, at that step.
        """
        n = len(block)
        load = np.empty(n, np.int8)
        events: list[Event] = []
        if not n:
            return events, LoadBlock(block.time_s, load)
        time_s = block.time_s
        if math.isnan(self._first_s):
            self._first_s = float(time_s[0])
        shaking = self._level.feed(block)
        kind, lag_s = self._kinds(shaking, np.isnan(acc_up_mps2))
        falls, bounces = self._falls(time_s, block.acc_sensor_mps2, velocity_mps)
        swings = self._swing.feed(time_s, velocity_mps, height_m, (kind == _SHAKEN) & ~bounces)
        cuts = (np.flatnonzero(np.diff(kind)) + 1).tolist()
        for start, stop in zip([0, *cuts], [*cuts, n], strict=True):
            part = slice(start, stop)
            if start or kind[0] != self._kind:
                self._turn(int(kind[start]), float(time_s[start]), float(lag_s[start]))
            at = start
            for step, state, since_s in self._found(part, time_s, acc_up_mps2, swings, falls):
                load[at:step] = self.load
                at = step
                if state is self.load or self._keeps(state):
                    continue
                self.load = state
                self._since_s = max(since_s, self._since_s)
                events.append(LoadChanged(float(time_s[step]), state, self._since_s))
            load[at:stop] = self.load
            self._length += stop - start
            if kind[start] == _SHAKEN:
                self._note_blows(time_s[part], shaking.short[part])
            self._rise.remember(time_s[part], acc_up_mps2[part])
        self.last_s = float(time_s[-1])
        return events, LoadBlock(time_s, load)

    def _kinds(self, shaking: Shaking, hole: BoolArray) -> tuple[IndexArray, FloatArray]:
        """Kind of each step, and how long before it a stillness that it shows began."""
        short, long = shaking.short, shaking.long
        with np.errstate(invalid="ignore"):
            still = short < 1.0
            long_still = shaking.thin & (long < STILL_LONG) & ~(short >= LOUD) & ~still
            shaken = (short >= 1.0) | (long >= STILL_LONG)
        kind = np.where(still | long_still, _STILL, np.where(shaken, _SHAKEN, _BLIND))
        kind[hole] = _HOLE
        return kind, np.where(long_still, self._level.long_s, self._level.window_s)

    def _note_blows(self, time_s: FloatArray, level: FloatArray) -> None:
        blows = np.flatnonzero(level >= BLOW)
        if blows.size:
            self._blow_s = float(time_s[blows[-1]])

    def _turn(self, kind: int, time_s: float, lag_s: float) -> None:
        """A run of steps of another kind begins."""
        if kind == _SHAKEN and self._kind == _STILL and self._length >= self._still_after_blow:
            self._rise.begin()
        elif kind in (_BLIND, _HOLE):
            self._rise.stop()
        self._kind, self._begin_s, self._length, self._lag_s = kind, time_s, 0, lag_s
        self._unborne, self._unborne_s = 0, time_s

    def _keeps(self, state: Load) -> bool:
        """A bar that is borne is shaken: that does not make its load unknown."""
        return self._kind == _SHAKEN and state is Load.UNKNOWN and self.load is Load.LOADED

    def _found(
        self,
        part: slice,
        time_s: FloatArray,
        acc_up_mps2: FloatArray,
        swings: dict[int, float],
        falls: dict[int, float],
    ) -> list[tuple[int, Load, float]]:
        """What the steps of one run make known: step, state, since when; in order."""
        n = part.stop - part.start
        if self._kind == _STILL:
            self._rise.still(acc_up_mps2[part], begins=self._length == 0)
            blown = self._begin_s - self._blow_s <= BEFORE_S
            at = (self._still_after_blow if blown else self._still) - 1 - self._length
            return [(part.start + at, Load.UNLOADED, self._put_down_s())] if 0 <= at < n else []
        if self._kind in (_BLIND, _HOLE):
            at = (self._blind - 1 if self._kind == _BLIND else 0) - self._length
            return [(part.start + at, Load.UNKNOWN, self._begin_s)] if 0 <= at < n else []
        inside = range(part.start, part.stop)
        found = [(step, Load.LOADED, since_s) for step, since_s in swings.items() if step in inside]
        fallen = [
            (step, Load.UNLOADED, since_s) for step, since_s in falls.items() if step in inside
        ]
        rise = self._rise.rises(time_s[part], acc_up_mps2[part])
        if rise is not None and not (fallen and fallen[0][0] <= part.start + rise[0]):
            found.append((part.start + rise[0], Load.LOADED, rise[1]))
        if fallen:
            self._rise.stop()
        for step, _, since_s in fallen:
            found.extend(self._long_shaken(part, step))
            self._unborne, self._unborne_s = self._length + step - part.start, since_s
        found.extend(self._long_shaken(part, part.stop))
        return sorted([*found, *fallen], key=lambda told: told[:2])

    def _long_shaken(self, part: slice, stop: int) -> list[tuple[int, Load, float]]:
        at = part.start + self._unborne + self._shaken - 1 - self._length
        return [(at, Load.UNKNOWN, self._unborne_s)] if part.start <= at < stop else []

    def _put_down_s(self) -> float:
        # The window was still when all ringing had left it.
        return float(max(self._begin_s - self._lag_s - RING_S, self._first_s))

    def _falls(
        self, time_s: FloatArray, acc_sensor_mps2: FloatArray, velocity_mps: FloatArray
    ) -> tuple[dict[int, float], BoolArray]:
        """Steps at which a fall is seen, with its begin, and those that may be of a bounce."""
        n = time_s.shape[0]
        falling = np.square(acc_sensor_mps2).sum(axis=1) < FALL_MPS2**2
        if not falling.any() and self._bouncing <= 0:
            self._fell = 0
            return {}, np.zeros(n, bool)
        place = np.arange(n)
        last_held = np.maximum.accumulate(np.where(falling, -1, place))
        count = np.where(last_held < 0, place + 1 + self._fell, place - last_held)
        seen = np.flatnonzero(falling & (count == self._fall) & (velocity_mps < -FALL_MPS))
        last_fallen = np.maximum.accumulate(np.where(falling, place, -1))
        since_fall = np.where(
            last_fallen < 0, place + 1 + self._after_fall - self._bouncing, place - last_fallen
        )
        self._fell = int(count[-1]) if falling[-1] else 0
        self._bouncing = self._after_fall - int(since_fall[-1])
        begin_s = {int(i): float(time_s[i]) - (self._fall - 1) * self._dt_s for i in seen}
        return begin_s, since_fall < self._after_fall
