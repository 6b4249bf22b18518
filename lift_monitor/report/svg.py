"""A small drawing board: shapes in points (1/72 inch) become one SVG text.

Nothing is measured or laid out here. The order of calls is the order of painting, and the
same calls give the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final, Literal

Anchor = Literal["start", "middle", "end"]

INK: Final = "#15212E"
MUTED: Final = "#55606D"
LINE: Final = "#C9D0D8"
FAINT: Final = "#EDF0F3"
BLUE: Final = "#1F4E79"
PALE: Final = "#D5E2EE"
RED: Final = "#A31621"
AMBER: Final = "#E3A030"
"""On white, and in grey when a printer has no colour: dark, dark, light. Shapes and hatching
tell the same once more."""

SMALL_PT: Final = 7.0
"""Smallest letters of a chart."""


class Drawing:
    """An SVG of a given size.

    Parameters
    ----------
    width, height : float
        In points.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._parts: list[str] = []

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        colour: str = LINE,
        width: float = 0.6,
        dash: str = "",
    ) -> None:
        """A straight line."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
            f'stroke="{colour}" stroke-width="{_n(width)}"{dashes}/>'
        )

    def polyline(
        self,
        points: Sequence[tuple[float, float]],
        *,
        colour: str = BLUE,
        width: float = 1.2,
        dash: str = "",
    ) -> None:
        """A line through points; nothing for fewer than two."""
        if len(points) < 2:
            return
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        text = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._parts.append(
            f'<polyline points="{text}" fill="none" stroke="{colour}" '
            f'stroke-width="{_n(width)}" stroke-linejoin="round"{dashes}/>'
        )

    def shape(
        self,
        points: Sequence[tuple[float, float]],
        *,
        fill: str = "none",
        colour: str = "none",
        width: float = 0.9,
    ) -> None:
        """A closed shape."""
        text = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._parts.append(
            f'<polygon points="{text}" fill="{fill}" stroke="{colour}" '
            f'stroke-width="{_n(width)}" stroke-linejoin="round"/>'
        )

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = FAINT,
        colour: str = "none",
        stroke: float = 0.6,
        radius: float = 0.0,
    ) -> None:
        """An upright rectangle."""
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0.0))}" '
            f'height="{_n(max(height, 0.0))}" rx="{_n(radius)}" fill="{fill}" '
            f'stroke="{colour}" stroke-width="{_n(stroke)}"/>'
        )

    def hatch(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """Slanting lines over a rectangle: tells it apart without colour."""
        step = 3.0
        offset = step / 2
        while offset < width + height:
            x1, y1 = x + max(0.0, offset - height), y + min(offset, height)
            x2, y2 = x + min(offset, width), y + max(0.0, offset - width)
            self.line(x1, y1, x2, y2, colour=colour, width=0.6)
            offset += step

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str = BLUE,
        colour: str = "none",
        width: float = 0.9,
    ) -> None:
        """A disc or a ring."""
        self._parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" '
            f'stroke="{colour}" stroke-width="{_n(width)}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = SMALL_PT,
        colour: str = MUTED,
        anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:
        """Words on a base line."""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-family="Inter" font-size="{_n(size)}" '
            f'fill="{colour}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )

    def svg(self) -> str:
        """The whole as SVG."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(self.width)}" '
            f'height="{_n(self.height)}" viewBox="0 0 {_n(self.width)} {_n(self.height)}">'
            + "".join(self._parts)
            + "</svg>"
        )


def width_of(words: str, size: float = SMALL_PT) -> float:
    """Width of words in points, near enough to keep labels apart."""
    return size * sum(_wide(character) for character in words)


def _wide(character: str) -> float:
    """Width of a character of Inter in sizes of the letter: narrow, usual, or wide."""
    if character in "iljtfr.,:;'|!()[] ":
        return 0.33
    return 0.8 if character in "mwMWOQ%" else 0.67 if character.isupper() else 0.59


def _n(value: float) -> str:
    """A number, short, and never ``-0``."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
