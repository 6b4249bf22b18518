"""An emulated Movesense."""

from __future__ import annotations

import re
import struct
from typing import ClassVar

import numpy as np

from lift_monitor.drivers.ble.families import movesense as ble
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
from lift_monitor.drivers.formats import movesense
from lift_monitor.units import FloatArray

_PATH = re.compile(r"/Meas/(IMU6|IMU9)/(\d+)")
_SLOTS = 4
_OK, _NOT_FOUND, _CONFLICT = 200, 404, 409
_NO_ROOM = bytes([0x01, 0xFB])
"""507, the one status that goes big-endian."""


class MovesensePeripheral(Peripheral):
    """Sends what it is subscribed for, a thirteenth of a second in a message."""

    own_services: ClassVar[tuple[Service, ...]] = (
        Service(
            ble.SERVICE,
            (Characteristic(ble.COMMAND, Can.WRITE), Characteristic(ble.NOTIFY, Can.NOTIFY)),
        ),
    )
    has_battery_service: ClassVar[bool] = True
    model: ClassVar[str] = "SS2"
    confirms: ClassVar[bool] = True
    """Whether commands that succeed are answered; old firmware does not."""

    def __init__(
        self, identity: Identity, motion: Motion, clock: DeviceClock = DeviceClock()
    ) -> None:
        super().__init__(identity, motion, clock)
        self.streams: dict[int, _Stream] = {}
        """By reference."""

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        """Take a command; one without reference is none."""
        if len(data) < 2 or data[1] == 0:
            return
        command, ref = data[0], data[1]
        if command == ble.HELLO:
            self.send(ble.NOTIFY, bytes([movesense.RESPONSE, ref]) + b"Hello")
        elif command == ble.SUBSCRIBE:
            self._subscribe(ref, data[2:].decode("ascii", "replace"), now_s)
        elif command == ble.UNSUBSCRIBE:
            found = self.streams.pop(ref, None) is not None
            self._answer(ref, _OK if found else _NOT_FOUND)

    def on_disconnect(self, now_s: float) -> None:
        """Every subscription ends with the link."""
        self.streams.clear()

    def stream(self, now_s: float) -> None:
        """Queue whole messages."""
        for ref, subscription in self.streams.items():
            for part in subscription.messages(ref, now_s):
                self.send(ble.NOTIFY, part)

    def _subscribe(self, ref: int, path: str, now_s: float) -> None:
        match = _PATH.fullmatch(path)
        if len(self.streams) >= _SLOTS:
            self.send(ble.NOTIFY, bytes([movesense.RESPONSE, ref]) + _NO_ROOM)
        elif match is None or float(match[2]) not in ble.RATES_HZ:
            self._answer(ref, _NOT_FOUND)
        elif ref in self.streams:
            self._answer(ref, _CONFLICT)
        else:
            rate_hz = float(match[2])
            sampler = Sampler(self.motion, self.clock, rate_hz, now_s)
            self.streams[ref] = _Stream(sampler, rate_hz, with_mag=match[1] == "IMU9")
            self._answer(ref, _OK)

    def _answer(self, ref: int, status: int) -> None:
        if self.confirms:
            self.send(ble.NOTIFY, struct.pack("<BBH", movesense.RESPONSE, ref, status))


class _Stream:
    """One subscription: samples wait until a message is full."""

    def __init__(self, sampler: Sampler, rate_hz: float, *, with_mag: bool) -> None:
        self._sampler = sampler
        self._size = max(1, round(rate_hz / movesense.MESSAGES_A_S))
        self._with_mag = with_mag
        self._rows: FloatArray = np.empty((0, 7))

    def messages(self, ref: int, now_s: float) -> list[bytes]:
        taken = self._sampler.take(now_s)
        rows = np.column_stack([taken.clock_s, taken.acc_mps2, taken.gyr_radps])
        self._rows = np.concatenate([self._rows, rows])
        parts: list[bytes] = []
        while self._rows.shape[0] >= self._size:
            full, self._rows = self._rows[: self._size], self._rows[self._size :]
            # No magnet is near: the field is not modelled.
            mag = np.zeros((self._size, 3)) if self._with_mag else None
            time_ms = round(float(full[0, 0]) * 1e3)
            parts += movesense.encode(ref, time_ms, full[:, 1:4], full[:, 4:7], mag)
        return parts
