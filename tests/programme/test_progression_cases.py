"""What is proposed in the cases that a physiotherapist meets, table by table.

All lifts here are deadlifts in training, at 50 kg of an accepted maximum of 62 kg, unless a table
says otherwise; a good session is 5 sets of 5, watched without a flag, effort 14 (Borg 6-20),
velocity loss 10 %, no pain, twice a week.
"""

from __future__ import annotations

import dataclasses
import math
from datetime import date, timedelta
from typing import Any

import pytest

from lift_monitor.events import Confidence
from lift_monitor.programme.clearance import Clearance, Exclusion, Level
from lift_monitor.programme.decide import decision_from, first_decision
from lift_monitor.programme.plan import Phase, Plate, Rack
from lift_monitor.programme.progression import before_session, propose, propose_all
from lift_monitor.programme.proposal import Action, Proposal
from lift_monitor.programme.record import (
    AdverseEvent,
    DayChange,
    EventGrade,
    History,
    Maximum,
    MaximumSource,
    SessionRecord,
    SetKind,
    Verdict,
)
from lift_monitor.programme.rules import RULES
from lift_monitor.programme.standing import standing
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

UP, HOLD, DOWN = Action.STEP_UP, Action.HOLD, Action.STEP_DOWN
RETEST, AGAIN, STOP = Action.RETEST, Action.REFAMILIARISE, Action.STOP_AND_REFER
ONE, TWO = START + timedelta(days=3), START + timedelta(days=7)
GOOD: dict[str, Any] = {}
SQUAT = "back_squat"
SIZES = (20.0, 10.0, 10.0, 5.0, 2.5, 1.25, 0.5, 0.5, 0.25)
RACK = Rack((2.5, 5.0, 10.0, 15.0, 20.0), tuple(Plate(kg, 1) for kg in SIZES))
"""Every half kilogram from 20 kg on."""


def training(
    first: dict[str, Any] | None, second: dict[str, Any] | None, **changed: Any
) -> History:
    """Two sessions at 50 kg with 62 kg tested; ``None`` is a session that did not take place."""
    sessions = [
        session(day, *work(**told))
        for day, told in ((ONE, first), (TWO, second))
        if told is not None
    ]
    given: dict[str, Any] = {"decisions": (decided(),), "maxima": (maximum(62.0, START),)}
    return history(*sessions, **(given | changed))


def proposed(told: History, day: date = TWO, exercise: str = DEADLIFT) -> Proposal:
    plan = dataclasses.replace(told.plan, rack=RACK)
    return propose(dataclasses.replace(told, plan=plan), exercise, day)


# The last two sessions in training -----------------------------------------------------------


@pytest.mark.parametrize(
    ("last_but_one", "last", "action", "load_kg", "because"),
    [
        # last but one      last                                     proposal  load   headline
        (GOOD, GOOD, UP, 52.5, "50 kg → 52.5 kg (85 % of 62 kg)"),
        (None, GOOD, HOLD, 50.0, "1 of 2 sessions so far"),
        (None, None, HOLD, 50.0, "0 of 2 sessions so far"),
        # Repetitions
        (GOOD, {"repetitions": [5, 5, 5, 5, 4]}, HOLD, 50.0, "24 of 25 repetitions"),
        (GOOD, {"repetitions": [5, 5, 5, 4, 3]}, HOLD, 50.0, "22 of 25 repetitions"),
        (GOOD, {"repetitions": [6, 6, 5, 5, 3]}, HOLD, 50.0, "23 of 25 repetitions"),
        (GOOD, {"sets": 4}, HOLD, 50.0, "20 of 25 repetitions"),
        ({"sets": 4}, {"repetitions": 4}, DOWN, 47.5, "20 of 25 repetitions"),
        # Technique
        (GOOD, {"red_repetitions": [0, 0, 0, 0, 1]}, HOLD, 50.0, "red flags in 1 repetition"),
        ({"red_repetitions": [0, 1, 0, 0, 0]}, GOOD, HOLD, 50.0, "red flags in 1 repetition"),
        ({"red_repetitions": [0, 1, 0, 0, 1]}, GOOD, HOLD, 50.0, "red flags in 2 repetitions"),
        (
            {"red_repetitions": [0, 1, 0, 0, 1]},
            {"red_repetitions": [0, 0, 0, 2, 1]},
            DOWN,
            45.0,
            "red flags in 2 repetitions, red flags in 3 repetitions",
        ),
        (GOOD, {"amber_repetitions": 3}, UP, 52.5, ""),
        # Effort after the last set
        (GOOD, {"rpe": 16}, UP, 52.5, ""),
        (GOOD, {"rpe": 17}, HOLD, 50.0, "the effort was 17"),
        (GOOD, {"rpe": [18, 14, 14, 14, 14]}, HOLD, 50.0, "effort of 18"),
        ({"rpe": 18}, {"rpe": 19}, DOWN, 47.5, "effort of 18, effort of 19"),
        ({"rpe": 18}, GOOD, HOLD, 50.0, "the effort was 18"),
        # Velocity loss: the middle set for a step up, the worst one for too hard
        (GOOD, {"velocity_loss_pct": [10, 12, 20, 24, 28]}, UP, 52.5, ""),
        (GOOD, {"velocity_loss_pct": [10, 12, 21, 24, 28]}, HOLD, 50.0, "was 21 %"),
        (GOOD, {"velocity_loss_pct": [10, 10, 10, 10, 31]}, HOLD, 50.0, "velocity loss of 31 %"),
        (
            {"velocity_loss_pct": [10, 10, 10, 10, 31]},
            {"velocity_loss_pct": [40, 10, 10, 10, 10]},
            DOWN,
            47.5,
            "velocity loss of 31 %, velocity loss of 40 %",
        ),
        # Pain
        (GOOD, {"pain": 3}, UP, 52.5, ""),
        (GOOD, {"pain": [4, 0, 0, 0, 0]}, HOLD, 50.0, "pain of 4 of 10"),
        ({"pain": 5}, {"pain": 4}, DOWN, 45.0, "pain of 5 of 10, pain of 4 of 10"),
        (GOOD, {"pain": [0, 0, 7, 0, 0]}, STOP, 50.0, "Pain of 7 of 10"),
        (GOOD, {"sudden_back_pain": [False, False, True, False, False]}, STOP, 50.0, "fracture"),
        # One bad session was tiredness, another kind of bad the next day is two in a row
        ({"rpe": 18}, {"pain": 4}, DOWN, 45.0, "effort of 18, pain of 4 of 10"),
        # Missing data hold the load
        (
            GOOD,
            {"rpe": [14, 14, 14, 14, None]},
            HOLD,
            50.0,
            "the effort of 9 Mar 2026 is not known",
        ),
        (GOOD, {"rpe": [None, None, None, None, 14]}, UP, 52.5, ""),
        (GOOD, {"pain": None}, HOLD, 50.0, "the pain of 9 Mar 2026 is not known"),
        (GOOD, {"velocity_loss_pct": None}, HOLD, 50.0, "the velocity loss of 9 Mar 2026 is not"),
        (GOOD, {"red_repetitions": None}, HOLD, 50.0, "not every set was watched on 9 Mar 2026"),
        (GOOD, {"repetitions": None}, HOLD, 50.0, "the number of repetitions of 9 Mar 2026"),
        (GOOD, {"load_kg": None}, HOLD, 50.0, "the load of 9 Mar 2026 is not known"),
        (GOOD, {"load_kg": [50, 50, 50, 50, 47.5]}, HOLD, 50.0, "the load was 47.5 kg"),
        ({"red_repetitions": None}, GOOD, HOLD, 50.0, "not every set was watched on 5 Mar 2026"),
        (
            GOOD,
            {"confidence": Confidence.LOW, "reasons": ("radio gaps",)},
            HOLD,
            50.0,
            "low confidence (radio gaps)",
        ),
        # Bad facts count even if the data are poor
        (
            {"pain": 5, "confidence": Confidence.LOW},
            {"pain": 5, "red_repetitions": None},
            DOWN,
            45.0,
            "pain of 5 of 10",
        ),
    ],
)
def test_in_training_the_last_two_sessions_decide(
    last_but_one: dict[str, Any] | None,
    last: dict[str, Any] | None,
    action: Action,
    load_kg: float,
    because: str,
) -> None:
    proposal = proposed(training(last_but_one, last))
    assert (proposal.action, proposal.load_kg) == (action, load_kg), proposal.headline
    assert because in proposal.headline


