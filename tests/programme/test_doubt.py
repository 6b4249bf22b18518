"""A value that is likely a slip of the pen is asked about, with the numbers."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from lift_monitor.events import Confidence
from lift_monitor.programme.doubt import doubt_of_maximum, in_doubt
from lift_monitor.programme.doubt_measures import doubt_of_body_mass, doubt_of_outcome
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.progression import propose
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import History, Maximum, MaximumSource
from tests.programme.histories import DEADLIFT, START, decided, history, maximum, session, work

LATER = START + timedelta(days=42)


def of(exercise: str, kg: float, day: date = LATER) -> Maximum:
    return Maximum(
        exercise, MaximumSource.TESTED, kg, None, None, day, Confidence.HIGH, "lifted once"
    )


KNOWN = history(maxima=(maximum(80.0),))


@pytest.mark.parametrize(
    ("kg", "looks"),
    [
        (8.0, "a digit too many or too few"),
        (176.0, "pounds and kilograms"),
        (36.3, "pounds and kilograms"),
        (165.0, "more than 2 times apart."),
        (39.0, "more than 2 times apart."),
    ],
)
def test_a_maximum_far_from_the_last_one_is_in_doubt(kg: float, looks: str) -> None:
    said = doubt_of_maximum(KNOWN, maximum(kg, LATER))
    assert said.startswith(f"Deadlift: a maximum of {kg:g} kg on 13 Apr 2026, and 80 kg on 2 Mar")
    assert looks in said
    assert said.count(". ") == 0


@pytest.mark.parametrize("kg", [41.0, 54.0, 80.0, 85.0, 128.0, 139.0])
def test_what_training_or_illness_may_bring_is_not_in_doubt(kg: float) -> None:
    assert doubt_of_maximum(KNOWN, maximum(kg, LATER)) == ""


def test_a_confirmed_maximum_is_in_doubt_no_more() -> None:
    confirmed = dataclasses.replace(maximum(176.0, LATER), confirmed="seen on the platform")
    assert doubt_of_maximum(KNOWN, confirmed) == ""
    assert not in_doubt(history(maxima=(maximum(80.0), confirmed)), DEADLIFT)


def test_a_set_that_could_have_gone_on_is_never_too_little() -> None:
    bound = Maximum(
        DEADLIFT, MaximumSource.REPETITIONS, 40.0, 40.0, None, LATER, Confidence.HIGH, "at least"
    )
    assert doubt_of_maximum(KNOWN, bound) == ""


def test_where_nothing_was_measured_the_accepted_maximum_is_compared_with() -> None:
    told = history(decisions=(decided(maximum_kg=60.0),))
    assert "60 kg on 2 Mar 2026" in doubt_of_maximum(told, maximum(132.0, LATER))
    assert doubt_of_maximum(told, maximum(70.0, LATER)) == ""


def test_a_value_in_doubt_is_not_compared_with() -> None:
    told = history(maxima=(maximum(80.0), maximum(8.0, START + timedelta(days=7))))
    assert doubt_of_maximum(told, maximum(82.0, LATER)) == ""
    assert [each.kg for each in in_doubt(told, DEADLIFT)] == [8.0]


def test_the_first_maximum_is_held_against_body_mass_and_what_was_lifted() -> None:
    nothing = history()
    assert "2 times a body mass of 60 kg" in doubt_of_maximum(nothing, maximum(125.0), 60.0)
    assert doubt_of_maximum(nothing, maximum(115.0), 60.0) == ""
    assert "not known (70 kg is taken)" in doubt_of_maximum(nothing, maximum(145.0))
    lifted = history(session(START, *work(load_kg=50.0)))
    assert "50 kg were lifted on 2 Mar 2026" in doubt_of_maximum(lifted, maximum(5.0, LATER))
    assert doubt_of_maximum(lifted, maximum(62.0, LATER)) == ""


def test_a_maximum_that_was_told_for_the_wrong_lift_is_in_doubt() -> None:
    assert "told for another lift" in doubt_of_maximum(KNOWN, of("overhead_press", 82.0), 90.0)
    assert doubt_of_maximum(KNOWN, of("overhead_press", 30.0)) == ""
    press = history(maxima=(of("overhead_press", 30.0, START),))
    assert "30 kg in the overhead press" in doubt_of_maximum(press, of("back_squat", 28.0))


@pytest.mark.parametrize(
    ("kg", "before", "odd"), [(62.0, 61.0, False), (136.0, 62.0, True), (6.2, 62.0, True)]
)
def test_a_body_mass_far_from_the_last_one_is_in_doubt(kg: float, before: float, odd: bool) -> None:
    assert bool(doubt_of_body_mass(kg, before)) is odd
    assert doubt_of_body_mass(kg, None) == ""


@pytest.mark.parametrize(
    ("measure", "value", "before"),
    [
        (Measure.HEIGHT, 152.0, 162.0),
        (Measure.BMD_SPINE, 0.548, 0.845),
        (Measure.T_HIP, 2.4, -2.4),
        (Measure.KYPHOSIS_TALL, 14.0, 41.0),
        (Measure.BACK_EXTENSOR, 3.8, 38.0),
        (Measure.TIMED_UP_AND_GO, 74.0, 7.4),
    ],
)
def test_an_outcome_far_from_the_last_one_is_in_doubt(
    measure: Measure, value: float, before: float
) -> None:
    assert "the last time" in doubt_of_outcome(measure, value, before)
    assert doubt_of_outcome(measure, before, before) == ""
    assert doubt_of_outcome(measure, value, None) == ""


def test_counts_are_never_in_doubt() -> None:
    assert doubt_of_outcome(Measure.FALLS, 12.0, 0.0) == ""


def trained(*maxima: Maximum) -> History:
    """Two good sessions at 65 kg of 80 kg; then maxima are told."""
    days = (LATER - timedelta(days=4), LATER)
    return history(
        *(session(day, *work(load_kg=65.0)) for day in days),
        decisions=(decided(load_kg=65.0, maximum_kg=80.0),),
        maxima=(maximum(80.0, START + timedelta(days=21)), *maxima),
    )


def test_a_maximum_in_doubt_holds_the_load_and_says_why() -> None:
    assert propose(trained(), DEADLIFT, LATER).action is Action.STEP_UP
    asked = propose(trained(maximum(176.0, LATER)), DEADLIFT, LATER)
    assert (asked.action, asked.rule.key, asked.load_kg) == (Action.HOLD, "maximum_doubted", 65.0)
    assert "the maximum of 176 kg of 13 Apr 2026 is in doubt" in asked.headline
    assert any("pounds and kilograms" in said for said in asked.confidence_reasons)
    assert any(fact.name == "maximum in doubt" for fact in asked.facts)


def test_once_it_is_confirmed_or_entered_anew_loads_go_on_by_it() -> None:
    wrong, right = maximum(176.0, LATER), maximum(88.0, LATER)
    confirmed = dataclasses.replace(wrong, confirmed="seen on the platform")
    for answer in (confirmed, right):
        found = propose(trained(wrong, answer), DEADLIFT, LATER)
        assert (found.action, found.load_kg) == (Action.STEP_UP, 67.5)


def test_a_maximum_in_doubt_that_is_lower_lowers_the_load_until_the_right_one_is_entered() -> None:
    wrong = maximum(8.0, LATER)
    found = propose(trained(wrong), DEADLIFT, LATER)
    assert found.action is Action.STEP_DOWN
    assert any("a digit too many or too few" in said for said in found.confidence_reasons)
    again = propose(trained(wrong, maximum(81.0, LATER)), DEADLIFT, LATER)
    assert (again.action, again.load_kg) == (Action.STEP_UP, 67.5)


def test_nothing_is_prescribed_by_a_first_maximum_of_the_wrong_lift() -> None:
    squat = of("back_squat", 20.0, LATER)
    told = history(
        session(LATER, *work("back_squat", load_kg=15.0, sets=3)),
        decisions=(
            decided("back_squat", phase=Phase.FAMILIARISATION, load_kg=15.0, maximum_kg=None),
        ),
        maxima=(of("overhead_press", 30.0, START), squat),
    )
    found = propose(told, "back_squat", LATER)
    assert found.action is Action.HOLD
    assert any("told for another lift" in said for said in found.confidence_reasons)
