"""An emulated MetaMotion S, and its older sister R."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from lift_monitor.drivers.ble.families import metamotion as ble
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
from lift_monitor.drivers.formats import metamotion as codec
from lift_monitor.drivers.formats.metamotion import ACC, BMI160, BMI270, GYR, INFO, READ, SET
from lift_monitor.units import FloatArray

_PACKED_SAMPLES = 3
_SINGLE = {BMI160: {ACC: 0x04, GYR: 0x05}, BMI270: {ACC: 0x04, GYR: 0x04}}
_RATES = {code: hz for hz, code in ble.RATE_CODES.items()}


@dataclass
class _Chip:
    """One of the two motion chips."""

    module: int
    config: bytes
    powered: bool = False
    enabled: bool = False
    register: int | None = None
    sampler: Sampler | None = None
    sent: bool = False
    values: FloatArray = field(default_factory=lambda: np.empty((0, 3)))
    times: FloatArray = field(default_factory=lambda: np.empty(0))

    @property
    def runs(self) -> bool:
        """Whether it was told all that it needs to send."""
        return self.powered and self.enabled and self.register is not None

    def rest(self) -> None:
        """Forget the running stream."""
        self.sampler, self.sent = None, False
        self.values, self.times = np.empty((0, 3)), np.empty(0)


class MetaMotionPeripheral(Peripheral):
    """MMS: streams while powered, enabled, subscribed to and listened to."""

    own_services: ClassVar[tuple[Service, ...]] = (
        Service(
            ble.SERVICE,
            (
                Characteristic(ble.COMMAND, Can.WRITE | Can.WRITE_NO_RESPONSE),
                Characteristic(ble.NOTIFY, Can.NOTIFY),
            ),
        ),
    )
    advertised_services: ClassVar[tuple[str, ...]] = (ble.SERVICE,)
    model: ClassVar[str] = "8"
    firmware: ClassVar[str] = "1.7.3"
    implementation: ClassVar[int] = BMI270
    infos: ClassVar[dict[int, bytes]] = {ACC: bytes([4, 0]), GYR: bytes([1, 0])}
    power_up: ClassVar[dict[int, bytes]] = {ACC: bytes([0xA8, 0]), GYR: bytes([0x28, 0])}

    def __init__(
        self, identity: Identity, motion: Motion, clock: DeviceClock = DeviceClock()
    ) -> None:
        super().__init__(identity, motion, clock)
        self._chips = {module: _Chip(module, self.power_up[module]) for module in (ACC, GYR)}
        self.connection_wish = b""
        """Connection parameters that were last asked for."""

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        """React to a command; what is not understood is ignored without a word."""
        if len(data) < 2:
            return
        module, register, rest = data[0], data[1], data[2:]
        if register == INFO:
            self.send(ble.NOTIFY, data[:2] + self.infos.get(module, b""))
        elif data == ble.ASK_BATTERY:
            level = bytes([round(self.battery_pct)]) + (4148).to_bytes(2, "little")
            self.send(ble.NOTIFY, ble.BATTERY_ANSWER + level)
        elif data[:2] == ble.FAST_CONNECTION[:2] and len(data) == len(ble.FAST_CONNECTION):
            self.connection_wish = rest
        elif module in self._chips:
            self._command(self._chips[module], register, rest)
            self._begin(now_s)

    def _command(self, chip: _Chip, register: int, rest: bytes) -> None:
        if register == READ:
            self.send(ble.NOTIFY, bytes([chip.module, READ]) + chip.config)
        elif register == SET and len(rest) == 2 and self._valid(chip.module, rest):
            chip.config = rest
        elif register == 0x01 and len(rest) == 1:
            chip.powered = rest[0] == 1
        elif register == 0x02 and len(rest) == 2:
            chip.enabled = bool((rest[0] or chip.enabled) and not rest[1])
        elif register in self._registers(chip.module) and len(rest) == 1:
            chip.register = register if rest[0] == 1 else None

    def _registers(self, module: int) -> tuple[int, int]:
        packed = ble.CHIPS[self.implementation]
        return (
            _SINGLE[self.implementation][module],
            packed.acc_packed if module == ACC else packed.gyr_packed,
        )

    def _valid(self, module: int, config: bytes) -> bool:
        if module == GYR:
            base, ranges = ble.GYR_RATE_BASE, codec.GYR_RANGE_DPS
        else:
            base = ble.CHIPS[self.implementation].acc_rate_base
            ranges = codec.ACC_RANGE_G[self.implementation]
        return config[0] & 0xF0 == base and config[0] & 0x0F in _RATES and config[1] in ranges

    def on_subscribe(self, uuid: str, on: bool, now_s: float) -> None:
        """Samples that nobody listened to are gone."""
        for chip in self._chips.values():
            chip.rest()
        self._begin(now_s)

    def _begin(self, now_s: float) -> None:
        """Start and stop the chips.

        Chips switched on one right after the other begin together: which part of a sample
        lies between them is nothing that a board without time could tell.
        """
        listened = ble.NOTIFY in self.subscribed
        chips = list(self._chips.values())
        new = [chip for chip in chips if chip.runs and listened and chip.sampler is None]
        for chip in chips:
            if not (chip.runs and listened):
                chip.rest()
            elif chip in new or (new and not any(other.sent for other in chips)):
                chip.rest()
                rate_hz = _RATES[chip.config[0] & 0x0F]
                chip.sampler = Sampler(self.motion, self.clock, rate_hz, now_s)

    def on_disconnect(self, now_s: float) -> None:
        """The chips stay as they were switched; only the sending ends."""
        for chip in self._chips.values():
            chip.rest()

    def stream(self, now_s: float) -> None:
        """Queue whole notifications of both chips in the order of their last samples."""
        ready: list[tuple[float, int, bytes]] = []
        for chip in self._chips.values():
            if chip.sampler is not None and chip.register is not None:
                ready += self._notifications(chip, chip.sampler, chip.register, now_s)
        for _, _, payload in sorted(ready):
            self.send(ble.NOTIFY, payload)

    def _notifications(
        self, chip: _Chip, sampler: Sampler, register: int, now_s: float
    ) -> list[tuple[float, int, bytes]]:
        taken = sampler.take(now_s)
        values = taken.acc_mps2 if chip.module == ACC else taken.gyr_radps
        chip.values = np.concatenate([chip.values, values])
        chip.times = np.concatenate([chip.times, taken.clock_s])
        single = register == self._registers(chip.module)[0]
        n = 1 if single else _PACKED_SAMPLES
        made = []
        while chip.times.shape[0] >= n:
            payload = codec.encode(chip.module, register, chip.values[:n], self._lsb(chip))
            made.append((float(chip.times[n - 1]), chip.module, payload))
            chip.values, chip.times = chip.values[n:], chip.times[n:]
            chip.sent = True
        return made

    def _lsb(self, chip: _Chip) -> float:
        if chip.module == GYR:
            return codec.gyr_lsb_radps(codec.GYR_RANGE_DPS[chip.config[1]])
        return codec.acc_lsb_mps2(codec.ACC_RANGE_G[self.implementation][chip.config[1]])


class MetaMotionRPeripheral(MetaMotionPeripheral):
    """MMR and MMRL."""

    model: ClassVar[str] = "5"
    firmware: ClassVar[str] = "1.5.0"
    implementation: ClassVar[int] = BMI160
    infos: ClassVar[dict[int, bytes]] = {ACC: bytes([1, 1]), GYR: bytes([0, 1])}
    power_up: ClassVar[dict[int, bytes]] = {ACC: bytes([0x28, 0x03]), GYR: bytes([0x28, 0])}
