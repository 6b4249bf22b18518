"""What a report shows, as plain frozen values: gathered once, printed by others.

Days are dates, masses kg, forces body weights; what is not known is ``None``. Nothing here is
formatted, so that the page, the CSV and a test read the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lift_monitor.clinic.words import Identity
from lift_monitor.events import Confidence
from lift_monitor.programme.clearance import Clearance, Finding
from lift_monitor.programme.outcomes import Better, Meaning, Measure
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.record import Decision, EventGrade, Maximum


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a report speaks of, both included."""

    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Head:
    """Who, for whom, when, by whom."""

    pseudonym: str
    identity: Identity | None
    """Only where the report was asked for with the name."""
    since: date
    period: Period
    written_by: str
    written_on: date
    plan: str
    plan_version: int
    plan_sessions: int
    plan_chosen: bool
    """False where nobody chose a plan yet: the shipped default stands."""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Missed:
    """A planned session that did not take place."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """Sessions attended, at least one set done, and missed."""

    attended: tuple[date, ...]
    """In the period."""
    missed: tuple[Missed, ...]
    attended_before: int
    """Before the period; they count against the plan's sessions too."""
    planned: int
    """Of the whole plan."""

    @property
    def in_all(self) -> int:
        """Sessions attended up to the end of the period."""
        return self.attended_before + len(self.attended)

    @property
    def adherence_pct(self) -> float | None:
        """Attended of attended and missed in the period; ``None`` before the first of either."""
        due = len(self.attended) + len(self.missed)
        return 100.0 * len(self.attended) / due if due else None


@dataclass(frozen=True, slots=True)
class LiftPoint:
    """The working sets of one lift in one session."""

    day: date
    load_kg: float
    """Heaviest of the working sets."""
    sets: int
    repetitions: int | None
    """``None`` where some were counted by nobody."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A one-repetition maximum that a clinician accepted, or the end of one."""

    day: date
    kg: float | None
    """``None`` from the day on which it does not stand any more."""


def is_lower_bound(maximum: Maximum) -> bool:
    """Whether more would have been possible: the maximum is at least what is told."""
    return maximum.low_kg is not None and maximum.high_kg is None


@dataclass(frozen=True, slots=True)
class LiftCourse:
    """One lift over the period."""

    key: str
    name: str
    phase: Phase
    """At the end of the period."""
    points: tuple[LiftPoint, ...]
    maxima: tuple[Maximum, ...]
    accepted: tuple[Accepted, ...]
    """Up to the end of the period, oldest first."""
    load_now_kg: float | None
    """As decided; ``None`` where nothing stands."""
    band_pct: tuple[float, float] | None
    not_done: str = ""
    """Why this person does not do it; empty if they do."""
    stopped: str = ""
    """Why nothing is to be done until a clinician has decided; else empty."""

    @property
    def accepted_kg(self) -> float | None:
        """The maximum that loads are prescribed from now."""
        return self.accepted[-1].kg if self.accepted else None


@dataclass(frozen=True, slots=True)
class TechniqueSpan:
    """Flags of technique in some weeks of the period."""

    start: date
    end: date
    repetitions: int
    """Counted repetitions of lifts, watched or not."""
    watched: int
    """Of those, in sets whose technique was watched."""
    red: int
    """Watched repetitions with a red flag."""
    amber: int
    """Watched repetitions with an amber flag and no red one."""
    partly: int = 0
    """Of the watched, in sets that were flagged and yet not watched throughout."""

    @property
    def red_per_100(self) -> float | None:
        """Repetitions with a red flag of 100 watched; ``None`` if none was watched."""
        return 100.0 * self.red / self.watched if self.watched else None

    @property
    def amber_per_100(self) -> float | None:
        """Repetitions with no more than an amber flag of 100 watched."""
        return 100.0 * self.amber / self.watched if self.watched else None


