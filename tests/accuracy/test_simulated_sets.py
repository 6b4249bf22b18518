"""The yardstick at 100 Hz, on a few seeds; docs/accuracy.md tells of two hundred others."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.simulated import EXERCISES, SimulatedRow, one_session
from lift_monitor.analysis import analyse
from lift_monitor.drivers.simulated import SensorModel, SessionPlan, simulate_session
from lift_monitor.events import Exercise

SEEDS = range(300, 306)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_simulated_sets_are_counted_and_measured(exercise: Exercise) -> None:
    row = SimulatedRow(exercise.value, 100.0)
    for seed in SEEDS:
        row.add(one_session(exercise, 100.0, seed))
    assert row.f1 >= 0.98, f"missed {row.missed}, ghosts {row.ghosts} of {row.found}"
    mean, peak, rom = (np.array(e) for e in (row.mean_mps, row.peak_mps, row.rom_m))
    # The bias of a handful of sessions scatters more than that of the two hundred.
    assert abs(float(mean.mean())) <= 0.01
    assert float(mean.std()) <= 0.015
    assert float(peak.std()) <= 0.03
    assert float(rom.std()) <= 0.015


@pytest.mark.parametrize("exercise", [Exercise.DEADLIFT, Exercise.BENT_OVER_ROW])
@pytest.mark.parametrize("seed", range(4))
def test_a_bar_dropped_at_the_end_costs_no_repetition(exercise: Exercise, seed: int) -> None:
    plan = SessionPlan(exercise, sets=1, reps=4, drop_at_end=True)
    session = simulate_session(plan, SensorModel.realistic(100.0), seed)
    analysis = analyse(session.source, exercise=exercise, keep_traces=False)
    assert [len(s.repetitions) for s in analysis.sets] == [4]
