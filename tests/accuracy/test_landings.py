"""Landings and forces on the reference recordings; skipped where they are not at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.landing_clips import LandingRow, landing_rows, other_movement, resampled_rows
from benchmarks.landing_forces import RunRow, hip_peaks, pooled_rmse_bw, running_rows
from lift_monitor.events import Confidence
from lift_monitor.samples import Role

PRINTED = [
    (1.32, 1466),
    (1.36, 1469),
    (1.30, 1464),
    (2.32, 1543),
    (1.50, 1480),
    (1.68, 1494),
    (1.51, 1480),
    (1.96, 1515),
    (1.37, 1470),
    (1.86, 1508),
]
"""Peaks in g and forces in N as the makers of impactr print them."""


@pytest.fixture(scope="module")
def clips(shared_data: Path) -> list[LandingRow]:
    return landing_rows(shared_data)


@pytest.fixture(scope="module")
def runs(shared_data: Path) -> list[RunRow]:
    return running_rows(shared_data)


@pytest.mark.parametrize("sensor", [Role.PELVIS, Role.THORAX])
def test_every_landing_is_found_by_either_sensor_alone(
    clips: list[LandingRow], sensor: Role
) -> None:
    rows = [row for row in clips if row.sensor is sensor]
    assert sum(row.expected for row in rows) == 8
    assert [row.clip for row in rows if not row.right] == []


@pytest.mark.parametrize("sensor", [Role.PELVIS, Role.THORAX])
def test_contact_is_within_20_ms(clips: list[LandingRow], sensor: Role) -> None:
    errors = {row.clip: row.error_s for row in clips if row.expected and row.sensor is sensor}
    late = {clip: error for clip, error in errors.items() if error is None or abs(error) > 0.0201}
    assert late == {}


def test_the_thorax_is_never_of_high_confidence(clips: list[LandingRow]) -> None:
    found = [it for row in clips if row.sensor is Role.THORAX for it in row.landings]
    assert found
    assert all(it.confidence is Confidence.LOW and it.second_grf_bw is None for it in found)


def test_the_two_estimates_of_the_pelvis_are_within_half_a_body_weight(
    clips: list[LandingRow],
) -> None:
    found = [it for row in clips if row.sensor is Role.PELVIS for it in row.landings]
    assert found
    assert all(it.difference_bw is not None and it.difference_bw <= 0.5 for it in found)


def test_other_rates_and_phases_find_the_same_landings(shared_data: Path) -> None:
    for row in resampled_rows(shared_data, (104.0, 200.0)):
        assert (row.missed, row.ghosts) == (0, 0)
        assert row.late <= 0.05 * row.clips


def test_other_movement_holds_no_landing(shared_data: Path) -> None:
    found = other_movement(shared_data)
    assert all(number > 0 for number, _, _ in found.values())
    assert {name: ghosts for name, (_, ghosts, _) in found.items() if ghosts} == {}


def test_peaks_and_forces_of_impactr_are_met_to_the_printed_digits(shared_data: Path) -> None:
    peaks_g, forces_n = hip_peaks(shared_data)
    assert len(peaks_g) == 26
    rounded = [
        (round(float(peak), 2), round(float(force)))
        for peak, force in zip(peaks_g, forces_n, strict=True)
    ]
    assert rounded[: len(PRINTED)] == PRINTED


def test_newtons_estimate_of_running_is_within_a_fifth_of_a_body_weight(
    runs: list[RunRow],
) -> None:
    assert len(runs) == 15
    assert sum(row.errors_bw.size for row in runs) > 200
    assert pooled_rmse_bw(runs) <= 0.20
