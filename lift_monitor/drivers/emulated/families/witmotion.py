"""An emulated WitMotion sensor."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from lift_monitor.drivers.ble.families import witmotion as ble
from lift_monitor.drivers.emulated.motion import Motion
from lift_monitor.drivers.emulated.peripheral import (
    Can,
    Characteristic,
    DeviceClock,
    Identity,
    Peripheral,
    Sampler,
    Service,
)
from lift_monitor.drivers.formats import witmotion
from lift_monitor.units import FloatArray

_UNLOCKED_S = 10.0
_ASK = 0x27
_TEMPERATURE = 0x40


class WitMotionPeripheral(Peripheral):
    """Sends whenever somebody listens; settings are taken while it is unlocked."""

    own_services: ClassVar[tuple[Service, ...]] = (
        Service(
            ble.SERVICE,
            (
                Characteristic(ble.NOTIFY, Can.NOTIFY),
                Characteristic(ble.WRITE, Can.WRITE | Can.WRITE_NO_RESPONSE),
            ),
        ),
    )
    advertised_services: ClassVar[tuple[str, ...]] = (ble.SERVICE,)
    rates_hz: ClassVar[Mapping[int, float]] = {6: 10.0, 7: 20.0, 8: 50.0, 9: 100.0, 0x0B: 200.0}
    """By code; models differ in the code of 200 Hz."""
    answers: ClassVar[bool] = True
    """Whether questions are answered."""

    def __init__(
        self, identity: Identity, motion: Motion, clock: DeviceClock = DeviceClock()
    ) -> None:
        super().__init__(identity, motion, clock)
        self.rate_code = 6
        self._unlocked_until_s = -math.inf
        self._sampler: Sampler | None = None

    @property
    def rate_hz(self) -> float:
        """What it sends."""
        return self.rates_hz[self.rate_code]

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        """Take a command of five bytes; anything else is ignored."""
        if len(data) != 5 or data[:2] != ble.UNLOCK[:2]:
            return
        register, low = data[2], data[3]
        if data == ble.UNLOCK:
            self._unlocked_until_s = now_s + _UNLOCKED_S
        elif register == _ASK and self.answers:
            values = [self._register(low + offset) for offset in range(8)]
            self.send(ble.NOTIFY, witmotion.encode_reply(low, values))
        elif register == ble.RATE and low in self.rates_hz and now_s < self._unlocked_until_s:
            self.rate_code = low
            if self._sampler is not None:
                self._sampler = self._started(now_s)

    def on_subscribe(self, uuid: str, on: bool, now_s: float) -> None:
        """Send while somebody listens."""
        self._sampler = self._started(now_s) if on else None

    def on_disconnect(self, now_s: float) -> None:
        """Nobody listens any more."""
        self._sampler = None

    def stream(self, now_s: float) -> None:
        """Queue a frame a sample."""
        if self._sampler is None:
            return
        taken = self._sampler.take(now_s)
        for acc, gyr in zip(taken.acc_mps2, taken.gyr_radps, strict=True):
            self.send(ble.NOTIFY, witmotion.encode(acc, gyr, _angles(acc)))

    def _started(self, now_s: float) -> Sampler:
        return Sampler(self.motion, self.clock, self.rate_hz, now_s)

    def _register(self, number: int) -> int:
        known = {
            ble.RATE: self.rate_code,
            ble.VERSION: 0x2E11,
            ble.BATTERY: ble.centivolts(self.battery_pct),
            _TEMPERATURE: 2450,
        }
        return known.get(number, 0)


def _angles(acc: FloatArray) -> tuple[float, float, float]:
    """Roll, pitch and yaw in rad as gravity shows them; yaw is not seen by it."""
    x, y, z = (float(value) for value in acc)
    return math.atan2(y, z), math.atan2(-x, math.hypot(y, z)), 0.0
