"""What may go wrong with an emulated sensor, as data: all of it off unless asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Self

CHANCES: Final = ("loss", "duplicates", "reorder", "garbage", "split", "merge")
"""The faults that are probabilities."""
_SPANS: Final = ("gaps_s", "stalls_s")


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong; by default nothing does.

    Chances are probabilities (0 to 1) that a notification meets the fault. Times are true
    times in seconds since the sensor's power-up, spans are pairs of start and length.

    Attributes
    ----------
    loss : float
        It never arrives.
    duplicates : float
        It arrives twice.
    reorder : float
        It arrives after its successor.
    garbage : float
        Random bytes arrive before it or, as often, in its place.
    split : float
        Its bytes arrive in two notifications.
    merge : float
        It arrives in one notification with its successor, where both fit.
    burst : int
        Notifications wait until there are so many, then leave together; 0 or 1 is off.
    gaps_s : tuple of (float, float)
        Data of these spans is lost while the link stands.
    stalls_s : tuple of (float, float)
        Data of these spans is held back and leaves at their end, all at once.
    mute_after_s : float or None
        From here on the link stands and no data comes.
    link_losses_s : tuple of float
        The link breaks, if it stands then; the sensor may be connected again at once.
    refuse_connections : int
        So many first attempts to connect are refused.
    missing : tuple of str
        UUIDs of characteristics that are not offered.
    battery_dies_s : float or None
        The charge falls evenly to nothing by then; the link breaks and stays broken.

    Raises
    ------
    ValueError
        If a value is out of its range; one sentence that names it.
    """

    loss: float = 0.0
    duplicates: float = 0.0
    reorder: float = 0.0
    garbage: float = 0.0
    split: float = 0.0
    merge: float = 0.0
    burst: int = 0
    gaps_s: tuple[tuple[float, float], ...] = ()
    stalls_s: tuple[tuple[float, float], ...] = ()
    mute_after_s: float | None = None
    link_losses_s: tuple[float, ...] = ()
    refuse_connections: int = 0
    missing: tuple[str, ...] = ()
    battery_dies_s: float | None = None

    def __post_init__(self) -> None:
        for name in CHANCES:
            value = getattr(self, name)
            if not (_is_number(value) and 0 <= value <= 1):
                raise ValueError(
                    f"The fault {name!r} is {value!r}; give a probability from 0 to 1."
                )
        for name in ("burst", "refuse_connections"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise ValueError(f"The fault {name!r} is {value!r}; give a whole number from 0 on.")
        for name in _SPANS:
            spans = getattr(self, name)
            if not all(map(_is_span, spans)):
                raise ValueError(
                    f"The fault {name!r} is {spans!r}; give pairs of start and length in seconds."
                )
        times = [*self.link_losses_s, self.mute_after_s or 0.0, self.battery_dies_s or 0.0]
        if not all(map(_is_time, times)):
            raise ValueError(
                "A time of the faults is negative or no number; give seconds since power-up."
            )
        if not all(isinstance(uuid, str) for uuid in self.missing):
            raise ValueError(f"The fault 'missing' is {self.missing!r}; give UUIDs as text.")

    def to_json(self) -> dict[str, Any]:
        """Give the faults that are on, as a plain dictionary."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        standard = Faults()
        return {
            name: _plain(value) for name, value in given.items() if value != getattr(standard, name)
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Make faults of :meth:`to_json`'s dictionary.

        Raises
        ------
        ValueError
            If a name is unknown or a value of the wrong kind; one sentence that names it.
        """
        known = {field.name for field in fields(cls)}
        values = dict(data)
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(
                f"There is no fault {unknown[0]!r}; known are {', '.join(sorted(known))}."
            )
        for name in (*_SPANS, "link_losses_s", "missing"):
            if name in values:
                if not isinstance(values[name], (list, tuple)):
                    raise ValueError(f"The fault {name!r} is {values[name]!r}; give a list.")
                values[name] = _frozen(values[name])
        return cls(**values)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_time(value: Any) -> bool:
    return _is_number(value) and value >= 0


def _is_span(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(map(_is_time, value))


def _plain(value: Any) -> Any:
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, (list, tuple)) else value
