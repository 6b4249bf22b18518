"""The conditions of a step up, one by one: value, limit, and whether each is met, missed, unknown.

What is not known never speaks for more.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from lift_monitor.events import Confidence
from lift_monitor.programme import say
from lift_monitor.programme.proposal import Action, Fact
from lift_monitor.programme.rules import ProgressionRules
from lift_monitor.programme.work import Work

KG_NOISE: Final = 1e-6
_BY_CHANGE: Final = ", as changed for that day"


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


def open_conditions(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Those that are not met, what is known first."""
    order = (Mark.MISSED, Mark.UNKNOWN)
    left = [condition for condition in conditions if condition.mark is not Mark.MET]
    return tuple(sorted(left, key=lambda condition: order.index(condition.mark)))


def attendance(work: Work) -> list[Condition]:
    """Sets in a session that is marked as missed speak for nothing."""
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


def load(work: Work, load_kg: float) -> Condition:
    """All working sets with at least the load that stands."""
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


def rung(work: Work, at: int) -> Condition:
    """All sets on the rung that stands, or above."""
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


def repetitions(work: Work, sets: int, each: int) -> Condition:
    """All repetitions of the plan's sets, whatever was changed for the day."""
    asked = max(sets * each, work.asked)
    less = work.wanted(sets, each) < sets * each
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
        lacking=f"{value} repetitions on {say.day(work.day)}{_BY_CHANGE if less else ''}"
        if mark is Mark.MISSED
        else _told(mark, "the number of repetitions", "", work),
        contrary=f"fewer than {asked} repetitions",
    )


def technique(work: Work) -> Condition:
    """Every working set watched, and no red flag in any set."""
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
        need="no red flag in any set, every working set watched",
        lacking=f"red flags in {value} on {say.day(work.day)}"
        if work.red
        else ""
        if work.watched
        else f"not every set was watched on {say.day(work.day)}",
        contrary="a red flag",
    )


def flags_if_any(work: Work) -> list[Condition]:
    """Red flags where technique need not be watched."""
    return [technique(work)] if work.red else []


def effort(work: Work, highest: int) -> Condition:
    """The effort of the working sets, known of the last one."""
    over = work.rpe is not None and work.rpe > highest
    known = work.rpe is not None and work.rpe_known
    mark = Mark.MISSED if over else Mark.MET if known else Mark.UNKNOWN
    return Condition(
        name="effort",
        value=f"{work.rpe} on Borg 6-20" if over or known else say.NOT_KNOWN,
        limit=f"{highest} at most",
        day=work.day,
        mark=mark,
        need=f"an effort of at most {highest} {'in every set' if over else 'after the last set'}",
        lacking=_told(mark, "the effort", f"was {work.rpe}", work),
        contrary=f"an effort above {highest}",
    )


def not_too_hard(work: Work, hard: float) -> list[Condition]:
    """The effort where it need not be asked for: only one that was too hard speaks."""
    if work.rpe is None or work.rpe < hard:
        return []
    return [
        Condition(
            name="effort",
            value=f"{work.rpe} on Borg 6-20",
            limit=f"below {hard:g}",
            day=work.day,
            mark=Mark.MISSED,
            need=f"an effort below {hard:g}",
            lacking=f"the effort was {work.rpe} on {say.day(work.day)}",
            contrary=f"an effort of {hard:g} or more",
        )
    ]


def loss(work: Work, needed: bool, rules: ProgressionRules) -> list[Condition]:
    """The velocity loss of the middle set; known of all where that is ``needed``.

    The middle one, because a bar sensor's repeatability alone makes one of several sets look
    slow; for *too hard* the largest counts.
    """
    most = rules.highest_loss_pct.value
    worst = work.loss_pct is not None and work.loss_pct > rules.loss_hard_pct.value
    over = worst or (work.middle_loss_pct is not None and work.middle_loss_pct > most)
    known = work.middle_loss_pct is not None and work.loss_known
    if not (needed or over):
        return []
    mark = Mark.MISSED if over else Mark.MET if known else Mark.UNKNOWN
    value = say.pct(work.loss_pct if worst else work.middle_loss_pct)
    where = "worst" if worst else "middle"
    return [
        Condition(
            name="velocity loss",
            value=f"{value} in the {where} set" if over or known else say.NOT_KNOWN,
            limit=f"{most:g} % at most in the middle set, {rules.loss_hard_pct} in any",
            day=work.day,
            mark=mark,
            need=f"a velocity loss of at most {most:g} % in the middle set"
            + (f" and {rules.loss_hard_pct} in any" if worst else ""),
            lacking=_told(mark, "the velocity loss", f"was {value}", work),
            contrary=f"a velocity loss above {most:g} %",
        )
    ]


def pain(work: Work, hold: float, limit: str) -> Condition:
    """Pain below ``hold``, known after the last set."""
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


def ceiling(work: Work, needed: bool) -> list[Condition]:
    """No landing over the person's ceiling; known of all where that is ``needed``."""
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
            need="all landings measured against a ceiling, none over it, before harder impacts",
            lacking=_told(
                mark, "the number of landings over the ceiling", f"was {work.over_ceiling}", work
            ),
            contrary="a landing over the ceiling",
        )
    ]


def quality(work: Work) -> Condition:
    """High confidence of every working set."""
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
