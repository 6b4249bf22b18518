"""Sets and repetitions as the whole core tells them, from a sensor's samples on."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import dataclass

import numpy as np
import pytest

from lift_monitor.event_json import from_dict, to_dict
from lift_monitor.events import (
    Confidence,
    Event,
    Exercise,
    LiftSet,
    RepetitionCompleted,
    RepetitionWithdrawn,
    SetEnded,
    SetStarted,
)
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.exercises import PROFILES, profile_of
from lift_monitor.signal.pipeline import BarPipeline, PipelineConfig
from lift_monitor.signal.sets import LONGEST_SET_S
from tests.signal.streams import Move, keep, level_sensor, lifts, steady, true_motion

WITHOUT_REPETITIONS = (Exercise.FREE, Exercise.JUMPING_CHIN_UP, Exercise.DROP_LANDING)


@dataclass(frozen=True, slots=True)
class Told:
    """All that the core made known of a stream."""

    pipeline: BarPipeline
    events: list[Event]

    @property
    def sets(self) -> tuple[LiftSet, ...]:
        return self.pipeline.sets

    @property
    def completed(self) -> list[RepetitionCompleted]:
        return [e for e in self.events if isinstance(e, RepetitionCompleted)]

    @property
    def started(self) -> list[SetStarted]:
        return [e for e in self.events if isinstance(e, SetStarted)]

    @property
    def ended(self) -> list[SetEnded]:
        return [e for e in self.events if isinstance(e, SetEnded)]

    @property
    def withdrawn(self) -> list[RepetitionWithdrawn]:
        return [e for e in self.events if isinstance(e, RepetitionWithdrawn)]


def tell(
    chunk: ImuChunk, exercise: Exercise = Exercise.DEADLIFT, *, chunk_s: float | None = None
) -> Told:
    pipeline = BarPipeline(PipelineConfig(exercise, acc_range_mps2=78.0), keep_traces=True)
    events: list[Event] = []
    if chunk_s is None:
        events += pipeline.feed(chunk).events
    else:
        edges = np.arange(chunk.time_s[0], chunk.time_s[-1] + chunk_s, chunk_s)
        cuts = [0, *np.searchsorted(chunk.time_s, edges).tolist(), len(chunk)]
        for a, b in itertools.pairwise(cuts):
            events += pipeline.feed(chunk[a:b]).events
    events += pipeline.finish().events
    return Told(pipeline, events)


ONE = lifts(6.0, 5)
TWO = [*ONE, *lifts(60.0, 4, range_m=0.45)]


@pytest.fixture(scope="module")
def one() -> Told:
    return tell(level_sensor(steady(50.0), ONE))


@pytest.fixture(scope="module")
def two() -> Told:
    return tell(level_sensor(steady(100.0), TWO))


def test_a_set_starts_and_ends_by_itself(one: Told) -> None:
    (started,), (ended,) = one.started, one.ended
    ups = [m for m in ONE if m.rise_m > 0]
    assert started.set_number == 1
    assert started.start_s == pytest.approx(6.0, abs=0.3)
    assert started.at_s < ups[2].start_s  # told while the set goes on
    assert ups[-1].end_s + 10.0 < ended.at_s < 50.0  # and its end before the stream's
    assert ended.lift_set.end_s == pytest.approx(ONE[-1].end_s, abs=0.3)
    assert one.sets == (ended.lift_set,)


def test_repetitions_are_told_as_they_end(one: Told) -> None:
    ups = [m for m in ONE if m.rise_m > 0]
    assert [e.repetition.number for e in one.completed] == [1, 2, 3, 4, 5]
    for event, move in zip(one.completed, ups, strict=True):
        assert not event.repetition.refined
        assert 0.0 < event.at_s - move.end_s < 4.5
        assert event.repetition.concentric_end_s <= event.at_s


def test_refined_values_agree_with_the_formulas(one: Told) -> None:
    ups = [m for m in ONE if m.rise_m > 0]
    time = steady(50.0)
    velocity = true_motion(time, ONE)[1]
    (lift_set,) = one.sets
    assert len(lift_set.repetitions) == 5
    for rep, move in zip(lift_set.repetitions, ups, strict=True):
        truth = velocity[(time >= rep.concentric_start_s) & (time <= rep.concentric_end_s)].mean()
        assert rep.refined
        assert rep.rom_m == pytest.approx(0.5, abs=0.02)
        assert rep.peak_velocity_mps == pytest.approx(1.0, abs=0.03)
        assert rep.mean_velocity_mps == pytest.approx(truth, abs=0.03)
        assert rep.concentric_start_s == pytest.approx(move.start_s, abs=0.2)
        assert rep.concentric_end_s == pytest.approx(move.end_s, abs=0.2)
        assert rep.start_s <= rep.concentric_start_s < rep.concentric_end_s <= rep.end_s
        assert rep.confidence is Confidence.HIGH
        assert rep.reasons == ()
    assert lift_set.confidence is Confidence.HIGH


def test_provisional_values_are_near_the_refined_ones(one: Told) -> None:
    for event, rep in zip(one.completed, one.sets[0].repetitions, strict=True):
        early = event.repetition
        assert early.mean_velocity_mps == pytest.approx(rep.mean_velocity_mps, abs=0.06)
        assert early.rom_m == pytest.approx(rep.rom_m, rel=0.2)


def test_velocity_loss_is_against_the_best(one: Told) -> None:
    moves: list[Move] = []
    for number, up_s in enumerate((0.9, 0.8, 1.0, 1.2, 1.6)):
        start = 6.0 + 4.0 * number
        moves += [Move(start, up_s, 0.5), Move(start + up_s + 0.4, 1.0, -0.5)]
    told = tell(level_sensor(steady(45.0), moves))
    (lift_set,) = told.sets
    losses = [rep.velocity_loss_pct for rep in lift_set.repetitions]
    assert losses[1] == 0.0
    assert losses[0] == pytest.approx(100 * (1 - 0.8 / 0.9), abs=4.0)
    assert losses[4] == pytest.approx(100 * (1 - 0.8 / 1.6), abs=5.0)
    assert lift_set.velocity_loss_pct == losses[4]
    assert told.completed[0].repetition.velocity_loss_pct == 0.0  # the best so far


def test_two_sets_and_the_rest_between_them(two: Told) -> None:
    assert [len(s.repetitions) for s in two.sets] == [5, 4]
    assert [s.number for s in two.sets] == [1, 2]
    first, second = two.started
    assert first.rest_before_s is None
    assert second.rest_before_s is not None
    assert second.rest_before_s == pytest.approx(60.0 - ONE[-1].end_s, abs=0.5)
    assert [e.repetition.set_number for e in two.completed] == [1] * 5 + [2] * 4


def test_a_short_pause_within_a_set_does_not_end_it() -> None:
    pause = [*lifts(6.0, 3), *lifts(6.0 + 3 * 3.4 + 8.0, 3)]
    told = tell(level_sensor(steady(60.0), pause))
    assert [len(s.repetitions) for s in told.sets] == [6]


def test_lifting_without_end_is_told_in_sets_and_loses_no_repetition() -> None:
    told = tell(level_sensor(steady(400.0, 50.0), lifts(6.0, 45, pause_s=2.8)))
    assert told.withdrawn == []
    assert sum(len(s.repetitions) for s in told.sets) == 45
    assert len(told.sets) == 2
    assert all(s.end_s - s.start_s < LONGEST_SET_S for s in told.sets)
    tops = [r.concentric_end_s for s in told.sets for r in s.repetitions]
    assert np.diff(tops) == pytest.approx(1.0 + 1.2 + 2 * 2.8, abs=0.3)


def test_a_set_still_open_is_closed_by_the_end_of_the_stream() -> None:
    told = tell(level_sensor(steady(ONE[-1].end_s + 1.0), ONE))
    assert [len(s.repetitions) for s in told.sets] == [5]
    assert told.sets[0].repetitions[0].refined


def test_what_was_told_too_soon_is_withdrawn_with_its_reason() -> None:
    """The bar is put into position by a lift of its own before the set."""
    moves = [Move(5.0, 1.1, 0.3), Move(6.5, 0.9, -0.3), *lifts(12.0, 5, range_m=0.62)]
    told = tell(level_sensor(steady(60.0), moves))
    assert [len(s.repetitions) for s in told.sets] == [5]
    assert len(told.completed) - len(told.withdrawn) == 5
    (ended,) = told.ended
    withdrawn = told.withdrawn[0]
    assert (withdrawn.set_number, withdrawn.number) == (1, 1)
    assert all(e.reason for e in told.withdrawn)
    assert told.events.index(told.withdrawn[-1]) < told.events.index(ended)
    assert [r.number for r in ended.lift_set.repetitions] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("exercise", PROFILES)
def test_every_exercise_counts_its_own_repetitions(exercise: Exercise) -> None:
    profile = PROFILES[exercise]
    height = 0.4
    moves = lifts(6.0, 6, range_m=height, down_first=profile.eccentric_first)
    (lift_set,) = tell(level_sensor(steady(50.0), moves), exercise).sets
    assert len(lift_set.repetitions) == 6
    for rep in lift_set.repetitions[1:-1]:
        before = rep.eccentric_start_s < rep.concentric_start_s
        assert before == profile.eccentric_first
        assert rep.eccentric_duration_s == pytest.approx(1.2, abs=0.35)


@pytest.mark.parametrize("exercise", WITHOUT_REPETITIONS)
def test_what_has_no_repetitions_of_a_bar_gives_traces_only(exercise: Exercise) -> None:
    assert profile_of(exercise) is None
    told = tell(level_sensor(steady(40.0), ONE), exercise)
    assert told.sets == ()
    assert {e.kind for e in told.events} == {"phase_changed", "load_changed"}
    time = steady(40.0)
    refined = told.pipeline.refined_traces()
    truth = np.interp(refined.time_s, time, true_motion(time, ONE)[1])
    assert np.sqrt(np.mean((refined.velocity_mps - truth) ** 2)) < 0.04


# -- streams that carry nothing ----------------------------------------------------------


def senseless(kind: str, seconds: float) -> ImuChunk:
    time = steady(seconds)
    n = time.size
    rng = np.random.default_rng(0)
    acc = {
        "zero": np.zeros((n, 3)),
        "constant": np.tile([0.1, -0.2, 9.8], (n, 1)),
        "nan": np.full((n, 3), np.nan),
        "inf": np.full((n, 3), np.inf),
        "free fall": rng.normal(0, 0.01, (n, 3)),
        "absurd": rng.normal(0, 1e200, (n, 3)),
        "still": np.array([0.0, 0.0, 9.81]) + rng.normal(0, 0.03, (n, 3)),
    }[kind]
    gyr = np.zeros((n, 3)) if kind in ("zero", "constant") else rng.normal(0, 0.005, (n, 3))
    return ImuChunk.build(time, acc, gyr)


@pytest.mark.parametrize("exercise", [Exercise.DEADLIFT, Exercise.BACK_SQUAT, Exercise.FREE])
@pytest.mark.parametrize("kind", ["zero", "constant", "nan", "inf", "free fall", "absurd", "still"])
def test_what_carries_nothing_gives_nothing(kind: str, exercise: Exercise) -> None:
    told = tell(senseless(kind, 60.0), exercise)
    assert told.sets == ()
    assert told.completed == []
    trace = told.pipeline.refined_traces()
    assert np.isfinite(trace.up_sensor).all()


@pytest.mark.parametrize("rate_hz", [12.5, 100.0, 1000.0])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 7, 10, 25, 60, 120])
def test_short_streams_raise_nothing(n: int, rate_hz: float) -> None:
    told = tell(level_sensor(steady(n / rate_hz, rate_hz), []))
    assert told.sets == ()
    assert told.pipeline.facts.samples == n
    trace = told.pipeline.refined_traces()
    assert np.isfinite(trace.velocity_mps).all()


def test_a_fragment_after_a_break_raises_nothing() -> None:
    time = np.concatenate([steady(30.0), steady(0.06, start_s=60.0)])
    trace = tell(level_sensor(time, ONE)).pipeline.refined_traces()
    assert np.isfinite(trace.velocity_mps).all()
    assert (trace.quality & Quality.RESTARTED != 0).sum() == 2


def test_a_sensor_that_repeats_itself_for_an_hour_is_read_in_no_time() -> None:
    """Once this took the square of the length; pytest's time-out is the judge."""
    told = tell(senseless("constant", 3600.0), Exercise.FREE)
    assert told.pipeline.facts.repeated_samples > 300_000


