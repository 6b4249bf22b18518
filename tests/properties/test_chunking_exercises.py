"""A session of several exercises: told alike however it is cut, live, replayed and at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.drivers.formats import float_rows, open_imu
from lift_monitor.drivers.packet import Packet
from lift_monitor.events import (
    Event,
    Exercise,
    ExerciseChanged,
    LiftSet,
    RepetitionCompleted,
    SetEnded,
    SetStarted,
)
from lift_monitor.road import Road, join_traces
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.signal.commands import SetExercise
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.technique import LandingDetected

BAR = SensorInfo("bar", Role.BAR, open_imu.NAME)
PELVIS = SensorInfo("pelvis", Role.PELVIS, open_imu.NAME)
SECONDS = 60.0
COMMANDS = st.lists(
    st.builds(
        SetExercise,
        st.floats(-5.0, SECONDS + 5.0),
        st.sampled_from(list(Exercise)),
        st.sampled_from([None, 40.0, 60.0]),
    ),
    max_size=5,
)
Moments = dict[int, SetExercise]
"""What is commanded after which packet; its own moment does not count."""


def told(events: Iterable[Event]) -> list[str]:
    return [repr(e) for e in sorted(events, key=lambda e: (e.at_s, e.kind, repr(e)))]


def packets_of(
    rate_hz: float, per_packet: int, hole: tuple[float, float], seed: int
) -> list[Packet]:
    """A bar that is lifted again and again, and a pelvis whose owner stomps all the while."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(int(SECONDS * rate_hz)) / rate_hz
    bar, pelvis = (rng.normal(0.0, 0.03, (time_s.shape[0], 6)) for _ in range(2))
    bar[:, 2] += 9.80665
    pelvis[:, 2] += 9.80665
    for start_s in np.arange(3.0, SECONDS - 4.0, 3.1):
        for begin_s, sign in ((start_s, 1.0), (start_s + 1.3, -1.0)):
            inside = (time_s >= begin_s) & (time_s < begin_s + 1.0)
            wave = np.sin(2.0 * np.pi * (time_s[inside] - begin_s))
            bar[inside, 2] += sign * 0.5 * 2.0 * np.pi * wave
        impact = (time_s >= start_s) & (time_s < start_s + 0.08)
        pelvis[impact, 2] += 25.0 * np.sin(np.pi * (time_s[impact] - start_s) / 0.08)
    packets = []
    for info, rows in ((BAR, bar), (PELVIS, pelvis)):
        for number, k in enumerate(range(0, time_s.shape[0], per_packet)):
            part = slice(k, k + per_packet)
            last_s = float(time_s[part][-1])
            if info is BAR and hole[0] <= last_s < hole[1]:
                continue
            payload = open_imu.encode(
                number, round(time_s[k] * 1e6), round(1e6 / rate_hz), rows[part, :3],
                rows[part, 3:], 0.005, 0.001,
            )  # fmt: skip
            packets.append(Packet(info.sensor_id, "imu", round((last_s + 0.02) * 1e9), payload))
    return sorted(packets, key=lambda packet: packet.host_time_ns)


@st.composite
def sessions(draw: st.DrawFn) -> tuple[list[SensorInfo], list[Packet]]:
    infos = draw(st.sampled_from([[BAR], [PELVIS], [BAR, PELVIS]]))
    start_s = draw(st.floats(0.0, SECONDS))
    hole = (start_s, start_s + draw(st.sampled_from([0.0, 0.0, 0.7, 8.0, 40.0])))
    rate_hz = draw(st.sampled_from([50.0, 100.0, 119.0]))
    packets = packets_of(rate_hz, draw(st.integers(2, 12)), hole, draw(st.integers(0, 99)))
    ids = {info.sensor_id for info in infos}
    return infos, [packet for packet in packets if packet.sensor_id in ids]


def walk(
    infos: list[SensorInfo],
    packets: list[Packet],
    commands: Iterable[SetExercise],
    cuts: Iterable[int],
    moments: Moments | None = None,
) -> tuple[list[Event], TraceBlock, tuple[LiftSet, ...], list[SetExercise]]:
    """Walk a road that begins with the deadlift; what was told, and what was commanded."""
    road = Road(infos, Exercise.DEADLIFT, keep_traces=True)
    obeyed = list(commands)
    for command in obeyed:
        road.command(command)
    outputs, stops = [], set(cuts)
    for number, packet in enumerate(packets):
        road.decode(packet)
        if number in stops:
            outputs.append(road.advance())
        if moments and number in moments:
            at_s = max(packet.host_time_ns * 1e-9, road.told_s + 0.01)
            obeyed.append(replace(moments[number], at_s=at_s))
            road.command(obeyed[-1])
    outputs.append(road.finish())
    events = [event for output in outputs for event in output.events]
    return events, join_traces(output.trace for output in outputs), road.sets, obeyed


