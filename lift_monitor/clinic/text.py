"""Words as they are kept: nothing invisible in them, and not without end.

What cannot be seen (control characters, half characters of a broken paste, marks that turn the
direction of a line) would spoil a report or a file later; it is left out.
"""

from __future__ import annotations

import unicodedata
from dataclasses import fields, replace
from typing import Any, ClassVar, Final, Protocol, TypeVar

from lift_monitor.clinic.errors import ClinicError


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


T = TypeVar("T", bound=_Dataclass)

LONGEST: Final = 20_000
"""Characters of a text."""
LONGEST_NAME: Final = 200
"""Characters of a clinician's name."""
_SHOWN: Final = 60
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


def quoted(text: str) -> str:
    """A text in quotation marks, as a sentence has room for it."""
    told = repr(text[:_SHOWN])
    return told if len(text) <= _SHOWN else f"{told[:-1]}…{told[-1]}"


def cleaned(value: T) -> T:
    """A frozen value with each text of its own cleaned, as the store will give it back."""
    changes: dict[str, Any] = {}
    for field in fields(value):
        told = getattr(value, field.name)
        if type(told) is str or (isinstance(told, tuple) and told and type(told[0]) is str):
            kept = clean_text(told) if isinstance(told, str) else tuple(map(clean_text, told))
            if kept != told:
                changes[field.name] = kept
    return replace(value, **changes) if changes else value


def _unseen(letter: str) -> bool:
    return letter in _TURNING or unicodedata.category(letter) in ("Cc", "Cs")
