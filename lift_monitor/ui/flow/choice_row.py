"""A row of numbers to press: one tap is an answer, another tap changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Styled, Text

_GAP: Final = 4
_WORD_LINES: Final = 2


class _Choice(Button):
    """One number; arrow keys go to its neighbours."""

    moved = Signal(int)

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text, name)
        self.setCheckable(True)

    def set_style(self, style: Style) -> None:
        """A square of the size of a finger."""
        self.setFont(style.font(tokens.TEXT_STRONG, "semibold"))
        side = style.target()
        self.setFixedSize(side, side)
        self.setStyleSheet("QPushButton { padding: 0; min-width: 0; }")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk along the row; Enter chooses."""
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if way is not None:
            self.moved.emit(way)
        else:
            super().keyPressEvent(event)


class ChoiceRow(QWidget, Styled):
    """Numbers from ``low`` to ``high``, words under some; breaks into rows where it must.

    Parameters
    ----------
    name : str
        What is asked, for a screen reader.
    low, high : int
    words : mapping
        What a number means.
    """

    chosen = Signal(int)

    def __init__(self, name: str, low: int, high: int, words: Mapping[int, str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._style = Style()
        self._value: int | None = None
        self._low = low
        self.buttons: list[_Choice] = []
        self.labels: dict[int, Text] = {}
        for value in range(low, high + 1):
            meaning = words.get(value, "")
            told = tr("{what}: {n}", what=name, n=value) + (f", {meaning}" if meaning else "")
            button = _Choice(str(value), told)
            button.setParent(self)
            button.clicked.connect(lambda _=False, value=value: self._press(value))
            button.moved.connect(lambda way, value=value: self._walk(value, way))
            self.buttons.append(button)
            if meaning:
                label = Text(meaning, role="muted", size=tokens.TEXT_SMALL, wrap_lines=_WORD_LINES)
                label.setParent(self)
                self.labels[value] = label
        self._settle_focus()

    @property
    def value(self) -> int | None:
        """What is chosen; ``None`` if nothing is."""
        return self._value

    def show_value(self, value: int | None) -> None:
        """Show what was chosen; nothing is emitted."""
        self._value = value
        for button in self.buttons:
            button.setChecked(button.text() == str(value))
        self._settle_focus()

    def _press(self, value: int) -> None:
        self.show_value(value)
        self.chosen.emit(value)

    def _walk(self, value: int, way: int) -> None:
        at = value - self._low + way
        if 0 <= at < len(self.buttons):
            self.buttons[at].setFocus()

    def _settle_focus(self) -> None:
        """One stop of the Tab key for the whole row: what is chosen, or its first number."""
        stop = 0 if self._value is None else self._value - self._low
        for index, button in enumerate(self.buttons):
            here = Qt.FocusPolicy.StrongFocus if index == stop else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(here)

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        self._style = style
        for button in self.buttons:
            button.set_style(style)
        for label in self.labels.values():
            label.set_style(style)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break anew."""
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        """All in one row."""
        side = self._style.target()
        return QSize(len(self.buttons) * (side + _GAP) - _GAP, self.height())

    def minimumSizeHint(self) -> QSize:
        """May be broken into rows."""
        return QSize(5 * (self._style.target() + _GAP), self.height())

    def _place(self) -> None:
        side, count = self._style.target(), len(self.buttons)
        across = max(1, min(count, (self.width() + _GAP) // (side + _GAP)))
        rows = -(-count // across)
        across = -(-count // rows)  # rows of one length
        small = QFontMetricsF(self._style.font(tokens.TEXT_SMALL))
        words = int(small.lineSpacing() * _WORD_LINES) + 4 if self.labels else 0
        for index, button in enumerate(self.buttons):
            row, column = divmod(index, across)
            x, y = column * (side + _GAP), row * (side + words + _GAP)
            button.move(x, y)
            label = self.labels.get(index + self._low)
            if label is not None:
                # A word has the room of two numbers; at the end of a row it begins one sooner.
                last = column == across - 1 and across > 1
                label.setFixedWidth(2 * side + _GAP - 2)
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
                left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
                label.setAlignment(right if last else left)
                label.move(x - (side + _GAP) if last else x, y + side + 2)
        self.setFixedHeight(rows * (side + words + _GAP) - _GAP)
