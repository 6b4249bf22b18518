"""What happened, as the programme sees it: sessions, sets, maxima and decisions of one person.

Everything unknown is ``None`` and stays so: *not watched* is not *clean*.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from lift_monitor.events import Confidence
from lift_monitor.programme.clearance import Clearance
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.plan import Phase, Plan


class SetKind(enum.StrEnum):
    """What a set is for."""

    WARM_UP = "warm_up"
    WORKING = "working"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class SetRecord:
    """One set of one exercise.

    ``repetitions`` is what counts after the clinician's edits. ``red_repetitions`` and
    ``amber_repetitions`` are ``None`` where technique was watched by nobody: neither by
    sensors nor by the clinician's own word.
    """

    exercise: str
    number: int
    """From 1 within the exercise's sets of its kind in this session."""
    kind: SetKind
    load_kg: float | None
    target_repetitions: int
    repetitions: int | None
    red_repetitions: int | None = None
    amber_repetitions: int | None = None
    velocity_loss_pct: float | None = None
    best_velocity_mps: float | None = None
    """Mean velocity of the fastest repetition."""
    rpe: int | None = None
    """Borg 6–20."""
    pain: int | None = None
    """0–10."""
    sudden_back_pain: bool = False
    """New, sudden, in the back: a fracture until shown otherwise."""
    to_failure: bool = False
    """No further repetition with good technique was possible."""
    rung: int | None = None
    """Of impacts: index of the ladder's rung that was done."""
    landings: int | None = None
    hardest_landing_bw: float | None = None
    over_ceiling: int | None = None
    """Landings above the person's ceiling."""
    confidence: Confidence = Confidence.HIGH
    reasons: tuple[str, ...] = ()
    """Why the confidence is not high."""


class EventGrade(enum.StrEnum):
    """How grave an adverse event is."""

    MINOR = "minor"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """Something bad that happened in or after a session."""

    day: date
    grade: EventGrade
    text: str
    exercise: str = ""
    """Key of the exercise; empty if it belongs to none."""
    decisions_before: int | None = None
    """Highest order of the person's decisions when it was told, 0 without any: only later ones can
    answer it. ``None`` if that is not known: then the days tell, on the day itself none does."""


@dataclass(frozen=True, slots=True)
class DayChange:
    """What a clinician changed of one exercise for one session; ``None`` is as prescribed.

    With nothing changed the exercise is as prescribed again.
    """

    exercise: str
    by: str
    reason: str
    left_out: bool = False
    sets: int | None = None
    """Working or test sets."""
    repetitions: int | None = None
    """In each working set; a re-test always asks for as many as are clean."""
    load_kg: float | None = None
    rung: int | None = None
    """Of impacts, from 0."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One planned session, attended or not."""

    key: str
    """Unique among the person's sessions."""
    day: date
    attended: bool
    sets: tuple[SetRecord, ...] = ()
    adverse: tuple[AdverseEvent, ...] = ()
    reason_missed: str = ""
    changes: tuple[DayChange, ...] = ()
    """Of the day's prescription; of one exercise the last, all if it is not known which that is."""


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """One measured outcome that the rules look at, in the measure's own unit."""

    measure: Measure
    value: float
    day: date


class MaximumSource(enum.StrEnum):
    """Where a one-repetition maximum comes from; the three are never mixed."""

    TESTED = "tested"
    REPETITIONS = "repetitions"
    VELOCITY = "velocity"
    """Advisory: never prescribed from by itself."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """A one-repetition maximum of one exercise, from one source."""

    exercise: str
    source: MaximumSource
    kg: float
    low_kg: float | None
    """Interval, where there is one."""
    high_kg: float | None
    day: date
    confidence: Confidence
    basis: str
    """What it was made from, in one sentence."""
    confirmed: str = ""
    """Why it is right although it looks like a slip of the pen, in the clinician's words; empty
    where nobody was asked (:mod:`lift_monitor.programme.doubt`)."""


class Verdict(enum.StrEnum):
    """What a clinician did with a proposal."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    REJECTED = "rejected"
    SET = "set"
    """Without a proposal: the beginning, or of the clinician's own accord."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a clinician decided for one exercise; from then on it stands."""

    exercise: str
    day: date
    order: int
    """Among the person's decisions; later counts."""
    verdict: Verdict
    by: str
    phase: Phase
    load_kg: float | None
    """Mass on the bar in working sets; ``None`` for what is not loaded."""
    rung: int | None = None
    maximum_kg: float | None = None
    """The accepted one-repetition maximum, which loads are prescribed from."""
    reason: str = ""
    """Required where the proposal was changed or rejected."""
    session: str = ""
    """Key of the session after which it was decided; empty before the first."""
    action: str = ""
    """Of the proposal that was decided on; empty without one."""


@dataclass(frozen=True, slots=True)
class History:
    """All that a proposal may look at."""

    plan: Plan
    clearance: Clearance | None
    sessions: tuple[SessionRecord, ...] = ()
    maxima: tuple[Maximum, ...] = ()
    decisions: tuple[Decision, ...] = ()
    adverse: tuple[AdverseEvent, ...] = ()
    """Events that belong to no session, e.g. a fall at home."""
    outcomes: tuple[OutcomeRecord, ...] = ()
    """Of height, kyphosis, falls and fractures; others decide nothing here."""
