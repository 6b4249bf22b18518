"""The programme's values as documents: JSON-ready values and back, by the types of the fields.

Reading is strict, because documents come from hands and from other programs: every field that
has no default must be there, no other field may be there, and every value must be of its type.
The first thing that is wrong is told in one sentence that names its place.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import math
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

T = TypeVar("T")

_SHOWN: Final = 40
"""Characters of a wrong value that a message shows."""
_LONGEST_INT: Final = 2**63 - 1
"""The largest whole number that a database keeps."""


class DocumentError(ValueError):
    """A document cannot be used; the text is one sentence that names the place."""


def to_document(value: Any) -> Any:
    """Turn a value of the programme into what :func:`json.dumps` takes.

    Parameters
    ----------
    value
        A dataclass, enum, date, date and time, tuple, list, mapping with text keys, text, number,
        truth value or ``None``; however deep.

    Raises
    ------
    DocumentError
        If something in it has no place in a document, e.g. a number that is not finite.
    """
    return _written(value, type(value).__name__)


def read(cls: type[T], data: Any, where: str = "plan") -> T:
    """Make a value of a type from a document; the inverse of :func:`to_document`.

    Parameters
    ----------
    cls
        The dataclass, or another type that fields of one have.
    data
        As :func:`json.loads` gives it.
    where
        What the document is called in messages.

    Raises
    ------
    DocumentError
        If anything in the document is not as the type says.
    """
    value: T = _read(cls, data, where)
    return value


def _written(value: Any, where: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        if abs(value) > _LONGEST_INT:
            raise DocumentError(
                f"{where} is a number with too many digits, a smaller one is needed."
            )
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise DocumentError(f"{where} is {value}, a finite number is needed.")
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _written(getattr(value, field.name), f"{where}.{field.name}")
            for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {_key(key, where): _written(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_written(item, f"{where}[{index}]") for index, item in enumerate(value)]
    raise DocumentError(f"{where} is a {type(value).__name__}, which a document cannot hold.")


def _key(key: object, where: str) -> str:
    if not isinstance(key, str):
        raise DocumentError(f"{where} has the key {_shown(key)}, text is needed.")
    return key.value if isinstance(key, enum.Enum) else key


def _read(wanted: Any, data: Any, where: str) -> Any:
    if wanted is Any:
        return data
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        return _optional(args, data, where)
    if origin in (tuple, list, Sequence):
        return _sequence(origin, args, data, where)
    if origin in (dict, Mapping):
        return _mapping(args, data, where)
    if isinstance(wanted, type):
        if dataclasses.is_dataclass(wanted):
            return _dataclass(wanted, data, where)
        if issubclass(wanted, enum.Enum):
            return _enum(wanted, data, where)
        if wanted in _PLAIN:
            return _PLAIN[wanted](data, where)
        if wanted in (dict, list, tuple):
            return _untyped(wanted, data, where)
    raise TypeError(f"{where}: documents know nothing of {wanted!r}")


def _optional(args: tuple[Any, ...], data: Any, where: str) -> Any:
    present = [arg for arg in args if arg is not type(None)]
    if data is None and len(present) < len(args):
        return None
    if len(present) != 1:
        raise TypeError(f"{where}: documents know no choice between {present!r}")
    return _read(present[0], data, where)


def _sequence(origin: Any, args: tuple[Any, ...], data: Any, where: str) -> Any:
    if not isinstance(data, list | tuple):
        raise _wrong(where, data, "a list is needed")
    if origin is tuple and not (len(args) == 2 and args[1] is Ellipsis):
        if len(data) != len(args):
            raise DocumentError(
                f"{where} is a list of {len(data)} entries, {len(args)} are needed."
            )
        kinds = list(args)
    else:
        kinds = [args[0]] * len(data)
    items = [
        _read(kind, item, f"{where}[{index}]")
        for index, (kind, item) in enumerate(zip(kinds, data, strict=True))
    ]
    return tuple(items) if origin in (tuple, Sequence) else items


def _mapping(args: tuple[Any, ...], data: Any, where: str) -> dict[Any, Any]:
    if not isinstance(data, Mapping):
        raise _wrong(where, data, "named values are needed")
    return {
        _read(args[0], key, f"a name in {where}"): _read(args[1], item, f"{where}.{key}")
        for key, item in data.items()
    }


def _untyped(wanted: type, data: Any, where: str) -> Any:
    if wanted is dict:
        return _mapping((str, Any), data, where)
    return _sequence(list, (Any,), data, where)


def _dataclass(wanted: type, data: Any, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise _wrong(where, data, f"the fields of {_said(wanted)} are needed")
    hints = _hints(wanted)
    for name in data:
        if name not in hints:
            known = ", ".join(hints)
            raise DocumentError(
                f"{where} has the field {_shown(name)}, which is not known; known are {known}."
            )
    for field in dataclasses.fields(wanted):
        if field.name not in data and _needed(field):
            raise DocumentError(f"{where}.{field.name} is missing, add it.")
    values = {name: _read(hints[name], item, f"{where}.{name}") for name, item in data.items()}
    try:
        return wanted(**values)
    except ValueError as error:
        raise DocumentError(f"{where} cannot be used: {error}") from None


def _enum(wanted: type[enum.Enum], data: Any, where: str) -> enum.Enum:
    for member in wanted:
        # True is 1 to Python; to a document they are two things.
        if type(data) is type(member.value) and data == member.value:
            return member
    known = ", ".join(str(member.value) for member in wanted)
    raise _wrong(where, data, f"one of these is needed: {known}")


def _text(data: Any, where: str) -> str:
    if not isinstance(data, str):
        raise _wrong(where, data, "text is needed")
    if "\0" in data or any("\ud800" <= letter <= "\udfff" for letter in data):
        raise _wrong(where, data, "text without unprintable codes is needed")
    return str(data)


def _truth(data: Any, where: str) -> bool:
    if not isinstance(data, bool):
        raise _wrong(where, data, "true or false is needed")
    return data


def _whole(data: Any, where: str) -> int:
    if isinstance(data, float) and data.is_integer():
        data = int(data)
    if isinstance(data, bool) or not isinstance(data, int):
        raise _wrong(where, data, "a whole number is needed")
    if abs(data) > _LONGEST_INT:
        raise DocumentError(f"{where} is a number with too many digits, a smaller one is needed.")
    return int(data)


def _number(data: Any, where: str) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise _wrong(where, data, "a number is needed")
    if isinstance(data, int) and abs(data) > _LONGEST_INT:
        raise DocumentError(f"{where} is a number with too many digits, a smaller one is needed.")
    if not math.isfinite(data):
        raise _wrong(where, data, "a finite number is needed")
    return float(data)


def _day(data: Any, where: str) -> date:
    try:
        day = date.fromisoformat(_text(data, where))
    except ValueError:
        day = None
    # Python also reads 20261122 and week days; a document has one way to say a day.
    if day is None or day.isoformat() != data:
        raise _wrong(where, data, "a day like 2026-11-22 is needed")
    return day


def _moment(data: Any, where: str) -> datetime:
    try:
        return datetime.fromisoformat(_text(data, where))
    except ValueError:
        raise _wrong(where, data, "a time like 2026-11-22T14:05:00+00:00 is needed") from None


_PLAIN: Final[Mapping[type, Any]] = {
    str: _text,
    bool: _truth,
    int: _whole,
    float: _number,
    date: _day,
    datetime: _moment,
}


@functools.cache
def _hints(wanted: type) -> dict[str, Any]:
    hints = typing.get_type_hints(wanted)
    return {field.name: hints[field.name] for field in dataclasses.fields(wanted)}


def _needed(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _wrong(where: str, data: Any, needed: str) -> DocumentError:
    return DocumentError(f"{where} is {_shown(data)}, {needed}.")


def _shown(data: Any) -> str:
    """A wrong value in few characters."""
    if data is None:
        return "empty"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, Mapping):
        return "a group of named values"
    if isinstance(data, list | tuple):
        return "a list"
    if isinstance(data, int) and abs(data) > _LONGEST_INT:
        return "a number with too many digits"
    text = repr(data)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _said(wanted: type) -> str:
    """The name of a type in words: ``PlanExercise`` is *plan exercise*."""
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in wanted.__name__).strip()
    return f"a {spaced}" if spaced[0] not in "aeiou" else f"an {spaced}"
