"""The sensor families that this program speaks with."""

from __future__ import annotations

from typing import Final

from lift_monitor.drivers.ble.families import (
    metamotion,
    movella_dot,
    movesense,
    open_imu,
    polar,
    thingy52,
    witmotion,
)
from lift_monitor.drivers.ble.family import Advertisement, Family

FAMILIES: Final[tuple[Family, ...]] = (
    open_imu.FAMILY,
    metamotion.FAMILY,
    polar.H10,
    polar.VERITY,
    thingy52.FAMILY,
    movella_dot.FAMILY,
    movesense.FAMILY,
    witmotion.FAMILY,
)


def family_of(seen: Advertisement) -> Family | None:
    """Recognise the family of what was seen; ``None`` if it is no known sensor."""
    return next((family for family in FAMILIES if family.recognises(seen)), None)


def family_named(key: str) -> Family:
    """Find a family by its key.

    Raises
    ------
    KeyError
        If there is none.
    """
    for family in FAMILIES:
        if family.key == key:
            return family
    raise KeyError(key)
