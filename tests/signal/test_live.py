"""The causal estimate: unbiased, at zero in rest, causal, the same however it is cut."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.signal.live import WARM_UP_S, LiveMotion
from lift_monitor.units import BoolArray, FloatArray
from tests.signal.streams import lifts, steady, true_motion

DT = 0.01
SET = lifts(12.0, 6)


def run(
    acc: FloatArray, at_rest: BoolArray | None = None, starts: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    n = acc.shape[0]
    none = np.zeros(n, bool)
    first = none.copy()
    first[:1] = True
    live = LiveMotion(DT, steady=True)
    return live.feed(acc, none if at_rest is None else at_rest, first if starts is None else starts)


def lifted(bias_mps2: float = 0.0, seed: int = 0) -> tuple[FloatArray, FloatArray, FloatArray]:
    time = steady(40.0)
    _, velocity, acc = true_motion(time, SET)
    noise = np.random.default_rng(seed).normal(0, 0.03, time.shape[0])
    return time, velocity, acc + bias_mps2 + noise


@pytest.mark.parametrize("bias_mps2", [0.0, 0.2, -0.5])
def test_a_constant_error_of_the_sensor_is_removed(bias_mps2: float) -> None:
    time, truth, acc = lifted(bias_mps2)
    velocity, _ = run(acc, time < 11.5)
    lifting = (time > 12.0) & (time < 30.0)
    assert np.sqrt(np.mean((velocity - truth)[lifting] ** 2)) < 0.06
    assert np.corrcoef(velocity[lifting], truth[lifting])[0, 1] > 0.98


def test_a_constant_error_dies_away_even_without_a_rest() -> None:
    velocity, height = run(np.full(6000, 0.3))
    assert abs(velocity[-1]) < 0.02
    assert abs(height[-1]) < 0.2


def test_at_rest_the_velocity_is_zero() -> None:
    noise = np.random.default_rng(1).normal(0.1, 0.05, 2000)
    velocity, _ = run(noise, np.arange(2000) > 200)
    assert np.abs(velocity[400:]).max() < 0.01


def test_a_lift_is_seen_while_it_happens() -> None:
    time, truth, acc = lifted()
    velocity, _ = run(acc, time < 11.5)
    for move in SET[::2]:
        inside = (time >= move.start_s) & (time <= move.end_s)
        peak_s = time[inside][np.argmax(velocity[inside])]
        assert peak_s == pytest.approx(move.start_s + move.length_s / 2, abs=0.06)
        assert velocity[inside].max() == pytest.approx(truth[inside].max(), abs=0.1)


def test_the_future_changes_nothing() -> None:
    time, _, acc = lifted()
    velocity, height = run(acc, time < 11.5)
    changed = acc.copy()
    changed[2000:] = 50.0
    other_velocity, other_height = run(changed, time < 11.5)
    assert np.array_equal(velocity[:2000], other_velocity[:2000])
    assert np.array_equal(height[:2000], other_height[:2000])
    assert not np.array_equal(velocity[2000:], other_velocity[2000:])


def test_a_hole_has_no_motion_and_forgets_what_was_before() -> None:
    acc = np.full(3000, 0.5)
    acc[1000:1200] = np.nan
    velocity, height = run(acc)
    assert np.isnan(velocity[1000:1200]).all()
    assert np.isnan(height[1000:1200]).all()
    assert np.isfinite(velocity[1200:]).all()
    fresh, _ = run(np.full(1800, 0.5))
    assert np.array_equal(velocity[1200:], fresh)


def test_a_new_segment_starts_from_nothing() -> None:
    acc = np.random.default_rng(2).normal(0, 1, 2000)
    starts = np.zeros(2000, bool)
    starts[[0, 900]] = True
    velocity, _ = run(acc, starts=starts)
    alone, _ = run(acc[900:])
    assert np.array_equal(velocity[900:], alone)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 1000),
    cuts=st.one_of(st.just(list(range(1200))), st.lists(st.integers(0, 1200), max_size=20)),
)
def test_any_cutting_gives_bit_identical_motion(seed: int, cuts: list[int]) -> None:
    rng = np.random.default_rng(seed)
    acc = rng.normal(0, 1, 1200)
    rest = (np.arange(1200) // int(rng.integers(60, 400))) % 3 == 1
    hole = int(rng.integers(0, 1000))
    acc[hole : hole + int(rng.integers(0, 200))] = np.nan
    starts = np.zeros(1200, bool)
    starts[[0, int(rng.integers(1, 1200))]] = True
    velocity, height = run(acc, rest, starts)
    live = LiveMotion(DT, steady=True)
    edges = [0, *sorted(cuts), 1200]
    parts = [live.feed(acc[a:b], rest[a:b], starts[a:b]) for a, b in itertools.pairwise(edges)]
    assert np.concatenate([p[0] for p in parts]).tobytes() == velocity.tobytes()
    assert np.concatenate([p[1] for p in parts]).tobytes() == height.tobytes()


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 400.0])
@pytest.mark.parametrize("is_steady", [True, False])
def test_the_filter_is_stable_at_every_rate(rate_hz: float, is_steady: bool) -> None:
    n = round(200 * rate_hz)
    live = LiveMotion(1 / rate_hz, steady=is_steady)
    none = np.zeros(n, bool)
    pulse = np.zeros(n)
    pulse[: round(0.1 * rate_hz)] = 5.0
    velocity, _ = live.feed(pulse, none, none)
    assert np.abs(velocity[round((WARM_UP_S + 140) * rate_hz) :]).max() < 0.01
    assert np.abs(velocity).max() < 1.0
