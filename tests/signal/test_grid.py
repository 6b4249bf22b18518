"""The steady grid: its rate, its marks, its holes, and that cutting changes nothing."""

from __future__ import annotations

import itertools
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.grid import GridBlock, Resampler, estimate_rate
from lift_monitor.units import FloatArray


def stream(time_s: FloatArray) -> ImuChunk:
    """Six channels that are straight lines in time: linear interpolation is then exact."""
    slopes = np.array([1.0, -2.0, 0.5])
    return ImuChunk.build(time_s, time_s[:, None] * slopes, time_s[:, None] * -slopes)


def run(*chunks: ImuChunk) -> tuple[GridBlock, Resampler]:
    resampler = Resampler()
    blocks = [resampler.feed(chunk) for chunk in chunks]
    blocks.append(resampler.finish())
    return join(blocks), resampler


def join(blocks: list[GridBlock]) -> GridBlock:
    return GridBlock(
        *(np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(GridBlock))
    )


@pytest.mark.parametrize(
    ("rate_hz", "grid_hz"),
    [(12.5, 50.0), (30.0, 60.0), (50.0, 50.0), (60.0, 60.0), (104.0, 104.0), (1000.0, 400.0)],
)
def test_the_grid_has_the_rate_of_a_steady_sensor(rate_hz: float, grid_hz: float) -> None:
    grid, resampler = run(stream(np.arange(round(4 * rate_hz)) / rate_hz))
    assert resampler.steady
    assert resampler.dt_s == pytest.approx(1.0 / grid_hz)
    assert np.diff(grid.time_s) == pytest.approx(1.0 / grid_hz)


def test_jitter_of_a_steady_sensor_does_not_hide_its_rate() -> None:
    rng = np.random.default_rng(1)
    time = np.arange(400) / 100.0 + rng.normal(0.0, 0.0008, 400)
    rate, is_steady = estimate_rate(time)
    assert is_steady
    assert rate == pytest.approx(100.0, rel=0.02)


def test_a_few_lost_samples_do_not_hide_the_rate() -> None:
    rng = np.random.default_rng(2)
    time = (np.arange(400) / 100.0)[rng.random(400) > 0.05]
    rate, is_steady = estimate_rate(time)
    assert is_steady
    assert rate == pytest.approx(100.0)


def test_times_of_arrival_in_bunches_get_the_uneven_rate() -> None:
    bunches = np.arange(0.0, 4.0, 0.06)
    time = (bunches[:, None] + np.array([0.0, 0.001, 0.002])).ravel()
    assert estimate_rate(time) == (100.0, False)
    _, resampler = run(stream(time))
    assert not resampler.steady
    assert resampler.dt_s == pytest.approx(0.01)


def test_values_between_samples_lie_on_the_line_between_them() -> None:
    rng = np.random.default_rng(3)
    chunk = stream(np.cumsum(rng.uniform(0.004, 0.05, 300)))
    grid, _ = run(chunk)
    assert len(grid) > 500
    assert grid.acc_sensor_mps2 == pytest.approx(stream(grid.time_s).acc_sensor_mps2, abs=1e-9)
    assert grid.gyr_sensor_radps == pytest.approx(stream(grid.time_s).gyr_sensor_radps, abs=1e-9)


def test_every_step_knows_the_spacing_of_its_neighbours() -> None:
    time = np.arange(600) / 100.0
    kept = time[(time <= 2.5) | (time >= 2.7)]
    grid, _ = run(stream(kept))
    inside = (grid.time_s > 2.501) & (grid.time_s < 2.699)
    assert grid.spacing_s[inside] == pytest.approx(0.2)
    outside = (grid.time_s < 2.499) | (grid.time_s > 2.701)
    assert grid.spacing_s[outside] == pytest.approx(0.01)
    assert (grid.quality[inside] & Quality.INTERPOLATED).all()
    assert not (grid.quality[outside] & Quality.INTERPOLATED).any()
    assert not (grid.quality & Quality.GAP).any()


