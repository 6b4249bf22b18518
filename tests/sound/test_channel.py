from __future__ import annotations

import pytest

from lift_monitor.events import (
    IMPACT_EXERCISES,
    Confidence,
    Exercise,
    ExerciseChanged,
    QualityChanged,
    QualityKind,
    RepetitionCompleted,
    SetEnded,
    SetStarted,
)
from lift_monitor.samples import Role
from lift_monitor.signal.spine import Withheld
from lift_monitor.sound.words import SoundConfig, SoundMode, SoundTimes
from lift_monitor.station_words import Mode, StationConfig, StationReset
from lift_monitor.technique import (
    CalibrationRefused,
    FlagKind,
    LandingDetected,
    Load,
    LoadChanged,
    SensorSlipped,
    Severity,
)
from tests.sound.rehearsal import (
    CONFIG,
    Rehearsal,
    flag,
    landing,
    lift_set,
    output,
    rep,
    sensor,
    steps,
)


def started(at_s: float) -> SetStarted:
    return SetStarted(at_s, 1, Exercise.DEADLIFT, at_s, None)


# -- the count ----------------------------------------------------------------------------------


def test_each_repetition_ticks_and_the_last_of_the_target_differently() -> None:
    room = Rehearsal()
    for number in range(1, 7):
        room.tell(RepetitionCompleted(room.now_s, rep(number)))
        room.run(2.0)
    assert room.kinds == ["count", "count", "count", "count", "last", "count"]
    assert sum("sounded count" in line for line in room.log) == 5


def test_of_several_counts_at_once_only_the_newest_is_heard() -> None:
    room = Rehearsal()
    room.tell(*(RepetitionCompleted(room.now_s, rep(number)) for number in (1, 2, 3)))
    room.run(2.0)
    assert len(room.kinds) == 1
    assert [line for line in room.log if "sounded" in line] == [
        "not sounded (a newer one came) count: repetition 1 of set 1",
        "not sounded (a newer one came) count: repetition 2 of set 1",
        "sounded count: repetition 3 of set 1",
    ]


def test_a_count_known_too_late_is_not_sounded() -> None:
    room = Rehearsal()
    room.run(5.0)
    room.tell(RepetitionCompleted(room.now_s - 1.6, rep(1)))
    room.run(1.0)
    assert room.kinds == []
    assert "not sounded (known too late) count: repetition 1 of set 1" in room.log


def test_a_count_does_not_wait_behind_a_longer_sound() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s, Severity.AMBER))
    room.tell(RepetitionCompleted(room.now_s, rep(1)))
    room.run(3.0)
    assert room.kinds == ["check"]
    assert "not sounded (the channel was taken) count: repetition 1 of set 1" in room.log


@pytest.mark.parametrize("exercise", sorted(IMPACT_EXERCISES))
def test_landings_are_the_count_where_landings_are_the_exercise(exercise: Exercise) -> None:
    config = StationConfig(exercise, target_reps=2)
    room = Rehearsal(config=config)
    for _ in range(2):
        room.tell(
            RepetitionCompleted(room.now_s, rep(1)), LandingDetected(0.0, landing(room.now_s))
        )
        room.run(5.0)
    assert room.kinds == ["count", "last"]
    room.run(30.0)
    room.tell(LandingDetected(0.0, landing(room.now_s)))
    room.run(1.0)
    assert room.kinds[2:] == ["count"], "after a rest it counts from one again"


def test_landings_are_not_counted_in_other_exercises_but_hard_ones_are_told() -> None:
    room = Rehearsal()
    room.tell(LandingDetected(0.0, landing(room.now_s, 3.4)))
    room.run(2.0)
    room.tell(LandingDetected(0.0, landing(room.now_s, 4.3)))
    room.run(2.0)
    assert room.kinds == ["check"]
    assert "sounded check: landing 2, estimated 4.3 body weights > 4.0" in room.log


