"""Decisions in the order in which they count."""

from __future__ import annotations

from datetime import date

from lift_monitor.programme.record import Decision, History, Verdict


def decisions_of(history: History, exercise: str) -> tuple[Decision, ...]:
    """Decisions on what stands, oldest first; rejections are left out, since they keep it.

    Of two that claim the same place (a repeated record) the more careful one stands.
    """
    kept = {
        decision
        for decision in history.decisions
        if decision.exercise == exercise and decision.verdict is not Verdict.REJECTED
    }
    return tuple(sorted(kept, key=_order))


def releases(decision: Decision) -> bool:
    """Whether a decision can let an exercise go on that was stopped.

    A clinician's own word with a reason can. Accepting the stop keeps it; rejecting it keeps what
    stood, which is the stop: to go on, a clinician says with what.
    """
    return decision.verdict in (Verdict.SET, Verdict.CHANGED) and bool(decision.reason.strip())


def _order(decision: Decision) -> tuple[int, date, float, str]:
    heaviness = decision.load_kg if decision.load_kg is not None else decision.rung or 0
    return (decision.order, decision.day, -heaviness, repr(decision))
