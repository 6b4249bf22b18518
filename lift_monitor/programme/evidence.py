"""One session held against what is asked of it: conditions of a step up, and signs of too much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lift_monitor.programme import conditions, say
from lift_monitor.programme.conditions import KG_NOISE, Condition, Mark
from lift_monitor.programme.plan import Rung
from lift_monitor.programme.record import AdverseEvent, EventGrade, History
from lift_monitor.programme.rules import ProgressionRules
from lift_monitor.programme.stops import stop_accepted, stop_facts
from lift_monitor.programme.work import Work, sessions_of


@dataclass(frozen=True, slots=True)
class Hard:
    """One sign that a session was too hard."""

    text: str
    """E.g. ``effort of 18 on 3 Feb 2026``."""
    technique: bool
    """Pain or red flags, not only effort."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One session judged."""

    work: Work
    conditions: tuple[Condition, ...]
    hard: tuple[Hard, ...]

    @property
    def good(self) -> bool:
        """All conditions are met."""
        return all(condition.mark is Mark.MET for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a session of a lift.

    Attributes
    ----------
    sets, repetitions
        Working sets, and repetitions of each.
    load_kg
        With which they are to be done.
    highest_rpe
        That allows a step up.
    loss_needed
        Whether the velocity loss has to be known.
    """

    sets: int
    repetitions: int
    load_kg: float
    highest_rpe: int
    loss_needed: bool


def judge_lift(work: Work, demand: Demand, rules: ProgressionRules) -> Evidence:
    """Hold one session of a lift against what is asked of it."""
    found = [
        *conditions.attendance(work),
        conditions.load(work, demand.load_kg),
        conditions.repetitions(work, demand.sets, demand.repetitions),
        conditions.technique(work),
        conditions.effort(work, demand.highest_rpe),
        *conditions.loss(work, demand.loss_needed, rules),
        conditions.pain(work, rules.pain_hold.value, f"below {rules.pain_hold.value:g} of 10"),
        conditions.quality(work),
    ]
    return Evidence(work, tuple(found), tuple(_hard_lift(work, demand, rules)))


def judge_impact(
    work: Work, at: int, rung: Rung, higher: bool, rules: ProgressionRules
) -> Evidence:
    """Hold one session of impacts against what is asked of it.

    Parameters
    ----------
    work
        The session.
    at, rung
        The rung that stands, and its dose.
    higher
        The next rung is of another kind or height: then the landings must have been measured,
        and the person's ceiling known.
    rules
        The thresholds.
    """
    found = [
        *conditions.attendance(work),
        conditions.rung(work, at),
        conditions.repetitions(work, rung.sets, rung.repetitions),
        *conditions.flags_if_any(work),
        *conditions.not_too_hard(work, rules.rpe_hard.value),
        *conditions.loss(work, False, rules),
        *conditions.ceiling(work, higher),
        conditions.pain(work, rules.impact_pain_down.value, "none during impacts"),
        conditions.quality(work),
    ]
    return Evidence(work, tuple(found), tuple(_hard_impact(work, rung, rules)))


def judge_test(work: Work, rules: ProgressionRules) -> tuple[Condition, ...]:
    """What a session in which the maximum was found says against more load: pain and red flags."""
    found = []
    if work.red:
        found.append(conditions.technique(work))
    if work.pain is not None and work.pain >= rules.pain_hold.value:
        found.append(
            conditions.pain(work, rules.pain_hold.value, f"below {rules.pain_hold.value:g} of 10")
        )
    return tuple(found)


def minor_events(history: History, exercise: str, since: date | None) -> tuple[Condition, ...]:
    """Minor adverse events from a day on, of this exercise or of none in particular."""
    events: list[tuple[AdverseEvent, date]] = [(event, event.day) for event in history.adverse]
    for session in sessions_of(history):
        events += [(event, max(event.day, session.day)) for event in session.adverse]
    seen = {
        (day, event.text): event
        for event, day in events
        if event.grade is EventGrade.MINOR
        and event.exercise in ("", exercise)
        and (since is None or day >= since)
    }
    return tuple(
        Condition(
            name="adverse event",
            value=text or "minor, no words were noted",
            limit="none",
            day=day,
            mark=Mark.MISSED,
            need="no adverse event since the first of these sessions",
            lacking=f"adverse event on {say.day(day)}: {text.rstrip('.') or 'no words were noted'}",
            contrary="an adverse event",
        )
        for day, text in sorted(seen)
    )


def open_elsewhere(
    history: History, exercise: str, rules: ProgressionRules
) -> tuple[Condition, ...]:
    """Pain that stops another exercise, as long as no clinician has decided on that stop."""
    found = []
    for other in history.plan.exercises:
        if other.key == exercise or stop_accepted(history, other.key, rules):
            continue
        felt = [fact for fact in stop_facts(history, other.key, rules) if fact.name == "pain"]
        name = f"the {other.name[:1].lower()}{other.name[1:]}"
        for fact in felt[-1:]:
            said = f"pain of {fact.value} in {name} on {say.day(fact.day)}"
            found.append(
                Condition(
                    name="pain elsewhere",
                    value=f"{fact.value} in {name}",
                    limit="none that stops an exercise and is not decided on",
                    day=fact.day,
                    mark=Mark.MISSED,
                    need=f"a decision on the stop of {name}",
                    lacking=said,
                    contrary="pain that stops another exercise",
                )
            )
    return tuple(found)


def _hard_lift(work: Work, demand: Demand, rules: ProgressionRules) -> list[Hard]:
    found = _not_enough(work, demand.sets, demand.repetitions, rules)
    if work.rpe is not None and work.rpe >= rules.rpe_hard.value:
        found.append(Hard(f"effort of {work.rpe}", technique=False))
    if work.loss_pct is not None and work.loss_pct > rules.loss_hard_pct.value:
        found.append(Hard(f"velocity loss of {say.pct(work.loss_pct)}", technique=False))
    if work.red >= rules.red_many.value:
        found.append(Hard(f"red flags in {work.red} repetitions", technique=True))
    if work.pain is not None and work.pain >= rules.pain_hold.value:
        found.append(Hard(f"pain of {work.pain} of 10", technique=True))
    return found


def _hard_impact(work: Work, rung: Rung, rules: ProgressionRules) -> list[Hard]:
    found = _not_enough(work, rung.sets, rung.repetitions, rules)
    if work.rpe is not None and work.rpe >= rules.rpe_hard.value:
        found.append(Hard(f"effort of {work.rpe}", technique=False))
    if work.over_ceiling:
        found.append(
            Hard(f"{say.times(work.over_ceiling, 'landing')} over the ceiling", technique=True)
        )
    if work.red >= rules.red_many.value:
        found.append(Hard(f"red flags in {work.red} repetitions", technique=True))
    return found


def _not_enough(work: Work, sets: int, repetitions: int, rules: ProgressionRules) -> list[Hard]:
    """Too few of what was wanted on the day: a set that was left out was not too hard."""
    asked = max(work.wanted(sets, repetitions), work.asked)
    if work.possible * 100.0 >= rules.enough_pct.value * asked - KG_NOISE:
        return []
    return [Hard(f"{work.possible} of {asked} repetitions", technique=False)]
