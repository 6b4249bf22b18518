"""What a session says for and against a step up: each condition with its value and its limit.

A condition is met, missed, or not known; what is not known never speaks for more.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lift_monitor.events import Confidence
from lift_monitor.programme import say
from lift_monitor.programme.plan import Rung
from lift_monitor.programme.proposal import Action, Fact
from lift_monitor.programme.record import AdverseEvent, EventGrade, History
from lift_monitor.programme.rules import ProgressionRules
from lift_monitor.programme.work import Work, sessions_of

KG_NOISE = 1e-6


class Mark(enum.Enum):
    """How a condition stands."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a step up, in one session.

    Attributes
    ----------
    name, value, limit, day
        As a proposal shows them.
    mark
        Whether it is met.
    need
        What a step up needs, e.g. ``all 25 repetitions``.
    lacking
        What was instead, e.g. ``24 were done on 3 Feb 2026``; empty if it is met.
    contrary
        What would have spoken against it, e.g. ``fewer than 25 repetitions``.
    confident
        Whether the value is of high confidence.
    """

    name: str
    value: str
    limit: str
    day: date | None
    mark: Mark
    need: str
    lacking: str
    contrary: str
    confident: bool = True

    def fact(self) -> Fact:
        """The condition as a proposal shows it."""
        supports = {Mark.MET: Action.STEP_UP, Mark.MISSED: Action.HOLD, Mark.UNKNOWN: Action.HOLD}
        confidence = Confidence.HIGH if self.confident else Confidence.LOW
        if self.mark is Mark.UNKNOWN and self.value == say.NOT_KNOWN:
            confidence = Confidence.NONE
        return Fact(self.name, self.value, self.limit, self.day, supports[self.mark], confidence)


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
    repetitions
        Of all working sets together.
    load_kg
        With which they are to be done.
    highest_rpe
        That allows a step up.
    loss_needed
        Whether the velocity loss has to be known.
    """

    repetitions: int
    load_kg: float
    highest_rpe: int
    loss_needed: bool


def judge_lift(work: Work, demand: Demand, rules: ProgressionRules) -> Evidence:
    """Hold one session of a lift against what is asked of it."""
    conditions = [
        *_attendance(work),
        _load(work, demand.load_kg),
        _repetitions(work, demand.repetitions),
        _technique(work),
        _effort(work, demand.highest_rpe),
        *_loss(work, demand.loss_needed, rules),
        _pain(work, rules.pain_hold.value, f"below {rules.pain_hold.value:g} of 10"),
        _quality(work),
    ]
    return Evidence(work, tuple(conditions), tuple(_hard_lift(work, demand, rules)))


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
    repetitions = rung.sets * rung.repetitions
    conditions = [
        *_attendance(work),
        _rung(work, at),
        _repetitions(work, repetitions),
        *_flags_if_any(work),
        *_ceiling(work, higher),
        _pain(work, rules.impact_pain_down.value, "none during impacts"),
        _quality(work),
    ]
    return Evidence(work, tuple(conditions), tuple(_hard_impact(work, repetitions, rules)))


def judge_test(work: Work, rules: ProgressionRules) -> tuple[Condition, ...]:
    """What a session in which the maximum was found says against more load: pain and red flags."""
    found = []
    if work.red:
        found.append(_technique(work))
    if work.pain is not None and work.pain >= rules.pain_hold.value:
        found.append(_pain(work, rules.pain_hold.value, f"below {rules.pain_hold.value:g} of 10"))
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
            lacking=f"there was an adverse event on {say.day(day)}",
            contrary="an adverse event",
        )
        for day, text in sorted(seen)
    )


