"""All that a visit asks and tells beside the live view: rest, proposals, adverse event, end.

The window hands a station's updates to the visit and calls :meth:`RestPage.refresh`; what is
pressed here is done here, on the visit. Nothing is modal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from lift_monitor.clinic.errors import ClinicError
from lift_monitor.clinic.words import StoredSet
from lift_monitor.programme.proposal import Proposal
from lift_monitor.programme.record import EventGrade, Verdict
from lift_monitor.ui import tokens
from lift_monitor.ui.flow.adverse_form import AdverseForm
from lift_monitor.ui.flow.end_panel import EndPanel
from lift_monitor.ui.flow.proposal_panel import ProposalPanel
from lift_monitor.ui.flow.rest_panel import RestPanel
from lift_monitor.ui.flow.words import grade_word, verdict_word
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled, Text, tight
from lift_monitor.visit.visit import Pending, Visit

PAGES: Final = ("rest", "proposals", "adverse", "end")


class RestPage(QWidget, Styled):
    """One of four panels, and a line that says what was done or could not be done.

    Parameters
    ----------
    visit : Visit
    """

    watch_asked = Signal()
    """Back to the live view."""
    changed = Signal()
    """Something was stored or chosen: the day and the next load may be others."""
    ended = Signal()
    """The visit is over."""

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit
        self.rest, self.proposal = RestPanel(), ProposalPanel()
        self.adverse, self.end = AdverseForm(), EndPanel()
        self._panels = dict(
            zip(PAGES, (self.rest, self.proposal, self.adverse, self.end), strict=True)
        )
        self._stack = QStackedWidget()
        for panel in self._panels.values():
            self._stack.addWidget(panel)
        self.said = Text(size=tokens.TEXT, weight="semibold", name=tr("Message"))
        column = tight(QVBoxLayout(self), 4)
        column.addWidget(self._stack, 1)
        column.addWidget(self.said)
        self._shown: int | None = None
        self._newest: int | None = None
        self._from_end = False
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        rest = self.rest
        rest.answered.connect(lambda s, fields: self._do(lambda: self.visit.rate(s, **fields)))
        rest.repetition_pressed.connect(self._press_repetition)
        rest.repetition_added.connect(lambda s: self._do(lambda: self.visit.add_repetition(s)))
        rest.undone.connect(lambda s: self._do(lambda: self.visit.undo(s)))
        rest.set_removed.connect(self._remove_set)
        rest.load_of_set.connect(lambda s, kg: self._do(lambda: self.visit.correct_load(s, kg)))
        rest.set_asked.connect(self._go)
        rest.proposal_asked.connect(self._open_proposal_of_set)
        rest.left.connect(self.watch_asked)
        rest.next.load_corrected.connect(lambda kg: self._do(lambda: self.visit.set_load(kg)))
        rest.next.skipped.connect(lambda: self._do(self.visit.skip))
        rest.next.counted.connect(lambda n: self._do(lambda: self.visit.add_set(n)))
        self.proposal.decided.connect(self._decide)
        self.proposal.left.connect(self.back)
        self.adverse.stored.connect(self._adverse)
        self.adverse.left.connect(self.open_rest)
        self.end.reasons_asked.connect(self.open_proposals)
        self.end.accepted.connect(lambda p: self._decide(p, Verdict.ACCEPTED, "", None, None))
        self.end.ended.connect(self._end)
        self.end.left.connect(self.watch_asked)

    def set_style(self, style: Style) -> None:
        """Keep the line's height, so that nothing moves when something is said."""
        self.said.set_style(style)
        self.said.setFixedHeight(self.said.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes one step back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back()
        else:
            super().keyPressEvent(event)

    # -- which page -----------------------------------------------------------------------------

    @property
    def page(self) -> str:
        """One of :data:`PAGES`."""
        return PAGES[self._stack.currentIndex()]

    @property
    def writing(self) -> bool:
        """Whether words are being written that should not be taken away."""
        asking = self.page == "proposals" and self.proposal.decide.asking
        adverse = self.page == "adverse" and bool(self.adverse.words.text)
        return asking or adverse or (self.page == "end" and bool(self.end.note.text))

    def _show(self, page: str) -> None:
        self._stack.setCurrentWidget(self._panels[page])
        self._say("")

    def open_rest(self) -> None:
        """Ask about the last set."""
        sets = self.visit.sets()
        self._shown = sets[-1].id if sets else None
        self._show("rest")
        self.refresh()

    def open_proposals(self, exercise: str | None = None) -> None:
        """The proposal for one exercise with its reasons, or all of today with the end.

        Parameters
        ----------
        exercise : str, optional
            Key.
        """
        if exercise is None:
            self.open_end()
            return
        found: list[Pending] = []
        if not self._do(lambda: found.append(self.visit.proposal(exercise))):
            return
        self._from_end = self.page == "end"
        self.proposal.show_pending(found[0])
        self._show("proposals")

    def open_adverse(self) -> None:
        """The form of an adverse event, empty."""
        self.adverse.open(self.visit.today())
        self._show("adverse")

    def open_end(self) -> None:
        """All proposals of today, the clinician's words, and the end."""
        if self._do(lambda: self.end.show_pending(self.visit.to_decide())):
            self._show("end")

    def back(self) -> None:
        """One step back: out of a question first, then out of the page."""
        if self.page == "proposals" and self.proposal.decide.asking:
            self.proposal.decide.close_question()
        elif self.page == "proposals" and self._from_end:
            self.open_end()
        elif self.page in ("proposals", "adverse"):
            self.open_rest()
        else:
            self.watch_asked.emit()

    def _open_proposal_of_set(self) -> None:
        done = self._set()
        if done is not None:
            self.open_proposals(done.new.exercise)

    # -- what is shown ----------------------------------------------------------------------------

    def refresh(self, now: datetime | None = None) -> None:
        """Bring the rest and the sets up to date; a set that is new is the one that is shown.

        Parameters
        ----------
        now : datetime, optional
            By default the visit's clock.
        """
        sets = self.visit.sets()
        newest = sets[-1].id if sets else None
        if newest != self._newest:
            self._newest = self._shown = newest
        self.rest.show_today(self.visit.today())
        self.rest.show_rest(self.visit.rest(now))
        self._show_set()

    def _set(self) -> StoredSet | None:
        return next((s for s in self.visit.sets() if s.id == self._shown), None)

    def _show_set(self) -> None:
        sets = self.visit.sets()
        done = self._set()
        if done is None and sets:
            done, self._shown = sets[-1], sets[-1].id
        if done is None:
            self.rest.show_set(None)
            self.rest.show_place(0, 0)
            return
        wanted = self.visit.prescription(done.new.exercise)
        of = sum(1 for s in wanted.sets if s.kind is done.new.kind)
        self.rest.show_set(done, wanted.name, self.visit.unwatched(done.id), of=of)
        self.rest.show_place(sets.index(done), len(sets))

    def _go(self, way: int) -> None:
        sets = self.visit.sets()
        at = next((i for i, s in enumerate(sets) if s.id == self._shown), len(sets) - 1) + way
        if 0 <= at < len(sets):
            self._shown = sets[at].id
            self._show_set()

    def _say(self, sentence: str, role: str = "attention") -> None:
        shape = {"attention": "▲", "ok": "●"}[role]
        self.said.say(f"{shape} {sentence}" if sentence else "", role)
        self.said.setToolTip(sentence)

    # -- what is pressed --------------------------------------------------------------------------

    def _do(self, what: Callable[[], object]) -> bool:
        """Do something, or say in one sentence why it could not be done; then show what is."""
        try:
            what()
        except (ClinicError, ValueError) as error:
            self._say(str(error))
            done = False
        else:
            self._say("")
            done = True
        self.refresh()
        self.changed.emit()
        return done

    def _press_repetition(self, repetition: int, counts: bool) -> None:
        way = self.visit.take_out if counts else self.visit.put_back
        self._do(lambda: way(repetition))

    def _remove_set(self, set_id: int) -> None:
        reason = tr("the clinician says that it was not a set")
        if self._do(lambda: self.visit.remove_set(set_id, reason)):
            self._say(tr("The set does not count any more. It is kept in the record."), "ok")

    def _adverse(self, grade: EventGrade, words: str, exercise: str) -> None:
        if self._do(lambda: self.visit.adverse(grade, words, exercise)):
            self.open_rest()
            self._say(tr("{grade} adverse event kept.", grade=grade_word(grade)), "ok")

    def _decide(
        self,
        proposal: Proposal,
        verdict: Verdict,
        reason: str,
        kg: float | None,
        rung: int | None,
    ) -> None:
        found: list[Pending] = []

        def do() -> None:
            self.visit.decide(proposal, verdict, reason=reason, load_kg=kg, rung=rung)
            found.append(self.visit.proposal(proposal.exercise))

        if not self._do(do):
            return
        if self.page == "end":
            self.open_end()
        else:
            self.proposal.show_pending(found[0])
        self._say(tr("{name}: {what}.", name=found[0].name, what=verdict_word(verdict)), "ok")

    def _end(self, note: str) -> None:
        if self._do(lambda: self.visit.end(note)):
            self.ended.emit()
