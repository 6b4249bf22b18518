"""The calibration in the real window on a real station: sensors, signal core, recording, replay."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lift_monitor.drivers.simulated import (
    LiftingTrunk,
    SensorModel,
    SessionPlan,
    SimulatedSession,
    simulate_session,
)
from lift_monitor.drivers.source import MemorySource
from lift_monitor.events import Exercise
from lift_monitor.recordings.reading import Recording
from lift_monitor.samples import Role
from lift_monitor.sensors.calibration import SKIPPED, FlowState
from lift_monitor.sensors.calibration_guide import STEPS, GuideState, Pose
from lift_monitor.sensors.calibration_record import Standing
from lift_monitor.station import Mode, Station, StationConfig
from lift_monitor.ui.session import LoadedSession
from lift_monitor.ui.window import MonitorWindow
from tests.patience import PATIENCE_S
from tests.ui.conftest import MakeWindow

CONFIG = StationConfig(Exercise.DEADLIFT, alias="Heron 14", load_kg=52.5, target_sets=1)
WAIT_MS = round(1000 * PATIENCE_S)
STAND_S = 22.0
"""A lifter who stands for so long hinges just when the guide, left alone, asks for it."""


@pytest.fixture(scope="module")
def lifter() -> SimulatedSession:
    plan = SessionPlan(Exercise.DEADLIFT, sets=1, reps=1)
    return simulate_session(plan, SensorModel(), 3, LiftingTrunk(stand_s=STAND_S))


def without(session: SimulatedSession, *roles: Role) -> MemorySource:
    """The session as if some sensors had not been worn."""
    worn = tuple(info for info in session.source.sensors if info.role not in roles)
    names = {info.sensor_id for info in worn}
    return MemorySource(worn, tuple(p for p in session.source.packets() if p.sensor_id in names))


class OnRoad:
    """A window on a station whose time is moved by hand."""

    def __init__(
        self, make_window: MakeWindow, qtbot: QtBot, source: MemorySource, record_to: Path | None
    ) -> None:
        self.station = Station(source, CONFIG, Mode.SIMULATED, record_to=record_to)
        self.station.pause()
        self.window: MonitorWindow = make_window(LoadedSession(self.station))
        self._qtbot = qtbot
        self.until(lambda: self.window.status is not None)
        assert self.window.stage is not None
        self.page = self.window.stage.calibration
        self.flow = self.page.flow

    def until(self, so: Callable[[], bool]) -> None:
        def looked() -> bool:
            self.window.tick()
            return so()

        self._qtbot.waitUntil(looked, timeout=WAIT_MS)

    def go_to(self, time_s: float, stride_s: float = 1.0) -> None:
        """Let session time run to a moment; the screen looks once a stride."""
        while self.flow.now_s < time_s - 0.1:
            goal_s = min(time_s, self.flow.now_s + stride_s)
            self.station.step(goal_s - self.flow.now_s)
            self.until(lambda goal_s=goal_s: self.flow.now_s >= goal_s - 0.1)  # type: ignore[misc]

    def answered(self) -> None:
        """Let the station work out what it was asked."""
        while self.flow.state is FlowState.AWAITING:
            self.go_to(self.flow.now_s + 0.5)

    def measured(self, start_s: float, end_s: float) -> None:
        """Say that the person is ready, and then that it is enough."""
        self.go_to(start_s)
        self.page.go_on()
        assert self.flow.guide.state is GuideState.MEASURING
        self.go_to(end_s)
        self.page.go_on()


OpenRoad = Callable[..., OnRoad]


@pytest.fixture
def road(make_window: MakeWindow, qtbot: QtBot) -> OpenRoad:
    def opened(source: MemorySource, record_to: Path | None = None) -> OnRoad:
        return OnRoad(make_window, qtbot, source, record_to)

    return opened


def test_the_guide_left_alone_calibrates_and_a_replay_does_so_again(
    road: OpenRoad,
    lifter: SimulatedSession,
    make_window: MakeWindow,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    assert lifter.trunk is not None
    total_s = sum(step.ready_s + step.measured_s for step in STEPS)
    ready_s = sum(step.ready_s for step in STEPS[:2]) + STEPS[0].measured_s
    assert ready_s < lifter.trunk.hinge[0] < lifter.trunk.hinge[1] < total_s - 12.0
    path = tmp_path / "session.mcap"
    day = road(without(lifter), path)
    assert day.flow.now.standing is Standing.NONE
    day.window.do("calibrate")
    day.page.go_on()
    day.go_to(total_s + 2.0, 0.5)
    day.answered()
    assert day.page.headline.full_text == "● Calibrated"
    now = day.flow.now
    assert (now.standing, now.roles, now.method) == (
        Standing.GOOD,
        (Role.THORAX, Role.PELVIS),
        "hinge",
    )
    calibrated_s = day.flow.now_s - (now.age_s or 0.0)
    day.window.close()
    remarks = [a for a in Recording.open(path).annotations if a.kind == "trunk_calibration"]
    assert [remark.at_s for remark in remarks] == [pytest.approx(calibrated_s, abs=0.1)]

    replay = make_window(LoadedSession(Station(Recording.open(path), CONFIG, Mode.REPLAY)))
    replay.session.station.set_speed(math.inf)
    qtbot.waitUntil(
        lambda: replay.tick() >= 0 and replay.status is not None and replay.status.ended,
        timeout=WAIT_MS,
    )
    assert replay.stage is not None
    again = replay.stage.calibration.flow.now
    assert (again.standing, again.reasons) == (Standing.GOOD, ())
    assert replay.transport.calibration.title.full_text == "● Calibrated"


def test_a_person_led_faster_is_calibrated_by_what_was_said(
    road: OpenRoad, lifter: SimulatedSession
) -> None:
    assert lifter.trunk is not None
    truth = lifter.trunk
    led = road(without(lifter))
    led.go_to(12.0)
    led.window.do("calibrate")
    led.page.go_on()
    led.measured(14.0, 18.0)
    led.measured(truth.hinge[0] - 0.3, truth.hinge[1] + 0.3)
    led.measured(truth.stand_again[0] + 1.0, truth.stand_again[0] + 5.0)
    led.answered()
    assert led.flow.state is FlowState.CALIBRATED
    assert led.flow.now.standing is Standing.GOOD


def test_who_never_hinged_is_refused_with_a_sentence(
    road: OpenRoad, lifter: SimulatedSession, tmp_path: Path
) -> None:
    path = tmp_path / "session.mcap"
    led = road(without(lifter), path)
    led.go_to(1.0)
    led.window.do("calibrate")
    led.page.go_on()
    led.measured(2.0, 6.0)
    led.measured(7.0, 13.0)
    led.measured(14.0, 18.0)
    led.answered()
    assert led.page.headline.full_text == "▲ Not calibrated"
    assert "saw a hinge of only" in led.page.text.full_text
    assert led.page.note.full_text == "Spine not watched: not calibrated."
    led.page.leave_off()
    led.go_to(led.flow.now_s + 0.5)
    assert led.window.clinician.isVisible()
    assert led.window.transport.calibration.title.full_text == "▲ Spine not watched"
    led.window.close()
    kinds = [remark.kind for remark in Recording.open(path).annotations]
    assert SKIPPED in kinds


@pytest.mark.parametrize("worn", [Role.THORAX, Role.PELVIS])
def test_one_sensor_is_calibrated_and_said_to_tell_trunk_lean_only(
    road: OpenRoad, lifter: SimulatedSession, worn: Role
) -> None:
    assert lifter.trunk is not None
    truth = lifter.trunk
    other = Role.PELVIS if worn is Role.THORAX else Role.THORAX
    led = road(without(lifter, other))
    led.go_to(12.0)
    led.window.do("calibrate")
    assert "only trunk lean can be flagged" in led.page.scope.full_text
    led.page.go_on()
    led.measured(14.0, 18.0)
    led.measured(truth.hinge[0] - 0.3, truth.hinge[1] + 0.3)
    led.measured(truth.stand_again[0] + 1.0, truth.stand_again[0] + 5.0)
    led.answered()
    assert led.flow.now.roles == (worn,)
    assert led.flow.now.lean_only
    assert "Trunk lean is watched" in led.page.text.full_text


def test_cancelled_on_the_road_the_first_calibration_stands(
    road: OpenRoad, lifter: SimulatedSession
) -> None:
    assert lifter.trunk is not None
    truth = lifter.trunk
    led = road(without(lifter))
    led.go_to(12.0)
    led.window.do("calibrate")
    led.page.go_on()
    led.measured(14.0, 18.0)
    led.measured(truth.hinge[0] - 0.3, truth.hinge[1] + 0.3)
    led.measured(truth.stand_again[0] + 1.0, truth.stand_again[0] + 5.0)
    led.answered()
    made_s = led.flow.now_s - (led.flow.now.age_s or 0.0)
    led.page.go_on()  # done
    led.window.do("calibrate")
    led.page.go_on()
    led.page.go_on()
    assert (led.flow.guide.step.pose, led.flow.guide.state) == (Pose.STAND, GuideState.MEASURING)
    led.window.do("escape")
    led.go_to(led.flow.now_s + 5.0)
    assert led.flow.now.standing is Standing.GOOD
    assert led.flow.now_s - (led.flow.now.age_s or 0.0) == pytest.approx(made_s)
