"""Searching as bluetoothd does it: one search a program, devices shown and forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from dbus_fast import Message

from lift_monitor.drivers.emulated.bluez_device import Device, tell_of_failure
from lift_monitor.drivers.emulated.bluez_gatt import BUSY_TEXT
from lift_monitor.drivers.emulated.bluez_objects import (
    ADAPTER,
    DEVICE,
    BlueZError,
    Method,
    ObjectTree,
    Reply,
)

_ADVERTISING_S: Final = 0.1
"""Between two advertisements (usual for sensors: 20 ms to 1 s)."""


class Search:
    """The searches of all programs on one adapter.

    Parameters
    ----------
    tree : ObjectTree
    adapter : str
        Path of the adapter.
    forget_s : float
        After the last search, devices that nobody connected stay so long.
    devices : mapping
        Address to device.
    methods : callable
        Gives the methods of a device.
    """

    def __init__(
        self,
        tree: ObjectTree,
        adapter: str,
        forget_s: float,
        devices: Mapping[str, Device],
        methods: Callable[[Device], Mapping[str, Method]],
    ) -> None:
        self._tree, self._adapter, self._forget_s = tree, adapter, forget_s
        self._devices, self._methods = devices, methods
        self._loop = asyncio.get_running_loop()
        self._filters: dict[str, set[str]] = {}
        self._searches: dict[str, set[str]] = {}
        """Bus name of each program that searches, with the services that it looks for."""
        self._listening: asyncio.Task[None] | None = None
        self._forgetting: dict[str, asyncio.TimerHandle] = {}

    @property
    def programs(self) -> int:
        """How many programs search."""
        return len(self._searches)

    def start(self, call: Message) -> Reply:
        """Answer ``StartDiscovery``."""
        who = call.sender or ""
        if who in self._searches:
            raise BlueZError("InProgress", BUSY_TEXT)
        self._searches[who] = self._filters.get(who, set())
        self._mind()
        return Reply()

    def stop(self, call: Message) -> Reply:
        """Answer ``StopDiscovery``."""
        if self._searches.pop(call.sender or "", None) is None:
            raise BlueZError("Failed", "No discovery started")
        self._mind()
        return Reply()

    def set_filter(self, call: Message) -> Reply:
        """Answer ``SetDiscoveryFilter``; only the wanted services are heeded."""
        (wanted,) = call.body
        self._filters[call.sender or ""] = set(wanted["UUIDs"].value if "UUIDs" in wanted else ())
        return Reply()

    def forget_program(self, who: str) -> None:
        """End the search of a program that left the bus."""
        self._filters.pop(who, None)
        if self._searches.pop(who, None) is not None:
            self._mind()

    def keep(self, path: str) -> None:
        """Do not forget a device."""
        timer = self._forgetting.pop(path, None)
        if timer is not None:
            timer.cancel()

    def end(self) -> None:
        """End every search, and forget nothing any more."""
        self._searches.clear()
        self._mind()
        self._cancel_forgetting()

    def _mind(self) -> None:
        if self._searches and self._listening is None:
            self._cancel_forgetting()
            self._tree.change(self._adapter, ADAPTER, Discovering=True)
            self._listening = self._loop.create_task(self._listen(), name="search")
            self._listening.add_done_callback(tell_of_failure)
        elif not self._searches and self._listening is not None:
            self._listening.cancel()
            self._listening = None
            self._tree.change(self._adapter, ADAPTER, Discovering=False)
            for device in self._devices.values():
                self._tree.withdraw(device.path, DEVICE, "RSSI")
                if device.path in self._tree and not device.kept:
                    self._forgetting[device.path] = self._loop.call_later(
                        self._forget_s, self._tree.remove, device.path
                    )

    def _cancel_forgetting(self) -> None:
        for timer in self._forgetting.values():
            timer.cancel()
        self._forgetting.clear()

    async def _listen(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(_ADVERTISING_S)
            for number, device in enumerate(self._devices.values()):
                if device.heard and self._wanted(device):
                    # No two advertisements are equally strong; else no change is told.
                    wobble_dbm = (turn + number) % 2
                    rssi_dbm = device.peripheral.identity.rssi_dbm - wobble_dbm
                    device.show(rssi_dbm, self._methods(device))
            turn += 1

    def _wanted(self, device: Device) -> bool:
        offered = set(device.peripheral.advertisement.service_uuids)
        return any(not wanted or wanted & offered for wanted in self._searches.values())
