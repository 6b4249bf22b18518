"""The values that the view model speaks in: states, readings, faults, cues, sets. No Qt."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from lift_monitor.events import Confidence, Exercise, LiftSet, Repetition, RepetitionWithdrawn
from lift_monitor.technique import Severity


class Changed(enum.Flag):
    """What an update touched; the window repaints nothing else."""

    NOTHING = 0
    STATUS = enum.auto()
    SET = enum.auto()
    TRACE = enum.auto()
    FAULTS = enum.auto()
    SPINE = enum.auto()
    """Angles of the trunk."""
    TECHNIQUE = enum.auto()
    """Flags, landings, the state of the load."""
    ALL = STATUS | SET | TRACE | FAULTS | SPINE | TECHNIQUE


class DataState(enum.StrEnum):
    """How far a shown value can be believed at this moment."""

    LIVE = "live"
    HELD = "held"
    ESTIMATED = "estimated"
    UNAVAILABLE = "unavailable"


class Level(enum.StrEnum):
    """State of a thing; each has a shape and a word besides its colour."""

    OK = "ok"
    INFO = "info"
    CHECK = "check"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Reading:
    """A number with its state and, if it is not simply live, the reason."""

    value: float | None
    state: DataState
    why: str = ""
    """``"stale"``, ``"lost"``, ``"waiting"``, ``"ended"``, ``"no_bar"``, ``"gap"``,
    ``"no_repetition"``, or the core's own sentence."""
    age_s: float | None = None
    sd: float | None = None
    text: str = ""
    """The sensor's own sentence behind ``"lost"``."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A technical fault: never a fault of technique."""

    code: str
    level: Level
    subject: str
    text: str = ""
    value: float | None = None
    since_s: float | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Alarm:
    """A limit of technique that was passed."""

    code: str
    """``lumbar_flexion``, ``trunk_lean``, ``twist`` or ``landing``."""
    severity: Severity
    value: float
    limit: float
    unit: str
    start_s: float
    active: bool
    """It stands, or is latched until its repetition ends."""
    low: bool
    """Low confidence."""
    least: bool = False
    """The sensor reached the end of its range: the value is at least this."""
    load_known: bool = True
    bar: bool = True
    """Whether there is a bar to be lowered."""
    repetition: int | None = None
    set_number: int | None = None
    shown_set: int | None = None
    """Number of the set among those of its exercise."""
    exercise: Exercise | None = None
    """The exercise of the set, if it is not the one that is done now."""

    @property
    def level(self) -> Level:
        """Red orders a stop, amber asks to look."""
        return Level.STOP if self.severity is Severity.RED else Level.CHECK


@dataclass(frozen=True, slots=True)
class Cue:
    """The one thing to say to the lifter."""

    code: str
    level: Level
    value: float | None = None
    limit: float | None = None
    text: str = ""
    """The sensor's own sentence, if it has one."""
    alarm: Alarm | None = None


@dataclass(slots=True)
class SetView:
    """A set as known so far."""

    number: int
    exercise: Exercise
    start_s: float
    rest_before_s: float | None = None
    repetitions: list[Repetition] = field(default_factory=list)
    withdrawn: list[RepetitionWithdrawn] = field(default_factory=list)
    finished: LiftSet | None = None

    @property
    def trusted(self) -> list[Repetition]:
        """Repetitions whose numbers are not withdrawn."""
        return [r for r in self.repetitions if r.confidence is not Confidence.NONE]

    @property
    def best_mps(self) -> float | None:
        """Fastest mean velocity of the set so far."""
        return max((r.mean_velocity_mps for r in self.trusted), default=None)

    @property
    def last(self) -> Repetition | None:
        """The newest repetition."""
        return self.repetitions[-1] if self.repetitions else None

    @property
    def end_s(self) -> float | None:
        """When the set ended, if it has."""
        return self.finished.end_s if self.finished else None
