"""Session time of sensors that send no time: their samples are counted.

What is lost is not counted either: from a lost packet on, every later one comes late by its
length, and stays so.  What the link held up is late too, but makes up for it as soon as the
rest of its burst has come.  So arrivals are looked at in cells of host time, of each the
packet that was held up least; a cell that is late waits for the next one, and what is late
in both was lost.  Otherwise the count leans towards the lower edge of the arrivals: down
quickly, up slowly, and its period follows.
"""

from __future__ import annotations

import math

import numpy as np

from lift_monitor.drivers.clock_sensor import SETTLE_S, Mapped
from lift_monitor.units import FloatArray

CELL_S = 0.1
"""A sample waits so long for the rest of its burst. Design default: two connection events at
the longest interval that is usual."""
LOSS_SHARE = 0.75
"""Late by this share of a packet in two cells, a packet was lost. Design default: from 0.6 to
0.8 all is well in `benchmarks.clocks`, from 1.0 on losses are missed."""
SHORTEST_LOSS_S = 0.008
"""What is less is the host's own delay (design default)."""
DRAIN_SHARE = 0.05
"""What makes up for this share of the time that passes still comes in, after the link stood:
it was held up, not lost. Design default: a link with a twentieth to spare."""
STALL_S = 0.15
STALL_CELLS = 4
"""When more than this is missing the link stood, as a rule, and what it held up comes in
slowly: so many cells must bring no improvement before it is believed to be lost."""
LONGEST_WAIT_S = 2.0
"""Then what is late is believed to be lost (design default)."""
LEAN_UP, LEAN_DOWN = 0.03, 0.8
"""Shares of a cell's error that are taken over (design defaults): a packet can be held up,
never early."""
PERIOD_SHARE = 0.07
"""Share of what is taken over that the period answers for (design default)."""
HOLE_S = 0.25
"""More than this is missing at one place, less is spread over the packets of a cell."""
STEEPEST_LEAN = 0.8
"""No correction may turn time back (design default)."""
_KNOWN_PERIOD = (0.97, 1.1)
_GUESSED_PERIOD = (0.5, 2.0)
_GUESS_SETTLE_S = 1.0
_UNKNOWN_PERIOD_S = 0.01
_ERROR_CELLS = 100.0
_LOOK_AHEAD = round(LONGEST_WAIT_S / CELL_S) + 4
"""No more cells are needed to decide: some may be empty, none is shorter."""


_Arrival = tuple[int, float]
"""Count of a packet's last sample, and its arrival."""
_Knot = tuple[float, float, float, float]
"""Time before a cell's first sample, period, what its end is moved by, number of samples."""


