"""Scales of a chart: days along the bottom, numbers up the side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

from lift_monitor.report import text as say
from lift_monitor.report.data import Period
from lift_monitor.report.svg import LINE, MUTED, SMALL_PT, Drawing, width_of

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_LEAST_DAYS: Final = 28
"""A period shorter than that is drawn as four weeks: one session is not a course."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a chart draws its data, in points; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Days:
    """Days along the bottom of a box."""

    box: Box
    period: Period

    def x(self, day: date) -> float:
        """Where a day stands."""
        days = max((self.period.end - self.period.start).days, _LEAST_DAYS)
        share = (day - self.period.start).days / days
        return self.box.left + share * (self.box.right - self.box.left)

    def draw(self, drawing: Drawing) -> None:
        """The base line, and the months that find room."""
        box = self.box
        drawing.line(box.left, box.bottom, box.right, box.bottom, colour=MUTED, width=0.8)
        firsts = [day for day in _firsts_of_months(self.period) if self.x(day) <= box.right + 0.1]
        if len(firsts) < 2:
            self._ends(drawing)
            return
        gap = self.x(firsts[1]) - self.x(firsts[0])
        each = next(n for n in (1, 2, 3, 4, 6, 12, 24) if n * gap >= 24 or n == 24)
        wrote_year = 0
        for index, day in enumerate(firsts):
            x = self.x(day)
            drawing.line(x, box.bottom, x, box.bottom + 2.5, colour=MUTED, width=0.6)
            if index % each:
                continue
            words = say.month(day)
            if day.year != wrote_year:
                words, wrote_year = f"{words} {day.year}", day.year
            half = width_of(words) / 2
            if x + half <= drawing.width:
                drawing.text(max(x, half), box.bottom + 3 + SMALL_PT, words, anchor="middle")

    def _ends(self, drawing: Drawing) -> None:
        for day, anchor in ((self.period.start, "start"), (self.period.end, "end")):
            x = self.x(day)
            if anchor == "end" and x - self.box.left < 70:
                continue
            drawing.line(x, self.box.bottom, x, self.box.bottom + 2.5, colour=MUTED)
            drawing.text(
                x,
                self.box.bottom + 3 + SMALL_PT,
                say.short_day(day),
                anchor="start" if anchor == "start" else "end",
            )


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers up the side of a box, from ``low`` to ``high`` in steps."""

    box: Box
    low: float
    high: float
    step: float

    @classmethod
    def over(cls, box: Box, low: float, high: float, most: int = 4) -> Scale:
        """Round steps that hold ``low`` to ``high``."""
        span = max(high - low, 1e-9)
        raw = span / most
        ten = 10.0 ** math.floor(math.log10(raw))
        step = next(s * ten for s in _STEPS if s * ten >= raw * (1 - 1e-9))
        return cls(box, math.floor(low / step) * step, math.ceil(high / step) * step, step)

    def y(self, value: float) -> float:
        """Where a number stands."""
        share = (value - self.low) / (self.high - self.low)
        return self.box.bottom - share * (self.box.bottom - self.box.top)

    def draw(self, drawing: Drawing) -> None:
        """Fine lines with their numbers."""
        steps = round((self.high - self.low) / self.step)
        decimals = 0 if self.step >= 1 and self.step == round(self.step) else 1
        for index in range(steps + 1):
            value = self.low + index * self.step
            y = self.y(value)
            if index or self.low:
                drawing.line(self.box.left, y, self.box.right, y, colour=LINE, width=0.4)
            drawing.text(
                self.box.left - 3, y + SMALL_PT * 0.36, say.number(value, decimals), anchor="end"
            )


def _firsts_of_months(period: Period) -> list[date]:
    days = []
    year, month = period.start.year, period.start.month
    while (first := date(year, month, 1)) <= period.end:
        if first >= period.start:
            days.append(first)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return days
