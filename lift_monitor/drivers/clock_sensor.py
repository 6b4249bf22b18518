"""Session time of sensors that have a clock.

Arrivals are looked at in blocks of host time.  The best of each block, the packet that was
held up least, goes into the line of :mod:`lift_monitor.drivers.envelope`; what lies in the
next block is mapped by that line, whatever arrives.  Hence nothing waits, nothing that was
mapped changes, and how a stream is cut into chunks has no say.  Where the line has moved
the map does not jump: it leans over to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

import numpy as np

from lift_monitor.drivers.envelope import LowerLine
from lift_monitor.units import FloatArray

BLOCK_S = 0.5
SETTLE_S = 0.5
"""A stream's first samples wait this long for one packet that was not held up (design
default: longer than nine bursts in ten)."""
SETTLE_BURSTS = 3
_APART_S = 0.02
"""Twice as long where fewer bursts came, which are that far apart (design defaults)."""
LEAN_S = 2.0
"""Time constant of a correction. Design default: what is left of 10 ms then makes the
sensor's seconds 0.5 % too long, and the velocity with them."""
EARLY_S = 0.25
"""Arriving this much before it was taken, a sample has another clock. Design default."""
LATE_S = 5.0
"""Later than any link that lives (design default)."""
BACK_S = 1.0
"""Further back than any packet that was sent twice (design default)."""
UNSURE = 0.02
"""What a hole adds to :data:`EARLY_S`, a second: clocks as far apart as is believed."""
SHIFT_S = 5.0
SHIFT_DELAY_S = 0.06
SHIFT_BLOCKS = 6
"""When all blocks of so long, at least so many, came so late, the way has become longer.
Design default: more than a connection interval, which may come and go."""
STEP_S = 0.1
"""What the way became longer by is taken in one step from here on (design default)."""
_TOGETHER = 4096
"""Samples mapped together; only speed depends on it."""
_FIRST = np.zeros(1, np.int64)
STEEPEST_LEAN = 0.5
"""No correction may turn time back (design default)."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Session times of the next samples in order, and which of them follow a jump."""

    time_s: FloatArray
    jumps: tuple[int, ...] = ()


@dataclass(slots=True)
class _Map:
    """Ticks to session time: straight, after a lean of one block."""

    tick_s: float
    time_s: float
    slope: float
    lean: float

    def __call__(self, tick_s: FloatArray) -> FloatArray:
        return _along([self], [tick_s.shape[0]], tick_s)

    def at(self, tick_s: float) -> float:
        ahead = tick_s - self.tick_s
        leaning = self.lean * min(max(ahead, 0.0), BLOCK_S)
        return self.time_s + (ahead + self.slope * ahead) + leaning


def _along(maps: list[_Map], counts: list[int], tick_s: FloatArray) -> FloatArray:
    """Map runs of ticks, each by its own map."""
    if not maps:
        return tick_s[:0]
    knots = [(m.tick_s, m.time_s, m.slope, m.lean) for m in maps]
    from_s, time_s, slope, lean = (
        knots[0] if len(maps) == 1 else np.repeat(np.array(knots), counts, axis=0).T
    )
    ahead_s = tick_s - from_s
    leaning_s = lean * np.minimum(np.maximum(ahead_s, 0.0), BLOCK_S)
    return np.asarray(time_s + (ahead_s + slope * ahead_s) + leaning_s)


