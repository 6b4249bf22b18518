"""How much a bar is shaken: a bar in somebody's hands is never as still as on its support.

Hands tremble at 8 to 12 Hz, and bodies sway and breathe more slowly; floor, rack and hooks do
neither.  The scatter of acceleration and rate of turn over a moment, below a corner that lets
tremor through and keeps most of a sensor's noise out, holds both.  It has a finite memory: a
blow is forgotten when it has left the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.signal import butter, lfilter, lfilter_zi

from lift_monitor.signal.grid import GridBlock
from lift_monitor.units import BoolArray, FloatArray

CORNER_HZ: Final = 14.0
"""Upper end of tremor."""
STILL_ACC_MPS2: Final = 0.12
"""Standard deviation, three axes together. Design default: noisy sensors at rest stay below,
the steadiest of the bars held in the recordings at hand shows more."""
STILL_GYR_RADPS: Final = 0.018
"""The same for the rate of turn (1 deg/s)."""
WINDOW_S: Final = 0.24
"""The nearest power of two in steps is taken."""
_LONGER = 2
"""Doublings of the window that make the long one."""
LEAST_SAMPLES: Final = 4
"""Received in a window; straight lines between fewer look still."""
ENOUGH_SAMPLES: Final = 8
"""With so many the short window tells all."""
LEAST_SAMPLES_LONG: Final = 12
"""A long window may be thin: tremor sampled too seldom scatters as much as ever."""
LONGEST_SPACING_S: Final = 0.25
LONGEST_SPACING_LONG_S: Final = 0.6
_COLUMNS = 15


@dataclass(frozen=True, slots=True, eq=False)
class Shaking:
    """Scatter squared as a share of the limit squared, (n,) each; NaN where none can be told.

    ``short`` and ``long`` are over the windows that end at each step; ``thin`` is where the
    short one holds too few samples to be believed alone.
    """

    short: FloatArray
    long: FloatArray
    thin: BoolArray


class ShakeLevel:
    """Streaming; identical for any chunking.

    Parameters
    ----------
    dt_s : float
        Step of the grid.

    Attributes
    ----------
    window_s, long_s : float
        Lengths of the two windows.
    """

    def __init__(self, dt_s: float) -> None:
        self._doublings = max(2, round(float(np.log2(WINDOW_S / dt_s))))
        self._steps = 2**self._doublings
        self._long_steps = 2 ** (self._doublings + _LONGER)
        self.window_s, self.long_s = self._steps * dt_s, self._long_steps * dt_s
        self._b, self._a = butter(2, min(CORNER_HZ, 0.4 / dt_s), fs=1.0 / dt_s)
        self._rest = lfilter_zi(self._b, self._a)[:, None]
        self._scale = np.repeat([1.0 / STILL_ACC_MPS2, 1.0 / STILL_GYR_RADPS], 3)
        self._memory = np.zeros((2, 6))
        self._started = False
        self._last = np.zeros(6)
        # Of each step in the windows: six values, their squares, whether its samples are too
        # far apart for the short and for the long window, and how many samples came.
        self._tail = np.zeros((self._long_steps - 1, _COLUMNS))
        self._tail[:, 12:14] = 1.0

    def feed(self, block: GridBlock) -> Shaking:
        """Scatter of the next steps."""
        n = len(block)
        scaled = self._scale * np.hstack([block.acc_sensor_mps2, block.gyr_sensor_radps])
        hole = np.isnan(scaled[:, 0])
        rows = np.empty((n, _COLUMNS))
        rows[:, :6] = self._smoothed(scaled, hole)
        np.square(rows[:, :6], out=rows[:, 6:12])
        rows[:, 12] = hole | (block.spacing_s > LONGEST_SPACING_S)
        rows[:, 13] = hole | (block.spacing_s > LONGEST_SPACING_LONG_S)
        rows[:, 14] = block.fresh
        rows = np.concatenate([self._tail, rows])
        self._tail = rows[n:].copy()
        # Sums of pairs, of pairs of pairs, and so on: the same however the stream is cut.
        for k in range(self._doublings):
            rows = rows[: rows.shape[0] - 2**k] + rows[2**k :]
        short = _scatter(rows[rows.shape[0] - n :], self._steps)
        last = rows[rows.shape[0] - n :]
        short[(last[:, 12] > 0.5) | (last[:, 14] < LEAST_SAMPLES)] = np.nan
        for k in range(self._doublings, self._doublings + _LONGER):
            rows = rows[: rows.shape[0] - 2**k] + rows[2**k :]
        long = _scatter(rows, self._long_steps)
        long[(rows[:, 13] > 0.5) | (rows[:, 14] < LEAST_SAMPLES_LONG)] = np.nan
        return Shaking(short, long, last[:, 14] < ENOUGH_SAMPLES)

    def _smoothed(self, scaled: FloatArray, hole: BoolArray) -> FloatArray:
        """Low-pass; it holds its value in holes and starts anew after them."""
        out = np.empty_like(scaled)
        n = scaled.shape[0]
        cuts = (np.flatnonzero(hole[1:] != hole[:-1]) + 1).tolist() if hole.any() else []
        for start, stop in zip([0, *cuts], [*cuts, n], strict=True):
            if stop <= start:
                continue
            if hole[start]:
                self._started = False
                out[start:stop] = self._last
                continue
            if not self._started:
                self._memory = self._rest * scaled[start]
                self._started = True
            out[start:stop], self._memory = lfilter(
                self._b, self._a, scaled[start:stop], axis=0, zi=self._memory
            )
            self._last = out[stop - 1]
        return out


def _scatter(sums: FloatArray, steps: int) -> FloatArray:
    mean = sums[:, :12] / steps
    power = mean[:, 6:] - np.square(mean[:, :6])
    acc = power[:, 0] + power[:, 1] + power[:, 2]
    gyr = power[:, 3] + power[:, 4] + power[:, 5]
    return np.asarray(np.maximum(acc, gyr))
