"""Hostile notifications, made of good ones."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.fuzz_corpus import LONGEST_VALUE, SECONDS, Case, value
from lift_monitor.drivers.packet import LINK, LINK_DOWN, LINK_UP, Packet

_RUNS = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\x55", b"\x55\x61", b"\x02\x63", b"\x03\x63")
_NUMBERS = (
    *(bytes([value]) for value in (0, 1, 2, 3, 0x0D, 0x7F, 0x80, 0x81, 0xFE, 0xFF)),
    *(struct.pack("<H", value) for value in (0, 1, 0x7FFF, 0x8000, 0xFFFF)),
    *(struct.pack("<I", value) for value in (0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)),
    *(struct.pack("<Q", value) for value in (0, 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)),
    *(
        struct.pack(kind, value)
        for kind in ("<f", "<d")
        for value in (float("nan"), float("inf"), -float("inf"), 1e-45, -0.0, 3e38, 1e5)
    ),
    b"\x01\x00\x80\x7f",  # a signalling NaN
)


@dataclass(frozen=True, slots=True)
class Weather:
    """How hostile a stretch is: shares of notifications that are not good, and what else goes.

    Attributes
    ----------
    bad : float
    answers_too : bool
        Whether the answers that decoding needs are attacked too.
    wild_clock : bool
        Whether the host's clock jumps.
    """

    bad: float
    answers_too: bool = False
    wild_clock: bool = False


WEATHERS: Final = (
    Weather(0.02),
    Weather(0.3),
    Weather(1.0),
    Weather(0.3, answers_too=True),
    Weather(0.1, wild_clock=True),
    Weather(0.8),
    Weather(0.05, answers_too=True),
    Weather(0.9, answers_too=True, wild_clock=True),
)


class Storm:
    """Makes hostile notifications of good ones; the same seed makes the same.

    Parameters
    ----------
    case : Case
    seed : int
    """

    def __init__(self, case: Case, seed: int) -> None:
        self._case = case
        self._rng = random.Random(f"{case.key} {seed}")
        self._at = 0
        self._held: Packet | None = None
        self._last = case.good[0]
        self._step_ns = round(SECONDS * 1e9 / len(case.good))
        self._data_channels = tuple(c for c in case.channels if c not in case.control)
        self._data_seeds = tuple(p for p in case.seeds if p.channel not in case.control)
        self.host_ns = 1_000_000_000

    def packets(self, count: int, weather: Weather) -> Iterator[Packet]:
        """Make notifications, now and then the news of a broken link among them."""
        rng = self._rng
        for _ in range(count):
            self.host_ns += int(rng.random() * 2 * self._step_ns)
            if rng.random() < 0.0002:
                yield Packet("s", LINK, self.host_ns, rng.choice((LINK_UP, LINK_DOWN)))
            if rng.random() < weather.bad:
                yield self._stamped(self._bad(weather), weather)
            else:
                yield self._stamped(self._next(), weather)

    def calm(self, packets: tuple[Packet, ...]) -> list[Packet]:
        """Let good packets come from now on."""
        # Nothing of before comes late or again: an answer would be taken for a new one.
        self._held, self._last = None, packets[-1]
        zero_ns = self.host_ns + self._step_ns - packets[0].host_time_ns
        self.host_ns = zero_ns + packets[-1].host_time_ns
        return [replace(p, host_time_ns=zero_ns + p.host_time_ns) for p in packets]

    def _stamped(self, packet: Packet, weather: Weather) -> Packet:
        self._last = packet
        host_ns = self.host_ns
        if weather.wild_clock and self._rng.random() < 0.02:
            host_ns = self._rng.choice((0, 1, host_ns - 10**9, host_ns + 10**13, 1 << 61))
            if self._rng.random() < 0.1:
                self.host_ns += self._rng.choice((10**8, 10**10, 10**12, 4 * 10**12))
        return Packet("s", packet.channel, host_ns, packet.payload)

    def _next(self) -> Packet:
        self._at = (self._at + 1) % len(self._case.good)
        return self._case.good[self._at]

    def _any(self, weather: Weather) -> Packet:
        """One good packet of any model."""
        rng, case = self._rng, self._case
        seeds = case.seeds if weather.answers_too else self._data_seeds
        draw = rng.random()
        if weather.answers_too and case.answers and draw < 0.1:
            return rng.choice(case.answers)
        return rng.choice(seeds) if seeds and draw < 0.4 else self._next()

    def _bad(self, weather: Weather) -> Packet:
        rng = self._rng
        packet = self._any(weather)
        data = bytearray(packet.payload)
        size, kind = len(data), int(rng.random() * 13)
        at = int(rng.random() * (size + 1))
        if kind == 0:
            data = bytearray(rng.randbytes(int(rng.random() ** 3 * (LONGEST_VALUE + 1))))
            return value(self._channel(weather), bytes(data))
        if kind == 1:
            return value(self._channel(weather), bytes(data))
        if kind == 2:  # delivered twice
            return self._last
        if kind == 3:  # delivered late
            self._held, packet = packet, self._held or packet
            return packet
        if kind == 4:
            for _ in range(1 + int(rng.random() * 6)):
                if size:
                    data[int(rng.random() * size)] ^= 1 << int(rng.random() * 8)
        elif kind == 5:
            del data[at:]
        elif kind == 6:
            data += rng.randbytes(1 + int(rng.random() ** 3 * (LONGEST_VALUE - size % 256)))
        elif kind == 7:  # two joined
            data = data[:at] + self._any(weather).payload[int(rng.random() * size) :]
        elif kind == 8:
            run = rng.choice(_RUNS) * 128
            data[at:] = run[: size - at]
        elif kind == 9:  # the head is good, the rest is not
            at = min(at, 20)
            data[at:] = rng.randbytes(size - at)
        elif kind == 10:  # head
            number = rng.choice(_NUMBERS)
            at = int(rng.random() * min(size + 1, 16))
            data[at : at + len(number)] = number
        else:
            for _ in range(1 + int(rng.random() * 3)):
                number = rng.choice(_NUMBERS)
                at = int(rng.random() * (size + 1))
                data[at : at + len(number)] = number
            if rng.random() < 0.7:
                data = data[:size]
        return value(packet.channel, bytes(data[:LONGEST_VALUE]))

    def _channel(self, weather: Weather) -> str:
        return self._rng.choice(self._case.channels if weather.answers_too else self._data_channels)
