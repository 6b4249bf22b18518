"""An adverse event: how grave, at which exercise, in words. A panel, never a modal dialog."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from lift_monitor.programme.record import EventGrade
from lift_monitor.ui import tokens
from lift_monitor.ui.fields import ChoiceField, Field
from lift_monitor.ui.flow.note_field import NoteField
from lift_monitor.ui.flow.rating import Toggle
from lift_monitor.ui.flow.words import grade_word
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import LargeButton, Panel, Text, tight
from lift_monitor.visit.today import Today

_LONGEST: Final = 600


class AdverseForm(Panel):
    """Filled in at once, kept at once."""

    stored = Signal(object, str, str)
    """:class:`EventGrade`, words, key of the exercise (empty: none)."""
    left = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Adverse event"))
        self._style = Style()
        small = tokens.TEXT_SMALL
        self._title = Text(tr("ADVERSE EVENT"), role="muted", weight="semibold", size=small)
        self._lead = Text(
            tr("What happened? It is kept with the session and told in the report."),
            weight="semibold",
            size=tokens.TEXT_STRONG,
            wrap_lines=1,
        )
        minor, serious = EventGrade.MINOR, EventGrade.SERIOUS
        self.minor = Toggle(grade_word(minor), tr("Minor: e.g. a strain that passes"))
        self.serious = Toggle(
            grade_word(serious), tr("Serious: needs treatment, or may be a fracture")
        )
        self.serious.mark("■")
        for button in (self.minor, self.serious):
            button.setToolTip(button.accessibleName())
        self.exercise = ChoiceField(tr("Exercise at which it happened"))
        self.words = NoteField(tr("What happened, in your words"), _LONGEST)
        self._said = Text(role="muted", size=small, wrap_lines=2)
        self.store = LargeButton(tr("Keep it"), tr("Keep the adverse event"))
        self.store.setProperty("kind", "primary")
        self.back = LargeButton(tr("Back"), tr("Keep nothing"), tr("Esc"))
        self._lay_out()
        self.minor.clicked.connect(lambda: self._grade(EventGrade.MINOR))
        self.serious.clicked.connect(lambda: self._grade(EventGrade.SERIOUS))
        self.words.textChanged.connect(self._settle)
        self.store.clicked.connect(self._store)
        self.back.clicked.connect(self.left)
        self._settle()

    def _lay_out(self) -> None:
        grades = tight(QHBoxLayout(), 8)
        grades.addWidget(self.minor)
        grades.addWidget(self.serious)
        grades.addWidget(Field(tr("Exercise"), self.exercise))
        grades.addStretch(1)
        foot = tight(QHBoxLayout(), 8)
        foot.addWidget(self._said, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.store)
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addWidget(self._lead)
        column.addLayout(grades)
        column.addWidget(self.words, 1)
        column.addLayout(foot)

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        super().set_style(style)
        self._style = style

    def open(self, today: Today) -> None:
        """Begin with nothing but the current exercise filled in."""
        self.exercise.clear()
        self.exercise.addItem(tr("none of them"), "")
        for item in today.items:
            self.exercise.addItem(item.name, item.exercise)
        self.exercise.set_style(self._style)  # its words are others now
        current = today.current
        self.exercise.setCurrentIndex(
            max(0, self.exercise.findData(current.exercise if current else ""))
        )
        self.words.setPlainText("")
        self.minor.show_on(False)
        self.serious.show_on(False)
        self._settle()
        self.minor.setFocus()

    @property
    def grade(self) -> EventGrade | None:
        """What was pressed; ``None`` if nothing was: it is not guessed."""
        if self.serious.isChecked():
            return EventGrade.SERIOUS
        return EventGrade.MINOR if self.minor.isChecked() else None

    def _grade(self, grade: EventGrade) -> None:
        self.minor.show_on(grade is EventGrade.MINOR)
        self.serious.show_on(grade is EventGrade.SERIOUS)
        self._settle()

    def _settle(self) -> None:
        words = self.words.text
        self.store.setEnabled(self.grade is not None and bool(words))
        missing = [] if self.grade is not None else [tr("how grave it is")]
        if not words:
            missing.append(tr("what happened"))
        told = tr("Still to say: {what}.", what=tr(" and ").join(missing))
        self._said.say(told if missing else tr("It cannot be deleted afterwards."))
        self.store.setAccessibleDescription(self._said.full_text)

    def _store(self) -> None:
        grade = self.grade
        if grade is not None and self.words.text:
            self.stored.emit(grade, self.words.text, str(self.exercise.currentData() or ""))
