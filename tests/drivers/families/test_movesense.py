"""Movesense: whole sessions, and what is refused."""

import asyncio
import struct

import numpy as np
import pytest

from lift_monitor.drivers.ble.families import family_of, movesense
from lift_monitor.drivers.ble.family import Advertisement, Answers, Wish
from lift_monitor.drivers.ble.link import LinkError
from lift_monitor.drivers.emulated.direct import DirectLink
from lift_monitor.drivers.emulated.families.movesense import MovesensePeripheral
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import DeviceClock, Identity
from lift_monitor.drivers.formats import make_decoder
from lift_monitor.drivers.formats import movesense as codec
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Role, SensorInfo

REF = 0x63
WRAP_S = 2**32 * 1e-3


def info(rate_hz: float | None = None) -> SensorInfo:
    return SensorInfo("m", Role.BAR, codec.NAME, nominal_rate_hz=rate_hz)


def packet(payload: bytes, host_s: float = 0.0, channel: str = codec.IMU6) -> Packet:
    return Packet("m", channel, round(host_s * 1e9), payload)


class OldMovesense(MovesensePeripheral):
    """A firmware that does not answer what succeeds."""

    confirms = False


def sensor(
    rate_hz: float = 104.0, clock: DeviceClock = DeviceClock(), *, old: bool = False
) -> MovesensePeripheral:
    identity = Identity("0C:8C:DC:00:00:01", "Movesense 174630000192", "174630000192")
    kind = OldMovesense if old else MovesensePeripheral
    return kind(identity, CountingMotion(rate_hz), clock)


def test_a_movesense_is_recognised_by_name_or_service() -> None:
    for seen in (
        Advertisement("a", "Movesense 174630000192"),
        Advertisement("a", "", (movesense.SERVICE,)),
    ):
        family = family_of(seen)
        assert family is not None
        assert family.key == "movesense"


@pytest.mark.parametrize(
    ("wish_hz", "rate_hz"), [(100.0, 104.0), (50.0, 52.0), (400.0, 208.0)], ids=str
)
@pytest.mark.parametrize("start_s", [0.0, WRAP_S - 1.0], ids=["fresh", "clock wraps"])
@pytest.mark.parametrize("old", [False, True], ids=["new firmware", "old firmware"])
def test_every_sample_arrives_in_order_with_its_value(
    monkeypatch: pytest.MonkeyPatch, wish_hz: float, rate_hz: float, start_s: float, old: bool
) -> None:
    monkeypatch.setattr(Answers, "wait_s", 0.01)
    link = DirectLink(sensor(rate_hz, DeviceClock(start_s), old=old))
    got: list[Packet] = []

    async def session() -> None:
        driver = movesense.FAMILY.driver(
            link, Wish(rate_hz=wish_hz), lambda c, v: got.append(packet(v, link.now_s, c))
        )
        setup = await driver.configure()
        assert setup.rate_hz == rate_hz
        assert setup.serial == "174630000192"
        assert setup.acc_range_mps2 is None
        assert "does not tell its ranges" in setup.warnings[0]
        await driver.start()
        link.run(10.0)
        await driver.stop()
        seen = len(got)
        link.run(1.0)
        assert len(got) == seen  # a stopped sensor is silent
        await link.listen(movesense.NOTIFY, lambda v: got.append(packet(v)))
        link.run(1.0)
        assert len(got) == seen  # and it was the sensor that stopped
        assert await driver.battery_pct() == 87.0
        assert not await driver.blink()

    asyncio.run(session())
    decoder = make_decoder(info(rate_hz))
    chunk = ImuChunk.concatenate([decoder.feed(p) for p in got])
    count = round(10 * rate_hz)
    assert len(chunk) == count
    expected_s = start_s + np.arange(count) / rate_hz
    np.testing.assert_allclose(chunk.sensor_time_s, expected_s, atol=0.6e-3)
    acc, gyr = CountingMotion(rate_hz).at(np.arange(count) / rate_hz)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, rtol=1e-6)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr, atol=1e-6)