# -- streams that carry less than they should --------------------------------------------


def test_a_stream_of_twelve_hertz_counts_with_low_confidence_and_its_reason() -> None:
    (lift_set,) = tell(level_sensor(steady(50.0, 12.0), ONE)).sets
    assert len(lift_set.repetitions) == 5
    assert lift_set.confidence is Confidence.LOW
    assert "12 fresh samples a second" in " ".join(lift_set.reasons)
    assert all(r.confidence is Confidence.LOW and r.reasons for r in lift_set.repetitions)


def test_a_stream_thinned_by_the_radio_is_low_in_confidence() -> None:
    chunk = level_sensor(steady(50.0), ONE)
    wanted = np.random.default_rng(1).random(len(chunk)) < 0.12
    sets = tell(keep(chunk, wanted)).sets
    assert sets
    assert all(s.confidence is not Confidence.HIGH and s.reasons for s in sets)


def test_a_hole_inside_a_set_lowers_confidence_and_says_why() -> None:
    chunk = level_sensor(steady(50.0), ONE)
    start = ONE[4].start_s + 0.3  # in the third pull
    told = tell(keep(chunk, (chunk.time_s < start) | (chunk.time_s > start + 1.5)))
    assert sum(len(s.repetitions) for s in told.sets) in (4, 5)
    for lift_set in told.sets:
        assert lift_set.confidence is Confidence.LOW
        assert "hole of 1.5 s" in " ".join(lift_set.reasons)
    trace = told.pipeline.refined_traces()
    inside = (trace.time_s > start + 0.02) & (trace.time_s < start + 1.48)
    assert np.isnan(trace.velocity_mps[inside]).all()
    assert np.isfinite(trace.velocity_mps[~inside]).sum() > 4500


