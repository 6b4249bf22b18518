"""How long an exercise has not been done, and whether a clinician has decided on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lift_monitor.programme.decided import decisions_of
from lift_monitor.programme.record import History
from lift_monitor.programme.rules import ProgressionRules, Threshold
from lift_monitor.programme.work import works


@dataclass(frozen=True, slots=True)
class Absence:
    """Time since an exercise was last done.

    Attributes
    ----------
    days
        Since the last session with it; ``None`` if it was never done.
    last
        That session's day.
    tier
        0 none, 1 an absence, 2 a long one, 3 a very long one.
    answered
        A clinician has decided on what stands since then, knowing an absence of this length.
    top_kg
        Heaviest working set of the last session with it.
    """

    days: int | None
    last: date | None
    tier: int
    answered: bool
    top_kg: float | None

    @property
    def open(self) -> bool:
        """It is to be decided on before anything is lifted."""
        return self.tier > 0 and not self.answered


def absence(history: History, exercise: str, day: date, rules: ProgressionRules) -> Absence:
    """How long an exercise was not done until a day; missed sessions do not shorten it."""
    trained = [work for work in works(history, exercise) if work.trained]
    if not trained:
        return Absence(None, None, 0, True, None)
    last = trained[-1]
    days = max(0, (day - last.day).days)
    tier = tier_of(days, rules)
    known_then = [
        tier_of((decision.day - last.day).days, rules)
        for decision in decisions_of(history, exercise, rejected=True)
        if decision.day > last.day
    ]
    return Absence(days, last.day, tier, tier <= max(known_then, default=0), last.top_kg)


def tier_of(days: int, rules: ProgressionRules) -> int:
    """Which of the three lengths of absence a number of days is; 0 is none."""
    lengths = (rules.away_days, rules.away_long_days, rules.away_very_long_days)
    return sum(1 for length in lengths if days >= length.value)


def lowering(tier: int, rules: ProgressionRules) -> Threshold:
    """How far an absence of a tier (1 to 3) lowers the load."""
    return (rules.away_pct, rules.away_long_pct, rules.away_very_long_pct)[tier - 1]
