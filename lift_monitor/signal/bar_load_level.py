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
_ROWS = 11


@dataclass(frozen=True, slots=True, eq=False)
class Shaking:
    """Scatter squared as a share of the limit squared, (n,) each; NaN where none can be told.

    ``short`` and ``long`` are over the windows that end at each step; ``thin`` is where the
    short one holds too few samples to be believed alone. ``long`` is told only there.
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
        self._rest = lfilter_zi(self._b, self._a)
        self._scale = np.repeat([1.0 / STILL_ACC_MPS2, 1.0 / STILL_GYR_RADPS], 3)[:, None]
        self._memory = np.zeros((6, 2))
        self._started = False
        self._last = np.zeros((6, 1))
        # Of each step in the windows: six values, the squares of each sensor together, whether
        # its samples are too far apart for the short and the long window, how many came.
        self._tail = np.zeros((_ROWS, self._long_steps - 1))
        self._tail[8:10] = 1.0

    def feed(self, block: GridBlock) -> Shaking:
        """Scatter of the next steps."""
        n = len(block)
        hole = np.isnan(block.acc_sensor_mps2[:, 0])
        rows = np.empty((_ROWS, self._long_steps - 1 + n))
        rows[:, :-n] = self._tail
        new = rows[:, -n:]
        new[:3], new[3:6] = block.acc_sensor_mps2.T, block.gyr_sensor_radps.T
        new[:6] *= self._scale
        self._smooth(new[:6], hole)
        squares = np.square(new[:6])
        new[6] = squares[0] + squares[1] + squares[2]
        new[7] = squares[3] + squares[4] + squares[5]
        new[8] = hole | (block.spacing_s > LONGEST_SPACING_S)
        new[9] = hole | (block.spacing_s > LONGEST_SPACING_LONG_S)
        new[10] = block.fresh
        self._tail = rows[:, n:].copy()
        sums = rows[:, self._long_steps - self._steps :]
        sums = _doubled(sums, range(self._doublings))
        short = _scatter(sums, self._steps)
        short[(sums[8] > 0.5) | (sums[10] < LEAST_SAMPLES)] = np.nan
        thin = sums[10] < ENOUGH_SAMPLES
        if not thin.any():
            return Shaking(short, np.full(n, np.nan), thin)
        sums = _doubled(rows, range(self._doublings + _LONGER))
        long = _scatter(sums, self._long_steps)
        long[(sums[9] > 0.5) | (sums[10] < LEAST_SAMPLES_LONG) | ~thin] = np.nan
        return Shaking(short, long, thin)

    def _smooth(self, values: FloatArray, hole: BoolArray) -> None:
        """Low-pass in place; it holds its value in holes and starts anew after them."""
        n = hole.shape[0]
        cuts = (np.flatnonzero(hole[1:] != hole[:-1]) + 1).tolist() if hole.any() else []
        for start, stop in zip([0, *cuts], [*cuts, n], strict=True):
            if hole[start]:
                self._started = False
                values[:, start:stop] = self._last
                continue
            if not self._started:
                self._memory = values[:, start, None] * self._rest
                self._started = True
            values[:, start:stop], self._memory = lfilter(
                self._b, self._a, values[:, start:stop], zi=self._memory
            )
            self._last = values[:, stop - 1, None].copy()


def _doubled(rows: FloatArray, doublings: range) -> FloatArray:
    """Sums of pairs, of pairs of pairs, and so on: the same however the stream is cut."""
    for k in doublings:
        rows = rows[:, : -(2**k)] + rows[:, 2**k :]
    return rows


def _scatter(sums: FloatArray, steps: int) -> FloatArray:
    squares = np.square(sums[:6] / steps)
    power = sums[6:8] / steps
    acc = power[0] - (squares[0] + squares[1] + squares[2])
    gyr = power[1] - (squares[3] + squares[4] + squares[5])
    return np.asarray(np.maximum(acc, gyr))
