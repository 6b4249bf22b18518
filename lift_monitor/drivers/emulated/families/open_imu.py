"""An emulated board with the open IMU format."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from lift_monitor.drivers.ble.families import open_imu as ble
from lift_monitor.drivers.emulated.motion import Motion
from lift_monitor.drivers.emulated.peripheral import (
    BAD_LENGTH,
    Can,
    Characteristic,
    DeviceClock,
    Identity,
    Peripheral,
    RefusedError,
    Sampler,
    Service,
)
from lift_monitor.drivers.formats import open_imu
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2, FloatArray

_ACC_RANGE_MPS2 = 16 * STANDARD_GRAVITY_MPS2
_GYR_RANGE_RADPS = 2000 * RADPS_PER_DPS
_HIGHEST_RATE_HZ = 200.0
_LOWEST_RATE_HZ = 10.0
_PACKET_S = 0.04
"""What one packet covers."""
APPLICATION_ERROR = 0x80


class OpenImuPeripheral(Peripheral):
    """Sends while somebody listens, 40 ms a notification."""

    own_services: ClassVar[tuple[Service, ...]] = (
        Service(
            ble.SERVICE,
            (
                Characteristic(ble.DATA, Can.NOTIFY),
                Characteristic(ble.FACTS, Can.READ),
                Characteristic(ble.RATE, Can.READ | Can.WRITE),
                Characteristic(ble.SHOW, Can.WRITE),
            ),
        ),
    )
    advertised_services: ClassVar[tuple[str, ...]] = (ble.SERVICE,)
    has_battery_service: ClassVar[bool] = True
    model: ClassVar[str] = "open board"

    def __init__(
        self, identity: Identity, motion: Motion, clock: DeviceClock = DeviceClock()
    ) -> None:
        super().__init__(identity, motion, clock)
        self.rate_hz = 50.0
        self._sampler: Sampler | None = None
        self._seq = 0
        self._acc, self._gyr = np.empty((0, 3)), np.empty((0, 3))
        self._clock_s: FloatArray = np.empty(0)

    def on_read(self, uuid: str, now_s: float) -> bytes:
        """Answer with the facts or the rate."""
        if uuid == ble.RATE:
            return ble.RATE_LAYOUT.pack(self.rate_hz)
        return ble.FACTS_LAYOUT.pack(
            open_imu.VERSION,
            0,
            self.rate_hz,
            _ACC_RANGE_MPS2,
            _GYR_RANGE_RADPS,
            _HIGHEST_RATE_HZ,
            _ACC_RANGE_MPS2 / 32767,
            _GYR_RANGE_RADPS / 32767,
        )

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        """Take a rate, or blink."""
        if uuid == ble.SHOW:
            self.blinked += 1
            return
        if len(data) != ble.RATE_LAYOUT.size:
            raise RefusedError(BAD_LENGTH)
        (wanted_hz,) = ble.RATE_LAYOUT.unpack(data)
        if self._sampler is not None or not (math.isfinite(wanted_hz) and wanted_hz > 0):
            raise RefusedError(APPLICATION_ERROR)
        self.rate_hz = min(max(wanted_hz, _LOWEST_RATE_HZ), _HIGHEST_RATE_HZ)

    def on_subscribe(self, uuid: str, on: bool, now_s: float) -> None:
        """Start or stop the stream."""
        if uuid == ble.DATA:
            self._sampler = Sampler(self.motion, self.clock, self.rate_hz, now_s) if on else None
            self._acc, self._gyr = np.empty((0, 3)), np.empty((0, 3))
            self._clock_s = np.empty(0)

    def on_disconnect(self, now_s: float) -> None:
        """Nobody listens any more."""
        self._sampler = None

    def stream(self, now_s: float) -> None:
        """Queue whole packets."""
        if self._sampler is None:
            return
        taken = self._sampler.take(now_s)
        self._acc = np.concatenate([self._acc, taken.acc_mps2])
        self._gyr = np.concatenate([self._gyr, taken.gyr_radps])
        self._clock_s = np.concatenate([self._clock_s, taken.clock_s])
        n = max(1, int(_PACKET_S * self.rate_hz))
        while self._clock_s.shape[0] >= n:
            payload = open_imu.encode(
                self._seq,
                round(float(self._clock_s[0]) * 1e6),
                round(1e6 / self.rate_hz),
                self._acc[:n],
                self._gyr[:n],
                _ACC_RANGE_MPS2 / 32767,
                _GYR_RANGE_RADPS / 32767,
            )
            self.send(ble.DATA, payload)
            self._seq += 1
            self._acc, self._gyr = self._acc[n:], self._gyr[n:]
            self._clock_s = self._clock_s[n:]
