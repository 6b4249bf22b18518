"""Inclination of still, turning and interrupted sensors."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.samples import ImuChunk
from lift_monitor.signal.grid import GridBlock, Resampler
from lift_monitor.signal.orientation import Inclination, InclinationBlock, up_from_quaternion
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

G = STANDARD_GRAVITY_MPS2


def grid_of(
    time_s: FloatArray, acc: FloatArray, gyr: FloatArray | None = None, seed: int = 0
) -> GridBlock:
    rng = np.random.default_rng(seed)
    n = time_s.shape[0]
    gyr = np.zeros((n, 3)) if gyr is None else gyr
    resampler = Resampler()
    return resampler.feed(
        ImuChunk.build(
            time_s, acc + rng.normal(0, 0.01, (n, 3)), gyr + rng.normal(0, 0.001, (n, 3))
        )
    )


def incline(grid: GridBlock) -> InclinationBlock:
    return Inclination(0.01, steady=True).feed(grid)


def angle_deg(one: FloatArray, other: FloatArray) -> FloatArray:
    cosine = np.sum(one * other, axis=-1) / np.linalg.norm(other, axis=-1)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


@pytest.mark.parametrize(
    "up",
    [(0, 0, 1), (0, 0, -1), (1, 0, 0), (0, -1, 0), (0.6, 0, 0.8), (0.36, 0.48, -0.8)],
)
def test_a_still_sensor_shows_up_where_it_feels_it(up: tuple[float, float, float]) -> None:
    time = np.arange(500) / 100.0
    found = incline(grid_of(time, np.tile(np.array(up) * G, (500, 1))))
    assert angle_deg(found.up_sensor[100:], np.array(up)).max() < 0.5
    assert found.acc_up_mps2[100:] == pytest.approx(G, abs=0.08)
    assert np.linalg.norm(found.up_sensor, axis=1) == pytest.approx(1.0)


def test_stillness_is_rest_after_a_while_and_movement_ends_it() -> None:
    time = np.arange(1000) / 100.0
    acc = np.tile([0.0, 0.0, G], (1000, 1))
    moving = (time > 5.0) & (time < 7.0)
    acc[moving, 2] += 2.0 * np.sin(2 * np.pi * time[moving])
    grid = grid_of(time, acc)
    found = incline(grid)
    assert not found.at_rest[grid.time_s < 1.4].any()
    assert found.at_rest[(grid.time_s > 2.5) & (grid.time_s < 5.0)].all()
    assert not found.at_rest[(grid.time_s > 5.5) & (grid.time_s < 7.0)].any()


def turn(time_s: FloatArray, rate_radps: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """A sensor that turns about its x axis after two still seconds."""
    angle = rate_radps * np.clip(time_s - 2.0, 0.0, None)
    up = np.column_stack([np.zeros_like(angle), np.sin(angle), np.cos(angle)])
    gyr = np.zeros((time_s.shape[0], 3))
    gyr[time_s > 2.0, 0] = rate_radps
    return up, up * G, gyr


@pytest.mark.parametrize("rate_radps", [0.2, -0.5, 1.5])
def test_a_slow_turn_is_followed(rate_radps: float) -> None:
    time = np.arange(900) / 100.0
    up, acc, gyr = turn(time, rate_radps)
    grid = grid_of(time, acc, gyr)
    found = incline(grid)
    assert angle_deg(found.up_sensor, up[: len(grid)])[100:].max() < 1.5


def test_the_acceleration_of_a_lift_leaves_the_inclination_alone() -> None:
    time = np.arange(1500) / 100.0
    acc = np.tile([0.0, 0.0, G], (1500, 1))
    acc[500:, 0] += 2.0 * np.sin(2 * np.pi * time[500:])  # forth and back, not up
    found = incline(grid_of(time, acc))
    assert angle_deg(found.up_sensor[100:], np.array([0.0, 0.0, 1.0])).max() < 2.0


def test_a_hole_has_no_inclination_and_what_follows_starts_anew() -> None:
    time = np.arange(1200) / 100.0
    acc = np.tile([0.0, 0.0, G], (1200, 1))
    acc[600:] = [G, 0.0, 0.0]  # the bar was turned over while nothing was received
    wanted = (time < 4.0) | (time >= 6.0)
    grid = grid_of(time[wanted], acc[wanted])
    found = incline(grid)
    hole = (grid.time_s > 4.0) & (grid.time_s < 5.99)
    assert np.isnan(found.up_sensor[hole]).all()
    assert np.isnan(found.acc_up_mps2[hole]).all()
    assert not found.at_rest[hole].any()
    after = grid.time_s > 6.0
    assert angle_deg(found.up_sensor[after], np.array([1.0, 0.0, 0.0])).max() < 1.0


def test_all_zero_input_raises_nothing_and_is_finite() -> None:
    resampler = Resampler()
    n = 500
    chunk = ImuChunk.build(np.arange(n) / 100.0, np.zeros((n, 3)), np.zeros((n, 3)))
    found = incline(resampler.feed(chunk))
    assert np.isfinite(found.up_sensor).all()


def test_up_is_the_third_row_of_the_rotation() -> None:
    half = np.radians(30.0) / 2
    quat = np.array([[1.0, 0, 0, 0], [np.cos(half), np.sin(half), 0, 0]])
    up = up_from_quaternion(quat)
    assert up[0] == pytest.approx([0.0, 0.0, 1.0])
    assert up[1] == pytest.approx([0.0, 0.5, np.sqrt(0.75)])


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(0, 900), max_size=20))
def test_any_cutting_gives_bit_identical_inclination(cuts: list[int]) -> None:
    time = np.arange(1100) / 100.0
    _, acc, gyr = turn(time, 0.7)
    wanted = (time < 4.0) | (time >= 5.5)
    grid = grid_of(time[wanted], acc[wanted], gyr[wanted])
    whole = incline(grid)
    streaming = Inclination(0.01, steady=True)
    edges = [0, *sorted(cuts), len(grid)]
    parts = [streaming.feed(grid.part(a, b)) for a, b in itertools.pairwise(edges)]
    for name in ("up_sensor", "acc_up_mps2", "at_rest"):
        joined = np.concatenate([getattr(p, name) for p in parts])
        assert joined.tobytes() == getattr(whole, name).tobytes()
