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
    ("room", "mode", "quiet"),
    [
        (Rehearsal, "● Tones", "Mute 2 min"),
        (lambda: Rehearsal(SoundMode.WORDS), "● Words", "Mute 2 min"),
        (lambda: Rehearsal(SoundMode.OFF), "▲ Sound off", "Mute 2 min"),
        (lambda: Rehearsal(why="No loudspeaker."), "▲ No sound", "Mute 2 min"),
        (muted, "○ Tones", "▲ Muted 1:48"),
        (alarmed, "● Tones", "■ Alarm heard"),
        (faulty, "● Tones", "▲ Fault heard"),
    ],
)
def test_shape_and_words_say_how_the_sound_is(
    make: Make, room: Callable[[], Rehearsal], mode: str, quiet: str
) -> None:
    control = make(room())
    assert (control.mode.text(), control.quiet.text()) == (mode, quiet)


def test_the_remaining_time_of_a_mute_runs(make: Make) -> None:
    room = muted()
    control = make(room)
    room.run(60.0)
    control.refresh()
    assert control.quiet.text() == "▲ Muted 0:48"


def test_the_button_mutes_and_ends_the_mute(make: Make) -> None:
    room = Rehearsal()
    control = make(room)
    control.quiet.click()
    assert room.channel.status().muted_s == 120.0
    assert control.quiet.text() == "▲ Muted 2:00"
    control.quiet.click()
    assert room.channel.status().muted_s is None
    assert control.quiet.text() == "Mute 2 min"


@pytest.mark.parametrize("room", [alarmed, faulty])
def test_the_button_acknowledges_what_sounds_and_does_not_mute(
    make: Make, room: Callable[[], Rehearsal]
) -> None:
    here = room()
    control = make(here)
    control.quiet.click()
    status = here.channel.status()
    assert (status.alarm, status.reminding, status.muted_s) == ("", False, None)
    assert control.quiet.text() == "Mute 2 min"


def test_without_sound_there_is_nothing_to_mute_or_test(make: Make) -> None:
    for room in (Rehearsal(SoundMode.OFF), Rehearsal(why="No loudspeaker.")):
        control = make(room)
        assert not control.quiet.isEnabled()
        assert not control.test.isEnabled()
        control.press()
        assert room.channel.status().muted_s is None


def test_why_nothing_is_heard_can_be_read(make: Make) -> None:
    control = make(Rehearsal(why="No loudspeaker."))
    control.open_menu()
    assert control.menu.actions()[0].text() == "No loudspeaker."
    assert control.menu.actions()[0].isVisible()
    assert control.mode.toolTip() == "No loudspeaker."
    assert control.mode.accessibleDescription() == "No loudspeaker."


def test_the_menu_chooses_the_mode(make: Make) -> None:
    room = Rehearsal()
    control = make(room)
    control.mode.click()
    assert control.menu.isVisible()
    offered = {action.text(): action for action in control.menu.actions() if action.isCheckable()}
    assert [text for text, action in offered.items() if action.isChecked()] == ["Tones"]
    offered["Spoken words"].trigger()
    assert room.channel.status().mode is SoundMode.WORDS
    assert control.mode.text() == "● Words"
    offered["Sound off"].trigger()
    assert control.mode.text() == "▲ Sound off"


def test_after_a_sound_test_it_asks_and_writes_the_answer_down(make: Make) -> None:
    for heard in (True, False):
        room = Rehearsal()
        control = make(room)
        control.test.trigger()
        room.run(0.1)
        assert room.kinds == ["test"]
        assert control.heard.isVisible()
        (control.heard if heard else control.unheard).click()
        assert not control.asking
        assert room.log[-1] == ("sound test heard" if heard else "sound test not heard")


def test_an_alarm_takes_the_place_of_the_question(make: Make) -> None:
    room = Rehearsal()
    control = make(room)
    control.test.trigger()
    room.tell(flag(room.now_s))
    control.refresh()
    assert not control.asking
    assert control.quiet.text() == "■ Alarm heard"


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
        control.adjustSize()
        QApplication.processEvents()
        sizes.add(control.sizeHint().toTuple())
        for button in (control.mode, control.quiet):
            assert button.height() >= tokens.TARGET
            needed = button.fontMetrics().horizontalAdvance(button.text())
            assert needed < button.width()
    assert len(sizes) == 1
