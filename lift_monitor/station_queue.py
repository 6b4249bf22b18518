"""Between a station's thread and its listener: bounded, merged, events never lost."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from lift_monitor.events import Event
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.station_words import StationReset, StationStatus, StationUpdate
from lift_monitor.units import FloatArray

_MOST_TRACE_ROWS = 20_000
"""About three minutes at 100 Hz; a listener that is further behind draws from there."""
_HISTORY_S = 12.0
"""Trace kept for redrawing after a seek: what the live traces show."""


class _Rows(Protocol):
    """A block of steps."""

    @property
    def time_s(self) -> FloatArray: ...

    def __len__(self) -> int: ...


RowsT = TypeVar("RowsT", bound=_Rows)


class _Blocks(Generic[RowsT]):
    """Blocks of steps in order, the oldest of which may be dropped."""

    def __init__(self, join: Callable[[Sequence[RowsT]], RowsT]) -> None:
        self._join = join
        self._blocks: deque[RowsT] = deque()
        self._rows = 0

    def put(self, block: RowsT) -> None:
        if len(block):
            self._blocks.append(block)
            self._rows += len(block)

    def _drop_first(self) -> int:
        rows = len(self._blocks.popleft())
        self._rows -= rows
        return rows

    def keep_rows(self, most: int) -> int:
        """Drop the oldest blocks beyond so many rows; how many rows went."""
        dropped = 0
        while self._rows > most and len(self._blocks) > 1:
            dropped += self._drop_first()
        return dropped

    def keep_seconds(self, seconds: float) -> None:
        """Drop blocks that end earlier than that before the last step."""
        if self._blocks:
            oldest_s = float(self._blocks[-1].time_s[-1]) - seconds
            while float(self._blocks[0].time_s[-1]) < oldest_s:
                self._drop_first()

    def joined(self) -> RowsT:
        return self._join(tuple(self._blocks))

    def clear(self) -> None:
        self._blocks.clear()
        self._rows = 0

    def __bool__(self) -> bool:
        return bool(self._blocks)


class UpdateQueue:
    """Holds what the listener has not fetched yet; safe between threads.

    Consecutive outputs merge into one, only the latest status is kept, and a reset drops
    what came before it, because what follows tells all of it again.
    """

    def __init__(self, most_trace_rows: int = _MOST_TRACE_ROWS) -> None:
        self._lock = threading.Lock()
        self._most_trace_rows = most_trace_rows
        self._reset: StationReset | None = None
        self._events: list[Event] = []
        self._trace = _Blocks(TraceBlock.concatenate)
        self._spine = _Blocks(SpineBlock.concatenate)
        self._status: StationStatus | None = None
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Steps of the traces dropped so far."""
        return self._dropped

    def put(self, output: PipelineOutput) -> None:
        """Add what became known."""
        with self._lock:
            self._events.extend(output.events)
            self._trace.put(output.trace)
            self._spine.put(output.spine)
            self._dropped += self._trace.keep_rows(self._most_trace_rows)
            self._dropped += self._spine.keep_rows(self._most_trace_rows)

    def put_status(self, status: StationStatus) -> None:
        """Replace the status."""
        with self._lock:
            self._status = status

    def put_reset(self, reset: StationReset, history: PipelineOutput) -> None:
        """Drop everything unfetched; tell to start anew from ``history``."""
        with self._lock:
            self._reset = reset
            self._clear()
        self.put(history)

    def _clear(self) -> None:
        self._events.clear()
        self._trace.clear()
        self._spine.clear()

    def drain(self, limit: int | None = None) -> list[StationUpdate]:
        """Fetch at most ``limit`` updates in order: reset, output, status."""
        updates: list[StationUpdate] = []
        room = 3 if limit is None else limit
        with self._lock:
            if self._reset is not None and room > len(updates):
                updates.append(self._reset)
                self._reset = None
            if (self._events or self._trace or self._spine) and room > len(updates):
                events = tuple(self._events)
                updates.append(
                    PipelineOutput(events, self._trace.joined(), spine=self._spine.joined())
                )
                self._clear()
            if self._status is not None and room > len(updates):
                updates.append(self._status)
                self._status = None
        return updates


class History:
    """All events of the session and the latest stretch of its traces."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._trace = _Blocks(TraceBlock.concatenate)
        self._spine = _Blocks(SpineBlock.concatenate)

    def add(self, output: PipelineOutput) -> None:
        """Remember what became known."""
        self._events.extend(output.events)
        self._trace.put(output.trace)
        self._spine.put(output.spine)
        self._trace.keep_seconds(_HISTORY_S)
        self._spine.keep_seconds(_HISTORY_S)

    def told_again(self) -> PipelineOutput:
        """Everything that a listener needs to redraw."""
        trace, spine = self._trace.joined(), self._spine.joined()
        return PipelineOutput(
            tuple(self._events), _latest(trace, trace.part), spine=_latest(spine, spine.part)
        )


def _latest(rows: RowsT, part: Callable[[int, int], RowsT]) -> RowsT:
    """The last stretch of the rows; blocks may reach further back."""
    if not len(rows):
        return rows
    first = int(rows.time_s.searchsorted(rows.time_s[-1] - _HISTORY_S))
    return part(first, len(rows))
