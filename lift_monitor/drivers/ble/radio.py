"""The one radio of a program: a scan that runs while it is wanted, connections one by one.

Adapters refuse a search beside a search and fail connections that are begun side by side,
so that everything which is not plain traffic goes under one lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import BleakError

from lift_monitor.drivers.ble.errors import RadioError, Trouble, radio_error
from lift_monitor.drivers.ble.families import family_of
from lift_monitor.drivers.ble.family import Advertisement, Family
from lift_monitor.drivers.ble.link import LinkError, MissingCharacteristicError, Receiver

CONNECT_S: Final = 20.0
"""Longest wait for a connection (design default; a sleepy sensor needs some seconds)."""
TRANSFER_S: Final = 5.0
"""Longest wait for one read, write or subscription (design default)."""
START_SCAN_S: Final = 2.5
"""Longest wait for a search to begin: a user without Bluetooth is told within 3 s."""
_TROUBLES: Final = (BleakError, OSError, EOFError, TimeoutError, LinkError)


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

    @property
    def found(self) -> tuple[Found, ...]:
        """Every known sensor heard so far, in the order of first hearing."""
        return tuple(self._found.values())

    @property
    def scanning(self) -> bool:
        """Whether a search runs."""
        return self._scanner is not None

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
                await self._stop_scanner()

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
            link = BleakLink(found, self._backend, on_lost, self._links.discard)
            try:
                await link.open(within_s)
            except _TROUBLES as error:
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
        try:
            scanner = BleakScanner(self._heard, **arguments)
            async with asyncio.timeout(START_SCAN_S):
                await scanner.start()
        except TimeoutError as error:
            raise RadioError(Trouble.NO_SERVICE, Trouble.NO_SERVICE.value) from error
        except _TROUBLES as error:
            raise radio_error(error) from error
        self._scanner = scanner

    async def _stop_scanner(self) -> None:
        scanner, self._scanner = self._scanner, None
        if scanner is not None:
            with contextlib.suppress(*_TROUBLES):  # the radio went away: nothing scans any more
                async with asyncio.timeout(TRANSFER_S):
                    await scanner.stop()

    @contextlib.asynccontextmanager
    async def _paused_scan(self) -> AsyncIterator[None]:
        """Hold the lock with no search running; take the search up again afterwards."""
        async with self._lock:
            await self._stop_scanner()
            try:
                yield
            finally:
                if self._scan_wishes:
                    with contextlib.suppress(RadioError):  # the next wish to scan tells of it
                        await self._start_scanner()


class BleakLink:
    """A connection through bleak (see :class:`lift_monitor.drivers.ble.link.Link`)."""

    def __init__(
        self,
        found: Found,
        backend: Backend,
        on_lost: Callable[[], None],
        on_closed: Callable[[BleakLink], None],
    ) -> None:
        self._found = found
        self._on_lost = on_lost
        self._on_closed = on_closed
        self._open = False
        self._receivers: dict[str, Receiver] = {}
        arguments: dict[str, Any] = {}
        if backend.client is not None:
            arguments["backend"] = backend.client
        self._client = BleakClient(
            found.device, disconnected_callback=self._disconnected, timeout=CONNECT_S, **arguments
        )

    @property
    def name(self) -> str:
        """The advertised name."""
        return self._found.name

    @property
    def max_write_bytes(self) -> int:
        """Longest value of one write without response."""
        sizes = [known.max_write_without_response_size for known in self._characteristics()]
        return min(sizes, default=20)

    async def open(self, within_s: float) -> None:
        """Connect; raises what bleak raises."""
        async with asyncio.timeout(within_s):
            await self._client.connect()
        self._open = True

    async def close(self) -> None:
        """Disconnect; the loss is not told, for it is none. May be called more than once."""
        self._open = False
        self._receivers.clear()
        self._on_closed(self)
        with contextlib.suppress(*_TROUBLES):
            async with asyncio.timeout(TRANSFER_S):
                await self._client.disconnect()

    def has(self, characteristic: str) -> bool:
        """Whether the sensor offers a characteristic."""
        return any(known.uuid.lower() == characteristic for known in self._characteristics())

    async def read(self, characteristic: str) -> bytes:
        """Read a value."""
        with self._told():
            async with asyncio.timeout(TRANSFER_S):
                return bytes(await self._client.read_gatt_char(self._known(characteristic)))

    async def write(self, characteristic: str, data: bytes, *, response: bool = True) -> None:
        """Write a value."""
        with self._told():
            async with asyncio.timeout(TRANSFER_S):
                await self._client.write_gatt_char(
                    self._known(characteristic), data, response=response
                )

    async def listen(self, characteristic: str, receiver: Receiver) -> None:
        """Have values given to ``receiver``."""
        self._receivers[characteristic] = receiver

        def received(_: BleakGATTCharacteristic, value: bytearray) -> None:
            # bleak may go on calling after a reconnect (its issue 2002): a link that was
            # closed hears nothing, and one characteristic has one receiver.
            if self._open and self._receivers.get(characteristic) is receiver:
                receiver(bytes(value))

        with self._told():
            async with asyncio.timeout(TRANSFER_S):
                await self._client.start_notify(self._known(characteristic), received)

    async def unlisten(self, characteristic: str) -> None:
        """End :meth:`listen`."""
        if self._receivers.pop(characteristic, None) is None:
            return
        with self._told():
            async with asyncio.timeout(TRANSFER_S):
                await self._client.stop_notify(self._known(characteristic))

    def _characteristics(self) -> Iterable[BleakGATTCharacteristic]:
        try:
            return list(self._client.services.characteristics.values())
        except BleakError:  # not connected any more
            return []

    def _known(self, characteristic: str) -> BleakGATTCharacteristic:
        if not self._open:
            raise LinkError(str(radio_error(BleakError("not connected"), self.name)))
        for known in self._characteristics():
            if known.uuid.lower() == characteristic:
                return known
        raise MissingCharacteristicError(Trouble.MISSING_CHARACTERISTIC.value.format(who=self.name))

    @contextlib.contextmanager
    def _told(self) -> Any:
        try:
            yield
        except LinkError:
            raise
        except _TROUBLES as error:
            raise LinkError(str(radio_error(error, self.name))) from error

    def _disconnected(self, _: BleakClient) -> None:
        if not self._open:  # our own doing, or an attempt that failed
            return
        self._open = False
        self._receivers.clear()
        self._on_closed(self)
        self._on_lost()
