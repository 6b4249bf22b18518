"""Whether the bar is borne: stillness, rise, fall, holes, thin streams, and any cutting."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.events import Exercise
from lift_monitor.samples import ImuChunk
from lift_monitor.signal.bar_load import SHAKEN_S
from lift_monitor.signal.load_line import LoadBlock
from lift_monitor.signal.pipeline import BarPipeline, PipelineConfig
from lift_monitor.technique import Load, LoadChanged
from lift_monitor.units import STANDARD_GRAVITY_MPS2, BoolArray, FloatArray
from tests.signal.streams import Move, keep, lifts, steady, true_motion

SQUAT = [Move(6.0, 0.6, 0.05), *lifts(9.0, 3, down_first=True), Move(22.0, 0.6, -0.05)]
"""Out of the rack, three squats, back into it."""
OUT_S, BACK_S = 6.0, 22.6


@dataclass(frozen=True, slots=True)
class Told:
    events: list[LoadChanged]
    load: LoadBlock
    steps_s: FloatArray

    @property
    def states(self) -> list[Load]:
        return [event.load for event in self.events]

    def at(self, time_s: float) -> Load:
        return Load(int(self.load.load[np.searchsorted(self.load.time_s, time_s)]))


def bar(
    time_s: FloatArray,
    moves: list[Move],
    held: list[tuple[float, float]],
    *,
    acc_noise: float = 0.03,
    gyr_noise: float = 0.003,
    seed: int = 0,
) -> ImuChunk:
    """A level sensor; hands tremble at 9 Hz and sway at 0.7 Hz while they hold the bar."""
    rng = np.random.default_rng(seed)
    acc = rng.normal(0.0, acc_noise, (time_s.shape[0], 3))
    gyr = rng.normal(0.0, gyr_noise, (time_s.shape[0], 3))
    acc[:, 2] += STANDARD_GRAVITY_MPS2 + true_motion(time_s, moves)[2]
    hands = np.any([(time_s >= a) & (time_s < b) for a, b in held], axis=0) if held else 0.0
    acc[:, 0] += hands * 0.35 * np.sin(2 * np.pi * 9.0 * time_s)
    gyr[:, 1] += hands * 0.04 * np.sin(2 * np.pi * 0.7 * time_s)
    return ImuChunk.build(time_s, acc, gyr)


def tell(
    chunk: ImuChunk, exercise: Exercise = Exercise.BACK_SQUAT, cuts: list[int] | None = None
) -> Told:
    pipeline = BarPipeline(PipelineConfig(exercise))
    edges = [0, *sorted(min(c, len(chunk)) for c in cuts or []), len(chunk)]
    outputs = [pipeline.feed(chunk[a:b]) for a, b in itertools.pairwise(edges)]
    outputs.append(pipeline.finish())
    return Told(
        [e for out in outputs for e in out.events if isinstance(e, LoadChanged)],
        LoadBlock.concatenate([out.load for out in outputs]),
        np.concatenate([out.trace.time_s for out in outputs]),
    )


def squat(**noise: float) -> ImuChunk:
    return bar(steady(30.0), SQUAT, [(OUT_S, BACK_S)], **noise)  # type: ignore[arg-type]


@pytest.mark.parametrize(("acc_noise", "gyr_noise"), [(0.01, 0.001), (0.06, 0.005)])
def test_a_bar_is_unloaded_in_the_rack_and_loaded_from_leaving_it(
    acc_noise: float, gyr_noise: float
) -> None:
    told = tell(squat(acc_noise=acc_noise, gyr_noise=gyr_noise))
    assert told.states == [Load.UNLOADED, Load.LOADED, Load.UNLOADED]
    rest, out, back = told.events
    assert rest.since_s == pytest.approx(0.0, abs=0.2)
    assert out.since_s == pytest.approx(OUT_S, abs=0.3)
    assert back.since_s == pytest.approx(BACK_S, abs=0.3)
    assert all(0.0 <= event.at_s - event.since_s <= 1.0 for event in told.events)


def test_the_state_of_each_step_is_what_was_known_at_it() -> None:
    told = tell(squat())
    assert np.array_equal(told.load.time_s, told.steps_s)
    expected = np.full(len(told.load), Load.UNKNOWN, np.int8)
    for event in told.events:
        expected[told.load.time_s >= event.at_s] = event.load
    assert np.array_equal(told.load.load, expected)
    assert set(told.load.load.tolist()) == {-1, 0, 1}


def test_a_bar_held_as_quietly_as_can_be_is_never_unloaded() -> None:
    moves = [Move(4.0, 0.6, 0.05)]
    told = tell(bar(steady(60.0), moves, [(4.0, 60.0)]))
    assert told.states == [Load.UNLOADED, Load.LOADED]


def test_shaking_a_bar_does_not_bear_it_but_is_no_rest_either() -> None:
    told = tell(bar(steady(30.0), [], [(6.0, 20.0)]))
    assert told.states == [Load.UNLOADED, Load.UNKNOWN, Load.UNLOADED]
    assert told.events[1].at_s == pytest.approx(6.0 + SHAKEN_S, abs=0.2)
    assert told.events[1].since_s == pytest.approx(6.0, abs=0.2)


def test_nothing_is_known_of_a_recording_that_begins_in_the_hands_until_it_swings() -> None:
    told = tell(bar(steady(25.0), lifts(12.0, 3, down_first=True), [(0.0, 25.0)]))
    assert told.states == [Load.LOADED]
    assert told.events[0].since_s == pytest.approx(12.0, abs=0.5)
    assert told.at(11.0) is Load.UNKNOWN


def test_slack_in_a_deadlift_is_not_the_lift() -> None:
    moves = [Move(6.0, 0.6, 0.004), *lifts(8.0, 2, pause_s=1.5)]
    told = tell(bar(steady(25.0), moves, [(6.0, 11.7), (13.2, 16.9)]), Exercise.DEADLIFT)
    assert told.states[:3] == [Load.UNLOADED, Load.LOADED, Load.UNLOADED]
    assert told.events[1].since_s == pytest.approx(8.0, abs=0.3)


def test_a_bar_let_go_is_unloaded_while_it_falls() -> None:
    chunk = bar(steady(20.0), [Move(5.0, 1.0, 0.6)], [(5.0, 10.0)])
    falls = (chunk.time_s >= 10.0) & (chunk.time_s < 10.35)
    stops = (chunk.time_s >= 10.35) & (chunk.time_s < 10.39)
    acc = chunk.acc_sensor_mps2.copy()
    acc[falls, 2] -= STANDARD_GRAVITY_MPS2
    acc[stops, 2] += STANDARD_GRAVITY_MPS2 * 0.35 / 0.04
    dropped = ImuChunk.build(chunk.time_s, acc, chunk.gyr_sensor_radps)
    told = tell(dropped, Exercise.DEADLIFT)
    assert told.states == [Load.UNLOADED, Load.LOADED, Load.UNLOADED]
    assert told.events[-1].since_s == pytest.approx(10.0, abs=0.05)
    assert told.events[-1].at_s < 10.35


@pytest.mark.parametrize("hole_s", [2.0, 12.0])
def test_nothing_is_known_in_a_hole(hole_s: float) -> None:
    chunk = squat()
    hole: BoolArray = (chunk.time_s > 12.0) & (chunk.time_s < 12.0 + hole_s)
    told = tell(keep(chunk, ~hole))
    assert told.states[:3] == [Load.UNLOADED, Load.LOADED, Load.UNKNOWN]
    assert told.events[2].since_s == pytest.approx(12.0, abs=0.1)


def test_a_thin_stream_shows_rest_and_work_as_well() -> None:
    chunk = squat()
    thin = np.zeros(len(chunk), bool)
    gaps = np.random.default_rng(4).integers(3, 12, 900).cumsum()
    thin[gaps[gaps < len(chunk)]] = True
    told = tell(keep(chunk, thin))
    assert told.at(5.0) is Load.UNLOADED
    assert {told.at(time_s) for time_s in (10.0, 12.0, 15.0, 18.0)} == {Load.LOADED}


def test_without_an_exercise_the_evidence_is_the_same() -> None:
    assert tell(squat(), Exercise.FREE).states == [Load.UNLOADED, Load.LOADED, Load.UNLOADED]


@settings(max_examples=8, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 3000), max_size=60),
    hole_s=st.sampled_from([0.0, 0.5, 3.0, 8.0]),
    seed=st.integers(0, 9),
)
def test_any_cutting_tells_the_very_same(cuts: list[int], hole_s: float, seed: int) -> None:
    chunk = bar(steady(30.0), SQUAT, [(OUT_S, BACK_S)], seed=seed)
    drop = (chunk.time_s >= 14.0) & (chunk.time_s < 14.0 + hole_s)
    chunk = keep(chunk, ~drop)
    whole, parts = tell(chunk), tell(chunk, cuts=cuts)
    assert parts.events == whole.events
    assert np.array_equal(parts.load.load, whole.load.load)
    assert np.array_equal(parts.load.time_s, whole.load.time_s)
