"""WitMotion BLE 5: a stream of frames with neither time, sequence nor checksum.

Little-endian.  A frame is ``55 61`` and nine i16: specific force in 16 g, rotation rate in
2000 deg/s and angles in half turns, each a share of 32768.  A reply to a question is
``55 71 register 00`` and eight u16, of the same 20 bytes.  Frames are cut and joined by
notifications as it comes, so they are read as one stream of bytes.  A variant that appends
eight bytes of its clock to each frame is read too; the clock is not used.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import ClassVar, Final, NamedTuple

import numpy as np

from lift_monitor.drivers.formats.base import FormatError, TimeBase
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2, FloatArray

NAME = "witmotion"
CHANNEL = "stream"
ACC_RANGE_MPS2: Final = 16 * STANDARD_GRAVITY_MPS2
GYR_RANGE_RADPS: Final = 2000 * RADPS_PER_DPS
FRAME_BYTES: Final = 20

_MOTION, _REPLY = b"\x55\x61", b"\x55\x71"
_HEADERS = (_MOTION, _REPLY)
_CLOCK_BYTES = 8
_COUNTS = 32768
_FULL_SCALE = 32767
_REPLY_LAYOUT = struct.Struct("<2sBx8H")


def encode(
    acc_sensor_mps2: FloatArray,
    gyr_sensor_radps: FloatArray,
    angles_rad: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> bytes:
    """Pack one sample, both vectors of shape (3,); values beyond the range clip."""
    shares = np.concatenate(
        [
            np.asarray(acc_sensor_mps2) / ACC_RANGE_MPS2,
            np.asarray(gyr_sensor_radps) / GYR_RANGE_RADPS,
            np.array(angles_rad) / np.pi,
        ]
    )
    counts = np.clip(np.rint(shares * _COUNTS), -_COUNTS, _FULL_SCALE)
    return b"".join([_MOTION, counts.astype("<i2").tobytes()])


def encode_reply(register: int, values: Sequence[int]) -> bytes:
    """Pack the answer to a question: eight registers from the given one on."""
    return _REPLY_LAYOUT.pack(_REPLY, register, *values)


def decode_reply(frame: bytes) -> tuple[int, tuple[int, ...]] | None:
    """Read register and values of an answer; ``None`` if a frame is something else."""
    if len(frame) != FRAME_BYTES or not frame.startswith(_REPLY):
        return None
    _, register, *values = _REPLY_LAYOUT.unpack(frame)
    return register, tuple(values)


class FrameStream:
    """Cuts a stream of bytes into frames.

    A frame where the last one ended is taken at its word. Elsewhere, and where a frame is
    put together from two notifications, another frame or nothing must follow, for two
    bytes of a header also occur by chance. What is kept for later is below 28 bytes.

    Attributes
    ----------
    skipped : int
        Bytes that belonged to no frame, so far.
    """

    def __init__(self) -> None:
        self.skipped = 0
        self._rest = b""
        self._in_step = True

    def clear(self) -> None:
        """Forget a frame that came in part."""
        self._rest = b""
        self._in_step = True

    def push(self, value: bytes) -> list[bytes]:
        """Take a notification, return the frames that it completes, of 20 bytes each."""
        if value.startswith(_HEADERS):
            # A notification that begins a frame tells that the end of the last one is lost.
            self.skipped += len(self._rest)
            self.clear()
        joined = len(self._rest)
        data = self._rest + value
        frames: list[bytes] = []
        at = 0
        while at < len(data):
            if data.startswith(_HEADERS, at):
                if len(data) - at < FRAME_BYTES:
                    break
                sure = (self._in_step and at >= joined) or self._followed(data, at + FRAME_BYTES)
                if sure is None:
                    break
                if sure:
                    frames.append(data[at : at + FRAME_BYTES])
                    at += FRAME_BYTES
                    self._in_step = True
                    continue
            elif self._in_step:
                clock = self._clock_ends(data, at + _CLOCK_BYTES)
                if clock is None:
                    break
                if clock:
                    at += _CLOCK_BYTES
                    continue
            elif data[at:] == _MOTION[:1]:
                break
            self._in_step = False
            onward = _next_header(data, at + 1)
            self.skipped += onward - at
            at = onward
        self._rest = data[at:]
        return frames

    def _followed(self, data: bytes, end: int) -> bool | None:
        """Whether a frame ends here, judged by what follows; ``None`` if that is yet to come."""
        if _may_begin(data, end):
            return True
        return self._clock_ends(data, end + _CLOCK_BYTES)

    @staticmethod
    def _clock_ends(data: bytes, end: int) -> bool | None:
        """Whether the clock of the longer variant ends here; ``None`` if it is yet to come."""
        return None if len(data) < end else _may_begin(data, end)


def _may_begin(data: bytes, at: int) -> bool:
    """Whether a frame begins here, or nothing, or what may become a header."""
    return data.startswith(_HEADERS, at) or data[at:] in (b"", _MOTION[:1])


def _next_header(data: bytes, at: int) -> int:
    """Place of the next header, or of a last byte that may become one, or the end."""
    found = [place for place in (data.find(header, at) for header in _HEADERS) if place >= 0]
    if found:
        return min(found)
    return max(len(data) - 1, at) if data.endswith(_MOTION[:1]) else len(data)


class _Sample(NamedTuple):
    host_ns: int
    jumped: bool
    frame: bytes


class WitMotionDecoder:
    """Streaming decoder; the sensor has no clock, so samples are told by their count.

    A notification that repeats the one before it bit by bit is a callback called twice. A
    sample after bytes that belonged to no frame is marked
    :attr:`~lift_monitor.samples.Quality.CLOCK_JUMP`: some may be missing before it. A link
    may begin in the middle of a frame: what is left of that one is no fault.
    """

    time_base: ClassVar[TimeBase] = TimeBase.COUNT

    def __init__(self) -> None:
        self._stream = FrameStream()
        self._previous = b""
        self._accounted = 0  # skipped bytes that a mark stands for
        self._joining = True

    def restart(self) -> None:
        """Forget a frame that came in part."""
        self._stream.clear()
        self._accounted = self._stream.skipped
        self._joining = True

    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        return self._decode(self._read(packet))

    def feed_all(
        self, packets: Sequence[Packet], refused: Callable[[FormatError], None]
    ) -> ImuChunk:
        """Decode packets together (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        samples: list[_Sample] = []
        for packet in packets:
            try:
                samples += self._read(packet)
            except FormatError as error:
                refused(error)
        return self._decode(samples)

    def _read(self, packet: Packet) -> list[_Sample]:
        if packet.channel != CHANNEL:
            raise FormatError(f"witmotion has no channel {packet.channel!r}")
        if packet.payload == self._previous:
            return []
        self._previous = packet.payload
        before = self._stream.skipped
        frames = self._stream.push(packet.payload)
        if self._joining and self._stream.skipped - self._accounted < FRAME_BYTES + _CLOCK_BYTES:
            if frames:
                self._joining = False
                self._accounted = self._stream.skipped
        elif not frames and self._stream.skipped > before:
            raise FormatError(f"witmotion bytes ({self._stream.skipped - before}) are of no frame")
        samples = []
        for frame in frames:
            if frame.startswith(_MOTION):
                jumped = self._stream.skipped != self._accounted
                self._accounted = self._stream.skipped
                samples.append(_Sample(packet.host_time_ns, jumped, frame))
        return samples

    @staticmethod
    def _decode(samples: list[_Sample]) -> ImuChunk:
        """Turn frames into samples at once: numpy costs by the call."""
        if not samples:
            return ImuChunk.empty()
        body = b"".join([sample.frame[2:14] for sample in samples])
        raw = np.frombuffer(body, "<i2").reshape(-1, 6)
        clipped = (raw >= _FULL_SCALE) | (raw <= -_FULL_SCALE)
        quality = np.zeros(raw.shape[0], np.uint16)
        quality[clipped[:, :3].any(axis=1)] |= np.uint16(Quality.ACC_SATURATED)
        quality[clipped[:, 3:].any(axis=1)] |= np.uint16(Quality.GYR_SATURATED)
        quality[[sample.jumped for sample in samples]] |= np.uint16(Quality.CLOCK_JUMP)
        none = np.full(raw.shape[0], np.nan)
        return ImuChunk.build(
            none,
            raw[:, :3] * (ACC_RANGE_MPS2 / _COUNTS),
            raw[:, 3:] * (GYR_RANGE_RADPS / _COUNTS),
            sensor_time_s=none,
            host_time_s=np.array([sample.host_ns for sample in samples]) * 1e-9,
            quality=quality,
        )
