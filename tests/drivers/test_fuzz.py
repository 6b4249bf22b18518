"""Hostile bytes: a short slice of the fuzz loop, and what the loop once found."""

from __future__ import annotations

import math
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from benchmarks.fuzz_attack import Attack, FuzzError, Tally, held, walk_road
from benchmarks.fuzz_corpus import CASES, Case, case_of
from benchmarks.fuzz_storm import WEATHERS, Storm
from lift_monitor.drivers import formats
from lift_monitor.drivers.clock import SessionClock
from lift_monitor.drivers.formats import (
    FormatError,
    TimeBase,
    float_rows,
    make_decoder,
    metamotion,
    movella_dot,
    movesense,
    polar_pmd,
)
from lift_monitor.drivers.formats.unwrap import Unwrapper
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import ImuChunk, Quality, Role, SensorInfo
from lift_monitor.units import FloatArray

_WRAP = 1 << 32
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    return case_of(str(request.param))


def test_every_format_is_attacked() -> None:
    assert {case_of(key).info.format for key in CASES} == formats._DECODERS.keys()


def test_a_slice_of_the_attack(case: Case) -> None:
    attack = Attack(case, seed=7)
    for weather in WEATHERS[1:4]:
        attack.stretch(150, weather)
    assert attack.tally.recoveries == 3
    assert attack.tally.refused
    assert attack.tally.samples


def test_a_slice_of_the_road(case: Case) -> None:
    tally = Tally(case.key)
    walk_road(case, 7, 400, tally)
    assert tally.road_steps


class _Broken:
    """A decoder with a fault that the attack must see."""

    time_base: ClassVar[TimeBase] = TimeBase.COUNT

    def __init__(self, good: formats.Decoder, fault: str) -> None:
        self._good, self._fault = good, fault
        self._kept: list[bytes] = []

    def restart(self) -> None:
        self._good.restart()

    def feed(self, packet: Packet) -> ImuChunk:
        try:
            chunk = self._good.feed(packet)
        except FormatError:
            if self._fault == "raises":
                raise IndexError from None
            if self._fault == "stays silent":
                self._fault = "is silent"
            raise
        if self._fault == "grows":
            self._kept.append(packet.payload)
        if self._fault == "is silent":
            return ImuChunk.empty()
        if self._fault == "makes too many":
            return ImuChunk.concatenate([chunk] * 300)
        return chunk

    def feed_all(
        self, packets: Sequence[Packet], refused: Callable[[FormatError], None]
    ) -> ImuChunk:
        return self._good.feed_all(packets, refused)


@pytest.mark.parametrize("fault", ["raises", "stays silent", "grows", "makes too many"])
def test_the_attack_sees_a_decoder_that_breaks(fault: str) -> None:
    attack = Attack(case_of("thingy52"), seed=3)
    attack._alone = _Broken(attack._alone, fault)
    with pytest.raises((FuzzError, IndexError)):
        attack.stretch(2000, WEATHERS[1])


def test_the_same_seed_makes_the_same_storm(case: Case) -> None:
    def storm(seed: int) -> list[Packet]:
        return list(Storm(case, seed).packets(300, WEATHERS[4]))

    assert storm(1) == storm(1) != storm(2)


# --- What the loop, or whoever read the decoders with it in mind, once found ---


def rows(channel: str, *times_s: float) -> Packet:
    columns = 7 if channel == float_rows.IMU else 4
    table = np.zeros((len(times_s), columns))
    table[:, 0] = times_s
    return Packet("s", channel, 0, float_rows.encode(table))


@pytest.mark.parametrize("channel", [float_rows.ACC, float_rows.GYR])
def test_rows_without_partners_are_kept_for_a_while_only(channel: str) -> None:
    decoder = make_decoder(SensorInfo("s", Role.BAR, float_rows.NAME))
    payload: FloatArray = np.zeros((20_000, 4))
    sizes = []
    for k in range(8):
        payload[:, 0] = np.arange(20_000) * 1e-3 + 20 * k
        decoder.feed(Packet("s", channel, 0, float_rows.encode(payload)))
        sizes.append(held(decoder))
    assert sizes[-1] == sizes[-3]


@pytest.mark.parametrize("time_s", [math.nan, math.inf, -math.inf, 1e300])
@pytest.mark.parametrize("channel", [float_rows.IMU, float_rows.ACC, float_rows.GYR])
def test_rows_with_an_impossible_time_are_refused(channel: str, time_s: float) -> None:
    decoder = make_decoder(SensorInfo("s", Role.BAR, float_rows.NAME))
    with pytest.raises(FormatError, match="time"):
        decoder.feed(rows(channel, 1.0, time_s))


@pytest.mark.parametrize("channel", [float_rows.ACC, float_rows.GYR])
def test_rows_pair_again_after_one_with_a_wrong_time(channel: str) -> None:
    decoder = make_decoder(SensorInfo("s", Role.BAR, float_rows.NAME))
    decoder.feed(rows(channel, 5e6))
    found = []
    for k in range(10):
        for one in (float_rows.ACC, float_rows.GYR):
            found.append(decoder.feed(rows(one, 0.1 * k, 0.1 * k + 0.05)))
    times_s = ImuChunk.concatenate(found).time_s
    np.testing.assert_allclose(times_s[-12:], np.arange(8, 20) * 0.05)


