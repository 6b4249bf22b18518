"""The open IMU format: for boards that people flash themselves, and for the simulator.

Little-endian.  Header of 8 bytes: ``version u8 = 1``, ``n u8``, ``seq u16`` (packet
counter), ``ts u32`` (microseconds of the first sample, wraps); then 8 bytes of scale
``acc_mps2_per_lsb f32``, ``gyr_radps_per_lsb f32``; then ``dt u32`` microseconds between
samples; then n times ``acc i16*3, gyr i16*3``.
"""

from __future__ import annotations

import struct

import numpy as np

from lift_monitor.drivers.formats.base import FormatError
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.units import FloatArray

NAME = "open-imu"
CHANNEL = "imu"
VERSION = 1
_HEADER = struct.Struct("<BBHIffI")
_SAMPLE_BYTES = 12
_WRAP_US = 1 << 32
_FULL_SCALE = 32767


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


class OpenImuDecoder:
    """Streaming decoder; unwraps the 32-bit clock and marks full-scale samples."""

    def __init__(self) -> None:
        self._last_us: int | None = None

    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        data = packet.payload
        if len(data) < _HEADER.size:
            raise FormatError(f"open-imu packet of {len(data)} bytes is shorter than its header")
        version, n, _seq, ts_us, acc_lsb, gyr_lsb, dt_us = _HEADER.unpack_from(data)
        if version != VERSION:
            raise FormatError(f"open-imu version {version} is not known (this reads {VERSION})")
        if len(data) != _HEADER.size + n * _SAMPLE_BYTES:
            raise FormatError(f"open-imu packet announces {n} samples but has {len(data)} bytes")
        if not (np.isfinite(acc_lsb) and np.isfinite(gyr_lsb) and acc_lsb > 0 and gyr_lsb > 0):
            raise FormatError("open-imu packet carries a scale that is not a positive number")
        first_us = self._unwrap(ts_us)
        raw = np.frombuffer(data, "<i2", offset=_HEADER.size).reshape(n, 6)
        sensor_time_s = (first_us + dt_us * np.arange(n)) * 1e-6
        clipped = np.abs(raw.astype(np.int32)) >= _FULL_SCALE
        quality = np.zeros(n, np.uint16)
        quality[clipped[:, :3].any(axis=1)] |= np.uint16(Quality.ACC_SATURATED)
        quality[clipped[:, 3:].any(axis=1)] |= np.uint16(Quality.GYR_SATURATED)
        return ImuChunk.build(
            sensor_time_s,
            raw[:, :3] * np.float64(acc_lsb),
            raw[:, 3:] * np.float64(gyr_lsb),
            host_time_s=np.full(n, packet.host_time_ns * 1e-9),
            quality=quality,
        )

    def _unwrap(self, ts_us: int) -> int:
        if self._last_us is None:
            self._last_us = ts_us
            return ts_us
        step = (ts_us - self._last_us) % _WRAP_US
        if step >= _WRAP_US // 2:  # an older packet, not a wrap
            step -= _WRAP_US
        self._last_us += step
        return self._last_us
