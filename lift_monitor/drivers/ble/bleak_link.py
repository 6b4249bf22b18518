"""A connection through bleak: values in and out, errors as sentences, losses told once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from lift_monitor.drivers.ble.errors import Trouble, radio_error
from lift_monitor.drivers.ble.link import LinkError, MissingCharacteristicError, Receiver

TRANSFER_S: Final = 5.0
"""Longest wait for one read, write or subscription (design default)."""
TROUBLES: Final = (BleakError, OSError, EOFError, TimeoutError, LinkError)
"""What bleak and the systems below it raise when Bluetooth fails."""


class BleakLink:
    """Implements :class:`lift_monitor.drivers.ble.link.Link`.

    Parameters
    ----------
    name : str
        Of the sensor, for sentences.
    device : BLEDevice
    client : type, optional
        bleak backend; the operating system's if ``None``.
    on_lost : callable
        Called once if the link breaks by itself.
    on_closed : callable
        Called with this link when it is over, for whatever reason.
    within_s : float
        Longest attempt to connect.
    """

    def __init__(
        self,
        name: str,
        device: BLEDevice,
        client: type[BaseBleakClient] | None,
        on_lost: Callable[[], None],
        on_closed: Callable[[BleakLink], None],
        *,
        within_s: float,
    ) -> None:
        self._name = name
        self._within_s = within_s
        self._on_lost = on_lost
        self._on_closed = on_closed
        self._open = False
        self._receivers: dict[str, Receiver] = {}
        arguments: dict[str, Any] = {}
        if client is not None:
            arguments["backend"] = client
        self._client = BleakClient(
            device, disconnected_callback=self._disconnected, timeout=within_s, **arguments
        )

    @property
    def name(self) -> str:
        """The advertised name."""
        return self._name

    async def open(self) -> None:
        """Connect; raises what bleak raises."""
        async with asyncio.timeout(self._within_s):
            await self._client.connect()
        self._open = True

    async def close(self) -> None:
        """Disconnect; the loss is not told, for it is none. May be called more than once."""
        self._open = False
        self._receivers.clear()
        self._on_closed(self)
        with contextlib.suppress(*TROUBLES):
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
            gone = BleakError("not connected")
            raise LinkError(str(radio_error(gone, self.name))) from gone
        for known in self._characteristics():
            if known.uuid.lower() == characteristic:
                return known
        raise MissingCharacteristicError(Trouble.MISSING_CHARACTERISTIC.value.format(who=self.name))

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except LinkError:
            raise
        except TROUBLES as error:
            raise LinkError(str(radio_error(error, self.name))) from error

    def _disconnected(self, _: BleakClient) -> None:
        if not self._open:  # our own doing, or an attempt that failed
            return
        self._open = False
        self._receivers.clear()
        self._on_closed(self)
        self._on_lost()
