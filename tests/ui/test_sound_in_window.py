"""The sound in the window: told what the station tells, seen everywhere, written down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lift_monitor.sound.player import Sound
from lift_monitor.station import Mode
from lift_monitor.ui.window import MonitorWindow
from tests.patience import PATIENCE_MS
from tests.sound.rehearsal import flag, output
from tests.ui import scenes
from tests.ui.conftest import MakeWindow
from tests.ui.scenes import ScriptedFeed


@dataclass
class QuickPlayer:
    """Every sound is over at once."""

    played: list[str] = field(default_factory=list)
    can_speak = False
    note = ""
    busy = False

    def problem(self, *, words: bool) -> str:
        return ""

    def play(self, sound: Sound) -> bool:
        self.played.append(sound.kind.value)
        return True

    def stop(self) -> None:
        """Nothing plays."""

    def close(self) -> None:
        """Nothing to give back."""


def feed_of(window: MonitorWindow) -> ScriptedFeed:
    feed = window.session.station
    assert isinstance(feed, ScriptedFeed)
    return feed


def told(window: MonitorWindow) -> list[str]:
    """What was written down of the sound."""
    return [asked[2] for asked in feed_of(window).asked if asked[:2] == ("annotate", "sound")]


def raise_flag(window: MonitorWindow) -> None:
    status = window.status
    assert status is not None
    feed_of(window).tell(
        output(flag(status.now_s + 0.1)), replace(status, now_s=status.now_s + 0.2)
    )
    window.tick()


def test_a_red_flag_sounds_is_written_down_and_can_be_acknowledged(make_window: MakeWindow) -> None:
    player = QuickPlayer()
    window = make_window("live", sound=player)
    assert told(window)[0] == "mode earcons"
    raise_flag(window)
    assert player.played[-1] == "stop"
    assert window.sound_control.text() == "■ Alarm heard"
    assert any(line.startswith("sounded stop: lumbar flexion") for line in told(window))
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_Q)
    assert window.sound_control.text() == "● Tones"
    assert "acknowledged" in told(window)[-1]


def test_of_what_was_told_before_the_window_looked_only_the_newest_sounds(
    make_window: MakeWindow,
) -> None:
    player = QuickPlayer()
    window = make_window("live", sound=player)
    assert player.played == ["count"]
    assert (
        sum("not sounded (known too late) count" in line for line in told(window))
        == len(window.model.current.repetitions if window.model.current else ()) - 1
    )


def test_a_replay_writes_nothing_down(make_window: MakeWindow) -> None:
    player = QuickPlayer()
    window = make_window("replaying", sound=player)
    raise_flag(window)
    assert player.played[-1] == "stop"
    assert told(window) == []


def test_without_a_player_it_says_that_nothing_is_heard(make_window: MakeWindow) -> None:
    window = make_window("live")
    raise_flag(window)
    assert window.sound_control.text() == "▲ No sound"
    assert told(window) == []


@pytest.mark.parametrize("view", ["clinician", "lifter"])
def test_it_is_seen_in_every_view(make_window: MakeWindow, view: str) -> None:
    window = make_window("live", sound=QuickPlayer())
    window.show_view(view)
    assert window.sound_control.isVisible()
    assert window.rect().contains(
        window.sound_control.mapTo(window, window.sound_control.rect().bottomRight())
    )


def test_on_the_sensors_page_the_sound_can_be_tested(make_live: MakeWindow) -> None:
    player = QuickPlayer()
    window = make_live("all_done", sound=player)
    assert window.sound_control.isVisible()
    window.sound_control.test.trigger()
    window.tick()
    assert player.played == ["test"]
    assert window.sound_control.text() == "? Test heard"


def test_the_next_session_starts_without_the_alarm_of_the_one_before(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    second = scenes.session("live")
    assert second.station.mode is Mode.LIVE
    player = QuickPlayer()
    window = make_window("live", sound=player, open_file=lambda _path, _progress: second)
    window.sound.mute(60.0)
    raise_flag(window)
    window.open_path(Path("second.mcap"))
    qtbot.waitUntil(lambda: window.session is second, timeout=PATIENCE_MS)
    window.tick()
    status = window.sound.status()
    assert status.alarm == ""
    assert status.muted_s is not None
    assert told(window)[:2] == ["mode earcons", "muted since before the session"]


def test_the_button_of_the_sound_keeps_its_width(make_window: MakeWindow) -> None:
    """Whatever is pressed beside it stays under the finger when an alarm sounds."""
    window = make_window("live", sound=QuickPlayer())
    room = window.sound_control.width()
    for change in (window.toggle_theme, lambda: raise_flag(window), window.sound_control.press):
        change()
        QApplication.processEvents()
        assert window.sound_control.width() == room, window.sound_control.text()
