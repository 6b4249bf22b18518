"""From the Sensors page into a session and back: begin, override, end, and what stays honest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lift_monitor.events import Exercise
from lift_monitor.sensors.words import LinkState, StepState
from lift_monitor.station import Mode
from lift_monitor.ui import stage, tokens
from lift_monitor.ui.session import LoadedSession, SessionChoice
from lift_monitor.ui.text import Text
from lift_monitor.ui.window import MonitorWindow
from tests.patience import PATIENCE_MS
from tests.ui import scenes
from tests.ui.conftest import MakeWindow
from tests.ui.desk import SEEN, FakeDesk, desk
from tests.ui.scenes import LOST, ScriptedFeed, status, three_sensors
from tests.ui.test_sensors_page import page_of, see

Key = Qt.Key


class Beginning:
    """Notes what it is given and in which thread, and gives a scripted session."""

    def __init__(self, scene: str = "three") -> None:
        self.scene = scene
        self.choices: list[SessionChoice] = []
        self.threads: list[threading.Thread] = []

    def __call__(self, choice: SessionChoice) -> LoadedSession:
        self.choices.append(choice)
        self.threads.append(threading.current_thread())
        return scenes.session(self.scene)


def feed_of(window: MonitorWindow) -> ScriptedFeed:
    feed = window.session.station
    assert isinstance(feed, ScriptedFeed)
    return feed


def told(window: MonitorWindow) -> list[str]:
    return [t.full_text for t in window.findChildren(Text) if t.isVisible()]


def begun(make_live: MakeWindow, qtbot: QtBot, on: str = "all_done") -> MonitorWindow:
    window = make_live(on)
    page_of(window).form.begin.click()
    qtbot.waitUntil(lambda: window.stage is not None, timeout=PATIENCE_MS)
    window.tick()
    QApplication.processEvents()
    return window


def test_a_window_needs_something_to_show() -> None:
    with pytest.raises(ValueError, match="needs a session or sensors"):
        MonitorWindow()


def test_it_opens_on_the_sensors_page_with_no_session(make_live: MakeWindow) -> None:
    window = make_live("all_done")
    assert page_of(window).isVisible()
    assert not window.header.isVisible()
    assert window.stage is None
    assert window.status is None
    window.activateWindow()
    for key in (Key.Key_V, Key.Key_M, Key.Key_Space, Key.Key_Left):
        QTest.keyClick(window, key)
    assert page_of(window).isVisible()
    with pytest.raises(RuntimeError, match="no session"):
        _ = window.model


def test_what_was_chosen_begins_in_a_thread_of_its_own(make_live: MakeWindow, qtbot: QtBot) -> None:
    begin = Beginning()
    window = make_live("all_done", begin)
    form = page_of(window).form
    form.exercise.setCurrentIndex(form.exercise.findData(Exercise.BACK_SQUAT))
    form.load.set_value(60.0)
    form.reps.set_value(8)
    form.sets.set_value(3)
    form.alias.setText(" Wren 2 ")
    form.begin.click()
    qtbot.waitUntil(lambda: window.stage is not None, timeout=PATIENCE_MS)
    assert begin.choices == [SessionChoice(Exercise.BACK_SQUAT, 60.0, 8, 3, "Wren 2")]
    assert begin.threads[0] is not threading.main_thread()
    assert feed_of(window).running
    assert window.clinician.isVisible()
    assert window.header.isVisible()
    assert not page_of(window).isVisible()
    assert not window.banner.isVisible()


def test_no_session_begins_over_a_step_that_is_not_done(make_live: MakeWindow) -> None:
    begin = Beginning()
    sensors = desk("all_done")
    window = make_live(sensors, begin)
    sensors.step("connected", StepState.FAILED, "The thorax sensor is gone.")
    page_of(window).form.begin.click()  # it still looks ready: nobody has looked since
    QApplication.processEvents()
    assert begin.choices == []
    assert not page_of(window).form.begin.isEnabled()


@pytest.mark.parametrize("scene", ["no_bluetooth", "six_found", "checking", "one_lost"])
def test_begin_waits_for_the_check_list(make_live: MakeWindow, scene: str) -> None:
    begin = Beginning()
    window = make_live(scene, begin)
    form = page_of(window).form
    assert not form.begin.isEnabled()
    assert form.anyway.isEnabled() == (scene in ("checking", "one_lost"))
    form.begin.click()
    form.begin_asked.emit()
    form.begin_anyway("because" if scene in ("no_bluetooth", "six_found") else "")
    QApplication.processEvents()
    assert begin.choices == []


def test_beginning_anyway_needs_a_reason_and_the_desk_is_told_first(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    sensors = desk("one_lost")
    order: list[str] = []

    def begin(_choice: SessionChoice) -> LoadedSession:
        order.extend(str(asked[0]) for asked in sensors.asked)
        return scenes.session("three")

    window = make_live(sensors, begin)
    window.activateWindow()
    form = page_of(window).form
    form.anyway.click()
    assert form.asking
    assert form.reason.hasFocus()
    assert not form.confirm.isEnabled()
    QTest.keyClicks(form.reason, "   ")
    assert not form.confirm.isEnabled()
    QTest.keyClick(form.reason, Key.Key_Return)
    assert window.stage is None
    QTest.keyClicks(form.reason, "only the bar  today")
    QTest.keyClick(form.reason, Key.Key_Return)
    qtbot.waitUntil(lambda: window.stage is not None, timeout=PATIENCE_MS)
    assert ("overridden", "only the bar today") in sensors.asked
    assert order[-1] == "overridden"


def test_asking_for_a_reason_can_be_left(make_live: MakeWindow) -> None:
    sensors = desk("one_lost")
    window = make_live(sensors)
    window.activateWindow()
    form = page_of(window).form
    form.anyway.click()
    QTest.keyClick(form.reason, Key.Key_Escape)
    assert not form.asking
    form.anyway.click()
    form.cancel.click()
    assert not form.asking
    form.anyway.click()
    sensors.now = replace(sensors.now, may_override=False)
    see(window)
    assert not form.asking
    assert not any(asked[0] == "overridden" for asked in sensors.asked)


def test_a_session_that_cannot_begin_leaves_one_sentence(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    sentence = "The disk is full: free some space, then begin again."
    tries: list[SessionChoice] = []

    def begin(choice: SessionChoice) -> LoadedSession:
        tries.append(choice)
        if len(tries) == 1:
            raise ValueError(sentence)
        return scenes.session("three")

    window = make_live("all_done", begin)
    form = page_of(window).form
    form.begin.click()
    assert not form.begin.isEnabled()  # not twice at once
    qtbot.waitUntil(lambda: sentence in window.banner.text, timeout=PATIENCE_MS)
    assert window.banner.isVisible()
    assert QApplication.activeModalWidget() is None
    assert page_of(window).isVisible()
    assert form.begin.isEnabled()
    form.begin.click()
    qtbot.waitUntil(lambda: window.stage is not None, timeout=PATIENCE_MS)
    assert not window.banner.isVisible()


def test_a_station_that_cannot_start_leaves_one_sentence(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    class Stuck(ScriptedFeed):
        closed = False

        def start(self) -> None:
            raise OSError("session.mcap cannot be written; choose another folder.")

        def close(self) -> None:
            self.closed = True

    feed = Stuck(Mode.LIVE)
    window = make_live("all_done", lambda _choice: LoadedSession(feed))
    page_of(window).form.begin.click()
    qtbot.waitUntil(lambda: "cannot be written" in window.banner.text, timeout=PATIENCE_MS)
    assert window.stage is None
    assert feed.closed
    assert page_of(window).form.begin.isEnabled()


def test_a_beginning_can_be_given_up(make_live: MakeWindow, qtbot: QtBot) -> None:
    go, feed = threading.Event(), ScriptedFeed(Mode.LIVE)
    feed.running = True

    def begin(_choice: SessionChoice) -> LoadedSession:
        go.wait(10.0)
        return LoadedSession(feed)

    window = make_live("all_done", begin)
    page_of(window).form.begin.click()
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=PATIENCE_MS)
    window.do("sensors")
    assert not page_of(window).form.begin.isEnabled()  # still under way, whatever is shown
    window.banner.dismiss()
    assert page_of(window).form.begin.isEnabled()
    go.set()
    qtbot.waitUntil(
        lambda: not feed.running, timeout=PATIENCE_MS
    )  # closed, as nobody wants it any more
    assert window.stage is None


def test_a_live_session_shows_time_and_recording_and_no_transport(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    window = begun(make_live, qtbot)
    shown = told(window)
    assert "1:50" in shown
    assert "session.mcap" in shown
    assert not window.transport.play.isVisible()
    assert not window.transport.timeline.isVisible()
    assert window.transport.end.isVisible()


def test_a_station_that_fell_silent_is_told(
    make_live: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = begun(make_live, qtbot)
    assert not window.banner.isVisible()
    monkeypatch.setattr(stage, "_SILENCE_S", 0.0)
    qtbot.waitUntil(lambda: "what you see is old" in window.banner.text, timeout=PATIENCE_MS)
    assert window.banner.isVisible()


def test_a_replay_has_no_session_to_end(make_window: MakeWindow) -> None:
    window = make_window("replaying")
    assert window.transport.play.isVisible()
    assert not window.transport.end.isVisible()
    window.do("end")
    window.do("end_now")
    window.do("sensors")
    assert window.stage is not None
    assert window.clinician.isVisible()


def test_ending_asks_once_more_and_leads_back_to_the_sensors(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    sensors = desk("all_done")
    window = make_live(sensors)
    page_of(window).form.begin.click()
    qtbot.waitUntil(lambda: window.stage is not None, timeout=PATIENCE_MS)
    window.tick()
    feed = feed_of(window)
    window.transport.end.click()
    assert window.transport.question.isVisible()
    assert QApplication.activeModalWidget() is None
    assert feed.running
    feed.tell(status(112.0, sensors=three_sensors()))
    assert window.tick() == 1  # it runs on while the question stands
    window.activateWindow()
    assert window.transport.question.no.hasFocus()  # a second Enter or Space ends nothing
    QTest.keyClick(window, Key.Key_Escape)
    assert not window.transport.question.isVisible()
    window.transport.end.click()
    window.transport.question.no.click()
    assert feed.running
    sensors.asked.clear()
    window.transport.end.click()
    window.transport.question.yes.click()
    assert [feed.running, window.stage] == [False, None]
    assert page_of(window).isVisible()
    assert not window.header.isVisible()
    assert "1:52 recorded in session.mcap" in window.banner.text
    assert ("scan", True) in sensors.asked


def test_the_second_session_starts_clean(make_live: MakeWindow, qtbot: QtBot) -> None:
    begin = Beginning()
    window = make_live("all_done", begin)
    page_of(window).form.begin.click()
    qtbot.waitUntil(lambda: window.stage is not None, timeout=PATIENCE_MS)
    window.tick()
    assert len(window.header._badges) == 3
    window.do("end_now")
    begin.scene = "waiting"
    page_of(window).form.begin.click()
    qtbot.waitUntil(lambda: window.stage is not None, timeout=PATIENCE_MS)
    window.tick()
    assert len(window.header._badges) == 1
    assert window.clinician.table.rowCount() == 0
    assert window.clinician.hero.number.text == "—"


def test_the_views_have_keys_and_buttons_during_a_session(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    window = begun(make_live, qtbot)
    window.activateWindow()
    QTest.keyClick(window, Key.Key_S)
    assert page_of(window).isVisible()
    assert window.header.isVisible()  # every sensor's state stays in sight
    assert not page_of(window).form.isVisible()
    window.transport.view.click()
    assert window.clinician.isVisible()
    QTest.keyClick(window, Key.Key_V)
    assert window.lifter.isVisible()


def test_during_a_session_no_sensor_is_let_go_and_no_place_changed(
    make_live: MakeWindow, qtbot: QtBot
) -> None:
    sensors = desk("all_done")
    sensors.change(SEEN[1].key, link=LinkState.FAILED)
    window = make_live(sensors)
    page = page_of(window)
    page.form.begin.click()
    qtbot.waitUntil(lambda: window.stage is not None, timeout=PATIENCE_MS)
    assert sensors.asked[-1] == ("scan", False)
    window.show_view("sensors")
    page.panel.table.choose(SEEN[0].key)
    buttons = (*page.panel.places.values(), page.panel.connect_button, page.panel.forget)
    assert not any(button.isEnabled() for button in buttons)
    assert not any(row.button.isEnabled() for row in page.checklist.rows.values())
    page.panel.table.choose(SEEN[1].key)
    assert page.panel.connect_button.isEnabled()  # but one that failed may be fetched back


@pytest.mark.parametrize("view", ["sensors", "clinician", "lifter"])
def test_emulated_sensors_are_told_at_all_times(
    make_live: MakeWindow, qtbot: QtBot, view: str
) -> None:
    window = make_live("emulated")
    if view != "sensors":
        page_of(window).form.begin.click()
        qtbot.waitUntil(lambda: window.stage is not None, timeout=PATIENCE_MS)
        window.show_view(view)
    for theme in ("dark", "light"):
        window.set_theme(theme)
        QApplication.processEvents()
        assert window.strip.isVisible()
        assert "EMULATED" in window.strip.text()
        picture = window.grab().toImage()
        colour = tokens.THEMES[theme].simulated.lower()
        assert picture.pixelColor(1, picture.height() // 2).name() == colour


def test_real_sensors_have_no_watermark(make_live: MakeWindow) -> None:
    sensors = desk("all_done")
    window = make_live(sensors)
    assert not window.strip.isVisible()
    sensors.now = replace(sensors.now, emulated=True)
    for _ in range(3):  # the desk is looked at in every third frame
        window.tick()
    assert window.strip.isVisible()


def test_the_page_follows_the_desk_by_itself(make_live: MakeWindow, qtbot: QtBot) -> None:
    sensors = FakeDesk()
    window = make_live(sensors)
    sensors.now = replace(sensors.now, cards=SEEN)
    qtbot.waitUntil(
        lambda: page_of(window).panel.table.rowCount() == len(SEEN), timeout=PATIENCE_MS
    )


def test_a_lost_link_withdraws_the_number_at_once(make_live: MakeWindow, qtbot: QtBot) -> None:
    window = begun(make_live, qtbot)
    assert window.clinician.hero.number.text == "0.44"
    feed_of(window).tell(status(111.0, sensors=three_sensors(**LOST)))
    window.tick()
    assert window.clinician.hero.number.text == "—"
    assert "LOST" in " ".join(told(window))
    assert window.clinician.velocity.value.full_text.startswith("withdrawn")
    assert "broke" in window.clinician.cue.accessibleName()
    window.show_view("lifter")
    assert window.lifter.number.text == "—"
    assert window.lifter._device.text == "■ no signal"
    feed_of(window).tell(status(111.4, sensors=three_sensors()))
    window.tick()
    assert window.lifter.number.text == "0.44"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ("● ", "Bar OK", "signal strong", "84 % · 100 Hz · loss 0.1 %")),
        ({"rssi_dbm": -90.0}, ("Bar OK", "▲ signal weak")),
        ({"battery_pct": 12.0}, ("Bar CHECK", "▲ 12 % · 100 Hz · loss 0.1 %")),
        ({"age_s": None, "rate_hz": None}, ("Bar WAITING", "no packet yet")),
        ({"state": "check", "age_s": 0.8}, ("Bar CHECK", "quiet for 0.8 s")),
        (LOST, ("Bar LOST", "no data for 0.2 s")),
        ({"link": "lost", "age_s": None}, ("Bar LOST", "link lost")),
    ],
)
def test_the_header_tells_signal_or_reason(
    make_window: MakeWindow, fields: dict[str, object], words: tuple[str, ...]
) -> None:
    window = make_window("live")
    feed_of(window).tell(status(111.0, sensors=three_sensors(**fields)))
    window.tick()
    badge = window.header._badges["b1"]
    said = [text.full_text for text in badge.findChildren(Text)]
    assert {word.strip() for word in words} <= set(said)


def test_the_header_tells_the_whole_to_those_who_do_not_see(make_window: MakeWindow) -> None:
    window = make_window("link_lost")
    badges: dict[str, Callable[[], str]] = {
        key: badge.accessibleDescription for key, badge in window.header._badges.items()
    }
    assert str(LOST["text"]) in badges["b1"]()
    assert "signal weak, −84 dBm" in badges["p1"]()
