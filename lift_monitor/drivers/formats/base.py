"""What every codec offers, and the one error that bad bytes may raise."""

from __future__ import annotations

import enum
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, SensorInfo


class FormatError(ValueError):
    """Bytes that are not of the format; counted and shown, never fatal to a session."""


def rate_of(info: SensorInfo) -> float | None:
    """Nominal rate of a sensor in Hz; ``None`` if it is not known or no rate."""
    rate_hz = info.nominal_rate_hz
    return rate_hz if rate_hz is not None and 0.0 < rate_hz < math.inf else None


class TimeBase(enum.StrEnum):
    """What the times of a format are."""

    SENSOR = "sensor"
    """The sensor's own clock, unwrapped."""
    COUNT = "count"
    """None: ``sensor_time_s`` is NaN, and samples are told by their count."""
    SESSION = "session"
    """Session time already: a file that is kept as it is."""


class Decoder(Protocol):
    """Turns one sensor's packets into samples; keeps state across packets.

    The chunks carry the sensor's own clock, unwrapped, in ``sensor_time_s`` and as
    ``time_s`` (NaN for :attr:`TimeBase.COUNT`); :mod:`lift_monitor.drivers.clock` moves
    ``time_s`` to the session clock.
    """

    time_base: ClassVar[TimeBase]

    def restart(self) -> None:
        """The link was made anew: forget what was only half received before it broke."""
        ...

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

    time_base: ClassVar[TimeBase]

    def restart(self) -> None:  # noqa: B027 - most decoders keep nothing half received
        """Forget what was only half received (see :class:`Decoder`)."""

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
