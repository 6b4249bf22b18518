"""Today's prescription: what stands, within what is allowed, on the plates there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.events import Exercise
from lift_monitor.programme import maximum as one_repetition
from lift_monitor.programme.clearance import Clearance, Exclusion, Level
from lift_monitor.programme.plan import ExerciseKind, Phase, Plate, Rack
from lift_monitor.programme.prescribe import attended_days, prescribe, session_number, today, week
from lift_monitor.programme.prescription import Prescription
from lift_monitor.programme.record import (
    AdverseEvent,
    Decision,
    EventGrade,
    History,
    SessionRecord,
    SetKind,
    SetRecord,
    Verdict,
)
from lift_monitor.programme.shipped import HOME, LIFTMOR

DAY = date(2026, 5, 4)
FREE_TO_LIFT = Clearance(Level.HIGH_INTENSITY, date(2026, 1, 5), "AB")
RESTRICTED = replace(
    FREE_TO_LIFT, level=Level.RESTRICTED, cap_pct=70.0, impacts=False, raised_start=True
)


def decided(exercise: str, phase: Phase, load_kg: float | None, **more: Any) -> Decision:
    days_ago = more.pop("days_ago", 3)
    return Decision(
        exercise, DAY - timedelta(days=days_ago), more.pop("order", 1), Verdict.SET, "AB", phase,
        load_kg, **more,
    )  # fmt: skip


def history(*decisions: Decision, clearance: Clearance | None = FREE_TO_LIFT) -> History:
    return History(LIFTMOR, clearance, decisions=decisions)


def training(
    load_kg: float, maximum_kg: float | None, clearance: Clearance = FREE_TO_LIFT
) -> History:
    return history(
        decided("deadlift", Phase.TRAINING, load_kg, maximum_kg=maximum_kg), clearance=clearance
    )


def loads(prescription: Prescription, kind: SetKind) -> list[float | None]:
    return [planned.load_kg for planned in prescription.sets if planned.kind is kind]


def test_somebody_new_begins_without_a_load_with_the_plainest_form() -> None:
    deadlift, squat, press, jumps = today(history(), DAY)

    assert [p.blocked for p in (deadlift, squat, press, jumps)] == [""] * 4
    assert deadlift.phase is Phase.FAMILIARISATION
    assert [(s.kind, s.repetitions, s.load_kg, s.bar) for s in deadlift.sets] == [
        (SetKind.WORKING, 5, 0.0, None)
    ] * 3
    assert deadlift.variant == "hip hinge with a stick"
    assert squat.variant == "sit to stand from a box"
    assert loads(press, SetKind.WORKING) == [0.0] * 3
    assert jumps.variant == "heel drops"
    assert jumps.measured_as is Exercise.HEEL_DROP
    assert [s.repetitions for s in jumps.sets] == [5, 5]


def test_the_variant_moves_on_with_the_sessions_done() -> None:
    done = SetRecord("deadlift", 1, SetKind.WORKING, 5.0, 5, 5)
    seen = []
    for count in range(12):
        sessions = tuple(
            SessionRecord(f"s{n}", DAY - timedelta(days=13 - n), True, (done,))
            for n in range(count)
        )
        seen.append(prescribe(replace(history(), sessions=sessions), "deadlift", DAY).variant)

    assert list(dict.fromkeys(seen)) == [
        "hip hinge with a stick",
        "from blocks at knee height",
        "from the floor, light",
    ]


def test_in_training_two_warm_ups_come_before_five_sets_of_five() -> None:
    deadlift = prescribe(training(55.0, 67.0), "deadlift", DAY)

    assert loads(deadlift, SetKind.WARM_UP) == [32.5, 45.0]
    assert loads(deadlift, SetKind.WORKING) == [55.0] * 5
    assert [s.number for s in deadlift.sets] == [1, 2, 1, 2, 3, 4, 5]
    assert all(s.repetitions == 5 for s in deadlift.sets)
    working = deadlift.sets[-1]
    assert working.intensity_pct == pytest.approx(82.1, abs=0.05)
    assert working.bar is not None
    assert (working.bar.bar_kg, working.bar.per_side_kg) == (20.0, (15.0, 2.5))
    assert deadlift.maximum_kg == 67.0
    assert deadlift.rest_s == 120.0
    # All on one bar, so that nobody carries bars about between sets.
    assert {s.bar.bar_kg for s in deadlift.sets if s.bar} == {20.0}


def test_a_light_load_that_is_being_learnt_is_its_own_warm_up() -> None:
    for load, warm_ups in ((10.0, []), (20.0, []), (22.5, [13.5, 18.5])):
        learning = history(decided("deadlift", Phase.FAMILIARISATION, load))
        assert loads(prescribe(learning, "deadlift", DAY), SetKind.WARM_UP) == warm_ups


def test_training_without_an_accepted_maximum_is_blocked() -> None:
    deadlift = prescribe(training(55.0, None), "deadlift", DAY)

    assert deadlift.sets == ()
    assert deadlift.blocked == (
        "Deadlift has no accepted one-repetition maximum to train from: "
        "find it, or go back to familiarisation."
    )


def test_a_load_that_was_never_decided_is_blocked() -> None:
    no_load = history(decided("deadlift", Phase.FAMILIARISATION, None))

    assert "has no load" in prescribe(no_load, "deadlift", DAY).blocked


def test_a_load_above_the_plans_band_is_lowered_and_said() -> None:
    deadlift = prescribe(training(65.0, 67.0), "deadlift", DAY)

    assert loads(deadlift, SetKind.WORKING) == [56.0] * 5
    assert "Less than the 65 kg decided: above the plan's 85 % of 67 kg." in deadlift.notes


def test_a_load_below_the_band_is_said() -> None:
    deadlift = prescribe(training(50.0, 67.0), "deadlift", DAY)

    assert loads(deadlift, SetKind.WORKING) == [50.0] * 5
    assert any("75 % of 67 kg, below the plan's 80 %" in note for note in deadlift.notes)


def test_the_band_is_that_of_training_alone() -> None:
    for phase in (Phase.FAMILIARISATION, Phase.RETURN):
        deadlift = prescribe(
            history(decided("deadlift", phase, 50.0, maximum_kg=67.0)), "deadlift", DAY
        )
        assert not any("below the plan's" in note for note in deadlift.notes)
        assert not any("measured" in note for note in deadlift.notes)


def test_a_restricted_person_stays_below_the_cap_from_a_raised_start_without_impacts() -> None:
    deadlift, _, _, jumps = today(training(55.0, 67.0, RESTRICTED), DAY)

    assert loads(deadlift, SetKind.WORKING) == [46.0] * 5
    assert deadlift.variant == "from blocks, the bar at knee height"
    assert "Less than the 55 kg decided: above this person's limit of 70 % of 67 kg." in (
        deadlift.notes
    )
    assert "no impacts for this person" in jumps.blocked
    assert jumps.sets == ()
    # Warm-ups stay below the work, whatever the cap.
    assert all(kg is not None and kg < 46.0 for kg in loads(deadlift, SetKind.WARM_UP))


def test_a_cap_in_kilograms_holds_too() -> None:
    capped = replace(RESTRICTED, cap_pct=None, cap_kg=30.0)

    assert loads(prescribe(training(55.0, 67.0, capped), "deadlift", DAY), SetKind.WORKING) == (
        [30.0] * 5
    )


def test_a_cap_that_cannot_be_checked_is_said() -> None:
    learning = history(decided("deadlift", Phase.FAMILIARISATION, 15.0), clearance=RESTRICTED)

    deadlift = prescribe(learning, "deadlift", DAY)

    assert loads(deadlift, SetKind.WORKING) == [15.0] * 3
    assert "The limit of 70 % cannot be checked: no one-repetition maximum is known." in (
        deadlift.notes
    )


def test_the_plates_that_are_there_are_used() -> None:
    coarse = replace(LIFTMOR, rack=Rack((20.0,), (Plate(10.0, 2), Plate(5.0, 1))))
    deadlift = prescribe(replace(training(55.0, 67.0), plan=coarse), "deadlift", DAY)

    assert loads(deadlift, SetKind.WORKING) == [50.0] * 5
    assert any("below the plan's 80 %" in note for note in deadlift.notes)


def test_somebody_weaker_than_the_lightest_bar_does_it_without_one() -> None:
    weak = history(decided("overhead_press", Phase.TRAINING, 2.0, maximum_kg=2.5))

    press = prescribe(weak, "overhead_press", DAY)

    assert [(s.load_kg, s.bar) for s in press.sets] == [(0.0, None)] * 5
    assert press.notes[0] == "The lightest bar (2.5 kg) is above 2 kg: do it without a bar."


def test_small_plates_call_for_blocks_under_the_deadlift() -> None:
    blocks = "No large plate holds the bar up: put it on blocks, so that it starts at mid-shin."
    light = history(decided("deadlift", Phase.FAMILIARISATION, 30.0))
    raised = replace(light, clearance=RESTRICTED)

    assert blocks in prescribe(light, "deadlift", DAY).notes
    assert blocks not in prescribe(training(55.0, 67.0), "deadlift", DAY).notes
    # From blocks it is done anyway.
    assert blocks not in prescribe(raised, "deadlift", DAY).notes
    squat = history(decided("back_squat", Phase.FAMILIARISATION, 30.0))
    assert prescribe(squat, "back_squat", DAY).notes == ()


def test_a_re_test_is_a_few_rising_sets_of_at_most_ten() -> None:
    due = history(
        decided("deadlift", Phase.TRAINING, 55.0, maximum_kg=67.0, order=1),
        decided("deadlift", Phase.RETEST, 55.0, maximum_kg=67.0, order=2),
        decided("back_squat", Phase.RETEST, 30.0),
    )

    deadlift, squat = today(due, DAY)[:2]

    assert loads(deadlift, SetKind.TEST) == [55.0, 57.5, 60.0]
    assert all(s.repetitions == 10 for s in deadlift.sets if s.kind is SetKind.TEST)
    assert loads(deadlift, SetKind.WORKING) == []
    assert any("at most 10" in note for note in deadlift.notes)
    # Out of familiarisation the steps are those of learning.
    assert loads(squat, SetKind.TEST) == [30.0, 35.0, 40.0]


def test_a_re_test_of_a_restricted_person_stays_below_the_cap() -> None:
    due = history(decided("deadlift", Phase.RETEST, 46.0, maximum_kg=67.0), clearance=RESTRICTED)

    deadlift = prescribe(due, "deadlift", DAY)

    assert loads(deadlift, SetKind.TEST) == [46.0]
    # 46 kg ten times is 61 kg: the test can come out lower than 67 kg and never higher.
    assert deadlift.notes[-1] == (
        "Within this person's limit of 70 % of 67 kg a re-test shows at most 61 kg: less, but not "
        "more. Change the limit, or enter a tested maximum, if that is right for this person."
    )


def test_a_re_test_without_a_bar_is_blocked() -> None:
    due = history(decided("deadlift", Phase.RETEST, 0.0))

    assert "cannot be found without a bar" in prescribe(due, "deadlift", DAY).blocked


def test_where_a_re_test_cannot_show_more_the_clinician_is_told() -> None:
    maxima = (one_repetition.tested("deadlift", 67.0, DAY - timedelta(weeks=9)),)
    reach = "a re-test shows at most 61 kg: less, but not more"

    capped = prescribe(replace(training(46.0, 67.0, RESTRICTED), maxima=maxima), "deadlift", DAY)
    free = prescribe(replace(training(55.0, 67.0), maxima=maxima), "deadlift", DAY)

    assert any(reach in note for note in capped.notes), capped.notes
    assert not any("re-test shows" in note for note in free.notes)


def test_a_load_that_only_begins_a_re_test_is_not_what_it_can_show() -> None:
    # Ten times 50 kg is less than 70 kg, but the re-test goes on to 55 kg.
    maxima = (one_repetition.tested("deadlift", 70.0, DAY - timedelta(weeks=9)),)
    told = prescribe(replace(training(50.0, 70.0), maxima=maxima), "deadlift", DAY)
    assert not any("re-test shows" in note for note in told.notes), told.notes


@pytest.mark.parametrize(
    ("load_kg", "why"),
    [(42.5, "the load that was decided is no heavier."), (47.9, "the plates allow no more of")],
)
def test_why_a_load_lies_below_the_band_is_true(load_kg: float, why: str) -> None:
    coarse = replace(LIFTMOR, rack=Rack((20.0,), (Plate(1.25, 2), Plate(10.0, 2))))
    told = replace(training(load_kg, 60.715), plan=coarse)
    (said,) = [
        note for note in prescribe(told, "deadlift", DAY).notes if "below the plan's" in note
    ]
    assert "of 60.7 kg, below the plan's 80 %" in said
    assert why in said


def test_an_old_maximum_is_said() -> None:
    old = replace(
        training(55.0, 67.0),
        maxima=(one_repetition.tested("deadlift", 67.0, DAY - timedelta(weeks=9)),),
    )
    assert any("9 weeks ago" in note for note in prescribe(old, "deadlift", DAY).notes)
    assert any(
        "never measured" in n for n in prescribe(training(55.0, 67.0), "deadlift", DAY).notes
    )


def test_without_assessment_or_against_it_nothing_is_prescribed() -> None:
    for clearance in (None, replace(FREE_TO_LIFT, level=Level.NO_LOAD)):
        for prescription in today(history(clearance=clearance), DAY):
            assert prescription.blocked
            assert prescription.sets == ()


def test_an_excluded_exercise_is_blocked_alone() -> None:
    excluded = replace(FREE_TO_LIFT, excluded=(Exclusion("deadlift", "hip replacement", "AB"),))

    assert [bool(p.blocked) for p in today(history(clearance=excluded), DAY)] == [
        True, False, False, False,
    ]  # fmt: skip


def test_after_a_serious_event_everything_waits_for_a_clinician() -> None:
    event = AdverseEvent(DAY, EventGrade.SERIOUS, "fall in the changing room")
    hurt = replace(
        training(55.0, 67.0), sessions=(SessionRecord("s1", DAY, True, adverse=(event,)),)
    )

    assert all("is stopped" in p.blocked for p in today(hurt, DAY))


def test_after_an_absence_the_old_load_waits_for_the_decision_on_the_return() -> None:
    done = SetRecord("deadlift", 1, SetKind.WORKING, 55.0, 5, 5)
    away = replace(
        history(decided("deadlift", Phase.TRAINING, 55.0, maximum_kg=67.0, days_ago=25)),
        sessions=(SessionRecord("s1", DAY - timedelta(days=21), True, (done,)),),
    )

    assert prescribe(away, "deadlift", DAY).blocked == (
        "Deadlift was last done 21 days ago: decide on the return before loading."
    )
    back = decided("deadlift", Phase.RETURN, 48.5, maximum_kg=67.0, order=2, days_ago=0)
    returned = replace(away, decisions=(*away.decisions, back))
    assert loads(prescribe(returned, "deadlift", DAY), SetKind.WORKING) == [48.5] * 5


def test_impacts_follow_the_rung_that_was_decided() -> None:
    at = history(decided("jumping_chin_up", Phase.IMPACT, None, rung=4))

    jumps = prescribe(at, "jumping_chin_up", DAY)

    assert (jumps.rung, jumps.measured_as) == (4, Exercise.DROP_LANDING)
    assert jumps.variant == "low drops, 10 cm"
    assert len(jumps.sets) == 5
    for rung in (None, 9, -1):
        unknown = history(decided("jumping_chin_up", Phase.IMPACT, None, rung=rung))
        assert "no rung" in prescribe(unknown, "jumping_chin_up", DAY).blocked


def test_the_home_programme_is_prescribed_without_loads() -> None:
    lunges = today(replace(history(), plan=HOME), DAY)[1]

    assert (lunges.name, lunges.kind) == ("Lunges", ExerciseKind.FREE)
    assert [(s.repetitions, s.load_kg) for s in lunges.sets] == [(10, None)] * 2


def test_sessions_are_counted_missed_or_not() -> None:
    first = date(2026, 4, 6)
    done = (SetRecord("deadlift", 1, SetKind.WORKING, 40.0, 5, 5),)
    days = [first + timedelta(days=3 * n) for n in range(4)]
    sessions = tuple(SessionRecord(f"s{n}", day, n != 1, done) for n, day in enumerate(days))
    again = SessionRecord("s3, begun again", days[3], True, done)
    only_decided = SessionRecord("s4", days[3] + timedelta(days=1), True)
    there = replace(history(), sessions=(*sessions, sessions[0], again, only_decided))

    assert session_number(there, sessions[3].day) == 4
    assert attended_days(there) == (days[0], days[2], days[3])
    assert week(there, first) == 1
    assert week(there, first + timedelta(days=7)) == 2
    assert week(history(), DAY) == 1


@settings(max_examples=300, deadline=None)
@given(
    phase=st.sampled_from(list(Phase)),
    load=st.floats(0.0, 200.0),
    maximum=st.one_of(st.none(), st.floats(1.0, 200.0)),
    cap_pct=st.one_of(st.none(), st.floats(10.0, 100.0)),
    cap_kg=st.one_of(st.none(), st.floats(0.0, 100.0)),
)
def test_nothing_prescribed_is_above_what_was_decided_or_is_allowed(
    phase: Phase,
    load: float,
    maximum: float | None,
    cap_pct: float | None,
    cap_kg: float | None,
) -> None:
    clearance = replace(RESTRICTED, cap_pct=cap_pct, cap_kg=cap_kg)
    what = history(decided("deadlift", phase, load, maximum_kg=maximum), clearance=clearance)

    deadlift = prescribe(what, "deadlift", DAY)

    assert bool(deadlift.blocked) is not bool(deadlift.sets)
    for planned in deadlift.sets:
        assert planned.load_kg is not None
        if planned.kind is SetKind.WORKING:
            assert planned.load_kg <= load + 1e-6
        if cap_kg is not None:
            assert planned.load_kg <= cap_kg + 1e-6
        if maximum is not None and cap_pct is not None:
            assert planned.load_kg <= cap_pct / 100.0 * maximum + 1e-6
        if maximum is not None and phase is Phase.TRAINING:
            assert planned.load_kg <= 0.85 * maximum + 1e-6
        assert planned.bar is None or planned.bar.total_kg == planned.load_kg