def test_stray_times_in_a_row_do_not_carry_the_clock_a_wrap_on() -> None:
    clock = Unwrapper(32, 1_000_000)
    assert clock.unwrap(1_000_000, 0) == 1_000_000
    for k, share in enumerate((0.4, 0.8, 0.1, 0.5)):
        clock.unwrap(round(share * _WRAP), 10_000_000 * (k + 1))
    assert clock.unwrap(1_060_000, 60_000_000) == 1_060_000


def test_a_clock_that_begins_anew_is_followed() -> None:
    clock = Unwrapper(32, 1_000_000)
    clock.unwrap(3_000_000_000, 0)
    told = [clock.unwrap(10_000 * k, 10_000_000 * k) for k in range(1, 4)]
    assert np.diff(told).tolist() == [10_000, 10_000]
    # An hour later a crystal may be half a minute off; there is no riddle in that.
    hour_ns = 3_600_000_000_000
    later = clock.unwrap((3_630_000_000) % _WRAP, hour_ns)
    assert later - told[-1] == 3_630_000_000 - 30_000


@pytest.mark.parametrize("rate_hz", [None, 0.0, -52.0, math.nan, math.inf])
@pytest.mark.parametrize("name", [movella_dot.NAME, movesense.NAME, polar_pmd.NAME])
def test_a_rate_that_is_none_is_not_used(name: str, rate_hz: float | None) -> None:
    case = next(made for made in map(case_of, CASES) if made.info.format == name)

    def decoded(rate: float | None) -> ImuChunk:
        decoder = make_decoder(replace(case.info, nominal_rate_hz=rate))
        return ImuChunk.concatenate([decoder.feed(p) for p in (*case.answers, *case.good[:40])])

    found, wanted = decoded(rate_hz), decoded(None)
    np.testing.assert_array_equal(found.time_s, wanted.time_s)
    assert len(found)
    assert np.isfinite(found.time_s).all()


def test_a_reply_that_is_refused_changes_nothing() -> None:
    case = case_of("polar-h10")
    decoder = make_decoder(case.info)
    for packet in (*case.answers, *case.good[:2]):
        decoder.feed(packet)
    bad = bytes.fromhex("f002050000 0501") + struct.pack("<f", math.nan)
    with pytest.raises(FormatError, match="factor"):
        decoder.feed(Packet("s", polar_pmd.CONTROL, 0, bad))
    assert len(decoder.feed(case.good[2])) == 36


def test_one_notification_of_another_shape_does_not_shift_the_streams_for_good() -> None:
    case = case_of("metamotion")
    good = make_decoder(case.info)
    attacked = make_decoder(case.info)
    stray = Packet("s", metamotion.DATA, case.good[40].host_time_ns, bytes([3, 4]) + bytes(6))
    due, found = [], []
    for number, packet in enumerate((*case.answers, *case.good)):
        due.append(good.feed(packet))
        if number == 44:
            attacked.feed(replace(stray, host_time_ns=packet.host_time_ns))
        found.append(attacked.feed(packet))
    acc = [ImuChunk.concatenate(chunks).acc_sensor_mps2[-300:] for chunks in (due, found)]
    gyr = [ImuChunk.concatenate(chunks).gyr_sensor_radps[-300:] for chunks in (due, found)]
    np.testing.assert_array_equal(acc[0], acc[1])
    np.testing.assert_array_equal(gyr[0], gyr[1])


def test_a_sensor_that_begins_anew_as_its_way_becomes_longer_is_followed() -> None:
    """Both happen at the same sample, in the middle of what is mapped together."""
    true_s = np.arange(0.0, 40.0, 0.02)
    host_s = true_s + np.where(true_s > 20.0, 0.3, 0.0)
    tick_s = true_s + np.where(np.arange(true_s.shape[0]) >= 1260, 500.0, 0.0)
    clock = SessionClock(TimeBase.SENSOR)
    nothing = np.zeros((true_s.shape[0], 3))
    whole = ImuChunk.build(tick_s, nothing, nothing, host_time_s=host_s)
    parts = [clock.to_session(whole[k : k + 8]) for k in range(0, true_s.shape[0], 8)]
    told = ImuChunk.concatenate([*parts, clock.finish()])
    assert len(told) == true_s.shape[0]
    assert told.quality[1260] & Quality.CLOCK_JUMP
    assert (np.diff(told.time_s) > 0).all()


def test_the_watchdog_goes_with_what_it_watched() -> None:
    """It once ended the process that ran the tests, two minutes after the last attack."""
    script = """
import time
from benchmarks import fuzz_watchdog
fuzz_watchdog.WATCHDOG_S = 1.0
for broken in (False, True):
    try:
        with fuzz_watchdog.watched() as alive:
            alive()
            if broken:
                raise RuntimeError
    except RuntimeError:
        pass
time.sleep(2.0)
print("alive", flush=True)
with fuzz_watchdog.watched():
    time.sleep(30)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.stdout == "alive\n"
    assert done.returncode == 1
    assert "Timeout (0:00:01" in done.stderr
