"""The last seconds of a trace, ready to draw. Pure numpy."""

from __future__ import annotations

from typing import Final

import numpy as np

from lift_monitor.samples import Quality
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.units import BoolArray, FloatArray

WINDOW_S: Final = 10.0
"""What a live trace shows (screen conventions, 22)."""
SPINE_S: Final = 30.0
"""Longer than a slow repetition, so that its worst can be found when it has ended."""
_GAP_S: Final = 0.25
"""A longer pause between two analysis steps is drawn as a hole even if nobody marked it."""


class Ring:
    """Keeps a window of rows; holes are NaN and stay holes.

    Parameters
    ----------
    columns : int
        Of a row, its time first; a hole is where the second is NaN.
    window_s : float
        How much is kept.
    capacity : int
        Most rows kept; 10 s at up to 800 steps a second by default.
    """

    def __init__(self, columns: int, window_s: float = WINDOW_S, capacity: int = 8192) -> None:
        self._window_s = window_s
        self._capacity = capacity
        # Twice the capacity, so that the window is always one contiguous slice.
        self._rows = np.empty((2 * capacity, columns))
        self._start = self._end = 0

    def __len__(self) -> int:
        return self._end - self._start

    def clear(self) -> None:
        """Forget everything."""
        self._start = self._end = 0

    def append_rows(self, rows: FloatArray) -> None:
        """Take (n, columns) more; a jump in time puts a NaN between, so nothing is bridged."""
        if len(rows) == 0:
            return
        if len(self) and rows[0, 0] <= self._rows[self._end - 1, 0]:
            self.clear()  # time went back without a reset: never draw a line backwards
        before = self._rows[self._end - 1 : self._end] if len(self) else rows[:1]
        times = np.concatenate([before[:, 0], rows[:, 0]])
        jumps = np.flatnonzero(np.diff(times) > _GAP_S)
        if jumps.size:
            holes = np.full((jumps.size, rows.shape[1]), np.nan)
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

    def column(self, index: int) -> FloatArray:
        """(n,) one column."""
        return self._rows[self._start : self._end, index]

    @property
    def time_s(self) -> FloatArray:
        """(n,) session times."""
        return self.column(0)

    @property
    def last_s(self) -> float | None:
        """Time of the newest step that holds a value."""
        good = np.flatnonzero(np.isfinite(self.column(1)))
        return float(self.time_s[good[-1]]) if good.size else None

    def holes(self, now_s: float) -> tuple[tuple[float, float], ...]:
        """Intervals without data, oldest first; an open hole at the right end counts too."""
        return self.holes_of(1, now_s)

    def holes_of(self, index: int, now_s: float) -> tuple[tuple[float, float], ...]:
        """The same for another column than the second."""
        times, bad = self.time_s, ~np.isfinite(self.column(index))
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


class TraceRing(Ring):
    """Velocity and height of the bar."""

    def __init__(self, window_s: float = WINDOW_S, capacity: int = 8192) -> None:
        super().__init__(3, window_s, capacity)

    def append(self, block: TraceBlock) -> None:
        """Take the next steps."""
        rows = np.column_stack([block.time_s, block.velocity_mps, block.height_m])
        rows[(block.quality & int(Quality.GAP)) != 0, 1:] = np.nan
        self.append_rows(rows)

    @property
    def velocity_mps(self) -> FloatArray:
        """(n,) velocities, NaN in holes."""
        return self.column(1)

    @property
    def height_m(self) -> FloatArray:
        """(n,) heights, NaN in holes."""
        return self.column(2)


class SpineRing(Ring):
    """Angles of the trunk, and whether a step counts as under load."""

    def __init__(self) -> None:
        super().__init__(5, SPINE_S, 4096)

    def append(self, block: SpineBlock, counts: BoolArray) -> None:
        """Take the next steps; (n,) ``counts`` where the bar is not known to be supported."""
        self.append_rows(
            np.column_stack(
                [
                    block.time_s,
                    block.lumbar_flexion_deg,
                    block.trunk_lean_deg,
                    block.axial_rate_dps,
                    counts,
                ]
            )
        )

    def count_from(self, since_s: float, counts: bool) -> None:
        """Steps since then count under load after all, or do not."""
        self.column(4)[self.time_s >= since_s] = float(counts)

    def worst(
        self, index: int, start_s: float, end_s: float = np.inf, *, both_signs: bool = False
    ) -> float | None:
        """Largest value of a column under load in a stretch of time; ``None`` without any."""
        inside = slice(*np.searchsorted(self.time_s, [start_s, end_s], side="right"))
        values = self.column(index)[inside][self.column(4)[inside] > 0.0]
        values = values[np.isfinite(values)]
        if not values.size:
            return None
        return float(np.abs(values).max() if both_signs else values.max())
