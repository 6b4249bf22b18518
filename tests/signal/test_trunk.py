"""Trunk sensors and load together: the same however they come; nothing waits for ever."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.event_json import to_dict
from lift_monitor.events import Event
from lift_monitor.samples import ImuChunk, Role, SensorInfo
from lift_monitor.signal.spine import SpineBlock, Withheld
from lift_monitor.signal.trunk import TrunkPipeline
from lift_monitor.signal.trunk_calibration import CalibrationError, GuidedMinute, Window
from lift_monitor.signal.trunk_words import Calibrate, SetLoad, TrunkCommand, TrunkOutput
from lift_monitor.technique import (
    CalibrationRefused,
    FlagEnded,
    FlagRaised,
    Load,
    LoadChanged,
    Severity,
    TrunkCalibrated,
)
from lift_monitor.units import FloatArray, LoadArray
from tests.signal.streams import steady
from tests.signal.trunk_streams import pair, ramp, segment

INFOS = (
    SensorInfo("t", Role.THORAX, "open-imu", nominal_rate_hz=100.0),
    SensorInfo("p", Role.PELVIS, "open-imu", nominal_rate_hz=100.0),
)
MINUTE = GuidedMinute(Window(0.0, 3.0), Window(3.0, 9.0), Window(9.0, 12.0))
CALIBRATE = Calibrate(12.5, MINUTE)
LONG_S = 30.0


def session() -> dict[Role, ImuChunk]:
    """A guided minute, then two bends: one with a round back, one without."""
    time_s = steady(LONG_S)
    hinge = ramp(time_s, (4.0, 0.0), (5.5, 45.0), (6.5, 45.0), (8.0, 0.0))
    lift = ramp(time_s, (15.0, 0.0), (16.0, 40.0), (18.0, 40.0), (19.0, 0.0))
    lift += ramp(time_s, (22.0, 0.0), (23.0, 40.0), (25.0, 40.0), (26.0, 0.0))
    rounding = ramp(time_s, (16.0, 0.0), (16.4, 30.0), (17.6, 30.0), (18.0, 0.0))
    pelvis = hinge + lift
    return pair(segment(time_s, pelvis + rounding), segment(time_s, pelvis, seed=1))


def bar(held: tuple[float, float] = (15.5, 26.0)) -> tuple[FloatArray, LoadArray]:
    time_s = steady(LONG_S)
    inside = (time_s >= held[0]) & (time_s < held[1])
    return time_s, np.where(inside, Load.LOADED, Load.UNLOADED).astype(np.int8)


def delayed(chunk: ImuChunk, delays_s: FloatArray) -> ImuChunk:
    """The chunk as it arrived: in order, each sample after a delay."""
    return replace(chunk, host_time_s=np.maximum.accumulate(chunk.time_s + delays_s))


def walk(
    chunks: dict[Role, ImuChunk],
    load: tuple[FloatArray, LoadArray] | None,
    commands: tuple[TrunkCommand, ...],
    moments_s: list[float],
    *,
    keep: bool = False,
) -> tuple[list[Event], SpineBlock, TrunkPipeline]:
    """Feed what has arrived by each moment; without moments everything at once."""
    pipeline = TrunkPipeline(
        [info for info in INFOS if info.role in chunks], has_bar=load is not None, keep_steps=keep
    )
    for command in commands:
        pipeline.command(command)
    outputs: list[TrunkOutput] = []
    given = dict.fromkeys((*chunks, Role.BAR), 0)
    for now_s in [*moments_s, np.inf]:
        for role, chunk in chunks.items():
            stop = int(np.searchsorted(chunk.host_time_s, now_s, side="right"))
            pipeline.feed(role, chunk[given[role] : stop])
            given[role] = stop
        if load is not None:
            stop = int(np.searchsorted(load[0], now_s, side="right"))
            part = slice(given[Role.BAR], stop)
            pipeline.note_bar(
                ImuChunk.build(
                    load[0][part],
                    np.zeros((len(load[0][part]), 3)),
                    np.zeros((len(load[0][part]), 3)),
                )
            )
            pipeline.feed_load(load[0][part], load[1][part])
            given[Role.BAR] = stop
        if np.isfinite(now_s):
            outputs.append(pipeline.advance(now_s))
    outputs.append(pipeline.finish())
    events = sorted((e for o in outputs for e in o.events), key=lambda e: (e.at_s, repr(e)))
    return events, SpineBlock.concatenate([o.spine for o in outputs if len(o.spine)]), pipeline


def reds(events: list[Event]) -> list[FlagEnded]:
    return [e for e in events if isinstance(e, FlagEnded) and e.flag.severity is Severity.RED]


def test_a_guided_minute_then_a_round_back_under_load_is_a_red_flag() -> None:
    events, block, _ = walk(session(), bar(), (CALIBRATE,), [])
    (made,) = (e for e in events if isinstance(e, TrunkCalibrated))
    assert (made.method, made.roles) == ("hinge", (Role.THORAX, Role.PELVIS))
    assert block.time_s[0] == pytest.approx(12.5)
    (red,) = reds(events)
    assert red.flag.peak == pytest.approx(30.0, abs=2.0)
    assert 16.0 < red.flag.start_s < 16.6
    assert red.flag.under_load is True
    (raised,) = (e for e in events if isinstance(e, FlagRaised) and e.flag.severity is Severity.RED)
    assert 0.25 < raised.at_s - red.flag.start_s < 0.45


def test_nothing_is_flagged_while_the_bar_is_known_to_rest() -> None:
    events, _, _ = walk(session(), bar((20.0, 21.0)), (CALIBRATE,), [])
    assert not [e for e in events if isinstance(e, FlagRaised)]


def test_without_a_bar_the_load_is_not_known_and_flags_say_so() -> None:
    (red,) = reds(walk(session(), None, (CALIBRATE,), [])[0])
    assert red.flag.under_load is None


def test_the_load_said_by_hand_counts_before_the_bar() -> None:
    commands = (CALIBRATE, SetLoad(14.0, Load.UNLOADED), SetLoad(21.0, None))
    events, _, _ = walk(session(), bar(), commands, [])
    assert reds(events) == []
    assert [e for e in events if isinstance(e, LoadChanged)] == [
        LoadChanged(14.0, Load.UNLOADED, 14.0, by_hand=True),
        LoadChanged(21.0, Load.UNKNOWN, 21.0),
    ]
    (red,) = reds(walk(session(), None, (CALIBRATE, SetLoad(14.0, Load.LOADED)), [])[0])
    assert red.flag.under_load is True


def test_given_back_to_the_bar_the_load_is_what_its_sensor_had_told() -> None:
    for infos in (INFOS, ()):
        pipeline = TrunkPipeline(infos, has_bar=True)
        pipeline.note_load_change(LoadChanged(1.2, Load.UNLOADED, 1.0))
        pipeline.note_load_change(LoadChanged(3.2, Load.LOADED, 3.0))
        for command in (SetLoad(2.0, Load.LOADED), SetLoad(5.0, None)):
            pipeline.command(command)
        early, late = pipeline.advance(4.0), pipeline.advance(12.0)
        assert [*early.events, *late.events] == [
            LoadChanged(2.0, Load.LOADED, 2.0, by_hand=True),
            LoadChanged(5.0, Load.LOADED, 5.0),
        ]
        if not infos:
            assert len(early.events) == 1


def test_without_calibration_there_is_no_angle_and_no_flag() -> None:
    events, block, pipeline = walk(session(), bar(), (), [], keep=True)
    assert events == []
    assert len(block) == 0
    found = pipeline.assess(Window(0.0, 3.0))
    (red,) = (
        e for e in found.events if isinstance(e, FlagEnded) and e.flag.severity is Severity.RED
    )
    assert red.flag.confidence.value == "low"
    with pytest.raises(CalibrationError, match="no data"):
        pipeline.assess(Window(90.0, 93.0))


def test_a_calibration_that_cannot_be_used_is_refused_in_a_sentence() -> None:
    nobody_bent = GuidedMinute(Window(0.0, 2.0), Window(2.0, 3.5), Window(9.0, 12.0))
    events, block, _ = walk(session(), bar(), (Calibrate(12.5, nobody_bent),), [])
    (refused,) = events
    assert isinstance(refused, CalibrationRefused)
    assert refused.text.endswith(".")
    assert len(block) == 0


@pytest.mark.parametrize(
    "at_s",
    [*(float(np.nextafter(k / 100.0, 99.0)) for k in range(1300, 1500)), -1e300, 1e300],
)
def test_a_command_at_any_moment_is_obeyed_once(at_s: float) -> None:
    """A moment just past a step may round onto it in one way of counting and not in another."""
    pipeline = TrunkPipeline(INFOS)
    pipeline.command(SetLoad(at_s, Load.LOADED))
    for role, chunk in session().items():
        pipeline.feed(role, chunk[:1700])
    output, end = pipeline.advance(17.0), pipeline.finish()
    told = [e for e in (*output.events, *end.events) if isinstance(e, LoadChanged)]
    assert [e.at_s for e in told] == [at_s]


def test_a_refused_calibration_leaves_the_old_one_standing() -> None:
    nobody_bent = GuidedMinute(Window(0.0, 2.0), Window(2.0, 3.5), Window(9.0, 12.0))
    events, block, _ = walk(session(), bar(), (CALIBRATE, Calibrate(13.0, nobody_bent)), [])
    assert len(reds(events)) == 1
    assert block.time_s[-1] > 29.0


def test_a_sensor_that_falls_silent_is_not_waited_for() -> None:
    chunks = session()
    chunks[Role.PELVIS] = chunks[Role.PELVIS][:1500]
    pipeline = TrunkPipeline(INFOS, has_bar=True)
    pipeline.command(CALIBRATE)
    time_s, load = bar()
    for role, chunk in chunks.items():
        pipeline.feed(role, chunk)
    pipeline.feed_load(time_s, load)
    block = pipeline.advance(20.0).spine
    assert 18.9 < block.time_s[-1] <= 19.0
    after = block.time_s > 15.1
    assert np.isnan(block.lumbar_flexion_deg[after]).all()
    assert ((block.withheld[after] & Withheld.NO_DATA) != 0).all()
    assert np.isfinite(block.trunk_lean_deg[after]).all()


def test_a_link_that_is_known_to_be_down_is_not_waited_for_at_all() -> None:
    chunks = session()
    pipeline = TrunkPipeline(INFOS)
    pipeline.command(CALIBRATE)
    for role, chunk in chunks.items():
        pipeline.feed(role, chunk[:2000] if role is Role.THORAX else chunk[:1500])
    pipeline.link_changed(Role.PELVIS, 15.0, up=False)
    assert pipeline.advance(20.0).spine.time_s[-1] > 19.9


def test_a_bar_that_is_lost_leaves_the_load_unknown() -> None:
    time_s, load = bar()
    events, _, _ = walk(session(), (time_s[:1200], load[:1200]), (CALIBRATE,), [20.0, 25.0])
    (red,) = reds(events)
    assert red.flag.under_load is None


@settings(max_examples=25, deadline=None)
@given(
    moments=st.lists(st.floats(0.1, 31.0), max_size=40),
    burst=st.integers(1, 60),
    outage=st.sampled_from([0.0, 0.6, 1.4, 5.0]),
)
def test_however_it_arrives_and_is_cut_the_same_is_told(
    moments: list[float], burst: int, outage: float
) -> None:
    chunks = session()
    time_s = chunks[Role.PELVIS].time_s
    late = np.where((time_s > 16.2) & (time_s < 16.2 + outage), 16.2 + outage - time_s, 0.0)
    late += (burst - np.arange(time_s.shape[0]) % burst) / 100.0  # the last of a burst waits least
    chunks[Role.PELVIS] = delayed(chunks[Role.PELVIS], late)
    commands = (CALIBRATE, SetLoad(24.0, Load.UNLOADED))
    whole, block, _ = walk(chunks, bar(), commands, [])
    events, parts, _ = walk(chunks, bar(), commands, sorted(moments))
    assert [to_dict(e) for e in events] == [to_dict(e) for e in whole]
    for f in fields(SpineBlock):
        assert getattr(parts, f.name).tobytes() == getattr(block, f.name).tobytes(), f.name
