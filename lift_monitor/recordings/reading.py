"""Reading a recording: by its index when the file is whole, by a walk when it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mcap.records import Channel, Metadata

from lift_monitor.drivers.packet import Packet
from lift_monitor.recordings.errors import RecordingError
from lift_monitor.recordings.facts import (
    SENSOR,
    SESSION,
    Annotation,
    sensor_from_metadata,
    session_from_metadata,
)
from lift_monitor.recordings.index import Index, read_chunk, read_index
from lift_monitor.recordings.records import (
    ANNOTATIONS,
    MAGIC,
    PACKETS,
    PARSE_ERRORS,
    RawMessage,
    RecordWalk,
    unseal,
)
from lift_monitor.recordings.sniff import describe, read_head, unreadable
from lift_monitor.samples import SensorInfo


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What was brought back from a file that is cut or damaged.

    ``path`` is where the messages can be read: the new file, or the damaged one itself when
    it was only opened.
    """

    path: Path
    messages: int
    duration_s: float
    lost_bytes: int

    def __str__(self) -> str:
        lost = f"{self.lost_bytes} bytes hold nothing whole" if self.lost_bytes else "nothing lost"
        return (
            f"{self.path.name} was cut or damaged: recovered {self.messages} messages, "
            f"{self.duration_s:.1f} s ({lost})"
        )


class Recording:
    """A recording on the disk; a source of packets like a live sensor.

    Make one with :meth:`open`. A file without a valid end is read as far as it is whole;
    ``recovery`` says so then, and the file itself is left as it is.

    Attributes
    ----------
    path : Path
    session : SessionFacts
    sensors : tuple of SensorInfo
    annotations : tuple of Annotation
        In the order of their times.
    messages : int
        Packets and annotations together.
    duration_s : float
        Time of the last message; 0 if there is none.
    format_version : int
    recovery : RecoveryReport or None
    """

    def __init__(
        self,
        path: Path,
        metadata: Sequence[Metadata],
        channels: Mapping[int, Channel],
        annotations: Sequence[tuple[int, bytes]],
        *,
        messages: int,
        end_ns: int,
        index: Index | None,
        in_order: bool,
        recovery: RecoveryReport | None,
    ) -> None:
        facts = [record.metadata for record in metadata if record.name == SESSION]
        if not facts:
            raise RecordingError(
                f"{path} holds no session facts, so nothing in it can be read: it was cut "
                "too early, or another program wrote it; choose another file."
            )
        self.path = path
        self.session, self.format_version = session_from_metadata(facts[0], path.name)
        self.sensors: tuple[SensorInfo, ...] = tuple(
            sensor_from_metadata(record.metadata, path.name)
            for record in metadata
            if record.name == SENSOR
        )
        self.annotations = tuple(
            Annotation.from_json(body, log_time_ns)
            for log_time_ns, body in sorted(annotations, key=lambda item: item[0])
        )
        self.messages = messages
        self.duration_s = end_ns * 1e-9
        self.recovery = recovery
        self._index = index
        self._in_order = in_order
        self._streams = _packet_channels(channels, self.sensors, path)

    @classmethod
    def open(cls, path: Path) -> Recording:
        """Open a recording, whole or not.

        Raises
        ------
        RecordingError
            If the file is missing, is no recording, or is cut before its first facts.
        """
        head = read_head(path, RecordingError)
        if head != MAGIC:
            if MAGIC.startswith(head):
                raise RecordingError(f"{path} is cut after {len(head)} bytes; nothing is left.")
            raise RecordingError(
                f"{path} is not a recording of this program, it is {describe(head)}; "
                "choose a .mcap file that was recorded here."
            )
        try:
            index = read_index(path)
            return cls._walked(path) if index is None else cls._indexed(path, index)
        except OSError as error:
            raise unreadable(path, error, RecordingError) from None

    def packets(self, start_s: float = 0.0) -> Iterator[Packet]:
        """Walk the packets, ordered by host time; equal times in the order of arrival.

        Parameters
        ----------
        start_s : float, optional
            Leave out packets before this session time; a whole file jumps there.

        Raises
        ------
        RecordingError
            If the file was removed or changed since it was opened.
        """
        start_ns = round(start_s * 1e9)
        try:
            for message in self._messages(start_ns):
                stream = self._streams.get(message.channel_id)
                if stream is not None and message.log_time_ns >= start_ns:
                    yield Packet(*stream, message.log_time_ns, unseal(message.data))
        except RecordingError:
            raise
        except OSError as error:
            raise unreadable(self.path, error, RecordingError) from None
        except PARSE_ERRORS:
            raise RecordingError(f"{self.path} changed while it was read; open it again.") from None

    def _messages(self, start_ns: int) -> Iterator[RawMessage]:
        if self._index is not None:
            return _merged(self.path, self._index, start_ns)
        walk = iter(RecordWalk(self.path))
        if self._in_order:
            return walk
        return iter(sorted(walk, key=lambda message: message.log_time_ns))

    @classmethod
    def _indexed(cls, path: Path, index: Index) -> Recording:
        remarks = {key for key, channel in index.channels.items() if _is_remark(channel)}
        walk = RecordWalk(path)
        walk.channels = index.channels
        annotations: list[tuple[int, bytes]] = []
        with path.open("rb") as stream:
            for chunk in index.chunks:
                if remarks.isdisjoint(chunk.message_index_offsets):
                    continue
                annotations += [
                    (message.log_time_ns, message.data)
                    for message in walk.chunk(read_chunk(stream, chunk))
                    if message.channel_id in remarks
                ]
        return cls(
            path,
            index.metadata,
            index.channels,
            annotations,
            messages=index.messages,
            end_ns=index.end_ns,
            index=index,
            in_order=True,
            recovery=None,
        )

    @classmethod
    def _walked(cls, path: Path) -> Recording:
        walk = RecordWalk(path)
        annotations: list[tuple[int, bytes]] = []
        messages = end_ns = last_ns = 0
        in_order = True
        for message in walk:
            messages += 1
            in_order = in_order and message.log_time_ns >= last_ns
            last_ns = message.log_time_ns
            end_ns = max(end_ns, last_ns)
            if _is_remark(walk.channels[message.channel_id]):
                annotations.append((message.log_time_ns, message.data))
        whole = walk.ended and walk.lost_bytes == 0 and _ends_well(path)
        return cls(
            path,
            walk.metadata,
            walk.channels,
            annotations,
            messages=messages,
            end_ns=end_ns,
            index=None,
            in_order=in_order,
            recovery=(
                None if whole else RecoveryReport(path, messages, end_ns * 1e-9, walk.lost_bytes)
            ),
        )


