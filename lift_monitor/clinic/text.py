"""Words as they are kept: nothing invisible in them, and not without end.

What cannot be seen (control characters, half characters of a broken paste, marks that turn the
direction of a line) would spoil a report or a file later; it is left out.
"""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from lift_monitor.clinic.errors import ClinicError

LONGEST: Final = 20_000
"""Characters of a text."""
LONGEST_NAME: Final = 200
"""Characters of a clinician's name."""
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_text(text: str) -> str:
    """A text without what cannot be seen; line breaks and tabs stay.

    Raises
    ------
    ClinicError
        If it is longer than anybody reads.
    """
    if len(text) > LONGEST:
        raise ClinicError(f"A text has {len(text)} characters; {LONGEST} are the most.")
    if text.isprintable():
        return text
    return "".join(letter for letter in text if letter in "\n\t" or not _unseen(letter))


def clean_values(value: Any) -> Any:
    """The same for every text in a document."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): clean_values(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_values(item) for item in value]
    return value


def _unseen(letter: str) -> bool:
    return letter in _TURNING or unicodedata.category(letter) in ("Cc", "Cs")
