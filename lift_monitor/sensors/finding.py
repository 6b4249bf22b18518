"""Finding the sensor that a user named: by address, by name or by serial number."""

from __future__ import annotations

import concurrent.futures
import time
from typing import Final

from lift_monitor.drivers.ble.errors import RadioError, Trouble
from lift_monitor.drivers.ble.family import Setup, Wish
from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.ble.radio import Found

_ASK_AFTER_S: Final = 3.0
"""Sensors whose name does not tell are asked for their serial number after so long."""
_LEAST_SERIAL: Final = 4
_OPEN_S: Final = 40.0


class NotFoundError(ValueError):
    """No sensor answers to what was named; one sentence."""


def find_and_open(
    hub: Hub, wanted: str, wish: Wish, *, within_s: float, taken: frozenset[str] = frozenset()
) -> tuple[Found, Setup]:
    """Find a sensor, connect it and let it stream. The hub must be scanning.

    Parameters
    ----------
    hub : Hub
    wanted : str
        Address, advertised name, or serial number.
    wish : Wish
    within_s : float
        How long to look.
    taken : frozenset of str
        Addresses that are not meant.

    Raises
    ------
    NotFoundError
        If none was found, or several answer to the name.
    RadioError
        If it was found and cannot be connected.
    """
    began_s = time.monotonic()
    asked: set[str] = set(taken)
    while time.monotonic() < began_s + within_s:
        here = [found for found in hub.found if found.address not in taken]
        named = [found for found in here if answers_to(found, wanted)]
        if len(named) > 1 and time.monotonic() > began_s + 1.0:
            where = ", ".join(found.address for found in named)
            raise NotFoundError(
                f"{len(named)} sensors are called {wanted}; name one by its address ({where})."
            )
        if len(named) == 1 and (_is_whole(named[0], wanted) or time.monotonic() > began_s + 1.0):
            return named[0], open_now(hub, named[0], wish)
        silent = [found for found in here if found.address not in asked]
        if not named and silent and time.monotonic() > began_s + _ASK_AFTER_S:
            asked.add(silent[0].address)
            setup = _ask(hub, silent[0], wish)
            if setup is not None and setup.serial.casefold() == wanted.casefold():
                return silent[0], setup
            hub.let_go(silent[0].address).result(_OPEN_S)
        time.sleep(0.05)
    here = [found for found in hub.found if found.address not in taken]
    heard = ", ".join(f"{found.name} ({found.address})" for found in here) or "no known sensor"
    if len(wanted.strip()) < _LEAST_SERIAL:
        raise NotFoundError(
            f"{wanted} is too short to name a sensor (heard: {heard}); "
            f"give its address, its name, or at least {_LEAST_SERIAL} characters of its end."
        )
    raise NotFoundError(
        f"There is no sensor {wanted} within reach (heard: {heard}); "
        "switch it on, bring it near, and see lift-monitor scan."
    )


def open_now(hub: Hub, found: Found, wish: Wish) -> Setup:
    """Connect a sensor and wait for it, but not for ever.

    Raises
    ------
    RadioError
        If it cannot be connected in time; it is not tried any longer then.
    """
    opening = hub.open(found, wish)
    try:
        return opening.result(_OPEN_S)
    except TimeoutError:
        hub.let_go(found.address)
        trouble = Trouble.OUT_OF_RANGE
    except concurrent.futures.CancelledError:
        trouble = Trouble.LET_GO
    raise RadioError(trouble, trouble.value.format(who=found.name))


def answers_to(found: Found, wanted: str) -> bool:
    """Whether a sensor's address or name is what was named, or its name ends in it."""
    name, asked = found.name.casefold(), wanted.casefold().strip()
    return asked in (found.address.casefold(), name) or (
        len(asked) >= _LEAST_SERIAL and name.endswith(asked)
    )


def _is_whole(found: Found, wanted: str) -> bool:
    return wanted.casefold().strip() == found.address.casefold()


def _ask(hub: Hub, found: Found, wish: Wish) -> Setup | None:
    try:
        return open_now(hub, found, wish)
    except RadioError:
        return None
