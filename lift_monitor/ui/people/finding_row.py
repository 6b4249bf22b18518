"""One finding of an assessment: what it says, what it means, and how it is overridden by name."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.programme.clearance import Finding, Override, Weight
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import TextField
from lift_monitor.ui.people.layout import Paragraph, Part
from lift_monitor.ui.people.words import weight_look
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, tight

_LONGEST_NAME, _LONGEST_REASON = 60, 300


class FindingRow(Part):
    """Shows a finding; one that blocks or restricts can be overridden, by name and for a reason.

    Parameters
    ----------
    finding : Finding
    override : Override, optional
        The word that it shall not count, if it was given.
    by : str
        Who is working: proposed as the name of the override.
    today : date
    """

    overridden = Signal(object)
    """An :class:`Override` with a name and a reason."""
    withdrawn = Signal(str)
    """Key of a finding that counts again."""

    def __init__(self, finding: Finding, override: Override | None, by: str, today: date) -> None:
        super().__init__()
        self.finding, self._today = finding, today
        shape, role = weight_look(finding.weight)
        if override is not None:
            shape, role = tr("○ Overridden"), "muted"
        self.button = Button(tr("Override…"), tr("Override: {what}", what=finding.text))
        self.back = Button(tr("Let it count"), tr("Let it count again: {what}", what=finding.text))
        self.button.setVisible(override is None and finding.weight is not Weight.NOTE)
        self.back.setVisible(override is not None)
        self._words = tight(QVBoxLayout())
        self._words.addWidget(Paragraph(shape, role=role, weight="semibold"))
        self._words.addWidget(Paragraph(finding.text))
        if override is not None:
            told = tr(
                "by {by}, {day}: {why}", by=override.by, day=override.day, why=override.reason
            )
            self._words.addWidget(Paragraph(told, role="info"))
        self._words.addWidget(Paragraph(finding.source, role="muted", size=tokens.TEXT_SMALL))
        self._head = tight(QHBoxLayout())
        self._head.addLayout(self._words, 1)
        for button in (self.button, self.back):
            self._head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.form = self._make_form(by)
        self._column = tight(QVBoxLayout(self))
        self._column.addLayout(self._head)
        self._column.addWidget(self.form)
        self.form.hide()
        self.button.clicked.connect(lambda: self._ask(True))
        self.back.clicked.connect(lambda: self.withdrawn.emit(finding.key))

    def _make_form(self, by: str) -> QWidget:
        form = QWidget()
        column = tight(QVBoxLayout(form), 6)
        self.by = TextField(tr("Name of the clinician who overrides"), longest=_LONGEST_NAME)
        self.by.set_text(by)
        self.reason = TextField(tr("Reason"), tr("it is kept in the record"), _LONGEST_REASON)
        self.confirm = Button(tr("Override"), tr("Override for this reason"))
        self.cancel = Button(tr("Back"), tr("Override nothing"))
        for field in (self.by, self.reason):
            column.addWidget(field)
        row = Flow()
        row.setSpacing(6)
        row.addWidget(self.cancel)
        row.addWidget(self.confirm)
        column.addLayout(row)
        self.cancel.clicked.connect(lambda: self._ask(False))
        self.confirm.clicked.connect(self._confirm)
        self.reason.field.returnPressed.connect(self._confirm)
        return form

    def _ask(self, asking: bool) -> None:
        self.form.setVisible(asking)
        self.button.setEnabled(not asking)
        (self.reason.field if asking else self.button).setFocus()

    def _confirm(self) -> None:
        if not self.by.text:
            self.by.require(tr("A contraindication is overridden by name: say whose word it is."))
            self.by.field.setFocus()
        elif not self.reason.text:
            self.reason.require(tr("It cannot be overridden without a reason: say why."))
            self.reason.field.setFocus()
        else:
            self.overridden.emit(
                Override(self.finding.key, self.by.text, self.reason.text, self._today)
            )

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        self._column.setSpacing(style.px(6))
        self._words.setSpacing(style.px(2))
        self._head.setSpacing(style.px(8))
