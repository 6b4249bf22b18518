"""Two columns that scroll by themselves; one above the other where there is no room."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.people.layout import Part, Scroll
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import tight

_ROOM: Final = 1250
"""Design width in pixels below which two columns are too narrow to be read."""


class Columns(Part):
    """What is filled in on the left, what follows from it on the right: both in sight.

    Parameters
    ----------
    left, right : QWidget
    names : (str, str)
        Accessible names of the two.
    shares : (int, int)
        Of the width.
    """

    def __init__(
        self, left: QWidget, right: QWidget, names: tuple[str, str], shares: tuple[int, int]
    ) -> None:
        super().__init__()
        self.scrolls = Scroll(left, names[0]), Scroll(right, names[1])
        self._shares = shares
        self._row = tight(QBoxLayout(QBoxLayout.Direction.LeftToRight, self))
        for scroll, share in zip(self.scrolls, shares, strict=True):
            scroll.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self._row.addWidget(scroll, share)

    def take_gaps(self, style: Style) -> None:
        """Take gaps, and look whether there is room."""
        self._row.setSpacing(style.px(tokens.GAP))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look whether there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        beside = self.width() >= self.style_now.px(_ROOM)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if way != self._row.direction():
            self._row.setDirection(way)
        for index, share in enumerate(self._shares if beside else (1, 1)):
            self._row.setStretch(index, share)
