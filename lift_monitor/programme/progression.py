"""What to propose for an exercise, and everything that a clinician needs to judge it.

A proposal never changes anything: a decision does (:mod:`lift_monitor.programme.decide`). All of
the history counts, whatever its order and its dates; the day that is asked for only tells how
long an exercise has not been done.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Final

from lift_monitor.events import Confidence
from lift_monitor.programme import say
from lift_monitor.programme.absence import Absence, absence
from lift_monitor.programme.assess import barred
from lift_monitor.programme.choice import chosen
from lift_monitor.programme.draft import Draft
from lift_monitor.programme.lift_case import band_of, lift_case
from lift_monitor.programme.plan import ExerciseKind, PlanExercise
from lift_monitor.programme.progression_impact import (
    impact_case,
    impact_drafts,
    impact_facts,
)
from lift_monitor.programme.progression_lift import lift_drafts, lift_facts
from lift_monitor.programme.proposal import Action, Fact, Proposal
from lift_monitor.programme.record import History
from lift_monitor.programme.rule_words import rule
from lift_monitor.programme.rules import RULES, ProgressionRules, check
from lift_monitor.programme.standing import Standing, dose, standing
from lift_monitor.programme.stops import StopFact, stop_accepted, stop_facts
from lift_monitor.programme.told import headline
from lift_monitor.programme.work import place, sessions_of

_STOPS_TOLD: Final = 3


def propose(
    history: History, exercise: str, day: date, rules: ProgressionRules = RULES
) -> Proposal:
    """Propose what to do next with one exercise.

    Parameters
    ----------
    history
        Of the person.
    exercise
        Key of an exercise of the person's plan.
    day
        The day of the proposal.
    rules
        The thresholds.

    Raises
    ------
    KeyError
        If the plan has no such exercise.
    ValueError
        If rules wear a released version and differ from it.
    """
    check(rules)
    planned = history.plan.exercise(exercise)
    stand = standing(history, exercise, rules)
    away = absence(history, exercise, day, rules)
    why_barred = barred(history.clearance, planned)
    if why_barred:
        draft = _kept(stand, "barred", why_barred, (_barred_change(history),))
        facts: tuple[Fact, ...] = (
            Fact("clearance", why_barred, "", None, Action.HOLD, Confidence.HIGH),
        )
    else:
        draft, facts = _usual(history, planned, stand, away, day, rules)
    if stand.stopped:
        stops = stop_facts(history, exercise, rules)
        draft = _stop(stand, stops, draft, day)
        facts = (*(_stop_fact(found) for found in stops or (None,)), *facts)
    return _proposal(
        history,
        stand,
        draft,
        (*facts, _absence_fact(away, rules)),
        day,
        rules,
        blocked=bool(stand.stopped or why_barred),
    )


def _usual(
    history: History,
    planned: PlanExercise,
    stand: Standing,
    away: Absence,
    day: date,
    rules: ProgressionRules,
) -> tuple[Draft, tuple[Fact, ...]]:
    """What there is to propose if nothing stops or bars the exercise, and what it rests on."""
    present: Draft | None = None
    if away.open and _is_progressed(planned, stand):
        # What a shorter absence would have led to, found by asking.
        shorter = dataclasses.replace(away, tier=0)
        present, _ = _usual(history, planned, stand, shorter, day, rules)
    if planned.kind is ExerciseKind.LIFT and stand.load_kg is not None:
        case = lift_case(history, stand, away, day, rules)
        drafts = tuple(lift_drafts(case))
        draft = chosen(planned, case.load_kg, drafts, present)
        asked = tuple(why for _, why in case.known.questions)
        doubts = tuple(dict.fromkeys((*draft.doubts, *asked)))
        return dataclasses.replace(draft, doubts=doubts), lift_facts(case)
    if planned.kind is ExerciseKind.IMPACT and stand.rung is not None and planned.ladder:
        impacts = impact_case(history, stand, away, rules)
        drafts = tuple(impact_drafts(impacts))
        return chosen(planned, None, drafts, present), impact_facts(impacts)
    if planned.kind is ExerciseKind.FREE:
        because, change = "not progressed by number", "With a plan in which it is loaded"
        return _kept(stand, "free", because, (f"{change}: a proposal.",)), ()
    because, change = "it is not decided where to begin", "With a clinician's decision where to"
    return _kept(stand, "undecided", because, (f"{change} begin: a proposal.",)), ()


def _is_progressed(planned: PlanExercise, stand: Standing) -> bool:
    if planned.kind is ExerciseKind.LIFT:
        return stand.load_kg is not None
    return planned.kind is ExerciseKind.IMPACT and stand.rung is not None and bool(planned.ladder)


def propose_all(
    history: History,
    day: date,
    rules: ProgressionRules = RULES,
    session: str | None = None,
) -> tuple[Proposal, ...]:
    """Propose for every exercise of the plan, in its order.

    Parameters
    ----------
    history
        Of the person.
    day
        The day of the proposals.
    rules
        The thresholds.
    session
        Key of a session: what came after it is left out, sessions and decisions alike.

    Raises
    ------
    KeyError
        If there is no such session.
    """
    if session is not None:
        history = until(history, session)
    return tuple(propose(history, planned.key, day, rules) for planned in history.plan.exercises)


def before_session(
    history: History, day: date, rules: ProgressionRules = RULES
) -> tuple[Proposal, ...]:
    """Proposals that are to be decided before anything is lifted today.

    Stops that nobody has accepted yet, and returns from an absence: with them what stands is not
    what should be lifted.
    """
    return tuple(
        found
        for found in propose_all(history, day, rules)
        if found.action is Action.REFAMILIARISE
        or (found.action is Action.STOP_AND_REFER and not stop_accepted(history, found.exercise))
    )


def until(history: History, session: str) -> History:
    """The history as it was after a session, before anything was decided on it.

    Raises
    ------
    KeyError
        If there is no such session.
    """
    by_key = {found.key: found for found in sessions_of(history)}
    end = place(by_key[session])
    kept = tuple(found for found in history.sessions if place(by_key[found.key]) <= end)
    decided = tuple(
        decision
        for decision in history.decisions
        if decision.day <= end[0]
        and decision.session != session
        and (decision.session not in by_key or place(by_key[decision.session]) < end)
    )
    return dataclasses.replace(
        history,
        sessions=kept,
        decisions=decided,
        maxima=tuple(maximum for maximum in history.maxima if maximum.day <= end[0]),
        adverse=tuple(event for event in history.adverse if event.day <= end[0]),
        outcomes=tuple(each for each in history.outcomes if each.day <= end[0]),
    )


def _proposal(
    history: History,
    stand: Standing,
    draft: Draft,
    facts: tuple[Fact, ...],
    day: date,
    rules: ProgressionRules,
    *,
    blocked: bool,
) -> Proposal:
    planned = history.plan.exercise(stand.exercise)
    sets, repetitions = dose(planned, draft.phase, draft.rung)
    stopped = blocked or draft.action is Action.STOP_AND_REFER
    if stopped:
        sets, repetitions = 0, 0
    share = None
    if draft.load_kg is not None and draft.maximum_kg:
        share = 100.0 * draft.load_kg / draft.maximum_kg
    return Proposal(
        exercise=planned.key,
        day=day,
        action=draft.action,
        phase=draft.phase,
        load_kg=draft.load_kg,
        load_before_kg=stand.load_kg,
        rung=draft.rung,
        rung_before=stand.rung,
        maximum_kg=draft.maximum_kg,
        intensity_pct=share,
        sets=sets,
        repetitions=repetitions,
        rule=rule(draft.rule, rules, planned),
        facts=facts,
        would_change=draft.would_change,
        confidence=Confidence.LOW if draft.doubts else Confidence.HIGH,
        confidence_reasons=draft.doubts,
        headline=headline(planned, stand, draft, share),
        rules_version=rules.version,
        phase_before=stand.phase,
        maximum_before_kg=stand.maximum_kg,
        band=band_of(planned, history.clearance) if planned.band is not None else None,
    )


def _stop(stand: Standing, stops: tuple[StopFact, ...], usual: Draft, day: date) -> Draft:
    """A stop; load and rung are what the exercise would go on with, and never more than stands."""
    more = len(stops) - 1
    because = stand.stopped if more < 1 else f"{stand.stopped.rstrip('.')}, and {more} more"
    way = "To go on: change this proposal, with a reason; then it goes on as you decide."
    if any(_answered_tomorrow(found, day) for found in stops):
        way = (
            "To go on: change this proposal, with a reason, tomorrow or later: whether what was "
            "told today outside a session came before today's decisions is not known."
        )
    change = tuple(found.sentence for found in stops[:_STOPS_TOLD])
    if more > 0:
        change += ("Without all of these: no stop.",)
    elif stops:
        change = (f"Without this: no stop. {change[0]}",)
    kept = _kept(stand, "stop", because, (*change, way))
    if usual.action in (Action.STEP_DOWN, Action.REFAMILIARISE):
        kept = dataclasses.replace(usual, rule="stop", because=because, would_change=(*change, way))
    return dataclasses.replace(kept, action=Action.STOP_AND_REFER, doubts=())


def _answered_tomorrow(found: StopFact, day: date) -> bool:
    return not found.session and found.day >= day and found.decisions_before is None


def _kept(stand: Standing, rule_key: str, because: str, would_change: tuple[str, ...]) -> Draft:
    return Draft(
        action=Action.HOLD,
        phase=stand.phase,
        load_kg=stand.load_kg,
        rung=stand.rung,
        maximum_kg=stand.maximum_kg,
        rule=rule_key,
        because=because,
        would_change=would_change,
    )


def _barred_change(history: History) -> str:
    if history.clearance is None:
        return "With an assessment that clears this person: a proposal."
    return "With another clearance, or an override by name with a reason: a proposal."


def _stop_fact(found: StopFact | None) -> Fact:
    """A reason to stop; ``None`` for a stop that was accepted earlier."""
    if found is None:
        name, value, limit, day = (
            "stopped earlier",
            "accepted by a clinician",
            "until a clinician decides otherwise",
            None,
        )
    else:
        name, value, limit, day = found.name, found.value, found.limit, found.day
    return Fact(name, value, limit, day, Action.STOP_AND_REFER, Confidence.HIGH)


def _absence_fact(away: Absence, rules: ProgressionRules) -> Fact:
    limit = f"below {rules.away_days}"
    if away.days is None:
        return Fact("days since it was last done", "never done", limit, None, None, Confidence.HIGH)
    value = say.times(away.days, "day")
    if away.tier and away.answered:
        value += ", decided on"
    supports = Action.REFAMILIARISE if away.open else None
    return Fact("days since it was last done", value, limit, away.last, supports, Confidence.HIGH)
