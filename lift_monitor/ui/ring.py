"""The last seconds of a trace, ready to draw. Pure numpy."""

from __future__ import annotations

from typing import Final

import numpy as np

from lift_monitor.samples import Quality
from lift_monitor.signal.pipeline import TraceBlock
from lift_monitor.units import FloatArray

WINDOW_S: Final = 10.0
"""What a live trace shows (screen conventions, 22)."""
_GAP_S: Final = 0.25
"""A longer pause between two analysis steps is drawn as a hole even if nobody marked it."""


class TraceRing:
    """Keeps a window of velocity and height; holes are NaN and stay holes.

    Parameters
    ----------
    window_s : float
        How much is kept.
    capacity : int
        Most steps kept; 10 s at up to 800 steps a second by default.
    """

    def __init__(self, window_s: float = WINDOW_S, capacity: int = 8192) -> None:
        self._window_s = window_s
        self._capacity = capacity
        # Twice the capacity, so that the window is always one contiguous slice.
        self._rows = np.empty((2 * capacity, 3))
        self._start = self._end = 0

    def __len__(self) -> int:
        return self._end - self._start

    def clear(self) -> None:
        """Forget everything."""
        self._start = self._end = 0

    def append(self, block: TraceBlock) -> None:
        """Take the next steps; a jump in time puts a NaN between, so nothing is bridged."""
        if len(block) == 0:
            return
        rows = np.column_stack([block.time_s, block.velocity_mps, block.height_m])
        rows[(block.quality & int(Quality.GAP)) != 0, 1:] = np.nan
        if len(self) and rows[0, 0] <= self._rows[self._end - 1, 0]:
            self.clear()  # time went back without a reset: never draw a line backwards
        before = self._rows[self._end - 1 : self._end] if len(self) else rows[:1]
        times = np.concatenate([before[:, 0], rows[:, 0]])
        jumps = np.flatnonzero(np.diff(times) > _GAP_S)
        if jumps.size:
            holes = np.full((jumps.size, 3), np.nan)
            holes[:, 0] = 0.5 * (times[jumps] + times[jumps + 1])
            rows = np.insert(rows, jumps, holes, axis=0)
        rows = rows[-self._capacity :]
        if self._end + rows.shape[0] > self._rows.shape[0]:
            keep = min(len(self), self._capacity)
            self._rows[:keep] = self._rows[self._end - keep : self._end].copy()
            self._start, self._end = 0, keep
        self._rows[self._end : self._end + rows.shape[0]] = rows
        self._end += rows.shape[0]
        oldest = self._rows[self._end - 1, 0] - self._window_s
        kept = self._rows[self._start : self._end, 0]
        self._start += int(np.searchsorted(kept, oldest))
        self._start = max(self._start, self._end - self._capacity)

    @property
    def time_s(self) -> FloatArray:
        """(n,) session times."""
        return self._rows[self._start : self._end, 0]

    @property
    def velocity_mps(self) -> FloatArray:
        """(n,) velocities, NaN in holes."""
        return self._rows[self._start : self._end, 1]

    @property
    def height_m(self) -> FloatArray:
        """(n,) heights, NaN in holes."""
        return self._rows[self._start : self._end, 2]

    @property
    def last_s(self) -> float | None:
        """Time of the newest step that holds a value."""
        good = np.flatnonzero(np.isfinite(self.velocity_mps))
        return float(self.time_s[good[-1]]) if good.size else None

    def holes(self, now_s: float) -> tuple[tuple[float, float], ...]:
        """Intervals without data, oldest first; an open hole at the right end counts too."""
        times, bad = self.time_s, ~np.isfinite(self.velocity_mps)
        if times.size == 0:
            return ()
        edges = np.flatnonzero(np.diff(np.concatenate([[False], bad, [False]]).astype(np.int8)))
        found = []
        for first, after in zip(edges[::2], edges[1::2], strict=True):
            start = times[first - 1] if first else times[first]
            end = times[after] if after < times.size else times[-1]
            if end - start > _GAP_S:
                found.append((float(start), float(end)))
        newest = float(times[-1])
        if now_s - newest > 2 * _GAP_S:
            if found and found[-1][1] >= newest:
                found[-1] = (found[-1][0], now_s)
            else:
                found.append((newest, now_s))
        return tuple(found)