def test_the_count_and_its_target_follow_the_exercise() -> None:
    room = Rehearsal()
    room.tell(ExerciseChanged(room.now_s, Exercise.HEEL_DROP, None, 2, 1))
    room.tell(RepetitionCompleted(room.now_s, rep(1)), LandingDetected(0.0, landing(room.now_s)))
    room.run(5.0)
    room.tell(LandingDetected(0.0, landing(room.now_s)))
    room.run(5.0)
    assert room.kinds == ["count", "last"]
    room.tell(ExerciseChanged(room.now_s, Exercise.DROP_LANDING, None, 3, 1))
    room.tell(LandingDetected(0.0, landing(room.now_s)))
    room.run(5.0)
    room.tell(ExerciseChanged(room.now_s, Exercise.DEADLIFT, 60.0, 3, 1))
    room.tell(LandingDetected(0.0, landing(room.now_s)))
    room.tell(RepetitionCompleted(room.now_s, rep(3)))
    room.run(5.0)
    assert room.kinds[2:] == ["count", "last"], "it counts from one, then repetitions again"


# -- technique ----------------------------------------------------------------------------------


def test_an_amber_flag_sounds_once_a_repetition() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s, Severity.AMBER))
    room.run(2.0)
    room.tell(flag(room.now_s, Severity.AMBER))
    room.run(2.0)
    assert room.kinds == ["check"]
    room.tell(RepetitionCompleted(room.now_s, rep(1)))
    room.run(1.0)
    room.tell(flag(room.now_s, Severity.AMBER))
    room.run(2.0)
    assert room.kinds == ["check", "count", "check"]


def test_where_no_repetitions_are_seen_an_amber_flag_may_sound_again_after_a_while() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s, Severity.AMBER))
    room.run(6.0)
    room.tell(flag(room.now_s, Severity.AMBER))
    room.run(2.0)
    assert room.kinds == ["check", "check"]


def test_velocity_loss_beyond_its_limit_is_told_once_a_set() -> None:
    room = Rehearsal()
    for number, loss in enumerate((0.0, 31.0, 35.0), 1):
        room.tell(RepetitionCompleted(room.now_s, rep(number, loss=loss)))
        room.run(3.0)
    assert room.kinds == ["count", "check", "count"]


def test_velocity_loss_that_is_not_trusted_orders_nothing() -> None:
    room = Rehearsal()
    room.tell(RepetitionCompleted(room.now_s, rep(2, loss=40.0, confidence=Confidence.LOW)))
    room.run(2.0)
    assert room.kinds == ["count"]


# -- the alarm ----------------------------------------------------------------------------------


def test_a_red_flag_under_load_sounds_until_the_set_ends() -> None:
    room = Rehearsal()
    room.tell(started(room.now_s))
    room.tell(flag(room.now_s))
    room.run(11.0)
    assert room.kinds == ["stop"] * 3
    assert room.channel.status().alarm == "lumbar flexion 24 > 20 deg, red, under load"
    room.tell(SetEnded(room.now_s, lift_set()))
    assert not room.player.busy, "it is cut off at once"
    room.run(20.0)
    assert room.kinds == ["stop"] * 3
    assert room.channel.status().alarm == ""
    assert room.log[-1] == (
        "over stop: lumbar flexion 24 > 20 deg, red, under load, the set ended, sounded 3 times"
    )


def test_an_alarm_does_not_reach_into_the_next_exercise() -> None:
    room = Rehearsal()
    room.tell(started(room.now_s))
    room.tell(flag(room.now_s))
    room.run(1.0)
    room.tell(ExerciseChanged(room.now_s, Exercise.DEADLIFT, 62.5, 5, 5))
    assert room.channel.status().alarm, "another load is no other exercise"
    room.tell(ExerciseChanged(room.now_s, Exercise.HEEL_DROP, None, 10, 1))
    assert room.channel.status().alarm == ""
    assert "another exercise was chosen" in room.log[-1]


