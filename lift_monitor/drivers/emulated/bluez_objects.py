"""D-Bus objects as bluetoothd shows them: properties, their changes, errors with real names."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final, TypeAlias

from dbus_fast import Message, MessageType, Variant

from lift_monitor.drivers.emulated.bluez_outbox import Outbox

ADAPTER: Final = "org.bluez.Adapter1"
DEVICE: Final = "org.bluez.Device1"
SERVICE: Final = "org.bluez.GattService1"
CHARACTERISTIC: Final = "org.bluez.GattCharacteristic1"
DESCRIPTOR: Final = "org.bluez.GattDescriptor1"

_MANAGER: Final = "org.freedesktop.DBus.ObjectManager"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_UNKNOWN_OBJECT: Final = "org.freedesktop.DBus.Error.UnknownObject"
_UNKNOWN_METHOD: Final = "org.freedesktop.DBus.Error.UnknownMethod"
_UNKNOWN_PROPERTY: Final = "org.freedesktop.DBus.Error.InvalidArgs"

_SIGNATURES: Final[Mapping[str, str]] = {
    "Adapter": "o",
    "Address": "s",
    "AddressType": "s",
    "Alias": "s",
    "Blocked": "b",
    "Bonded": "b",
    "Characteristic": "o",
    "Class": "u",
    "Connected": "b",
    "Device": "o",
    "Discoverable": "b",
    "Discovering": "b",
    "Flags": "as",
    "LegacyPairing": "b",
    "MTU": "q",
    "ManufacturerData": "a{qv}",
    "Modalias": "s",
    "Name": "s",
    "NotifyAcquired": "b",
    "Notifying": "b",
    "Pairable": "b",
    "Paired": "b",
    "Powered": "b",
    "Primary": "b",
    "RSSI": "n",
    "Roles": "as",
    "Service": "o",
    "ServicesResolved": "b",
    "Trusted": "b",
    "UUID": "s",
    "UUIDs": "as",
    "Value": "ay",
}
"""D-Bus types of the properties (BlueZ ``doc/org.bluez.*.rst``)."""


class BlueZError(Exception):
    """An error reply of bluetoothd; the names and texts are those of its source."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name if "." in name else f"org.bluez.Error.{name}"
        self.text = text


class Reply:
    """What a method returns; ``unix_fds`` are given away and closed when they have left."""

    def __init__(self, signature: str = "", *body: Any, unix_fds: list[int] | None = None) -> None:
        self.signature = signature
        self.body = list(body)
        self.unix_fds = unix_fds or []


Method: TypeAlias = Callable[[Message], Reply | Coroutine[Any, Any, Reply]]
"""Takes the call; returns the reply, at once or later; raises :class:`BlueZError`."""


class ObjectTree:
    """All objects of one bus name, with ``ObjectManager`` and ``Properties``.

    Parameters
    ----------
    outbox : Outbox
        Every change is told through it.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._objects: dict[str, dict[str, dict[str, Variant]]] = {}
        self._methods: dict[tuple[str, str], dict[str, Method]] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._objects

    def add(
        self,
        path: str,
        interface: str,
        properties: Mapping[str, Any],
        methods: Mapping[str, Method] | None = None,
    ) -> None:
        """Show an object and tell of it."""
        values = {name: _variant(name, value) for name, value in properties.items()}
        self._objects[path] = {interface: values}
        self._methods[path, interface] = dict(methods or {})
        self._tell("/", _MANAGER, "InterfacesAdded", "oa{sa{sv}}", [path, {interface: values}])

    def remove(self, path: str) -> None:
        """Take an object and all below it away, the lowest first, and tell of it."""
        below = [known for known in self._objects if known == path or known.startswith(f"{path}/")]
        for known in sorted(below, key=len, reverse=True):
            interfaces = list(self._objects.pop(known))
            for interface in interfaces:
                del self._methods[known, interface]
            self._tell("/", _MANAGER, "InterfacesRemoved", "oas", [known, interfaces])

    def clear(self) -> None:
        """Forget everything and tell nobody, as a program that was killed does."""
        self._objects.clear()
        self._methods.clear()

    def value(self, path: str, interface: str, name: str) -> Any:
        """Give a property; ``None`` if it is not there."""
        variant = self._objects.get(path, {}).get(interface, {}).get(name)
        return None if variant is None else variant.value

    def change(self, path: str, interface: str, **values: Any) -> None:
        """Set properties and tell of them, changed or not; unknown objects are left out."""
        if path not in self._objects:
            return
        variants = {name: _variant(name, value) for name, value in values.items()}
        self._objects[path][interface].update(variants)
        self._tell(path, _PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, variants, []])

    def withdraw(self, path: str, interface: str, name: str) -> None:
        """Take a property away and tell of it, if it was there."""
        if self._objects.get(path, {}).get(interface, {}).pop(name, None) is not None:
            self._tell(path, _PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, {}, [name]])

    def find(self, call: Message) -> Method:
        """Find the method that a call asks for.

        Raises
        ------
        BlueZError
            If there is no such object or method.
        """
        path, interface, member = call.path or "", call.interface or "", call.member or ""
        if interface == _MANAGER and path == "/" and member == "GetManagedObjects":
            return lambda _: Reply("a{oa{sa{sv}}}", self._objects)
        if path not in self._objects:
            raise BlueZError(_UNKNOWN_OBJECT, f'Object "{path}" does not exist')
        if interface == _PROPERTIES and member in {"Get", "GetAll"}:
            return self._get if member == "Get" else self._get_all
        method = self._methods.get((path, interface), {}).get(member)
        if method is None:
            raise BlueZError(
                _UNKNOWN_METHOD,
                f'Method "{member}" with signature "{call.signature}" on interface '
                f'"{interface}" doesn\'t exist',
            )
        return method

    def _get(self, call: Message) -> Reply:
        interface, name = call.body
        try:
            return Reply("v", self._objects[call.path or ""][interface][name])
        except KeyError:
            raise BlueZError(_UNKNOWN_PROPERTY, f"No such property '{name}'") from None

    def _get_all(self, call: Message) -> Reply:
        (interface,) = call.body
        return Reply("a{sv}", self._objects[call.path or ""].get(interface, {}))

    def _tell(
        self, path: str, interface: str, member: str, signature: str, body: list[Any]
    ) -> None:
        self._outbox.put(
            Message(
                message_type=MessageType.SIGNAL,
                path=path,
                interface=interface,
                member=member,
                signature=signature,
                body=body,
            )
        )


def _variant(name: str, value: Any) -> Variant:
    if name == "ManufacturerData":
        value = {company: Variant("ay", data) for company, data in value.items()}
    return Variant(_SIGNATURES[name], value)
