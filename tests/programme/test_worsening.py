"""A loss of height, a rounder back, falls and fractures hold or stop until somebody has looked."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.progression import propose, until
from lift_monitor.programme.proposal import Action, Proposal
from lift_monitor.programme.record import History, OutcomeRecord, Verdict
from tests.programme.histories import (
    CLEARED,
    DEADLIFT,
    IMPACTS,
    START,
    decided,
    history,
    maximum,
    session,
    work,
)

LATER = START + timedelta(days=4)
AFTER = LATER + timedelta(days=1)
HEIGHT, TALL = Measure.HEIGHT, Measure.KYPHOSIS_TALL


def trained(*outcomes: OutcomeRecord, cleared: date = START) -> History:
    """Two good sessions: without an outcome the load rises."""
    return history(
        *(session(day, *work(), *work(IMPACTS, sets=2)) for day in (START, LATER)),
        decisions=(decided(), decided(IMPACTS, load_kg=None, maximum_kg=None, rung=0, order=2)),
        maxima=(maximum(62.0),),
        clearance=dataclasses.replace(CLEARED, day=cleared),
        outcomes=outcomes,
    )


def proposed(*outcomes: OutcomeRecord, cleared: date = START) -> Proposal:
    return propose(trained(*outcomes, cleared=cleared), DEADLIFT, AFTER)


def of(measure: Measure, *values: float) -> tuple[OutcomeRecord, ...]:
    """The first on the first day, the last the day after the last session."""
    days = (START, AFTER) if len(values) == 2 else (START, LATER, AFTER)
    return tuple(
        OutcomeRecord(measure, value, day) for value, day in zip(values, days, strict=True)
    )


@pytest.mark.parametrize(
    ("measure", "values", "action"),
    [
        (HEIGHT, (162.0, 161.1), Action.STEP_UP),
        (HEIGHT, (162.0, 161.0), Action.HOLD),
        (HEIGHT, (162.0, 163.5), Action.STEP_UP),
        (HEIGHT, (162.0, 160.0, 162.0), Action.STEP_UP),
        (HEIGHT, (162.0, 162.0, 160.0), Action.HOLD),
        (TALL, (39.0, 48.0), Action.STEP_UP),
        (TALL, (39.0, 49.0), Action.HOLD),
        (TALL, (39.0, 20.0), Action.STEP_UP),
        (Measure.KYPHOSIS_RELAXED, (47.0, 58.0), Action.HOLD),
    ],
)
def test_a_change_of_shape_holds_the_load(
    measure: Measure, values: tuple[float, ...], action: Action
) -> None:
    assert proposed().action is Action.STEP_UP
    found = proposed(*of(measure, *values))
    assert found.action is action
    if action is Action.HOLD:
        assert "assess anew or refer" in found.headline
        assert any("measured again" in said for said in found.would_change)


def test_impacts_hold_too() -> None:
    found = propose(trained(*of(HEIGHT, 162.0, 160.0)), IMPACTS, AFTER)
    assert (found.action, "height" in found.headline) == (Action.HOLD, True)


def test_a_later_assessment_answers_it_and_one_of_the_same_day_may_have_come_before() -> None:
    lost = of(HEIGHT, 162.0, 160.0)
    assert proposed(*lost, cleared=AFTER).action is Action.HOLD
    assert proposed(*lost, cleared=AFTER + timedelta(days=1)).action is Action.STEP_UP


def test_what_was_looked_at_is_what_the_next_is_held_against() -> None:
    assert proposed(*of(HEIGHT, 164.0, 162.0, 161.5), cleared=LATER).action is Action.STEP_UP
    assert proposed(*of(HEIGHT, 164.0, 162.0, 161.0), cleared=LATER).action is Action.HOLD


def test_one_measurement_alone_says_nothing() -> None:
    alone = OutcomeRecord(HEIGHT, 120.0, AFTER)
    assert proposed(alone).action is Action.STEP_UP
    both = (*of(HEIGHT, 162.0, 162.0), OutcomeRecord(HEIGHT, 160.5, AFTER))
    assert proposed(*both).action is Action.HOLD  # of two on one day the worse


def test_falls_hold_and_those_before_the_first_session_do_not() -> None:
    assert proposed(*of(Measure.FALLS, 2.0, 0.0)).action is Action.STEP_UP
    found = proposed(*of(Measure.FALLS, 0.0, 2.0))
    assert (found.action, "2 falls counted" in found.headline) == (Action.HOLD, True)


def test_a_new_fracture_stops_every_exercise_until_a_clinician_decides() -> None:
    told = trained(*of(Measure.FRACTURES, 0.0, 1.0))
    assert proposed(*of(Measure.FRACTURES, 1.0, 0.0)).action is Action.STEP_UP
    for exercise in (DEADLIFT, IMPACTS):
        found = propose(told, exercise, AFTER)
        assert (found.action, found.sets) == (Action.STOP_AND_REFER, 0)
        assert "1 fracture counted on 7 Mar 2026" in found.headline
    day = AFTER + timedelta(days=1)
    answer = decided(
        load_kg=40.0, day=day, order=3, verdict=Verdict.CHANGED, reason="a toe",
        action=Action.STOP_AND_REFER.value,
    )  # fmt: skip
    told = dataclasses.replace(told, decisions=(*told.decisions, answer))
    assert propose(told, DEADLIFT, day).action is not Action.STOP_AND_REFER


def test_what_came_after_a_session_is_left_out_of_its_proposals() -> None:
    assert (
        until(trained(*of(HEIGHT, 162.0, 160.0)), str(LATER)).outcomes == of(HEIGHT, 162.0, 0)[:1]
    )
