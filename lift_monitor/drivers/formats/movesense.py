"""Movesense, GATT sensor data protocol: messages of several samples, with the time of the first.

Little-endian.  A message begins with ``[2][ref][ts u32]``, milliseconds since the sensor
was switched on; what does not fit goes on in ``[3][ref]``.  The samples follow block by
block: all of specific force in m/s², then all of rotation rate in deg/s, on the channel
``imu9`` then all of the magnetic field in µT.  All are float32.

No message tells its length.  It is learnt from the first message that is followed by
another; the customary one, a thirteenth of a second, is taken as whole at once.
"""

from __future__ import annotations

import struct
from collections import deque
from typing import ClassVar, Final, NamedTuple

import numpy as np

from lift_monitor.drivers.formats.base import FormatError, PacketwiseDecoder, TimeBase
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

    @property
    def samples(self) -> int:
        """Samples in it; 0 while their number is not whole."""
        size = 12 * self.blocks
        return 0 if len(self.body) % size else len(self.body) // size


class MovesenseDecoder(PacketwiseDecoder):
    """Streaming decoder; joins continuations.

    Parameters
    ----------
    info : SensorInfo
        Its rate gives the steps inside a message; measured from the times if not known.
    """

    time_base: ClassVar[TimeBase] = TimeBase.SENSOR

    def __init__(self, info: SensorInfo) -> None:
        self._clock = Unwrapper(32, 1000)
        self._rate_hz = info.nominal_rate_hz
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
        blocks = _BLOCKS.get(packet.channel)
        if blocks is None:
            raise FormatError(f"movesense has no channel {packet.channel!r}")
        value = packet.payload
        if len(value) < 2:
            raise FormatError(f"movesense notification of {len(value)} bytes has no header")
        if value == self._previous:  # a callback called twice
            return ImuChunk.empty()
        self._previous = value
        if value[0] == DATA:
            return self._begin(packet, blocks)
        if value[0] == CONTINUATION:
            return self._go_on(value)
        if value[0] == RESPONSE:
            return ImuChunk.empty()
        raise FormatError(f"movesense notification is of kind {value[0]}, which is not known")

    def _begin(self, packet: Packet, blocks: int) -> ImuChunk:
        if len(packet.payload) < _HEADER.size:
            raise FormatError(f"movesense data of {len(packet.payload)} bytes has no time")
        _, ref, ticks = _HEADER.unpack_from(packet.payload)
        time_ms = self._clock.unwrap(ticks, packet.host_time_ns)
        before = self._close(time_ms)
        body = packet.payload[_HEADER.size :]
        self._open = _Message(ref, time_ms, packet.host_time_ns, blocks, body)
        now = self._if_whole()
        return ImuChunk.concatenate([part for part in (before, now) if len(part)])

    def _go_on(self, value: bytes) -> ImuChunk:
        message = self._open
        if message is None or message.ref != value[1]:
            # Perhaps what was taken as whole was not: wait for the ends of messages again.
            self._learnt = self._guess = 0
            raise FormatError("movesense continuation came without its beginning")
        message = message._replace(body=message.body + value[2:])
        if len(message.body) > _LONGEST_BYTES:
            self._open = None
            raise FormatError(f"movesense message is longer than {_LONGEST_BYTES} bytes")
        self._open = message
        return self._if_whole()

    def _if_whole(self) -> ImuChunk:
        """Give the open message's samples if nothing more is to come."""
        message = self._open
        if message is None or message.samples == 0:
            return ImuChunk.empty()
        if message.samples != (self._learnt or self._guess):
            return ImuChunk.empty()
        self._open = None
        self._learnt, self._refuted = message.samples, 0
        return self._samples(message)

    def _close(self, next_ms: int) -> ImuChunk:
        """The next message begins: judge the one that is still open by its length."""
        message, self._open = self._open, None
        if message is not None and message.samples:
            if self._learnt == 0 or message.samples == self._refuted:
                self._learnt, self._refuted = message.samples, 0
            else:  # a continuation was lost, or the length has changed: the next one tells
                self._refuted, message = message.samples, None
        else:
            message = None
        if message is not None:
            self._last = (message.time_ms, message.samples)
        self._measure(next_ms)
        return ImuChunk.empty() if message is None else self._samples(message)

    def _measure(self, next_ms: int) -> None:
        """Learn the step from the times of two messages; the median passes over losses."""
        if self._last is not None:
            period_s = (next_ms - self._last[0]) * 1e-3 / self._last[1]
            if 0 < period_s <= _LONGEST_PERIOD_S:
                self._periods_s.append(period_s)

    def _samples(self, message: _Message) -> ImuChunk:
        n = message.samples
        self._last = (message.time_ms, n)
        if self._rate_hz:
            period_s = 1.0 / self._rate_hz
        elif self._periods_s:
            period_s = float(np.median(self._periods_s))
        else:
            period_s = _UNKNOWN_PERIOD_S
        values = np.frombuffer(message.body, "<f4").reshape(message.blocks, n, 3)
        with np.errstate(all="ignore"):  # bytes that are no number are passed on as they are
            acc = values[0].astype(np.float64)
            gyr = values[1].astype(np.float64) * RADPS_PER_DPS
        return ImuChunk.build(
            message.time_ms * 1e-3 + np.arange(n, dtype=np.float64) * period_s,
            acc,
            gyr,
            host_time_s=np.full(n, message.host_ns * 1e-9),
        )
