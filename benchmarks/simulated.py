"""Accuracy on simulated sets with known truth: counts, velocities, range of motion."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from lift_monitor.analysis import analyse
from lift_monitor.drivers.simulated import SensorModel, SessionPlan, TrueRep, simulate_session
from lift_monitor.events import Exercise, Repetition

EXERCISES = (
    Exercise.DEADLIFT,
    Exercise.ROMANIAN_DEADLIFT,
    Exercise.BACK_SQUAT,
    Exercise.OVERHEAD_PRESS,
    Exercise.BENT_OVER_ROW,
    Exercise.BENCH_PRESS,
)


@dataclass(slots=True)
class SimulatedRow:
    """Errors (estimate minus truth) over all repetitions that were found."""

    exercise: str
    rate_hz: float
    found: int = 0
    missed: int = 0
    ghosts: int = 0
    mean_mps: list[float] = field(default_factory=list)
    peak_mps: list[float] = field(default_factory=list)
    rom_m: list[float] = field(default_factory=list)
    low: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        wrong = self.missed + self.ghosts
        return 2 * self.found / (2 * self.found + wrong) if self.found or wrong else 1.0

    def add(self, other: SimulatedRow) -> None:
        """Sum up."""
        self.found += other.found
        self.missed += other.missed
        self.ghosts += other.ghosts
        self.low += other.low
        self.mean_mps += other.mean_mps
        self.peak_mps += other.peak_mps
        self.rom_m += other.rom_m


def one_session(exercise: Exercise, rate_hz: float, seed: int) -> SimulatedRow:
    """One simulated session of two sets with realistic faults, read as a file."""
    rng = np.random.default_rng(seed)
    plan = SessionPlan(
        exercise=exercise,
        sets=2,
        reps=int(rng.integers(3, 7)),
        failed_in_sets=(2,) if rng.random() < 0.15 else (),
    )
    session = simulate_session(plan, SensorModel.realistic(rate_hz=rate_hz), seed)
    analysis = analyse(session.source, exercise=exercise, keep_traces=False)
    truth = [rep for true_set in session.truth.sets for rep in true_set.reps]
    return compare(exercise, rate_hz, list(analysis.repetitions), truth)


def compare(
    exercise: Exercise, rate_hz: float, found: list[Repetition], truth: list[TrueRep]
) -> SimulatedRow:
    """Match by overlap of the concentric phases, each at most once."""
    row = SimulatedRow(exercise.value, rate_hz)
    free = list(found)
    for true in truth:
        partner = max(free, key=lambda r: _overlap_s(r, true), default=None)
        if partner is None or _overlap_s(partner, true) <= 0.0:
            row.missed += 1
            continue
        free.remove(partner)
        row.found += 1
        row.low += partner.confidence.value != "high"
        row.mean_mps.append(partner.mean_velocity_mps - true.mean_velocity_mps)
        row.peak_mps.append(partner.peak_velocity_mps - true.peak_velocity_mps)
        row.rom_m.append(partner.rom_m - true.rom_m)
    row.ghosts = len(free)
    return row


def _overlap_s(rep: Repetition, true: TrueRep) -> float:
    return min(rep.concentric_end_s, true.concentric_end_s) - max(
        rep.concentric_start_s, true.concentric_start_s
    )


def table(rates_hz: tuple[float, ...], seeds: range) -> list[SimulatedRow]:
    """One row an exercise and rate, and one for all exercises at each rate."""
    rows = []
    with ProcessPoolExecutor() as pool:
        for rate in rates_hz:
            everything = SimulatedRow("all", rate)
            for exercise in EXERCISES:
                row = SimulatedRow(exercise.value, rate)
                sessions = partial(one_session, exercise, rate)
                for one in pool.map(sessions, seeds, chunksize=5):
                    row.add(one)
                rows.append(row)
                everything.add(row)
            rows.append(everything)
    return rows
