"""Fields to fill in: a caption above, and nothing smaller than a finger."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import MINUS, number, tr
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

    def set_style(self, style: Style) -> None:
        """Take font and height; keep room for the widest word."""
        self.setFont(style.font(tokens.TEXT, "semibold"))
        metrics = QFontMetricsF(self.font())
        words = [self.itemText(i) for i in range(self.count())]
        widest = max((metrics.horizontalAdvance(word) for word in words), default=0.0)
        self.setMinimumWidth(int(widest) + 2 * style.px(10) + style.px(28) + 8)
        self.setFixedHeight(style.target())
        self.view().setFont(style.font(tokens.TEXT))


class _Value(QDoubleSpinBox, Styled):
    """The figure between the two buttons of a stepper."""

    def textFromValue(self, value: float) -> str:
        """Write no superfluous zeros."""
        decimals = next((d for d in (0, 1) if round(value, d) == round(value, 2)), 2)
        return number(value, decimals)

    def set_style(self, style: Style) -> None:
        """Take font and size."""
        self.setFont(style.font(tokens.TEXT, "semibold"))
        metrics = QFontMetricsF(self.font())
        texts = (
            self.textFromValue(self.maximum()) + self.suffix(),
            self.textFromValue(self.minimum() + self.singleStep()) + self.suffix(),
            self.specialValueText(),
        )
        widest = max(metrics.horizontalAdvance(text) for text in texts)
        self.setFixedWidth(int(widest) + 2 * style.px(10) + 10)
        self.setFixedHeight(style.target())


class Stepper(QWidget):
    """A number with a button on either side; arrow keys and typing work as well.

    Parameters
    ----------
    name : str
        Accessible name.
    low, high, step : float
    unit : str
        Written after the number.
    decimals : int
    special : str
        What stands for the lowest value, e.g. that it is not known.
    """

    changed = Signal(float)

    def __init__(
        self,
        name: str,
        low: float,
        high: float,
        step: float,
        unit: str = "",
        decimals: int = 0,
        special: str = "",
    ) -> None:
        super().__init__()
        self._value = _Value()
        self._value.setAccessibleName(name)
        self._value.setDecimals(decimals)
        self._value.setRange(low, high)
        self._value.setSingleStep(step)
        self._value.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self._value.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._value.setGroupSeparatorShown(False)
        self._value.setLocale(QLocale())
        self._value.setSpecialValueText(special)
        if unit:
            self._value.setSuffix(f" {unit}")
        less = Button(MINUS, tr("{what}: less", what=name))
        more = Button("+", tr("{what}: more", what=name))
        less.setAutoRepeat(True)
        more.setAutoRepeat(True)
        less.clicked.connect(self._value.stepDown)
        more.clicked.connect(self._value.stepUp)
        self._value.valueChanged.connect(self.changed)
        row = tight(QHBoxLayout(self), 4)
        for widget in (less, self._value, more):
            row.addWidget(widget)

    @property
    def value(self) -> float:
        """What is chosen."""
        return self._value.value()

    def set_value(self, value: float) -> None:
        """Choose; beyond the limits the nearest limit."""
        self._value.setValue(value)
