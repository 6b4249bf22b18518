"""Technical faults told of a stream: when, once, and over again."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.events import Exercise, QualityChanged, QualityKind
from lift_monitor.samples import ImuChunk
from lift_monitor.signal.grid import Resampler
from lift_monitor.signal.pipeline import BarPipeline, PipelineConfig
from lift_monitor.signal.quality import WINDOW_S, QualityMonitor
from tests.signal.streams import keep, level_sensor, steady

LIMIT_MPS2 = 39.2


def faults(*chunks: ImuChunk, exercise: Exercise = Exercise.FREE) -> list[QualityChanged]:
    pipeline = BarPipeline(PipelineConfig(exercise, acc_range_mps2=LIMIT_MPS2), sensor="bar")
    outputs = [*(pipeline.feed(chunk) for chunk in chunks), pipeline.finish()]
    return [e for o in outputs for e in o.events if isinstance(e, QualityChanged)]


def of_kind(events: list[QualityChanged], kind: QualityKind) -> list[QualityChanged]:
    return [e for e in events if e.fault is kind]


def saturate(chunk: ImuChunk, start_s: float, end_s: float) -> ImuChunk:
    acc = chunk.acc_sensor_mps2.copy()
    inside = (chunk.time_s >= start_s) & (chunk.time_s < end_s)
    acc[inside, 0] = LIMIT_MPS2
    return ImuChunk.build(chunk.time_s, acc, chunk.gyr_sensor_radps)


def test_a_clean_stream_has_no_faults() -> None:
    for exercise in (Exercise.FREE, Exercise.DEADLIFT):
        assert faults(level_sensor(steady(20.0), []), exercise=exercise) == []


def test_a_hole_is_told_once_with_its_length() -> None:
    time = steady(20.0)
    (event,) = faults(keep(level_sensor(time, []), (time < 8.0) | (time >= 9.5)))
    assert event.fault is QualityKind.GAP
    assert event.sensor == "bar"
    assert abs(event.start_s - 8.0) < 0.03
    assert event.end_s is not None
    assert abs(event.end_s - 9.5) < 0.03
    assert "1.5 s" in event.text


def test_two_holes_are_told_twice() -> None:
    time = steady(20.0)
    wanted = ((time < 8.0) | (time >= 8.5)) & ((time < 8.6) | (time >= 9.2))
    assert len(of_kind(faults(keep(level_sensor(time, []), wanted)), QualityKind.GAP)) == 2


def test_a_hiccup_is_not_worth_telling() -> None:
    time = steady(20.0)
    assert faults(keep(level_sensor(time, []), (time < 8.0) | (time >= 8.2))) == []


def test_a_break_is_told_with_its_length_when_data_come_again() -> None:
    time = np.concatenate([steady(10.0), steady(10.0, start_s=45.0)])
    (event,) = of_kind(faults(level_sensor(time, [])), QualityKind.GAP)
    assert abs(event.at_s - 45.0) < 0.02
    assert abs(event.start_s - 10.0) < 0.05
    assert event.end_s is not None
    assert abs(event.end_s - 45.0) < 0.02
    assert "35.0 s" in event.text


def test_a_thin_stream_is_told_when_it_begins_and_when_it_is_over() -> None:
    time = steady(60.0)
    thin = (time > 20.0) & (time < 40.0)
    wanted = ~thin | (np.arange(time.size) % 10 == 0)
    began, ended = of_kind(faults(keep(level_sensor(time, []), wanted)), QualityKind.THIN_STREAM)
    assert (began.active, ended.active) == (True, False)
    assert 20.0 <= began.at_s <= 20.0 + 2.1 * WINDOW_S
    assert began.end_s is None
    assert "10 fresh samples a second" in began.text
    assert 40.0 <= ended.at_s <= 40.0 + 2.1 * WINDOW_S
    assert ended.start_s == began.start_s


def test_a_fault_from_before_a_break_is_told_to_be_over_after_it() -> None:
    time = steady(60.0)
    chunk = level_sensor(time, [])
    wanted = ((time < 20.0) & (np.arange(time.size) % 10 == 0)) | (time > 45.0)
    head = level_sensor(steady(3.0, start_s=-3.0), [])
    told = of_kind(faults(head, keep(chunk, wanted)), QualityKind.THIN_STREAM)
    assert [e.active for e in told] == [True, False]


def test_saturation_is_told_when_it_begins_and_when_it_is_over() -> None:
    chunk = saturate(level_sensor(steady(30.0), []), 10.0, 10.2)
    began, ended = faults(chunk)
    assert began.fault is ended.fault is QualityKind.SATURATION
    assert (began.active, ended.active) == (True, False)
    assert began.at_s - WINDOW_S <= 10.2
    assert 9.98 <= began.at_s < ended.at_s


def test_texts_are_one_plain_sentence_or_two() -> None:
    time = steady(60.0)
    wanted = (time < 20.0) | (np.arange(time.size) % 10 == 0)
    for event in faults(saturate(keep(level_sensor(time, []), wanted), 5.0, 5.1)):
        assert event.text[0].isupper()
        assert event.text.endswith(".")
        assert "bar sensor" in event.text


def test_what_was_told_is_in_the_order_of_time() -> None:
    time = np.concatenate([steady(20.0), steady(20.0, start_s=50.0)])
    wanted = (time < 5.0) | (time > 6.0)
    told = faults(saturate(keep(level_sensor(time, []), wanted), 7.0, 7.1))
    assert [e.at_s for e in told] == sorted(e.at_s for e in told)
    assert len(told) == 4


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 99), cuts=st.lists(st.integers(0, 4000), max_size=15))
def test_any_cutting_tells_the_same(seed: int, cuts: list[int]) -> None:
    rng = np.random.default_rng(seed)
    time = steady(40.0)
    wanted = rng.random(4000) < np.where((time // 7) % 2 == 0, 1.0, 0.12)
    hole = rng.uniform(5, 30)
    wanted &= (time < hole) | (time > hole + rng.uniform(0.2, 25.0))
    chunk = saturate(keep(level_sensor(time, [], seed=seed), wanted), 9.0, 9.3)
    edges = [0, *sorted(min(c, len(chunk)) for c in cuts), len(chunk)]
    parts = [chunk[a:b] for a, b in itertools.pairwise(edges)]
    assert [dataclasses.astuple(e) for e in faults(*parts)] == [
        dataclasses.astuple(e) for e in faults(chunk)
    ]


def test_a_monitor_fed_nothing_says_nothing() -> None:
    assert QualityMonitor("bar", 0.01).feed(Resampler().feed(ImuChunk.empty())) == []
