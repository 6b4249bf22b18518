"""A visit on the screen: the day on the left, and in the middle what is asked when it is time.

The window places :attr:`SessionFlow.aside` and :attr:`SessionFlow.pane`, hands every update of
the station to :meth:`SessionFlow.take`, and shows the pane when it is wanted. Nothing here is
modal, and nothing that is being written is taken away: only the rest gives way to a set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget

from lift_monitor.clinic.errors import BusyError, ClinicError
from lift_monitor.clinic.words import StoredSet
from lift_monitor.programme.prescription import Prescription
from lift_monitor.programme.proposal import Proposal
from lift_monitor.programme.record import EventGrade, Verdict
from lift_monitor.station_words import StationStatus, StationUpdate
from lift_monitor.ui.flow.adverse_form import AdverseForm
from lift_monitor.ui.flow.change_form import ChangeForm
from lift_monitor.ui.flow.end_panel import EndPanel
from lift_monitor.ui.flow.proposal_panel import ProposalPanel
from lift_monitor.ui.flow.rest_panel import RestPanel
from lift_monitor.ui.flow.today_panel import TodayPanel
from lift_monitor.ui.flow.words import grade_word, verdict_word
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.text import Panel
from lift_monitor.visit.agenda import SetDone, remaining
from lift_monitor.visit.visit import Pending, Visit


class FlowPane(QStackedWidget):
    """One of the panels; Esc goes back."""

    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back, like the panel's own button."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class SessionFlow(QObject):
    """Panels of one visit, and what is done when they are pressed.

    Parameters
    ----------
    visit : Visit
    parent : QObject, optional
    """

    pane_wanted = Signal(bool)
    """Show :attr:`pane`, or the live view."""
    exercise_chosen = Signal(str)
    """Another exercise is done from here on: the station is to be told."""
    load_chosen = Signal()
    """Another load is on the bar for the next set: the station is to be told."""
    decided = Signal(str)
    """Key of an exercise on whose proposal was decided."""
    ended = Signal()
    """The visit is over."""
    failed = Signal(str)
    """One sentence: what could not be done."""
    busy = Signal(str, object)
    """One sentence: another program held the records; and a callable that tries once more."""
    noted = Signal(str)
    """One sentence: what was done."""

    def __init__(self, visit: Visit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.visit = visit
        self.aside = TodayPanel()
        self.pane = FlowPane()
        self.rest, self.proposal = RestPanel(), ProposalPanel()
        self.adverse, self.end, self.change = AdverseForm(), EndPanel(), ChangeForm()
        for panel in (self.rest, self.proposal, self.adverse, self.end, self.change):
            self.pane.addWidget(panel)
        self._shown: int | None = None
        self._wanted = False
        self._asked_from: Panel = self.rest
        self._lifting = False
        self._connect()
        sets = visit.sets()
        if sets:
            self._shown = sets[-1].id
        self.refresh()
        # Whoever made this has connected what it tells by then.
        QTimer.singleShot(0, self, self._show_urgent)

    def _show_urgent(self) -> None:
        """Stops and returns from an absence are decided before anything is lifted."""
        found: list[Pending] = []
        if self._do(lambda: found.extend(self.visit.urgent())) and found:
            self.show_end()

    def _connect(self) -> None:
        aside, rest, proposal = self.aside, self.rest, self.proposal
        aside.exercise_asked.connect(self.choose)
        aside.rest_asked.connect(self.show_last_set)
        aside.proposals_asked.connect(self.show_end)
        aside.adverse_asked.connect(self.show_adverse)
        aside.end_asked.connect(self.show_end)
        rest.answered.connect(self._answer)
        rest.repetition_pressed.connect(self._press_repetition)
        rest.repetition_added.connect(lambda s: self._do(lambda: self.visit.add_repetition(s)))
        rest.undone.connect(lambda s: self._do(lambda: self.visit.undo(s)))
        rest.set_removed.connect(self._remove_set)
        rest.load_of_set.connect(lambda s, kg: self._do(lambda: self.visit.correct_load(s, kg)))
        rest.set_asked.connect(self._go)
        rest.proposal_asked.connect(self._show_proposal_of_set)
        rest.left.connect(self.show_live)
        rest.next.load_corrected.connect(self._load_next)
        rest.next.skipped.connect(lambda: self._do(self.visit.skip))
        rest.next.counted.connect(self._count_by_hand)
        rest.next.change_asked.connect(self.show_change)
        self.change.changed.connect(self._change_today)
        self.change.left.connect(self._leave_change)
        proposal.decided.connect(self._decide)
        proposal.left.connect(self._leave_proposal)
        self.adverse.stored.connect(self._adverse)
        self.adverse.left.connect(self.show_live)
        self.end.reasons_asked.connect(self.show_proposal)
        self.end.accepted.connect(lambda p: self._decide(p, Verdict.ACCEPTED, "", None, None))
        self.end.ended.connect(self._end)
        self.end.left.connect(self.show_live)
        self.pane.escaped.connect(self.back)

    # -- being told ---------------------------------------------------------------------------

    def take(self, update: StationUpdate) -> None:
        """Take what the station tells; a set that ended is asked for, one that begins is shown."""
        stored = self.visit.take(update)
        if stored:
            self._set_stored(stored[-1])
        lifting = self.visit.open_set is not None
        if lifting and not self._lifting and self.panel is self.rest:
            self._want(False)
        changed = lifting or lifting != self._lifting or bool(stored)
        self._lifting = lifting
        if changed and not (isinstance(update, StationStatus) and not stored):
            self.refresh()

    def beat(self) -> None:
        """The window's clock beats: the rest goes on."""
        if self.pane_shown and self.panel is self.rest:
            self.rest.show_rest(self.visit.rest())

    def refresh(self) -> None:
        """Bring everything to the screen."""
        try:
            today = self.visit.today()
        except ClinicError as error:  # what is measured is shown and kept all the same
            self.failed.emit(str(error))
            return
        self.aside.show_today(today)
        self.rest.show_today(today)
        self._show_set()
        self.beat()

    def _set_stored(self, done: StoredSet) -> None:
        self._shown = done.id
        if self.panel is self.rest or not self.pane_shown:
            self.pane.setCurrentWidget(self.rest)
            self._want(True)
        elif self.panel is self.end:
            self._do(self._show_pending)  # what was proposed before this set is over

    # -- which panel ----------------------------------------------------------------------------

    @property
    def panel(self) -> Panel:
        """The panel that the pane holds."""
        found = self.pane.currentWidget()
        assert isinstance(found, Panel)
        return found

    @property
    def pane_shown(self) -> bool:
        """Whether the pane is to be seen in place of the live view."""
        return self._wanted

    def _want(self, wanted: bool) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self.pane_wanted.emit(wanted)

    def _show(self, panel: Panel) -> None:
        self.pane.setCurrentWidget(panel)
        self._want(True)

    def show_live(self) -> None:
        """Back to what is measured."""
        self.pane.setCurrentWidget(self.rest)
        self._want(False)

    def back(self) -> None:
        """One step back: a question that is asked first, then the panel."""
        if self.panel is self.proposal and self.proposal.decide.asking:
            self.proposal.decide.close_question()
        elif self.panel is self.proposal:
            self._leave_proposal()
        elif self.panel is self.change:
            self._leave_change()
        else:
            self.show_live()

    def show_last_set(self) -> None:
        """Ask about the last set; a set of impacts that is going on is over by that."""
        going_on = self.visit.open_set
        if going_on is not None and going_on[0].is_impact:
            self.visit.close_set()
        sets = self.visit.sets()
        self._shown = sets[-1].id if sets else None
        self.refresh()
        self._show(self.rest)
        self.beat()

    def show_adverse(self) -> None:
        """Open the form of an adverse event."""
        if self._do(lambda: self.adverse.open(self.visit.today())):
            self._show(self.adverse)

    def show_change(self) -> None:
        """Open the form that changes what is prescribed today."""
        if self._do(lambda: self.change.open(self.visit.plan, *self.visit.to_change())):
            self._show(self.change)

    def _leave_change(self) -> None:
        self._show(self.rest)

    def show_end(self) -> None:
        """All proposals of today, and the end."""
        if self._do(self._show_pending):
            self._show(self.end)

    def _show_pending(self) -> None:
        self.end.show_pending(self.visit.to_decide(), len(self.visit.urgent()))

    def show_proposal(self, exercise: str) -> None:
        """The proposal for one exercise, with its reasons."""
        try:
            pending = self.visit.proposal(exercise)
        except KeyError:
            self.failed.emit(tr("Nothing is proposed for this exercise."))
            return
        except ClinicError as error:
            self.failed.emit(str(error))
            return
        self._asked_from = self.panel
        self.proposal.show_pending(pending)
        self._show(self.proposal)

    def _show_proposal_of_set(self) -> None:
        done = self._set()
        if done is not None:
            self.show_proposal(done.new.exercise)

    def _leave_proposal(self) -> None:
        if self._asked_from is self.end:
            self.show_end()
        else:
            self._show(self.rest)

    # -- the set that is shown ------------------------------------------------------------------

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
        if done.id != self.rest.set_id:
            self._finish_typing()
        wanted = self.visit.prescription(done.new.exercise)
        of = sum(1 for s in wanted.sets if s.kind is done.new.kind)
        self.rest.show_set(done, wanted.name, self.visit.unwatched(done.id), of=of)
        self.rest.show_place(sets.index(done), len(sets))
        over = remaining(wanted, [SetDone(s.new.kind, s.new.number) for s in self._of(wanted)]) == 0
        self.rest.suggest_proposal(over)

    def _finish_typing(self) -> None:
        """What is being typed is of the set that was shown so far, not of the next one."""
        typed = QApplication.focusWidget()
        if isinstance(typed, QLineEdit) and self.rest.isAncestorOf(typed):
            typed.clearFocus()

    def _of(self, wanted: Prescription) -> tuple[StoredSet, ...]:
        return self.visit.sets(wanted.exercise)

    def _go(self, way: int) -> None:
        sets = self.visit.sets()
        at = next((i for i, s in enumerate(sets) if s.id == self._shown), len(sets) - 1) + way
        if 0 <= at < len(sets):
            self._shown = sets[at].id
            self._show_set()

    # -- what is pressed ------------------------------------------------------------------------

    def _do(
        self,
        what: Callable[[], object],
        done: Callable[[], object] | None = None,
        again: Callable[[], object] | None = None,
    ) -> bool:
        """Do something, tell why it could not be done, and show what is now.

        Parameters
        ----------
        what : callable
        done : callable, optional
            What follows if it could be done.
        again : callable, optional
            Tries once more, where another program was in the way; by default the same anew.
        """
        try:
            what()
        except BusyError as error:
            self.busy.emit(str(error), again or (lambda: self._do(what, done)))
            self.refresh()
            return False
        except (ClinicError, ValueError) as error:
            self.failed.emit(str(error))
            self.refresh()
            return False
        self.refresh()
        if done is not None:
            done()
        return True

    def choose(self, exercise: str) -> None:
        """Do another exercise from here on."""
        before = self.visit.current
        if self._do(lambda: self.visit.choose(exercise)) and self.visit.current != before:
            self.exercise_chosen.emit(exercise)

    def _answer(self, set_id: int, fields: dict[str, object]) -> None:
        self._do(lambda: self.visit.rate(set_id, **fields))

    def _press_repetition(self, repetition: int, counts: bool) -> None:
        way = self.visit.take_out if counts else self.visit.put_back
        self._do(lambda: way(repetition))

    def _remove_set(self, set_id: int) -> None:
        reason = tr("the clinician says that it was not a set")
        told = tr("The set does not count any more. It is kept in the record.")
        self._do(lambda: self.visit.remove_set(set_id, reason), lambda: self.noted.emit(told))

    def _load_next(self, kg: float) -> None:
        if self._do(lambda: self.visit.set_load(kg)):
            self.load_chosen.emit()

    def _change_today(self, exercise: str, reason: str, differs: dict[str, Any]) -> None:
        before = self.visit.current

        def done() -> None:
            name = self.visit.plan.exercise(exercise).name
            told = tr("{name}: changed for today.", name=name)
            if differs.get("left_out"):
                told = tr("{name}: left out today.", name=name)
            self.noted.emit(told)
            self._leave_change()
            current = self.visit.current
            if current is not None and current != before:
                self.exercise_chosen.emit(current)
            else:
                self.load_chosen.emit()

        self._do(lambda: self.visit.change_today(exercise, reason, **differs), done)

    def _count_by_hand(self, repetitions: int) -> None:
        def do() -> None:
            self._shown = self.visit.add_set(repetitions).id

        self._do(do)

    def _adverse(self, grade: EventGrade, words: str, exercise: str) -> None:
        def done() -> None:
            self.noted.emit(tr("{grade} adverse event kept.", grade=grade_word(grade)))
            self.show_live()

        self._do(lambda: self.visit.adverse(grade, words, exercise), done)

    def _decide(
        self,
        proposal: Proposal,
        verdict: Verdict,
        reason: str,
        kg: float | None,
        rung: int | None,
    ) -> None:
        pending = self._pending(proposal.exercise)
        if pending is not None and pending.proposal != proposal:
            self._show_anew(pending)
            self.failed.emit(
                tr("Nothing is decided: the facts have changed meanwhile. Look at what is new.")
            )
            return

        def do() -> None:
            self.visit.decide(proposal, verdict, reason=reason, load_kg=kg, rung=rung)

        def again() -> None:  # the facts may be others by then
            self._decide(proposal, verdict, reason, kg, rung)

        if not self._do(do, again=again):
            return
        pending = self._pending(proposal.exercise)
        name = pending.name if pending is not None else proposal.exercise
        self.noted.emit(tr("{name}: {what}.", name=name, what=verdict_word(verdict)))
        self.decided.emit(proposal.exercise)
        if pending is not None:
            self._show_anew(pending)

    def _show_anew(self, pending: Pending) -> None:
        """Show what is proposed now where the one before was shown."""
        if self.panel is self.end:
            self.show_end()
        else:
            self.proposal.show_pending(pending)

    def _pending(self, exercise: str) -> Pending | None:
        try:
            return self.visit.proposal(exercise)
        except (KeyError, ClinicError):
            return None

    def _end(self, note: str) -> None:
        self._do(lambda: self.visit.end(note), self.ended.emit)
