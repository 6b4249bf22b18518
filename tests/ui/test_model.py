from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lift_monitor.events import (
    Confidence,
    Event,
    Exercise,
    QualityChanged,
    QualityKind,
    RepetitionCompleted,
    RepetitionWithdrawn,
    SetEnded,
    SetStarted,
)
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station import Mode, StationReset
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Changed, DataState, Level
from tests.ui import scenes
from tests.ui.scenes import finished, rep, reps_of, sensor, status, trace


def told(*events: Event, now_s: float = 111.0) -> SessionModel:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    model.apply(PipelineOutput(events, trace(now_s)))
    model.apply(status(now_s))
    return model


def in_a_set(*means: float, now_s: float = 111.0) -> SessionModel:
    started = SetStarted(100.0, 3, Exercise.DEADLIFT, 100.0, 28.0)
    return told(started, *(RepetitionCompleted(r.end_s, r) for r in reps_of(means)), now_s=now_s)


def test_an_open_set_shows_its_last_repetition_best_and_stop_line() -> None:
    model = in_a_set(0.49, 0.47, 0.44)
    view = model.current
    assert view is not None
    assert [r.number for r in view.repetitions] == [1, 2, 3]
    assert view.best_mps == 0.49
    assert model.stop_line_mps == pytest.approx(0.343)
    assert not model.resting
    assert model.rest_s is None
    reading = model.last_reading()
    assert (reading.value, reading.state) == (0.44, DataState.LIVE)


def test_refined_repetitions_replace_the_provisional_ones_and_rest_begins() -> None:
    model = in_a_set(0.49, 0.47, 0.44, 0.43)
    done = finished(3, (0.50, 0.48, 0.45), 100.0)  # the fourth was a set-down
    model.apply(PipelineOutput((SetEnded(120.0, done),)))
    model.apply(status(150.0))
    assert model.current is not None
    assert model.current.repetitions == list(done.repetitions)
    assert model.resting
    assert model.rest_s == pytest.approx(150.0 - done.end_s)
    assert model.current.finished is done


def test_a_set_without_repetitions_vanishes() -> None:
    model = in_a_set(0.49)
    empty = replace(finished(3, (0.5,), 100.0), repetitions=())
    model.apply(PipelineOutput((SetEnded(120.0, empty),)))
    assert model.current is None
    assert not model.resting


def test_a_withdrawn_repetition_leaves_with_its_reason() -> None:
    model = in_a_set(0.49, 0.47)
    model.apply(PipelineOutput((RepetitionWithdrawn(108.0, 3, 2, "the bar was set down"),)))
    assert model.current is not None
    assert [r.number for r in model.current.repetitions] == [1]
    assert model.current.withdrawn[0].reason == "the bar was set down"


def test_without_confidence_the_number_is_withdrawn_with_its_reason() -> None:
    bad = rep(1, confidence=Confidence.NONE, reasons=("a hole in the lifting phase",))
    model = told(RepetitionCompleted(103.0, bad))
    reading = model.last_reading()
    assert reading.value is None
    assert reading.state is DataState.UNAVAILABLE
    assert reading.why == "a hole in the lifting phase"
    assert model.stop_line_mps is None


def test_low_confidence_is_marked_estimated_with_its_reason() -> None:
    low = rep(1, confidence=Confidence.LOW, reasons=("rate too low",))
    reading = told(RepetitionCompleted(103.0, low)).last_reading()
    assert (reading.value, reading.state) == (low.mean_velocity_mps, DataState.ESTIMATED)
    assert reading.why == "rate too low"


@pytest.mark.parametrize(
    ("age_s", "state", "shown"),
    [
        (0.1, DataState.LIVE, True),
        (0.5, DataState.LIVE, True),
        (0.6, DataState.HELD, True),
        (2.0, DataState.HELD, True),
        (2.1, DataState.UNAVAILABLE, False),
    ],
)
def test_stale_data_are_dimmed_and_then_withdrawn(
    age_s: float, state: DataState, shown: bool
) -> None:
    model = in_a_set(0.49)
    model.apply(status(112.0, sensors=(sensor(age_s=age_s),)))
    assert model.live_reading().state is state
    assert (model.live_reading().value is not None) == shown
    assert model.last_reading().state is state
    assert (model.last_reading().value is not None) == shown


