"""Whole streams through the trunk, as every measurement of it needs them."""

from __future__ import annotations

from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.spine_detector import SpineDetector
from lift_monitor.signal.trunk_calibration import TrunkCalibration
from lift_monitor.signal.trunk_steps import TrunkSensor, TrunkSteps
from lift_monitor.technique import SensorSlipped


def steps_of(chunk: ImuChunk) -> TrunkSteps:
    """Inclination of a whole stream."""
    sensor = TrunkSensor()
    return TrunkSteps.concatenate([sensor.feed(chunk), sensor.finish()])


def walk(
    calibration: TrunkCalibration, chunks: dict[Role, ImuChunk]
) -> tuple[SpineBlock, list[SensorSlipped]]:
    """Feed whole streams to the trunk."""
    spine = SpineDetector(calibration)
    outputs = [*(spine.feed(role, chunk) for role, chunk in chunks.items()), spine.finish()]
    block = SpineBlock.concatenate([o.block for o in outputs])
    return block, [slip for o in outputs for slip in o.slips]
