"""Whether a body mass or an outcome is likely a slip of the pen: held against the last one.

A doubt is one sentence with the numbers. It never blocks: the clinician corrects the value, or
confirms it with a reason. All limits here are design defaults.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lift_monitor.programme.doubt import likely_slip
from lift_monitor.programme.outcomes import SPECS, Measure

MASS_CHANGE_PCT: Final = 10.0
"""A body mass seldom differs more from the last one."""


def doubt_of_body_mass(kg: float, before_kg: float | None) -> str:
    """Say why a body mass is likely a slip of the pen; empty if nothing is odd.

    Parameters
    ----------
    kg
        The new one.
    before_kg
        The last one that is known; ``None`` if there is none.
    """
    if before_kg is None or not before_kg > 0.0 or not kg > 0.0:
        return ""
    if abs(kg / before_kg - 1.0) * 100.0 <= MASS_CHANGE_PCT + 1e-9:
        return ""
    return (
        f"Body mass of {kg:g} kg, and {before_kg:g} kg the last time: "
        f"more than {MASS_CHANGE_PCT:g} % apart{likely_slip(kg / before_kg)}."
    )


def doubt_of_outcome(measure: Measure, value: float, before: float | None) -> str:
    """Say why an outcome is likely a slip of the pen; empty if nothing is odd.

    Parameters
    ----------
    measure, value
        What was measured, in its own unit.
    before
        The last value that is known; ``None`` if there is none.
    """
    odd = _ODD.get(measure)
    if before is None or odd is None or not (math.isfinite(value) and math.isfinite(before)):
        return ""
    spec = SPECS[measure]
    unit = f" {spec.unit}" if spec.unit else ""
    said = f"{spec.name}: {value:.{spec.decimals}f}{unit}, and {before:.{spec.decimals}f}{unit}"
    if odd.apart is not None and abs(value - before) > odd.apart + 1e-9:
        return f"{said} the last time: more than {odd.apart:g}{unit} apart."
    if odd.times is not None and value > 0.0 and before > 0.0:
        ratio = value / before
        if not 1.0 / odd.times - 1e-9 <= ratio <= odd.times + 1e-9:
            return f"{said} the last time: more than {odd.times:g} times apart{likely_slip(ratio)}."
    return ""


@dataclass(frozen=True, slots=True)
class _Odd:
    """How far apart two values of a measure seldom are: in its unit, or as a ratio."""

    apart: float | None = None
    times: float | None = None


_ODD: Final[Mapping[Measure, _Odd]] = MappingProxyType(
    {
        Measure.BMD_SPINE: _Odd(times=1.15),
        Measure.BMD_FEMORAL_NECK: _Odd(times=1.15),
        Measure.BMD_HIP: _Odd(times=1.15),
        Measure.T_SPINE: _Odd(apart=1.0),
        Measure.T_FEMORAL_NECK: _Odd(apart=1.0),
        Measure.T_HIP: _Odd(apart=1.0),
        Measure.HEIGHT: _Odd(apart=3.0),
        Measure.KYPHOSIS_RELAXED: _Odd(apart=20.0),
        Measure.KYPHOSIS_TALL: _Odd(apart=20.0),
        Measure.BACK_EXTENSOR: _Odd(times=2.0),
        Measure.LEG_EXTENSOR: _Odd(times=2.0),
        Measure.TIMED_UP_AND_GO: _Odd(times=2.0),
        Measure.SIT_TO_STAND: _Odd(times=2.0),
        Measure.FUNCTIONAL_REACH: _Odd(times=2.0),
    }
)
