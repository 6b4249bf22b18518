"""A board of one's own: set up, started, read, stopped; its page in the docs says the same."""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.ble.families import family_of
from lift_monitor.drivers.ble.families import open_imu as ble
from lift_monitor.drivers.ble.family import Setup, Wish
from lift_monitor.drivers.ble.link import LinkError
from lift_monitor.drivers.emulated.direct import DirectLink
from lift_monitor.drivers.emulated.families.open_imu import OpenImuPeripheral
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import DeviceClock, Identity, RefusedError
from lift_monitor.drivers.formats import FormatError, TimeBase, make_decoder
from lift_monitor.drivers.formats import open_imu as codec
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

WRAP_US = 2**32
WRAP_S = WRAP_US * 1e-6
IDENTITY = Identity("C0:FF:EE:00:00:01", "Board 1", "B1")
INFO = SensorInfo("b", Role.BAR, codec.NAME)


def board(clock: DeviceClock = DeviceClock(), rate_hz: float = 100.0) -> OpenImuPeripheral:
    return OpenImuPeripheral(IDENTITY, CountingMotion(rate_hz), clock)


RUN = session(board(), seconds=4.0)
WRAPPING = session(board(DeviceClock(WRAP_S - 2.0)), seconds=4.0)


def packet(payload: bytes, host_s: float = 0.0) -> Packet:
    return Packet("b", codec.CHANNEL, round(host_s * 1e9), payload)


def assert_counts(chunk: ImuChunk, rate_hz: float, first: int = 0) -> None:
    acc, gyr = CountingMotion(rate_hz).at(0.5 + (first + np.arange(len(chunk))) / rate_hz)
    half_counts = 0.51 * 16 * STANDARD_GRAVITY_MPS2 / 32767, 0.51 * 2000 * RADPS_PER_DPS / 32767
    np.testing.assert_allclose(chunk.acc_sensor_mps2, acc, atol=half_counts[0])
    np.testing.assert_allclose(chunk.gyr_sensor_radps, gyr, atol=half_counts[1])


# --- The page in the docs ---


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "open-imu-format.md").read_text("utf-8")


def test_the_example_of_the_page_reads_as_it_says(page: str) -> None:
    match = re.search(r"```hex\n(.*?)```", page, re.DOTALL)
    assert match is not None
    payload = bytes.fromhex(match[1])
    chunk = make_decoder(INFO).feed(packet(payload))
    np.testing.assert_allclose(chunk.sensor_time_s, [4294.962295, 4294.972295], atol=1e-9)
    np.testing.assert_allclose(
        chunk.acc_sensor_mps2, [[0, 0, 9.8047], [159.9951, -4.8828, 9.8047]], atol=1e-4
    )
    np.testing.assert_allclose(
        chunk.gyr_sensor_radps, [[0.5, -0.25, 0], [-31.9990, 0, 0.0625]], atol=1e-4
    )
    assert chunk.quality.tolist() == [0, Quality.ACC_SATURATED | Quality.GYR_SATURATED]
    again = codec.encode(
        7, 4294962295, 10_000, chunk.acc_sensor_mps2, chunk.gyr_sensor_radps, 5 / 1024, 1 / 1024
    )
    assert again == payload


def test_the_page_names_every_characteristic_once_in_table_and_sketch(page: str) -> None:
    for uuid in (ble.SERVICE, ble.DATA, ble.FACTS, ble.RATE, ble.SHOW):
        assert page.count(uuid) == 2
    assert ble.FACTS_LAYOUT.size == 26


# --- Whole sessions ---


@pytest.mark.parametrize("start_s", [0.0, WRAP_S - 1.0], ids=["fresh", "clock wraps"])
@pytest.mark.parametrize("rate_hz", [10.0, 50.0, 100.0, 200.0])
def test_every_sample_arrives_in_order_with_its_value(start_s: float, rate_hz: float) -> None:
    run = session(board(DeviceClock(start_s), rate_hz), Wish(rate_hz))
    assert run.setup.rate_hz == rate_hz
    assert run.setup.serial == "B1"
    assert run.setup.acc_range_mps2 == pytest.approx(16 * STANDARD_GRAVITY_MPS2)
    assert run.setup.gyr_range_radps == pytest.approx(2000 * RADPS_PER_DPS)
    assert any("marginal" in text for text in run.setup.warnings) == (rate_hz < 100)
    assert run.battery_pct == 87.0
    assert run.blinked
    chunk = run.decode()
    n = max(1, int(0.04 * rate_hz))
    assert len(chunk) == int(10 * rate_hz + 1) // n * n
    assert_counts(chunk, rate_hz)
    np.testing.assert_allclose(np.diff(chunk.sensor_time_s), 1 / rate_hz, atol=2e-6)
    assert not chunk.quality.any()
    sequence = [struct.unpack_from("<H", p.payload, 2)[0] for p in run.packets]
    assert sequence == list(range(len(sequence)))


