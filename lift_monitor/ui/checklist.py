"""The check list before a session: what is done, what is next, and the button for it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from lift_monitor.sensors.words import STEPS, DeskStatus, Step, StepState
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.sensor_words import step_look, step_name
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Panel, Styled, Text, tight

_WIDEST = "Connect all"
"""The widest caption: the buttons stand under one another."""


class StepRow(QFrame, Styled):
    """One step: shape, name and state; a sentence; a button where there is one to press."""

    def __init__(self, key: str, caption: str, again: str) -> None:
        super().__init__()
        self.setObjectName("step")
        self.key, self._caption, self._again = key, caption, again
        self._shape = Text("○", weight="semibold", reserve="▶")
        self._name = Text(step_name(key), weight="semibold", size=tokens.TEXT_STRONG)
        self._state = Text(
            weight="semibold", reserve=tr("running"), align=Qt.AlignmentFlag.AlignRight
        )
        self.text = Text(role="muted", wrap_lines=3)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._progress.setAccessibleName(tr("Progress of: {step}", step=step_name(key)))
        keep = self._progress.sizePolicy()
        keep.setRetainSizeWhenHidden(True)  # nothing moves when a check begins
        self._progress.setSizePolicy(keep)
        self.button = Button(
            caption, tr("{step}: {do}", step=step_name(key), do=caption), reserve=_WIDEST
        )
        keep = self.button.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(keep)
        self.button.setVisible(bool(caption))
        first = tight(QHBoxLayout(), 8)
        first.addWidget(self._shape)
        first.addWidget(self._name, 1)
        first.addWidget(self._state)
        words = tight(QVBoxLayout(), 1)
        words.addStretch(1)
        words.addLayout(first)
        words.addWidget(self.text)
        words.addWidget(self._progress)
        words.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.addLayout(words, 1)
        self._row.addWidget(self.button)

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        self._row.setContentsMargins(style.px(12), 0, 0, 0)
        self._row.setSpacing(style.px(12))
        self._progress.setFixedHeight(max(4, style.px(5)))

    def show_step(self, step: Step, *, running: bool) -> None:
        """Show how far the step is."""
        shape, word, role = step_look(step.state)
        self._shape.say(shape, role.removesuffix("_text"))
        self._state.say(word, role.removesuffix("_text"))
        self._name.set_role("muted" if step.state is StepState.WAITING else "")
        self.text.say(step.text, "muted" if step.state is StepState.WAITING else "")
        now = step.state in (StepState.OPEN, StepState.RUNNING, StepState.FAILED)
        if self.property("now") != now:
            self.setProperty("now", now)
            self.style().unpolish(self)
            self.style().polish(self)
        self._progress.setVisible(step.state is StepState.RUNNING)
        self._progress.setValue(round(1000 * min(max(step.progress, 0.0), 1.0)))
        self.setAccessibleName(
            tr("{step}: {state}. {said}", step=step_name(self.key), state=word, said=step.text)
        )
        again = step.state in (StepState.DONE, StepState.FAILED)
        self.button.setText(self._again if again else self._caption)
        waits = step.state in (StepState.WAITING, StepState.RUNNING)
        self.button.setEnabled(
            bool(self._caption) and not running and (self.key == "found" or not waits)
        )


class CheckList(Panel):
    """The steps in order; tells which one was asked for."""

    asked = Signal(str)
    """Key of the step whose button was pressed."""

    def __init__(self) -> None:
        super().__init__(tr("Check list"))
        title = Text(
            tr("BEFORE THE SESSION"), role="muted", weight="semibold", size=tokens.TEXT_SMALL
        )
        captions = {
            "found": (tr("Look"), tr("Look again")),
            "connected": (tr("Connect all"), tr("Connect all")),
            "still": (tr("Start"), tr("Repeat")),
            "tap": (tr("Start"), tr("Repeat")),
        }
        self.rows = {key: StepRow(key, *captions.get(key, ("", ""))) for key in STEPS}
        column = QVBoxLayout(self)
        column.addWidget(title)
        for key, row in self.rows.items():
            column.addWidget(row, 1)
            row.button.clicked.connect(lambda _=False, key=key: self.asked.emit(key))

    def show_status(self, status: DeskStatus, *, running: bool) -> None:
        """Show every step that is known."""
        for step in status.steps:
            row = self.rows.get(step.key)
            if row is not None:
                row.show_step(step, running=running)

    def press(self, key: str) -> None:
        """Press the button of a step; nothing happens where there is none to press."""
        self.rows[key].button.click()
