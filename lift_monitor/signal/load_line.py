"""The state of the load at the shared steps of the trunk: from the bar, or set by hand."""

from __future__ import annotations

import bisect
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lift_monitor.signal.arrival import ArrivalLog
from lift_monitor.signal.trunk_align import NOTHING_YET
from lift_monitor.signal.trunk_steps import STEPS_PER_S
from lift_monitor.technique import Load, LoadChanged
from lift_monitor.units import FloatArray, IndexArray, LoadArray

HOLD_S: Final = 0.1
"""A step of the bar holds for so long; after that nothing is known of the load."""
_CHANGES: Final = 64
"""More than there are in the seconds between a change and a command that asks for it."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadBlock:
    """State of the load at steps of the bar's grid: :class:`Load` as int8, (n,)."""

    time_s: FloatArray
    load: LoadArray

    def __len__(self) -> int:
        return int(self.time_s.shape[0])

    @classmethod
    def empty(cls) -> LoadBlock:
        """A block of no steps."""
        return cls(np.empty(0), np.empty(0, np.int8))

    @classmethod
    def concatenate(cls, blocks: Sequence[LoadBlock]) -> LoadBlock:
        """Join blocks in the order given."""
        if len(blocks) == 1:
            return blocks[0]
        if not blocks:
            return cls.empty()
        return cls(
            np.concatenate([block.time_s for block in blocks]),
            np.concatenate([block.load for block in blocks]),
        )


class LoadLine:
    """Streaming; identical for any chunking."""

    def __init__(self) -> None:
        self._arrivals = ArrivalLog()
        self._time_s = np.empty(0)
        self._load: LoadArray = np.empty(0, np.int8)
        self._by_hand: list[tuple[float, Load | None]] = []
        self._changes: deque[LoadChanged] = deque(maxlen=_CHANGES)
        self.known = NOTHING_YET
        """Number of the last shared step whose load the bar has told."""

    def note_arrival(self, time_s: FloatArray, host_time_s: FloatArray) -> None:
        """Take the times of the bar's samples as they came."""
        self._arrivals.note(time_s, host_time_s)

    def reconnected(self, host_time_s: float) -> None:
        """The link of the bar's sensor was made anew."""
        self._arrivals.reconnected(host_time_s)

    def take(self, time_s: FloatArray, load: LoadArray) -> None:
        """Add steps of the bar, (n,) each."""
        if not time_s.shape[0]:
            return
        # Left out, not marked: whoever was told before one came did not know that it exists.
        fresh = ~self._arrivals.late(time_s)
        self._time_s = np.concatenate([self._time_s, time_s[fresh]])
        self._load = np.concatenate([self._load, load[fresh]])
        self.known = int(np.floor(time_s[-1] * STEPS_PER_S))

    def pass_by(self, time_s: FloatArray) -> None:
        """Note how far the bar has come, where nobody asks for its load."""
        if time_s.shape[0]:
            self.known = int(np.floor(time_s[-1] * STEPS_PER_S))

    def set_by_hand(self, at_s: float, load: Load | None) -> None:
        """From ``at_s`` on somebody says what the load is; ``None``: the bar's sensor again."""
        bisect.insort(self._by_hand, (at_s, load), key=lambda change: change[0])

    def by_hand(self, at_s: float) -> Load | None:
        """What was set by hand for a moment."""
        number = bisect.bisect_right(self._by_hand, at_s, key=lambda change: change[0])
        return self._by_hand[number - 1][1] if number else None

    def note_change(self, event: LoadChanged) -> None:
        """Take what the bar's sensor tells, for when it is asked again."""
        self._changes.append(event)

    def of_bar(self, at_s: float) -> Load:
        """What the bar's sensor had told by a moment."""
        told = [event.load for event in self._changes if event.at_s <= at_s]
        return told[-1] if told else Load.UNKNOWN

    def at(self, index: IndexArray) -> LoadArray:
        """State of the load at ascending shared steps, (n,); asked for in order, once."""
        n = index.shape[0]
        load = np.full(n, Load.UNKNOWN, np.int8)
        if not n:
            return load
        step_s = index / STEPS_PER_S
        if self._time_s.shape[0]:
            # A step of the bar may stand a rounding error behind its shared one.
            place = np.searchsorted(self._time_s, step_s + 1e-9, side="right") - 1
            fresh = place >= 0
            place = np.maximum(place, 0)
            fresh &= step_s - self._time_s[place] <= HOLD_S
            load[fresh] = self._load[place[fresh]]
            old = int(place[-1])
            self._time_s, self._load = self._time_s[old:], self._load[old:]
        for number, (at_s, said) in enumerate(self._by_hand):
            if said is None:
                continue
            until_s = self._by_hand[number + 1][0] if number + 1 < len(self._by_hand) else np.inf
            load[(step_s >= at_s) & (step_s < until_s)] = said
        return load
