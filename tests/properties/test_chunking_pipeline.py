"""However a packet stream is cut on its way to the signal core, the results are identical."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.analysis import analyse
from lift_monitor.drivers.formats import float_rows, open_imu
from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.simulated import SensorModel, SessionPlan, simulate_session
from lift_monitor.drivers.source import MemorySource
from lift_monitor.events import Event, Exercise
from lift_monitor.road import Road, join_traces
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.units import FloatArray

LIFTS = (
    Exercise.DEADLIFT,
    Exercise.ROMANIAN_DEADLIFT,
    Exercise.BACK_SQUAT,
    Exercise.OVERHEAD_PRESS,
    Exercise.BENT_OVER_ROW,
    Exercise.BENCH_PRESS,
    Exercise.FREE,
)


def movement(time_s: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Specific force and rotation of a bar that is lifted, dropped, shaken and left alone."""
    acc = rng.normal(0, 0.05, (time_s.shape[0], 3))
    acc[:, 2] += 9.80665
    for start_s in np.arange(1.0, time_s[-1] - 3.0, float(rng.uniform(2.4, 4.0))):
        length_s, range_m = rng.uniform(0.6, 1.2), rng.uniform(0.2, 0.7)
        for begin_s, sign in ((start_s, 1.0), (start_s + length_s + rng.uniform(0, 0.3), -1.0)):
            inside = (time_s >= begin_s) & (time_s < begin_s + length_s)
            phase = 2 * np.pi * (time_s[inside] - begin_s) / length_s
            acc[inside, 2] += sign * range_m * 2 * np.pi / length_s**2 * np.sin(phase)
    gyr = rng.normal(0, 0.05, (time_s.shape[0], 3))
    return acc, gyr


