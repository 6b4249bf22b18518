"""Checks before a session: does a sensor lie still and read right; was it tapped.

Limits are design defaults, chosen so that a person who stands quietly passes and a wrong
scale, a strong bias or a hand that still holds the sensor does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

STILL_S: Final = 3.0
STILL_ACC_SD_MPS2: Final = 0.4
"""Largest standard deviation of the magnitude; quiet breathing stays below 0.1."""
STILL_GYR_SD_RADPS: Final = 0.06
GYR_BIAS_RADPS: Final = 0.12
"""About 7 deg/s: consumer sensors are specified to a few."""
GRAVITY_ERROR_MPS2: Final = 0.5
"""5 %: mean velocity would be as wrong."""
_LEAST_SHARE: Final = 0.6
"""Share of the expected samples that must be there to say anything."""
_LEAST_SAMPLES: Final = 20

TAP_MPS2: Final = 8.0
"""Departure of the magnitude from its level before; a firm finger tap gives 2–10 g."""
TAP_QUIET_S: Final = 0.3
TAP_QUIET_SD_MPS2: Final = 2.0
"""The sensor may be held in a hand before the tap, but not be swung about."""
_SUDDEN: Final = 0.75
"""Share of the departure that must come within two samples."""
_BETWEEN_TAPS_S: Final = 0.3
_KEPT_S: Final = 6.0


@dataclass(frozen=True, slots=True)
class StillResult:
    """Outcome of a still check; ``trouble`` is empty if it was passed."""

    trouble: str
    gravity_mps2: float = math.nan
    gyr_bias_radps: float = math.nan


class Watcher:
    """Keeps the last seconds of one sensor and looks at them (streaming; one a sensor)."""

    def __init__(self) -> None:
        self._recent = ImuChunk.empty()
        self._last_tap_s = -math.inf

    def feed(self, chunk: ImuChunk) -> list[float]:
        """Take samples on the session clock; return the times of taps found in them (s)."""
        if len(chunk) == 0:
            return []
        recent = ImuChunk.concatenate([self._recent, chunk])
        keep = int(np.searchsorted(recent.time_s, recent.time_s[-1] - _KEPT_S))
        self._recent = recent[keep:]
        taps = find_taps(self._recent, len(self._recent) - len(chunk), self._last_tap_s)
        if taps:
            self._last_tap_s = taps[-1]
        return taps

    def still(self, nominal_rate_hz: float | None) -> StillResult:
        """Judge the last :data:`STILL_S` seconds."""
        recent = self._recent
        if len(recent) == 0:
            return StillResult("sends nothing")
        begin = int(np.searchsorted(recent.time_s, recent.time_s[-1] - STILL_S))
        return judge_still(recent[begin:], nominal_rate_hz)


def judge_still(chunk: ImuChunk, nominal_rate_hz: float | None = None) -> StillResult:
    """Say whether samples are of a sensor at rest that reads right.

    Parameters
    ----------
    chunk : ImuChunk
        About :data:`STILL_S` seconds.
    nominal_rate_hz : float, optional
        The rate that is expected.
    """
    expected = _LEAST_SHARE * STILL_S * (nominal_rate_hz or 0.0)
    if len(chunk) < max(expected, _LEAST_SAMPLES):
        return StillResult("sends too few samples; bring it nearer to the computer")
    with np.errstate(invalid="ignore", over="ignore"):
        magnitude = np.linalg.norm(chunk.acc_sensor_mps2, axis=1)
        gravity = float(np.median(magnitude))
        shake = float(np.std(magnitude))
        has_gyro = not bool((chunk.quality & Quality.NO_GYRO).all())
        bias = float(np.linalg.norm(np.mean(chunk.gyr_sensor_radps, axis=0)))
        turn = float(np.max(np.std(chunk.gyr_sensor_radps, axis=0)))
    if not (math.isfinite(gravity) and math.isfinite(bias) and math.isfinite(shake)):
        trouble = "sends values that are no numbers; switch it off and on"
    elif shake > STILL_ACC_SD_MPS2 or (has_gyro and turn > STILL_GYR_SD_RADPS):
        trouble = "still moves; hold still"
    elif abs(gravity - STANDARD_GRAVITY_MPS2) > GRAVITY_ERROR_MPS2:
        trouble = (
            f"reads {gravity:.1f} m/s² at rest instead of 9.8; "
            "calibrate it with the vendor's app or take another"
        )
    elif has_gyro and bias > GYR_BIAS_RADPS:
        trouble = (
            f"reads {math.degrees(bias):.0f} deg/s at rest; "
            "switch it off, lay it down and switch it on again"
        )
    else:
        trouble = ""
    return StillResult(trouble, gravity, bias)


def find_taps(chunk: ImuChunk, begin: int = 0, last_s: float = -math.inf) -> list[float]:
    """Find taps: a sudden departure of the magnitude after a quiet moment.

    Parameters
    ----------
    chunk : ImuChunk
    begin : int
        Samples before it were looked at earlier: they are history only.
    last_s : float
        Time of the last tap in them.

    Returns
    -------
    list of float
        Times of the first sample of each departure.
    """
    if len(chunk) < 3:
        return []
    time_s = chunk.time_s
    with np.errstate(invalid="ignore", over="ignore"):
        magnitude = np.linalg.norm(chunk.acc_sensor_mps2, axis=1)
    found: list[float] = []
    begin = max(begin, 0)
    far = np.abs(magnitude[begin:] - STANDARD_GRAVITY_MPS2) > TAP_MPS2 / 2
    for i in np.flatnonzero(far) + begin:
        at_s = float(time_s[i])
        if at_s <= last_s + _BETWEEN_TAPS_S:
            continue
        before = _before(time_s, int(i))
        quiet = magnitude[before]
        if (
            quiet.size >= 3
            and at_s - float(time_s[before.start]) >= 0.7 * TAP_QUIET_S
            and np.std(quiet) < TAP_QUIET_SD_MPS2
            and abs(magnitude[i] - np.median(quiet)) > TAP_MPS2
            and abs(magnitude[i] - quiet[-1]) > _SUDDEN * TAP_MPS2  # a swing comes gradually
        ):
            found.append(at_s)
            last_s = at_s
    return found


def _before(time_s: FloatArray, i: int) -> slice:
    """The quiet moment before sample ``i``, without its immediate neighbour."""
    begin = int(np.searchsorted(time_s, time_s[i] - TAP_QUIET_S))
    return slice(begin, max(i - 1, begin))
