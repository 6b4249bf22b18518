"""From a guided minute to the axes of pelvis and thorax, and what "neutral" means.

The person stands upright, hinges at the hips with the spine held neutral as taught, and
stands again.  Gravity while standing gives each segment's up; the plane in which gravity
moves through the hinge gives its forward, whatever the angle at which the sensor was stuck
on.  No end of range is ever asked for.

Limits are design defaults that a clinician may change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lift_monitor.events import Confidence
from lift_monitor.signal.trunk_frames import SegmentAxes, angle_deg, tilt_of, unit
from lift_monitor.signal.trunk_steps import STEPS_PER_S, TrunkSteps
from lift_monitor.units import FloatArray

STAND_S: Final = 1.5
"""Stretch that is averaged, the stillest within a window; a person sways slower than this."""
MOST_SWAY_DEG: Final = 2.0
MOST_CHANGE_OF_STAND_DEG: Final = 6.0
"""Between standing before and after the hinge. People return to a posture within about 3
degrees; more says that a sensor moved or that they did not come back."""
LEAST_HINGE_DEG: Final = 15.0
"""Of each segment: below it the direction of forward is not known well enough."""
WANTED_HINGE_DEG: Final = 30.0
"""Of the thorax: below it the neutral of the lift is an extrapolation."""
MOST_OUT_OF_PLANE_DEG: Final = 5.0
MOST_AXIS_DEG: Final = 15.0
"""Between the axis of the hinge seen by gravity and by the gyroscope."""
MOST_ROUNDING_DEG: Final = 15.0
"""Lumbar flexion within a hinge that was meant to be neutral."""
_LEAST_GYRO_RADPS: Final = 0.15


class CalibrationError(ValueError):
    """A calibration that cannot be used; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of session time in seconds."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class GuidedMinute:
    """When the person was asked for what, in session seconds."""

    stand: Window
    hinge: Window
    stand_again: Window


@dataclass(frozen=True, slots=True, eq=False)
class SegmentCalibration:
    """How one sensor sits on its segment.

    ``gyr_bias_radps`` (3,) is the gyroscope's reading while standing still.
    """

    axes: SegmentAxes
    gyr_bias_radps: FloatArray
    forward_known: bool = True
    """False where only standing was seen: tilt has a size but no direction then."""


@dataclass(frozen=True, slots=True)
class HingeNeutral:
    """Relative angle of thorax and pelvis in the taught hinge, by tilt of the pelvis.

    It holds what the skin does to the sensors as well as what the spine does, and is taken as
    neutral. Zero when upright, ``slope`` times the pelvis's tilt in the hinge, and level
    beyond ``deepest_rad``, where nothing was taught.
    """

    slope: float = 0.0
    deepest_rad: float = 0.0
    residual_deg: float = 0.0

    def relative_rad(self, pelvis_rad: FloatArray) -> FloatArray:
        """Neutral angle of the thorax against the pelvis, radians, any shape."""
        return np.asarray(self.slope * np.clip(pelvis_rad, 0.0, self.deepest_rad))


@dataclass(frozen=True, slots=True, eq=False)
class TrunkCalibration:
    """Result of a calibration; what is ``None`` has no sensor."""

    thorax: SegmentCalibration | None
    pelvis: SegmentCalibration | None
    neutral: HingeNeutral
    made_at_s: float
    method: str
    """``hinge``, ``movement`` (without a taught hinge) or ``standing``."""
    confidence: Confidence
    reasons: tuple[str, ...]
    """Sentences that say why the confidence is not high."""

    def age_s(self, now_s: float) -> float:
        """Seconds since the calibration ended."""
        return now_s - self.made_at_s


