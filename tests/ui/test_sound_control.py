"""The sound on the screen: what it says, what its buttons do, and that nothing jumps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lift_monitor.samples import Role
from lift_monitor.sound.words import SoundMode
from lift_monitor.ui import tokens
from lift_monitor.ui.sound_control import SoundControl
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import apply_style
from tests.sound.rehearsal import Rehearsal, flag, sensor

Make = Callable[[Rehearsal], SoundControl]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    def made(room: Rehearsal) -> SoundControl:
        control = SoundControl(room.channel)
        qtbot.addWidget(control)
        control.setStyleSheet(Style().sheet())
        control.set_style(Style())
        apply_style(control, Style())
        control.show()
        QApplication.processEvents()
        return control

    yield made
    for popup in QApplication.topLevelWidgets():
        if popup.isVisible() and popup.inherits("QMenu"):
            popup.hide()


def alarmed() -> Rehearsal:
    room = Rehearsal()
    room.tell(flag(room.now_s))
    return room


def faulty() -> Rehearsal:
    room = Rehearsal()
    room.sensors = (sensor(Role.PELVIS, "lost"),)
    room.run(1.0)
    return room


def muted() -> Rehearsal:
    room = Rehearsal()
    room.channel.mute(120.0)
    room.run(12.5)
    return room


@pytest.mark.parametrize(
    ("room", "caption", "kind"),
    [
        (Rehearsal, "● Tones", ""),
        (lambda: Rehearsal(SoundMode.WORDS), "● Words", ""),
        (lambda: Rehearsal(SoundMode.OFF), "▲ Sound off", "quiet"),
        (lambda: Rehearsal(why="No loudspeaker."), "▲ No sound", "quiet"),
        (muted, "▲ Muted 1:48", "quiet"),
        (alarmed, "■ Alarm heard", "critical"),
        (faulty, "▲ Fault heard", ""),
    ],
)
def test_shape_and_words_say_how_the_sound_is(
    make: Make, room: Callable[[], Rehearsal], caption: str, kind: str
) -> None:
    control = make(room())
    assert (control.text(), control.property("kind") or "") == (caption, kind)


def test_the_remaining_time_of_a_mute_runs(make: Make) -> None:
    room = muted()
    control = make(room)
    room.run(60.0)
    control.refresh()
    assert control.text() == "▲ Muted 0:48"


def test_the_menu_mutes_and_the_button_ends_the_mute(make: Make) -> None:
    room = Rehearsal()
    control = make(room)
    control.click()
    assert control.menu_of_sound.isVisible()
    control.mute.trigger()
    assert room.channel.status().muted_s == 120.0
    assert control.text() == "▲ Muted 2:00"
    assert not control.mute.isEnabled()
    control.click()
    assert room.channel.status().muted_s is None
    assert control.text() == "● Tones"


@pytest.mark.parametrize("room", [alarmed, faulty])
def test_the_button_acknowledges_what_sounds_and_does_not_mute(
    make: Make, room: Callable[[], Rehearsal]
) -> None:
    here = room()
    control = make(here)
    control.click()
    status = here.channel.status()
    assert (status.alarm, status.reminding, status.muted_s) == ("", False, None)
    assert control.text() == "● Tones"


def test_the_key_mutes_unmutes_and_acknowledges(make: Make) -> None:
    room = Rehearsal()
    control = make(room)
    control.be_quiet()
    assert control.text() == "▲ Muted 2:00"
    control.be_quiet()
    assert control.text() == "● Tones"
    room.tell(flag(room.now_s))
    control.be_quiet()
    assert room.channel.status().alarm == ""
    assert room.channel.status().muted_s is None


def test_without_sound_there_is_nothing_to_mute_or_test(make: Make) -> None:
    for room in (Rehearsal(SoundMode.OFF), Rehearsal(why="No loudspeaker.")):
        control = make(room)
        assert not control.mute.isEnabled()
        assert not control.test.isEnabled()
        control.be_quiet()
        assert room.channel.status().muted_s is None


def test_an_alarm_that_is_not_heard_is_not_acknowledged_as_heard(make: Make) -> None:
    room = Rehearsal(SoundMode.OFF)
    room.tell(flag(room.now_s))
    control = make(room)
    control.be_quiet()
    assert control.text() == "▲ Sound off"
    assert room.channel.status().alarm != ""


def test_why_nothing_is_heard_can_be_read(make: Make) -> None:
    control = make(Rehearsal(why="No loudspeaker."))
    control.click()
    first = control.menu_of_sound.actions()[0]
    assert first.isVisible()
    assert first.text() == "No loudspeaker."
    assert control.toolTip() == "No loudspeaker."
    assert control.accessibleDescription() == "No loudspeaker."


def test_the_menu_chooses_the_mode(make: Make) -> None:
    room = Rehearsal()
    control = make(room)
    assert [mode for mode, action in control.modes.items() if action.isChecked()] == [
        SoundMode.EARCONS
    ]
    for mode, caption in ((SoundMode.WORDS, "● Words"), (SoundMode.OFF, "▲ Sound off")):
        control.modes[mode].trigger()
        assert room.channel.status().mode is mode
        assert control.text() == caption


def test_after_a_sound_test_it_asks_and_writes_the_answer_down(make: Make) -> None:
    for heard in (True, False):
        room = Rehearsal()
        control = make(room)
        assert not control.heard.isVisible()
        control.test.trigger()
        room.run(0.1)
        assert room.kinds == ["test"]
        assert control.text() == "? Test heard"
        control.click()
        assert control.menu_of_sound.isVisible()
        assert control.heard.isVisible()
        (control.heard if heard else control.unheard).trigger()
        assert control.text() == "● Tones"
        assert room.log[-1] == ("sound test heard" if heard else "sound test not heard")


def test_an_alarm_takes_the_place_of_the_question(make: Make) -> None:
    room = Rehearsal()
    control = make(room)
    control.test.trigger()
    room.tell(flag(room.now_s))
    control.refresh()
    assert control.text() == "■ Alarm heard"
    control.click()
    assert room.channel.status().alarm == ""


@pytest.mark.parametrize("scale", [0.7, 1.0, 2.0])
@pytest.mark.parametrize("theme", tokens.THEMES.values(), ids=lambda theme: theme.name)
def test_nothing_jumps_and_every_target_is_large_enough(
    make: Make, theme: tokens.Theme, scale: float
) -> None:
    sizes = set()
    for room in (Rehearsal(), muted(), alarmed(), faulty(), Rehearsal(SoundMode.OFF)):
        control = make(room)
        control.set_style(Style(theme, scale))
        apply_style(control, Style(theme, scale))
        QApplication.processEvents()
        sizes.add(control.size().toTuple())
        assert control.height() >= tokens.TARGET
        assert control.fontMetrics().horizontalAdvance(control.text()) < control.width() - 8
    assert len(sizes) == 1
