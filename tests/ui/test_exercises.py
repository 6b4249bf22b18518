"""A session of several exercises on the screen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from lift_monitor.analysis import analyse
from lift_monitor.drivers.source import MemorySource
from lift_monitor.events import (
    Event,
    Exercise,
    ExerciseChanged,
    RepetitionCompleted,
    SetEnded,
    SetStarted,
)
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.sound.channel import SoundChannel
from lift_monitor.sound.player import SilentPlayer
from lift_monitor.sound.words import SoundConfig
from lift_monitor.station import Mode, StationReset
from lift_monitor.technique import Load, LoadChanged
from lift_monitor.ui.exercise_book import Doing
from lift_monitor.ui.header import Header
from lift_monitor.ui.hero import Hero
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.ranges import ranges_of
from lift_monitor.ui.readings import Changed
from lift_monitor.ui.session import LoadedSession
from lift_monitor.ui.stage import Stage
from lift_monitor.ui.table_panels import SetsPanel
from lift_monitor.ui.technique import alarm_note
from lift_monitor.ui.text import Text
from lift_monitor.ui.timeline import Overview
from lift_monitor.ui.trace_panel import TracePanel
from tests.ui import scenes, trunk_scenes
from tests.ui.scenes import ScriptedFeed, finished, rep, status

SQUAT = ExerciseChanged(200.0, Exercise.BACK_SQUAT, 60.0, 3, 4)
BACK = ExerciseChanged(400.0, Exercise.DEADLIFT, 57.5, 5, 5)


def one_set(number: int, start_s: float, exercise: Exercise = Exercise.DEADLIFT) -> list[Event]:
    done = finished(number, (0.5, 0.48), start_s)
    reps = tuple(replace(r, exercise=exercise) for r in done.repetitions)
    done = replace(done, exercise=exercise, repetitions=reps)
    return [
        SetStarted(start_s, number, exercise, start_s, None),
        *(RepetitionCompleted(r.end_s, r) for r in reps),
        SetEnded(done.end_s + 12.0, done),
    ]


def told(*events: Event, now_s: float = 180.0) -> SessionModel:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    model.apply(PipelineOutput(events))
    model.apply(status(now_s))
    return model


def words(widget: Header | Hero) -> str:
    return " ".join(text.full_text for text in widget.findChildren(Text))


def test_it_begins_with_what_was_set() -> None:
    model = told()
    assert (model.exercise, model.load_kg) == (Exercise.DEADLIFT, 52.5)
    assert (model.target_reps, model.target_sets) == (5, 5)


def test_a_change_brings_exercise_load_and_targets() -> None:
    model = told(*one_set(1, 100.0))
    assert model.apply(PipelineOutput((SQUAT,))) == Changed.ALL
    assert (model.exercise, model.load_kg) == (Exercise.BACK_SQUAT, 60.0)
    assert (model.target_reps, model.target_sets) == (3, 4)
    assert model.current is None
    assert model.resting
    model.apply(status(230.0))
    assert model.rest_s == pytest.approx(230.0 - model.sets[0].finished.end_s)  # type: ignore[union-attr]


def test_sets_are_counted_by_exercise_and_go_on_when_it_comes_back() -> None:
    model = told(
        *one_set(1, 100.0),
        *one_set(2, 140.0),
        SQUAT,
        *one_set(3, 220.0, Exercise.BACK_SQUAT),
        BACK,
        *one_set(4, 420.0),
        now_s=450.0,
    )
    assert [model.number_of(view) for view in model.sets] == [1, 2, 1, 3]
    assert [model.load_of(view) for view in model.sets] == [52.5, 52.5, 60.0, 57.5]
    assert [view.number for view in model.sets_of_exercise] == [1, 2, 4]


def test_a_load_said_after_the_set_is_the_next_ones() -> None:
    first, second = one_set(1, 100.0), one_set(2, 140.0)
    last_s = max(e.repetition.end_s for e in first if isinstance(e, RepetitionCompleted))
    heavier = ExerciseChanged(last_s + 3.0, Exercise.DEADLIFT, 55.0, 5, 5)
    model = told(*first[:-1], heavier)
    assert model.current is not None  # another load takes no set from the screen
    assert model.number_of(model.current) == 1
    model.apply(PipelineOutput((first[-1], *second)))
    assert [model.load_of(view) for view in model.sets] == [52.5, 55.0]


def test_the_order_in_which_it_is_told_makes_no_difference() -> None:
    late = told(*one_set(1, 100.0), *one_set(2, 220.0, Exercise.BACK_SQUAT), SQUAT, now_s=300.0)
    right = told(*one_set(1, 100.0), SQUAT, *one_set(2, 220.0, Exercise.BACK_SQUAT), now_s=300.0)
    for model in (late, right):
        assert model.exercise is Exercise.BACK_SQUAT
        assert model.current is not None
        assert model.number_of(model.current) == 1
        assert model.load_of(model.current) == 60.0


def test_moving_back_in_time_brings_back_what_was_done_then() -> None:
    model = told(*one_set(1, 100.0), SQUAT, now_s=300.0)
    model.apply(StationReset(50.0))
    assert (model.exercise, model.load_kg) == (Exercise.DEADLIFT, 52.5)
    model.apply(PipelineOutput((SQUAT,)))
    assert model.exercise is Exercise.BACK_SQUAT


def test_an_open_set_of_a_silent_bar_is_not_taken_for_one_of_the_next_exercise() -> None:
    model = told(*one_set(1, 100.0)[:-1], SQUAT, now_s=210.0)
    assert model.current is None
    assert not model.resting
    assert model.cue() is None or model.cue().code == "no_data"  # type: ignore[union-attr]
    assert model.last_reading().value is None


def test_landings_are_the_session_while_they_are_done() -> None:
    drops = ExerciseChanged(200.0, Exercise.HEEL_DROP, None, 10, 2)
    model = told(*one_set(1, 100.0), drops)
    assert model.landing_session
    model.apply(PipelineOutput((BACK,)))
    assert not model.landing_session


def test_a_flag_of_a_lift_still_speaks_of_its_bar_while_landings_are_done() -> None:
    drops = ExerciseChanged(200.0, Exercise.HEEL_DROP, None, 10, 2)
    lifted, dropped = (
        replace(trunk_scenes.flag(start_s=at_s, end_s=at_s + 1.0), under_load=None)
        for at_s in (101.0, 205.0)
    )
    model = told(
        *one_set(1, 100.0),
        trunk_scenes.ended(lifted, 102.0),
        drops,
        trunk_scenes.ended(dropped, 206.0),
        now_s=207.0,
    )
    by_start = {alarm.start_s: alarm for alarm in model.alarms()}
    assert (by_start[101.0].bar, by_start[101.0].load_known) == (True, False)
    assert (by_start[205.0].bar, by_start[205.0].load_known) == (False, True)
    note = alarm_note(by_start[101.0])
    assert (note.state, note.text) == ("set 1", "Deadlift")


def test_the_worst_angle_begins_anew() -> None:
    model = told(*one_set(1, 100.0), LoadChanged(120.0, Load.LOADED, 120.0), now_s=199.0)
    model.apply(PipelineOutput((), spine=trunk_scenes.spine(199.0, seconds=5.0)))
    assert model.trunk.worst.now(model.trunk.kind) is not None
    model.apply(PipelineOutput((SQUAT,)))
    assert model.trunk.worst.now(model.trunk.kind) is None
    assert model.trunk.worst.exercise is Exercise.BACK_SQUAT
    assert not model.trunk.worst.lowering


def test_the_header_and_the_number_follow(qtbot: QtBot) -> None:
    header, hero = Header(), Hero()
    qtbot.addWidget(header)
    qtbot.addWidget(hero)
    model = told(*one_set(1, 100.0), SQUAT, now_s=230.0)
    header.show_model(model)
    hero.show_model(model)
    assert "Back squat" in words(header)
    assert "set — of 4" in words(header)
    assert "60 kg" in words(header)
    assert "rest since the last set" in words(hero)
    assert "of 3" in words(hero)
    model.apply(PipelineOutput(tuple(one_set(2, 240.0, Exercise.BACK_SQUAT))))
    header.show_model(model)
    assert "set 1 of 4" in words(header)


def test_axes_and_table_follow(qtbot: QtBot) -> None:
    model = told(*one_set(1, 100.0), now_s=230.0)
    traces, sets = TracePanel(model), SetsPanel()
    qtbot.addWidget(traces)
    qtbot.addWidget(sets)
    traces.show_model()
    sets.show_model(model)
    assert sets.table.rowCount() == 1
    model.apply(PipelineOutput((replace(SQUAT, exercise=Exercise.BENCH_PRESS),)))
    traces.show_model()
    sets.show_model(model)
    assert sets.table.rowCount() == 0
    low, high = traces.height_trace._range
    assert (low, high) == ranges_of(Exercise.BENCH_PRESS).height_m


def test_the_stage_tells_the_station_and_shows_it_at_once(qtbot: QtBot) -> None:
    feed = ScriptedFeed(Mode.LIVE)
    stage = Stage(
        LoadedSession(feed), SoundChannel(SoundConfig(scenes.CONFIG), SilentPlayer(), print)
    )
    for view in stage.views.values():
        qtbot.addWidget(view)
    stage.set_exercise(Doing(Exercise.BACK_SQUAT, 60.0, 3, 4))
    assert feed.asked == [("exercise", Exercise.BACK_SQUAT, 60.0, 3, 4)]
    assert stage.model.exercise is Exercise.BACK_SQUAT
    feed.tell(PipelineOutput((replace(SQUAT, load_kg=55.0),)))
    stage.fetch()
    assert stage.model.load_kg == 55.0


def test_landings_keep_their_numbers_through_the_session() -> None:
    model = told(trunk_scenes.landing(10.0, 3.2), SQUAT, BACK)
    model.apply(PipelineOutput((trunk_scenes.landing(500.0, 3.4),)))
    assert [item.number for item in model.trunk.landings.items] == [1, 2]
    assert np.isfinite(model.trunk.landings.dose.osteogenic_index)


def test_another_target_changes_the_word_of_the_count() -> None:
    model = told(*one_set(1, 100.0)[:-1], now_s=112.0)
    assert model.cue() is None
    model.apply(PipelineOutput((ExerciseChanged(108.0, Exercise.DEADLIFT, 52.5, 2, 5),)))
    cue = model.cue()
    assert cue is not None
    assert (cue.code, cue.limit) == ("target_reached", 2)
    assert rep(1).exercise is Exercise.DEADLIFT


def test_the_timeline_counts_sets_by_exercise_too() -> None:
    ends = [
        e.lift_set
        for e in (
            *one_set(1, 100.0),
            *one_set(2, 140.0, Exercise.BACK_SQUAT),
            *one_set(3, 180.0, Exercise.BACK_SQUAT),
            *one_set(4, 220.0),
        )
        if isinstance(e, SetEnded)
    ]
    empty = analyse(MemorySource([], []), exercise=Exercise.DEADLIFT)
    found = Overview.of(replace(empty, sets=tuple(ends)))
    assert [number for number, *_ in found.sets] == [1, 1, 2, 2]
