"""Turning points, swings and the start/end rule of the concentric phase."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_monitor.signal.smoother import Motion
from lift_monitor.signal.swings import (
    LOCKOUT_FRACTION,
    START_FRACTION,
    START_VELOCITY_MPS,
    concentric_phase,
    crossing_times,
    find_swings,
    turning_points,
)
from lift_monitor.units import FloatArray
from tests.signal.streams import Move, lifts, steady, true_motion

DT = 0.01


def motion_of(velocity: FloatArray) -> Motion:
    steps = 0.5 * DT * (velocity[1:] + velocity[:-1])
    return Motion(velocity, np.concatenate([[0.0], np.cumsum(steps)]), DT)


def seen(n: int) -> FloatArray:
    return np.full(n, DT)


def hump(peak_mps: float, length_s: float) -> FloatArray:
    u = np.arange(round(length_s / DT)) * DT / length_s
    return np.asarray(peak_mps * np.sin(np.pi * u) ** 2)


def still(length_s: float) -> FloatArray:
    return np.zeros(round(length_s / DT))


def test_turning_points_of_a_wave_are_its_extremes() -> None:
    time = steady(10.0)
    points = turning_points(0.3 * np.sin(2 * np.pi * time / 2.0), 0.1)
    assert [kind for _, kind in points] == [-1, *([1, -1] * 5), 1]
    assert [time[step] for step, _ in points[1:-1]] == pytest.approx(np.arange(0.5, 10.0, 1.0))
    assert (points[0][0], points[-1][0]) == (0, time.size - 1)  # where it was seen to begin, end


def test_small_wiggles_are_no_turning_points() -> None:
    time = steady(8.0)
    height = 0.3 * np.sin(2 * np.pi * time / 4.0) + 0.02 * np.sin(2 * np.pi * time / 0.3)
    assert [kind for _, kind in turning_points(height, 0.1)] == [-1, 1, -1, 1, -1, 1]


@pytest.mark.parametrize("height", [np.zeros(50), np.linspace(0, 0.05, 50), np.zeros(3)])
def test_what_hardly_moves_has_no_turning_points(height: FloatArray) -> None:
    assert turning_points(height, 0.1) == []
    assert find_swings(Motion(np.zeros_like(height), height, DT), 0.1, seen(height.size)) == []


@given(
    st.lists(st.floats(-2.0, 2.0), min_size=3, max_size=200),
    st.floats(0.05, 0.5),
)
def test_turning_points_alternate_and_are_far_enough_apart(
    values: list[float], reversal_m: float
) -> None:
    height = np.array(values)
    points = turning_points(height, reversal_m)
    for (a, kind_a), (b, kind_b) in itertools.pairwise(points):
        assert a < b
        assert kind_a == -kind_b
        assert kind_b * (height[b] - height[a]) >= reversal_m
        between = height[a : b + 1] * kind_b
        assert between.max() == height[b] * kind_b


def test_swings_tell_range_speed_and_what_lay_around() -> None:
    moves = lifts(1.0, 3, range_m=0.5, up_s=1.0, down_s=1.2, pause_s=0.5)
    time = steady(12.0)
    height, velocity, _ = true_motion(time, moves)
    swings = find_swings(Motion(velocity, height, DT), 0.09, seen(time.size))
    assert len(swings) == 3
    for swing, move in zip(swings, [m for m in moves if m.rise_m > 0], strict=True):
        assert swing.rise_m == pytest.approx(0.5, abs=1e-3)
        assert swing.peak_velocity_mps == pytest.approx(1.0, rel=0.01)
        assert time[swing.bottom] <= move.start_s + 0.3
        assert time[swing.top] >= move.end_s - 0.3
        assert swing.drop_after_m == pytest.approx(0.5, abs=1e-3)
        assert swing.finished
    assert swings[0].drop_before_m == pytest.approx(0.0, abs=1e-3)
    assert swings[1].drop_before_m == pytest.approx(0.5, abs=1e-3)
    assert swings[1].drop_before_peak_mps == pytest.approx(2 * 0.5 / 1.2, rel=0.01)


def test_a_lift_still_under_way_is_not_finished() -> None:
    velocity = np.concatenate([still(1.0), hump(1.0, 1.0)[:60]])
    motion = motion_of(velocity)
    assert [s.finished for s in find_swings(motion, 0.09, seen(velocity.size))] == [False]


def test_what_a_hole_may_hide_grows_with_the_hole() -> None:
    time = steady(6.0)
    height, velocity, _ = true_motion(time, [Move(2.0, 1.0, 0.5), Move(4.0, 1.0, -0.5)])
    hidden = []
    for hole_s in (DT, 0.3, 0.6):
        spacing = seen(time.size)
        spacing[240:260] = hole_s
        hidden.append(find_swings(Motion(velocity, height, DT), 0.09, spacing)[0].unseen_m)
    assert hidden[0] == 0.0
    assert 0.0 < hidden[1] < hidden[2]


def phase_of(velocity: FloatArray) -> tuple[int, int]:
    motion = motion_of(velocity)
    (swing,) = find_swings(motion, 0.09, seen(velocity.size))
    return concentric_phase(motion, swing)


def test_a_plain_lift_runs_from_start_velocity_to_start_velocity() -> None:
    velocity = np.concatenate([still(1.0), hump(0.8, 1.2), still(1.0)])
    start, end = phase_of(velocity)
    above = np.flatnonzero(velocity > START_VELOCITY_MPS)
    assert (start, end) == (above[0] - 1, above[-1] + 1)


def test_a_sticking_point_does_not_end_the_phase() -> None:
    """The bar stands still at 60 % of the way, and is then brought to the top."""
    velocity = np.concatenate(
        [still(1.0), hump(0.6, 1.0), np.full(30, 0.005), hump(0.4, 1.0), still(1.0)]
    )
    start, end = phase_of(velocity)
    assert start * DT == pytest.approx(1.05, abs=0.06)
    assert end * DT == pytest.approx(1.0 + 1.0 + 0.3 + 1.0 - 0.07, abs=0.06)


def test_a_dead_stop_start_begins_when_the_bar_really_leaves() -> None:
    """The bar gives by a centimetre, stands, and then leaves the floor."""
    velocity = np.concatenate([still(1.0), hump(0.06, 0.3), still(0.5), hump(0.9, 1.0), still(0.5)])
    start, _ = phase_of(velocity)
    assert start * DT == pytest.approx(1.8, abs=0.08)


def test_a_stop_late_in_the_way_up_does_not_move_the_start() -> None:
    """Fastest after the sticking point: the start is still at the bottom."""
    velocity = np.concatenate(
        [still(1.0), hump(0.5, 1.0), np.full(20, 0.0), hump(0.9, 1.0), still(0.5)]
    )
    start, end = phase_of(velocity)
    assert start * DT == pytest.approx(1.05, abs=0.06)
    assert end * DT == pytest.approx(3.15, abs=0.08)


def test_a_slow_lock_out_belongs_to_the_phase_and_a_wobble_after_it_does_not() -> None:
    velocity = np.concatenate([still(1.0), hump(0.9, 1.0), still(0.4), hump(0.05, 0.4), still(1.0)])
    _, end = phase_of(velocity)
    assert end * DT == pytest.approx(1.95, abs=0.08)


@given(
    st.lists(
        st.tuples(st.floats(0.03, 1.5), st.floats(0.2, 1.5), st.floats(0.0, 0.5)),
        min_size=1,
        max_size=4,
    )
)
def test_the_phase_lies_within_the_swing_and_covers_most_of_it(
    humps: list[tuple[float, float, float]],
) -> None:
    velocity = np.concatenate(
        [still(0.5)] + [v for p, d, s in humps for v in (hump(p, d), still(s))]
    )
    motion = motion_of(velocity)
    for swing in find_swings(motion, 0.09, seen(velocity.size)):
        start, end = concentric_phase(motion, swing)
        assert swing.bottom <= start < end <= swing.top
        least = LOCKOUT_FRACTION * (1.0 - START_FRACTION) - 0.02
        assert motion.height_m[end] - motion.height_m[start] >= least * swing.rise_m


def test_the_ends_are_taken_between_the_steps() -> None:
    """The velocity rises through 0.02 m/s a quarter after step 1, falls three quarters after 4."""
    velocity = np.array([0.0, 0.01, 0.05, 0.5, 0.035, 0.015, 0.0])
    motion = motion_of(velocity)
    start_s, end_s = crossing_times(motion, 1, 5)
    assert start_s == pytest.approx(1.25 * DT)
    assert end_s == pytest.approx(4.75 * DT)


def test_ends_that_do_not_pass_the_start_velocity_stay_on_their_steps() -> None:
    velocity = np.array([0.3, 0.4, 0.5, 0.4, 0.3])
    assert crossing_times(motion_of(velocity), 0, 4) == pytest.approx((0.0, 4 * DT))


def test_a_rise_after_a_stand_at_the_top_is_not_of_the_lift() -> None:
    """Locked out, held, and then lifted onto its hooks by a few centimetres."""
    velocity = np.concatenate([still(1.0), hump(1.0, 1.0), still(1.2), hump(0.12, 0.5), still(1.0)])
    _, end = phase_of(velocity)
    assert end * DT == pytest.approx(1.95, abs=0.1)
