"""Forces under the feet from a trunk accelerometer: published regressions and Newton's law.

Three things, all pure functions:

* the filter, the peaks and the regressions of Veras et al. (*impactr*): peak resultant
  acceleration and body mass to peak vertical ground-reaction force;
* Newton's estimate: the low-passed vertical specific force of the pelvis in g is the force in
  body weights, as if the whole body moved like its pelvis;
* the rate of loading, an indication only.

Neither estimate has been validated on landings of older women. The regressions flatten: they
read soft landings too high and hard ones too low.
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.signal import butter, lfilter

from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray, IndexArray

REGRESSION_CUTOFF_HZ: Final = 20.0
"""Low-pass of the regressions, order 4, forwards and backwards. doi:10.1007/s00198-020-05295-2."""
NEWTON_CUTOFF_HZ: Final = 10.0
"""Low-pass of Newton's estimate, same order. Above some 10 Hz the pelvis shakes and the body does
not: where a reference and a misplaced pelvis sensor stop agreeing (doi:10.3390/s24020656 found
high coherence up to about 10 Hz). Design default; any value from 6 to 11 Hz does as well on the
running trials in docs/landings.md."""
_ORDER: Final = 4
_SETTLING_S: Final = 0.3

PEAK_HEIGHT_G: Final = 1.3
PEAK_DISTANCE_S: Final = 0.4
"""Least height and distance of the peaks of impactr. doi:10.1007/s00198-020-05295-2."""


class Movement(enum.StrEnum):
    """What a regression was fitted to."""

    WALKING_RUNNING = "walking/running"
    """doi:10.1080/17461391.2022.2102437."""
    JUMPING = "jumping"
    """Coefficients as in the program impactr 0.4; the paper behind them could not be read."""


class Placement(enum.StrEnum):
    """Where the accelerometer of a regression was worn."""

    HIP = "hip"
    BACK = "back"
    """Lower back, in the middle: the nearest to a sensor on the sacrum."""


@dataclass(frozen=True, slots=True)
class Regression:
    """Force in N = ``b0 + b1 p + b2 m + b3 p m``; ``p`` in g, resultant, ``m`` in kg."""

    b0: float
    b1: float
    b2: float
    b3: float

    def force_n(self, peak_g: float, body_mass_kg: float) -> float:
        """Peak vertical ground-reaction force, N."""
        return self.b0 + self.b1 * peak_g + self.b2 * body_mass_kg + self.b3 * peak_g * body_mass_kg


REGRESSIONS: Final[dict[tuple[Movement, Placement], Regression]] = {
    (Movement.WALKING_RUNNING, Placement.HIP): Regression(814.888, -229.459, 7.036, 3.934),
    (Movement.WALKING_RUNNING, Placement.BACK): Regression(701.358, -167.229, 9.642, 2.667),
    (Movement.JUMPING, Placement.HIP): Regression(-493.877, 188.759, 18.008, 1.279),
    (Movement.JUMPING, Placement.BACK): Regression(-350.125, 152.952, 22.618, 0.654),
}
"""Of the resultant acceleration; verasls/impactr, MIT."""


def body_weights(force_n: float, body_mass_kg: float) -> float:
    """Force in body weights."""
    return force_n / (body_mass_kg * STANDARD_GRAVITY_MPS2)


@functools.lru_cache(maxsize=64)
def _design(rate_hz: float, cutoff_hz: float) -> tuple[FloatArray, FloatArray]:
    b, a = butter(_ORDER, 2.0 * cutoff_hz / rate_hz)
    return np.asarray(b), np.asarray(a)


def low_pass(values: FloatArray, rate_hz: float, cutoff_hz: float) -> FloatArray:
    """Butterworth, order 4, forwards and backwards, as R's ``signal::filtfilt`` does it.

    Starts from zero and is followed by ten zeros, so that the figures of impactr come out to the
    digit; the first and the last 0.1 s are therefore not to be used.

    Parameters
    ----------
    values : (n,) or (n, k) array
        Evenly spaced samples, filtered along the first axis.
    rate_hz : float
        More than twice ``cutoff_hz``.
    cutoff_hz : float
        Half-power frequency of one pass.
    """
    b, a = _design(rate_hz, cutoff_hz)
    tail = np.zeros((2 * (_ORDER + 1), *values.shape[1:]))
    forwards = lfilter(b, a, np.concatenate([values, tail]), axis=0)
    backwards = lfilter(b, a, forwards[::-1], axis=0)[::-1]
    return np.asarray(backwards[: values.shape[0]], dtype=np.float64)


def low_pass_window(values: FloatArray, rate_hz: float, cutoff_hz: float) -> FloatArray:
    """The same for a short window: its first and last values are taken to go on beyond it."""
    margin = round(_SETTLING_S * rate_hz)
    pad = [(margin, margin)] + [(0, 0)] * (values.ndim - 1)
    return low_pass(np.pad(values, pad, mode="edge"), rate_hz, cutoff_hz)[margin:-margin]


def filtered_resultant_g(acc_sensor_mps2: FloatArray, rate_hz: float) -> FloatArray:
    """Resultant of the axes after the 20 Hz low-pass, gravity included, in g; (n,)."""
    smooth = low_pass(acc_sensor_mps2, rate_hz, REGRESSION_CUTOFF_HZ)
    return np.asarray(np.linalg.norm(smooth, axis=1) / STANDARD_GRAVITY_MPS2)


def impact_peaks(
    resultant_g: FloatArray,
    rate_hz: float,
    *,
    height_g: float = PEAK_HEIGHT_G,
    distance_s: float = PEAK_DISTANCE_S,
) -> IndexArray:
    """Peaks as impactr finds them: the highest first, then none within the distance.

    Returns
    -------
    (k,) array
        Sample numbers in the order of time.
    """
    rise = np.sign(np.diff(resultant_g))
    tops = np.flatnonzero((rise[:-1] > 0) & (rise[1:] < 0)) + 1
    tops = tops[resultant_g[tops] >= height_g]
    kept: list[int] = []
    for top in tops[np.argsort(-resultant_g[tops], kind="stable")].tolist():
        if all(abs(top - other) > distance_s * rate_hz for other in kept):
            kept.append(top)
    return np.array(sorted(kept), dtype=np.intp)


def newton_bw(acc_up_mps2: FloatArray, rate_hz: float) -> FloatArray:
    """Vertical ground-reaction force over time by Newton's law, in body weights; (n,).

    The ground only pushes: what is negative is zero.

    Parameters
    ----------
    acc_up_mps2 : (n,) array
        Specific force along the world's up, gravity included (1 g when standing).
    rate_hz : float
        Rate of the samples.
    """
    smooth = low_pass_window(acc_up_mps2, rate_hz, NEWTON_CUTOFF_HZ) / STANDARD_GRAVITY_MPS2
    return np.asarray(np.maximum(smooth, 0.0))


def steepest_rise_bw_per_s(force_bw: FloatArray, rate_hz: float, start: int, peak: int) -> float:
    """Largest central difference of the force between two samples, body weights per second.

    An indication, not a measurement: no accelerometer method reads loading rates within 65 %
    (doi:10.3390/s23218719).
    """
    slope = np.gradient(force_bw) * rate_hz
    return float(slope[start : max(peak, start) + 1].max())
