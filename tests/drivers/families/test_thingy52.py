"""Nordic Thingy:52: one sample a notification, no time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.ble.families import family_of
from lift_monitor.drivers.ble.families import thingy52 as ble
from lift_monitor.drivers.ble.family import Advertisement, Wish
from lift_monitor.drivers.emulated.families.thingy52 import Thingy52Peripheral
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import Identity, RefusedError
from lift_monitor.drivers.formats import TimeBase, make_decoder
from lift_monitor.drivers.formats import thingy52 as codec
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality, Role, SensorInfo
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2
from tests.drivers.families.recorded import (
    assert_alike,
    decode,
    fails,
    feed_anything,
    held,
    session,
)
from tests.drivers.families.recorded import hostile as hostile_packets

INFO = SensorInfo("s", Role.BAR, codec.NAME)


def thingy(rate_hz: float = 100.0) -> Thingy52Peripheral:
    return Thingy52Peripheral(
        Identity("C0:FF:EE:00:00:05", "Thingy", "52"), CountingMotion(rate_hz)
    )


RUN = session(thingy())


def packet(payload: bytes, host_s: float = 0.0) -> Packet:
    return Packet("s", codec.RAW, round(host_s * 1e9), payload)


def assert_counts(chunk: ImuChunk, rate_hz: float, first: int = 0) -> None:
    acc, gyr = CountingMotion(rate_hz).at(0.5 + (first + np.arange(len(chunk))) / rate_hz)
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, atol=0.51 * codec.ACC_LSB_MPS2)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr, atol=0.51 * codec.GYR_LSB_RADPS)


def test_the_layout_of_a_value() -> None:
    # 1 g down the z axis, 10 deg/s about x, -10 about y; then the magnetometer.
    data = bytes.fromhex("0000 0000 0004 4001 C0FE 0000 1000 2000 3000".replace(" ", ""))
    decoder = make_decoder(INFO)
    chunk = decoder.feed(packet(data, 2.5))
    np.testing.assert_allclose(chunk.acc_sensor_mps2, [[0, 0, STANDARD_GRAVITY_MPS2]])
    np.testing.assert_allclose(chunk.gyr_sensor_radps / RADPS_PER_DPS, [[10, -10, 0]])
    assert np.isnan([chunk.time_s[0], chunk.sensor_time_s[0]]).all()
    assert chunk.host_time_s.tolist() == [2.5]
    assert decoder.time_base is TimeBase.COUNT


def test_the_acceleration_of_a_real_one_on_a_table_is_one_g() -> None:
    # Nordic DevZone question 47415: a Thingy:52 that lay on a table.
    data = bytes.fromhex("FAFFF4FFF603") + bytes(12)
    chunk = make_decoder(INFO).feed(packet(data))
    assert np.linalg.norm(chunk.acc_sensor_mps2) == pytest.approx(STANDARD_GRAVITY_MPS2, rel=0.02)


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 200.0])
@pytest.mark.parametrize("step_s", [0.01, 0.25])
def test_every_sample_arrives_in_order_with_its_value(rate_hz: float, step_s: float) -> None:
    run = session(thingy(rate_hz), Wish(rate_hz), step_s=step_s)
    assert run.setup.rate_hz == rate_hz
    assert run.setup.acc_range_mps2 is None
    assert "knock" in run.setup.warnings[0]
    assert (len(run.setup.warnings) == 2) == (rate_hz < 100)
    assert run.battery_pct == 87.0
    assert run.blinked
    assert {len(p.payload) for p in run.packets} == {18}
    chunk = run.decode()
    assert len(chunk) == 10 * rate_hz + 1
    assert_counts(chunk, rate_hz)
    assert not chunk.quality.any()


def test_only_the_rate_is_changed() -> None:
    peripheral = thingy()
    peripheral.config = ble.CONFIG_LAYOUT.pack(100, 200, 300, 5, 0)
    session(peripheral, Wish(1000.0), seconds=0.1)
    assert ble.CONFIG_LAYOUT.unpack(peripheral.config) == (100, 200, 300, 200, 0)
    assert peripheral.blinked == 1


def test_it_is_recognised_by_service_or_name() -> None:
    for seen in (
        thingy().advertisement,
        Advertisement("a", "Thingy"),
        Advertisement("a", "", (ble.CONFIGURATION_SERVICE,)),
    ):
        assert family_of(seen) is ble.FAMILY


@pytest.mark.parametrize(
    "config",
    ["f401f401f4010400 01", "f401f401f401c900 01", "0000f401f4016400 01", "f401f401f4016400 02"],
    ids=["too slow", "too fast", "interval", "wake"],
)
def test_the_emulated_one_refuses_what_is_out_of_range(config: str) -> None:
    peripheral = thingy()
    peripheral.connect(0.0)
    before = peripheral.config
    for bad in (bytes.fromhex(config), bytes.fromhex(config)[:-1]):
        with pytest.raises(RefusedError):
            peripheral.write(ble.MOTION_CONFIG, bad, 0.0)
    with pytest.raises(RefusedError):
        peripheral.write(ble.LIGHT, b"\x03\x01", 0.0)
    assert peripheral.config == before
    assert peripheral.blinked == 0


class Other(Thingy52Peripheral):
    def on_read(self, uuid: str, now_s: float) -> bytes:
        return b"\x01\x02"


def test_another_firmware_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    other = Other(thingy().identity, CountingMotion(100.0))
    assert "firmware" in fails(other, monkeypatch)


def test_one_without_a_motion_service_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    peripheral = thingy()
    peripheral.own_services = peripheral.own_services[1:]  # type: ignore[misc]
    assert "no characteristic" in fails(peripheral, monkeypatch)


def test_a_value_handed_over_twice_counts_once() -> None:
    chunk = RUN.decode([p for one in RUN.packets for p in (one, one)])
    assert len(chunk) == 1001
    assert_counts(chunk, 100.0)
    decoder = make_decoder(INFO)
    assert len(decoder.feed(RUN.packets[0])) == 1
    decoder.restart()
    assert len(decoder.feed(RUN.packets[0])) == 1


def test_full_scale_is_marked_as_saturated() -> None:
    decoder = make_decoder(INFO)
    hard = decoder.feed(packet(codec.encode(np.array([0, -1e4, 0]), np.zeros(3))))
    fast = decoder.feed(packet(codec.encode(np.zeros(3), np.array([0, 0, 1e3]))))
    assert [hard.quality[0], fast.quality[0]] == [Quality.ACC_SATURATED, Quality.GYR_SATURATED]


@settings(max_examples=150, deadline=None)
@given(acc=st.tuples(*[st.floats(-313, 313)] * 3), gyr=st.tuples(*[st.floats(-17, 17)] * 3))
def test_what_is_encoded_is_decoded_within_half_a_count(
    acc: tuple[float, float, float], gyr: tuple[float, float, float]
) -> None:
    chunk = make_decoder(INFO).feed(packet(codec.encode(np.array(acc), np.array(gyr))))
    np.testing.assert_allclose(chunk.acc_sensor_mps2, [acc], atol=0.501 * codec.ACC_LSB_MPS2)
    np.testing.assert_allclose(chunk.gyr_sensor_radps, [gyr], atol=0.501 * codec.GYR_LSB_RADPS)
    assert not chunk.quality.any()


@settings(max_examples=150, deadline=None)
@given(packets=hostile_packets(RUN.packets[:30], [codec.RAW]))
def test_no_bytes_do_more_than_be_refused(packets: list[Packet]) -> None:
    decoder = make_decoder(INFO)
    feed_anything(decoder, packets)
    assert held(decoder) < 100
    later = [replace(p, host_time_ns=p.host_time_ns + 60_000_000_000) for p in RUN.packets[40:90]]
    assert_counts(decode(decoder, later), 100.0, 40)


@settings(max_examples=60, deadline=None)
@given(packets=hostile_packets(RUN.packets[:30], [codec.RAW]), cut=st.integers(0, 12))
def test_hostile_packets_together_are_those_alone(packets: list[Packet], cut: int) -> None:
    assert_alike(INFO, packets, cut)
