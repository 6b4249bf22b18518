from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from lift_monitor.events import (
    Confidence,
    Event,
    Exercise,
    Phase,
    PhaseChanged,
    RepetitionCompleted,
    SetEnded,
    SetStarted,
)
from lift_monitor.samples import Role
from lift_monitor.signal.landing_dose import osteogenic_index
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.spine import SpineBlock, Withheld
from lift_monitor.station import Mode, StationReset
from lift_monitor.technique import (
    CalibrationRefused,
    FlagKind,
    Load,
    LoadChanged,
    SensorSlipped,
    Severity,
)
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import DataState, Level
from lift_monitor.ui.trunk_readings import SpineReading
from lift_monitor.ui.trunk_wording import (
    alarm_text,
    alarm_title,
    index_text,
    spine_why,
    spine_word,
)
from tests.ui import scenes, trunk_scenes
from tests.ui.scenes import finished, rep, status
from tests.ui.trunk_scenes import BOTH, calibrated, ended, flag, landing, raised, sensors

EVERYTHING = (Role.BAR, *BOTH)


def scene(name: str) -> SessionModel:
    updates, config = trunk_scenes.trunk_scene(name)
    model = SessionModel(config, Mode.LIVE)
    for update in updates:
        model.apply(update)
    return model


def reading(model: SessionModel) -> SpineReading:
    found = model.spine()
    assert found is not None
    return found


def steps(end_s: float, values: list[float], **fields: object) -> SpineBlock:
    """A block of 10 ms steps that ends at a time; flexion as given."""
    block = trunk_scenes.spine(end_s, seconds=len(values) / 100.0)
    n = len(values)
    times = np.round(end_s - 0.01 * np.arange(n - 1, -1, -1.0), 2)
    cut = {name: getattr(block, name)[-n:] for name in block.__dataclass_fields__}
    return SpineBlock(**{**cut, "time_s": times, "lumbar_flexion_deg": np.array(values), **fields})


def in_a_set(*reps: int, now_s: float = 110.0) -> SessionModel:
    """Set 3 with these repetitions done and the next begun, calibrated, the bar held."""
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    events: list[Event] = [
        calibrated(),
        LoadChanged(99.0, Load.LOADED, 99.0),
        SetStarted(100.0, 3, Exercise.DEADLIFT, 100.0, None),
    ]
    for n in reps:
        end = rep(n).end_s
        events += [RepetitionCompleted(end, rep(n)), PhaseChanged(end + 0.2, Phase.UP)]
    model.apply(PipelineOutput(tuple(events)))
    model.apply(status(now_s, sensors=sensors(*EVERYTHING)))
    return model


# -- the gauge --------------------------------------------------------------------------------


def test_two_sensors_show_lumbar_flexion_and_the_worst_since_the_last_repetition() -> None:
    model = in_a_set(1, now_s=103.0)
    model.apply(PipelineOutput(spine=steps(104.0, [5.0, 12.5, 8.0])))
    now = reading(model)
    assert now.kind is FlagKind.LUMBAR_FLEXION
    assert (now.value, now.worst) == (8.0, 12.5)
    assert (now.level, now.worst_level) == (Level.OK, Level.CHECK)
    model.apply(PipelineOutput((RepetitionCompleted(106.4, rep(2)),)))
    model.apply(PipelineOutput((LoadChanged(106.5, Load.UNLOADED, 106.5),)))
    assert reading(model).worst is None
    lifted = (LoadChanged(106.9, Load.LOADED, 106.9),)
    model.apply(PipelineOutput(lifted, spine=steps(107.0, [3.0, 4.0])))
    assert reading(model).worst == 4.0
    assert model.trunk.worst_of(rep(2)) == 12.5


