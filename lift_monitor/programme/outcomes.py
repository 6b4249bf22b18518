"""Outcomes: what is measured, in which unit, within which range, and with which error."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lift_monitor.programme.plan import DESIGN_DEFAULT


class Measure(enum.StrEnum):
    """Outcomes that are followed."""

    BMD_SPINE = "bmd_spine"
    BMD_FEMORAL_NECK = "bmd_femoral_neck"
    BMD_HIP = "bmd_hip"
    T_SPINE = "t_spine"
    T_FEMORAL_NECK = "t_femoral_neck"
    T_HIP = "t_hip"
    HEIGHT = "height"
    KYPHOSIS_RELAXED = "kyphosis_relaxed"
    KYPHOSIS_TALL = "kyphosis_tall"
    BACK_EXTENSOR = "back_extensor"
    LEG_EXTENSOR = "leg_extensor"
    TIMED_UP_AND_GO = "timed_up_and_go"
    SIT_TO_STAND = "sit_to_stand"
    FUNCTIONAL_REACH = "functional_reach"
    FALLS = "falls"
    FRACTURES = "fractures"


class Better(enum.StrEnum):
    """Which way of a measure is the better one."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """How a measure is entered, shown and judged; all in its own unit.

    Attributes
    ----------
    measure
        Which.
    name
        As it is shown.
    unit
        E.g. ``g/cm²``; empty for counts.
    decimals
        Digits after the point.
    low, high
        Range of what is plausible; outside, a value is taken for a slip of the pen. Design
        limits.
    better
        Which way is better; ``None`` if neither.
    smallest_change
        A change below it may be error of measurement; ``None`` if none is known.
    error_source
        Where it comes from; empty if there is none.
    smallest_change_pct
        The same as a share of the baseline, where the source says it so.
    cut_off
        A value on the worse side of it is pointed out; ``None`` if there is none.
    cut_off_source
        Where it comes from.
    how
        How it is measured, in one sentence.
    """

    measure: Measure
    name: str
    unit: str
    decimals: int
    low: float
    high: float
    better: Better | None
    smallest_change: float | None = None
    error_source: str = ""
    smallest_change_pct: float | None = None
    cut_off: float | None = None
    cut_off_source: str = ""
    how: str = ""


class Meaning(enum.StrEnum):
    """What a change says, against the error of measurement."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    """Beyond the error, of a measure that has no better side."""
    WITHIN_ERROR = "within_error"
    NOT_KNOWN = "not_known"
    """No error of measurement is known: the change is told, not judged."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value against the baseline; in the measure's unit."""

    measure: Measure
    baseline: float
    now: float
    difference: float
    difference_pct: float | None
    """Of the baseline; ``None`` where a share makes no sense."""
    smallest_change: float | None
    meaning: Meaning
    text: str
    """One sentence, e.g. ``+0.010 g/cm² (+1.2 %): within the error of measurement``."""


def compare(baseline: float, now: float, spec: MeasureSpec) -> Change:
    """Hold a value against the baseline and the error of measurement.

    Parameters
    ----------
    baseline, now
        In the unit of ``spec``.
    spec
        Of the measure.

    Raises
    ------
    ValueError
        If a value is not a finite number.
    """
    if not (math.isfinite(baseline) and math.isfinite(now)):
        raise ValueError(f"{spec.name}: {baseline:g} and {now:g} cannot be compared.")
    # As many digits as are shown, so that what is read agrees with what is said of it.
    difference = round(now - baseline, spec.decimals + 1)
    share = None if not baseline or spec.measure in _NO_SHARE else 100.0 * difference / baseline
    least = _least(baseline, spec)
    meaning = _meaning(difference, least, spec)
    return Change(
        spec.measure, baseline, now, difference, share, least, meaning,
        _told(difference, share, least, meaning, spec),
    )  # fmt: skip


def implausible(value: float, spec: MeasureSpec) -> str:
    """Why a value cannot be one of this measure, in one sentence; empty if it can."""
    if math.isfinite(value) and spec.low <= value <= spec.high:
        if spec.measure in COUNTS and value != int(value):
            return f"{spec.name}: {value:g} is no count; enter a whole number."
        return ""
    unit = f" {spec.unit}" if spec.unit else ""
    return (
        f"{spec.name}: {value:g}{unit} is not between {spec.low:g} and {spec.high:g}{unit}; "
        "look at the number and its unit."
    )


def _least(baseline: float, spec: MeasureSpec) -> float | None:
    if spec.smallest_change is not None:
        return spec.smallest_change
    if spec.smallest_change_pct is not None:
        return spec.smallest_change_pct / 100.0 * abs(baseline)
    return None


def _meaning(difference: float, least: float | None, spec: MeasureSpec) -> Meaning:
    if least is None:
        return Meaning.NOT_KNOWN
    if abs(difference) < least or difference == 0.0:
        return Meaning.WITHIN_ERROR
    if spec.better is None:
        return Meaning.CHANGED
    up = difference > 0.0
    return Meaning.BETTER if up is (spec.better is Better.HIGHER) else Meaning.WORSE


_WORDS: Final = {
    Meaning.BETTER: "better, beyond the error of measurement",
    Meaning.WORSE: "worse, beyond the error of measurement",
    Meaning.CHANGED: "changed beyond the error of measurement",
    Meaning.WITHIN_ERROR: "within the error of measurement",
    Meaning.NOT_KNOWN: "no error of measurement is known",
}