def test_it_starts_at_the_very_tick_in_which_the_flag_is_told() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s))
    assert [(at, sound.kind.value) for at, sound in room.player.played] == [(room.now_s, "stop")]


def test_acknowledging_silences_the_alarm_and_a_new_flag_raises_it_anew() -> None:
    room = Rehearsal()
    room.tell(started(room.now_s))
    room.tell(flag(room.now_s))
    room.run(1.0)
    room.channel.acknowledge()
    assert not room.player.busy
    room.run(12.0)
    assert room.kinds == ["stop"]
    assert any("acknowledged, sounded 1 times" in line for line in room.log)
    room.tell(flag(room.now_s))
    room.run(1.0)
    assert room.kinds == ["stop", "stop"]


def test_an_unknown_load_is_no_reason_to_be_quiet_but_a_known_absence_is() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s, under_load=False))
    room.run(2.0)
    assert room.kinds == ["check"]
    room.tell(flag(room.now_s, under_load=None))
    room.run(1.0)
    assert room.kinds == ["check", "stop"]


def test_a_red_flag_of_low_confidence_asks_to_look_if_the_clinician_wants_it_so() -> None:
    for stops, kind in ((True, "stop"), (False, "check")):
        room = Rehearsal(low_confidence_stops=stops)
        room.tell(flag(room.now_s, kind=FlagKind.TWIST, confidence=Confidence.LOW))
        room.run(1.0)
        assert room.kinds == [kind]


def test_before_the_first_repetition_putting_the_bar_down_ends_the_alarm() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s))
    room.run(1.0)
    room.tell(LoadChanged(room.now_s, Load.UNLOADED, room.now_s))
    room.run(10.0)
    assert room.kinds == ["stop"]


def test_within_a_set_touching_the_floor_does_not_end_it() -> None:
    room = Rehearsal()
    room.tell(started(room.now_s))
    room.tell(flag(room.now_s))
    room.tell(LoadChanged(room.now_s, Load.UNLOADED, room.now_s))
    room.run(6.0)
    assert room.kinds == ["stop", "stop"]


def test_while_an_alarm_stands_nothing_less_pressing_fills_its_pauses() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s))
    room.run(3.5)
    room.tell(RepetitionCompleted(room.now_s, rep(1)))
    room.tell(flag(room.now_s, Severity.AMBER, kind=FlagKind.TWIST))
    room.run(0.5)
    assert room.kinds == ["stop"]


def test_an_alarm_cuts_short_what_is_less_pressing() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s, Severity.AMBER))
    room.tell(flag(room.now_s))
    assert room.kinds == ["check", "stop"]
    assert room.log[0] == "sounded check: lumbar flexion 14 > 10 deg, amber, under load"
    assert room.log[1] == "interrupted check: lumbar flexion 14 > 10 deg, amber, under load"
    assert room.player.stopped == [room.now_s]


# -- faults -------------------------------------------------------------------------------------


def test_a_lost_sensor_is_told_and_recalled_while_it_is_lost_and_its_return_is_told() -> None:
    room = Rehearsal()
    room.sensors = (sensor(Role.BAR), sensor(Role.PELVIS, "lost"))
    room.run(45.0)
    assert room.kinds == ["fault"] * 3
    assert room.channel.status().reminding
    room.sensors = (sensor(Role.BAR), sensor(Role.PELVIS))
    room.run(25.0)
    assert room.kinds == ["fault"] * 3 + ["restored"]
    assert not room.channel.status().reminding


def test_two_lost_sensors_share_their_reminders_and_both_are_logged() -> None:
    room = Rehearsal()
    room.sensors = (sensor(Role.BAR, "lost"), sensor(Role.PELVIS, "lost"))
    room.run(15.0)
    assert room.kinds == ["fault"]
    assert "sounded fault: bar sensor lost" in room.log
    assert "sounded fault: pelvis sensor lost" in room.log
    room.sensors = (sensor(Role.BAR), sensor(Role.PELVIS, "lost"))
    room.run(3.0)
    assert "restored" not in room.kinds, "one of them is still lost"


