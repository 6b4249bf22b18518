"""What a bar sensor without a gyroscope says is never trusted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lift_monitor.drivers.formats import make_decoder
from lift_monitor.drivers.simulated import SensorModel, SessionPlan, simulate_session
from lift_monitor.events import Confidence, Exercise
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.pipeline import BarPipeline, PipelineConfig


def test_repetitions_without_a_gyroscope_are_of_low_confidence_and_say_why() -> None:
    plan = SessionPlan(Exercise.DEADLIFT, sets=1, reps=3)
    source = simulate_session(plan, SensorModel.ideal(100.0), 3).source
    decoder = make_decoder(source.sensors[0])
    chunk = ImuChunk.concatenate([decoder.feed(packet) for packet in source.packets()])
    blind = replace(
        chunk,
        gyr_sensor_radps=np.zeros_like(chunk.gyr_sensor_radps),
        quality=chunk.quality | np.uint16(Quality.NO_GYRO),
    )
    pipeline = BarPipeline(PipelineConfig(exercise=Exercise.DEADLIFT))
    pipeline.feed(blind)
    pipeline.finish()
    repetitions = [rep for found in pipeline.sets for rep in found.repetitions]
    assert repetitions
    assert {rep.confidence for rep in repetitions} == {Confidence.LOW}
    assert all("no gyroscope" in " ".join(rep.reasons) for rep in repetitions)
    assert {found.confidence for found in pipeline.sets} == {Confidence.LOW}
