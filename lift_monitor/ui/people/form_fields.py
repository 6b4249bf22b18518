"""Fields of forms: each knows unit and range, and says in one sentence what it will not take."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import QLocale, QSize, Signal
from PySide6.QtWidgets import QVBoxLayout

from lift_monitor.ui import tokens
from lift_monitor.ui.fields import LineField, read_number
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.people.layout import Paragraph, Part
from lift_monitor.ui.text import tight

COMPACT: Final = 165
_NARROW: Final = 230
_WIDE: Final = 520
"""Design widths of a field in pixels at scale 1."""
_LONGEST_NUMBER: Final = 12


class FormField(Part):
    """A caption, what is filled in, and a line below that tells the range or what is wrong.

    Parameters
    ----------
    caption : str
    wide : bool
        Words rather than a number.
    hint : str
        What the line below says while nothing is wrong.
    longest : int
        Characters that are accepted.
    name : str
        Accessible name, where the caption alone does not tell it from others.
    width : int
        Design width in pixels at scale 1, if not the usual one.
    """

    changed = Signal()

    def __init__(
        self,
        caption: str,
        *,
        wide: bool = False,
        hint: str = "",
        longest: int = 500,
        name: str = "",
        width: int = 0,
    ) -> None:
        super().__init__()
        self.caption, self._hint = name or caption, hint
        self._width = width or (_WIDE if wide else _NARROW)
        self.problem = ""
        """What is wrong with it, in one sentence; empty if nothing is."""
        self.field = LineField(self.caption, "", longest)
        # Two lines, so that nothing moves when a number turns out to be wrong.
        self.below = Paragraph(hint, size=tokens.TEXT_SMALL, role="muted", lines=1 if wide else 2)
        self._column = tight(QVBoxLayout(self), 2)
        self._column.addWidget(Paragraph(caption, role="muted", size=tokens.TEXT_SMALL))
        self._column.addWidget(self.field)
        if hint or not wide:
            self._column.addWidget(self.below)
        self.field.textChanged.connect(self._changed)
        self.setFocusProxy(self.field)

    def sizeHint(self) -> QSize:
        """As wide as the design says: fields of a form stand under one another."""
        wide = self.style_now.px(self._width)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """May be squeezed to two thirds."""
        hint = self.sizeHint()
        return QSize(hint.width() * 2 // 3, hint.height())

    @property
    def text(self) -> str:
        """What is typed, without superfluous space."""
        return " ".join(self.field.text().split())

    def set_text(self, text: str) -> None:
        """Fill in."""
        self.field.setText(text)

    def look(self) -> str:
        """What is wrong with what is typed; for subclasses."""
        return ""

    def require(self, sentence: str) -> None:
        """Say that something is missing here."""
        self._say(sentence)

    def _changed(self) -> None:
        self._say(self.look())
        self.changed.emit()

    def _say(self, problem: str) -> None:
        self.problem = problem
        if self._column.indexOf(self.below) < 0 and problem:
            self._column.addWidget(self.below)
            self.dress(self.below)
        self.below.say(
            f"▲ {problem}" if problem else self._hint, "attention" if problem else "muted"
        )
        self.field.setAccessibleDescription(problem or self._hint)
        self.updateGeometry()


class TextField(FormField):
    """Words; may be empty."""

    def __init__(self, caption: str, hint: str = "", longest: int = 500) -> None:
        super().__init__(caption, wide=True, hint=hint, longest=longest)


class NumberField(FormField):
    """A number in a range, or nothing: empty is *not known*, and never 0.

    Parameters
    ----------
    caption : str
        Without the unit.
    unit : str
    low, high : float
        Both ends included.
    decimals : int
        More than so many are not taken; 0 means a whole number.
    needed : bool
        It cannot be empty.
    name : str
        Accessible name, if not the caption.
    width : int
        See :class:`FormField`.
    empty : str
        What it means that there is nothing, if not *not known*.
    """

    def __init__(
        self,
        caption: str,
        unit: str,
        low: float,
        high: float,
        decimals: int = 1,
        *,
        needed: bool = False,
        name: str = "",
        width: int = 0,
        empty: str = "",
    ) -> None:
        self.unit, self.low, self.high, self.decimals = unit, low, high, decimals
        self._needed = needed
        span = tr("{low} to {high}", low=_plain(low, decimals), high=_plain(high, decimals))
        self._span = f"{span} {unit}".strip()
        none = empty or tr("not known")
        hint = self._span if needed else tr("{span}; empty: {none}", span=self._span, none=none)
        titled = tr("{caption}, {unit}", caption=caption, unit=unit) if unit else caption
        super().__init__(titled, hint=hint, longest=_LONGEST_NUMBER, name=name, width=width)

    @property
    def value(self) -> float | None:
        """The number; ``None`` if there is none, or none that is taken."""
        value = read_number(self.field.text(), self.unit)
        return value if value is not None and not self.look() else None

    @property
    def whole(self) -> int | None:
        """The same as a whole number."""
        return None if self.value is None else round(self.value)

    def set_value(self, value: float | None) -> None:
        """Fill in; ``None`` empties it."""
        self.field.setText("" if value is None else _plain(value, self.decimals))

    def set_range(self, unit: str, low: float, high: float, decimals: int) -> None:
        """Ask for another quantity."""
        self.unit, self.low, self.high, self.decimals = unit, low, high, decimals
        span = tr("{low} to {high}", low=_plain(low, decimals), high=_plain(high, decimals))
        self._span = self._hint = f"{span} {unit}".strip()
        self._changed()

    def look(self) -> str:
        """What is wrong with what is typed."""
        typed = self.text
        if not typed:
            return ""
        value = read_number(typed, self.unit)
        if value is None:
            return tr("“{typed}” is no number: {span}.", typed=typed[:12], span=self._span)
        if not self.low <= value <= self.high:
            return tr("{typed} is out of range: {span}.", typed=typed[:12], span=self._span)
        if abs(round(value, self.decimals) - value) > 1e-9:
            if self.decimals == 0:
                return tr("{typed} is no whole number.", typed=typed[:12])
            return tr("{typed}: {n} decimals at most.", typed=typed[:12], n=self.decimals)
        return ""

    def missing(self) -> bool:
        """Say so if it is empty and must not be."""
        if self._needed and not self.text:
            self.require(tr("A number is needed: {span}.", span=self._span))
        return bool(self.problem)


class DayField(FormField):
    """A day, written 2026-11-22 or as the country writes it; never in the future.

    Parameters
    ----------
    caption : str
    today : date
        The latest day that is taken.
    needed : bool
        It cannot be empty.
    """

    def __init__(self, caption: str, today: date, *, needed: bool = True) -> None:
        self._today, self._needed = today, needed
        super().__init__(caption, hint=tr("e.g. {day}", day=today.isoformat()), longest=20)
        if needed:
            self.set_day(today)

    @property
    def day(self) -> date | None:
        """The day; ``None`` if there is none that is taken."""
        return None if self.problem else read_day(self.text)

    def set_day(self, day: date | None) -> None:
        """Fill in."""
        self.field.setText("" if day is None else day.isoformat())

    def look(self) -> str:
        """What is wrong with what is typed."""
        if not self.text:
            return tr("A day is needed, e.g. {d}.", d=self._today) if self._needed else ""
        day = read_day(self.text)
        if day is None:
            return tr("“{typed}” is no day: type {d}.", typed=self.text[:12], d=self._today)
        if day > self._today:
            return tr("{d} is still to come.", d=day)
        if day.year < 1900:
            return tr("{d} is too long ago.", d=day)
        return ""


def read_day(text: str) -> date | None:
    """The day that somebody typed: ISO first, else day, month and year in this order."""
    text = text.strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    for mark in "/.":
        parts = text.split(mark)
        if len(parts) == 3 and all(p.isdecimal() for p in parts) and len(parts[2]) == 4:
            order = QLocale().dateFormat(QLocale.FormatType.ShortFormat).lower()
            day, month = (parts[1], parts[0]) if order.startswith("m") else (parts[0], parts[1])
            try:
                return date(int(parts[2]), int(month), int(day))
            except ValueError:
                return None
    return None


class Sentence(Paragraph):
    """The lines beside the button of a form: what is wrong, or what was done."""

    def __init__(self, lines: int = 2) -> None:
        super().__init__(size=tokens.TEXT_SMALL, lines=lines)

    def wrong(self, sentence: str) -> None:
        """Say what is wrong."""
        self.say(f"▲ {sentence}", "attention")

    def done(self, sentence: str) -> None:
        """Say what was done."""
        self.say(f"● {sentence}", "ok")

    def plain(self, sentence: str) -> None:
        """Say something by the way."""
        self.say(sentence, "muted")


def _plain(value: float, decimals: int) -> str:
    """A number without superfluous zeros."""
    for fewer in range(decimals + 1):
        if abs(round(value, fewer) - value) < 1e-9:
            return number(value, fewer)
    return number(value, decimals)