def test_a_step_down_lowers_the_accepted_maximum_so_that_the_band_holds() -> None:
    proposal = proposed(training({"rpe": 18}, {"rpe": 18}))
    assert proposal.load_kg == 47.5
    assert proposal.maximum_kg is not None
    assert 80.0 <= 100.0 * 47.5 / proposal.maximum_kg <= 85.0


def test_bad_data_that_lower_a_load_lower_the_confidence_too() -> None:
    told = {"pain": 5, "confidence": Confidence.LOW}
    proposal = proposed(training(told, told))
    assert proposal.action is DOWN
    assert proposal.confidence is Confidence.LOW


def test_the_missing_piece_is_named_with_what_it_would_have_led_to() -> None:
    proposal = proposed(training(GOOD, {"rpe": None}))
    assert proposal.would_change == (
        (
            "With an effort of at most 16 after the last set (the effort of 9 Mar 2026 is not "
            "known): step up to 52.5 kg."
        ),
        (
            "So that it is known: ask for the effort after the last set; or change this proposal, "
            "with a reason."
        ),
    )
    assert proposal.confidence is Confidence.LOW
    assert proposal.confidence_reasons == ("The effort of 9 Mar 2026 is not known.",)


# Made shorter for the day ----------------------------------------------------------------------


def shortened(done: dict[str, Any], *changes: DayChange) -> History:
    """Two sessions alike."""
    days = [session(day, *work(**done), changes=changes) for day in (ONE, TWO)]
    return history(*days, decisions=(decided(),), maxima=(maximum(62.0, START),))


@pytest.mark.parametrize(
    ("changed", "done", "action", "load_kg", "because"),
    [
        # asked for that day     done                              proposal  load   headline
        ({"sets": 3}, {"sets": 3}, HOLD, 50.0, "15 of 25 repetitions on 5 Mar 2026, as changed"),
        ({"repetitions": 3}, {"target_repetitions": 3, "repetitions": 3}, HOLD, 50.0, "15 of 25"),
        ({"left_out": True}, {"sets": 2}, HOLD, 50.0, "10 of 25 repetitions on 5 Mar 2026, as"),
        # Too hard all the same
        ({"sets": 3}, {"sets": 3, "repetitions": 4}, DOWN, 47.5, "12 of 15 repetitions"),
        ({"sets": 3}, {"sets": 2}, DOWN, 47.5, "10 of 15 repetitions"),
        ({"sets": 3}, {"sets": 3, "rpe": 18}, DOWN, 47.5, "effort of 18"),
        # As it was, or more: the plan counts
        ({}, {"sets": 3}, DOWN, 47.5, "15 of 25 repetitions"),
        ({"sets": 6}, {"sets": 3}, DOWN, 47.5, "15 of 25 repetitions"),
        ({"sets": 6}, {}, UP, 52.5, ""),
    ],
)
def test_a_day_made_shorter_never_raises_and_is_not_taken_for_too_hard(
    changed: dict[str, Any], done: dict[str, Any], action: Action, load_kg: float, because: str
) -> None:
    asked = DayChange(DEADLIFT, "Clinician", "arrived late", **changed)
    other = DayChange("overhead_press", "Clinician", "arrived late", left_out=True)
    proposal = proposed(shortened(done, other, asked))
    assert (proposal.action, proposal.load_kg) == (action, load_kg), proposal.headline
    assert because in proposal.headline


def test_what_a_shortened_day_asked_for_does_not_depend_on_the_order_of_its_changes() -> None:
    less, more = (DayChange(DEADLIFT, "Clinician", "late", sets=sets) for sets in (2, 4))
    orders = ((less, more), (more, less))
    found = {proposed(shortened({"sets": 3}, *order)).headline for order in orders}
    assert len(found) == 1
    assert "15 of 20 repetitions" in found.pop()


def test_a_session_begun_again_without_the_change_asks_for_the_whole_plan() -> None:
    late = (DayChange(DEADLIFT, "Clinician", "late", sets=1),)
    days = [
        record
        for day in (ONE, TWO)
        for record in (
            session(day, *work(sets=1), key=f"{day} a", changes=late),
            session(day, *work(sets=2), key=f"{day} b"),
        )
    ]
    told = history(*days, decisions=(decided(),), maxima=(maximum(62.0, START),))
    assert "15 of 25 repetitions" in proposed(told).headline
    assert proposed(told).action is DOWN


# What the maximum allows -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted_kg", "measured_kg", "days_old", "action", "load_kg", "maximum_kg"),
    [
        # accepted  measured  age    proposal  load   accepted then
        (62.0, 62.0, 7, UP, 52.5, 62.0),
        (62.0, 70.0, 7, UP, 52.5, 65.625),  # only as far as one step reaches: 80 %
        (62.0, 60.0, 7, UP, 51.0, 60.0),  # the step ends at 85 % of 60 kg
        (59.0, 59.0, 7, HOLD, 50.0, 59.0),  # top of the band, measured a week ago
        (59.0, 59.0, 28, RETEST, 50.0, 59.0),  # top of the band, four weeks ago
        (62.0, 55.0, 7, DOWN, 46.5, 55.0),  # the new maximum is lower
        (62.0, 62.0, 42, UP, 52.5, 62.0),
        (62.0, 62.0, 43, RETEST, 50.0, 62.0),  # older than six weeks
        (62.0, None, 0, RETEST, 50.0, 62.0),  # never measured
    ],
)
def test_loads_follow_the_measured_maximum(
    accepted_kg: float,
    measured_kg: float | None,
    days_old: int,
    action: Action,
    load_kg: float,
    maximum_kg: float,
) -> None:
    when = TWO - timedelta(days=days_old)
    found = () if measured_kg is None else (maximum(measured_kg, when),)
    told = training(GOOD, GOOD, decisions=(decided(maximum_kg=accepted_kg),), maxima=found)
    weeks = [session(START - timedelta(weeks=week), *work()) for week in range(1, 8)]
    told = dataclasses.replace(told, sessions=(*weeks, *told.sessions))
    proposal = proposed(told)
    assert (proposal.action, proposal.load_kg) == (action, load_kg), proposal.headline
    assert proposal.maximum_kg == pytest.approx(maximum_kg)


