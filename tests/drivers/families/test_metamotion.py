"""MetaMotion S and R: vectors, whole sessions, refusals."""

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
from lift_monitor.drivers.formats import FormatError, make_decoder
from lift_monitor.drivers.formats import metamotion as codec
from lift_monitor.samples import Quality, Role, SensorInfo
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2
from tests.drivers.families.metamotion_board import (
    ACC_LSB,
    BOARDS,
    GYR_LSB,
    IDENTITY,
    assert_counts,
    board,
    info,
    packet,
)
from tests.drivers.families.recorded import (
    Session,
    decode,
    fails,
    session,
)


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
