"""Paces the packets of a source by their host time, at any speed.

Pure bookkeeping: it never sleeps and owns no thread.  Whoever drives it asks which packets
are due and how long nothing will be.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.source import PacketSource

SLOWEST, FASTEST = 0.1, 8.0
"""Bounds of the paced speeds; ``math.inf`` is as fast as possible."""
_LONGEST_TICK_S = 0.5
"""A longer pause between two looks (a suspended computer) does not skip the session."""


class Playback:
    """Walks a source by the clock; starts paused at the first packet.

    Parameters
    ----------
    source : PacketSource
    monotonic : callable, optional
        Wall clock in seconds.
    """

    movable = True

    def __init__(
        self, source: PacketSource, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._source = source
        self._monotonic = monotonic
        self._speed = 1.0
        self._playing = False
        self._packets: Iterator[Packet] = iter(())
        self._next: Packet | None = None
        self._position_s = 0.0
        self._looked_s = 0.0
        self.rewind()

    @property
    def position_s(self) -> float:
        """Session time reached; everything up to it was given out or is due."""
        return self._position_s

    @property
    def playing(self) -> bool:
        """Whether time runs."""
        return self._playing

    @property
    def speed(self) -> float:
        """Session seconds in a second; infinite means as fast as possible."""
        return self._speed

    @property
    def ended(self) -> bool:
        """Whether every packet was given out."""
        return self._next is None

    def rewind(self) -> None:
        """Go back to the first packet; neither starts nor stops time."""
        self.close()
        self._packets = self._source.packets()
        self._next = next(self._packets, None)
        self._position_s = _host_s(self._next) if self._next else 0.0
        self._looked_s = self._monotonic()

    def close(self) -> None:
        """Let go of the source, which may hold a file open."""
        close = getattr(self._packets, "close", None)
        if close is not None:
            close()

    def play(self) -> None:
        """Let time run, unless the end is reached."""
        self._looked_s = self._monotonic()
        self._playing = not self.ended

    def pause(self) -> None:
        """Stop time."""
        self._tick()
        self._playing = False

    def set_speed(self, speed: float) -> None:
        """Choose a speed.

        Raises
        ------
        ValueError
            If ``speed`` is neither from 0.1 to 8 nor infinite.
        """
        self.check_speed(speed)
        self._tick()
        self._speed = speed

    @staticmethod
    def check_speed(speed: float) -> None:
        """Raise ``ValueError`` unless ``speed`` is from 0.1 to 8, or infinite."""
        if not (SLOWEST <= speed <= FASTEST or speed == math.inf):
            raise ValueError(
                f"speed {speed:g} is not possible; choose {SLOWEST} to {FASTEST:g}, or infinite"
            )

    def due(self, limit: int) -> list[Packet]:
        """Return the packets whose time has come, at most ``limit``; none while paused."""
        if not self._playing:
            return []
        self._tick()
        taken = self._take(self._position_s if self._speed < math.inf else math.inf, limit)
        if taken and self._speed == math.inf:
            self._position_s = max(self._position_s, _host_s(taken[-1]))
        if self.ended:
            self._playing = False
            if taken:
                self._position_s = max(_host_s(taken[-1]), 0.0)
        return taken

    def until(self, time_s: float, limit: int) -> list[Packet]:
        """Return packets up to a session time whatever the clock says, at most ``limit``.

        The position follows; it has arrived when :meth:`reached` says so.
        """
        taken = self._take(time_s, limit)
        if self.reached(time_s) and not self.ended:
            self._position_s = max(self._position_s, time_s)
        elif taken:
            self._position_s = max(self._position_s, _host_s(taken[-1]))
        if self.ended:
            self._playing = False
        self._looked_s = self._monotonic()
        return taken

    def reached(self, time_s: float) -> bool:
        """Whether no packet up to a session time is left."""
        return self._next is None or _host_s(self._next) > time_s

    def wait_s(self) -> float | None:
        """Wall seconds until the next packet is due; ``None`` while nothing will be."""
        if not self._playing or self._next is None:
            return None
        if self._speed == math.inf:
            return 0.0
        return max(0.0, (_host_s(self._next) - self._position_s) / self._speed)

    def late_s(self, packet: Packet) -> float:
        """Wall seconds since a packet was due; 0 at unlimited speed."""
        self._tick()
        if self._speed == math.inf:
            return 0.0
        return max(0.0, (self._position_s - _host_s(packet)) / self._speed)

    def _tick(self) -> None:
        now_s = self._monotonic()
        if self._playing and self._speed < math.inf:
            self._position_s += min(now_s - self._looked_s, _LONGEST_TICK_S) * self._speed
        self._looked_s = now_s

    def _take(self, time_s: float, limit: int) -> list[Packet]:
        taken: list[Packet] = []
        while self._next is not None and len(taken) < limit and _host_s(self._next) <= time_s:
            taken.append(self._next)
            self._next = next(self._packets, None)
        return taken


def _host_s(packet: Packet) -> float:
    return packet.host_time_ns * 1e-9
