"""Unmodified bleak over the emulated BlueZ: found, read, written, listened to."""

from __future__ import annotations

import asyncio

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakDBusError, BleakGATTProtocolError, BleakGATTProtocolErrorCode

from lift_monitor.drivers.ble.families import family_of
from lift_monitor.drivers.ble.families.open_imu import DATA, FACTS, RATE, RATE_LAYOUT, SHOW
from lift_monitor.drivers.ble.family import Advertisement
from lift_monitor.drivers.ble.link import BATTERY_LEVEL, SERIAL_NUMBER
from lift_monitor.drivers.emulated.bluez import AdapterSpec
from lift_monitor.drivers.emulated.families import PERIPHERALS
from lift_monitor.drivers.emulated.fleet import FleetSpec, example
from tests.integration.bluez_tools import MakeBlueZ, find
from tests.integration.loops import run, until
from tests.integration.pace import real_time

BOARD = example("open-imu")
FAST = RATE_LAYOUT.pack(200.0)


def test_a_scan_finds_every_family_as_it_advertises(bluez: MakeBlueZ) -> None:
    fleet = FleetSpec(tuple(example(key, n) for n, key in enumerate(PERIPHERALS, 1)))
    bluez(fleet.sensors)

    async def scan() -> dict[str, Advertisement]:
        async with BleakScanner() as scanner:
            await until(lambda: len(scanner.discovered_devices) == len(fleet.sensors))
            return {
                device.address: Advertisement(
                    device.address,
                    data.local_name or "",
                    tuple(data.service_uuids),
                    data.manufacturer_data,
                    data.rssi,
                )
                for device, data in scanner.discovered_devices_and_advertisement_data.values()
            }

    seen = run(scan())
    for sensor, peripheral in zip(fleet.sensors, fleet.build(), strict=True):
        heard, sent = seen[sensor.address], peripheral.advertisement
        assert heard.name == sent.name
        assert heard.service_uuids == tuple(sent.service_uuids)
        assert heard.manufacturer_data == dict(sent.manufacturer_data)
        assert sent.rssi_dbm is not None
        assert heard.rssi_dbm in (sent.rssi_dbm, sent.rssi_dbm - 1)
        family = family_of(heard)
        assert family is not None
        assert family.key == sensor.family


def test_values_are_read_and_written(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])

    async def talk() -> None:
        (device,) = await find(BOARD.address)
        async with BleakClient(device) as client:
            assert await client.read_gatt_char(SERIAL_NUMBER) == BOARD.serial.encode()
            assert await client.read_gatt_char(BATTERY_LEVEL) == bytes([87])
            await client.write_gatt_char(RATE, FAST, response=True)
            assert await client.read_gatt_char(RATE) == FAST
            await client.write_gatt_char(SHOW, b"\x01", response=True)
            facts = client.services.get_characteristic(FACTS)
            assert facts is not None
            assert facts.max_write_without_response_size == 244
            assert facts.properties == ["read"]
            battery = client.services.get_characteristic(BATTERY_LEVEL)
            assert battery is not None
            assert battery.properties == ["read", "notify"]
            assert [d.uuid[4:8] for d in battery.descriptors] == ["2902"]

    run(talk())
    assert running.state().blinked[BOARD.address] == 1


def test_a_write_without_response_arrives(bluez: MakeBlueZ) -> None:
    metamotion = example("metamotion", 2)
    bluez([metamotion])
    command, notify = (f"326a900{n}-85cb-9195-d9dd-464cfbbae75a" for n in (1, 6))
    answers: list[bytes] = []

    async def talk() -> None:
        (device,) = await find(metamotion.address)
        async with BleakClient(device) as client:
            await client.start_notify(notify, lambda _, value: answers.append(bytes(value)))
            await client.write_gatt_char(command, b"\x03\x80", response=False)
            await until(lambda: answers)
            with pytest.raises(BleakGATTProtocolError) as refused:  # too long for one packet
                await client.write_gatt_char(command, bytes(245), response=False)
            assert refused.value.code == BleakGATTProtocolErrorCode.REQUEST_NOT_SUPPORTED

    run(talk())
    assert answers[0][:2] == b"\x03\x80"


@pytest.mark.parametrize("start_notify", [True, False], ids=["signals", "pipe"])
@real_time
def test_every_notification_arrives_once_and_in_order(bluez: MakeBlueZ, start_notify: bool) -> None:
    running = bluez([BOARD])
    got: list[bytes] = []

    async def listen() -> None:
        (device,) = await find(BOARD.address)
        async with BleakClient(device) as client:
            await client.write_gatt_char(RATE, FAST)
            await client.start_notify(
                DATA,
                lambda _, value: got.append(bytes(value)),
                bluez={"use_start_notify": start_notify},
            )
            assert running.state().listening[BOARD.address] == (DATA,)
            await until(lambda: len(got) >= 40)
            await client.stop_notify(DATA)
            await until(lambda: running.state().listening[BOARD.address] == ())
            quiet = len(got)
            await asyncio.sleep(0.1)
            assert len(got) == quiet

    run(listen())
    # What comes last may be lost: a reader that closes its pipe leaves what lies in it, and
    # the answer to StopNotify may overtake values, which come by another socket.
    sent = [item.payload for item in running.sent(BOARD.address)]
    assert got == sent[: len(got)]


def test_a_small_mtu_cuts_notifications(bluez: MakeBlueZ) -> None:
    bluez([BOARD], AdapterSpec(mtu=23))
    got: list[bytes] = []

    async def listen() -> None:
        (device,) = await find(BOARD.address)
        async with BleakClient(device) as client:
            await client.start_notify(DATA, lambda _, value: got.append(bytes(value)))
            await until(lambda: got)

    run(listen())
    assert {len(value) for value in got} == {20}


def test_refusals_are_told_as_bluez_tells_them(bluez: MakeBlueZ) -> None:
    bluez([BOARD])

    async def talk() -> None:
        (device,) = await find(BOARD.address)
        async with BleakClient(device) as client:
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.read_gatt_char(DATA)
            assert refused.value.code == BleakGATTProtocolErrorCode.READ_NOT_PERMITTED
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.write_gatt_char(FACTS, b"\x00", response=True)
            assert refused.value.code == BleakGATTProtocolErrorCode.WRITE_NOT_PERMITTED
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.write_gatt_char(RATE, b"\x00", response=True)
            assert refused.value.code == BleakGATTProtocolErrorCode.INVALID_ATTRIBUTE_VALUE_LENGTH
            with pytest.raises(BleakDBusError, match="NotSupported"):
                await client.start_notify(FACTS, lambda *_: None)
            with pytest.raises(BleakDBusError, match="No notify session started"):
                await client.stop_notify(DATA)

    run(talk())
