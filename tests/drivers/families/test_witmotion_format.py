"""WitMotion: a stream of bytes cut anywhere, with headers that occur by chance."""

import struct
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.formats import FormatError, make_decoder
from lift_monitor.drivers.formats import witmotion as codec
from lift_monitor.drivers.formats.witmotion import FrameStream, WitMotionDecoder
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality, Role, SensorInfo

G = 9.80665
INFO = SensorInfo("w", Role.BAR, codec.NAME, nominal_rate_hz=100.0)
ACC_LSB, GYR_LSB = 16 * G / 32768, np.radians(2000) / 32768


def packet(payload: bytes, host_s: float = 0.0) -> Packet:
    return Packet("w", codec.CHANNEL, round(host_s * 1e9), payload)


def frame(number: int) -> bytes:
    """A frame whose first axis tells its number; none of its bytes look like a header."""
    return codec.encode(np.array([number * ACC_LSB, G, -G]), np.zeros(3))


def numbers(chunk: ImuChunk) -> list[int]:
    return [round(float(value)) for value in chunk.acc_sensor_mps2[:, 0] / ACC_LSB]


def decode(*values: bytes) -> ImuChunk:
    decoder = WitMotionDecoder()
    return ImuChunk.concatenate([decoder.feed(packet(value)) for value in values])


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    places = [0, *(int(place) for place in np.cumsum(sizes) if place < len(data)), len(data)]
    return (data[start:end] for start, end in pairwise(places))


def test_a_frame_stands_where_the_reference_puts_it() -> None:
    payload = bytes.fromhex("5561") + struct.pack(
        "<9h", 2048, -2048, 16384, 16384, -16384, 1024, 8192, 0, 0
    )
    chunk = make_decoder(INFO).feed(packet(payload, 2.5))
    np.testing.assert_allclose(chunk.acc_sensor_mps2, [[G, -G, 8 * G]])
    np.testing.assert_allclose(np.degrees(chunk.gyr_sensor_radps), [[1000, -1000, 62.5]])
    assert chunk.host_time_s.tolist() == [2.5]
    assert np.isnan(chunk.time_s).all()
    assert np.isnan(chunk.sensor_time_s).all()
    assert chunk.quality.tolist() == [Quality.OK]


def test_encoding_goes_round_within_half_a_step() -> None:
    random = np.random.default_rng(1)
    acc = random.uniform(-15.9, 15.9, (200, 3)) * G
    gyr = np.radians(random.uniform(-1999, 1999, (200, 3)))
    chunk = decode(*[codec.encode(a, g, (3.0, -1.0, 0.5)) for a, g in zip(acc, gyr, strict=True)])
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, atol=0.51 * ACC_LSB)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr, atol=0.51 * GYR_LSB)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_full_scale_is_marked(sign: float) -> None:
    quiet, loud = np.zeros(3), np.array([0.0, sign * 1e4, 0.0])
    chunk = decode(codec.encode(loud, quiet), codec.encode(quiet, loud))
    assert chunk.quality.tolist() == [Quality.ACC_SATURATED, Quality.GYR_SATURATED]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(7, 60), min_size=1, max_size=60))
def test_frames_cut_and_joined_anywhere_are_all_read(sizes: list[int]) -> None:
    # Shorter cuts of the same zeros would be taken for one callback called twice; no radio
    # makes them, for the smallest notification has room for a frame.
    chunk = decode(*cut(b"".join(frame(number) for number in range(30)), sizes))
    assert numbers(chunk) == list(range(30))
    assert (chunk.quality == Quality.OK).all()


@pytest.mark.parametrize("sizes", [[28] * 29, [20, 8] * 30, [23] * 40, [7] * 130, [56, 3] * 20])
def test_the_variant_with_a_clock_is_read(sizes: list[int]) -> None:
    clock = bytes([24, 5, 17, 12, 30, 9, 200, 1])
    chunk = decode(*cut(b"".join(frame(number) + clock for number in range(30)), sizes))
    assert numbers(chunk) == list(range(30))
    assert (chunk.quality == Quality.OK).all()


def test_answers_between_frames_are_no_samples() -> None:
    reply = codec.encode_reply(0x64, [397, 0, 0, 0, 0, 0, 0, 0])
    assert numbers(decode(frame(0) + reply, reply + frame(1))) == [0, 1]
    assert codec.decode_reply(reply) == (0x64, (397, 0, 0, 0, 0, 0, 0, 0))
    assert codec.decode_reply(frame(0)) is None