def open_conditions(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Those that are not met, what is known first."""
    order = (Mark.MISSED, Mark.UNKNOWN)
    left = [condition for condition in conditions if condition.mark is not Mark.MET]
    return tuple(sorted(left, key=lambda condition: order.index(condition.mark)))


def _attendance(work: Work) -> list[Condition]:
    if work.attended:
        return []
    return [
        Condition(
            name="attendance",
            value="sets in a session marked as missed",
            limit="attended",
            day=work.day,
            mark=Mark.UNKNOWN,
            need="an attended session",
            lacking=f"that of {say.day(work.day)} is marked as missed and has sets",
            contrary="a missed session",
        )
    ]


def _load(work: Work, load_kg: float) -> Condition:
    enough = work.load_kg is not None and work.load_kg >= load_kg - KG_NOISE
    light = work.load_kg is not None and not enough
    mark = Mark.MET if enough else Mark.MISSED if light else Mark.UNKNOWN
    return Condition(
        name="load",
        value=say.kg(work.load_kg),
        limit=f"{say.kg(load_kg)} in every working set",
        day=work.day,
        mark=mark,
        need=f"all working sets with {say.kg(load_kg)}",
        lacking=_told(mark, "the load", f"was {say.kg(work.load_kg)}", work),
        contrary="a working set with less on the bar",
    )


def _rung(work: Work, at: int) -> Condition:
    enough = work.rung is not None and work.rung >= at
    low = work.rung is not None and not enough
    mark = Mark.MET if enough else Mark.MISSED if low else Mark.UNKNOWN
    done = say.NOT_KNOWN if work.rung is None else f"rung {work.rung + 1}"
    return Condition(
        name="rung",
        value=done,
        limit=f"rung {at + 1}",
        day=work.day,
        mark=mark,
        need=f"all sets on rung {at + 1}",
        lacking=_told(mark, "the rung", f"was {(work.rung or 0) + 1}", work),
        contrary="a set on a lower rung",
    )


def _repetitions(work: Work, planned: int) -> Condition:
    asked = max(planned, work.asked)
    full = work.done is not None and work.done >= asked
    short = work.possible < asked
    mark = Mark.MET if full else Mark.MISSED if short else Mark.UNKNOWN
    value = say.NOT_KNOWN if work.done is None else f"{work.done} of {asked}"
    if work.done is None and short:
        value = f"at most {work.possible} of {asked}"
    return Condition(
        name="repetitions",
        value=value,
        limit=f"all {asked}",
        day=work.day,
        mark=mark,
        need=f"all {asked} repetitions",
        lacking=f"{value} repetitions on {say.day(work.day)}"
        if mark is Mark.MISSED
        else _told(mark, "the number of repetitions", "", work),
        contrary=f"fewer than {asked} repetitions",
    )


def _technique(work: Work) -> Condition:
    mark = Mark.MISSED if work.red else Mark.MET if work.watched else Mark.UNKNOWN
    value = say.times(work.red, "repetition") if work.red else "none"
    if mark is Mark.UNKNOWN:
        value = "not watched"
    return Condition(
        name="red flags",
        value=value,
        limit="none, watched in every working set",
        day=work.day,
        mark=mark,
        need="every working set watched without a red flag",
        lacking=f"red flags in {value} on {say.day(work.day)}"
        if work.red
        else ""
        if work.watched
        else f"not every set was watched on {say.day(work.day)}",
        contrary="a red flag",
    )


def _flags_if_any(work: Work) -> list[Condition]:
    return [_technique(work)] if work.red else []


def _effort(work: Work, highest: int) -> Condition:
    over = work.rpe is not None and work.rpe > highest
    known = work.rpe is not None and work.rpe_known
    mark = Mark.MISSED if over else Mark.MET if known else Mark.UNKNOWN
    return Condition(
        name="effort",
        value=f"{work.rpe} on Borg 6-20" if over or known else say.NOT_KNOWN,
        limit=f"{highest} at most",
        day=work.day,
        mark=mark,
        need=f"an effort of at most {highest} after the last set",
        lacking=_told(mark, "the effort", f"was {work.rpe}", work),
        contrary=f"an effort above {highest}",
    )


def _loss(work: Work, needed: bool, rules: ProgressionRules) -> list[Condition]:
    most = rules.highest_loss_pct.value
    over = work.loss_pct is not None and work.loss_pct > most
    known = work.loss_pct is not None and work.loss_known
    if not (needed or over):
        return []
    mark = Mark.MISSED if over else Mark.MET if known else Mark.UNKNOWN
    return [
        Condition(
            name="velocity loss",
            value=say.pct(work.loss_pct) if over or known else say.NOT_KNOWN,
            limit=f"{most:g} % at most",
            day=work.day,
            mark=mark,
            need=f"a velocity loss of at most {most:g} % in every working set",
            lacking=_told(mark, "the velocity loss", f"was {say.pct(work.loss_pct)}", work),
            contrary=f"a velocity loss above {most:g} %",
        )
    ]


def _pain(work: Work, hold: float, limit: str) -> Condition:
    over = work.pain is not None and work.pain >= hold
    known = work.pain is not None and work.pain_known
    mark = Mark.MISSED if over else Mark.MET if known else Mark.UNKNOWN
    return Condition(
        name="pain",
        value=f"{work.pain} of 10" if over or known else say.NOT_KNOWN,
        limit=limit,
        day=work.day,
        mark=mark,
        need=f"pain {limit}" if hold > 1 else "no pain during impacts",
        lacking=_told(mark, "the pain", f"was {work.pain} of 10", work),
        contrary=f"pain of {hold:g} or more",
    )


def _ceiling(work: Work, needed: bool) -> list[Condition]:
    known = work.landings is not None and work.ceiling_known
    if not (needed or work.over_ceiling):
        return []
    mark = Mark.MISSED if work.over_ceiling else Mark.MET if known else Mark.UNKNOWN
    value = str(work.over_ceiling) if work.over_ceiling or known else say.NOT_KNOWN
    return [
        Condition(
            name="landings over the ceiling",
            value=value,
            limit="none, all measured",
            day=work.day,
            mark=mark,
            need="all landings measured, none over the ceiling, before the impacts get harder",
            lacking=_told(
                mark, "the number of landings over the ceiling", f"was {work.over_ceiling}", work
            ),
            contrary="a landing over the ceiling",
        )
    ]


def _quality(work: Work) -> Condition:
    why = f" ({'; '.join(work.reasons)})" if work.reasons else ""
    return Condition(
        name="quality of the data",
        value="high confidence" if work.confident else f"low confidence{why}",
        limit="high confidence in every working set",
        day=work.day,
        mark=Mark.MET if work.confident else Mark.UNKNOWN,
        need="measurements of high confidence",
        lacking=""
        if work.confident
        else f"the data of {say.day(work.day)} are of low confidence{why}",
        contrary="a set of low confidence",
        confident=work.confident,
    )


def _told(mark: Mark, what: str, was: str, work: Work) -> str:
    """What was instead, naming the thing and the day; empty if the condition is met."""
    if mark is Mark.MET:
        return ""
    said = "is not known" if mark is Mark.UNKNOWN else was
    return (
        f"{what} {said} on {say.day(work.day)}"
        if mark is Mark.MISSED
        else (f"{what} of {say.day(work.day)} {said}")
    )


def _hard_lift(work: Work, demand: Demand, rules: ProgressionRules) -> list[Hard]:
    found = _not_enough(work, demand.repetitions, rules)
    if work.rpe is not None and work.rpe >= rules.rpe_hard.value:
        found.append(Hard(f"effort of {work.rpe}", technique=False))
    if work.loss_pct is not None and work.loss_pct > rules.loss_hard_pct.value:
        found.append(Hard(f"velocity loss of {say.pct(work.loss_pct)}", technique=False))
    if work.red >= rules.red_many.value:
        found.append(Hard(f"red flags in {work.red} repetitions", technique=True))
    if work.pain is not None and work.pain >= rules.pain_hold.value:
        found.append(Hard(f"pain of {work.pain} of 10", technique=True))
    return found


def _hard_impact(work: Work, planned: int, rules: ProgressionRules) -> list[Hard]:
    found = _not_enough(work, planned, rules)
    if work.rpe is not None and work.rpe >= rules.rpe_hard.value:
        found.append(Hard(f"effort of {work.rpe}", technique=False))
    if work.over_ceiling:
        found.append(
            Hard(f"{say.times(work.over_ceiling, 'landing')} over the ceiling", technique=True)
        )
    if work.red >= rules.red_many.value:
        found.append(Hard(f"red flags in {work.red} repetitions", technique=True))
    return found


def _not_enough(work: Work, planned: int, rules: ProgressionRules) -> list[Hard]:
    asked = max(planned, work.asked)
    if work.possible * 100.0 >= rules.enough_pct.value * asked - KG_NOISE:
        return []
    return [Hard(f"{work.possible} of {asked} repetitions", technique=False)]
