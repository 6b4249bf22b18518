"""From samples as they came to a steady grid of analysis steps.

Real Bluetooth delivers samples unevenly, in bunches, repeated and with holes.  Everything
after this module may rely on a constant step; what was done to get there is marked.

Rules
-----
* A sample whose time is far ahead while its successor's is not, and one that is not newer
  than its predecessor, are dropped and counted as clock jumps; a
  sample with a value that is not finite, or that no sensor can give, is dropped and counted.
* A sample bit-identical to its predecessor within 0.1 s is a stale value sent again: it is
  counted as repeated and carries no information. (A sensor lying still may honestly repeat
  itself; after 0.1 s the value is taken again.)
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
from lift_monitor.units import BoolArray, FloatArray, QualityArray

SETTLE_S = 2.0
"""Stretch from which the rate is found. Design default."""
HOLE_S = 1.0
"""Longest spacing that is bridged by a straight line. Design default: half a slow lift."""
BREAK_S = 20.0
"""A longer hole ends whatever was going on. Design default: longer than a pause in a set."""
MIN_RATE_HZ = 50.0
MAX_RATE_HZ = 400.0
UNEVEN_RATE_HZ = 100.0
LARGEST_VALUE = 1e5
"""m/s^2 or rad/s; what is larger is no measurement (a torn packet, a wrong unit)."""
_STALE_S = 0.1
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


class StreamCounts:
    """Running counts of the stream as received."""

    def __init__(self) -> None:
        self.samples = 0
        self.repeated = 0
        self.saturated = 0
        self.not_newer = 0
        self.not_finite = 0
        self.first_s: float | None = None
        self.last_s = 0.0
        self.longest_gap_s = 0.0

    @property
    def duration_s(self) -> float:
        """From the first to the last sample."""
        return 0.0 if self.first_s is None else self.last_s - self.first_s


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
        self.counts = StreamCounts()
        self.dt_s: float | None = None
        self.steady = False
        self._acc_limit = None if acc_range_mps2 is None else 0.999 * acc_range_mps2
        self._gyr_limit = None if gyr_range_radps is None else 0.999 * gyr_range_radps
        self._held: tuple[FloatArray, QualityArray] | None = None  # a sample far ahead
        self._last_row: FloatArray | None = None  # last sample seen, for repeats
        self._last_kept_s = -np.inf
        self._rows = np.empty((0, 7))  # kept samples not yet behind the grid
        self._marks = np.empty(0, np.uint16)
        self._known_before = 0
        self._last_known = 0
        self._origin_s = 0.0
        self._next_step = 0
        self._new_segment = True

    def feed(self, chunk: ImuChunk) -> GridBlock:
        """Take samples, return the steps that they complete."""
        self._keep(*self._accept(chunk))
        if self.dt_s is None and not self._settle(final=False):
            return self._none()
        return self._advance()

    def finish(self) -> GridBlock:
        """The steps up to the last sample, even of a stream shorter than the settling."""
        if self._held is not None:
            held, self._held = self._held, None
            self._keep(*self._take(*held))
        if self.dt_s is None and not self._settle(final=True):
            return self._none()
        return self._advance()

    def _keep(self, rows: FloatArray, marks: QualityArray) -> None:
        if rows.shape[0]:
            self._rows = np.concatenate([self._rows, rows])
            self._marks = np.concatenate([self._marks, marks])

    def _without_strays(
        self, rows: FloatArray, marks: QualityArray
    ) -> tuple[FloatArray, QualityArray]:
        """Drop a sample whose time is far ahead if its successor's is not.

        One wrong time would else make every later sample seem old, and the stream fall
        silent. The last sample, if far ahead, is held until its successor is known.
        """
        if self._held is not None:
            rows = np.concatenate([self._held[0], rows])
            marks = np.concatenate([self._held[1], marks])
            self._held = None
        time = rows[:, 0]
        stray = np.zeros(time.shape[0], bool)
        at, newest = 0, self._newest_s
        while at < time.shape[0]:
            before = np.maximum.accumulate(np.concatenate([[newest], time[at:-1]]))
            ahead = np.flatnonzero(time[at:] - before > BREAK_S)
            if not ahead.size:
                break
            i = at + int(ahead[0])
            if i + 1 == time.shape[0]:
                self._held = (rows[i:], marks[i:])
                self.counts.not_newer += int(stray.sum())
                return rows[:i][~stray[:i]], marks[:i][~stray[:i]]
            stray[i] = time[i + 1] < time[i]
            newest = float(before[ahead[0]]) if stray[i] else float(time[i])
            at = i + 1
        self.counts.not_newer += int(stray.sum())
        return rows[~stray], marks[~stray]

    def _accept(self, chunk: ImuChunk) -> tuple[FloatArray, QualityArray]:
        """Drop what carries no information and count why."""
        n = len(chunk)
        counts = self.counts
        if n == 0:
            return np.empty((0, 7)), np.empty(0, np.uint16)
        counts.samples += n
        rows = np.column_stack([chunk.time_s, chunk.acc_sensor_mps2, chunk.gyr_sensor_radps])
        marks = chunk.quality.copy()
        finite = np.isfinite(rows[:, 0]) & (np.abs(rows[:, 1:]) <= LARGEST_VALUE).all(axis=1)
        counts.not_finite += int(n - finite.sum())
        return self._take(*self._without_strays(rows[finite], marks[finite]))

    def _take(self, rows: FloatArray, marks: QualityArray) -> tuple[FloatArray, QualityArray]:
        counts = self.counts
        if rows.shape[0] == 0:
            return rows, marks
        newest = np.maximum.accumulate(rows[:, 0])
        before = np.concatenate([[self._newest_s], newest[:-1]])
        before = np.maximum(before, self._newest_s)
        newer = rows[:, 0] > before
        counts.not_newer += int(rows.shape[0] - newer.sum())
        rows, marks = rows[newer], marks[newer]
        if rows.shape[0] == 0:
            return rows, marks
        self._count_times(rows[:, 0])
        if self._acc_limit is not None:
            marks[(np.abs(rows[:, 1:4]) >= self._acc_limit).any(axis=1)] |= np.uint16(
                Quality.ACC_SATURATED
            )
        if self._gyr_limit is not None:
            marks[(np.abs(rows[:, 4:7]) >= self._gyr_limit).any(axis=1)] |= np.uint16(
                Quality.GYR_SATURATED
            )
        saturated = (marks & (Quality.ACC_SATURATED | Quality.GYR_SATURATED)) != 0
        counts.saturated += int(saturated.sum())
        fresh = self._not_stale(rows)
        return rows[fresh], marks[fresh]

    @property
    def _newest_s(self) -> float:
        return -np.inf if self._last_row is None else float(self._last_row[0])

    def _count_times(self, time_s: FloatArray) -> None:
        counts = self.counts
        if counts.first_s is None:
            counts.first_s = float(time_s[0])
            counts.last_s = counts.first_s
        gaps = np.diff(time_s, prepend=counts.last_s)
        counts.longest_gap_s = max(counts.longest_gap_s, float(gaps.max()))
        counts.last_s = float(time_s[-1])

    def _not_stale(self, rows: FloatArray) -> BoolArray:
        previous = np.vstack([rows[:1] if self._last_row is None else self._last_row, rows[:-1]])
        same = (rows[:, 1:] == previous[:, 1:]).all(axis=1)
        if self._last_row is None:
            same[0] = False
        self._last_row = rows[-1].copy()
        keep = ~same
        # Row of the last value that was new, so that a sensor repeating itself for hours
        # costs no more than any other.
        new = np.maximum.accumulate(np.where(same, -1, np.arange(rows.shape[0])))
        last = -1
        for i in np.flatnonzero(same):  # each decision depends on the one before
            last = max(last, int(new[i]))
            last_s = self._last_kept_s if last < 0 else float(rows[last, 0])
            if rows[i, 0] - last_s > _STALE_S:
                keep[i], last = True, int(i)
        self.counts.repeated += int(rows.shape[0] - keep.sum())
        kept = np.flatnonzero(keep)
        if kept.size:
            self._last_kept_s = float(rows[kept[-1], 0])
        return np.asarray(keep, dtype=np.bool_)

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
        return GridBlock(
            *(np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(GridBlock))
        )

    def _interpolate(self, rows: FloatArray, marks: QualityArray) -> GridBlock:
        """Steps strictly before the last sample; each depends on its two neighbours only."""
        assert self.dt_s is not None
        t = rows[:, 0]
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
        spacing = t[right] - t[left]
        weight = ((time_s - t[left]) / spacing)[:, None]
        values = rows[left, 1:] + (rows[right, 1:] - rows[left, 1:]) * weight
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
        return GridBlock(time_s, values[:, :3], values[:, 3:], spacing, fresh, quality, starts)

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