def test_a_board_is_recognised_by_its_service() -> None:
    assert family_of(board().advertisement) is ble.FAMILY
    assert make_decoder(INFO).time_base is TimeBase.SENSOR


class Modest(OpenImuPeripheral):
    """Keeps its rate, has 4 g, and tells nothing else."""

    facts = (1, 0, 60.0, 4 * STANDARD_GRAVITY_MPS2, 0.0, 0.0, 0.0, 0.0)

    def on_read(self, uuid: str, now_s: float) -> bytes:
        return ble.FACTS_LAYOUT.pack(*self.facts) + b"later additions"

    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        raise RefusedError(0x80)


class Silent(Modest):
    facts = (1, 0, float("nan"), float("inf"), -1.0, 0.0, 0.0, 0.0)


class Newer(Modest):
    facts = (2, 0, 60.0, 1.0, 1.0, 1.0, 1.0, 1.0)


def configured(peripheral: OpenImuPeripheral) -> Setup:
    driver = ble.FAMILY.driver(DirectLink(peripheral), Wish(), lambda _c, _v: None)
    return asyncio.run(driver.configure())


def test_what_the_board_keeps_is_believed_and_told() -> None:
    setup = configured(Modest(IDENTITY, CountingMotion(60.0)))
    assert setup.rate_hz == 60.0
    assert setup.gyr_range_radps is None
    assert "60 samples a second" in setup.warnings[0]
    assert "up to 4 g" in setup.warnings[1]
    silent = configured(Silent(IDENTITY, CountingMotion(60.0)))
    assert (silent.rate_hz, silent.acc_range_mps2, silent.gyr_range_radps) == (None, None, None)
    assert len(silent.warnings) == 2


def test_a_newer_board_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = Newer(IDENTITY, CountingMotion(60.0))
    assert "another version" in fails(newer, monkeypatch)


def test_the_emulated_board_refuses_bad_rates_and_any_while_it_sends() -> None:
    peripheral = board()
    peripheral.connect(0.0)
    for bad in (b"", b"\x00" * 5, struct.pack("<f", float("nan")), struct.pack("<f", -1.0)):
        with pytest.raises(RefusedError):
            peripheral.write(ble.RATE, bad, 0.0)
    peripheral.write(ble.RATE, struct.pack("<f", 1e9), 0.0)
    assert peripheral.read(ble.RATE, 0.0) == struct.pack("<f", 200.0)
    peripheral.subscribe(ble.DATA, True, 0.0)
    with pytest.raises(RefusedError):
        peripheral.write(ble.RATE, struct.pack("<f", 50.0), 0.0)
    assert peripheral.read(ble.RATE, 0.0) == struct.pack("<f", 200.0)


def test_a_lost_link_is_told() -> None:
    peripheral = board()
    link = DirectLink(peripheral)
    peripheral.disconnect(0.0)
    driver = ble.FAMILY.driver(link, Wish(), lambda _c, _v: None)
    with pytest.raises(LinkError, match="not connected"):
        asyncio.run(driver.configure())


# --- Faults ---


@pytest.mark.parametrize("lag", [1, 3])
def test_doubled_and_swapped_packets_do_not_disturb_the_clock(lag: int) -> None:
    whole = WRAPPING.decode()
    assert (np.diff(whole.sensor_time_s) > 0).all()
    disturbed: list[Packet] = []
    for number, one in enumerate(WRAPPING.packets):
        disturbed.append(one)
        if number % 2:
            late = WRAPPING.packets[max(0, number - lag)]
            disturbed.append(replace(late, host_time_ns=one.host_time_ns))
    chunk = WRAPPING.decode(disturbed)
    times, first = np.unique(chunk.sensor_time_s.round(6), return_index=True)
    np.testing.assert_allclose(times, whole.sensor_time_s, atol=1e-6)
    np.testing.assert_array_equal(chunk.acc_sensor_mps2[first], whole.acc_sensor_mps2)


