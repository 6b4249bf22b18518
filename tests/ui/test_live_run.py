"""``run_live`` and ``run_live_offscreen``: the same window with and without somebody before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from lift_monitor.events import Exercise
from lift_monitor.samples import Role
from lift_monitor.sensors.words import LinkState, StepState
from lift_monitor.station import Mode, Station, StationConfig
from lift_monitor.ui.app import run_live, run_live_offscreen
from lift_monitor.ui.session import LoadedSession, SessionChoice
from lift_monitor.ui.window import MonitorWindow
from tests.ui import scenes
from tests.ui.desk import PROBLEM, SEEN, FakeDesk, desk
from tests.ui.scenes import ScriptedFeed, status
from tests.ui.test_road import deadlifts

CHOICE = SessionChoice(Exercise.DEADLIFT, 52.5, 5, 1, "Heron 14")


def begin(_choice: SessionChoice) -> LoadedSession:
    return scenes.session("three")


def three_placed() -> FakeDesk:
    """Found and placed; nothing is connected or checked yet."""
    sensors = desk("six_found")
    for card, role in zip(SEEN, Role, strict=False):
        sensors.assign(card.key, role)
    sensors.step("placed", StepState.DONE)
    sensors.asked.clear()
    return sensors


def test_offscreen_the_checks_are_seen_through_and_a_session_begins_and_ends(
    tmp_path: Path, qapp: QApplication
) -> None:
    sensors, picture = three_placed(), tmp_path / "live.png"
    feeds: list[ScriptedFeed] = []

    def note(choice: SessionChoice) -> LoadedSession:
        assert choice == CHOICE
        loaded = begin(choice)
        assert isinstance(loaded.station, ScriptedFeed)
        feeds.append(loaded.station)
        return loaded

    found = run_live_offscreen(
        sensors, note, CHOICE, seconds=0.2, png_path=picture, size=(1280, 720)
    )
    assert [rep.number for rep in found if rep.set_number == 3] == [1, 2, 3]
    asked = [entry for entry in sensors.asked if entry[0] != "scan"]
    assert asked == [("connect_assigned",), ("check", "still"), ("check", "tap")]
    assert not feeds[0].running
    for path in (picture, tmp_path / "live-sensors.png"):
        image = QImage(str(path))
        assert (image.width(), image.height()) == (1280, 720)
    assert QImage(str(picture)) != QImage(str(tmp_path / "live-sensors.png"))


def test_offscreen_on_a_real_station(tmp_path: Path, qapp: QApplication) -> None:
    def live(choice: SessionChoice) -> LoadedSession:
        config = StationConfig(choice.exercise, choice.alias, choice.load_kg)
        return LoadedSession(Station(deadlifts(0), config, Mode.SIMULATED))

    found = run_live_offscreen(
        desk("all_done"), live, CHOICE, seconds=0.3, png_path=tmp_path / "live.png"
    )
    assert found == []  # the lifter stands before the bar, however long a picture takes
    assert (tmp_path / "live.png").exists()


@pytest.mark.parametrize(
    ("scene", "sentence"),
    [("no_bluetooth", PROBLEM), ("one_lost", "thorax sensor is being connected again")],
)
def test_offscreen_nothing_begins_over_a_failed_step(
    tmp_path: Path, qapp: QApplication, scene: str, sentence: str
) -> None:
    class Stubborn(FakeDesk):
        def connect_assigned(self) -> None:
            self.asked.append(("connect_assigned",))

    sensors = Stubborn(desk(scene).now)
    with pytest.raises(RuntimeError) as raised:
        run_live_offscreen(
            sensors, begin, CHOICE, seconds=0.1, png_path=tmp_path / "live.png", timeout_s=0.1
        )
    assert sentence in str(raised.value)
    assert (tmp_path / "live-sensors.png").exists()  # what it looked like
    assert not (tmp_path / "live.png").exists()


def test_offscreen_a_reason_begins_all_the_same(tmp_path: Path, qapp: QApplication) -> None:
    class Stubborn(FakeDesk):
        def connect_assigned(self) -> None:
            self.asked.append(("connect_assigned",))

    sensors = Stubborn(desk("one_lost").now)
    found = run_live_offscreen(
        sensors,
        begin,
        CHOICE,
        seconds=0.1,
        png_path=tmp_path / "live.png",
        timeout_s=3.0,  # in which the session must begin, too
        override="trial without the thorax sensor",
    )
    assert found
    assert ("overridden", "trial without the thorax sensor") in sensors.asked


def test_offscreen_why_a_session_cannot_begin_is_told(tmp_path: Path, qapp: QApplication) -> None:
    def refuse(_choice: SessionChoice) -> LoadedSession:
        raise ValueError("live.mcap exists already; choose another name.")

    with pytest.raises(RuntimeError, match="exists already"):
        run_live_offscreen(
            desk("all_done"), refuse, CHOICE, seconds=0.1, png_path=tmp_path / "live.png"
        )


def test_offscreen_a_fault_of_the_station_is_told(tmp_path: Path, qapp: QApplication) -> None:
    def broken(_choice: SessionChoice) -> LoadedSession:
        return LoadedSession(
            ScriptedFeed(Mode.LIVE, updates=[status(1.0, error="The disk is full.")])
        )

    with pytest.raises(RuntimeError, match="The disk is full"):
        run_live_offscreen(
            desk("all_done"), broken, CHOICE, seconds=5.0, png_path=tmp_path / "live.png"
        )


def test_the_window_runs_until_it_is_closed(qapp: QApplication) -> None:
    sensors, feed = desk("all_done"), ScriptedFeed(Mode.LIVE, updates=scenes.live())
    seen: list[str] = []

    def walk() -> None:
        window = next((w for w in qapp.topLevelWidgets() if isinstance(w, MonitorWindow)), None)
        if window is None or window.sensors is None or not window.isVisible():
            return
        if window.stage is None and not seen:
            seen.append("sensors")
            window.sensors.form.begin.click()
        elif window.stage is not None and window.status is not None:
            seen.append("session")
            look.stop()
            window.close()

    look = QTimer()
    look.timeout.connect(walk)
    look.start(20)
    assert run_live(sensors, lambda _choice: LoadedSession(feed), choice=CHOICE) == 0
    assert seen == ["sensors", "session"]
    assert not feed.running
    assert sensors.card(SEEN[0].key).link is LinkState.STREAMING  # the desk is its maker's
