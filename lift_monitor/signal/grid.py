"""From samples as they came to a steady grid of analysis steps.

Real Bluetooth delivers samples unevenly, in bunches, repeated and with holes.  Everything
after this module may rely on a constant step; what was done to get there is marked.

Rules
-----
* What carries no information is left out by :mod:`lift_monitor.signal.intake`.
* The step is the sensor's own: the median spacing of the first two seconds when that is
  steady, raised to at least 50 Hz by a whole factor.  Where the spacing is uneven (times of
  arrival) it is 100 Hz.
* Values between two samples are interpolated linearly. Between samples further apart than
  :data:`HOLE_S` nothing is made up: the steps of the hole carry NaN and
  :attr:`Quality.GAP`, and after a hole longer than :data:`BREAK_S` a new segment begins.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.intake import BREAK_S, Intake, StreamCounts
from lift_monitor.units import BoolArray, FloatArray, QualityArray

SETTLE_S = 2.0
"""Stretch from which the rate is found. Design default."""
HOLE_S = 1.0
"""Longest spacing that is bridged by a straight line. Design default: half a slow lift."""
MIN_RATE_HZ = 50.0
MAX_RATE_HZ = 400.0
UNEVEN_RATE_HZ = 100.0
_SPARSE_S = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class GridBlock:
    """Consecutive analysis steps.

    ``acc_sensor_mps2`` and ``gyr_sensor_radps`` are NaN inside holes. ``spacing_s`` is the
    distance of the two received samples around a step; ``fresh`` counts the samples that
    became known at a step (those that a decoder interpolated do not count).
    """

    time_s: FloatArray
    acc_sensor_mps2: FloatArray
    gyr_sensor_radps: FloatArray
    spacing_s: FloatArray
    fresh: FloatArray
    quality: QualityArray
    starts_segment: BoolArray
    """True at the first step after the start or after a break (time jumps there)."""

    def __len__(self) -> int:
        return int(self.time_s.shape[0])

    def part(self, start: int, stop: int) -> GridBlock:
        """The steps from ``start`` up to ``stop``."""
        return GridBlock(*(getattr(self, f.name)[start:stop] for f in fields(self)))


def estimate_rate(time_s: FloatArray) -> tuple[float, bool]:
    """Find the grid's rate in Hz and whether the stream is steady, from sample times."""
    spacing = np.diff(time_s)
    if spacing.shape[0] < 4:
        return UNEVEN_RATE_HZ, False
    median = float(np.median(spacing))
    steady = float(np.percentile(spacing, 80)) <= 1.5 * median and (
        float(np.percentile(spacing, 20)) >= 0.5 * median
    )
    if not steady:
        return UNEVEN_RATE_HZ, False
    rate = 1.0 / median
    if rate < MIN_RATE_HZ:
        rate *= np.ceil(MIN_RATE_HZ / rate - 1e-6)
    return min(rate, MAX_RATE_HZ), True


