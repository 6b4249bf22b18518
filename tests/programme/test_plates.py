"""Plates: the heaviest load that is not above what was asked for, and how it is put on."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.programme.plan import Plate, Rack
from lift_monitor.programme.plates import (
    LIGHT_BAR_CARRIES,
    SIMPLER,
    load_bar,
    load_simply,
    loadable,
    smallest_step,
)
from lift_monitor.programme.shipped import LIFTMOR

RACK = LIFTMOR.rack
COARSE = Rack((20.0,), (Plate(10.0, 1), Plate(5.0, 1), Plate(2.5, 1)))


@pytest.mark.parametrize(
    ("asked", "loaded", "bar", "side"),
    [
        (60.0, 60.0, 20.0, (20.0,)),
        (52.5, 52.5, 20.0, (15.0, 1.25)),
        (53.9, 53.5, 20.0, (15.0, 1.25, 0.5)),
        (20.0, 20.0, 20.0, ()),
        (19.99, 19.5, 15.0, (1.25, 0.5, 0.5)),
        (5.0, 5.0, 5.0, ()),
    ],
)
def test_a_load_is_put_on_the_heaviest_bar_with_few_plates(
    asked: float, loaded: float, bar: float, side: tuple[float, ...]
) -> None:
    load = load_bar(asked, RACK)

    assert load is not None
    assert (load.total_kg, load.bar_kg, load.per_side_kg) == (loaded, bar, side)


def test_below_the_lightest_bar_there_is_no_load() -> None:
    assert load_bar(2.49, RACK) is None
    assert load_bar(0.0, RACK) is None
    assert load_bar(40.0, Rack((), RACK.plates)) is None


def test_a_light_bar_is_not_loaded_heavily() -> None:
    two = Rack((2.5, 20.0), (Plate(20.0, 2), Plate(2.5, 2)))

    light, heavy = load_bar(19.0, two), load_bar(62.5, two)

    assert light is not None
    assert heavy is not None
    assert (light.total_kg, light.bar_kg) == (12.5, 2.5)
    assert (heavy.total_kg, heavy.bar_kg) == (60.0, 20.0)


def test_plates_run_out() -> None:
    load = load_bar(80.0, COARSE)

    assert load is not None
    assert load.total_kg == 55.0
    assert load.per_side_kg == (10.0, 5.0, 2.5)


def test_eighty_per_cent_of_a_round_maximum_is_not_lost_to_fractions() -> None:
    # 0.8 * 52.5 is 42.000000000000004 on one machine and could be 41.99999 on another.
    for asked in (0.8 * 52.5, 41.9999999999, 0.1 + 0.2 + 41.7):
        load = load_bar(asked, RACK)
        assert load is not None
        assert load.total_kg == 42.0


def test_one_bar_can_be_asked_for() -> None:
    load = load_bar(30.0, RACK, bar_kg=10.0)

    assert load is not None
    assert (load.bar_kg, load.total_kg) == (10.0, 30.0)
    assert load_bar(9.0, RACK, bar_kg=10.0) is None


def test_a_warm_up_is_loaded_with_few_plates() -> None:
    exact, simple = load_bar(33.5, RACK), load_simply(33.5, RACK)

    assert exact is not None
    assert simple is not None
    assert (exact.total_kg, len(exact.per_side_kg)) == (33.5, 3)
    assert (simple.total_kg, simple.per_side_kg) == (32.5, (5.0, 1.25))


def test_the_smallest_step_is_that_to_the_next_load() -> None:
    assert smallest_step(COARSE, 25.0) == 5.0
    assert smallest_step(COARSE, 27.0) == 5.0
    assert smallest_step(COARSE, 55.0) is None
    assert smallest_step(COARSE, 10.0) is None


masses = st.integers(1, 300).map(lambda count: count * 0.125)
racks = st.builds(
    Rack,
    st.lists(masses, min_size=1, max_size=3, unique=True).map(lambda bars: tuple(sorted(bars))),
    st.lists(
        st.builds(Plate, masses, st.integers(0, 2)), max_size=2, unique_by=lambda plate: plate.kg
    ).map(tuple),
)


def every_load(rack: Rack) -> set[float]:
    """All loads by trying every combination: slow, plain, and written without the module."""
    counts = [range(plate.pairs + 1) for plate in rack.plates]
    # At most 4 plates of 37.5 kg a side: below what the module stops at.
    sides = {
        sum(n * plate.kg for n, plate in zip(chosen, rack.plates, strict=True))
        for chosen in product(*counts)
    }
    return {
        bar + 2 * side
        for bar, side in product(rack.bars_kg, sides)
        if bar == max(rack.bars_kg) or 2 * side <= LIGHT_BAR_CARRIES * bar
    }


@settings(max_examples=200, deadline=None)
@given(racks, st.floats(0.0, 250.0))
def test_the_load_is_the_largest_that_is_not_above_what_was_asked(rack: Rack, kg: float) -> None:
    below = [load for load in every_load(rack) if load <= kg]

    load = load_bar(kg, rack)

    assert (load.total_kg if load else None) == max(below, default=None)


@settings(max_examples=200, deadline=None)
@given(racks, st.floats(0.0, 250.0))
def test_the_plates_on_the_bar_are_in_the_rack_and_add_up(rack: Rack, kg: float) -> None:
    for load in (load_bar(kg, rack), load_simply(kg, rack)):
        if load is None:
            continue
        assert load.bar_kg in rack.bars_kg
        assert load.bar_kg + 2 * sum(load.per_side_kg) == load.total_kg
        assert list(load.per_side_kg) == sorted(load.per_side_kg, reverse=True)
        for size in set(load.per_side_kg):
            there = sum(plate.pairs for plate in rack.plates if plate.kg == size)
            assert load.per_side_kg.count(size) <= there


@settings(max_examples=200, deadline=None)
@given(racks, st.floats(0.0, 250.0))
def test_a_simple_load_is_never_above_and_hardly_below_or_the_exact_one(
    rack: Rack, kg: float
) -> None:
    exact, simple = load_bar(kg, rack), load_simply(kg, rack)

    assert (exact is None) == (simple is None)
    if exact and simple:
        assert simple.total_kg <= exact.total_kg
        assert len(simple.per_side_kg) <= len(exact.per_side_kg) or simple == exact
        assert simple.total_kg >= (1.0 - SIMPLER) * kg - 1e-9 or simple == exact


@settings(max_examples=100, deadline=None)
@given(racks)
def test_every_loadable_mass_can_be_loaded(rack: Rack) -> None:
    assert set(loadable(rack)) == every_load(rack)
    for kg in loadable(rack):
        load = load_bar(kg, rack)
        assert load is not None
        assert load.total_kg == kg


def test_ten_tenths_are_one() -> None:
    rack = replace(RACK, bars_kg=(1.0,), plates=(Plate(0.1, 20),))
    load = load_bar(3.0, rack)
    assert load is not None
    assert load.total_kg == 3.0
    assert len(load.per_side_kg) == 10
