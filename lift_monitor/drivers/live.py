"""Connected sensors as one station's source: packets as they come, time that nobody moves.

The radio's thread puts packets in, a thread of the flow has them recorded, the station's
thread takes them out.  What a sensor is connected by is hidden behind :class:`Tap`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Final, Protocol

from lift_monitor.drivers.packet import Packet, host_now_ns
from lift_monitor.samples import SensorInfo

_WRITE_S: Final = 20.0
"""Longest wait for what has come to be written when a session ends."""


class TapError(ValueError):
    """A sensor's values cannot be had; one sentence for the user."""


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """How a sensor's link stands now; ``None`` where it is not known."""

    up: bool
    text: str = ""
    """Why it is not up; one sentence for the user."""
    battery_pct: float | None = None
    rssi_dbm: float | None = None
    losses: int = 0


class Tap(Protocol):
    """Where one sensor's values can be had."""

    @property
    def info(self) -> SensorInfo:
        """What the recording keeps of the sensor."""
        ...

    def open(self, sink: Callable[[str, bytes, int], None]) -> None:
        """Have channel, value and monotonic ns of all that follows given to ``sink``.

        Raises
        ------
        TapError
            If that is impossible now.
        """
        ...

    def close(self) -> None:
        """End :meth:`open`; afterwards the sink is called no more."""
        ...

    def link(self) -> LinkFacts:
        """How the link stands."""
        ...


class LiveSource:
    """Sensors that stream now; a station walks it once.

    Parameters
    ----------
    taps : iterable of Tap
        Identifiers must be unique.
    """

    def __init__(self, taps: Iterable[Tap]) -> None:
        self.taps = tuple(taps)
        names = [tap.info.sensor_id for tap in self.taps]
        if len(set(names)) != len(names):
            raise ValueError("two sensors share an identifier; give each sensor its own")

    @property
    def sensors(self) -> tuple[SensorInfo, ...]:
        """The sensors whose packets follow."""
        return tuple(tap.info for tap in self.taps)

    def packets(self) -> Iterator[Packet]:
        """Live packets cannot be walked; a station takes them through :class:`LiveFlow`."""
        raise TypeError("a live source has no past to walk through")

    def links(self) -> dict[str, LinkFacts]:
        """How every sensor's link stands, by identifier."""
        return {tap.info.sensor_id: tap.link() for tap in self.taps}


class LiveFlow:
    """Live time as a station sees it: it begins, runs and ends (compare ``Playback``).

    Parameters
    ----------
    source : LiveSource
    monotonic_ns : callable, optional
        The clock by which the taps stamp arrivals.
    """

    movable = False
    speed = 1.0

    def __init__(
        self, source: LiveSource, *, monotonic_ns: Callable[[], int] = host_now_ns
    ) -> None:
        self._source = source
        self._monotonic_ns = monotonic_ns
        self._arrived: SimpleQueue[Packet | None] = SimpleQueue()
        self._waiting: deque[Packet] = deque()
        self._writer: threading.Thread | None = None
        self._zero_ns: int | None = None
        self._end_ns: int | None = None
        self.wake: Callable[[], None] = lambda: None
        """Called from another thread when packets come after a pause."""
        self.record: Callable[[Packet], None] = lambda _packet: None
        """Called with every packet before anybody else sees it, in a thread of its own:
        neither a disk that stalls nor an analysis that takes its time holds up the other."""

    @property
    def position_s(self) -> float:
        """Session time now."""
        if self._zero_ns is None:
            return 0.0
        end_ns = self._monotonic_ns() if self._end_ns is None else self._end_ns
        return (end_ns - self._zero_ns) * 1e-9

    @property
    def playing(self) -> bool:
        """Whether the session runs."""
        return self._zero_ns is not None and self._end_ns is None

    @property
    def ended(self) -> bool:
        """Whether it was ended and every packet was given out."""
        return self._end_ns is not None and not self._waiting

    def play(self) -> None:
        """Begin; nothing happens if it has begun.

        Raises
        ------
        TapError
            If a sensor cannot be listened to; then no other is either.
        """
        if self._zero_ns is not None:
            return
        self._zero_ns = self._monotonic_ns()
        self._writer = threading.Thread(target=self._write, name="lift-recorder", daemon=True)
        self._writer.start()
        try:
            for tap in self._source.taps:
                tap.open(self._sink(tap.info.sensor_id))
        except BaseException:
            self.end()
            raise

    def pause(self) -> None:
        """Nothing: live time does not stand still."""

    def end(self) -> None:
        """Take no more; what has come is still given out."""
        if self._zero_ns is None or self._end_ns is not None:
            return
        for tap in self._source.taps:
            tap.close()
        self._arrived.put(None)
        if self._writer is not None:
            self._writer.join(_WRITE_S)
        self._end_ns = self._monotonic_ns()

    def close(self) -> None:
        """Let go of the sensors' values."""
        self.end()

    def rewind(self) -> None:
        """Nothing: what has been is in the recording."""

    def set_speed(self, speed: float) -> None:
        """Nothing: live time has one speed."""

    def due(self, limit: int) -> list[Packet]:
        """Return what has come, at most ``limit`` packets."""
        taken: list[Packet] = []
        while self._waiting and len(taken) < limit:
            taken.append(self._waiting.popleft())
        return taken

    def until(self, time_s: float, limit: int) -> list[Packet]:  # noqa: ARG002 - as Playback
        """Return what has come (time cannot be moved)."""
        return self.due(limit)

    def reached(self, time_s: float) -> bool:  # noqa: ARG002 - as Playback
        """Whether nothing waits (time cannot be moved)."""
        return not self._waiting

    def wait_s(self) -> float | None:
        """0 while packets wait, else unknown: :attr:`wake` tells."""
        return 0.0 if self._waiting else None

    def late_s(self, packet: Packet) -> float:
        """Seconds since a packet arrived."""
        return max(0.0, self.position_s - packet.host_time_ns * 1e-9)

    def _sink(self, sensor_id: str) -> Callable[[str, bytes, int], None]:
        zero_ns = self._zero_ns
        assert zero_ns is not None

        def take(channel: str, value: bytes, at_ns: int) -> None:
            if self._end_ns is not None:
                return  # nobody takes it out any more
            # An answer given before the session began belongs to its beginning.
            self._arrived.put(Packet(sensor_id, channel, max(at_ns - zero_ns, 0), value))

        return take

    def _write(self) -> None:
        while (packet := self._arrived.get()) is not None:
            self.record(packet)
            self._waiting.append(packet)
            # Asked after putting: who empties the queue meanwhile has seen this packet.
            if len(self._waiting) == 1:
                self.wake()
