"""Who may do what: the assessment, what was found in it, and the clearance that follows."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Final


class Level(enum.StrEnum):
    """What a person is cleared for."""

    HIGH_INTENSITY = "high_intensity"
    RESTRICTED = "restricted"
    """Raised start, no impacts, capped load."""
    NO_LOAD = "no_load"


class Weight(enum.StrEnum):
    """What a finding means."""

    BLOCKS = "blocks"
    """No loading, unless a named clinician overrides it with a reason."""
    RESTRICTS = "restricts"
    """Restricted at most, unless overridden in the same way."""
    NOTE = "note"
    """To be borne in mind."""


class Answer(enum.StrEnum):
    """An answer in an assessment; what was not asked is never taken for *no*."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Assessment:
    """A structured assessment; masses in kg, heights in cm; what is not known is ``None``."""

    day: date
    by: str
    age_years: int | None = None
    body_mass_kg: float | None = None
    height_cm: float | None = None
    # history
    vertebral_fracture: Answer = Answer.UNKNOWN
    """Prevalent, or seen on an image."""
    low_trauma_fractures: int | None = None
    """Since the age of 40."""
    recent_fracture: Answer = Answer.UNKNOWN
    """Within the last twelve months."""
    localised_back_pain: Answer = Answer.UNKNOWN
    uncontrolled_cardiovascular: Answer = Answer.UNKNOWN
    malignancy: Answer = Answer.UNKNOWN
    lower_limb_surgery_or_injury: Answer = Answer.UNKNOWN
    cognitive_impairment: Answer = Answer.UNKNOWN
    other_contraindication: str = ""
    """To heavy activity, in words; empty if there is none."""
    bone_active_drugs: str = ""
    # bone
    t_spine: float | None = None
    t_femoral_neck: float | None = None
    t_hip: float | None = None
    ten_year_fracture_risk_pct: float | None = None
    """Major osteoporotic fracture, by whatever tool the practice uses."""
    fracture_risk_tool: str = ""
    # exam
    blood_work: str = ""
    """What was noted, and its day."""
    blood_work_seen: Answer = Answer.UNKNOWN
    pain_now: int | None = None
    """0–10."""
    pain_where: str = ""
    kyphosis_deg: float | None = None
    exam: str = ""
    """Findings in the clinician's words."""
    # fitness
    current_activity: str = ""
    sit_to_stand_s: float | None = None
    """Five times."""
    timed_up_and_go_s: float | None = None
    can_hip_hinge: Answer = Answer.UNKNOWN
    notes: str = ""


NOT_ASKED: Final = "_not_asked"
"""With what the key of a question ends that nobody answered."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an assessment says about loading."""

    key: str
    """Short name, e.g. ``vertebral_fracture``."""
    weight: Weight
    text: str
    """One sentence."""
    source: str

    @property
    def not_asked(self) -> bool:
        """Whether it is there because nobody answered the question."""
        return self.key.endswith(NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Override:
    """A named clinician's word that a finding shall not count."""

    finding: str
    """Key of the finding."""
    by: str
    reason: str
    day: date


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One exercise that this person does not do."""

    exercise: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Clearance:
    """What a person may do, and why."""

    level: Level
    day: date
    by: str
    findings: tuple[Finding, ...] = ()
    overrides: tuple[Override, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    cap_pct: float | None = None
    """Highest share of the one-repetition maximum, in per cent; of a restricted person."""
    cap_kg: float | None = None
    """Highest mass on the bar."""
    impacts: bool = True
    raised_start: bool = False
    note: str = ""
