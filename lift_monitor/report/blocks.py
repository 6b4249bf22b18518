"""The few building blocks of a page, as the template takes them: JSON-ready, nothing else.

A cell is text, or a small chart with its alternative text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from lift_monitor.report.text import printable

Block = dict[str, Any]
Cell = str | Block

_TOO_LONG: Final = re.compile(r"\S{21,}")
"""A word that may be wider than the narrowest column."""
_PIECES: Final = re.compile(r"\S{1,8}")
_BREAK: Final = "\u200b"
"""A place where a line may be broken, without a hyphen."""


def text(words: str, *, muted: bool = False) -> Block:
    """A paragraph."""
    return {"type": "text", "text": words, "muted": muted}


def quote(label: str, words: str) -> Block:
    """Somebody's words, lines kept."""
    return {"type": "quote", "label": label, "text": words}


def figure(svg: str, alt: str, *, title: str = "") -> Block:
    """A chart; ``alt`` tells the same in words."""
    return {"type": "figure", "svg": svg, "alt": alt, "title": title}


def row(*figures: Block) -> Block:
    """Charts side by side, three a line at most."""
    return {"type": "row", "items": list(figures)}


def points(items: Sequence[str]) -> Block:
    """A list of sentences."""
    return {"type": "list", "items": list(items)}


def table(
    titles: Sequence[str], rows: Sequence[Sequence[Cell]], *, widths: str, right: str = ""
) -> Block:
    """A table with a head.

    Parameters
    ----------
    titles : sequence of str
    rows : sequence of sequence of Cell
    widths : str
        One word a column: ``auto``, or a share of the room as ``2fr``.
    right : str
        Numbers of the columns that are aligned to the right, e.g. ``1 2``.
    """
    columns = widths.split()
    if any(len(line) != len(titles) for line in rows) or len(columns) != len(titles):
        raise ValueError(f"a table of {len(titles)} columns has rows or widths of other length")
    aligned = {int(word) for word in right.split()}
    return {
        "type": "table",
        "titles": list(titles),
        "widths": columns,
        "right": [index in aligned for index in range(len(titles))],
        "rows": [list(line) for line in rows],
    }


def section(title: str, *blocks: Block | None, intro: str = "") -> Block:
    """A heading with what stands under it."""
    return {"title": title, "intro": intro, "blocks": [b for b in blocks if b is not None]}


def clean(value: Any) -> Any:
    """All texts of a document printable, and breakable where a word is too long for a line."""
    if isinstance(value, str):
        return value if value.startswith("<svg ") else _breakable(printable(value))
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    return value


def _breakable(words: str) -> str:
    return _TOO_LONG.sub(lambda run: _BREAK.join(_PIECES.findall(run.group())), words)
