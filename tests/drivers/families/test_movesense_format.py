"""Movesense: messages in parts, and their learnt length."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.formats import FormatError, make_decoder
from lift_monitor.drivers.formats import movesense as codec
from lift_monitor.drivers.formats.movesense import MovesenseDecoder
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Role, SensorInfo

REF = 0x63
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
    parts = [message(number, 8) for number in range(8)]
    chunks = feed(decoder, *parts[0], parts[1][0], *parts[2], *parts[3])
    assert numbers(chunks) == [*range(8), *range(16, 32)]
    with pytest.raises(FormatError, match="without its beginning"):
        decoder.feed(packet(parts[4][1]))
    assert numbers(feed(decoder, *parts[5], *parts[6], *parts[7])) == list(range(40, 64))


def at(seconds: float, *values: bytes) -> list[Packet]:
    return [packet(value, seconds) for value in values]


def everything(packets: list[Packet]) -> tuple[list[float], int]:
    refused: list[FormatError] = []
    chunk = MovesenseDecoder(info(104.0)).feed_all(packets, refused.append)
    return numbers([chunk]), len(refused)


def test_parts_of_two_messages_are_never_joined() -> None:
    m = [message(number, 8) for number in range(5)]
    # The end of message 1 and the beginning of message 2 are lost.
    lost = [*at(0.1, *m[0]), *at(0.18, m[1][0]), *at(0.26, m[2][1]), *at(0.34, *m[3], *m[4])]
    assert everything(lost) == ([*range(8), *range(24, 40)], 0)
    # An end comes after the next beginning.
    swapped = [*at(0.1, *m[0]), *at(0.2, m[1][0], m[2][0], m[1][1], m[2][1], *m[3], *m[4])]
    assert everything(swapped) == ([*range(8), *range(24, 40)], 0)


def test_joined_decoding_gives_the_same() -> None:
    m = [part for number in range(9) for part in message(number, 8)]
    axes9 = codec.encode(REF, 800, np.ones((2, 3)), np.ones((2, 3)), np.ones((2, 3)))
    packets = [packet(value, n * 0.03) for n, value in enumerate(m)]
    packets[11:11] = [packet(axes9[0], 0.34, codec.IMU9), packet(b"torn", 0.35)]
    for known in (104.0, None):
        refused: list[FormatError] = []
        together = MovesenseDecoder(info(known)).feed_all(packets, refused.append)
        decoder, singly = MovesenseDecoder(info(known)), []
        for one in packets:
            singly.append(decoder.feed_all([one], lambda _: None))
        apart = ImuChunk.concatenate(singly)
        assert len(refused) == 2  # the torn one, and an end without its beginning
        assert len(apart) > 40
        np.testing.assert_array_equal(together.time_s, apart.time_s)
        np.testing.assert_array_equal(together.host_time_s, apart.host_time_s)
        np.testing.assert_array_equal(together.acc_sensor_mps2, apart.acc_sensor_mps2)
        np.testing.assert_array_equal(together.gyr_sensor_radps, apart.gyr_sensor_radps)


def test_a_stall_between_two_parts_costs_nothing() -> None:
    m = [message(number, 8) for number in range(4)]
    stalled = [*at(0.1, *m[0], m[1][0]), *at(0.5, m[1][1], *m[2], *m[3])]
    assert everything(stalled) == (list(range(32)), 0)


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
