"""The history as it was before a session: what today is prescribed from, and judged by."""

from __future__ import annotations

from dataclasses import replace

from lift_monitor.programme.record import Decision, History


def before_session(history: History, session: str) -> History:
    """A history without a session and without what was decided in it.

    What is done today does not change what was prescribed for today.
    """
    return replace(
        history,
        sessions=tuple(s for s in history.sessions if s.key != session),
        decisions=tuple(d for d in history.decisions if d.session != session),
    )


def undecided(history: History, session: str) -> History:
    """A history with a session's sets, but as if nothing had been decided in it yet.

    A proposal that is asked for again starts from where it started the first time, so that no
    step is taken twice.
    """
    return replace(history, decisions=tuple(d for d in history.decisions if d.session != session))


def decided(history: History, session: str) -> dict[str, Decision]:
    """The last decision on each exercise in a session."""
    found: dict[str, Decision] = {}
    for decision in sorted(history.decisions, key=lambda d: d.order):
        if decision.session == session:
            found[decision.exercise] = decision
    return found
