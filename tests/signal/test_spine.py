"""Angles of the trunk, their withdrawal, and the independence of how a stream is cut."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.events import Confidence
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.spine import MOST_AGE_S, SpineBlock, Withheld
from lift_monitor.signal.spine_detector import SpineDetector
from lift_monitor.signal.trunk_calibration import HingeNeutral, TrunkCalibration
from lift_monitor.technique import SensorSlipped
from lift_monitor.units import FloatArray
from tests.signal.streams import keep, steady
from tests.signal.trunk_streams import pair, ramp, segment, straight


def walk(
    calibration: TrunkCalibration, chunks: dict[Role, ImuChunk], size: int | None = None
) -> tuple[SpineBlock, list[SensorSlipped], SpineDetector]:
    spine = SpineDetector(calibration)
    outputs = []
    longest = max(len(c) for c in chunks.values())
    for start in range(0, longest, size or longest):
        for role, chunk in chunks.items():
            outputs.append(spine.feed(role, chunk[start : start + (size or longest)]))
    outputs.append(spine.finish())
    return (
        SpineBlock.concatenate([o.block for o in outputs]),
        [s for o in outputs for s in o.slips],
        spine,
    )


def at(block: SpineBlock, time_s: float, name: str) -> float:
    values: FloatArray = getattr(block, name)
    return float(np.interp(time_s, block.time_s, values))


def bend(time_s: FloatArray, degrees: float) -> FloatArray:
    return ramp(time_s, (3.0, 0.0), (4.5, degrees), (7.0, degrees), (8.5, 0.0))


def test_flexion_is_thorax_against_pelvis_and_a_hinge_is_none() -> None:
    time = steady(10.0)
    block, slips, _ = walk(
        straight(), pair(segment(time, bend(time, 60)), segment(time, bend(time, 60), seed=1))
    )
    assert np.abs(block.lumbar_flexion_deg).max() < 1.5
    assert at(block, 6.0, "trunk_lean_deg") == pytest.approx(60.0, abs=1.5)
    block, slips, _ = walk(
        straight(), pair(segment(time, bend(time, 60)), segment(time, bend(time, 25), seed=1))
    )
    assert at(block, 6.0, "lumbar_flexion_deg") == pytest.approx(35.0, abs=1.5)
    assert at(block, 6.0, "pelvis_tilt_deg") == pytest.approx(25.0, abs=1.5)
    assert slips == []


def test_bending_past_the_horizontal_stays_a_plain_angle() -> None:
    time = steady(10.0)
    chunks = pair(segment(time, bend(time, 115)), segment(time, bend(time, 70), seed=1))
    block, _, _ = walk(straight(), chunks)
    assert at(block, 6.0, "trunk_lean_deg") == pytest.approx(115.0, abs=2.0)
    assert at(block, 6.0, "lumbar_flexion_deg") == pytest.approx(45.0, abs=2.5)


def test_bending_to_the_right_is_a_positive_side_bend_and_no_flexion() -> None:
    time = steady(10.0)
    still = np.zeros_like(time)
    chunks = pair(segment(time, still, bend(time, 30)), segment(time, still, seed=1))
    block, _, _ = walk(straight(), chunks)
    assert at(block, 6.0, "side_bend_deg") == pytest.approx(30.0, abs=1.0)
    assert np.abs(block.lumbar_flexion_deg).max() < 1.5


def test_turning_as_a_whole_is_no_twist_and_turning_the_thorax_is() -> None:
    time = steady(10.0)
    still, turn = np.zeros_like(time), ramp(time, (3.0, 0.0), (4.0, 40.0))
    lean = ramp(time, (1.0, 0.0), (2.5, 50.0))
    for sagittal in (still, lean):
        whole = pair(
            segment(time, sagittal, None, turn), segment(time, sagittal, None, turn, seed=1)
        )
        block, _, _ = walk(straight(), whole)
        assert np.abs(block.axial_rate_dps).max() < 5.0
    left = pair(segment(time, still, None, turn), segment(time, still, seed=1))
    block, _, _ = walk(straight(), left)
    assert block.axial_rate_dps.max() > 50.0
    assert np.abs(block.lumbar_flexion_deg).max() < 1.5


def test_what_the_taught_hinge_showed_is_neutral() -> None:
    time = steady(10.0)
    chunks = pair(segment(time, bend(time, 66)), segment(time, bend(time, 60), seed=1))
    taught = HingeNeutral(slope=0.1, deepest_rad=np.radians(60.0))
    block, _, _ = walk(straight(taught), chunks)
    assert np.abs(block.lumbar_flexion_deg).max() < 1.5


def test_a_sensor_that_comes_loose_is_noticed_and_its_angles_withdrawn_for_good() -> None:
    time = steady(20.0)
    lean = bend(time, 40)
    slip = ramp(time, (12.0, 0.0), (12.1, 18.0))
    chunks = pair(segment(time, lean), segment(time, lean + slip, seed=1))
    block, slips, spine = walk(straight(), chunks)
    (noticed,) = (s for s in slips if s.role is not None)
    assert noticed.role is Role.PELVIS
    assert 12.0 < noticed.at_s < 12.6
    after = block.time_s >= noticed.at_s
    assert np.isnan(block.lumbar_flexion_deg[after]).all()
    assert np.isnan(block.axial_rate_dps[after]).all()
    assert ((block.withheld[after] & Withheld.SLIPPED) != 0).all()
    assert np.isfinite(block.lumbar_flexion_deg[block.time_s < 12.0]).all()
    assert np.isfinite(block.trunk_lean_deg[after]).all()  # the thorax still sits right
    assert spine.confidence(20.0)[0] is Confidence.NONE


def test_a_fast_bend_is_no_slip() -> None:
    time = steady(12.0)
    lean = ramp(time, (3.0, 0.0), (3.6, 55.0), (5.0, 55.0), (5.5, 0.0))
    _, slips, _ = walk(straight(), pair(segment(time, lean), segment(time, 0.2 * lean, seed=1)))
    assert slips == []


def test_a_creeping_sensor_is_noticed_at_the_next_stand_and_sitting_is_forgiven() -> None:
    time = steady(40.0)
    tucked = ramp(time, (5.0, 0.0), (8.0, -30.0), (20.0, -30.0), (23.0, 0.0))
    chunks = pair(segment(time, np.zeros_like(time)), segment(time, tucked, seed=1))
    block, slips, _ = walk(straight(), chunks)
    assert [s.active for s in slips] == [True, False]
    assert 8.0 < slips[0].at_s < 10.5
    assert 23.0 < slips[1].at_s < 25.5
    off = (block.time_s >= slips[0].at_s) & (block.time_s < slips[1].at_s)
    assert np.array_equal(np.isnan(block.lumbar_flexion_deg), off)
    assert ((block.withheld & Withheld.STANDS_OFF) != 0).tolist() == off.tolist()


def test_rounding_held_still_over_the_bar_is_never_withdrawn() -> None:
    time = steady(20.0)
    chunks = pair(segment(time, bend(time, 60)), segment(time, bend(time, 30), seed=1))
    block, slips, _ = walk(straight(), chunks)
    assert slips == []
    assert np.isfinite(block.lumbar_flexion_deg).all()


def test_a_hole_in_one_stream_is_no_number_and_no_alarm() -> None:
    time = steady(12.0)
    thorax = segment(time, np.zeros_like(time))
    pelvis = keep(segment(time, np.zeros_like(time), seed=1), (time < 5.0) | (time > 7.5))
    block, slips, _ = walk(straight(), pair(thorax, pelvis))
    hole = (block.time_s > 5.05) & (block.time_s < 7.45)
    assert np.isnan(block.lumbar_flexion_deg[hole]).all()
    assert ((block.withheld[hole] & Withheld.NO_DATA) != 0).all()
    assert np.isfinite(block.trunk_lean_deg[hole]).all()
    assert np.isfinite(block.lumbar_flexion_deg[block.time_s > 8.0]).all()
    assert slips == []


def test_a_sensor_that_a_footfall_shakes_has_not_come_loose() -> None:
    time = steady(20.0)
    shaken = np.where((time > 12.0) & (time < 13.0), 6.0 * np.sin(2.0 * np.pi * 7.0 * time), 0.0)
    still = np.zeros_like(time)
    block, slips, _ = walk(straight(), pair(segment(time, still), segment(time, shaken, seed=1)))
    assert slips == []
    assert np.isfinite(block.lumbar_flexion_deg[block.time_s > 14.0]).all()


def test_one_sensor_gives_lean_at_low_confidence_and_says_what_it_cannot_tell() -> None:
    time = steady(10.0)
    two = straight()
    one = TrunkCalibration(two.thorax, None, two.neutral, 0.0, "hinge", Confidence.HIGH, ())
    block, _, spine = walk(one, {Role.THORAX: segment(time, bend(time, 50))})
    assert at(block, 6.0, "trunk_lean_deg") == pytest.approx(50.0, abs=1.5)
    assert np.isnan(block.lumbar_flexion_deg).all()
    assert block.low.all()
    confidence, reasons = spine.confidence(10.0)
    assert confidence is Confidence.LOW
    assert any("hinge" in reason and "bent spine" in reason for reason in reasons)


def test_an_old_calibration_lowers_the_confidence() -> None:
    spine = SpineDetector(straight())
    assert spine.confidence(60.0)[0] is Confidence.HIGH
    assert spine.confidence(MOST_AGE_S + 60.0)[0] is Confidence.LOW


def test_sensors_at_different_rates_and_after_a_break_of_hours() -> None:
    fast = np.concatenate([steady(8.0, 200.0), steady(8.0, 200.0, 40_000.0)])
    slow = np.concatenate([steady(8.0, 60.0), steady(8.0, 60.0, 40_000.0)])
    chunks = pair(segment(fast, np.zeros_like(fast)), segment(slow, np.zeros_like(slow), seed=1))
    block, slips, _ = walk(straight(), chunks)
    assert len(block) < 2000
    known = np.isfinite(block.lumbar_flexion_deg)
    assert known.mean() > 0.95
    assert np.abs(block.lumbar_flexion_deg[known]).max() < 1.5
    assert slips == []


@settings(max_examples=15, deadline=None)
@given(
    cuts=st.lists(st.tuples(st.booleans(), st.integers(1, 400)), max_size=40),
    hole=st.booleans(),
)
def test_any_cutting_and_any_order_of_arrival_gives_identical_bits(
    cuts: list[tuple[bool, int]], hole: bool
) -> None:
    time = steady(12.0)
    lean = bend(time, 50)
    slip = ramp(time, (9.0, 0.0), (9.1, 20.0))
    thorax = segment(time, lean, None, 0.3 * lean)
    pelvis = segment(time, 0.8 * lean + slip, seed=1)
    if hole:
        thorax = keep(thorax, (time < 4.0) | (time > 5.4))
    whole, slips, _ = walk(straight(), pair(thorax, pelvis))
    spine, outputs = SpineDetector(straight()), []
    left = pair(thorax, pelvis)
    for upper, size in cuts:
        role = Role.THORAX if upper else Role.PELVIS
        outputs.append(spine.feed(role, left[role][:size]))
        left[role] = left[role][size:]
    outputs += [spine.feed(role, chunk) for role, chunk in left.items()]
    outputs.append(spine.finish())
    block = SpineBlock.concatenate([o.block for o in outputs])
    for f in fields(SpineBlock):
        assert getattr(block, f.name).tobytes() == getattr(whole, f.name).tobytes(), f.name
    assert [s for o in outputs for s in o.slips] == slips
    assert slips