class SensorClock:
    """Maps one sensor's own clock, unwrapped, to the session clock (keeps state)."""

    def __init__(self) -> None:
        self._line = LowerLine()
        self._map: _Map | None = None  # None until the first stretch has settled
        self._old: tuple[LowerLine, _Map] | None = None  # what held before a jump, on trial
        self._waiting: tuple[FloatArray, FloatArray] = (np.empty(0), np.empty(0))
        self._settling = True
        self._since_s = 0.0  # tick from which the present line has been known
        self._block = 0
        self._best: tuple[float, float, float] | None = None  # above the line, tick, delay
        self._newest_tick_s = -np.inf
        self._newest_s = -np.inf
        self._host_s = -np.inf
        self._early_s = EARLY_S
        self.resets = 0
        self.drift_ppm: float | None = None
        self.error_s: float | None = None

    def feed(self, tick_s: FloatArray, host_s: FloatArray) -> Mapped:
        """Take samples in order of arrival; return those whose time is known now.

        Samples come out in the order in which they went in, none is left out.

        Parameters
        ----------
        tick_s : (n,) array
            The sensor's clock, unwrapped.
        host_s : (n,) array
            Arrival, the same for all samples of a packet.
        """
        return self._take(tick_s, host_s, final=False)

    def finish(self) -> Mapped:
        """End of the stream: return what still waits."""
        return self._take(np.empty(0), np.empty(0), final=True)

    def _take(self, tick_s: FloatArray, host_s: FloatArray, *, final: bool) -> Mapped:
        if self._waiting[0].shape[0]:
            tick_s = np.concatenate([self._waiting[0], tick_s])
            host_s = np.concatenate([self._waiting[1], host_s])
            self._waiting = (np.empty(0), np.empty(0))
        parts: list[FloatArray] = []
        jumps: list[int] = []
        done, total = 0, int(tick_s.shape[0])
        while done < total:
            if self._settling:
                mapped = self._settle(tick_s[done:], host_s[done:], final=final)
                if mapped is None:
                    self._waiting = (tick_s[done:], host_s[done:])
                    break
            else:
                part = slice(done, done + _TOGETHER)
                mapped = self._steady(tick_s[part], host_s[part])
            jumps += [done + jump for jump in mapped.jumps]
            parts.append(mapped.time_s)
            done += int(mapped.time_s.shape[0])
        if len(parts) == 1:
            return Mapped(parts[0], tuple(jumps))
        return Mapped(np.concatenate(parts) if parts else np.empty(0), tuple(jumps))

    # --- A stretch whose offset is not yet known ---

    def _settle(self, tick_s: FloatArray, host_s: FloatArray, *, final: bool) -> Mapped | None:
        """Map the first stretch of a clock, or None as long as it may still be improved."""
        count = int(np.searchsorted(host_s, host_s[0] + SETTLE_S, side="left"))
        if np.count_nonzero(np.diff(host_s[:count]) > _APART_S) < SETTLE_BURSTS - 1:
            count = int(np.searchsorted(host_s, host_s[0] + 2.0 * SETTLE_S, side="left"))
        settled = final or count < host_s.shape[0]
        tick_s, host_s = tick_s[:count], host_s[:count]
        step_s = np.diff(tick_s)
        torn = (step_s < -BACK_S) | (step_s > BACK_S + np.diff(host_s))
        if torn.any():  # what comes after it is of another clock already
            count = int(torn.argmax()) + 1
            settled = True
        if self._old is not None:
            strays = self._strays(tick_s[: count + 1], host_s[: count + 1])
            if strays:
                self._line, self._map = self._old
                self._old, self._settling = None, False
                return Mapped(np.full(strays, self._newest_s), tuple(range(strays)))
        if not settled:
            return None
        tick_s, host_s = tick_s[:count], host_s[:count]
        jumped = self._old is not None
        if jumped:
            self._line = LowerLine(self._line.slope, SHIFT_S)
            self.resets += 1
        for part in np.array_split(np.arange(count), max(1, min(5, count // 4))):
            best = part[np.argmin(host_s[part] - tick_s[part] * (1.0 + self._line.slope))]
            self._line.add(float(tick_s[best]), float(host_s[best] - tick_s[best]))
        first_s = float(tick_s[0])
        time_s = first_s + self._line.at(first_s)
        if jumped:  # time never runs backwards, not even where clocks do
            time_s = max(time_s, float(np.nextafter(self._newest_s, np.inf)))
        self._map = _Map(first_s, time_s, self._line.slope, 0.0)
        self._old, self._settling = None, False
        self._since_s = first_s
        self._block = int(host_s[-1] // BLOCK_S)
        self._best = None
        times = self._map(tick_s)
        self._newest_tick_s = float(tick_s.max())
        self._newest_s = max(self._newest_s, float(times.max()))
        self._host_s = float(host_s[-1])
        return Mapped(times, (0,) if jumped else ())

    def _strays(self, tick_s: FloatArray, host_s: FloatArray) -> int:
        """How many samples were off the old map before one was on it again; 0 if none was."""
        assert self._old is not None
        late_s = host_s - self._old[1](tick_s)
        on = (late_s > -0.5 * EARLY_S) & (late_s < 0.5 * LATE_S) & (tick_s > self._newest_tick_s)
        return int(np.argmax(on)) if on.any() else 0

    # --- A stretch whose line is known ---

    def _steady(self, tick_s: FloatArray, host_s: FloatArray) -> Mapped:
        """Map samples up to the first that does not belong to this clock."""
        newest_s = np.maximum(np.maximum.accumulate(tick_s), self._newest_tick_s)
        back_s = newest_s - tick_s
        total = int(tick_s.shape[0])
        if back_s.max() > BACK_S:
            total = int((back_s > BACK_S).argmax())
        delay_s = host_s[:total] - tick_s[:total]
        block = np.floor_divide(host_s[:total], BLOCK_S)
        starts = np.flatnonzero(block[1:] != block[:-1]) + 1
        if total:
            starts = np.concatenate([_FIRST, starts])
        counts: list[int] = []
        maps: list[_Map] = []
        jumps: list[int] = []
        for begin, end, number, shortest_s, longest_s in zip(
            starts.tolist(),
            [*starts[1:].tolist(), total] if total else [],
            block[starts].tolist(),
            np.minimum.reduceat(delay_s, starts).tolist(),
            np.maximum.reduceat(delay_s, starts).tolist(),
            strict=True,
        ):
            if number > self._block:
                if self._close():
                    jumps.append(begin)
                self._block = number
                hole_s = max(0.0, float(host_s[begin]) - self._host_s)
                self._early_s = EARLY_S + UNSURE * hole_s
            assert self._map is not None
            map_, stop, until_s = self._map, end, float(newest_s[end - 1])
            # A look at the edges of a block spares the look at each of its samples.
            due_s = map_.at(until_s) - until_s
            span_s = until_s - self._newest_tick_s + BACK_S
            slack_s = abs(map_.slope) * span_s + abs(map_.lean) * BLOCK_S
            sure = slack_s - self._early_s < shortest_s - due_s
            if not (sure and longest_s - due_s < LATE_S - slack_s):
                late_s = host_s[begin:end] - map_(tick_s[begin:end])
                off = (late_s < -self._early_s) | (late_s > LATE_S)
                stop = begin + int(off.argmax()) if off.any() else end
            if stop > begin:
                self._note(tick_s[begin:stop], delay_s[begin:stop])
                self._newest_tick_s = float(newest_s[stop - 1])
                self._host_s = float(host_s[stop - 1])
                counts.append(stop - begin)
                maps.append(map_)
            if stop < end:
                total = stop
                break
        if self._map is not None:
            self._newest_s = max(self._newest_s, self._map.at(self._newest_tick_s))
        if total < tick_s.shape[0]:
            assert self._map is not None
            self._old, self._settling = (self._line, self._map), True
        # A jump before a sample that was not mapped is told with that sample.
        told = tuple(jump for jump in jumps if jump < total)
        return Mapped(_along(maps, counts, tick_s[:total]), told)

    def _note(self, tick_s: FloatArray, delay_s: FloatArray) -> None:
        """Keep the packet of this block that was held up least."""
        above_s = delay_s - self._line.slope * tick_s
        best = int(above_s.argmin())
        if self._best is None or above_s[best] < self._best[0]:
            self._best = (float(above_s[best]), float(tick_s[best]), float(delay_s[best]))

    def _close(self) -> bool:
        """End a block: its best packet moves the line, and the map leans over to it.

        Returns whether the map had to jump.
        """
        assert self._map is not None
        if self._best is None:
            return False
        _, tick_s, delay_s = self._best
        self._best = None
        line, now_s = self._line, self._newest_tick_s
        line.add(tick_s, delay_s)
        recent_s = line.residuals_s(now_s - SHIFT_S)
        shifted = len(recent_s) >= SHIFT_BLOCKS and min(recent_s) > SHIFT_DELAY_S
        if shifted:
            line.restart_at(now_s - SHIFT_S)
            self._since_s = now_s
        time_s = self._map.at(now_s)
        behind_s = now_s + line.at(now_s) - time_s
        if jump := shifted and behind_s > STEP_S:
            time_s, behind_s = time_s + behind_s, 0.0
            self.resets += 1
        lean_s = min(max(0.5 * (now_s - self._since_s), BLOCK_S), LEAN_S)
        lean = min(max(behind_s / lean_s, -STEEPEST_LEAN), STEEPEST_LEAN)
        self._map = _Map(now_s, time_s, line.slope, lean)
        self.error_s = fmean(recent_s) if len(recent_s) > 1 else None
        self.drift_ppm = -1e6 * line.slope / (1.0 + line.slope)
        return jump