def test_the_way_down_of_a_deadlift_belongs_to_the_repetition_that_went_up() -> None:
    model = in_a_set(1, now_s=103.0)
    up = replace(rep(2), end_s=rep(2).concentric_end_s)  # as it is told, before the way down
    model.apply(PipelineOutput((RepetitionCompleted(104.7, up),), spine=steps(104.6, [4.0])))
    down = flag(13.0, start_s=105.0)
    model.apply(PipelineOutput((raised(down),), spine=steps(105.4, [13.0])))
    assert model.alarms()[0].repetition == 2
    assert reading(model).worst == 13.0
    model.apply(PipelineOutput((LoadChanged(106.0, Load.UNLOADED, 106.0),)))
    assert reading(model).worst is None
    assert model.alarms()[0].repetition == 2
    assert model.trunk.worst_of(rep(2)) == 13.0
    third = replace(rep(3), end_s=rep(3).concentric_end_s)
    model.apply(PipelineOutput((RepetitionCompleted(108.1, third),)))
    assert model.alarms()[0].repetition == 2


def test_the_way_down_of_a_squat_belongs_to_the_next_repetition() -> None:
    model = SessionModel(replace(scenes.CONFIG, exercise=Exercise.BACK_SQUAT), Mode.LIVE)
    started = SetStarted(100.0, 3, Exercise.BACK_SQUAT, 100.0, None)
    model.apply(PipelineOutput((calibrated(), started, RepetitionCompleted(102.9, rep(1)))))
    model.apply(PipelineOutput((raised(flag(13.0, start_s=103.2)),)))
    assert model.alarms()[0].repetition == 2


def test_a_repetition_whose_lowering_came_later_keeps_its_own_worst() -> None:
    model = in_a_set(1, now_s=103.0)
    model.apply(PipelineOutput(spine=steps(104.0, [5.0, 12.5, 8.0])))
    model.apply(PipelineOutput((RepetitionCompleted(106.4, rep(2)),)))
    model.apply(PipelineOutput(spine=steps(108.0, [3.0, 25.0])))
    model.apply(PipelineOutput((RepetitionCompleted(rep(3).end_s, rep(3)),)))
    refined = replace(rep(2), end_s=rep(3).concentric_start_s, refined=True)
    assert model.trunk.worst_of(refined) == 12.5


def test_the_worst_counts_only_while_the_bar_may_be_borne() -> None:
    model = in_a_set(1, now_s=103.0)
    put_down = LoadChanged(104.02, Load.UNLOADED, 104.0)
    # The change was told with the steps and reaches back into them.
    model.apply(PipelineOutput((put_down,), spine=steps(104.05, [6.0] * 5 + [30.0] * 6)))
    assert reading(model).value == 30.0
    assert reading(model).worst == 6.0


def test_a_change_of_the_load_that_is_told_late_reaches_back() -> None:
    model = in_a_set(1, now_s=103.0)
    model.apply(PipelineOutput((LoadChanged(103.5, Load.UNLOADED, 103.5),)))
    model.apply(PipelineOutput(spine=steps(104.0, [30.0, 9.0, 8.0])))
    assert reading(model).worst is None
    model.apply(PipelineOutput((LoadChanged(104.1, Load.LOADED, 103.985),)))
    assert reading(model).worst == 9.0


@pytest.mark.parametrize(
    ("limits", "value", "level"),
    [
        ((10.0, 20.0), 9.9, Level.OK),
        ((10.0, 20.0), 10.1, Level.CHECK),
        ((10.0, 20.0), 20.1, Level.STOP),
        ((15.0, None), 30.0, Level.CHECK),
        ((None, 20.0), 15.0, Level.OK),
        ((None, None), 30.0, Level.INFO),
    ],
)
def test_zones_are_those_of_this_person(
    limits: tuple[float | None, float | None], value: float, level: Level
) -> None:
    rules = tuple(
        replace(rule, amber=limits[0], red=limits[1])
        if rule.kind is FlagKind.LUMBAR_FLEXION
        else rule
        for rule in scenes.CONFIG.flag_rules
    )
    model = SessionModel(replace(scenes.CONFIG, flag_rules=rules), Mode.LIVE)
    assert model.trunk.level(FlagKind.LUMBAR_FLEXION, value) is level


