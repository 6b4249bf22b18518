"""What every codec offers, and the one error that bad bytes may raise."""

from __future__ import annotations

from typing import Protocol

from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk


class FormatError(ValueError):
    """Bytes that are not of the format; counted and shown, never fatal to a session."""


class Decoder(Protocol):
    """Turns one sensor's packets into samples; keeps state across packets.

    The chunks carry the sensor's own clock, unwrapped, in ``sensor_time_s`` and as
    ``time_s``; :mod:`lift_monitor.drivers.clock` moves ``time_s`` to the session clock.
    """

    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet into the samples that it completes (possibly none).

        Raises
        ------
        FormatError
            If the payload is not of this format. The decoder stays usable.
        """
        ...
