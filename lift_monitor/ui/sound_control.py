"""The sound on the screen: what is heard, mute with its time left, acknowledge, sound test."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QWidget

from lift_monitor.sound.channel import SoundChannel
from lift_monitor.sound.words import SoundMode, SoundStatus
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import clock, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Styled, tight

MUTE_S: Final = 120.0
"""Long enough for a talk between two sets (design default)."""
_GAP_PX: Final = 8


def mode_name(mode: SoundMode) -> str:
    """What a mode is called on the screen."""
    return {
        SoundMode.OFF: tr("Sound off"),
        SoundMode.EARCONS: tr("Tones"),
        SoundMode.WORDS: tr("Spoken words"),
    }[mode]


def sound_caption(status: SoundStatus) -> str:
    """Shape and word for what is heard now; a triangle wherever an alarm would not be."""
    if status.mode is SoundMode.OFF:
        return tr("▲ Sound off")
    if status.problem:
        return tr("▲ No sound")
    shape = "●" if status.audible else "○"
    word = tr("Words") if status.mode is SoundMode.WORDS else tr("Tones")
    return f"{shape} {word}"


def sound_sentence(status: SoundStatus) -> str:
    """Why something is not heard, or heard otherwise; empty if all is."""
    if status.mode is SoundMode.OFF:
        return tr("Sound is off: alarms are only seen.")
    return status.problem or status.note or status.resting


class _Quiet(Button):
    """As wide as the question that stands in its place after a sound test."""

    def __init__(self, *answers: Button) -> None:
        super().__init__("", tr("Mute"), reserve=tr("▲ Muted 10:00"))
        self._answers = answers

    def set_style(self, style: Style) -> None:
        """Take the font and the larger of the two widths."""
        super().set_style(style)
        for answer in self._answers:
            answer.set_style(style)
        asking = sum(answer.width() for answer in self._answers) + _GAP_PX
        self.setFixedWidth(max(self.width(), asking))


class SoundControl(QWidget, Styled):
    """Two buttons of fixed width: the mode with its menu, and what quiets the channel.

    The second one mutes, ends a mute, or acknowledges what sounds; after a sound test it asks
    whether it was heard.

    Parameters
    ----------
    channel : SoundChannel
    """

    def __init__(self, channel: SoundChannel) -> None:
        super().__init__()
        self.setAccessibleName(tr("Sound"))
        self._channel = channel
        self._shown: tuple[object, ...] = ()
        self.mode = Button("", tr("Sound: what is heard"), reserve=tr("▲ Sound off"))
        self.heard = Button(tr("Heard"), tr("The sound test was heard"))
        self.unheard = Button(tr("Not heard"), tr("The sound test was not heard"))
        self.quiet = _Quiet(self.heard, self.unheard)
        self._lay_out()
        self._build_menu()
        self.mode.clicked.connect(self.open_menu)
        self.quiet.clicked.connect(self.press)
        self.heard.clicked.connect(lambda: self._answer(heard=True))
        self.unheard.clicked.connect(lambda: self._answer(heard=False))
        self.refresh()

    def _lay_out(self) -> None:
        self._slot = QStackedWidget()
        asking, single = QWidget(), QWidget()
        row = tight(QHBoxLayout(single))
        row.addWidget(self.quiet)
        row = tight(QHBoxLayout(asking), _GAP_PX)
        row.addWidget(self.heard)
        row.addWidget(self.unheard)
        self._slot.addWidget(single)
        self._slot.addWidget(asking)
        row = tight(QHBoxLayout(self), _GAP_PX)
        row.addWidget(self.mode)
        row.addWidget(self._slot)

    def _build_menu(self) -> None:
        self.menu = QMenu(self)
        self._why = QAction(self.menu)
        self._why.setEnabled(False)
        self.menu.addAction(self._why)
        self._modes: dict[SoundMode, QAction] = {}
        group = QActionGroup(self.menu)
        for mode in SoundMode:
            action = QAction(mode_name(mode), self.menu)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, mode=mode: self.choose(mode))
            group.addAction(action)
            self.menu.addAction(action)
            self._modes[mode] = action
        self.menu.addSeparator()
        self.test = QAction(tr("Sound test"), self.menu)
        self.test.triggered.connect(self._test)
        self.menu.addAction(self.test)

    def set_style(self, style: Style) -> None:
        """Take colours and sizes."""
        theme, pad = style.theme, style.px(14)
        self.menu.setFont(style.font(tokens.TEXT))
        self.menu.setStyleSheet(
            f"QMenu {{ background: {theme.raised}; color: {theme.text};"
            f" border: 1px solid {theme.outline}; padding: {style.px(6)}px; }}"
            f"QMenu::item {{ min-height: {style.target()}px; padding: 0 {2 * pad}px; }}"
            f"QMenu::item:selected {{ background: {theme.info}; color: {theme.on_mode}; }}"
            f"QMenu::item:disabled {{ color: {theme.muted}; }}"
            f"QMenu::indicator {{ width: {pad}px; height: {pad}px; left: {style.px(8)}px; }}"
            f"QMenu::indicator:checked {{ background: {theme.info};"
            f" border-radius: {pad // 2}px; }}"
            f"QMenu::separator {{ height: 1px; background: {theme.outline};"
            f" margin: {style.px(6)}px; }}"
        )
        self.setStyleSheet(
            f'QPushButton[kind="quiet"] {{ color: {theme.attention};'
            f" border-color: {theme.attention}; }}"
            f'QPushButton[kind="quiet"]:focus {{ border: 2px solid {theme.focus}; }}'
        )
        self.quiet.set_style(style)
        self._slot.setFixedSize(self.quiet.width(), style.target())

    # -- the channel ------------------------------------------------------------------------

    @property
    def asking(self) -> bool:
        """Whether it is asked if the sound test was heard."""
        return self._slot.currentIndex() == 1

    def refresh(self) -> None:
        """Show how the sound is; cheap enough for every frame."""
        status = self._channel.status()
        left_s = None if status.muted_s is None else math.ceil(status.muted_s)
        shown = (
            status.mode,
            left_s,
            bool(status.alarm),
            status.reminding,
            status.problem,
            status.note,
            status.resting,
        )
        if shown != self._shown:
            self._shown = shown
            self._show(status, left_s)

    def _show(self, status: SoundStatus, left_s: int | None) -> None:
        sentence = sound_sentence(status)
        self.mode.setText(sound_caption(status))
        self.mode.setAccessibleName(tr("Sound: {mode}", mode=mode_name(status.mode)))
        self.mode.setAccessibleDescription(sentence)
        self.mode.setToolTip(sentence or tr("What is heard, and a sound test"))
        self._why.setText(sentence)
        self._why.setVisible(bool(sentence))
        for mode, action in self._modes.items():
            action.setChecked(mode is status.mode)
        can_sound = status.mode is not SoundMode.OFF and not status.problem
        self.test.setEnabled(can_sound and left_s is None)
        if self.asking and not self.test.isEnabled():
            self._slot.setCurrentIndex(0)
        kind = "quiet" if left_s is not None else ""
        if left_s is not None:
            caption, name = tr("▲ Muted {t}", t=clock(left_s)), tr("Muted: sound on again")
        elif can_sound and status.alarm:
            caption, name, kind = tr("■ Alarm heard"), tr("Acknowledge the alarm"), "critical"
            self._slot.setCurrentIndex(0)
        elif can_sound and status.reminding:
            caption, name = tr("▲ Fault heard"), tr("Acknowledge the fault: no more reminders")
        else:
            caption = tr("Mute {min} min", min=round(MUTE_S / 60.0))
            name = tr("Mute for {min} minutes", min=round(MUTE_S / 60.0))
        self.quiet.setText(caption)
        self.quiet.setAccessibleName(name)
        self.quiet.setToolTip(f"{name} (Q)")
        self.quiet.setEnabled(can_sound or left_s is not None)
        _set_kind(self.quiet, kind)
        _set_kind(self.mode, "" if can_sound else "quiet")

    def press(self) -> None:
        """End a mute, else acknowledge what sounds, else mute: what the button says."""
        status = self._channel.status()
        if status.muted_s is not None:
            self._channel.mute(0.0)
        elif status.mode is SoundMode.OFF or status.problem:
            return
        elif status.alarm or status.reminding:
            self._channel.acknowledge()
        else:
            self._channel.mute(MUTE_S)
        self.refresh()

    def choose(self, mode: SoundMode) -> None:
        """Choose what is heard."""
        self._channel.mode = mode
        self.refresh()

    def open_menu(self) -> None:
        """Show the menu above its button; nothing waits for the choice."""
        self.refresh()
        height = self.menu.sizeHint().height()
        self.menu.popup(self.mode.mapToGlobal(QPoint(0, -height)))
        self.menu.setFocus(Qt.FocusReason.PopupFocusReason)

    def _test(self) -> None:
        self._channel.test()
        self._slot.setCurrentIndex(1)

    def _answer(self, *, heard: bool) -> None:
        self._channel.confirm_test(heard=heard)
        self._slot.setCurrentIndex(0)


def _set_kind(button: Button, kind: str) -> None:
    if button.property("kind") != kind:
        button.setProperty("kind", kind)
        button.style().unpolish(button)
        button.style().polish(button)
