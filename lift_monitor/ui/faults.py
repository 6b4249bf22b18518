"""A list of faults with value and what to do; used for the technical list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.readings import Fault, Level
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import (
    ROLE_OF_LEVEL,
    SHAPE_OF_LEVEL,
    Panel,
    Styled,
    Text,
    tight,
    word_of_level,
)
from lift_monitor.ui.wording import fault_text, fault_title

_ROWS = 4


class _Row(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.shape = Text("●", weight="semibold", reserve="▲")
        self.title = Text(weight="semibold")
        self.state = Text(role="muted", size=tokens.TEXT_SMALL, align=Qt.AlignmentFlag.AlignRight)
        self.text = Text(role="muted", size=tokens.TEXT_SMALL, wrap_lines=2)
        first = tight(QHBoxLayout(), 8)
        first.addWidget(self.shape)
        first.addWidget(self.title, 1)
        first.addWidget(self.state)
        column = tight(QVBoxLayout(self), 2)
        column.addLayout(first)
        column.addWidget(self.text)

    def show_fault(self, fault: Fault) -> None:
        level = fault.level if fault.active else Level.INFO
        self.shape.say(SHAPE_OF_LEVEL[level] if fault.active else "○", ROLE_OF_LEVEL[level])
        self.title.say(fault_title(fault), "" if fault.active else "muted")
        # A technical fault never orders a set to stop: that word is for technique alone.
        word = tr("FAULT") if level is Level.STOP else word_of_level(level)
        self.state.say(word if fault.active else tr("over"))
        self.text.say(fault_text(fault))
        self.setAccessibleName(f"{fault_title(fault)}. {fault_text(fault)}")


class FaultPanel(Panel, Styled):
    """Faults, worst first; as many as there is room for, and how many more there are."""

    def __init__(self, title: str, nothing: str) -> None:
        super().__init__(title)
        self._nothing = nothing
        self._faults: list[Fault] = []
        self._title = Text(title.upper(), role="muted", weight="semibold", size=tokens.TEXT_SMALL)
        self._more = Text(role="muted", size=tokens.TEXT_SMALL)
        head = tight(QHBoxLayout())
        head.addWidget(self._title, 1)
        head.addWidget(self._more)
        self._calm = Text(f"● {nothing}", role="ok")
        self._rows = [_Row() for _ in range(_ROWS)]
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self._calm)
        for row in self._rows:
            column.addWidget(row)
            row.hide()
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit."""
        super().resizeEvent(event)
        self._arrange()

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        super().set_style(style)
        self._arrange()

    def show_faults(self, faults: list[Fault]) -> None:
        """Show a list."""
        if faults != self._faults:
            self._faults = faults
            self._arrange()

    def _arrange(self) -> None:
        margins = self.contentsMargins()
        inner = self.layout()
        spacing = inner.spacing() if inner is not None else 0
        if inner is not None:
            margins = inner.contentsMargins()
        room = self.height() - margins.top() - margins.bottom() - self._title.sizeHint().height()
        low = self._rows[0].title.sizeHint().height() + spacing
        extra = self._rows[0].text.height() + 2
        fit = max(1, min(_ROWS, int(room // max(1, low))))
        # All titles that fit; then as many whole sentences as there is room for.
        whole = max(1, int((room - min(fit, len(self._faults)) * low) // max(1, extra)))
        self._calm.setVisible(not self._faults)
        for index, row in enumerate(self._rows):
            here = index < min(fit, len(self._faults))
            row.setVisible(here)
            row.text.setVisible(index < whole)
            if here:
                row.show_fault(self._faults[index])
        hidden = len(self._faults) - min(fit, len(self._faults))
        self._more.say(tr("+{n} more", n=hidden) if hidden else "")
