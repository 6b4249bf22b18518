"""A row that breaks into lines where there is no room: every form at every size of type."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Items from left to right; what does not fit goes into the next line.

    A form laid out so keeps its order at every width and at every size of type.

    Parameters
    ----------
    parent : QWidget, optional
    stretch : bool
        Items of a line share its whole width in proportion to what they ask for.
    """

    def __init__(self, parent: QWidget | None = None, *, stretch: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._stretch = stretch
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Put an item at the end."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem:
        """One item; ``None`` beyond the last, as Qt wants it."""
        return self._items[index] if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def takeAt(self, index: int) -> QLayoutItem:
        """Take one item out; ``None`` beyond the last, as Qt wants it."""
        if 0 <= index < len(self._items):
            taken = self._items.pop(index)
            self.invalidate()
            return taken
        return None  # type: ignore[return-value]

    def hasHeightForWidth(self) -> bool:
        """Narrow is high."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines at a width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        gaps = max(0, len(shown) - 1) * self._gap
        height = max((hint.height() for hint in shown), default=0)
        return QSize(sum(hint.width() for hint in shown) + gaps, height)

    def minimumSize(self) -> QSize:
        """Room for the widest item."""
        shown = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(
            max((size.width() for size in shown), default=0),
            max((size.height() for size in shown), default=0),
        )

    @property
    def _gap(self) -> int:
        return max(0, self.spacing())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            wide = item.sizeHint().width()
            if lines and used + self._gap + wide <= width:
                lines[-1].append(item)
                used += self._gap + wide
            else:
                lines.append([item])
                used = wide
        return lines

    def _place(self, rect: QRect, *, move: bool) -> int:
        y = rect.y()
        for line in self._lines(rect.width()):
            wides = [min(item.sizeHint().width(), rect.width()) for item in line]
            spare = rect.width() - sum(wides) - self._gap * (len(line) - 1)
            if self._stretch and spare > 0:
                total = sum(wides)
                wides = [wide + int(spare * wide / max(1, total)) for wide in wides]
            highs = [
                item.heightForWidth(wide) if item.hasHeightForWidth() else item.sizeHint().height()
                for item, wide in zip(line, wides, strict=True)
            ]
            high, x = max(highs), rect.x()
            if move:
                for item, wide, own in zip(line, wides, highs, strict=True):
                    item.setGeometry(
                        QRect(QPoint(x, y), QSize(wide, high if self._stretch else own))
                    )
                    x += wide + self._gap
            y += high + self._gap
        return max(0, y - self._gap - rect.y()) if self._items else 0
