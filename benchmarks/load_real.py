"""The state of the load on recordings of other people, where no truth but the signal is known."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lift_monitor.analysis import analyse
from lift_monitor.events import Exercise
from lift_monitor.recordings.importers import import_csv
from lift_monitor.technique import Load, LoadChanged
from lift_monitor.units import FloatArray

REST_WINDOW_S = 1.0
REST_ACC_MPS2 = 0.15
REST_GYR_RADPS = 0.025
REST_LEAST_SAMPLES = 8
"""A bar that rests, by the samples as received and apart from what the signal core does:
standard deviations over a second, three axes together."""


@dataclass(frozen=True, slots=True)
class RealRow:
    """One recording; seconds."""

    file: str
    grade: str
    before: tuple[tuple[float, float], ...]
    """Stretches before the first repetition in which the samples show the bar at rest."""
    after: tuple[tuple[float, float], ...]
    between: tuple[tuple[float, float], ...]
    missed: int
    """Of all these, how many were nowhere said to be unloaded."""
    false_s: float
    """Said to be unloaded between the first and the last repetition, holes left out."""
    unknown_share: float
    """Of the time between them, how much was not known."""
    told: tuple[LoadChanged, ...]


def recordings(data: Path) -> list[RealRow]:
    """Every set of ``bar_ble_lifts``."""
    folder = data / "bar_ble_lifts"
    with (folder / "truth.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [_recording(folder / r["file"], r["exercise"], r["grade"]) for r in rows]


def _recording(path: Path, exercise: str, grade: str) -> RealRow:
    analysis = analyse(import_csv(path), exercise=Exercise(exercise), keep_traces=False)
    told = tuple(e for e in analysis.events if isinstance(e, LoadChanged))
    samples = np.genfromtxt(path, delimiter=",", skip_header=1)
    samples = samples[np.isfinite(samples).all(axis=1)]
    end_s = float(samples[-1, 0] - samples[0, 0])
    reps = analysis.repetitions
    first_s, last_s = (reps[0].start_s, reps[-1].end_s) if reps else (end_s, end_s)
    rests = resting(samples)
    before = tuple(r for r in rests if r[1] <= first_s)
    after = tuple(r for r in rests if r[0] >= last_s)
    between = tuple(r for r in rests if r not in before and r not in after)
    spans = _spans(told, end_s)
    missed = sum(
        not any(a < r[1] and r[0] < b for load, a, b in spans if load is Load.UNLOADED)
        for r in rests
    )

    def inside(load: Load) -> float:
        return sum(max(0.0, min(b, last_s) - max(a, first_s)) for s, a, b in spans if s is load)

    length_s = max(last_s - first_s, 1e-9)
    return RealRow(
        path.stem,
        grade,
        before,
        after,
        between,
        missed,
        inside(Load.UNLOADED),
        inside(Load.UNKNOWN) / length_s,
        told,
    )


def resting(samples: FloatArray) -> list[tuple[float, float]]:
    """Stretches of at least a second in which the samples, (n, 7), show a bar at rest."""
    time_s = samples[:, 0] - samples[0, 0]
    found: list[tuple[float, float]] = []
    for start_s in np.arange(0.0, time_s[-1] - REST_WINDOW_S, 0.1):
        part = samples[(time_s >= start_s) & (time_s < start_s + REST_WINDOW_S), 1:]
        distinct = np.unique(part, axis=0)
        if distinct.shape[0] < REST_LEAST_SAMPLES:
            continue
        acc, gyr = (
            float(np.sqrt(part[:, k].var(axis=0).sum())) for k in (slice(0, 3), slice(3, 6))
        )
        if acc <= REST_ACC_MPS2 and gyr <= REST_GYR_RADPS:
            stretch = (float(start_s), float(start_s) + REST_WINDOW_S)
            if found and stretch[0] <= found[-1][1]:
                found[-1] = (found[-1][0], stretch[1])
            else:
                found.append(stretch)
    return found


def _spans(told: tuple[LoadChanged, ...], end_s: float) -> list[tuple[Load, float, float]]:
    """State of the load over time, by since when each began."""
    edges = [(Load.UNKNOWN, 0.0), *((e.load, e.since_s) for e in told)]
    ends = [*(since_s for _, since_s in edges[1:]), end_s]
    return [(load, a, b) for (load, a), b in zip(edges, ends, strict=True)]
