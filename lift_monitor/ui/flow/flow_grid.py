"""Things of one height in rows, as many in a row as there is room for."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled

_NO_MAXIMUM: Final = 16777215
"""Qt's QWIDGETSIZE_MAX."""


class FlowGrid(QWidget, Styled):
    """Places its widgets one after another, and breaks; as high as it takes."""

    def __init__(self, gap: int = 6) -> None:
        super().__init__()
        self._gap = gap
        self._items: list[QWidget] = []

    def set_items(self, items: list[QWidget]) -> None:
        """Place these; others that were here are hidden."""
        for old in self._items:
            if old not in items:
                old.hide()
        self._items = items
        for item in items:
            item.setParent(self)
            item.show()
        self._place()

    def set_style(self, style: Style) -> None:
        """Place anew: the sizes have changed."""
        for item in self._items:
            if isinstance(item, Styled):
                item.set_style(style)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break anew."""
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(10, self.height())

    def minimumSizeHint(self) -> QSize:
        """As wide as its widest widget."""
        return QSize(max((_size(i).width() for i in self._items), default=10), self.height())

    def _place(self) -> None:
        x = y = row = 0
        for item in self._items:
            size = _size(item)
            item.resize(size)
            if x and x + size.width() > self.width():
                x, y, row = 0, y + row + self._gap, 0
            item.move(x, y)
            x += size.width() + self._gap
            row = max(row, size.height())
        self.setFixedHeight(max(1, y + row))


def _size(item: QWidget) -> QSize:
    """The fixed size of a widget where it has one: a style sheet forgets it when it is moved."""
    hint, most = item.sizeHint(), item.maximumSize()
    return QSize(
        most.width() if most.width() < _NO_MAXIMUM else hint.width(),
        most.height() if most.height() < _NO_MAXIMUM else hint.height(),
    )
