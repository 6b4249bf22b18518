"""The index at the end of a whole recording, trusted only when every checksum holds."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mcap.data_stream import ReadDataStream
from mcap.opcode import Opcode
from mcap.records import Channel, ChunkIndex, Metadata, MetadataIndex, Statistics
from mcap.stream_reader import StreamReader

from lift_monitor.recordings.records import FRAME, MAGIC, PARSE_ERRORS

_FOOTER = struct.Struct("<QQI")
_CHECKSUM = struct.Struct("<I")
_FOOTER_BYTES = FRAME.size + _FOOTER.size
_DATA_END_BYTES = FRAME.size + _CHECKSUM.size
_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Index:
    """What the summary of a whole file says; ``chunks`` are in the order of their times."""

    metadata: list[Metadata]
    channels: dict[int, Channel]
    chunks: list[ChunkIndex]
    messages: int
    end_ns: int


def read_index(path: Path) -> Index | None:
    """Read the index, or ``None`` if the file is cut, damaged or was never packed."""
    with path.open("rb") as stream:
        try:
            return _read(stream)
        except PARSE_ERRORS:
            return None


def read_chunk(stream: BinaryIO, chunk: ChunkIndex) -> bytes:
    """Read the body of one chunk record."""
    stream.seek(chunk.chunk_start_offset + FRAME.size)
    return stream.read(chunk.chunk_length - FRAME.size)


def _read(stream: BinaryIO) -> Index | None:
    size = stream.seek(0, io.SEEK_END)
    footer_at = size - len(MAGIC) - _FOOTER_BYTES
    if footer_at < len(MAGIC):
        return None
    stream.seek(footer_at)
    footer = stream.read(_FOOTER_BYTES)
    opcode, length = FRAME.unpack_from(footer)
    summary_at, _, summary_checksum = _FOOTER.unpack_from(footer, FRAME.size)
    data_end_at = summary_at - _DATA_END_BYTES
    if (opcode, length) != (Opcode.FOOTER, _FOOTER.size) or stream.read() != MAGIC:
        return None
    if not len(MAGIC) <= data_end_at < summary_at <= footer_at:
        return None
    stream.seek(summary_at)
    summary = stream.read(footer_at - summary_at)
    checksum = zlib.crc32(footer[: -_CHECKSUM.size], zlib.crc32(summary))
    if summary_checksum and checksum != summary_checksum:
        return None
    if not _data_section_holds(stream, data_end_at):
        return None
    return _parse(stream, summary + footer + MAGIC)


def _data_section_holds(stream: BinaryIO, data_end_at: int) -> bool:
    stream.seek(data_end_at)
    opcode, _ = FRAME.unpack(stream.read(FRAME.size))
    (expected,) = _CHECKSUM.unpack(stream.read(_CHECKSUM.size))
    if opcode != Opcode.DATA_END:
        return False
    if expected == 0:  # written without one, by another program's tools
        return True
    stream.seek(0)
    checksum, left = 0, data_end_at
    while left > 0:
        part = stream.read(min(left, _READ_BYTES))
        if not part:
            return False
        checksum = zlib.crc32(part, checksum)
        left -= len(part)
    return checksum == int(expected)


def _parse(stream: BinaryIO, summary: bytes) -> Index | None:
    channels: dict[int, Channel] = {}
    chunks: list[ChunkIndex] = []
    metadata: list[Metadata] = []
    statistics: Statistics | None = None
    reader = StreamReader(io.BytesIO(summary), skip_magic=True, record_size_limit=len(summary))
    size = stream.seek(0, io.SEEK_END)
    for record in reader.records:
        if isinstance(record, Channel):
            channels[record.id] = record
        elif isinstance(record, ChunkIndex):
            if not _inside(record.chunk_start_offset, record.chunk_length, size):
                return None
            chunks.append(record)
        elif isinstance(record, MetadataIndex):
            if not _inside(record.offset, record.length, size):
                return None
            stream.seek(record.offset + FRAME.size)
            body = stream.read(record.length - FRAME.size)
            metadata.append(Metadata.read(ReadDataStream(io.BytesIO(body))))
        elif isinstance(record, Statistics):
            statistics = record
    if statistics is None or (statistics.message_count and not chunks):
        return None
    chunks.sort(key=lambda chunk: (chunk.message_start_time, chunk.chunk_start_offset))
    return Index(metadata, channels, chunks, statistics.message_count, statistics.message_end_time)


def _inside(start: int, length: int, size: int) -> bool:
    """Whether a record can lie there: an index that says otherwise is not worth a trust."""
    return length >= FRAME.size and start + length <= size
