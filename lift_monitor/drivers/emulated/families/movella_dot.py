"""An emulated Movella DOT."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from lift_monitor.drivers.ble.families import movella_dot as ble
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
from lift_monitor.drivers.formats import movella_dot
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2

_ACC_LIMIT_MPS2 = ble.ACC_RANGE_G * STANDARD_GRAVITY_MPS2
_GYR_LIMIT_RADPS = ble.GYR_RANGE_DPS * RADPS_PER_DPS
_VALUE_NOT_ALLOWED = 0x13
_CAN_SET = Can.READ | Can.WRITE


class MovellaDotPeripheral(Peripheral):
    """Measures from start to stop; rate and tag can be set at rest only."""

    own_services: ClassVar[tuple[Service, ...]] = (
        Service(
            ble.CONFIG_SERVICE,
            (
                Characteristic(ble.DEVICE_INFO, Can.READ),
                Characteristic(ble.DEVICE_CONTROL, _CAN_SET),
                Characteristic(ble.DEVICE_REPORT, Can.NOTIFY),
            ),
        ),
        Service(
            ble.MEASUREMENT_SERVICE,
            (
                Characteristic(ble.MEASUREMENT_CONTROL, _CAN_SET),
                Characteristic(ble.LONG_PAYLOAD, Can.NOTIFY),
                Characteristic(ble.MEDIUM_PAYLOAD, Can.NOTIFY),
                Characteristic(ble.SHORT_PAYLOAD, Can.NOTIFY),
            ),
        ),
        Service(ble.BATTERY_SERVICE, (Characteristic(ble.BATTERY, Can.READ | Can.NOTIFY),)),
    )
    manufacturer_data: ClassVar[Mapping[int, bytes]] = {ble.COMPANY_ID: bytes(6)}

    def __init__(
        self, identity: Identity, motion: Motion, clock: DeviceClock = DeviceClock()
    ) -> None:
        super().__init__(identity, motion, clock)
        self.rate_hz = 20
        self.mode = 0
        self._sampler: Sampler | None = None

    def on_read(self, uuid: str, now_s: float) -> bytes:
        """Answer with facts, settings, state or charge."""
        if uuid == ble.DEVICE_INFO:
            address = bytes.fromhex(self.identity.address.replace(":", ""))
            built = struct.pack("<H5B", 2023, 5, 4, 12, 0, 0)
            return ble.INFO_LAYOUT.pack(
                address[:6], 3, 0, 0, built, 0, _serial(self.identity.serial), b"XS-T02"
            )
        if uuid == ble.DEVICE_CONTROL:
            control = bytearray(ble.CONTROL_BYTES)
            struct.pack_into("<H", control, ble.RATE_AT, self.rate_hz)
            return bytes(control)
        if uuid == ble.MEASUREMENT_CONTROL:
            return bytes([1, self._sampler is not None, self.mode])
        return bytes([round(self.battery_pct), 0])

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        """Take settings, or start and stop."""
        if uuid == ble.DEVICE_CONTROL:
            self._set(data)
            return
        if len(data) != 3:
            raise RefusedError(BAD_LENGTH)
        kind, on, mode = data
        if kind != 1 or on > 1 or (on and mode not in movella_dot.LAYOUTS):
            raise RefusedError(_VALUE_NOT_ALLOWED)
        self._sampler = Sampler(self.motion, self.clock, self.rate_hz, now_s) if on else None
        self.mode = mode

    def on_disconnect(self, now_s: float) -> None:
        """Nobody listens any more."""
        self._sampler = None

    def stream(self, now_s: float) -> None:
        """Queue one notification a sample."""
        if self._sampler is None:
            return
        taken = self._sampler.take(now_s)
        long = movella_dot.payload_bytes(self.mode) == movella_dot.LONG_BYTES
        uuid = ble.LONG_PAYLOAD if long else ble.MEDIUM_PAYLOAD
        acc = np.clip(taken.acc_mps2, -_ACC_LIMIT_MPS2, _ACC_LIMIT_MPS2)
        gyr = np.clip(taken.gyr_radps, -_GYR_LIMIT_RADPS, _GYR_LIMIT_RADPS)
        for number in range(len(taken)):
            time_us = round(float(taken.clock_s[number]) * 1e6)
            self.send(
                uuid,
                movella_dot.encode(self.mode, time_us, acc[number], gyr[number], self.rate_hz),
            )

    def _set(self, data: bytes) -> None:
        if len(data) != ble.CONTROL_BYTES:
            raise RefusedError(BAD_LENGTH)
        if data[0] & ble.VISIT_IDENTIFY and data[1] == 1:
            self.blinked += 1
        (rate_hz,) = struct.unpack_from("<H", data, ble.RATE_AT)
        if data[0] & ble.VISIT_RATE and self._sampler is None and rate_hz in ble.RATES_HZ:
            self.rate_hz = rate_hz


def _serial(text: str) -> int:
    """The number of a serial as printed, in hex; of any other text a number of its bytes."""
    try:
        return int(text, 16) % (1 << 64)
    except ValueError:
        return int.from_bytes(text.encode()[-8:], "big")
