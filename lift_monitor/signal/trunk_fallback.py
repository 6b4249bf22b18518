"""Axes of the trunk sensors from whatever movement there was, where no hinge was taught.

Neutral is a stretch that the caller names, or else the first quiet moment.  The thorax's
first large excursion is taken for a bend forward, as in lifting.  People then move mostly in
the planes of the body, to and fro or from side to side, so the direction is made more exact
by the turn that leaves least movement between these planes (quartimax rotation, Neuhaus &
Wrigley 1954, doi:10.1111/j.2044-8317.1954.tb00147.x).  The pelvis may hardly
tilt, so its forward is found by turning it until both sensors turn about the same level axes
at the same time.  Everything that rests on such axes is of low confidence.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lift_monitor.events import Confidence
from lift_monitor.signal.trunk_calibration import (
    CalibrationError,
    HingeNeutral,
    SegmentCalibration,
    TrunkCalibration,
    Window,
)
from lift_monitor.signal.trunk_frames import SegmentAxes, angle_deg, levelled, tilt_of, unit
from lift_monitor.signal.trunk_steps import STEPS_PER_S, TrunkSteps
from lift_monitor.units import FloatArray

QUIET_S: Final = 0.3
QUIET_RADPS: Final = 0.25
"""About 14 deg/s. Design default: quiet sitting or standing, not the bottom of a bend."""
FIRST_S: Final = 5.0
LEAST_EXCURSION_DEG: Final = 20.0
LEAST_AGREEMENT: Final = 0.3
"""Correlation of the two sensors' level rates below which the pelvis's forward is a guess."""

NO_HINGE = "No hinge was taught: forward was taken from the movement itself."
NO_FORWARD = "No bend was large enough to tell forward: only the size of the tilt is known."


def calibrate_movement(
    thorax: TrunkSteps | None, pelvis: TrunkSteps | None, neutral: Window | None = None
) -> TrunkCalibration:
    """Calibrate without a guided minute; the confidence is low.

    Parameters
    ----------
    thorax, pelvis : TrunkSteps or None
        Steps with movement in them; at least one sensor.
    neutral : Window, optional
        A stretch in which the person is upright; else the first quiet moment is taken.

    Raises
    ------
    CalibrationError
        If there are no data, or none in the neutral stretch.
    """
    if thorax is not None and len(thorax) and pelvis is not None and len(pelvis):
        thorax, pelvis = _common(thorax, pelvis)
    given = [steps for steps in (thorax, pelvis) if steps is not None and len(steps)]
    if not given:
        raise CalibrationError("No trunk sensor delivers data; switch one on and calibrate again.")
    window = neutral or _quiet(given)
    reasons = [NO_HINGE]
    if thorax is not None and len(thorax) and pelvis is not None and len(pelvis):
        upper = _alone("thorax", thorax, window)
        lower = _neutral_only("pelvis", pelvis, window)
        if upper.forward_known:
            lower, agreement = _led(pelvis, lower, thorax, upper)
            if agreement < LEAST_AGREEMENT:
                reasons.append(
                    "Thorax and pelvis hardly moved together, so the pelvis's forward is a guess."
                )
        return _made(upper, lower, window, reasons)
    if thorax is not None and len(thorax):
        return _made(_alone("thorax", thorax, window), None, window, reasons)
    assert pelvis is not None
    return _made(None, _alone("pelvis", pelvis, window), window, reasons)


def _made(
    thorax: SegmentCalibration | None,
    pelvis: SegmentCalibration | None,
    window: Window,
    reasons: list[str],
) -> TrunkCalibration:
    leader = thorax or pelvis
    assert leader is not None
    if not leader.forward_known:
        reasons = [NO_FORWARD]
    return TrunkCalibration(
        thorax,
        pelvis,
        HingeNeutral(),
        window.end_s,
        "movement" if leader.forward_known else "standing",
        Confidence.LOW,
        tuple(reasons),
    )


def _quiet(sensors: list[TrunkSteps]) -> Window:
    """The first quiet moment of all sensors, or the quietest of the first seconds."""
    n = round(QUIET_S * STEPS_PER_S)
    if len(sensors[0]) < n:
        raise CalibrationError(
            "The trunk sensors deliver too little data to tell what upright is; record at least "
            "a second of standing still."
        )
    rate = np.max([np.linalg.norm(s.gyr_sensor_radps, axis=1) for s in sensors], axis=0)
    largest = np.lib.stride_tricks.sliding_window_view(rate, n).max(axis=1)
    quiet = np.flatnonzero(largest < QUIET_RADPS)
    early = largest[: round(FIRST_S * STEPS_PER_S)]
    if quiet.size and quiet[0] < early.size:
        at = int(quiet[0])
    elif np.isfinite(early).any():
        at = int(np.nanargmin(early))
    else:
        raise CalibrationError(
            "The trunk sensors have a hole where the person stands upright; record again."
        )
    time_s = sensors[0].time_s
    return Window(float(time_s[at]), float(time_s[at + n - 1]))


def _neutral_only(name: str, steps: TrunkSteps, window: Window) -> SegmentCalibration:
    still = steps.between(window.start_s, window.end_s)
    known = np.isfinite(still.up_sensor[:, 0])
    if not known.any():
        raise CalibrationError(
            f"The {name} sensor has no data from {window.start_s:.1f} s to {window.end_s:.1f} s, "
            "where the person was to be upright; choose another stretch."
        )
    up = unit(np.asarray(still.up_sensor[known].mean(axis=0)))
    # Without a longer rest the gyroscope's bias is not known; movement would be taken for it.
    anywhere = np.eye(3)[int(np.argmin(np.abs(up)))]
    axes = SegmentAxes.from_up_and_forward(up, anywhere)
    return SegmentCalibration(axes, np.zeros(3), forward_known=False)


def _alone(name: str, steps: TrunkSteps, window: Window) -> SegmentCalibration:
    """Forward from the plane in which this sensor tilts farthest."""
    standing = _neutral_only(name, steps, window)
    ups = steps.up_sensor[np.isfinite(steps.up_sensor[:, 0])]
    tilted = angle_deg(ups, standing.axes.up)
    far = np.flatnonzero(tilted > LEAST_EXCURSION_DEG)
    if not far.size:
        return standing
    level = standing.axes.to_segment(ups)[:, :2]
    back = np.flatnonzero(tilted[far[0] :] < 0.5 * LEAST_EXCURSION_DEG)
    end = far[0] + int(back[0]) if back.size else len(ups)
    line = -level[far[0] : end].sum(axis=0)  # up tips backwards in a bend forward
    line /= np.hypot(*line)
    x, y = level @ line, level @ np.array([-line[1], line[0]])
    # Quartimax: the turn by which the least movement lies oblique, sum of (x y)^2. It makes
    # no use of signs and leaves the first guess by 45 degrees at most.
    u, v = x * x - y * y, 2.0 * x * y
    turn = 0.25 * float(np.arctan2(2.0 * np.sum(u * v), np.sum(u * u - v * v)))
    c, s = np.cos(turn), np.sin(turn)
    return _turned(standing, np.array([c * line[0] - s * line[1], s * line[0] + c * line[1]]))


def _turned(standing: SegmentCalibration, line: FloatArray) -> SegmentCalibration:
    axes = standing.axes
    forward = line[0] * axes.forward + line[1] * axes.left
    return SegmentCalibration(
        SegmentAxes.from_up_and_forward(axes.up, forward), standing.gyr_bias_radps
    )


def _led(
    pelvis: TrunkSteps,
    lower: SegmentCalibration,
    thorax: TrunkSteps,
    upper: SegmentCalibration,
) -> tuple[SegmentCalibration, float]:
    """Turn the pelvis about its up until its level rates match the thorax's best."""
    a, tilt = _level_rates(thorax, upper)
    b, _ = _level_rates(pelvis, lower)
    weight = np.square(tilt)
    known = np.isfinite(weight) & np.isfinite(b).all(axis=1)
    a, b, weight = a[known], b[known], weight[known]
    dot = float(np.sum(weight * (a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1])))
    cross = float(np.sum(weight * (b[:, 0] * a[:, 1] - b[:, 1] * a[:, 0])))
    size = float(np.sqrt(np.sum(weight * (a**2).sum(1)) * np.sum(weight * (b**2).sum(1))))
    if not size > 0.0:
        return lower, 0.0
    turn = np.arctan2(cross, dot)
    line = np.array([np.cos(turn), -np.sin(turn)])
    return _turned(lower, line), float(np.hypot(dot, cross)) / size


def _level_rates(steps: TrunkSteps, segment: SegmentCalibration) -> tuple[FloatArray, FloatArray]:
    tilt = tilt_of(segment.axes.to_segment(steps.up_sensor))
    rates = levelled(segment.axes.to_segment(steps.gyr_sensor_radps), tilt)
    return rates[:, :2], angle_deg(steps.up_sensor, segment.axes.up)


def _common(one: TrunkSteps, other: TrunkSteps) -> tuple[TrunkSteps, TrunkSteps]:
    """The steps that both have."""
    _, a, b = np.intersect1d(one.index, other.index, assume_unique=True, return_indices=True)
    if not a.size:
        raise CalibrationError(
            "The two trunk sensors never delivered at the same time; check both and calibrate "
            "again."
        )
    return one.pick(a), other.pick(b)
