"""What a session's test sets show of the one-repetition maximum."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_monitor.events import Confidence
from lift_monitor.programme.maximum import brzycki, is_lower_bound, measured, own_speed
from lift_monitor.programme.maximum_tests import maxima_of_tests
from lift_monitor.programme.record import (
    History,
    Maximum,
    MaximumSource,
    SessionRecord,
    SetKind,
    SetRecord,
)
from lift_monitor.programme.shipped import LIFTMOR

DAY = date(2026, 4, 13)


def a_test(
    load: float | None, repetitions: int | None, *, last: bool = False, red: int | None = 0
) -> SetRecord:
    return SetRecord(
        "deadlift", 1, SetKind.TEST, load, 10, repetitions, red_repetitions=red, to_failure=last
    )


def shown(*sets: SetRecord) -> Maximum:
    (found,) = maxima_of_tests(sets, DAY)
    return found


def test_a_set_to_the_last_clean_repetition_shows_the_maximum() -> None:
    found = shown(a_test(45.0, 6, last=True))

    assert found.source is MaximumSource.REPETITIONS
    assert found.kg == pytest.approx(brzycki(45.0, 6), abs=0.1)
    assert not is_lower_bound(found)
    assert found.confidence is Confidence.HIGH
    assert measured(History(LIFTMOR, None, maxima=(found,)), "deadlift") == found


def test_a_repetition_that_was_not_clean_ends_the_count_and_the_set() -> None:
    found = shown(a_test(45.0, 7, red=1))

    assert found == shown(a_test(45.0, 6, last=True))


def test_ten_clean_ones_show_only_that_it_is_more() -> None:
    found = shown(a_test(35.0, 10), a_test(40.0, 10), a_test(45.0, 10))

    assert is_lower_bound(found)
    assert found.kg == pytest.approx(60.0, abs=0.1)


def test_the_heavier_set_that_was_the_last_counts_before_light_ones() -> None:
    sets = (a_test(35.0, 10), a_test(40.0, 10), a_test(45.0, 6, last=True))

    for order in permutations(sets):
        assert shown(*order) == shown(sets[2])


def test_of_two_sets_that_were_the_last_the_heavier_counts() -> None:
    light, heavy = a_test(40.0, 10, last=True), a_test(45.0, 4, last=True)

    assert shown(light, heavy) == shown(heavy, light) == shown(heavy)
    # At one load the worse of the two.
    assert shown(heavy, a_test(45.0, 6, last=True)) == shown(heavy)


def test_one_repetition_and_no_more_is_a_tested_maximum() -> None:
    assert shown(a_test(60.0, 1, last=True)).source is MaximumSource.TESTED
    assert maxima_of_tests([a_test(60.0, 1)], DAY) == ()


def test_what_nobody_watched_or_was_measured_badly_is_not_prescribed_from() -> None:
    unwatched = shown(a_test(45.0, 6, last=True, red=None))
    doubtful = shown(replace(a_test(45.0, 6, last=True), confidence=Confidence.LOW))

    assert unwatched.basis.endswith("technique was not watched")
    assert doubtful.basis.endswith("low confidence")
    for found in (unwatched, doubtful):
        assert measured(History(LIFTMOR, None, maxima=(found,)), "deadlift") is None


@pytest.mark.parametrize(
    "nothing",
    [
        a_test(None, 6, last=True),
        a_test(45.0, None, last=True),
        a_test(45.0, 0, last=True),
        a_test(45.0, 2, red=2),
        a_test(0.0, 6, last=True),
        a_test(900.0, 6, last=True),
        replace(a_test(45.0, 6, last=True), kind=SetKind.WORKING),
    ],
)
def a_tests_that_show_nothing_show_nothing(nothing: SetRecord) -> None:
    assert maxima_of_tests([nothing], DAY) == ()


def test_each_exercise_has_its_own() -> None:
    squat = replace(a_test(30.0, 5, last=True), exercise="back_squat")

    found = maxima_of_tests([a_test(45.0, 6, last=True), squat], DAY)

    assert [maximum.exercise for maximum in found] == ["back_squat", "deadlift"]


sets_of_any_kind = st.builds(
    a_test,
    st.sampled_from([None, 35.0, 40.0, 45.0]),
    st.one_of(st.none(), st.integers(0, 15)),
    last=st.booleans(),
    red=st.one_of(st.none(), st.integers(0, 3)),
)


@given(st.lists(sets_of_any_kind, max_size=4), st.randoms())
def test_the_order_of_the_sets_does_not_matter(sets: list[SetRecord], random: object) -> None:
    mixed = list(sets)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert maxima_of_tests(mixed, DAY) == maxima_of_tests(sets, DAY)


@given(st.lists(sets_of_any_kind, min_size=1, max_size=4))
def test_no_maximum_is_above_what_ten_clean_ones_at_the_heaviest_load_would_show(
    sets: list[SetRecord],
) -> None:
    heaviest = max((done.load_kg or 0.0 for done in sets), default=0.0)
    for found in maxima_of_tests(sets, DAY):
        assert found.kg <= brzycki(heaviest, 10) + 1e-9


def test_the_own_speed_comes_from_the_newest_single_that_was_the_last() -> None:
    single = replace(a_test(20.0, 1, last=True), exercise="overhead_press")
    sessions = (
        SessionRecord("b", date(2026, 4, 13), True, (replace(single, best_velocity_mps=0.21),)),
        SessionRecord(
            "a",
            date(2026, 3, 2),
            True,
            (replace(single, best_velocity_mps=0.30), replace(single, repetitions=3)),
        ),
        SessionRecord(
            "c",
            date(2026, 4, 20),
            True,
            (replace(single, best_velocity_mps=0.4, confidence=Confidence.LOW),),
        ),
    )
    assert own_speed(History(LIFTMOR, None, sessions), "overhead_press") == 0.21
    assert own_speed(History(LIFTMOR, None), "overhead_press") is None
