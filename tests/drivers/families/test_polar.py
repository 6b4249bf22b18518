"""Polar H10 and Verity Sense: acceleration alone, and two compressed streams joined."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.ble.families import family_of
from lift_monitor.drivers.ble.families import polar as ble
from lift_monitor.drivers.ble.family import Advertisement, Wish
from lift_monitor.drivers.emulated.families.polar import (
    PolarH10Peripheral,
    PolarVerityNewPeripheral,
    PolarVerityPeripheral,
)
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import DeviceClock, Identity
from lift_monitor.drivers.formats import FormatError, TimeBase, make_decoder, pmd, polar_pmd
from lift_monitor.drivers.formats.pmd import ACC, GYR, MILLI_G_MPS2
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality, Role, SensorInfo
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2
from tests.drivers.families.recorded import (
    Session,
    assert_alike,
    decode,
    fails,
    feed_anything,
    held,
    session,
)
from tests.drivers.families.recorded import hostile as hostile_packets

H10 = Identity("C0:FF:EE:00:00:03", "Polar H10 1A2B3C4D", "1A2B3C4D")
SENSE = Identity("C0:FF:EE:00:00:04", "Polar Sense 5E6F7A8B", "5E6F7A8B")


class OldVerity(PolarVerityPeripheral):
    """Knows no SDK mode."""

    has_sdk_mode = False


def h10(rate_hz: float = 100.0) -> PolarH10Peripheral:
    return PolarH10Peripheral(H10, CountingMotion(rate_hz))


def verity(
    kind: type[PolarVerityPeripheral] = PolarVerityPeripheral, rate_hz: float = 104.0
) -> PolarVerityPeripheral:
    return kind(SENSE, CountingMotion(rate_hz))


H10_RUN = session(h10())
RUNS = [H10_RUN, session(verity()), session(verity(PolarVerityNewPeripheral))]


def info(rate_hz: float | None = 52.0) -> SensorInfo:
    return SensorInfo("s", Role.THORAX, polar_pmd.NAME, nominal_rate_hz=rate_hz)


def packet(data: str | bytes, host_s: float = 0.0, channel: str = polar_pmd.DATA) -> Packet:
    payload = bytes.fromhex(data) if isinstance(data, str) else data
    return Packet("s", channel, round(host_s * 1e9), payload)


def reply(data: str) -> Packet:
    return packet(data, channel=polar_pmd.CONTROL)


def assert_counts(chunk: ImuChunk, rate_hz: float, first: int = 0, gyro: bool = True) -> None:
    """The samples are those of the counting motion, none changed by more than half a count."""
    acc, gyr = CountingMotion(rate_hz).at(0.5 + (first + np.arange(len(chunk))) / rate_hz)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, atol=0.51 * MILLI_G_MPS2)
    half_count = 0.51 * RADPS_PER_DPS * 2000 / 32767
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr if gyro else 0.0, atol=half_count)


# --- The bytes of the reference ---


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


def dialogue(peripheral: PolarH10Peripheral, *requests: str) -> list[str]:
    peripheral.connect(0.0)
    peripheral.subscribe(ble.CONTROL_POINT, True, 0.0)
    for request in requests:
        peripheral.write(ble.CONTROL_POINT, bytes.fromhex(request), 0.0)
    return [item.payload.hex(" ") for item in peripheral.due(0.0)]


def test_the_emulated_sensors_answer_as_real_ones_do() -> None:
    start = "02 02 00 01 C8 00 01 01 10 00 02 01 08 00"
    assert dialogue(h10(), "0102", start, start, "0302", "0302", "0105", "0702") == [
        "f0 01 02 00 00 00 04 19 00 32 00 64 00 c8 00 01 01 10 00 02 03 02 00 04 00 08 00",
        "f0 02 02 00 00 01",
        "f0 02 02 06",
        "f0 03 02 00 00",
        "f0 03 02 06 00",
        "f0 01 05 02",
        "f0 07 02 01",
    ]
    start = "02 02 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03"
    old, new = (verity(k) for k in (PolarVerityPeripheral, PolarVerityNewPeripheral))
    assert dialogue(old, start)[0].startswith("f0 02 02 00 00 05 01")
    assert dialogue(new, start, "0209") == ["f0 02 02 00 00", "f0 02 09 0c"]


def test_the_driver_asks_for_what_the_reference_says() -> None:
    for peripheral, wish, expected in (
        (h10(), Wish(200.0), "02 02 00 01 c8 00 01 01 10 00 02 01 08 00"),
        (verity(OldVerity), Wish(), "02 02 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03"),
    ):
        with mock.patch.object(peripheral, "on_write", wraps=peripheral.on_write) as on_write:
            session(peripheral, wish, seconds=0.1)
        written = [call.args[1] for call in on_write.call_args_list]
        assert bytes.fromhex(expected) in written
        assert written[-1] == b"\x03\x02"


# --- Whole sessions ---


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 200.0])
@pytest.mark.parametrize("step_s", [0.01, 0.5])
def test_every_acceleration_of_the_h10_arrives_in_order(rate_hz: float, step_s: float) -> None:
    peripheral = h10(rate_hz)
    run = session(peripheral, Wish(rate_hz), step_s=step_s)
    assert not peripheral.measuring
    assert run.setup.rate_hz == rate_hz
    assert run.setup.acc_range_mps2 == pytest.approx(8 * STANDARD_GRAVITY_MPS2)
    assert run.setup.gyr_range_radps is None
    assert run.setup.serial == "1A2B3C4D"
    assert "no gyroscope" in run.setup.warnings[0]
    assert "8 g" in run.setup.warnings[-1]
    assert run.battery_pct == 87.0
    assert {len(p.payload) for p in run.data()} == {226}
    chunk = run.decode()
    assert len(chunk) == int(10 * rate_hz + 1) // 36 * 36
    assert_counts(chunk, rate_hz, gyro=False)
    assert (chunk.quality == Quality.NO_GYRO).all()
    np.testing.assert_allclose(np.diff(chunk.sensor_time_s), 1 / rate_hz, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "rate_hz"),
    [
        (OldVerity, 52.0),
        (PolarVerityPeripheral, 104.0),
        (PolarVerityNewPeripheral, 104.0),
        (PolarVerityPeripheral, 208.0),
    ],
)
def test_every_sample_of_the_verity_arrives_in_order(
    kind: type[PolarVerityPeripheral], rate_hz: float
) -> None:
    peripheral = verity(kind, rate_hz)
    run = session(peripheral, Wish(max(rate_hz, 100.0)))
    assert not peripheral.measuring
    assert not peripheral.in_sdk_mode
    assert run.setup.rate_hz == rate_hz
    assert run.setup.gyr_range_radps == pytest.approx(2000 * RADPS_PER_DPS)
    assert any("marginal" in text for text in run.setup.warnings) == (rate_hz < 100)
    assert any("cut off" in text for text in run.setup.warnings) == (kind is OldVerity)
    assert max(len(p.payload) for p in run.data()) <= 244
    chunk = run.decode()
    n = peripheral.samples_a_frame
    assert len(chunk) == int(10 * rate_hz + 1) // n * n
    assert_counts(chunk, rate_hz)
    assert not chunk.quality.any()
    np.testing.assert_allclose(np.diff(chunk.sensor_time_s), 1 / rate_hz, atol=1e-6)


def test_a_sensor_is_recognised_by_its_name() -> None:
    assert family_of(h10().advertisement) is ble.H10
    assert family_of(verity().advertisement) is ble.VERITY
    assert family_of(Advertisement("a", "Polar Vantage V2 0001")) is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ble.IN_STATE, "another program"),
        (ble.BAD_MTU, "adapter"),
        (ble.WRONG_STATE, "off and on"),
        (ble.IN_CHARGER, "charger"),
        (5, "error 5"),
    ],
)
def test_a_sensor_that_refuses_says_why(
    error: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for peripheral in (h10(), verity()):
        peripheral.start_error = error
        assert words in fails(peripheral, monkeypatch)


def test_a_mute_sensor_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    peripheral = h10()
    monkeypatch.setattr(peripheral, "send", lambda uuid, payload: None)
    assert "did not answer" in fails(peripheral, monkeypatch)


def test_a_sensor_left_streaming_is_started_anew() -> None:
    peripheral = h10()
    dialogue(peripheral, "02 02 00 01 C8 00 01 01 10 00 02 01 08 00")
    peripheral.disconnect(1.0)
    assert peripheral.measuring
    assert session(peripheral, seconds=2.0).setup.rate_hz == 100.0


# --- Faults ---


def test_the_clock_of_the_sensor_is_kept_as_it_runs() -> None:
    fast = PolarH10Peripheral(H10, CountingMotion(100.0), DeviceClock(error=0.01))
    chunk = session(fast).decode()
    lasting_s = chunk.sensor_time_s[-1] - chunk.sensor_time_s[0]
    assert lasting_s == pytest.approx((len(chunk) - 1) / 100.0, abs=1e-6)
    assert len(chunk) == 1011 // 36 * 36


@pytest.mark.parametrize("run", RUNS, ids=["h10", "verity", "new verity"])
def test_doubled_and_swapped_frames_disturb_nothing(run: Session) -> None:
    doubled = [p for one in run.packets for p in (one, one)]
    whole = run.decode()
    np.testing.assert_array_equal(run.decode(doubled).sensor_time_s, whole.sensor_time_s)
    swapped = list(run.packets)
    swapped[8], swapped[10] = swapped[10], swapped[8]
    chunk = run.decode(swapped)
    order = np.argsort(chunk.sensor_time_s, kind="stable")
    same = np.isin(np.round(chunk.sensor_time_s, 5), np.round(whole.sensor_time_s, 5))
    assert same.mean() > 0.9
    tail = slice(-300, None)
    np.testing.assert_allclose(chunk.acc_sensor_mps2[order][tail], whole.acc_sensor_mps2[tail])


def test_a_lost_frame_leaves_a_hole_and_moves_nothing() -> None:
    frames = [p for p in H10_RUN.packets if p is not H10_RUN.data()[5]]
    whole, chunk = H10_RUN.decode(), H10_RUN.decode(frames)
    kept = np.r_[0:180, 216 : len(whole)]
    np.testing.assert_allclose(chunk.sensor_time_s, whole.sensor_time_s[kept], atol=1e-6)
    np.testing.assert_array_equal(chunk.acc_sensor_mps2, whole.acc_sensor_mps2[kept])


def test_rotation_in_a_hole_of_the_acceleration_is_marked() -> None:
    run = RUNS[1]
    acc = [p for p in run.data() if p.payload[0] == ACC]
    frames = [p for p in run.packets if p not in acc[8:11]]
    chunk = run.decode(frames)
    assert len(chunk) == len(run.decode())
    gap = np.flatnonzero(chunk.quality & Quality.GAP)
    assert gap.tolist() == list(range(8 * 24, 11 * 24))


def test_a_silent_gyroscope_leaves_the_acceleration_alone_and_comes_back() -> None:
    run = RUNS[1]
    gyr = [p for p in run.data() if p.payload[0] == GYR]
    chunk = run.decode([p for p in run.packets if p not in gyr[4:24]])
    alone = (chunk.quality & Quality.NO_GYRO) != 0
    assert alone.sum() > 300
    assert not chunk.gyr_sensor_radps[alone].any()
    assert (np.diff(chunk.sensor_time_s) > 0).all()
    assert not chunk.quality[-300:].any()
    silent = run.decode([p for p in run.packets if p not in gyr])
    assert_counts(silent, 104.0, gyro=False)


def test_without_a_known_rate_it_is_measured() -> None:
    for run in RUNS:
        unknown = make_decoder(info(None))
        chunk, known = decode(unknown, run.packets), run.decode()
        np.testing.assert_allclose(chunk.sensor_time_s, known.sensor_time_s, atol=1e-6)
        np.testing.assert_array_equal(chunk.acc_sensor_mps2, known.acc_sensor_mps2)


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