def test_a_maximum_from_velocity_moves_nothing() -> None:
    velocity = dataclasses.replace(maximum(90.0, TWO), source=MaximumSource.VELOCITY)
    without = training(GOOD, GOOD)
    told = dataclasses.replace(without, maxima=(*without.maxima, velocity))
    assert proposed(told) == proposed(without)


def test_a_doubtful_maximum_lowers_but_never_raises() -> None:
    low, high = (maximum(kg, TWO, Confidence.LOW) for kg in (55.0, 90.0))
    told = training(GOOD, GOOD, maxima=(maximum(62.0, START), low))
    assert (proposed(told).action, proposed(told).load_kg) == (DOWN, 46.5)
    told = training(GOOD, GOOD, maxima=(maximum(62.0, START), high))
    assert (proposed(told).action, proposed(told).load_kg) == (UP, 52.5)


def test_a_set_that_could_have_gone_on_never_lowers() -> None:
    at_least = Maximum(
        DEADLIFT, MaximumSource.REPETITIONS, 55.0, 55.0, None, TWO, Confidence.HIGH, "at least"
    )
    told = training(GOOD, GOOD, maxima=(maximum(62.0, START), at_least))
    assert (proposed(told).action, proposed(told).load_kg) == (UP, 52.5)


@pytest.mark.parametrize(
    ("effort", "action"),
    [(17, RETEST), (18, HOLD), (None, HOLD)],
)
def test_on_a_plateau_an_old_maximum_is_found_anew(effort: int | None, action: Action) -> None:
    old = (maximum(62.0, TWO - timedelta(days=60)),)
    assert proposed(training(GOOD, {"rpe": effort}, maxima=old)).action is action


# Familiarisation -------------------------------------------------------------------------------


def learning(count: int, last: dict[str, Any] | None = None, **changed: Any) -> History:
    """So many sessions of 3 x 5 with 20 kg, good but for the last one."""
    days = [START + timedelta(days=3 * number) for number in range(1, count + 1)]
    sessions = [
        session(
            day, *work(**{"sets": 3, "load_kg": 20.0} | ((last or {}) if day == days[-1] else {}))
        )
        for day in days
    ]
    stands = decided(phase=Phase.FAMILIARISATION, load_kg=20.0, maximum_kg=None)
    return history(*sessions, **({"decisions": (stands,)} | changed))


@pytest.mark.parametrize(
    ("sessions", "last", "measured_kg", "action", "load_kg", "phase"),
    [
        # sessions  last one                        1RM    proposal load  phase
        (1, {}, None, UP, 25.0, Phase.FAMILIARISATION),
        (1, {"rpe": 14}, None, UP, 25.0, Phase.FAMILIARISATION),
        (1, {"rpe": 15}, None, HOLD, 20.0, Phase.FAMILIARISATION),
        (1, {"rpe": None}, None, HOLD, 20.0, Phase.FAMILIARISATION),
        (1, {"velocity_loss_pct": None}, None, UP, 25.0, Phase.FAMILIARISATION),
        (1, {"red_repetitions": [0, 1, 0]}, None, HOLD, 20.0, Phase.FAMILIARISATION),
        (1, {"red_repetitions": None}, None, HOLD, 20.0, Phase.FAMILIARISATION),
        (1, {"pain": 4}, None, HOLD, 20.0, Phase.FAMILIARISATION),
        # The gate: eight sessions, the last two clean; then the maximum is found
        (7, {}, None, UP, 25.0, Phase.FAMILIARISATION),
        (8, {}, None, RETEST, 20.0, Phase.RETEST),
        (8, {"red_repetitions": 1}, None, HOLD, 20.0, Phase.FAMILIARISATION),
        (8, {}, 40.0, UP, 25.0, Phase.FAMILIARISATION),
        (8, {}, 30.0, UP, 24.0, Phase.TRAINING),  # 80 % of 30 kg
        (8, {}, 25.0, UP, 20.0, Phase.TRAINING),  # it is in the band already
        (7, {}, 30.0, UP, 23.5, Phase.FAMILIARISATION),  # below the band until the gate is open
        (7, {}, 25.0, HOLD, 20.0, Phase.FAMILIARISATION),
        (8, {}, 20.0, DOWN, 17.0, Phase.FAMILIARISATION),  # too heavy for what was measured
    ],
)
def test_familiarisation_goes_step_by_step_to_the_gate(
    sessions: int,
    last: dict[str, Any],
    measured_kg: float | None,
    action: Action,
    load_kg: float,
    phase: Phase,
) -> None:
    day = START + timedelta(days=3 * sessions)
    found = () if measured_kg is None else (maximum(measured_kg, day),)
    proposal = proposed(learning(sessions, last, maxima=found), day)
    assert (proposal.action, proposal.load_kg, proposal.phase) == (action, load_kg, phase), (
        proposal.headline
    )


def test_two_hard_sessions_in_familiarisation_go_one_learning_step_down() -> None:
    told = learning(2, {"pain": 5})
    first = dataclasses.replace(told.sessions[0], sets=work(sets=3, load_kg=20.0, pain=4))
    told = dataclasses.replace(told, sessions=(first, told.sessions[1]))
    assert (proposed(told).action, proposed(told).load_kg) == (DOWN, 15.0)


def test_the_step_into_the_band_accepts_the_measured_maximum() -> None:
    day = START + timedelta(days=24)
    proposal = proposed(learning(8, maxima=(maximum(30.0, day),)), day)
    assert (proposal.phase, proposal.maximum_kg, proposal.sets) == (Phase.TRAINING, 30.0, 5)


# Absence ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "action", "load_kg", "phase"),
    [
        (13, UP, 52.5, Phase.TRAINING),
        (14, AGAIN, 45.0, Phase.RETURN),
        (27, AGAIN, 45.0, Phase.RETURN),
        (28, AGAIN, 40.0, Phase.RETURN),
        (55, AGAIN, 40.0, Phase.RETURN),
        (56, AGAIN, 25.0, Phase.FAMILIARISATION),
        (300, AGAIN, 25.0, Phase.FAMILIARISATION),
    ],
)
def test_after_an_absence_it_goes_on_lighter(
    days: int, action: Action, load_kg: float, phase: Phase
) -> None:
    proposal = proposed(training(GOOD, GOOD), TWO + timedelta(days=days))
    assert (proposal.action, proposal.load_kg, proposal.phase) == (action, load_kg, phase)


def test_missed_sessions_are_absence() -> None:
    told = training(GOOD, GOOD)
    missed = [
        SessionRecord(f"missed {number}", TWO + timedelta(days=4 * number), attended=False)
        for number in range(1, 5)
    ]
    told = dataclasses.replace(told, sessions=(*told.sessions, *missed))
    assert proposed(told, TWO + timedelta(days=16)).action is AGAIN


