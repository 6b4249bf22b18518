"""Movella DOT: payloads, the microsecond clock, and whole sessions."""

import asyncio
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.ble.families import family_of, movella_dot
from lift_monitor.drivers.ble.family import Advertisement, Wish
from lift_monitor.drivers.ble.link import LinkError
from lift_monitor.drivers.emulated.direct import DirectLink
from lift_monitor.drivers.emulated.families.movella_dot import MovellaDotPeripheral
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import DeviceClock, Identity
from lift_monitor.drivers.formats import FormatError, make_decoder
from lift_monitor.drivers.formats import movella_dot as codec
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality, Role, SensorInfo

WRAP_S = 2**32 * 1e-6
INFO = SensorInfo("d", Role.BAR, codec.NAME, nominal_rate_hz=60.0)
ACC, GYR = np.array([1.5, -2.25, 9.5]), np.array([0.5, -1.25, 3.0])
MODE_21 = codec.channel(21)


def packet(payload: bytes, host_s: float = 0.0, channel: str = MODE_21) -> Packet:
    return Packet("d", channel, round(host_s * 1e9), payload)


def dot(clock: DeviceClock = DeviceClock()) -> MovellaDotPeripheral:
    identity = Identity("D4:22:CD:00:4B:81", "Movella DOT", "D422CD004B81")
    return MovellaDotPeripheral(identity, CountingMotion(60.0), clock)


def session(link: DirectLink, seconds: float = 10.0) -> list[Packet]:
    got: list[Packet] = []

    async def walk() -> None:
        driver = movella_dot.FAMILY.driver(
            link, Wish(), lambda c, v: got.append(packet(v, link.now_s, c))
        )
        await driver.configure()
        await driver.start()
        link.run(seconds)
        await driver.stop()

    asyncio.run(walk())
    return got


def test_rate_quantities_stand_where_the_reference_puts_them() -> None:
    payload = struct.pack("<I6f", 1_500_000, 1.0, 2.0, 3.0, 180.0, -90.0, 45.0).ljust(40, b"\0")
    chunk = make_decoder(INFO).feed(packet(payload, 7.0))
    assert chunk.sensor_time_s.tolist() == chunk.time_s.tolist() == [1.5]
    assert chunk.host_time_s.tolist() == [7.0]
    np.testing.assert_allclose(chunk.acc_sensor_mps2, [[1.0, 2.0, 3.0]])
    np.testing.assert_allclose(chunk.gyr_sensor_radps, [[np.pi, -np.pi / 2, np.pi / 4]])
    assert chunk.quality.tolist() == [Quality.OK]


def test_custom_mode_5_stands_where_the_reference_puts_it() -> None:
    payload = struct.pack("<I10f", 20, 1, 0, 0, 0, 4.0, 5.0, 6.0, 180.0, 0.0, 0.0).ljust(63, b"\0")
    chunk = make_decoder(INFO).feed(packet(payload, channel=codec.channel(26)))
    np.testing.assert_allclose(chunk.acc_sensor_mps2, [[4.0, 5.0, 6.0]])
    np.testing.assert_allclose(chunk.gyr_sensor_radps, [[np.pi, 0, 0]])


def test_acceleration_of_the_world_is_turned_back_into_the_sensor() -> None:
    # The sensor lies on its side: its x points up, so a still one feels gravity along x.
    up_is_x = (np.sqrt(0.5), 0.0, -np.sqrt(0.5), 0.0)
    payload = struct.pack("<I7f", 20, *up_is_x, 0.0, 0.0, 1.0).ljust(40, b"\0")
    chunk = make_decoder(INFO).feed(packet(payload, channel=codec.channel(3)))
    np.testing.assert_allclose(chunk.acc_sensor_mps2, [[10.80665, 0, 0]], atol=1e-5)
    assert chunk.quality.tolist() == [Quality.NO_GYRO]


@pytest.mark.parametrize(
    ("status", "marks"),
    [
        (0x000, Quality.NO_GYRO),
        (0x002, Quality.NO_GYRO | Quality.ACC_SATURATED),
        (0x020, Quality.NO_GYRO | Quality.GYR_SATURATED),
        (0x00C, Quality.NO_GYRO | Quality.ACC_SATURATED | Quality.GYR_SATURATED),
        (0x200, Quality.NO_GYRO),
    ],
)
def test_clip_bits_of_the_status_mark_the_sample(status: int, marks: Quality) -> None:
    payload = struct.pack("<I7fHBB", 20, 1, 0, 0, 0, 0, 0, 0, status, 0, 0).ljust(40, b"\0")
    chunk = make_decoder(INFO).feed(packet(payload, channel=codec.channel(2)))
    assert chunk.quality.tolist() == [marks]


