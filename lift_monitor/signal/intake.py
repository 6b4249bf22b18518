"""Which samples carry information: strays, repeats and impossible values are left out.

Rules
-----
* A sample whose time is far ahead while its successor's is not, and one that is not newer
  than its predecessor, are dropped and counted as clock jumps; a
  sample with a value that is not finite, or that no sensor can give, is dropped and counted.
* A sample bit-identical to its predecessor within 0.1 s is a stale value sent again: it is
  counted as repeated and carries no information. (A sensor lying still may honestly repeat
  itself; after 0.1 s the value is taken again.)
"""

from __future__ import annotations

import numpy as np

from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.units import BoolArray, FloatArray, QualityArray

BREAK_S = 20.0
"""A longer hole ends whatever was going on. Design default: longer than a pause in a set."""
LARGEST_VALUE = 1e5
"""m/s^2 or rad/s; what is larger is no measurement (a torn packet, a wrong unit)."""
_STALE_S = 0.1


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


class Intake:
    """Streaming; the same samples are kept for any chunking.

    Parameters
    ----------
    acc_range_mps2, gyr_range_radps : float, optional
        Values at or beyond them are marked as saturated.
    """

    def __init__(self, acc_range_mps2: float | None, gyr_range_radps: float | None) -> None:
        self.counts = StreamCounts()
        self._acc_limit = None if acc_range_mps2 is None else 0.999 * acc_range_mps2
        self._gyr_limit = None if gyr_range_radps is None else 0.999 * gyr_range_radps
        self._held: tuple[FloatArray, QualityArray] | None = None  # a sample far ahead
        self._last_row: FloatArray | None = None  # last sample seen, for repeats
        self._last_kept_s = -np.inf

    def finish(self) -> tuple[FloatArray, QualityArray]:
        """End of the stream: a sample that was held back is taken after all."""
        held, self._held = self._held, None
        if held is None:
            return np.empty((0, 7)), np.empty(0, np.uint16)
        return self._take(*held)

    def accept(self, chunk: ImuChunk) -> tuple[FloatArray, QualityArray]:
        """Drop what carries no information and count why.

        Returns
        -------
        rows : (n, 7) array
            Time in s, acceleration in m/s², rotation rate in rad/s.
        marks : (n,) uint16 array
            :class:`~lift_monitor.samples.Quality` marks.
        """
        n = len(chunk)
        counts = self.counts
        if n == 0:
            return np.empty((0, 7)), np.empty(0, np.uint16)
        counts.samples += n
        rows = np.empty((n, 7))
        rows[:, 0] = chunk.time_s
        rows[:, 1:4], rows[:, 4:] = chunk.acc_sensor_mps2, chunk.gyr_sensor_radps
        marks = chunk.quality.copy()
        values = (chunk.acc_sensor_mps2, chunk.gyr_sensor_radps)
        # Looks at the whole are many times cheaper than one at each row, and nearly always enough.
        if not (
            np.isfinite(chunk.time_s).all() and all(_largest(v) <= LARGEST_VALUE for v in values)
        ):
            finite = np.isfinite(rows[:, 0]) & (np.abs(rows[:, 1:]) <= LARGEST_VALUE).all(axis=1)
            counts.not_finite += int(n - finite.sum())
            rows, marks = rows[finite], marks[finite]
        return self._take(*self._without_strays(rows, marks))

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
        if not stray.any():
            return rows, marks
        self.counts.not_newer += int(stray.sum())
        return rows[~stray], marks[~stray]

    def _take(self, rows: FloatArray, marks: QualityArray) -> tuple[FloatArray, QualityArray]:
        counts = self.counts
        if rows.shape[0] == 0:
            return rows, marks
        newest = np.maximum.accumulate(rows[:, 0])
        before = np.concatenate([[self._newest_s], newest[:-1]])
        before = np.maximum(before, self._newest_s)
        newer = rows[:, 0] > before
        if not newer.all():
            counts.not_newer += int(rows.shape[0] - newer.sum())
            rows, marks = rows[newer], marks[newer]
            if rows.shape[0] == 0:
                return rows, marks
        self._count_times(rows[:, 0])
        for values, limit, mark in (
            (rows[:, 1:4], self._acc_limit, Quality.ACC_SATURATED),
            (rows[:, 4:7], self._gyr_limit, Quality.GYR_SATURATED),
        ):
            if limit is not None and _largest(values) >= limit:
                marks[(np.abs(values) >= limit).any(axis=1)] |= np.uint16(mark)
        saturated = (marks & (Quality.ACC_SATURATED | Quality.GYR_SATURATED)) != 0
        counts.saturated += int(np.count_nonzero(saturated))
        fresh = self._not_stale(rows)
        return (rows, marks) if fresh is None else (rows[fresh], marks[fresh])

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

    def _not_stale(self, rows: FloatArray) -> BoolArray | None:
        """Which rows are no stale values sent again; ``None``: all."""
        same = np.zeros(rows.shape[0], bool)
        alike = np.flatnonzero(rows[1:, 1] == rows[:-1, 1]) + 1
        same[alike] = (rows[alike, 1:] == rows[alike - 1, 1:]).all(axis=1)
        same[0] = self._last_row is not None and bool((rows[0, 1:] == self._last_row[1:]).all())
        self._last_row = rows[-1].copy()
        if not same.any():
            self._last_kept_s = float(rows[-1, 0])
            return None
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


def _largest(values: FloatArray) -> float:
    """Largest size of a value; NaN where one is NaN."""
    return max(float(values.max()), -float(values.min()))
