"""The refined motion against formulas: with and without the errors of a sensor."""

from __future__ import annotations

import numpy as np
import pytest

from lift_monitor.signal.smoother import LEAST_S, Anchors, Motion, Smoother, unseen_drift
from lift_monitor.units import BoolArray, FloatArray
from tests.signal.streams import Move, lifts, steady, true_motion

DT = 0.01
SET = lifts(5.0, 6)
TIME = steady(30.0)
LIFTING = (TIME > 5.0) & (TIME < 26.0)


def refined(
    acc: FloatArray,
    *,
    drift: float = 0.006,
    at_rest: BoolArray | None = None,
    anchors: Anchors | None = None,
    extra_drift: FloatArray | None = None,
) -> Motion:
    n = acc.shape[0]
    smoother = Smoother(
        acc,
        DT,
        extra_drift=np.zeros(n) if extra_drift is None else extra_drift,
        at_rest=np.zeros(n, bool) if at_rest is None else at_rest,
        up_sensor=np.tile([0.0, 0.0, 1.0], (n, 1)),
    )
    return smoother.motion(drift=drift, reach_sd_m=0.8, bias_sd_mps2=0.15, anchors=anchors)


def rms(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def error_mps(motion: Motion, moves: list[Move] = SET) -> float:
    return rms((motion.velocity_mps - true_motion(TIME, moves)[1])[LIFTING])


def level_error_m(motion: Motion) -> float:
    error = (motion.height_m - true_motion(TIME, SET)[0])[LIFTING]
    return rms(error - error.mean())


BIASES = {
    "none": np.zeros_like(TIME),
    "constant": np.full_like(TIME, 0.3),
    "ramp": 0.01 * TIME - 0.1,
    "slow wave": 0.05 * np.sin(2 * np.pi * TIME / 60.0),
}


@pytest.mark.parametrize("bias", BIASES)
def test_between_rests_lifts_are_recovered_within_six_millimetres_a_second(bias: str) -> None:
    rest = (TIME < 4.5) | (TIME > 26.5)
    motion = refined(true_motion(TIME, SET)[2] + BIASES[bias], at_rest=rest)
    assert error_mps(motion) < 0.006
    assert level_error_m(motion) < 0.02


@pytest.mark.parametrize("bias", BIASES)
def test_without_rests_the_reach_of_a_bar_alone_holds_the_drift(bias: str) -> None:
    motion = refined(true_motion(TIME, SET)[2] + BIASES[bias], drift=0.02)
    assert error_mps(motion) < 0.03
    assert level_error_m(motion) < 0.10


def test_velocity_is_the_slope_of_height() -> None:
    motion = refined(true_motion(TIME, SET)[2] + BIASES["ramp"])
    slope = np.gradient(motion.height_m, DT)
    assert np.abs(slope - motion.velocity_mps)[1:-1].max() < 0.01


def test_drift_that_is_as_large_as_stated_is_followed_better_than_with_less() -> None:
    rng = np.random.default_rng(1)
    walk = np.cumsum(rng.normal(0.0, 0.05 * np.sqrt(DT), TIME.shape[0]))
    acc = true_motion(TIME, SET)[2] + walk
    assert error_mps(refined(acc, drift=0.05)) < 0.5 * error_mps(refined(acc, drift=0.0005))


def test_rests_hold_the_velocity_at_zero() -> None:
    rng = np.random.default_rng(2)
    walk = np.cumsum(rng.normal(0.0, 0.03 * np.sqrt(DT), TIME.shape[0]))
    acc = true_motion(TIME, SET)[2] + walk
    rest = (TIME < 4.5) | (TIME > 26.5)
    free = refined(acc, drift=0.03)
    held = refined(acc, drift=0.03, at_rest=rest)
    assert rms(held.velocity_mps[rest]) < 0.005
    assert rms(held.velocity_mps[rest]) < 0.5 * rms(free.velocity_mps[rest])


def test_anchors_bring_bottoms_and_tops_to_their_levels() -> None:
    rng = np.random.default_rng(3)
    walk = np.cumsum(rng.normal(0.0, 0.1 * np.sqrt(DT), TIME.shape[0]))
    acc = true_motion(TIME, SET)[2] + walk
    ups = [m for m in SET if m.rise_m > 0]
    step = np.array([round(t / DT) for m in ups for t in (m.start_s, m.end_s)], np.intp)
    level = np.tile([-0.25, 0.25], len(ups))
    free = refined(acc, drift=0.1)
    held = refined(acc, drift=0.1, anchors=Anchors(step, level))
    assert rms(held.height_m[step] - level) < 0.02
    assert error_mps(held) < 0.7 * error_mps(free)


def test_a_hole_bends_the_drift_there_and_not_elsewhere() -> None:
    truth = true_motion(TIME, SET)
    move = SET[4]
    hole = (move.start_s < TIME) & (move.start_s + 0.5 > TIME)  # the pull itself is not seen
    acc = np.where(hole, 0.0, truth[2])
    spacing = np.where(hole, 0.5, DT)
    blind = refined(acc)
    aware = refined(acc, extra_drift=unseen_drift(spacing, np.zeros_like(hole)))
    far = LIFTING & (np.abs(TIME - move.start_s) > 4.0)
    assert rms((aware.velocity_mps - truth[1])[far]) < 0.04
    assert rms((aware.velocity_mps - truth[1])[far]) < 0.5 * rms(
        (blind.velocity_mps - truth[1])[far]
    )


def test_what_was_seen_adds_no_drift_and_a_longer_hole_adds_more() -> None:
    spacing = np.array([0.01, 0.05, 0.1, 0.5, 1.5, 60.0])
    trusted = np.zeros(6, bool)
    extra = unseen_drift(spacing, trusted)
    assert extra[:2].tolist() == [0.0, 0.0]
    assert (np.diff(extra[1:5]) > 0).all()
    assert np.isfinite(extra).all()
    assert unseen_drift(spacing[:1], np.ones(1, bool))[0] > 0.0  # saturated


def test_stillness_stays_still() -> None:
    motion = refined(np.asarray(np.random.default_rng(4).normal(0, 0.03, TIME.shape[0])))
    assert np.abs(motion.velocity_mps).max() < 0.03


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 20, 49, 50, 51, 75, 76, 100, 101, 126, 200])
@pytest.mark.parametrize("drift", [0.002, 0.1])
@pytest.mark.parametrize("dt_s", [1 / 400, 0.01, 0.02])
def test_short_stretches_are_finite(n: int, drift: float, dt_s: float) -> None:
    acc = np.random.default_rng(n).normal(0, 1, n)
    smoother = Smoother(
        acc,
        dt_s,
        extra_drift=np.zeros(n),
        at_rest=np.zeros(n, bool),
        up_sensor=np.ones((n, 3)),
    )
    motion = smoother.motion(drift=drift, reach_sd_m=0.8, bias_sd_mps2=0.15)
    assert motion.velocity_mps.shape == motion.height_m.shape == (n,)
    assert np.isfinite(motion.velocity_mps).all()
    assert np.abs(motion.height_m).max(initial=0.0) < 1.0
    if n * dt_s < LEAST_S:
        assert not motion.velocity_mps.any()


