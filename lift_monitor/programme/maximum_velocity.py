"""The one-repetition maximum from the speed at several loads: advisory, with its interval.

A straight line is laid through load over speed, one point for each load: its fastest repetition.
Where the line meets the speed of a maximal repetition lies the estimate, and around it the
prediction interval (Student's t with two degrees of freedom less than loads). Three loads leave
one degree of freedom: the interval is then wide unless the points lie on a line, as it should be.

Why it is advisory only: velocity cannot give an accurate maximum of squat or deadlift (Weakley
2021, 10.1519/SSC.0000000000000560); the deadlift's is under-predicted (Lake 2017, Sports 5:70).
Nobody has tested it in women with osteoporosis at these loads.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

import numpy as np
from scipy.special import stdtrit

from lift_monitor.events import Confidence, Exercise
from lift_monitor.programme.no_maximum import NoMaximum
from lift_monitor.programme.plates import HEAVIEST_KG
from lift_monitor.programme.record import History, Maximum, MaximumSource, SetKind
from lift_monitor.programme.work import sessions_of

FEWEST_LOADS: Final = 3
"""Design default."""
HEAVY_PCT: Final = 80.0
"""One load at least at this share: below 70 % errors are above 6 %, from 80 % on below 4 %
(Li 2026, deadlift, read in a secondary text)."""
COVERAGE: Final = 0.95
"""Of the interval."""
WIDEST: Final = 0.5
"""Half an interval that is wider than this share of the estimate tells nothing; design default."""
RECENT_DAYS: Final = 28
"""How old the points of :func:`points_of` may be; design default."""
_SLOWEST_MPS, _FASTEST_MPS = 0.05, 3.0

SPEED_AT_MAXIMUM_MPS: Final[Mapping[str, float]] = MappingProxyType(
    {Exercise.DEADLIFT.value: 0.15, Exercise.BACK_SQUAT.value: 0.30}
)
"""Mean velocity of a maximal repetition in groups, read in a secondary text. For other lifts none
is known: the overhead press differs by 13-25 % between people, so only their own counts."""


@dataclass(frozen=True, slots=True)
class LoadVelocity:
    """Mean velocity of one repetition, m/s, at a load, kg."""

    load_kg: float
    velocity_mps: float


def by_velocity(
    exercise: str,
    points: Sequence[LoadVelocity],
    day: date,
    *,
    measured_as: str | None = None,
    own_speed_mps: float | None = None,
    known_kg: float | None = None,
) -> Maximum:
    """A maximum estimated from a load-velocity line; always of low confidence.

    Parameters
    ----------
    exercise
        Key of the plan's exercise.
    points
        Repetitions; of each load the fastest one counts.
    day
        Of the estimate.
    measured_as
        What the sensors take the exercise for; ``exercise`` itself if not given.
    own_speed_mps
        The person's own speed in a maximal repetition; needed where groups have none in common.
    known_kg
        The best tested maximum, against which one load must be heavy; the estimate itself if
        none is known.

    Raises
    ------
    NoMaximum
        If the points do not allow an estimate.
    """
    at_mps = own_speed_mps or SPEED_AT_MAXIMUM_MPS.get(measured_as or exercise)
    if at_mps is None:
        raise NoMaximum(
            "For this lift only the person's own speed in a maximal repetition tells a maximum; "
            "none is known."
        )
    fastest = _fastest(points)
    if len(fastest) < FEWEST_LOADS:
        raise NoMaximum(
            f"{len(fastest)} different loads are not enough for a load-velocity line; "
            f"{FEWEST_LOADS} are needed."
        )
    loads = np.array(sorted(fastest))
    speeds = np.array([fastest[load] for load in loads])
    middle = speeds - speeds.mean()
    spread = float(middle @ middle)
    slope = float(middle @ loads) / spread if spread > 0.0 else 0.0
    if slope >= 0.0:
        raise NoMaximum("The speed does not fall as the load rises; no maximum can be told.")
    kg = float(loads.mean()) + slope * (at_mps - float(speeds.mean()))
    heaviest = float(loads[-1])
    if not heaviest <= kg <= HEAVIEST_KG:
        raise NoMaximum(
            f"The line tells {kg:.0f} kg, with {heaviest:g} kg lifted; no maximum can be told."
        )
    against = max(kg, known_kg or 0.0)
    if heaviest < HEAVY_PCT / 100.0 * against:
        raise NoMaximum(
            f"The heaviest load of {heaviest:g} kg is {100.0 * heaviest / against:.0f} % of "
            f"{against:.0f} kg; one of at least {HEAVY_PCT:g} % is needed."
        )
    half = _half_width(loads, speeds, slope, at_mps, spread)
    if half > WIDEST * kg:
        raise NoMaximum(
            f"The points lie too far from a line: {kg:.0f} kg, give or take {half:.0f} kg; "
            "measure at more loads."
        )
    return Maximum(
        exercise=exercise,
        source=MaximumSource.VELOCITY,
        kg=_tenths(kg),
        # What was lifted is known, whatever the line says.
        low_kg=_tenths(max(heaviest, kg - half)),
        high_kg=-_tenths(-(kg + half)),
        day=day,
        confidence=Confidence.LOW,
        basis=(
            f"line through {len(loads)} loads from {float(loads[0]):g} to {heaviest:g} kg, "
            f"at {at_mps:.2f} m/s; advisory, no load is prescribed from it"
        ),
    )


def points_of(
    history: History, exercise: str, day: date, days: int = RECENT_DAYS
) -> tuple[LoadVelocity, ...]:
    """Fastest repetitions of the recent sets whose speed can be trusted.

    Parameters
    ----------
    history
        Of the person.
    exercise
        Key of the plan's exercise.
    day
        The last day that counts.
    days
        How far back.
    """
    since = day - timedelta(days=days)
    return tuple(
        LoadVelocity(done.load_kg, done.best_velocity_mps)
        for session in sessions_of(history)
        if session.attended and since <= session.day <= day
        for done in session.sets
        if done.exercise == exercise
        and done.confidence is Confidence.HIGH
        and done.load_kg
        and done.best_velocity_mps is not None
    )


def own_speed(history: History, exercise: str) -> float | None:
    """The person's own speed in the newest single repetition after which none was possible, m/s.

    Parameters
    ----------
    history
        Of the person.
    exercise
        Key of the plan's exercise.

    Returns
    -------
    float or None
        ``None`` if no such repetition was measured with confidence; the slower of two on one day.
    """
    singles = [
        (session.day, -done.best_velocity_mps)
        for session in sessions_of(history)
        if session.attended
        for done in session.sets
        if done.exercise == exercise
        and done.kind is SetKind.TEST
        and done.repetitions == 1
        and done.to_failure
        and done.confidence is Confidence.HIGH
        and done.best_velocity_mps is not None
    ]
    return -max(singles)[1] if singles else None


def _fastest(points: Iterable[LoadVelocity]) -> dict[float, float]:
    """The fastest speed at each load, loads to the gram; what cannot be is left out."""
    fastest: dict[float, float] = defaultdict(float)
    for point in points:
        if (
            0.0 < point.load_kg <= HEAVIEST_KG
            and _SLOWEST_MPS <= point.velocity_mps <= _FASTEST_MPS
        ):
            load = round(point.load_kg, 3)
            fastest[load] = max(fastest[load], point.velocity_mps)
    return dict(fastest)


def _half_width(
    loads: np.ndarray,
    speeds: np.ndarray,
    slope: float,
    at_mps: float,
    spread: float,
) -> float:
    """Half the prediction interval of one more load at a speed, kg."""
    count = len(loads)
    freedom = count - 2
    line = loads.mean() + slope * (speeds - speeds.mean())
    residual = math.sqrt(float(((loads - line) ** 2).sum()) / freedom)
    away = (at_mps - float(speeds.mean())) ** 2 / spread
    return (
        float(stdtrit(freedom, 0.5 + COVERAGE / 2.0))
        * residual
        * math.sqrt(1.0 + 1.0 / count + away)
    )


def _tenths(kg: float) -> float:
    """Rounded down to 0.1 kg, but for what arithmetic leaves over."""
    return math.floor(10.0 * kg + 1e-6) / 10.0