class Resampler:
    """Streaming resampler; identical steps for any chunking.

    Attributes
    ----------
    dt_s : float or None
        The step, once known.
    steady : bool
        Whether the sensor's own times were evenly spaced.
    """

    def __init__(
        self, acc_range_mps2: float | None = None, gyr_range_radps: float | None = None
    ) -> None:
        self._intake = Intake(acc_range_mps2, gyr_range_radps)
        self.dt_s: float | None = None
        self.steady = False
        self._rows = np.empty((0, 7))  # kept samples not yet behind the grid
        self._marks = np.empty(0, np.uint16)
        self._known_before = 0
        self._last_known = 0
        self._origin_s = 0.0
        self._next_step = 0
        self._new_segment = True

    @property
    def counts(self) -> StreamCounts:
        """Counts of the stream as received."""
        return self._intake.counts

    def feed(self, chunk: ImuChunk) -> GridBlock:
        """Take samples, return the steps that they complete."""
        self._keep(*self._intake.accept(chunk))
        if self.dt_s is None and not self._settle(final=False):
            return self._none()
        return self._advance()

    def finish(self) -> GridBlock:
        """The steps up to the last sample, even of a stream shorter than the settling."""
        self._keep(*self._intake.finish())
        if self.dt_s is None and not self._settle(final=True):
            return self._none()
        return self._advance()

    def _keep(self, rows: FloatArray, marks: QualityArray) -> None:
        if rows.shape[0]:
            self._rows = np.concatenate([self._rows, rows])
            self._marks = np.concatenate([self._marks, marks])

    def _settle(self, *, final: bool) -> bool:
        rows = self._rows
        if rows.shape[0] < 2:
            return False
        head = int(np.searchsorted(rows[:, 0], rows[0, 0] + SETTLE_S, side="right"))
        if head == rows.shape[0] and not final:
            return False  # the settling stretch is over when a later sample has come
        rate, self.steady = estimate_rate(rows[:head, 0])
        self.dt_s = 1.0 / rate
        self._origin_s = float(rows[0, 0])
        return True

    def _advance(self) -> GridBlock:
        blocks = []
        while self._rows.shape[0] >= 2:
            gaps = np.diff(self._rows[:, 0])
            breaks = np.flatnonzero(gaps > BREAK_S)
            stop = int(breaks[0]) + 1 if breaks.size else self._rows.shape[0]
            if stop >= 2:
                blocks.append(self._interpolate(self._rows[:stop], self._marks[:stop]))
            self._forget(stop - 1)
            if not breaks.size:
                break
            self._forget(1)
            self._origin_s, self._next_step = float(self._rows[0, 0]), 0
            self._new_segment = True
        if not blocks:
            return self._none()
        if len(blocks) == 1:
            return blocks[0]
        return GridBlock(
            *(np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(GridBlock))
        )

    def _interpolate(self, rows: FloatArray, marks: QualityArray) -> GridBlock:
        """Steps strictly before the last sample; each depends on its two neighbours only."""
        assert self.dt_s is not None
        t = rows[:, 0].copy()
        last = int(np.ceil((t[-1] - self._origin_s) / self.dt_s)) + 1
        steps = np.arange(self._next_step, max(last, self._next_step))
        time_s = self._origin_s + steps * self.dt_s
        time_s = time_s[time_s < t[-1]]
        n = time_s.shape[0]
        if n == 0:
            return self._none()
        self._next_step += n
        right = np.searchsorted(t, time_s, side="right")
        left = right - 1
        before, after = rows.take(left, axis=0), rows.take(right, axis=0)
        spacing = after[:, 0] - before[:, 0]
        weight = ((time_s - before[:, 0]) / spacing)[:, None]
        values = before + (after - before) * weight
        quality = marks[left] | marks[right]
        assert self.dt_s is not None
        quality[spacing > 1.5 * self.dt_s] |= np.uint16(Quality.INTERPOLATED)
        quality[spacing > _SPARSE_S] |= np.uint16(Quality.GAP)
        values[spacing > HOLE_S] = np.nan
        starts = np.zeros(n, bool)
        starts[0] = self._new_segment
        self._new_segment = False
        known = np.cumsum((marks & Quality.INTERPOLATED) == 0) + self._known_before
        fresh = np.diff(known[left], prepend=self._last_known).astype(np.float64)
        self._last_known = int(known[left[-1]])
        acc, gyr = values[:, 1:4], values[:, 4:]
        return GridBlock(time_s, acc, gyr, spacing, fresh, quality, starts)

    def _forget(self, n: int) -> None:
        self._known_before += int(((self._marks[:n] & Quality.INTERPOLATED) == 0).sum())
        self._rows, self._marks = self._rows[n:], self._marks[n:]

    @staticmethod
    def _none() -> GridBlock:
        return GridBlock(
            np.empty(0),
            np.empty((0, 3)),
            np.empty((0, 3)),
            np.empty(0),
            np.empty(0),
            np.empty(0, np.uint16),
            np.empty(0, bool),
        )
