"""The sessions that a proposal is made from: on what stands now, and how they went."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from lift_monitor.programme import say
from lift_monitor.programme.absence import Absence
from lift_monitor.programme.conditions import Condition, Mark, open_conditions
from lift_monitor.programme.decided import came_after, decisions_of, since_decision
from lift_monitor.programme.evidence import (
    Evidence,
    Hard,
    judge_test,
    minor_events,
    open_elsewhere,
)
from lift_monitor.programme.record import History
from lift_monitor.programme.rules import ProgressionRules
from lift_monitor.programme.work import Work, by_day, place, places_of, works
from lift_monitor.programme.worsening import worse_outcomes

_EFFORT: Final = ("effort", "velocity loss")


@dataclass(frozen=True, slots=True)
class Review:
    """What the last sessions say.

    Attributes
    ----------
    judged
        The sessions in a row that a step up needs, oldest first; fewer if there are no more.
    conditions
        All that a step up needs, session by session, with what else speaks against it.
    beside
        Of these, what speaks against it beside the sessions: tests, adverse events, outcomes, pain
        that stops another exercise, and an absence since the last session.
    hard
        Signs that the last session was too hard.
    hard_twice
        Signs of the sessions in a row that were too hard; empty unless they are enough for a
        step down.
    hard_days
        Days of those sessions.
    unknown_for
        So many of the last sessions running left something unknown.
    """

    judged: tuple[Evidence, ...]
    conditions: tuple[Condition, ...]
    beside: tuple[Condition, ...]
    hard: tuple[Hard, ...]
    hard_twice: tuple[Hard, ...]
    hard_days: tuple[date, ...]
    unknown_for: int

    @property
    def good(self) -> bool:
        """Every condition of a step up is met and known."""
        return all(condition.mark is Mark.MET for condition in self.conditions)

    @property
    def last(self) -> Evidence | None:
        """The last session."""
        return self.judged[-1] if self.judged else None

    @property
    def testable(self) -> bool:
        """The last session has nothing against finding the maximum: at most the effort was high.

        Everything is known and of high confidence, without red flags, without pain to speak of,
        and it was not too hard.
        """
        last = self.last
        if last is None or last.hard or self.beside:
            return False
        return all(
            condition.mark is Mark.MET
            or (condition.mark is Mark.MISSED and condition.name in _EFFORT)
            for condition in last.conditions
        )

    def open(self) -> tuple[Condition, ...]:
        """Conditions that are not met."""
        return open_conditions(self.conditions)

    def doubts(self) -> tuple[str, ...]:
        """Why the confidence is not high: what is not known or not trusted."""
        told = [c.lacking for c in self.conditions if c.mark is Mark.UNKNOWN and c.lacking]
        return tuple(dict.fromkeys(f"{c[0].upper()}{c[1:]}." for c in told))


def review(
    history: History,
    exercise: str,
    needed: int,
    rules: ProgressionRules,
    judge: Callable[[Work], Evidence],
    away: Absence,
) -> Review:
    """Judge the sessions since the decision that set what stands.

    Parameters
    ----------
    history
        Of the person.
    exercise
        Key of the plan's exercise.
    needed
        Sessions in a row that a step up needs.
    rules
        The thresholds.
    judge
        Holds one session against what is asked of it; two of one day are one.
    away
        How long it has not been done.
    """
    decided = decisions_of(history, exercise)
    set_by = since_decision(decided)
    places = places_of(history)
    done = [
        work
        for work in works(history, exercise)
        if set_by is None or came_after(work, set_by, places)
    ]
    worked = [work for work in done if work.working or not work.tested]
    seen = [judge(work) for work in by_day(history, worked)]
    down = int(rules.sessions_down.value)
    judged = _in_a_row(seen, needed, rules)
    first = judged[0].work if judged else None
    tests = [
        condition
        for work in done
        if work.tested and not work.working and (first is None or place(work) > place(first))
        for condition in judge_test(work, rules)
    ]
    since = first.day if first is not None else set_by.day if set_by is not None else None
    beside = (
        *tests,
        *minor_events(history, exercise, since),
        *worse_outcomes(history, since, rules),
        *open_elsewhere(history, exercise, rules),
        *(_since_absence(away, rules) if judged else ()),
    )
    conditions = [
        *_enough_sessions(judged, needed),
        *(condition for evidence in judged for condition in evidence.conditions),
        *beside,
    ]
    too_hard = [evidence for evidence in seen[-down:] if evidence.hard]
    twice = too_hard if len(too_hard) >= down else []
    return Review(
        judged=tuple(judged),
        conditions=tuple(conditions),
        beside=beside,
        hard=seen[-1].hard if seen else (),
        hard_twice=tuple(sign for evidence in twice for sign in evidence.hard),
        hard_days=tuple(evidence.work.day for evidence in twice),
        unknown_for=sum(1 for _ in itertools.takewhile(_unknown, reversed(seen))),
    )


def _unknown(evidence: Evidence) -> bool:
    return any(condition.mark is Mark.UNKNOWN for condition in evidence.conditions)


def _in_a_row(seen: list[Evidence], needed: int, rules: ProgressionRules) -> list[Evidence]:
    """The last sessions, as far back as no absence lies between them."""
    row: list[Evidence] = []
    for evidence in reversed(seen[-needed:]):
        if row and (row[0].work.day - evidence.work.day).days >= rules.away_days.value:
            break
        row.insert(0, evidence)
    return row


def _since_absence(away: Absence, rules: ProgressionRules) -> list[Condition]:
    """What was done before an absence speaks for nothing after it, whatever was decided on it."""
    if not away.tier:
        return []
    days = say.times(away.days or 0, "day")
    return [
        Condition(
            name="sessions since the absence",
            value="none",
            limit=f"1 after {rules.away_days} or more",
            day=away.last,
            mark=Mark.MISSED,
            need="a session since the absence",
            lacking=f"no session since the {days} away",
            contrary="an absence",
        )
    ]


def _enough_sessions(judged: list[Evidence], needed: int) -> list[Condition]:
    enough = len(judged) >= needed
    wanted = f"{say.times(needed, 'session')} in a row" if needed > 1 else "1 session"
    return [
        Condition(
            name="sessions at this level",
            value=str(len(judged)),
            limit=wanted,
            day=judged[-1].work.day if judged else None,
            mark=Mark.MET if enough else Mark.MISSED,
            need=f"{wanted} at this level",
            lacking="" if enough else f"{len(judged)} of {say.times(needed, 'session')} so far",
            contrary="fewer sessions",
        )
    ]
