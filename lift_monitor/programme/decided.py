"""Decisions in the order in which they count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lift_monitor.programme.plan import Phase
from lift_monitor.programme.record import Decision, History, Verdict
from lift_monitor.programme.work import Place, Work, place


def decisions_of(
    history: History, exercise: str, *, rejected: bool = False
) -> tuple[Decision, ...]:
    """Decisions on what stands, oldest first; of two that claim one place the careful one is last.

    Parameters
    ----------
    history
        Of the person.
    exercise
        Key of the plan's exercise.
    rejected
        Also rejections, which keep what stood.
    """
    kept = {
        decision
        for decision in history.decisions
        if decision.exercise == exercise and (rejected or decision.verdict is not Verdict.REJECTED)
    }
    return tuple(sorted(kept, key=_order))


def since_decision(decided: tuple[Decision, ...]) -> Decision | None:
    """The decision from which load, rung and phase stand as they do; ``None`` before the first.

    A re-test does not interrupt: it keeps the phase that it is made in.
    """
    found: Decision | None = None
    stands: tuple[float | None, int | None, Phase | None] = (None, None, None)
    for decision in decided:
        phase = stands[2] if decision.phase is Phase.RETEST else decision.phase
        now = (decision.load_kg, decision.rung, phase)
        if found is None or now != stands:
            found, stands = decision, now
    return found


def came_after(work: Work, decision: Decision, places: Mapping[str, Place]) -> bool:
    """Whether a session was done on what a decision set.

    Parameters
    ----------
    work
        The session.
    decision
        What was set.
    places
        Of all sessions by key. On one day the session that the decision names, and those before
        it, came first; a decision that names none was taken before the day's session.
    """
    if work.session == decision.session:
        return False
    if work.day != decision.day:
        return work.day > decision.day
    named = places.get(decision.session)
    return named is None or place(work) > named


def releases(decision: Decision) -> bool:
    """Whether a decision can let an exercise go on that was stopped.

    A clinician's own word with a reason can. Accepting the stop keeps it; rejecting it keeps what
    stood, which is the stop: to go on, a clinician says with what.
    """
    return decision.verdict in (Verdict.SET, Verdict.CHANGED) and bool(decision.reason.strip())


def _order(decision: Decision) -> tuple[int, date, float, str]:
    heaviness = decision.load_kg if decision.load_kg is not None else decision.rung or 0
    return (decision.order, decision.day, -heaviness, repr(decision))
