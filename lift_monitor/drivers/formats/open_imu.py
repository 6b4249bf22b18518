"""The open IMU format: for boards that people flash themselves, and for the simulator.

``docs/open-imu-format.md`` specifies it for who builds a board.  Little-endian.  Header of
20 bytes: ``version u8 = 1``, ``n u8``, ``seq u16`` (packet counter), ``ts u32`` (microseconds
of the first sample, wraps), ``acc_mps2_per_lsb f32``, ``gyr_radps_per_lsb f32``, ``dt u32``
(microseconds between samples); then n times ``acc i16*3, gyr i16*3``.

The sequence number is for who looks for the cause of a hole: it tells a lost packet from a
board that paused.  The samples' times say where the hole is, as with every other sensor, so
it is not needed to decode.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lift_monitor.drivers.formats.base import FormatError, TimeBase
from lift_monitor.drivers.formats.unwrap import Unwrapper
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.units import FloatArray, QualityArray

NAME = "open-imu"
CHANNEL = "imu"
VERSION = 1
_HEADER = struct.Struct("<BBHIffI")
_HEAD_FIELDS = [
    ("version", "u1"),
    ("n", "u1"),
    ("seq", "<u2"),
    ("ts_us", "<u4"),
    ("acc_lsb", "<f4"),
    ("gyr_lsb", "<f4"),
    ("dt_us", "<u4"),
]
_SAMPLE_BYTES = 12
_WRAP_US = 1 << 32
_FULL_SCALE = 32767
_LONGEST_STEP_US = 1_000_000
"""One sample a second is the slowest rate of the format."""
_FAR_NS = 1 << 62
"""Host times beyond are read one by one, where integers have no end."""


def encode(
    seq: int,
    first_sample_us: int,
    dt_us: int,
    acc_sensor_mps2: FloatArray,
    gyr_sensor_radps: FloatArray,
    acc_mps2_per_lsb: float,
    gyr_radps_per_lsb: float,
) -> bytes:
    """Pack (n, 3) samples (n ≤ 255); values beyond the range clip to full scale."""
    n = acc_sensor_mps2.shape[0]
    if n > 255:
        raise ValueError(f"{n} samples do not fit one packet (at most 255)")
    counts = np.empty((n, 6))
    counts[:, :3] = acc_sensor_mps2 / acc_mps2_per_lsb
    counts[:, 3:] = gyr_sensor_radps / gyr_radps_per_lsb
    raw = np.clip(np.rint(counts), -_FULL_SCALE, _FULL_SCALE).astype("<i2")
    header = _HEADER.pack(
        VERSION,
        n,
        seq & 0xFFFF,
        first_sample_us % _WRAP_US,
        acc_mps2_per_lsb,
        gyr_radps_per_lsb,
        dt_us,
    )
    return header + raw.tobytes()


class _Head(NamedTuple):
    """What a packet says of its samples."""

    samples: int
    first_us: int
    dt_us: int
    acc_lsb: float
    gyr_lsb: float
    host_ns: int
    data: bytes


class OpenImuDecoder:
    """Streaming decoder; unwraps the 32-bit clock and marks full-scale samples."""

    time_base: ClassVar[TimeBase] = TimeBase.SENSOR

    def __init__(self) -> None:
        self._clock = Unwrapper(bits=32, ticks_per_s=1_000_000)

    def restart(self) -> None:
        """Nothing is ever half received: a packet is whole or refused."""

    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        return self._decode([self._read_head(packet)])

    def feed_all(
        self, packets: Sequence[Packet], refused: Callable[[FormatError], None]
    ) -> ImuChunk:
        """Decode packets together (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        together = self._feed_alike(packets)
        if together is not None:
            return together
        heads = []
        for packet in packets:
            try:
                heads.append(self._read_head(packet))
            except FormatError as error:
                refused(error)
        return self._decode(heads) if heads else ImuChunk.empty()

    def _feed_alike(self, packets: Sequence[Packet]) -> ImuChunk | None:
        """Decode packets of equal length, none of which is to be refused; else ``None``."""
        if len(packets) < 2:
            return None
        payloads = [packet.payload for packet in packets]
        length = len(payloads[0])
        n = (length - _HEADER.size) // _SAMPLE_BYTES
        if n < 1 or any(len(payload) != length for payload in payloads):
            return None
        host = [packet.host_time_ns for packet in packets]
        if not -_FAR_NS < min(host) <= max(host) < _FAR_NS:
            return None
        whole = np.dtype([*_HEAD_FIELDS, ("raw", "<i2", (n, 6))])
        if length != whole.itemsize:
            return None
        table = np.frombuffer(b"".join(payloads), whole)
        scales = np.stack([table["acc_lsb"], table["gyr_lsb"]])
        with np.errstate(invalid="ignore"):
            good = (table["version"] == VERSION) & (table["n"] == n)
            good &= ((scales > 0.0) & (scales < math.inf)).all(axis=0)
        dt_us = table["dt_us"].astype(np.int64)
        if n > 1:
            good &= (dt_us > 0) & (dt_us <= _LONGEST_STEP_US)
        if not good.all():
            return None
        host_ns = np.array(host, np.int64)
        first_us = self._clock.unwrap_all(table["ts_us"].astype(np.int64), host_ns)
        raw = table["raw"]
        acc_lsb, gyr_lsb = scales.astype(np.float64)
        time_s = (first_us[:, None] + dt_us[:, None] * np.arange(n)).reshape(-1) * 1e-6
        return ImuChunk(
            time_s,
            time_s,
            np.repeat(host_ns * 1e-9, n),
            (raw[:, :, :3] * acc_lsb[:, None, None]).reshape(-1, 3),
            (raw[:, :, 3:] * gyr_lsb[:, None, None]).reshape(-1, 3),
            _saturation(raw.reshape(-1, 6)),
        )

    def _read_head(self, packet: Packet) -> _Head:
        data = packet.payload
        if len(data) < _HEADER.size:
            raise FormatError(f"open-imu packet of {len(data)} bytes is shorter than its header")
        version, n, _seq, ts_us, acc_lsb, gyr_lsb, dt_us = _HEADER.unpack_from(data)
        if version != VERSION:
            raise FormatError(f"open-imu version {version} is not known (this reads {VERSION})")
        if len(data) != _HEADER.size + n * _SAMPLE_BYTES:
            raise FormatError(f"open-imu packet announces {n} samples but has {len(data)} bytes")
        if not (0.0 < acc_lsb < math.inf and 0.0 < gyr_lsb < math.inf):
            raise FormatError("open-imu packet carries a scale that is not a positive number")
        if n > 1 and not 0 < dt_us <= _LONGEST_STEP_US:
            raise FormatError(f"open-imu packet carries a step of {dt_us} microseconds")
        first_us = self._clock.unwrap(ts_us, packet.host_time_ns)
        return _Head(n, first_us, dt_us, acc_lsb, gyr_lsb, packet.host_time_ns, data)

    @staticmethod
    def _decode(heads: list[_Head]) -> ImuChunk:
        """Turn packets into samples at once: what numpy costs, it costs by the call."""
        n, first_us, dt_us, acc_lsb, gyr_lsb, host_ns, data = zip(*heads, strict=True)
        count = np.array(n)
        each = np.repeat(np.arange(count.shape[0]), count)  # the packet of each sample
        number = np.arange(each.shape[0]) - (np.cumsum(count) - count)[each]
        body = b"".join([payload[_HEADER.size :] for payload in data])
        raw = np.frombuffer(body, "<i2").reshape(-1, 6)
        return ImuChunk.build(
            (np.array(first_us)[each] + np.array(dt_us)[each] * number) * 1e-6,
            raw[:, :3] * np.array(acc_lsb)[each, None],
            raw[:, 3:] * np.array(gyr_lsb)[each, None],
            host_time_s=(np.array(host_ns) * 1e-9)[each],
            quality=_saturation(raw),
        )


def _saturation(raw: NDArray[np.int16]) -> QualityArray:
    """Marks of (n, 6) counts at full scale."""
    quality = np.zeros(raw.shape[0], np.uint16)
    if raw.size and (raw.max() >= _FULL_SCALE or raw.min() <= -_FULL_SCALE):
        clipped = (raw >= _FULL_SCALE) | (raw <= -_FULL_SCALE)
        quality[clipped[:, :3].any(axis=1)] |= np.uint16(Quality.ACC_SATURATED)
        quality[clipped[:, 3:].any(axis=1)] |= np.uint16(Quality.GYR_SATURATED)
    return quality
