"""Today: what is to be done, with what on the bar, what waits for a decision, and the beginning."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.programme.prescribe import session_number, today, week
from lift_monitor.programme.progression import before_session
from lift_monitor.programme.proposal import Proposal
from lift_monitor.programme.record import History
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import Sentence
from lift_monitor.ui.people.layout import Card, Paragraph, Scroll, Section, empty
from lift_monitor.ui.people.people_rows import stopped, undecided_exercises
from lift_monitor.ui.people.prescription_card import PrescriptionCard
from lift_monitor.ui.people.today_forms import AdverseForm, MaximumForm, MissedForm, SmallForm
from lift_monitor.ui.people.words import Look
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, LargeButton, tight

_NARROW = 620
"""Design width below which two prescriptions do not stand side by side."""


class TodayTab(Section):
    """Shows today's prescription and begins the session.

    Parameters
    ----------
    file : PersonFile
    """

    session_asked = Signal()
    by_hand_asked = Signal()
    """A session without sensors."""
    assessment_asked = Signal()
    """The person was not assessed yet."""
    decisions_asked = Signal()
    """The proposals of the last session are to be decided."""

    def __init__(self, file: PersonFile) -> None:
        super().__init__()
        self.setAccessibleName(tr("Today"))
        self._file = file
        self._wide, self._assessed = True, False
        self.head = Card(tr("Session"))
        self.title = Paragraph(size=tokens.TEXT_HEADER, weight="semibold")
        self.state = Paragraph()
        self.begin = LargeButton(tr("Begin session"), tr("Begin the session"), reserve="")
        self.begin.setProperty("kind", "primary")
        self.by_hand = Button(tr("By hand…"), tr("Begin a session without sensors"))
        self.decide = Button(tr("Decide…"), tr("Decide on the proposals of the last session"))
        self.sentence = Sentence(1)
        self.buttons = {
            "missed": Button(tr("Missed session…"), tr("Keep a missed session")),
            "maximum": Button(tr("1RM…"), tr("Keep a one-repetition maximum")),
            "adverse": Button(tr("Adverse event…"), tr("Keep an adverse event")),
        }
        self.forms: dict[str, SmallForm] = {
            "missed": MissedForm(file),
            "maximum": MaximumForm(file),
            "adverse": AdverseForm(file),
        }
        self.cards: list[PrescriptionCard] = []
        self._grid_holder = QWidget()
        self._grid = tight(QGridLayout(self._grid_holder))
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        row = self._row = Flow()
        for widget in (self.begin, self.by_hand, self.decide, *self.buttons.values()):
            row.addWidget(widget)
        line = tight(QHBoxLayout(), 12)
        line.addWidget(self.title, 2)
        line.addWidget(self.sentence, 3)
        self.head.column.addLayout(line)
        self.head.column.addWidget(self.state)
        self.head.column.addLayout(row)
        content = QWidget()
        self._column = tight(QVBoxLayout(content))
        self._column.addWidget(self.head)
        for form in self.forms.values():
            self._column.addWidget(form)
            form.hide()
        self._column.addWidget(self._grid_holder)
        self._column.addStretch(1)
        tight(QVBoxLayout(self)).addWidget(Scroll(content, tr("Today")))

    def _connect(self) -> None:
        self.begin.clicked.connect(self._begin)
        self.by_hand.clicked.connect(self.by_hand_asked)
        self.decide.clicked.connect(self.decisions_asked)
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _=False, key=key: self._open(key))
        for key, form in self.forms.items():
            form.left.connect(lambda key=key: self._close(key))
            form.kept.connect(lambda said, key=key: self._close(key, said))

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        self._row.setSpacing(style.px(8))
        self._column.setSpacing(style.px(12))
        self._grid.setSpacing(style.px(12))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look whether two cards have room side by side."""
        super().resizeEvent(event)
        self._arrange()

    # -- what is shown ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the store has."""
        history, day = self._file.history, self._file.today()
        number, planned = session_number(history), history.plan.sessions
        words = tr("Session {n} of {all}", n=number, all=planned)
        if history.sessions:
            words = tr("{words} · week {week}", words=words, week=week(history, day))
        self.title.say(words)
        prescribed, open_one = today(history, day), self.open_session
        self._assessed = history.clearance is not None
        nothing = all(p.blocked for p in prescribed)
        first = before_session(history, day) if self._assessed else ()
        waiting = undecided_exercises(history)
        self.state.say(*_state(history, first, waiting, open_one=open_one, nothing=nothing))
        caption = tr("Go on with session") if open_one else tr("Begin session")
        if not self._assessed:
            caption = tr("Assess…")
        self.begin.setText(caption)
        self.begin.setAccessibleName(caption)
        self.begin.setEnabled(open_one or not self._assessed or not nothing)
        self.by_hand.setEnabled(self._assessed and not open_one and not nothing)
        self.decide.setEnabled(bool(waiting or first or stopped(history)) and not open_one)
        self.dress(self.begin)
        empty(self._grid)
        self.cards = [PrescriptionCard(p) for p in prescribed]
        self._place()
        self.dress(self._grid_holder)

    def _begin(self) -> None:
        (self.session_asked if self._assessed else self.assessment_asked).emit()

    @property
    def open_session(self) -> bool:
        """Whether a session of this person was begun and not ended."""
        found = self._file.clinic.sessions.open_ones()
        return any(s.person_id == self._file.person_id for s in found)

    def _arrange(self) -> None:
        wide = self.width() >= 2 * self.style_now.px(_NARROW)
        if wide is not self._wide:
            self._wide = wide
            self._place()

    def _place(self) -> None:
        columns = 2 if self._wide else 1
        for index, card in enumerate(self.cards):
            self._grid.addWidget(card, index // columns, index % columns)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    # -- small forms ------------------------------------------------------------------------------

    def _open(self, key: str) -> None:
        for own, form in self.forms.items():
            form.setVisible(own == key)
        self.sentence.plain("")
        self.forms[key].open()

    def _close(self, key: str, said: str = "") -> None:
        self.forms[key].hide()
        self.buttons[key].setFocus()
        if said:
            self.sentence.done(said)


def _state(
    history: History,
    first: Sequence[Proposal],
    waiting: Sequence[str],
    *,
    open_one: bool,
    nothing: bool,
) -> Look:
    """What is to be known before a session begins, the gravest first."""
    stops = stopped(history)
    if open_one:
        return tr("▶ A session is open: it can be gone on with."), "info"
    if stops:
        return tr("■ Stop and refer. {why}", why=" ".join(stops)), "stop"
    if history.clearance is None:
        return tr("▲ Not assessed: nothing is prescribed before that."), "attention"
    if first:
        told = "; ".join(proposal.headline for proposal in first)
        return tr("▲ To be decided before anything is lifted: {what}", what=told), "attention"
    if nothing:
        return tr("■ Nothing can be done today; the reasons are below."), "stop"
    if waiting:
        names = ", ".join(history.plan.exercise(key).name for key in waiting)
        told = tr(
            "▲ Undecided from the last session: {names}. What stood still stands.", names=names
        )
        return told, "attention"
    return tr("Nothing waits for a decision."), "muted"
