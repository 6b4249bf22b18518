"""A walk over the records of an MCAP file that may be cut or damaged anywhere.

The readers of the ``mcap`` library are made for whole files: ``make_reader`` refuses a file
without its end, and ``StreamReader`` hands out the front half of a cut message as if it were
whole.  So the frames (one byte of kind, eight of length) are walked here, each bounded by
the file; what is inside the rarer records is read by the library.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Channel, Metadata
from mcap.writer import MCAP0_MAGIC

MAGIC: Final = MCAP0_MAGIC
FRAME: Final = struct.Struct("<BQ")
_MESSAGE_HEAD = struct.Struct("<HIQQ")
_SEAL = struct.Struct("<I")
_TIME = struct.Struct("<Q")
_CHUNK_HEAD = struct.Struct("<QQQII")
_LENGTH = struct.Struct("<Q")
_LARGEST_CHUNK_BYTES = 1 << 28
"""A chunk that unpacks to more is not one of ours (ours hold some 128 KiB)."""

PARSE_ERRORS: Final = (McapError, struct.error, ValueError, zstandard.ZstdError, MemoryError)


PROFILE: Final = "lift-monitor"
PACKETS: Final = "packets"
ANNOTATIONS: Final = "annotations"


def seal(log_time_ns: int, payload: bytes) -> bytes:
    """Make the message body of a packet: a checksum over time and payload, then the payload.

    A record of a live file has no checksum of its own, and a power cut can leave a whole
    head with a body that never reached the disk.
    """
    return _SEAL.pack(zlib.crc32(payload, zlib.crc32(_TIME.pack(log_time_ns)))) + payload


def unseal(body: bytes) -> bytes:
    """Take the payload out of a packet's message body."""
    return body[_SEAL.size :]


def _is_sealed(log_time_ns: int, body: bytes) -> bool:
    checksum = zlib.crc32(unseal(body), zlib.crc32(_TIME.pack(log_time_ns)))
    return body[: _SEAL.size] == _SEAL.pack(checksum)


class RawMessage(NamedTuple):
    """A message as it stands in the file."""

    channel_id: int
    sequence: int
    log_time_ns: int
    data: bytes


class _BrokenRecordError(Exception):
    """A record whose frame is whole but whose content is not."""


class RecordWalk:
    """One pass from the front of a file to its end, its cut, or its first broken frame.

    Iterate it once; the other attributes are complete when the iteration is over.

    Attributes
    ----------
    metadata : list of Metadata
    channels : dict of int to Channel
    ended : bool
        Whether the data section is whole to its end.
    lost_bytes : int
        Bytes of the data section that hold nothing whole: the cut record, damaged chunks,
        packets whose checksum is wrong.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.metadata: list[Metadata] = []
        self.channels: dict[int, Channel] = {}
        self.ended = False
        self.lost_bytes = 0

    def __iter__(self) -> Iterator[RawMessage]:
        """Yield every whole message in the order of the file."""
        with self._path.open("rb") as stream:
            size = stream.seek(0, io.SEEK_END)
            stream.seek(0)
            if stream.read(len(MAGIC)) == MAGIC:
                yield from self._walk(stream, size)

    def chunk(self, body: bytes, *, whole: bool = True) -> Generator[RawMessage, None, None]:
        """Yield the messages inside one chunk record; of a cut one, those that are whole."""
        records = _unpack(body, whole=whole)
        at = 0
        while len(records) - at >= FRAME.size:
            opcode, length = FRAME.unpack_from(records, at)
            start = at + FRAME.size
            if start + length > len(records):
                break
            try:
                message = self._take(opcode, records[start : start + length])
            except _BrokenRecordError:
                break
            if message is not None:
                yield message
            at = start + length
        # Of compressed bytes one cannot say which were lost: all count if anything is missing.
        if at < len(records) or not records or not whole:
            self.lost_bytes += max(len(body) - at, 0)

    def _walk(self, stream: BinaryIO, size: int) -> Iterator[RawMessage]:
        at = len(MAGIC)
        while at + FRAME.size <= size:
            opcode, length = FRAME.unpack(stream.read(FRAME.size))
            if opcode in (Opcode.DATA_END, Opcode.FOOTER):
                self.ended = True
                return
            body = stream.read(min(length, size - at - FRAME.size))
            whole = len(body) == length
            if opcode == Opcode.CHUNK:
                yield from self.chunk(body, whole=whole)
            else:
                try:
                    message = self._take(opcode, body if whole else None)
                except _BrokenRecordError:
                    break
                if message is not None:
                    yield message
            at += FRAME.size + length
        self.lost_bytes += max(size - at, 0)

    def _take(self, opcode: int, body: bytes | None) -> RawMessage | None:
        """Read one record: give a message back, keep what the walk collects, skip the rest."""
        if opcode == 0 or body is None:  # a power cut leaves zeros, and 0 is no record's kind
            raise _BrokenRecordError
        if opcode == Opcode.MESSAGE:
            if len(body) < _MESSAGE_HEAD.size:
                raise _BrokenRecordError
            channel_id, sequence, log_time_ns, _ = _MESSAGE_HEAD.unpack_from(body)
            channel = self.channels.get(channel_id)
            if channel is None:
                raise _BrokenRecordError
            data = body[_MESSAGE_HEAD.size :]
            if channel.metadata.get("kind") == PACKETS and not _is_sealed(log_time_ns, data):
                self.lost_bytes += FRAME.size + len(body)
                return None
            return RawMessage(channel_id, sequence, log_time_ns, data)
        fields = ReadDataStream(io.BytesIO(body))
        try:
            if opcode == Opcode.CHANNEL:
                channel = Channel.read(fields)
                self.channels[channel.id] = channel
            elif opcode == Opcode.METADATA:
                self.metadata.append(Metadata.read(fields))
        except PARSE_ERRORS:
            raise _BrokenRecordError from None
        return None


def _unpack(body: bytes, *, whole: bool) -> bytes:
    """Take the records out of a chunk; empty if it cannot be read or its checksum is wrong."""
    try:
        _, _, size, checksum, name_length = _CHUNK_HEAD.unpack_from(body)
        name_end = _CHUNK_HEAD.size + name_length
        compression = body[_CHUNK_HEAD.size : name_end]
        start = name_end + _LENGTH.size
        packed = body[start:]
        if compression == b"":
            records = packed
        elif compression == b"zstd":
            records = _unzstd(packed, size)
        else:
            return b""
    except PARSE_ERRORS:
        return b""
    if whole and checksum and zlib.crc32(records) != checksum:
        return b""
    return records


def _unzstd(packed: bytes, size: int) -> bytes:
    """Decompress as far as the bytes reach; only files that others packed need this."""
    parts: list[bytes] = []
    left = min(size, _LARGEST_CHUNK_BYTES)
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)) as reader:
        while left > 0:
            try:
                part = reader.read(min(left, 1 << 17))
            except zstandard.ZstdError:
                break
            if not part:
                break
            parts.append(part)
            left -= len(part)
    return b"".join(parts)
