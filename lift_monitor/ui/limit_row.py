"""One row of the limits form: two limits in order, each with a way to switch it off."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.fields import Stepper, read_number
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.limits_words import LimitWords, Pair, no_limit
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Text, tight

_WIDEST = "000.0"
"""Room for any limit, with a decimal."""


class LimitStepper(Stepper):
    """A limit; stepping down never switches it off, and what is no limit is not taken.

    Parameters
    ----------
    words : LimitWords
    end : int
        0 for the lower limit, 1 for the higher one.
    """

    refused = Signal(str)
    """One sentence: what was typed is no limit."""

    def __init__(self, words: LimitWords, end: int) -> None:
        name = tr("{name}, {end}, {unit}", name=words.name, end=words.ends[end], unit=words.unit)
        off = tr("off") if words.can_be_off else ""
        super().__init__(name, 0.0, words.most, words.step, special=off)
        self._words, self._end = words, end
        self._least = words.step * (words.floor // words.step + 1)
        self._on = words.default[end] or self._least
        self.set_limit(words.default[end])

    @property
    def limit(self) -> float | None:
        """What is chosen; ``None`` if it is off."""
        return self.value if self.value > 0.0 else None

    def set_limit(self, limit: float | None) -> None:
        """Choose, or switch off."""
        if limit is not None:
            self._on = limit
        elif self.limit is not None:
            self._on = self.value
        self.set_value(limit or 0.0)

    def switch(self, *, off: bool) -> None:
        """Switch off, or back on with the limit that was there."""
        self.set_limit(None if off else self._on)

    def set_style(self, style: Style) -> None:
        """Keep one width in all rows."""
        super().set_style(style)
        widest = QFontMetricsF(self.field.font()).horizontalAdvance(_WIDEST)
        self.field.setFixedWidth(int(widest) + 2 * style.px(10) + 12)

    def step(self, steps: float) -> None:
        """Some steps up or down; up from *off* brings back the limit that was there."""
        if self.limit is not None:
            self.set_limit(max(self._least, round(self.value + steps * self._words.step, 2)))
        elif steps > 0:
            self.switch(off=False)

    def commit(self) -> None:
        """Take what was typed, or say what was not taken."""
        text = self.field.text().strip()
        if self._words.can_be_off and text.casefold() == tr("off").casefold():
            self.switch(off=True)
            return
        typed = read_number(text)
        value = None if typed is None else round(typed, 2)
        if value is not None and (value == self.value or self._is_limit(value)):
            self.set_limit(value)
        else:
            self.set_limit(self.limit)
            self.refused.emit(no_limit(self._words, self._end, text))

    def _is_limit(self, value: float) -> bool:
        return self._words.floor < value <= self._words.most


class LimitField(QWidget):
    """A limit with its caption and its switch."""

    changed = Signal()
    refused = Signal(str)
    """See :attr:`LimitStepper.refused`."""

    def __init__(self, words: LimitWords, end: int, caption: str, role: str) -> None:
        super().__init__()
        self.stepper = LimitStepper(words, end)
        self.off = Button(
            tr("Off"),
            tr("{name}, {end}: switch off", name=words.name, end=words.ends[end]),
        )
        self.off.setCheckable(True)
        keep = self.off.sizePolicy()
        keep.setRetainSizeWhenHidden(True)  # the fields of all rows stand under one another
        self.off.setSizePolicy(keep)
        self.off.setVisible(words.can_be_off)
        row = tight(QHBoxLayout(), 4)
        row.addWidget(self.stepper)
        row.addWidget(self.off)
        row.addStretch(1)
        column = tight(QVBoxLayout(self), 1)
        column.addWidget(Text(caption, role=role, weight="semibold", size=tokens.TEXT_SMALL))
        column.addLayout(row)
        self.off.clicked.connect(lambda off: self.stepper.switch(off=off))
        self.stepper.changed.connect(self._changed)
        self.stepper.refused.connect(self.refused)

    def _changed(self) -> None:
        self.off.setChecked(self.stepper.limit is None)
        self.changed.emit()


class LimitRow(QWidget):
    """Name, unit, default and two limits.

    Parameters
    ----------
    words : LimitWords
    """

    changed = Signal()

    def __init__(self, words: LimitWords) -> None:
        super().__init__()
        self.words = words
        captions = ((tr("Low"), ""), (tr("High"), ""))
        if words.can_be_off:
            captions = ((tr("▲ Amber"), "attention"), (tr("■ Red"), "stop"))
        self.fields = [LimitField(words, end, *captions[end]) for end in (0, 1)]
        title = tr("{name}, {unit}", name=words.name, unit=words.unit)
        self._default = Text(size=tokens.TEXT_SMALL)
        limits = tight(QHBoxLayout(), 12)
        for field in self.fields:
            limits.addWidget(field)
            field.changed.connect(self._changed)
        limits.addStretch(1)
        column = tight(QVBoxLayout(self), 1)
        column.addWidget(Text(title, weight="semibold"))
        column.addWidget(self._default)
        column.addLayout(limits)
        source = tr("Source: {source}", source=words.source)
        self.setToolTip(f"<qt>{escape(source)}</qt>")
        self.setAccessibleName(title)
        for field in self.fields:
            field.stepper.field.setAccessibleDescription(f"{words.default_words}. {source}")
        self._say_default()

    @property
    def pair(self) -> Pair:
        """Both limits."""
        lower, higher = self.fields
        return lower.stepper.limit, higher.stepper.limit

    def set_pair(self, pair: Pair) -> None:
        """Show limits."""
        for field, limit in zip(self.fields, pair, strict=True):
            field.stepper.set_limit(limit)

    def _changed(self) -> None:
        self._say_default()
        self.changed.emit()

    def _say_default(self) -> None:
        words = self.words
        off = [end for end, limit in zip(words.ends, self.pair, strict=True) if limit is None]
        if off:
            told = tr("▲ {ends} off; {default}", ends=" + ".join(off), default=words.default_words)
            self._default.say(told, "attention")
        elif self.pair != words.default:
            self._default.say(tr("◆ changed; {default}", default=words.default_words), "info")
        else:
            self._default.say(words.default_words, "muted")