def test_the_way_back_is_one_step_for_each_clean_session_until_the_band() -> None:
    told, day, loads = training(GOOD, GOOD), TWO + timedelta(days=20), []
    for number in range(6):
        (proposal,) = (propose(told, DEADLIFT, day),)
        order = 10 + number
        key = told.sessions[-1].key if number else ""
        decision = decision_from(proposal, Verdict.ACCEPTED, "Clinician", day, order, session=key)
        loads.append((proposal.action, proposal.load_kg, proposal.phase))
        if proposal.phase is Phase.TRAINING:
            break
        done = session(day + timedelta(days=3), *work(load_kg=decision.load_kg))
        told = dataclasses.replace(
            told, decisions=(*told.decisions, decision), sessions=(*told.sessions, done)
        )
        day = done.day
    assert loads == [
        (AGAIN, 45.0, Phase.RETURN),
        (UP, 47.5, Phase.RETURN),
        (UP, 50.0, Phase.TRAINING),
    ]


def test_an_absence_that_was_decided_on_is_not_lowered_twice_unless_it_grows() -> None:
    day = TWO + timedelta(days=15)
    told = training(GOOD, GOOD)
    decision = decision_from(proposed(told, day), Verdict.ACCEPTED, "Clinician", day, 9)
    told = dataclasses.replace(told, decisions=(*told.decisions, decision))
    assert proposed(told, day + timedelta(days=3)).load_kg == 45.0
    assert proposed(told, day + timedelta(days=3)).action is HOLD
    # 20 % less than the 50 kg that were lifted, not than the 45 kg that were decided.
    assert proposed(told, TWO + timedelta(days=30)).load_kg == 40.0


def test_before_a_session_absences_and_stops_are_to_be_decided() -> None:
    told = training(GOOD, GOOD)
    assert before_session(told, TWO + timedelta(days=4)) == ()
    (found,) = before_session(told, TWO + timedelta(days=20))
    assert found.action is AGAIN


# Stops -----------------------------------------------------------------------------------------

SUDDEN: dict[str, Any] = {"sudden_back_pain": [True, False, False, False, False]}


def test_sudden_back_pain_stops_every_exercise() -> None:
    for proposal in propose_all(training(GOOD, SUDDEN), TWO):
        assert proposal.action is STOP
        assert proposal.sets == 0
        assert "stop and refer" in proposal.headline


def test_a_serious_event_stops_every_exercise_wherever_it_was_noted() -> None:
    event = AdverseEvent(TWO, EventGrade.SERIOUS, "fell at home")
    told = training(GOOD, GOOD, adverse=(event,))
    assert {proposal.action for proposal in propose_all(told, TWO)} == {STOP}


def test_a_minor_event_holds() -> None:
    event = AdverseEvent(TWO, EventGrade.MINOR, "dizzy after the third set")
    assert proposed(training(GOOD, GOOD, adverse=(event,))).action is HOLD
    other = dataclasses.replace(event, exercise="back_squat")
    assert proposed(training(GOOD, GOOD, adverse=(other,))).action is UP


@pytest.mark.parametrize(
    ("verdict", "reason", "days", "stopped"),
    [
        # decision on the stop           days after  still stopped
        (Verdict.ACCEPTED, "", 0, True),
        (Verdict.REJECTED, "muscle soreness", 0, True),
        (Verdict.CHANGED, "seen by her doctor, no fracture", 0, False),
        (Verdict.CHANGED, "seen by her doctor, no fracture", 10, False),
    ],
)
def test_only_a_clinicians_own_decision_lets_it_go_on(
    verdict: Verdict, reason: str, days: int, stopped: bool
) -> None:
    told = training(GOOD, SUDDEN)
    day = TWO + timedelta(days=days)
    load_kg = 40.0 if verdict is Verdict.CHANGED else None
    decision = decision_from(
        proposed(told, day), verdict, "Clinician", day, 9, reason=reason, session=str(TWO),
        load_kg=load_kg,
    )  # fmt: skip
    told = dataclasses.replace(told, decisions=(*told.decisions, decision))
    now = standing(told, DEADLIFT)
    assert bool(now.stopped) == stopped
    proposal = proposed(told, day)
    assert (proposal.action is STOP) == stopped
    if not stopped:
        assert now.load_kg == 40.0
    # What is decided on one exercise does not let the others go on.
    assert propose(told, "back_squat", day).action is STOP


def test_a_decision_of_the_same_day_that_knew_nothing_of_it_lets_nothing_go_on() -> None:
    told = training(GOOD, SUDDEN)
    earlier = decided(
        load_kg=47.5, day=TWO, order=9, verdict=Verdict.CHANGED, reason="tired today",
        session=str(TWO), action="hold",
    )  # fmt: skip
    told = dataclasses.replace(told, decisions=(*told.decisions, earlier))
    assert proposed(told).action is STOP


def test_a_new_pain_stops_again() -> None:
    told = training(GOOD, SUDDEN)
    go_on = decision_from(
        proposed(told), Verdict.CHANGED, "Clinician", TWO, 9, reason="no fracture",
        session=str(TWO), load_kg=40.0,
    )  # fmt: skip
    later = session(TWO + timedelta(days=4), *work(load_kg=40.0, **SUDDEN))
    told = dataclasses.replace(
        told, decisions=(*told.decisions, go_on), sessions=(*told.sessions, later)
    )
    assert proposed(told, later.day).action is STOP


def test_an_accepted_stop_is_not_asked_about_before_every_session() -> None:
    told = training(GOOD, {"pain": 8})
    stop = decision_from(proposed(told), Verdict.ACCEPTED, "Clinician", TWO, 9, session=str(TWO))
    told = dataclasses.replace(told, decisions=(*told.decisions, stop))
    assert before_session(told, TWO + timedelta(days=3)) == ()
    assert standing(told, DEADLIFT).stopped


# Clearance -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clearance", "because"),
    [
        (None, "not been assessed"),
        (dataclasses.replace(CLEARED, level=Level.NO_LOAD), "not loaded"),
        (
            dataclasses.replace(
                CLEARED, excluded=(Exclusion(DEADLIFT, "hip replacement", "Clinician"),)
            ),
            "hip replacement",
        ),
    ],
)
def test_what_is_barred_is_not_done_and_says_why(clearance: Clearance | None, because: str) -> None:
    proposal = proposed(training(GOOD, GOOD, clearance=clearance))
    assert (proposal.action, proposal.sets) == (HOLD, 0)
    assert because in proposal.headline


