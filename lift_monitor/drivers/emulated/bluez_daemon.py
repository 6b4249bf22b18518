"""An emulated bluetoothd: one adapter that finds, connects and carries peripherals."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

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
from lift_monitor.drivers.emulated.bluez_outbox import Outbox
from lift_monitor.drivers.emulated.bluez_search import Search
from lift_monitor.drivers.emulated.bluez_spec import AdapterSpec
from lift_monitor.drivers.emulated.peripheral import Peripheral

NAME: Final = "org.bluez"
PATH: Final = "/org/bluez/hci0"
_ABORTED: Final = "le-connection-abort-by-local"
_FULL: Final = "le-connection-concurrent-connection-limit"
_REFUSED: Final = "le-connection-abort-by-remote"


@dataclass(slots=True)
class _Attempt:
    """A connection that is being made."""

    task: asyncio.Task[None]
    why_not: str = _ABORTED


class Bluetoothd:
    """Answers on a bus as bluetoothd does.

    Parameters
    ----------
    bus : MessageBus
        Connected.
    outbox : Outbox
        Of the bus.
    adapter : AdapterSpec
    peripherals : iterable of Peripheral
        Switched on now.
    """

    def __init__(
        self,
        bus: MessageBus,
        outbox: Outbox,
        adapter: AdapterSpec,
        peripherals: Iterable[Peripheral],
    ) -> None:
        self.adapter = adapter
        self._bus, self._outbox = bus, outbox
        self._loop = asyncio.get_running_loop()
        self.began_s = self._loop.time()
        """Monotonic time of this machine at which the sensors were switched on."""
        self._tree = ObjectTree(outbox)
        self._powered = adapter.powered
        self._devices = {
            peripheral.identity.address: Device(
                self._tree, PATH, peripheral, adapter.mtu, adapter.interval_s, self._now
            )
            for peripheral in peripherals
        }
        self._search = Search(self._tree, PATH, adapter.forget_s, self._devices, self._methods)
        self._attempts: dict[str, _Attempt] = {}
        self._running = False

    # --- The program ---

    async def start(self) -> None:
        """Take the name and show the adapter."""
        if self._running:
            return
        self._running = True
        self._bus.add_message_handler(self._answer)
        if self.adapter.present:
            self.plug(True)
        await self._bus.request_name(NAME)

    async def stop(self) -> None:
        """End as ``systemctl stop bluetooth`` does: links are closed, objects withdrawn."""
        if self._running:
            self.plug(False)
            await self._end()

    async def kill(self) -> None:
        """End as after ``kill -9``: links break, nobody is told."""
        if self._running:
            self._tree.clear()
            self._let_go(tell=False)
            await self._end()

    async def _end(self) -> None:
        self._running = False
        await self._outbox.drained()
        await self._bus.release_name(NAME)
        self._bus.remove_message_handler(self._answer)

    # --- Faults by hand ---

    def device(self, address: str) -> Device:
        """Find a sensor.

        Raises
        ------
        KeyError
            If there is none of that address.
        """
        return self._devices[address]

    @property
    def devices(self) -> Mapping[str, Device]:
        """Every sensor by its address, heard or not."""
        return self._devices

    @property
    def searching(self) -> int:
        """Programs that search."""
        return self._search.programs

    def plug(self, on: bool) -> None:
        """Put the adapter in or pull it out."""
        if on and PATH not in self._tree:
            facts: dict[str, object] = {
                "Address": "00:1A:7D:DA:71:13",
                "AddressType": "public",
                "Alias": "emulated",
                "Class": 0,
                "Discoverable": False,
                "Discovering": False,
                "Modalias": "usb:v1D6Bp0246d0542",
                "Name": "emulated",
                "Pairable": False,
                "Powered": self._powered,
                "Roles": ["central", "peripheral"],
                "UUIDs": [],
            }
            methods: dict[str, Method] = {
                "StartDiscovery": self._start_discovery,
                "StopDiscovery": self._stop_discovery,
                "SetDiscoveryFilter": self._search.set_filter,
                "RemoveDevice": self._remove_device,
            }
            self._tree.add(PATH, ADAPTER, facts, methods)
        elif not on:
            self._let_go()
            self._tree.remove(PATH)
            for device in self._devices.values():
                device.kept = False

    def power(self, on: bool) -> None:
        """Switch the adapter on or off."""
        self._powered = on
        if not on:
            self._let_go()
        self._tree.change(PATH, ADAPTER, Powered=on)

    def forget(self, address: str) -> None:
        """Take a device off the bus; it comes back when it is heard in a search."""
        device = self._devices[address]
        device.unlink()
        device.kept = False
        self._tree.remove(device.path)

    # --- D-Bus ---

    def _answer(self, message: Message) -> bool | None:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _, owner = message.body
            if not owner:
                self._forget_program(name)
            return None
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        try:
            reply = self._tree.find(message)(message)
        except BlueZError as error:
            self._outbox.put(Message.new_error(message, error.name, error.text))
            return True
        if isinstance(reply, Reply):
            self._outbox.put(_message(message, reply))
            return True
        task = self._loop.create_task(self._answer_later(message, reply), name="answer")
        task.add_done_callback(tell_of_failure)
        return True

    async def _answer_later(self, call: Message, reply: Coroutine[Any, Any, Reply]) -> None:
        try:
            self._outbox.put(_message(call, await reply))
        except BlueZError as error:
            self._outbox.put(Message.new_error(call, error.name, error.text))

    def _forget_program(self, name: str) -> None:
        self._search.forget_program(name)
        for device in self._devices.values():
            device.gatt.forget_listener(name)

    # --- The adapter ---

    def _start_discovery(self, call: Message) -> Reply:
        self._need_power()
        return self._search.start(call)

    def _stop_discovery(self, call: Message) -> Reply:
        self._need_power()
        return self._search.stop(call)

    def _remove_device(self, call: Message) -> Reply:
        (path,) = call.body
        for address, device in self._devices.items():
            if device.path == path and path in self._tree:
                self.forget(address)
                return Reply()
        raise BlueZError("DoesNotExist", "Does Not Exist")

    def _methods(self, device: Device) -> dict[str, Method]:
        return {
            "Connect": lambda _: self._connect(device),
            "Disconnect": lambda _: self._disconnect(device),
        }

    async def _connect(self, device: Device) -> Reply:
        self._need_power()
        device.kept = True
        self._search.keep(device.path)
        if device.linked:
            return Reply()
        if device.busy or device.path in self._attempts:
            raise BlueZError("InProgress", BUSY_TEXT)
        attempt = _Attempt(self._loop.create_task(self._make_link(device), name="connect"))
        self._attempts[device.path] = attempt
        try:
            await attempt.task
        except asyncio.CancelledError:
            raise BlueZError("Failed", attempt.why_not) from None
        finally:
            del self._attempts[device.path]
        return Reply()

    async def _make_link(self, device: Device) -> None:
        open_links = sum(known.linked for known in self._devices.values())
        if open_links + len(self._attempts) > self.adapter.connections:
            raise BlueZError("Failed", _FULL)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.adapter.connect_s):
                while not device.heard:
                    await asyncio.sleep(self.adapter.interval_s)
        if not device.heard:
            raise BlueZError("Failed", _ABORTED)
        await asyncio.sleep(2 * self.adapter.interval_s)
        if device.refusals:
            self._refuse(device, device.refusals.pop(0))
        if not device.peripheral.accepts(self._now()):
            self._refuse(device, _REFUSED)
        device.link()

    def _refuse(self, device: Device, text: str) -> None:
        if text == _ABORTED:
            # BlueZ had a link for a moment then, and shows it; bleak waits for its end.
            self._tree.change(device.path, DEVICE, Connected=True)
            self._tree.change(device.path, DEVICE, Connected=False)
        raise BlueZError("Failed", text)

    async def _disconnect(self, device: Device) -> Reply:
        attempt = self._attempts.get(device.path)
        if attempt is not None:
            attempt.task.cancel()
        elif device.linked:
            device.unlink()
        else:
            raise BlueZError("NotConnected", "Not Connected")
        return Reply()

    def _let_go(self, *, tell: bool = True) -> None:
        """End every search, link and attempt, and the timers of them."""
        for attempt in self._attempts.values():
            attempt.why_not = "le-connection-adapter-not-powered"
            attempt.task.cancel()
        for device in self._devices.values():
            device.unlink(tell=tell)
        self._search.end()

    def _need_power(self) -> None:
        if not self._powered:
            raise BlueZError("NotReady", "Resource Not Ready")

    def _now(self) -> float:
        return self._loop.time() - self.began_s


def _message(call: Message, reply: Reply) -> Message:
    return Message.new_method_return(
        call, signature=reply.signature, body=reply.body, unix_fds=reply.unix_fds
    )