def test_a_link_that_comes_and_goes_is_not_told_at_every_turn() -> None:
    room = Rehearsal()
    for _ in range(10):
        room.sensors = (sensor(Role.PELVIS, "lost"),)
        room.run(0.2)
        room.sensors = (sensor(Role.PELVIS),)
        room.run(0.2)
    assert room.kinds.count("fault") <= 2
    assert "not sounded (it is over) fault: pelvis sensor lost" in room.log


def test_reminders_of_a_fault_can_be_acknowledged_until_it_comes_back() -> None:
    room = Rehearsal()
    room.sensors = (sensor(Role.PELVIS, "lost"),)
    room.run(1.0)
    room.channel.acknowledge()
    room.run(60.0)
    assert room.kinds == ["fault"]
    room.sensors = (sensor(Role.PELVIS),)
    room.run(1.0)
    room.sensors = (sensor(Role.PELVIS, "lost"),)
    room.run(5.0)
    assert room.kinds == ["fault", "restored", "fault"]


def test_a_fault_that_was_not_heard_yet_is_not_acknowledged_with_another() -> None:
    room = Rehearsal()
    room.sensors = (sensor(Role.BAR, "lost"), sensor(Role.PELVIS))
    room.run(1.0)
    room.sensors = (sensor(Role.BAR, "lost"), sensor(Role.PELVIS, "lost"))
    room.run(0.2)
    room.channel.acknowledge()
    room.run(5.0)
    assert room.kinds == ["fault", "fault"]
    assert "sounded fault: pelvis sensor lost" in room.log


def test_numbers_that_are_withdrawn_are_heard() -> None:
    room = Rehearsal()
    room.tell(RepetitionCompleted(room.now_s, rep(1, confidence=Confidence.NONE)))
    room.run(5.0)
    room.tell(SensorSlipped(room.now_s, Role.THORAX, True, "The thorax sensor has slipped."))
    room.run(5.0)
    room.tell(SensorSlipped(room.now_s, Role.THORAX, False, ""))
    room.run(5.0)
    text = "No data."
    room.tell(QualityChanged(room.now_s, "bar", QualityKind.NO_DATA, True, 0.0, None, text))
    room.run(5.0)
    room.tell(CalibrationRefused(room.now_s, "Stand still."))
    room.run(5.0)
    assert room.kinds == ["fault", "fault", "restored", "fault", "fault"]


def watch(room: Rehearsal, seconds: float, mark: Withheld | int) -> None:
    """Let the trunk be told of in pieces of a tenth of a second."""
    for _ in range(round(seconds * 10)):
        room.channel.apply(steps(room.now_s, 0.1, mark))
        room.run(0.1)


def test_angles_that_stay_withdrawn_are_a_fault_and_short_gaps_are_none() -> None:
    room = Rehearsal()
    watch(room, 1.0, 0)
    watch(room, 2.0, Withheld.STANDS_OFF)
    watch(room, 1.0, 0)
    assert room.kinds == []
    watch(room, 4.0, Withheld.STANDS_OFF)
    assert room.kinds == ["fault"]
    watch(room, 1.0, 0)
    assert room.kinds == ["fault", "restored"]


def test_angles_withdrawn_for_a_cause_that_was_told_are_not_told_twice() -> None:
    room = Rehearsal()
    room.tell(SensorSlipped(room.now_s, Role.THORAX, True, "The thorax sensor has slipped."))
    watch(room, 10.0, Withheld.SLIPPED)
    assert room.kinds == ["fault"]
    assert not any("withdrawn" in line for line in room.log)


def test_a_station_that_does_not_answer_is_heard() -> None:
    room = Rehearsal()
    room.run(10.0, answering=False)
    assert room.kinds == ["fault"]
    assert "sounded fault: the station does not answer" in room.log
    room.run(1.0)
    assert not room.channel.status().reminding