@pytest.mark.parametrize("mode", sorted(codec.LAYOUTS))
def test_every_mode_goes_round(mode: int) -> None:
    payload = codec.encode(mode, 2**32 + 5_000_000, ACC, GYR, 60.0)
    assert len(payload) == (63 if mode == 26 else 40)
    chunk = make_decoder(INFO).feed(packet(payload, channel=codec.channel(mode)))
    assert chunk.time_s.tolist() == [5.0]
    np.testing.assert_allclose(chunk.acc_sensor_mps2, [ACC], atol=1e-5)
    if mode in (2, 3):
        assert chunk.quality.tolist() == [Quality.NO_GYRO]
    else:
        np.testing.assert_allclose(chunk.gyr_sensor_radps, [GYR], atol=1e-5)


def test_the_clock_runs_on_over_its_wrap_over_long_pauses_and_late_packets() -> None:
    true_us = [2**32 - 16_000, 2**32 + 16_000, 2**32, 2**32 + 16_000, 3 * 2**32 + 99]
    host_s = [1.0, 1.04, 1.05, 1.06, 1.0 + 2 * WRAP_S + 0.2]
    decoder = make_decoder(INFO)
    times = [
        decoder.feed(packet(codec.encode(21, us, ACC, GYR), at)).sensor_time_s[0] * 1e6
        for us, at in zip(true_us, host_s, strict=True)
    ]
    np.testing.assert_allclose(times, true_us, atol=1e-3)


@pytest.mark.parametrize("size", [0, 3, 27, 29, 39, 41, 80])
def test_another_length_is_refused(size: int) -> None:
    with pytest.raises(FormatError, match=f"{size} bytes"):
        make_decoder(INFO).feed(packet(bytes(size)))


@pytest.mark.parametrize("channel", ["mode-5", "mode-24", "imu", ""])
def test_a_channel_without_acceleration_is_refused(channel: str) -> None:
    with pytest.raises(FormatError, match="has no channel"):
        make_decoder(INFO).feed(packet(bytes(40), channel=channel))


def test_joined_decoding_gives_the_same_and_counts_what_is_refused() -> None:
    packets = [
        packet(codec.encode(mode, 1000 * n, ACC + n, GYR), n * 0.01, codec.channel(mode))
        for n, mode in enumerate([21, 21, 26, 3, 21])
    ]
    packets.insert(2, packet(b"torn"))
    refused: list[FormatError] = []
    together = make_decoder(INFO).feed_all(packets, refused.append)
    decoder = make_decoder(INFO)
    singly = ImuChunk.concatenate([decoder.feed(p) for p in packets if len(p.payload) > 4])
    assert len(refused) == 1
    np.testing.assert_array_equal(together.time_s, singly.time_s)
    np.testing.assert_array_equal(together.acc_sensor_mps2, singly.acc_sensor_mps2)
    np.testing.assert_array_equal(together.gyr_sensor_radps, singly.gyr_sensor_radps)
    np.testing.assert_array_equal(together.quality, singly.quality)
    assert len(make_decoder(INFO).feed_all([], refused.append)) == 0


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*(codec.channel(m) for m in codec.LAYOUTS), "mode-4"]),
            st.binary(max_size=70) | st.binary(min_size=40, max_size=40),
        ),
        max_size=8,
    )
)
def test_any_bytes_raise_nothing_but_format_errors(rubbish: list[tuple[str, bytes]]) -> None:
    decoder = make_decoder(INFO)
    words: list[str] = []
    for number, (channel, payload) in enumerate(rubbish):
        try:
            decoder.feed(packet(payload, number * 0.016, channel))
        except FormatError as error:
            words.append(str(error))
    assert not any(text.endswith(".") for text in words)
    good = decoder.feed(packet(codec.encode(21, 1_000_000, ACC, GYR), 1.0))
    np.testing.assert_allclose(good.acc_sensor_mps2, [ACC])
    assert (good.sensor_time_s[0] - 1.0) % WRAP_S == pytest.approx(0.0, abs=1e-6)


def test_a_dot_is_recognised_by_either_name_or_its_company() -> None:
    for name, data in (("Xsens DOT", {}), ("Movella DOT", {}), ("", {0x0886: b""})):
        family = family_of(Advertisement("a", name, (), data))
        assert family is not None
        assert family.key == "movella-dot"
    assert family_of(Advertisement("a", "Polka DOT", (), {0x004C: b""})) is None


@pytest.mark.parametrize("start_s", [0.0, WRAP_S - 1.0], ids=["fresh", "clock wraps"])
def test_every_sample_arrives_in_order_with_its_value(start_s: float) -> None:
    link = DirectLink(dot(DeviceClock(start_s)))
    got = session(link)
    seen = len(got)
    link.run(1.0)
    assert len(got) == seen  # a stopped sensor is silent
    assert {len(p.payload) for p in got} == {40}
    decoder = make_decoder(INFO)
    chunk = ImuChunk.concatenate([decoder.feed(p) for p in got])
    assert len(chunk) == 601  # both ends of ten seconds
    np.testing.assert_allclose(np.diff(chunk.sensor_time_s), 1 / 60, atol=2e-6)
    acc, gyr = CountingMotion(60.0).at(np.arange(601) / 60.0)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, rtol=1e-6)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr, atol=1e-6)


