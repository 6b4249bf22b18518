"""Accuracy on the reference recordings of other people: counts, velocity, inclination."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import savgol_filter

from lift_monitor.analysis import Analysis, analyse
from lift_monitor.events import Confidence, Exercise
from lift_monitor.recordings.importers import import_csv, import_metamotion
from lift_monitor.units import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class CountRow:
    """One set of a recording against its label."""

    file: str
    exercise: str
    grade: str
    label: int
    found: int
    live: int
    confidence: str
    reasons: str

    @property
    def error(self) -> int:
        """Found minus label."""
        return self.found - self.label


@dataclass(frozen=True, slots=True)
class MotionRow:
    """One trial against optical truth; metres, seconds and degrees, root mean square."""

    trial: str
    refined_mps: float
    live_mps: float
    up_deg: float
    up_moving_deg: float


def bar_counts(data: Path) -> list[CountRow]:
    """Every set of ``bar_ble_lifts``, the mislabelled ones included but marked."""
    folder = data / "bar_ble_lifts"
    with (folder / "truth.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [
        _count(
            row["file"],
            row["exercise"],
            row["grade"],
            int(row["reps"]),
            analyse(import_csv(folder / row["file"]), exercise=Exercise(row["exercise"])),
        )
        for row in rows
    ]


def wrist_counts(data: Path) -> list[CountRow]:
    """Every recording of ``wrist_metamotion_lifts``; the rests are read as a deadlift."""
    folder = data / "wrist_metamotion_lifts"
    with (folder / "truth.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    out = []
    for row in rows:
        if row["exercise"] != "rest" and row["nominal_reps"] == "0":
            continue  # no truth is known
        path = next(folder.glob(f"{row['file_stem']}*Accelerometer*.csv"))
        exercise = "deadlift" if row["exercise"] == "rest" else row["exercise"]
        analysis = analyse(import_metamotion(path), exercise=Exercise(exercise))
        label = int(row["nominal_reps"])
        out.append(_count(row["file_stem"], row["exercise"], row["category"], label, analysis))
    return out


def _count(file: str, exercise: str, grade: str, label: int, analysis: Analysis) -> CountRow:
    live = sum(e.kind == "repetition_completed" for e in analysis.events)
    withdrawn = sum(e.kind == "repetition_withdrawn" for e in analysis.events)
    order = [Confidence.NONE, Confidence.LOW, Confidence.HIGH]
    confidence = max((s.confidence for s in analysis.sets), key=order.index, default=None)
    reasons = dict.fromkeys(reason for s in analysis.sets for reason in s.reasons)
    return CountRow(
        file,
        exercise,
        grade,
        label,
        len(analysis.repetitions),
        live - withdrawn,
        "no set" if confidence is None else confidence.value,
        "; ".join(reasons),
    )


def optical_trials(data: Path) -> list[MotionRow]:
    """Every trial of ``optical_motion``, read as exercise ``free``."""
    folder = data / "optical_motion"
    return [optical_trial(path) for path in sorted(folder.glob("*_imu.csv"))]


def optical_trial(imu: Path) -> MotionRow:
    """One trial: velocity while moving, inclination always and while moving."""
    analysis = analyse(import_csv(imu), exercise=Exercise.FREE)
    optical = np.genfromtxt(
        imu.with_name(imu.name.replace("_imu", "_optical")), delimiter=",", skip_header=1
    )
    time = optical[:, 0] - optical[0, 0]
    moving = optical[:, 8] == 1
    velocity, seen = _optical_velocity(time, optical[:, 3])
    refined, live = analysis.trace_refined, analysis.trace_live
    angle, oriented = _inclination_error(time, optical[:, 4:8], refined.time_s, refined.up_sensor)
    use = moving & seen
    return MotionRow(
        imu.name.removesuffix("_imu.csv"),
        _rms(np.interp(time, refined.time_s, refined.velocity_mps)[use] - velocity[use]),
        _rms(np.interp(time, live.time_s, live.velocity_mps)[use] - velocity[use]),
        _rms(angle[oriented]),
        _rms(angle[oriented & moving]),
    )


def _optical_velocity(time: FloatArray, height: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Differentiated over 21 frames (74 ms); unseen stretches are not compared."""
    seen = np.isfinite(height)
    filled = np.interp(time, time[seen], height[seen])
    step = float(np.median(np.diff(time)))
    return np.asarray(savgol_filter(filled, 21, 3, deriv=1, delta=step)), seen


def _inclination_error(
    time: FloatArray, quat: FloatArray, trace_s: FloatArray, up_sensor: FloatArray
) -> tuple[FloatArray, BoolArray]:
    w, x, y, z = quat.T
    true_up = np.column_stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)])
    up = np.column_stack([np.interp(time, trace_s, up_sensor[:, i]) for i in range(3)])
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    cosine = np.clip(np.sum(up * true_up, axis=1), -1.0, 1.0)
    return np.degrees(np.arccos(cosine)), np.asarray(np.isfinite(quat).all(axis=1))


def _rms(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
