"""One sentence of advice for each thing that Bluetooth can refuse."""

from __future__ import annotations

import sys

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
)

from lift_monitor.drivers.ble.errors import RadioError, Trouble, radio_error
from lift_monitor.drivers.ble.link import AnswerError, MissingCharacteristicError

Reason = BleakBluetoothNotAvailableReason


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (BleakBluetoothNotAvailableError("x", Reason.NO_BLUETOOTH), Trouble.NO_ADAPTER),
        (BleakBluetoothNotAvailableError("x", Reason.NO_BLE_CENTRAL_ROLE), Trouble.NO_ADAPTER),
        (BleakBluetoothNotAvailableError("x", Reason.POWERED_OFF), Trouble.POWERED_OFF),
        (BleakBluetoothNotAvailableError("x", Reason.DENIED_BY_USER), Trouble.NO_PERMISSION),
        (BleakBluetoothNotAvailableError("x", Reason.UNKNOWN), Trouble.NO_ADAPTER),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), Trouble.NO_SERVICE),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), Trouble.NO_PERMISSION),
        (BleakDBusError("org.bluez.Error.InProgress", []), Trouble.BUSY),
        (BleakDBusError("org.bluez.Error.NotReady", []), Trouble.POWERED_OFF),
        (
            BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"]),
            Trouble.OUT_OF_RANGE,
        ),
        (
            BleakDBusError("org.bluez.Error.NotPermitted", ["Notify acquired"]),
            Trouble.IN_USE,
        ),
        (BleakDBusError("org.bluez.Error.Failed", ["connection-limit"]), Trouble.ADAPTER_FULL),
        (BleakDBusError("org.bluez.Error.Failed", ["le-connection-busy"]), Trouble.BUSY),
        (BleakError("Could not get GATT services: Access Denied"), Trouble.IN_USE),
        (BleakError("Could not get GATT services: Unreachable"), Trouble.OUT_OF_RANGE),
        (BleakError("Failed to start scanner. Is Bluetooth turned on?"), Trouble.POWERED_OFF),
        (BleakError("Not connected"), Trouble.LINK_LOST),
        (BleakCharacteristicNotFoundError("2a19"), Trouble.MISSING_CHARACTERISTIC),
        (MissingCharacteristicError("x"), Trouble.MISSING_CHARACTERISTIC),
        (BleakDeviceNotFoundError("AA"), Trouble.OUT_OF_RANGE),
        (TimeoutError(), Trouble.OUT_OF_RANGE),
        (PermissionError(13, "denied"), Trouble.NO_PERMISSION),
        (EOFError(), Trouble.NO_SERVICE),
        (BleakError("something new"), Trouble.UNKNOWN),
    ],
)
def test_trouble_has_one_sentence(error: BaseException, trouble: Trouble) -> None:
    told = radio_error(error, "Movesense 1")
    assert told.trouble is trouble
    sentence = str(told)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert "\n" not in sentence


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is Linux's")
def test_no_bus_is_told_as_such() -> None:
    assert radio_error(FileNotFoundError(2, "no such file")).trouble is Trouble.NO_BUS


def test_with_many_links_open_a_failed_one_may_mean_a_full_adapter() -> None:
    told = radio_error(TimeoutError(), "Sensor 8", open_links=7)
    assert told.trouble is Trouble.ADAPTER_MAYBE_FULL
    assert "7 are open" in str(told)
    assert "Sensor 8" in str(told)


def test_what_a_sensor_answered_is_told_in_its_own_words() -> None:
    assert str(radio_error(AnswerError("It said no."))) == "It said no."


def test_a_told_error_stays_as_it_is() -> None:
    first = RadioError(Trouble.BUSY, "Busy.")
    assert radio_error(first) is first