def test_a_frame_of_which_the_end_is_lost_costs_itself_only() -> None:
    values = [frame(0), frame(1)[:10], frame(2)[:10], frame(2)[10:], frame(3)]
    refused: list[FormatError] = []
    chunk = WitMotionDecoder().feed_all([packet(value) for value in values], refused.append)
    assert numbers(chunk) == [0, 2, 3]
    assert [str(error) for error in refused] == ["witmotion bytes (10) are of no frame"]
    assert chunk.quality.tolist() == [Quality.OK, Quality.CLOCK_JUMP, Quality.OK]


def test_a_header_that_occurs_by_chance_is_not_believed() -> None:
    tricky = bytearray(frame(1))
    tricky[8:10] = b"\x55\x61"  # as a rate of rotation may read
    stream = bytes(tricky[5:]) + frame(2) + bytes(tricky) + frame(4)  # begun in the middle
    chunk = decode(stream)
    assert numbers(chunk) == [2, 1, 4]


def test_callbacks_called_twice_change_nothing() -> None:
    values = [part for number in range(6) for part in (frame(number)[:13], frame(number)[13:])]
    chunk = decode(*[value for value in values for _ in range(2)])
    assert numbers(chunk) == list(range(6))
    assert (chunk.quality == Quality.OK).all()


def test_a_new_link_forgets_the_half_received() -> None:
    decoder = WitMotionDecoder()
    decoder.feed(packet(frame(0)[:15]))
    decoder.restart()
    with pytest.raises(FormatError, match="of no frame"):
        decoder.feed(packet(frame(1)[5:] + bytes(20)))
    assert numbers(decoder.feed(packet(frame(2)))) == [2]


@pytest.mark.parametrize("at", [1, 3, 5, 12, 19])
def test_a_link_may_begin_in_the_middle_of_a_frame(at: int) -> None:
    values = [frame(1)[at:], frame(2), frame(3)]
    decoder = WitMotionDecoder()
    for _ in range(2):  # a link made anew begins anywhere as well
        chunk = ImuChunk.concatenate([decoder.feed(packet(value)) for value in values])
        assert numbers(chunk) == [2, 3]
        assert (chunk.quality == Quality.OK).all()
        decoder.restart()


def test_what_is_no_frame_from_the_beginning_is_told() -> None:
    decoder = WitMotionDecoder()
    decoder.feed(packet(bytes(13)))
    decoder.feed(packet(bytes([1]) * 13))
    with pytest.raises(FormatError, match="of no frame"):
        decoder.feed(packet(bytes([2]) * 13))


def test_bytes_of_no_frame_and_other_channels_are_refused() -> None:
    with pytest.raises(FormatError, match=r"witmotion bytes \(30\) are of no frame$"):
        decode(bytes(30))
    with pytest.raises(FormatError, match="no channel 'acc'"):
        WitMotionDecoder().feed(Packet("w", "acc", 0, frame(0)))


def test_joined_decoding_gives_the_same_and_counts_what_is_refused() -> None:
    packets = [packet(frame(n), n * 0.01) for n in range(5)]
    packets.insert(2, packet(bytes(25)))
    refused: list[FormatError] = []
    chunk = make_decoder(INFO).feed_all(packets, refused.append)
    assert numbers(chunk) == [0, 1, 2, 3, 4]
    assert len(refused) == 1
    np.testing.assert_allclose(chunk.host_time_s, np.arange(5) * 0.01)
    assert chunk.quality.tolist() == [0, 0, Quality.CLOCK_JUMP, 0, 0]


def mutated(at: int, value: int) -> bytes:
    """A good notification of two frames of which one byte is another."""
    good = bytearray(frame(7) + frame(8))
    good[at] = value
    return bytes(good)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.binary(max_size=70)
        | st.builds(mutated, st.integers(0, 39), st.integers(0, 255))
        | st.lists(st.sampled_from([0x55, 0x61, 0x71, 0]), max_size=40).map(bytes),
        max_size=12,
    )
)
def test_any_bytes_raise_nothing_but_format_errors(rubbish: list[bytes]) -> None:
    decoder = WitMotionDecoder()
    words: list[str] = []
    for value in rubbish:
        try:
            decoder.feed(packet(value))
        except FormatError as error:
            words.append(str(error))
        assert len(decoder._stream._rest) < 28
    assert not any(text.endswith(".") for text in words)
    assert numbers(decoder.feed(packet(frame(1000)))) == [1000]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=50), max_size=20))
def test_no_byte_goes_missing_in_the_stream(values: list[bytes]) -> None:
    stream = FrameStream()
    frames = [found for value in values for found in stream.push(value)]
    accounted = sum(map(len, frames)) + stream.skipped + len(stream._rest)
    assert (sum(map(len, values)) - accounted) % 8 == 0  # clocks alone are not counted
    assert accounted <= sum(map(len, values))
