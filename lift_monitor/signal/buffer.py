"""The recent past of the analysis steps, addressed by step number since the last break."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lift_monitor.signal.grid import GridBlock
from lift_monitor.signal.orientation import InclinationBlock
from lift_monitor.signal.stretch import Stretch

_COLUMNS: dict[str, np.dtype[Any]] = {
    "time_s": np.dtype(np.float64),
    "acc_up_mps2": np.dtype(np.float64),
    "up_sensor": np.dtype((np.float64, 3)),
    "at_rest": np.dtype(np.bool_),
    "spacing_s": np.dtype(np.float64),
    "fresh": np.dtype(np.float64),
    "quality": np.dtype(np.uint16),
}


class StepBuffer:
    """Growing arrays with the old part cut off from time to time.

    ``end`` is the number of the next step; steps before ``start`` are forgotten.
    """

    def __init__(self, dt_s: float) -> None:
        self.dt_s = dt_s
        self.start = 0
        self.end = 0
        self.origin_s = 0.0  # time of step 0, whatever has been forgotten since
        self._offset = 0  # position of step ``start`` in the arrays
        self._arrays: dict[str, NDArray[Any]] = {
            name: np.empty(4096, dtype) for name, dtype in _COLUMNS.items()
        }

    def append(self, block: GridBlock, inclination: InclinationBlock) -> None:
        """Add steps at the end."""
        n = len(block)
        if self.end == 0 and n:
            self.origin_s = float(block.time_s[0])
        used = self.end - self.start
        first = self._arrays["time_s"]
        if self._offset + used + n > first.shape[0]:
            self._grow(used, n)
        at = slice(self._offset + used, self._offset + used + n)
        for name, values in (
            ("time_s", block.time_s),
            ("acc_up_mps2", inclination.acc_up_mps2),
            ("up_sensor", inclination.up_sensor),
            ("at_rest", inclination.at_rest),
            ("spacing_s", block.spacing_s),
            ("fresh", block.fresh),
            ("quality", block.quality),
        ):
            self._arrays[name][at] = values
        self.end += n

    def _grow(self, used: int, n: int) -> None:
        capacity = max(4096, 2 * (used + n))
        for name, old in self._arrays.items():
            new = np.empty(capacity, _COLUMNS[name])
            new[:used] = old[self._offset : self._offset + used]
            self._arrays[name] = new
        self._offset = 0

    def forget_before(self, step: int) -> None:
        """Steps before ``step`` are no longer needed."""
        step = min(max(step, self.start), self.end)
        self._offset += step - self.start
        self.start = step

    def time_at(self, step: int) -> float:
        """Session time of a step."""
        return float(self._arrays["time_s"][self._offset + step - self.start])

    def stretch(self, first: int, stop: int) -> Stretch:
        """Steps ``first`` up to ``stop`` (clipped to what is kept); views, not copies."""
        first = max(first, self.start)
        at = slice(self._offset + first - self.start, self._offset + stop - self.start)
        columns = {name: self._arrays[name][at] for name in _COLUMNS}
        return Stretch(dt_s=self.dt_s, from_start=first == 0, **columns)
