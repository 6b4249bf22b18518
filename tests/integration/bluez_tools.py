"""What the tests over the emulated BlueZ share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, TypeVar

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from lift_monitor.drivers.emulated.bluez import AdapterSpec, EmulatedBlueZ
from lift_monitor.drivers.emulated.fleet import SensorSpec
from tests.integration.loops import until

E = TypeVar("E", bound=BleakError)


class MakeBlueZ(Protocol):
    """The fixture ``bluez``."""

    def __call__(
        self, sensors: Iterable[SensorSpec] = (), adapter: AdapterSpec | None = None
    ) -> EmulatedBlueZ: ...


async def search_fails(kind: type[E]) -> E:
    """Search again and again until it fails so: bleak hears of changes a moment later."""
    while True:
        try:
            async with BleakScanner():
                pass
        except kind as error:
            return error
        except BleakError:
            pass
        await asyncio.sleep(0.005)


async def search_works() -> None:
    """Search again and again until there is no error."""
    while True:
        try:
            async with BleakScanner():
                return
        except BleakError:
            await asyncio.sleep(0.005)


async def find(*addresses: str) -> tuple[BLEDevice, ...]:
    """Search until all are found."""
    devices: dict[str, BLEDevice] = {}

    def heard(device: BLEDevice, _: AdvertisementData) -> None:
        devices[device.address] = device

    async with BleakScanner(heard):
        await until(lambda: set(addresses) <= set(devices))
    return tuple(devices[address] for address in addresses)


def open_files() -> int:
    """How many file handles this process has."""
    return len(list(Path("/proc/self/fd").iterdir()))
