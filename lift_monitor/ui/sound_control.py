"""The sound on the screen: what is heard, mute with its time left, acknowledge, sound test."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from lift_monitor.sound.channel import SoundChannel
from lift_monitor.sound.words import SoundMode, SoundStatus
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import clock, tr
from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import Button

MUTE_S: Final = 120.0
"""Long enough for a talk between two sets (design default)."""


def mode_name(mode: SoundMode) -> str:
    """What a mode is called on the screen."""
    return {
        SoundMode.OFF: tr("Sound off"),
        SoundMode.EARCONS: tr("Tones"),
        SoundMode.WORDS: tr("Spoken words"),
    }[mode]


def sound_caption(status: SoundStatus) -> str:
    """Shape and word for the most pressing of what is to be known or done.

    A triangle stands wherever an alarm would not be heard, and where a fault sounds.
    """
    if status.muted_s is not None:
        return tr("▲ Muted {t}", t=clock(math.ceil(status.muted_s)))
    if status.mode is SoundMode.OFF:
        return tr("▲ Sound off")
    if status.problem:
        return tr("▲ No sound")
    if status.alarm:
        return tr("■ Alarm heard")
    if status.reminding:
        return tr("▲ Fault heard")
    shape = "○" if status.resting else "●"
    word = tr("Words") if status.mode is SoundMode.WORDS else tr("Tones")
    return f"{shape} {word}"


def sound_sentence(status: SoundStatus) -> str:
    """Why something is not heard, or heard otherwise; empty if all is."""
    if status.mode is SoundMode.OFF:
        return tr("Sound is off: alarms are only seen.")
    return status.problem or status.note or status.resting


class SoundControl(Button):
    """One button of fixed width that is seen in every view.

    It ends a mute and acknowledges what sounds, when it says so; otherwise it opens the menu:
    mute, what is heard, sound test.

    Parameters
    ----------
    channel : SoundChannel
    """

    def __init__(self, channel: SoundChannel) -> None:
        super().__init__("", tr("Sound"), reserve=tr("■ Alarm heard"))
        self._channel = channel
        self._shown: tuple[object, ...] = ()
        self._tested = False
        self._build_menu()
        self.clicked.connect(self.press)
        self.refresh()

    def _build_menu(self) -> None:
        self.menu_of_sound = QMenu(self)
        self._why = self._item("")
        self._why.setEnabled(False)
        self.heard = self._item(tr("The sound test was heard"))
        self.heard.triggered.connect(lambda: self._answer(heard=True))
        self.unheard = self._item(tr("The sound test was not heard"))
        self.unheard.triggered.connect(lambda: self._answer(heard=False))
        self.mute = self._item(tr("Mute for {min} minutes (Q)", min=round(MUTE_S / 60.0)))
        self.mute.triggered.connect(self.be_quiet)
        self.menu_of_sound.addSeparator()
        self.modes: dict[SoundMode, QAction] = {}
        group = QActionGroup(self.menu_of_sound)
        for mode in SoundMode:
            action = self.modes[mode] = self._item(mode_name(mode))
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, mode=mode: self.choose(mode))
            group.addAction(action)
        self.menu_of_sound.addSeparator()
        self.test = self._item(tr("Sound test"))
        self.test.triggered.connect(self._test)

    def _item(self, text: str) -> QAction:
        action = QAction(text, self.menu_of_sound)
        self.menu_of_sound.addAction(action)
        return action

    def set_style(self, style: Style) -> None:
        """Take colours and sizes."""
        super().set_style(style)
        theme, pad = style.theme, style.px(14)
        set_sheet(
            self,
            f'QPushButton[kind="quiet"] {{ color: {theme.attention};'
            f" border-color: {theme.attention}; }}"
            f'QPushButton[kind="quiet"]:focus {{ border: 2px solid {theme.focus}; }}',
        )
        self.menu_of_sound.setFont(style.font(tokens.TEXT))
        set_sheet(
            self.menu_of_sound,
            f"QMenu {{ background: {theme.raised}; color: {theme.text};"
            f" border: 1px solid {theme.outline}; padding: {style.px(6)}px; }}"
            f"QMenu::item {{ min-height: {style.target()}px; padding: 0 {2 * pad}px; }}"
            f"QMenu::item:selected {{ background: {theme.info}; color: {theme.on_mode}; }}"
            f"QMenu::item:disabled {{ color: {theme.muted}; }}"
            f"QMenu::indicator {{ width: {pad}px; height: {pad}px; left: {style.px(8)}px; }}"
            f"QMenu::indicator:checked {{ background: {theme.info};"
            f" border-radius: {pad // 2}px; }}"
            f"QMenu::separator {{ height: 1px; background: {theme.outline};"
            f" margin: {style.px(6)}px; }}",
        )

    # -- showing ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show how the sound is; cheap enough for every frame."""
        status = self._channel.status()
        caption = tr("? Test heard") if self._asks(status) else sound_caption(status)
        shown = (caption, status.mode, sound_sentence(status), status.audible)
        if shown != self._shown:
            self._shown = shown
            self._show(status, caption)

    def _asks(self, status: SoundStatus) -> bool:
        """Whether the test is to be answered, and nothing more pressing is to be done."""
        return self._tested and status.muted_s is None and not status.alarm and _can_sound(status)

    def _show(self, status: SoundStatus, caption: str) -> None:
        sentence, can_sound = sound_sentence(status), _can_sound(status)
        self.setText(caption)
        self.setAccessibleName(tr("Sound: {state}", state=caption))
        self.setAccessibleDescription(sentence)
        self.setToolTip(sentence or tr("Mute, what is heard, and a sound test"))
        self._why.setText(sentence)
        self._why.setVisible(bool(sentence))
        for mode, action in self.modes.items():
            action.setChecked(mode is status.mode)
        for action in (self.mute, self.test):
            action.setEnabled(can_sound and status.muted_s is None)
        for action in (self.heard, self.unheard):
            action.setVisible(self._asks(status))
        kind = ""
        if status.muted_s is not None or not can_sound:
            kind = "quiet"
        elif status.alarm:
            kind = "critical"
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)

    # -- doing ------------------------------------------------------------------------------

    def press(self) -> None:
        """Do what the button says, or open the menu."""
        status = self._channel.status()
        sounds = _can_sound(status) and (status.alarm or status.reminding)
        if status.muted_s is not None or (sounds and not self._asks(status)):
            self.be_quiet()
        else:
            self.open_menu()

    def be_quiet(self) -> None:
        """End a mute, else acknowledge what sounds, else mute; the key for hands that are busy."""
        status = self._channel.status()
        if status.muted_s is not None:
            self._channel.mute(0.0)
        elif _can_sound(status):
            if status.alarm or status.reminding:
                self._channel.acknowledge()
            else:
                self._channel.mute(MUTE_S)
        self.refresh()

    def choose(self, mode: SoundMode) -> None:
        """Choose what is heard."""
        self._channel.mode = mode
        self.refresh()

    def open_menu(self) -> None:
        """Show the menu above the button; nothing waits for the choice."""
        self.refresh()
        height = self.menu_of_sound.sizeHint().height()
        self.menu_of_sound.popup(self.mapToGlobal(QPoint(0, -height)))

    def _test(self) -> None:
        self._channel.test()
        self._tested = True
        self.refresh()

    def _answer(self, *, heard: bool) -> None:
        self._channel.confirm_test(heard=heard)
        self._tested = False
        self.refresh()


def _can_sound(status: SoundStatus) -> bool:
    return status.mode is not SoundMode.OFF and not status.problem
