"""From a sensor's own time, or the count of its samples, to the session clock.

Files whose times are session times already keep them bit for bit.  How the others are
mapped is told in :mod:`lift_monitor.drivers.clock_sensor` and
:mod:`lift_monitor.drivers.clock_count`, and how well in ``docs/clocks.md``.  Everything is
causal: what was mapped once stays.  However a stream is cut into chunks, its times are the
same to the last bit.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from lift_monitor.drivers.clock_count import CountClock
from lift_monitor.drivers.clock_sensor import Mapped, SensorClock
from lift_monitor.drivers.formats.base import TimeBase
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.units import FloatArray

RATE_WINDOW_S = 10.0
"""Stretch over which the delivered rate is taken (design default)."""
_RATE_STEP_S = 0.5


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What is known of a sensor's clock; ``None`` as long as it is not.

    Attributes
    ----------
    delivered_rate_hz : float or None
        Samples that arrived a second of host time, of late.
    drift_ppm : float or None
        How much faster than the host's the sensor's clock runs, in millionths. Not known
        of a sensor without one: what is lost and what is slow look alike there.
    error_ms : float or None
        How far the best arrivals of late lie from the fit. A delay that all of them share
        cannot be seen and is not in it.
    resets : int
        How often the sensor's clock jumped.
    """

    delivered_rate_hz: float | None = None
    drift_ppm: float | None = None
    error_ms: float | None = None
    resets: int = 0


class SessionClock:
    """Maps one sensor's decoded chunks to the session clock (keeps state; one a sensor).

    Parameters
    ----------
    time_base : TimeBase
        What the decoder's times are (``Decoder.time_base``).
    nominal_rate_hz : float, optional
        Used only for a sensor without a clock; measured there if not given.
    """

    def __init__(
        self, time_base: TimeBase = TimeBase.SESSION, nominal_rate_hz: float | None = None
    ) -> None:
        self._sensor = SensorClock() if time_base == TimeBase.SENSOR else None
        self._count = CountClock(nominal_rate_hz) if time_base == TimeBase.COUNT else None
        self._held: list[ImuChunk] = []
        self._rate = _DeliveredRate()

    def to_session(self, chunk: ImuChunk) -> ImuChunk:
        """Take samples; return those whose time is known, on the session clock.

        The first half second of a stream is held back, and samples without a sensor time
        for about 0.1 s, to see the rest of their burst. They come out in order, none is
        left out, and :meth:`finish` returns the last ones.

        Parameters
        ----------
        chunk : ImuChunk
            Samples of one or more whole packets, in the order of their arrival.
        """
        if len(chunk) == 0:
            return chunk
        self._rate.arrived(chunk.host_time_s)
        if self._sensor is not None:
            return self._emit(chunk, self._sensor.feed(chunk.sensor_time_s, chunk.host_time_s))
        if self._count is not None:
            return self._emit(chunk, self._count.feed(chunk.host_time_s))
        return chunk

    def finish(self) -> ImuChunk:
        """End of the stream: return what was held back."""
        clock = self._sensor or self._count
        nothing = ImuChunk.empty()
        return self._emit(nothing, clock.finish()) if clock is not None else nothing

    def reconnected(self, host_time_s: float) -> None:
        """The link was made anew; what arrives from this host time on came over it.

        A count begins anew then. A sensor's clock goes on: whether it did is seen from it.
        """
        if self._count is not None:
            self._count.reconnected(host_time_s)

    def facts(self) -> ClockFacts:
        """What is known of the clock by now."""
        rate_hz = self._rate.hz()
        if self._sensor is not None:
            error_s = self._sensor.error_s
            return ClockFacts(rate_hz, self._sensor.drift_ppm, _ms(error_s), self._sensor.resets)
        return ClockFacts(rate_hz, None, _ms(self._count.error_s) if self._count else None)

    def _emit(self, chunk: ImuChunk, mapped: Mapped) -> ImuChunk:
        """Hold the chunk back and let go what was mapped, from the front."""
        ready = int(mapped.time_s.shape[0])
        if self._held or ready < len(chunk):
            if len(chunk):
                self._held.append(chunk)
            if not ready:
                return ImuChunk.empty()
            held = ImuChunk.concatenate(self._held)
            self._held = [held[ready:]] if ready < len(held) else []
            chunk = held[:ready]
        if not mapped.jumps:
            return chunk.with_time(mapped.time_s)
        quality = chunk.quality.copy()
        quality[list(mapped.jumps)] |= np.uint16(Quality.CLOCK_JUMP)
        return replace(chunk, time_s=mapped.time_s, quality=quality)


class _DeliveredRate:
    """Samples a second of host time, over a window that moves."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self._samples = 0
        self._last_s = 0.0

    def arrived(self, host_s: FloatArray) -> None:
        if not self._marks:
            first = int(np.searchsorted(host_s, host_s[0], side="right"))
            self._marks.append((float(host_s[0]), first))
        self._samples += int(host_s.shape[0])
        self._last_s = float(host_s[-1])
        if self._last_s - self._marks[-1][0] >= _RATE_STEP_S:
            self._marks.append((self._last_s, self._samples))
            while len(self._marks) > 2 and self._marks[1][0] <= self._last_s - RATE_WINDOW_S:
                self._marks.popleft()

    def hz(self) -> float | None:
        if not self._marks or self._last_s - self._marks[0][0] < _RATE_STEP_S:
            return None
        since_s, before = self._marks[0]
        return (self._samples - before) / (self._last_s - since_s)


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else 1e3 * seconds
