"""A board of one's own: set up, started, read, stopped."""

import asyncio

import numpy as np
import pytest

from lift_monitor.drivers.ble.families import family_of, open_imu
from lift_monitor.drivers.ble.family import Wish
from lift_monitor.drivers.ble.link import LinkError
from lift_monitor.drivers.emulated.direct import DirectLink
from lift_monitor.drivers.emulated.families import PERIPHERALS
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import DeviceClock, Identity, Peripheral
from lift_monitor.drivers.formats import make_decoder
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Role, SensorInfo

WRAP_S = 2**32 * 1e-6


def board(clock: DeviceClock = DeviceClock()) -> Peripheral:
    identity = Identity("C0:FF:EE:00:00:01", "Board 1", "B1")
    return PERIPHERALS["open-imu"](identity, CountingMotion(100.0), clock)


def test_a_board_is_recognised_by_its_service() -> None:
    family = family_of(board().advertisement)
    assert family is not None
    assert family.key == "open-imu"


@pytest.mark.parametrize("start_s", [0.0, WRAP_S - 1.0], ids=["fresh", "clock wraps"])
def test_every_sample_arrives_in_order_with_its_value(start_s: float) -> None:
    link = DirectLink(board(DeviceClock(start_s)))
    got: list[Packet] = []

    async def session() -> None:
        driver = open_imu.FAMILY.driver(
            link, Wish(), lambda c, v: got.append(Packet("b", c, round(link.now_s * 1e9), v))
        )
        setup = await driver.configure()
        assert setup.rate_hz == 100.0
        assert setup.serial == "B1"
        await driver.start()
        link.run(10.0)
        await driver.stop()
        seen = len(got)
        link.run(1.0)
        assert len(got) == seen  # a stopped sensor is silent
        assert await driver.battery_pct() == 87.0
        assert await driver.blink()

    asyncio.run(session())
    decoder = make_decoder(SensorInfo("b", Role.BAR, open_imu.FAMILY.format))
    chunk = ImuChunk.concatenate([decoder.feed(packet) for packet in got])
    assert len(chunk) == 1000
    np.testing.assert_allclose(np.diff(chunk.sensor_time_s), 0.01, atol=2e-6)
    acc, gyr = CountingMotion(100.0).at(np.arange(1000) / 100.0)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, atol=0.005)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr, atol=0.002)


def test_a_lost_link_is_told() -> None:
    peripheral = board()
    link = DirectLink(peripheral)
    peripheral.disconnect(0.0)
    driver = open_imu.FAMILY.driver(link, Wish(), lambda _c, _v: None)
    with pytest.raises(LinkError, match="not connected"):
        asyncio.run(driver.configure())
