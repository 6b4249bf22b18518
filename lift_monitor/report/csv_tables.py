"""The tables of an export, and what each of their columns means.

Units stand in the names of columns. A cell is empty where a value is not known; it is never a
zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lift_monitor.report import csv_rows as rows
from lift_monitor.report.csv_rows import ASSESSMENT, FLAG, LANDING, REPETITION, Row, Source


@dataclass(frozen=True, slots=True)
class CsvFile:
    """One file of an export."""

    name: str
    about: str
    columns: Mapping[str, str]
    """Name of a column, and what it means."""


@dataclass(frozen=True, slots=True)
class CsvTable(CsvFile):
    """One file with rows of each person."""

    rows: Callable[[Source], Iterator[Row]] = field(repr=False)


_PERSON: Final = {"person": "pseudonym"}
_SESSION: Final = {**_PERSON, "session": "key of the session, unique for the person"}
_SET: Final = {**_SESSION, "set": "number of the set in the store"}
_BY: Final = {"by": "who wrote it down"}
_CONFIDENCE: Final = {"confidence": "high, low, or none: withdrawn"}

_REPETITION_MEANINGS: Final = {
    "exercise": "what the sensors took it for",
    "start_s": "session time",
    "end_s": "session time",
    "concentric_start_s": "session time of the way up",
    "concentric_end_s": "session time",
    "eccentric_start_s": "session time of the way down",
    "eccentric_end_s": "session time",
    "mean_velocity_mps": "mean of the way up, estimated",
    "mean_propulsive_velocity_mps": "mean while the bar is pushed, estimated",
    "peak_velocity_mps": "highest of the way up, estimated",
    "rom_m": "range of motion, estimated",
    "concentric_duration_s": "of the way up",
    "eccentric_duration_s": "of the way down",
    "velocity_loss_pct": "against the fastest of the set",
    "mean_velocity_sd_mps": "estimated standard deviation of the mean velocity",
    "confidence": "high, low, or none: withdrawn",
    "reasons": "why the confidence is not high",
    "refined": "yes: calculated anew when the set was over",
}
_LANDING_MEANINGS: Final = {
    "at_s": "session time at which it became known",
    "sensor": "which sensor",
    "contact_s": "session time of the contact",
    "flight_s": "duration of the flight before; 0 for a stomp",
    "peak_acc_g": "largest acceleration as received, gravity included",
    "peak_acc_20hz_g": "the same after the 20 Hz low-pass",
    "peak_grf_bw": "estimated peak force in body weights",
    "peak_grf_n": "estimated peak force",
    "grf_method": "how the force was estimated",
    "second_grf_bw": "estimate of the second method",
    "second_method": "the second method",
    "difference_bw": "how far the two are apart",
    "loading_rate_bw_per_s": "an indication only",
    "clipped": "yes: the sensor's range ended; the values are at least what is told",
    "confidence": "high, low, or none: withdrawn",
    "reasons": "why the confidence is not high",
}
_FLAG_MEANINGS: Final = {
    "kind": "lumbar_flexion, trunk_lean or twist",
    "severity": "amber or red",
    "start_s": "session time at which the limit was passed",
    "raised_s": "session time at which it had been passed for long enough",
    "end_s": "session time at which the value was back",
    "peak": "highest value, in the unit of the row",
    "limit": "the limit, in the unit of the row",
    "unit": "of peak and limit",
    "under_load": "whether the bar was borne; empty if not known",
    "confidence": "high, low, or none: withdrawn",
}
_ASSESSMENT_MEANINGS: Final = {
    "day": "of the assessment",
    "by": "who assessed",
    "age_years": "age",
    "body_mass_kg": "body mass",
    "height_cm": "height",
    "vertebral_fracture": "yes, no or unknown",
    "low_trauma_fractures": "number since the age of 40",
    "recent_fracture": "within twelve months: yes, no or unknown",
    "localised_back_pain": "yes, no or unknown",
    "uncontrolled_cardiovascular": "yes, no or unknown",
    "malignancy": "yes, no or unknown",
    "lower_limb_surgery_or_injury": "yes, no or unknown",
    "cognitive_impairment": "yes, no or unknown",
    "other_contraindication": "in words",
    "bone_active_drugs": "in words",
    "t_spine": "T-score, lumbar spine",
    "t_femoral_neck": "T-score, femoral neck",
    "t_hip": "T-score, total hip",
    "ten_year_fracture_risk_pct": "major osteoporotic fracture, by the tool named",
    "fracture_risk_tool": "which tool",
    "blood_work": "what was noted",
    "blood_work_seen": "yes, no or unknown",
    "pain_now": "0 to 10",
    "pain_where": "in words",
    "kyphosis_deg": "thoracic kyphosis",
    "exam": "findings in words",
    "current_activity": "in words",
    "sit_to_stand_s": "five times sit to stand",
    "timed_up_and_go_s": "timed up and go",
    "can_hip_hinge": "yes, no or unknown",
    "notes": "in words",
}


def _of(names: tuple[str, ...], meanings: Mapping[str, str]) -> dict[str, str]:
    """Meanings in the order of a dataclass's fields; a field without one is called by its name."""
    return {name: meanings.get(name, name.replace("_", " ")) for name in names}


