"""A row of numbers to press: one tap is an answer, another tap changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import Button, Styled, Text, lines_needed

_GAP: Final = 4
_LARGEST: Final = 1.5
"""Widest number, in sizes of a finger."""


class _Choice(Button):
    """One number; arrow keys go to its neighbours."""

    moved = Signal(int)

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text, name)
        self.setCheckable(True)

    def set_style(self, style: Style) -> None:
        """Take font and colours; the row gives the size."""
        self.setFont(style.font(tokens.TEXT_STRONG, "semibold"))
        set_sheet(self, filled_when_checked(style, padding=0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk along the row; Enter chooses."""
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if way is not None:
            self.moved.emit(way)
        else:
            super().keyPressEvent(event)


def filled_when_checked(style: Style, padding: int, *, red: bool = False) -> str:
    """A style sheet for a button that shows what was chosen from a distance."""
    t = style.theme
    ground, ink = (t.critical, t.on_critical) if red else (t.info, t.on_mode)
    return (
        f"QPushButton {{ padding: 0 {padding}px; min-width: 0; min-height: 0; }}"
        f"QPushButton:checked {{ background: {ground}; color: {ink}; border: 1px solid {ground}; }}"
        f"QPushButton:checked:focus {{ border: 3px solid {t.text}; }}"
    )


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
                label = Text(meaning, role="muted", size=tokens.TEXT_SMALL, wrap_lines=1)
                label.setParent(self)
                self.labels[value] = label
        # Not fixed: that would hold it to the height of one row where it is broken into several.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
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
        self.updateGeometry()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break anew."""
        super().resizeEvent(event)
        self._place()

    def hasHeightForWidth(self) -> bool:
        """It has."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What the rows with their words take."""
        _, rows, wide = self._rows(width)
        return rows * (self._style.target() + self._word_height(wide) + _GAP) - _GAP

    def sizeHint(self) -> QSize:
        """All in one row, of the size of a finger."""
        side = self._style.target()
        width = len(self.buttons) * (side + _GAP) - _GAP
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """May be broken into rows."""
        return QSize(5 * (self._style.target() + _GAP), self._style.target())

    def _rows(self, width: int) -> tuple[int, int, int]:
        """Numbers in a row, rows, and the width of a number."""
        least, count = self._style.target(), len(self.buttons)
        across = max(1, min(count, (width + _GAP) // (least + _GAP)))
        rows = -(-count // across)
        across = -(-count // rows)  # rows of one length
        # Where there is room, a number is easier to hit.
        wide = min((width + _GAP) // across - _GAP, round(_LARGEST * least))
        return across, rows, max(wide, least)

    def _place(self) -> None:
        across, _, wide = self._rows(self.width())
        high, words = self._style.target(), self._word_height(wide)
        for index, button in enumerate(self.buttons):
            row, column = divmod(index, across)
            x, y = column * (wide + _GAP), row * (high + words + _GAP)
            button.setFixedSize(wide, high)
            button.move(x, y)
            label = self.labels.get(index + self._low)
            if label is not None:
                # A word has the room of two numbers; at the end of a row it begins one sooner.
                last = column == across - 1 and across > 1
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
                left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
                label.setAlignment(right if last else left)
                label.setFixedWidth(2 * wide + _GAP - 2)
                label.set_lines(self._lines(wide))
                label.move(x - (wide + _GAP) if last else x, y + high + 2)

    def _lines(self, wide: int) -> int:
        """As many lines as the longest of the words takes."""
        room = 2 * wide + _GAP - 2
        return max(lines_needed(t, t.full_text, room, 3) for t in self.labels.values())

    def _word_height(self, wide: int) -> int:
        """Height of the words under a row."""
        if not self.labels:
            return 0
        metrics = QFontMetricsF(self._style.font(tokens.TEXT_SMALL))
        return int(metrics.lineSpacing() * self._lines(wide)) + 6
