"""Unmodified bleak over the emulated BlueZ: links that break, and a Bluetooth that is not there."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from lift_monitor.drivers.ble.families.open_imu import DATA
from lift_monitor.drivers.emulated.bluez import AdapterSpec, EmulatedBlueZ
from lift_monitor.drivers.emulated.faults import Faults
from lift_monitor.drivers.emulated.fleet import example
from tests.integration.bluez_tools import MakeBlueZ, find, open_files, search_fails, search_works
from tests.integration.loops import run, until

BOARD = example("open-imu")
BOARDS = tuple(example("open-imu", number) for number in (1, 2, 3))


def test_a_lost_link_is_told_and_can_be_made_again(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])
    told: list[BleakClient] = []
    got: list[bytes] = []

    async def lose() -> None:
        (device,) = await find(BOARD.address)
        for _ in range(2):
            async with BleakClient(device, disconnected_callback=told.append) as client:
                await client.start_notify(DATA, lambda _, value: got.append(bytes(value)))
                await until(lambda: got)
                running.drop(BOARD.address)
                await until(lambda: told)
                assert not client.is_connected
                with pytest.raises(BleakError):
                    await client.read_gatt_char(DATA)
            told.clear()
            got.clear()

    run(lose())
    assert running.state().linked == ()


def test_a_link_breaks_by_itself_when_the_sensor_says_so(bluez: MakeBlueZ) -> None:
    losses_s = tuple(0.5 * number for number in range(1, 100))
    running = bluez([example("open-imu", faults=Faults(link_losses_s=losses_s))])
    told: list[BleakClient] = []

    async def lose() -> None:
        (device,) = await find(BOARD.address)
        while not told:
            # On a slow machine the link breaks before the connection is made.
            with contextlib.suppress(BleakError):
                async with BleakClient(device, disconnected_callback=told.append):
                    await until(lambda: told)
        assert running.state().linked == ()

    run(lose())


def test_a_sensor_with_an_empty_battery_is_not_heard(bluez: MakeBlueZ) -> None:
    bluez([BOARDS[0], example("open-imu", 2, faults=Faults(battery_dies_s=0.0))])

    async def search() -> None:
        async with BleakScanner() as scanner:
            await until(lambda: scanner.discovered_devices)
            await asyncio.sleep(0.3)
            assert [device.address for device in scanner.discovered_devices] == [BOARD.address]

    run(search())


def test_a_sensor_out_of_range_is_not_heard_until_it_is_back(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD], AdapterSpec(connect_s=0.1))

    async def come_back() -> None:
        (device,) = await find(BOARD.address)
        running.vanish(BOARD.address)
        with pytest.raises(TimeoutError):  # bleak waits for a link that never was
            await BleakClient(device, timeout=0.5).connect()
        running.appear(BOARD.address)
        (device,) = await find(BOARD.address)
        async with BleakClient(device):
            assert running.state().linked == (BOARD.address,)

    run(come_back())


def test_an_attempt_that_is_given_up_leaves_nothing_open(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])

    async def give_up() -> None:
        (device,) = await find(BOARD.address)
        running.vanish(BOARD.address)
        with pytest.raises(TimeoutError):
            await BleakClient(device, timeout=0.2).connect()
        running.appear(BOARD.address)
        await asyncio.sleep(0.1)
        assert running.state().linked == ()
        async with BleakClient(device):
            pass

    run(give_up())


@pytest.mark.parametrize("text", ["le-connection-abort-by-remote", "le-connection-abort-by-local"])
def test_refused_connections_can_be_tried_again(bluez: MakeBlueZ, text: str) -> None:
    running = bluez([BOARD])

    async def try_again() -> None:
        (device,) = await find(BOARD.address)
        running.refuse(BOARD.address, 1, text)
        if text.endswith("remote"):
            with pytest.raises(BleakDBusError, match=text):
                await BleakClient(device).connect()
        async with BleakClient(device):  # bleak itself tries again after the local kind
            assert running.state().linked == (BOARD.address,)

    run(try_again())


def test_a_sensor_may_refuse_its_first_connections(bluez: MakeBlueZ) -> None:
    bluez([example("open-imu", faults=Faults(refuse_connections=2))])

    async def try_again() -> None:
        (device,) = await find(BOARD.address)
        for _ in range(2):
            with pytest.raises(BleakDBusError, match="le-connection-abort-by-remote"):
                await BleakClient(device).connect()
        async with BleakClient(device):
            pass

    run(try_again())


def test_an_adapter_holds_so_many_links_and_no_more(bluez: MakeBlueZ) -> None:
    running = bluez(BOARDS, AdapterSpec(connections=2))

    async def fill() -> None:
        devices = await find(*(board.address for board in BOARDS))
        async with BleakClient(devices[0]):
            async with BleakClient(devices[1]):
                with pytest.raises(BleakDBusError, match="concurrent-connection-limit") as full:
                    await BleakClient(devices[2]).connect()
                assert full.value.dbus_error == "org.bluez.Error.Failed"
            async with BleakClient(devices[2]):
                linked = set(running.state().linked)
                assert linked == {BOARDS[0].address, BOARDS[2].address}

    run(fill())


def test_a_sensor_in_use_by_another_program_says_so(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])

    async def share() -> None:
        (device,) = await find(BOARD.address)
        running.occupy(BOARD.address, connecting=True)
        with pytest.raises(BleakDBusError, match="InProgress"):
            await BleakClient(device).connect()
        running.occupy(BOARD.address, notifying=True)
        async with BleakClient(device) as client:
            with pytest.raises(BleakDBusError, match="Notify acquired"):
                await client.start_notify(DATA, lambda *_: None)
            running.occupy(BOARD.address, notifying=False)
            await client.start_notify(DATA, lambda *_: None)

    run(share())


def test_a_device_object_that_was_removed_is_not_found(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])
    told: list[BleakClient] = []

    async def remove() -> None:
        (device,) = await find(BOARD.address)
        async with BleakClient(device, disconnected_callback=told.append):
            running.forget(BOARD.address)
            await until(lambda: told)
        with pytest.raises(BleakError, match="not found"):
            await BleakClient(device).connect()
        (device,) = await find(BOARD.address)
        async with BleakClient(device):
            pass

    run(remove())


def test_devices_that_nobody_connected_are_forgotten_after_a_search(bluez: MakeBlueZ) -> None:
    running = bluez(BOARDS[:2], AdapterSpec(forget_s=0.1))

    async def wait() -> None:
        async with BleakScanner() as scanner:
            await until(lambda: len(scanner.discovered_devices) == 2)
            first, second = sorted(scanner.discovered_devices, key=lambda found: found.address)
            async with BleakClient(first):
                pass
        await until(lambda: running.state().shown == (first.address,))
        with pytest.raises(BleakError, match="not found"):
            await BleakClient(second).connect()
        async with BleakClient(first):
            pass

    run(wait())


def test_a_second_search_of_one_program_is_refused(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])

    async def search() -> None:
        async with BleakScanner():
            with pytest.raises(BleakDBusError) as busy:
                await BleakScanner().start()
            assert busy.value.dbus_error == "org.bluez.Error.InProgress"
            assert running.state().searching == 1
        assert running.state().searching == 0
        async with BleakScanner():
            assert running.state().searching == 1

    run(search())


def test_a_program_that_leaves_the_bus_searches_and_listens_no_more(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])

    async def search() -> None:
        await BleakScanner().start()
        assert running.state().searching == 1

    run(search())  # closes the bus with the search running
    run(until(lambda: running.state().searching == 0))


def test_an_adapter_that_is_switched_off_says_so_and_lets_go(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])
    told: list[BleakClient] = []

    async def switch() -> None:
        (device,) = await find(BOARD.address)
        async with BleakClient(device, disconnected_callback=told.append):
            running.power(False)
            await until(lambda: told)
        with pytest.raises(BleakDBusError, match="Resource Not Ready"):
            await BleakClient(device).connect()
        off = await search_fails(BleakBluetoothNotAvailableError)
        assert off.reason is BleakBluetoothNotAvailableReason.POWERED_OFF
        running.power(True)
        await search_works()
        async with BleakClient(device):
            pass

    run(switch())


@pytest.mark.parametrize("present", [True, False], ids=["pulled out", "never there"])
def test_no_adapter(bluez: MakeBlueZ, present: bool) -> None:
    running = bluez([BOARD], AdapterSpec(present=present))

    async def search() -> None:
        if present:
            await find(BOARD.address)
            running.plug(False)
        none = await search_fails(BleakBluetoothNotAvailableError)
        assert none.reason is BleakBluetoothNotAvailableReason.NO_BLUETOOTH
        running.plug(True)
        await search_works()
        await find(BOARD.address)

    run(search())


def test_no_bluetoothd(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])
    running.stop()

    async def search() -> None:
        with pytest.raises(BleakDBusError) as nobody:
            await BleakScanner().start()
        assert nobody.value.dbus_error == "org.freedesktop.DBus.Error.ServiceUnknown"
        running.start()
        await find(BOARD.address)

    run(search())


def test_a_bluetoothd_that_is_stopped_closes_its_links(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])
    told: list[BleakClient] = []

    async def stop() -> None:
        (device,) = await find(BOARD.address)
        async with BleakClient(device, disconnected_callback=told.append):
            running.stop()
            await until(lambda: told)

    run(stop())


def test_a_bluetoothd_that_is_killed_tells_nobody(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])
    got: list[bytes] = []

    async def kill() -> None:
        (device,) = await find(BOARD.address)
        client = BleakClient(device)
        await client.connect()
        await client.start_notify(DATA, lambda _, value: got.append(bytes(value)))
        await until(lambda: got)
        running.kill()
        last = len(running.sent(BOARD.address))
        await until(lambda: len(got) >= last)  # what was under way
        await asyncio.sleep(0.2)
        assert len(got) == last
        assert client.is_connected  # as with the real one: nobody said otherwise
        with pytest.raises(BleakDBusError, match="ServiceUnknown"):
            await client.stop_notify(DATA)
        with pytest.raises(BleakDBusError, match="ServiceUnknown"):
            await client.disconnect()

    run(kill())


def test_a_bus_that_ends_breaks_every_link(
    can_emulate_bluez: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[BleakClient] = []

    async def end(running: EmulatedBlueZ) -> None:
        (device,) = await find(BOARD.address)
        client = BleakClient(device, disconnected_callback=told.append)
        await client.connect()
        running.kill_bus()
        await until(lambda: told)
        await client.disconnect()
        with pytest.raises((OSError, EOFError)):
            await BleakScanner().start()

    with EmulatedBlueZ([BOARD]) as running:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", running.address)
        run(end(running))


def test_no_bus(can_emulate_bluez: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")

    async def search() -> None:
        with pytest.raises(FileNotFoundError):
            await BleakScanner().start()

    run(search())


def test_a_program_that_may_not_use_bluetooth_is_told(
    can_emulate_bluez: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def search() -> None:
        with pytest.raises(BleakDBusError) as denied:
            await BleakScanner().start()
        assert denied.value.dbus_error == "org.freedesktop.DBus.Error.AccessDenied"

    with EmulatedBlueZ([BOARD], permitted=False) as running:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", running.address)
        run(search())


def test_fifty_links_leave_no_file_and_no_task_behind(bluez: MakeBlueZ) -> None:
    running = bluez([BOARD])
    got: list[bytes] = []
    told: list[BleakClient] = []

    async def rounds() -> None:
        (device,) = await find(BOARD.address)
        files, tasks = 0, 0
        for number in range(51):
            told.clear()
            client = BleakClient(device, disconnected_callback=told.append)
            await client.connect()
            await client.start_notify(DATA, lambda _, value: got.append(bytes(value)))
            await until(lambda: got)
            if number % 2:
                running.drop(BOARD.address)
                await until(lambda: told)
            await client.disconnect()
            got.clear()
            if number == 0:  # what is opened once is open now
                gc.collect()
                files, tasks = open_files(), len(asyncio.all_tasks())
        gc.collect()
        await until(lambda: len(asyncio.all_tasks()) <= tasks)
        await until(lambda: open_files() <= files)

    run(rounds())
    assert running.state().linked == ()