@st.composite
def streams(draw: st.DrawFn) -> tuple[SensorInfo, list[Packet]]:
    """A sensor's packets with the faults of real streams."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rate_hz = draw(st.sampled_from([12.5, 50.0, 100.0, 200.0]))
    seconds = draw(st.floats(2.0, 25.0))
    per_packet = draw(st.integers(1, 20))
    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    acc, gyr = movement(time_s, rng)
    kind = draw(st.sampled_from([open_imu.NAME, float_rows.NAME]))
    info = SensorInfo("s", Role.BAR, kind, nominal_rate_hz=draw(st.sampled_from([None, rate_hz])))
    packets: list[Packet] = []
    for number, k in enumerate(range(0, time_s.shape[0], per_packet)):
        part = slice(k, k + per_packet)
        host_ns = round((time_s[part][-1] + 0.02) * 1e9)
        if kind == open_imu.NAME:
            payload = open_imu.encode(
                number, round(time_s[k] * 1e6), round(1e6 / rate_hz), acc[part], gyr[part],
                0.005, 0.001,
            )  # fmt: skip
        else:
            jitter_s = rng.uniform(0, 0.3 / rate_hz, time_s[part].shape[0])
            payload = float_rows.encode(
                np.column_stack([time_s[part] + jitter_s, acc[part], gyr[part]])
            )
        packets.append(Packet("s", "imu", host_ns, payload))
    return info, _with_faults(packets, draw, rng)


def _with_faults(packets: list[Packet], draw: st.DrawFn, rng: np.random.Generator) -> list[Packet]:
    loss = draw(st.sampled_from([0.0, 0.05, 0.3]))
    doubled = draw(st.sampled_from([0.0, 0.05]))
    hole = draw(st.booleans())
    middle = len(packets) // 2
    kept: list[Packet] = []
    for number, packet in enumerate(packets):
        if rng.random() < loss or (hole and middle <= number < middle + len(packets) // 5):
            continue
        kept.append(packet)
        if rng.random() < doubled:
            kept.append(packet)
        if rng.random() < 0.01:
            kept.append(Packet("s", "imu", packet.host_time_ns, b"not of the format"))
    return kept


def walk(
    info: SensorInfo, packets: list[Packet], exercise: Exercise, cuts: list[int]
) -> tuple[tuple[Event, ...], TraceBlock, Road]:
    """Feed packets, handing samples to the core after each of the packet numbers given."""
    road = Road([info], exercise, keep_traces=True)
    events: list[Event] = []
    blocks: list[TraceBlock] = []
    stops = set(cuts)
    for number, packet in enumerate(packets):
        road.decode(packet)
        if number in stops:
            output = road.advance()
            events += output.events
            blocks.append(output.trace)
    output = road.finish()
    return (*events, *output.events), join_traces([*blocks, output.trace]), road


def same(one: TraceBlock, other: TraceBlock) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("time_s", "velocity_mps", "height_m", "up_sensor")
    ) and np.array_equal(one.quality, other.quality)


@settings(max_examples=40, deadline=None)
@given(stream=streams(), exercise=st.sampled_from(LIFTS), data=st.data())
def test_any_cutting_gives_identical_events_and_traces(
    stream: tuple[SensorInfo, list[Packet]], exercise: Exercise, data: st.DataObject
) -> None:
    info, packets = stream
    whole_events, whole_trace, whole = walk(info, packets, exercise, [])
    cuts = data.draw(
        st.one_of(
            st.just(list(range(len(packets)))),
            st.lists(st.integers(0, max(0, len(packets) - 1)), max_size=30),
        )
    )
    events, trace, road = walk(info, packets, exercise, cuts)
    assert [repr(event) for event in events] == [repr(event) for event in whole_events]
    assert same(trace, whole_trace)
    refined, whole_refined = (r.pipelines["s"].refined_traces() for r in (road, whole))
    assert same(refined, whole_refined)
    assert repr(road.sets) == repr(whole.sets)
    assert repr(road.pipelines["s"].facts) == repr(whole.pipelines["s"].facts)


@settings(max_examples=15, deadline=None)
@given(stream=streams(), exercise=st.sampled_from(LIFTS))
def test_batch_gives_what_a_live_session_gives(
    stream: tuple[SensorInfo, list[Packet]], exercise: Exercise
) -> None:
    info, packets = stream
    batch = analyse(MemorySource([info], packets), exercise=exercise)
    events, trace, road = walk(info, packets, exercise, list(range(len(packets))))
    assert [repr(event) for event in events] == [repr(event) for event in batch.events]
    assert same(trace, batch.trace_live)
    assert repr(road.sets) == repr(batch.sets)
    unreadable = road.streams["s"].unreadable
    (facts,) = batch.sensors
    assert facts.unreadable_packets == unreadable.count
    assert facts.first_unreadable == unreadable.first


@settings(max_examples=15, deadline=None)
@given(stream=streams(), share=st.floats(0.1, 0.9))
def test_what_was_told_never_depends_on_what_comes_later(
    stream: tuple[SensorInfo, list[Packet]], share: float
) -> None:
    info, packets = stream
    early = packets[: int(len(packets) * share)]
    cuts = list(range(len(packets)))
    road = Road([info], Exercise.DEADLIFT)
    told: list[Event] = []
    blocks = []
    for packet in early:
        road.decode(packet)
        output = road.advance()
        told += output.events
        blocks.append(output.trace)
    events, trace, _ = walk(info, packets, Exercise.DEADLIFT, cuts)
    assert [repr(e) for e in told] == [repr(e) for e in events[: len(told)]]
    partial = join_traces(blocks)
    rows = slice(0, len(partial))
    assert same(
        partial,
        TraceBlock(
            trace.time_s[rows],
            trace.velocity_mps[rows],
            trace.height_m[rows],
            trace.up_sensor[rows],
            trace.quality[rows],
        ),
    )


@pytest.mark.parametrize("exercise", [lift for lift in LIFTS if lift != Exercise.FREE])
@pytest.mark.parametrize("harsh", [False, True])
def test_simulated_sessions_are_told_alike_packet_by_packet(
    exercise: Exercise, harsh: bool
) -> None:
    model = SensorModel.harsh() if harsh else SensorModel.realistic()
    session = simulate_session(SessionPlan(exercise, sets=2, reps=3, rest_s=20.0), model, 7)
    (info,) = session.source.sensors
    packets = list(session.source.packets())
    whole_events, whole_trace, whole = walk(info, packets, exercise, [])
    events, trace, road = walk(info, packets, exercise, list(range(len(packets))))
    assert [repr(event) for event in events] == [repr(event) for event in whole_events]
    assert same(trace, whole_trace)
    assert repr(road.sets) == repr(whole.sets)
    assert sum(len(lift_set.repetitions) for lift_set in whole.sets) >= 3
