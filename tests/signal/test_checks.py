"""The still check and the taps, on samples with known content."""

from __future__ import annotations

import numpy as np
import pytest

from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.checks import Watcher, find_taps, judge_still

RATE_HZ = 100.0


def at_rest(seconds: float = 4.0, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    time_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    acc = rng.normal(0, 0.03, (time_s.size, 3)) + np.array([0.0, 6.0, 7.757])
    gyr = rng.normal(0, 0.003, (time_s.size, 3))
    return time_s, acc, gyr


def chunk(time_s: np.ndarray, acc: np.ndarray, gyr: np.ndarray, marks: int = 0) -> ImuChunk:
    return ImuChunk.build(time_s, acc, gyr, quality=np.full(time_s.size, marks, np.uint16))


def test_a_sensor_at_rest_passes() -> None:
    assert judge_still(chunk(*at_rest()), RATE_HZ).trouble == ""


def test_a_moving_sensor_does_not() -> None:
    time_s, acc, gyr = at_rest()
    gyr[:, 0] += 0.3 * np.sin(5 * time_s)
    assert "moves" in judge_still(chunk(time_s, acc, gyr), RATE_HZ).trouble


def test_a_wrong_scale_is_told_with_its_number() -> None:
    time_s, acc, gyr = at_rest()
    assert "reads 9.0 m/s²" in judge_still(chunk(time_s, acc * 0.92, gyr), RATE_HZ).trouble


def test_a_strong_bias_is_told() -> None:
    time_s, acc, gyr = at_rest()
    assert "deg/s at rest" in judge_still(chunk(time_s, acc, gyr + 0.1), RATE_HZ).trouble


def test_a_sensor_without_a_gyroscope_is_judged_by_what_it_has() -> None:
    time_s, acc, _ = at_rest()
    still = chunk(time_s, acc, np.zeros_like(acc), int(Quality.NO_GYRO))
    assert judge_still(still, RATE_HZ).trouble == ""


def test_too_few_samples_prove_nothing() -> None:
    time_s, acc, gyr = at_rest()
    few = chunk(time_s[::3], acc[::3], gyr[::3])
    assert "too few" in judge_still(few, RATE_HZ).trouble
    assert judge_still(ImuChunk.empty(), RATE_HZ).trouble


def test_numbers_that_are_none_do_not_pass() -> None:
    time_s, acc, gyr = at_rest()
    acc[100] = np.nan
    assert "no numbers" in judge_still(chunk(time_s, acc, gyr), RATE_HZ).trouble


@pytest.mark.parametrize("cut", [1, 7, 400])
def test_each_tap_is_found_once_however_the_stream_is_cut(cut: int) -> None:
    time_s, acc, gyr = at_rest(8.0)
    for tap_s in (2.0, 4.0, 6.5):
        inside = (time_s >= tap_s) & (time_s < tap_s + 0.02)
        acc[inside] *= 4.0
    watcher = Watcher()
    found: list[float] = []
    for k in range(0, time_s.size, cut):
        part = slice(k, k + cut)
        found += watcher.feed(chunk(time_s[part], acc[part], gyr[part]))
    assert found == pytest.approx([2.0, 4.0, 6.5], abs=0.011)


def test_swinging_about_is_no_tap() -> None:
    time_s, acc, gyr = at_rest(8.0)
    acc[:, 2] += 12.0 * np.sin(2 * np.pi * 2.0 * time_s)
    assert find_taps(chunk(time_s, acc, gyr)) == []
