"""The period of a report."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal

from lift_monitor.ui.fields import Field
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import DayField, Sentence
from lift_monitor.ui.people.layout import Card
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button


class ReportForm(Card):
    """Asks from when to when; whoever makes the report says where it went.

    Parameters
    ----------
    file : PersonFile
    """

    asked = Signal(object, object)
    """First and last day."""
    left = Signal()

    def __init__(self, file: PersonFile) -> None:
        super().__init__(tr("Report"))
        self._file = file
        today = file.today()
        self.first = DayField(tr("From"), today)
        self.last = DayField(tr("To"), today)
        self.sentence = Sentence(1)
        self.make = Button(tr("Make report"), tr("Make the report of this period"))
        self.make.setProperty("kind", "primary")
        self.back = Button(tr("Close"), tr("Make no report"))
        self._flow = Flow()
        for widget in (self.first, self.last, Field(" ", self.back), Field(" ", self.make)):
            self._flow.addWidget(widget)
        self.column.addLayout(self._flow)
        self.column.addWidget(self.sentence)
        self.back.clicked.connect(self.left)
        self.make.clicked.connect(self._ask)

    def set_style(self, style: Style) -> None:
        """Take paddings and gaps."""
        super().set_style(style)
        self._flow.setSpacing(style.px(12))

    def open(self) -> None:
        """Propose everything since the beginning."""
        self.first.set_day(self.beginning)
        self.last.set_day(self._file.today())
        self.sentence.plain(tr("The report bears the pseudonym; and the name, if one is kept."))
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
            self.asked.emit(first, last)
