"""Emulated Polar sensors and what they sent, for their tests."""

from __future__ import annotations

import numpy as np

from lift_monitor.drivers.emulated.families.polar import (
    PolarH10Peripheral,
    PolarVerityNewPeripheral,
    PolarVerityPeripheral,
)
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import Identity
from lift_monitor.drivers.formats import polar_pmd
from lift_monitor.drivers.formats.pmd import MILLI_G_MPS2
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Role, SensorInfo
from lift_monitor.units import RADPS_PER_DPS
from tests.drivers.families.recorded import session

H10 = Identity("C0:FF:EE:00:00:03", "Polar H10 1A2B3C4D", "1A2B3C4D")
SENSE = Identity("C0:FF:EE:00:00:04", "Polar Sense 5E6F7A8B", "5E6F7A8B")


class OldVerity(PolarVerityPeripheral):
    """Knows no SDK mode."""

    has_sdk_mode = False


def h10(rate_hz: float = 100.0) -> PolarH10Peripheral:
    return PolarH10Peripheral(H10, CountingMotion(rate_hz))


def verity(
    kind: type[PolarVerityPeripheral] = PolarVerityPeripheral, rate_hz: float = 104.0
) -> PolarVerityPeripheral:
    return kind(SENSE, CountingMotion(rate_hz))


H10_RUN = session(h10())
RUNS = [H10_RUN, session(verity()), session(verity(PolarVerityNewPeripheral))]


def info(rate_hz: float | None = 52.0) -> SensorInfo:
    return SensorInfo("s", Role.THORAX, polar_pmd.NAME, nominal_rate_hz=rate_hz)


def packet(data: str | bytes, host_s: float = 0.0, channel: str = polar_pmd.DATA) -> Packet:
    payload = bytes.fromhex(data) if isinstance(data, str) else data
    return Packet("s", channel, round(host_s * 1e9), payload)


def reply(data: str) -> Packet:
    return packet(data, channel=polar_pmd.CONTROL)


def assert_counts(chunk: ImuChunk, rate_hz: float, first: int = 0, gyro: bool = True) -> None:
    """The samples are those of the counting motion, none changed by more than half a count."""
    acc, gyr = CountingMotion(rate_hz).at(0.5 + (first + np.arange(len(chunk))) / rate_hz)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, atol=0.51 * MILLI_G_MPS2)
    half_count = 0.51 * RADPS_PER_DPS * 2000 / 32767
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr if gyro else 0.0, atol=half_count)