def test_saturation_lowers_the_repetition_it_touches() -> None:
    clean = level_sensor(steady(50.0), ONE)
    acc = clean.acc_sensor_mps2.copy()
    at = ONE[2].start_s + 0.4
    acc[(clean.time_s > at) & (clean.time_s < at + 0.03), 1] = 78.0
    told = tell(ImuChunk.build(clean.time_s, acc, clean.gyr_sensor_radps))
    (lift_set,) = told.sets
    assert told.pipeline.facts.saturated_samples in (2, 3)
    assert [r.confidence for r in lift_set.repetitions].count(Confidence.LOW) == 1
    touched = lift_set.repetitions[1]
    assert "end of its range" in " ".join(touched.reasons)


def test_a_break_closes_the_set_and_the_next_begins_another() -> None:
    moves = [*ONE, *lifts(60.0, 5)]
    chunk = level_sensor(steady(90.0), moves)
    told = tell(keep(chunk, (chunk.time_s < 24.0) | (chunk.time_s > 55.0)))
    assert [len(s.repetitions) for s in told.sets] == [5, 5]
    assert [s.number for s in told.sets] == [1, 2]
    trace = told.pipeline.refined_traces()
    assert not ((trace.time_s > 24.0) & (trace.time_s < 55.0)).any()
    assert (trace.quality & Quality.RESTARTED != 0).sum() == 2


