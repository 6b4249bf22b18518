"""How a value stands in a cell of a file that a spreadsheet may open."""

from __future__ import annotations

import enum
import json
import unicodedata
from datetime import date, datetime
from typing import Final


def cell(value: object) -> str:
    """A value as it stands in a file.

    Texts that a spreadsheet would take for a formula get an apostrophe before them. Numbers are
    never texts here, so that a minus sign stays one.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return _guarded("; ".join(str(item) for item in value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return _guarded(str(value))


def _guarded(text: str) -> str:
    kept = "".join(c for c in text if c in "\n\t" or c >= " ").replace("\x7f", "")
    seen = (c for c in kept if not c.isspace() and unicodedata.category(c) != "Cf")
    return f"'{kept}" if next(seen, "") in _FORMULAS else kept


_FORMULAS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""Of any width: spreadsheets take the wide ones too."""
