"""Movesense, GATT sensor data protocol: messages of several samples, with the time of the first.

Little-endian.  A message begins with ``[2][ref][ts u32]``, milliseconds since the sensor
was switched on; what does not fit goes on in ``[3][ref]``.  The samples follow block by
block: all of specific force in m/s², then all of rotation rate in deg/s, on the channel
``imu9`` then all of the magnetic field in µT.  All are float32.

No message tells its length.  It is learnt from the first message that is followed by
another; the customary one, a thirteenth of a second, is taken as whole at once.  Nor does a
part tell to which message it belongs: where one may be lost, the message waits until the
time of the next one shows that they follow each other.
"""

from __future__ import annotations

import itertools
import struct
from collections import deque
from collections.abc import Callable, Sequence
from typing import ClassVar, Final, NamedTuple

import numpy as np

from lift_monitor.drivers.formats.base import FormatError, TimeBase, rate_of
from lift_monitor.drivers.formats.unwrap import Unwrapper
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, SensorInfo
from lift_monitor.units import RADPS_PER_DPS, FloatArray

NAME = "movesense"
IMU6, IMU9 = "imu6", "imu9"
RESPONSE, DATA, CONTINUATION = 1, 2, 3
"""First byte of a notification."""
MESSAGES_A_S: Final = 13
"""Messages a second at every rate that has been seen; a first guess, not relied upon."""

_BLOCKS: Final = {IMU6: 2, IMU9: 3}
_HEADER = struct.Struct("<BBI")
_LONGEST_BYTES = 128 * 36
"""No rate fills more of a message: 1666 Hz in thirteenths of a second, nine axes."""
_LONGEST_PERIOD_S = 0.2
_LATE_PART_NS = 500_000_000 // MESSAGES_A_S
"""A part that comes later than half a message after its beginning may be another's."""
_NEXT_MESSAGE = 1.5
"""Messages follow each other if their times differ by less than so many messages."""
_UNKNOWN_PERIOD_S = 1 / 52
"""Step inside the very first message where no rate is told."""
_NOTIFICATION_BYTES = 158
"""What the sensor's MTU of 161 leaves."""


def encode(
    ref: int,
    time_ms: int,
    acc_sensor_mps2: FloatArray,
    gyr_sensor_radps: FloatArray,
    mag_sensor_ut: FloatArray | None = None,
) -> list[bytes]:
    """Pack (n, 3) samples into the notifications of one message."""
    blocks = [acc_sensor_mps2, gyr_sensor_radps / RADPS_PER_DPS]
    if mag_sensor_ut is not None:
        blocks.append(mag_sensor_ut)
    body = b"".join([block.astype("<f4").tobytes() for block in blocks])
    room = _NOTIFICATION_BYTES - _HEADER.size
    parts = [_HEADER.pack(DATA, ref, time_ms % (1 << 32)) + body[:room]]
    rest, room = body[room:], _NOTIFICATION_BYTES - 2
    while rest:
        parts.append(bytes([CONTINUATION, ref]) + rest[:room])
        rest = rest[room:]
    return parts


class _Message(NamedTuple):
    """A message as far as it has come."""

    ref: int
    time_ms: int
    host_ns: int
    blocks: int
    body: bytes
    after_torn: bool
    """Whether the message before it came in part, so that a part of that one may follow yet."""
    doubtful: bool = False
    """Whether a part of another message may have been taken for one of this."""

    @property
    def samples(self) -> int:
        """Samples in it; 0 while their number is not whole."""
        size = 12 * self.blocks
        return 0 if len(self.body) % size else len(self.body) // size


class _Whole(NamedTuple):
    """A message that is whole, with the step between its samples."""

    message: _Message
    period_s: float


