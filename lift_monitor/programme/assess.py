"""From an assessment to what somebody may do: findings, clearance, and what is barred.

Contraindications block; signs of frail bone restrict; what was not asked never counts as *no*.
A finding stops counting only when a named clinician overrides it with a reason, and then that
finding alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from lift_monitor.programme.assess_findings import findings
from lift_monitor.programme.clearance import (
    Assessment,
    Clearance,
    Exclusion,
    Finding,
    Level,
    Override,
    Weight,
)
from lift_monitor.programme.plan import ExerciseKind, PlanExercise

__all__ = [
    "CAP_PCT",
    "OverrideError",
    "allowed_level",
    "barred",
    "clearance_of",
    "exceeds_findings",
    "findings",
    "open_findings",
]

CAP_PCT: Final = 70.0
"""Highest share of the maximum of a restricted person; design default, clinician may change."""


class OverrideError(ValueError):
    """An override does not say who made it, or why; the text is one sentence."""


def clearance_of(
    assessment: Assessment,
    overrides: Sequence[Override] = (),
    *,
    by: str,
    day: date,
    excluded: Sequence[Exclusion] = (),
) -> Clearance:
    """What a person may do after an assessment.

    Parameters
    ----------
    assessment
        The newest one.
    overrides
        Findings that shall not count. One that was made before the day of the assessment does not
        hold any more: what was found anew is to be judged anew.
    by, day
        Who clears, and when.
    excluded
        Exercises that the person does not do.

    Raises
    ------
    OverrideError
        If an override, an exclusion or the clearance itself has no name or no reason.
    """
    if not by.strip():
        raise OverrideError("Nobody is named as clearing this person; enter who you are.")
    found = findings(assessment)
    keys = {finding.key for finding in found}
    for override in overrides:
        _check(override.by, override.reason, f"the override of {_said(override.finding)}")
    for exclusion in excluded:
        _check(exclusion.by, exclusion.reason, f"the exclusion of {_said(exclusion.exercise)}")
    standing = tuple(
        override
        for override in overrides
        if override.finding in keys and override.day >= assessment.day
    )
    level = _level(_open(found, standing))
    return Clearance(
        level=level,
        day=day,
        by=by,
        findings=found,
        overrides=standing,
        excluded=tuple(excluded),
        cap_pct=CAP_PCT if level is Level.RESTRICTED else None,
        impacts=level is Level.HIGH_INTENSITY,
        raised_start=level is not Level.HIGH_INTENSITY,
    )


def open_findings(clearance: Clearance) -> tuple[Finding, ...]:
    """The findings that count: those that nobody has overridden."""
    return _open(clearance.findings, clearance.overrides)


def allowed_level(clearance: Clearance) -> Level:
    """The highest level that the findings which count leave open."""
    return _level(open_findings(clearance))


def exceeds_findings(clearance: Clearance) -> str:
    """Why a clearance goes beyond what was found; empty if it does not.

    Returns
    -------
    str
        One sentence.
    """
    allowed = allowed_level(clearance)
    if _CAREFUL.index(clearance.level) <= _CAREFUL.index(allowed):
        return ""
    weight = Weight.BLOCKS if allowed is Level.NO_LOAD else Weight.RESTRICTS
    return (
        f"The clearance {_said(clearance.level.value)} goes beyond what was found: "
        f"{_why(clearance, weight)} Override it by name with a reason, or lower the level."
    )


def barred(clearance: Clearance | None, exercise: PlanExercise) -> str:
    """Why an exercise is not done by this person.

    Returns
    -------
    str
        One sentence; empty if the clearance has nothing against it.
    """
    if clearance is None:
        return f"{exercise.name} waits: this person has not been assessed yet."
    for exclusion in clearance.excluded:
        if exclusion.exercise == exercise.key:
            return (
                f"{exercise.name} is excluded for this person by {exclusion.by}: "
                f"{_sentence(exclusion.reason)}"
            )
    if exercise.kind is ExerciseKind.FREE:
        return ""
    # Whatever the level says: a contraindication that nobody overrode by name blocks.
    if Level.NO_LOAD in (clearance.level, allowed_level(clearance)):
        return f"{exercise.name} is not loaded: {_why(clearance, Weight.BLOCKS)}"
    if exercise.kind is ExerciseKind.IMPACT and not clearance.impacts:
        why = _why(clearance, Weight.RESTRICTS)
        return f"{exercise.name} is not done, no impacts for this person: {why}"
    return ""


def _why(clearance: Clearance, weight: Weight) -> str:
    """The first open finding of a weight, and how many more there are."""
    reasons = [found.text for found in open_findings(clearance) if found.weight is weight]
    if not reasons:
        return f"{clearance.by} set it so."
    more = len(reasons) - 1
    return reasons[0] if not more else f"{reasons[0].rstrip('.')}, and {more} more."


def _open(found: Iterable[Finding], overrides: Iterable[Override]) -> tuple[Finding, ...]:
    overridden = {override.finding for override in overrides}
    return tuple(finding for finding in found if finding.key not in overridden)


_CAREFUL: Final = (Level.NO_LOAD, Level.RESTRICTED, Level.HIGH_INTENSITY)


def _level(found: Iterable[Finding]) -> Level:
    weights = {finding.weight for finding in found}
    if Weight.BLOCKS in weights:
        return Level.NO_LOAD
    return Level.RESTRICTED if Weight.RESTRICTS in weights else Level.HIGH_INTENSITY


def _check(by: str, reason: str, what: str) -> None:
    if not by.strip():
        raise OverrideError(f"Nobody is named for {what}; enter who decides it.")
    if not reason.strip():
        raise OverrideError(f"There is no reason for {what}; enter why.")


def _said(key: str) -> str:
    return key.replace("_", " ")


def _sentence(text: str) -> str:
    return text.strip().rstrip(".") + "."
