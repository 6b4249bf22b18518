"""The people of the clinic: who is here, what they may do, and who needs attention."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.store import Clinic
from lift_monitor.ui import tokens
from lift_monitor.ui.fields import LineField
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.add_form import AddForm
from lift_monitor.ui.people.choices import Marked
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.layout import Card, Elided, Paragraph, Part, Scroll
from lift_monitor.ui.people.people_rows import Overview, overview
from lift_monitor.ui.people.people_table import PeopleTable
from lift_monitor.ui.people.who import Who
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, LargeButton, Text, tight

_LONGEST_SEARCH = 60


class Welcome(Card):
    """What a clinician is told on the first day: what to do, in order."""

    def __init__(self) -> None:
        super().__init__(tr("First day"))
        steps = (
            tr("1  Say who is working, at the top right: it is written beside all that is kept."),
            tr(
                "2  Add a person by a pseudonym. Their name can be kept too, in a place of its own."
            ),
            tr("3  Assess them. What was not asked stays “not known” and never counts as “no”."),
            tr("4  Look at the plan, place the sensors, and begin the first session."),
        )
        self.column.addWidget(
            Paragraph(
                tr("Nobody is in this clinic yet."), size=tokens.TEXT_HEADER, weight="semibold"
            )
        )
        for step in steps:
            self.column.addWidget(Paragraph(step, size=tokens.TEXT_STRONG))
        self.add = LargeButton(tr("Add the first person"), tr("Add the first person"))
        self.add.setProperty("kind", "primary")
        row = Flow()
        row.addWidget(self.add)
        self.column.addLayout(row)
        self.column.addWidget(
            Paragraph(
                tr(
                    "The software proposes, with its reasons; you decide."
                    " No load ever changes by itself."
                ),
                role="muted",
            )
        )


class PeoplePage(Part):
    """Lists people, finds one by typing, and takes somebody in.

    Parameters
    ----------
    clinic : Clinic
    by : str
        Who is working; empty if it is to be asked.
    today : callable
        The day it is.
    """

    person_chosen = Signal(int)
    by_changed = Signal(str)
    """Somebody said who is working."""

    def __init__(
        self, clinic: Clinic, by: str = "", today: Callable[[], date] = date.today
    ) -> None:
        super().__init__()
        self.setAccessibleName(tr("People"))
        self._clinic, self._today = clinic, today
        self._all: tuple[Overview, ...] = ()
        self.who = Who(by)
        self.search = LineField(tr("Find a person"), tr("find by typing"), _LONGEST_SEARCH)
        self.archived = Marked(tr("Archived too"), tr("Show archived people too"))
        self.add = Button(tr("Add a person…"), tr("Add a person"))
        self.add.setProperty("kind", "primary")
        self.table = PeopleTable()
        self.count = Text(role="muted", size=tokens.TEXT_SMALL)
        self.nobody = Paragraph(role="muted")
        self.problem = Paragraph(role="attention")
        self.welcome = Welcome()
        self.form = AddForm(today(), clinic.people.free_pseudonym)
        self._views = QStackedWidget()
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        self._head = tight(QHBoxLayout())
        title = Elided(tr("People"), size=tokens.TEXT_HEADER, weight="semibold")
        self._head.addWidget(title, 1)
        self._head.addWidget(self.who)
        self.tools = QWidget()
        self._tools = tight(QHBoxLayout(self.tools))
        self._tools.addWidget(self.search, 1)
        self._tools.addWidget(self.archived)
        self._tools.addWidget(self.add)
        card = Card(tr("People"))
        card.title.hide()
        card.column.addWidget(self.tools)
        card.column.addWidget(self.table, 1)
        card.column.addWidget(self.nobody, 1)
        card.column.addWidget(self.count)
        self._list = card
        self._pages = [self._list, self._paged(self.welcome), self._paged(self.form)]
        for page in self._pages:
            self._views.addWidget(page)
        self._column = tight(QVBoxLayout(self))
        self._column.addLayout(self._head)
        self._column.addWidget(self.problem)
        self._column.addWidget(self._views, 1)
        self.problem.hide()

    def _paged(self, card: QWidget) -> Scroll:
        content = QWidget()
        column = tight(QVBoxLayout(content))
        column.addWidget(card)
        column.addStretch(1)
        return Scroll(content, card.accessibleName())

    def _connect(self) -> None:
        self.who.named.connect(self.by_changed)
        self.search.textChanged.connect(lambda _text: self._show())
        self.archived.toggled.connect(lambda _on: self.refresh())
        self.add.clicked.connect(self.open_form)
        self.welcome.add.clicked.connect(self.open_form)
        self.form.left.connect(self._close_form)
        self.form.add_asked.connect(self._add)
        self.table.opened.connect(self.person_chosen)

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        for layout, gap in ((self._head, 12), (self._tools, 8), (self._column, 12)):
            layout.setSpacing(style.px(gap))

    # -- who is working ---------------------------------------------------------------------------

    @property
    def by(self) -> str:
        """Who is working; empty if nobody said."""
        return self.who.by

    def set_by(self, by: str) -> None:
        """Take over who is working."""
        self.who.show_by(by)

    # -- the list ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read everybody anew."""
        try:
            people = self._clinic.people.all(archived=self.archived.isChecked())
            open_ones = {s.person_id for s in self._clinic.sessions.open_ones()}
            today = self._today()
            self._all = tuple(overview(self._clinic, p, today, p.id in open_ones) for p in people)
        except ClinicError as error:
            self.problem.say(f"▲ {error}", "attention")
            self.problem.show()
            return
        self.problem.hide()
        self._show()

    @property
    def empty(self) -> bool:
        """Whether there is nobody at all."""
        return not self._all and not self.archived.isChecked() and not self._clinic.people.all(True)

    def _show(self) -> None:
        if self._views.currentWidget() is not self._pages[2]:
            self._views.setCurrentIndex(1 if self.empty else 0)
        wanted = self.search.text().strip().casefold()
        found = [one for one in self._all if wanted in one.person.pseudonym.casefold()]
        self.table.show_people(found, self._today())
        self.table.setVisible(bool(found))
        self.nobody.setVisible(not found)
        if wanted:
            self.nobody.say(tr("Nobody is called “{typed}”.", typed=self.search.text().strip()))
        else:
            self.nobody.say(tr("Everybody is archived: show the archived ones too."))
        waiting = sum(1 for one in found if one.attention)
        told = tr("1 needs attention") if waiting == 1 else tr("{m} need attention", m=waiting)
        count = tr("1 person") if len(found) == 1 else tr("{n} people", n=len(found))
        self.count.say(f"{count} · {told}")

    def focus_first(self) -> None:
        """Give the keys to what is to be done first."""
        if not self.by:
            self.who.field.setFocus()
        elif self.empty:
            self.welcome.add.setFocus()
        else:
            self.search.setFocus()

    # -- taking somebody in -----------------------------------------------------------------------

    def open_form(self) -> None:
        """Ask for somebody new."""
        self._views.setCurrentIndex(2)
        self.form.open()

    def _close_form(self) -> None:
        self._views.setCurrentIndex(1 if self.empty else 0)
        self.focus_first()

    def _add(self) -> None:
        form = self.form
        wrong = form.wrong()
        if wrong:
            form.sentence.wrong(wrong)
            return
        if not self.by:
            form.sentence.wrong(tr("Nobody was added: say first who is working, at the top right."))
            self.who.ask()
            return
        identity = form.identity.identity if form.with_identity.isChecked() else None
        try:
            person = self._clinic.people.add(form.pseudonym.text, self.by, self._today())
            if identity is not None:
                self._clinic.people.set_identity(person.id, identity, self.by)
        except ClinicError as error:
            form.sentence.wrong(str(error))
            return
        self._views.setCurrentIndex(0)
        self.refresh()
        self.person_chosen.emit(person.id)

    def keyPressEvent(self, event: object) -> None:
        """Escape leaves the form."""
        key = getattr(event, "key", int)()
        if key == Qt.Key.Key_Escape and self._views.currentWidget() is self._pages[2]:
            self._close_form()
        else:
            super().keyPressEvent(event)  # type: ignore[arg-type]
