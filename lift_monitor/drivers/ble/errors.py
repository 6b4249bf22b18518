"""What bleak and the operating systems say, turned into one sentence of advice each."""

from __future__ import annotations

import enum
import errno
import sys
from typing import Final

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
)

from lift_monitor.drivers.ble.link import LinkError, MissingCharacteristicError

_Reason = BleakBluetoothNotAvailableReason


class Trouble(enum.Enum):
    """Kinds of trouble; the value is the advice, with ``{who}`` for the sensor."""

    NO_ADAPTER = (
        "This computer has no Bluetooth adapter that can be used; "
        "plug in a Bluetooth 5 USB adapter, or use a computer with Bluetooth."
    )
    POWERED_OFF = "Bluetooth is switched off; switch it on in the settings of this computer."
    NO_PERMISSION = (
        "This program may not use Bluetooth; allow it in the privacy settings of this computer "
        "(on Linux: your user may have to join the group bluetooth), then start it again."
    )
    NO_SERVICE = (
        "The Bluetooth service of this computer does not run; "
        "start it with: sudo systemctl start bluetooth (package bluez)."
    )
    NO_ANSWER = (
        "Bluetooth of this computer does not answer; "
        "switch it off and on again in the settings, or start the computer anew."
    )
    NO_BUS = (
        "This computer has no system D-Bus, which Bluetooth needs on Linux; "
        "install and start the packages dbus and bluez."
    )
    BUSY = (
        "Bluetooth is busy with another search or connection; "
        "close other Bluetooth programs and try again."
    )
    IN_USE = (
        "{who} is in use by another program or phone; "
        "close the vendor's app there, then connect again."
    )
    ADAPTER_FULL = (
        "The Bluetooth adapter holds no more connections ({count} are open), {who} has no room; "
        "let a sensor go, or use an adapter that holds more."
    )
    ADAPTER_MAYBE_FULL = (
        "{who} does not answer, or the Bluetooth adapter holds no more connections "
        "({count} are open); bring the sensor nearer, or let another one go."
    )
    OUT_OF_RANGE = (
        "{who} does not answer; switch it on, bring it nearer and see that it is charged."
    )
    MISSING_CHARACTERISTIC = (
        "{who} lacks something that its family has; "
        "update its firmware with the vendor's app, or use another sensor."
    )
    REFUSED = "{who} refused what it was asked; switch it off and on, then connect again."
    LINK_LOST = "The link to {who} broke; it is being made again, bring the sensor nearer."
    LINK_BROKE = (
        "The link to {who} broke while it was being set up; "
        "bring the sensor nearer, then connect it again."
    )
    LET_GO = "{who} was let go before it was connected; connect it again."
    UNKNOWN = "Bluetooth failed with {who} ({detail}); switch the sensor off and on, try again."


class RadioError(Exception):
    """Bluetooth cannot do what was asked; the text is one sentence for the user.

    Attributes
    ----------
    trouble : Trouble
    """

    def __init__(self, trouble: Trouble, sentence: str) -> None:
        super().__init__(sentence)
        self.trouble = trouble


_REASONS: Final = {
    _Reason.NO_BLUETOOTH: Trouble.NO_ADAPTER,
    _Reason.NO_BLE_CENTRAL_ROLE: Trouble.NO_ADAPTER,
    _Reason.POWERED_OFF: Trouble.POWERED_OFF,
    _Reason.DENIED_BY_USER: Trouble.NO_PERMISSION,
    _Reason.DENIED_BY_SYSTEM: Trouble.NO_PERMISSION,
    _Reason.DENIED_BY_UNKNOWN: Trouble.NO_PERMISSION,
}

_DBUS: Final = {
    "org.freedesktop.DBus.Error.ServiceUnknown": Trouble.NO_SERVICE,
    "org.freedesktop.DBus.Error.NameHasNoOwner": Trouble.NO_SERVICE,
    "org.freedesktop.DBus.Error.NoReply": Trouble.NO_SERVICE,
    "org.freedesktop.DBus.Error.Disconnected": Trouble.NO_SERVICE,
    "org.freedesktop.DBus.Error.AccessDenied": Trouble.NO_PERMISSION,
    "org.freedesktop.DBus.Error.UnknownObject": Trouble.OUT_OF_RANGE,
    "org.freedesktop.DBus.Error.UnknownMethod": Trouble.OUT_OF_RANGE,
    "org.bluez.Error.NotReady": Trouble.POWERED_OFF,
    "org.bluez.Error.InProgress": Trouble.BUSY,
    "org.bluez.Error.NotAuthorized": Trouble.REFUSED,
    "org.bluez.Error.NotPermitted": Trouble.REFUSED,
    "org.bluez.Error.NotSupported": Trouble.REFUSED,
    "org.bluez.Error.NotConnected": Trouble.LINK_LOST,
    "org.bluez.Error.AlreadyConnected": Trouble.IN_USE,
    "org.bluez.Error.DoesNotExist": Trouble.OUT_OF_RANGE,
}

