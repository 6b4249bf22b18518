"""What a connected sensor delivers before any session: for its card and for the checks."""

from __future__ import annotations

import time
from collections import deque

from lift_monitor.drivers.packet import Packet, host_now_ns
from lift_monitor.road import SensorStream
from lift_monitor.samples import ImuChunk, SensorInfo
from lift_monitor.signal.checks import StillResult, Watcher
from lift_monitor.station_health import SensorHealth
from lift_monitor.station_words import SensorStatus

_FRESH_S = 1.0
"""Older samples say nothing of how a sensor lies now (design default)."""
_MOST_WAITING = 5_000
"""Values put away by the radio's thread while nobody looks; the oldest are dropped."""


class Preview:
    """Decodes one sensor's values; the radio's thread calls :meth:`put`, one other the rest."""

    def __init__(self, info: SensorInfo) -> None:
        self.info = info
        self._stream = SensorStream(info)
        self._health = SensorHealth(info)
        self._watcher = Watcher()
        self._zero_ns = host_now_ns()
        self._waiting: deque[tuple[str, bytes, int]] = deque(maxlen=_MOST_WAITING)
        self._tapped_s: float | None = None

    def put(self, channel: str, value: bytes, at_ns: int) -> None:
        """Put a value away (a hub's sink)."""
        self._waiting.append((channel, value, at_ns))

    def work(self) -> bool:
        """Decode what waits; say whether a tap was felt."""
        chunks: list[ImuChunk] = []
        while self._waiting:
            channel, value, at_ns = self._waiting.popleft()
            host_ns = max(0, at_ns - self._zero_ns)
            packet = Packet(self.info.sensor_id, channel, host_ns, value)
            chunk = self._stream.decode(packet)
            self._health.arrived(packet, chunk)
            if len(chunk):
                chunks.append(self._stream.to_session(chunk))
        # Watched together: a look costs by the call, and there is time for few of them
        # beside a session.
        fresh = [chunk for chunk in chunks if len(chunk)]
        tapped = bool(fresh) and bool(self._watcher.feed(ImuChunk.concatenate(fresh)))
        if tapped:
            self._tapped_s = time.monotonic()
        return tapped

    def still(self) -> StillResult:
        """Judge whether the sensor lies still and reads right now."""
        age_s = self.status().age_s
        if age_s is not None and age_s > max(_FRESH_S, self._health.rhythm_s):
            return StillResult("sends nothing")
        return self._watcher.still(self.info.nominal_rate_hz)

    def status(self) -> SensorStatus:
        """How the stream is doing."""
        now_s = (host_now_ns() - self._zero_ns) * 1e-9
        return self._health.status(
            now_s, playing=True, unreadable=self._stream.unreadable, clock=self._stream.clock
        )

    @property
    def tapped_s_ago(self) -> float | None:
        """Seconds since the last tap; ``None`` before the first."""
        return None if self._tapped_s is None else time.monotonic() - self._tapped_s
