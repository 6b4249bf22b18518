"""The one-repetition maximum: three sources, kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lift_monitor.events import Confidence
from lift_monitor.programme import maximum as one_repetition
from lift_monitor.programme.maximum import (
    LoadVelocity,
    NoMaximum,
    brzycki,
    by_repetitions,
    by_velocity,
    epley,
    is_lower_bound,
    latest,
    measured,
    points_of,
)
from lift_monitor.programme.record import (
    History,
    Maximum,
    MaximumSource,
    SessionRecord,
    SetKind,
    SetRecord,
)
from lift_monitor.programme.shipped import LIFTMOR

DAY = date(2026, 3, 2)
LATER = date(2026, 4, 13)


def history(*maxima: Maximum) -> History:
    return History(LIFTMOR, None, maxima=maxima)


def points(*pairs: tuple[float, float]) -> list[LoadVelocity]:
    return [LoadVelocity(load, speed) for load, speed in pairs]


LINE = points((30.0, 0.75), (40.0, 0.55), (50.0, 0.35))
"""2 cm/s slower for each kg: 60 kg at 0.15 m/s."""


def test_a_tested_maximum_is_what_was_lifted() -> None:
    maximum = one_repetition.tested("deadlift", 62.5, DAY)

    assert (maximum.kg, maximum.source) == (62.5, MaximumSource.TESTED)
    assert maximum.confidence is Confidence.HIGH


@pytest.mark.parametrize(
    ("repetitions", "by_epley", "by_brzycki", "kg"),
    [(2, 53.3, 51.4, 51.4), (5, 58.3, 56.2, 56.2), (8, 63.3, 62.1, 62.0), (10, 66.7, 66.7, 66.6)],
)
def test_of_two_formulae_the_smaller_is_taken_and_both_are_told(
    repetitions: int, by_epley: float, by_brzycki: float, kg: float
) -> None:
    maximum = by_repetitions("deadlift", 50.0, repetitions, DAY, to_failure=True)

    assert epley(50.0, repetitions) == pytest.approx(by_epley, abs=0.05)
    assert brzycki(50.0, repetitions) == pytest.approx(by_brzycki, abs=0.06)
    assert maximum.kg == kg
    assert f"Epley {by_epley:.1f} kg" in maximum.basis
    assert "the smaller is taken" in maximum.basis
    assert maximum.confidence is Confidence.HIGH


@given(st.floats(1.0, 200.0), st.integers(2, 10))
def test_an_estimate_is_above_the_load_and_never_above_either_formula(
    load: float, repetitions: int
) -> None:
    kg = by_repetitions("deadlift", load, repetitions, DAY, to_failure=True).kg

    assert load - 0.1 <= kg <= min(epley(load, repetitions), brzycki(load, repetitions)) + 1e-9


def test_a_set_with_repetitions_left_tells_only_a_lower_bound() -> None:
    maximum = by_repetitions("deadlift", 45.0, 10, DAY, to_failure=False)

    assert is_lower_bound(maximum)
    assert maximum.basis.startswith("at least")
    assert maximum.high_kg is None
    assert not is_lower_bound(by_repetitions("deadlift", 45.0, 10, DAY, to_failure=True))


@pytest.mark.parametrize(
    ("load", "repetitions", "part"),
    [
        (50.0, 1, "enter one repetition as a test"),
        (50.0, 0, "not enough"),
        (50.0, 11, "too many"),
        (0.0, 5, "cannot be on the bar"),
        (-5.0, 5, "cannot be on the bar"),
        (float("nan"), 5, "cannot be on the bar"),
        (650.0, 5, "cannot be on the bar"),
    ],
)
def test_what_allows_no_estimate_is_refused_with_a_sentence(
    load: float, repetitions: int, part: str
) -> None:
    with pytest.raises(NoMaximum, match=part):
        by_repetitions("deadlift", load, repetitions, DAY, to_failure=True)


def test_points_on_a_line_tell_the_maximum_at_the_speed_of_a_maximal_repetition() -> None:
    maximum = by_velocity("deadlift", LINE, DAY)

    assert maximum.kg == pytest.approx(60.0, abs=0.1)
    assert maximum.source is MaximumSource.VELOCITY
    assert maximum.confidence is Confidence.LOW
    assert "advisory" in maximum.basis


def test_the_interval_is_that_of_one_more_point_on_a_regression() -> None:
    # Held against scipy.stats, which the module does not use.
    measured_points = points((30.0, 0.76), (40.0, 0.54), (45.0, 0.46), (50.0, 0.34))
    maximum = by_velocity("deadlift", measured_points, DAY)

    speeds = np.array([point.velocity_mps for point in measured_points])
    loads = np.array([point.load_kg for point in measured_points])
    line = stats.linregress(speeds, loads)
    estimate = line.intercept + line.slope * 0.15
    residual = np.sqrt(((loads - line.intercept - line.slope * speeds) ** 2).sum() / 2)
    away = (0.15 - speeds.mean()) ** 2 / ((speeds - speeds.mean()) ** 2).sum()
    half = stats.t.ppf(0.975, 2) * residual * np.sqrt(1.0 + 1.0 / 4.0 + away)
    assert maximum.kg == pytest.approx(estimate, abs=0.1)
    assert maximum.high_kg == pytest.approx(estimate + half, abs=0.1)
    assert maximum.low_kg == pytest.approx(max(estimate - half, 50.0), abs=0.1)


def test_of_each_load_only_the_fastest_repetition_counts() -> None:
    tired = points((30.0, 0.5), (40.0, 0.3), (50.0, 0.1), (50.0, 0.3))

    assert by_velocity("deadlift", [*LINE, *tired], DAY) == by_velocity("deadlift", LINE, DAY)


@pytest.mark.parametrize(
    ("what", "measurements", "sentence"),
    [
        ("two loads", LINE[:2], "2 different loads are not enough"),
        ("one load thrice", [LINE[0]] * 3, "1 different loads are not enough"),
        ("faster when heavier", points((30, 0.4), (40, 0.5), (50, 0.6)), "does not fall"),
        ("always as fast", points((30, 0.5), (40, 0.5), (50, 0.5)), "does not fall"),
        ("only light", points((10, 1.15), (15, 1.05), (20, 0.95)), "one of at least 80 %"),
        ("beyond the line", points((30, 0.3), (40, 0.2), (50, 0.1)), "with 50 kg lifted"),
        ("scattered", points((30, 0.55), (32, 0.7), (50, 0.3), (52, 0.42)), "too far from a line"),
    ],
)
def test_points_that_tell_nothing_are_refused(
    what: str, measurements: list[LoadVelocity], sentence: str
) -> None:
    with pytest.raises(NoMaximum, match=sentence):
        by_velocity("deadlift", measurements, DAY)


def test_the_heaviest_load_is_held_against_the_best_that_is_known() -> None:
    with pytest.raises(NoMaximum, match="50 kg is 62 % of 80 kg"):
        by_velocity("deadlift", LINE, DAY, known_kg=80.0)


def test_the_overhead_press_needs_the_persons_own_speed() -> None:
    with pytest.raises(NoMaximum, match="own speed"):
        by_velocity("overhead_press", LINE, DAY)

    assert by_velocity("overhead_press", LINE, DAY, own_speed_mps=0.2).kg == pytest.approx(57.5)


def test_only_speeds_that_can_be_trusted_are_points() -> None:
    def lifted(load: float | None, speed: float | None, **changes: object) -> SetRecord:
        record = SetRecord("deadlift", 1, SetKind.WORKING, load, 5, 5, best_velocity_mps=speed)
        return replace(record, **changes)  # type: ignore[arg-type]

    sets = (
        lifted(30.0, 0.75),
        lifted(40.0, None),
        lifted(None, 0.5),
        lifted(45.0, 0.5, confidence=Confidence.LOW),
        lifted(50.0, 0.4, exercise="back_squat"),
    )
    sessions = (
        SessionRecord("a", DAY, True, sets),
        SessionRecord("b", date(2025, 12, 1), True, (lifted(35.0, 0.7),)),
        SessionRecord("c", LATER, True, (lifted(35.0, 0.7),)),
    )

    found = points_of(History(LIFTMOR, None, sessions), "deadlift", DAY)

    assert found == (LoadVelocity(30.0, 0.75),)


def test_an_estimate_by_velocity_never_becomes_the_measured_maximum() -> None:
    old = one_repetition.tested("deadlift", 60.0, DAY)
    faster = replace(by_velocity("deadlift", LINE, LATER), kg=75.0, confidence=Confidence.HIGH)

    assert measured(history(old, faster), "deadlift") == old
    assert measured(history(faster), "deadlift") is None


def test_a_test_that_nobody_confirmed_is_not_prescribed_from() -> None:
    assert (
        measured(history(one_repetition.tested("deadlift", 60.0, DAY, confirmed=False)), "deadlift")
        is None
    )


def test_the_newest_measured_maximum_counts_even_if_it_is_lower() -> None:
    before, now = (
        one_repetition.tested("deadlift", 60.0, DAY),
        one_repetition.tested("deadlift", 55.0, LATER),
    )

    assert measured(history(before, now), "deadlift") == now


def test_a_lower_bound_raises_but_never_lowers() -> None:
    full = by_repetitions("deadlift", 50.0, 5, DAY, to_failure=True)
    less = by_repetitions("deadlift", 40.0, 10, LATER, to_failure=False)
    more = by_repetitions("deadlift", 50.0, 8, LATER, to_failure=False)
    older = replace(more, day=date(2026, 1, 5))

    assert measured(history(full, less), "deadlift") == full
    assert measured(history(full, more), "deadlift") == more
    assert measured(history(full, older), "deadlift") == full
    assert measured(history(less), "deadlift") == less


def test_on_one_day_a_test_comes_before_repetitions_and_the_smaller_before_the_larger() -> None:
    repetitions = by_repetitions("deadlift", 60.0, 5, DAY, to_failure=True)
    slip, right = (
        one_repetition.tested("deadlift", 250.0, DAY),
        one_repetition.tested("deadlift", 60.0, DAY),
    )

    for order in permutations((slip, repetitions, right)):
        assert latest(order, "deadlift") == right
        assert measured(history(*order), "deadlift") == right


def test_the_latest_of_one_source_can_be_asked_for() -> None:
    both = (one_repetition.tested("deadlift", 60.0, DAY), by_velocity("deadlift", LINE, LATER))

    assert latest(both, "deadlift", MaximumSource.TESTED) == both[0]
    assert latest(both, "deadlift", MaximumSource.REPETITIONS) is None
    assert latest(both, "back_squat") is None
