"""Filter, peaks, regressions and dose against published or hand-worked figures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lift_monitor.signal.landing_dose import ImpactBand, osteogenic_index, session_dose
from lift_monitor.signal.landing_force import (
    REGRESSIONS,
    Movement,
    Placement,
    body_weights,
    impact_peaks,
    low_pass,
    newton_bw,
    steepest_rise_bw_per_s,
)
from lift_monitor.units import STANDARD_GRAVITY_MPS2


def test_the_filter_gives_the_figures_of_the_published_program() -> None:
    filtered = low_pass(np.arange(1.0, 17.0), 100.0, 20.0)
    expected = [0.9165122, 1.9171296, 3.0198027, 4.0638896, 5.0100178]
    assert filtered[:5] == pytest.approx(expected, abs=5e-8)


@pytest.mark.parametrize(
    ("movement", "placement", "peak_g", "mass_kg", "force_n"),
    [
        (Movement.WALKING_RUNNING, Placement.HIP, 2.0, 70.0, 1399.25),
        (Movement.WALKING_RUNNING, Placement.BACK, 2.0, 70.0, 1415.22),
        (Movement.JUMPING, Placement.HIP, 4.0, 65.0, 1764.219),
        (Movement.JUMPING, Placement.BACK, 4.0, 65.0, 1901.893),
    ],
)
def test_regressions_by_hand(
    movement: Movement, placement: Placement, peak_g: float, mass_kg: float, force_n: float
) -> None:
    assert REGRESSIONS[movement, placement].force_n(peak_g, mass_kg) == pytest.approx(force_n)


def test_of_two_peaks_too_close_the_higher_one_is_kept() -> None:
    signal = np.ones(200)
    signal[[20, 50, 80, 150]] = [1.5, 2.0, 1.6, 1.4]
    signal[180] = 1.2  # too low
    assert impact_peaks(signal, 100.0).tolist() == [50, 150]
    assert impact_peaks(signal, 100.0, distance_s=0.2).tolist() == [20, 50, 80, 150]
    assert impact_peaks(np.ones(50), 100.0).tolist() == []


def test_a_body_that_stands_weighs_one_body_weight_to_its_ends() -> None:
    force = newton_bw(np.full(60, STANDARD_GRAVITY_MPS2), 100.0)
    assert force == pytest.approx(np.ones(60), abs=1e-3)
    assert (newton_bw(np.full(60, -5.0), 100.0) == 0.0).all()


def test_the_steepest_rise_is_that_before_the_peak() -> None:
    force = np.array([0.0, 0.0, 1.0, 3.0, 4.0, 4.0, 9.0, 9.0])
    assert steepest_rise_bw_per_s(force, 100.0, 1, 4) == pytest.approx(150.0)


def test_force_in_body_weights() -> None:
    assert body_weights(2.0 * 70.0 * STANDARD_GRAVITY_MPS2, 70.0) == pytest.approx(2.0)


def test_osteogenic_index_of_the_reference_session() -> None:
    assert osteogenic_index([3.5] * 25) == pytest.approx(3.5 * math.log(26.0))
    assert osteogenic_index([3.5] * 25) == pytest.approx(11.4, abs=0.05)
    assert osteogenic_index([]) == 0.0


def test_the_dose_of_a_session() -> None:
    dose = session_dose([2.0, 3.0, 3.5, 4.0, 4.5], ImpactBand(3.0, 4.0), clipped=True)
    assert (dose.count, dose.below, dose.within, dose.above) == (5, 1, 3, 1)
    assert dose.mean_bw == pytest.approx(3.4)
    assert dose.hardest_bw == 4.5
    assert dose.osteogenic_index == pytest.approx(3.4 * math.log(6.0))
    assert dose.at_least
    empty = session_dose([])
    assert (empty.count, empty.mean_bw, empty.hardest_bw) == (0, None, None)
    assert empty.osteogenic_index == 0.0


@pytest.mark.parametrize(("low", "high"), [(4.0, 3.0), (0.0, 3.0), (3.0, 3.0), (math.nan, 3.0)])
def test_a_band_that_is_none_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="body weights"):
        ImpactBand(low, high)
