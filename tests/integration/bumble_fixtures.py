"""What the tests over the virtual radio share."""

from __future__ import annotations

import struct
from typing import Any, ClassVar

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice

from lift_monitor.drivers.emulated.air import EmulatedAir
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import (
    Can,
    Characteristic,
    Identity,
    Peripheral,
    RefusedError,
    Service,
)
from tests.integration.loops import PATIENCE_S

SERVICE = "4f494d55-00a0-4c69-8674-4d6f6e69746f"
DATA = "4f494d55-00a1-4c69-8674-4d6f6e69746f"
TALK = "4f494d55-00a2-4c69-8674-4d6f6e69746f"
KEPT = "4f494d55-00a3-4c69-8674-4d6f6e69746f"
ORDER = "4f494d55-00a4-4c69-8674-4d6f6e69746f"
REFUSES = 0x81


class Probe(Peripheral):
    """One characteristic of every kind, and a stream that counts."""

    own_services: ClassVar[tuple[Service, ...]] = (
        Service(
            SERVICE,
            (
                Characteristic(DATA, Can.NOTIFY),
                Characteristic(TALK, Can.WRITE | Can.INDICATE),
                Characteristic(KEPT, Can.READ | Can.WRITE),
                Characteristic(ORDER, Can.WRITE_NO_RESPONSE),
            ),
        ),
    )
    advertised_services: ClassVar[tuple[str, ...]] = (
        SERVICE,
        "0000180f-0000-1000-8000-00805f9b34fb",
    )
    manufacturer_data: ClassVar[dict[int, bytes]] = {0x0886: b"\x01\x02"}
    has_battery_service: ClassVar[bool] = True
    model: ClassVar[str] = "probe"

    def __init__(self, number: int = 1, rate_hz: float = 100.0) -> None:
        identity = Identity(f"C0:FF:EE:00:00:{number:02X}", f"Probe {number}", f"P{number}")
        super().__init__(identity, CountingMotion(rate_hz))
        self.rate_hz = rate_hz
        self.kept = b"kept"
        self.ordered: list[bytes] = []
        self.count = 0
        self._started_s: float | None = None

    def on_read(self, uuid: str, now_s: float) -> bytes:
        return self.kept

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        if uuid == ORDER:
            self.ordered.append(data)
        elif data == b"refuse":
            raise RefusedError(REFUSES)
        elif data == b"break":
            raise ZeroDivisionError("the emulation broke")
        elif uuid == KEPT:
            self.kept = data
        else:
            self.send(TALK, b"answer to " + data)

    def on_subscribe(self, uuid: str, on: bool, now_s: float) -> None:
        if uuid == DATA:
            self._started_s = now_s if on else None
            self.count = 0

    def on_disconnect(self, now_s: float) -> None:
        self._started_s = None

    def stream(self, now_s: float) -> None:
        while self._started_s is not None and self.count < (now_s - self._started_s) * self.rate_hz:
            self.send(DATA, struct.pack("<I", self.count))
            self.count += 1


async def find(air: EmulatedAir, peripheral: Peripheral) -> BLEDevice:
    """Search until a sensor is found."""
    device = await BleakScanner.find_device_by_address(
        peripheral.identity.address, PATIENCE_S, backend=air.scanner_backend
    )
    assert device is not None
    return device


async def client(air: EmulatedAir, peripheral: Peripheral, **arguments: Any) -> BleakClient:
    """Make a client for a sensor that was found; not connected yet."""
    device = await find(air, peripheral)
    return BleakClient(device, backend=air.client_backend, **arguments)
