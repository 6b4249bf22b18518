"""A simulated session on the wire: decoded again it agrees with its truth, faults included."""

from dataclasses import replace

import numpy as np
import pytest

from lift_monitor.drivers.formats import make_decoder
from lift_monitor.drivers.simulated import (
    HABITS,
    SensorModel,
    SessionPlan,
    SimulatedSession,
    SimulatedSource,
    shipped_sessions,
    simulate_session,
)
from lift_monitor.events import Exercise
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.units import FloatArray

EVERY = pytest.mark.parametrize("exercise", list(HABITS))
SHORT = SessionPlan(Exercise.OVERHEAD_PRESS, sets=1, reps=3)


def _decoded(session: SimulatedSession) -> ImuChunk:
    (info,) = session.source.sensors
    decoder = make_decoder(info)
    return ImuChunk.concatenate([decoder.feed(p) for p in session.source.packets()])


def _true(session: SimulatedSession, time_s: FloatArray, values: FloatArray) -> FloatArray:
    columns = values.reshape(values.shape[0], -1).T
    return np.stack([np.interp(time_s, session.truth.time_s, c) for c in columns], axis=-1)


@EVERY
def test_an_ideal_sensor_integrated_again_gives_the_true_velocity(exercise: Exercise) -> None:
    plan = SessionPlan(exercise, sets=1, reps=3)
    session = simulate_session(plan, SensorModel.ideal(200.0), 3)
    samples = _decoded(session)
    # Samples are means over their period, which their time stands in the middle of.
    time_s = samples.sensor_time_s - samples.sensor_time_s[0] + 0.0025
    up = _true(session, time_s, session.truth.up_sensor)
    rise = np.einsum("ij,ij->i", samples.acc_sensor_mps2, up) - 9.80665
    ends_s = time_s + 0.0025
    velocity = np.cumsum(rise) * 0.005
    true_velocity = _true(session, ends_s, session.truth.velocity_mps)[:, 0]
    for rep in session.truth.repetitions:
        inside = (ends_s >= rep.concentric_start_s) & (ends_s <= rep.concentric_end_s)
        error = (velocity - true_velocity)[inside]
        np.testing.assert_allclose(error - error[0], 0.0, atol=0.008)
        mean = np.mean((velocity - error[0])[inside])
        assert mean == pytest.approx(rep.mean_velocity_mps, abs=0.008)


@EVERY
def test_an_ideal_gyroscope_carries_the_true_direction_of_up(exercise: Exercise) -> None:
    session = simulate_session(SessionPlan(exercise, sets=1, reps=2), SensorModel.ideal(200.0), 4)
    samples = _decoded(session)
    time_s = samples.sensor_time_s - samples.sensor_time_s[0] + 0.0025
    up = _true(session, time_s - 0.0025, session.truth.up_sensor)
    carried = up[0].copy()
    for rate, there in zip(samples.gyr_sensor_radps, up, strict=True):
        assert np.degrees(np.arccos(min(1.0, float(carried @ there)))) < 0.3
        angle = float(np.linalg.norm(rate)) * 0.005
        if angle:
            axis = -rate / np.linalg.norm(rate)
            carried = (
                carried * np.cos(angle)
                + np.cross(axis, carried) * np.sin(angle)
                + axis * (axis @ carried) * (1 - np.cos(angle))
            )


@EVERY
def test_a_real_sensor_at_rest_feels_about_one_g(exercise: Exercise) -> None:
    session = simulate_session(SessionPlan(exercise, sets=1, reps=1), SensorModel(), 5)
    rest = _decoded(session)[:150]
    force = rest.acc_sensor_mps2.mean(axis=0)
    assert np.linalg.norm(force) == pytest.approx(9.81, abs=0.5)
    assert force @ session.truth.up_sensor[0] == pytest.approx(np.linalg.norm(force), rel=1e-3)
    assert 0.01 < rest.acc_sensor_mps2.std(axis=0).mean() < 0.03


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not() -> None:
    once, again, other = (simulate_session(SHORT, SensorModel(), seed) for seed in (6, 6, 7))
    assert list(once.source.packets()) == list(again.source.packets())
    assert once.truth.sets == again.truth.sets
    assert list(once.source.packets()) != list(other.source.packets())
    lazy = SimulatedSource(SHORT, SensorModel(), 6)
    assert list(lazy.packets()) == list(lazy.packets()) == list(once.source.packets())
    assert lazy.sensors == once.source.sensors
    assert lazy.duration_s == once.source.duration_s


