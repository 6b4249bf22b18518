"""One proposal with everything that is needed to judge it, and the clinician's word on it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.events import Confidence
from lift_monitor.programme.proposal import Action
from lift_monitor.ui import tokens
from lift_monitor.ui.flow.decide_box import DecideBox
from lift_monitor.ui.flow.fact_rows import FactRows
from lift_monitor.ui.flow.red_banner import RedBanner
from lift_monitor.ui.flow.scroll import Scroll
from lift_monitor.ui.flow.words import (
    action_level,
    action_shape,
    action_word,
    confidence_word,
    join,
    phase_word,
    verdict_word,
)
from lift_monitor.ui.i18n import load as kg_or_dash
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import ROLE_OF_LEVEL, Button, Panel, Text, tight
from lift_monitor.visit.visit import Pending

_MOST_LINES: Final = 6


class ProposalPanel(Panel):
    """The proposal for one exercise."""

    decided = Signal(object, object, str, object, object)
    """Proposal, :class:`Verdict`, reason, load in kg or ``None``, rung or ``None``."""
    left = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Proposal"))
        self._pending: Pending | None = None
        small = tokens.TEXT_SMALL
        self.action = Text(weight="bold", size=tokens.TEXT)
        self.headline = Text(weight="bold", size=tokens.TEXT_HEADER, wrap_lines=2)
        self.red = RedBanner()
        self.phase = Text(role="muted", size=small)
        self.facts = FactRows()
        self.rule = Text(size=tokens.TEXT, wrap_lines=2)
        self.source = Text(role="muted", size=small, wrap_lines=2)
        self.would = Text(size=tokens.TEXT, wrap_lines=3)
        self.confidence = Text(weight="semibold", size=tokens.TEXT, wrap_lines=2)
        self.decision = Text(role="info", weight="semibold", size=tokens.TEXT, wrap_lines=1)
        self.back = Button(tr("Back"), tr("Back to the set"), tr("Esc"))
        self.decide = DecideBox()
        self._inside = QWidget()
        self.area = Scroll(self._inside)
        self._lay_out()
        self.back.clicked.connect(self.left)
        self.decide.decided.connect(self._decided)

    def _lay_out(self) -> None:
        head = tight(QHBoxLayout(), 10)
        words = tight(QVBoxLayout(), 2)
        words.addWidget(self.action)
        words.addWidget(self.headline)
        head.addLayout(words, 1)
        head.addWidget(self.back)
        inside = tight(QVBoxLayout(self._inside), 8)
        inside.addWidget(self.red)
        inside.addWidget(self.phase)
        inside.addWidget(self.facts)
        for title, texts in (
            (tr("RULE THAT FIRED"), (self.rule, self.source)),
            (tr("WHAT WOULD HAVE CHANGED IT"), (self.would,)),
            (tr("CONFIDENCE"), (self.confidence,)),
        ):
            caption = Text(title, role="muted", weight="semibold", size=tokens.TEXT_SMALL)
            inside.addWidget(caption)
            for text in texts:
                inside.addWidget(text)
        inside.addStretch(1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.area, 1)
        column.addWidget(self.decision)
        column.addWidget(self.decide)

    def set_style(self, style: Style) -> None:
        """Take gaps."""
        super().set_style(style)
        inside = self._inside.layout()
        if inside is not None:
            inside.setSpacing(style.px(8))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Sentences take the lines that they need."""
        super().resizeEvent(event)
        self._fit()

    def show_pending(self, pending: Pending) -> None:
        """Show a proposal and what was decided on it."""
        self._pending = pending
        proposal = pending.proposal
        level = action_level(proposal.action)
        word = f"{action_shape(proposal.action)} {action_word(proposal.action)}"
        said = tr("PROPOSAL · {what}", what=word)
        self.action.say(said, ROLE_OF_LEVEL[level])
        stop = proposal.action is Action.STOP_AND_REFER
        self.headline.say(pending.name if stop else proposal.headline)
        self.headline.setToolTip(proposal.headline)
        self.red.say(proposal.headline if stop else "")
        dose = tr("{n} × {m}", n=proposal.sets, m=proposal.repetitions)
        if not proposal.sets:
            dose = tr("not to be done next time")
        self.phase.say(join((phase_word(proposal.phase), dose, _before(pending))))
        self.facts.show_facts(proposal.facts)
        rule = proposal.rule
        self.rule.say(rule.text)
        self.source.say(
            tr(
                "Rule {key}, version {version} of the rules. Source: {source}.",
                key=rule.key,
                version=proposal.rules_version,
                source=rule.source.rstrip("."),
            )
        )
        self.would.say(" ".join(f"•\u00a0{sentence}" for sentence in proposal.would_change))
        why = "; ".join(proposal.confidence_reasons)
        trust = confidence_word(proposal.confidence)
        good = proposal.confidence is Confidence.HIGH and not why
        self.confidence.say(f"{trust}: {why}" if why else trust, "ok" if good else "attention")
        for text in (self.rule, self.source, self.would, self.confidence):
            text.setToolTip(text.full_text)
        self._show_decision(pending)
        self.decide.show_proposal(proposal)
        self._fit()

    def _show_decision(self, pending: Pending) -> None:
        decision = pending.decision
        if decision is None:
            self.decision.say(tr("Nothing is decided: what stood before stands."), "muted")
            return
        why = tr(" Reason: {why}.", why=decision.reason.rstrip(".")) if decision.reason else ""
        told = tr(
            "◆ {what} by {who}: {kg}.{why}",
            what=verdict_word(decision.verdict).capitalize(),
            who=decision.by,
            kg=kg_or_dash(decision.load_kg),
            why=why,
        )
        if pending.outdated:
            told = tr("▲ The facts have changed since. {told}", told=told)
        self.decision.say(told, "attention" if pending.outdated else "info")

    def _fit(self) -> None:
        for text in (
            self.headline, self.rule, self.source, self.would, self.confidence, self.decision,
        ):  # fmt: skip
            text.fit_lines(1, _MOST_LINES)

    def _decided(self, verdict: object, reason: str, kg: object, rung: object) -> None:
        if self._pending is not None:
            self.decided.emit(self._pending.proposal, verdict, reason, kg, rung)


def _before(pending: Pending) -> str:
    kg = pending.proposal.load_before_kg
    return "" if kg is None else tr("now {kg}", kg=kg_or_dash(kg))
