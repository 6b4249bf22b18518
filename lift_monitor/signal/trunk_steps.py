"""Samples of one trunk sensor, turned into inclination on a grid that all sensors share.

Two sensors measure at different times and rates.  Each is brought to its own steady grid and
through its own orientation filter first; the result is read off at whole hundredths of a
second of the session clock, so that steps of two sensors can be subtracted.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.grid import GridBlock, Resampler
from lift_monitor.signal.intake import BREAK_S
from lift_monitor.signal.orientation import Inclination
from lift_monitor.units import FloatArray, IndexArray, QualityArray

STEPS_PER_S = 100
"""Rate of the shared grid. The trunk of a lifter moves below 10 Hz."""


@dataclass(frozen=True, slots=True, eq=False)
class TrunkSteps:
    """Consecutive steps of one sensor on the shared grid; NaN where nothing is known.

    ``index`` is the step's number: its time is ``index / STEPS_PER_S`` seconds. ``up_sensor``
    (n, 3) is the world's up, ``acc_sensor_mps2`` and ``gyr_sensor_radps`` (n, 3) are as
    measured.
    """

    index: IndexArray
    up_sensor: FloatArray
    acc_sensor_mps2: FloatArray
    gyr_sensor_radps: FloatArray
    quality: QualityArray

    def __len__(self) -> int:
        return int(self.index.shape[0])

    @property
    def time_s(self) -> FloatArray:
        """Session time of each step."""
        return np.asarray(self.index / STEPS_PER_S, dtype=np.float64)

    def part(self, start: int, stop: int) -> TrunkSteps:
        """The steps at positions ``start`` up to ``stop``."""
        return TrunkSteps(*(getattr(self, f.name)[start:stop] for f in fields(self)))

    def pick(self, positions: IndexArray) -> TrunkSteps:
        """The steps at the positions given."""
        return TrunkSteps(*(getattr(self, f.name)[positions] for f in fields(self)))

    def between(self, start_s: float, end_s: float) -> TrunkSteps:
        """The steps within a stretch of session time, both ends included."""
        first, last = np.searchsorted(
            self.index, (np.ceil(start_s * STEPS_PER_S), np.floor(end_s * STEPS_PER_S) + 1)
        )
        return self.part(int(first), int(last))

    @classmethod
    def empty(cls) -> TrunkSteps:
        """No steps."""
        none = np.empty((0, 3))
        return cls(np.empty(0, np.intp), none, none, none, np.empty(0, np.uint16))

    @classmethod
    def concatenate(cls, blocks: Sequence[TrunkSteps]) -> TrunkSteps:
        """Join blocks in the order given."""
        some = [block for block in blocks if len(block)]
        if not some:
            return cls.empty()
        if len(some) == 1:
            return some[0]
        return cls(*(np.concatenate([getattr(b, f.name) for b in some]) for f in fields(cls)))


class SharedGrid:
    """Reads one sensor's steady grid off at the shared steps; any chunking gives the same."""

    def __init__(self) -> None:
        self._last: tuple[FloatArray, QualityArray] | None = None
        self._next = -(1 << 62)

    def feed(
        self, block: GridBlock, up_sensor: FloatArray, dt_s: float
    ) -> tuple[TrunkSteps, FloatArray]:
        """Take steps of the sensor's grid, return the shared steps that they complete.

        Parameters
        ----------
        block : GridBlock
        up_sensor : (n, 3) array
            Inclination at these steps; NaN where it is not known.
        dt_s : float
            Step of the sensor's grid.

        Returns
        -------
        steps : TrunkSteps
        completed_s : (n,) array
            Time of the step of the sensor's grid that completed each of them.
        """
        if not len(block):
            return TrunkSteps.empty(), np.empty(0)
        rows = np.column_stack(
            [block.time_s, up_sensor, block.acc_sensor_mps2, block.gyr_sensor_radps]
        )
        marks = block.quality
        if self._last is not None:
            rows = np.concatenate([self._last[0], rows])
            marks = np.concatenate([self._last[1], marks])
        self._last = (rows[-1:].copy(), marks[-1:].copy())
        # Nothing is made up in a break, which may be days long; the numbers of steps jump.
        breaks = np.flatnonzero(np.diff(rows[:, 0]) > BREAK_S) + 1
        edges = [0, *breaks.tolist(), rows.shape[0]]
        parts = [self._shared(rows[a:b], marks[a:b], dt_s) for a, b in itertools.pairwise(edges)]
        if len(parts) == 1:
            return parts[0]
        return (
            TrunkSteps.concatenate([steps for steps, _ in parts]),
            np.concatenate([completed_s for _, completed_s in parts]),
        )

    def _shared(
        self, rows: FloatArray, marks: QualityArray, dt_s: float
    ) -> tuple[TrunkSteps, FloatArray]:
        """Shared steps up to the last row; each depends on its two neighbours only."""
        t = rows[:, 0].copy()
        index = np.arange(
            max(self._next, int(np.ceil(t[0] * STEPS_PER_S))),
            int(np.floor(t[-1] * STEPS_PER_S)) + 2,
        )
        time_s = index / STEPS_PER_S
        wanted = (time_s >= t[0]) & (time_s < t[-1])
        index, time_s = index[wanted], time_s[wanted]
        if not index.size:
            return TrunkSteps.empty(), np.empty(0)
        self._next = int(index[-1]) + 1
        right = np.searchsorted(t, time_s, side="right")
        left = right - 1
        before, after = rows.take(left, axis=0), rows.take(right, axis=0)
        spacing = after[:, 0] - before[:, 0]
        weight = ((time_s - before[:, 0]) / spacing)[:, None]
        values = before + (after - before) * weight
        quality = marks[left] | marks[right]
        broken = spacing > 1.5 * dt_s
        values[broken] = np.nan
        quality[broken] |= np.uint16(Quality.GAP)
        x, y, z = values[:, 1], values[:, 2], values[:, 3]
        size = np.sqrt(x * x + y * y + z * z)
        up = np.column_stack([x / size, y / size, z / size])
        return TrunkSteps(index, up, values[:, 4:7], values[:, 7:10], quality), after[:, 0]


class TrunkSensor:
    """From samples to shared steps; the same steps for any chunking (one instance a sensor).

    Parameters
    ----------
    acc_range_mps2, gyr_range_radps : float, optional
        Values at or beyond them are marked as saturated.
    """

    def __init__(
        self, acc_range_mps2: float | None = None, gyr_range_radps: float | None = None
    ) -> None:
        self._resampler = Resampler(acc_range_mps2, gyr_range_radps)
        self._inclination: Inclination | None = None
        self._grid = SharedGrid()

    def feed(self, chunk: ImuChunk) -> TrunkSteps:
        """Take samples, return the shared steps that they complete."""
        return self._walk(self._resampler.feed(chunk))

    def finish(self) -> TrunkSteps:
        """End of the stream."""
        return self._walk(self._resampler.finish())

    def _walk(self, block: GridBlock) -> TrunkSteps:
        dt_s = self._resampler.dt_s
        if dt_s is None:
            return TrunkSteps.empty()
        if self._inclination is None:
            self._inclination = Inclination(dt_s, steady=self._resampler.steady)
        return self._grid.feed(block, self._inclination.feed(block).up_sensor, dt_s)[0]