_AUDIT_COLUMNS: Final = {
    "entry": "number of the entry",
    "at": "time in UTC",
    "by": "who",
    "what": "was done",
    "subject": "to what",
    "reason": "in words",
    "before_json": "old values",
    "after_json": "new values",
}

TABLES: Final[tuple[CsvTable, ...]] = (
    CsvTable(
        "people",
        "one row a person; names and addresses are never exported",
        {**_PERSON, "since": "first day in the programme", "archived": "no longer listed"},
        rows.people,
    ),
    CsvTable(
        "sessions",
        "one row a planned session, attended or missed",
        {
            **_SESSION,
            "day": "of the session",
            "attended": "no: missed; yes also without any set, which the report does not count",
            "started_at": "time in UTC",
            "ended_at": "time in UTC; empty if it was never ended",
            "body_mass_kg": "on that day",
            "reason_missed": "in words",
            "note": "the clinician's words",
        },
        rows.sessions,
    ),
    CsvTable(
        "sets",
        "one row a set",
        {
            **_SET,
            "exercise": "key of the plan's exercise",
            "kind": "warm_up, working or test",
            "number": "within the exercise and kind",
            "ended_at": "time in UTC",
            "counts": "no: the clinician took the set out",
            "load_kg": "mass on the bar",
            "rung": "of the ladder of impacts, from 0",
            "target_repetitions": "as prescribed",
            "repetitions": "that count after edits; empty if counted by nobody",
            "counted_by_hand": "by the clinician, where nothing was measured",
            "watched_by_sensors": "calibrated sensors watched the trunk throughout",
            "not_watched_because": "in words, or *not recorded*; empty if sensors watched",
            "red_repetitions": "with a red flag; empty if watched by nobody",
            "amber_repetitions": "with an amber flag and no red one; empty likewise",
            "velocity_loss_pct": "of the last repetition against the fastest",
            "best_velocity_mps": "mean velocity of the fastest repetition, estimated",
            "landings": "number of landings",
            "hardest_landing_bw": "estimated, in body weights",
            "ceiling_bw": "the person's ceiling at the time",
            "over_ceiling": "landings above it; empty if there was none",
            **_CONFIDENCE,
            "reasons": "why the confidence is not high",
            "recording": "file name of the recording",
        },
        rows.sets,
    ),
    CsvTable(
        "repetitions",
        "one row a repetition, those that were taken out as well",
        {
            **_SET,
            "repetition": "number within the set",
            "counts": "no: the clinician took it out",
            "added_by_hand": "yes: nothing of it was measured",
            "red": "a red flag was raised",
            "amber": "an amber flag was raised, and no red one",
            **_of(REPETITION, _REPETITION_MEANINGS),
        },
        rows.repetitions,
    ),
    CsvTable(
        "landings",
        "one row a landing; forces are estimated",
        {**_SET, "landing": "number within the set", **_of(LANDING, _LANDING_MEANINGS)},
        rows.landings,
    ),
    CsvTable(
        "flags",
        "one row a flag of technique",
        {**_SET, "flag": "number within the set", **_of(FLAG, _FLAG_MEANINGS)},
        rows.flags,
    ),
    CsvTable(
        "ratings",
        "one row a set: what was asked at rest; empty if not answered",
        {
            **_SET,
            "rpe_borg": "perceived exertion, Borg 6 to 20",
            "pain_of_10": "0 to 10",
            "pain_where": "in words",
            "sudden_back_pain": "yes: new, sudden pain in the back; no: nobody said so",
            "to_failure": "yes: no further repetition with good technique; no: nobody said so",
            "seen_clean": "the clinician's word on technique",
        },
        rows.ratings,
    ),
    CsvTable(
        "adverse_events",
        "one row an adverse event",
        {
            **_SESSION,
            "day": "of the event",
            "grade": "minor or serious",
            "exercise": "key, if it belongs to one",
            "text": "what happened",
            "decisions_before": "last order of a decision that was taken before it was told, 0 if "
            "none was; empty where it is not known",
            **_BY,
        },
        rows.adverse,
    ),
    CsvTable(
        "day_changes",
        "one row a change of a prescription for one session only; empty is as prescribed",
        {
            **_SESSION,
            "change": "number within the session; of one exercise the last holds",
            "exercise": "key",
            "left_out": "not done in this session",
            "sets": "beside the warm-up",
            "repetitions": "in each working set",
            "load_kg": "asked for; limits of the person hold all the same",
            "rung": "of the ladder, from 0",
            "reason": "in words",
            "by": "who changed it",
        },
        rows.day_changes,
    ),
    CsvTable(
        "decisions",
        "one row a decision",
        {
            **_PERSON,
            "order": "later counts",
            "day": "of the decision",
            "session": "after which it was decided",
            "exercise": "key",
            "proposed": "action of the proposal; empty without one",
            "verdict": "accepted, changed, rejected, or set without a proposal",
            "phase": "from then on",
            "load_kg": "from then on",
            "rung": "from then on",
            "maximum_kg": "accepted one-repetition maximum",
            "reason": "in words",
            "by": "who decided",
        },
        rows.decisions,
    ),
    CsvTable(
        "proposals",
        "one row a proposal that was decided on",
        {
            **_PERSON,
            "order": "of the decision",
            "day": "of the proposal",
            "exercise": "key",
            "action": "what was proposed",
            "headline": "in one sentence",
            "phase": "proposed",
            "load_before_kg": "before",
            "load_kg": "proposed",
            "rung_before": "before",
            "rung": "proposed",
            "maximum_kg": "to be accepted along with it",
            "intensity_pct": "of that maximum",
            "rule": "key of the rule that fired",
            "rule_text": "what it says",
            "rule_source": "whose it is",
            "rules_version": "version of the rules",
            "confidence": "high, low or none",
            "confidence_reasons": "why it is not high",
            "would_change": "what would have led to another proposal",
        },
        rows.proposals,
    ),
    CsvTable(
        "proposal_facts",
        "one row a fact that a proposal used",
        {
            **_PERSON,
            "order": "of the decision",
            "fact": "what it is",
            "value": "as it was shown",
            "limit": "what it was held against",
            "day": "of the fact",
            "supports": "the action that it speaks for",
            "confidence": "high, low or none",
        },
        rows.facts,
    ),
    CsvTable(
        "maxima",
        "one row a one-repetition maximum; the sources are never mixed",
        {
            **_PERSON,
            "day": "of the test or set",
            "exercise": "key",
            "source": "tested, repetitions or velocity",
            "kg": "the maximum; estimated unless tested",
            "low_kg": "lower end of its interval",
            "high_kg": "upper end of its interval",
            "confidence": "high, low or none",
            "basis": "what it was made from",
            "confirmed": "why it is right although it looks like a slip; empty if nobody was asked",
        },
        rows.maxima,
    ),
    CsvTable(
        "outcomes",
        "one row a measured outcome",
        {
            **_PERSON,
            "day": "of the measurement",
            "measure": "which outcome",
            "value": "in the unit of the row",
            "unit": "of the value",
            "device": "values of two devices are not to be compared",
            "note": "in words",
            **_BY,
        },
        rows.outcomes,
    ),
    CsvTable(
        "assessments",
        "one row an assessment; what was not asked is unknown, never no",
        {**_PERSON, **_of(ASSESSMENT, _ASSESSMENT_MEANINGS)},
        rows.assessments,
    ),
    CsvTable(
        "clearances",
        "one row a clearance",
        {
            **_PERSON,
            "day": "of the clearance",
            "by": "who cleared",
            "level": "high_intensity, restricted or no_load",
            "cap_pct": "highest share of the one-repetition maximum",
            "cap_kg": "highest mass on the bar",
            "impacts": "whether impacts are allowed",
            "raised_start": "lifts from a raised start",
            "findings": "what the assessment said",
            "overrides": "which findings were overridden, by whom, when and why",
            "excluded": "exercises that are not done, and why",
            "note": "in words",
        },
        rows.clearances,
    ),
    CsvTable(
        "plans",
        "one row a version of the person's plan",
        {
            **_PERSON,
            "at": "time in UTC",
            **_BY,
            "reason": "of the change",
            "plan": "key",
            "version": "counts up",
            "document_json": "the whole plan",
        },
        rows.plans,
    ),
    CsvTable(
        "recordings",
        "one row a recording, by its file name",
        {
            **_SESSION,
            "file_name": "never a path",
            "exercise": "key",
            "at": "time in UTC",
        },
        rows.recordings,
    ),
    CsvTable(
        "audit",
        "one row an entry of the audit: who did what",
        {**_PERSON, **_AUDIT_COLUMNS},
        rows.audit,
    ),
)
CLINIC_AUDIT: Final = CsvFile(
    "clinic_audit",
    "one row an entry of the audit that belongs to no person, e.g. a backup put back",
    {"person": "empty: the clinic as a whole", **_AUDIT_COLUMNS},
)