class CountClock:
    """Maps counted samples to the session clock (keeps state).

    Parameters
    ----------
    nominal_rate_hz : float, optional
        The rate that the sensor was set to; measured over the first second if not given.
    """

    def __init__(self, nominal_rate_hz: float | None = None) -> None:
        self._nominal_s = 1.0 / nominal_rate_hz if nominal_rate_hz else None
        self._waiting = np.empty(0)  # arrivals of the samples that are not mapped yet
        self._links: list[float] = []
        self._settled = False
        self._first_period_s = self._period_s = self._nominal_s or 0.0
        self._limits_s = (0.0, math.inf)
        self._counted = 0  # samples that are mapped
        self._end_s = -math.inf  # time of the last of them
        self._quantum = 0
        self._cells = 0
        self._square_s2 = 0.0

    @property
    def error_s(self) -> float | None:
        """Root mean square of how far the arrivals lay from the count of late."""
        return math.sqrt(self._square_s2) if self._cells > 1 else None

    def reconnected(self, host_s: float) -> None:
        """What arrives from a host time on was not counted on from what came before."""
        self._links.append(host_s)

    def feed(self, host_s: FloatArray) -> Mapped:
        """Take samples by their arrival; return the times of those that need not wait.

        Samples come out in the order in which they went in, none is left out.
        """
        return self._take(host_s, final=False)

    def finish(self) -> Mapped:
        """End of the stream: return what still waits."""
        return self._take(np.empty(0), final=True)

    def _take(self, host_s: FloatArray, *, final: bool) -> Mapped:
        if self._waiting.shape[0]:
            cell = self._waiting[-1] // CELL_S
            host_s = np.concatenate([self._waiting, host_s])
            if self._settled and not final and not self._links and host_s[-1] // CELL_S == cell:
                self._waiting = host_s  # no cell was completed
                return Mapped(host_s[:0])
        parts: list[FloatArray] = []
        while True:
            stop = host_s.shape[0]
            if self._links:
                stop = int(np.searchsorted(host_s, self._links[0], side="left"))
            broken = stop < host_s.shape[0]
            times = self._stretch(host_s[:stop], final=final or broken)
            parts.append(times)
            host_s = host_s[times.shape[0] :]
            if not broken:
                break
            self._links.pop(0)
            self._settled = False
        self._waiting = host_s
        return Mapped(np.concatenate(parts))

    def _stretch(self, host_s: FloatArray, *, final: bool) -> FloatArray:
        """Map what is complete of samples between which the link held."""
        nothing = host_s[:0]
        if host_s.shape[0] == 0:
            return nothing
        cell = np.floor_divide(host_s, CELL_S)
        if not self._settled:
            settle_s = SETTLE_S if self._period_s else _GUESS_SETTLE_S
            count = int(np.searchsorted(host_s, host_s[0] + settle_s, side="left"))
            if count == host_s.shape[0] and not final:
                return nothing
            self._settle(host_s[:count])
        complete = host_s.shape[0] if final else int(np.searchsorted(cell, cell[-1]))
        return self._lay(host_s[:complete], cell[:complete], final=final) if complete else nothing

    def _settle(self, host_s: FloatArray) -> None:
        """Find the lower edge of the first stretch, and the period where none is known."""
        last = _last_of_packets(host_s)
        if not self._first_period_s:
            counted = int(last[-1] - last[0])
            elapsed_s = float(host_s[-1] - host_s[0])
            self._period_s = elapsed_s / counted if counted else _UNKNOWN_PERIOD_S
            self._first_period_s = self._period_s
        low, high = _KNOWN_PERIOD if self._nominal_s else _GUESSED_PERIOD
        self._limits_s = (low * self._first_period_s, high * self._first_period_s)
        end_s = float(np.min(host_s[last] - self._period_s * (last + 1.0)))
        self._end_s = max(end_s, self._end_s)
        self._settled = True
        self._cells = 0

    def _lay(self, host_s: FloatArray, cell: FloatArray, *, final: bool) -> FloatArray:
        """Map the samples of whole cells, but for a late last one."""
        last = _last_of_packets(host_s)
        starts = np.flatnonzero(np.diff(cell[last], prepend=-1.0))
        ends = np.append(starts[1:], last.shape[0])
        # Of each cell the packet that was held up least: its count and its arrival.
        number = last + (self._counted + 1)
        held_up_s = host_s[last] - self._first_period_s * number
        least_s = np.minimum.reduceat(held_up_s, starts)
        at = np.flatnonzero(held_up_s == np.repeat(least_s, ends - starts))
        at = at[np.searchsorted(at, starts)]
        best = list(zip(number[at].tolist(), host_s[last[at]].tolist(), strict=True))
        sizes = np.diff(last, prepend=-1)
        quanta = np.gcd.reduceat(sizes, starts).tolist()
        stops = (number[ends - 1]).tolist()
        knots: list[_Knot] = []
        while len(knots) < len(best):
            if not self._resolve(best, quanta, stops, knots, final=final):
                break
        done = len(knots)
        if not done:
            return host_s[:0]
        return _spread(np.array(knots), sizes, starts[:done], ends[:done])

    def _resolve(
        self,
        best: list[_Arrival],
        quanta: list[int],
        stops: list[int],
        knots: list[_Knot],
        *,
        final: bool,
    ) -> bool:
        """Map the next cell, or several where that is late; False if more must come first."""
        first = len(knots)
        late_s = self._late_s(best[first])
        quantum = math.gcd(self._quantum, quanta[first])
        packet_s = quantum * self._period_s
        limit_s = max(LOSS_SHARE * packet_s, SHORTEST_LOSS_S)
        if late_s <= limit_s:
            self._quantum = quantum
            self._lay_cell(self._lean(late_s, stops[first] - self._counted), stops, knots)
            return True
        found = self._lost(best[first : first + _LOOK_AHEAD], limit_s, packet_s, final=final)
        if found is None:
            return False
        self._quantum = quantum
        for moved_s in found:
            self._lay_cell(moved_s, stops, knots)
        return True

    def _lost(
        self, best: list[_Arrival], limit_s: float, packet_s: float, *, final: bool
    ) -> list[float] | None:
        """What is missing before each of the next cells, the first of which is late.

        None as long as it may still turn out that nothing is.
        """
        begin_s = since_s = best[0][1]
        least_s = self._late_s(best[0])
        patience = 1 if least_s < max(STALL_S, 1.5 * packet_s) else STALL_CELLS
        quiet = 0
        for cells in range(1, len(best)):
            late_s, host_s = self._late_s(best[cells]), best[cells][1]
            if late_s <= limit_s:
                return [0.0] * cells
            if late_s < least_s - DRAIN_SHARE * (host_s - since_s):
                least_s, since_s, quiet = late_s, host_s, 0
            else:
                least_s, quiet = min(least_s, late_s), quiet + 1
            if quiet >= patience or host_s - begin_s > LONGEST_WAIT_S:
                return [least_s] + [0.0] * (cells - patience)
        return [least_s] + [0.0] * (len(best) - 1) if final else None

    def _late_s(self, arrival: _Arrival) -> float:
        number, host_s = arrival
        return host_s - (self._end_s + self._period_s * (number - self._counted))

    def _lay_cell(self, moved_s: float, stops: list[int], knots: list[_Knot]) -> None:
        """Lay the samples of one cell at the period, and move their end."""
        stop = stops[len(knots)]
        length_s = self._period_s * (stop - self._counted)
        moved_s = max(moved_s, -STEEPEST_LEAN * length_s)
        knots.append((self._end_s, self._period_s, moved_s, float(stop - self._counted)))
        self._end_s += length_s + moved_s
        self._counted = stop

    def _lean(self, late_s: float, count: int) -> float:
        """Take over a share of an error, and correct the period by a share of that."""
        cells = self._cells
        share = max(LEAN_DOWN if late_s < 0.0 else LEAN_UP, 0.3 / (cells + 3.0))
        moved_s = share * late_s
        part = max(PERIOD_SHARE, 1.0 / (cells + 4.0))
        low_s, high_s = self._limits_s
        self._period_s = min(max(self._period_s + part * moved_s / count, low_s), high_s)
        self._square_s2 += (late_s * late_s - self._square_s2) / min(cells + 1.0, _ERROR_CELLS)
        self._cells = cells + 1
        return moved_s


def _last_of_packets(host_s: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Index of the last sample of each packet: the samples of one share their arrival."""
    last = np.flatnonzero(host_s[1:] != host_s[:-1])
    return np.append(last, host_s.shape[0] - 1)


def _spread(
    knots: FloatArray,
    sizes: np.ndarray[tuple[int], np.dtype[np.int64]],
    starts: np.ndarray[tuple[int], np.dtype[np.int64]],
    ends: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> FloatArray:
    """Times of all samples of the cells.

    Losses lie between packets, any of a cell's; what is taken back is taken from all samples.
    """
    counts = knots[:, 3].astype(np.int64)
    begin_s, period_s, moved_s, count = np.repeat(knots, counts, axis=0).T
    step = np.arange(1, counts.sum() + 1) - np.repeat(np.cumsum(counts) - counts, counts)
    packets = ends - starts
    sizes = sizes[: ends[-1]]
    place = np.arange(1, ends[-1] + 1) - np.repeat(starts, packets)
    by_packet = np.repeat(place / np.repeat(packets, packets), sizes)
    share = np.where(moved_s < 0.0, step / count, np.where(moved_s > HOLE_S, 1.0, by_packet))
    return np.asarray(begin_s + (period_s * step + moved_s * share))
