"""Polar H10 and Verity Sense: whole sessions, refusals, faults."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest

from lift_monitor.drivers.ble.families import family_of
from lift_monitor.drivers.ble.families import polar as ble
from lift_monitor.drivers.ble.family import Advertisement, Wish
from lift_monitor.drivers.emulated.families.polar import (
    PolarH10Peripheral,
    PolarVerityNewPeripheral,
    PolarVerityPeripheral,
)
from lift_monitor.drivers.emulated.motion import CountingMotion
from lift_monitor.drivers.emulated.peripheral import DeviceClock
from lift_monitor.drivers.formats import make_decoder
from lift_monitor.drivers.formats.pmd import ACC, GYR
from lift_monitor.samples import Quality
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2
from tests.drivers.families.polar_sensors import (
    H10,
    H10_RUN,
    RUNS,
    OldVerity,
    assert_counts,
    h10,
    info,
    verity,
)
from tests.drivers.families.recorded import (
    Session,
    decode,
    fails,
    session,
)


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