def test_the_end_of_the_session_is_silence() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s))
    room.sensors = (sensor(Role.PELVIS, "lost"),)
    room.run(1.0)
    room.ended = True
    room.run(30.0)
    room.run(10.0, answering=False)
    assert room.kinds == ["stop"]
    assert any("the session ended" in line for line in room.log)


# -- mute and mode ------------------------------------------------------------------------------


def test_a_mute_is_timed_logged_and_ends_by_itself() -> None:
    room = Rehearsal()
    room.channel.mute(120.0)
    room.run(60.0)
    muted_s = room.channel.status().muted_s
    assert muted_s is not None
    assert muted_s == pytest.approx(60.0)
    room.tell(RepetitionCompleted(room.now_s, rep(1)))
    room.run(61.0)
    assert room.channel.status().muted_s is None
    assert room.kinds == []
    assert room.log == [
        "muted for 120 s",
        "not sounded (muted) count: repetition 1 of set 1",
        "mute over, its time is over",
    ]


def test_an_alarm_that_still_stands_after_the_mute_is_heard() -> None:
    room = Rehearsal()
    room.tell(started(room.now_s))
    room.tell(flag(room.now_s))
    room.run(1.0)
    room.channel.mute(30.0)
    assert not room.player.busy
    assert room.channel.status().alarm != "", "a mute is no acknowledgement"
    room.run(29.0)
    assert room.kinds == ["stop"]
    room.run(2.0)
    assert room.kinds == ["stop", "stop"]


def test_a_mute_can_be_ended_by_hand_and_is_never_endless() -> None:
    room = Rehearsal()
    room.channel.mute(60.0)
    room.channel.mute(0.0)
    room.tell(RepetitionCompleted(room.now_s, rep(1)))
    assert room.kinds == ["count"]
    for seconds in (-1.0, 601.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="a mute lasts"):
            room.channel.mute(seconds)


def test_a_mute_before_the_first_tick_lasts_as_long() -> None:
    room = Rehearsal()
    room.channel.mute(10.0)
    assert room.channel.status().muted_s == 10.0
    room.run(9.0)
    assert room.channel.status().muted_s == pytest.approx(1.0)


def test_off_is_silent_and_says_so_in_the_log() -> None:
    room = Rehearsal(SoundMode.OFF)
    room.tell(flag(room.now_s))
    room.run(6.0)
    assert room.kinds == []
    assert not room.channel.status().audible
    assert room.log == ["not sounded (off) stop: lumbar flexion 24 > 20 deg, red, under load"]
    room.channel.mode = SoundMode.EARCONS
    room.run(1.0)
    assert room.kinds == ["stop"]


def test_switching_off_cuts_what_plays() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s))
    room.channel.mode = SoundMode.OFF
    assert not room.player.busy
    assert room.log[-1] == "mode off"


def test_without_an_output_the_log_and_the_status_say_so() -> None:
    room = Rehearsal(why="No loudspeaker.")
    room.tell(RepetitionCompleted(room.now_s, rep(1)))
    room.tell(flag(room.now_s))
    room.run(20.0)
    status = room.channel.status()
    assert (status.problem, status.audible) == ("No loudspeaker.", False)
    assert room.log == [
        "not sounded (No loudspeaker) count: repetition 1 of set 1",
        "not sounded (No loudspeaker) stop: lumbar flexion 24 > 20 deg, red, under load",
    ]


# -- words --------------------------------------------------------------------------------------


def test_words_are_spoken_once_a_repetition() -> None:
    room = Rehearsal(SoundMode.WORDS)
    room.tell(RepetitionCompleted(room.now_s, rep(4)))
    room.run(2.0)
    room.tell(flag(room.now_s, Severity.AMBER))
    room.run(2.0)
    room.tell(RepetitionCompleted(room.now_s, rep(5)))
    room.run(2.0)
    assert room.words == ["4", "Watch the back", ""]
    room.tell(RepetitionCompleted(room.now_s, rep(6)))
    room.run(2.0)
    assert room.words[3:] == ["6"]