def test_the_sensor_says_who_it_is_and_that_60_hz_is_marginal() -> None:
    peripheral = dot()
    driver = movella_dot.FAMILY.driver(DirectLink(peripheral), Wish(), lambda _c, _v: None)
    setup = asyncio.run(driver.configure())
    assert (setup.serial, setup.model, setup.firmware) == ("D422CD004B81", "DOT v2", "3.0.0")
    assert setup.rate_hz == 60.0
    assert any("60 samples a second at most" in text for text in setup.warnings)
    assert any("does not tell its ranges" in text for text in setup.warnings)
    assert asyncio.run(driver.battery_pct()) == 87.0
    assert asyncio.run(driver.blink())
    assert peripheral.blinked == 1


def test_a_lower_wish_is_met() -> None:
    driver = movella_dot.FAMILY.driver(DirectLink(dot()), Wish(rate_hz=25.0), lambda _c, _v: None)
    assert asyncio.run(driver.configure()).rate_hz == 30.0


def test_blinking_changes_no_setting_of_a_measuring_sensor() -> None:
    link = DirectLink(dot())
    driver = movella_dot.FAMILY.driver(link, Wish(), lambda _c, _v: None)

    async def walk() -> None:
        await driver.configure()
        await driver.start()
        await driver.blink()

    asyncio.run(walk())
    assert isinstance(link.peripheral, MovellaDotPeripheral)
    assert (link.peripheral.blinked, link.peripheral.rate_hz) == (1, 60)


def test_a_sensor_left_measuring_is_stopped_before_its_rate_is_set() -> None:
    peripheral = dot()
    link = DirectLink(peripheral)
    asyncio.run(link.write(movella_dot.MEASUREMENT_CONTROL, bytes([1, 1, 21])))
    driver = movella_dot.FAMILY.driver(link, Wish(), lambda _c, _v: None)
    setup = asyncio.run(driver.configure())
    assert setup.rate_hz == peripheral.rate_hz == 60.0


class StubbornDot(MovellaDotPeripheral):
    """Keeps its rate, and is busy with a recording of its own."""

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        """Take nothing."""


def test_refusals_are_told() -> None:
    link = DirectLink(StubbornDot(dot().identity, CountingMotion(60.0)))
    driver = movella_dot.FAMILY.driver(link, Wish(), lambda _c, _v: None)
    setup = asyncio.run(driver.configure())
    assert setup.rate_hz == 20.0
    assert setup.warnings[0] == "Movella DOT was asked for 60 Hz and keeps to 20 Hz."
    with pytest.raises(LinkError, match=r"^Movella DOT did not start to measure; .*\.$"):
        asyncio.run(driver.start())


class ShortDot(MovellaDotPeripheral):
    """A firmware with other settings."""

    def on_read(self, uuid: str, now_s: float) -> bytes:
        """Answer too short."""
        return super().on_read(uuid, now_s)[:20]


def test_other_settings_than_a_dots_are_told() -> None:
    link = DirectLink(ShortDot(dot().identity, CountingMotion(60.0)))
    driver = movella_dot.FAMILY.driver(link, Wish(), lambda _c, _v: None)
    with pytest.raises(LinkError, match=r"^Movella DOT describes .*; update its firmware .*\.$"):
        asyncio.run(driver.configure())


@pytest.mark.parametrize(
    ("uuid", "data"),
    [
        (movella_dot.MEASUREMENT_CONTROL, b"\x01\x01"),
        (movella_dot.MEASUREMENT_CONTROL, b"\x01\x01\xff"),
        (movella_dot.DEVICE_CONTROL, bytes(31)),
        (movella_dot.DEVICE_INFO, b"\x00"),
    ],
)
def test_the_emulated_sensor_refuses_what_a_real_one_would(uuid: str, data: bytes) -> None:
    with pytest.raises(LinkError, match="refused"):
        asyncio.run(DirectLink(dot()).write(uuid, data))


def test_the_emulated_sensor_clips_at_its_ranges_and_falls_silent_with_the_link() -> None:
    class Hard(CountingMotion):
        def at(self, time_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            acc, gyr = super().at(time_s)
            return acc * 100, gyr * 1000

    link = DirectLink(MovellaDotPeripheral(dot().identity, Hard(60.0)))
    got = session(link, seconds=2.0)
    decoder = make_decoder(INFO)
    chunk = ImuChunk.concatenate([decoder.feed(p) for p in got])
    assert np.abs(chunk.acc_sensor_mps2).max() == pytest.approx(16 * 9.80665, rel=1e-6)
    assert np.abs(chunk.gyr_sensor_radps).max() == pytest.approx(np.radians(2000), rel=1e-6)
    link.peripheral.write(movella_dot.MEASUREMENT_CONTROL, bytes([1, 1, 21]), link.now_s)
    link.peripheral.disconnect(link.now_s)
    link.peripheral.connect(link.now_s)
    link.peripheral.subscribe(movella_dot.MEDIUM_PAYLOAD, True, link.now_s)
    assert link.peripheral.due(link.now_s + 1.0) == []
