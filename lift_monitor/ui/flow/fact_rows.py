"""The facts of a proposal against their limits: what each of them speaks for."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from lift_monitor.events import Confidence
from lift_monitor.programme.proposal import Action, Fact
from lift_monitor.ui import tokens
from lift_monitor.ui.flow.words import action_word
from lift_monitor.ui.i18n import DASH, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled, Text, tight

_MOST_LINES: Final = 3
_UNKNOWN: Final = "not known"


def fact_state(fact: Fact) -> tuple[str, str]:
    """Shape and word of what a fact speaks for, and the colour role."""
    if fact.confidence is Confidence.NONE or fact.value == _UNKNOWN:
        return tr("○ not known"), "attention"
    if fact.supports is None:
        return tr("○ noted"), "muted"
    word = action_word(fact.supports).lower()
    if fact.supports is Action.STOP_AND_REFER:
        return f"■ {word}", "stop"
    if fact.supports in (Action.REFAMILIARISE, Action.STEP_DOWN, Action.HOLD):
        return f"▲ {word}", "attention"
    return tr("● allows: {what}", what=word), "ok"


def fact_name(fact: Fact, *, several: bool) -> str:
    """What a fact is called; with its day where the facts are of several."""
    if fact.day is None or not several:
        return fact.name
    return tr("{name}, {day}", name=fact.name, day=fact.day.isoformat())


class _Cell(Text):
    """Words that take a second line, and a third, rather than being cut."""

    def __init__(self, role: str = "", weight: str = "regular") -> None:
        super().__init__(role=role, weight=weight, wrap_lines=1)

    def say(self, text: str, role: str | None = None) -> None:
        """Change the text, and the lines with it."""
        super().say(text, role)
        self.fit_lines(1, _MOST_LINES)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break anew."""
        super().resizeEvent(event)
        self.fit_lines(1, _MOST_LINES)


class FactRows(QWidget, Styled):
    """One line a fact: name, value, limit, and the action that it speaks for."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Style()
        self._grid = tight(QGridLayout(self), 4)
        for column, share in enumerate((30, 20, 24, 26)):
            self._grid.setColumnStretch(column, share)
        heads = (tr("fact"), tr("value"), tr("limit"), tr("speaks for"))
        self._heads = [Text(head, role="muted", size=tokens.TEXT_SMALL) for head in heads]
        for column, head in enumerate(self._heads):
            self._grid.addWidget(head, 0, column)
        self.rows: list[tuple[_Cell, _Cell, _Cell, _Cell]] = []

    def set_style(self, style: Style) -> None:
        """Take the style for rows that are made later."""
        self._style = style
        self._grid.setHorizontalSpacing(style.px(10))
        self._grid.setVerticalSpacing(style.px(2))

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show facts in the order given."""
        while len(self.rows) < len(facts):
            bold = "semibold"
            row = (_Cell(), _Cell(weight=bold), _Cell(role="muted"), _Cell(weight=bold))
            for column, text in enumerate(row):
                text.set_style(self._style)
                self._grid.addWidget(text, len(self.rows) + 1, column)
            self.rows.append(row)
        several = len({fact.day for fact in facts if fact.day is not None}) > 1
        for index, row in enumerate(self.rows):
            for text in row:
                text.setVisible(index < len(facts))
            if index < len(facts):
                self._show(row, facts[index], several=several)

    def _show(self, row: tuple[_Cell, _Cell, _Cell, _Cell], fact: Fact, *, several: bool) -> None:
        name, value, limit, state = row
        name.say(fact_name(fact, several=several))
        low = "~ " if fact.confidence is Confidence.LOW else ""
        value.say(f"{low}{fact.value}")
        limit.say(fact.limit or DASH)
        state.say(*fact_state(fact))
        day = "" if fact.day is None else tr(" ({day})", day=fact.day.isoformat())
        doubt = tr(", low confidence") if fact.confidence is Confidence.LOW else ""
        told = f"{fact.name}: {fact.value}{doubt}; {fact.limit or DASH}; {state.full_text}{day}"
        for text in row:
            text.setToolTip(told)
