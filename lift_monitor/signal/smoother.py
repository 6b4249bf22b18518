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

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
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


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Normal equations of rows that touch four neighbouring spline coefficients.

    ``band`` (4, size) is the upper band of the matrix.  The bias (three unknowns that touch
    every row) borders it, to be eliminated by a Schur complement: ``sides`` (size, 4) holds the
    right-hand side and the border, ``corner`` (4, 4) the products of the target and the bias's
    columns with each other.
    """

    band: FloatArray
    sides: FloatArray
    corner: FloatArray

    @classmethod
    def of(cls, size: int, first: IndexArray, basis: FloatArray, columns: FloatArray) -> _Rows:
        """Sum up rows of equal weight.

        Parameters
        ----------
        size : int
            Number of coefficients.
        first : (r,) array
            First coefficient of each row, ascending.
        basis : (4, r) array
        columns : (4, r) array
            Target, and what each axis's bias does.
        """
        band, sides = np.zeros((4, size)), np.zeros((size, 4))
        begin = np.flatnonzero(np.diff(first, prepend=-1))
        sums = np.add.reduceat(
            basis[:, None, :] * np.concatenate([basis, columns])[None], begin, axis=2
        )
        at = first[begin]
        for i in range(4):
            for j in range(i, 4):
                band[3 - (j - i), at + j] += sums[i, j]
            sides[at + i] += sums[i, 4:].T
        return cls(band, sides, np.einsum("ir,jr->ij", columns, columns))


def _basis(u: FloatArray) -> FloatArray:
    """Values (4, n) of the four cubic B-splines that reach a place within an interval."""
    v = 1.0 - u
    u2, u3 = u * u, u * u * u
    return (
        np.stack([v * v * v, 3.0 * u3 - 6.0 * u2 + 4.0, -3.0 * u3 + 3.0 * u2 + 3.0 * u + 1.0, u3])
        / 6.0
    )


def _basis_slope(u: FloatArray) -> FloatArray:
    v = 1.0 - u
    u2 = u * u
    return np.stack([-v * v, 3.0 * u2 - 4.0 * u, -3.0 * u2 + 2.0 * u + 1.0, u2]) / (2.0 * KNOT_S)


_JERK = np.array([-1.0, 3.0, -3.0, 1.0]) / KNOT_S**3
_POWERS = (
    np.array(
        [[1.0, 4.0, 1.0, 0.0], [-3.0, 0.0, 3.0, 0.0], [3.0, -6.0, 3.0, 0.0], [-1.0, 3.0, -3.0, 1.0]]
    )
    / 6.0
)
"""From four coefficients to those of the powers of the place within their interval."""


def unseen_drift(spacing_s: FloatArray, untrusted: BoolArray) -> FloatArray:
    """Extra drift density (m/s^2 per sqrt s) for each step, from what was not seen there."""
    excess = np.maximum(spacing_s - UNSEEN_FROM_S, 0.0)
    excess = np.where(untrusted, np.maximum(excess, UNSEEN_FROM_S), excess)
    return np.asarray(UNSEEN_ACC_MPS2 * np.minimum(excess, 2.0) / KNOT_S**1.5)


class Smoother:
    """A stretch, prepared once to be smoothed several times.

    Parameters
    ----------
    acc_mps2 : (n,) array
        Vertical acceleration, gravity removed; finite (0 in holes).
    dt_s : float
        Step.
    extra_drift : (n,) array
        Local density to add, see :func:`unseen_drift`.
    at_rest : (n,) array
        Steps at which the bar is known to be still.
    up_sensor : (n, 3) array
        World's up in the sensor's axes; finite (0 in holes).
    """

    def __init__(
        self,
        acc_mps2: FloatArray,
        dt_s: float,
        *,
        extra_drift: FloatArray,
        at_rest: BoolArray,
        up_sensor: FloatArray,
    ) -> None:
        n = acc_mps2.shape[0]
        self._n, self._dt_s = n, dt_s
        self._too_short = n < 2 or n * dt_s < LEAST_S
        if self._too_short:
            return
        # A bias of the accelerometer shows along the vertical as the sensor turns.
        columns = np.empty((4, n))
        columns[0], columns[1:] = acc_mps2, up_sensor.T
        # What does not change is drift already. Without it no height is so large that its
        # rounding shows in what is left.
        self._velocity = _level(_integral(_level(columns), dt_s))
        self._height = _level(_integral(self._velocity, dt_s))

        time = np.arange(n, dtype=np.float64) * dt_s
        intervals = int(time[-1] // KNOT_S) + 1
        interval = np.minimum((time // KNOT_S).astype(np.intp), intervals - 1)
        self._size = intervals + 3
        self._interval, self._u = interval, time / KNOT_S - interval
        self._count = np.bincount(interval, minlength=intervals)
        self._extra = np.bincount(interval, extra_drift**2, minlength=intervals) / np.maximum(
            self._count, 1
        )
        stride = max(1, round(1.0 / (_ROWS_PER_S * dt_s)))
        self._row_s = stride * dt_s
        row = np.arange(0, n, stride)
        self._reach = self._rows(row, _basis, self._height)
        still = row[at_rest[row]]
        self._rest = self._rows(still, _basis_slope, self._velocity) if still.size else None

    def _rows(
        self,
        step: IndexArray,
        basis: Callable[[FloatArray], FloatArray],
        columns: FloatArray,
    ) -> _Rows:
        return _Rows.of(self._size, self._interval[step], basis(self._u[step]), columns[:, step])

    def motion(
        self,
        *,
        drift: float,
        reach_sd_m: float,
        bias_sd_mps2: float,
        anchors: Anchors | None = None,
    ) -> Motion:
        """Refined velocity and height over the stretch.

        Parameters
        ----------
        drift : float
            Density of the acceleration error's random walk, m/s^2 per sqrt(s).
        reach_sd_m : float
            Standard deviation of the height about its mean, m.
        bias_sd_mps2 : float
            Standard deviation of the accelerometer's bias on each axis.
        anchors : Anchors, optional
            Known relative heights.

        Returns
        -------
        Motion
            All zero for a stretch shorter than :data:`LEAST_S`.
        """
        if self._too_short:
            return Motion(np.zeros(self._n), np.zeros(self._n), self._dt_s)
        parts = [(self._row_s / reach_sd_m**2, self._reach)]
        if self._rest is not None:
            parts.append((10.0 * self._row_s / REST_SD_MPS**2, self._rest))
        if anchors is not None and anchors.step.shape[0]:
            parts.append((1.0 / ANCHOR_SD_M**2, self._anchored(anchors)))
        band, sides = np.zeros((4, self._size)), np.zeros((self._size, 4))
        corner = np.diag([0.0, 1.0, 1.0, 1.0]) / bias_sd_mps2**2
        for weight, rows in parts:
            band += weight * rows.band
            sides += weight * rows.sides
            corner += weight * rows.corner
        jerk = KNOT_S / (drift**2 + self._extra)
        for i in range(4):
            for j in range(i, 4):
                band[3 - (j - i), j : j + jerk.shape[0]] += _JERK[i] * _JERK[j] * jerk
        solved = np.asarray(solveh_banded(band, sides, check_finite=False))
        schur = corner - sides.T @ solved
        bias = np.linalg.solve(schur[1:, 1:], schur[1:, 0])
        known = np.array([1.0, *-bias])
        drift_v, drift_h = self._drift(solved @ known)
        raw_v, raw_h = (
            np.einsum("i,in->n", known, columns) for columns in (self._velocity, self._height)
        )
        return Motion(raw_v - drift_v, raw_h - drift_h, self._dt_s)

    def _anchored(self, anchors: Anchors) -> _Rows:
        order = np.argsort(anchors.step, kind="stable")
        step = anchors.step[order]
        columns = self._height[:, step]
        columns[0] -= anchors.level_m[order]
        return _Rows.of(self._size, self._interval[step], _basis(self._u[step]), columns)

    def _drift(self, coefficients: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Slope and value of the spline at all steps."""
        last = coefficients.shape[0] - 3
        four = np.stack([coefficients[i : last + i] for i in range(4)])
        a, b, c, d = np.repeat(_POWERS @ four, self._count, axis=1)
        u = self._u
        return ((3.0 * d * u + 2.0 * c) * u + b) / KNOT_S, ((d * u + c) * u + b) * u + a


def _level(columns: FloatArray) -> FloatArray:
    return np.asarray(columns - columns.mean(axis=1, keepdims=True))


def _integral(columns: FloatArray, dt_s: float) -> FloatArray:
    """Cumulative trapezoids along the last axis, from zero."""
    out = np.zeros_like(columns)
    np.cumsum(0.5 * dt_s * (columns[:, 1:] + columns[:, :-1]), axis=1, out=out[:, 1:])
    return out