# -- every rate, any origin of time ------------------------------------------------------


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 104.0, 208.0, 416.0, 1000.0])
def test_every_rate_of_a_real_sensor_counts_and_measures(rate_hz: float) -> None:
    (lift_set,) = tell(level_sensor(steady(45.0, rate_hz), ONE)).sets
    assert len(lift_set.repetitions) == 5
    assert lift_set.confidence is Confidence.HIGH
    for rep in lift_set.repetitions:
        assert rep.rom_m == pytest.approx(0.5, abs=0.03)
        assert rep.peak_velocity_mps == pytest.approx(1.0, abs=0.05)


def test_time_may_begin_anywhere() -> None:
    chunk = level_sensor(steady(45.0), ONE)
    late = chunk.with_time(chunk.time_s + 1e9)
    (early_set,), (late_set,) = tell(chunk).sets, tell(late).sets
    assert late_set.start_s - 1e9 == pytest.approx(early_set.start_s, abs=0.02)
    for one, other in zip(early_set.repetitions, late_set.repetitions, strict=True):
        assert one.mean_velocity_mps == pytest.approx(other.mean_velocity_mps, abs=0.005)
        assert one.rom_m == pytest.approx(other.rom_m, abs=0.005)


@pytest.mark.parametrize("up", [(0.0, 0.0, -1.0), (1.0, 0.0, 0.0), (0.6, -0.64, 0.48)])
def test_it_does_not_matter_how_the_sensor_is_mounted(up: tuple[float, float, float]) -> None:
    chunk = level_sensor(steady(45.0), ONE)
    along = chunk.acc_sensor_mps2[:, 2:] * np.array(up)
    noise = np.random.default_rng(3).normal(0, 0.02, along.shape)
    turned = ImuChunk.build(chunk.time_s, along + noise, chunk.gyr_sensor_radps)
    (lift_set,) = tell(turned).sets
    assert len(lift_set.repetitions) == 5
    assert all(r.rom_m == pytest.approx(0.5, abs=0.03) for r in lift_set.repetitions)


