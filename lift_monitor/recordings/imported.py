"""Rows of a file as packets: what every importer makes, and the same road as live bytes."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from lift_monitor.drivers.formats import float_rows
from lift_monitor.drivers.packet import Packet
from lift_monitor.recordings.facts import SessionFacts
from lift_monitor.samples import SensorInfo
from lift_monitor.units import FloatArray

_PACKET_S: Final = 0.1
"""As long as a packet of a live sensor, so that a replay runs as smoothly."""
_PACKET_ROWS: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class ImportedFile:
    """A file that was read; a source of packets like a live sensor.

    Attributes
    ----------
    path : Path
    sensors : tuple of SensorInfo
        One sensor.
    streams : mapping of str to (n, 4) or (n, 7) array
        Rows by channel of the format ``float-rows``; the first column is the session time.
    time_zero_s : float
        The file's own time at session time zero: 0, unless it began before zero or at a
        date.
    started_at : datetime
        Moment of session time zero as far as the file tells it, else when it was saved.
    ignored_columns : tuple of str
    single_until_s : float
        Up to this session time every row is a packet of its own.
    """

    path: Path
    sensors: tuple[SensorInfo, ...]
    streams: Mapping[str, FloatArray]
    started_at: datetime
    time_zero_s: float = 0.0
    ignored_columns: tuple[str, ...] = ()
    single_until_s: float = 0.0
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def duration_s(self) -> float:
        """Session time of the last row."""
        return max(float(rows[-1, 0]) for rows in self.streams.values())

    def packets(self) -> Iterator[Packet]:
        """Walk the packets from the beginning; the host time is that of the last row."""
        parts = [self._packets(channel, rows) for channel, rows in self.streams.items()]
        return heapq.merge(*parts, key=lambda packet: packet.host_time_ns)

    def session(self) -> SessionFacts:
        """Facts for a recording of this file."""
        notes = {"imported_from": self.path.name, **self.notes}
        if self.ignored_columns:
            notes["ignored_columns"] = ", ".join(self.ignored_columns)
        if self.time_zero_s:
            notes["file_time_at_zero_s"] = repr(self.time_zero_s)
        return SessionFacts(started_at=self.started_at, source="imported", notes=notes)

    def _packets(self, channel: str, rows: FloatArray) -> Iterator[Packet]:
        sensor_id = self.sensors[0].sensor_id
        for start, end in _cuts(rows[:, 0], self.single_until_s):
            at_ns = round(float(rows[end - 1, 0]) * 1e9)
            yield Packet(sensor_id, channel, at_ns, float_rows.encode(rows[start:end]))


def _cuts(time_s: FloatArray, single_until_s: float) -> list[tuple[int, int]]:
    """Where packets begin and end: a tenth of a second each, and no more than their rows."""
    slot = np.floor(time_s / _PACKET_S)
    new = np.flatnonzero(np.diff(slot, prepend=np.nan) != 0)
    single = np.arange(np.searchsorted(time_s, single_until_s, side="right"))
    starts = np.union1d(new, single)
    ends = np.append(starts[1:], time_s.shape[0])
    return [
        (first, min(first + _PACKET_ROWS, int(end)))
        for start, end in zip(starts, ends, strict=True)
        for first in range(int(start), int(end), _PACKET_ROWS)
    ]


def saved_at(path: Path) -> datetime:
    """When the file was last written."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
