"""What cannot be right in an assessment: values that are a slip of the pen, one sentence each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lift_monitor.programme.clearance import Assessment
from lift_monitor.programme.outcomes import SPECS, Measure


@dataclass(frozen=True, slots=True)
class Range:
    """What is plausible of one field of an assessment; both ends are included."""

    name: str
    unit: str
    low: float
    high: float

    def refuses(self, value: float) -> str:
        """Why a value cannot be, in one sentence; empty if it can."""
        if math.isfinite(value) and self.low <= value <= self.high:
            return ""
        unit = f" {self.unit}" if self.unit else ""
        return (
            f"{self.name}: {value:g}{unit} is not between {self.low:g} and {self.high:g}{unit}; "
            "look at the number and its unit."
        )


def _of(measure: Measure) -> Range:
    spec = SPECS[measure]
    return Range(spec.name, spec.unit, spec.low, spec.high)


RANGES: Final[Mapping[str, Range]] = MappingProxyType(
    {
        "age_years": Range("Age", "years", 18, 110),
        "body_mass_kg": Range("Body mass", "kg", 25, 200),
        "height_cm": _of(Measure.HEIGHT),
        "low_trauma_fractures": Range("Low-trauma fractures", "", 0, 30),
        "t_spine": _of(Measure.T_SPINE),
        "t_femoral_neck": _of(Measure.T_FEMORAL_NECK),
        "t_hip": _of(Measure.T_HIP),
        "ten_year_fracture_risk_pct": Range("Ten-year fracture risk", "%", 0, 100),
        "pain_now": Range("Pain", "of 10", 0, 10),
        "kyphosis_deg": _of(Measure.KYPHOSIS_RELAXED),
        "sit_to_stand_s": _of(Measure.SIT_TO_STAND),
        "timed_up_and_go_s": _of(Measure.TIMED_UP_AND_GO),
    }
)
"""Plausible ranges of the fields that hold numbers; design limits."""


def implausible(assessment: Assessment) -> tuple[str, ...]:
    """What cannot be right in an assessment, one sentence each; empty if all can be."""
    found = [] if assessment.by.strip() else ["Nobody is named as assessing; enter who you are."]
    for field, allowed in RANGES.items():
        value = getattr(assessment, field)
        refusal = "" if value is None else allowed.refuses(value)
        if refusal:
            found.append(refusal)
    return tuple(found)
