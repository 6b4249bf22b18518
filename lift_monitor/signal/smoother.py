"""Refined vertical motion: drift found by penalised least squares over a finished stretch.

The twice integrated vertical acceleration ``H(t)`` is the true height plus a drift ``C(t)``.
``C`` is a cubic spline whose third derivative (the change of the acceleration error) is
penalised, and whose value and slope are fitted to what is known of a bar:

* it stays within reach: height has zero mean and standard deviation ``reach_sd_m``;
* at rests its velocity is zero within ``REST_SD_MPS``;
* a repetition returns to about where it began: heights at given anchors are equal within
  ``ANCHOR_SD_M``.

Beside the spline the accelerometer's bias (three numbers, fixed in the sensor's axes) is
unknown: as the sensor turns with the lift it acts in step with it, which no slow drift can be.

This is the fixed-interval (Rauch-Tung-Striebel) smoother of an integrated random-walk
acceleration error, written as one banded linear system (Eilers & Marx 1996,
doi:10.1214/ss/1038425655; Rauch et al. 1965, doi:10.2514/3.3166), so that any stretch costs
a few hundred microseconds.  Where samples are missing the drift is allowed to change faster.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BSpline
from scipy.linalg import solveh_banded

from lift_monitor.units import BoolArray, FloatArray, IndexArray

KNOT_S = 0.25
LEAST_S = 0.5
"""A shorter stretch cannot tell motion from drift: it is given as lying still."""
_ROWS_PER_S = 20.0
REST_SD_MPS = 0.02
ANCHOR_SD_M = 0.03
"""How equal successive bottoms (and tops) of a set are. Design default: plates and joints
return within centimetres."""
UNSEEN_ACC_MPS2 = 2.0
"""Acceleration that may go unseen between two samples far apart; sets how fast the drift
may change there. Size of a lift's own acceleration (design default)."""
UNSEEN_FROM_S = 0.06


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Vertical motion on the analysis steps given: up is positive, metres and seconds."""

    velocity_mps: FloatArray
    height_m: FloatArray
    dt_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """Steps at which the height is known to be ``level_m`` (relative)."""

    step: IndexArray
    level_m: FloatArray


class _BandedNormal:
    """Normal equations of rows that touch four neighbouring spline coefficients.

    ``extra`` further unknowns may touch every row (the accelerometer's own bias); they border
    the band and are eliminated by a Schur complement.
    """

    def __init__(self, size: int, extra: int) -> None:
        self.matrix = np.zeros((4, size))
        self.rhs = np.zeros(size)
        self.border = np.zeros((size, extra))
        self.corner = np.zeros((extra, extra))
        self.corner_rhs = np.zeros(extra)

    def add(
        self,
        first: IndexArray,
        basis: FloatArray,
        target: FloatArray,
        weight: FloatArray,
        shapes: FloatArray | None = None,
    ) -> None:
        size = self.rhs.shape[0]
        for i in range(4):
            weighted = weight * basis[:, i]
            self.rhs += np.bincount(first + i, weighted * target, minlength=size)
            for j in range(i, 4):
                self.matrix[3 - (j - i)] += np.bincount(
                    first + j, weighted * basis[:, j], minlength=size
                )
            if shapes is not None:
                for k in range(shapes.shape[1]):
                    self.border[:, k] += np.bincount(
                        first + i, weighted * shapes[:, k], minlength=size
                    )
        if shapes is not None:
            self.corner += (weight[:, None] * shapes).T @ shapes
            self.corner_rhs += (weight * target) @ shapes

    def solve(self) -> tuple[FloatArray, FloatArray]:
        """Spline coefficients and the extra unknowns."""
        right = np.column_stack([self.rhs, self.border])
        solved = np.asarray(solveh_banded(self.matrix, right, check_finite=False))
        schur = self.corner - self.border.T @ solved[:, 1:]
        right_side = self.corner_rhs - self.border.T @ solved[:, 0]
        extra = np.asarray(np.linalg.solve(schur, right_side), dtype=np.float64)
        return np.asarray(solved[:, 0] - solved[:, 1:] @ extra), extra


def _basis(u: FloatArray) -> FloatArray:
    v = 1.0 - u
    u2, u3 = u * u, u * u * u
    return (
        np.column_stack(
            [v * v * v, 3.0 * u3 - 6.0 * u2 + 4.0, -3.0 * u3 + 3.0 * u2 + 3.0 * u + 1.0, u3]
        )
        / 6.0
    )


def _basis_slope(u: FloatArray) -> FloatArray:
    v = 1.0 - u
    u2 = u * u
    return np.column_stack([-v * v, 3.0 * u2 - 4.0 * u, -3.0 * u2 + 2.0 * u + 1.0, u2]) / (
        2.0 * KNOT_S
    )


def unseen_drift(spacing_s: FloatArray, untrusted: BoolArray) -> FloatArray:
    """Extra drift density (m/s^2 per sqrt s) for each step, from what was not seen there."""
    excess = np.maximum(spacing_s - UNSEEN_FROM_S, 0.0)
    excess = np.where(untrusted, np.maximum(excess, UNSEEN_FROM_S), excess)
    return np.asarray(UNSEEN_ACC_MPS2 * np.minimum(excess, 2.0) / KNOT_S**1.5)


def smooth(
    acc_mps2: FloatArray,
    dt_s: float,
    *,
    drift: float,
    reach_sd_m: float,
    extra_drift: FloatArray,
    at_rest: BoolArray,
    up_sensor: FloatArray,
    bias_sd_mps2: float,
    anchors: Anchors | None = None,
) -> Motion:
    """Refined velocity and height over a stretch.

    Parameters
    ----------
    acc_mps2 : (n,) array
        Vertical acceleration, gravity removed; finite (0 in holes).
    dt_s : float
        Step.
    drift : float
        Density of the acceleration error's random walk, m/s^2 per sqrt(s).
    reach_sd_m : float
        Standard deviation of the height about its mean, m.
    extra_drift : (n,) array
        Local density to add, see :func:`unseen_drift`.
    at_rest : (n,) array
        Steps at which the bar is known to be still.
    up_sensor : (n, 3) array
        World's up in the sensor's axes; finite (0 in holes).
    bias_sd_mps2 : float
        Standard deviation of the accelerometer's bias on each axis.
    anchors : Anchors, optional
        Known relative heights.

    Returns
    -------
    Motion
        All zero for a stretch shorter than :data:`LEAST_S`.
    """
    n = acc_mps2.shape[0]
    if n < 2 or n * dt_s < LEAST_S:
        return Motion(np.zeros(n), np.zeros(n), dt_s)
    raw_v = _integral(acc_mps2, dt_s)
    raw_h = _integral(raw_v, dt_s)
    # A bias of the accelerometer shows along the vertical as the sensor turns; what of it
    # does not change is drift already.
    bias_v = _integral(up_sensor - up_sensor.mean(axis=0), dt_s)
    bias_h = _integral(bias_v, dt_s)

    time = np.arange(n, dtype=np.float64) * dt_s
    intervals = int(time[-1] // KNOT_S) + 1
    interval = np.minimum((time // KNOT_S).astype(np.intp), intervals - 1)
    normal = _BandedNormal(intervals + 3, 3)
    normal.corner += np.eye(3) / bias_sd_mps2**2

    count = np.bincount(interval, minlength=intervals)
    extra = np.bincount(interval, extra_drift**2, minlength=intervals) / np.maximum(count, 1)
    jerk = np.tile(np.array([-1.0, 3.0, -3.0, 1.0]) / KNOT_S**3, (intervals, 1))
    normal.add(
        np.arange(intervals, dtype=np.intp), jerk, np.zeros(intervals), KNOT_S / (drift**2 + extra)
    )

    stride = max(1, round(1.0 / (_ROWS_PER_S * dt_s)))
    row = np.arange(0, n, stride)
    first = interval[row]
    u = np.asarray(time[row] / KNOT_S - first, dtype=np.float64)
    row_s = stride * dt_s
    weight = np.full(row.shape[0], row_s / reach_sd_m**2)
    normal.add(first, _basis(u), raw_h[row], weight, bias_h[row])
    still = at_rest[row]
    if still.any():
        normal.add(
            first[still],
            _basis_slope(u[still]),
            raw_v[row][still],
            np.full(int(still.sum()), 10.0 * row_s / REST_SD_MPS**2),
            bias_v[row][still],
        )
    if anchors is not None and anchors.step.shape[0]:
        step = anchors.step
        first = interval[step]
        u = np.asarray(time[step] / KNOT_S - first, dtype=np.float64)
        normal.add(
            first,
            _basis(u),
            raw_h[step] - anchors.level_m,
            np.full(step.shape[0], 1.0 / ANCHOR_SD_M**2),
            bias_h[step],
        )
    knots = (np.arange(intervals + 7) - 3) * KNOT_S
    coefficients, bias = normal.solve()
    drift_spline = BSpline(knots, coefficients, 3)
    return Motion(
        raw_v - bias_v @ bias - drift_spline(time, 1),
        raw_h - bias_h @ bias - drift_spline(time),
        dt_s,
    )


def _integral(values: FloatArray, dt_s: float) -> FloatArray:
    """Cumulative trapezoids along the first axis, from zero."""
    out = np.zeros_like(values)
    np.cumsum(0.5 * dt_s * (values[1:] + values[:-1]), axis=0, out=out[1:])
    return out
