"""How long an exercise has not been done, and whether a clinician has decided on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lift_monitor.programme.decided import decisions_of
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import Decision, History, Verdict
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
    base_kg
        What is lowered: the heaviest working set of the last session with it, or what was decided
        since then if that is less; ``None`` if neither is known.
    """

    days: int | None
    last: date | None
    tier: int
    answered: bool
    base_kg: float | None

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
    decided_at = [
        tier_of((decision.day - last.day).days, rules)
        for decision in _on_dose(decisions_of(history, exercise, rejected=True))
        if decision.day > last.day
    ]
    # What an absence has lowered already is not lowered again from there.
    stood = [
        decision.load_kg
        for decision in decisions_of(history, exercise)
        if decision.action != Action.REFAMILIARISE
    ]
    bases = [kg for kg in (last.top_kg, *stood[-1:]) if kg is not None]
    answered = tier <= max(decided_at, default=0)
    return Absence(days, last.day, tier, answered, min(bases, default=None))


def _on_dose(decided: tuple[Decision, ...]) -> Iterator[Decision]:
    """Decisions on how to return: on such a proposal, or on another load or rung.

    A decision that only lets a stopped exercise go on leaves the question open.
    """
    before: Decision | None = None
    for decision in decided:
        moved = before is None or (before.load_kg, before.rung) != (decision.load_kg, decision.rung)
        if decision.action == Action.REFAMILIARISE or decision.verdict is Verdict.SET or moved:
            yield decision
        if decision.verdict is not Verdict.REJECTED:
            before = decision


def tier_of(days: int, rules: ProgressionRules) -> int:
    """Which of the three lengths of absence a number of days is; 0 is none."""
    lengths = (rules.away_days, rules.away_long_days, rules.away_very_long_days)
    return sum(1 for length in lengths if days >= length.value)


def lowering(tier: int, rules: ProgressionRules) -> Threshold:
    """How far an absence of a tier (1 to 3) lowers the load."""
    return (rules.away_pct, rules.away_long_pct, rules.away_very_long_pct)[tier - 1]
