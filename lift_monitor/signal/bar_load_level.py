"""How much a bar is shaken: a bar in somebody's hands is never as still as on its support.

Hands tremble at 8 to 12 Hz, and bodies sway and breathe more slowly; floor, rack and hooks do
neither.  The scatter of acceleration and rate of turn over a moment, below a corner that lets
tremor through and keeps most of a sensor's noise out, holds both.  It has a finite memory: a
blow is forgotten when it has left the window.
"""

from __future__ import annotations

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
LEAST_RATE_HZ: Final = 12.0
"""Fresh samples a second: below, straight lines between samples look still."""
LONGEST_SPACING_S: Final = 0.25
"""The same for the distance of two samples."""


class ShakeLevel:
    """Streaming; identical for any chunking.

    Parameters
    ----------
    dt_s : float
        Step of the grid.
    """

    def __init__(self, dt_s: float) -> None:
        self._dt_s = dt_s
        self._doublings = max(2, round(float(np.log2(WINDOW_S / dt_s))))
        self._window = 2**self._doublings
        self.window_s = self._window * dt_s
        self._b, self._a = butter(2, min(CORNER_HZ, 0.4 / dt_s), fs=1.0 / dt_s)
        self._rest = lfilter_zi(self._b, self._a)[:, None]
        self._scale = np.repeat([1.0 / STILL_ACC_MPS2, 1.0 / STILL_GYR_RADPS], 3)
        self._memory = np.zeros((2, 6))
        self._started = False
        self._last = np.zeros(6)
        # Of each step in the window: six values, their squares, whether it is in a hole, and
        # how many samples came.
        self._tail = np.tile(np.repeat([0.0, 1.0, 0.0], (12, 1, 1)), (self._window - 1, 1))

    def feed(self, block: GridBlock) -> FloatArray:
        """Scatter at the end of each step's window as a share of the limit, (n,), squared.

        NaN where nothing can be told: after holes and where samples come too thinly.
        """
        n = len(block)
        scaled = self._scale * np.hstack([block.acc_sensor_mps2, block.gyr_sensor_radps])
        hole = np.isnan(scaled[:, 0]) | (block.spacing_s > LONGEST_SPACING_S)
        rows = np.empty((n, 14))
        rows[:, :6] = self._smoothed(scaled, np.isnan(scaled[:, 0]))
        np.square(rows[:, :6], out=rows[:, 6:12])
        rows[:, 12], rows[:, 13] = hole, block.fresh
        rows = np.concatenate([self._tail, rows])
        self._tail = rows[n:].copy()
        # Sums of pairs, of pairs of pairs, and so on: each is the same however the stream is cut.
        for k in range(self._doublings):
            rows = rows[: rows.shape[0] - 2**k] + rows[2**k :]
        mean = rows[:, :12] / self._window
        power = mean[:, 6:] - np.square(mean[:, :6])
        level = np.maximum(
            power[:, 0] + power[:, 1] + power[:, 2], power[:, 3] + power[:, 4] + power[:, 5]
        )
        thin = rows[:, 13] < LEAST_RATE_HZ * self._window * self._dt_s
        level[thin | (rows[:, 12] > 0.5)] = np.nan
        return np.asarray(level)

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