def calibrate_hinge(
    thorax: TrunkSteps | None,
    pelvis: TrunkSteps | None,
    stand: Window,
    hinge: Window,
    stand_again: Window,
) -> TrunkCalibration:
    """Calibrate from the guided minute.

    Parameters
    ----------
    thorax, pelvis : TrunkSteps or None
        Steps that cover the three windows; at least one sensor.
    stand, hinge, stand_again : Window
        When the person was asked for each; the still and the moving part are found inside.

    Raises
    ------
    CalibrationError
        If a sensor delivered too little, nobody stood still, or the hinge was too small.
    """
    found: dict[str, _Hinged] = {}
    for name, steps in (("thorax", thorax), ("pelvis", pelvis)):
        if steps is not None:
            found[name] = _hinged(name, steps, stand, hinge, stand_again)
    if not found:
        raise CalibrationError("No trunk sensor delivers data; switch one on and calibrate again.")
    reasons = [reason for part in found.values() for reason in part.reasons]
    neutral = HingeNeutral()
    if "thorax" in found:
        lean = float(np.degrees(float(np.max(found["thorax"].sagittal_rad))))
        if lean < WANTED_HINGE_DEG:
            reasons.append(
                f"The hinge reached only {lean:.0f}° of trunk lean (at least "
                f"{WANTED_HINGE_DEG:.0f}° are wanted), so deeper neutral is a guess."
            )
    if len(found) == 2:
        neutral, trouble = _neutral(found["thorax"], found["pelvis"])
        reasons.extend(trouble)
    return TrunkCalibration(
        found["thorax"].segment if "thorax" in found else None,
        found["pelvis"].segment if "pelvis" in found else None,
        neutral,
        stand_again.end_s,
        "hinge",
        Confidence.LOW if reasons else Confidence.HIGH,
        tuple(reasons),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Hinged:
    segment: SegmentCalibration
    index: FloatArray
    sagittal_rad: FloatArray
    reasons: tuple[str, ...]


def _hinged(name: str, steps: TrunkSteps, stand: Window, hinge: Window, again: Window) -> _Hinged:
    reasons = []
    before = still_part(name, steps.between(stand.start_s, stand.end_s))
    after = still_part(name, steps.between(again.start_s, again.end_s))
    up_before, up_after = mean_up(before), mean_up(after)
    change = float(angle_deg(up_before, up_after))
    if change > MOST_CHANGE_OF_STAND_DEG:
        reasons.append(
            f"The {name} sensor stood {change:.0f}° differently after the hinge; see that it "
            "sits tight and calibrate again."
        )
    up = unit(up_before + up_after)
    still = TrunkSteps.concatenate([before, after])
    bias = np.asarray(still.gyr_sensor_radps.mean(axis=0))
    moving = steps.between(hinge.start_s, hinge.end_s)
    known = np.isfinite(moving.up_sensor[:, 0])
    ups, rates = moving.up_sensor[known], moving.gyr_sensor_radps[known] - bias
    tilted = angle_deg(ups, up) if len(ups) else np.zeros(0)
    if not tilted.size or tilted.max() < LEAST_HINGE_DEG:
        raise CalibrationError(
            f"The {name} sensor saw a hinge of only {tilted.max(initial=0.0):.0f}°; bend forward "
            f"at the hips by at least {LEAST_HINGE_DEG:.0f}° and calibrate again."
        )
    deep = ups[tilted > 0.5 * tilted.max()]
    axes = SegmentAxes.from_up_and_forward(up, -deep.sum(axis=0))
    segment_up = axes.to_segment(ups)
    tilt = tilt_of(segment_up)
    aside = float(np.degrees(np.sqrt(np.mean(np.square(tilt.side)))))
    if aside > MOST_OUT_OF_PLANE_DEG:
        reasons.append(
            f"The hinge went {aside:.0f}° to the side at the {name}; bend straight forward and "
            "calibrate again."
        )
    axis = _turning_axis(rates)
    if axis is not None:
        off = float(
            np.degrees(np.arcsin(min(1.0, float(np.linalg.norm(np.cross(axis, axes.left))))))
        )
        if off > MOST_AXIS_DEG:
            reasons.append(
                f"The {name} turned about an axis {off:.0f}° away from that of a hinge; do not "
                "twist, and calibrate again."
            )
    return _Hinged(
        SegmentCalibration(axes, bias),
        np.asarray(moving.index[known], dtype=np.float64),
        tilt.sagittal,
        tuple(reasons),
    )


def _turning_axis(rates: FloatArray) -> FloatArray | None:
    """Principal axis of rotation, (3,), or None if hardly anything turned."""
    if np.sqrt(np.mean(np.sum(rates**2, axis=1))) < 0.3 * _LEAST_GYRO_RADPS:
        return None
    _, vectors = np.linalg.eigh(rates.T @ rates)
    return np.asarray(vectors[:, -1])


def _neutral(thorax: _Hinged, pelvis: _Hinged) -> tuple[HingeNeutral, list[str]]:
    _, a, b = np.intersect1d(thorax.index, pelvis.index, return_indices=True)
    if not a.size:
        raise CalibrationError(
            "The two trunk sensors never delivered at the same time; check both and calibrate "
            "again."
        )
    p, relative = pelvis.sagittal_rad[b], thorax.sagittal_rad[a] - pelvis.sagittal_rad[b]
    use = p > np.radians(5.0)
    slope = float(np.sum(p[use] * relative[use]) / np.sum(p[use] ** 2)) if use.any() else 0.0
    rounding = float(np.degrees(np.percentile(np.abs(relative), 95)))
    if rounding > MOST_ROUNDING_DEG:
        # A rounded hinge must not become the neutral that hides rounding later.
        return HingeNeutral(), [
            (
                f"The lower back moved by {rounding:.0f}° in a hinge that was to be neutral, so "
                "only standing is taken as neutral; teach the hinge and calibrate again."
            )
        ]
    neutral = HingeNeutral(slope, float(p.max()))
    residual = np.degrees(relative - neutral.relative_rad(p))
    rms = float(np.sqrt(np.mean(np.square(residual))))
    return HingeNeutral(slope, float(p.max()), rms), []


def still_part(name: str, steps: TrunkSteps, length_s: float = STAND_S) -> TrunkSteps:
    """The stillest ``length_s`` of the steps.

    Raises
    ------
    CalibrationError
        If there is no such stretch, or the person sways in it too much.
    """
    n = round(length_s * STEPS_PER_S)
    up = steps.up_sensor
    if len(steps) < n:
        raise CalibrationError(_too_little(name, len(steps) / STEPS_PER_S, length_s))
    views = np.lib.stride_tricks.sliding_window_view(up, n, axis=0)[::5]
    spread = np.sqrt(np.sum(np.var(views, axis=-1), axis=-1))
    if not np.isfinite(spread).any():
        raise CalibrationError(_too_little(name, 0.0, length_s))
    best = int(np.nanargmin(spread))
    sway = float(np.degrees(spread[best]))
    if sway > MOST_SWAY_DEG:
        raise CalibrationError(
            f"The {name} swayed by {sway:.0f}° while standing; hold still and calibrate again."
        )
    return steps.part(5 * best, 5 * best + n)


def _too_little(name: str, got_s: float, length_s: float) -> str:
    return (
        f"The {name} sensor delivered {got_s:.1f} s of the {length_s:.1f} s without a hole that "
        "standing still needs; bring it nearer to the computer and calibrate again."
    )


def mean_up(steps: TrunkSteps) -> FloatArray:
    """Mean direction of up, (3,), of steps that are all known."""
    return unit(np.asarray(steps.up_sensor.mean(axis=0)))
