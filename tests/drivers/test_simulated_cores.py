"""What the signal core makes of the simulated trunk, calibrated by the remark of its session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from lift_monitor.drivers.simulated import (
    TRUNK_CALIBRATION,
    LiftingTrunk,
    SensorModel,
    SessionPlan,
    SimulatedSession,
    Skin,
    TrunkTruth,
    shipped_sessions,
    simulate_session,
)
from lift_monitor.events import Confidence, Exercise
from lift_monitor.road import SensorStream
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.spine_detector import SpineDetector
from lift_monitor.signal.trunk_calibration import TrunkCalibration, Window, calibrate_hinge
from lift_monitor.signal.trunk_flags import FlagTracker
from lift_monitor.signal.trunk_rules import rules_for
from lift_monitor.signal.trunk_steps import TrunkSensor, TrunkSteps
from lift_monitor.technique import FlagKind, SensorSlipped, Severity, TrunkFlag


def _trunk(session: SimulatedSession) -> TrunkTruth:
    assert session.trunk is not None
    return session.trunk


def _streams(session: SimulatedSession) -> Iterator[tuple[Role, ImuChunk]]:
    for info in session.source.sensors:
        stream = SensorStream(info)
        packets = [p for p in session.source.packets() if p.sensor_id == info.sensor_id]
        decoded = stream.to_session(ImuChunk.concatenate(stream.decode_all(packets)))
        yield info.role, ImuChunk.concatenate([decoded, stream.finish()])


def _steps(chunk: ImuChunk) -> TrunkSteps:
    sensor = TrunkSensor()
    return TrunkSteps.concatenate([sensor.feed(chunk), sensor.finish()])


def _watched(
    session: SimulatedSession,
) -> tuple[TrunkCalibration, SpineBlock, list[SensorSlipped]]:
    """Calibrate by the remark of the session, as a replay does, and measure."""
    streams = dict(_streams(session))
    (note,) = (n for n in session.notes if n.kind == TRUNK_CALIBRATION)
    windows = [
        Window(*map(float, note.data[name].split(":")))
        for name in ("stand", "hinge", "stand_again")
    ]
    trunk = {role: streams[role] for role in (Role.THORAX, Role.PELVIS)}
    thorax, pelvis = (_steps(chunk) for chunk in trunk.values())
    calibration = calibrate_hinge(thorax, pelvis, *windows)
    spine = SpineDetector(calibration)
    outputs = [*(spine.feed(role, chunk) for role, chunk in trunk.items()), spine.finish()]
    block = SpineBlock.concatenate([output.block for output in outputs])
    return calibration, block, [slip for output in outputs for slip in output.slips]


def _flags(block: SpineBlock) -> list[TrunkFlag]:
    tracker = FlagTracker(rules_for(2))
    load = np.ones(len(block), np.int8)
    told = [*tracker.feed(block, load), *tracker.finish()]
    return [flag for flag in told if flag.end_s is not None]


def _rmse(block: SpineBlock, truth: TrunkTruth) -> float:
    true = np.interp(block.time_s, truth.time_s, truth.lumbar_flexion_deg)
    after = block.time_s > truth.stand_again[1]
    return float(np.sqrt(np.mean(np.square((block.lumbar_flexion_deg - true)[after]))))


def test_the_sample_deadlift_shows_its_amber_and_its_red_repetition_and_no_other() -> None:
    (sample,) = (s for s in shipped_sessions() if s.name == "deadlift_trunk")
    session = sample.simulate()
    truth = _trunk(session)
    calibration, block, slips = _watched(session)
    assert calibration.confidence is Confidence.HIGH
    assert slips == []
    assert _rmse(block, truth) < 1.5
    flags = [f for f in _flags(block) if f.kind is FlagKind.LUMBAR_FLEXION]
    amber = [f for f in flags if f.severity is Severity.AMBER]
    (red,) = (f for f in flags if f.severity is Severity.RED)
    reps = session.truth.repetitions
    for flag, rep in zip([*amber, red], (reps[2], reps[4], reps[4]), strict=True):
        assert flag.end_s is not None
        assert rep.concentric_start_s - 1.0 < flag.start_s < rep.concentric_start_s
        assert flag.end_s > rep.concentric_start_s + 0.3
    assert 10.0 < amber[0].peak < 19.0
    assert red.peak == pytest.approx(26.0, abs=2.5)


def test_the_flags_find_a_twist_and_a_slip_under_the_bar() -> None:
    plan = SessionPlan(Exercise.BACK_SQUAT, sets=1, reps=4)
    model = SensorModel.realistic(100.0)
    twisted = simulate_session(plan, model, 8, LiftingTrunk(twisted=((1, 2),), twist_deg=35.0))
    _, block, slips = _watched(twisted)
    assert slips == []
    twists = [f for f in _flags(block) if f.kind is FlagKind.TWIST]
    rep = twisted.truth.repetitions[1]
    assert twists
    assert all(abs(f.start_s - rep.concentric_start_s) < 2.0 for f in twists)
    skin = replace(Skin(), slip_deg=25.0)
    slipped = simulate_session(plan, model, 9, LiftingTrunk(skin=skin))
    _, block, slips = _watched(slipped)
    at_s = _trunk(slipped).slip_at_s
    assert at_s is not None
    assert slips[0].role is Role.PELVIS
    assert 0.0 < slips[0].at_s - at_s < 0.6
