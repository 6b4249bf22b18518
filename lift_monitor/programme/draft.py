"""Candidates for a proposal; the most careful one wins.

Every rule that applies makes a draft. Of them the one that asks least of the body is proposed,
with the lowest load of all. So a further adverse fact can add a careful draft, and never take
one away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lift_monitor.programme.plan import Phase
from lift_monitor.programme.proposal import Action, Fact


@dataclass(frozen=True, slots=True)
class Draft:
    """One rule's say.

    Attributes
    ----------
    action, phase, load_kg, rung, maximum_kg
        As in a proposal.
    rule
        Key of the rule.
    because
        The reason in a few words, for the headline; empty if the numbers say it.
    would_change
        As in a proposal.
    unless
        Facts without which the rule would have said nothing, one clause each: what would have been
        proposed then is what the other rules say.
    facts
        That this rule used beside the evidence.
    doubts
        Why its confidence is not high.
    """

    action: Action
    phase: Phase
    load_kg: float | None
    rung: int | None
    maximum_kg: float | None
    rule: str
    because: str
    would_change: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    doubts: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


def most_careful(drafts: Sequence[Draft]) -> Draft:
    """The draft that asks least of the body."""
    return min(drafts, key=lambda draft: (draft.action.rank, dose_of(draft), draft.rule))


def dose_of(draft: Draft) -> float:
    """How much a draft asks for: its load, or its rung."""
    if draft.load_kg is not None:
        return draft.load_kg
    return -1.0 if draft.rung is None else float(draft.rung)
