"""What an assessment says about loading: the table of findings, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lift_monitor.programme.clearance import NOT_ASKED, Answer, Assessment, Finding, Weight
from lift_monitor.programme.plan import DESIGN_DEFAULT

EXCLUSIONS: Final = "design default after the trials' exclusions, clinician may change"
_STRONG_STEADY: Final = (
    "Strong, Steady, Straight: after vertebral or several low-trauma fractures impact up to brisk "
    "walking only (10.1136/bjsports-2021-104634, read in a secondary text)"
)
_TOO_FIT: Final = (
    "Too Fit To Fracture advises against lifting from the floor and maximal lifts, and to consult "
    "on vertebral fracture, kyphosis or pain (PMC5101068)"
)

LOW_T: Final = -3.5
"""T-score at or below which loading is restricted; design default."""
SEVERAL_FRACTURES: Final = 2
"""Low-trauma fractures that count as several; design default."""
RESTRICTING_PAIN: Final = 4
"""Pain at rest, 0-10, from which loading is restricted; design default."""
BLOCKING_PAIN: Final = 7
"""Pain at rest, 0-10, from which loading is blocked; design default."""
MARKED_KYPHOSIS_DEG: Final = 60.0
"""Kyphosis from which loading is restricted; design default."""
HIGH_RISK_PCT: Final = 20.0
"""Ten-year risk of a major fracture from which it is noted; design default."""
SLOW_UP_AND_GO_S: Final = 12.0
"""Timed up and go from which it is noted; design default."""
SLOW_SIT_TO_STAND_S: Final = 15.0
"""Five times sit to stand above which it is noted; design default."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A question of the assessment and what its answers mean."""

    key: str
    weight: Weight
    yes: str
    not_asked: str
    source: str
    bad: Answer = Answer.YES


_QUESTIONS: Final = (
    _Question(
        "recent_fracture",
        Weight.BLOCKS,
        "A fracture within the last twelve months.",
        "Nobody has asked about a fracture within the last twelve months.",
        EXCLUSIONS,
    ),
    _Question(
        "localised_back_pain",
        Weight.BLOCKS,
        "Localised back pain: a vertebral fracture until shown otherwise.",
        "Nobody has asked about localised back pain.",
        EXCLUSIONS,
    ),
    _Question(
        "uncontrolled_cardiovascular",
        Weight.BLOCKS,
        "Cardiovascular disease that is not controlled.",
        "Nobody has asked about cardiovascular disease.",
        EXCLUSIONS,
    ),
    _Question(
        "malignancy",
        Weight.BLOCKS,
        "A malignancy.",
        "Nobody has asked about malignancy.",
        EXCLUSIONS,
    ),
    _Question(
        "lower_limb_surgery_or_injury",
        Weight.BLOCKS,
        "Surgery or injury of a joint of the legs.",
        "Nobody has asked about surgery or injury of the legs.",
        EXCLUSIONS,
    ),
    _Question(
        "cognitive_impairment",
        Weight.BLOCKS,
        "Cognitive impairment.",
        "Nobody has asked whether instructions are understood and kept.",
        EXCLUSIONS,
    ),
    _Question(
        "vertebral_fracture",
        Weight.RESTRICTS,
        "A vertebral fracture.",
        "It is not known whether there is a vertebral fracture.",
        f"{_TOO_FIT}; {_STRONG_STEADY}",
    ),
    _Question(
        "can_hip_hinge",
        Weight.RESTRICTS,
        "Cannot hinge at the hips with a straight back.",
        "Nobody has seen whether the hips hinge with a straight back.",
        "Too Fit To Fracture: hinge at the hips (PMC5101068); the weight is a design default",
        bad=Answer.NO,
    ),
)


def findings(assessment: Assessment) -> tuple[Finding, ...]:
    """What an assessment says about loading, the gravest first.

    A question that was not asked gives a finding of its own, with the question's weight; its key
    ends with :data:`NOT_ASKED`, so that an override of it does not cover a later *yes*.
    """
    found = (
        *_answers(assessment),
        *_words(assessment),
        *_fractures(assessment),
        *_bone(assessment),
        *_pain(assessment),
        *_notes(assessment),
    )
    order = tuple(Weight)
    return tuple(sorted(found, key=lambda finding: order.index(finding.weight)))


def _answers(assessment: Assessment) -> Iterator[Finding]:
    for question in _QUESTIONS:
        answer = getattr(assessment, question.key)
        if answer is question.bad:
            yield Finding(question.key, question.weight, question.yes, question.source)
        elif answer is Answer.UNKNOWN:
            yield Finding(
                f"{question.key}{NOT_ASKED}",
                question.weight,
                question.not_asked,
                "design default: what was not asked is not a no",
            )