@pytest.mark.parametrize(
    ("cap", "load_kg", "action", "then_kg"),
    [
        # cap                load   proposal  load then
        ({"cap_kg": 52.0}, 50.0, UP, 52.0),
        ({"cap_kg": 50.0}, 50.0, HOLD, 50.0),
        ({"cap_kg": 40.0}, 50.0, DOWN, 40.0),
        ({"cap_pct": 70.0}, 50.0, DOWN, 43.0),  # 70 % of 62 kg is 43.4 kg
        ({"cap_pct": 70.0}, 40.0, UP, 42.5),
        ({"cap_pct": 70.0}, 42.5, UP, 43.0),
        ({"cap_pct": 70.0}, 43.0, HOLD, 43.0),
    ],
)
def test_a_restricted_person_stays_under_the_cap(
    cap: dict[str, Any], load_kg: float, action: Action, then_kg: float
) -> None:
    restricted = dataclasses.replace(CLEARED, level=Level.RESTRICTED, **cap)
    told = training(
        {"load_kg": load_kg},
        {"load_kg": load_kg},
        clearance=restricted,
        decisions=(decided(load_kg=load_kg, maximum_kg=62.0),),
    )
    proposal = proposed(told)
    assert (proposal.action, proposal.load_kg) == (action, then_kg), proposal.headline


# Impacts ---------------------------------------------------------------------------------------


def impacts(first: dict[str, Any], second: dict[str, Any], rung: int = 0) -> History:
    ladder = history().plan.exercise(IMPACTS).ladder
    sessions = [
        session(day, *work(IMPACTS, **{"sets": ladder[rung].sets, "rung": rung} | told))
        for day, told in ((ONE, first), (TWO, second))
    ]
    stands = decided(IMPACTS, phase=Phase.IMPACT, load_kg=None, maximum_kg=None, rung=rung)
    return history(*sessions, decisions=(stands,))


@pytest.mark.parametrize(
    ("rung", "last_but_one", "last", "action", "then"),
    [
        # rung  last but one   last                                 proposal  rung then
        (0, {}, {}, UP, 1),
        (0, {}, {"repetitions": [5, 4]}, HOLD, 0),
        (0, {"pain": 1}, {}, HOLD, 0),
        (0, {}, {"pain": 1}, HOLD, 0),  # there is none lower
        (1, {}, {"pain": 1}, DOWN, 0),
        (1, {}, {"pain": 4}, STOP, 0),  # what it would go on with
        (0, {}, {"pain": 4}, STOP, 0),
        (0, {}, {"pain": None}, HOLD, 0),
        (0, {}, {"confidence": Confidence.LOW}, HOLD, 0),
        (0, {}, {"over_ceiling": [0, 1]}, HOLD, 0),
        (1, {"over_ceiling": 1}, {"over_ceiling": 1}, DOWN, 0),
        # Counted by the clinician: enough for more landings, not for harder ones
        (0, {"landings": None, "over_ceiling": None}, {}, UP, 1),
        (2, {"landings": None, "over_ceiling": None}, {}, HOLD, 2),
        (2, {"over_ceiling": None}, {}, HOLD, 2),
        (2, {}, {}, UP, 3),
        (8, {}, {}, HOLD, 8),  # the highest one
        (1, {}, {"rung": 0}, HOLD, 1),
    ],
)
def test_impacts_go_rung_by_rung(
    rung: int, last_but_one: dict[str, Any], last: dict[str, Any], action: Action, then: int
) -> None:
    proposal = proposed(impacts(last_but_one, last, rung), exercise=IMPACTS)
    assert (proposal.action, proposal.rung) == (action, then), proposal.headline


@pytest.mark.parametrize(("days", "then"), [(13, 5), (14, 3), (28, 2), (56, 0)])
def test_after_an_absence_impacts_go_on_lower(days: int, then: int) -> None:
    told = impacts({}, {}, rung=4)
    assert proposed(told, TWO + timedelta(days=days), IMPACTS).rung == then


# Odds and ends ---------------------------------------------------------------------------------


def test_a_session_of_testing_is_no_evidence_but_its_red_flags_are() -> None:
    told = training(GOOD, GOOD)
    (done,) = work(sets=1, repetitions=8, rpe=19)
    test_set = dataclasses.replace(done, kind=SetKind.TEST)
    later = session(TWO + timedelta(days=3), test_set)
    clean = dataclasses.replace(told, sessions=(*told.sessions, later))
    assert proposed(clean, later.day).action is UP
    red = session(later.day, dataclasses.replace(test_set, red_repetitions=1))
    flagged = dataclasses.replace(told, sessions=(*told.sessions, red))
    assert proposed(flagged, later.day).action is HOLD


def test_two_good_sessions_with_an_absence_between_are_not_two_in_a_row() -> None:
    late = ONE + timedelta(days=20)
    told = history(
        session(ONE, *work()),
        session(late, *work()),
        decisions=(decided(),),
        maxima=(maximum(62.0, ONE),),
    )
    assert proposed(told, late).action is HOLD


def test_sessions_before_a_decision_do_not_count_for_it() -> None:
    told = training(GOOD, GOOD)
    up = decision_from(proposed(told), Verdict.ACCEPTED, "Clinician", TWO, 2, session=str(TWO))
    told = dataclasses.replace(told, decisions=(*told.decisions, up))
    proposal = proposed(told)
    assert (proposal.action, proposal.load_kg) == (HOLD, 52.5)


def test_a_load_that_cannot_be_loaded_is_judged_by_what_was_on_the_bar() -> None:
    told = training(
        {"load_kg": 48.0},
        {"load_kg": 48.0},
        decisions=(decided(load_kg=48.3, maximum_kg=60.0),),
        maxima=(maximum(60.0, START),),
    )
    assert proposed(told).action is UP


def test_where_the_plates_allow_no_small_step_the_load_holds() -> None:
    told = training(GOOD, GOOD)
    coarse = Rack((20.0,), (Plate(10.0, 2), Plate(5.0, 1)))
    plan = dataclasses.replace(told.plan, rack=coarse)
    proposal = propose(dataclasses.replace(told, plan=plan), DEADLIFT, TWO)
    assert (proposal.action, proposal.rule.key) == (HOLD, "no_smaller_step")


def test_the_first_decision_is_what_the_plan_begins_with() -> None:
    told = history()
    lift = first_decision(told, DEADLIFT, "Clinician", START, 1)
    assert (lift.phase, lift.load_kg, lift.rung) == (Phase.FAMILIARISATION, 0.0, None)
    jump = first_decision(told, IMPACTS, "Clinician", START, 2)
    assert (jump.phase, jump.load_kg, jump.rung) == (Phase.IMPACT, None, 0)


def test_the_version_of_the_rules_is_told() -> None:
    assert proposed(training(GOOD, GOOD)).rules_version == RULES.version


# What happens beside the exercise, or is told late ----------------------------------------------


def everything(**last: dict[str, Any]) -> History:
    """All four exercises, twice, well; of the last session what is named is otherwise."""
    plain: dict[str, dict[str, Any]] = {
        DEADLIFT: {},
        SQUAT: {"load_kg": 42.0},
        IMPACTS: {"sets": 2, "rung": 0},
    }
    sessions = [
        session(day, *(done for key, told in each.items() for done in work(key, **told)))
        for day, each in (
            (ONE, plain),
            (TWO, {key: told | last.get(key, {}) for key, told in plain.items()}),
        )
    ]
    squat = dataclasses.replace(maximum(52.0), exercise=SQUAT)
    return history(
        *sessions,
        decisions=(
            decided(),
            decided(SQUAT, load_kg=42.0, maximum_kg=52.0, order=2),
            decided(IMPACTS, phase=Phase.IMPACT, load_kg=None, maximum_kg=None, rung=0, order=3),
        ),
        maxima=(maximum(62.0), squat),
    )