# -- what leaves the core ----------------------------------------------------------------


def test_events_survive_json(two: Told) -> None:
    for event in two.events:
        again = from_dict(json.loads(json.dumps(to_dict(event))))
        assert repr(again) == repr(event)


def test_no_number_is_infinite_and_only_an_unseen_lowering_is_unknown(two: Told) -> None:
    def numbers(value: object, name: str = "") -> list[tuple[str, float]]:
        if isinstance(value, dict):
            return [n for k, v in value.items() for n in numbers(v, str(k))]
        if isinstance(value, list | tuple):
            return [n for v in value for n in numbers(v, name)]
        return [(name, value)] if isinstance(value, float) else []

    for event in two.events:
        for name, value in numbers(to_dict(event)):
            assert math.isfinite(value) or (math.isnan(value) and name.startswith("eccentric"))


def test_events_come_in_the_order_in_which_they_became_known(two: Told) -> None:
    told = [e.at_s for e in two.events]
    assert told == sorted(told)


def test_phases_alternate_and_follow_the_bar(one: Told) -> None:
    phases = [e for e in one.events if e.kind == "phase_changed"]
    kinds = [e.phase for e in phases]  # type: ignore[attr-defined]
    assert all(a != b for a, b in itertools.pairwise(kinds))
    for move in ONE:
        near = [e for e in phases if move.start_s < e.at_s < move.end_s]
        wanted = "up" if move.rise_m > 0 else "down"
        assert wanted in [e.phase for e in near]  # type: ignore[attr-defined]


def test_a_live_session_keeps_no_more_than_the_longest_set() -> None:
    pipeline = BarPipeline(PipelineConfig(Exercise.DEADLIFT))
    moves = [m for start in range(10, 1500, 90) for m in lifts(float(start), 5)]
    chunk = level_sensor(steady(1500.0, 50.0), moves)
    kept = []
    for first in range(0, len(chunk), 500):
        pipeline.feed(chunk[first : first + 500])
        road = pipeline._road
        assert road is not None
        assert road.tracker is not None
        kept.append(road._buffer._arrays["time_s"].shape[0])
        assert len(road.tracker._due) < 20
        assert pipeline._resampler._rows.shape[0] < 200
    assert max(kept) <= 2.5 * LONGEST_SET_S * 50.0
    assert max(kept[len(kept) // 2 :]) <= max(kept[: len(kept) // 2])
    assert len(pipeline.sets) >= 15


def test_refined_traces_need_to_be_asked_for_beforehand() -> None:
    with pytest.raises(ValueError, match="keep_traces"):
        BarPipeline(PipelineConfig(Exercise.FREE)).refined_traces()
