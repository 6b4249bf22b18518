"""The characteristics of a peripheral on the bus: read, written, listened to."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from dbus_fast import Message

from lift_monitor.drivers.emulated.bluez_objects import (
    CHARACTERISTIC,
    DESCRIPTOR,
    SERVICE,
    BlueZError,
    ObjectTree,
    Reply,
)
from lift_monitor.drivers.emulated.peripheral import (
    BAD_LENGTH,
    NOT_READABLE,
    NOT_WRITABLE,
    Can,
    Characteristic,
    Peripheral,
    RefusedError,
    Service,
)

BUSY_TEXT: Final = "Operation already in progress"
_FLAGS: Final = {
    Can.READ: "read",
    Can.WRITE: "write",
    Can.WRITE_NO_RESPONSE: "write-without-response",
    Can.NOTIFY: "notify",
    Can.INDICATE: "indicate",
}
_CCC: Final = "00002902-0000-1000-8000-00805f9b34fb"
_ATT_HEADER_BYTES: Final = 3


@dataclass(slots=True)
class _Shown:
    """A characteristic on the bus, and who listens to it."""

    path: str
    known: Characteristic
    listeners: set[str] = field(default_factory=set)
    """Bus names that called StartNotify."""
    pipe: socket.socket | None = None
    """Where to send after AcquireNotify."""

    @property
    def heard(self) -> bool:
        return bool(self.listeners) or self.pipe is not None


class Gatt:
    """The services of one peripheral; they stay on the bus between links, as in BlueZ.

    Parameters
    ----------
    tree : ObjectTree
    device : str
        Path of the device.
    peripheral : Peripheral
    mtu : int
        ATT MTU.
    now : callable
        True time since the sensors were switched on.
    """

    def __init__(
        self,
        tree: ObjectTree,
        device: str,
        peripheral: Peripheral,
        mtu: int,
        now: Callable[[], float],
    ) -> None:
        self.linked = False
        self.held = False
        """Another program of this machine holds the notifications."""
        self._tree, self._device, self._peripheral = tree, device, peripheral
        self._room, self._mtu, self._now = mtu - _ATT_HEADER_BYTES, mtu, now
        self._services: tuple[Service, ...] = ()
        self._shown: dict[str, _Shown] = {}

    @property
    def listening(self) -> list[str]:
        """UUIDs of the characteristics that somebody listens to."""
        return [shown.known.uuid for shown in self._shown.values() if shown.heard]

    def show(self) -> None:
        """Put the services on the bus, those that are not there yet."""
        services = self._peripheral.services
        if services == self._services and all(s.path in self._tree for s in self._shown.values()):
            return
        for path in {shown.path.rpartition("/")[0] for shown in self._shown.values()}:
            self._tree.remove(path)
        self._services, self._shown = services, {}
        handle = 1
        for service in services:
            path = f"{self._device}/service{handle:04x}"
            facts = {"UUID": service.uuid, "Primary": True, "Device": self._device}
            self._tree.add(path, SERVICE, facts)
            handle += 1
            for known in service.characteristics:
                self._show(_Shown(f"{path}/char{handle:04x}", known), path, handle)
                handle += 3  # declaration, value and the descriptor of notifications

    def end(self, *, tell: bool) -> None:
        """Forget all listeners: the link is gone."""
        self.linked = False
        for shown in self._shown.values():
            if shown.heard and tell:
                self._tree.change(shown.path, CHARACTERISTIC, Notifying=False)
            shown.listeners.clear()
            self._close_pipe(shown)

    def forget_listener(self, who: str) -> None:
        """End the notifications of a program that left the bus."""
        for shown in self._shown.values():
            if who in shown.listeners:
                self._leave(shown, who)

    def notify(self, uuid: str, value: bytes) -> bytes | None:
        """Hand on a notification; returns what fitted, ``None`` if nobody took it."""
        shown, value = self._shown[uuid], value[: self._room]
        if shown.pipe is not None:
            try:
                shown.pipe.send(value)
            except BlockingIOError:  # bluetoothd drops what its reader leaves lying, too
                return None
            except OSError:  # the reader closed its end: that is how it stops listening
                self._close_pipe(shown)
                self._quiet(shown)
                return None
        elif shown.listeners:
            self._tree.change(shown.path, CHARACTERISTIC, Value=value)
        else:
            return None
        return value

    def _show(self, shown: _Shown, service: str, handle: int) -> None:
        known = shown.known
        self._shown[known.uuid] = shown
        facts: dict[str, object] = {
            "UUID": known.uuid,
            "Service": service,
            "Value": b"",
            "Flags": [flag for can, flag in _FLAGS.items() if can in known.can],
            "MTU": self._mtu,
        }
        notifies = bool(known.can & (Can.NOTIFY | Can.INDICATE))
        if notifies:
            facts |= {"Notifying": False, "NotifyAcquired": False}
        methods = {
            "ReadValue": lambda _: self._read(shown),
            "WriteValue": lambda call: self._write(shown, call),
            "StartNotify": lambda call: self._start_notify(shown, call),
            "StopNotify": lambda call: self._stop_notify(shown, call),
            "AcquireNotify": lambda _: self._acquire_notify(shown),
        }
        self._tree.add(shown.path, CHARACTERISTIC, facts, methods)
        if notifies:
            self._tree.add(
                f"{shown.path}/desc{handle + 2:04x}",
                DESCRIPTOR,
                {"UUID": _CCC, "Characteristic": shown.path, "Value": b"", "Flags": ["read"]},
                {"ReadValue": lambda _: Reply("ay", bytes([shown.heard, 0]))},
            )

    def _read(self, shown: _Shown) -> Reply:
        self._need_link()
        with _told():
            value = self._peripheral.read(shown.known.uuid, self._now())
        # bluetoothd tells listeners of a value that was read as if it had been notified.
        self._tree.change(shown.path, CHARACTERISTIC, Value=value)
        return Reply("ay", value)

    def _write(self, shown: _Shown, call: Message) -> Reply:
        self._need_link()
        value, options = call.body
        kind = options["type"].value if "type" in options else "request"
        uuid, can = shown.known
        if kind == "command":
            # What does not fit one packet cannot be sent as a command.
            if Can.WRITE_NO_RESPONSE not in can or len(value) > self._room:
                raise BlueZError("NotSupported", "Operation is not supported")
            with contextlib.suppress(RefusedError):  # nobody hears a sensor refuse a command
                self._peripheral.write(uuid, bytes(value), self._now())
            return Reply()
        with _told():
            if Can.WRITE not in can:
                raise RefusedError(NOT_WRITABLE)
            self._peripheral.write(uuid, bytes(value), self._now())
        return Reply()

    def _start_notify(self, shown: _Shown, call: Message) -> Reply:
        if not shown.known.can & (Can.NOTIFY | Can.INDICATE):
            raise BlueZError("NotSupported", "Operation is not supported")
        self._need_link()
        self._need_free(shown)
        who = call.sender or ""
        if who in shown.listeners:
            raise BlueZError("InProgress", BUSY_TEXT)
        self._loud(shown)
        shown.listeners.add(who)
        self._tree.change(shown.path, CHARACTERISTIC, Notifying=True)
        return Reply()

    def _stop_notify(self, shown: _Shown, call: Message) -> Reply:
        who = call.sender or ""
        if who not in shown.listeners:
            raise BlueZError("Failed", "No notify session started")
        self._leave(shown, who)
        return Reply()

    def _acquire_notify(self, shown: _Shown) -> Reply:
        if Can.NOTIFY not in shown.known.can:
            raise BlueZError("NotSupported", "Operation is not supported")
        self._need_link()
        self._need_free(shown)
        if shown.listeners:
            raise BlueZError("InProgress", BUSY_TEXT)
        self._loud(shown)
        shown.pipe, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        shown.pipe.setblocking(False)
        self._tree.change(shown.path, CHARACTERISTIC, NotifyAcquired=True)
        return Reply("hq", 0, self._mtu, unix_fds=[theirs.detach()])

    def _leave(self, shown: _Shown, who: str) -> None:
        shown.listeners.discard(who)
        if not shown.heard:
            self._quiet(shown)

    def _loud(self, shown: _Shown) -> None:
        if not shown.heard:
            with _told():
                self._peripheral.subscribe(shown.known.uuid, True, self._now())

    def _quiet(self, shown: _Shown) -> None:
        if self.linked:
            self._peripheral.subscribe(shown.known.uuid, False, self._now())
        self._tree.change(shown.path, CHARACTERISTIC, Notifying=False)

    def _close_pipe(self, shown: _Shown) -> None:
        if shown.pipe is not None:
            shown.pipe.close()
            shown.pipe = None
            self._tree.change(shown.path, CHARACTERISTIC, NotifyAcquired=False)

    def _need_link(self) -> None:
        if not self.linked:
            raise BlueZError("Failed", "Not connected")

    def _need_free(self, shown: _Shown) -> None:
        if self.held or shown.pipe is not None:
            raise BlueZError("NotPermitted", "Notify acquired")


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turn an ATT error into the D-Bus error that bluetoothd makes of it."""
    try:
        yield
    except RefusedError as error:
        text = f"Operation failed with ATT error: 0x{error.code:02x}"
        raise BlueZError(*_ATT_ERRORS.get(error.code, ("Failed", text))) from error


_ATT_ERRORS: Final = {
    NOT_READABLE: ("NotPermitted", "Read not permitted"),
    NOT_WRITABLE: ("NotPermitted", "Write not permitted"),
    BAD_LENGTH: ("InvalidArguments", "Invalid Length"),
}
"""Those that bluetoothd has words for (BlueZ ``src/gatt-client.c``)."""