def test_data_is_answer_enough_of_an_old_firmware() -> None:
    link = DirectLink(sensor(old=True))
    driver = movesense.FAMILY.driver(link, Wish(), lambda _c, _v: None)

    async def walk() -> None:
        starting = asyncio.create_task(driver.start())
        while not starting.done():
            link.run(0.1)
            await asyncio.sleep(0)
        await starting

    asyncio.run(walk())  # the time of Answers does not pass: awaited is the data


def test_a_subscription_of_before_is_replaced() -> None:
    link = DirectLink(sensor())
    command = bytes([1, REF]) + b"/Meas/IMU6/52"
    got: list[bytes] = []
    driver = movesense.FAMILY.driver(link, Wish(), lambda _c, v: got.append(v))

    async def walk() -> None:
        await link.write(movesense.COMMAND, command)
        await driver.start()

    asyncio.run(walk())
    link.run(1.0)
    assert [len(value) for value in got] == [158, 42] * 13


def fill(link: DirectLink) -> None:
    async def walk() -> None:
        for ref in range(1, 5):
            await link.write(movesense.COMMAND, bytes([1, ref]) + b"/Meas/IMU6/52")

    asyncio.run(walk())


def test_a_sensor_that_serves_too_many_streams_says_so() -> None:
    link = DirectLink(sensor())
    fill(link)
    driver = movesense.FAMILY.driver(link, Wish(), lambda _c, _v: None)
    with pytest.raises(LinkError, match=r"^Movesense 17\d+ refused .*too many streams.*; .*\.$"):
        asyncio.run(driver.start())


def test_a_sensor_without_the_service_is_told() -> None:
    class Other(MovesensePeripheral):
        own_services = ()

    link = DirectLink(Other(sensor().identity, CountingMotion(52.0)))
    driver = movesense.FAMILY.driver(link, Wish(), lambda _c, _v: None)
    with pytest.raises(LinkError, match=r"^Movesense 17\d+ does not offer .*; update .*\.$"):
        asyncio.run(driver.configure())


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"\x01\x63\xc8\x00", 200),
        (b"\x01\x63\x94\x01", 404),
        (b"\x01\x63\x01\xfb", 507),
        (b"\x01\x63Hello", 0),
        (b"\x02\x63\x00\x00", 0),
    ],
)
def test_the_status_is_read_in_either_order_of_bytes(answer: bytes, status: int) -> None:
    assert movesense.status_of(answer) == status


def test_commands_are_answered_as_the_reference_says() -> None:
    link = DirectLink(sensor())
    got: list[bytes] = []

    async def ask(command: bytes) -> list[bytes]:
        got.clear()
        await link.write(movesense.COMMAND, command)
        return list(got)

    async def walk() -> None:
        await link.listen(movesense.NOTIFY, got.append)
        assert await ask(b"\x00\x05") == [b"\x01\x05Hello"]
        assert await ask(b"\x01\x00/Meas/IMU6/52") == []  # a reference must not be zero
        assert await ask(b"\x01") == []
        assert await ask(b"\x01\x05/Meas/IMU6/53") == [struct.pack("<BBH", 1, 5, 404)]
        assert await ask(b"\x01\x05/Meas/IMU9/52") == [struct.pack("<BBH", 1, 5, 200)]
        got.clear()
        link.run(0.5)
        assert {len(value) for value in got} == {2 + 4 + 144}
        assert await ask(b"\x02\x05") == [struct.pack("<BBH", 1, 5, 200)]
        assert await ask(b"\x02\x05") == [struct.pack("<BBH", 1, 5, 404)]

    asyncio.run(walk())


def test_subscriptions_end_with_the_link() -> None:
    link = DirectLink(sensor())
    fill(link)
    link.peripheral.disconnect(link.now_s)
    link.peripheral.connect(link.now_s)
    link.peripheral.subscribe(movesense.NOTIFY, True, link.now_s)
    assert link.peripheral.due(link.now_s + 1.0) == []
