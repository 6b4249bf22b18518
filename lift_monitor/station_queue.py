"""Between a station's thread and its listener: bounded, merged, events never lost."""

from __future__ import annotations

import threading
from collections import deque

from lift_monitor.events import Event
from lift_monitor.road import join_traces
from lift_monitor.signal.pipeline import PipelineOutput, TraceBlock
from lift_monitor.station_words import StationReset, StationStatus, StationUpdate

_MOST_TRACE_ROWS = 20_000
"""About three minutes at 100 Hz; a listener that is further behind draws from there."""
_HISTORY_S = 12.0
"""Trace kept for redrawing after a seek: what the live traces show."""


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
        self._blocks: deque[TraceBlock] = deque()
        self._rows = 0
        self._status: StationStatus | None = None
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Trace rows dropped so far."""
        return self._dropped

    def put(self, output: PipelineOutput) -> None:
        """Add what became known."""
        with self._lock:
            self._events.extend(output.events)
            if len(output.trace):
                self._blocks.append(output.trace)
                self._rows += len(output.trace)
            while self._rows > self._most_trace_rows and len(self._blocks) > 1:
                oldest = len(self._blocks.popleft())
                self._rows -= oldest
                self._dropped += oldest

    def put_status(self, status: StationStatus) -> None:
        """Replace the status."""
        with self._lock:
            self._status = status

    def put_reset(self, reset: StationReset, history: PipelineOutput) -> None:
        """Drop everything unfetched; tell to start anew from ``history``."""
        with self._lock:
            self._reset = reset
            self._events.clear()
            self._blocks.clear()
            self._rows = 0
        self.put(history)

    def drain(self, limit: int | None = None) -> list[StationUpdate]:
        """Fetch at most ``limit`` updates in order: reset, output, status."""
        updates: list[StationUpdate] = []
        room = 3 if limit is None else limit
        with self._lock:
            if self._reset is not None and room > len(updates):
                updates.append(self._reset)
                self._reset = None
            if (self._events or self._blocks) and room > len(updates):
                updates.append(PipelineOutput(tuple(self._events), join_traces(self._blocks)))
                self._events.clear()
                self._blocks.clear()
                self._rows = 0
            if self._status is not None and room > len(updates):
                updates.append(self._status)
                self._status = None
        return updates


class History:
    """All events of the session and the latest stretch of its trace."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._blocks: deque[TraceBlock] = deque()

    def add(self, output: PipelineOutput) -> None:
        """Remember what became known."""
        self._events.extend(output.events)
        if len(output.trace) == 0:
            return
        self._blocks.append(output.trace)
        oldest_s = float(output.trace.time_s[-1]) - _HISTORY_S
        while float(self._blocks[0].time_s[-1]) < oldest_s:
            self._blocks.popleft()

    def told_again(self) -> PipelineOutput:
        """Everything that a listener needs to redraw."""
        trace = join_traces(self._blocks)
        if len(trace):
            late = trace.time_s >= trace.time_s[-1] - _HISTORY_S
            trace = TraceBlock(
                trace.time_s[late],
                trace.velocity_mps[late],
                trace.height_m[late],
                trace.up_sensor[late],
                trace.quality[late],
            )
        return PipelineOutput(tuple(self._events), trace)
