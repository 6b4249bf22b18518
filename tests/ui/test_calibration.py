"""The calibration of the trunk in the real window: on a scripted station, and on a real one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from lift_monitor.events import Exercise, SetEnded, SetStarted
from lift_monitor.samples import Role
from lift_monitor.sensors.calibration import SKIPPED, FlowState
from lift_monitor.sensors.calibration_guide import STEPS, GuideState, Pose
from lift_monitor.sensors.calibration_record import Standing
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.signal.trunk_calibration import Window
from lift_monitor.station import Mode
from lift_monitor.ui.calibration_page import BACK_S
from lift_monitor.ui.session import LoadedSession
from lift_monitor.ui.text import Text
from tests.patience import PATIENCE_S
from tests.ui import calibration_scenes, scenes
from tests.ui.calibration_scenes import BOTH, LOW, REFUSAL, Led, calibrated, refused, show
from tests.ui.conftest import MakeWindow

Key = Qt.Key
SIZES = ((1280, 720), (1920, 1080))
WAIT_MS = round(1000 * PATIENCE_S)


def opened(make_window: MakeWindow, roles: tuple[Role, ...] = BOTH) -> Led:
    window = make_window(calibration_scenes.session(roles))
    window.activateWindow()
    return Led(window, roles)


def press(led: Led, key: Qt.Key) -> None:
    target = QApplication.focusWidget() or led.window
    QTest.keyClick(target, key)


def shown(led: Led) -> str:
    page = led.page
    return " ".join(t.full_text for t in (page.headline, page.text, page.note, page.details))


CROWDED = ("intro_one", "hinge_down", "low", "refused", "good_one", "badge_old")
"""Scenes with the longest texts; the small window is the tighter one for all."""


@pytest.mark.parametrize(
    ("scene", "size"),
    [(scene, SIZES[0]) for scene in calibration_scenes.SCENES]
    + [(scene, SIZES[1]) for scene in CROWDED],
)
def test_no_text_is_cut(make_window: MakeWindow, scene: str, size: tuple[int, int]) -> None:
    window = make_window(calibration_scenes.session(calibration_scenes.roles_of(scene)), size)
    show(window, scene)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    for text in window.findChildren(Text):
        if text.isVisible():
            assert not text.elided, text.full_text
    for button in window.findChildren(QPushButton):
        if button.isVisible():
            need = QFontMetricsF(button.font()).horizontalAdvance(button.text())
            assert need < button.width(), button.text()


def places(led: Led) -> list[tuple[int, int, int, int]]:
    page = led.page
    found = []
    for part in (page.text, page.ring, page.main, page.other, page.figure, page.headline):
        corner = part.mapTo(led.window, part.rect().topLeft())
        width = part.width() if part is not page.headline else 0
        found.append((corner.x(), corner.y(), width, part.height()))
    return found


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_from_step_to_step(make_window: MakeWindow, size: tuple[int, int]) -> None:
    window = make_window(calibration_scenes.session(), size)
    led = Led(window)
    window.do("calibrate")
    QApplication.processEvents()
    before = places(led)
    led.page.go_on()
    for pose in Pose:
        for state in (GuideState.READY, GuideState.MEASURING):
            led.until(pose, state)
            QApplication.processEvents()
            assert places(led) == before, (pose, state)
    led.finish()
    led.tell(refused(led.now_s))
    QApplication.processEvents()
    assert places(led) == before


def test_the_minute_runs_by_itself_and_the_station_is_asked(make_window: MakeWindow) -> None:
    led = opened(make_window)
    press(led, Key.Key_C)
    assert led.page.isVisible()
    press(led, Key.Key_Space)
    heads: list[str] = []
    while led.flow.state is FlowState.GUIDED:
        if not heads or heads[-1] != led.page.headline.full_text:
            heads.append(led.page.headline.full_text)
        led.run(0.1)
    assert heads == [
        "Stand tall",
        "Stand still",
        "Next: the hinge",
        "Bend slowly",
        "Hold",
        "Come up slowly",
        "Stand",
        "Stand tall again",
        "Stand still",
    ]
    asked = [entry for entry in led.feed.asked if entry[0] == "calibrate"]
    assert len(asked) == 1
    for window, step in zip(asked[0][1:], STEPS, strict=True):
        assert isinstance(window, Window)
        assert window.end_s - window.start_s == pytest.approx(step.measured_s, abs=0.2)


def test_the_seconds_left_are_counted_down(make_window: MakeWindow) -> None:
    led = opened(make_window)
    led.window.do("calibrate")
    assert led.page.ring.seconds is None
    led.page.go_on()
    seconds: list[int] = []
    for _ in range(int(10 * STEPS[0].ready_s) - 2):
        led.run(0.1)
        seconds.append(led.page.ring.seconds or 0)
    assert sorted(set(seconds)) == list(range(1, int(STEPS[0].ready_s) + 1))
    assert seconds == sorted(seconds, reverse=True)


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return, Key.Key_PageDown])
def test_a_pedal_goes_on_when_the_person_is_ready(make_window: MakeWindow, key: Qt.Key) -> None:
    led = opened(make_window)
    led.window.do("calibrate")
    seen = []
    for _ in range(3):  # start, ready, and next too early
        press(led, key)
        seen.append((led.flow.guide.step.pose, led.flow.guide.state))
    assert not led.page.main.isEnabled()
    led.run(STEPS[0].least_s + 0.1)
    assert led.page.main.isEnabled()
    press(led, key)
    seen.append((led.flow.guide.step.pose, led.flow.guide.state))
    assert seen == [
        (Pose.STAND, GuideState.READY),
        (Pose.STAND, GuideState.MEASURING),
        (Pose.STAND, GuideState.MEASURING),
        (Pose.HINGE, GuideState.READY),
    ]


def test_the_pedal_means_the_same_wherever_the_mouse_was(make_window: MakeWindow) -> None:
    led = opened(make_window)
    led.window.do("calibrate")
    led.page.main.setFocus()
    press(led, Key.Key_Space)
    led.page.other.setFocus()
    press(led, Key.Key_Space)
    assert led.flow.guide.state is GuideState.MEASURING
    # The button that is disabled now does not hand the focus to the one that cancels.
    led.page.main.setEnabled(True)
    led.page.main.setFocus()
    led.run(0.1)
    press(led, Key.Key_Return)
    assert led.flow.state is FlowState.GUIDED


def test_esc_cancels_and_the_old_calibration_stands(make_window: MakeWindow) -> None:
    led = opened(make_window)
    led.tell(calibrated(led.now_s))
    led.run(120.0)
    led.window.do("calibrate")
    led.page.go_on()
    led.until(Pose.HINGE, GuideState.MEASURING, 2.0)
    press(led, Key.Key_Escape)
    assert led.flow.state is FlowState.INTRO
    assert "still stands" in shown(led)
    press(led, Key.Key_Escape)
    assert led.window.clinician.isVisible()
    led.run(90.0)
    assert [entry for entry in led.feed.asked if entry[0] == "calibrate"] == []
    assert led.flow.now.standing is Standing.GOOD
    assert not any(entry[0] == "annotate" for entry in led.feed.asked)


def test_another_view_cancels_too(make_window: MakeWindow) -> None:
    led = opened(make_window)
    led.window.do("calibrate")
    led.page.go_on()
    led.window.do("view")
    assert led.window.clinician.isVisible()
    led.run(70.0)
    assert led.feed.asked == []


def test_a_good_answer_is_shown_and_the_session_comes_back(make_window: MakeWindow) -> None:
    led = opened(make_window)
    led.window.show_view("lifter")
    led.window.do("calibrate")
    led.page.go_on()
    led.finish()
    assert led.page.headline.full_text == "One moment"
    led.tell(calibrated(led.now_s))
    assert led.page.headline.full_text == "● Calibrated"
    led.run(BACK_S - 0.5)
    assert led.page.isVisible()
    led.run(1.0)
    assert led.window.lifter.isVisible()
    led.run(12 * 60.0 - BACK_S)
    badge = led.window.transport.calibration
    assert (badge.title.full_text, badge.detail.full_text) == ("● Calibrated", "12 min ago")


def test_low_confidence_says_why_and_asks_for_another(make_window: MakeWindow) -> None:
    led = show(opened(make_window).window, "low")
    for reason in LOW:
        assert reason in shown(led)
    assert led.page.main.text() == "Again"
    led.page.leave_off()
    assert led.window.clinician.isVisible()
    badge = led.window.transport.calibration
    assert badge.title.full_text == "▲ Low confidence"
    assert not any(entry[0] == "annotate" for entry in led.feed.asked)  # it is used, not skipped


def test_a_refusal_is_shown_with_what_to_do(make_window: MakeWindow) -> None:
    led = show(opened(make_window).window, "refused")
    assert REFUSAL in shown(led)
    assert "Spine not watched: not calibrated." in shown(led)
    press(led, Key.Key_Space)
    assert led.flow.guide.state is GuideState.READY


def test_a_refusal_after_a_good_one_says_that_the_old_one_stands(make_window: MakeWindow) -> None:
    led = show(opened(make_window).window, "refused_again")
    assert "still stands" in shown(led)
    assert "not watched" not in shown(led)
    assert led.flow.now.standing is Standing.GOOD


def test_skipping_is_honest(make_window: MakeWindow) -> None:
    led = opened(make_window)
    led.window.do("calibrate")
    assert led.page.other.text() == "Skip"
    led.page.other.click()
    assert led.window.clinician.isVisible()
    led.run(0.1)
    badge = led.window.transport.calibration
    assert (badge.title.full_text, badge.detail.full_text) == (
        "▲ Spine not watched",
        "not calibrated",
    )
    assert ("annotate", SKIPPED, "Spine not watched: not calibrated.") in led.feed.asked


@pytest.mark.parametrize(
    ("scene", "title", "detail"),
    [
        ("badge_none", "▲ Spine not watched", "not calibrated"),
        ("badge_old", "▲ Calibrate again", "1 h 35 min old"),
        ("badge_slipped", "▲ Calibrate again", "pelvis sensor slipped"),
    ],
)
def test_what_no_longer_holds_asks_for_another(
    make_window: MakeWindow, scene: str, title: str, detail: str
) -> None:
    led = show(opened(make_window).window, scene)
    badge = led.window.transport.calibration
    assert badge.isVisible()
    assert (badge.title.full_text, badge.detail.full_text) == (title, detail)
    badge.button.click()
    assert led.page.isVisible()


@pytest.mark.parametrize("role", [Role.THORAX, Role.PELVIS])
def test_one_sensor_can_only_tell_trunk_lean_and_the_screen_says_so(
    make_window: MakeWindow, role: Role
) -> None:
    led = opened(make_window, (role,))
    led.window.do("calibrate")
    scope = led.page.scope.full_text
    assert f"One trunk sensor ({role.value})" in scope
    assert "only trunk lean can be flagged" in scope
    assert "cannot tell a hip hinge from a bent spine" in scope
    led.page.go_on()
    led.finish()
    led.tell(calibrated(led.now_s, (role,)))
    assert "Trunk lean is watched" in shown(led)


def test_a_silent_sensor_is_told_before_it_spoils_the_minute(make_window: MakeWindow) -> None:
    led = opened(make_window)
    led.window.do("calibrate")
    led.silent = Role.PELVIS
    led.run(0.1)
    assert "pelvis sensor sends nothing" in led.page.scope.full_text


def test_without_a_trunk_sensor_there_is_nothing_to_begin(make_window: MakeWindow) -> None:
    led = opened(make_window, ())
    assert not led.window.transport.calibration.isVisible()
    led.window.do("calibrate")
    assert led.page.headline.full_text == "▲ No trunk sensor"
    led.page.go_on()
    assert led.flow.state is FlowState.INTRO


def test_a_set_that_begins_brings_the_session_back(make_window: MakeWindow) -> None:
    led = opened(make_window)
    led.window.do("calibrate")
    led.page.go_on()
    led.run(10.0)
    started = SetStarted(led.now_s, 1, Exercise.DEADLIFT, led.now_s - 1.0, None)
    led.tell(PipelineOutput((started,), TraceBlock.empty()))
    assert led.window.clinician.isVisible()
    led.window.do("calibrate")  # not in a set: flags would not be seen
    assert led.window.clinician.isVisible()
    assert "A set is open" in led.window.banner.text
    ended = SetEnded(led.now_s, scenes.finished(1, (0.5, 0.49), led.now_s - 10.0))
    led.tell(PipelineOutput((ended,), TraceBlock.empty()))
    led.window.do("calibrate")
    assert led.page.isVisible()


def test_a_replay_shows_what_stood_and_offers_nothing(make_window: MakeWindow) -> None:
    now = scenes.status(725.0, Mode.REPLAY, sensors=scenes.three_sensors())
    feed = scenes.ScriptedFeed(Mode.REPLAY, updates=[calibrated(5.0), now])
    window = make_window(LoadedSession(feed, scenes.overview(), scenes.FACTS))
    badge = window.transport.calibration
    assert badge.title.full_text == "● Calibrated"
    assert not badge.button.isVisible()
    window.do("calibrate")
    assert window.clinician.isVisible()


def test_a_live_session_begins_with_it(make_live: MakeWindow, qtbot: QtBot) -> None:
    window = make_live("all_done", lambda _choice: calibration_scenes.session())
    assert window.sensors is not None
    window.sensors.form.begin.click()
    qtbot.waitUntil(
        lambda: window.stage is not None and window.stage.calibration.isVisible(), timeout=WAIT_MS
    )
    window.do("escape")
    assert window.clinician.isVisible()
    window.tick()
    assert window.clinician.isVisible()  # it is offered once


def test_a_live_session_without_a_trunk_sensor_does_not(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    window = make_live("all_done", lambda _choice: calibration_scenes.session(()))
    assert window.sensors is not None
    window.sensors.form.begin.click()
    qtbot.waitUntil(lambda: window.status is not None, timeout=WAIT_MS)
    assert window.clinician.isVisible()
