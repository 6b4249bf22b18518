"""A packet: bytes as they came from a sensor, with the host time of their arrival."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

LINK: Final = "link"
"""Channel on which the fate of a sensor's connection is told, among its data."""
LINK_UP: Final = b"up"
LINK_DOWN: Final = b"down"

host_now_ns: Final = time.perf_counter_ns
"""The host's clock, which stamps arrivals. Never set, and fine: on Windows ``time.monotonic``
ticks 64 times a second before Python 3.13, coarser than what is wanted of sample times."""


@dataclass(frozen=True, slots=True)
class Packet:
    """What goes to the disk before anything else is done with it.

    Attributes
    ----------
    sensor_id : str
        The sensor that sent it (``SensorInfo.sensor_id``).
    channel : str
        The characteristic or stream inside the sensor, e.g. ``"imu"``, ``"acc"``, ``"gyr"``.
    host_time_ns : int
        Monotonic host time of arrival in nanoseconds since the session began.
    payload : bytes
        The value exactly as received.
    """

    sensor_id: str
    channel: str
    host_time_ns: int
    payload: bytes
