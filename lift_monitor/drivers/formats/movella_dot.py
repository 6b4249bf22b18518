"""Movella (Xsens) DOT: one sample a notification, with the sensor's clock in microseconds.

Little-endian.  Every payload begins with ``ts u32`` in microseconds and is padded with
zeros to the length of its characteristic, so that only the channel tells what is inside.
Rate quantities (modes 20 and 21) and custom mode 5 (26) carry specific force and rotation
rate in the sensor's axes.  Delta quantities (18 and 19) carry what a step turned and gained,
divided here by the step.  Complete and extended quantities (3 and 2) carry orientation and
acceleration of the world without gravity; both are turned back into the sensor's axes, and
the rotation rate is not known.  The other modes hold no acceleration that can be had.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Sequence
from typing import ClassVar, Final, NamedTuple

import numpy as np

from lift_monitor.drivers.formats.base import FormatError, TimeBase, rate_of
from lift_monitor.drivers.formats.unwrap import Unwrapper
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality, SensorInfo
from lift_monitor.units import (
    RADPS_PER_DPS,
    STANDARD_GRAVITY_MPS2,
    FloatArray,
    QualityArray,
)

NAME = "movella-dot"

_TS = ("ts", "<u4")
_ACC, _GYR, _Q = ("acc", "<f4", 3), ("gyr", "<f4", 3), ("q", "<f4", 4)
_MAG = ("mag", "<i2", 3)

LAYOUTS: Final = {
    21: np.dtype([_TS, _ACC, _GYR]),
    20: np.dtype([_TS, _ACC, _GYR, _MAG]),
    26: np.dtype([_TS, _Q, _ACC, _GYR]),
    19: np.dtype([_TS, ("dq", "<f4", 4), ("dv", "<f4", 3)]),
    18: np.dtype([_TS, ("dq", "<f4", 4), ("dv", "<f4", 3), _MAG]),
    3: np.dtype([_TS, _Q, ("free_acc", "<f4", 3)]),
    2: np.dtype(
        [_TS, _Q, ("free_acc", "<f4", 3), ("status", "<u2"), ("clips", "u1", 2)]  # acc, gyr
    ),
}
"""What is in a payload, by the number of its mode."""
SHORT_BYTES, MEDIUM_BYTES, LONG_BYTES = 20, 40, 63
"""Length of a notification of each of the three payload characteristics."""

_ACC_CLIP, _GYR_CLIP = 0x0007, 0x0038  # bits of the status, one an axis
_DEFAULT_RATE_HZ = 60.0  # what a sensor sends unless told otherwise
_SMALLEST_TURN = 1e-12


def channel(mode: int) -> str:
    """Name the channel of a payload mode."""
    return f"mode-{mode}"


_MODES: Final = {channel(mode): mode for mode in LAYOUTS}


def payload_bytes(mode: int) -> int:
    """Length of a notification of a mode, padding included."""
    return MEDIUM_BYTES if LAYOUTS[mode].itemsize <= MEDIUM_BYTES else LONG_BYTES


def encode(
    mode: int,
    time_us: int,
    acc_sensor_mps2: FloatArray,
    gyr_sensor_radps: FloatArray,
    rate_hz: float = _DEFAULT_RATE_HZ,
    status: int = 0,
) -> bytes:
    """Pack one sample, both vectors of shape (3,), of a sensor whose axes are the world's.

    Raises
    ------
    KeyError
        If the mode is none of :data:`LAYOUTS`.
    """
    row = np.zeros((), LAYOUTS[mode])
    names = row.dtype.names or ()
    angle = np.asarray(gyr_sensor_radps) / rate_hz
    values: dict[str, object] = {
        "ts": time_us % (1 << 32),
        "acc": acc_sensor_mps2,
        "gyr": np.asarray(gyr_sensor_radps) / RADPS_PER_DPS,
        "q": (1.0, 0.0, 0.0, 0.0),
        "dq": _quaternion(angle),
        "dv": np.asarray(acc_sensor_mps2) / rate_hz,
        "free_acc": np.asarray(acc_sensor_mps2) - (0.0, 0.0, STANDARD_GRAVITY_MPS2),
        "status": status,
    }
    for name in names:
        if name in values:
            row[name] = values[name]
    return row.tobytes().ljust(payload_bytes(mode), b"\0")


class _Row(NamedTuple):
    mode: int
    time_us: int
    host_ns: int
    data: bytes


class MovellaDotDecoder:
    """Streaming decoder of all modes of :data:`LAYOUTS`.

    Parameters
    ----------
    info : SensorInfo
        Its rate is the step of delta quantities; 60 Hz, the sensor's default, if not known.
    """

    time_base: ClassVar[TimeBase] = TimeBase.SENSOR

    def __init__(self, info: SensorInfo) -> None:
        self._rate_hz = rate_of(info) or _DEFAULT_RATE_HZ
        self._clock = Unwrapper(32, 1_000_000)

    def restart(self) -> None:
        """Nothing is ever half received: a notification is whole or refused."""

    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        return self._decode([self._read(packet)])

    def feed_all(
        self, packets: Sequence[Packet], refused: Callable[[FormatError], None]
    ) -> ImuChunk:
        """Decode packets together (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        rows = []
        for packet in packets:
            try:
                rows.append(self._read(packet))
            except FormatError as error:
                refused(error)
        runs = itertools.groupby(rows, lambda row: row.mode)
        return ImuChunk.concatenate([self._decode(list(run)) for _, run in runs])

    def _read(self, packet: Packet) -> _Row:
        mode = _MODES.get(packet.channel)
        if mode is None:
            raise FormatError(f"movella-dot has no channel {packet.channel!r} that can be read")
        size, found = LAYOUTS[mode].itemsize, len(packet.payload)
        if found not in (size, payload_bytes(mode)):
            raise FormatError(
                f"movella-dot payload of {found} bytes is not one of mode {mode}, "
                f"which has {size} and is padded to {payload_bytes(mode)}"
            )
        (ticks,) = struct.unpack_from("<I", packet.payload)
        time_us = self._clock.unwrap(ticks, packet.host_time_ns)
        return _Row(mode, time_us, packet.host_time_ns, packet.payload[:size])

    def _decode(self, rows: list[_Row]) -> ImuChunk:
        """Turn payloads of one mode into samples at once: numpy costs by the call."""
        layout = LAYOUTS[rows[0].mode]
        values = np.frombuffer(b"".join([row.data for row in rows]), layout)
        with np.errstate(all="ignore"):  # bytes that are no number are passed on as they are
            acc, gyr, quality = self._quantities(values)
        return ImuChunk.build(
            np.array([row.time_us for row in rows]) * 1e-6,
            acc,
            gyr,
            host_time_s=np.array([row.host_ns for row in rows]) * 1e-9,
            quality=quality,
        )

    def _quantities(
        self, values: np.ndarray[tuple[int], np.dtype[np.void]]
    ) -> tuple[FloatArray, FloatArray, QualityArray]:
        names = values.dtype.names or ()
        quality = np.zeros(values.shape[0], np.uint16)
        if "acc" in names:
            gyr = values["gyr"].astype(np.float64) * RADPS_PER_DPS
            return values["acc"].astype(np.float64), gyr, quality
        if "dv" in names:
            turned = _rotation_vector(values["dq"].astype(np.float64))
            gained = values["dv"].astype(np.float64)
            return gained * self._rate_hz, turned * self._rate_hz, quality
        quality[:] = Quality.NO_GYRO
        if "status" in names:
            quality[values["status"] & _ACC_CLIP != 0] |= np.uint16(Quality.ACC_SATURATED)
            quality[values["status"] & _GYR_CLIP != 0] |= np.uint16(Quality.GYR_SATURATED)
        felt_world = values["free_acc"].astype(np.float64)
        felt_world[:, 2] += STANDARD_GRAVITY_MPS2
        acc = _turned_back(values["q"].astype(np.float64), felt_world)
        return acc, np.zeros_like(acc), quality


def _quaternion(rotation_vector: FloatArray) -> FloatArray:
    """(3,) rotation vector in rad to a (4,) quaternion."""
    angle = float(np.linalg.norm(rotation_vector))
    axis = rotation_vector / angle if angle > _SMALLEST_TURN else np.zeros(3)
    return np.append(np.cos(angle / 2), axis * np.sin(angle / 2))


def _rotation_vector(q: FloatArray) -> FloatArray:
    """(n, 4) quaternions to (n, 3) rotation vectors in rad, the shorter way round."""
    length = np.linalg.norm(q[:, 1:], axis=1)
    shorter = np.where(q[:, 0] < 0, -1.0, 1.0)
    angle = 2 * np.arctan2(length, shorter * q[:, 0])
    scale = np.where(length > _SMALLEST_TURN, angle / np.maximum(length, _SMALLEST_TURN), 2.0)
    return np.asarray(q[:, 1:] * (shorter * scale)[:, None], dtype=np.float64)


def _turned_back(q: FloatArray, world: FloatArray) -> FloatArray:
    """(n, 3) vectors of the world in the axes of a sensor with (n, 4) orientation ``q``."""
    unit = q / np.linalg.norm(q, axis=1)[:, None]
    w, v = unit[:, :1], -unit[:, 1:]
    t = 2 * np.cross(v, world)
    return np.asarray(world + w * t + np.cross(v, t), dtype=np.float64)
