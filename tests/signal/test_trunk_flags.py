"""Flags of the trunk: limit, duration, hysteresis, load, latch, and any cutting."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.events import Confidence
from lift_monitor.samples import Quality
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trunk_flags import FlagTracker
from lift_monitor.signal.trunk_rules import DEFAULT_RULES, FlagRule, rules_for
from lift_monitor.signal.trunk_watch import PULL_S
from lift_monitor.technique import FlagKind, Load, Severity, TrunkFlag
from lift_monitor.units import FloatArray, LoadArray
from tests.signal.trunk_streams import ramp

FLEXION, LEAN, TWIST = DEFAULT_RULES


def block_of(value: FloatArray, rule: FlagRule = FLEXION, start: int = 0) -> SpineBlock:
    n = value.shape[0]
    nan, three, marks = np.full(n, np.nan), np.full((n, 3), np.nan), np.zeros(n, np.uint16)
    values = {
        FlagKind.LUMBAR_FLEXION: (value, nan, nan),
        FlagKind.TRUNK_LEAN: (nan, value, nan),
        FlagKind.TWIST: (nan, nan, value),
    }[rule.kind]
    time = (start + np.arange(n)) / 100.0
    return SpineBlock(
        time, values[0], nan, values[1], nan, nan, values[2], three, three,
        marks, marks.copy(), np.zeros(n, bool),
    )  # fmt: skip


def cut(block: SpineBlock, start: int, stop: int) -> SpineBlock:
    names = SpineBlock.__dataclass_fields__
    return SpineBlock(*(getattr(block, name)[start:stop] for name in names))


def loaded(n: int, load: Load = Load.LOADED) -> LoadArray:
    return np.full(n, load, np.int8)


def flags(value: FloatArray, rule: FlagRule = FLEXION, load: Load = Load.LOADED) -> list[TrunkFlag]:
    tracker = FlagTracker((rule,))
    block = block_of(value, rule)
    return [*tracker.feed(block, loaded(len(value), load)), *tracker.finish()]


def hump(peak: float, hold_s: float = 1.0) -> FloatArray:
    time = np.arange(600) / 100.0
    return ramp(time, (1.0, 0.0), (1.5, peak), (1.5 + hold_s, peak), (2.0 + hold_s, 0.0))


def ended(found: list[TrunkFlag], severity: Severity) -> list[TrunkFlag]:
    return [f for f in found if f.severity is severity and f.end_s is not None]


def test_amber_and_red_are_raised_when_the_limit_was_passed_for_long_enough() -> None:
    assert flags(hump(9.0)) == []
    (amber,) = ended(flags(hump(15.0)), Severity.AMBER)
    assert ended(flags(hump(15.0)), Severity.RED) == []
    (red,) = ended(flags(hump(28.0)), Severity.RED)
    assert red.peak == pytest.approx(28.0)
    assert red.raised_s - red.start_s == pytest.approx(FLEXION.least_s, abs=0.015)
    assert amber.unit == "deg"
    assert red.limit == 20.0
    assert red.confidence is Confidence.HIGH
    assert red.under_load is True


def test_a_moment_is_no_flag_and_wavering_about_the_limit_is_one() -> None:
    spike = np.zeros(300)
    spike[100:120] = 30.0
    assert flags(spike) == []
    wavering = 20.5 + 1.5 * np.sin(np.arange(500) / 4.0)
    wavering[:50] = wavering[-50:] = 0.0
    assert len(ended(flags(wavering), Severity.RED)) == 1


def test_extension_is_no_flexion_but_twist_counts_both_ways() -> None:
    assert flags(-hump(40.0)) == []
    (flag,) = ended(flags(-hump(60.0), TWIST), Severity.AMBER)
    assert flag.peak == pytest.approx(-60.0)
    assert flag.confidence is Confidence.LOW


def test_an_unloaded_bar_raises_nothing_and_an_unknown_one_says_so() -> None:
    assert flags(hump(30.0), load=Load.UNLOADED) == []
    (red,) = ended(flags(hump(30.0), load=Load.UNKNOWN), Severity.RED)
    assert red.under_load is None


def lifted_off_at(step: int, n: int) -> LoadArray:
    load = loaded(n, Load.UNLOADED)
    load[step:] = Load.LOADED
    return load


def test_the_pull_before_the_bar_leaves_the_floor_counts() -> None:
    value = np.full(400, 25.0)
    value[:220] = 0.0
    raised = FlagTracker((FLEXION,)).feed(block_of(value), lifted_off_at(260, 400))
    red = next(f for f in raised if f.severity is Severity.RED)
    # Without the pull it would have been known least_s after the bar came off.
    assert red.raised_s == pytest.approx(2.60)
    assert red.start_s == pytest.approx(2.20)
    assert red.under_load


def test_what_was_bent_long_before_the_lift_is_no_part_of_its_flag() -> None:
    value = np.full(600, 25.0)
    value[100:350] = 40.0  # reaching for the bar
    raised = FlagTracker((FLEXION,)).feed(block_of(value), lifted_off_at(500, 600))
    red = next(f for f in raised if f.severity is Severity.RED)
    assert red.raised_s == pytest.approx(5.0)
    assert red.start_s == pytest.approx(5.0 - PULL_S)
    assert red.peak == pytest.approx(25.0)


def test_no_flag_rests_on_having_been_near_a_limit_without_load() -> None:
    value = np.full(400, 19.0)  # within the hysteresis of red
    value[50:60] = 22.0
    raised = FlagTracker((FLEXION,)).feed(block_of(value), lifted_off_at(200, 400))
    assert {f.severity for f in raised} == {Severity.AMBER}


def test_each_lift_of_a_bar_put_down_in_between_is_flagged_anew() -> None:
    load = loaded(900, Load.UNLOADED)
    load[100:300] = load[500:700] = Load.LOADED
    tracker = FlagTracker((replace(FLEXION, amber=None),))
    told = [*tracker.feed(block_of(np.full(900, 30.0)), load), *tracker.finish()]
    raised = [f for f in told if f.end_s is None]
    assert np.allclose([f.raised_s for f in raised], [1.0, 5.0])
    assert np.allclose([f.start_s for f in raised], [0.0, 5.0 - PULL_S])
    ends = [f.end_s for f in told if f.end_s is not None]
    assert np.allclose(ends, np.array([2.99, 6.99]) + FLEXION.release_s)


def test_no_data_ends_a_flag_and_begins_none() -> None:
    value = hump(30.0, hold_s=3.0)
    value[300:350] = np.nan
    found = ended(flags(value), Severity.RED)
    assert len(found) == 2
    assert flags(np.full(500, np.nan)) == []


def test_what_rests_on_poor_samples_or_calibration_is_of_low_confidence() -> None:
    block = block_of(hump(30.0))
    block.quality[180:190] |= np.uint16(Quality.GAP)
    first = FlagTracker((FLEXION,)).feed(block, loaded(len(block)))
    assert {f.confidence for f in first if f.end_s is not None} == {Confidence.LOW}
    old = replace(block_of(hump(30.0)), low=np.ones(600, bool))
    assert {f.confidence for f in FlagTracker((FLEXION,)).feed(old, loaded(600))} == {
        Confidence.LOW
    }


def test_a_flag_that_stands_at_the_end_is_ended_there() -> None:
    (red,) = ended(flags(np.full(200, 25.0)), Severity.RED)
    assert red.end_s == pytest.approx(1.99)


def test_a_clinician_may_change_every_limit_but_not_their_order() -> None:
    strict = replace(FLEXION, amber=5.0, red=12.0)
    assert ended(flags(hump(15.0), strict), Severity.RED)
    assert ended(flags(hump(15.0), replace(FLEXION, amber=None)), Severity.AMBER) == []
    with pytest.raises(ValueError, match="choose an amber above 0 and a red above it"):
        replace(FLEXION, amber=25.0)
    with pytest.raises(ValueError, match="least_s"):
        replace(FLEXION, least_s=-1.0)


def test_one_sensor_serves_trunk_lean_alone_at_low_confidence() -> None:
    assert [r.kind for r in rules_for(1)] == [FlagKind.TRUNK_LEAN]
    assert FlagKind.TRUNK_LEAN not in {r.kind for r in rules_for(2)}
    assert rules_for(0) == ()
    (flag,) = ended(flags(hump(80.0), LEAN), Severity.RED)
    assert flag.confidence is Confidence.LOW
    assert all(rule.source for rule in DEFAULT_RULES)


def test_load_must_have_one_value_a_step() -> None:
    with pytest.raises(ValueError, match="shape"):
        FlagTracker((FLEXION,)).feed(block_of(np.zeros(10)), loaded(9))


@settings(max_examples=60, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 1500), max_size=30),
    levels=st.lists(st.sampled_from([0.0, 9.0, 11.0, 17.0, 19.0, 21.0, 30.0, np.nan]), min_size=4),
    loads=st.lists(st.sampled_from([-1, 0, 1]), min_size=1),
    seed=st.integers(0, 99),
)
def test_any_cutting_tells_the_very_same(
    cuts: list[int], levels: list[float], loads: list[int], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    value = np.repeat(levels, rng.integers(1, 60, len(levels)))[:1500]
    load = np.resize(np.repeat(np.array(loads, np.int8), 70), value.shape[0])
    block = block_of(value + rng.normal(0.0, 0.5, value.shape[0]))
    whole = FlagTracker((FLEXION,))
    told = [*whole.feed(block, load), *whole.finish()]
    parts = FlagTracker((FLEXION,))
    edges = [0, *sorted(min(c, len(block)) for c in cuts), len(block)]
    found: list[TrunkFlag] = []
    for a, b in itertools.pairwise(edges):
        found += parts.feed(cut(block, a, b), load[a:b])
    found += parts.finish()
    assert found == told
