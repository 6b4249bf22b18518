"""What was before a session, and what was decided in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lift_monitor.programme.record import Decision, History


def without_session(history: History, session: str) -> History:
    """A history without a session and without what was decided on its sets.

    What is done today does not change what was prescribed for today.
    """
    return replace(
        history,
        sessions=tuple(s for s in history.sessions if s.key != session),
        decisions=tuple(d for d in history.decisions if d.session != session),
    )


def decided(history: History, session: str, day: date) -> dict[str, Decision]:
    """The last decision on a proposal for each exercise, in a session or just before it.

    Parameters
    ----------
    history : History
    session : str
        Key.
    day : date
        Of the session: what was decided on it before its first set belongs to no session.
    """
    found: dict[str, Decision] = {}
    for decision in sorted(history.decisions, key=lambda d: d.order):
        before = not decision.session and decision.day == day and decision.action
        if decision.session == session or before:
            found[decision.exercise] = decision
    return found
