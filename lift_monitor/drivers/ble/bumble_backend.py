"""A bleak backend over Bumble's virtual radio: real ATT and GATT, no adapter, any system.

Only :mod:`lift_monitor.drivers.emulated.air` imports this, and only when it is used: Bumble
is an optional dependency.  :func:`backends` binds the classes to one radio, because bleak
makes the objects itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any, ClassVar, Literal

from bleak.args import SizedBuffer
from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDBusError, BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_str
from bumble import att, core
from bumble.device import Advertisement, Connection
from bumble.gatt_client import CharacteristicProxy, DescriptorProxy

from lift_monitor.drivers.ble.virtual_radio import ATT_MTU, VirtualRadio, whole

_log = logging.getLogger(__name__)


class BumbleScanner(BaseBleakScanner):
    """Scans a virtual radio; made by bleak (``BleakScanner(backend=...)``)."""

    radio: ClassVar[VirtualRadio]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        **_: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"
        self._scanning = False

    async def start(self) -> None:
        """Begin to listen.

        Raises
        ------
        BleakDBusError
            If a search runs already, as BlueZ has it.
        """
        device = self.radio.device
        if device.is_scanning:
            raise BleakDBusError("org.bluez.Error.InProgress", ["Operation already in progress"])
        self.seen_devices = {}
        device.on(device.EVENT_ADVERTISEMENT, self._heard)
        self._scanning = True
        try:
            await whole(device.start_scanning(active=self._active))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End it; nothing happens if it was not begun."""
        if not self._scanning:
            return
        self._scanning = False
        device = self.radio.device
        device.remove_listener(device.EVENT_ADVERTISEMENT, self._heard)
        await whole(device.stop_scanning())

    def _heard(self, heard: Advertisement) -> None:
        address = heard.address.to_string(with_type_qualifier=False)
        data = _advertisement_data(heard, self.radio.rssi_dbm(address))
        if self.is_allowed_uuid(data.service_uuids):
            device = self.create_or_update_device(
                address, address, data.local_name, heard.address, data
            )
            _called(lambda: self.call_detection_callbacks(device, data))