@dataclass(frozen=True, slots=True)
class ImpactPoint:
    """The landings of one session; forces estimated, in body weights."""

    day: date
    count: int
    mean_bw: float
    hardest_bw: float
    osteogenic_index: float
    over_ceiling: int | None
    """``None`` where no ceiling was set."""
    at_least: bool
    """A sensor reached the end of its range: forces are at least what is told."""
    low_confidence: int
    withdrawn: int = 0
    """Of ``count``: without a force, which nobody could trust."""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome: the first value and the last one that may be compared with it."""

    measure: Measure
    name: str
    unit: str
    decimals: int
    baseline: float
    baseline_day: date
    now: float | None
    """``None`` if it was measured only once."""
    now_day: date | None
    change: float | None
    change_pct: float | None
    smallest_change: float | None
    """In ``unit``; smaller ones are within the error of measurement. ``None`` where none is
    known."""
    error_source: str
    better: Better | None
    """Which way is better; ``None`` if neither."""
    meaning: Meaning | None
    """``None`` if there is nothing to compare with."""
    note: str
    """E.g. that values of two devices are not compared."""
    counts: tuple[tuple[date, float], ...] = ()
    """Of falls and fractures each number, whatever the device: they add up, and none is lost."""


@dataclass(frozen=True, slots=True)
class Adverse:
    """An adverse event as it is told."""

    day: date
    grade: EventGrade
    text: str
    exercise: str
    """Name of the exercise; empty if it belongs to none."""
    by: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it is told."""

    decision: Decision
    name: str
    """Of the exercise."""
    rung: str = ""
    """Of impacts: what was decided, in words."""


@dataclass(frozen=True, slots=True)
class ChangedForADay:
    """What a clinician made different in one session."""

    day: date
    name: str
    """Of the exercise."""
    what: str
    """In words."""
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class ConfirmedMaximum:
    """A maximum that looked like a slip of the pen, and that somebody said is right."""

    day: date
    name: str
    """Of the exercise."""
    kg: float
    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why exercises are not to be done until a clinician has decided."""

    reason: str
    """One sentence."""
    names: tuple[str, ...]
    """Of the exercises."""


@dataclass(frozen=True, slots=True)
class Note:
    """The clinician's words after a session."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why numbers were not to be trusted, and in how many sets."""

    text: str
    sets: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What was measured, estimated, counted by hand, or not watched; counts are sets."""

    sets: int
    measured: int
    """Repetitions or landings by sensors."""
    by_hand: int
    """Counted by the clinician."""
    uncounted: int
    """By nobody."""
    lifted: int
    """Sets of lifts, which have a technique to watch."""
    watched_by_sensors: int
    watched_by_eye: int
    not_watched: int
    low_confidence: int
    reasons: tuple[Reason, ...]
    edited_repetitions: int
    """Taken out or added by a clinician."""
    force_methods: tuple[str, ...]
    confidence_of_maxima: tuple[Confidence, ...]
    rules_versions: tuple[str, ...]
    """Of the proposals that were decided on."""
    software_version: str
    painful: int
    """Sets with pain of 4 of 10 or more."""
    pain_asked: int
    highest_pain: int | None
    sudden_back_pain: tuple[date, ...]
    removed_sets: int = 0
    """Taken out by a clinician; they count nowhere else."""
    not_watched_because: tuple[Reason, ...] = ()
    """Why nobody watched."""


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything that a report shows."""

    head: Head
    clearance: Clearance | None
    open_findings: tuple[Finding, ...]
    attendance: Attendance
    lifts: tuple[LiftCourse, ...]
    technique: tuple[TechniqueSpan, ...]
    impacts: tuple[ImpactPoint, ...]
    impact_ceiling_bw: float | None
    """The latest one that was set for the person."""
    outcomes: tuple[OutcomeRow, ...]
    adverse: tuple[Adverse, ...]
    decisions: tuple[Decided, ...]
    """In the period, oldest first."""
    notes: tuple[Note, ...]
    words: str
    """The clinician's words for this report."""
    basis: Basis
    day_changes: tuple[ChangedForADay, ...] = ()
    """In the period, oldest first; of an exercise in a session the one that held."""
    confirmed: tuple[ConfirmedMaximum, ...] = ()
    stopped: tuple[Stopped, ...] = ()
    """At the end of the period; each reason once."""
    landings_without_force: int = 0
    """Landings of sessions in which every force was withdrawn; they are not in ``impacts``."""
