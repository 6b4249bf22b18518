"""How numbers and days are said in the programme's sentences."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

NOT_KNOWN: Final = "not known"
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def day(value: date) -> str:
    """Say a day, e.g. ``3 Feb 2026``; the same in every locale."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def kg(value: float | None) -> str:
    """Say a mass, e.g. ``52.5 kg``; plates are told to the gram where they need it."""
    return NOT_KNOWN if value is None else f"{round(value, 3):g} kg"


def load(value: float | None) -> str:
    """Say what is on the bar; 0 is no bar at all."""
    return "no load" if value == 0.0 else kg(value)


def mass(value: float) -> str:
    """Say an estimated mass, e.g. ``67.2 kg``: to a tenth of a kilogram."""
    return f"{value:.1f}".removesuffix(".0") + " kg"


def enough(value: float) -> str:
    """Say a mass that is enough for something: to a tenth of a kilogram, rounded up."""
    return mass(math.ceil(value * 10.0 - 1e-6) / 10.0)


def pct(value: float | None) -> str:
    """Say a share, e.g. ``82 %``."""
    return NOT_KNOWN if value is None else f"{value:.0f} %"


def times(number: int, thing: str) -> str:
    """Say how many, e.g. ``1 session`` or ``2 sessions``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
