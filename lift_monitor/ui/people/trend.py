"""A trend over the weeks of the programme, as values: what a chart of it shows, and says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lift_monitor.ui.i18n import number, tr

LINE, STEP, MARKS, BARS, STEMS = "line", "step", "marks", "bars", "stems"
STRAIGHT: Final = "straight"
"""A line that is drawn whatever the distance of its points."""
GAP_WEEKS: Final = 2.01
"""Longer than this without a point, and the line is broken: nothing is known in between."""

Point = tuple[float, float | None]
"""Week, and value; ``None`` is not measured."""


@dataclass(frozen=True, slots=True)
class Series:
    """One thing that is followed."""

    name: str
    """Written at its newest point."""
    points: tuple[Point, ...]
    role: str = "trace"
    kind: str = LINE
    shape: str = ""
    """Of its marks: ``circle``, ``triangle``, ``diamond``, ``square`` or none."""
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Trend:
    """What a chart shows.

    ``band`` is a span of values with its words, ``lines`` are values with theirs; ``unseen``
    are weeks in which nothing was measured, said by ``unseen_words``.
    """

    title: str
    unit: str
    weeks: float
    axis: tuple[float, float, float]
    """Bottom, top and step."""
    series: tuple[Series, ...] = ()
    band: tuple[float, float, str] | None = None
    lines: tuple[tuple[float, str], ...] = ()
    unseen: tuple[float, ...] = ()
    unseen_words: str = ""
    nothing: str = field(default="")
    """Said instead of an empty plot."""
    first_week: float = 0.0
    """Where the axis begins: a baseline may be from before the first session."""
    gaps: bool = True
    """A line is broken where nothing was known for long; not for what is measured twice a year."""

    @property
    def bottom(self) -> float:
        """The lowest value of the axis."""
        return self.axis[0]

    @property
    def top(self) -> float:
        """The highest value of the axis."""
        return self.axis[1]

    @property
    def decimals(self) -> int:
        """Decimals that the numbers of the axis need."""
        step = self.axis[2]
        return next((d for d in range(4) if abs(round(step, d) - step) < 1e-9), 4)


def axis(low: float, high: float) -> tuple[float, float, float]:
    """Bottom, top and step of an axis around some values, in round numbers, about four steps."""
    span = max(high - low, 1e-6)
    scale: float = 10.0 ** math.floor(math.log10(span / 4))
    step = next(m * scale for m in (1.0, 2.0, 5.0, 10.0) if m * scale * 4 >= span * 0.999)
    hair = step * 1e-6
    bottom = math.floor((low + hair) / step) * step
    top = math.ceil((high - hair) / step) * step
    return round(bottom, 9), round(max(top, bottom + step), 9), step


def from_nought(values: Sequence[float], least: float) -> tuple[float, float, float]:
    """The axis of what cannot be below nought; reaches to ``least`` at least."""
    return axis(0.0, max([least, *(value * 1.05 for value in values)]))


def every(weeks: float) -> int:
    """Weeks between two numbers of the axis."""
    return next((step for step in (1, 2, 4, 8, 13, 26) if weeks / step <= 10), 52)


def told(trend: Trend) -> str:
    """A trend in words, for those who hear it."""
    parts = []
    for series in trend.series:
        known = [(w, v) for w, v in series.points if v is not None]
        if known:
            parts.append(
                tr(
                    "{name}: {first} to {last}, {n} values",
                    name=series.name or trend.title,
                    first=number(known[0][1], max(1, trend.decimals)),
                    last=number(known[-1][1], max(1, trend.decimals)),
                    n=len(known),
                )
            )
    if trend.unseen:
        parts.append(f"{trend.unseen_words}: {len(trend.unseen)}")
    return "; ".join(parts) or trend.nothing or tr("not measured")
