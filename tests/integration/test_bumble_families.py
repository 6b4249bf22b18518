"""Every sensor family over bleak with real ATT and GATT: what was sent is what arrives."""

import asyncio

import numpy as np
import pytest

from lift_monitor.drivers.ble.family import Wish
from lift_monitor.drivers.ble.radio import Backend, Radio
from lift_monitor.drivers.emulated.air import EmulatedAir
from lift_monitor.drivers.emulated.families import PERIPHERALS
from lift_monitor.drivers.emulated.faults import Faults, FaultyPeripheral, with_faults
from lift_monitor.drivers.emulated.fleet import example
from lift_monitor.drivers.formats import make_decoder
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Role, SensorInfo
from tests.integration.loops import run, until

STREAM_S = 1.5


def pick_up(family: str, number: int = 1) -> FaultyPeripheral:
    """Make a sensor that remembers what it sends."""
    return with_faults(example(family, number).build(), Faults(), 1)


class Told:
    """What a driver hands on, beside what its sensor made.

    Some sensors stream before they are started, and their drivers hand nothing on yet.
    """

    def __init__(self, sensor: FaultyPeripheral) -> None:
        self.sensor = sensor
        self.packets: list[Packet] = []
        self.control: tuple[str, ...] = ()
        self._made_before = 0

    def emit(self, channel: str, value: bytes) -> None:
        self.packets.append(Packet("s", channel, 0, value))

    def starts(self) -> None:
        self._made_before = len(self.sensor.made)

    @property
    def data(self) -> list[bytes]:
        return [packet.payload for packet in self.packets if packet.channel not in self.control]

    def has_all(self) -> bool:
        """Whether everything since the start arrived, in order."""
        made = [item.payload for item in self.sensor.made]
        return (
            0 < len(made) - self._made_before <= len(self.data)
            and made[len(made) - len(self.data) :] == self.data
        )


@pytest.mark.parametrize("key", sorted(PERIPHERALS))
def test_what_a_sensor_sends_is_what_its_driver_hands_on(key: str) -> None:
    sensor = pick_up(key)
    told = Told(sensor)

    async def main() -> None:
        async with EmulatedAir([sensor]) as air:
            radio = Radio(Backend(air.scanner_backend, air.client_backend))
            await radio.scan(30.0, enough=lambda: bool(radio.found))
            (found,) = radio.found
            assert found.family.key == key
            assert found.name == sensor.identity.name
            lost: list[bool] = []
            link = await radio.connect(found, lambda: lost.append(True))
            told.control = found.family.control_channels
            driver = found.family.driver(link, Wish(), told.emit)
            setup = await driver.configure()
            assert setup.rate_hz is None or setup.rate_hz > 0
            battery_pct = await driver.battery_pct()
            assert battery_pct is None or abs(battery_pct - sensor.battery_pct) <= 10
            assert await driver.blink() == found.family.can_blink
            assert sensor.blinked == found.family.can_blink
            told.starts()
            await driver.start()
            await asyncio.sleep(STREAM_S)
            await until(told.has_all)
            whole = told.data
            await driver.stop()
            assert told.data[: len(whole)] == whole
            silent = len(sensor.made)
            await asyncio.sleep(0.2)
            assert len(sensor.made) == silent
            await link.close()
            await radio.close()
            await until(lambda: not sensor.link_up)
            assert not lost

            decoder = make_decoder(SensorInfo("s", Role.BAR, found.family.format))
            chunk = ImuChunk.concatenate([decoder.feed(packet) for packet in told.packets])
            assert len(chunk) > 20
            assert np.isfinite(chunk.acc_sensor_mps2).all()

    run(main())
    assert sensor.lost == []


def test_all_families_stream_side_by_side() -> None:
    sensors = [pick_up(key, number) for number, key in enumerate(sorted(PERIPHERALS), 1)]
    told = {sensor.identity.address: Told(sensor) for sensor in sensors}

    async def main() -> None:
        async with EmulatedAir(sensors) as air:
            radio = Radio(Backend(air.scanner_backend, air.client_backend))
            await radio.scan(30.0, enough=lambda: len(radio.found) == len(sensors))
            lost: list[bool] = []
            for found in radio.found:
                mine = told[found.address]
                mine.control = found.family.control_channels
                link = await radio.connect(found, lambda: lost.append(True))
                driver = found.family.driver(link, Wish(), mine.emit)
                await driver.configure()
                mine.starts()
                await driver.start()
            await asyncio.sleep(STREAM_S)
            await until(lambda: all(mine.has_all() for mine in told.values()))
            assert not lost
            await radio.close()
            await until(lambda: not any(sensor.link_up for sensor in sensors))

    run(main())


def test_faults_reach_the_driver_as_the_sensor_made_them() -> None:
    faults = Faults(
        loss=0.1,
        duplicates=0.1,
        reorder=0.1,
        garbage=0.1,
        split=0.1,
        merge=0.1,
        burst=3,
        stalls_s=((1.0, 0.2),),
    )
    sensor = with_faults(example("open-imu").build(), faults, 1)
    got: list[bytes] = []

    async def main() -> None:
        async with EmulatedAir([sensor]) as air:
            radio = Radio(Backend(air.scanner_backend, air.client_backend))
            await radio.scan(30.0, enough=lambda: bool(radio.found))
            link = await radio.connect(radio.found[0], lambda: None)
            driver = radio.found[0].family.driver(
                link, Wish(rate_hz=200.0), lambda _channel, value: got.append(value)
            )
            await driver.configure()
            await driver.start()
            await until(lambda: len(sensor.made) > 100)
            await until(lambda: got == [item.payload for item in sensor.sent])
            await radio.close()

    run(main())
    assert sensor.lost
    assert len(set(got)) < len(got)
