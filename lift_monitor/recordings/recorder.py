"""Writing a recording: every packet to the disk first, packed and indexed at the end."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self
from urllib.parse import quote

from mcap.writer import Writer

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.source import PacketSource
from lift_monitor.recordings.atomic import atomic_path
from lift_monitor.recordings.errors import RecordingError
from lift_monitor.recordings.facts import (
    SENSOR,
    SESSION,
    Annotation,
    SessionFacts,
    sensor_to_metadata,
    session_to_metadata,
)
from lift_monitor.recordings.packing import ANNOTATION_SCHEMA, LIBRARY, pack
from lift_monitor.recordings.records import ANNOTATIONS, PACKETS, PROFILE, seal
from lift_monitor.samples import SensorInfo

PACKET_ENCODING: Final = "lift-monitor-packet"
_LATEST_NS = 1 << 63


class Recorder:
    """Writes a session as it happens (context manager).

    Every message is handed to the operating system as one record before :meth:`write`
    returns: a killed program loses none that was acknowledged. The live file is neither
    chunked nor indexed, so that there is nothing to lose but the record being written;
    :meth:`close` ends it and puts an indexed copy in its place in one step.

    Parameters
    ----------
    path : Path
        The file to make; one that exists is never overwritten.
    session : SessionFacts
        Written at the start of the file.
    sensors : sequence of SensorInfo
        Written at the start of the file; see :meth:`add_sensor` for those that join later.
    called : Path, optional
        The path that errors name, if ``path`` is only a stopover.

    Raises
    ------
    RecordingError
        If the file exists or cannot be made.
    ValueError
        If two sensors share an identifier.
    """

    def __init__(
        self,
        path: Path,
        session: SessionFacts,
        sensors: Sequence[SensorInfo],
        *,
        called: Path | None = None,
    ) -> None:
        self.path = path
        self._called = path if called is None else called
        self.written = 0
        self._channels: dict[tuple[str, str], int] = {}
        self._annotations: int | None = None
        self._sensors: set[str] = set()
        self._failed = False
        # What cannot be written must fail before there is a file.
        facts = _encodable(session_to_metadata(session))
        announced = [_encodable(sensor_to_metadata(sensor)) for sensor in sensors]
        try:
            self._stream: BinaryIO | None = path.open("xb")
        except FileExistsError:
            raise RecordingError(
                f"{path} exists already and a recording is never overwritten; choose another name."
            ) from None
        except OSError as error:
            raise _cannot_write(self._called, error) from None
        self._writer = Writer(self._stream, use_chunking=False)
        try:
            self._writer.start(profile=PROFILE, library=LIBRARY)
            self._writer.add_metadata(SESSION, facts)
            for sensor in announced:
                self._add_sensor(sensor)
            self._stream.flush()
        except (OSError, ValueError) as error:
            self._abandon()
            path.unlink(missing_ok=True)
            raise (
                _cannot_write(self._called, error) if isinstance(error, OSError) else error
            ) from None

    def write(self, packet: Packet) -> None:
        """Append a packet; when this returns, a crash of the program cannot lose it.

        Raises
        ------
        RecordingError
            If the disk is full or gone; what was written before stays readable.
        ValueError
            If the packet's sensor was not announced or its time is negative.
        """
        if packet.sensor_id not in self._sensors:
            raise ValueError(f"sensor {packet.sensor_id!r} was not announced to the recorder")
        if not 0 <= packet.host_time_ns < _LATEST_NS:
            raise ValueError(f"host time {packet.host_time_ns} ns is not a time of a session")
        key = (packet.sensor_id, packet.channel)
        if key not in self._channels:
            self._channels[key] = self._register(*key)
        self._append(
            self._channels[key], packet.host_time_ns, seal(packet.host_time_ns, packet.payload)
        )

    def annotate(self, annotation: Annotation) -> None:
        """Append a remark.

        Raises
        ------
        RecordingError
            If the disk is full or gone.
        ValueError
            If ``at_s`` is not a finite time.
        """
        if not math.isfinite(annotation.at_s) or abs(annotation.at_s) >= _LATEST_NS * 1e-9:
            raise ValueError(f"annotation at {annotation.at_s} s is not a time of a session")
        if self._annotations is None:
            schema = self._open_writer().register_schema(*ANNOTATION_SCHEMA)
            self._annotations = self._writer.register_channel(
                f"/{ANNOTATIONS}", "json", schema, {"kind": ANNOTATIONS}
            )
        at_ns = max(0, round(annotation.at_s * 1e9))  # MCAP knows no time before its zero
        self._append(self._annotations, at_ns, annotation.to_json())

    def add_sensor(self, sensor: SensorInfo) -> None:
        """Announce a sensor that joins a running session.

        Raises
        ------
        ValueError
            If its identifier is taken.
        RecordingError
            If the disk is full or gone.
        """
        self._open_writer()
        self._add_sensor(_encodable(sensor_to_metadata(sensor)))
        self.flush()

    def flush(self) -> None:
        """Hand over what is buffered; :meth:`write` does so itself, so this is never urgent.

        Raises
        ------
        RecordingError
            If the disk is full or gone.
        """
        if self._stream is None:
            return
        try:
            self._stream.flush()
        except OSError as error:
            self._failed = True
            raise _cannot_write(self._called, error) from None

    def close(self) -> None:
        """End the file, then replace it by its packed and indexed copy; may be called twice.

        If the copy cannot be made (no room on the disk, a reader that holds the file on
        Windows) the live file stays: it is whole, only slower to open.

        Raises
        ------
        RecordingError
            If the end itself cannot be written; what was written before stays readable.
        """
        if self._stream is None:
            return
        if self._failed:  # an end after a half-written record would hide what comes before it
            self._abandon()
            return
        try:
            self._writer.finish()  # type: ignore[no-untyped-call]
            self._stream.flush()
        except OSError as error:
            raise _cannot_write(self._called, error) from None
        finally:
            self._abandon()
        with contextlib.suppress(OSError):
            pack(self.path, self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open_writer(self) -> Writer:
        if self._stream is None:
            raise ValueError("the recorder is closed")
        if self._failed:
            raise RecordingError(
                f"{self._called} could not be written to earlier; "
                "what was recorded until then is kept."
            )
        return self._writer

    def _register(self, sensor_id: str, channel: str) -> int:
        metadata = _encodable({"kind": PACKETS, "sensor_id": sensor_id, "channel": channel})
        topic = f"/{PACKETS}/{quote(sensor_id, safe='')}/{quote(channel, safe='')}"
        return self._open_writer().register_channel(topic, PACKET_ENCODING, 0, metadata)

    def _add_sensor(self, facts: dict[str, str]) -> None:
        sensor_id = facts["sensor_id"]
        if sensor_id in self._sensors:
            raise ValueError(f"two sensors share the identifier {sensor_id!r}")
        self._writer.add_metadata(SENSOR, facts)
        self._sensors.add(sensor_id)

    def _append(self, channel_id: int, log_time_ns: int, data: bytes) -> None:
        writer = self._open_writer()
        try:
            writer.add_message(
                channel_id, log_time_ns, data, log_time_ns, self.written & 0xFFFF_FFFF
            )
        except OSError as error:
            self._failed = True
            raise _cannot_write(self._called, error) from None
        self.flush()
        self.written += 1

    def _abandon(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def save_recording(
    path: Path,
    session: SessionFacts,
    source: PacketSource,
    annotations: Sequence[Annotation] = (),
) -> int:
    """Write a finite source as a whole recording, or nothing at all.

    Returns
    -------
    int
        Packets written.

    Raises
    ------
    RecordingError
        If the file exists or cannot be written.
    """
    if path.exists():
        raise RecordingError(
            f"{path} exists already and a recording is never overwritten; choose another name."
        )
    try:
        with (
            atomic_path(path) as part,
            Recorder(part, session, source.sensors, called=path) as recorder,
        ):
            for annotation in annotations:
                recorder.annotate(annotation)
            for packet in source.packets():
                recorder.write(packet)
    except OSError as error:
        raise _cannot_write(path, error) from None
    return recorder.written - len(annotations)


def _encodable(facts: dict[str, str]) -> dict[str, str]:
    """Pass facts on, or fail now: half a record must never be left in the writer."""
    for key, value in facts.items():
        key.encode()
        value.encode()
    return facts


def _cannot_write(path: Path, error: OSError) -> RecordingError:
    return RecordingError(
        f"{path} cannot be written ({error.strerror or error}); "
        "check the folder and the room on the disk."
    )
