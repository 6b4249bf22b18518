"""The one radio of a program: a scan that runs while it is wanted, connections one by one.

Adapters refuse a search beside a search and fail connections that are begun side by side,
so that everything which is not plain traffic goes under one lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final

from bleak import BleakScanner
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

from lift_monitor.drivers.ble.bleak_link import TRANSFER_S, TROUBLES, BleakLink
from lift_monitor.drivers.ble.errors import RadioError, Trouble, radio_error
from lift_monitor.drivers.ble.families import family_of
from lift_monitor.drivers.ble.family import Advertisement, Family

CONNECT_S: Final = 20.0
"""Longest wait for a connection (design default; a sleepy sensor needs some seconds)."""
START_SCAN_S: Final = 2.5
"""Longest wait for a search to begin: a user without Bluetooth is told within 3 s."""

SILENT_S: Final = 5.0
"""A search that heard nothing at all for so long is begun anew: no system tells that it ended
with an adapter that was pulled or switched off (design default)."""
_LOOK_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Backend:
    """Which bleak backend carries the radio; ``None`` is the operating system's own."""

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A sensor of a known family that was heard."""

    advertisement: Advertisement
    family: Family
    device: BLEDevice
    heard_s: float
    """Monotonic time of the last advertisement."""

    @property
    def address(self) -> str:
        """Where it is reached today; on macOS a number of this computer's own."""
        return self.advertisement.address

    @property
    def name(self) -> str:
        """What it calls itself."""
        return self.advertisement.name or self.advertisement.address


class Radio:
    """Scans and connects; everything runs in one asyncio loop.

    Parameters
    ----------
    backend : Backend, optional
    """

    def __init__(self, backend: Backend | None = None) -> None:
        self._backend = backend or Backend()
        self._lock = asyncio.Lock()
        self._scanner: BleakScanner | None = None
        self._found: dict[str, Found] = {}
        self._links: set[BleakLink] = set()
        self._scan_wishes = 0
        self._heard_s = 0.0
        self.trouble = ""
        """Why a search that is wished for does not run; one sentence, empty if it does."""

    @property
    def found(self) -> tuple[Found, ...]:
        """Every known sensor heard so far, in the order of first hearing."""
        return tuple(self._found.values())

    @property
    def open_links(self) -> int:
        """Connections that stand."""
        return len(self._links)

    def newest(self, found: Found) -> Found:
        """Return what was heard last of a sensor."""
        return self._found.get(found.address, found)

    async def start_scan(self) -> None:
        """Begin to look for sensors; each beginning wants an end of its own.

        Raises
        ------
        RadioError
            If Bluetooth cannot be used.
        """
        async with self._lock:
            await self._start_scanner()
            self._scan_wishes += 1

    async def stop_scan(self) -> None:
        """Take back one :meth:`start_scan`; with the last one the search ends."""
        async with self._lock:
            self._scan_wishes = max(0, self._scan_wishes - 1)
            if self._scan_wishes == 0:
                self.trouble = ""
                await self._stop_scanner()

    async def keep_scanning(self) -> None:
        """Begin a search anew whenever it came to an end by itself; never returns."""
        while True:
            await asyncio.sleep(_LOOK_S)
            if not self._scan_wishes:
                continue
            if self._scanner is not None and time.monotonic() - self._heard_s < SILENT_S:
                continue
            async with self._lock:
                if not self._scan_wishes:
                    continue
                await self._stop_scanner()
                try:
                    await self._start_scanner()
                except RadioError as error:
                    self.trouble = str(error)
                else:
                    self.trouble = ""

    async def scan(self, seconds: float, *, enough: Callable[[], bool] = lambda: False) -> None:
        """Look for sensors for some seconds, or until ``enough`` says so.

        Raises
        ------
        RadioError
            If Bluetooth cannot be used.
        """
        await self.start_scan()
        try:
            end_s = time.monotonic() + seconds
            while time.monotonic() < end_s and not enough():
                await asyncio.sleep(0.05)
        finally:
            await self.stop_scan()

    async def connect(
        self, found: Found, on_lost: Callable[[], None], *, within_s: float = CONNECT_S
    ) -> BleakLink:
        """Make a connection.

        Parameters
        ----------
        found : Found
        on_lost : callable
            Called once in the loop if the link breaks by itself.
        within_s : float
            Give up after so long; nothing else can be connected meanwhile.

        Raises
        ------
        RadioError
        """
        async with self._paused_scan():
            link = BleakLink(
                found.name,
                found.device,
                self._backend.client,
                on_lost,
                self._links.discard,
                within_s=within_s,
            )
            try:
                await link.open()
            except TROUBLES as error:
                await link.close()
                raise radio_error(error, found.name, open_links=self.open_links) from error
            except BaseException:
                await link.close()
                raise
            self._links.add(link)
            return link

    async def close(self) -> None:
        """Let everything go."""
        async with self._lock:
            self._scan_wishes = 0
            await self._stop_scanner()
        for link in list(self._links):
            await link.close()

    def _heard(self, device: BLEDevice, data: AdvertisementData) -> None:
        self._heard_s = time.monotonic()
        known = self._found.get(device.address)
        seen = Advertisement(
            address=device.address,
            name=data.local_name or device.name or (known.advertisement.name if known else ""),
            service_uuids=tuple(uuid.lower() for uuid in data.service_uuids)
            or (known.advertisement.service_uuids if known else ()),
            manufacturer_data=dict(data.manufacturer_data),
            rssi_dbm=data.rssi,
        )
        family = known.family if known else family_of(seen)
        if family is not None:
            self._found[device.address] = Found(seen, family, device, time.monotonic())

    async def _start_scanner(self) -> None:
        if self._scanner is not None:
            return
        arguments: dict[str, Any] = {}
        if self._backend.scanner is not None:
            arguments["backend"] = self._backend.scanner
        scanner = BleakScanner(self._heard, **arguments)
        try:
            async with asyncio.timeout(START_SCAN_S):
                await scanner.start()
        except TimeoutError as error:
            await _stopped(scanner)  # it may have begun all the same, and bar the next one
            raise RadioError(Trouble.NO_ANSWER, Trouble.NO_ANSWER.value) from error
        except Exception as error:
            raise radio_error(error) from error
        self._scanner = scanner
        self._heard_s = time.monotonic()

    async def _stop_scanner(self) -> None:
        scanner, self._scanner = self._scanner, None
        if scanner is not None:
            await _stopped(scanner)

    @contextlib.asynccontextmanager
    async def _paused_scan(self) -> AsyncIterator[None]:
        """Hold the lock with no search running; take the search up again afterwards."""
        async with self._lock:
            await self._stop_scanner()
            try:
                yield
            finally:
                if self._scan_wishes:
                    with contextlib.suppress(RadioError):  # tried again, and told, a moment later
                        await self._start_scanner()


async def _stopped(scanner: BleakScanner) -> None:
    """End a search; where that fails the radio went away, and nothing scans any more."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(TRANSFER_S):
            await scanner.stop()
