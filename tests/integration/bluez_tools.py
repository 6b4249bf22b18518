"""What the tests over the emulated BlueZ share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from lift_monitor.drivers.emulated.bluez import AdapterSpec, EmulatedBlueZ
from lift_monitor.drivers.emulated.fleet import SensorSpec

T = TypeVar("T")
E = TypeVar("E", bound=BleakError)
PATIENCE_S = 90.0
"""Nothing here takes a second; a crowded machine may."""


class MakeBlueZ(Protocol):
    """The fixture ``bluez``."""

    def __call__(
        self, sensors: Iterable[SensorSpec] = (), adapter: AdapterSpec | None = None
    ) -> EmulatedBlueZ: ...


async def close_bleak() -> None:
    """Close the bus that bleak keeps open for the running loop."""
    from bleak.backends.bluezdbus import manager as bleak_manager

    manager = bleak_manager._global_instances.pop(asyncio.get_running_loop(), None)
    if manager is None or manager._bus is None:
        return
    manager._bus.disconnect()
    if manager._bus_watcher_task is not None:
        await asyncio.wait({manager._bus_watcher_task})


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run in a loop of its own, leave no task behind and close bleak's bus."""

    async def whole() -> T:
        try:
            async with asyncio.timeout(PATIENCE_S):
                result = await main
        finally:
            await close_bleak()
        # Tasks that were told to end need a few turns of the loop for it.
        await until(lambda: len(asyncio.all_tasks()) == 1)
        return result

    return asyncio.run(whole())


async def until(true: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Wait until something holds; fails if it never does."""
    end_s = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end_s, "what the test waits for did not happen"
        await asyncio.sleep(0.005)


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