def _told(
    difference: float, share: float | None, least: float | None, meaning: Meaning, spec: MeasureSpec
) -> str:
    unit = f" {spec.unit}" if spec.unit else ""
    shown = f"{difference:+.{spec.decimals}f}{unit}"
    if share is not None:
        shown += f" ({share:+.1f} %)"
    if spec.measure in COUNTS:
        return f"{shown}: a count; look at how long each time was"
    held = "" if least is None else f" (±{least:.{spec.decimals}f}{unit})"
    return f"{shown}: {_WORDS[meaning]}{held}"


COUNTS: Final = frozenset((Measure.FALLS, Measure.FRACTURES))
"""Measures that are counted over a stretch of time."""
_NO_SHARE: Final = COUNTS | {Measure.T_SPINE, Measure.T_FEMORAL_NECK, Measure.T_HIP}


_DXA: Final = (
    "2.77 times the largest precision error of eight technologists (10.1016/j.jocd.2009.10.001); "
    "the scanner's own least significant change is better"
)
_MONTHS: Final = (
    "smallest detectable change in adults above 50, measured again after 1-4 months "
    "(10.1136/bmjopen-2019-030475)"
)


def _bmd(measure: Measure, site: str, smallest_change: float) -> MeasureSpec:
    return MeasureSpec(
        measure, f"Bone density, {site}", "g/cm²", 3, 0.2, 2.5, Better.HIGHER, smallest_change,
        _DXA, how="By DXA; values of two scanners are not compared.",
    )  # fmt: skip


def _t(measure: Measure, site: str) -> MeasureSpec:
    return MeasureSpec(measure, f"T-score, {site}", "", 1, -8.0, 6.0, Better.HIGHER, how="By DXA.")


_ALL: Final = (
    _bmd(Measure.BMD_SPINE, "lumbar spine", 0.031),
    _bmd(Measure.BMD_FEMORAL_NECK, "femoral neck", 0.055),
    _bmd(Measure.BMD_HIP, "total hip", 0.044),
    _t(Measure.T_SPINE, "lumbar spine"),
    _t(Measure.T_FEMORAL_NECK, "femoral neck"),
    _t(Measure.T_HIP, "total hip"),
    MeasureSpec(
        Measure.HEIGHT, "Height", "cm", 1, 120.0, 220.0, Better.HIGHER, 0.5,
        "2.77 times the precision error of 1.7 mm (10.1007/BF01622197)",
        how="On the same stadiometer at the same time of day: height falls by more than 6 mm "
        "over a day (10.1007/BF01622197).",
    ),
    MeasureSpec(
        Measure.KYPHOSIS_RELAXED, "Kyphosis, relaxed", "°", 0, 0.0, 110.0, Better.LOWER,
        how="With the same device, standing as usual.",
    ),
    MeasureSpec(
        Measure.KYPHOSIS_TALL, "Kyphosis, standing tall", "°", 0, 0.0, 110.0, Better.LOWER,
        how="With the same device, standing as tall as possible.",
    ),
    MeasureSpec(
        Measure.BACK_EXTENSOR, "Back extensor strength", "kg", 1, 0.0, 200.0, Better.HIGHER, 7.2,
        "half the limits of agreement (-6.6 to 7.7 kg) of 52 healthy adults in 'Validity and "
        "test-retest reliability of a novel simple back extensor muscle strength test'",
        how="Standing, isometric, the best of three.",
    ),
    MeasureSpec(
        Measure.LEG_EXTENSOR, "Leg extensor strength", "kg", 1, 0.0, 300.0, Better.HIGHER,
        how="Isometric, with the same dynamometer, the best of three.",
    ),
    MeasureSpec(
        Measure.TIMED_UP_AND_GO, "Timed up and go", "s", 1, 2.0, 120.0, Better.LOWER, 2.08,
        _MONTHS, cut_off=12.0, cut_off_source=DESIGN_DEFAULT,
        how="Rise, walk 3 m, turn, walk back, sit down.",
    ),
    MeasureSpec(
        Measure.SIT_TO_STAND, "Five times sit to stand", "s", 1, 3.0, 120.0, Better.LOWER, 4.52,
        f"{_MONTHS}; 2.5 s in women of 74 years on one day (10.1007/BF03325265)",
        cut_off=15.0, cut_off_source=DESIGN_DEFAULT,
        how="Arms crossed, as fast as possible.",
    ),
    MeasureSpec(
        Measure.FUNCTIONAL_REACH, "Functional reach", "cm", 0, 0.0, 80.0, Better.HIGHER,
        cut_off=25.0, cut_off_source=DESIGN_DEFAULT,
        how="Forward reach of the fist beyond arm's length, the feet still.",
    ),
    MeasureSpec(Measure.FALLS, "Falls since the last time", "", 0, 0, 200, Better.LOWER),
    MeasureSpec(Measure.FRACTURES, "Fractures since the last time", "", 0, 0, 30, Better.LOWER),
)  # fmt: skip

SPECS: Final[Mapping[Measure, MeasureSpec]] = MappingProxyType(
    {spec.measure: spec for spec in _ALL}
)
"""Every measure's specification."""
