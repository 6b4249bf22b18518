"""The trunk against optical truth: two trials as two segments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.plain_csv import read_csv
from benchmarks.spine_streams import walk
from lift_monitor.events import Confidence
from lift_monitor.samples import Role
from lift_monitor.signal.trunk_calibration import (
    HingeNeutral,
    SegmentCalibration,
    TrunkCalibration,
)
from lift_monitor.signal.trunk_frames import SegmentAxes, angle_deg, tilt_of, unit


@dataclass(frozen=True, slots=True)
class OpticalRow:
    """Two trials as two segments; root mean square, degrees."""

    between_deg: float
    """Error of the angle between the two segments' ups."""
    sagittal_deg: float
    """Error of the relative sagittal tilt, where neither is tilted sideways beyond 60 degrees."""
    seconds: float


def optical(data: Path) -> OpticalRow:
    """Trials 05 and 14 of ``optical_motion`` as thorax and pelvis."""
    files = sorted((data / "optical_motion").glob("*_imu.csv"))[:2]
    chunks = dict(zip((Role.THORAX, Role.PELVIS), map(read_csv, files), strict=True))
    segments, true_up = {}, {}
    for role, path in zip(chunks, files, strict=True):
        table = np.genfromtxt(
            path.with_name(path.name.replace("_imu", "_optical")), delimiter=",", skip_header=1
        )
        w, x, y, z = table[:, 4:8].T
        up = np.column_stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)])
        known = np.isfinite(up[:, 0])
        axes = SegmentAxes.from_up_and_forward(unit(up[known][0]), np.array([1.0, 0.0, 0.0]))
        segments[role] = SegmentCalibration(axes, np.zeros(3))
        true_up[role] = (table[:, 0], up)
    calibration = TrunkCalibration(
        segments[Role.THORAX],
        segments[Role.PELVIS],
        HingeNeutral(),
        0.0,
        "hinge",
        Confidence.HIGH,
        (),
    )
    block, _ = walk(calibration, chunks)
    measured = {Role.THORAX: block.up_thorax, Role.PELVIS: block.up_pelvis}
    one, two = {}, {}
    for role, segment in segments.items():
        time, up = true_up[role]
        near = np.column_stack([np.interp(block.time_s, time, up[:, i]) for i in range(3)])
        one[role] = segment.axes.to_segment(measured[role])
        two[role] = segment.axes.to_segment(near)
    between = angle_deg(one[Role.THORAX], one[Role.PELVIS]) - angle_deg(
        two[Role.THORAX], two[Role.PELVIS]
    )
    tilt = {r: (tilt_of(one[r]), tilt_of(two[r])) for r in one}
    relative = np.degrees(
        (tilt[Role.THORAX][0].sagittal - tilt[Role.PELVIS][0].sagittal)
        - (tilt[Role.THORAX][1].sagittal - tilt[Role.PELVIS][1].sagittal)
    )
    relative = (relative + 180.0) % 360.0 - 180.0
    known = np.isfinite(between)
    upright = known & (np.abs(tilt[Role.THORAX][1].side) < np.radians(60.0))
    upright &= np.abs(tilt[Role.PELVIS][1].side) < np.radians(60.0)
    return OpticalRow(
        float(np.sqrt(np.mean(between[known] ** 2))),
        float(np.sqrt(np.mean(relative[upright] ** 2))),
        float(known.sum() / 100.0),
    )


def optical_section(data: Path) -> list[str]:
    """Errors against optical truth."""
    row = optical(data)
    return [
        "## Two optical trials as two segments",
        "",
        (
            f"{row.seconds:.0f} s in which both are seen; RMS error of the angle between the two "
            f"ups **{row.between_deg:.2f}°**, of the relative sagittal tilt "
            f"**{row.sagittal_deg:.2f}°**."
        ),
        "",
    ]
