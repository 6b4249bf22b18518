"""Session time against known truth; `docs/clocks.md` tells of many more links and seeds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.clocks import Link, errors_s, mapped, received, rms_ms, send, taps_ms
from lift_monitor.drivers.clock import SessionClock
from lift_monitor.drivers.formats import TimeBase
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.grid import Resampler

SENSOR, COUNT = TimeBase.SENSOR, TimeBase.COUNT
FAULTY = Link(loss=0.05, stalls_per_min=3.0)
"""And a wrap of the sensor's counter after seven seconds."""


def chunk(
    sensor_time_s: NDArray[np.floating], host_time_s: NDArray[np.floating] | float
) -> ImuChunk:
    times = np.asarray(sensor_time_s, dtype=np.float64)
    n = times.shape[0]
    values = np.random.default_rng(1).normal(size=(n, 3))
    return ImuChunk.build(
        times, values, values, sensor_time_s=times, host_time_s=np.broadcast_to(host_time_s, (n,))
    )


def steady(seconds: float, start_s: float = 0.0) -> tuple[NDArray[np.floating], ...]:
    """True times at 100 Hz, and arrivals 5 to 30 ms later."""
    true_s = start_s + np.arange(int(seconds * 100)) * 0.01
    late_s = np.random.default_rng(2).uniform(0.005, 0.03, true_s.shape)
    return true_s, np.maximum.accumulate(true_s + late_s)


def on_session(*chunks: ImuChunk, base: TimeBase = SENSOR) -> ImuChunk:
    clock = SessionClock(base, 100.0)
    return ImuChunk.concatenate([*(clock.to_session(c) for c in chunks), clock.finish()])


def jumps(of: ImuChunk) -> list[int]:
    return np.flatnonzero(of.quality & Quality.CLOCK_JUMP).tolist()


# --- How well ---


