"""One emulated sensor on Bumble's virtual radio (imported only where it is used)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Final

from bumble import att, core, hci
from bumble.device import Connection, Device
from bumble.gatt import Characteristic as GattCharacteristic
from bumble.gatt import CharacteristicValue
from bumble.gatt import Service as GattService
from bumble.link import LocalLink

from lift_monitor.drivers.ble.family import Advertisement
from lift_monitor.drivers.ble.virtual_radio import ATT_MTU, make_device
from lift_monitor.drivers.emulated.peripheral import (
    Can,
    Characteristic,
    Outgoing,
    Peripheral,
    RefusedError,
)

POLL_S: Final = 0.0075
"""How often a sensor is asked what is due: the shortest connection interval of Bluetooth."""
_ADVERTISING_MS: Final = 50.0
"""Time between advertisements (design default; sensors use 20 ms to 1 s)."""

_PROPERTIES: Final = {
    Can.READ: GattCharacteristic.Properties.READ,
    Can.WRITE: GattCharacteristic.Properties.WRITE,
    Can.WRITE_NO_RESPONSE: GattCharacteristic.Properties.WRITE_WITHOUT_RESPONSE,
    Can.NOTIFY: GattCharacteristic.Properties.NOTIFY,
    Can.INDICATE: GattCharacteristic.Properties.INDICATE,
}


class BumbleSensor:
    """Carries a peripheral: its advertisements, its GATT table, what it sends.

    Parameters
    ----------
    link : bumble.link.LocalLink
    peripheral : Peripheral
    now_s : callable
        True time since the air began.
    """

    def __init__(self, link: LocalLink, peripheral: Peripheral, now_s: Callable[[], float]) -> None:
        self.peripheral = peripheral
        self._now_s = now_s
        self._values: dict[str, GattCharacteristic[bytes]] = {}
        self._indicated: set[str] = set()
        self._connection: Connection | None = None
        self._gone: asyncio.Event = asyncio.Event()
        self._refusing: asyncio.Task[None] | None = None
        self._advertising = False
        self._ending = False
        self._failure: Exception | None = None
        self._device = self._build(link)

    async def run(self) -> None:
        """Live until :meth:`end`; what goes wrong inside the peripheral is raised here.

        Not to be cancelled: Bumble hangs when a command to its controller is.
        """
        await self._device.power_on()
        try:
            while not self._ending:
                await self._step(self._now_s())
                if self._failure is not None:
                    raise self._failure
                await asyncio.sleep(POLL_S)
        finally:
            await self._close()

    def end(self) -> None:
        """Have :meth:`run` let go of a connection, fall silent and return."""
        self._ending = True

    async def _close(self) -> None:
        if self._refusing is not None:
            await asyncio.wait({self._refusing})
        if self._connection is not None:
            await self._hang_up(self._connection)
        await self._device.stop_advertising()
        await self._device.power_off()

    async def _step(self, now_s: float) -> None:
        connection = self._connection
        if connection is None:
            await self._advertise(self.peripheral.advertises(now_s))
        elif self._refusing is not None:
            return
        elif self.peripheral.drops(now_s):
            await self._hang_up(connection)
        else:
            for item in self.peripheral.due(now_s):
                await self._send(connection, item)

    async def _send(self, connection: Connection, item: Outgoing) -> None:
        server = self._device.gatt_server
        value = self._values[item.uuid]
        if item.uuid not in self._indicated:
            await server.notify_subscriber(connection, value, item.payload)
            return
        # An indication waits for its confirmation, which a broken link never brings.
        confirmed = asyncio.ensure_future(
            server.indicate_subscriber(connection, value, item.payload)
        )
        gone = asyncio.ensure_future(self._gone.wait())
        await asyncio.wait({confirmed, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not confirmed.done():
            confirmed.cancel()
            server.on_disconnection(connection)

    async def _advertise(self, wanted: bool) -> None:
        if wanted == self._advertising:
            return
        self._advertising = wanted
        if wanted:
            await self._device.start_advertising(
                advertising_data=_advertising_data(self.peripheral.advertisement),
                advertising_interval_min=_ADVERTISING_MS,
                advertising_interval_max=_ADVERTISING_MS,
            )
        else:
            await self._device.stop_advertising()

    async def _hang_up(self, connection: Connection) -> None:
        # To the other side this is what a sensor looks like that went out of range.
        if not self._gone.is_set():
            await connection.disconnect(hci.HCI_CONNECTION_TIMEOUT_ERROR)

    # --- What Bumble calls ---

    def _connected(self, connection: Connection) -> None:
        now_s = self._now_s()
        self._advertising = False
        self._connection = connection
        self._gone.clear()
        connection.on(connection.EVENT_DISCONNECTION, self._disconnected)
        if self.peripheral.accepts(now_s):
            self.peripheral.connect(now_s)
        else:
            # At once, before the other side has found a single service.
            self._refusing = asyncio.get_running_loop().create_task(self._hang_up(connection))

    def _disconnected(self, _reason: int) -> None:
        self._connection = None
        self._gone.set()
        if self._refusing is not None:
            self._refusing = None
        else:
            self.peripheral.disconnect(self._now_s())

    def _read(self, uuid: str) -> bytes:
        with self._answering():
            return self.peripheral.read(uuid, self._now_s())

    def _written(self, uuid: str, data: bytes) -> None:
        with self._answering():
            self.peripheral.write(uuid, data, self._now_s())

    def _subscribed(self, uuid: str, notify: bool, indicate: bool) -> None:
        with self._answering():
            self.peripheral.subscribe(uuid, notify or indicate, self._now_s())

    @contextlib.contextmanager
    def _answering(self) -> Iterator[None]:
        """Answer a refusal as ATT does; keep a fault of the emulation for :meth:`run`."""
        try:
            yield
        except RefusedError as error:
            raise att.ATT_Error(error.code) from error
        except Exception as error:
            self._failure = error
            raise att.ATT_Error(att.ATT_UNLIKELY_ERROR_ERROR) from error

    def _build(self, link: LocalLink) -> Device:
        identity = self.peripheral.identity
        device = make_device(link, identity.name, identity.address)
        device.gatt_server.max_mtu = ATT_MTU
        for service in self.peripheral.services:
            device.add_service(
                GattService(
                    service.uuid, [self._characteristic(c) for c in service.characteristics]
                )
            )
        device.on(device.EVENT_CONNECTION, self._connected)
        return device

    def _characteristic(self, known: Characteristic) -> GattCharacteristic[bytes]:
        uuid = known.uuid
        properties = GattCharacteristic.Properties(0)
        for can, its in _PROPERTIES.items():
            if known.can & can:
                properties |= its
        if known.can & Can.INDICATE and not known.can & Can.NOTIFY:
            self._indicated.add(uuid)
        value: GattCharacteristic[bytes] = GattCharacteristic(
            uuid,
            properties,
            GattCharacteristic.READABLE | GattCharacteristic.WRITEABLE,
            CharacteristicValue(
                read=lambda _connection: self._read(uuid),
                write=lambda _connection, data: self._written(uuid, data),
            ),
        )
        value.on(
            value.EVENT_SUBSCRIPTION,
            lambda _bearer, notify, indicate: self._subscribed(uuid, notify, indicate),
        )
        self._values[uuid] = value
        return value


def _advertising_data(seen: Advertisement) -> bytes:
    """Write an advertisement; all of it in one, as the virtual link has no scan response."""
    kinds = core.AdvertisingData.Type
    structures: list[tuple[int, bytes]] = [
        (kinds.FLAGS, b"\x06"),
        (kinds.COMPLETE_LOCAL_NAME, seen.name.encode()),
    ]
    for size, kind in (
        (2, kinds.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS),
        (16, kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS),
    ):
        uuids = [core.UUID(uuid).to_bytes() for uuid in seen.service_uuids]
        listed = b"".join(uuid for uuid in uuids if len(uuid) == size)
        if listed:
            structures.append((kind, listed))
    for company, data in seen.manufacturer_data.items():
        structures.append((kinds.MANUFACTURER_SPECIFIC_DATA, company.to_bytes(2, "little") + data))
    return bytes(core.AdvertisingData(structures))
