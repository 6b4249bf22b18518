"""Streams of thorax and pelvis made from formulas, so that the angles are known exactly."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from scipy.spatial.transform import Rotation

from lift_monitor.events import Confidence
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.trunk_calibration import (
    HingeNeutral,
    SegmentCalibration,
    TrunkCalibration,
)
from lift_monitor.signal.trunk_frames import SegmentAxes
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

Angles = Callable[[FloatArray], FloatArray]


def segment(
    time_s: FloatArray,
    sagittal_deg: FloatArray,
    side_deg: FloatArray | None = None,
    heading_deg: FloatArray | None = None,
    *,
    mounting: Rotation | None = None,
    seed: int = 0,
) -> ImuChunk:
    """What a sensor measures on a segment that turns slowly enough to feel gravity alone."""
    zero = np.zeros_like(time_s)
    side = zero if side_deg is None else side_deg
    heading = zero if heading_deg is None else heading_deg
    angles = np.column_stack([heading, side, sagittal_deg])
    world = Rotation.from_euler("ZXY", angles, degrees=True)
    sensor = world if mounting is None else world * mounting
    acc = sensor.inv().apply([0.0, 0.0, STANDARD_GRAVITY_MPS2])
    step = (sensor[:-1].inv() * sensor[1:]).as_rotvec() / np.diff(time_s)[:, None]
    gyr = np.vstack([step[:1], 0.5 * (step[:-1] + step[1:]), step[-1:]])
    rng = np.random.default_rng(seed)
    n = time_s.shape[0]
    return ImuChunk.build(
        time_s, acc + rng.normal(0.0, 0.02, (n, 3)), gyr + rng.normal(0.0, 0.002, (n, 3))
    )


def ramp(time_s: FloatArray, *knots: tuple[float, float]) -> FloatArray:
    """Smooth changes between (time, value) knots, level outside."""
    out = np.full_like(time_s, knots[0][1])
    for (t0, v0), (t1, v1) in itertools.pairwise(knots):
        u = np.clip((time_s - t0) / (t1 - t0), 0.0, 1.0)
        out += (v1 - v0) * u**3 * (10.0 - 15.0 * u + 6.0 * u**2)
    return out


def straight(neutral: HingeNeutral | None = None) -> TrunkCalibration:
    """A calibration of two sensors whose axes are those of their segments."""
    axes = SegmentAxes.from_up_and_forward(np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0]))
    one = SegmentCalibration(axes, np.zeros(3))
    return TrunkCalibration(one, one, neutral or HingeNeutral(), 0.0, "hinge", Confidence.HIGH, ())


def pair(thorax: ImuChunk, pelvis: ImuChunk) -> dict[Role, ImuChunk]:
    """Both streams by role."""
    return {Role.THORAX: thorax, Role.PELVIS: pelvis}