def test_one_sensor_shows_lean_at_low_confidence_and_says_what_it_cannot_tell() -> None:
    now = reading(scene("spine_one"))
    assert now.kind is FlagKind.TRUNK_LEAN
    assert now.state is DataState.ESTIMATED
    assert now.value is not None
    assert now.pelvis_deg is None
    assert "cannot tell a hip hinge from a bent spine" in spine_why(now)


def test_not_calibrated_is_no_angle_and_says_what_to_do() -> None:
    model = scene("spine_not_calibrated")
    now = reading(model)
    assert (now.value, now.why) == (None, "not_calibrated")
    assert "Calibrate" in spine_why(now)
    assert spine_word(now) == "NOT CALIBRATED"
    assert "not_calibrated" in [fault.code for fault in model.faults()]
    refused = CalibrationRefused(111.0, "Nobody stood still; stand still and calibrate again.")
    model.apply(PipelineOutput((refused,)))
    assert spine_why(reading(model)) == refused.text
    model.apply(PipelineOutput((calibrated(),), spine=steps(111.5, [1.0])))
    assert reading(model).value == 1.0
    assert not [f for f in model.faults() if "calibra" in f.code]


def test_a_slipped_sensor_withdraws_angle_and_worst_until_calibrated_again() -> None:
    model = scene("spine_slipped")
    now = reading(model)
    assert (now.value, now.worst, now.why) == (None, None, "slipped")
    assert spine_why(now) == trunk_scenes.SLIP
    assert ("slipped", "pelvis") in [(f.code, f.subject) for f in model.faults()]
    cue = model.cue()
    assert cue is not None
    assert cue.code == "unwatched"
    model.apply(PipelineOutput((calibrated(),), spine=steps(111.5, [2.0])))
    assert reading(model).value == 2.0
    assert "slipped" not in [fault.code for fault in model.faults()]


def test_sensors_that_agree_again_bring_the_angle_back() -> None:
    model = in_a_set(1, now_s=103.0)
    off = SensorSlipped(104.0, None, True, "Standing still, they do not agree.")
    marks = np.array([Withheld.STANDS_OFF], np.uint16)
    model.apply(PipelineOutput((off,), spine=steps(104.0, [math.nan], withheld=marks)))
    assert reading(model).why == "stands_off"
    back = SensorSlipped(105.0, None, False, "They agree again.")
    model.apply(PipelineOutput((back,), spine=steps(105.0, [3.0])))
    assert reading(model).value == 3.0
    assert "slipped" not in [fault.code for fault in model.faults()]


def test_a_lost_sensor_withdraws_at_once() -> None:
    model = in_a_set(1)
    model.apply(PipelineOutput(spine=steps(110.0, [5.0])))
    assert reading(model).value == 5.0
    gone = sensors(*EVERYTHING, link="lost", state="lost", text="The link broke.")
    model.apply(status(110.0, sensors=gone))
    now = reading(model)
    assert (now.value, now.why) == (None, "lost")
    assert "The link broke." in spine_why(now)


def test_old_angles_are_dimmed_and_then_withdrawn() -> None:
    model = in_a_set(1)
    model.apply(PipelineOutput(spine=steps(110.0, [5.0])))
    model.apply(status(110.8, sensors=sensors(*EVERYTHING)))
    assert reading(model).state is DataState.HELD
    model.apply(status(112.5, sensors=sensors(*EVERYTHING)))
    assert (reading(model).value, reading(model).why) == (None, "stale")
    model.apply(status(112.5, sensors=sensors(*EVERYTHING), playing=False))
    assert reading(model).value == 5.0


def test_without_a_trunk_sensor_there_is_no_gauge() -> None:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    for update in scenes.live():
        model.apply(update)
    assert model.spine() is None
    assert not model.trunk.sensed
    assert not [f for f in model.faults() if f.subject == "trunk"]


# -- flags ------------------------------------------------------------------------------------


def test_a_red_flag_is_the_cue_before_anything_else() -> None:
    model = scene("spine_red")
    cue = model.cue()
    assert cue is not None
    assert cue.alarm is not None
    assert (cue.code, cue.level) == ("flag", Level.STOP)
    text = alarm_text(cue.alarm)
    assert text.startswith("LUMBAR FLEXION 2")
    assert text.endswith("° > 20° at rep 4 – lower the bar")


