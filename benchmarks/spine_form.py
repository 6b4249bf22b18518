"""One sensor on the lower back in squats: does leaning forward stand out?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.plain_csv import read_csv
from benchmarks.spine_back import listed
from benchmarks.spine_streams import steps_of, walk
from lift_monitor.events import Confidence
from lift_monitor.samples import Role
from lift_monitor.signal.trunk_calibration import (
    HingeNeutral,
    SegmentCalibration,
    TrunkCalibration,
    mean_up,
)
from lift_monitor.signal.trunk_frames import SegmentAxes, unit
from lift_monitor.units import FloatArray


@dataclass(frozen=True, slots=True)
class FormRow:
    """Largest trunk lean of each squat of one person, by label, and the areas under the curve."""

    person: str
    lean_deg: dict[str, tuple[float, ...]]
    auc: float
    auc_own_start: float


def squat_form(data: Path) -> list[FormRow]:
    """``waist_squat_form`` with the one sensor that there is."""
    folder = data / "waist_squat_form"
    return [_form(folder, person) for person in ("S1", "S2")]


def _form(folder: Path, person: str) -> FormRow:
    chunks = {path.name: read_csv(path) for path in sorted(folder.glob(f"*_{person}_*.csv"))}
    steps = {name: steps_of(chunk) for name, chunk in chunks.items()}
    # Clips begin anywhere in the movement; a person's upright is the middle of all beginnings.
    upright = unit(np.median([s.up_sensor[0] for s in steps.values()], axis=0))
    lean: dict[str, list[float]] = {}
    own: dict[str, list[float]] = {}
    for name, chunk in chunks.items():
        label = name.split(f"_{person}")[0]
        for where, up in ((lean, upright), (own, mean_up(steps[name].part(0, 10)))):
            block, _ = walk(one_sensor(up), {Role.PELVIS: chunk})
            where.setdefault(label, []).append(float(np.nanmax(block.trunk_lean_deg)))
    return FormRow(
        person,
        {label: tuple(values) for label, values in lean.items()},
        area(lean["forward_lean"], lean["correct"]),
        area(own["forward_lean"], own["correct"]),
    )


def one_sensor(up: FloatArray) -> TrunkCalibration:
    """A calibration of one sensor that knows upright and nothing else."""
    anywhere = np.eye(3)[int(np.argmin(np.abs(up)))]
    axes = SegmentAxes.from_up_and_forward(up, anywhere)
    segment = SegmentCalibration(axes, np.zeros(3), forward_known=False)
    return TrunkCalibration(
        None, segment, HingeNeutral(), 0.0, "standing", Confidence.LOW, ("Only standing is known.",)
    )


def area(positive: list[float], negative: list[float]) -> float:
    """Area under the receiver's curve: share of pairs in the right order."""
    return float(np.mean([(p > n) + 0.5 * (p == n) for p in positive for n in negative]))


def form_section(data: Path) -> list[str]:
    """Table of the squats of each person."""
    lines = [
        "## One sensor on the lower back: squats",
        "",
        (
            "Largest trunk lean of each clip. Upright is the middle of all beginnings of a "
            "person's clips, whatever their label; in the last column the beginning of each clip "
            "itself, which may lie in mid-movement. No threshold is set."
        ),
        "",
        (
            "| person | correct ° | forward lean ° | butt wink ° "
            "| AUC forward lean against correct | AUC, own beginning |"
        ),
        "|---|---|---|---|---|---|",
    ]
    forms = squat_form(data)
    for form in forms:
        lean = " | ".join(
            listed(form.lean_deg[label]) for label in ("correct", "forward_lean", "butt_wink")
        )
        lines.append(f"| {form.person} | {lean} | **{form.auc:.2f}** | {form.auc_own_start:.2f} |")
    aucs = ", ".join(f"{form.person} **{form.auc:.2f}**" for form in forms)
    own = ", ".join(f"{form.person} {form.auc_own_start:.2f}" for form in forms)
    lines += ["", f"Forward lean against correct, AUC by person: {aucs} (own beginning: {own})."]
    return [*lines, ""]
