"""The end of a session: all proposals at a glance, the clinician's words, and the end itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.programme.proposal import Action
from lift_monitor.ui import tokens
from lift_monitor.ui.flow.note_field import NoteField
from lift_monitor.ui.flow.red_banner import RedBanner
from lift_monitor.ui.flow.scroll import Scroll
from lift_monitor.ui.flow.words import (
    action_level,
    action_shape,
    action_word,
    confidence_word,
    verdict_word,
)
from lift_monitor.ui.i18n import load, tr
from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import ROLE_OF_LEVEL, Button, LargeButton, Panel, Styled, Text, tight
from lift_monitor.visit.visit import Pending

_LONGEST: Final = 2000


class ProposalRow(QFrame, Styled):
    """One proposal: action, headline, what was decided; the way to its reasons, and to accept."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("proposalRow")
        self.pending: Pending | None = None
        self.action = Text(weight="bold", size=tokens.TEXT_SMALL, reserve=tr("■ STOP AND REFER"))
        self.headline = Text(weight="semibold", size=tokens.TEXT, wrap_lines=1)
        self.state = Text(role="muted", size=tokens.TEXT_SMALL)
        self.reasons = Button(tr("Reasons"), tr("The proposal with its reasons"))
        self.accept = Button(tr("Accept"), tr("Accept the proposal"), reserve=tr("Accept"))
        words = tight(QVBoxLayout(), 1)
        words.addWidget(self.headline)
        words.addWidget(self.state)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(self.action)
        row.addLayout(words, 1)
        row.addWidget(self.reasons)
        row.addWidget(self.accept)

    def set_style(self, style: Style) -> None:
        """A stop has the red edge; the others a quiet one."""
        stop = self.pending is not None and self.pending.proposal.action is Action.STOP_AND_REFER
        edge = style.theme.critical if stop else style.theme.line
        set_sheet(
            self,
            f"QFrame#proposalRow {{ background: {style.theme.raised};"
            f" border-left: 6px solid {edge}; border-radius: {style.px(6)}px; }}",
        )

    def fit(self) -> None:
        """The headline takes the lines that it needs."""
        self.headline.fit_lines(1, 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit anew."""
        super().resizeEvent(event)
        self.fit()

    def show_pending(self, pending: Pending) -> None:
        """Show a proposal."""
        self.pending = pending
        proposal, decision = pending.proposal, pending.decision
        role = ROLE_OF_LEVEL[action_level(proposal.action)]
        self.action.say(f"{action_shape(proposal.action)} {action_word(proposal.action)}", role)
        self.headline.say(proposal.headline)
        self.headline.setToolTip(proposal.headline)
        if decision is None:
            trust = confidence_word(proposal.confidence)
            self.state.say(tr("○ not decided · confidence {trust}", trust=trust), "muted")
        else:
            kg = load(decision.load_kg) if decision.load_kg is not None else ""
            told = tr("◆ {what} {kg}", what=verdict_word(decision.verdict), kg=kg).rstrip()
            if pending.outdated:
                told = tr(
                    "▲ the facts have changed since it was {what}",
                    what=verdict_word(decision.verdict),
                )
            self.state.say(told, "attention" if pending.outdated else "info")
        self.state.setToolTip(decision.reason if decision is not None else "")
        name = pending.name
        self.reasons.setAccessibleName(tr("{name}: the proposal with its reasons", name=name))
        self.accept.setAccessibleName(tr("{name}: accept the proposal", name=name))
        self.accept.setEnabled(decision is None or pending.outdated)
        self.setAccessibleName(f"{proposal.headline}. {self.state.full_text}")


class EndPanel(Panel):
    """Everything that is to be said before a session ends."""

    reasons_asked = Signal(str)
    """Key of an exercise whose proposal is to be seen."""
    accepted = Signal(object)
    """Proposal."""
    ended = Signal(str)
    """The clinician's words."""
    left = Signal()

    def __init__(self) -> None:
        super().__init__(tr("End of the session"))
        small = tokens.TEXT_SMALL
        self._style = Style()
        self._title = Text(tr("END OF THE SESSION"), role="muted", weight="semibold", size=small)
        self.rows: list[ProposalRow] = []
        self._inside = QWidget()
        self._list = tight(QVBoxLayout(self._inside), 6)
        self.urgent = RedBanner()
        self.first = Text(role="attention", weight="semibold", size=tokens.TEXT_STRONG)
        self.first.hide()
        self._none = Text(tr("No exercise was trained: there is nothing to decide."), role="muted")
        self._list.addWidget(self._none)
        self._list.addStretch(1)
        self.area = Scroll(self._inside)
        self._note_title = Text(tr("NOTE"), role="muted", weight="semibold", size=small)
        self.note = NoteField(tr("Your words on this session"), _LONGEST)
        self.state = Text(role="muted", size=small, wrap_lines=2)
        self.back = LargeButton(tr("Back"), tr("Go on with the session"), tr("Esc"))
        self.end = LargeButton(tr("End session"), tr("End the session"))
        self.end.setProperty("kind", "primary")
        foot = tight(QHBoxLayout(), 8)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.end)
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addWidget(self.urgent)
        column.addWidget(self.first)
        column.addWidget(self.area, 3)
        column.addWidget(self._note_title)
        column.addWidget(self.note, 1)
        column.addLayout(foot)
        self.back.clicked.connect(self.left)
        self.end.clicked.connect(lambda: self.ended.emit(self.note.text))

    def set_style(self, style: Style) -> None:
        """Take the style for rows that are made later."""
        super().set_style(style)
        self._style = style

    def show_pending(self, pending: tuple[Pending, ...], urgent: int = 0) -> None:
        """Show the proposals of today.

        Parameters
        ----------
        pending : tuple of Pending
        urgent : int
            How many of them are to be decided before anything is lifted.
        """
        said = tr("Decide before anything else is lifted: {n} to decide.", n=urgent)
        stop = any(
            p.proposal.action is Action.STOP_AND_REFER and p.decision is None for p in pending
        )
        self.urgent.say(said if urgent and stop else "")
        self.first.say(f"▲ {said}" if urgent and not stop else "", "attention")
        self.first.setVisible(bool(self.first.full_text))
        self._title.say(tr("PROPOSALS OF TODAY, AND THE END OF THE SESSION"))
        while len(self.rows) < len(pending):
            row = ProposalRow()
            row.reasons.clicked.connect(lambda _=False, row=row: self._look(row))
            row.accept.clicked.connect(lambda _=False, row=row: self._accept(row))
            self._list.insertWidget(self._list.count() - 1, row)
            self.rows.append(row)
        for index, row in enumerate(self.rows):
            row.setVisible(index < len(pending))
            if index < len(pending):
                row.show_pending(pending[index])
                for child in row.findChildren(QWidget):
                    if isinstance(child, Styled):
                        child.set_style(self._style)
                row.set_style(self._style)
                row.fit()
        self._none.setVisible(not pending)
        left = sum(1 for p in pending if p.decision is None)
        outdated = sum(1 for p in pending if p.outdated)
        said = tr("Everything is decided.")
        if left:
            said = tr("▲ {n} not decided: what stood before stands.", n=left)
        if outdated:
            said += " " + tr("▲ {n} decided on facts that have changed since.", n=outdated)
        self.state.say(said if pending else "", "attention" if left or outdated else "muted")

    def _look(self, row: ProposalRow) -> None:
        if row.pending is not None:
            self.reasons_asked.emit(row.pending.proposal.exercise)

    def _accept(self, row: ProposalRow) -> None:
        if row.pending is not None:
            self.accepted.emit(row.pending.proposal)