def test_amber_and_red_of_one_kind_are_one_alarm() -> None:
    model = in_a_set(1, 2)
    model.apply(PipelineOutput((raised(flag(12.0, start_s=107.5)),)))
    (alarm,) = model.alarms()
    assert alarm.severity is Severity.AMBER
    model.apply(PipelineOutput((raised(flag(21.0, Severity.RED, start_s=107.7)),)))
    (alarm,) = model.alarms()
    assert (alarm.severity, alarm.repetition, alarm.set_number) == (Severity.RED, 3, 3)


def test_a_flag_is_latched_until_its_repetition_ends() -> None:
    model = in_a_set(1, 2, now_s=108.0)
    short = flag(14.0, start_s=106.9, end_s=None)
    model.apply(PipelineOutput((raised(short), ended(short, 107.4))))
    model.apply(status(112.0, sensors=sensors(*EVERYTHING)))
    assert model.alarms()[0].active
    assert model.cue() is not None
    model.apply(PipelineOutput((RepetitionCompleted(109.7, rep(3)),)))
    (alarm,) = model.alarms()
    assert not alarm.active
    assert alarm.repetition == 3
    cue = model.cue()
    assert cue is None or cue.alarm is None


def test_without_repetitions_a_latch_does_not_last_for_ever() -> None:
    model = in_a_set(now_s=106.0)
    short = flag(14.0, start_s=104.0, end_s=None)
    model.apply(PipelineOutput((raised(short), ended(short, 105.0))))
    model.apply(status(114.0, sensors=sensors(*EVERYTHING)))
    assert model.alarms()[0].active
    model.apply(status(116.0, sensors=sensors(*EVERYTHING)))
    assert not model.alarms()[0].active


def test_a_flag_told_after_its_repetition_is_not_latched_for_the_next_one() -> None:
    model = in_a_set(1, now_s=112.0)
    late = flag(14.0, start_s=104.0, end_s=105.0)
    model.apply(PipelineOutput((RepetitionCompleted(106.3, rep(2)), raised(late))))
    model.apply(PipelineOutput((ended(late, 105.0),)))
    (alarm,) = model.alarms()
    assert (alarm.repetition, alarm.active) == (2, False)


def test_an_open_flag_shows_its_largest_value_so_far() -> None:
    model = in_a_set(1)
    model.apply(PipelineOutput((raised(flag(12.0, start_s=103.5)),)))
    model.apply(PipelineOutput(spine=steps(104.5, [13.0, 17.0, 15.0])))
    (alarm,) = model.alarms()
    assert alarm.value == 17.0


def test_flags_between_sets_belong_to_no_repetition() -> None:
    model = in_a_set(1, 2)
    done = finished(3, (0.49, 0.47), 100.0)
    model.apply(PipelineOutput((SetEnded(109.0, done), raised(flag(12.0, start_s=120.0)))))
    (alarm,) = model.alarms()
    assert alarm.repetition is None
    assert alarm_title(alarm) == "LUMBAR FLEXION 12° > 10°"


def test_a_flag_while_bracing_belongs_to_the_first_repetition_once_it_is_known() -> None:
    model = SessionModel(scenes.CONFIG, Mode.LIVE)
    brace = flag(12.0, start_s=99.0, end_s=None)
    model.apply(PipelineOutput((raised(brace), ended(brace, 99.8))))
    assert model.alarms()[0].repetition is None
    started = SetStarted(102.9, 3, Exercise.DEADLIFT, 100.0, None)
    model.apply(PipelineOutput((started, RepetitionCompleted(102.9, rep(1)))))
    assert model.alarms()[0].repetition == 1


def test_low_confidence_and_unknown_load_are_said_and_ask_to_look() -> None:
    model = in_a_set(1)
    doubtful = flag(24.0, Severity.RED, start_s=104.0, confidence=Confidence.LOW, under_load=None)
    model.apply(PipelineOutput((raised(doubtful),)))
    text = alarm_text(model.alarms()[0])
    assert "~24° > 20°" in text
    assert "low confidence, load not known" in text
    assert "look, then lower the bar" in text


