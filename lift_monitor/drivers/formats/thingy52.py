"""Nordic Thingy:52: raw motion without time, one sample a notification.

Channel ``raw``: ``acc i16*3`` in 1/1024 g, ``gyr i16*3`` in 1/32 deg/s, ``mag i16*3`` in
1/16 µT, which is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from lift_monitor.drivers.formats.base import FormatError, TimeBase
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2, FloatArray

NAME: Final = "thingy52"
RAW: Final = "raw"
ACC_LSB_MPS2: Final = STANDARD_GRAVITY_MPS2 / 1024
GYR_LSB_RADPS: Final = RADPS_PER_DPS / 32
_BYTES = 18
_FULL_SCALE = 32767


def encode(acc_sensor_mps2: FloatArray, gyr_sensor_radps: FloatArray) -> bytes:
    """Pack one sample, (3,) and (3,); beyond full scale it clips. The magnetometer reads 0."""
    counts = np.concatenate(
        [acc_sensor_mps2 / ACC_LSB_MPS2, gyr_sensor_radps / GYR_LSB_RADPS, np.zeros(3)]
    )
    raw: NDArray[np.int16] = np.clip(np.rint(counts), -_FULL_SCALE - 1, _FULL_SCALE).astype("<i2")
    return raw.tobytes()


class Thingy52Decoder:
    """Streaming decoder; a value handed over twice counts once."""

    time_base: ClassVar[TimeBase] = TimeBase.COUNT

    def __init__(self) -> None:
        self._last = b""

    def restart(self) -> None:
        """The first value of a new link may repeat the last of the old one."""
        self._last = b""

    def feed(self, packet: Packet) -> ImuChunk:
        """Decode one packet (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        return _decode([packet]) if self._is_new(packet) else ImuChunk.empty()

    def feed_all(
        self, packets: Sequence[Packet], refused: Callable[[FormatError], None]
    ) -> ImuChunk:
        """Decode packets together (see :class:`lift_monitor.drivers.formats.base.Decoder`)."""
        new = []
        for packet in packets:
            try:
                if self._is_new(packet):
                    new.append(packet)
            except FormatError as error:
                refused(error)
        return _decode(new) if new else ImuChunk.empty()

    def _is_new(self, packet: Packet) -> bool:
        if packet.channel != RAW:
            raise FormatError(f"thingy52 has no channel {packet.channel!r}")
        if len(packet.payload) != _BYTES:
            raise FormatError(
                f"thingy52 value of {len(packet.payload)} bytes is no sample of {_BYTES}"
            )
        same, self._last = packet.payload == self._last, packet.payload
        return not same


def _decode(packets: list[Packet]) -> ImuChunk:
    raw = np.frombuffer(b"".join([p.payload for p in packets]), "<i2").reshape(-1, 9)
    clipped = (raw >= _FULL_SCALE) | (raw <= -_FULL_SCALE)
    quality = np.zeros(raw.shape[0], np.uint16)
    quality[clipped[:, :3].any(axis=1)] |= np.uint16(Quality.ACC_SATURATED)
    quality[clipped[:, 3:6].any(axis=1)] |= np.uint16(Quality.GYR_SATURATED)
    return ImuChunk.build(
        np.full(raw.shape[0], np.nan),
        raw[:, :3].astype(np.float64) * ACC_LSB_MPS2,
        raw[:, 3:6].astype(np.float64) * GYR_LSB_RADPS,
        host_time_s=np.array([p.host_time_ns for p in packets]) * 1e-9,
        quality=quality,
    )