_WORDS: Final = (
    ("notify acquired", Trouble.IN_USE),
    ("already acquired", Trouble.IN_USE),
    ("adapter-not-powered", Trouble.POWERED_OFF),
    ("connection-limit", Trouble.ADAPTER_FULL),
    ("le-connection-busy", Trouble.BUSY),
    ("le-connection-timeout", Trouble.OUT_OF_RANGE),
    ("le-connection-abort-by-remote", Trouble.REFUSED),
    ("in use", Trouble.IN_USE),
    ("access denied", Trouble.IN_USE),  # Windows: the GATT service is held by another program
    ("connection limit", Trouble.ADAPTER_FULL),
    ("too many", Trouble.ADAPTER_FULL),
    ("limited resources", Trouble.ADAPTER_FULL),
    ("le-connection-abort-by-local", Trouble.OUT_OF_RANGE),
    ("le-connection-refused", Trouble.REFUSED),
    ("page-timeout", Trouble.OUT_OF_RANGE),
    ("unreachable", Trouble.OUT_OF_RANGE),
    ("not found", Trouble.OUT_OF_RANGE),
    ("not connected", Trouble.LINK_LOST),
    ("disconnected", Trouble.LINK_LOST),
    ("turned on", Trouble.POWERED_OFF),
    ("not turned on", Trouble.POWERED_OFF),
    ("unauthorized", Trouble.NO_PERMISSION),
)
"""Words in the texts of the three systems, looked for in this order."""

_FULL_FROM: Final = 5
"""Common adapters hold 5 to 11 connections; from here on a failed one may mean a full one."""


def trouble_of(error: BaseException) -> Trouble:
    """Name the kind of trouble behind an error of bleak or the operating system."""
    if isinstance(error, RadioError):
        return error.trouble
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _REASONS.get(error.reason, Trouble.NO_ADAPTER)
    if isinstance(error, BleakCharacteristicNotFoundError | MissingCharacteristicError):
        return Trouble.MISSING_CHARACTERISTIC
    if isinstance(error, LinkError) and error.__cause__ is not None:
        return trouble_of(error.__cause__)  # the sentence of a link does not name its kind
    if isinstance(error, BleakDeviceNotFoundError | TimeoutError):
        return Trouble.OUT_OF_RANGE
    said = str(error).lower()
    by_words = next((trouble for words, trouble in _WORDS if words in said), None)
    if isinstance(error, BleakDBusError):
        return by_words or _DBUS.get(error.dbus_error, Trouble.UNKNOWN)
    if isinstance(error, PermissionError):
        return Trouble.NO_PERMISSION
    if sys.platform == "linux" and isinstance(error, FileNotFoundError | ConnectionError):
        return Trouble.NO_BUS
    if isinstance(error, OSError) and error.errno in (errno.ENODEV, errno.EHOSTDOWN):
        return Trouble.NO_ADAPTER
    if isinstance(error, EOFError):  # the bus or its service went away under way
        return Trouble.NO_SERVICE
    return by_words or Trouble.UNKNOWN


def radio_error(
    error: BaseException, who: str = "the sensor", *, open_links: int = 0
) -> RadioError:
    """Turn an error of bleak or the operating system into a sentence.

    Parameters
    ----------
    error : BaseException
    who : str
        The sensor's name.
    open_links : int
        Connections that this program holds: with many of them open, a failed one more
        likely means a full adapter than a distant sensor.
    """
    if isinstance(error, RadioError):
        return error
    if isinstance(error, LinkError) and not isinstance(error, MissingCharacteristicError):
        return RadioError(trouble_of(error), str(error))
    trouble = trouble_of(error)
    if trouble is Trouble.OUT_OF_RANGE and open_links >= _FULL_FROM:
        trouble = Trouble.ADAPTER_MAYBE_FULL
    detail = " ".join((str(error) or type(error).__name__).split()).rstrip(".")
    sentence = trouble.value.format(who=who, count=open_links, detail=detail)
    return RadioError(trouble, sentence[:1].upper() + sentence[1:])
