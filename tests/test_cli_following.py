"""The emulated person does what the page of the guided minute asks, whenever that is."""

from __future__ import annotations

import numpy as np
import pytest

from lift_monitor.cli.following import Following
from lift_monitor.drivers.emulated.person import EmulatedPerson
from lift_monitor.drivers.simulated import SessionPlan
from lift_monitor.events import Confidence, Exercise
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.sensors.calibration_guide import CalibrationGuide
from lift_monitor.signal.trunk_calibration import GuidedMinute, calibrate_hinge
from lift_monitor.signal.trunk_steps import TrunkSensor, TrunkSteps
from lift_monitor.units import FloatArray

TRUNK = (Role.THORAX, Role.PELVIS)
STEP_S = 0.1


class _Day:
    """A person, who is led, and what the sensors feel meanwhile."""

    def __init__(self) -> None:
        self.person = EmulatedPerson(SessionPlan(Exercise.DEADLIFT, sets=1, reps=2), seed=4)
        self.following = Following(self.person)
        self.guide = CalibrationGuide()
        self.shown = True
        self.now_s = 0.0
        self.minute: GuidedMinute | None = None
        self._felt: dict[Role, list[tuple[FloatArray, FloatArray, FloatArray]]] = {
            role: [] for role in Role
        }

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            time_s = np.asarray(self.now_s + np.arange(0.0, STEP_S - 1e-6, 0.01))
            for role, felt in self._felt.items():
                felt.append((time_s, *self.person.motion(role).at(time_s)))
            self.now_s += STEP_S
            self.minute = self.guide.advance(self.now_s) or self.minute
            self.following(self.guide if self.shown else None)

    def chunk(self, role: Role) -> ImuChunk:
        return ImuChunk.build(*(np.concatenate(p) for p in zip(*self._felt[role], strict=True)))

    def steps(self, role: Role) -> TrunkSteps:
        sensor = TrunkSensor()
        return TrunkSteps.concatenate([sensor.feed(self.chunk(role)), sensor.finish()])

    def bar_moved(self) -> bool:
        size = np.linalg.norm(self.chunk(Role.BAR).acc_sensor_mps2, axis=1)
        return bool(np.ptp(size) > 3.0)


@pytest.mark.parametrize("waits_s", [3.0, 40.0])
def test_whoever_takes_time_before_the_page_is_calibrated_all_the_same(waits_s: float) -> None:
    day = _Day()
    day.person.lift()
    day.run(waits_s)
    day.guide.begin(day.now_s)
    day.run(54.0)
    assert day.minute is not None
    windows = (day.minute.stand, day.minute.hinge, day.minute.stand_again)
    calibration = calibrate_hinge(day.steps(Role.THORAX), day.steps(Role.PELVIS), *windows)
    assert calibration.confidence is Confidence.HIGH, calibration.reasons
    assert not day.bar_moved()
    day.shown = False
    day.run(12.0)
    assert day.bar_moved()  # the lifter does not hinge once more before the set


def test_whoever_skips_the_page_sees_the_lifter_begin() -> None:
    day = _Day()
    day.person.lift()
    day.run(5.0)
    day.shown = False
    day.run(35.0)
    assert day.bar_moved()


def test_who_was_not_told_to_begin_does_not_go_on() -> None:
    day = _Day()
    day.run(2.0)
    day.shown = False
    day.run(30.0)
    assert not day.bar_moved()
