"""A sensor's clock that begins anew when its counter is full, made to run on."""

from __future__ import annotations


class Unwrapper:
    """Turns a counter that wraps into one that does not.

    The time of arrival says how far the counter must be, and the nearest value that the
    counter allows is taken. So a pause longer than half a wrap is no riddle, and a packet
    that comes late, twice or in the wrong order is put where it belongs.

    Parameters
    ----------
    bits : int
        Width of the counter.
    ticks_per_s : int
    """

    def __init__(self, bits: int, ticks_per_s: int) -> None:
        self._wrap = 1 << bits
        self._ticks_per_s = ticks_per_s
        self._last: tuple[int, int] | None = None  # unwrapped ticks, host time in ns

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
        last_ticks, last_ns = self._last
        expected = last_ticks + (host_ns - last_ns) * self._ticks_per_s // 1_000_000_000
        half = self._wrap // 2
        unwrapped = expected + (ticks - expected + half) % self._wrap - half
        self._last = (unwrapped, host_ns)
        return unwrapped
