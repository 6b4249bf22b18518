"""Live (causal) vertical velocity and height: what is drawn never changes.

A three-state Kalman filter (height, velocity, acceleration error) in its steady state, with
two gains: *moving*, where the only knowledge is that the bar stays within reach (height near
zero), and *resting*, where velocity is zero (zero-velocity update: Skog et al. 2010,
doi:10.1109/TBME.2010.2060723).  A steady-state filter is linear and time-invariant between
switches, so each stretch is computed by first-order recursions in modal coordinates; that is
exact, fast, and the same for any chunking.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_discrete_are
from scipy.signal import lfilter

from lift_monitor.units import BoolArray, FloatArray

DRIFT_STEADY = 0.005
"""Random walk of the acceleration error, m/s^2 per sqrt(s), for an evenly sampled stream."""
DRIFT_UNEVEN = 0.02
"""The same where sample times are times of arrival."""
DRIFT_WARM_UP = 0.1
"""The same for the first seconds, while the accelerometer's error is not known at all."""
WARM_UP_S = 6.0
REACH_SD_M = 1.0
"""Standard deviation of the height. With the drift it sets how slowly an
error dies away, and how much of a slow lift is taken for error."""
WARM_UP_REACH_SD_M = 0.5
ACC_NOISE = 0.05
"""White acceleration noise (tremor, timing), m/s^2 per sqrt(Hz). Design default."""
REST_SD_MPS = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class _Mode:
    """x[k+1] = F x[k] + g a[k], diagonalised."""

    eigenvalues: FloatArray
    to_modal: FloatArray
    from_modal: FloatArray
    input_modal: FloatArray


def _mode(dt: float, drift: float, measured: FloatArray, measured_var: float) -> _Mode:
    a = np.array([[1.0, dt, -0.5 * dt * dt], [0.0, 1.0, -dt], [0.0, 0.0, 1.0]])
    b = np.array([0.5 * dt * dt, dt, 0.0])
    noise = np.diag([0.0, 0.0, drift**2 * dt]) + ACC_NOISE**2 / dt * np.outer(b, b)
    c = measured
    p = solve_discrete_are(a.T, c.T, noise, measured_var * np.eye(c.shape[0]))
    gain = p @ c.T @ np.linalg.inv(c @ p @ c.T + measured_var * np.eye(c.shape[0]))
    keep = np.eye(3) - gain @ c
    values, vectors = np.linalg.eig(keep @ a)
    inverse = np.linalg.inv(vectors)
    return _Mode(values, inverse, vectors, inverse @ (keep @ b))


@functools.lru_cache(maxsize=16)
def _modes(dt_s: float, steady: bool) -> tuple[_Mode, _Mode, _Mode]:
    """Warming up, moving and resting; kept, because a break in the stream must cost no packet."""
    drift = DRIFT_STEADY if steady else DRIFT_UNEVEN
    height = np.array([[1.0, 0.0, 0.0]])
    # At rest the velocity is zero within REST_SD_MPS; the height sags slowly to zero, which
    # keeps it observable.
    both = np.array([[0.0, 1.0, 0.0], [0.1 * REST_SD_MPS / REACH_SD_M, 0.0, 0.0]])
    return (
        _mode(dt_s, DRIFT_WARM_UP, height, WARM_UP_REACH_SD_M**2 / dt_s),
        _mode(dt_s, drift, height, REACH_SD_M**2 / dt_s),
        _mode(dt_s, 0.02, both, REST_SD_MPS**2 / dt_s * 0.1),
    )


class LiveMotion:
    """Streaming causal estimate; holds during holes by starting anew after them."""

    def __init__(self, dt_s: float, *, steady: bool) -> None:
        self._warm_up, self._moving, self._resting = _modes(dt_s, steady)
        self._warm_steps = round(WARM_UP_S / dt_s)
        self._steps = 0
        self._state = np.zeros(3)
        self._modal: FloatArray | None = None
        self._memory: list[FloatArray] = []  # of the recursions, as lfilter left it
        self._mode: _Mode | None = None

    def feed(
        self, acc_mps2: FloatArray, at_rest: BoolArray, starts: BoolArray
    ) -> tuple[FloatArray, FloatArray]:
        """Velocity and height of the next steps; NaN where ``acc_mps2`` is NaN."""
        n = acc_mps2.shape[0]
        velocity, height = np.full(n, np.nan), np.full(n, np.nan)
        hole = np.isnan(acc_mps2)
        label = np.where(hole, 2, at_rest.astype(np.int8))
        cuts = np.flatnonzero((np.diff(label) != 0) | starts[1:]) + 1
        for start, stop in zip([0, *cuts], [*cuts, n], strict=True):
            if stop <= start:
                continue
            if hole[start] or starts[start]:
                self._switch(None)
                self._state = np.zeros(3)
                self._steps = 0
                if hole[start]:
                    continue
            if label[start]:
                self._switch(self._resting)
                self._steps = self._warm_steps  # a rest tells the error at once
                height[start:stop], velocity[start:stop] = self._run(acc_mps2[start:stop])
                continue
            warm = min(max(self._warm_steps - self._steps, 0), stop - start)
            for first, last, mode in (
                (start, start + warm, self._warm_up),
                (start + warm, stop, self._moving),
            ):
                if last > first:
                    self._switch(mode)
                    height[first:last], velocity[first:last] = self._run(acc_mps2[first:last])
            self._steps = min(self._steps + stop - start, self._warm_steps)
        return velocity, height

    def _switch(self, mode: _Mode | None) -> None:
        if mode is self._mode:
            return
        if self._mode is not None and self._modal is not None:
            self._state = (self._mode.from_modal @ self._modal).real
        self._mode = mode
        self._modal = None if mode is None else mode.to_modal @ self._state
        if mode is not None and self._modal is not None:
            self._memory = [
                np.array([pole * value])
                for pole, value in zip(mode.eigenvalues, self._modal, strict=True)
            ]

    def _run(self, acc: FloatArray) -> tuple[FloatArray, FloatArray]:
        mode = self._mode
        assert mode is not None
        height = np.zeros(acc.shape[0])
        velocity = np.zeros(acc.shape[0])
        new = np.empty(3, complex)
        for i in range(3):
            pole = mode.eigenvalues[i]
            out, self._memory[i] = lfilter(
                [mode.input_modal[i]], [1.0, -pole], acc, zi=self._memory[i]
            )
            new[i] = out[-1]
            height += (mode.from_modal[0, i] * out).real
            velocity += (mode.from_modal[1, i] * out).real
        self._modal = new
        return height, velocity