@pytest.mark.parametrize(("hole_s", "bridged"), [(0.4, True), (0.95, True), (1.1, False)])
def test_a_hole_is_marked_and_bridged_only_up_to_one_second(hole_s: float, bridged: bool) -> None:
    time = np.arange(800) / 100.0
    grid, _ = run(stream(time[(time <= 3.0) | (time >= 3.0 + hole_s)]))
    inside = (grid.time_s > 3.001) & (grid.time_s < 3.0 + hole_s - 0.001)
    assert (grid.quality[inside] & Quality.GAP).all()
    assert np.isfinite(grid.acc_sensor_mps2[inside]).all() == bridged
    assert np.isnan(grid.acc_sensor_mps2[inside]).all() == (not bridged)
    assert np.isnan(grid.gyr_sensor_radps[inside]).all() == (not bridged)
    outside = (grid.time_s < 2.999) | (grid.time_s > 3.001 + hole_s)
    assert np.isfinite(grid.acc_sensor_mps2[outside]).all()
    assert np.flatnonzero(grid.starts_segment).tolist() == [0]
    assert np.diff(grid.time_s) == pytest.approx(0.01)


def test_a_long_break_starts_a_segment_and_makes_no_steps() -> None:
    before = np.arange(300) / 100.0
    after = 30.0041 + np.arange(300) / 100.0
    grid, resampler = run(stream(np.concatenate([before, after])))
    starts = np.flatnonzero(grid.starts_segment)
    assert starts.shape == (2,)
    assert grid.time_s[starts].tolist() == [0.0, 30.0041]
    assert not ((grid.time_s > before[-1]) & (grid.time_s < after[0])).any()
    assert np.isfinite(grid.acc_sensor_mps2).all()
    assert resampler.counts.longest_gap_s == pytest.approx(after[0] - before[-1])


def test_samples_that_are_not_newer_are_dropped_and_counted() -> None:
    time = np.arange(400) / 100.0
    backwards = time.copy()
    backwards[200:204] = [1.0, 1.01, 1.02, 1.99]
    clean, _ = run(stream(time[np.r_[0:200, 204:400]]))
    grid, resampler = run(stream(backwards))
    assert resampler.counts.not_newer == 4
    assert resampler.counts.samples == 400
    assert np.array_equal(grid.acc_sensor_mps2, clean.acc_sensor_mps2)


@pytest.mark.parametrize(
    ("column", "bad"),
    [(c, b) for c in ("acc", "gyr") for b in (np.nan, np.inf, -np.inf, 1e200, -1e6)]
    + [("time", np.nan), ("time", np.inf), ("time", -np.inf)],
)
def test_what_is_no_measurement_is_dropped_and_counted(column: str, bad: float) -> None:
    time = np.arange(400) / 100.0
    good = stream(time)
    acc, gyr, times = good.acc_sensor_mps2.copy(), good.gyr_sensor_radps.copy(), time.copy()
    {"acc": acc[:, 1], "gyr": gyr[:, 2], "time": times}[column][100:103] = bad
    grid, resampler = run(ImuChunk.build(times, acc, gyr))
    assert resampler.counts.not_finite == 3
    assert np.isfinite(grid.acc_sensor_mps2).all()
    assert np.abs(grid.acc_sensor_mps2).max() < 10.0


def test_stale_values_are_dropped_but_a_lying_sensor_is_heard_again() -> None:
    time = np.arange(500) / 100.0
    chunk = stream(time)
    acc, gyr = chunk.acc_sensor_mps2.copy(), chunk.gyr_sensor_radps.copy()
    acc[200:203], gyr[200:203] = acc[199], gyr[199]  # the same value sent three times more
    _, resampler = run(ImuChunk.build(time, acc, gyr))
    assert resampler.counts.repeated == 3
    acc[300:400], gyr[300:400] = acc[299], gyr[299]  # still for a second
    grid, resampler = run(ImuChunk.build(time, acc, gyr))
    assert 80 < resampler.counts.repeated - 3 < 100
    assert grid.spacing_s.max() < 0.13
    assert resampler.counts.samples == 500


def test_saturation_is_marked_where_a_value_is_at_the_end_of_the_range() -> None:
    time = np.arange(400) / 100.0
    acc = np.random.default_rng(4).normal(0.0, 1.0, (400, 3))
    gyr = np.random.default_rng(5).normal(0.0, 1.0, (400, 3))
    acc[100:110, 0], gyr[200:205, 2] = -39.23, 34.9
    resampler = Resampler(acc_range_mps2=39.23, gyr_range_radps=34.9)
    grid = join([resampler.feed(ImuChunk.build(time, acc, gyr)), resampler.finish()])
    assert resampler.counts.saturated == 15
    acc_marked = grid.time_s[(grid.quality & Quality.ACC_SATURATED) != 0]
    gyr_marked = grid.time_s[(grid.quality & Quality.GYR_SATURATED) != 0]
    assert (acc_marked.min(), acc_marked.max()) == pytest.approx((0.99, 1.09), abs=0.011)
    assert (gyr_marked.min(), gyr_marked.max()) == pytest.approx((1.99, 2.04), abs=0.011)


