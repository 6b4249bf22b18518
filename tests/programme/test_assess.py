"""From an assessment to a clearance: what blocks, what restricts, and what nobody asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_monitor.programme.assess import (
    CAP_PCT,
    OverrideError,
    allowed_level,
    barred,
    clearance_of,
    exceeds_findings,
    findings,
    open_findings,
)
from lift_monitor.programme.assess_check import RANGES, implausible
from lift_monitor.programme.clearance import (
    Answer,
    Assessment,
    Clearance,
    Exclusion,
    Finding,
    Level,
    Override,
    Weight,
)
from lift_monitor.programme.shipped import HOME, LIFTMOR

DAY = date(2026, 3, 2)
NO, YES, UNKNOWN = Answer.NO, Answer.YES, Answer.UNKNOWN

WELL = Assessment(
    day=DAY,
    by="AB",
    age_years=66,
    body_mass_kg=63.0,
    height_cm=162.0,
    vertebral_fracture=NO,
    low_trauma_fractures=0,
    recent_fracture=NO,
    localised_back_pain=NO,
    uncontrolled_cardiovascular=NO,
    malignancy=NO,
    lower_limb_surgery_or_injury=NO,
    cognitive_impairment=NO,
    t_spine=-2.4,
    t_femoral_neck=-1.9,
    t_hip=-1.8,
    blood_work_seen=YES,
    pain_now=0,
    can_hip_hinge=YES,
)
"""Somebody like the women of the trial, asked about everything."""

DEADLIFT = LIFTMOR.exercise("deadlift")
JUMPS = LIFTMOR.exercise("jumping_chin_up")
LUNGE = HOME.exercise("lunge")


def cleared(assessment: Assessment, *overrides: Override) -> Clearance:
    return clearance_of(assessment, overrides, by="AB", day=DAY)


def overridden(finding: str, day: date = DAY) -> Override:
    return Override(finding, "Dr Lind", "seen and discussed with the cardiologist", day)


def test_somebody_well_is_cleared_for_high_intensity() -> None:
    clearance = cleared(WELL)

    assert clearance.level is Level.HIGH_INTENSITY
    assert clearance.findings == ()
    assert clearance.impacts
    assert clearance.cap_pct is None
    assert not clearance.raised_start
    assert [barred(clearance, planned) for planned in LIFTMOR.exercises] == [""] * 4


@pytest.mark.parametrize(
    ("what", "key"),
    [
        ({"recent_fracture": YES}, "recent_fracture"),
        ({"localised_back_pain": YES}, "localised_back_pain"),
        ({"uncontrolled_cardiovascular": YES}, "uncontrolled_cardiovascular"),
        ({"malignancy": YES}, "malignancy"),
        ({"lower_limb_surgery_or_injury": YES}, "lower_limb_surgery_or_injury"),
        ({"cognitive_impairment": YES}, "cognitive_impairment"),
        ({"other_contraindication": "aortic aneurysm"}, "other_contraindication"),
        ({"pain_now": 7}, "pain"),
    ],
)
def test_a_contraindication_blocks_every_load_and_every_impact(
    what: dict[str, Any], key: str
) -> None:
    clearance = cleared(replace(WELL, **what))

    assert [(found.key, found.weight) for found in clearance.findings] == [(key, Weight.BLOCKS)]
    assert clearance.level is Level.NO_LOAD
    for planned in LIFTMOR.exercises:
        assert barred(clearance, planned).startswith(f"{planned.name} is not loaded: ")
        assert clearance.findings[0].text.rstrip(".") in barred(clearance, planned)


@pytest.mark.parametrize(
    ("what", "key"),
    [
        ({"vertebral_fracture": YES}, "vertebral_fracture"),
        ({"low_trauma_fractures": 2}, "low_trauma_fractures"),
        ({"t_spine": -3.5}, "low_t_score"),
        ({"t_hip": -4.1}, "low_t_score"),
        ({"can_hip_hinge": NO}, "can_hip_hinge"),
        ({"kyphosis_deg": 62.0}, "kyphosis"),
        ({"pain_now": 4}, "pain"),
        ({"t_spine": None, "t_hip": None, "t_femoral_neck": None}, "t_score_not_known"),
    ],
)
def test_frail_bone_restricts_to_a_raised_start_no_impacts_and_a_cap(
    what: dict[str, Any], key: str
) -> None:
    clearance = cleared(replace(WELL, **what))

    assert [(found.key, found.weight) for found in clearance.findings] == [(key, Weight.RESTRICTS)]
    assert clearance.level is Level.RESTRICTED
    assert clearance.raised_start
    assert clearance.cap_pct == CAP_PCT
    assert barred(clearance, DEADLIFT) == ""
    assert "no impacts" in barred(clearance, JUMPS)


@pytest.mark.parametrize(
    ("what", "key"),
    [
        ({"low_trauma_fractures": 1}, "low_trauma_fracture"),
        ({"t_hip": None}, "t_score_of_a_site_not_known"),
        ({"ten_year_fracture_risk_pct": 22.0}, "fracture_risk"),
        ({"bone_active_drugs": "denosumab"}, "bone_active_drugs"),
        ({"blood_work_seen": UNKNOWN}, "blood_work_not_seen"),
        ({"timed_up_and_go_s": 13.0}, "timed_up_and_go"),
        ({"sit_to_stand_s": 16.0}, "sit_to_stand"),
    ],
)
def test_what_is_only_noted_changes_nothing(what: dict[str, Any], key: str) -> None:
    clearance = cleared(replace(WELL, **what))

    assert [(found.key, found.weight) for found in clearance.findings] == [(key, Weight.NOTE)]
    assert clearance.level is Level.HIGH_INTENSITY


def test_nobody_is_cleared_by_an_empty_form() -> None:
    clearance = cleared(Assessment(DAY, "AB"))

    assert clearance.level is Level.NO_LOAD
    blocking = {found.key for found in clearance.findings if found.weight is Weight.BLOCKS}
    assert blocking == {
        "recent_fracture_not_asked",
        "localised_back_pain_not_asked",
        "uncontrolled_cardiovascular_not_asked",
        "malignancy_not_asked",
        "lower_limb_surgery_or_injury_not_asked",
        "cognitive_impairment_not_asked",
    }


QUESTIONS = (
    "recent_fracture", "localised_back_pain", "uncontrolled_cardiovascular", "malignancy",
    "lower_limb_surgery_or_injury", "cognitive_impairment", "vertebral_fracture",
    "low_trauma_fractures", "pain_now", "can_hip_hinge", "t_spine", "t_hip", "t_femoral_neck",
)  # fmt: skip


@given(st.sets(st.sampled_from(QUESTIONS)), st.sets(st.sampled_from(QUESTIONS[:7])))
def test_asking_less_never_clears_for_more(unasked: set[str], bad: set[str]) -> None:
    levels = [Level.HIGH_INTENSITY, Level.RESTRICTED, Level.NO_LOAD]
    answers: dict[str, Any] = dict.fromkeys(bad, YES)
    asked = replace(WELL, **answers)
    numbers = ("low_trauma_fractures", "pain_now", "t_spine", "t_hip", "t_femoral_neck")
    forgotten: dict[str, Any] = {name: None if name in numbers else UNKNOWN for name in unasked}

    less = replace(asked, **forgotten)

    assert levels.index(cleared(less).level) >= levels.index(cleared(asked).level)


def test_an_override_with_name_and_reason_lifts_that_finding_alone() -> None:
    both = replace(WELL, uncontrolled_cardiovascular=YES, vertebral_fracture=YES)

    clearance = cleared(both, overridden("uncontrolled_cardiovascular"))

    assert clearance.level is Level.RESTRICTED
    assert [found.key for found in open_findings(clearance)] == ["vertebral_fracture"]
    assert clearance.overrides[0].by == "Dr Lind"
    # The finding itself is kept, so that everybody sees what was overridden.
    assert len(clearance.findings) == 2


@pytest.mark.parametrize(
    ("by", "reason", "sentence"),
    [
        ("", "because", "Nobody is named for the override of malignancy; enter who decides it."),
        ("  ", "because", "Nobody is named for the override of malignancy; enter who decides it."),
        ("AB", " ", "There is no reason for the override of malignancy; enter why."),
    ],
)
def test_an_override_without_name_or_reason_is_refused(by: str, reason: str, sentence: str) -> None:
    override = Override("malignancy", by, reason, DAY)
    with pytest.raises(OverrideError) as caught:
        cleared(replace(WELL, malignancy=YES), override)
    assert str(caught.value) == sentence


def test_an_override_of_not_asked_does_not_cover_a_later_yes() -> None:
    unasked = replace(WELL, malignancy=UNKNOWN)
    override = overridden("malignancy_not_asked")
    assert cleared(unasked, override).level is Level.HIGH_INTENSITY

    assert cleared(replace(WELL, malignancy=YES), override).level is Level.NO_LOAD


def test_an_override_from_before_the_assessment_does_not_hold_any_more() -> None:
    again = replace(WELL, malignancy=YES)
    clearance = cleared(again, overridden("malignancy", date(2026, 3, 1)))

    assert clearance.level is Level.NO_LOAD
    assert clearance.overrides == ()


def test_an_excluded_exercise_is_barred_with_its_reason_and_the_others_are_not() -> None:
    exclusion = Exclusion("deadlift", "hip replacement", "AB")
    clearance = clearance_of(WELL, by="AB", day=DAY, excluded=(exclusion,))

    assert barred(clearance, DEADLIFT) == (
        "Deadlift is excluded for this person by AB: hip replacement."
    )
    assert barred(clearance, LIFTMOR.exercise("back_squat")) == ""


def test_without_an_assessment_everything_waits() -> None:
    assert barred(None, DEADLIFT) == "Deadlift waits: this person has not been assessed yet."
    assert barred(None, LUNGE) != ""


def test_the_home_programme_stays_open_to_those_who_may_not_lift() -> None:
    clearance = cleared(replace(WELL, malignancy=YES))

    assert barred(clearance, LUNGE) == ""
    assert barred(clearance, DEADLIFT) != ""


def test_a_clinician_may_clear_for_less_than_the_findings_would() -> None:
    careful = replace(cleared(WELL), impacts=False)

    assert barred(careful, JUMPS) == (
        "Jumping chin-up with drop landing is not done, no impacts for this person: AB set it so."
    )


def test_every_finding_says_what_and_whose_it_is() -> None:
    bad = replace(Assessment(DAY, "AB"), pain_now=9, other_contraindication="fever")
    for found in findings(bad):
        assert found.text.endswith(".")
        assert found.source.strip()
    keys = [found.key for found in findings(bad)]
    assert len(keys) == len(set(keys))


def test_values_that_cannot_be_are_told() -> None:
    assert implausible(WELL) == ()
    slips = replace(WELL, t_spine=-24.0, height_cm=1.62, age_years=660, by=" ")
    assert implausible(slips) == (
        "Nobody is named as assessing; enter who you are.",
        "Age: 660 years is not between 18 and 110 years; look at the number and its unit.",
        "Height: 1.62 cm is not between 120 and 220 cm; look at the number and its unit.",
        "T-score, lumbar spine: -24 is not between -8 and 6; look at the number and its unit.",
    )
    assert set(RANGES) <= set(Assessment.__dataclass_fields__)


def test_no_level_reaches_beyond_a_contraindication_that_nobody_overrode() -> None:
    day = date(2026, 3, 2)
    blocks = Finding("malignancy", Weight.BLOCKS, "A malignancy.", "design default")
    clearance = Clearance(Level.HIGH_INTENSITY, day, "AB", findings=(blocks,))
    assert allowed_level(clearance) is Level.NO_LOAD
    assert "malignancy" in exceeds_findings(clearance)
    assert "malignancy" in barred(clearance, LIFTMOR.exercise("deadlift"))
    named = replace(clearance, overrides=(Override("malignancy", "AB", "in remission", day),))
    assert exceeds_findings(named) == ""
    assert barred(named, LIFTMOR.exercise("deadlift")) == ""
