"""From a sensor's own clock to the session clock.

A sensor with a clock keeps its own steps: only one offset is added, fixed by the first
chunk. A sample cannot arrive before it was taken, so the smallest ``host - sensor`` of that
chunk is the offset nearest to the truth that its arrival allows; the delay of the first
packet stays in it. Files carry their own times as host times, hence keep them unchanged.

A sensor without a clock gets its steps from a count: samples are laid evenly, and the end
of each packet leans slowly towards its arrival, so that bunched arrival does not bunch the
samples.  Everything is causal: what was mapped once stays.
"""

from __future__ import annotations

import numpy as np

from lift_monitor.samples import ImuChunk
from lift_monitor.units import FloatArray

_LEAN = 0.05
"""Share of the arrival error taken over with each packet (design default)."""
_LONGEST_LEAN_S = 0.5
"""A packet that is later than this followed a hole; it is laid at its arrival."""
_UNKNOWN_PERIOD_S = 0.01
"""Step inside the very first packet of a sensor with neither clock nor known rate."""


class SessionClock:
    """Maps one sensor's decoded chunks to the session clock (keeps state; one a sensor).

    Parameters
    ----------
    nominal_rate_hz : float, optional
        Used only for samples that carry no sensor time; measured there if not given.
    """

    def __init__(self, nominal_rate_hz: float | None = None) -> None:
        self._offset_s: float | None = None
        self._period_s = 1.0 / nominal_rate_hz if nominal_rate_hz else None
        self._counted = 0
        self._first_count = 0
        self._first_host_s = 0.0
        self._end_s = 0.0

    @property
    def anchored(self) -> bool:
        """Whether the offset of the sensor's own clock is fixed.

        From then on chunks may be joined before they are mapped: the result is the same.
        """
        return self._offset_s is not None

    def to_session(self, chunk: ImuChunk) -> ImuChunk:
        """Return the same samples with ``time_s`` on the session clock.

        Parameters
        ----------
        chunk : ImuChunk
            Samples of one or more whole packets, in the order of their arrival.
        """
        if len(chunk) == 0:
            return chunk
        clocked = np.isfinite(chunk.sensor_time_s)
        if not clocked.all():
            return chunk.with_time(self._by_count(chunk.host_time_s))
        if self._offset_s is None:
            delay_s = chunk.host_time_s - chunk.sensor_time_s
            offset_s = float(np.min(delay_s))
            # Host times are whole nanoseconds; a smaller offset is rounding, not a delay.
            self._offset_s = 0.0 if abs(offset_s) < 1e-9 else offset_s
        return chunk.with_time(chunk.sensor_time_s + self._offset_s)

    def _by_count(self, host_time_s: FloatArray) -> FloatArray:
        """Lay samples evenly, packet by packet (a packet's samples share their arrival)."""
        starts = np.flatnonzero(np.diff(host_time_s, prepend=np.nan) != 0)
        ends = np.append(starts[1:], host_time_s.shape[0])
        return np.concatenate(
            [
                self._lay(float(host_time_s[start]), int(end - start))
                for start, end in zip(starts, ends, strict=True)
            ]
        )

    def _lay(self, host_s: float, count: int) -> FloatArray:
        steps = np.arange(1.0, count + 1.0, dtype=np.float64)
        if self._counted == 0:
            period_s = self._period_s or _UNKNOWN_PERIOD_S
            self._first_host_s = self._end_s = host_s
            self._counted = self._first_count = count
            return np.asarray(host_s + (steps - count) * period_s, dtype=np.float64)
        period_s = self._period_s or self._measured_period_s(host_s, count)
        expected_s = self._end_s + count * period_s
        late_s = host_s - expected_s
        self._counted += count
        if late_s > _LONGEST_LEAN_S:
            times = host_s + (steps - count) * period_s
        else:
            span_s = max(count * period_s + _LEAN * late_s, 0.1 * count * period_s)
            times = self._end_s + steps * (span_s / count)
        self._end_s = float(times[-1])
        return np.asarray(times, dtype=np.float64)

    def _measured_period_s(self, host_s: float, count: int) -> float:
        """Mean step since the first packet, whose own samples came before its arrival."""
        elapsed_s = host_s - self._first_host_s
        later = self._counted - self._first_count + count
        return elapsed_s / later if elapsed_s > 0 else _UNKNOWN_PERIOD_S