def test_a_paused_replay_is_not_stale() -> None:
    model = in_a_set(0.49)
    model.apply(status(112.0, playing=False, sensors=(sensor(age_s=9.0),)))
    assert model.live_reading().state is DataState.LIVE


def test_before_the_first_packet_nothing_is_shown() -> None:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    assert model.live_reading().why == "waiting"
    assert model.last_reading().why == "no_repetition"
    assert model.cue() is None


def test_a_reset_clears_everything_and_what_follows_redraws() -> None:
    model = in_a_set(0.49, 0.47)
    assert model.apply(StationReset(0.0)) is Changed.ALL
    assert model.current is None
    assert len(model.ring) == 0
    model.apply(PipelineOutput((RepetitionCompleted(103.0, rep(1)),)))
    assert model.current is not None


@pytest.mark.parametrize(
    ("means", "code", "level"),
    [
        ((0.49, 0.47), None, None),
        ((0.50, 0.39), "slowing", Level.CHECK),
        ((0.50, 0.34), "stop", Level.STOP),
        ((0.49, 0.48, 0.47, 0.48, 0.49), "target_reached", Level.OK),
    ],
)
def test_one_cue_at_most(means: tuple[float, ...], code: str | None, level: Level | None) -> None:
    cue = in_a_set(*means, now_s=118.0).cue()
    assert (cue.code if cue else None) == code
    assert (cue.level if cue else None) == level


def test_a_number_that_is_not_trusted_never_orders_a_stop() -> None:
    low = rep(2, 0.30, loss=40.0, confidence=Confidence.LOW, reasons=("noise",))
    cue = told(RepetitionCompleted(103.0, rep(1)), RepetitionCompleted(106.0, low)).cue()
    assert cue is not None
    assert cue.level is Level.CHECK


def test_a_slow_beginning_is_no_loss() -> None:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    slow = rep(1, 0.30, loss=40.0, refined=True)
    last = rep(3, 0.34, loss=32.0, refined=True)
    done = replace(finished(3, (0.5,), 100.0), repetitions=(slow, rep(2, 0.50), last))
    model.apply(PipelineOutput((SetEnded(120.0, done),)))
    assert [model.level_of(r) for r in done.repetitions] == [Level.OK, Level.OK, Level.STOP]


def test_rest_before_a_set_runs_between_refined_times() -> None:
    first, second = finished(1, (0.5,), 10.0), finished(2, (0.5,), 60.0)
    started = SetStarted(62.0, 2, Exercise.DEADLIFT, 60.0, -2.0)
    model = told(SetEnded(20.0, first), started, SetEnded(70.0, second))
    assert model.rest_before_s(model.sets[0]) is None
    assert model.rest_before_s(model.sets[1]) == pytest.approx(60.0 - first.end_s)


def test_a_sensor_that_has_not_spoken_is_a_fault() -> None:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    model.apply(status(1.0, sensors=(sensor(age_s=None),)))
    assert [f.code for f in model.faults()] == ["waiting"]


def test_a_technical_fault_is_listed_then_lingers_then_goes() -> None:
    began = QualityChanged(101.0, "bar", QualityKind.GAP, True, 100.0, None, "a hole")
    over = replace(began, at_s=103.0, active=False, end_s=102.5)
    model = told(began)
    assert [(f.code, f.active) for f in model.faults()] == [("gap", True)]
    model.apply(PipelineOutput((over,)))
    assert [(f.code, f.active) for f in model.faults()] == [("gap", False)]
    model.apply(status(140.0))
    assert model.faults() == []


