"""The one-repetition maximum from three sources, which are kept apart.

*Tested*: lifted once. *By repetitions*: from a set to the last clean repetition. *By velocity*:
from the speed at several loads; advisory only, because velocity cannot give an accurate maximum
of squat or deadlift (Weakley 2021, 10.1519/SSC.0000000000000560); no load is ever prescribed
from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Final

from lift_monitor.events import Confidence
from lift_monitor.programme.maximum_velocity import (
    LoadVelocity,
    by_velocity,
    own_speed,
    points_of,
)
from lift_monitor.programme.no_maximum import NoMaximum
from lift_monitor.programme.plates import HEAVIEST_KG
from lift_monitor.programme.record import History, Maximum, MaximumSource

__all__ = [
    "LoadVelocity",
    "NoMaximum",
    "brzycki",
    "by_repetitions",
    "by_velocity",
    "epley",
    "is_lower_bound",
    "latest",
    "measured",
    "own_speed",
    "points_of",
    "tested",
]

FEWEST_REPETITIONS: Final = 2
MOST_REPETITIONS: Final = 10
"""Beyond ten the formulae part; design default."""


def tested(
    exercise: str,
    kg: float,
    day: date,
    confirmed: bool = True,  # noqa: PT028 - not a test of pytest
) -> Maximum:
    """A maximum that was lifted.

    Parameters
    ----------
    exercise
        Key of the plan's exercise.
    kg
        Mass on the bar.
    day
        When it was lifted.
    confirmed
        The clinician saw it lifted with good technique; else it is of low confidence and nothing
        is prescribed from it.

    Raises
    ------
    NoMaximum
        If the mass cannot be one.
    """
    _check_load(kg)
    if confirmed:
        return Maximum(
            exercise, MaximumSource.TESTED, kg, None, None, day, Confidence.HIGH,
            f"lifted once: {kg:g} kg",
        )  # fmt: skip
    return Maximum(
        exercise, MaximumSource.TESTED, kg, None, None, day, Confidence.LOW,
        f"lifted once: {kg:g} kg, technique not confirmed",
    )  # fmt: skip


def epley(load_kg: float, repetitions: int) -> float:
    """Epley's estimate of the maximum, kg: the load × (1 + repetitions / 30)."""
    return load_kg * (1.0 + repetitions / 30.0)


def brzycki(load_kg: float, repetitions: int) -> float:
    """Brzycki's estimate of the maximum, kg: the load × 36 / (37 - repetitions)."""
    return load_kg * 36.0 / (37.0 - repetitions)


def by_repetitions(
    exercise: str, load_kg: float, repetitions: int, day: date, to_failure: bool
) -> Maximum:
    """A maximum estimated from a set at a known load: the smaller of two formulae's.

    Neither formula was derived from published data (PMC4042664); in 51 adults of 71 years six
    such formulae told less than what was then lifted (Knutzen 1999, Journal of Strength and
    Conditioning Research 13:242-246), so the smaller is the careful choice.

    Parameters
    ----------
    exercise
        Key of the plan's exercise.
    load_kg
        Mass on the bar.
    repetitions
        Clean ones, 2 to 10.
    day
        When it was done.
    to_failure
        No further repetition with good technique was possible. Else the maximum is at least what
        is told: ``low_kg`` is that, and nothing speaks for it being no more.

    Raises
    ------
    NoMaximum
        If nothing can be estimated.
    """
    _check_load(load_kg)
    if repetitions < FEWEST_REPETITIONS:
        raise NoMaximum(
            f"A set of {repetitions} is not enough to estimate a maximum; "
            "enter one repetition as a test."
        )
    if repetitions > MOST_REPETITIONS:
        raise NoMaximum(
            f"{repetitions} repetitions are too many for an estimate; "
            f"take a load that allows {FEWEST_REPETITIONS} to {MOST_REPETITIONS}."
        )
    first, second = epley(load_kg, repetitions), brzycki(load_kg, repetitions)
    kg = math.floor(10.0 * min(first, second) + 1e-9) / 10.0
    said = (
        f"{repetitions} repetitions with {load_kg:g} kg: "
        f"Epley {first:.1f} kg, Brzycki {second:.1f} kg, the smaller is taken"
    )
    return Maximum(
        exercise=exercise,
        source=MaximumSource.REPETITIONS,
        kg=kg,
        low_kg=None if to_failure else kg,
        high_kg=None,
        day=day,
        confidence=Confidence.HIGH,
        basis=said if to_failure else f"at least, since more were possible; {said}",
    )


def is_lower_bound(maximum: Maximum) -> bool:
    """Whether a maximum only says *at least*: it never speaks for less than is known."""
    return (
        maximum.source is MaximumSource.REPETITIONS
        and maximum.low_kg is not None
        and maximum.high_kg is None
    )


def latest(
    maxima: Iterable[Maximum], exercise: str, source: MaximumSource | None = None
) -> Maximum | None:
    """The newest maximum of an exercise; the order of ``maxima`` does not matter.

    Of several on one day a tested one counts first, then one by repetitions; of two alike, the
    more trustworthy and then the smaller.

    Parameters
    ----------
    maxima
        Of one person.
    exercise
        Key of the plan's exercise.
    source
        Look at this source only.
    """
    found = [
        maximum
        for maximum in maxima
        if maximum.exercise == exercise and (source is None or maximum.source is source)
    ]
    return max(found, key=_standing_of, default=None)


def measured(history: History, exercise: str) -> Maximum | None:
    """The maximum that loads may be prescribed from: tested or by repetitions.

    It is the newest one that says how much, unless a later set showed that it is more. Estimates
    by velocity and tests that nobody confirmed never count.
    """
    usable = [
        maximum
        for maximum in history.maxima
        if maximum.exercise == exercise
        and maximum.source is not MaximumSource.VELOCITY
        and maximum.confidence is Confidence.HIGH
    ]
    found = latest((each for each in usable if not is_lower_bound(each)), exercise)
    shown = max(
        (
            each
            for each in usable
            if is_lower_bound(each) and (found is None or each.day >= found.day)
        ),
        key=lambda each: (each.kg, each.day),
        default=None,
    )
    if found is None or shown is None:
        return found or shown
    return shown if shown.kg > found.kg else found


_SOURCES: Final = tuple(MaximumSource)
_CONFIDENCES: Final = tuple(Confidence)


def _standing_of(maximum: Maximum) -> tuple[date, int, int, float]:
    return (
        maximum.day,
        -_SOURCES.index(maximum.source),
        -_CONFIDENCES.index(maximum.confidence),
        -maximum.kg,
    )


def _check_load(kg: float) -> None:
    if not (math.isfinite(kg) and 0.0 < kg <= HEAVIEST_KG):
        raise NoMaximum(
            f"{kg:g} kg cannot be on the bar; enter the mass of bar and plates together, "
            f"up to {HEAVIEST_KG:g} kg."
        )