def test_the_sensor_does_not_change_what_the_lifter_did() -> None:
    one = simulate_session(SHORT, SensorModel.ideal(60.0), 8)
    two = simulate_session(SHORT, SensorModel.harsh(200.0), 8)
    assert one.truth.sets == two.truth.sets


@pytest.mark.parametrize("rate_hz", [12.5, 60.0, 100.0, 200.0])
def test_samples_come_at_the_rate_asked_for(rate_hz: float) -> None:
    session = simulate_session(SHORT, SensorModel.ideal(rate_hz), 9)
    samples = _decoded(session)
    steps = np.diff(samples.sensor_time_s)
    np.testing.assert_allclose(steps, 1 / rate_hz, atol=5e-6)
    assert len(samples) == pytest.approx(session.duration_s * rate_hz, abs=2)


def test_packets_arrive_in_order_and_never_before_they_were_taken() -> None:
    session = simulate_session(SHORT, SensorModel.harsh(), 10)
    host = np.array([p.host_time_ns for p in session.source.packets()]) * 1e-9
    assert np.all(np.diff(host) >= 0)
    samples = _decoded(session)
    delay = samples.host_time_s - samples.sensor_time_s
    assert delay.max() - delay.min() > 0.2  # the link stalls at times
    assert (np.diff(host) == 0).sum() > 5  # and delivers in bursts then


def test_loss_duplicates_and_holes_are_there_as_asked() -> None:
    model = replace(
        SensorModel.ideal(),
        loss_probability=0.1,
        duplicate_probability=0.05,
        gaps_s=((10.0, 1.5),),
    )
    session = simulate_session(SHORT, model, 11)
    sequence = [int.from_bytes(p.payload[2:4], "little") for p in session.source.packets()]
    expected = session.duration_s * 100 / 4
    distinct = len(set(sequence))
    assert 0.05 < (len(sequence) - distinct) / distinct < 0.1 or len(sequence) > distinct
    assert 0.8 * expected < distinct < 0.95 * expected
    time_s = _decoded(session).host_time_s
    assert 1.45 < np.diff(time_s).max() < 1.9


def test_a_small_range_is_exceeded_by_a_dropped_bar() -> None:
    plan = SessionPlan(Exercise.DEADLIFT, sets=1, reps=2, drop_at_end=True)
    small = _decoded(simulate_session(plan, replace(SensorModel(), acc_range_g=4.0), 12))
    assert (small.quality & Quality.ACC_SATURATED).any()
    assert np.abs(small.acc_sensor_mps2).max() == pytest.approx(4 * 9.80665, rel=1e-5)


def test_the_clock_of_a_sensor_is_wrong_by_as_much_as_asked() -> None:
    right = simulate_session(SHORT, SensorModel.ideal(), 13)
    wrong = simulate_session(SHORT, replace(SensorModel.ideal(), clock_error_sd_ppm=20000.0), 13)
    samples = _decoded(wrong)
    elapsed = np.ptp(samples.sensor_time_s) / np.ptp(samples.host_time_s)
    assert abs(elapsed - 1) > 5e-4
    samples = _decoded(right)
    assert np.ptp(samples.sensor_time_s) / np.ptp(samples.host_time_s) == pytest.approx(
        1.0, abs=2e-3
    )


def test_impossible_sensors_and_seeds_are_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match="rate_hz is 0"):
        SensorModel(rate_hz=0.0)
    with pytest.raises(ValueError, match="samples_per_packet is 256"):
        SensorModel(samples_per_packet=256)
    with pytest.raises(ValueError, match="loss_probability is 1"):
        SensorModel(loss_probability=1.0)
    with pytest.raises(ValueError, match="the seed is -1"):
        simulate_session(SHORT, SensorModel(), -1)


def test_sample_sessions_hold_what_their_texts_say() -> None:
    deadlift, squat, press, *_ = shipped_sessions()
    truth = {s.name: s.simulate().truth for s in (deadlift, squat, press)}
    assert [len(s.reps) for s in truth[deadlift.name].sets] == [5, 5, 5]
    assert [len(s.reps) for s in truth[squat.name].sets] == [5, 5]
    assert [len(s.failed) for s in truth[squat.name].sets] == [0, 1]
    assert [len(s.reps) for s in truth[press.name].sets] == [5, 5]
    ((gap_s, length_s),) = press.model.gaps_s
    first = truth[press.name].sets[0]
    assert first.start_s < gap_s < gap_s + length_s < first.end_s
