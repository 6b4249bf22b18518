"""Facts that stop an exercise until a clinician has decided, whatever else was fine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lift_monitor.programme import say
from lift_monitor.programme.decided import decisions_of, releases
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import AdverseEvent, Decision, EventGrade, History, Verdict
from lift_monitor.programme.rules import RULES, ProgressionRules
from lift_monitor.programme.work import Place, places_of, sessions_of, works
from lift_monitor.programme.worsening import counted


@dataclass(frozen=True, slots=True)
class StopFact:
    """One reason to stop.

    Attributes
    ----------
    name, value, limit
        As a proposal shows it.
    sentence
        The whole of it, for a clinician in a hurry.
    day
        When it happened.
    session
        In which session; empty for an event outside sessions.
    decisions_before
        Highest order of the decisions that were taken before it was told; ``None`` if not known.
    """

    name: str
    value: str
    limit: str
    sentence: str
    day: date
    session: str
    decisions_before: int | None = None


def stop_facts(
    history: History, exercise: str, rules: ProgressionRules = RULES
) -> tuple[StopFact, ...]:
    """Reasons to stop an exercise that no clinician has answered yet, oldest first.

    Sudden new pain in the back, a serious adverse event and a fracture that was counted stop every
    exercise; pain stops the exercise in which it was felt.
    """
    answers = [d for d in decisions_of(history, exercise) if releases(d)]
    places = places_of(history)
    open_facts = [
        fact
        for fact in _facts(history, exercise, rules)
        if not any(_answers(decision, fact, places) for decision in answers)
    ]
    return tuple(sorted(set(open_facts), key=_in_order))


def _in_order(fact: StopFact) -> tuple[date, str, str, str, int]:
    return (fact.day, fact.session, fact.name, fact.value, fact.decisions_before or 0)


def stop_accepted(history: History, exercise: str, rules: ProgressionRules = RULES) -> bool:
    """Whether a clinician has accepted a stop, and nothing that calls for one happened since."""
    decided = decisions_of(history, exercise)
    if not decided:
        return False
    last = decided[-1]
    if last.verdict is not Verdict.ACCEPTED or last.action != Action.STOP_AND_REFER:
        return False
    return all(
        (fact.session == last.session or fact.day < last.day) and not _told_after(last, fact)
        for fact in stop_facts(history, exercise, rules)
    )


def _told_after(decision: Decision, fact: StopFact) -> bool:
    """Whether a fact is known to have been told after a decision."""
    return fact.decisions_before is not None and decision.order <= fact.decisions_before


def _answers(decision: Decision, fact: StopFact, places: Mapping[str, Place]) -> bool:
    """Whether a clinician's word came after the fact and knew of it.

    A decision on another proposal knew nothing of it: it may have been told late. On the day itself
    only the answer to a proposal to stop counts, since any other may have come before; and to an
    event outside sessions only if it is known that it was told before.
    """
    if decision.action not in ("", Action.STOP_AND_REFER) or _told_after(decision, fact):
        return False
    if decision.day > fact.day:
        return True
    if decision.action != Action.STOP_AND_REFER:
        return False
    if not fact.session:
        return decision.day == fact.day and fact.decisions_before is not None
    if decision.session == fact.session:
        return True
    after = places.get(decision.session)
    return decision.day == fact.day and after is not None and after >= places[fact.session]


def _facts(history: History, exercise: str, rules: ProgressionRules) -> Iterator[StopFact]:
    planned = history.plan.exercise(exercise)
    impact = planned.kind is ExerciseKind.IMPACT
    limit = rules.impact_pain_stop if impact else rules.pain_stop
    for work in works(history, exercise):
        if work.pain is not None and work.pain >= limit.value:
            yield StopFact(
                "pain",
                f"{work.pain} of 10",
                f"{limit} stops it",
                f"Pain of {work.pain} of 10 on {say.day(work.day)}.",
                work.day,
                work.session,
            )
    for session in sessions_of(history):
        for done in session.sets:
            if done.sudden_back_pain:
                yield StopFact(
                    "sudden new back pain",
                    "yes",
                    "any stops every exercise",
                    f"Sudden new back pain on {say.day(session.day)}: "
                    "take it for a fracture until it has been looked at.",
                    session.day,
                    session.key,
                )
        for event in session.adverse:
            if event.grade is EventGrade.SERIOUS:
                yield _serious(event, max(event.day, session.day), session.key)
    for found in counted(history, Measure.FRACTURES):
        fractures = say.times(round(found.value), "fracture")
        yield StopFact(
            "fractures",
            fractures,
            "any stops every exercise",
            f"{fractures[:1].upper()}{fractures[1:]} counted on {say.day(found.day)}.",
            found.day,
            "",
        )
    for event in history.adverse:
        if event.grade is EventGrade.SERIOUS:
            yield _serious(event, event.day, "")


def _serious(event: AdverseEvent, day: date, session: str) -> StopFact:
    return StopFact(
        "serious adverse event",
        event.text or "no words were noted",
        "any stops every exercise",
        f"Serious adverse event on {say.day(day)}: {event.text or 'no words were noted'}.",
        day,
        session,
        event.decisions_before,
    )
