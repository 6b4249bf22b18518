"""The trunk against simulated truth (a few seeds) and against recordings of other people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.spine_back import BackRow, back_trials
from benchmarks.spine_form import squat_form
from benchmarks.spine_optical import optical
from benchmarks.spine_simulated import TrunkRow, jobs, simulated
from lift_monitor.drivers.simulated.trunk import TrunkPlan
from lift_monitor.samples import Role

LOOSE = "P11_trial2"
BY_BEND = 0.40
"""Share of flexion at the peaks of single side bends: people nod forward as they bend."""


@pytest.fixture(scope="module")
def rows() -> list[TrunkRow]:
    return [simulated(job) for job in jobs(TrunkPlan(reps=2, rounded=(1,)), range(500, 503))]


@pytest.fixture(scope="module")
def back(shared_data: Path) -> list[BackRow]:
    return back_trials(shared_data)


def test_simulated_flexion_is_within_two_degrees(rows: list[TrunkRow]) -> None:
    assert [row.rmse_deg for row in rows if row.rmse_deg > 2.0] == []
    assert [row.side_rmse_deg for row in rows if row.side_rmse_deg > 2.0] == []
    assert all(row.high for row in rows)


def test_simulated_red_episodes_are_found_in_time_and_no_others(rows: list[TrunkRow]) -> None:
    assert sum(row.true_red for row in rows) >= 3
    assert sum(row.found_red for row in rows) == sum(row.true_red for row in rows)
    assert sum(row.false_red for row in rows) == 0
    assert max(delay for row in rows for delay in row.delays_s) <= 0.15


def test_simulated_slips_are_noticed_and_only_slips(rows: list[TrunkRow]) -> None:
    assert sum(row.slips for row in rows) == 0
    (job,) = jobs(TrunkPlan(reps=2, rounded=(), slip_deg=25.0), [600])
    delay_s = simulated(job).slip_noticed_s
    assert delay_s is not None
    assert 0.0 < delay_s < 0.5


def test_relative_inclination_agrees_with_optical_truth(shared_data: Path) -> None:
    row = optical(shared_data)
    assert row.seconds > 100.0
    assert row.between_deg <= 0.8
    assert row.sagittal_deg <= 0.8


def test_every_forward_bend_is_positive_and_its_backward_bend_negative(back: list[BackRow]) -> None:
    assert len(back) == 12
    for row in back:
        assert len(row.forward) == 3, row.trial
        assert len(row.backward) == 3, row.trial
        assert min(row.forward) > 5.0, row.trial
        assert max(row.backward) < -2.0, row.trial


def test_side_bends_land_in_the_side_bend(back: list[BackRow]) -> None:
    for row in back:
        signs = np.sign(row.side[:4])
        assert np.array_equal(signs[1:], -signs[:-1]), row.trial
        assert min(np.abs(row.side[:4])) > 15.0, row.trial
        assert row.spread_share <= 0.25, row.trial
        assert abs(row.leak) <= 0.10, row.trial
        assert np.median(row.flexion_share) <= BY_BEND, row.trial


def test_the_sensor_that_comes_loose_is_noticed_and_no_other(back: list[BackRow]) -> None:
    noticed = {row.trial: row.slips for row in back if row.slips}
    assert set(noticed) == {LOOSE}
    (slip,) = noticed[LOOSE]
    assert slip.role is Role.PELVIS
    assert 12.0 < slip.at_s < 15.0
    withdrawn = {row.trial: row.withdrawn_s for row in back}
    assert withdrawn.pop(LOOSE) > 10.0
    assert max(withdrawn.values()) == 0.0


def test_lean_of_one_sensor_separates_leaning_forward_from_correct(shared_data: Path) -> None:
    people = squat_form(shared_data)
    assert [row.person for row in people] == ["S1", "S2"]
    assert [row.person for row in people if row.auc < 0.9] == []
