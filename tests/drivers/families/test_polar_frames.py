"""Polar Measurement Data: the bytes of frames and replies, good and bad."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.formats import FormatError, TimeBase, make_decoder, pmd, polar_pmd
from lift_monitor.drivers.formats.pmd import ACC, GYR, MILLI_G_MPS2
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import Quality
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2
from tests.drivers.families.polar_sensors import (
    RUNS,
    info,
    packet,
    reply,
)
from tests.drivers.families.recorded import (
    assert_alike,
    decode,
    feed_anything,
    held,
)
from tests.drivers.families.recorded import hostile as hostile_packets


def test_vector_of_compressed_milli_g() -> None:
    decoder = make_decoder(info())
    chunk = decoder.feed(packet("02 6500000000000000 81 F1FF1400F003 0601 7B0F08"))
    expected = np.array([[-15, 20, 1008], [-20, 17, 1008]]) * MILLI_G_MPS2
    np.testing.assert_allclose(chunk.acc_sensor_mps2, expected)
    assert (chunk.quality == Quality.NO_GYRO).all()
    assert decoder.time_base is TimeBase.SENSOR


def test_vector_of_compressed_rotation() -> None:
    frame = pmd.read_frame(
        bytes.fromhex("05 FFFFFFFFFFFFFF7F 80 EAFF08000D00 0301 DF00"), {GYR: 1.0}
    )
    np.testing.assert_allclose(
        frame.values / RADPS_PER_DPS, [[-22, 8, 13], [-23, 11, 16]], atol=1e-9
    )
    assert frame.last_ns == 2**63 - 1


def test_vector_of_raw_milli_g() -> None:
    chunk = make_decoder(info()).feed(packet("02 0094357700000000 01 F7FFFFFFE703 F8FFFEFFE503"))
    expected = np.array([[-9, -1, 999], [-8, -2, 997]]) * MILLI_G_MPS2
    np.testing.assert_allclose(chunk.acc_sensor_mps2, expected)
    np.testing.assert_allclose(chunk.sensor_time_s, [2.0 - 1 / 52, 2.0])


def test_floats_differ_by_their_bit_patterns() -> None:
    body = "0000803F 00002041 0000A041 1C 01 0000A00100000 8CDCCEC0D"
    frame = pmd.read_frame(bytes.fromhex("05 0094357700000000 81" + body.replace(" ", "")), {})
    np.testing.assert_allclose(
        frame.values / RADPS_PER_DPS, [[1.0, 10.0, 20.0], [10.0, 20.0, 1.1]], rtol=1e-6
    )


def test_the_beginning_of_a_real_frame_of_newer_firmware_is_a_hand_that_moves() -> None:
    # polar-ble-sdk issue 443: Verity Sense, replied F0 02 02 00 00, then sent this.
    data = bytes.fromhex(
        "0200416FC41245930A81EE021FFE82FF080A10DA20D6A30BD9CBE7D6F6C4E6F1E1F3E0151AFE281BF8372C2520131911"
    )
    decoder = make_decoder(info())
    decoder.feed(reply("F0 02 02 00 00"))
    chunk = decoder.feed(packet(data))
    assert len(chunk) == 11
    total_g = np.linalg.norm(chunk.acc_sensor_mps2, axis=1) / STANDARD_GRAVITY_MPS2
    assert ((total_g > 0.6) & (total_g < 1.2)).all()
    assert np.abs(np.diff(total_g)).max() < 0.1


def test_vectors_of_the_replies() -> None:
    offer = pmd.read_reply(
        bytes.fromhex(
            "F0 01 02 00 00 00 04 19 00 32 00 64 00 C8 00 01 01 10 00 02 03 02 00 04 00 08 00"
        )
    )
    settings_of = {pmd.RATE: (25.0, 50.0, 100.0, 200.0), pmd.RESOLUTION: (16.0,)}
    settings_of[pmd.RANGE] = (2.0, 4.0, 8.0)
    assert offer == pmd.Reply(pmd.SETTINGS, ACC, 0, settings_of)
    assert pmd.read_reply(bytes.fromhex("F0 02 02 00 00 01")) == pmd.Reply(pmd.START, ACC, 0, {})
    started = pmd.read_reply(bytes.fromhex("F0 02 02 00 00 05 01 40 DA 7F 39"))
    assert started.settings[pmd.FACTOR][0] == pytest.approx(0.000244, rel=1e-6)


def test_counts_without_a_scale_are_refused() -> None:
    decoder = make_decoder(info())
    frame = packet(pmd.encode_compressed(ACC, 10**9, 0, np.ones((2, 3), np.int64), 16))
    with pytest.raises(FormatError, match="scale"):
        decoder.feed(frame)
    decoder.feed(reply("F0 02 02 00 00 05 01 40 DA 7F 39"))
    chunk = decoder.feed(frame)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, 0.000244 * STANDARD_GRAVITY_MPS2, rtol=1e-6)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_full_scale_is_marked_as_saturated(size: int) -> None:
    full = (1 << (8 * size - 1)) - 1
    counts = np.array([[full, 0, 0], [0, -full - 1, 0], [0, 0, full - 1]], np.int64)
    chunk = make_decoder(info()).feed(packet(pmd.encode_raw(ACC, 10**9, counts, size)))
    clipped = Quality.NO_GYRO | Quality.ACC_SATURATED
    assert chunk.quality.tolist() == [clipped, clipped, Quality.NO_GYRO]


whole_numbers = st.integers(-32768, 32767)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(*[whole_numbers] * 3), min_size=1, max_size=30),
    kind=st.sampled_from([ACC, GYR]),
    last_ns=st.integers(0, 2**64 - 1),
)
def test_what_is_packed_is_unpacked(
    rows: list[tuple[int, int, int]], kind: int, last_ns: int
) -> None:
    counts = np.array(rows, np.int64)
    frame = pmd.read_frame(pmd.encode_compressed(kind, last_ns, 0, counts, 16), {kind: 0.5})
    unit = 0.5 * (STANDARD_GRAVITY_MPS2 if kind == ACC else RADPS_PER_DPS)
    np.testing.assert_allclose(frame.values, counts * unit)
    assert (frame.kind, frame.last_ns) == (kind, last_ns)
    raw = pmd.read_frame(pmd.encode_raw(ACC, last_ns, counts, 3), {})
    np.testing.assert_allclose(raw.values, counts * MILLI_G_MPS2)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(*[st.floats(width=32)] * 3), min_size=1, max_size=20))
def test_any_floats_are_unpacked_and_never_warn(rows: list[tuple[float, float, float]]) -> None:
    values = np.array(rows, np.float32)
    frame = pmd.encode_compressed(GYR, 1, 1, values.view(np.int32).astype(np.int64), 32)
    read = pmd.read_frame(frame, {}).values
    np.testing.assert_allclose(read, values.astype(float) * RADPS_PER_DPS)


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 2), data=st.data())
def test_no_bytes_do_more_than_be_refused(number: int, data: st.DataObject) -> None:
    run = RUNS[number]
    channels = [polar_pmd.DATA, polar_pmd.CONTROL]
    decoder = make_decoder(run.info)
    feed_anything(decoder, data.draw(hostile_packets(run.packets[:30], channels)))
    assert held(decoder) < 6 * 4096
    later = [replace(p, host_time_ns=p.host_time_ns + 60_000_000_000) for p in run.packets]
    chunk, whole = decode(decoder, later), run.decode()
    # The last two seconds are whole again, whatever came before.
    np.testing.assert_array_equal(chunk.acc_sensor_mps2[-200:], whole.acc_sensor_mps2[-200:])
    np.testing.assert_array_equal(chunk.gyr_sensor_radps[-200:], whole.gyr_sensor_radps[-200:])
    np.testing.assert_array_equal(chunk.quality[-200:], whole.quality[-200:])


@settings(max_examples=60, deadline=None)
@given(
    packets=hostile_packets(RUNS[1].packets[:30], [polar_pmd.DATA, polar_pmd.CONTROL]),
    cut=st.integers(0, 12),
)
def test_hostile_packets_together_are_those_alone(packets: list[Packet], cut: int) -> None:
    assert_alike(RUNS[1].info, packets, cut)
