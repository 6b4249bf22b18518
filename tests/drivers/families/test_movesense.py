"""Movesense: messages in parts, their learnt length, and whole sessions."""

import asyncio
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.ble.families import family_of, movesense
from lift_monitor.drivers.ble.family import Advertisement, Answers, Wish
from lift_monitor.drivers.ble.link import LinkError
from lift_monitor.drivers.emulated.direct import DirectLink
from lift_monitor.drivers.emulated.families.movesense import MovesensePeripheral
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import DeviceClock, Identity
from lift_monitor.drivers.formats import FormatError, make_decoder
from lift_monitor.drivers.formats import movesense as codec
from lift_monitor.drivers.formats.movesense import MovesenseDecoder
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Role, SensorInfo

REF = 0x63
WRAP_S = 2**32 * 1e-3
FROM_A_REAL_SENSOR = bytes.fromhex(
    "aca1020094b578bf399b8840cdb20d4155ff7cbf6a60884092c70c4182627cbfa2e988405da00c418bf871bf"
    "71248940c38c0c4148e17abf713daabf3333b3bec3f568bf713daabf3e0ad7beae4721bff628bcbf3e0ad7be"
    "ae4721bf3333b3bf3e0ad7be"
)


def info(rate_hz: float | None = None) -> SensorInfo:
    return SensorInfo("m", Role.BAR, codec.NAME, nominal_rate_hz=rate_hz)


def packet(payload: bytes, host_s: float = 0.0, channel: str = codec.IMU6) -> Packet:
    return Packet("m", channel, round(host_s * 1e9), payload)


def message(number: int, samples: int, ref: int = REF) -> list[bytes]:
    """One message of a stream of 13 a second, every sample telling its number."""
    acc = np.arange(number * samples, (number + 1) * samples)[:, None] + np.array([0.0, 0.25, 0.5])
    return codec.encode(ref, round(number * 1000 / 13), acc, -acc)


def numbers(chunks: list[ImuChunk]) -> list[float]:
    chunk = ImuChunk.concatenate(chunks)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, -chunk.acc_sensor_mps2, rtol=1e-6)
    return [float(value) for value in chunk.acc_sensor_mps2[:, 0]]


def feed(decoder: MovesenseDecoder, *values: bytes) -> list[ImuChunk]:
    return [decoder.feed(packet(value)) for value in values]


def check_vector(payload: bytes) -> None:
    chunk = MovesenseDecoder(info(52.0)).feed(packet(bytes([2, REF]) + payload, 3.0))
    assert len(chunk) == 4
    np.testing.assert_allclose(chunk.sensor_time_s, 172.46 + np.arange(4) / 52)
    np.testing.assert_array_equal(chunk.time_s, chunk.sensor_time_s)
    assert chunk.host_time_s.tolist() == [3.0] * 4
    assert chunk.acc_sensor_mps2[0, 2] == pytest.approx(8.856152, abs=1e-6)
    assert np.degrees(chunk.gyr_sensor_radps[3, 2]) == pytest.approx(-0.42, abs=1e-6)
    # Blockwise, not interleaved: gravity and a bar at rest are seen in every sample.
    np.testing.assert_allclose(np.linalg.norm(chunk.acc_sensor_mps2, axis=1), 9.81, atol=0.1)
    assert np.degrees(np.abs(chunk.gyr_sensor_radps)).max() < 2.0


def test_the_notification_of_a_real_sensor_is_read() -> None:
    check_vector(FROM_A_REAL_SENSOR)


def test_the_vector_is_that_of_the_reference(repository: Path) -> None:
    file = repository.parent / "shared" / "reference" / "movesense-imu6-52.hex"
    if not file.is_file():
        pytest.skip("the reference is not beside the checkout")
    assert bytes.fromhex(file.read_text().strip()) == FROM_A_REAL_SENSOR


@pytest.mark.parametrize(("samples", "sizes"), [(4, [102]), (8, [158, 42]), (16, [158, 158, 78])])
def test_messages_are_cut_as_the_firmware_cuts_them(samples: int, sizes: list[int]) -> None:
    assert [len(part) for part in message(0, samples)] == sizes


@pytest.mark.parametrize("rate_hz", [13, 26, 52, 104, 208])
@pytest.mark.parametrize("known", [True, False], ids=["rate known", "rate measured"])
def test_every_rate_goes_round(rate_hz: int, known: bool) -> None:
    decoder = MovesenseDecoder(info(rate_hz if known else None))
    samples = rate_hz // 13
    parts = [part for number in range(20) for part in message(number, samples)]
    chunks = feed(decoder, *parts)
    assert numbers(chunks) == list(range(20 * samples))
    time_s = ImuChunk.concatenate(chunks).sensor_time_s
    np.testing.assert_allclose(time_s, np.arange(20 * samples) / rate_hz, atol=1.2e-3)


def test_nine_axes_are_told_by_the_channel() -> None:
    acc, gyr = np.arange(6.0).reshape(2, 3), np.arange(6.0, 12.0).reshape(2, 3)
    parts = codec.encode(REF, 5, acc, gyr, np.full((2, 3), 40.0))
    chunk = MovesenseDecoder(info(26.0)).feed(packet(parts[0], channel=codec.IMU9))
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr, rtol=1e-6)


def test_another_length_than_the_customary_is_learnt() -> None:
    decoder = MovesenseDecoder(info(52.0))
    parts = [part for number in range(6) for part in message(number, 8)]  # not 4
    assert numbers(feed(decoder, *parts)) == list(range(48))


