"""Accept, change or reject: a change and a rejection need a reason."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from lift_monitor.programme.plates import HEAVIEST_KG
from lift_monitor.programme.proposal import Action, Proposal
from lift_monitor.programme.record import Verdict
from lift_monitor.ui import tokens
from lift_monitor.ui.fields import Field, Stepper
from lift_monitor.ui.flow.next_box import PLATE_KG
from lift_monitor.ui.flow.quick_reasons import QuickReasons, reason_line, said
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, LargeButton, Styled, Text, tight


class _Foot(QStackedWidget):
    """As high as the page that is shown: reasons are read until they are asked for."""

    def sizeHint(self) -> QSize:
        """Of the page that is shown."""
        return self._page().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Of the page that is shown."""
        return self._page().minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        """Where the page that is shown has."""
        return self._page().hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        """Of the page that is shown."""
        return self._page().heightForWidth(width)

    def _page(self) -> QWidget:
        return self.currentWidget() or self


class DecideBox(QWidget, Styled):
    """Three buttons; two of them ask why, and one what else."""

    decided = Signal(object, str, object, object)
    """:class:`Verdict`, reason, load in kg or ``None``, rung or ``None``."""

    def __init__(self) -> None:
        super().__init__()
        self._proposal: Proposal | None = None
        self._verdict = Verdict.CHANGED
        self.accept = LargeButton(tr("Accept"), tr("Accept the proposal"), "", tr("Accept"))
        self.accept.setProperty("kind", "primary")
        self.change = LargeButton(
            tr("Change…"), tr("Change the proposal and say why"), "", tr("Go on with…")
        )
        self.reject = LargeButton(tr("Reject…"), tr("Reject the proposal and say why"))
        self.load = Stepper(tr("Load to use instead"), 0.0, HEAVIEST_KG, PLATE_KG, tr("kg"))
        self.rung = Stepper(tr("Rung to use instead"), 1, 30, 1)
        self._load_field = Field(tr("Load instead"), self.load)
        self._rung_field = Field(tr("Rung instead"), self.rung)
        self.reason = reason_line()
        self.confirm = LargeButton(tr("Confirm"), tr("Confirm the decision"), "", tr("Change"))
        self.confirm.setProperty("kind", "primary")
        self.cancel = LargeButton(tr("Back"), tr("Decide nothing now"), tr("Esc"))
        self.reasons = QuickReasons(self.reason)
        self.quick = self.reasons.buttons
        self.foot = _Foot()
        self._lay_out()
        self.accept.clicked.connect(lambda: self._emit(Verdict.ACCEPTED, ""))
        self.change.clicked.connect(lambda: self._ask(Verdict.CHANGED))
        self.reject.clicked.connect(lambda: self._ask(Verdict.REJECTED))
        self.confirm.clicked.connect(self._confirm)
        self.cancel.clicked.connect(self.close_question)
        self.reason.textChanged.connect(self._settle)
        self.reason.returnPressed.connect(self._confirm)
        self.load.changed.connect(self._settle)
        self.rung.changed.connect(self._settle)

    def _lay_out(self) -> None:
        ready, asking = QWidget(), QWidget()
        row = tight(QHBoxLayout(ready), 8)
        row.addStretch(1)
        for button in (self.reject, self.change, self.accept):
            row.addWidget(button)
        column = tight(QVBoxLayout(asking), 6)
        self._question = Text(weight="semibold", size=tokens.TEXT)
        column.addWidget(self._question)
        column.addWidget(self.reasons)
        row = tight(QHBoxLayout(), 8)
        row.addWidget(self._load_field)
        row.addWidget(self._rung_field)
        row.addWidget(Field(tr("Reason"), self.reason), 1)
        row.addWidget(self.cancel)
        row.addWidget(self.confirm)
        column.addLayout(row)
        self.foot.addWidget(ready)
        self.foot.addWidget(asking)
        tight(QVBoxLayout(self), 0).addWidget(self.foot)

    def set_style(self, style: Style) -> None:
        """Break the reasons anew."""
        self.reasons.set_style(style)

    @property
    def asking(self) -> bool:
        """Whether a reason is being asked for."""
        return self.foot.currentIndex() == 1

    def show_proposal(self, proposal: Proposal) -> None:
        """Decide on another proposal."""
        if proposal != self._proposal:
            self.close_question()
        self._proposal = proposal
        stop = proposal.action is Action.STOP_AND_REFER
        self.accept.setText(tr("Stop") if stop else tr("Accept"))
        self.accept.setProperty("kind", "critical" if stop else "primary")
        self.accept.setAccessibleName(tr("Accept: stop") if stop else tr("Accept the proposal"))
        # Rejected would leave the stop as it stands: to go on is a decision of its own.
        self.change.setText(tr("Go on with…") if stop else tr("Change…"))
        self.change.setAccessibleName(
            tr("Go on all the same, and say why") if stop else tr("Change the proposal and say why")
        )
        self.reject.setVisible(not stop)
        _polish(self.accept, self.change)
        self.load.set_value(proposal.load_kg or proposal.load_before_kg or 0.0)
        self.rung.set_value((proposal.rung or 0) + 1)
        self.change.setEnabled(stop or self._loads or self._rungs)

    @property
    def _loads(self) -> bool:
        return self._proposal is not None and self._proposal.load_kg is not None

    @property
    def _rungs(self) -> bool:
        return self._proposal is not None and self._proposal.rung is not None

    @property
    def _stop(self) -> bool:
        proposal = self._proposal
        return proposal is not None and proposal.action is Action.STOP_AND_REFER

    def close_question(self) -> None:
        """Ask for no reason any more; nothing is decided."""
        was = self.asking
        self.foot.setCurrentIndex(0)
        self.foot.updateGeometry()
        self.reason.clear()
        if was:
            self.accept.setFocus()

    def _ask(self, verdict: Verdict) -> None:
        self._verdict = verdict
        changing = verdict is Verdict.CHANGED
        self._load_field.setVisible(changing and self._loads)
        self._rung_field.setVisible(changing and self._rungs)
        said = tr("Why another dose than proposed?")
        if self._stop:
            said = tr("Why is it to go on all the same? Your name stands beside it.")
        self._question.say(said if changing else tr("Why not? What stood before stays."))
        word = tr("Go on") if self._stop else tr("Change")
        self.confirm.setText(word if changing else tr("Reject"))
        self.foot.setCurrentIndex(1)
        self.foot.updateGeometry()
        self._settle()
        (self.load.field if changing and self._loads else self.reason).setFocus()

    @property
    def _changed(self) -> bool:
        """Whether something else than what is proposed was chosen."""
        proposal = self._proposal
        if proposal is None:
            return False
        if self._stop:
            return True
        if self._loads:
            return self.load.value != proposal.load_kg
        return round(self.rung.value) - 1 != proposal.rung

    def _settle(self) -> None:
        ready = bool(self.reason.text().strip())
        if self._verdict is Verdict.CHANGED:
            ready = ready and self._changed
        self.confirm.setEnabled(ready)

    def _confirm(self) -> None:
        self.load.commit()
        self.rung.commit()
        self._settle()
        reason = said(self.reason)
        if self.confirm.isEnabled() and self.asking:
            self._emit(self._verdict, reason)

    def _emit(self, verdict: Verdict, reason: str) -> None:
        changing = verdict is Verdict.CHANGED
        kg = self.load.value if changing and self._loads else None
        rung = round(self.rung.value) - 1 if changing and self._rungs else None
        self.close_question()
        self.decided.emit(verdict, reason, kg, rung)


def _polish(*buttons: Button) -> None:
    for button in buttons:
        button.style().unpolish(button)
        button.style().polish(button)
