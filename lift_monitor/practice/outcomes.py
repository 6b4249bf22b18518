"""Outcomes of simulated people: made-up values that change with the training that was done.

The sizes of the changes are of the order that the trials report; none of them is a result.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from lift_monitor.clinic.words import Outcome
from lift_monitor.practice.people import CLINICIAN, SimulatedPerson
from lift_monitor.programme.outcomes import Measure

_BASE: Final[dict[Measure, tuple[float, float, float, float, int]]] = {
    # typical value, spread between people, change in per cent of a whole course, noise, decimals
    Measure.BMD_SPINE: (0.845, 0.05, 2.9, 0.008, 3),
    Measure.BMD_FEMORAL_NECK: (0.655, 0.04, 0.5, 0.008, 3),
    Measure.BMD_HIP: (0.760, 0.05, 0.6, 0.007, 3),
    Measure.HEIGHT: (162.0, 0.0, 0.1, 0.15, 1),
    Measure.KYPHOSIS_RELAXED: (47.0, 5.0, -6.0, 1.5, 0),
    Measure.KYPHOSIS_TALL: (39.0, 5.0, -14.0, 1.5, 0),
    Measure.BACK_EXTENSOR: (38.0, 5.0, 40.0, 1.5, 1),
    Measure.LEG_EXTENSOR: (58.0, 8.0, 38.0, 2.0, 1),
    Measure.TIMED_UP_AND_GO: (7.4, 0.7, -8.0, 0.2, 1),
    Measure.SIT_TO_STAND: (11.2, 1.2, -14.0, 0.4, 1),
    Measure.FUNCTIONAL_REACH: (33.0, 3.0, 8.0, 0.8, 1),
}
_BMD_OF_T: Final = {
    Measure.T_SPINE: (Measure.BMD_SPINE, 1.047, 0.11),
    Measure.T_FEMORAL_NECK: (Measure.BMD_FEMORAL_NECK, 0.849, 0.111),
    Measure.T_HIP: (Measure.BMD_HIP, 0.942, 0.122),
}
"""Reference mean and spread of a made-up scanner."""
_DXA: Final = frozenset((Measure.BMD_SPINE, Measure.BMD_FEMORAL_NECK, Measure.BMD_HIP, *_BMD_OF_T))
_NEW_SCANNER: Final = 18
"""This person's practice changes its scanner in between: the two are not to be compared."""


def outcomes_of(
    person: SimulatedPerson, day: date, trained: float, seed: int, *, last: bool = False
) -> tuple[Outcome, ...]:
    """Everything that is measured on one day.

    Parameters
    ----------
    person : SimulatedPerson
    day : date
    trained : float
        Share of a whole course of training that lies behind, 0 at baseline.
    seed : int
        Of the course.
    last : bool
        The measurement at the end of the course.
    """
    own = np.random.default_rng([seed, person.number])
    rng = np.random.default_rng([seed, person.number, round(1000 * trained), last])
    values: dict[Measure, float] = {}
    for measure, (typical, spread, change_pct, noise, decimals) in _BASE.items():
        at_first = typical + spread * float(own.standard_normal())
        if measure is Measure.HEIGHT:
            at_first = person.height_cm
        now = at_first * (1.0 + change_pct * trained / 100.0)
        values[measure] = round(now + noise * float(rng.standard_normal()), decimals)
    for measure, (density, mean, spread) in _BMD_OF_T.items():
        values[measure] = round((values[density] - mean) / spread, 1)
    values[Measure.FALLS] = float(rng.poisson(0.4 if trained == 0 else 0.2))
    values[Measure.FRACTURES] = 0.0
    scanner = "scanner B" if last and person.number == _NEW_SCANNER else "scanner A"
    return tuple(
        Outcome(measure, value, day, CLINICIAN, device=scanner if measure in _DXA else "")
        for measure, value in values.items()
    )
