"""Calibration of the trunk: axes, neutral, quality, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from lift_monitor.events import Confidence
from lift_monitor.samples import ImuChunk
from lift_monitor.signal.trunk_calibration import (
    CalibrationError,
    TrunkCalibration,
    Window,
    calibrate_hinge,
)
from lift_monitor.signal.trunk_fallback import NO_FORWARD, NO_HINGE, calibrate_movement
from lift_monitor.signal.trunk_frames import SegmentAxes, angle_deg
from lift_monitor.signal.trunk_steps import TrunkSensor, TrunkSteps
from lift_monitor.units import FloatArray
from tests.signal.streams import keep, steady
from tests.signal.trunk_streams import ramp, segment

STAND, HINGE, AGAIN = Window(0.5, 5.0), Window(5.0, 12.0), Window(12.0, 17.0)
TIME = steady(18.0)
SWERVE = ramp(TIME, (5.5, 0.0), (6.5, 18.0), (9.5, -18.0), (11.0, 0.0))


def steps_of(chunk: ImuChunk) -> TrunkSteps:
    sensor = TrunkSensor()
    return TrunkSteps.concatenate([sensor.feed(chunk), sensor.finish()])


def hinge(degrees: float) -> FloatArray:
    return ramp(TIME, (5.5, 0.0), (7.5, degrees), (9.0, degrees), (11.0, 0.0))


def calibrated(thorax: ImuChunk | None = None, pelvis: ImuChunk | None = None) -> TrunkCalibration:
    thorax = segment(TIME, hinge(50.0)) if thorax is None else thorax
    pelvis = segment(TIME, hinge(50.0), seed=1) if pelvis is None else pelvis
    return calibrate_hinge(steps_of(thorax), steps_of(pelvis), STAND, HINGE, AGAIN)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), lean=st.floats(25.0, 70.0))
def test_a_sensor_stuck_on_at_any_angle_is_aligned(seed: int, lean: float) -> None:
    mounting = Rotation.random(random_state=seed)
    sensor = steps_of(segment(TIME, hinge(lean), mounting=mounting, seed=seed))
    found = calibrate_hinge(sensor, None, STAND, HINGE, AGAIN).thorax
    assert found is not None
    for name, axis in (("forward", (1, 0, 0)), ("left", (0, 1, 0)), ("up", (0, 0, 1))):
        true = mounting.inv().apply(np.array(axis, dtype=np.float64))
        assert angle_deg(getattr(found.axes, name), true) < 2.0, name


def test_a_good_calibration_is_of_high_confidence_and_knows_its_age() -> None:
    good = calibrated()
    assert good.confidence is Confidence.HIGH
    assert good.reasons == ()
    assert good.method == "hinge"
    assert good.age_s(AGAIN.end_s + 60.0) == pytest.approx(60.0)
    assert abs(good.neutral.slope) < 0.02
    assert good.neutral.residual_deg < 1.0


def test_neutral_through_the_hinge_is_learnt_and_not_guessed_beyond_it() -> None:
    neutral = calibrated(thorax=segment(TIME, hinge(55.0))).neutral
    at = np.degrees(neutral.relative_rad(np.radians([-20.0, 0.0, 50.0, 90.0])))
    assert at == pytest.approx([0.0, 0.0, 5.0, 5.0], abs=0.6)


@pytest.mark.parametrize(
    ("thorax", "word"),
    [
        (segment(TIME, hinge(75.0)), "neutral"),
        (segment(TIME, hinge(50.0), SWERVE), "side"),
        (segment(TIME, hinge(50.0) + ramp(TIME, (9.0, 0.0), (11.0, 9.0))), "differently"),
        (segment(TIME, hinge(50.0), None, 1.2 * hinge(50.0)), "twist"),
    ],
    ids=["rounded", "sideways", "moved", "twisted"],
)
def test_a_poor_calibration_is_of_low_confidence_and_says_why(thorax: ImuChunk, word: str) -> None:
    poor = calibrated(thorax)
    assert poor.confidence is Confidence.LOW
    assert any(word in reason for reason in poor.reasons), poor.reasons


def test_a_rounded_hinge_never_becomes_the_neutral_that_hides_rounding() -> None:
    assert calibrated(segment(TIME, hinge(75.0))).neutral.slope == 0.0


def test_a_shallow_hinge_is_of_low_confidence_and_a_smaller_one_refused() -> None:
    shallow = calibrated(segment(TIME, hinge(22.0)), segment(TIME, hinge(22.0), seed=1))
    assert shallow.confidence is Confidence.LOW
    with pytest.raises(CalibrationError, match="bend forward"):
        calibrated(segment(TIME, hinge(8.0)))


def test_nobody_still_no_data_and_no_sensor_are_told_in_one_sentence() -> None:
    restless = segment(TIME, 20.0 * np.sin(2.0 * TIME))
    with pytest.raises(CalibrationError, match="hold still"):
        calibrated(restless)
    torn = segment(TIME, hinge(50.0))
    with pytest.raises(CalibrationError, match="bring it nearer"):
        calibrated(keep(torn, (TIME < 0.3) | (TIME > 5.5)))
    with pytest.raises(CalibrationError, match="switch one on"):
        calibrate_hinge(None, None, STAND, HINGE, AGAIN)


def test_without_a_hinge_forward_is_found_in_the_movement_at_low_confidence() -> None:
    upper, lower = Rotation.random(random_state=5), Rotation.random(random_state=6)
    bends = hinge(60.0) + ramp(TIME, (13.0, 0.0), (14.0, -20.0), (15.0, -20.0), (16.5, 0.0))
    found = calibrate_movement(
        steps_of(segment(TIME, bends, mounting=upper)),
        steps_of(segment(TIME, 0.2 * bends, mounting=lower, seed=1)),
    )
    assert found.confidence is Confidence.LOW
    assert NO_HINGE in found.reasons
    assert found.thorax is not None
    assert found.pelvis is not None
    for one, mounting in ((found.thorax, upper), (found.pelvis, lower)):
        assert angle_deg(one.axes.forward, mounting.inv().apply([1.0, 0.0, 0.0])) < 4.0
        assert angle_deg(one.axes.up, mounting.inv().apply([0.0, 0.0, 1.0])) < 1.0


def test_without_any_bend_only_the_size_of_the_tilt_is_known() -> None:
    found = calibrate_movement(steps_of(segment(TIME, hinge(5.0))), None)
    assert found.method == "standing"
    assert found.reasons == (NO_FORWARD,)
    assert found.thorax is not None
    assert not found.thorax.forward_known


def test_the_neutral_stretch_that_was_named_is_the_one_used() -> None:
    lean = ramp(TIME, (1.0, 30.0), (3.0, 0.0), (6.0, 0.0), (8.0, 60.0), (9.0, 60.0), (11.0, 0.0))
    found = calibrate_movement(steps_of(segment(TIME, lean)), None, Window(4.0, 5.0))
    assert found.thorax is not None
    assert angle_deg(found.thorax.axes.up, np.array([0.0, 0.0, 1.0])) < 1.0
    with pytest.raises(CalibrationError, match="choose another stretch"):
        calibrate_movement(steps_of(segment(TIME, lean)), None, Window(40.0, 41.0))


def test_axes_need_a_direction() -> None:
    with pytest.raises(ValueError, match="not along up"):
        SegmentAxes.from_up_and_forward(np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, 2.0]))
