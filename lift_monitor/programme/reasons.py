"""What would have led to another proposal, in short sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lift_monitor.programme.conditions import Condition, Mark

_MOST: Final = 3
"""Conditions that are told one by one."""
_TELLING: Final = (
    "red flags",
    "effort",
    "pain",
    "landings over the ceiling",
    "repetitions",
    "load",
    "rung",
    "quality of the data",
)
"""Of conditions that were met, those that are told, the most telling first."""


_TO_DO: Final = {
    "effort": "ask for the effort after the last set",
    "pain": "ask for pain after the last set",
    "red flags": "watch every working set, with the sensors or by eye",
    "repetitions": "count the repetitions",
    "load": "enter what was on the bar (0 kg for a stick)",
    "rung": "enter the rung that was done",
    "velocity loss": "put the bar's sensor on",
    "landings over the ceiling": "measure every landing, with a ceiling set for this person",
    "quality of the data": "see to the sensors",
    "attendance": "correct the record of the session",
}
"""What makes a condition known."""


def would_rise(left: Sequence[Condition], then: str) -> tuple[str, ...]:
    """What was missing for more.

    Parameters
    ----------
    left
        The conditions that are not met.
    then
        What would have been proposed if all were, e.g. ``step up to 55 kg``.
    """
    lacking: dict[str, list[str]] = {}
    for condition in left:
        lacking.setdefault(condition.need, []).append(condition.lacking)
    needs = [f"{need} ({'; '.join(dict.fromkeys(was))})" for need, was in lacking.items()]
    if len(needs) == 1:
        return (f"With {needs[0]}: {then}.",)
    more = len(needs) - _MOST
    rest = f" and {more} more" if more > 0 else ""
    return (
        *(f"Needed: {need}." for need in needs[:_MOST]),
        f"With all of these{rest}: {then}.",
    )


def to_do(left: Sequence[Condition], sessions: int) -> tuple[str, ...]:
    """How somebody gets on who is held by what is not known.

    Parameters
    ----------
    left
        The conditions that are not met.
    sessions
        So many sessions running something was not known.
    """
    missing = [condition.name for condition in left if condition.mark is Mark.UNKNOWN]
    todo = [_TO_DO[name] for name in dict.fromkeys(missing) if name in _TO_DO]
    if not todo:
        return ()
    often = (
        "As long as this is not known, session after session, no step up is proposed"
        if sessions > 1
        else "So that it is known"
    )
    return (f"{often}: {'; '.join(todo[:_MOST])}; or change this proposal, with a reason.",)


def would_hold(met: Sequence[Condition], then: str) -> tuple[str, ...]:
    """What would have spoken against a step up.

    Parameters
    ----------
    met
        The conditions that were met.
    then
        What would have been proposed instead, e.g. ``hold 52.5 kg``.
    """
    by_name = {condition.name: condition for condition in met}
    told = [by_name[name].contrary for name in _TELLING if name in by_name][:_MOST]
    return (
        *(f"With {contrary}: {then}." for contrary in told),
        f"With any of the facts not known: {then}.",
    )
