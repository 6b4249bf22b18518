"""What every codec offers, and the one error that bad bytes may raise."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
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

    def feed_all(
        self, packets: Sequence[Packet], refused: Callable[[FormatError], None]
    ) -> ImuChunk:
        """Decode packets together: the same samples as one by one, and faster.

        ``refused`` is told of each packet that is not of this format.
        """
        ...


class PacketwiseDecoder(ABC):
    """Base of decoders whose packets gain nothing from being decoded together."""

    @abstractmethod
    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet (see :class:`Decoder`)."""

    def feed_all(
        self, packets: Sequence[Packet], refused: Callable[[FormatError], None]
    ) -> ImuChunk:
        """Decode one packet after the other (see :class:`Decoder`)."""
        chunks = []
        for packet in packets:
            try:
                chunks.append(self.feed(packet))
            except FormatError as error:
                refused(error)
        return ImuChunk.concatenate(chunks)
