"""The samples as received around a landing, for the unfiltered peak and its clipping."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.intake import Intake
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray, QualityArray

FLAT_SAMPLES = 3
"""So many equal extremes of one axis in a row are a clipped peak, whatever the range is said to
be. Design default: noise makes three equal peaks in a row next to impossible."""
FLAT_G = 1.5
"""No sensor's range ends below."""


@dataclass(frozen=True, slots=True)
class RawPeak:
    """What the samples of an impact say."""

    peak_g: float
    """Largest resultant, g."""
    clipped: bool
    samples: int


class RawSamples:
    """Recent samples without strays, repeats and impossible values; any chunking.

    Parameters
    ----------
    acc_range_mps2 : float, optional
        Samples at or beyond it are saturated.
    """

    def __init__(self, acc_range_mps2: float | None) -> None:
        self._intake = Intake(acc_range_mps2, None)
        self._rows = np.empty((0, 4))
        self._marks = np.empty(0, np.uint16)

    def feed(self, chunk: ImuChunk) -> None:
        """Take samples."""
        self._keep(*self._intake.accept(chunk))

    def finish(self) -> None:
        """End of the stream."""
        self._keep(*self._intake.finish())

    def forget_before(self, time_s: float) -> None:
        """Samples before that time are no longer needed."""
        old = int(np.searchsorted(self._rows[:, 0], time_s))
        self._rows, self._marks = self._rows[old:], self._marks[old:]

    def peak(self, start_s: float, stop_s: float) -> RawPeak:
        """The peak of the samples from ``start_s`` to ``stop_s``, both included."""
        first = int(np.searchsorted(self._rows[:, 0], start_s))
        stop = int(np.searchsorted(self._rows[:, 0], stop_s, side="right"))
        acc = self._rows[first:stop, 1:]
        if acc.shape[0] == 0:
            return RawPeak(0.0, clipped=False, samples=0)
        saturated = (self._marks[first:stop] & np.uint16(Quality.ACC_SATURATED)) != 0
        return RawPeak(
            float(np.sqrt((acc * acc).sum(axis=1).max())) / STANDARD_GRAVITY_MPS2,
            clipped=bool(saturated.any()) or any(_flat_top(acc[:, axis]) for axis in range(3)),
            samples=acc.shape[0],
        )

    def _keep(self, rows: FloatArray, marks: QualityArray) -> None:
        if rows.shape[0]:
            self._rows = np.concatenate([self._rows, rows[:, :4]])
            self._marks = np.concatenate([self._marks, marks])


def _flat_top(values: FloatArray) -> bool:
    """Whether the extreme of one axis is held for several samples in a row."""
    size = np.abs(values)
    if size.max() < FLAT_G * STANDARD_GRAVITY_MPS2:
        return False
    run = 0
    for at_extreme in (size == size.max()).tolist():
        run = run + 1 if at_extreme else 0
        if run >= FLAT_SAMPLES:
            return True
    return False
