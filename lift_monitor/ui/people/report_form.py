"""The period of a report."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal

from lift_monitor.ui.fields import Field
from lift_monitor.ui.flow.note_field import NoteField
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.choices import Marked
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import DayField, Sentence
from lift_monitor.ui.people.layout import Card
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button

LONGEST_WORDS = 4000


class ReportForm(Card):
    """Asks from when to when; whoever makes the report says where it went.

    Parameters
    ----------
    file : PersonFile
    """

    asked = Signal(object, object, bool, str)
    """First and last day, whether with the name, and the clinician's words."""
    left = Signal()

    def __init__(self, file: PersonFile) -> None:
        super().__init__(tr("Report"))
        self._file = file
        today = file.today()
        self.first = DayField(tr("From"), today)
        self.last = DayField(tr("To"), today)
        self.with_name = Marked(tr("With the name"), tr("The report bears the person's name"))
        self.words = NoteField(tr("Your words for the report"), LONGEST_WORDS)
        self.sentence = Sentence(1)
        self.make = Button(tr("Make report"), tr("Make the report of this period"))
        self.make.setProperty("kind", "primary")
        self.back = Button(tr("Close"), tr("Make no report"))
        self._flow = Flow()
        self._ends = Flow()
        for widget in (self.first, self.last, Field(" ", self.with_name)):
            self._flow.addWidget(widget)
        for button in (self.back, self.make):
            self._ends.addWidget(button)
        self.column.addLayout(self._flow)
        self.column.addWidget(Field(tr("Your words for the report"), self.words))
        self.column.addLayout(self._ends)
        self.column.addWidget(self.sentence)
        self.back.clicked.connect(self.left)
        self.make.clicked.connect(self._ask)

    def set_style(self, style: Style) -> None:
        """Take paddings and gaps."""
        super().set_style(style)
        self._flow.setSpacing(style.px(12))
        self._ends.setSpacing(style.px(8))

    def open(self) -> None:
        """Propose everything since the beginning."""
        self.first.set_day(self.beginning)
        self.last.set_day(self._file.today())
        self.with_name.setChecked(False)
        named = self._file.clinic.people.identity(self._file.person_id) is not None
        self.with_name.setEnabled(named)
        told = tr("The report bears the pseudonym; the name only if you ask for it.")
        self.sentence.plain(told if named else tr("No identity is kept: it bears the pseudonym."))
        self.make.setFocus()

    @property
    def beginning(self) -> date:
        """Day of the first session, or since when the person is here."""
        days = [s.day for s in self._file.history.sessions]
        return min([*days, self._file.person.since])

    def _ask(self) -> None:
        first, last = self.first.day, self.last.day
        if first is None or last is None:
            self.sentence.wrong(tr("Both days are needed, e.g. {d}.", d=self._file.today()))
        elif first > last:
            self.sentence.wrong(tr("{a} is after {b}: exchange them.", a=first, b=last))
            self.first.field.setFocus()
        else:
            self.sentence.plain(tr("The report is being made …"))
            self.asked.emit(first, last, self.with_name.isChecked(), self.words.text)
