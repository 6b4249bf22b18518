"""MetaMotion S and R: two streams without time, joined by their count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.ble.families import family_of
from lift_monitor.drivers.ble.families import metamotion as ble
from lift_monitor.drivers.ble.family import Advertisement, Wish
from lift_monitor.drivers.emulated.families.metamotion import (
    MetaMotionPeripheral,
    MetaMotionRPeripheral,
)
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import Identity
from lift_monitor.drivers.formats import FormatError, make_decoder
from lift_monitor.drivers.formats import metamotion as codec
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

IDENTITY = Identity("C0:FF:EE:00:00:02", "MetaWear", "05A1B2")
ACC_LSB = codec.acc_lsb_mps2(16.0)
GYR_LSB = codec.gyr_lsb_radps(2000.0)
BOARDS = [MetaMotionPeripheral, MetaMotionRPeripheral]


def board(rate_hz: float = 100.0) -> MetaMotionPeripheral:
    return MetaMotionPeripheral(IDENTITY, CountingMotion(rate_hz))


RUN = session(board(), seconds=4.0)


def info(acc_g: float | None = 16.0, gyr_dps: float | None = 2000.0) -> SensorInfo:
    return SensorInfo(
        "s",
        Role.BAR,
        codec.NAME,
        nominal_rate_hz=100.0,
        acc_range_mps2=None if acc_g is None else acc_g * STANDARD_GRAVITY_MPS2,
        gyr_range_radps=None if gyr_dps is None else gyr_dps * RADPS_PER_DPS,
    )


def packet(hex_or_bytes: str | bytes, host_s: float = 0.0, channel: str = codec.DATA) -> Packet:
    payload = bytes.fromhex(hex_or_bytes) if isinstance(hex_or_bytes, str) else hex_or_bytes
    return Packet("s", channel, round(host_s * 1e9), payload)


def assert_counts(chunk: ImuChunk, rate_hz: float, first: int = 0) -> None:
    """The samples are those of the counting motion, none changed by more than half a count."""
    number = first + np.arange(len(chunk))
    # The motion runs for half a second before the start.
    acc, gyr = CountingMotion(rate_hz).at(0.5 + number / rate_hz)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, atol=0.51 * ACC_LSB)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr, atol=0.51 * GYR_LSB)


def test_vector_of_packed_acceleration() -> None:
    decoder = make_decoder(info(8.0, 1000.0))
    acc = packet("03 05 62b7530de9fd16d04d0e57028affa1050a01")
    gyr = packet("13 07 0915ad2608de8a1a0d2665e48d20ac2773ec")
    assert len(decoder.feed(acc)) == 0
    chunk = decoder.feed(gyr)
    assert len(chunk) == 3
    np.testing.assert_allclose(
        chunk.acc_sensor_mps2[0] / STANDARD_GRAVITY_MPS2, [-4.539, 0.833, -0.131], atol=6e-4
    )
    np.testing.assert_allclose(
        chunk.gyr_sensor_radps[0] / RADPS_PER_DPS, [164.177, 301.860, -265.122], atol=6e-4
    )
    assert np.isnan(chunk.time_s).all()
    assert np.isnan(chunk.sensor_time_s).all()


def test_the_emulated_board_is_started_and_stopped_by_the_vendors_commands() -> None:
    peripheral = board()
    peripheral.connect(0.0)
    peripheral.subscribe(ble.NOTIFY, True, 0.0)
    start = "0303A803 13032800 030501 130501 03020100 13020100 030101 130101"
    for command in start.split():
        assert peripheral.due(0.5) == []
        peripheral.write(ble.COMMAND, bytes.fromhex(command), 0.5)
    sent = [item.payload for item in peripheral.due(1.5)]
    assert [payload[:2].hex() for payload in sent[:4]] == ["0305", "1305", "0305", "1305"]
    assert {len(payload) for payload in sent} == {20}
    for command in ("030100", "130100", "03020001", "13020001", "030500", "130500"):
        peripheral.write(ble.COMMAND, bytes.fromhex(command), 1.5)
    assert peripheral.due(2.5) == []


def test_the_emulated_board_answers_as_real_ones_do() -> None:
    answers = {
        MetaMotionPeripheral: {"0380": "03800400", "1380": "13800100", "1180": "1180"},
        MetaMotionRPeripheral: {"0380": "03800101", "1380": "13800001", "4280": "4280"},
    }
    for kind, dialogue in answers.items():
        peripheral = kind(replace(IDENTITY, battery_pct=99.0), CountingMotion(100.0))
        peripheral.connect(0.0)
        peripheral.subscribe(ble.NOTIFY, True, 0.0)
        for question, answer in {**dialogue, "11cc": "118c633410"}.items():
            peripheral.write(ble.COMMAND, bytes.fromhex(question), 0.0)
            assert [item.payload.hex() for item in peripheral.due(0.0)] == [answer]


@pytest.mark.parametrize("kind", BOARDS)
@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 200.0])
@pytest.mark.parametrize("step_s", [0.01, 0.24])
def test_every_sample_arrives_in_order_with_its_value(
    kind: type[MetaMotionPeripheral], rate_hz: float, step_s: float
) -> None:
    peripheral = kind(IDENTITY, CountingMotion(rate_hz))
    run = session(peripheral, Wish(rate_hz=rate_hz), step_s=step_s)
    assert run.setup.rate_hz == rate_hz
    assert run.setup.acc_range_mps2 == pytest.approx(16 * STANDARD_GRAVITY_MPS2)
    assert run.setup.gyr_range_radps == pytest.approx(2000 * RADPS_PER_DPS)
    assert run.setup.serial == "05A1B2"
    assert run.setup.model == {"8": "MetaMotion S", "5": "MetaMotion R"}[kind.model]
    assert run.setup.warnings == ()
    assert run.battery_pct == 87.0
    assert not run.blinked
    chunk = run.decode()
    assert len(chunk) == int(10 * rate_hz + 1) // 3 * 3
    assert_counts(chunk, rate_hz)
    assert not chunk.quality.any()
    assert bool(peripheral.connection_wish) == (rate_hz > 100)


def test_a_board_is_recognised_by_service_or_name() -> None:
    for seen in (
        board().advertisement,
        Advertisement("a", "MetaWear"),
        Advertisement("a", "", (ble.SERVICE,)),
    ):
        assert family_of(seen) is ble.FAMILY
    assert family_of(Advertisement("a", "Headphones")) is None


def test_the_recording_alone_tells_the_scale() -> None:
    for kind in BOARDS:
        run = session(kind(IDENTITY, CountingMotion(100.0)), Wish(100.0, 8.0, 1000.0), 1.0)
        bare = make_decoder(SensorInfo("s", Role.BAR, codec.NAME))
        np.testing.assert_array_equal(
            decode(bare, run.packets).acc_sensor_mps2, run.decode().acc_sensor_mps2
        )
        assert run.setup.acc_range_mps2 == pytest.approx(8 * STANDARD_GRAVITY_MPS2)
        with pytest.raises(FormatError, match="scale"):
            make_decoder(SensorInfo("s", Role.BAR, codec.NAME)).feed(run.data()[0])


def test_full_scale_is_marked_as_saturated() -> None:
    rows = np.array([[1e3, 0, 0], [0, 0, -1e3], [1, 1, 1]])
    decoder = make_decoder(info())
    decoder.feed(packet(codec.encode(codec.ACC, 5, rows, ACC_LSB)))
    chunk = decoder.feed(packet(codec.encode(codec.GYR, 5, rows[[2, 1, 0]], GYR_LSB)))
    assert chunk.quality.tolist() == [
        Quality.ACC_SATURATED,
        Quality.ACC_SATURATED | Quality.GYR_SATURATED,
        Quality.GYR_SATURATED,
    ]


def test_a_notification_handed_over_twice_counts_once() -> None:
    doubled = [p for packet_ in RUN.packets for p in (packet_, packet_)]
    assert_counts(RUN.decode(doubled), 100.0)


@pytest.mark.parametrize("module", [codec.ACC, codec.GYR], ids=["acc", "gyr"])
@pytest.mark.parametrize("step_s", [0.01, 0.03, 0.05, 0.2])
@pytest.mark.parametrize("skip", [30, 31, 60])
def test_a_loss_never_shifts_one_stream_against_the_other_for_good(
    module: int, step_s: float, skip: int
) -> None:
    run = session(board(), seconds=6.0, step_s=step_s)
    own = [p for p in run.data() if p.payload[0] == module]
    chunk = run.decode([p for p in run.packets if p is not own[skip]])
    (jump,) = np.flatnonzero(chunk.quality & Quality.CLOCK_JUMP).tolist()
    assert jump - 3 * skip < 20 + 100 * step_s  # a short window and a burst later
    after = len(chunk) - jump
    assert_counts(chunk[: 3 * skip], 100.0)
    assert_counts(chunk[jump:], 100.0, 600 - after)
    assert len(chunk) == 597


def test_many_losses_of_both_streams_end_aligned() -> None:
    rng = np.random.default_rng(4)
    run = session(board(), seconds=20.0)
    lost = rng.random(len(run.packets)) < 0.05
    lost[:4] = lost[-100:] = False
    chunk = run.decode([p for p, gone in zip(run.packets, lost, strict=True) if not gone])
    assert_counts(chunk[-60:], 100.0, 1941)


def test_a_stream_that_wakes_later_is_joined_to_the_newest_of_the_other() -> None:
    late = [p for p in RUN.data() if not (p.payload[0] == codec.GYR and p.host_time_ns < 2.1e9)]
    config = RUN.data(codec.CONFIG)
    chunk = RUN.decode([*config, *late])
    count = len(chunk)
    assert 300 < count < 360
    assert_counts(chunk, 100.0, 399 - count)
    assert not chunk.quality.any()


@pytest.mark.parametrize("module", [codec.ACC, codec.GYR], ids=["acc", "gyr"])
@pytest.mark.parametrize("arrival", ["even", "at once"])
def test_a_silent_stream_gives_no_samples_and_takes_no_room(module: int, arrival: str) -> None:
    decoder = make_decoder(info())
    rng = np.random.default_rng(0)
    other = codec.ACC + codec.GYR - module
    decoder.feed(packet(codec.encode(other, 5, np.ones((3, 3)), 0.01)))
    decoder.feed(packet(codec.encode(module, 5, np.ones((3, 3)), 0.01)))
    size = 0
    for number in range(2000):
        host_s = number * 0.03 if arrival == "even" else 1.0
        values = rng.normal(size=(3, 3))
        assert len(decoder.feed(packet(codec.encode(module, 5, values, 0.01), host_s))) == 0
        size = max(size, held(decoder))
    assert size < 6 * 650


def test_single_samples_are_read_too() -> None:
    decoder = make_decoder(info())
    rows = np.arange(30.0).reshape(10, 3)
    chunks = []
    for k in range(10):
        decoder.feed(packet(codec.encode(codec.ACC, 4, rows[k : k + 1], ACC_LSB), k * 0.01))
        one = codec.encode(codec.GYR, 4, 0.01 * rows[k : k + 1], GYR_LSB)
        chunks.append(decoder.feed(packet(one, k * 0.01)))
    chunk = ImuChunk.concatenate(chunks)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, rows, atol=ACC_LSB)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, 0.01 * rows, atol=GYR_LSB)


def test_a_torn_notification_never_shifts_the_streams() -> None:
    torn = RUN.data()[40].payload[:8]  # as long as one of a single sample
    decoder = make_decoder(RUN.info)
    decode(decoder, RUN.data(codec.CONFIG))
    with pytest.raises(FormatError, match="no samples"):
        decoder.feed(packet(torn))


def test_a_new_link_forgets_what_was_unpaired() -> None:
    decoder = make_decoder(info())
    good = RUN.data()
    decode(decoder, good[:11])  # ends with an acceleration that has no partner yet
    decoder.restart()
    chunk = decode(decoder, good[40:60])
    assert_counts(chunk, 100.0, 60)


class Foreign(MetaMotionPeripheral):
    infos = {codec.ACC: bytes([3, 0]), codec.GYR: bytes([1, 0])}  # noqa: RUF012


class WithoutGyroscope(MetaMotionPeripheral):
    infos = {codec.ACC: bytes([4, 0]), codec.GYR: b""}  # noqa: RUF012


class Mute(MetaMotionPeripheral):
    def send(self, uuid: str, payload: bytes) -> None:
        pass


class Stubborn(MetaMotionPeripheral):
    """Keeps the rate and ranges that it woke with."""

    power_up = {codec.ACC: bytes([0xA7, 2]), codec.GYR: bytes([0x27, 1])}  # noqa: RUF012

    def _valid(self, module: int, config: bytes) -> bool:
        return False


class Discreet(MetaMotionPeripheral):
    """Does not answer what it was set to."""

    def send(self, uuid: str, payload: bytes) -> None:
        if payload[1] != codec.READ:
            super().send(uuid, payload)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Foreign, "other motion chips"),
        (WithoutGyroscope, "other motion chips"),
        (Mute, "switch the sensor off and on"),
    ],
)
def test_a_board_that_cannot_serve_says_why(
    kind: type[MetaMotionPeripheral], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words in fails(kind(IDENTITY, CountingMotion(100.0)), monkeypatch)


def test_what_a_board_did_not_take_is_told_and_read_as_it_is() -> None:
    run = session(Stubborn(IDENTITY, CountingMotion(50.0)), seconds=2.0)
    assert run.setup.rate_hz is None
    assert "100 Hz" in run.setup.warnings[0]
    assert run.setup.acc_range_mps2 == pytest.approx(8 * STANDARD_GRAVITY_MPS2)
    assert_counts(run.decode(), 50.0)


def test_settings_that_are_not_confirmed_are_put_to_the_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from lift_monitor.drivers.ble.family import Answers

    monkeypatch.setattr(Answers, "wait_s", 0.01)
    run = session(Discreet(IDENTITY, CountingMotion(100.0)), seconds=2.0)
    assert "1 g" in run.setup.warnings[0]
    assert_counts(run.decode(), 100.0)


def test_a_board_left_sampling_by_a_lost_link_starts_afresh() -> None:
    peripheral = board()
    session(peripheral, seconds=1.0)
    peripheral.disconnect(3.0)
    peripheral.connect(3.0)
    for command in ("030501", "130501", "03020100", "13020100", "030101", "130101"):
        peripheral.write(ble.COMMAND, bytes.fromhex(command), 3.0)
    peripheral.disconnect(4.0)
    run: Session = session(peripheral, seconds=2.0)
    assert len(run.decode()) == 201


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.floats(-200, 200)] * 3), min_size=3, max_size=3),
    acc_g=st.sampled_from([2.0, 4.0, 8.0, 16.0]),
    dps=st.sampled_from([125.0, 250.0, 500.0, 1000.0, 2000.0]),
)
def test_what_is_encoded_is_decoded_within_half_a_count(
    rows: list[tuple[float, float, float]], acc_g: float, dps: float
) -> None:
    acc_lsb, gyr_lsb = codec.acc_lsb_mps2(acc_g), codec.gyr_lsb_radps(dps)
    acc = np.clip(np.array(rows), -32766 * acc_lsb, 32766 * acc_lsb)
    gyr = np.clip(np.array(rows), -32766 * gyr_lsb, 32766 * gyr_lsb)
    decoder = make_decoder(info(acc_g, dps))
    decoder.feed(packet(codec.encode(codec.ACC, 0x1C, acc, acc_lsb)))
    chunk = decoder.feed(packet(codec.encode(codec.GYR, 0x07, gyr, gyr_lsb)))
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, atol=0.501 * acc_lsb)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr, atol=0.501 * gyr_lsb)
    assert not chunk.quality.any()


@settings(max_examples=150, deadline=None)
@given(packets=hostile_packets(RUN.packets[:60], [codec.DATA, codec.CONFIG]))
def test_no_bytes_do_more_than_be_refused(packets: list[Packet]) -> None:
    decoder = make_decoder(RUN.info)
    feed_anything(decoder, packets)
    assert held(decoder) < 4000
    later = [replace(p, host_time_ns=p.host_time_ns + 60_000_000_000) for p in RUN.packets]
    chunk = decode(decoder, later)
    # The last two seconds are whole again, whatever came before.
    assert_counts(chunk[-150:], 100.0, 249)


@settings(max_examples=60, deadline=None)
@given(
    packets=hostile_packets(RUN.packets[:60], [codec.DATA, codec.CONFIG]), cut=st.integers(0, 12)
)
def test_hostile_packets_together_are_those_alone(packets: list[Packet], cut: int) -> None:
    assert_alike(RUN.info, packets, cut)
