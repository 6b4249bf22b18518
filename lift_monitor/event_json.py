"""Events as JSON-ready values and back, whatever their fields are."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from typing import Any

from lift_monitor.events import EVENT_TYPES, Event
from lift_monitor.technique import TRUNK_EVENT_TYPES

_KINDS = {kind.kind: kind for kind in (*EVENT_TYPES, *TRUNK_EVENT_TYPES)}


def to_dict(event: Event) -> dict[str, Any]:
    """Turn an event into JSON-ready values, with its ``kind``."""
    return {"kind": event.kind, **dataclasses.asdict(event)}


def from_dict(data: dict[str, Any]) -> Event:
    """Inverse of :func:`to_dict`.

    Raises
    ------
    ValueError
        If ``kind`` is not a known event, or a field is not of its type.
    """
    fields = dict(data)
    kind = fields.pop("kind", None)
    if kind not in _KINDS:
        raise ValueError(f"unknown event kind {kind!r}")
    event = _read(_KINDS[kind], fields)
    assert isinstance(event, Event)
    return event


def _read(wanted: Any, value: Any) -> Any:
    """Make a value of the annotated type from what JSON kept of it."""
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        present = [arg for arg in args if arg is not type(None)]
        return None if value is None else _read(present[0], value)
    if origin is tuple:
        return tuple(_read(args[0], item) for item in value)
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        hints = typing.get_type_hints(wanted)
        try:
            return wanted(**{name: _read(hints[name], item) for name, item in value.items()})
        except (KeyError, TypeError) as error:
            raise ValueError(f"the fields are not those of {wanted.__name__}: {error}") from None
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        return wanted(value)
    return value