def test_a_length_that_changes_is_learnt_from_two_messages() -> None:
    decoder = MovesenseDecoder(info(52.0))
    assert numbers(feed(decoder, *message(0, 4), *message(1, 4))) == list(range(8))
    changed = [part for number in range(1, 6) for part in message(number, 8)]
    assert numbers(feed(decoder, *changed)) == list(range(16, 48))


def test_a_lost_continuation_costs_its_message_and_no_other() -> None:
    decoder = MovesenseDecoder(info(104.0))
    parts = [message(number, 8) for number in range(4)]
    assert numbers(feed(decoder, *parts[0], parts[1][0], *parts[2])) == [
        *range(8),
        *range(16, 24),
    ]
    with pytest.raises(FormatError, match="without its beginning"):
        decoder.feed(packet(parts[3][1]))
    later = [part for number in range(4, 7) for part in message(number, 8)]
    assert numbers(feed(decoder, *later)) == list(range(32, 56))


def test_a_continuation_of_another_reference_is_not_joined() -> None:
    decoder = MovesenseDecoder(info(104.0))
    feed(decoder, message(0, 8)[0])
    with pytest.raises(FormatError, match="without its beginning"):
        decoder.feed(packet(message(0, 8, ref=0x64)[1]))


@pytest.mark.parametrize("samples", [4, 16])
def test_callbacks_called_twice_change_nothing(samples: int) -> None:
    decoder = MovesenseDecoder(info(13.0 * samples))
    parts = [part for number in range(5) for part in message(number, samples) for _ in range(2)]
    assert numbers(feed(decoder, *parts)) == list(range(5 * samples))


def test_a_new_link_forgets_the_half_received() -> None:
    decoder = MovesenseDecoder(info(104.0))
    feed(decoder, message(0, 8)[0])
    decoder.restart()
    with pytest.raises(FormatError, match="without its beginning"):
        decoder.feed(packet(message(0, 8)[1]))
    assert numbers(feed(decoder, *message(1, 8), *message(2, 8))) == list(range(8, 24))


def test_the_clock_runs_on_over_its_wrap_and_late_messages() -> None:
    true_ms = [2**32 - 77, 2**32 + 77, 2**32, 2**32 + 154]
    decoder = MovesenseDecoder(info(52.0))
    acc = np.ones((4, 3))
    times = [
        decoder.feed(packet(codec.encode(REF, ms, acc, acc)[0], 5 + n * 0.08)).sensor_time_s[0]
        for n, ms in enumerate(true_ms)
    ]
    np.testing.assert_allclose(times, np.array(true_ms) * 1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("value", "clause"),
    [
        (b"", "no header"),
        (b"\x02", "no header"),
        (b"\x02\x63\x00\x00", "no time"),
        (b"\x09\x63\x00\x00\x00\x00", "kind 9"),
        (b"\x03\x63\x00", "without its beginning"),
    ],
)
def test_what_is_no_message_is_refused(value: bytes, clause: str) -> None:
    with pytest.raises(FormatError, match=clause):
        MovesenseDecoder(info()).feed(packet(value))


def test_responses_carry_no_samples_and_other_channels_are_refused() -> None:
    decoder = make_decoder(info())
    assert len(decoder.feed(packet(b"\x01\x63\xc8\x00"))) == 0
    with pytest.raises(FormatError, match="no channel 'acc'"):
        decoder.feed(packet(b"\x02\x63", channel="acc"))


def test_a_message_without_end_does_not_grow() -> None:
    decoder = MovesenseDecoder(info(52.0))
    decoder.feed(packet(message(0, 8)[0]))
    for number in range(29):
        decoder.feed(packet(bytes([3, REF, number]) + bytes(150)))
    with pytest.raises(FormatError, match="longer than"):
        decoder.feed(packet(bytes([3, REF, 29]) + bytes(150)))
    assert decoder._open is None


def mutated(part: int, at: int, value: int) -> bytes:
    """A good notification of which one byte is another."""
    good = bytearray(message(1, 16)[part])
    good[at % len(good)] = value
    return bytes(good)


rubbish_notifications = (
    st.binary(max_size=200)
    | st.builds(mutated, st.integers(0, 2), st.integers(0, 157), st.integers(0, 255))
    | st.builds(
        lambda kind, ref, body: bytes([kind, ref]) + body,
        st.sampled_from([1, 2, 3]),
        st.sampled_from([REF, 7]),
        st.binary(max_size=200) | st.sampled_from([28, 52, 100, 152]).map(bytes),
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(rubbish_notifications, max_size=12), st.sampled_from([None, 52.0, 104.0]))
def test_any_bytes_raise_nothing_but_format_errors(
    rubbish: list[bytes], rate_hz: float | None
) -> None:
    decoder = MovesenseDecoder(info(rate_hz))
    words: list[str] = []
    for number, value in enumerate(rubbish):
        try:
            decoder.feed(packet(value, number * 0.01))
        except FormatError as error:
            words.append(str(error))
        assert decoder._open is None or len(decoder._open.body) < 5000
    assert not any(text.endswith(".") for text in words)
    chunks = feed(decoder, *[part for number in range(6) for part in message(number, 8)])
    assert [float(value) for value in ImuChunk.concatenate(chunks).acc_sensor_mps2[-24:, 0]] == (
        list(range(24, 48))
    )


# --- Sessions ---


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