def test_twist_is_told_by_its_size() -> None:
    model = in_a_set(1)
    model.apply(
        PipelineOutput((raised(flag(-52.0, kind=FlagKind.TWIST, start_s=104.0, end_s=None)),))
    )
    assert alarm_title(model.alarms()[0]) == "TWIST 52°/s > 40°/s at rep 2"


def test_a_reset_forgets_everything_but_what_was_set_by_hand() -> None:
    model = scene("spine_red")
    model.trunk.hand = Load.LOADED
    model.apply(StationReset(0.0))
    assert model.alarms() == []
    assert model.trunk.load is Load.UNKNOWN
    assert model.trunk.load_reading().by_hand
    assert reading(model).why == "not_calibrated"


# -- landings ---------------------------------------------------------------------------------


def test_landings_are_judged_by_the_band_and_add_up() -> None:
    model = scene("landings")
    assert [item.place for item in model.trunk.landings.items] == [
        "below", "within", "within", "within", "within", "above",
    ]  # fmt: skip
    dose = model.trunk.landings.dose
    assert (dose.count, dose.within, dose.below, dose.above) == (6, 4, 1, 1)
    forces = [item.landing.peak_grf_bw for item in model.trunk.landings.items]
    assert dose.osteogenic_index == pytest.approx(osteogenic_index(forces))
    assert index_text(dose) == "osteogenic index 6.8 = 3.5 BW × ln 7"


def test_a_landing_above_the_ceiling_is_told_for_a_while() -> None:
    model = scene("landings_none")
    model.apply(PipelineOutput((landing(110.0, 4.6),)))
    model.apply(status(111.0, sensors=sensors(*BOTH)))
    cue = model.cue()
    assert cue is not None
    assert cue.alarm is not None
    assert alarm_text(cue.alarm) == ("LANDING 1: 4.6 BW > 4.0 BW – land softer or from lower")
    model.apply(status(125.0, sensors=sensors(*BOTH)))
    assert [alarm.active for alarm in model.alarms()] == [False]


def test_a_better_landing_ends_the_alarm_of_the_one_before() -> None:
    model = scene("landings_none")
    model.apply(PipelineOutput((landing(104.0, 4.6), landing(107.0, 3.4))))
    model.apply(status(108.6, sensors=sensors(*BOTH)))
    assert [alarm.active for alarm in model.alarms()] == [False]
    assert model.cue() is None


def test_the_alarm_of_a_cut_off_peak_says_at_least() -> None:
    model = scene("landings_none")
    model.apply(PipelineOutput((landing(110.0, 4.6, clipped=True, low=True),)))
    model.apply(status(111.0, sensors=sensors(*BOTH)))
    (alarm,) = model.alarms()
    assert alarm_text(alarm).startswith("LANDING 1: ≥4.6 BW > 4.0 BW (low confidence)")


def test_a_cut_off_peak_makes_the_dose_a_lower_bound() -> None:
    dose = scene("landings_low").trunk.landings.dose
    assert dose.at_least
    assert "≥ " in index_text(dose)


def test_no_bar_is_missed_where_landings_are_trained() -> None:
    model = scene("landings")
    assert model.landing_session
    assert "no_bar" not in [fault.code for fault in model.faults()]
    model.apply(PipelineOutput((raised(flag(24.0, Severity.RED, under_load=None)),)))
    text = alarm_text(model.alarms()[0])
    assert "bar" not in text
    assert "load not known" not in text


def test_a_replay_tells_that_the_load_was_set_by_hand() -> None:
    model = in_a_set(1, now_s=103.0)
    assert not model.trunk.load_reading().by_hand
    model.apply(PipelineOutput((LoadChanged(104.0, Load.UNLOADED, 104.0, by_hand=True),)))
    assert model.trunk.load_reading().by_hand
    model.apply(PipelineOutput((LoadChanged(105.0, Load.LOADED, 105.0),)))
    assert not model.trunk.load_reading().by_hand
