"""WitMotion: whole sessions, and rates that are read back and measured."""

import asyncio
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import pytest

from lift_monitor.drivers.ble.families import family_of, witmotion
from lift_monitor.drivers.ble.families.witmotion import WitMotionDriver
from lift_monitor.drivers.ble.family import Advertisement, Answers, Wish
from lift_monitor.drivers.ble.link import LinkError
from lift_monitor.drivers.emulated.direct import DirectLink
from lift_monitor.drivers.emulated.families.witmotion import WitMotionPeripheral
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import Identity
from lift_monitor.drivers.formats import FormatError, make_decoder
from lift_monitor.drivers.formats import witmotion as codec
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Role, SensorInfo

G = 9.80665
INFO = SensorInfo("w", Role.BAR, codec.NAME, nominal_rate_hz=100.0)
ACC_LSB, GYR_LSB = 16 * G / 32768, np.radians(2000) / 32768


def packet(payload: bytes, host_s: float = 0.0) -> Packet:
    return Packet("w", codec.CHANNEL, round(host_s * 1e9), payload)


class Patient(WitMotionDriver):
    """Its waits let the emulated time pass."""

    async def _wait(self, seconds: float) -> None:
        assert isinstance(self.link, DirectLink)
        self.link.run(seconds)


def sensor(rate_hz: float = 100.0) -> WitMotionPeripheral:
    identity = Identity("F0:00:00:00:00:01", "WT901BLE67", "")
    return WitMotionPeripheral(identity, CountingMotion(rate_hz))


class Other200Hz(WitMotionPeripheral):
    """A model whose code of 200 Hz is the other one."""

    rates_hz: ClassVar[Mapping[int, float]] = {6: 10.0, 9: 100.0, 0x0A: 200.0}


class No200Hz(WitMotionPeripheral):
    """A model that takes the codes and goes no faster."""

    rates_hz: ClassVar[Mapping[int, float]] = {6: 10.0, 9: 100.0, 0x0A: 100.0, 0x0B: 100.0}


class Silent(WitMotionPeripheral):
    """A model that answers no question."""

    answers = False


class Fixed(Silent):
    """One that takes no settings either, at a rate of its own."""

    rates_hz: ClassVar[Mapping[int, float]] = {6: 33.0}


def test_a_witmotion_is_recognised_by_name_or_by_its_odd_service() -> None:
    assert witmotion.SERVICE == "0000ffe5-0000-1000-8000-00805f9a34fb"
    for seen in (
        Advertisement("a", "WT901BLE68"),
        Advertisement("a", "WT9011DCL-BT50"),
        Advertisement("a", "", (witmotion.SERVICE,)),
    ):
        family = family_of(seen)
        assert family is not None
        assert family.key == "witmotion"
    assert family_of(Advertisement("a", "", ("0000ffe5-0000-1000-8000-00805f9b34fb",))) is None


@pytest.mark.parametrize(("wish_hz", "rate_hz"), [(100.0, 100.0), (40.0, 50.0), (150.0, 200.0)])
def test_every_sample_arrives_in_order_with_its_value(wish_hz: float, rate_hz: float) -> None:
    peripheral = sensor(rate_hz)
    link = DirectLink(peripheral)
    got: list[Packet] = []
    started_s = 0.0

    async def session() -> None:
        nonlocal started_s
        driver = Patient(
            link, Wish(rate_hz=wish_hz), lambda _c, v: got.append(packet(v, link.now_s))
        )
        setup = await driver.configure()
        assert setup.rate_hz == rate_hz == peripheral.rate_hz
        assert setup.acc_range_mps2 == pytest.approx(16 * G)
        assert setup.firmware
        assert ["neither time nor count" in text for text in setup.warnings] == [True]
        assert got == []  # what comes before the start belongs to no recording
        await driver.start()
        started_s = link.now_s
        link.run(10.0)
        await driver.stop()
        seen = len(got)
        link.run(1.0)
        assert len(got) == seen  # a stopped sensor is silent

    asyncio.run(session())
    assert {len(p.payload) for p in got} == {20}
    decoder = make_decoder(INFO)
    chunk = ImuChunk.concatenate([decoder.feed(p) for p in got])
    assert abs(len(chunk) - 10 * rate_hz) <= 1
    # The sampler began within the set-up; from the first value on none is missing.
    assert np.isnan(chunk.sensor_time_s).all()
    steps = np.diff(chunk.host_time_s)
    assert steps.max() <= 1 / rate_hz + 0.0101
    arrival_s = np.arange(started_s * rate_hz - 3, (started_s + 11) * rate_hz) / rate_hz
    acc, gyr = CountingMotion(rate_hz).at(np.round(arrival_s * rate_hz) / rate_hz)
    first = int(np.argmin(np.abs(acc[:, :2] - chunk.acc_sensor_mps2[0, :2]).sum(axis=1)))
    part = slice(first, first + len(chunk))
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc[part], atol=ACC_LSB)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr[part], atol=GYR_LSB)