@pytest.mark.parametrize("drift", [0.01, -0.01])
@pytest.mark.parametrize(
    "link",
    [
        replace(FAULTY, burst=8),
        replace(FAULTY, rate_hz=50.0, samples_per_packet=4, interval_s=0.0075),
        replace(FAULTY, rate_hz=200.0, samples_per_packet=4, burst=8),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_with_a_sensor_clock_times_are_within_5_ms(link: Link, drift: float, seed: int) -> None:
    _, error_s = errors_s(replace(link, drift=drift), SENSOR, seed)
    assert rms_ms(error_s) < 5.0


@pytest.mark.parametrize("drift", [0.01, -0.01])
@pytest.mark.parametrize(
    "link",
    [
        replace(FAULTY, burst=8),
        replace(FAULTY, rate_hz=50.0, samples_per_packet=3, interval_s=0.0075),
        replace(FAULTY, rate_hz=50.0, samples_per_packet=8, interval_s=0.0075),
        replace(FAULTY, rate_hz=200.0, samples_per_packet=4, burst=8),
        replace(FAULTY, interval_s=0.05),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_without_a_sensor_clock_times_are_within_15_ms(link: Link, drift: float, seed: int) -> None:
    _, error_s = errors_s(replace(link, drift=drift), COUNT, seed)
    assert rms_ms(error_s) < 15.0


@pytest.mark.parametrize("seed", range(3))
def test_a_rate_that_nobody_told_is_found(seed: int) -> None:
    _, error_s = errors_s(replace(FAULTY, rate_hz=93.0), COUNT, seed, nominal=False)
    assert rms_ms(error_s) < 15.0


@pytest.mark.parametrize("seed", range(4))
def test_two_sensors_see_a_tap_within_10_ms(seed: int) -> None:
    fast, slow = (replace(FAULTY, burst=8, drift=drift) for drift in (0.01, -0.01))
    assert taps_ms(fast, slow, SENSOR, seed).max() < 10.0


def test_a_stall_does_not_bend_the_time_of_counted_samples() -> None:
    true_s, host_s = steady(30.0)
    stalled = np.where((host_s > 20.0) & (host_s < 20.5), 20.5, host_s)
    out = on_session(chunk(np.full(true_s.shape, np.nan), stalled), base=COUNT)
    inside = (true_s > 19.0) & (true_s < 22.0)
    assert np.abs(out.time_s - true_s)[inside].max() < 0.03


def test_a_stall_that_drains_slowly_is_not_taken_for_a_loss() -> None:
    true_s, host_s = steady(30.0)
    begin = int(np.searchsorted(host_s, 20.0))
    # After half a second of silence samples come at 140 Hz until the backlog is gone.
    drained = 20.5 + np.arange(true_s.shape[0] - begin) / 140.0
    host_s[begin:] = np.maximum(host_s[begin:], drained)
    out = on_session(chunk(np.full(true_s.shape, np.nan), host_s), base=COUNT)
    assert np.abs(out.time_s - true_s)[begin - 50 :].max() < 0.03


# --- A sensor's clock that jumps, stands or stammers ---


def test_a_reset_is_marked_and_time_goes_on() -> None:
    true_s, host_s = steady(40.0)
    ticks = np.where(true_s < 20.0, true_s * 1.01 + 500.0, (true_s - 20.0) * 1.01)
    clock = SessionClock(SENSOR)
    out = ImuChunk.concatenate([clock.to_session(chunk(ticks, host_s)), clock.finish()])
    (reset,) = jumps(out)
    assert true_s[reset] == 20.0
    assert np.all(np.diff(out.time_s) > 0)
    assert np.abs(out.time_s - true_s)[reset:].max() < 0.02
    assert clock.facts().resets == 1


def test_a_clock_that_jumps_ahead_is_followed() -> None:
    true_s, host_s = steady(40.0)
    out = on_session(chunk(np.where(true_s < 20.0, true_s, true_s + 3.0), host_s))
    assert [true_s[k] for k in jumps(out)] == [20.0]
    assert np.all(np.diff(out.time_s) > 0)
    assert np.abs(out.time_s - true_s).max() < 0.02


@pytest.mark.parametrize("far_s", [-400.0, -3.0, 2.0, 900.0])
def test_one_wrong_time_touches_no_other(far_s: float) -> None:
    true_s, host_s = steady(30.0)
    ticks = true_s + 7.0
    ticks[2000] += far_s
    wrong, right = (on_session(chunk(t, host_s)) for t in (ticks, true_s + 7.0))
    others = np.arange(true_s.shape[0]) != 2000
    np.testing.assert_allclose(wrong.time_s[others], right.time_s[others], atol=2e-3)
    assert jumps(wrong) == [2000]
    resampler = Resampler()
    resampler.feed(wrong)
    assert resampler.counts.not_newer == 1  # dropped and counted
    assert resampler.counts.longest_gap_s < 0.05


def test_a_hole_in_the_stream_keeps_the_fit() -> None:
    true_s, host_s = steady(200.0)
    kept = (true_s < 60.0) | (true_s > 180.0)
    out = on_session(chunk((1.01 * true_s + 3.0)[kept], host_s[kept]))
    error_s = out.time_s - true_s[kept]
    assert jumps(out) == []
    assert np.abs(error_s[true_s[kept] > 180.0]).max() < 0.02


def test_a_way_that_becomes_longer_for_good_is_followed() -> None:
    true_s, host_s = steady(60.0)
    host_s = np.where(true_s < 20.0, host_s, host_s + 0.2)
    out = on_session(chunk(true_s, host_s))
    error_s = out.time_s - true_s
    assert abs(error_s[true_s < 20.0][-1]) < 0.02
    assert error_s[-1] == pytest.approx(0.2, abs=0.02)
    assert np.all(np.diff(out.time_s) > 0)


def test_what_comes_twice_or_out_of_order_disturbs_nothing() -> None:
    true_s, host_s = steady(30.0)
    whole = on_session(chunk(true_s, host_s))
    order = np.arange(true_s.shape[0])
    order[1000:1004] = order[[1002, 1000, 1001, 1003]]
    order = np.insert(order, [500, 500, 2000], [499, 498, 1960])
    host_again = host_s[np.minimum(np.maximum.accumulate(order), 2999)]
    out = on_session(chunk(true_s[order], host_again))
    newest = np.maximum.accumulate(np.concatenate([[-1.0], true_s[order][:-1]]))
    fresh = true_s[order] > newest
    assert fresh.sum() == true_s.shape[0] - 2  # two came after their successor
    np.testing.assert_allclose(out.time_s[fresh], whole.time_s[order][fresh], atol=1e-4)
    older = np.maximum.accumulate(out.time_s)[:-1][~fresh[1:]]
    assert np.all(out.time_s[1:][~fresh[1:]] <= older)
    assert jumps(out) == []


def test_the_start_is_right_although_the_first_packets_were_held_up() -> None:
    true_s, host_s = steady(20.0)
    host_s = np.maximum(host_s, 0.3)  # 300 ms of samples arrive at once
    out = on_session(chunk(true_s, host_s))
    assert np.abs(out.time_s - true_s).max() < 0.02


# --- A sensor without a clock ---


def test_without_a_sensor_clock_a_hole_stays_a_hole() -> None:
    out = on_session(chunk(np.full(10, np.nan), 0.1), chunk(np.full(10, np.nan), 3.1), base=COUNT)
    assert out.time_s[10] - out.time_s[9] == pytest.approx(2.91)
    np.testing.assert_allclose(np.diff(out.time_s[10:]), 0.01)


def test_a_lost_packet_leaves_its_place_empty() -> None:
    ends_s = np.arange(1, 101) * 0.08
    kept = np.delete(ends_s, 60)
    out = on_session(chunk(np.full(8 * 99, np.nan), np.repeat(kept + 0.01, 8)), base=COUNT)
    gap_s = np.diff(out.time_s)
    assert int(np.argmax(gap_s)) == 60 * 8 - 1
    assert gap_s.max() == pytest.approx(0.09, abs=0.005)


def test_after_a_reconnection_the_count_begins_anew() -> None:
    clock = SessionClock(COUNT, 100.0)
    true_s, host_s = steady(10.0)
    nothing = np.full(true_s.shape, np.nan)
    before = clock.to_session(chunk(nothing, host_s))
    clock.reconnected(host_s[-1] + 0.1)
    after = clock.to_session(chunk(nothing, host_s + 10.15))
    out = ImuChunk.concatenate([before, after, clock.finish()])
    error_s = out.time_s - np.concatenate([true_s, true_s + 10.15])
    assert np.abs(error_s).max() < 0.03
    assert np.all(np.diff(out.time_s) > 0)


def test_bunched_arrival_does_not_bunch_samples() -> None:
    arrivals = np.repeat(np.arange(1, 51) * 0.2, 20)  # twenty at every 0.2 s
    out = on_session(chunk(np.full(1000, np.nan), arrivals), base=COUNT)
    np.testing.assert_allclose(np.diff(out.time_s), 0.01, rtol=0.05)
    assert out.time_s[-1] == pytest.approx(10.0, abs=0.01)


# --- What is promised besides ---


def test_a_file_keeps_its_times_to_the_last_bit() -> None:
    sensor = 17.3 + np.arange(256) / 97.0
    before = chunk(sensor, 99.0)
    clock = SessionClock(TimeBase.SESSION)
    after = clock.to_session(before)
    assert np.array_equal(after.time_s, before.time_s)
    assert len(after) == 256
    assert len(clock.finish()) == 0


@pytest.mark.parametrize("base", [SENSOR, COUNT])
def test_nothing_but_the_time_of_a_sample_changes(base: TimeBase) -> None:
    before = received(send(replace(FAULTY, seconds=5.0), 1), base)
    after = mapped(before, base, 100.0)
    for name in ("sensor_time_s", "host_time_s", "acc_sensor_mps2", "gyr_sensor_radps", "quality"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))


@pytest.mark.parametrize("base", list(TimeBase))
def test_no_samples_are_no_samples(base: TimeBase) -> None:
    clock = SessionClock(base, 100.0)
    assert len(clock.to_session(ImuChunk.empty())) == 0
    assert len(clock.finish()) == 0
    assert clock.facts().delivered_rate_hz is None


@pytest.mark.parametrize("base", [SENSOR, COUNT])
def test_a_single_packet_comes_out_at_the_end(base: TimeBase) -> None:
    clock = SessionClock(base, 100.0)
    assert len(clock.to_session(chunk(100.0 + np.arange(5) * 0.01, 3.0))) == 0
    np.testing.assert_allclose(clock.finish().time_s, 2.96 + np.arange(5) * 0.01)


def test_facts_tell_rate_drift_and_spread() -> None:
    link = replace(FAULTY, drift=0.004, seconds=60.0)
    clock = SessionClock(SENSOR)
    clock.to_session(received(send(link, 3), SENSOR))
    facts = clock.facts()
    assert facts.delivered_rate_hz == pytest.approx(95.4, abs=1.0)
    assert facts.drift_ppm == pytest.approx(4000.0, abs=150.0)
    assert facts.error_ms is not None
    assert 0.0 < facts.error_ms < 10.0
    assert facts.resets == 0


def test_facts_of_a_count_claim_no_drift() -> None:
    clock = SessionClock(COUNT, 100.0)
    assert clock.facts().error_ms is None
    clock.to_session(received(send(replace(FAULTY, seconds=30.0), 3), COUNT))
    facts = clock.facts()
    assert facts.drift_ppm is None
    assert facts.delivered_rate_hz == pytest.approx(95.0, abs=2.5)
    assert facts.error_ms is not None
    assert 0.0 < facts.error_ms < 20.0
