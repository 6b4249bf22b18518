"""The house's red: a ground that is kept for *stop*, with shape, word and sentence."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from lift_monitor.ui import tokens
from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import Styled, Text

_MOST_LINES: Final = 3


class RedBanner(QFrame, Styled):
    """Stands still: nobody is lifting who would have to be stopped at once."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("red")
        self.text = Text(weight="bold", size=tokens.TEXT_STRONG, wrap_lines=1)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.text)
        self.hide()

    def set_style(self, style: Style) -> None:
        """Take colours and paddings."""
        t = style.theme
        set_sheet(
            self,
            f"QFrame#red {{ background: {t.critical}; border-radius: {style.px(6)}px; }}"
            f"QFrame#red QLabel {{ color: {t.on_critical}; }}",
        )
        self._row.setContentsMargins(style.px(16), style.px(10), style.px(16), style.px(10))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the sentence needs."""
        super().resizeEvent(event)
        self.text.fit_lines(1, _MOST_LINES)

    def say(self, sentence: str) -> None:
        """Show a sentence; an empty one hides the banner."""
        self.text.say(f"■ {sentence}" if sentence else "")
        self.text.fit_lines(1, _MOST_LINES)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))