def _words(assessment: Assessment) -> Iterator[Finding]:
    said = assessment.other_contraindication.strip()
    if said:
        yield Finding(
            "other_contraindication",
            Weight.BLOCKS,
            f"Contraindication: {said.rstrip('.')}.",
            EXCLUSIONS,
        )


def _fractures(assessment: Assessment) -> Iterator[Finding]:
    count = assessment.low_trauma_fractures
    if count is None:
        yield Finding(
            f"low_trauma_fractures{NOT_ASKED}",
            Weight.RESTRICTS,
            "Nobody has asked how many low-trauma fractures there were.",
            "design default: what was not asked is not a no",
        )
    elif count >= SEVERAL_FRACTURES:
        yield Finding(
            "low_trauma_fractures",
            Weight.RESTRICTS,
            f"{count} low-trauma fractures since the age of 40.",
            _STRONG_STEADY,
        )
    elif count:
        yield Finding(
            "low_trauma_fracture",
            Weight.NOTE,
            "One low-trauma fracture since the age of 40.",
            DESIGN_DEFAULT,
        )


def _bone(assessment: Assessment) -> Iterator[Finding]:
    sites = {
        "spine": assessment.t_spine,
        "femoral neck": assessment.t_femoral_neck,
        "hip": assessment.t_hip,
    }
    known = {site: score for site, score in sites.items() if score is not None}
    if not known:
        yield Finding(
            "t_score_not_known",
            Weight.RESTRICTS,
            "No T-score is known.",
            "design default: what is not known is not good",
        )
        return
    site = min(known, key=lambda name: known[name])
    if known[site] <= LOW_T:
        yield Finding(
            "low_t_score",
            Weight.RESTRICTS,
            f"T-score {known[site]:.1f} at the {site}, at or below {LOW_T:.1f}.",
            DESIGN_DEFAULT,
        )
    missing = [name for name in sites if name not in known]
    if missing:
        yield Finding(
            "t_score_of_a_site_not_known",
            Weight.NOTE,
            f"No T-score of the {' and the '.join(missing)} is known.",
            DESIGN_DEFAULT,
        )


def _pain(assessment: Assessment) -> Iterator[Finding]:
    pain = assessment.pain_now
    if pain is None:
        yield Finding(
            f"pain{NOT_ASKED}", Weight.RESTRICTS, "Nobody has asked about pain.",
            "design default: what was not asked is not a no",
        )  # fmt: skip
    elif pain >= RESTRICTING_PAIN:
        where = assessment.pain_where.strip()
        yield Finding(
            "pain",
            Weight.BLOCKS if pain >= BLOCKING_PAIN else Weight.RESTRICTS,
            f"Pain {pain} of 10 at rest{f' ({where})' if where else ''}.",
            f"{_TOO_FIT}; the limits are a design default",
        )


def _notes(assessment: Assessment) -> Iterator[Finding]:
    kyphosis = assessment.kyphosis_deg
    if kyphosis is not None and kyphosis >= MARKED_KYPHOSIS_DEG:
        yield Finding(
            "kyphosis",
            Weight.RESTRICTS,
            f"Kyphosis {kyphosis:.0f}°, at or above {MARKED_KYPHOSIS_DEG:.0f}°.",
            f"{_TOO_FIT}; the limit is a design default",
        )
    risk = assessment.ten_year_fracture_risk_pct
    if risk is not None and risk >= HIGH_RISK_PCT:
        yield _note("fracture_risk", f"Ten-year risk of a major fracture {risk:.0f} %.")
    if assessment.bone_active_drugs.strip():
        yield _note(
            "bone_active_drugs",
            f"Takes bone-active drugs ({assessment.bone_active_drugs.strip()}): "
            "a change of bone density has two possible causes.",
        )
    if assessment.blood_work_seen is not Answer.YES:
        yield _note("blood_work_not_seen", "The blood work has not been seen.")
    slow = assessment.timed_up_and_go_s
    if slow is not None and slow >= SLOW_UP_AND_GO_S:
        yield _note("timed_up_and_go", f"Timed up and go {slow:.1f} s: watch for falls.")
    slow = assessment.sit_to_stand_s
    if slow is not None and slow > SLOW_SIT_TO_STAND_S:
        yield _note("sit_to_stand", f"Five times sit to stand {slow:.1f} s: weak legs.")


def _note(key: str, text: str) -> Finding:
    return Finding(key, Weight.NOTE, text, DESIGN_DEFAULT)
