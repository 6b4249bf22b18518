"""An emulated Nordic Thingy:52."""

from __future__ import annotations

from typing import ClassVar

from lift_monitor.drivers.ble.families import thingy52 as ble
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
from lift_monitor.drivers.formats import thingy52

_INTERVALS_MS = (range(100, 5001), range(100, 5001), range(100, 1001))
OUT_OF_RANGE = 0xFF
"""ATT error: out of range."""


class Thingy52Peripheral(Peripheral):
    """Sends each sample as it is taken, while somebody listens."""

    own_services: ClassVar[tuple[Service, ...]] = (
        Service(
            ble.MOTION_SERVICE,
            (
                Characteristic(ble.MOTION_CONFIG, Can.READ | Can.WRITE),
                Characteristic(ble.RAW_VALUE, Can.NOTIFY),
            ),
        ),
        Service(ble.INTERFACE_SERVICE, (Characteristic(ble.LIGHT, Can.READ | Can.WRITE),)),
    )
    advertised_services: ClassVar[tuple[str, ...]] = (ble.CONFIGURATION_SERVICE,)
    has_battery_service: ClassVar[bool] = True

    def __init__(
        self, identity: Identity, motion: Motion, clock: DeviceClock = DeviceClock()
    ) -> None:
        super().__init__(identity, motion, clock)
        self.config = ble.CONFIG_LAYOUT.pack(500, 500, 500, 10, 1)
        self._light = b"\x00"
        self._sampler: Sampler | None = None

    @property
    def rate_hz(self) -> float:
        """The motion rate that is set."""
        return float(ble.CONFIG_LAYOUT.unpack(self.config)[3])

    def on_read(self, uuid: str, now_s: float) -> bytes:
        """Answer with the configuration or the light's state."""
        return self.config if uuid == ble.MOTION_CONFIG else self._light

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        """Take a configuration, or show the light."""
        if uuid == ble.LIGHT:
            self._show(data)
            return
        if len(data) != ble.CONFIG_LAYOUT.size:
            raise RefusedError(BAD_LENGTH)
        *intervals, rate_hz, wake = ble.CONFIG_LAYOUT.unpack(data)
        good = all(value in span for value, span in zip(intervals, _INTERVALS_MS, strict=True))
        if not good or not ble.LOWEST_HZ <= rate_hz <= ble.HIGHEST_HZ or wake > 1:
            raise RefusedError(OUT_OF_RANGE)
        self.config = data
        if self._sampler is not None:
            self._sampler = Sampler(self.motion, self.clock, self.rate_hz, now_s)

    def _show(self, data: bytes) -> None:
        lengths = {0: 1, 1: 4, 2: 5, 3: 3}  # off, constant, breathing, one flash
        if not data or lengths.get(data[0]) != len(data):
            raise RefusedError(BAD_LENGTH)
        self._light = data
        self.blinked += data[0] in (2, 3)

    def on_subscribe(self, uuid: str, on: bool, now_s: float) -> None:
        """Start or stop the stream."""
        self._sampler = Sampler(self.motion, self.clock, self.rate_hz, now_s) if on else None

    def on_disconnect(self, now_s: float) -> None:
        """Nobody listens any more."""
        self._sampler = None

    def stream(self, now_s: float) -> None:
        """Queue the samples, one a notification."""
        if self._sampler is None:
            return
        taken = self._sampler.take(now_s)
        for acc, gyr in zip(taken.acc_mps2, taken.gyr_radps, strict=True):
            self.send(ble.RAW_VALUE, thingy52.encode(acc, gyr))
