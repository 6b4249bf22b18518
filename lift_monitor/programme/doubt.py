"""Whether a one-repetition maximum is likely a slip of the pen, and which ones loads may follow.

A digit too many, pounds for kilograms, the maximum of another lift: such a value may lie well
within what a person can have. A doubt is one sentence with the numbers. It never blocks: the
clinician confirms the value with a reason, and then it is used as it is. A maximum that is in doubt
and was confirmed by nobody never raises a load (:mod:`lift_monitor.programme.known_maximum`).

All limits here are design defaults.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from lift_monitor.events import Confidence, Exercise
from lift_monitor.programme import say
from lift_monitor.programme.maximum import is_lower_bound
from lift_monitor.programme.record import History, Maximum, MaximumSource
from lift_monitor.programme.work import sessions_of

MOST_TIMES: Final = 2.0
"""A maximum is seldom more than so many times the last one, nor less than 1 / so many.

An honest re-test of a light press came out 1.6 times higher in simulated courses; pounds for
kilograms are 2.2 times.
"""
FEWEST_OF_LIFTED: Final = 0.9
"""A maximum is seldom less than this share of what was lifted within :data:`LIFTED_DAYS`."""
LIFTED_DAYS: Final = 56
USUAL_MASS_KG: Final = 70.0
"""Taken for the body mass where it is not known."""
MOST_OF_MASS: Final[Mapping[str, float]] = MappingProxyType(
    {
        Exercise.DEADLIFT.value: 2.0,
        Exercise.BACK_SQUAT.value: 2.0,
        Exercise.OVERHEAD_PRESS.value: 1.0,
    }
)
"""Times the body mass that a maximum of each lift seldom passes."""
_POUNDS: Final = 2.20462
_NEAR: Final = 0.06
_PRESS: Final = Exercise.OVERHEAD_PRESS.value
_LEGS: Final = (Exercise.DEADLIFT.value, Exercise.BACK_SQUAT.value)


def doubt_of_maximum(history: History, maximum: Maximum, body_mass_kg: float | None = None) -> str:
    """Say why a maximum is likely a slip of the pen.

    Parameters
    ----------
    history
        Of the person, with or without the maximum itself; only earlier days are compared with.
    maximum
        The new one, of any source.
    body_mass_kg
        Of the person, if it is known.

    Returns
    -------
    str
        One sentence with the numbers; empty if nothing is odd, or the maximum was confirmed.
    """
    if maximum.confirmed.strip():
        return ""
    doubted = in_doubt(history, maximum.exercise)
    return (
        _against_maxima(history, maximum, [each for each in history.maxima if each not in doubted])
        or _against_mass(_name(history, maximum.exercise), maximum, body_mass_kg)
        or _against_lifted(history, maximum)
    )


def in_doubt(history: History, exercise: str) -> Mapping[Maximum, str]:
    """Maxima of an exercise that are in doubt and that nobody has confirmed, with the sentence.

    What was lifted is left out here: a set that is lost must never turn a doubt into more load.
    Estimates by velocity are left out too, since no load follows them.
    """
    found: dict[Maximum, str] = {}
    own = {each for each in history.maxima if each.exercise == exercise}
    for maximum in sorted(own, key=lambda each: each.day):
        if maximum.source is MaximumSource.VELOCITY or maximum.confirmed.strip():
            continue
        # Nothing is held against another value that is in doubt itself.
        sound = [each for each in history.maxima if each not in found]
        doubt = _against_maxima(history, maximum, sound)
        if doubt:
            found[maximum] = doubt
    return MappingProxyType(found)


def open_doubts(history: History, exercise: str) -> Mapping[Maximum, str]:
    """Maxima in doubt that nothing has answered: no trusted one was entered on the day or later."""
    doubted = in_doubt(history, exercise)
    sound = [
        maximum.day
        for maximum in history.maxima
        if maximum.exercise == exercise
        and maximum.source is not MaximumSource.VELOCITY
        and maximum.confidence is Confidence.HIGH
        and maximum not in doubted
        and not is_lower_bound(maximum)
    ]
    last = max(sound, default=date.min)
    return MappingProxyType({each: said for each, said in doubted.items() if each.day > last})


def trusted_of(history: History, exercise: str) -> History:
    """The history as loads may follow it.

    A maximum in doubt is of low confidence; it is left out once a trusted one has taken its place.
    """
    doubted = in_doubt(history, exercise)
    if not doubted:
        return history
    unanswered = open_doubts(history, exercise)
    kept = (
        replace(each, confidence=Confidence.LOW)
        if each in unanswered and each.confidence is Confidence.HIGH
        else each
        for each in history.maxima
        if each not in doubted or each in unanswered
    )
    return replace(history, maxima=tuple(kept))


def likely_slip(ratio: float) -> str:
    """What a new value may be instead: an end of a sentence, empty if it looks like nothing.

    Parameters
    ----------
    ratio
        Of the new value to the one that it is held against.
    """
    for times, said in ((_POUNDS, "pounds and kilograms"), (10.0, "a digit too many or too few")):
        for looked in (times, 1.0 / times):
            if abs(ratio / looked - 1.0) <= _NEAR:
                return f"; look whether it is {said}"
    return ""


def _against_maxima(history: History, maximum: Maximum, sound: Iterable[Maximum]) -> str:
    """Whether a maximum does not fit to what was measured or accepted on earlier days.

    Trust in those decides nothing here: less of it must never turn a doubt into more load.
    """
    earlier = [
        each
        for each in sound
        if each.day < maximum.day
        and each.source is not MaximumSource.VELOCITY
        and not is_lower_bound(each)
    ]
    name, kg = _name(history, maximum.exercise), maximum.kg
    before = _last(earlier, maximum.exercise) or _accepted(history, maximum)
    if before is not None:
        low = kg < before.high_kg / MOST_TIMES - 1e-9 and not is_lower_bound(maximum)
        if low or kg > before.low_kg * MOST_TIMES + 1e-9:
            known_kg = before.high_kg if low else before.low_kg
            return (
                f"{name}: a maximum of {say.mass(kg)} on {say.day(maximum.day)}, and "
                f"{say.mass(known_kg)} on {say.day(before.day)}: more than {MOST_TIMES:g} times "
                f"apart{likely_slip(kg / known_kg)}."
            )
    return _against_others(history, maximum, earlier)


@dataclass(frozen=True, slots=True)
class _Before:
    """What was known last, on one day: of several values the smallest and the largest."""

    day: date
    low_kg: float
    high_kg: float


def _last(earlier: Iterable[Maximum], exercise: str) -> _Before | None:
    found = [each for each in earlier if each.exercise == exercise]
    day = max((each.day for each in found), default=None)
    if day is None:
        return None
    of_day = [each.kg for each in found if each.day == day]
    return _Before(day, min(of_day), max(of_day))


def _accepted(history: History, maximum: Maximum) -> _Before | None:
    """The last maximum that was accepted, where none was measured before."""
    found = [
        (decision.order, decision.day, decision.maximum_kg)
        for decision in history.decisions
        if decision.exercise == maximum.exercise
        and decision.maximum_kg
        and decision.day < maximum.day
    ]
    if not found:
        return None
    _, day, kg = max(found)
    return _Before(day, kg, kg)


def _against_mass(name: str, maximum: Maximum, body_mass_kg: float | None) -> str:
    times = MOST_OF_MASS.get(maximum.exercise)
    if times is None:
        return ""
    most = times * (body_mass_kg or USUAL_MASS_KG)
    if maximum.kg <= most + 1e-9:
        return ""
    mass = (
        f"a body mass of {say.mass(body_mass_kg)}"
        if body_mass_kg
        else f"a body mass that is not known ({USUAL_MASS_KG:g} kg is taken)"
    )
    return (
        f"{name}: a maximum of {say.mass(maximum.kg)} on {say.day(maximum.day)} is more than "
        f"{times:g} times {mass}; look whether it was told in pounds."
    )


def _against_others(history: History, maximum: Maximum, earlier: list[Maximum]) -> str:
    """A press above the deadlift or the squat, or the other way round: likely the wrong lift."""
    odd: list[tuple[str, float]] = []
    if maximum.exercise == _PRESS:
        for key in _LEGS:
            other = _last(earlier, key)
            if other is not None and maximum.kg > other.low_kg:
                odd.append((key, other.low_kg))
    elif maximum.exercise in _LEGS and not is_lower_bound(maximum):
        press = _last(earlier, _PRESS)
        if press is not None and maximum.kg < press.high_kg:
            odd.append((_PRESS, press.high_kg))
    if not odd:
        return ""
    key, kg = odd[0]
    other_name = _name(history, key)
    return (
        f"{_name(history, maximum.exercise)}: a maximum of {say.mass(maximum.kg)} on "
        f"{say.day(maximum.day)}, and {say.mass(kg)} in the "
        f"{other_name[:1].lower()}{other_name[1:]}; look whether it was told for another lift."
    )


def _against_lifted(history: History, maximum: Maximum) -> str:
    if is_lower_bound(maximum):
        return ""
    lifted = [
        (done.load_kg, session.day)
        for session in sessions_of(history)
        if session.attended and 0 <= (maximum.day - session.day).days <= LIFTED_DAYS
        for done in session.sets
        if done.exercise == maximum.exercise and done.repetitions and done.load_kg is not None
    ]
    if not lifted:
        return ""
    kg, day = max(lifted)
    if maximum.kg >= FEWEST_OF_LIFTED * kg - 1e-9:
        return ""
    return (
        f"{_name(history, maximum.exercise)}: a maximum of {say.mass(maximum.kg)} on "
        f"{say.day(maximum.day)}, and {say.mass(kg)} were lifted on "
        f"{say.day(day)}{likely_slip(maximum.kg / kg)}."
    )


def _name(history: History, exercise: str) -> str:
    known = {planned.key: planned.name for planned in history.plan.exercises}
    return known.get(exercise, exercise)