class BumbleClient(BaseBleakClient):
    """A connection over a virtual radio; made by bleak (``BleakClient(backend=...)``)."""

    radio: ClassVar[VirtualRadio]

    def __init__(self, address_or_ble_device: BLEDevice | str, **kwargs: Any) -> None:
        super().__init__(address_or_ble_device, **kwargs)
        found = address_or_ble_device if isinstance(address_or_ble_device, BLEDevice) else None
        self._name = found.name if found else None
        self._connection: Connection | None = None
        self._listeners: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        """The advertised name, else the address with dashes."""
        return self._name or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        """The MTU that was agreed on; 23 before."""
        return self._connection.att_mtu if self._connection else att.ATT_DEFAULT_MTU

    @property
    def is_connected(self) -> bool:
        """Whether the link stands."""
        return self._connection is not None

    async def connect(self, pair: bool, **_: Any) -> None:
        """Connect, agree on the MTU, find every service; ``pair`` is not heeded.

        Raises
        ------
        BleakError
            If it is connected already, or the sensor lets go at once.
        BleakDeviceNotFoundError
            If there was no search before and nothing has the address.
        TimeoutError
            If the sensor does not advertise.
        """
        if self._connection is not None:
            raise BleakError("Client is already connected")
        if pair:
            _log.warning("The virtual radio does not pair; connecting without.")
        try:
            connection = await self.radio.connect(self.address, self._timeout)
        except TimeoutError:
            if self._name is None:
                raise BleakDeviceNotFoundError(
                    self.address, f"Device with address {self.address} was not found."
                ) from None
            raise
        self._connection = connection if self.radio.stands(connection) else None
        connection.on(connection.EVENT_DISCONNECTION, lambda _reason: self._gone(connection))
        try:
            async with self._speaking("failed to discover services, device disconnected"):
                self.services = await self._discover(connection)
        finally:
            if self.services is None:
                await self.disconnect()

    async def disconnect(self) -> None:
        """Let go; nothing happens without a connection."""
        connection = self._connection
        if connection is None:
            return
        # The other side may let go in the same moment: then the answer is an error.
        with contextlib.suppress(core.BaseBumbleError):
            await self.radio.hang_up(connection)
        self._gone(connection)

    async def pair(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: no sensor here asks for it."""
        raise NotImplementedError("The virtual radio does not pair.")

    async def unpair(self) -> None:
        """Refuse as :meth:`pair`."""
        raise NotImplementedError("The virtual radio does not pair.")

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        """Read a value.

        Raises
        ------
        BleakGATTProtocolError
            If the sensor refuses.
        BleakError
            If there is no link, or it breaks.
        """
        return await self._read(characteristic.handle)

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_: Any) -> bytearray:
        """Read a descriptor (errors as :meth:`read_gatt_char`)."""
        return await self._read(descriptor.handle)

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        """Write a value (errors as :meth:`read_gatt_char`; a command gets no refusal).

        BlueZ does not let the wrong kind of write pass, so neither does this.
        """
        value = bytes(data)
        if ("write" if response else "write-without-response") not in characteristic.properties:
            raise BleakDBusError("org.bluez.Error.NotSupported", ["Operation is not supported"])
        if not response and len(value) > characteristic.max_write_without_response_size:
            raise BleakDBusError("org.bluez.Error.InvalidValueLength", ["Invalid value length"])
        await self._write(characteristic.handle, value, response=response)

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Write a descriptor (errors as :meth:`read_gatt_char`)."""
        await self._write(descriptor.handle, bytes(data), response=True)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_: Any
    ) -> None:
        """Subscribe to notifications, else indications (errors as :meth:`read_gatt_char`)."""
        if characteristic.handle in self._listeners:
            raise BleakError("Characteristic notifications already started")
        proxy: CharacteristicProxy[bytes] = characteristic.obj

        def received(value: bytes) -> None:
            _called(lambda: callback(bytearray(value)))

        self._listeners[characteristic.handle] = received
        try:
            async with self._speaking() as connection:
                await connection.gatt_client.subscribe(proxy, received)
        except BaseException:
            self._listeners.pop(characteristic.handle, None)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe (errors as :meth:`read_gatt_char`)."""
        async with self._speaking() as connection:
            received = self._listeners.pop(characteristic.handle, None)
            await connection.gatt_client.unsubscribe(characteristic.obj, received)

    async def _read(self, handle: int) -> bytearray:
        async with self._speaking() as connection:
            return bytearray(await connection.gatt_client.read_value(handle))

    async def _write(self, handle: int, value: bytes, *, response: bool) -> None:
        async with self._speaking() as connection:
            await connection.gatt_client.write_value(handle, value, with_response=response)

    async def _discover(self, connection: Connection) -> BleakGATTServiceCollection:
        client = connection.gatt_client
        await client.request_mtu(ATT_MTU)
        found = BleakGATTServiceCollection()
        for service in await client.discover_services():
            known = BleakGATTService(service, service.handle, _uuid(service.uuid))
            found.add_service(known)
            for proxy in await service.discover_characteristics():
                characteristic = BleakGATTCharacteristic(
                    proxy,
                    proxy.handle,
                    _uuid(proxy.uuid),
                    list(gatt_char_props_to_strs(int(proxy.properties))),
                    lambda: self.mtu_size - 3,
                    known,
                )
                found.add_characteristic(characteristic)
                for descriptor in await proxy.discover_descriptors():
                    found.add_descriptor(_descriptor(descriptor, characteristic))
        return found

    @contextlib.asynccontextmanager
    async def _speaking(self, broken: str = "disconnected") -> AsyncIterator[Connection]:
        """Give the connection; say what goes wrong on it in bleak's words."""
        connection = self._connection
        if connection is None:
            raise BleakError("Not connected")
        try:
            yield connection
        except att.ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except (core.BaseBumbleError, TimeoutError) as error:
            raise BleakError(broken if self._connection is None else str(error)) from error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._connection is None and not (task and task.cancelling()):
                # Bumble ends a request whose link broke by cancelling its future.
                raise BleakError(broken) from None
            raise
        if self._connection is not connection:
            raise BleakError(broken)

    def _gone(self, connection: Connection) -> None:
        if self._connection is not connection:
            return
        self._connection = None
        self._listeners.clear()
        # A connection is one from the discovery on; like other backends, this one tells of
        # its own disconnect too.
        was_ready, self.services = self.services is not None, None
        if was_ready and self._disconnected_callback is not None:
            _called(self._disconnected_callback)


def backends(radio: VirtualRadio) -> tuple[type[BumbleScanner], type[BumbleClient]]:
    """Make the classes to give to bleak as ``backend``, bound to a radio."""

    class Scanner(BumbleScanner):
        pass

    class Client(BumbleClient):
        pass

    Scanner.radio = Client.radio = radio
    return Scanner, Client


def _called(callback: Callable[[], None]) -> None:
    """Call what belongs to the user: its errors are the loop's, and must not stop Bumble."""
    try:
        callback()
    except Exception as error:  # noqa: BLE001 - as asyncio does with callbacks
        asyncio.get_running_loop().call_exception_handler(
            {"message": "Exception in a callback given to bleak", "exception": error}
        )


def _uuid(uuid: core.UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str("-"))


def _descriptor(
    proxy: DescriptorProxy, characteristic: BleakGATTCharacteristic
) -> BleakGATTDescriptor:
    return BleakGATTDescriptor(proxy, proxy.handle, _uuid(proxy.type), characteristic)


def _advertisement_data(heard: Advertisement, rssi_dbm: int) -> AdvertisementData:
    kinds = core.AdvertisingData.Type
    sizes = {
        kinds.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
        kinds.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
        kinds.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
        kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
    }
    name: str | None = None
    uuids: dict[str, None] = {}  # in order; a scan response repeats the advertisement
    manufacturer: dict[int, bytes] = {}
    for kind, value in heard.data.ad_structures:
        if kind in sizes:
            for uuid in core.AdvertisingData.uuid_list_to_objects(value, sizes[kind]):
                uuids[_uuid(uuid)] = None
        elif kind == kinds.COMPLETE_LOCAL_NAME:
            name = value.decode("utf-8", "replace")
        elif kind == kinds.MANUFACTURER_SPECIFIC_DATA:
            manufacturer[int.from_bytes(value[:2], "little")] = value[2:]
    return AdvertisementData(name, manufacturer, {}, list(uuids), None, rssi_dbm, ())
