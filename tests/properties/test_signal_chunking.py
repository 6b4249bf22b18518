"""Hard streams through the signal core: any cutting of the samples tells the very same.

`test_chunking_pipeline` cuts packets of short streams; here the samples themselves are cut,
in streams of several sets with breaks, saturation, stale values, clock jumps and NaN.
"""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.event_json import to_dict
from lift_monitor.events import (
    Event,
    Exercise,
    RepetitionCompleted,
    RepetitionWithdrawn,
    SetEnded,
    SetStarted,
)
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.buffer import StepBuffer
from lift_monitor.signal.exercises import PROFILES
from lift_monitor.signal.pipeline import BarPipeline, PipelineConfig
from lift_monitor.signal.sets import SetTracker
from lift_monitor.signal.trace_block import TraceBlock
from tests.signal.streams import Move, keep, level_sensor, lifts, pieces, steady

LIMIT_MPS2 = 39.2
EXERCISES = (*PROFILES, Exercise.FREE, Exercise.JUMPING_CHIN_UP)
TRACE = ("time_s", "velocity_mps", "height_m", "up_sensor", "quality")


@st.composite
def hard_streams(draw: st.DrawFn) -> ImuChunk:
    """Two or three sets, and what real radios, sensors and clocks do to them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rate = draw(st.sampled_from([12.5, 50.0, 104.0]))
    moves: list[Move] = []
    at = float(rng.uniform(0.0, 8.0))
    for _ in range(draw(st.integers(1, 3))):
        moves += lifts(
            at,
            int(rng.integers(1, 5)),
            range_m=float(rng.uniform(0.15, 0.7)),
            up_s=float(rng.uniform(0.6, 1.8)),
            pause_s=float(rng.uniform(0.0, 1.0)),
            down_first=bool(rng.random() < 0.5),
        )
        at = moves[-1].end_s + float(rng.uniform(9.0, 22.0))
    time = steady(at, rate)
    time += rng.uniform(0.0, draw(st.sampled_from([0.0, 0.3, 2.0])) / rate, time.size)
    time += draw(st.sampled_from([0.0, 1e9]))
    chunk = level_sensor(time, [], seed=int(rng.integers(1000)))
    still = level_sensor(time - time[0], moves, seed=int(rng.integers(1000)))
    acc, gyr = still.acc_sensor_mps2.copy(), chunk.gyr_sensor_radps.copy()
    n = time.size
    marks = np.where(rng.random(n) < 0.05, Quality.INTERPOLATED, 0).astype(np.uint16)
    stale = draw(st.sampled_from([0.0, 0.05, 0.6]))
    for i in np.flatnonzero(rng.random(n - 1) < stale) + 1:
        acc[i], gyr[i] = acc[i - 1], gyr[i - 1]
    if draw(st.booleans()):
        first = int(rng.integers(n))
        acc[first : first + 5, 0] = LIMIT_MPS2
    if draw(st.booleans()):
        acc[rng.random(n) < 0.01] = np.nan
    if draw(st.booleans()):
        back = int(rng.integers(n))
        time[back : back + 6] -= 0.5
    wanted = rng.random(n) >= draw(st.sampled_from([0.0, 0.1, 0.7]))
    for length_s in draw(st.lists(st.sampled_from([0.3, 0.9, 1.5, 6.0, 25.0]), max_size=3)):
        start = time[int(rng.integers(n))]
        if length_s > 20.0:
            time = np.where(time > start, time + length_s, time)
        else:
            wanted &= (time < start) | (time > start + length_s)
    return keep(ImuChunk.build(time, acc, gyr, quality=marks), wanted)


def walk(parts: list[ImuChunk], exercise: Exercise) -> tuple[list[Event], TraceBlock, BarPipeline]:
    pipeline = BarPipeline(PipelineConfig(exercise, acc_range_mps2=LIMIT_MPS2), keep_traces=True)
    outputs = [*(pipeline.feed(part) for part in parts), pipeline.finish()]
    trace = TraceBlock.concatenate([o.trace for o in outputs])
    return [e for o in outputs for e in o.events], trace, pipeline


def assert_same(one: TraceBlock, other: TraceBlock) -> None:
    for name in TRACE:
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True), name


@settings(max_examples=16, deadline=None)
@given(chunk=hard_streams(), exercise=st.sampled_from(EXERCISES), data=st.data())
def test_any_cutting_of_hard_streams_tells_the_very_same(
    chunk: ImuChunk, exercise: Exercise, data: st.DataObject
) -> None:
    size = data.draw(st.sampled_from([5, 23, 400]))
    cuts = data.draw(
        st.one_of(
            st.just(list(range(size, len(chunk), size))),
            st.lists(st.integers(0, len(chunk)), max_size=25),
        )
    )
    events, trace, whole = walk([chunk], exercise)
    other_events, other_trace, parts = walk(pieces(chunk, cuts), exercise)
    assert [repr(e) for e in other_events] == [repr(e) for e in events]
    assert_same(other_trace, trace)
    assert_same(parts.refined_traces(), whole.refined_traces())
    assert repr(parts.sets) == repr(whole.sets)
    assert parts.facts == whole.facts


@settings(max_examples=16, deadline=None)
@given(chunk=hard_streams(), exercise=st.sampled_from(EXERCISES))
def test_what_is_told_of_hard_streams_is_sound(chunk: ImuChunk, exercise: Exercise) -> None:
    events, trace, pipeline = walk([chunk], exercise)
    assert [e.at_s for e in events] == sorted(e.at_s for e in events)
    for event in events:
        json.dumps(to_dict(event))
    known = chunk.time_s[np.isfinite(chunk.acc_sensor_mps2).all(axis=1)]
    for event in events:
        assert known.min() <= event.at_s <= known.max()
    assert (np.diff(trace.time_s) > 0).all()
    refined = pipeline.refined_traces()
    assert len(refined) == len(trace)
    for block in (trace, refined):
        assert np.array_equal(np.isnan(block.velocity_mps), np.isnan(block.up_sensor[:, 0]))
        assert not np.isinf(block.velocity_mps).any()
    numbers = [s.number for s in pipeline.sets]
    assert numbers == list(range(1, len(numbers) + 1))
    for lift_set in pipeline.sets:
        assert lift_set.repetitions
        assert [r.number for r in lift_set.repetitions] == [
            i + 1 for i in range(len(lift_set.repetitions))
        ]
        ends = [(r.concentric_start_s, r.concentric_end_s) for r in lift_set.repetitions]
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(ends))
        for rep in lift_set.repetitions:
            for value in (
                rep.mean_velocity_mps,
                rep.mean_propulsive_velocity_mps,
                rep.peak_velocity_mps,
                rep.rom_m,
                rep.mean_velocity_sd_mps,
            ):
                assert math.isfinite(value)
                assert value > 0.0
            assert 0.0 <= rep.velocity_loss_pct <= 100.0
            assert rep.start_s <= rep.concentric_start_s < rep.concentric_end_s <= rep.end_s


@settings(max_examples=12, deadline=None)
@given(chunk=hard_streams(), exercise=st.sampled_from(list(PROFILES)))
def test_a_listener_can_follow_every_set(chunk: ImuChunk, exercise: Exercise) -> None:
    """A set is started once and ended once, and between the two its numbers make sense."""
    open_set: int | None = None
    shown: set[int] = set()
    for event in walk([chunk], exercise)[0]:
        if isinstance(event, SetStarted):
            assert open_set is None
            open_set, shown = event.set_number, set()
        elif isinstance(event, RepetitionCompleted):
            assert event.repetition.set_number == open_set
            assert event.repetition.number not in shown
            shown.add(event.repetition.number)
            assert shown == set(range(1, event.repetition.number + 1))
        elif isinstance(event, RepetitionWithdrawn):
            assert event.set_number == open_set
            shown.remove(event.number)
        elif isinstance(event, SetEnded):
            assert event.lift_set.number == open_set
            open_set = None
    assert open_set is None


@pytest.mark.parametrize("order", list(itertools.permutations(["close", "look", "patrol"])))
def test_what_falls_on_one_step_is_decided_in_one_order(order: tuple[str, ...]) -> None:
    """How a stream is cut decides what is scheduled first, and must decide nothing else."""
    tracker = SetTracker(
        PROFILES[Exercise.DEADLIFT], StepBuffer(0.01), next_set=1, last_set_end_s=None
    )
    for what in order:
        tracker._schedule(700, what)
    tracker._schedule(699, "close")
    assert [what for _, _, what in sorted(tracker._due)] == ["close", "look", "patrol", "close"]
