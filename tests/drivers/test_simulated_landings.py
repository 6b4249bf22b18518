"""Simulated landings: the force takes up the fall, and the signal core finds every one of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lift_monitor.drivers.simulated import (
    TRUNK_CALIBRATION,
    Drop,
    LandingPlan,
    SensorModel,
    SimulatedSession,
    SimulatedSource,
    shipped_sessions,
    simulate_landings,
)
from lift_monitor.drivers.simulated.dropping import land_all
from lift_monitor.drivers.simulated.impact import Leg, fall, lagging, land
from lift_monitor.drivers.simulated.motion import Piece
from lift_monitor.events import Exercise
from lift_monitor.road import SensorStream
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.landing_contact import DROPS, HEEL_DROPS_AND_STOMPS
from lift_monitor.signal.landing_detector import LandingDetector
from lift_monitor.technique import Landing
from lift_monitor.units import STANDARD_GRAVITY_MPS2 as G

SHORT = LandingPlan(reps=2)


@pytest.mark.parametrize("speed_mps", [0.8, 1.6, 2.4])
@pytest.mark.parametrize("stiffness", [8e3, 18e3, 90e3])
def test_the_force_takes_up_the_momentum_of_the_fall(speed_mps: float, stiffness: float) -> None:
    impact = land(65.0, speed_mps, Leg(stiffness))
    taken_up = np.trapezoid(impact.acceleration_mps2, impact.time_s)
    assert taken_up == pytest.approx(speed_mps, abs=0.02)
    assert impact.force_bw[0] == 0.0
    assert impact.force_bw.min() >= 0.0
    assert impact.force_bw[-1] == pytest.approx(1.0, abs=0.05)
    assert impact.height_m[-1] == pytest.approx(0.0, abs=0.002)
    # The ground does no work on a body that comes to rest: all of it goes into the leg.
    moved = np.trapezoid(impact.velocity_mps, impact.time_s)
    assert impact.height_m[-1] - impact.height_m[0] == pytest.approx(moved, abs=1e-4)


def test_higher_and_stiffer_is_harder_and_mass_alone_is_not() -> None:
    usual = land(65.0, 2.0, Leg(12e3)).peak_grf_bw
    assert land(65.0, 2.4, Leg(12e3)).peak_grf_bw > usual + 0.3
    assert land(65.0, 2.0, Leg(16e3)).peak_grf_bw > usual + 0.3
    assert land(97.5, 2.0, Leg(18e3)).peak_grf_bw == pytest.approx(usual, rel=1e-9)


def test_a_fall_is_free_between_letting_go_and_contact() -> None:
    dropped = fall(0.25, 0.06, 65.0, Leg(12e3))
    piece = Piece(2.0, dropped.knots)
    time_s = np.arange(0.0, piece.end_s + 0.1, 1e-3)
    values = np.zeros((3, time_s.shape[0]))
    piece.add_to(values, time_s)
    height, velocity, acceleration = values
    free = (time_s > 2.0 + dropped.free_s) & (time_s < 2.0 + dropped.contact_s)
    np.testing.assert_allclose(acceleration[free], -G, atol=1e-6)
    at_contact = np.interp(2.0 + dropped.contact_s, time_s, height)
    assert -at_contact == pytest.approx(0.25, abs=1e-3)
    # What the fingers still hold while they open takes a little of the speed.
    speed = -np.interp(2.0 + dropped.contact_s, time_s, velocity)
    assert 0.9 * math.sqrt(2 * G * 0.25) < speed < math.sqrt(2 * G * 0.25)
    assert acceleration.max() / G + 1.0 == pytest.approx(dropped.impact.peak_grf_bw, rel=0.01)
    assert height[-1] == -dropped.total_m
    assert velocity[-1] == 0.0


def test_what_lags_behind_goes_the_same_way_later_and_softer() -> None:
    piece = Piece(0.0, fall(0.25, 0.06, 65.0, Leg(15e3)).knots)
    time_s = np.arange(0.0, piece.end_s + 1.0, 1e-3)
    hips, lag = np.zeros((2, 3, time_s.shape[0]))
    piece.add_to(hips, time_s)
    lagging(piece, 22.0).add_to(lag, time_s)
    above = hips + lag
    assert 0.004 < time_s[np.argmax(above[2])] - time_s[np.argmax(hips[2])] < 0.03
    assert 0.75 < (above[2].max() + G) / (hips[2].max() + G) < 0.99
    assert above[0, -1] == pytest.approx(hips[0, -1], abs=1e-6)
    np.testing.assert_allclose(np.gradient(above[0], time_s)[1:-1], above[1, 1:-1], atol=0.02)
    assert np.abs(lag[0]).max() < 0.05


@pytest.mark.parametrize("drop", list(Drop))
def test_the_body_weighs_nothing_in_flight_and_its_weight_at_rest(drop: Drop) -> None:
    landed = land_all(LandingPlan(Exercise.DROP_LANDING, drop=drop, reps=2), 5)
    for landing in landed.landings:
        rest = np.arange(landing.contact_s + 1.8, landing.contact_s + 1.9, 1e-3)
        force = landed.body.pelvis.evaluate(rest).specific_force_bar_mps2
        assert np.linalg.norm(force, axis=1).mean() == pytest.approx(G, abs=0.4)
        flight = np.arange(landing.contact_s - landing.flight_s, landing.contact_s - 0.002, 1e-3)
        if drop is Drop.STOMP:
            assert landing.flight_s == pytest.approx(0.0, abs=1e-6)
            continue
        assert flight.shape[0] > 40
        force = landed.body.pelvis.evaluate(flight).specific_force_bar_mps2
        assert np.linalg.norm(force, axis=1).max() < 0.1 * G
    assert landed.truth.reps[0][0] < landed.landings[0].contact_s < landed.truth.reps[0][1]


def test_truth_agrees_with_the_laws_of_falling() -> None:
    for drop in (Drop.CHIN_UP, Drop.STEP, Drop.HEELS):
        for landing in land_all(LandingPlan(Exercise.DROP_LANDING, drop=drop), 6).landings:
            highest = math.sqrt(2 * G * landing.height_m)
            assert 0.8 * highest < landing.speed_mps < highest
            assert landing.flight_s < landing.speed_mps / G
            assert landing.contact_s < landing.peak_s < landing.contact_s + 0.12
            assert 2.0 < landing.peak_grf_bw < 7.0


def test_a_source_of_landings_carries_its_calibration_and_the_same_bytes_twice() -> None:
    lazy = SimulatedSource(SHORT, SensorModel.realistic(100.0), 4)
    again = simulate_landings(SHORT, SensorModel.realistic(100.0), 4)
    assert list(lazy.packets()) == list(again.source.packets())
    assert [info.role for info in lazy.sensors] == [Role.PELVIS, Role.THORAX]
    assert [note.kind for note in lazy.annotations] == [TRUNK_CALIBRATION]
    assert lazy.session.landings == again.landings
    assert not lazy.session.truth.sets


@pytest.mark.parametrize(
    ("words", "plan"),
    [
        ("no landings in the exercise deadlift", {"exercise": Exercise.DEADLIFT}),
        ("height_m is 0.9", {"height_m": 0.9}),
        ("body_mass_kg is nan", {"body_mass_kg": float("nan")}),
        ("a stomp falls from no height", {"drop": Drop.STOMP, "height_m": 0.1}),
        ("reps is 0", {"reps": 0}),
    ],
)
def test_impossible_plans_are_refused_in_one_sentence(words: str, plan: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=words):
        LandingPlan(**plan)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="the seed is -1"):
        simulate_landings(SHORT, SensorModel(), -1)


# --- what the signal core makes of them -------------------------------------------------------


def _found(session: SimulatedSession, role: Role, drop: Drop) -> list[Landing]:
    (info,) = (i for i in session.source.sensors if i.role is role)
    stream = SensorStream(info)
    packets = [p for p in session.source.packets() if p.sensor_id == info.sensor_id]
    chunk = stream.to_session(ImuChunk.concatenate(stream.decode_all(packets)))
    detector = LandingDetector(
        role,
        body_mass_kg=65.0,
        acc_range_mps2=info.acc_range_mps2,
        rules=DROPS if drop in (Drop.CHIN_UP, Drop.STEP) else HEEL_DROPS_AND_STOMPS,
    )
    return [*detector.feed(chunk), *detector.feed(stream.finish()), *detector.finish()]


@pytest.mark.parametrize("drop", list(Drop))
def test_every_landing_is_found_once_by_either_sensor(drop: Drop) -> None:
    plan = LandingPlan(Exercise.DROP_LANDING, drop=drop, reps=4)
    session = simulate_landings(plan, SensorModel.realistic(200.0), 3)
    for role in (Role.PELVIS, Role.THORAX):
        found = _found(session, role, drop)
        assert len(found) == len(session.landings)
        for told, true in zip(found, session.landings, strict=True):
            # Session time is late by the delay of the radio, the thorax by the spine.
            assert -0.005 < told.contact_s - true.contact_s < 0.045
            assert not told.clipped


def test_the_sample_landings_are_found_and_weighed() -> None:
    (sample,) = (s for s in shipped_sessions() if s.name == "drop_landings")
    session = sample.simulate()
    found = _found(session, Role.PELVIS, Drop.CHIN_UP)
    assert len(found) == len(session.landings) == 8
    for told, true in zip(found, session.landings, strict=True):
        assert told.contact_s == pytest.approx(true.contact_s + 0.015, abs=0.015)
        assert told.peak_grf_bw == pytest.approx(true.peak_grf_bw, abs=0.4)
        assert 0.0 <= told.flight_s - true.flight_s < 0.08


def test_a_small_range_makes_a_landing_at_least_so_hard() -> None:
    model = SensorModel(rate_hz=200.0, acc_range_g=2.0)
    session = simulate_landings(LandingPlan(reps=2, stiffness_n_per_m=18e3), model, 3)
    found = _found(session, Role.PELVIS, Drop.CHIN_UP)
    assert len(found) == 2
    assert all(landing.clipped for landing in found)
