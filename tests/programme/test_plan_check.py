"""Every way in which an edited plan would be dangerous or senseless is told in one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.events import Exercise
from lift_monitor.programme.documents import DocumentError, read, to_document
from lift_monitor.programme.plan import (
    CHANGED_HERE,
    DESIGN_DEFAULT,
    Band,
    ExerciseKind,
    FlagLimit,
    Gate,
    Limits,
    Plan,
    Plate,
    Rack,
    Rung,
    WarmUp,
)
from lift_monitor.programme.plan_check import PlanError, edited, edited_exercise, problems
from lift_monitor.programme.plates import load_bar
from lift_monitor.programme.shipped import HOME, LIFTMOR, PLANS
from lift_monitor.technique import FlagKind

DEADLIFT = LIFTMOR.exercise("deadlift")
JUMPS = LIFTMOR.exercise("jumping_chin_up")
assert DEADLIFT.learning is not None


def with_exercise(name_of: str, /, **changes: Any) -> Plan:
    return replace(
        LIFTMOR,
        exercises=tuple(
            replace(exercise, **changes) if exercise.key == name_of else exercise
            for exercise in LIFTMOR.exercises
        ),
    )


@pytest.mark.parametrize("plan", [LIFTMOR, HOME], ids=lambda plan: plan.key)
def test_the_plans_that_ship_have_no_problem(plan: Plan) -> None:
    assert problems(plan) == ()
    assert PLANS[plan.key] is plan


def test_liftmor_is_the_trials_dose() -> None:
    assert (LIFTMOR.sessions, LIFTMOR.sessions_a_week, LIFTMOR.weeks) == (70, 2, 35)
    assert LIFTMOR.supervised
    lifts = [e for e in LIFTMOR.exercises if e.kind is ExerciseKind.LIFT]
    assert [lift.name for lift in lifts] == ["Deadlift", "Back squat", "Overhead press"]
    for lift in lifts:
        assert (lift.sets, lift.repetitions, lift.band) == (5, 5, Band(80.0, 85.0))
        assert [warm_up.intensity_pct for warm_up in lift.warm_ups] == [50.0, 70.0]
    assert JUMPS.ladder[-1].measured_as is Exercise.JUMPING_CHIN_UP
    assert (JUMPS.ladder[-1].sets, JUMPS.ladder[-1].repetitions) == (5, 5)
    assert (LIFTMOR.warn_group, LIFTMOR.largest_group) == (6, 8)


def test_the_ladder_raises_the_count_before_the_height() -> None:
    for lower, higher in zip(JUMPS.ladder, JUMPS.ladder[1:], strict=False):
        more = higher.sets * higher.repetitions > lower.sets * lower.repetitions
        same_form = (higher.name, higher.height_cm) == (lower.name, lower.height_cm)
        assert same_form == more


def test_the_home_programme_is_light_unsupervised_and_not_measured() -> None:
    assert not HOME.supervised
    assert {exercise.kind for exercise in HOME.exercises} == {ExerciseKind.FREE}
    assert all(exercise.measured_as is None for exercise in HOME.exercises)


def test_only_what_was_read_has_a_papers_name() -> None:
    assert "10.1007/s00198-015-3263-2" in DEADLIFT.source_of("band")
    assert "10.1002/jbmr.3284" in DEADLIFT.source_of("sets")
    for field in ("step_kg", "warm_ups", "learning", "rest_s"):
        assert DEADLIFT.source_of(field) == DESIGN_DEFAULT
    assert LIFTMOR.source_of("largest_group") == DESIGN_DEFAULT
    assert LIFTMOR.source_of("retest_weeks") == DESIGN_DEFAULT


LEARNING = DEADLIFT.learning
RUNG = JUMPS.ladder[0]


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (with_exercise("deadlift", band=Band(85.0, 80.0)), "the intensity is upside down"),
        (with_exercise("deadlift", band=Band(80.0, 95.0)), "95 % is not between 1 and 90 %"),
        (with_exercise("deadlift", band=Band(0.0, 85.0)), "0 % is not between 1 and 90 %"),
        (with_exercise("deadlift", band=None), "has no intensity"),
        (with_exercise("deadlift", step_kg=0.0), "step: 0 kg is not above 0 and up to 10 kg"),
        (with_exercise("deadlift", step_kg=-2.5), "step: -2.5 kg is not above 0"),
        (with_exercise("deadlift", step_kg=25.0), "step: 25 kg is not above 0 and up to 10 kg"),
        (with_exercise("deadlift", step_kg=float("nan")), "step: nan kg is not above 0"),
        (with_exercise("deadlift", step_kg=0.5), "the plates allow no step smaller than 1 kg"),
        (with_exercise("deadlift", sets=0), "sets: 0 is not between 1 and 10"),
        (with_exercise("deadlift", repetitions=50), "repetitions: 50 is not between 1 and 20"),
        (with_exercise("deadlift", rest_s=-1.0), "rest: -1 s is not between 0 and 900 s"),
        (with_exercise("deadlift", learning=None), "has no familiarisation"),
        (with_exercise("deadlift", name="", key=" "), "An exercise has no name"),
        (
            with_exercise("deadlift", warm_ups=(WarmUp(5, 80.0),)),
            "a warm-up at 80 % is not lighter than the work at 80 %",
        ),
        (
            with_exercise("deadlift", learning=replace(LEARNING, first_load_kg=40.0)),
            "first load: 40 kg is not between 0 and 20 kg",
        ),
        (
            with_exercise("deadlift", learning=replace(LEARNING, first_load_kg=2.0)),
            "below the lightest bar of 2.5 kg",
        ),
        (
            with_exercise("deadlift", learning=replace(LEARNING, step_kg=2.0)),
            "cannot go from a stick to a bar",
        ),
        (
            with_exercise("deadlift", learning=replace(LEARNING, highest_rpe=19)),
            "highest effort of familiarisation: 19 on Borg's scale is not between 6 and 16",
        ),
        (
            with_exercise("deadlift", measured_as=Exercise.DROP_LANDING),
            "is a lift, but measured as landings",
        ),
        (with_exercise("deadlift", ladder=(RUNG,)), "has a ladder of impacts, but is not"),
        (with_exercise("deadlift", key="back_squat"), "2 exercises with the key back_squat"),
        (with_exercise("jumping_chin_up", ladder=()), "has no ladder of impacts"),
        (with_exercise("jumping_chin_up", step_kg=2.5), "is not a lift, but has an intensity"),
        (
            with_exercise("jumping_chin_up", ladder=(replace(RUNG, height_cm=60.0),)),
            "height: 60 cm is not between 0 and 40 cm",
        ),
        (
            with_exercise(
                "jumping_chin_up",
                ladder=(replace(RUNG, height_cm=15.0), replace(RUNG, height_cm=10.0)),
            ),
            "rung 2 is lower than one before it",
        ),
        (
            with_exercise(
                "jumping_chin_up", ladder=(Rung("squats", Exercise.BACK_SQUAT, 2, 5, None),)
            ),
            "rung 1 is not measured as landings",
        ),
        (replace(LIFTMOR, gate=Gate(0, 2, "")), "before heavy loads: 0 is not between 1 and 50"),
        (replace(LIFTMOR, gate=Gate(8, 0, "")), "in a row before heavy loads: 0 is not between"),
        (replace(LIFTMOR, gate=Gate(2, 3, "")), "3 is not between 1 and 2"),
        (replace(LIFTMOR, exercises=()), "The plan has no exercise"),
        (replace(LIFTMOR, supervised=False), "heavy lifts and impacts are supervised"),
        (replace(LIFTMOR, largest_group=12), "The largest group: 12 is not between 1 and 8"),
        (replace(LIFTMOR, warn_group=9), "The group that is warned of: 9 is not between 1 and 8"),
        (replace(LIFTMOR, weeks=34), "70 sessions do not fit into 34 weeks"),
        (replace(LIFTMOR, weeks=20), "70 sessions do not fit into 20 weeks at 2 a week"),
        (replace(LIFTMOR, retest_weeks=0), "Weeks until a re-test: 0"),
        (replace(LIFTMOR, version=0), "The version: 0"),
        (replace(LIFTMOR, name=" "), "The plan has no name"),
        (replace(LIFTMOR, rack=Rack((), LIFTMOR.rack.plates)), "There is no bar to lift with"),
        (replace(LIFTMOR, rack=Rack((20.0, 10.0), ())), "The bars are not in order"),
        (replace(LIFTMOR, rack=Rack((1e308,), ())), "A bar: 1e+308 kg is not between"),
        (replace(LIFTMOR, rack=Rack((20.0,), (Plate(1e308, 1),))), "A plate: 1e+308 kg"),
        (replace(LIFTMOR, rack=Rack((20.0,), (Plate(0.01, 1000),))), "0.01 kg is not between"),
        (replace(LIFTMOR, rack=Rack((20.0,), (Plate(1.0, 1000),))), "1000 is not between 0 and"),
        (
            replace(LIFTMOR, rack=Rack((20.0,), (Plate(1.0, 1), Plate(1.0, 2)))),
            "A size of plates is named twice",
        ),
        (replace(LIFTMOR, rack=Rack((20.0,), (Plate(1.0001, 1),))), "finer than 0.01 kg"),
        (
            replace(LIFTMOR, rack=Rack((20.0,), tuple(Plate(1.0 + n, 1) for n in range(13)))),
            "13 sizes of plates are too many",
        ),
        (replace(LIFTMOR, limits=Limits(loss_stop_pct=100.0)), "100 % is not between 1 and 50"),
        (
            replace(LIFTMOR, limits=Limits(loss_amber_pct=30.0, loss_stop_pct=20.0)),
            "The velocity losses are upside down",
        ),
        (
            replace(LIFTMOR, limits=Limits(landing_low_bw=4.0, landing_high_bw=4.0)),
            "The limits of landings are upside down",
        ),
        (
            replace(LIFTMOR, limits=Limits((FlagLimit(FlagKind.LUMBAR_FLEXION, 30.0, 20.0),))),
            "The limits of lumbar flexion are upside down",
        ),
        (
            replace(LIFTMOR, limits=Limits((FlagLimit(FlagKind.TWIST, 0.0, None),))),
            "a limit is above 0",
        ),
    ],
)
def test_a_dangerous_or_senseless_plan_is_told_of(plan: Plan, sentence: str) -> None:
    found = problems(plan)

    assert any(sentence in problem for problem in found), found
    for problem in found:
        assert problem.endswith(".")
        assert "\n" not in problem


def test_an_edit_counts_up_and_loses_the_source_of_what_was_changed() -> None:
    plan = edited_exercise(LIFTMOR, "deadlift", band=Band(75.0, 80.0), rest_s=150.0)

    deadlift = plan.exercise("deadlift")
    assert plan.version == 2
    assert deadlift.source_of("band") == CHANGED_HERE
    assert deadlift.source_of("rest_s") == CHANGED_HERE
    assert deadlift.source_of("sets") == DEADLIFT.source_of("sets")
    assert plan.exercise("back_squat") == LIFTMOR.exercise("back_squat")
    assert LIFTMOR.version == 1

    shorter = edited(plan, sessions=60)
    assert shorter.version == 3
    assert shorter.source_of("sessions") == CHANGED_HERE
    assert shorter.exercise("deadlift").source_of("band") == CHANGED_HERE


def test_a_new_exercise_and_a_new_gate_are_the_clinics_own() -> None:
    row = replace(DEADLIFT, key="row", name="Bent-over row", measured_as=Exercise.BENT_OVER_ROW)

    plan = edited(LIFTMOR, exercises=(*LIFTMOR.exercises, row), gate=Gate(10, 2, "a paper"))

    assert plan.exercise("row").source_of("band") == CHANGED_HERE
    assert plan.gate.source == CHANGED_HERE
    assert plan.source_of("gate") == CHANGED_HERE
    assert edited(LIFTMOR, name="LIFTMOR, spring").gate.source == DESIGN_DEFAULT


def test_a_dangerous_edit_is_refused() -> None:
    with pytest.raises(PlanError, match=r"^Deadlift, intensity: 95 % is not between 1 and 90 %\.$"):
        edited_exercise(LIFTMOR, "deadlift", band=Band(80.0, 95.0))
    with pytest.raises(KeyError):
        edited_exercise(LIFTMOR, "curl", sets=3)


NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6), st.floats(-1e308, 1e308), st.sampled_from([0, 1, 5, 1e308, -1])
)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), number=NUMBERS)
def test_any_number_anywhere_is_judged_without_stumbling(
    data: st.DataObject, number: float
) -> None:
    document = json.loads(json.dumps(to_document(LIFTMOR)))
    places: list[tuple[Any, Any]] = []

    def collect(place: Any) -> None:
        for key in place if isinstance(place, dict) else range(len(place)):
            if isinstance(place[key], dict | list):
                collect(place[key])
            elif isinstance(place[key], int | float) and not isinstance(place[key], bool):
                places.append((place, key))

    collect(document)
    place, key = data.draw(st.sampled_from(places))
    place[key] = number
    try:
        plan = read(Plan, document)
    except DocumentError:
        return
    if not problems(plan):
        # Whatever is let through can be worked with.
        for exercise in plan.exercises:
            if exercise.band is not None:
                assert 0.0 < exercise.band.low_pct <= exercise.band.high_pct <= 90.0
                assert 0.0 < exercise.step_kg <= 10.0
                assert load_bar(200.0, plan.rack) is not None
