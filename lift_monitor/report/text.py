"""How a report says numbers, days and other people's words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Final

from lift_monitor.programme import say as programme
from lift_monitor.programme.say import NOT_KNOWN as NOT_KNOWN

_JOINED: Final = "\u00a0"
"""A space at which no line breaks."""
LEFT_TO_RIGHT: Final = "\u200e"
"""Ends words from right to left: without it a number that follows goes to their other side."""


def day(value: date) -> str:
    """A day in words that no country misreads: ``2 Mar 2026``."""
    return programme.day(value).replace(" ", _JOINED)


def short_day(value: date) -> str:
    """A day where its year is known: ``2 Mar``."""
    return _JOINED.join(programme.day(value).split()[:2])


def month(value: date) -> str:
    """``Mar``."""
    return programme.day(value).split()[1]


def kg(value: float) -> str:
    """A mass as it stands on plates: no more decimals than it has, two at most."""
    return f"{number(value, 2).rstrip('0').rstrip('.')}{_JOINED}kg"


def loaded(value: float) -> str:
    """A load; nothing on the bar is no mass of nought."""
    return f"no{_JOINED}load" if value == 0 else kg(value)


def pct(value: float, decimals: int = 0) -> str:
    """A share: ``82 %``."""
    return f"{number(value, decimals)}{_JOINED}%"


def number(value: float, decimals: int) -> str:
    """A number with a real minus sign; never a negative zero."""
    text = f"{value:.{decimals}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def measure(value: float, decimals: int, unit: str) -> str:
    """A number with its unit: ``0.842 g/cm²``, ``48°``."""
    space = "" if unit in ("", "°") else _JOINED
    return f"{number(value, decimals)}{space}{unit}"


def signed(value: float, decimals: int) -> str:
    """A change: ``+0.4``, ``−1.2``, ``0.0``."""
    text = number(value, decimals)
    return text if text.startswith("−") or float(text) == 0.0 else f"+{text}"


def count(how_many: int, thing: str, things: str = "") -> str:
    """``1 set``, ``2 sets``."""
    return f"{thousands(how_many)}{_JOINED}{thing if how_many == 1 else things or thing + 's'}"


def thousands(value: int) -> str:
    """Groups of three, kept together by thin spaces."""
    return f"{value:,}".replace(",", "\u202f")


def listed(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(words: str) -> str:
    """Begin with a capital letter, end with a full stop."""
    text = words.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    end = text.rstrip(LEFT_TO_RIGHT)[-1:]
    return text if end in ".!?…" else f"{text}."


def shortened(words: str, longest: int) -> str:
    """Cut with an ellipsis that says so, between words where they are not too long."""
    text = _line(words)
    if len(text) <= longest:
        return _closed(text)
    cut = text[: longest - 1]
    whole = cut if text[longest - 1] == " " else cut.rpartition(" ")[0]
    return _closed(f"{(whole if len(whole) >= 0.7 * longest else cut).rstrip()}…")


def plain(words: str) -> str:
    """Other people's words as one line of printable text, fit to stand before a number."""
    return _closed(_line(words))


def _line(words: str) -> str:
    return " ".join(printable(words).split())


def _closed(line: str) -> str:
    """With a mark at the end if its last letter is of a script from right to left."""
    ways = (unicodedata.bidirectional(c) for c in reversed(line))
    last = next((way for way in ways if way in ("L", "R", "AL")), "L")
    return line if last == "L" else f"{line}{LEFT_TO_RIGHT}"


def printable(words: str) -> str:
    """Without control characters and halves of characters; line breaks stay.

    Marks that turn the direction of writing go too: an unclosed one would turn round what
    stands behind it. The one that only ends words from right to left stays.
    """
    text = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        " " if c == "\t" else c
        for c in text
        if c in f"\n\t{LEFT_TO_RIGHT}"
        or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def mass(value: float) -> str:
    """A mass without its unit, where the unit follows."""
    return kg(value).removesuffix(f"{_JOINED}kg")
