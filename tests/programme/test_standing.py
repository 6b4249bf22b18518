"""What stands for an exercise follows from decisions alone; sessions are counted beside it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from lift_monitor.events import Confidence
from lift_monitor.programme.decide import decision_from, first_decision
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.progression import propose, propose_all
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import SessionRecord, SetKind, Verdict
from lift_monitor.programme.standing import dose, standing
from tests.programme.histories import (
    DEADLIFT,
    IMPACTS,
    START,
    decided,
    history,
    maximum,
    session,
    work,
)

LATER = START + timedelta(days=3)
LAST = START + timedelta(days=7)


def test_nothing_decided_is_the_beginning_of_the_plan() -> None:
    lift = standing(history(), DEADLIFT)
    assert (lift.phase, lift.load_kg, lift.rung) == (Phase.FAMILIARISATION, 0.0, None)
    assert (lift.since, lift.last_trained, lift.learned_sessions) == (None, None, 0)
    jump = standing(history(), IMPACTS)
    assert (jump.phase, jump.load_kg, jump.rung) == (Phase.IMPACT, None, 0)
    with pytest.raises(KeyError):
        standing(history(), "curl")


def test_sessions_alone_never_move_anything() -> None:
    done = session(LATER, *work(load_kg=80.0))
    now = standing(history(done, decisions=(decided(),)), DEADLIFT)
    assert (now.phase, now.load_kg, now.maximum_kg) == (Phase.TRAINING, 50.0, 62.0)
    assert (now.learned_sessions, now.clean_in_a_row, now.last_trained) == (1, 1, LATER)


def test_the_last_decision_stands_and_a_rejected_one_does_not() -> None:
    first, second = decided(), decided(load_kg=52.5, order=2, day=LATER)
    rejected = decided(
        load_kg=60.0, order=3, day=LATER, verdict=Verdict.REJECTED, reason="too soon"
    )
    now = standing(history(decisions=(rejected, second, first)), DEADLIFT)
    assert (now.load_kg, now.since) == (52.5, LATER)


def test_a_hold_leaves_the_day_from_which_a_load_stands() -> None:
    hold = decided(order=2, day=LATER, verdict=Verdict.ACCEPTED, action="hold")
    assert standing(history(decisions=(decided(), hold)), DEADLIFT).since == START


def test_a_retest_keeps_the_phase_that_it_interrupts() -> None:
    test = decided(order=2, day=LATER, phase=Phase.RETEST)
    now = standing(history(decisions=(decided(), test)), DEADLIFT)
    assert (now.phase, now.working_phase, now.since) == (Phase.RETEST, Phase.TRAINING, START)


@pytest.mark.parametrize(
    ("last", "clean"),
    [
        ({}, 2),
        ({"red_repetitions": [0, 0, 0, 0, 1]}, 0),
        ({"red_repetitions": [0, 0, 0, 0, None]}, 0),
        ({"confidence": Confidence.LOW}, 0),
        ({"amber_repetitions": 2}, 2),
    ],
)
def test_clean_is_watched_throughout_without_a_red_flag(last: dict[str, Any], clean: int) -> None:
    told = history(session(START, *work()), session(LATER, *work(**last)))
    assert standing(told, DEADLIFT).clean_in_a_row == clean


def test_missed_sessions_and_warm_ups_are_not_training() -> None:
    warm_up = dataclasses.replace(work()[0], kind=SetKind.WARM_UP, repetitions=0)
    told = history(
        session(START, *work()),
        session(LATER, warm_up),
        SessionRecord("missed", LATER + timedelta(days=4), attended=False),
    )
    assert standing(told, DEADLIFT).last_trained == START


def test_the_dose_follows_phase_and_rung() -> None:
    plan = history().plan
    lift, impact = plan.exercise(DEADLIFT), plan.exercise(IMPACTS)
    assert dose(lift, Phase.FAMILIARISATION) == (3, 5)
    assert dose(lift, Phase.TRAINING) == dose(lift, Phase.RETURN) == (5, 5)
    assert dose(impact, Phase.IMPACT, 0) == (2, 5)
    assert dose(impact, Phase.IMPACT, 99) == (5, 5)


# Decisions -----------------------------------------------------------------------------------

TOLD = history(
    session(START, *work(), key="a"),
    session(LATER, *work(), key="b"),
    decisions=(decided(),),
    maxima=(maximum(62.0, START),),
)


def test_accepted_is_as_proposed() -> None:
    proposal = propose(TOLD, DEADLIFT, LATER)
    made = decision_from(proposal, Verdict.ACCEPTED, "Clinician", LATER, 2, session="b")
    assert proposal.action is Action.STEP_UP
    assert (made.phase, made.load_kg, made.maximum_kg) == (Phase.TRAINING, 52.5, 62.0)
    assert (made.action, made.session, made.order) == ("step_up", "b", 2)


def test_rejected_keeps_what_stood() -> None:
    proposal = propose(TOLD, DEADLIFT, LATER)
    made = decision_from(proposal, Verdict.REJECTED, "Clinician", LATER, 2, reason="tired")
    assert (made.phase, made.load_kg, made.maximum_kg) == (Phase.TRAINING, 50.0, 62.0)


@pytest.mark.parametrize(
    ("load_kg", "maximum_kg"),
    [(50.0, 62.0), (49.6, 62.0), (45.0, 56.25), (55.0, 62.0)],
)
def test_a_changed_load_lowers_the_maximum_only_to_stay_in_the_band(
    load_kg: float, maximum_kg: float
) -> None:
    made = decision_from(
        propose(TOLD, DEADLIFT, LATER), Verdict.CHANGED, "Clinician", LATER, 2,
        reason="tired", load_kg=load_kg,
    )  # fmt: skip
    assert (made.load_kg, made.maximum_kg) == (load_kg, maximum_kg)


@pytest.mark.parametrize(
    ("verdict", "by", "given", "said"),
    [
        (Verdict.CHANGED, "Clinician", {}, "why"),
        (Verdict.REJECTED, "Clinician", {"reason": "  "}, "why"),
        (Verdict.ACCEPTED, " ", {}, "who you are"),
        (Verdict.ACCEPTED, "Clinician", {"load_kg": 40.0}, "changed"),
        (Verdict.SET, "Clinician", {"reason": "so"}, "not set"),
        (Verdict.CHANGED, "Clinician", {"reason": "so", "load_kg": -1.0}, "load"),
        (Verdict.CHANGED, "Clinician", {"reason": "so", "load_kg": float("nan")}, "load"),
        (Verdict.CHANGED, "Clinician", {"reason": "so", "maximum_kg": 1e9}, "maximum"),
        (Verdict.CHANGED, "Clinician", {"reason": "so", "rung": -1}, "rung"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_in_a_sentence(
    verdict: Verdict, by: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        decision_from(propose(TOLD, DEADLIFT, LATER), verdict, by, LATER, 2, **given)


def test_everybody_begins_with_what_the_plan_begins_with() -> None:
    told = history()
    for order, planned in enumerate(told.plan.exercises):
        made = first_decision(told, planned.key, "Clinician", START, order)
        now = standing(dataclasses.replace(told, decisions=(made,)), planned.key)
        before = standing(told, planned.key)
        assert (now.phase, now.load_kg, now.rung) == (before.phase, before.load_kg, before.rung)


def test_proposals_can_be_told_as_they_were_after_a_session() -> None:
    up = decision_from(
        propose(TOLD, DEADLIFT, LATER), Verdict.ACCEPTED, "Clinician", LATER, 2, session="b"
    )
    later = dataclasses.replace(
        TOLD,
        sessions=(*TOLD.sessions, session(LAST, *work(load_kg=52.5, rpe=19))),
        decisions=(*TOLD.decisions, up),
    )
    assert propose_all(later, LATER, session="b") == propose_all(TOLD, LATER)
    with pytest.raises(KeyError):
        propose_all(later, LATER, session="c")