@pytest.mark.parametrize(
    ("where", "pain", "deadlift", "squat", "impacts_then"),
    [
        # pain in    of 10  deadlift  squat  impacts
        (DEADLIFT, 3, UP, UP, UP),
        (DEADLIFT, 6, HOLD, UP, UP),
        (DEADLIFT, 7, STOP, HOLD, HOLD),
        (SQUAT, 8, HOLD, STOP, HOLD),
        (IMPACTS, 4, HOLD, HOLD, STOP),
    ],
)
def test_while_a_pain_that_stops_one_exercise_is_open_no_other_rises(
    where: str, pain: int, deadlift: Action, squat: Action, impacts_then: Action
) -> None:
    told = everything(**{where: {"pain": pain}})
    found = {key: proposed(told, exercise=key) for key in (DEADLIFT, SQUAT, IMPACTS)}
    assert {key: each.action for key, each in found.items()} == {
        DEADLIFT: deadlift,
        SQUAT: squat,
        IMPACTS: impacts_then,
    }
    for each in found.values():
        if STOP in (deadlift, squat, impacts_then) and each.action is HOLD:
            assert f"pain of {pain} of 10" in each.headline


def test_once_the_stop_is_decided_on_the_others_go_on() -> None:
    told = everything(deadlift={"pain": 8})
    stop = decision_from(proposed(told), Verdict.ACCEPTED, "Clinician", TWO, 9, session=str(TWO))
    told = dataclasses.replace(told, decisions=(*told.decisions, stop))
    assert proposed(told, exercise=SQUAT).action is UP
    assert proposed(told).action is STOP


def test_a_serious_event_that_is_told_late_stops_whatever_was_decided_meanwhile() -> None:
    lighter = decided(
        load_kg=47.5, day=TWO + timedelta(days=4), order=2, verdict=Verdict.CHANGED,
        reason="tired", action="hold",
    )  # fmt: skip
    fell = AdverseEvent(TWO + timedelta(days=1), EventGrade.SERIOUS, "broke her wrist at home")
    told = training(GOOD, GOOD, decisions=(decided(), lighter), adverse=(fell,))
    assert proposed(told, TWO + timedelta(days=7)).action is STOP


def answered(told: History, *, order: int, session: str = "", day: date = TWO) -> History:
    """With an answer to the stop: it goes on lighter."""
    lighter = decided(
        load_kg=45.0, day=day, order=order, verdict=Verdict.CHANGED, reason="examined, a bruise",
        session=session, action=STOP.value,
    )  # fmt: skip
    return dataclasses.replace(told, decisions=(*told.decisions, lighter))


@pytest.mark.parametrize(
    ("before", "order", "stops"),
    [(1, 2, False), (0, 2, False), (2, 2, True), (None, 2, True)],
)
def test_an_event_outside_a_session_is_answered_the_same_day_if_it_was_told_before(
    before: int | None, order: int, stops: bool
) -> None:
    fell = AdverseEvent(TWO, EventGrade.SERIOUS, "fell", decisions_before=before)
    told = training(GOOD, GOOD, adverse=(fell,))
    way = "tomorrow or later" in " ".join(proposed(told).would_change)
    assert (proposed(told).action, way) == (STOP, before is None)
    found = proposed(answered(told, order=order))
    assert (found.action is STOP) is stops
    assert stops or found.load_before_kg == 45.0
    assert proposed(answered(told, order=3, day=TWO + timedelta(days=1))).action is not STOP


def test_a_second_event_that_is_told_after_the_answer_stops_again() -> None:
    first, second = (
        AdverseEvent(TWO, EventGrade.SERIOUS, text, decisions_before=before)
        for text, before in (("fell", 1), ("numb legs", 2))
    )
    told = answered(training(GOOD, GOOD, adverse=(first, second)), order=2)
    assert proposed(told).action is STOP
    assert "numb legs" in proposed(told).headline
    assert proposed(answered(told, order=3)).action is not STOP
    sessions = (
        *told.sessions[:-1],
        dataclasses.replace(told.sessions[-1], adverse=(first, second)),
    )
    during = dataclasses.replace(told, sessions=sessions, adverse=(), decisions=told.decisions[:1])
    assert proposed(answered(during, order=2, session=str(TWO))).action is STOP


def test_an_accepted_stop_does_not_cover_an_event_that_is_told_after_it() -> None:
    first, second = (
        AdverseEvent(TWO, EventGrade.SERIOUS, text, decisions_before=before)
        for text, before in (("fell", 1), ("numb legs", 2))
    )
    told = training(GOOD, GOOD, adverse=(first,))
    stop = decision_from(proposed(told), Verdict.ACCEPTED, "Clinician", TWO, 2)
    told = dataclasses.replace(told, decisions=(*told.decisions, stop))
    assert DEADLIFT not in {each.exercise for each in before_session(told, TWO)}
    told = dataclasses.replace(told, adverse=(first, second))
    assert DEADLIFT in {each.exercise for each in before_session(told, TWO)}


def test_the_words_of_a_minor_event_are_in_the_headline() -> None:
    event = AdverseEvent(TWO, EventGrade.MINOR, "new back pain in the morning")
    assert event.text in proposed(training(GOOD, GOOD, adverse=(event,))).headline


def test_impacts_too_hard_never_rise() -> None:
    for slip in ({"rpe": 19}, {"rpe": 18}, {"velocity_loss_pct": 35.0}, {"red_repetitions": 1}):
        for first in (GOOD, slip):
            assert proposed(impacts(first, slip), exercise=IMPACTS).action is HOLD
    assert proposed(impacts({}, {"rpe": 17}), exercise=IMPACTS).action is UP


@pytest.mark.parametrize(
    ("landings", "action"),
    [(5, UP), ([5, 5, 4, 5, 5], HOLD), (0, HOLD), ([7, 5, 5, 5, 5], UP), ([7, 4, 5, 5, 5], HOLD)],
)
def test_impacts_get_harder_only_if_every_landing_was_measured(
    landings: int | list[int], action: Action
) -> None:
    told = {"landings": landings}
    assert proposed(impacts({}, told, rung=2), exercise=IMPACTS).action is action


def test_an_effort_of_the_warm_up_counts() -> None:
    told = training(GOOD, GOOD)
    (hard,) = work(sets=1, load_kg=30.0, rpe=19)
    warm_up = dataclasses.replace(hard, kind=SetKind.WARM_UP)
    last = dataclasses.replace(told.sessions[1], sets=(warm_up, *told.sessions[1].sets))
    told = dataclasses.replace(told, sessions=(told.sessions[0], last))
    assert proposed(told).action is HOLD


# Two sessions on one day -------------------------------------------------------------------------


def twice_a_day(*parts: dict[str, Any], **changed: Any) -> Proposal:
    sessions = [session(ONE, *work(**told), key=f"part {at}") for at, told in enumerate(parts)]
    given: dict[str, Any] = {"decisions": (decided(),), "maxima": (maximum(62.0),)}
    return proposed(history(*sessions, **(given | changed)), ONE)