def test_an_hour_is_as_good_as_a_minute() -> None:
    time = steady(3600.0, 50.0)
    moves = [m for start in (600.0, 1800.0, 3500.0) for m in lifts(start, 5)]
    _, truth, acc = true_motion(time, moves)
    n = time.shape[0]
    smoother = Smoother(
        acc + 0.2,
        0.02,
        extra_drift=np.zeros(n),
        at_rest=np.zeros(n, bool),
        up_sensor=np.ones((n, 3)),
    )
    motion = smoother.motion(drift=0.006, reach_sd_m=0.8, bias_sd_mps2=0.15)
    for start in (600.0, 1800.0, 3500.0):
        near = (time > start) & (time < start + 20.0)
        assert rms((motion.velocity_mps - truth)[near]) < 0.02


def test_a_constant_bias_leaves_no_trace_however_long_it_lasts() -> None:
    """Integrated twice it is half a million metres: nothing of their rounding may be left."""
    time = steady(1800.0, 50.0)
    _, _, acc = true_motion(time, lifts(900.0, 5))
    n = time.shape[0]
    up = np.column_stack([0.1 * np.sin(time), 0.1 * np.cos(0.3 * time), np.ones(n)])

    def velocity(bias_mps2: float) -> FloatArray:
        smoother = Smoother(
            acc + bias_mps2,
            0.02,
            extra_drift=np.zeros(n),
            at_rest=np.zeros(n, bool),
            up_sensor=up,
        )
        return smoother.motion(drift=0.002, reach_sd_m=0.8, bias_sd_mps2=0.15).velocity_mps

    assert np.abs(velocity(0.3) - velocity(0.0)).max() < 1e-4


def test_a_bias_that_turns_with_the_lift_is_told_from_drift() -> None:
    """A sleeve that rolls 40 degrees in each lift swings the bias in step with the lift."""
    time = steady(40.0)
    _, truth, acc = true_motion(time, lifts(8.0, 5))
    n = time.shape[0]
    roll = np.radians(40.0) * (1.0 - np.cos(2.0 * np.pi * np.maximum(time - 8.0, 0.0) / 3.0)) / 2
    up = np.column_stack([np.zeros(n), np.sin(roll), np.cos(roll)])
    measured = acc + up @ np.array([0.0, 0.2, 0.1])

    smoother = Smoother(
        measured, DT, extra_drift=np.zeros(n), at_rest=np.zeros(n, bool), up_sensor=up
    )

    def error(bias_sd_mps2: float) -> float:
        motion = smoother.motion(drift=0.002, reach_sd_m=0.8, bias_sd_mps2=bias_sd_mps2)
        return rms(motion.velocity_mps - truth)

    assert error(0.15) < 0.5 * error(1e-6)