class MovesenseDecoder:
    """Streaming decoder; joins continuations.

    Parameters
    ----------
    info : SensorInfo
        Its rate gives the steps inside a message; measured from the times if not known.
    """

    time_base: ClassVar[TimeBase] = TimeBase.SENSOR

    def __init__(self, info: SensorInfo) -> None:
        self._clock = Unwrapper(32, 1000)
        self._rate_hz = rate_of(info)
        self._guess = round(self._rate_hz / MESSAGES_A_S) if self._rate_hz else 0
        self._learnt = 0  # samples of a whole message
        self._refuted = 0  # samples of the last message that was not of the learnt length
        self._open: _Message | None = None
        self._previous = b""
        self._last: tuple[int, int] | None = None  # time and samples of the last message
        self._periods_s: deque[float] = deque(maxlen=9)

    def restart(self) -> None:
        """Forget a message of which only the beginning came."""
        self._open = None
        self._last = None

    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        return _decode(self._read(packet))

    def feed_all(
        self, packets: Sequence[Packet], refused: Callable[[FormatError], None]
    ) -> ImuChunk:
        """Decode packets together (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        whole: list[_Whole] = []
        for packet in packets:
            try:
                whole += self._read(packet)
            except FormatError as error:
                refused(error)
        return _decode(whole)

    def _read(self, packet: Packet) -> list[_Whole]:
        blocks = _BLOCKS.get(packet.channel)
        if blocks is None:
            raise FormatError(f"movesense has no channel {packet.channel!r}")
        value = packet.payload
        if len(value) < 2:
            raise FormatError(f"movesense notification of {len(value)} bytes has no header")
        if value == self._previous:  # a callback called twice
            return []
        self._previous = value
        if value[0] == DATA:
            return self._begin(packet, blocks)
        if value[0] == CONTINUATION:
            return self._go_on(packet, blocks)
        if value[0] == RESPONSE:
            return []
        raise FormatError(f"movesense notification is of kind {value[0]}, which is not known")

    def _begin(self, packet: Packet, blocks: int) -> list[_Whole]:
        if len(packet.payload) < _HEADER.size:
            raise FormatError(f"movesense data of {len(packet.payload)} bytes has no time")
        _, ref, ticks = _HEADER.unpack_from(packet.payload)
        time_ms = self._clock.unwrap(ticks, packet.host_time_ns)
        torn = self._open is not None and self._open.samples == 0
        before = self._close(time_ms)
        body = packet.payload[_HEADER.size :]
        self._open = _Message(ref, time_ms, packet.host_time_ns, blocks, body, torn)
        return before + self._if_whole()

    def _go_on(self, packet: Packet, blocks: int) -> list[_Whole]:
        message, value = self._open, packet.payload
        if message is None or (message.ref, message.blocks) != (value[1], blocks):
            # Perhaps what was taken as whole was not: wait for the ends of messages again.
            self._learnt = self._guess = 0
            raise FormatError("movesense continuation came without its beginning")
        late = packet.host_time_ns - message.host_ns > _LATE_PART_NS
        doubtful = message.doubtful or message.after_torn or late
        message = message._replace(body=message.body + value[2:], doubtful=doubtful)
        if len(message.body) > _LONGEST_BYTES:
            self._open = None
            raise FormatError(f"movesense message is longer than {_LONGEST_BYTES} bytes")
        self._open = message
        return self._if_whole()

    def _if_whole(self) -> list[_Whole]:
        """Give the open message's samples if surely nothing more is to come."""
        message = self._open
        if message is None or message.samples == 0 or message.doubtful:
            return []
        if message.samples != (self._learnt or self._guess):
            return []
        self._open = None
        self._learnt, self._refuted = message.samples, 0
        return self._done(message)

    def _close(self, next_ms: int) -> list[_Whole]:
        """The next message begins: judge the one that is still open by length and time."""
        message, self._open = self._open, None
        if message is not None and not self._of_known_length(message):
            message = None
        if message is not None:
            self._last = (message.time_ms, message.samples)
        self._measure(next_ms)
        if message is None:
            return []
        span_ms = message.samples * self._period_s() * 1e3
        if message.doubtful and not 0 < next_ms - message.time_ms < _NEXT_MESSAGE * span_ms:
            return []
        return self._done(message)

    def _of_known_length(self, message: _Message) -> bool:
        """Whether a message that the next one ended is whole; learns from it."""
        n = message.samples
        if n == 0:
            return False
        if self._learnt in (0, n) or n == self._refuted:
            self._learnt, self._refuted = n, 0
            return True
        self._refuted = n  # the length may have changed: the next one tells
        return False

    def _measure(self, next_ms: int) -> None:
        """Learn the step from the times of two messages; the median passes over losses."""
        if self._last is not None:
            period_s = (next_ms - self._last[0]) * 1e-3 / self._last[1]
            if 0 < period_s <= _LONGEST_PERIOD_S:
                self._periods_s.append(period_s)

    def _done(self, message: _Message) -> list[_Whole]:
        self._last = (message.time_ms, message.samples)
        return [_Whole(message, self._period_s())]

    def _period_s(self) -> float:
        if self._rate_hz:
            return 1.0 / self._rate_hz
        return float(np.median(self._periods_s)) if self._periods_s else _UNKNOWN_PERIOD_S


def _decode(whole: list[_Whole]) -> ImuChunk:
    """Turn messages into samples, those of one shape at once: numpy costs by the call."""
    runs = itertools.groupby(whole, lambda w: (w.message.blocks, w.message.samples))
    return ImuChunk.concatenate([_decode_alike(n, blocks, list(run)) for (blocks, n), run in runs])


def _decode_alike(n: int, blocks: int, whole: list[_Whole]) -> ImuChunk:
    body = b"".join([w.message.body for w in whole])
    values = np.frombuffer(body, "<f4").reshape(-1, blocks, n, 3)
    with np.errstate(all="ignore"):  # bytes that are no number are passed on as they are
        acc = values[:, 0].astype(np.float64)
        gyr = values[:, 1].astype(np.float64) * RADPS_PER_DPS
    first_s = np.array([w.message.time_ms for w in whole]) * 1e-3
    period_s = np.array([w.period_s for w in whole])
    return ImuChunk.build(
        (first_s[:, None] + period_s[:, None] * np.arange(n)).reshape(-1),
        acc.reshape(-1, 3),
        gyr.reshape(-1, 3),
        host_time_s=np.repeat(np.array([w.message.host_ns for w in whole]) * 1e-9, n),
    )