def assert_same_trace(one: TraceBlock, other: TraceBlock) -> None:
    for f in fields(TraceBlock):
        assert getattr(one, f.name).tobytes() == getattr(other, f.name).tobytes(), f.name


@settings(max_examples=25, deadline=None)
@given(session=sessions(), commands=COMMANDS, every=st.integers(1, 400), offset=st.integers(0, 99))
def test_any_cutting_gives_identical_events_and_traces(
    session: tuple[list[SensorInfo], list[Packet]],
    commands: list[SetExercise],
    every: int,
    offset: int,
) -> None:
    infos, packets = session
    whole, whole_trace, whole_sets, _ = walk(infos, packets, commands, [])
    cuts = range(offset, len(packets), every)
    events, trace, sets, _ = walk(infos, packets, commands, cuts)
    assert told(events) == told(whole)
    assert repr(sets) == repr(whole_sets)
    assert_same_trace(trace, whole_trace)
    changes = [event for event in events if isinstance(event, ExerciseChanged)]
    assert [change.at_s for change in changes] == sorted(command.at_s for command in commands)
    _assert_sound(whole, whole_sets)


@settings(max_examples=15, deadline=None)
@given(
    session=sessions(),
    wanted=st.lists(
        st.tuples(st.floats(0.0, 0.999), st.sampled_from(list(Exercise))), min_size=1, max_size=4
    ),
    every=st.integers(1, 60),
)
def test_a_replay_changes_at_the_moment_of_the_day(
    session: tuple[list[SensorInfo], list[Packet]],
    wanted: list[tuple[float, Exercise]],
    every: int,
) -> None:
    infos, packets = session
    moments = {int(share * len(packets)): SetExercise(0.0, what) for share, what in wanted}
    cuts = range(0, len(packets), every)
    live, live_trace, live_sets, obeyed = walk(infos, packets, [], cuts, moments)
    again, trace, sets, _ = walk(infos, packets, obeyed, [])
    assert told(again) == told(live)
    assert repr(sets) == repr(live_sets)
    assert_same_trace(trace, live_trace)


def _assert_sound(events: list[Event], sets: tuple[LiftSet, ...]) -> None:
    """Sets count on through the session and never reach across a change."""
    assert [lift_set.number for lift_set in sets] == list(range(1, len(sets) + 1))
    changes = [event for event in events if isinstance(event, ExerciseChanged)]
    current = [(-np.inf, Exercise.DEADLIFT), *((c.at_s, c.exercise) for c in changes)]
    for lift_set in sets:
        for rep in lift_set.repetitions:
            at = [what for at_s, what in current if at_s <= rep.concentric_end_s][-1]
            assert rep.exercise is lift_set.exercise is at


@pytest.mark.parametrize("moment_s", [20.0, 20.004, 20.0099999, 31.7])
def test_a_set_is_closed_at_the_change_and_the_next_one_begins_after_it(moment_s: float) -> None:
    packets = packets_of(100.0, 4, (0.0, 0.0), 1)
    command = SetExercise(moment_s, Exercise.OVERHEAD_PRESS, 20.0, 5, 3)
    events, trace, sets, _ = walk([BAR, PELVIS], packets, [command], range(0, len(packets), 5))
    assert [lift_set.exercise for lift_set in sets] == [Exercise.DEADLIFT, Exercise.OVERHEAD_PRESS]
    kinds = [e for e in events if isinstance(e, SetStarted | SetEnded | ExerciseChanged)]
    assert [e.kind for e in kinds] == [
        "set_started", "set_ended", "exercise_changed", "set_started", "set_ended",
    ]  # fmt: skip
    assert kinds[1].at_s < moment_s <= kinds[3].at_s
    assert kinds[1].at_s == pytest.approx(moment_s, abs=0.011)
    assert kinds[2] == ExerciseChanged(moment_s, Exercise.OVERHEAD_PRESS, 20.0, 5, 3)
    assert min(rep.start_s for rep in sets[1].repetitions) >= moment_s - 0.01
    _, whole_trace, whole_sets, _ = walk([BAR, PELVIS], packets, [], [])
    assert_same_trace(trace, whole_trace)  # the live motion knows of no exercise
    assert len(whole_sets) == 1


