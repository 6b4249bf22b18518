"""One person: what they may do, what is to be done, how it went, and everything on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from lift_monitor.clinic.store import Clinic
from lift_monitor.programme.prescribe import attended_days, week
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.clearance_tab import ClearanceTab
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.identity_tab import IdentityTab
from lift_monitor.ui.people.layout import Elided, Part, Scroll, Section, Tabs
from lift_monitor.ui.people.outcomes_tab import OutcomesTab
from lift_monitor.ui.people.people_rows import phase_of
from lift_monitor.ui.people.plan_tab import PlanTab
from lift_monitor.ui.people.progress_tab import ProgressTab
from lift_monitor.ui.people.record_tab import RecordTab
from lift_monitor.ui.people.report_form import ReportForm
from lift_monitor.ui.people.today_tab import TodayTab
from lift_monitor.ui.people.who import Who
from lift_monitor.ui.people.words import clearance_look
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, tight

SECTIONS: Final = ("today", "progress", "clearance", "plan", "outcomes", "record", "identity")
"""Keys of the sections, in the order of the tabs."""


class PersonPage(Part):
    """Everything about one person.

    Parameters
    ----------
    clinic : Clinic
    person_id : int
    by : str
        Who is working; empty if it is to be asked.
    today : callable
        The day it is.
    """

    session_asked = Signal(int)
    """Number of the person whose session is to begin, or to be gone on with."""
    decisions_asked = Signal(int)
    """Number of the person whose proposals are to be decided."""
    by_hand_asked = Signal(int)
    """Number of the person who trains without sensors."""
    report_asked = Signal(int, object, object, bool, str)
    """Number of the person; first and last day of the period; whether with the name; and the
    clinician's words."""
    left = Signal()
    """Back to the people."""
    by_changed = Signal(str)
    """Somebody said who is working."""

    def __init__(
        self,
        clinic: Clinic,
        person_id: int,
        by: str = "",
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__()
        self.file = PersonFile(clinic, person_id, by, today)
        self.back = Button(tr("‹ People"), tr("Back to the people"))
        self.name = Elided(size=tokens.TEXT_HEADER, weight="semibold", name=tr("Person"))
        self.level = Elided(weight="semibold", name=tr("Clearance"), reserve=tr("● High intensity"))
        self.facts = Elided(role="muted", size=tokens.TEXT_SMALL)
        self.report = Button(tr("Report…"), tr("Make a report"))
        self.who = Who(by)
        self.tabs = Tabs(
            tr("Section"),
            [
                tr("Today"),
                tr("Progress"),
                tr("Clearance"),
                tr("Plan"),
                tr("Outcomes"),
                tr("Record"),
                tr("Person"),
            ],
        )
        self.report_form = ReportForm(self.file)
        self._report_page = self._scrolled(self.report_form)
        self._made: dict[str, Section] = {}
        self._stale: set[str] = set()
        self._sections = QStackedWidget()
        self._lay_out()
        self._connect()
        self.refresh()
        self.show_section("today")

    def _lay_out(self) -> None:
        self._head, self._second = tight(QHBoxLayout()), tight(QHBoxLayout())
        self._title = tight(QHBoxLayout())
        self._title.addWidget(self.name)
        self._title.addWidget(self.level)
        self._title.addStretch(1)
        words = tight(QVBoxLayout())
        words.addLayout(self._title)
        words.addWidget(self.facts)
        self._head.addWidget(self.back)
        self._head.addLayout(words, 1)
        self._head.addWidget(self.who)
        self._second.addWidget(self.tabs, 1)
        self._second.addWidget(self.report)
        self._column = tight(QVBoxLayout(self))
        self._column.addLayout(self._head)
        self._column.addLayout(self._second)
        self._column.addWidget(self._sections, 1)
        self._sections.addWidget(self._report_page)

    def _scrolled(self, card: QWidget) -> Scroll:
        content = QWidget()
        column = tight(QVBoxLayout(content))
        column.addWidget(card)
        column.addStretch(1)
        return Scroll(content, card.accessibleName())

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        for index, button in enumerate(self.tabs.buttons):
            button.clicked.connect(lambda _=False, i=index: self.show_section(SECTIONS[i]))
        self.who.named.connect(self.set_by)
        self.who.named.connect(self.by_changed)
        self.file.by_needed.connect(self.who.ask)
        self.file.changed.connect(self._written)
        self.report.clicked.connect(self._ask_report)
        self.report_form.left.connect(self._close_report)
        self.report_form.asked.connect(
            lambda *wish: self.report_asked.emit(self.file.person_id, *wish)
        )

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        for layout, gap in (
            (self._head, 12),
            (self._title, 16),
            (self._second, 12),
            (self._column, 12),
        ):
            layout.setSpacing(style.px(gap))

    def focus_first(self) -> None:
        """Give the keys to the section that is shown."""
        self.tabs.buttons[self.tabs.now].setFocus()

    # -- who is working ---------------------------------------------------------------------------

    @property
    def by(self) -> str:
        """Who is working; empty if nobody said."""
        return self.file.by

    def set_by(self, by: str) -> None:
        """Take over who is working."""
        self.file.by = by
        self.who.show_by(by)

    # -- what is shown ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read everything anew."""
        self.file.renew()
        self._show_head()
        self._stale = set(self._made)
        self._freshen(SECTIONS[self.tabs.now])

    def section(self, key: str) -> QWidget:
        """One section; it is made when it is first asked for."""
        if key not in self._made:
            made = self._made[key] = self._make(key)
            self._sections.addWidget(made)
            self.dress(made)
        self._freshen(key)
        return self._made[key]

    def show_section(self, key: str) -> None:
        """Show a section by its key, see :data:`SECTIONS`."""
        section = self.section(key)
        self.tabs.show_chosen(SECTIONS.index(key))
        self._sections.setCurrentWidget(section)

    @property
    def unsaved(self) -> tuple[str, ...]:
        """Sections in which something is filled in and not saved."""
        return tuple(key for key, made in self._made.items() if made.unsaved)

    def _freshen(self, key: str) -> None:
        if key in self._stale:
            self._stale.discard(key)
            self._made[key].refresh()

    def _make(self, key: str) -> Section:
        match key:
            case "today":
                today = TodayTab(self.file)
                today.session_asked.connect(lambda: self.session_asked.emit(self.file.person_id))
                today.by_hand_asked.connect(lambda: self.by_hand_asked.emit(self.file.person_id))
                today.assessment_asked.connect(lambda: self.show_section("clearance"))
                today.decisions_asked.connect(
                    lambda: self.decisions_asked.emit(self.file.person_id)
                )
                return today
            case "progress":
                return ProgressTab(self.file)
            case "clearance":
                return ClearanceTab(self.file)
            case "plan":
                return PlanTab(self.file)
            case "outcomes":
                return OutcomesTab(self.file)
            case "record":
                return RecordTab(self.file)
            case _:
                identity = IdentityTab(self.file)
                identity.archived.connect(self.left)
                return identity

    def _show_head(self) -> None:
        person, history = self.file.person, self.file.history
        archived = tr(" (archived)") if person.archived else ""
        self.name.say(person.pseudonym + archived)
        self.level.say(*clearance_look(history.clearance))
        attended = len(attended_days(history))
        parts = [
            history.plan.name,
            phase_of(history),
            tr("attended {n} of {all}", n=attended, all=history.plan.sessions),
        ]
        if history.sessions:
            parts.insert(2, tr("week {n}", n=week(history, self.file.today())))
        self.facts.say(" · ".join(parts))

    def _written(self) -> None:
        self._show_head()
        now = SECTIONS[self.tabs.now]
        # What is being filled in elsewhere is not swept away by what was saved here.
        self._stale = {key for key, made in self._made.items() if not made.unsaved} - {now}
        if now == "today":
            self._stale.add(now)
            self._freshen(now)

    # -- the report -------------------------------------------------------------------------------

    def _ask_report(self) -> None:
        self._sections.setCurrentWidget(self._report_page)
        self.report_form.open()

    def _close_report(self) -> None:
        self.show_section(SECTIONS[self.tabs.now])
        self.report.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the report's form; what is typed elsewhere is not left by a slip."""
        if event.key() == Qt.Key.Key_Escape and self.report_form.isVisible():
            self._close_report()
        else:
            super().keyPressEvent(event)
