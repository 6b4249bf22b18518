"""Inclination of a sensor: where the world's up lies in the sensor's axes.

Six-axis VQF (Laidig & Seel, Information Fusion 91:187-204, 2023,
doi:10.1016/j.inffus.2022.10.014).  Heading is not observable without a magnetometer and not
needed: only the vertical is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import vqf

from lift_monitor.signal.grid import GridBlock
from lift_monitor.units import BoolArray, FloatArray

TAU_STEADY_S = 4.0
"""Time constant of the accelerometer correction for a steady stream.

A gyroscope sampled as evenly as it measured is good for many seconds, so that the
accelerations of a lift leave the inclination alone."""
TAU_UNEVEN_S = 2.0
"""The same where sample times are times of arrival: integration of the rotation is then
itself in error, and the accelerometer has to correct sooner."""
REST_GYR_DPS = 1.0
REST_ACC_MPS2 = 0.3
"""Rest thresholds, tighter than VQF's defaults (2 deg/s, 0.5 m/s2): a slow lift at constant
velocity must not be taken for rest. Design defaults; a lying sensor of any family stays
well below them after VQF's 0.5 s low-pass."""
REST_MIN_S = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class InclinationBlock:
    """Inclination at each analysis step; NaN inside holes.

    ``acc_up_mps2`` is the specific force along the world's up, gravity included.
    """

    up_sensor: FloatArray
    acc_up_mps2: FloatArray
    at_rest: BoolArray


def up_from_quaternion(quat: FloatArray) -> FloatArray:
    """World's up in sensor axes, (n, 3), from (n, 4) quaternions sensor to world."""
    w, x, y, z = quat.T
    return np.column_stack(
        [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)]
    )


class Inclination:
    """Streaming inclination filter for one sensor."""

    def __init__(self, dt_s: float, *, steady: bool) -> None:
        self._filter = vqf.VQF(
            dt_s,
            tauAcc=TAU_STEADY_S if steady else TAU_UNEVEN_S,
            restThGyr=REST_GYR_DPS,
            restThAcc=REST_ACC_MPS2,
            restMinT=REST_MIN_S,
        )
        self._in_hole = False

    def feed(self, block: GridBlock) -> InclinationBlock:
        """Inclination for the next steps; restarts after holes and breaks."""
        n = len(block)
        up = np.full((n, 3), np.nan)
        rest = np.zeros(n, bool)
        hole = np.isnan(block.acc_sensor_mps2[:, 0])
        cuts = np.flatnonzero((np.diff(hole.astype(np.int8)) != 0) | block.starts_segment[1:]) + 1
        for start, stop in zip([0, *cuts], [*cuts, n], strict=True):
            if stop <= start:
                continue
            if hole[start]:
                self._in_hole = True
                continue
            if self._in_hole or block.starts_segment[start]:
                self._filter.resetState()
                self._in_hole = False
            out = self._filter.updateBatch(
                np.ascontiguousarray(block.gyr_sensor_radps[start:stop]),
                np.ascontiguousarray(block.acc_sensor_mps2[start:stop]),
            )
            up[start:stop] = up_from_quaternion(out["quat6D"])
            rest[start:stop] = out["restDetected"] != 0
        acc = block.acc_sensor_mps2
        acc_up = up[:, 0] * acc[:, 0] + up[:, 1] * acc[:, 1] + up[:, 2] * acc[:, 2]
        return InclinationBlock(up, acc_up, rest)
