"""Landings of made-up drops: found, timed, weighed, doubted where there is reason to."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.events import Confidence
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.landing import LandingPhase
from lift_monitor.signal.landing_contact import HEEL_DROPS_AND_STOMPS
from lift_monitor.signal.landing_detector import LandingDetector
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray
from tests.signal.landings import Drop, landings_of, trunk_sensor, weight_g
from tests.signal.streams import keep, pieces, steady

RANGE_MPS2 = 16.0 * STANDARD_GRAVITY_MPS2


def drops_at(*contacts_s: float) -> list[Drop]:
    return [Drop(contact_s) for contact_s in contacts_s]


@pytest.mark.parametrize("rate_hz", [60.0, 100.0, 208.0])
@pytest.mark.parametrize("role", [Role.PELVIS, Role.THORAX])
def test_every_drop_is_found_once_and_in_time(rate_hz: float, role: Role) -> None:
    rng = np.random.default_rng(7)
    for seed in range(8):
        drops, at = [], 3.0
        for _ in range(4):
            at += float(rng.uniform(1.5, 3.0))
            drops.append(
                Drop(
                    at,
                    flight_s=float(rng.uniform(0.12, 0.5)),
                    peak_g=float(rng.uniform(3.0, 9.0)),
                    width_s=float(rng.uniform(0.07, 0.16)),
                )
            )
        time_s = steady(at + 2.0, rate_hz)
        found = landings_of([trunk_sensor(time_s, weight_g(time_s, drops), seed=seed)], role=role)
        assert len(found) == len(drops)
        for landing, drop in zip(found, drops, strict=True):
            assert landing.contact_s == pytest.approx(drop.contact_s, abs=0.02)
            assert landing.flight_s == pytest.approx(drop.flight_s, abs=0.04)
            assert landing.at_s - drop.contact_s < 0.6


def test_the_numbers_of_a_landing_follow_its_definitions() -> None:
    time_s = steady(8.0)
    drop = Drop(5.0, peak_g=5.0, width_s=0.06)
    (landing,) = landings_of([trunk_sensor(time_s, weight_g(time_s, [drop]))])
    assert landing.peak_acc_g == pytest.approx(5.0, rel=0.03)
    assert 3.0 < landing.peak_acc_20hz_g < landing.peak_acc_g
    assert 2.0 < landing.peak_grf_bw < landing.peak_acc_20hz_g
    assert landing.peak_grf_n == pytest.approx(landing.peak_grf_bw * 65.0 * STANDARD_GRAVITY_MPS2)
    assert landing.grf_method == "newton_pelvis_10hz"
    assert landing.second_method == "regression_jumping_back"
    assert landing.second_grf_bw is not None
    force_n = -350.125 + 152.952 * landing.peak_acc_20hz_g + 22.618 * 65.0
    force_n += 0.654 * landing.peak_acc_20hz_g * 65.0
    assert landing.second_grf_bw == pytest.approx(force_n / (65.0 * STANDARD_GRAVITY_MPS2))
    assert landing.difference_bw == pytest.approx(abs(landing.peak_grf_bw - landing.second_grf_bw))
    assert landing.loading_rate_bw_per_s > 20.0
    assert not landing.clipped
    assert (landing.confidence, landing.reasons) == (Confidence.HIGH, ())


def squat(time_s: FloatArray) -> FloatArray:
    """Down and up in 1.2 s: as light as 0.35 g, as heavy as 1.9 g, and slow."""
    return np.asarray(np.where(time_s > 3.0, 1.0 - 0.8 * np.sin(2 * np.pi * time_s / 1.2), 1.0))


def countermovement(time_s: FloatArray) -> FloatArray:
    """A dip as light as a flight, a push-off of 2.5 g, and the feet stay on the ground."""
    since = time_s - 4.0
    dip = np.where((since > 0) & (since < 0.35), -0.9 * np.sin(np.pi * since / 0.35), 0.0)
    push = np.where((since > 0.35) & (since < 0.95), np.sin(np.pi * (since - 0.35) / 0.6), 0.0)
    return np.asarray(1.0 + dip + 1.5 * push)


def step_down(time_s: FloatArray) -> FloatArray:
    """Half the weight for 0.25 s, then a heel at 1.6 g."""
    since = time_s - 4.0
    weight = np.where((since > -0.25) & (since < 0.0), 0.5, 1.0)
    return np.asarray(np.where((since >= 0) & (since < 0.06), 1.6, weight))


def knock(time_s: FloatArray) -> FloatArray:
    """Somebody knocks on the sensor of a lifter who stands."""
    return np.asarray(np.where((time_s > 4.0) & (time_s < 4.03), 6.0, 1.0))


@pytest.mark.parametrize("weight", [squat, countermovement, step_down, knock, np.ones_like])
def test_what_is_no_landing_is_not_found(weight: object) -> None:
    time_s = steady(10.0)
    assert callable(weight)
    assert landings_of([trunk_sensor(time_s, weight(time_s))]) == []


def test_a_heel_drop_is_found_where_it_is_the_exercise() -> None:
    time_s = steady(8.0)
    heel = Drop(5.0, flight_s=0.05, peak_g=3.0, width_s=0.06)
    chunk = trunk_sensor(time_s, weight_g(time_s, [heel]))
    assert landings_of([chunk]) == []
    (landing,) = landings_of([chunk], rules=HEEL_DROPS_AND_STOMPS)
    assert landing.contact_s == pytest.approx(5.0, abs=0.02)
    assert landing.flight_s < 0.1


@pytest.mark.parametrize("range_mps2", [4.0 * STANDARD_GRAVITY_MPS2, None])
def test_a_peak_beyond_the_range_is_told_as_at_least(range_mps2: float | None) -> None:
    time_s = steady(8.0, 200.0)
    chunk = trunk_sensor(time_s, weight_g(time_s, [Drop(5.0, peak_g=12.0, width_s=0.12)]), seed=3)
    limit = 4.0 * STANDARD_GRAVITY_MPS2
    cut = ImuChunk.build(
        time_s, np.clip(chunk.acc_sensor_mps2, -limit, limit), chunk.gyr_sensor_radps
    )
    (landing,) = landings_of([cut], acc_range_mps2=range_mps2)
    assert landing.clipped
    assert landing.confidence is Confidence.LOW
    assert any("at least" in reason for reason in landing.reasons)
    (whole,) = landings_of([chunk], acc_range_mps2=RANGE_MPS2)
    assert not whole.clipped
    assert whole.peak_acc_g > landing.peak_acc_g


def test_a_hole_in_the_flight_is_a_reason_to_doubt() -> None:
    time_s = steady(8.0)
    chunk = trunk_sensor(time_s, weight_g(time_s, drops_at(5.0)))
    torn = keep(chunk, (time_s < 4.8) | (time_s > 4.9))
    (landing,) = landings_of([torn])
    assert landing.confidence is Confidence.LOW
    assert any("hole of 0.1" in reason for reason in landing.reasons)


def test_a_thin_stream_is_a_reason_to_doubt() -> None:
    time_s = steady(8.0, 30.0)
    (landing,) = landings_of([trunk_sensor(time_s, weight_g(time_s, drops_at(5.0)))])
    assert any("samples a second" in reason for reason in landing.reasons)


def test_without_a_second_estimate_confidence_is_low() -> None:
    time_s = steady(8.0)
    chunk = trunk_sensor(time_s, weight_g(time_s, drops_at(5.0)))
    for landing in (
        *landings_of([chunk], body_mass_kg=None),
        *landings_of([chunk], role=Role.THORAX),
    ):
        assert landing.second_grf_bw is None
        assert landing.difference_bw is None
        assert landing.confidence is Confidence.LOW
        assert landing.reasons


def test_hard_landings_where_the_methods_part_are_of_low_confidence() -> None:
    time_s = steady(8.0)
    hard = Drop(5.0, peak_g=12.0, width_s=0.15)
    (landing,) = landings_of([trunk_sensor(time_s, weight_g(time_s, [hard]))])
    assert landing.difference_bw is not None
    assert landing.difference_bw > 1.0
    assert landing.confidence is Confidence.LOW
    assert any("apart" in reason for reason in landing.reasons)


def test_a_landing_cut_by_the_end_of_the_stream_is_still_told() -> None:
    time_s = steady(5.15)
    (landing,) = landings_of([trunk_sensor(time_s, weight_g(time_s, drops_at(5.0)))])
    assert landing.contact_s == pytest.approx(5.0, abs=0.02)


def test_landings_go_on_after_a_long_break() -> None:
    time_s = steady(60.0)
    chunk = trunk_sensor(time_s, weight_g(time_s, drops_at(5.0, 50.0)))
    found = landings_of([keep(chunk, (time_s < 7.0) | (time_s > 40.0))])
    assert [round(landing.contact_s) for landing in found] == [5, 50]


def test_the_phase_follows_the_lifter() -> None:
    time_s = steady(8.0)
    chunk = trunk_sensor(time_s, weight_g(time_s, drops_at(5.0)))
    detector = LandingDetector(Role.PELVIS)
    seen = [detector.phase]
    for part in pieces(chunk, list(range(5, len(chunk), 5))):
        detector.feed(part)
        if detector.phase is not seen[-1]:
            seen.append(detector.phase)
    assert seen == [
        LandingPhase.UNKNOWN,
        LandingPhase.SUPPORTED,
        LandingPhase.FLIGHT,
        LandingPhase.CONTACT,
        LandingPhase.SUPPORTED,
    ]


@pytest.mark.parametrize("mass_kg", [-1.0, 0.0, math.nan, math.inf])
def test_what_cannot_be_is_refused_in_one_sentence(mass_kg: float) -> None:
    with pytest.raises(ValueError, match="pelvis or the thorax"):
        LandingDetector(Role.BAR)
    with pytest.raises(ValueError, match="body mass"):
        LandingDetector(Role.PELVIS, body_mass_kg=mass_kg)


@st.composite
def hard_streams(draw: st.DrawFn) -> ImuChunk:
    """Drops, and what real radios, sensors and clocks do to them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rate = draw(st.sampled_from([30.0, 60.0, 104.0, 200.0]))
    drops, at = [], float(rng.uniform(0.2, 3.0))
    for _ in range(draw(st.integers(1, 4))):
        drops.append(Drop(at, float(rng.uniform(0.05, 0.4)), float(rng.uniform(1.5, 12.0))))
        at += float(rng.uniform(0.3, 2.0))
    time = steady(at, rate)
    weight = weight_g(time, drops)
    time = time + rng.uniform(0.0, draw(st.sampled_from([0.0, 0.3, 2.0])) / rate, time.size)
    chunk = trunk_sensor(time, weight, seed=int(rng.integers(1000)))
    limit = draw(st.sampled_from([4.0, 16.0])) * STANDARD_GRAVITY_MPS2
    acc = np.clip(chunk.acc_sensor_mps2, -limit, limit)
    n = time.size
    for i in np.flatnonzero(rng.random(n - 1) < draw(st.sampled_from([0.0, 0.2]))) + 1:
        acc[i] = acc[i - 1]
    if draw(st.booleans()):
        acc[rng.random(n) < 0.02] = np.nan
    if draw(st.booleans()):
        back = int(rng.integers(n))
        time[back : back + 6] -= 0.5
    wanted = rng.random(n) >= draw(st.sampled_from([0.0, 0.1, 0.6]))
    for length_s in draw(st.lists(st.sampled_from([0.1, 0.6, 1.5, 25.0]), max_size=2)):
        start = time[int(rng.integers(n))]
        time = np.where(time > start, time + length_s, time)
    return keep(ImuChunk.build(time, acc, chunk.gyr_sensor_radps), wanted)


@settings(max_examples=60, deadline=None)
@given(chunk=hard_streams(), data=st.data())
def test_any_cutting_of_hard_streams_tells_the_very_same_landings(
    chunk: ImuChunk, data: st.DataObject
) -> None:
    size = data.draw(st.sampled_from([1, 5, 23, 400]))
    cuts = data.draw(
        st.one_of(
            st.just(list(range(size, len(chunk), size))),
            st.lists(st.integers(0, len(chunk)), max_size=25),
        )
    )
    whole = landings_of([chunk], acc_range_mps2=RANGE_MPS2)
    assert landings_of(pieces(chunk, cuts), acc_range_mps2=RANGE_MPS2) == whole
    contacts = [landing.contact_s for landing in whole]
    assert contacts == sorted(contacts)
    for landing in whole:
        for value in (
            landing.peak_acc_g,
            landing.peak_acc_20hz_g,
            landing.peak_grf_bw,
            landing.flight_s,
            landing.loading_rate_bw_per_s,
        ):
            assert math.isfinite(value)
            assert value >= 0.0
        assert (landing.confidence is Confidence.LOW) == bool(landing.reasons)