def test_the_last_repetition_is_said_differently() -> None:
    room = Rehearsal(SoundMode.WORDS)
    room.tell(RepetitionCompleted(room.now_s, rep(5)))
    assert room.words == ["5, done"]


def test_an_alarm_begins_with_its_earcon_and_its_words_follow() -> None:
    room = Rehearsal(SoundMode.WORDS)
    room.tell(flag(room.now_s))
    room.run(11.5)
    order = "Stop. Back bending. Lower the bar."
    assert room.words == ["", order, "", order]
    assert set(room.kinds) == {"stop"}


def test_without_a_voice_the_earcons_stand_for_the_words() -> None:
    room = Rehearsal(SoundMode.WORDS, can_speak=False)
    room.tell(flag(room.now_s))
    room.run(9.0)
    assert room.words == ["", ""]
    assert room.channel.status().note == "No voice."


# -- replay and test ----------------------------------------------------------------------------


def test_a_replay_is_heard_at_its_own_speed_and_quiet_when_it_stands_or_runs_fast() -> None:
    for playing, speed, heard in ((True, 1.0, 1), (True, 0.5, 1), (True, 2.0, 0), (False, 1.0, 0)):
        room = Rehearsal()
        room.mode, room.playing, room.speed = Mode.REPLAY, playing, speed
        room.tell(RepetitionCompleted(room.now_s, rep(1)))
        room.run(1.0)
        assert len(room.kinds) == heard
        assert bool(room.channel.status().resting) == (heard == 0)


def test_what_is_told_again_after_a_seek_is_not_heard_but_what_follows_is() -> None:
    room = Rehearsal()
    room.mode = Mode.REPLAY
    room.run(50.0)
    room.channel.apply(StationReset(room.now_s))
    room.channel.apply(
        output(
            started(30.0),
            RepetitionCompleted(room.now_s - 0.2, rep(1)),
            flag(room.now_s - 0.1),
            SensorSlipped(room.now_s - 0.1, Role.PELVIS, True, "The pelvis sensor has slipped."),
        )
    )
    room.run(0.5)
    assert room.kinds == ["fault"], "a fault that still stands is the present"
    room.tell(flag(room.now_s))
    room.run(1.0)
    assert room.kinds == ["fault", "stop"]


def test_a_seek_ends_what_stood() -> None:
    room = Rehearsal()
    room.mode = Mode.REPLAY
    room.tell(flag(room.now_s))
    room.channel.apply(StationReset(room.now_s))
    room.run(10.0)
    assert room.kinds == ["stop"]
    assert any("the time was moved" in line for line in room.log)


def test_the_sound_test_gives_way_to_everything_else() -> None:
    room = Rehearsal()
    room.channel.test()
    room.run(0.5)
    room.tell(RepetitionCompleted(room.now_s, rep(1)))
    room.run(1.0)
    assert room.kinds == ["test", "count"]
    room.channel.confirm_test(heard=True)
    assert room.log[-1] == "sound test heard"


def test_the_sound_test_is_heard_while_a_replay_stands() -> None:
    room = Rehearsal()
    room.mode, room.playing = Mode.REPLAY, False
    room.run(0.2)
    room.channel.test()
    room.run(2.0)
    assert room.kinds == ["test"]
    assert room.player.busy


def test_another_session_begins_with_nothing_but_mode_and_mute() -> None:
    room = Rehearsal()
    room.tell(flag(room.now_s))
    room.channel.mute(60.0)
    log: list[str] = []
    room.channel.renew(SoundConfig(CONFIG), lambda _kind, text: log.append(text))
    assert log == ["mode earcons", "muted since before the session"]
    room.run(70.0)
    assert room.kinds == ["stop"]
    assert room.channel.status().alarm == ""


def test_times_that_make_no_sense_are_refused() -> None:
    for value in (0.0, -1.0, float("nan"), 1e9):
        with pytest.raises(ValueError, match="alarm_every_s"):
            SoundTimes(alarm_every_s=value)
