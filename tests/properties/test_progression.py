"""What progression must never do, whatever the facts."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TypeVar

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from lift_monitor.events import Confidence
from lift_monitor.programme.decide import decision_from
from lift_monitor.programme.outcomes import SPECS, Measure
from lift_monitor.programme.plan import ExerciseKind, Phase
from lift_monitor.programme.progression import propose, propose_all
from lift_monitor.programme.proposal import Action, Proposal
from lift_monitor.programme.record import (
    AdverseEvent,
    EventGrade,
    History,
    MaximumSource,
    OutcomeRecord,
    SessionRecord,
    SetKind,
    SetRecord,
    Verdict,
)
from lift_monitor.programme.standing import dose, standing
from lift_monitor.programme.worsening import FOLLOWED
from tests.programme.histories import DEADLIFT, IMPACTS, histories, with_changes

RELAXED = settings(deadline=None)
EXERCISES = pytest.mark.parametrize("exercise", [DEADLIFT, IMPACTS])
T = TypeVar("T")
Change = Callable[[SetRecord, History], SetRecord | None]


def last_day(history: History) -> date:
    sessions = [session.day for session in history.sessions]
    return max(sessions + [decision.day for decision in history.decisions])


def asked(proposal: Proposal) -> tuple[float, float]:
    """How much a proposal asks: its action, and its load or rung; nothing if it is not done."""
    if proposal.sets == 0:
        return (proposal.action.rank, -1.0)
    amount = proposal.load_kg if proposal.load_kg is not None else proposal.rung
    return (proposal.action.rank, -1.0 if amount is None else float(amount))


def assert_not_more(worse: Proposal, before: Proposal) -> None:
    rank, amount = asked(worse)
    rank_before, amount_before = asked(before)
    assert rank <= rank_before, f"{before.headline} became {worse.headline}"
    assert amount <= amount_before, f"{before.headline} became {worse.headline}"


# Worse facts: what was not known becomes known to be bad, since a good value may well say more.


def more_red(done: SetRecord, _: History) -> SetRecord:
    return dataclasses.replace(done, red_repetitions=(done.red_repetitions or 0) + 1)


def more_pain(done: SetRecord, _: History) -> SetRecord:
    return dataclasses.replace(done, pain=5 if done.pain is None else min(10, done.pain + 2))


def more_effort(done: SetRecord, _: History) -> SetRecord:
    return dataclasses.replace(done, rpe=18 if done.rpe is None else min(20, done.rpe + 3))


def more_loss(done: SetRecord, _: History) -> SetRecord:
    loss_pct = 35.0 if done.velocity_loss_pct is None else done.velocity_loss_pct + 15.0
    return dataclasses.replace(done, velocity_loss_pct=loss_pct)


def fewer_repetitions(done: SetRecord, _: History) -> SetRecord:
    known = done.target_repetitions if done.repetitions is None else done.repetitions
    return dataclasses.replace(done, repetitions=max(0, min(known, done.target_repetitions) - 1))


def less_confidence(done: SetRecord, _: History) -> SetRecord:
    return dataclasses.replace(done, confidence=Confidence.LOW, reasons=("gap",))


def over_ceiling(done: SetRecord, _: History) -> SetRecord:
    return dataclasses.replace(done, over_ceiling=(done.over_ceiling or 0) + 1)


def sudden_pain(done: SetRecord, _: History) -> SetRecord:
    return dataclasses.replace(done, sudden_back_pain=True)


def technique_unknown(done: SetRecord, _: History) -> SetRecord | None:
    return None if done.red_repetitions else dataclasses.replace(done, red_repetitions=None)


def pain_unknown(done: SetRecord, _: History) -> SetRecord | None:
    return None if done.pain else dataclasses.replace(done, pain=None)


def effort_unknown(done: SetRecord, _: History) -> SetRecord | None:
    return None if (done.rpe or 0) > 14 else dataclasses.replace(done, rpe=None)


def loss_unknown(done: SetRecord, _: History) -> SetRecord | None:
    if (done.velocity_loss_pct or 0.0) > 20.0:
        return None
    return dataclasses.replace(done, velocity_loss_pct=None)


def repetitions_unknown(done: SetRecord, _: History) -> SetRecord | None:
    if (done.repetitions or 0) < done.target_repetitions:
        return None
    return dataclasses.replace(done, repetitions=None)


def load_unknown(done: SetRecord, history: History) -> SetRecord | None:
    now = standing(history, done.exercise).load_kg or 0.0
    # What was lifted after an absence also says from where to come back.
    if done.load_kg is None or done.load_kg < now:
        return None
    return dataclasses.replace(done, load_kg=None)


def rung_unknown(done: SetRecord, _: History) -> SetRecord:
    return dataclasses.replace(done, rung=None)


def landings_unknown(done: SetRecord, _: History) -> SetRecord | None:
    if done.over_ceiling:
        return None
    return dataclasses.replace(done, landings=None, over_ceiling=None)


def target_higher(done: SetRecord, _: History) -> SetRecord:
    return dataclasses.replace(done, target_repetitions=done.target_repetitions + 1)


WORSE: list[Change] = [
    more_red,
    more_pain,
    more_effort,
    more_loss,
    fewer_repetitions,
    less_confidence,
    over_ceiling,
    sudden_pain,
    technique_unknown,
    pain_unknown,
    effort_unknown,
    loss_unknown,
    repetitions_unknown,
    load_unknown,
    rung_unknown,
    landings_unknown,
    target_higher,
]


def worsened(history: History, change: Change, seed: int) -> History:
    """The history with some of the sets worse; the last session is mostly among them."""
    dice = random.Random(seed)
    sessions = list(history.sessions)
    for at in {len(sessions) - 1, dice.randrange(len(sessions))}:
        share = dice.choice([0.3, 1.0])
        sets = [
            (change(done, history) or done) if dice.random() < share else done
            for done in sessions[at].sets
        ]
        sessions[at] = dataclasses.replace(sessions[at], sets=tuple(sets))
    return dataclasses.replace(history, sessions=tuple(sessions))


SEEDS = st.integers(0, 2**32)


@EXERCISES
@pytest.mark.parametrize("change", WORSE, ids=lambda change: change.__name__)
@RELAXED
@given(data=st.data(), seed=SEEDS)
def test_worse_or_missing_facts_never_raise_a_proposal(
    exercise: str, change: Change, data: st.DataObject, seed: int
) -> None:
    history = data.draw(histories(exercise))
    worse = worsened(history, change, seed)
    day = last_day(history)
    before = propose(history, exercise, day)
    event(before.action.value)
    assert_not_more(propose(worse, exercise, day), before)


@EXERCISES
@RELAXED
@given(data=st.data())
def test_a_longer_absence_never_raises_a_proposal(exercise: str, data: st.DataObject) -> None:
    history = data.draw(histories(exercise))
    day = last_day(history) + timedelta(days=data.draw(st.integers(0, 60)))
    later = day + timedelta(days=data.draw(st.integers(1, 60)))
    assert_not_more(propose(history, exercise, later), propose(history, exercise, day))


@EXERCISES
@RELAXED
@given(data=st.data(), grade=st.sampled_from(EventGrade), own=st.booleans(), inside=st.booleans())
def test_an_adverse_event_never_raises_a_proposal(
    exercise: str, data: st.DataObject, grade: EventGrade, own: bool, inside: bool
) -> None:
    history = data.draw(histories(exercise))
    at = data.draw(st.integers(0, len(history.sessions) - 1))
    sessions = list(history.sessions)
    found = AdverseEvent(sessions[at].day, grade, "a fall", exercise if own else "")
    if inside:
        sessions[at] = dataclasses.replace(sessions[at], adverse=(*sessions[at].adverse, found))
        worse = dataclasses.replace(history, sessions=tuple(sessions))
    else:
        worse = dataclasses.replace(history, adverse=(found,))
    day = last_day(history)
    assert_not_more(propose(worse, exercise, day), propose(history, exercise, day))


@EXERCISES
@RELAXED
@given(data=st.data(), measure=st.sampled_from(FOLLOWED))
def test_a_worse_outcome_never_raises_a_proposal(
    exercise: str, data: st.DataObject, measure: Measure
) -> None:
    history = data.draw(histories(exercise))
    day = last_day(history)
    spec = SPECS[measure]
    values = data.draw(st.lists(st.floats(spec.low, spec.high), min_size=1, max_size=3))
    days = [data.draw(st.integers(0, 90)) for _ in values]
    outcomes = tuple(
        OutcomeRecord(measure, value, day - timedelta(days=ago))
        for value, ago in zip(values, days, strict=True)
    )
    worse = dataclasses.replace(history, outcomes=outcomes)
    assert_not_more(propose(worse, exercise, day), propose(history, exercise, day))


@RELAXED
@given(data=st.data())
def test_less_trust_in_a_maximum_never_raises_a_proposal(data: st.DataObject) -> None:
    history = data.draw(histories())
    assume(history.maxima)
    at = data.draw(st.integers(0, len(history.maxima) - 1))
    maxima = list(history.maxima)
    maxima[at] = dataclasses.replace(maxima[at], confidence=Confidence.LOW)
    worse = dataclasses.replace(history, maxima=tuple(maxima))
    day = last_day(history)
    assert_not_more(propose(worse, DEADLIFT, day), propose(history, DEADLIFT, day))


@EXERCISES
@RELAXED
@given(data=st.data(), seed=SEEDS)
def test_a_change_for_the_day_at_most_spares_a_step_down(
    exercise: str, data: st.DataObject, seed: int
) -> None:
    history = data.draw(histories(exercise))
    plain = tuple(dataclasses.replace(session, changes=()) for session in history.sessions)
    as_planned = dataclasses.replace(history, sessions=plain)
    changed = with_changes(as_planned, exercise, random.Random(seed))
    day = last_day(history)
    before, now = (propose(told, exercise, day) for told in (as_planned, changed))
    if asked(now) == asked(before):
        return
    event(f"{before.action.value} became {now.action.value}")
    assert before.action is Action.STEP_DOWN
    assert now.action.rank <= Action.HOLD.rank
    stood = standing(changed, exercise)
    assert (now.load_kg or 0.0) <= (stood.load_kg or 0.0)
    assert (now.rung or 0) <= (stood.rung or 0)


# Order and repetition ------------------------------------------------------------------------


@EXERCISES
@RELAXED
@given(data=st.data(), seed=st.integers(0, 2**16))
def test_the_order_of_the_facts_is_without_meaning(
    exercise: str, data: st.DataObject, seed: int
) -> None:
    history = data.draw(histories(exercise))
    shuffle = random.Random(seed)

    def mixed(values: tuple[T, ...]) -> tuple[T, ...]:
        found = list(values)
        shuffle.shuffle(found)
        return tuple(found)

    other = dataclasses.replace(
        history,
        sessions=mixed(tuple(dataclasses.replace(s, sets=mixed(s.sets)) for s in history.sessions)),
        decisions=mixed(history.decisions),
        maxima=mixed(history.maxima),
    )
    day = last_day(history)
    assert propose(other, exercise, day) == propose(history, exercise, day)
    assert standing(other, exercise) == standing(history, exercise)


@EXERCISES
@RELAXED
@given(data=st.data())
def test_facts_that_are_told_twice_count_once(exercise: str, data: st.DataObject) -> None:
    history = data.draw(histories(exercise))
    twice = dataclasses.replace(
        history,
        sessions=(*history.sessions, *history.sessions),
        decisions=(*history.decisions, *history.decisions),
        maxima=(*history.maxima, *history.maxima),
    )
    day = last_day(history)
    assert propose(twice, exercise, day) == propose(history, exercise, day)
    assert standing(twice, exercise) == standing(history, exercise)


@EXERCISES
@RELAXED
@given(data=st.data())
def test_of_two_records_of_a_session_the_more_careful_one_counts(
    exercise: str, data: st.DataObject
) -> None:
    history = data.draw(histories(exercise))
    other = worsened(history, data.draw(st.sampled_from(WORSE)), data.draw(SEEDS))
    both = dataclasses.replace(history, sessions=(*history.sessions, *other.sessions))
    day = last_day(history)
    assert_not_more(propose(both, exercise, day), propose(history, exercise, day))


@EXERCISES
@RELAXED
@given(data=st.data())
def test_asking_again_gives_the_same_and_accepting_does_not_raise_twice(
    exercise: str, data: st.DataObject
) -> None:
    history = data.draw(histories(exercise))
    day = last_day(history)
    first = propose(history, exercise, day)
    assert propose(history, exercise, day) == first
    last = max(history.sessions, key=lambda found: (found.day, found.key))
    accepted = decision_from(first, Verdict.ACCEPTED, "Clinician", day, 99, session=last.key)
    after = dataclasses.replace(history, decisions=(*history.decisions, accepted))
    again = propose(after, exercise, day)
    now = standing(after, exercise)
    assert (now.phase, now.load_kg, now.rung) == (first.phase, first.load_kg, first.rung)
    if first.action is not Action.RETEST:  # the load may rise once the maximum is known
        assert asked(again)[1] <= max(asked(first)[1], 0.0)
    if first.action in (Action.STEP_DOWN, Action.REFAMILIARISE) and first.rule.key not in (
        "cap",
        "maximum_lower",
    ):
        assert again.load_kg == first.load_kg
        assert again.rung == first.rung


# What a step may be --------------------------------------------------------------------------


def steps_up(history: History, exercise: str) -> Iterator[Proposal]:
    proposal = propose(history, exercise, last_day(history))
    event(proposal.action.value)
    if proposal.action is Action.STEP_UP:
        yield proposal


@RELAXED
@given(history=histories())
def test_a_step_up_is_never_more_than_the_plans_step_nor_above_band_or_cap(
    history: History,
) -> None:
    planned = history.plan.exercise(DEADLIFT)
    assert planned.learning is not None
    assert planned.band is not None
    clearance = history.clearance
    assert clearance is not None
    for proposal in steps_up(history, DEADLIFT):
        now = standing(history, DEADLIFT)
        step = planned.step_kg
        if now.working_phase is Phase.FAMILIARISATION:
            step = planned.learning.step_kg
        assert proposal.load_kg is not None
        assert now.load_kg is not None
        assert now.load_kg <= proposal.load_kg <= now.load_kg + step + 1e-6
        if clearance.cap_kg is not None:
            assert proposal.load_kg <= clearance.cap_kg + 1e-6
        trusted = [
            maximum.kg
            for maximum in history.maxima
            if maximum.confidence is Confidence.HIGH
            and maximum.source is not MaximumSource.VELOCITY
        ]
        high = min(planned.band.high_pct, clearance.cap_pct or 100.0)
        if trusted:
            assert proposal.load_kg <= high / 100.0 * max(trusted) + 1e-6
        if proposal.phase is Phase.TRAINING:
            assert proposal.maximum_kg is not None
            assert proposal.maximum_kg <= max(trusted) + 1e-6
            assert proposal.load_kg <= high / 100.0 * proposal.maximum_kg + 0.01


@EXERCISES
@RELAXED
@given(data=st.data())
def test_nothing_rises_after_a_red_flag_nor_on_missing_data(
    exercise: str, data: st.DataObject
) -> None:
    history = data.draw(histories(exercise))
    for _ in steps_up(history, exercise):
        now = standing(history, exercise)
        worked = [
            session
            for session in sorted(history.sessions, key=lambda found: (found.day, found.key))
            if any(done.kind is SetKind.WORKING for done in session.sets)
        ]
        assert worked
        last = worked[-1]
        assert last.attended
        assert_went_well(last, exercise, now.load_kg)
        sets, repetitions = dose(history.plan.exercise(exercise), now.working_phase, now.rung)
        assert total(last) >= sets * repetitions


def assert_went_well(last: SessionRecord, exercise: str, load_kg: float | None) -> None:
    working = [done for done in last.sets if done.kind is SetKind.WORKING]
    for done in last.sets:
        assert not done.red_repetitions
        assert not done.sudden_back_pain
        if done.kind is not SetKind.TEST:
            assert (done.velocity_loss_pct or 0.0) <= 30.0
            assert (done.rpe or 6) < 18
        assert (done.pain or 0) < (1 if exercise == IMPACTS else 4)
    for done in working:
        assert done.repetitions is not None
        assert done.repetitions >= done.target_repetitions
        assert done.confidence is Confidence.HIGH
        if exercise == DEADLIFT:
            assert done.red_repetitions == 0
            assert done.load_kg is not None
            assert done.load_kg >= (load_kg or 0.0)
    number = max(done.number for done in working)
    assert all(done.pain is not None for done in working if done.number == number)
    if exercise == DEADLIFT:
        assert all(done.rpe is not None for done in working if done.number == number)


def total(session: SessionRecord) -> int:
    working = {done.number: done for done in session.sets if done.kind is SetKind.WORKING}
    return sum(min(done.repetitions or 0, done.target_repetitions) for done in working.values())


@EXERCISES
@RELAXED
@given(data=st.data())
def test_every_proposal_is_complete(exercise: str, data: st.DataObject) -> None:
    history = data.draw(histories(exercise))
    day = last_day(history) + timedelta(days=data.draw(st.integers(0, 80)))
    for proposal in propose_all(history, day):
        kind = history.plan.exercise(proposal.exercise).kind
        assert proposal.facts
        assert proposal.rule.text
        assert proposal.rule.source
        assert proposal.would_change
        assert all(said.endswith(".") for said in proposal.would_change)
        assert len(proposal.would_change) <= 5
        assert proposal.headline
        assert proposal.rules_version
        assert (proposal.confidence is Confidence.HIGH) == (not proposal.confidence_reasons)
        assert (proposal.load_kg is None) == (kind is not ExerciseKind.LIFT)
        assert (proposal.rung is None) == (kind is not ExerciseKind.IMPACT)
        if proposal.action is Action.STEP_UP:
            assert proposal.confidence is Confidence.HIGH
        for fact in proposal.facts:
            assert fact.name
            assert fact.value
