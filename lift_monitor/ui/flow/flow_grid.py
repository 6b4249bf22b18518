"""Things of one height in rows, as many in a row as there is room for."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled

_NO_MAXIMUM: Final = 16777215
"""Qt's QWIDGETSIZE_MAX."""


class FlowGrid(QWidget, Styled):
    """Places its widgets one after another, and breaks; its height follows from its width."""

    def __init__(self, gap: int = 6) -> None:
        super().__init__()
        self._gap = gap
        self._items: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_items(self, items: list[QWidget]) -> None:
        """Place these; others that were here are hidden."""
        if items != self._items:
            for old in self._items:
                if old not in items:
                    old.hide()
            for item in items:
                if item.parent() is not self:
                    item.setParent(self)
                item.show()
            self._items = items
        self._settle()

    def set_style(self, style: Style) -> None:
        """Place anew: the sizes have changed."""
        for item in self._items:
            if isinstance(item, Styled):
                item.set_style(style)
        self._settle()

    def _settle(self) -> None:
        self.updateGeometry()
        self._walk(self.width(), place=True)

    def event(self, event: QEvent) -> bool:
        """Something inside asks for another size: place anew."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._settle()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break anew."""
        super().resizeEvent(event)
        self._walk(self.width(), place=True)

    def hasHeightForWidth(self) -> bool:
        """It has."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What the rows take."""
        return self._walk(width, place=False)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(10, self._walk(max(self.width(), 1), place=False))

    def minimumSizeHint(self) -> QSize:
        """As wide as its widest widget."""
        widest = max((_size(i).width() for i in self._items), default=10)
        return QSize(widest, self._walk(max(self.width(), widest), place=False))

    def _walk(self, width: int, *, place: bool) -> int:
        x = y = row = 0
        for item in self._items:
            size = _size(item)
            if x and x + size.width() > width:
                x, y, row = 0, y + row + self._gap, 0
            if place:
                item.setGeometry(x, y, size.width(), size.height())
            x += size.width() + self._gap
            row = max(row, size.height())
        return max(1, y + row)


def _size(item: QWidget) -> QSize:
    """The fixed size of a widget where it has one: a style sheet forgets it when it is moved."""
    hint, most = item.sizeHint(), item.maximumSize()
    return QSize(
        most.width() if most.width() < _NO_MAXIMUM else hint.width(),
        most.height() if most.height() < _NO_MAXIMUM else hint.height(),
    )
