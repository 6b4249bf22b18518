"""What the store takes and gives: plain frozen values, never rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from lift_monitor.events import Confidence, LiftSet, Repetition
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.plan import Plan
from lift_monitor.programme.record import EventGrade, SetKind
from lift_monitor.technique import Landing, TrunkFlag

NOT_RECORDED: Final = "not recorded"
"""Why a set was not watched that is older than the question."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the programme, by pseudonym."""

    id: int
    pseudonym: str
    """Unique; what screens, logs and recordings call them, e.g. ``Heron 14``."""
    since: date
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is; kept apart, shown only where it is asked for, and in the report."""

    name: str
    born: date | None = None
    contact: str = ""
    referrer: str = ""
    """The practice that the report goes to."""


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A person's plan; each change is a new one."""

    id: int
    plan: Plan
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One planned session of a person."""

    id: int
    person_id: int
    key: str
    """Unique among the person's sessions, e.g. ``2026-11-22`` or ``2026-11-22b``."""
    day: date
    attended: bool
    started_at: datetime | None
    ended_at: datetime | None
    """``None`` while it is open, or where the program was killed: see ``Sessions.open_ones``."""
    body_mass_kg: float | None
    reason_missed: str
    note: str
    """The clinician's words."""


@dataclass(frozen=True, slots=True)
class NewSet:
    """A set that ended, as it is put into the store."""

    exercise: str
    """Key of the plan's exercise."""
    kind: SetKind
    number: int
    load_kg: float | None
    target_repetitions: int
    at: datetime
    """When it ended."""
    measured: LiftSet | None = None
    """As the sensors told it, whole; ``None`` if nothing was measured."""
    flags: tuple[TrunkFlag, ...] = ()
    landings: tuple[Landing, ...] = ()
    watched: bool = False
    """Sensors on the trunk were calibrated and told angles throughout the set."""
    unwatched: str | None = None
    """Why they did not; ``None`` if they did, or if it was not recorded."""
    rung: int | None = None
    ceiling_bw: float | None = None
    """The person's ceiling of a landing at the time."""
    counted_by_hand: int | None = None
    """Repetitions by the clinician's count, where nothing was measured."""
    recording: str = ""
    """File name of the recording; never a path, never a name of a person."""
    confidence: Confidence = Confidence.HIGH
    reasons: tuple[str, ...] = ()

    @property
    def not_watched_because(self) -> str:
        """Why sensors did not watch it; empty if they did."""
        return "" if self.watched else self.unwatched or NOT_RECORDED


@dataclass(frozen=True, slots=True)
class StoredRepetition:
    """One repetition of a stored set."""

    id: int
    number: int
    measured: Repetition | None
    """``None`` if the clinician added it."""
    counts: bool
    """False once the clinician has taken it out; the measured values stay."""
    red: bool
    amber: bool


@dataclass(frozen=True, slots=True)
class Ratings:
    """What was asked at rest; ``None`` where it was not answered."""

    rpe: int | None = None
    """Borg 6–20."""
    pain: int | None = None
    """0–10."""
    pain_where: str = ""
    sudden_back_pain: bool = False
    to_failure: bool = False
    seen_clean: bool | None = None
    """The clinician's own word on technique; counts where no sensor watched."""


@dataclass(frozen=True, slots=True)
class StoredSet:
    """A set in the store, with what was said of it since."""

    id: int
    session_id: int
    new: NewSet
    repetitions: tuple[StoredRepetition, ...]
    ratings: Ratings
    counts: bool = True
    """False once the clinician has taken the whole set out; what was measured stays."""

    @property
    def counted(self) -> int | None:
        """Repetitions that count; ``None`` if nobody counted."""
        if self.new.measured is None and self.new.counted_by_hand is not None:
            extra = sum(1 for r in self.repetitions if r.counts)
            return self.new.counted_by_hand + extra
        if self.new.measured is None and not self.repetitions:
            return None
        return sum(1 for r in self.repetitions if r.counts)


@dataclass(frozen=True, slots=True)
class StoredAdverseEvent:
    """An adverse event in the store."""

    id: int
    session_id: int | None
    day: date
    grade: EventGrade
    text: str
    exercise: str
    by: str
    decisions_before: int | None = None
    """See :class:`lift_monitor.programme.record.AdverseEvent`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measured outcome; in the measure's own unit."""

    measure: Measure
    value: float
    day: date
    by: str
    device: str = ""
    """E.g. which DXA scanner: values of two are not compared."""
    note: str = ""
    id: int | None = None
    """``None`` before it is stored."""


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording by reference."""

    session_id: int
    file_name: str
    exercise: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what; never changed, never deleted."""

    id: int
    at: datetime
    by: str
    what: str
    """E.g. ``proposal_accepted``, ``repetition_removed``, ``contraindication_overridden``."""
    person_id: int | None
    subject: str
    """What it was done to, e.g. ``set 12, repetition 3``."""
    before: dict[str, Any] = field(default_factory=dict)
    """Old values; empty where there were none."""
    after: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
