"""What an emulated BlueZ is told and tells: plain data, no D-Bus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class AdapterSpec:
    """The emulated Bluetooth adapter.

    Attributes
    ----------
    connections : int
        How many links it holds; common ones hold 5 to 11.
    mtu : int
        ATT MTU of its links.
    interval_s : float
        Connection interval; Linux asks for 30 to 50 ms, sensors that stream for less.
    connect_s : float
        How long it waits for a sensor that does not advertise (20 s in Linux).
    forget_s : float
        After a search, devices that nobody connected are forgotten (30 s in BlueZ).
    powered, present : bool
        Whether it is switched on, and there at all.
    """

    connections: int = 10
    mtu: int = 247
    interval_s: float = 0.0075
    connect_s: float = 20.0
    forget_s: float = 30.0
    powered: bool = True
    present: bool = True


class Sent(NamedTuple):
    """A notification that was handed to the host.

    ``time_s`` is monotonic time of this machine, the same in every process.
    """

    time_s: float
    uuid: str
    payload: bytes