def test_fresh_counts_received_samples_and_not_the_decoder_s_own() -> None:
    time = np.arange(1000) / 200.0
    marks = np.zeros(1000, np.uint16)
    marks[1::2] = Quality.INTERPOLATED
    chunk = stream(time)
    half = ImuChunk.build(time, chunk.acc_sensor_mps2, chunk.gyr_sensor_radps, quality=marks)
    assert run(chunk)[0].fresh.sum() == pytest.approx(1000, abs=2)
    assert run(half)[0].fresh.sum() == pytest.approx(500, abs=2)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5])
def test_streams_shorter_than_the_settling_give_their_steps_at_the_end(n: int) -> None:
    grid, resampler = run(stream(np.arange(n) / 50.0))
    assert resampler.counts.samples == n
    assert len(grid) == 0 if n < 2 else len(grid) > 0
    assert (grid.time_s < max(n - 1, 0) / 50.0).all()


@st.composite
def hard_streams(draw: st.DrawFn) -> ImuChunk:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rate = draw(st.sampled_from([12.5, 50.0, 100.0, 333.0]))
    n = draw(st.integers(0, 600))
    time = np.arange(n) / rate + draw(st.sampled_from([0.0, 1e9]))
    time += rng.uniform(0.0, draw(st.sampled_from([0.0, 0.2, 1.5])) / rate, n)
    acc, gyr = rng.normal(0, 1, (n, 3)), rng.normal(0, 1, (n, 3))
    for _ in range(draw(st.integers(0, 3))):  # holes and breaks
        time[int(rng.integers(0, max(n, 1))) :] += rng.choice([0.3, 1.2, 5.0, 25.0])
    for share, value in ((0.02, np.nan), (0.01, np.inf)):
        acc[rng.random(n) < draw(st.sampled_from([0.0, share]))] = value
    repeats = rng.random(n) < draw(st.sampled_from([0.0, 0.1, 0.9]))
    for i in np.flatnonzero(repeats[1:]) + 1:
        acc[i], gyr[i] = acc[i - 1], gyr[i - 1]
    marks = np.where(rng.random(n) < 0.2, Quality.INTERPOLATED, 0).astype(np.uint16)
    return ImuChunk.build(time, acc, gyr, quality=marks)


@settings(max_examples=120, deadline=None)
@given(chunk=hard_streams(), data=st.data())
def test_any_cutting_gives_bit_identical_steps(chunk: ImuChunk, data: st.DataObject) -> None:
    whole, one = run(chunk)
    every = st.just(list(range(len(chunk))))
    cuts = data.draw(st.one_of(every, st.lists(st.integers(0, len(chunk)), max_size=12)))
    edges = [0, *sorted(cuts), len(chunk)]
    parts, other = run(*(chunk[a:b] for a, b in itertools.pairwise(edges)))
    for field in fields(GridBlock):
        mine, theirs = getattr(parts, field.name), getattr(whole, field.name)
        assert mine.dtype == theirs.dtype
        assert mine.tobytes() == theirs.tobytes() or np.array_equal(mine, theirs, equal_nan=True)
    assert vars(one.counts) == vars(other.counts)
    assert (one.dt_s, one.steady) == (other.dt_s, other.steady)


def test_one_time_far_ahead_does_not_silence_the_stream() -> None:
    time = np.arange(1000, dtype=np.float64) * 0.01
    time[[0, 300, 999]] = [1e6, 1e5, 5e4]
    rng = np.random.default_rng(0)
    acc, gyr = rng.normal(size=(1000, 3)), rng.normal(size=(1000, 3))
    for size in (1, 7, 1000):
        resampler = Resampler()
        times = []
        for start in range(0, 1000, size):
            cut = slice(start, start + size)
            times.append(resampler.feed(ImuChunk.build(time[cut], acc[cut], gyr[cut])).time_s)
        steps = np.concatenate(times)
        assert steps[0] == time[1]
        assert steps[-1] > 9.9
        assert resampler.counts.not_newer == 2  # the last one waits for a successor
        assert resampler.counts.longest_gap_s < 0.05