@pytest.mark.parametrize("pause_s", [10.0, 3000.0, 9000.0])
def test_a_long_pause_is_as_long_as_it_was(pause_s: float) -> None:
    # The counter wraps every 71.6 minutes, once or twice meanwhile.
    decoder = make_decoder(INFO)
    one = np.ones((1, 3))
    times = []
    for now_s in (0.0, pause_s):
        payload = codec.encode(0, round(now_s * 1e6), 10_000, one, one, 1.0, 1.0)
        times.append(decoder.feed(packet(payload, now_s + 0.1)).sensor_time_s[0])
    assert times[1] - times[0] == pytest.approx(pause_s)


@pytest.mark.parametrize(
    ("step_us", "n", "good"), [(0, 1, True), (0, 2, False), (10**6, 2, True), (10**6 + 1, 2, False)]
)
def test_a_step_that_cannot_be_is_refused(step_us: int, n: int, good: bool) -> None:
    payload = codec.encode(0, 0, step_us, np.ones((n, 3)), np.ones((n, 3)), 1.0, 1.0)
    decoder = make_decoder(INFO)
    if good:
        assert len(decoder.feed(packet(payload))) == n
    else:
        with pytest.raises(FormatError, match="step"):
            decoder.feed(packet(payload))


def test_the_minus_32768_of_a_chip_is_full_scale() -> None:
    payload = bytearray(codec.encode(0, 0, 1, np.zeros((1, 3)), np.zeros((1, 3)), 1.0, 1.0))
    payload[20:22] = struct.pack("<h", -32768)
    (quality,) = make_decoder(INFO).feed(packet(bytes(payload))).quality
    assert quality == Quality.ACC_SATURATED


triples = st.tuples(*[st.floats(-1e4, 1e4)] * 3)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(triples, triples), min_size=1, max_size=40),
    seq=st.integers(0, 2**20),
    first_us=st.integers(0, 2**40),
    scales=st.tuples(*[st.floats(2**-13, 1.0, width=32)] * 2),
)
def test_what_is_encoded_is_decoded_within_half_a_count(
    rows: Sequence[tuple[tuple[float, ...], tuple[float, ...]]],
    seq: int,
    first_us: int,
    scales: tuple[float, float],
) -> None:
    acc, gyr = (np.array([row[k] for row in rows]) for k in (0, 1))
    chunk = make_decoder(INFO).feed(packet(codec.encode(seq, first_us, 10_000, acc, gyr, *scales)))
    for values, sent, scale, mark in (
        (chunk.acc_sensor_mps2, acc, scales[0], Quality.ACC_SATURATED),
        (chunk.gyr_sensor_radps, gyr, scales[1], Quality.GYR_SATURATED),
    ):
        full = 32767 * scale
        np.testing.assert_allclose(values, np.clip(sent, -full, full), atol=0.501 * scale)
        beyond = (np.abs(sent) > full).any(axis=1)
        assert ((chunk.quality & mark) != 0)[beyond].all()
    np.testing.assert_allclose(np.diff(chunk.sensor_time_s), 0.01, atol=1e-9)
    assert round(chunk.sensor_time_s[0] * 1e6) == first_us % WRAP_US


@settings(max_examples=150, deadline=None)
@given(packets=hostile_packets(WRAPPING.packets[:60], [codec.CHANNEL]))
def test_no_bytes_do_more_than_be_refused(packets: list[Packet]) -> None:
    decoder = make_decoder(INFO)
    feed_anything(decoder, packets)
    assert held(decoder) < 20
    later = [replace(p, host_time_ns=p.host_time_ns + 60_000_000_000) for p in WRAPPING.packets]
    chunk = decode(decoder, later)
    assert_counts(chunk, 100.0)
    np.testing.assert_allclose(np.diff(chunk.sensor_time_s), 0.01, atol=2e-6)


@settings(max_examples=50, deadline=None)
@given(packets=hostile_packets(WRAPPING.packets[:60], [codec.CHANNEL]), cut=st.integers(0, 12))
def test_hostile_packets_together_are_those_alone(packets: list[Packet], cut: int) -> None:
    assert_alike(INFO, packets, cut)
