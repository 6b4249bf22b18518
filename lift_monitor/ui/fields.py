"""Fields to fill in: a caption above, and nothing smaller than a finger."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QLocale, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import DASH, MINUS, number, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Styled, Text, tight


class Field(QWidget):
    """A caption over what is filled in."""

    def __init__(self, caption: str, content: QWidget) -> None:
        super().__init__()
        column = tight(QVBoxLayout(self), 2)
        column.addWidget(Text(caption, role="muted", size=tokens.TEXT_SMALL))
        column.addWidget(content)


class LineField(QLineEdit, Styled):
    """One line of text.

    Parameters
    ----------
    name : str
        Accessible name.
    hint : str
        Shown while it is empty.
    longest : int
        Characters that are accepted.
    """

    def __init__(self, name: str, hint: str, longest: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setMaxLength(longest)
        self.setMinimumWidth(60)

    def set_style(self, style: Style) -> None:
        """Take font and height."""
        self.setFont(style.font(tokens.TEXT))
        self.setFixedHeight(style.target())


class ChoiceField(QComboBox, Styled):
    """One of some words."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._style = Style()

    def set_style(self, style: Style) -> None:
        """Take font and height; keep room for the widest word."""
        self.setFont(style.font(tokens.TEXT, "semibold"))
        metrics = QFontMetricsF(self.font())
        words = [self.itemText(i) for i in range(self.count())]
        widest = max((metrics.horizontalAdvance(word) for word in words), default=0.0)
        self._style = style
        self.setMinimumWidth(int(widest) + 2 * style.px(10) + style.px(28) + 8)
        self.setFixedHeight(style.target())
        self.view().setFont(style.font(tokens.TEXT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the arrow that the style sheet takes away."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._style.colour("text"), 2.0)
        painter.setPen(pen)
        x, y, half = self.width() - self._style.px(20) - 2, self.height() / 2, self._style.px(5)
        painter.drawPolyline(
            [
                QPointF(x - half, y - half / 2),
                QPointF(x, y + half / 2),
                QPointF(x + half, y - half / 2),
            ]
        )
        painter.end()


class Stepper(QWidget, Styled):
    """A number with a button on either side; arrow keys and typing work as well.

    Parameters
    ----------
    name : str
        Accessible name.
    low, high, step : float
    unit : str
        Written after the number.
    special : str
        What stands for the lowest value, e.g. that it is not known.
    """

    changed = Signal(float)

    def __init__(
        self, name: str, low: float, high: float, step: float, unit: str = "", special: str = ""
    ) -> None:
        super().__init__()
        self._low, self._high, self._step = low, high, step
        self._unit, self._special = unit, special
        self._value = low
        self.field = LineField(name, "", 12)
        self.field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.field.editingFinished.connect(self.commit)
        self.field.installEventFilter(self)
        self.less = Button(MINUS, tr("{what}: less", what=name))
        self.more = Button("+", tr("{what}: more", what=name))
        row = tight(QHBoxLayout(self), 4)
        for widget in (self.less, self.field, self.more):
            row.addWidget(widget)
        for button, direction in ((self.less, -1.0), (self.more, 1.0)):
            button.setAutoRepeat(True)
            button.clicked.connect(lambda _=False, way=direction: self.step(way))
        self._write()

    @property
    def value(self) -> float:
        """What is chosen."""
        return self._value

    def set_value(self, value: float) -> None:
        """Choose; beyond the limits the nearest limit."""
        value = min(max(value, self._low), self._high)
        changed, self._value = value != self._value, value
        self._write()
        if changed:
            self.changed.emit(value)

    def show_absent(self) -> None:
        """There is nothing to tell or to change: a dash, never a number; until the next value."""
        self.setEnabled(False)
        self.field.setText(DASH)

    def step(self, steps: float) -> None:
        """Some steps up or down."""
        self.set_value(self._value + steps * self._step)

    def set_style(self, style: Style) -> None:
        """Keep room for the widest value."""
        self.field.set_style(style)
        metrics = QFontMetricsF(self.field.font())
        # A value from the middle with the decimals that the steps bring.
        middle = self._low + self._step * (2 * (0.275 * (self._high - self._low) // self._step) + 1)
        shown = (self._low, middle, self._high)
        widest = max(metrics.horizontalAdvance(self._text(value)) for value in shown)
        self.field.setFixedWidth(int(widest) + 2 * style.px(10) + 12)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys step, as on any number."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            way = {Qt.Key.Key_Up: 1.0, Qt.Key.Key_Down: -1.0}.get(Qt.Key(event.key()))
            if way is not None:
                self.step(way)
                return True
        return super().eventFilter(watched, event)

    def commit(self) -> None:
        """Take what was typed; what is no number leaves the value as it was."""
        value = read_number(self.field.text(), self._unit)
        self.set_value(self._value if value is None else value)

    def _text(self, value: float) -> str:
        if self._special and value <= self._low:
            return self._special
        decimals = next((d for d in (0, 1) if round(value, d) == round(value, 2)), 2)
        return f"{number(value, decimals)} {self._unit}".strip()

    def _write(self) -> None:
        self.field.setText(self._text(self._value))


def read_number(text: str, unit: str = "") -> float | None:
    """The number that somebody typed, with or without its unit; ``None`` if it is none."""
    text = text.strip().removesuffix(unit).strip()
    value, known = QLocale().toDouble(text)
    if not known:  # a point is understood in every language
        value, known = QLocale.c().toDouble(text)
    return value if known and math.isfinite(value) else None