@pytest.mark.parametrize("pct", [100.0, 87.0, 60.0, 5.0, 0.0])
def test_the_charge_is_read_from_the_voltage_while_it_streams(pct: float) -> None:
    peripheral = sensor()
    peripheral.battery_pct = pct
    link = DirectLink(peripheral)
    got: list[Packet] = []

    async def session() -> None:
        driver = Patient(link, Wish(), lambda _c, v: got.append(packet(v)))
        await driver.configure()
        await driver.start()
        link.run(0.5)
        assert await driver.battery_pct() == pytest.approx(pct, abs=4.0)
        assert not await driver.blink()
        link.run(0.5)

    asyncio.run(session())
    assert sum(p.payload[:2] == b"\x55\x71" for p in got) == 1  # recorded as it came
    refused: list[FormatError] = []
    assert len(make_decoder(INFO).feed_all(got, refused.append)) == len(got) - 1
    assert refused == []


@pytest.mark.parametrize(
    ("centivolts", "pct"),
    [(397, 100), (420, 100), (393, 90), (387, 75), (382, 60), (377, 40), (350, 10), (320, 0)],
)
def test_the_charge_follows_the_vendors_table(centivolts: int, pct: float) -> None:
    class Charged(WitMotionPeripheral):
        def _register(self, number: int) -> int:
            return centivolts if number == witmotion.BATTERY else super()._register(number)

    async def ask() -> float | None:
        driver = Patient(
            DirectLink(Charged(sensor().identity, CountingMotion(100.0))),
            Wish(),
            lambda _c, _v: None,
        )
        await driver.configure()
        return await driver.battery_pct()

    assert asyncio.run(ask()) == pytest.approx(pct)


@pytest.mark.parametrize(
    ("kind", "wish_hz", "rate_hz", "says"),
    [
        (Other200Hz, 200.0, 200.0, ""),
        (No200Hz, 200.0, 100.0, "was asked for 200 Hz and sends 100 Hz."),
        (Other200Hz, 50.0, 10.0, "was asked for 50 Hz and sends 10 Hz."),
        (Silent, 100.0, 100.0, ""),
        (Silent, 200.0, 200.0, ""),
        (Fixed, 100.0, None, "did not confirm its rate; it is measured while the sensor sends."),
    ],
)
def test_the_rate_is_what_was_read_back_or_measured(
    monkeypatch: pytest.MonkeyPatch,
    kind: type[WitMotionPeripheral],
    wish_hz: float,
    rate_hz: float | None,
    says: str,
) -> None:
    monkeypatch.setattr(Answers, "wait_s", 0.001)
    link = DirectLink(kind(sensor().identity, CountingMotion(100.0)))
    setup = asyncio.run(Patient(link, Wish(rate_hz=wish_hz), lambda _c, _v: None).configure())
    assert setup.rate_hz == rate_hz
    assert [f"WT901BLE67 {says}"] * bool(says) == list(setup.warnings[:-1])


def test_a_sensor_that_answers_nothing_has_no_charge_to_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Answers, "wait_s", 0.001)
    link = DirectLink(Silent(sensor().identity, CountingMotion(100.0)))

    async def ask() -> float | None:
        driver = Patient(link, Wish(), lambda _c, _v: None)
        await driver.configure()
        return await driver.battery_pct()

    assert asyncio.run(ask()) is None


def test_a_sensor_that_takes_writes_of_one_kind_only_is_served() -> None:
    class WithoutResponse(DirectLink):
        async def write(self, characteristic: str, data: bytes, *, response: bool = True) -> None:
            if response:
                raise LinkError("refused")
            await super().write(characteristic, data, response=response)

    peripheral = sensor()
    driver = Patient(WithoutResponse(peripheral), Wish(), lambda _c, _v: None)
    asyncio.run(driver.configure())
    assert peripheral.rate_hz == 100.0


def test_a_lost_link_is_told() -> None:
    peripheral = sensor()
    link = DirectLink(peripheral)
    driver = Patient(link, Wish(), lambda _c, _v: None)

    async def walk() -> None:
        await driver.configure()
        peripheral.disconnect(link.now_s)
        await driver.battery_pct()

    with pytest.raises(LinkError, match=r"^WT901BLE67 is not connected\.$"):
        asyncio.run(walk())


def test_an_older_model_is_told() -> None:
    class Older(WitMotionPeripheral):
        own_services = ()

    link = DirectLink(Older(sensor().identity, CountingMotion(100.0)))
    with pytest.raises(LinkError, match=r"^WT901BLE67 is not a WitMotion .*; older .*\.$"):
        asyncio.run(Patient(link, Wish(), lambda _c, _v: None).configure())


def test_settings_are_taken_while_unlocked_only() -> None:
    peripheral = sensor()
    link = DirectLink(peripheral)
    set_50_hz = bytes([0xFF, 0xAA, 3, 8, 0])

    async def walk() -> None:
        await link.write(witmotion.WRITE, set_50_hz)
        assert peripheral.rate_hz == 10.0
        await link.write(witmotion.WRITE, witmotion.UNLOCK)
        await link.write(witmotion.WRITE, set_50_hz[:4])
        await link.write(witmotion.WRITE, bytes([0xFF, 0xAA, 3, 0x77, 0]))
        await link.write(witmotion.WRITE, bytes([0xFE, 0xAA, 3, 8, 0]))
        assert peripheral.rate_hz == 10.0
        await link.write(witmotion.WRITE, set_50_hz)
        assert peripheral.rate_hz == 50.0
        link.run(10.0, step_s=1.0)
        await link.write(witmotion.WRITE, bytes([0xFF, 0xAA, 3, 9, 0]))
        assert peripheral.rate_hz == 50.0

    asyncio.run(walk())
