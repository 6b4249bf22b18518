"""An emulated MetaMotion and what it sent, for its tests."""

from __future__ import annotations

import numpy as np

from lift_monitor.drivers.emulated.families.metamotion import (
    MetaMotionPeripheral,
    MetaMotionRPeripheral,
)
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import Identity
from lift_monitor.drivers.formats import metamotion as codec
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Role, SensorInfo
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2
from tests.drivers.families.recorded import session

IDENTITY = Identity("C0:FF:EE:00:00:02", "MetaWear", "05A1B2")
ACC_LSB = codec.acc_lsb_mps2(16.0)
GYR_LSB = codec.gyr_lsb_radps(2000.0)
BOARDS = [MetaMotionPeripheral, MetaMotionRPeripheral]


def board(rate_hz: float = 100.0) -> MetaMotionPeripheral:
    return MetaMotionPeripheral(IDENTITY, CountingMotion(rate_hz))


RUN = session(board(), seconds=4.0)


def info(acc_g: float | None = 16.0, gyr_dps: float | None = 2000.0) -> SensorInfo:
    return SensorInfo(
        "s",
        Role.BAR,
        codec.NAME,
        nominal_rate_hz=100.0,
        acc_range_mps2=None if acc_g is None else acc_g * STANDARD_GRAVITY_MPS2,
        gyr_range_radps=None if gyr_dps is None else gyr_dps * RADPS_PER_DPS,
    )


def packet(hex_or_bytes: str | bytes, host_s: float = 0.0, channel: str = codec.DATA) -> Packet:
    payload = bytes.fromhex(hex_or_bytes) if isinstance(hex_or_bytes, str) else hex_or_bytes
    return Packet("s", channel, round(host_s * 1e9), payload)


def assert_counts(chunk: ImuChunk, rate_hz: float, first: int = 0) -> None:
    """The samples are those of the counting motion, none changed by more than half a count."""
    number = first + np.arange(len(chunk))
    # The motion runs for half a second before the start.
    acc, gyr = CountingMotion(rate_hz).at(0.5 + number / rate_hz)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, atol=0.51 * ACC_LSB)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr, atol=0.51 * GYR_LSB)