def test_the_worst_fault_comes_first() -> None:
    model = told()
    lost = sensor(state="lost", age_s=3.0, battery_pct=10.0)
    model.apply(status(112.0, error="The disk is full.", sensors=(lost,)))
    assert [f.code for f in model.faults()] == ["error", "lost"]
    model.apply(status(112.0, sensors=(sensor(battery_pct=10.0, loss_pct=4.0),)))
    assert {f.code for f in model.faults()} == {"battery", "loss"}


def test_trace_keeps_ten_seconds_and_holes_stay_holes() -> None:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    for end_s in np.arange(20.0, 60.0, 10.0):
        model.apply(PipelineOutput((), trace(float(end_s), hole=(end_s - 3.0, end_s - 2.0))))
    ring = model.ring
    assert ring.time_s[-1] - ring.time_s[0] <= 10.0 + 1e-6
    holes = ring.holes(now_s=50.0)
    assert len(holes) == 1
    assert holes[0] == pytest.approx((47.0, 48.0), abs=0.05)
    assert not np.isfinite(ring.velocity_mps[(ring.time_s > 47.1) & (ring.time_s < 47.9)]).any()


def test_a_jump_between_blocks_is_never_bridged() -> None:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    model.apply(PipelineOutput((), trace(20.0)))
    later = trace(24.0)
    keep = later.time_s > 22.0
    model.apply(
        PipelineOutput(
            (),
            replace(
                later,
                time_s=later.time_s[keep],
                velocity_mps=later.velocity_mps[keep],
                height_m=later.height_m[keep],
                up_sensor=later.up_sensor[keep],
                quality=later.quality[keep],
            ),
        )
    )
    between = (model.ring.time_s > 20.0) & (model.ring.time_s < 22.0)
    assert between.sum() == 1
    assert np.isnan(model.ring.velocity_mps[between]).all()
    assert model.ring.holes(24.0)[0] == pytest.approx((20.0, 22.0), abs=0.05)


def test_the_end_of_the_stream_is_an_open_hole() -> None:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    model.apply(PipelineOutput((), trace(20.0)))
    assert model.ring.holes(23.0)[-1] == pytest.approx((20.0, 23.0), abs=0.05)
    assert model.ring.holes(20.1) == ()


@pytest.mark.parametrize("fields", [{"state": "lost"}, {"link": "lost"}])
def test_a_lost_link_withdraws_at_once_however_fresh_the_data(fields: dict[str, str]) -> None:
    model = in_a_set(0.49)
    why = "The link to the bar sensor broke."
    model.apply(status(111.0, sensors=(sensor(age_s=0.05, text=why, **fields),)))
    for reading in (model.live_reading(), model.last_reading()):
        assert reading.value is None
        assert reading.state is DataState.UNAVAILABLE
        assert (reading.why, reading.text) == ("lost", why)
    cue = model.cue()
    assert cue is not None
    assert (cue.code, cue.text) == ("no_data", why)
    assert [f.code for f in model.faults()] == ["lost"]
    model.apply(status(111.2, sensors=(sensor(),)))
    assert model.last_reading().value == 0.49


def test_a_lost_link_leaves_what_a_finished_set_found() -> None:
    model = in_a_set(0.49, 0.47)
    model.apply(PipelineOutput((SetEnded(120.0, finished(3, (0.50, 0.48), 100.0)),)))
    model.apply(status(121.0, sensors=(sensor(state="lost", age_s=0.1),)))
    assert model.last_reading().value == 0.48
    assert model.live_reading().value is None


def test_the_loss_of_a_body_sensor_withdraws_nothing_of_the_bar() -> None:
    model = in_a_set(0.49)
    bar, thorax, _ = scenes.three_sensors()
    model.apply(status(111.0, sensors=(bar, replace(thorax, state="lost", link="lost"))))
    assert model.last_reading().value == 0.49
    assert "lost" in [f.code for f in model.faults()]


def test_a_session_without_a_bar_sensor_says_so() -> None:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    model.apply(status(5.0, sensors=scenes.three_sensors()[1:2]))
    assert model.live_reading().why == "no_bar"
    assert model.faults()[0].code == "no_bar"
    assert model.cue() is None