@pytest.mark.parametrize(
    ("first", "second", "because"),
    [
        # Ended by mistake and begun again, or done again in the evening: one session
        (GOOD, GOOD, "1 of 2 sessions so far"),
        ({"sets": 2}, {"sets": 3}, "1 of 2 sessions so far"),
        ({"sets": 2}, {"sets": 2}, "20 of 25 repetitions"),
        ({"sets": 2, "rpe": 19}, {"sets": 3, "rpe": 19}, "effort of 19"),
    ],
)
def test_sessions_of_one_day_are_one(
    first: dict[str, Any], second: dict[str, Any], because: str
) -> None:
    proposal = twice_a_day(first, second)
    assert proposal.action is HOLD
    assert because in proposal.headline


def test_the_gate_counts_days_not_sessions() -> None:
    days = [START + timedelta(days=3 * (number // 2)) for number in range(2, 10)]
    sessions = [
        session(day, *work(sets=3, load_kg=20.0), key=f"{at}") for at, day in enumerate(days)
    ]
    told = history(
        *sessions,
        decisions=(decided(phase=Phase.FAMILIARISATION, load_kg=20.0, maximum_kg=None),),
    )
    assert standing(told, DEADLIFT).learned_sessions == 4
    assert proposed(told, days[-1]).action is UP


# The way back ------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", [Verdict.REJECTED, Verdict.CHANGED])
def test_nothing_rises_straight_after_an_absence_whatever_was_decided_on_it(
    verdict: Verdict,
) -> None:
    day = TWO + timedelta(days=20)
    told = training(GOOD, GOOD)
    changed = verdict is Verdict.CHANGED
    kept: dict[str, Any] = {"load_kg": 50.0, "phase": Phase.TRAINING} if changed else {}
    decision = decision_from(
        proposed(told, day), verdict, "Clinician", day, 9, reason="trained elsewhere", **kept
    )
    told = dataclasses.replace(told, decisions=(*told.decisions, decision))
    proposal = proposed(told, day)
    assert (proposal.action, proposal.load_kg) == (HOLD, 50.0)
    assert "no session since the 20 days away" in proposal.headline


@pytest.mark.parametrize(("sessions", "action"), [(1, HOLD), (2, RETEST)])
def test_after_a_very_long_absence_the_gate_asks_for_two_clean_sessions(
    sessions: int, action: Action
) -> None:
    told = training(*[GOOD] * 2)
    earlier = [session(START - timedelta(days=4 * week), *work()) for week in range(1, 9)]
    told = dataclasses.replace(told, sessions=(*earlier, *told.sessions))
    day = TWO + timedelta(days=91)
    back = decision_from(proposed(told, day), Verdict.ACCEPTED, "Clinician", day, 9)
    assert (back.phase, back.load_kg) == (Phase.FAMILIARISATION, 25.0)
    done = [
        session(day + timedelta(days=4 * at), *work(sets=3, load_kg=25.0)) for at in range(sessions)
    ]
    told = dataclasses.replace(
        told, decisions=(*told.decisions, back), sessions=(*told.sessions, *done)
    )
    proposal = proposed(told, done[-1].day)
    assert (proposal.action, proposal.load_kg) == (action, 25.0), proposal.headline


def test_sessions_in_which_nothing_was_lifted_do_not_open_the_gate() -> None:
    told = learning(9)
    refused = [
        dataclasses.replace(each, sets=work(sets=3, load_kg=20.0, repetitions=0))
        if at in (6, 7)
        else each
        for at, each in enumerate(told.sessions)
    ]
    told = dataclasses.replace(told, sessions=tuple(refused))
    assert proposed(told, told.sessions[-1].day).rule.key == "gate"


# Restricted people -------------------------------------------------------------------------------

RESTRICTED = dataclasses.replace(CLEARED, level=Level.RESTRICTED, cap_pct=70.0)


def capped(load_kg: float, *found: Maximum, **changed: Any) -> History:
    """Eight weeks of good sessions under a cap of 70 %, at a load from 62 kg measured first."""
    days = [START + timedelta(days=4 * number) for number in range(1, 15)]
    return history(
        *(session(day, *work(load_kg=load_kg)) for day in days),
        decisions=(decided(load_kg=load_kg, maximum_kg=61.4),),
        maxima=(maximum(62.0), *found),
        clearance=RESTRICTED,
        **changed,
    )


@pytest.mark.parametrize(("load_kg", "shown_kg"), [(43.0, 57.3), (40.0, 53.3), (30.0, 40.0)])
def test_a_good_retest_within_a_cap_never_lowers_the_load(load_kg: float, shown_kg: float) -> None:
    day = START + timedelta(days=57)
    at_least = Maximum(
        DEADLIFT, MaximumSource.REPETITIONS, shown_kg, shown_kg, None, day, Confidence.HIGH, "10"
    )
    proposal = proposed(capped(load_kg, at_least), day)
    assert (proposal.action, proposal.load_kg, proposal.rule.key) == (HOLD, load_kg, "cap")
    assert any("entered by the clinician" in said for said in proposal.would_change)


def test_a_cap_of_what_is_only_known_to_be_at_least_is_no_higher_if_that_is_doubted() -> None:
    def told(confidence: Confidence) -> History:
        shown = Maximum(
            DEADLIFT, MaximumSource.REPETITIONS, 57.0, 57.0, None, START, confidence, "at least"
        )
        return training(GOOD, GOOD, clearance=RESTRICTED, maxima=(shown,))

    trusted, doubted = (proposed(told(each)) for each in (Confidence.HIGH, Confidence.LOW))
    assert trusted.load_kg == doubted.load_kg == 39.5  # 70 % of 57 kg, and not of the 62 accepted


def test_a_cap_in_per_cent_that_cannot_be_checked_says_so() -> None:
    proposal = proposed(learning(2, clearance=RESTRICTED), START + timedelta(days=6))
    (fact,) = [fact for fact in proposal.facts if fact.name == "cap of the clearance"]
    assert fact.value == "70 % of a maximum that is not known"


def test_a_cap_in_kilograms_does_not_ask_for_another_maximum() -> None:
    told = training(GOOD, GOOD, clearance=dataclasses.replace(RESTRICTED, cap_pct=None, cap_kg=50))
    proposal = proposed(told)
    assert proposal.rule.key == "cap"
    assert not [said for said in proposal.would_change if "maximum" in said]


# Whether the reasons are true --------------------------------------------------------------------


def test_of_two_reasons_the_one_that_sets_the_load_is_told_too() -> None:
    told = training(GOOD, GOOD, maxima=(maximum(62.0), maximum(45.0, TWO)))
    proposal = proposed(told, TWO + timedelta(days=16))
    assert (proposal.action, proposal.load_kg) == (AGAIN, 38.0)
    assert "16 days away" in proposal.headline
    assert "the measured maximum is 45 kg" in proposal.headline


@pytest.mark.parametrize(
    ("told", "days", "unless", "action"),
    [
        # What is told of a shorter absence is what a shorter absence leads to.
        (training(GOOD, GOOD), 20, "Less than 14 days away: step up to 52.5 kg.", UP),
        (
            training(GOOD, {"rpe": 19}),
            20,
            "Less than 14 days away: hold 50 kg, effort of 19.",
            HOLD,
        ),
        (
            training({"rpe": 19}, {"rpe": 19}),
            20,
            "Less than 14 days away: step down to 47.5 kg, effort of 19.",
            DOWN,
        ),
        (
            impacts({}, {}),
            20,
            "Less than 14 days away: step up to rung 2 of 9: heel drops, 3 x 5.",
            UP,
        ),
    ],
)
def test_what_a_shorter_absence_would_have_led_to_is_true(
    told: History, days: int, unless: str, action: Action
) -> None:
    exercise = told.sessions[0].sets[0].exercise
    assert unless in proposed(told, TWO + timedelta(days=days), exercise).would_change
    assert proposed(told, TWO + timedelta(days=13), exercise).action is action


def test_after_two_hard_sessions_it_is_told_what_the_earlier_one_alone_would_have_changed() -> None:
    told = learning(2, {"rpe": 19})
    first = dataclasses.replace(told.sessions[0], sets=work(sets=3, load_kg=20.0, rpe=18))
    hard = dataclasses.replace(told, sessions=(first, told.sessions[1]))
    day = told.sessions[1].day
    assert (
        "With the session of 5 Mar 2026 not too hard: hold 20 kg, effort of 19."
        in proposed(hard, day).would_change
    )
    assert (proposed(told, day).action, proposed(told, day).load_kg) == (HOLD, 20.0)


@pytest.mark.parametrize(
    ("last", "todo"),
    [
        ({"rpe": None}, "ask for the effort after the last set"),
        ({"pain": None}, "ask for pain after the last set"),
        ({"red_repetitions": None}, "watch every working set"),
        ({"velocity_loss_pct": None}, "put the bar's sensor on"),
        ({"confidence": Confidence.LOW}, "see to the sensors"),
        ({"repetitions": None}, "count the repetitions"),
        ({"load_kg": None}, "enter what was on the bar"),
    ],
)
def test_who_is_held_by_what_is_not_known_is_told_the_way_out(
    last: dict[str, Any], todo: str
) -> None:
    once = proposed(training(GOOD, last)).would_change[-1]
    assert todo in once
    assert "change this proposal, with a reason" in once
    assert "session after session" not in once
    again = proposed(training(last, last)).would_change[-1]
    assert todo in again
    assert "session after session" in again


def test_impacts_that_hurt_on_the_lowest_rung_lead_to_a_look_at_the_pain() -> None:
    proposal = proposed(impacts({"pain": 2}, {"pain": 2}), exercise=IMPACTS)
    assert proposal.action is HOLD
    assert any("exclude impacts" in said for said in proposal.would_change)


def test_where_all_plates_are_on_the_bar_more_of_them_are_asked_for() -> None:
    told = training(
        {"load_kg": 140.0},
        {"load_kg": 140.0},
        decisions=(decided(load_kg=140.0, maximum_kg=170.0),),
        maxima=(maximum(170.0),),
    )
    full = dataclasses.replace(told.plan, rack=Rack((20.0,), (Plate(20.0, 3),)))
    proposal = propose(dataclasses.replace(told, plan=full), DEADLIFT, TWO)
    assert proposal.action is HOLD
    assert "all plates are on the bar" in proposal.headline


def test_an_estimate_is_called_one() -> None:
    estimate = dataclasses.replace(maximum(62.0), source=MaximumSource.REPETITIONS)
    for found, said in ((maximum(62.0), "62 kg, lifted once"), (estimate, "62 kg, estimated from")):
        (fact,) = [
            each
            for each in proposed(training(GOOD, GOOD, maxima=(found,))).facts
            if each.name == "measured maximum"
        ]
        assert fact.value.startswith(said)


def test_a_restricted_person_is_not_sent_to_a_maximal_lift() -> None:
    proposal = proposed(learning(8, clearance=RESTRICTED), START + timedelta(days=24))
    assert proposal.action is RETEST
    assert any("not one maximal repetition" in said for said in proposal.would_change)


@pytest.mark.parametrize(
    ("last", "need"),
    [
        ({"rpe": [19, 14, 14, 14, 14]}, "an effort of at most 16 in every set"),
        ({"velocity_loss_pct": [10, 10, 10, 10, 31]}, "in the middle set and 30 % in any"),
    ],
)
def test_what_a_step_up_needs_is_what_was_lacking(last: dict[str, Any], need: str) -> None:
    assert any(need in said for said in proposed(training(GOOD, last)).would_change)


@pytest.mark.parametrize("kg", [62.0, 59.3, 55.55, 51.4])
def test_a_maximum_that_is_told_to_be_enough_is_enough(kg: float) -> None:
    def told(measured_kg: float, load_kg: float) -> Proposal:
        done = {"load_kg": load_kg}
        stands = decided(load_kg=load_kg, maximum_kg=measured_kg)
        return proposed(
            training(done, done, decisions=(stands,), maxima=(maximum(measured_kg, TWO),))
        )

    lowered = told(kg, 53.0)
    (said,) = lowered.would_change
    enough = float(said.removeprefix("With a measured maximum of ").split(" kg")[0])
    assert (lowered.action, lowered.rule.key) == (DOWN, "maximum_lower")
    assert told(enough, 53.0).action is HOLD
    top = told(kg, math.floor(0.85 * kg * 2.0) / 2.0)
    said = top.would_change[0]
    enough = float(said.removeprefix("With a measured maximum of ").split(" kg")[0])
    assert (top.action, top.rule.key) == (HOLD, "top_of_band")
    assert top.load_kg is not None
    assert told(enough, top.load_kg).action is UP


def test_who_has_no_bar_to_be_tested_with_is_told_so() -> None:
    days = [START + timedelta(days=3 * number) for number in range(1, 21)]
    told = history(
        *(session(day, *work(sets=3, load_kg=0.0)) for day in days),
        decisions=(decided(phase=Phase.FAMILIARISATION, load_kg=0.0, maximum_kg=None),),
        maxima=(maximum(6.0, START),),
    )
    heavy = dataclasses.replace(told.plan, rack=Rack((5.0,), (Plate(5.0, 2),)))
    proposal = propose(dataclasses.replace(told, plan=heavy), DEADLIFT, days[-1])
    assert proposal.action is HOLD
    assert "without a bar it cannot be found" in proposal.headline


@pytest.mark.parametrize(
    ("sessions", "then"),
    [(7, "step up to 25 kg."), (8, "find the one-repetition maximum.")],
)
def test_before_the_gate_the_last_session_is_told_as_if_it_had_been_clean(
    sessions: int, then: str
) -> None:
    day = START + timedelta(days=3 * sessions)
    held = proposed(learning(sessions, {"red_repetitions": 1}), day)
    assert held.action is HOLD
    assert held.would_change[-1].endswith(then)
    assert proposed(learning(sessions), day).action is (UP if sessions < 8 else RETEST)
