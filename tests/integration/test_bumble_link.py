"""bleak over the virtual radio: what it finds, reads, writes, hears, and how it fails."""

import asyncio
import struct
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.scanner import AdvertisementData
from bleak.exc import (
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from lift_monitor.drivers.ble.link import BATTERY_LEVEL, SERIAL_NUMBER
from lift_monitor.drivers.emulated.air import EmulatedAir, NoBumbleError
from lift_monitor.drivers.emulated.faults import Faults, with_faults
from tests.integration.bumble_fixtures import (
    DATA,
    KEPT,
    ORDER,
    REFUSES,
    SERVICE,
    TALK,
    Probe,
    client,
    find,
)
from tests.integration.loops import run, until


def numbers(values: list[bytes]) -> list[int]:
    return [struct.unpack("<I", value)[0] for value in values]


def into(values: list[bytes]) -> Callable[[BleakGATTCharacteristic, bytearray], None]:
    """Keep what is heard."""

    def heard(_: BleakGATTCharacteristic, value: bytearray) -> None:
        values.append(bytes(value))

    return heard


async def advertisement(air: EmulatedAir, **arguments: Any) -> dict[str, AdvertisementData]:
    heard: dict[str, AdvertisementData] = {}
    async with BleakScanner(
        lambda device, data: heard.update({device.address: data}),
        backend=air.scanner_backend,
        **arguments,
    ):
        await until(lambda: heard)
    return heard


def test_a_scan_hears_everything_that_is_advertised() -> None:
    async def main() -> None:
        async with EmulatedAir([Probe(1)]) as air:
            seen = (await advertisement(air))["C0:FF:EE:00:00:01"]
            assert seen.local_name == "Probe 1"
            assert sorted(seen.service_uuids) == sorted(Probe.advertised_services)
            assert seen.manufacturer_data == {0x0886: b"\x01\x02"}
            assert seen.rssi == -58

    run(main())


def test_a_scan_asks_for_services_and_may_be_repeated_but_not_doubled() -> None:
    async def main() -> None:
        async with EmulatedAir([Probe(1)]) as air:
            for _ in range(2):
                assert await advertisement(air, service_uuids=[SERVICE])
            async with BleakScanner(service_uuids=[KEPT], backend=air.scanner_backend) as scanner:
                with pytest.raises(BleakDBusError, match="InProgress"):
                    await BleakScanner(backend=air.scanner_backend).start()
                await asyncio.sleep(0.15)  # three advertisements
                assert scanner.discovered_devices == []

    run(main())


def test_services_are_those_of_the_sensor() -> None:
    async def main() -> None:
        probe = Probe(1)
        async with EmulatedAir([probe]) as air:
            sensor = await client(air, probe)
            async with sensor:
                assert sensor.is_connected
                assert sensor.name == "Probe 1"
                assert sensor.mtu_size == 247
                found = {c.uuid: c for c in sensor.services.characteristics.values()}
                assert {s.uuid for s in probe.services} <= {s.uuid for s in sensor.services}
                assert found[DATA].properties == ["notify"]
                assert sorted(found[TALK].properties) == ["indicate", "write"]
                assert sorted(found[KEPT].properties) == ["read", "write"]
                assert found[ORDER].properties == ["write-without-response"]
                assert found[ORDER].max_write_without_response_size == 244
                assert [d.uuid[4:8] for d in found[DATA].descriptors] == ["2902"]
            with pytest.raises(BleakError, match="Service Discovery"):
                _ = sensor.services

    run(main())


def test_reads_and_writes_reach_the_sensor() -> None:
    async def main() -> None:
        probe = Probe(1)
        async with EmulatedAir([probe]) as air, await client(air, probe) as sensor:
            assert await sensor.read_gatt_char(KEPT) == b"kept"
            await sensor.write_gatt_char(KEPT, b"new", response=True)
            assert await sensor.read_gatt_char(KEPT) == b"new"
            assert await sensor.read_gatt_char(BATTERY_LEVEL) == bytes([87])
            assert await sensor.read_gatt_char(SERIAL_NUMBER) == b"P1"
            await sensor.write_gatt_char(KEPT, bytes(range(256)) + b"long", response=True)
            assert await sensor.read_gatt_char(KEPT) == bytes(range(256)) + b"long"
            orders = [bytes([number]) * 200 for number in range(20)]
            for order in orders:
                await sensor.write_gatt_char(ORDER, order, response=False)
            await until(lambda: len(probe.ordered) == 20)
            assert probe.ordered == orders

    run(main())


def test_errors_are_those_of_bleak() -> None:
    async def main() -> None:
        probe = Probe(1)
        async with EmulatedAir([probe]) as air:
            sensor = await client(air, probe)
            async with sensor:
                with pytest.raises(BleakCharacteristicNotFoundError):
                    await sensor.read_gatt_char(SERIAL_NUMBER.replace("2a25", "2a99"))
                with pytest.raises(BleakGATTProtocolError, match="Read Not Permitted"):
                    await sensor.read_gatt_char(TALK)
                with pytest.raises(BleakGATTProtocolError) as refused:
                    await sensor.write_gatt_char(KEPT, b"refuse", response=True)
                assert refused.value.code == REFUSES
                with pytest.raises(BleakDBusError, match="NotSupported"):
                    await sensor.write_gatt_char(KEPT, b"1", response=False)
                with pytest.raises(BleakDBusError, match="NotSupported"):
                    await sensor.write_gatt_char(ORDER, b"1", response=True)
                with pytest.raises(BleakDBusError, match="InvalidValueLength"):
                    await sensor.write_gatt_char(ORDER, bytes(245), response=False)
                with pytest.raises(BleakError, match="already connected"):
                    await sensor.connect()
                await sensor.start_notify(DATA, into([]))
                with pytest.raises(BleakError, match="already started"):
                    await sensor.start_notify(DATA, into([]))
            with pytest.raises(BleakError):
                await sensor.read_gatt_char(KEPT)
            await sensor.disconnect()  # once more does no harm

    run(main())


def test_notifications_arrive_in_order_and_end_with_the_subscription() -> None:
    async def main() -> None:
        probe = with_faults(Probe(1, rate_hz=500.0), Faults(), 1)
        got: list[bytes] = []
        async with EmulatedAir([probe]) as air, await client(air, probe) as sensor:
            for _ in range(2):
                got.clear()
                probe.sent.clear()
                await sensor.start_notify(DATA, into(got))
                await until(lambda: len(got) >= 200)
                await sensor.stop_notify(DATA)
                assert numbers(got) == list(range(len(got)))
                heard = len(got)
                assert numbers([i.payload for i in probe.sent])[:heard] == numbers(got)
                assert probe.subscribed == set()

    run(main())


def test_indications_answer_in_order_between_the_data() -> None:
    async def main() -> None:
        probe = Probe(1, rate_hz=500.0)
        got: list[bytes] = []
        data: list[bytes] = []
        async with EmulatedAir([probe]) as air, await client(air, probe) as sensor:
            await sensor.start_notify(DATA, into(data))
            await sensor.start_notify(TALK, into(got))
            for number in range(30):
                await sensor.write_gatt_char(TALK, str(number).encode(), response=True)
            await until(lambda: len(got) == 30)
            assert got == [f"answer to {number}".encode() for number in range(30)]
            assert numbers(data) == list(range(len(data)))

    run(main())


def test_a_lost_link_is_told_at_once_and_can_be_made_again() -> None:
    losses = 5

    async def main() -> None:
        probe = with_faults(Probe(1), Faults(), 1)
        lost: list[BleakClient] = []
        async with EmulatedAir([probe]) as air:
            sensor = await client(air, probe, disconnected_callback=lost.append)
            for _ in range(losses):
                got: list[bytes] = []
                told = len(lost)
                await sensor.connect()
                await sensor.start_notify(DATA, into(got))
                await until(partial(lambda values: len(values) > 5, got))
                probe.break_link(air.now_s)
                await until(partial(lambda before: len(lost) > before, told))
                assert not sensor.is_connected
                assert not probe.link_up
                with pytest.raises(BleakError):
                    await sensor.read_gatt_char(KEPT)
            await sensor.disconnect()
            assert lost == [sensor] * losses

    run(main())


async def read_for_ever(sensor: BleakClient) -> None:
    while True:
        await sensor.read_gatt_char(KEPT)


async def go_on_reading(sensor: BleakClient) -> None:
    """Have the link broken; either request may be the one that meets it."""
    await sensor.write_gatt_char(KEPT, b"go", response=True)
    await read_for_ever(sensor)


def test_a_request_that_the_link_does_not_survive_fails() -> None:
    async def main() -> None:
        probe = Probe(1)
        probe.drops = lambda now_s: probe.kept == b"go"  # type: ignore[method-assign]
        async with EmulatedAir([probe]) as air, await client(air, probe) as sensor:
            with pytest.raises(BleakError, match=r"disconnected|Not connected|Discovery"):
                await go_on_reading(sensor)

    run(main())


def test_ones_own_disconnect_is_told_too_as_bleak_does() -> None:
    async def main() -> None:
        probe = Probe(1)
        told: list[BleakClient] = []
        async with EmulatedAir([probe]) as air:
            async with await client(air, probe, disconnected_callback=told.append) as sensor:
                pass
            assert told == [sensor]
            await until(lambda: not probe.link_up)

    run(main())


def test_a_refused_connection_fails_and_the_next_one_works() -> None:
    async def main() -> None:
        probe = with_faults(Probe(1), Faults(refuse_connections=2), 1)
        told: list[BleakClient] = []
        async with EmulatedAir([probe]) as air:
            sensor = await client(air, probe, disconnected_callback=told.append)
            for _ in range(2):
                with pytest.raises(BleakError, match="device disconnected"):
                    await sensor.connect()
                assert not sensor.is_connected
                assert told == []
            await sensor.connect()
            assert await sensor.read_gatt_char(KEPT) == b"kept"
            await sensor.disconnect()

    run(main())


def test_a_sensor_that_is_not_there_is_not_found() -> None:
    async def main() -> None:
        probe = with_faults(Probe(1), Faults(), 1)
        async with EmulatedAir([probe, Probe(2)]) as air:
            nobody = BleakClient("C0:FF:EE:00:00:77", backend=air.client_backend, timeout=0.1)
            with pytest.raises(BleakDeviceNotFoundError):
                await nobody.connect()
            device = await find(air, probe)
            async with BleakClient(device, backend=air.client_backend) as sensor:
                probe.faults = Faults(battery_dies_s=air.now_s)
                await until(lambda: not sensor.is_connected)
            gone = BleakClient(device, backend=air.client_backend, timeout=0.1)
            with pytest.raises(TimeoutError):
                await gone.connect()
            assert set(await advertisement(air)) == {"C0:FF:EE:00:00:02"}
            # The attempts that failed do not stand in the way of others.
            async with BleakClient("C0:FF:EE:00:00:02", backend=air.client_backend) as other:
                assert await other.read_gatt_char(KEPT) == b"kept"

    run(main())


def test_an_attempt_that_is_given_up_does_not_stand_in_the_way() -> None:
    async def main() -> None:
        probe = Probe(1)
        async with EmulatedAir([probe]) as air:
            device = await find(air, probe)
            reached = set()
            for turns in range(-5, 300, 7):  # given up at every stage, made links included
                sensor = BleakClient(device, backend=air.client_backend)
                attempt = asyncio.ensure_future(sensor.connect())
                for _ in range(turns + 5):
                    await asyncio.sleep(0)
                    while turns >= 0 and not probe.link_up:
                        await asyncio.sleep(0)
                reached.add((probe.link_up, attempt.done()))
                attempt.cancel()
                await asyncio.wait({attempt})
                await sensor.disconnect()
                await until(lambda: not probe.link_up)
            assert reached == {(False, False), (True, False), (True, True)}
            async with BleakClient(device, backend=air.client_backend) as sensor:
                assert await sensor.read_gatt_char(KEPT) == b"kept"

    run(main())


def test_many_sensors_are_connected_side_by_side() -> None:
    count = 12

    async def main() -> None:
        probes = [with_faults(Probe(number + 1), Faults(), 1) for number in range(count)]
        got: list[list[bytes]] = [[] for _ in probes]
        async with EmulatedAir(probes) as air:
            sensors = [
                BleakClient(probe.identity.address, backend=air.client_backend) for probe in probes
            ]
            await asyncio.gather(*(sensor.connect() for sensor in sensors))
            for sensor, mine in zip(sensors, got, strict=True):
                await sensor.start_notify(DATA, into(mine))
            await until(lambda: min(map(len, got)) >= 100)
            await asyncio.gather(*(sensor.disconnect() for sensor in sensors))
        for mine in got:
            assert numbers(mine) == list(range(len(mine)))

    run(main())


def test_errors_in_callbacks_go_to_the_loop_and_stop_nothing() -> None:
    async def main() -> None:
        probe = Probe(1)
        told: list[BaseException] = []
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: told.append(context["exception"])
        )

        def fails(*_: object) -> None:
            raise KeyError("callback")

        async with EmulatedAir([probe]) as air:
            async with await client(air, probe, disconnected_callback=fails) as sensor:
                await sensor.start_notify(DATA, fails)
                await until(lambda: len(told) > 3)
                assert await sensor.read_gatt_char(KEPT) == b"kept"
                await sensor.stop_notify(DATA)
                heard = len(told)
            assert len(told) == heard + 1
            assert {type(error) for error in told} == {KeyError}

    run(main())


async def break_emulation() -> None:
    probe = Probe(1)
    async with EmulatedAir([probe]) as air:
        sensor = await client(air, probe)
        await sensor.connect()
        with pytest.raises(BleakGATTProtocolError, match="Unlikely"):
            await sensor.write_gatt_char(KEPT, b"break", response=True)
        await until(lambda: not probe.link_up)


def test_a_fault_of_the_emulation_is_raised_and_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError, match="the emulation broke"):
        run(break_emulation())


def test_every_sensor_has_an_address_of_its_own() -> None:
    with pytest.raises(ValueError, match="share an address"):
        EmulatedAir([Probe(1), Probe(1)])


def test_without_bumble_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bumble", None)
    with pytest.raises(NoBumbleError, match=r'pip install "\.\[emulated\]"'):
        EmulatedAir([])


def test_bumble_is_imported_only_when_an_air_is_made() -> None:
    code = (
        "import sys, lift_monitor.drivers.ble.hub, lift_monitor.drivers.emulated.air\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'bumble']"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