def _is_remark(channel: Channel) -> bool:
    return channel.metadata.get("kind") == ANNOTATIONS


def _ends_well(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-len(MAGIC), 2)
        return stream.read() == MAGIC


def _packet_channels(
    channels: Mapping[int, Channel], sensors: Sequence[SensorInfo], path: Path
) -> dict[int, tuple[str, str]]:
    """Which channels carry packets, and the sensor and the stream of each."""
    known = {sensor.sensor_id for sensor in sensors}
    streams: dict[int, tuple[str, str]] = {}
    for key, channel in channels.items():
        facts = channel.metadata
        if facts.get("kind") != PACKETS:
            continue
        if facts.get("sensor_id") not in known or "channel" not in facts:
            raise RecordingError(
                f"{path} has packets of a sensor that it does not describe; "
                "it was changed after it was recorded, use the original."
            )
        streams[key] = (facts["sensor_id"], facts["channel"])
    return streams


def _merged(path: Path, index: Index, start_ns: int) -> Iterator[RawMessage]:
    """Read chunk after chunk; only those whose times overlap are held together."""
    walk = RecordWalk(path)
    walk.channels = index.channels
    # (time, place of the chunk, place inside): equal times stay in the order of arrival.
    held: list[tuple[int, int, int, RawMessage]] = []
    with path.open("rb") as stream:
        for chunk in index.chunks:
            if chunk.message_end_time < start_ns:
                continue
            ready = sum(1 for item in held if item[0] < chunk.message_start_time)
            yield from (item[3] for item in held[:ready])
            held = held[ready:]
            place = chunk.chunk_start_offset
            held += [
                (message.log_time_ns, place, number, message)
                for number, message in enumerate(walk.chunk(read_chunk(stream, chunk)))
            ]
            held.sort(key=lambda item: item[:3])
    if walk.lost_bytes:
        raise RecordingError(
            f"{path} changed while it was read; open it again to read what is whole."
        )
    yield from (item[3] for item in held)
