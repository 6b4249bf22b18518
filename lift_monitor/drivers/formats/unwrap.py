"""A sensor's clock that begins anew when its counter is full, made to run on."""

from __future__ import annotations

from typing import Final

import numpy as np

from lift_monitor.units import IndexArray

STRAY_S: Final = 10.0
"""A counter that is further from where it must be is believed when the next one agrees.
Design default: twice the latest that a packet can be, or a clock 1 % off after a quarter of
an hour."""

_LONGEST_SPAN_NS: Final = 1_000_000_000_000
"""Between two packets; a product with the ticks a second then fits 64 bits."""


class Unwrapper:
    """Turns a counter that wraps into one that does not.

    The time of arrival says how far the counter must be, and the nearest value that the
    counter allows is taken. So a pause longer than half a wrap is no riddle, and a packet
    that comes late, twice or in the wrong order is put where it belongs. A single value that
    is far from it moves nothing.

    Parameters
    ----------
    bits : int
        Width of the counter.
    ticks_per_s : int
    """

    def __init__(self, bits: int, ticks_per_s: int) -> None:
        self._wrap = 1 << bits
        self._ticks_per_s = ticks_per_s
        self._stray = round(STRAY_S * ticks_per_s)
        # Unwrapped ticks and host time in ns, from which the next ones are reckoned.
        self._last: tuple[int, int] | None = None
        self._doubted: tuple[int, int] | None = None

    def unwrap(self, ticks: int, host_ns: int) -> int:
        """Return the counter without its wraps; the first value stays as it is.

        Parameters
        ----------
        ticks : int
            The counter as sent.
        host_ns : int
            Monotonic host time of the packet's arrival.
        """
        if self._last is None:
            self._last = (ticks, host_ns)
            return ticks
        expected = self._expected(self._last, host_ns)
        half = self._wrap // 2
        unwrapped = expected + (ticks - expected + half) % self._wrap - half
        if abs(unwrapped - expected) <= self._stray or self._agrees(unwrapped, host_ns):
            self._last, self._doubted = (unwrapped, host_ns), None
        else:
            self._doubted = (unwrapped, host_ns)
        return unwrapped

    def unwrap_all(self, ticks: IndexArray, host_ns: IndexArray) -> IndexArray:
        """Unwrap (n,) counters of packets in order: as one by one, and faster.

        Parameters
        ----------
        ticks, host_ns : (n,) int64 array
            As in :meth:`unwrap`.
        """
        if not ticks.shape[0]:
            return ticks
        known = self._last or (int(ticks[0]), int(host_ns[0]))
        span_ns = np.diff(host_ns, prepend=known[1])
        if int(np.abs(span_ns).max()) < _LONGEST_SPAN_NS:
            due = span_ns * self._ticks_per_s // 1_000_000_000
            half = self._wrap // 2
            off = (np.diff(ticks, prepend=known[0]) - due + half) % self._wrap - half
            if int(np.abs(off).max()) <= self._stray:
                unwrapped = known[0] + np.cumsum(due + off)
                self._last, self._doubted = (int(unwrapped[-1]), int(host_ns[-1])), None
                return unwrapped
        each = map(self.unwrap, ticks.tolist(), host_ns.tolist())
        return np.fromiter(each, np.int64, ticks.shape[0])

    def _expected(self, known: tuple[int, int], host_ns: int) -> int:
        return known[0] + (host_ns - known[1]) * self._ticks_per_s // 1_000_000_000

    def _agrees(self, unwrapped: int, host_ns: int) -> bool:
        """Whether a value goes on from the doubted one; the same again does not."""
        if self._doubted is None or unwrapped == self._doubted[0]:
            return False
        return abs(unwrapped - self._expected(self._doubted, host_ns)) <= self._stray