def test_another_load_disturbs_nothing() -> None:
    packets = packets_of(100.0, 4, (0.0, 0.0), 2)
    plain, _, plain_sets, _ = walk([BAR, PELVIS], packets, [], [])
    commands = [SetExercise(at_s, Exercise.DEADLIFT, at_s) for at_s in (4.2, 20.3, 33.0)]
    events, _, sets, _ = walk([BAR, PELVIS], packets, commands, [])
    assert repr(sets) == repr(plain_sets)
    assert told(e for e in events if not isinstance(e, ExerciseChanged)) == told(plain)
    assert [e.load_kg for e in events if isinstance(e, ExerciseChanged)] == [4.2, 20.3, 33.0]


def test_impacts_first_and_then_a_lift_and_back() -> None:
    packets = packets_of(100.0, 4, (0.0, 0.0), 3)
    commands = [
        SetExercise(0.0, Exercise.HEEL_DROP),
        SetExercise(20.0, Exercise.DEADLIFT, 50.0),
        SetExercise(40.0, Exercise.HEEL_DROP),
    ]
    events, _, sets, _ = walk([BAR, PELVIS], packets, commands, range(len(packets)))
    (only,) = sets
    assert only.exercise is Exercise.DEADLIFT
    assert 20.0 <= only.start_s < only.end_s <= 40.0
    contacts = [e.landing.contact_s for e in events if isinstance(e, LandingDetected)]
    # The pelvis is never light: only heel drops make an impact of it.
    assert len([t for t in contacts if t < 20.0]) >= 5
    assert not [t for t in contacts if 20.05 < t < 39.9]
    assert len([t for t in contacts if t > 40.0]) >= 5
    assert all(
        e.repetition.exercise is Exercise.DEADLIFT
        for e in events
        if isinstance(e, RepetitionCompleted)
    )


def test_a_change_is_told_though_the_bar_is_silent() -> None:
    packets = packets_of(100.0, 4, (15.0, SECONDS), 4)
    road = Road([BAR, PELVIS], Exercise.DEADLIFT)
    road.command(SetExercise(30.0, Exercise.HEEL_DROP))
    events: list[Event] = []
    for packet in packets:
        if packet.host_time_ns > 40e9:
            break
        road.decode(packet)
        events += road.advance().events
    (change,) = [event for event in events if isinstance(event, ExerciseChanged)]
    assert change.exercise is Exercise.HEEL_DROP
    assert any(isinstance(e, LandingDetected) and e.landing.contact_s > 30.0 for e in events)


@pytest.mark.parametrize("end_s", [23.0, 32.0, 45.0])
def test_a_change_in_a_hole_belongs_to_what_comes_after_it(end_s: float) -> None:
    packets = packets_of(100.0, 4, (20.0, end_s), 5)
    command = SetExercise(22.0, Exercise.BENT_OVER_ROW)
    _, _, sets, _ = walk([BAR], packets, [command], range(0, len(packets), 7))
    assert [s.exercise for s in sets] == [Exercise.DEADLIFT, Exercise.BENT_OVER_ROW]
    assert sets[0].end_s < 22.0
    assert sets[1].start_s >= end_s - 0.1


def test_a_file_of_rows_is_told_alike_too() -> None:
    time_s = np.arange(4000) / 100.0
    acc = np.zeros((4000, 3))
    acc[:, 2] = 9.80665 + 3.0 * np.sin(2 * np.pi * time_s / 2.5)
    rows = np.column_stack([time_s, acc, np.zeros((4000, 3))])
    info = SensorInfo("bar", Role.BAR, float_rows.NAME)
    packets = [
        Packet("bar", "imu", round(time_s[k] * 1e9), float_rows.encode(rows[k : k + 50]))
        for k in range(0, 4000, 50)
    ]
    commands = [SetExercise(17.003, Exercise.BACK_SQUAT), SetExercise(39.99, Exercise.FREE)]
    whole, _, sets, _ = walk([info], packets, commands, [])
    parts, _, _, _ = walk([info], packets, commands, range(len(packets)))
    assert told(parts) == told(whole)
    assert {s.exercise for s in sets} == {Exercise.DEADLIFT, Exercise.BACK_SQUAT}
