import numpy as np
import pytest
from numpy.typing import NDArray

from lift_monitor.drivers.clock import SessionClock
from lift_monitor.samples import ImuChunk


def chunk(
    sensor_time_s: NDArray[np.floating], host_time_s: NDArray[np.floating] | float
) -> ImuChunk:
    times = np.asarray(sensor_time_s, dtype=np.float64)
    n = times.shape[0]
    return ImuChunk.build(
        times,
        np.zeros((n, 3)),
        np.zeros((n, 3)),
        sensor_time_s=times,
        host_time_s=np.broadcast_to(host_time_s, (n,)),
    )


def test_the_last_sample_of_the_first_packet_was_taken_when_it_arrived() -> None:
    clock = SessionClock()
    first = clock.to_session(chunk(100.0 + np.arange(5) * 0.01, 3.0))
    np.testing.assert_allclose(first.time_s, 2.96 + np.arange(5) * 0.01)


def test_later_arrival_never_moves_the_sensors_own_steps() -> None:
    clock = SessionClock()
    sensor = np.arange(40) * 0.01
    parts = [
        clock.to_session(chunk(sensor[k : k + 10], host))
        for k, host in ((0, 0.1), (10, 0.9), (20, 0.9), (30, 0.9))
    ]
    times = np.concatenate([part.time_s for part in parts])
    np.testing.assert_allclose(np.diff(times), 0.01)


def test_a_file_whose_arrival_is_its_own_time_keeps_its_times_exactly() -> None:
    sensor = 17.3 + np.arange(256) / 97.0
    host = round(float(sensor[-1]) * 1e9) * 1e-9
    mapped = SessionClock().to_session(chunk(sensor, host))
    assert np.array_equal(mapped.time_s, sensor)


def test_nothing_else_of_a_chunk_changes() -> None:
    before = chunk(np.arange(4.0), 9.0)
    after = SessionClock().to_session(before)
    assert np.array_equal(after.sensor_time_s, before.sensor_time_s)
    assert np.array_equal(after.host_time_s, before.host_time_s)


def test_no_samples_are_no_samples() -> None:
    assert len(SessionClock().to_session(ImuChunk.empty())) == 0


@pytest.mark.parametrize("rate_hz", [100.0, None])
def test_without_a_sensor_clock_bunched_arrival_does_not_bunch_samples(
    rate_hz: float | None,
) -> None:
    clock = SessionClock(rate_hz)
    arrivals = np.repeat(np.arange(1, 51) * 0.2, 2)  # two packets of 10 at every 0.2 s
    times = np.concatenate(
        [clock.to_session(chunk(np.full(10, np.nan), float(a))).time_s for a in arrivals]
    )
    assert np.all(np.diff(times) > 0)
    late = np.diff(times)[500:]
    assert late.min() > 0.008
    assert late.max() < 0.012
    assert abs(times[-1] - arrivals[-1]) < 0.2


def test_without_a_sensor_clock_a_hole_stays_a_hole() -> None:
    clock = SessionClock(100.0)
    before = clock.to_session(chunk(np.full(10, np.nan), 0.1))
    after = clock.to_session(chunk(np.full(10, np.nan), 3.1))
    assert after.time_s[0] - before.time_s[-1] == pytest.approx(2.91)


def test_several_packets_in_one_chunk_are_laid_like_single_ones() -> None:
    hosts = np.repeat([0.1, 0.2, 0.33, 0.41], 10)
    one = SessionClock().to_session(chunk(np.full(40, np.nan), hosts)).time_s
    clock = SessionClock()
    single = [clock.to_session(chunk(np.full(10, np.nan), float(h))) for h in hosts[::10]]
    assert np.array_equal(one, np.concatenate([part.time_s for part in single]))
