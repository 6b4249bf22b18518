"""What the signal core reports: plain frozen values that serialise to JSON and back.

Every event carries ``at_s``, the session time at which it became known (causal), beside
the times that it speaks of.  Values of a repetition are first *provisional* (known when the
repetition ends) and later *refined* (when the set ends); the two are told apart by
``Repetition.refined`` and are never mixed silently.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import ClassVar


class Exercise(enum.StrEnum):
    """Exercises of the `analyze` contract."""

    DEADLIFT = "deadlift"
    ROMANIAN_DEADLIFT = "romanian_deadlift"
    BACK_SQUAT = "back_squat"
    OVERHEAD_PRESS = "overhead_press"
    BENT_OVER_ROW = "bent_over_row"
    BENCH_PRESS = "bench_press"
    JUMPING_CHIN_UP = "jumping_chin_up"
    DROP_LANDING = "drop_landing"
    HEEL_DROP = "heel_drop"
    """Heel drops and stomps: impacts without a flight."""
    FREE = "free"


IMPACT_EXERCISES = frozenset((Exercise.JUMPING_CHIN_UP, Exercise.DROP_LANDING, Exercise.HEEL_DROP))
"""Done for their landings; there is no bar to be lifted."""


class Confidence(enum.StrEnum):
    """How far a number may be trusted; ``NONE`` means: withdrawn, do not show it."""

    HIGH = "high"
    LOW = "low"
    NONE = "none"


class Phase(enum.StrEnum):
    """What the bar is doing, as far as the causal estimate can tell."""

    UNKNOWN = "unknown"
    STILL = "still"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition, times in session seconds.

    ``velocity_loss_pct`` is measured against the best repetition of the set so far (when
    provisional) or of the whole set (when refined); 0 for the best itself.
    """

    set_number: int
    number: int
    exercise: Exercise
    start_s: float
    end_s: float
    concentric_start_s: float
    concentric_end_s: float
    eccentric_start_s: float
    eccentric_end_s: float
    mean_velocity_mps: float
    mean_propulsive_velocity_mps: float
    peak_velocity_mps: float
    rom_m: float
    concentric_duration_s: float
    eccentric_duration_s: float
    velocity_loss_pct: float
    mean_velocity_sd_mps: float
    """Estimated standard deviation of the mean velocity (from anchors and quality)."""
    confidence: Confidence
    reasons: tuple[str, ...]
    refined: bool


@dataclass(frozen=True, slots=True)
class LiftSet:
    """A finished set with its refined repetitions."""

    number: int
    exercise: Exercise
    start_s: float
    end_s: float
    velocity_loss_pct: float
    """Loss of the last repetition against the best one."""
    confidence: Confidence
    reasons: tuple[str, ...]
    repetitions: tuple[Repetition, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""

    at_s: float
    kind: ClassVar[str] = "event"


@dataclass(frozen=True, slots=True)
class SetStarted(Event):
    """The first repetition of a set was seen."""

    set_number: int
    exercise: Exercise
    start_s: float
    rest_before_s: float | None
    kind: ClassVar[str] = "set_started"


@dataclass(frozen=True, slots=True)
class RepetitionCompleted(Event):
    """A repetition ended; its values are provisional."""

    repetition: Repetition
    kind: ClassVar[str] = "repetition_completed"


@dataclass(frozen=True, slots=True)
class RepetitionWithdrawn(Event):
    """A provisional repetition turned out not to be one (a set-down, a re-rack, ...)."""

    set_number: int
    number: int
    reason: str
    kind: ClassVar[str] = "repetition_withdrawn"


@dataclass(frozen=True, slots=True)
class SetEnded(Event):
    """The set is over; rest runs from ``lift_set.end_s``. Its repetitions are refined.

    The refined list replaces every provisional repetition of that set.
    """

    lift_set: LiftSet
    kind: ClassVar[str] = "set_ended"


@dataclass(frozen=True, slots=True)
class PhaseChanged(Event):
    """The bar began to rise, to fall, or to be still."""

    phase: Phase
    kind: ClassVar[str] = "phase_changed"


class QualityKind(enum.StrEnum):
    """Technical faults of a stream (never a fault of technique)."""

    GAP = "gap"
    THIN_STREAM = "thin_stream"
    REPEATED_SAMPLES = "repeated_samples"
    SATURATION = "saturation"
    CLOCK_JUMP = "clock_jump"
    NOT_FINITE = "not_finite"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class QualityChanged(Event):
    """A technical fault began (``active``) or was over."""

    sensor: str
    fault: QualityKind
    active: bool
    start_s: float
    end_s: float | None
    text: str
    """One sentence for the user: what, how much, what it does to the numbers."""
    kind: ClassVar[str] = "quality_changed"


@dataclass(frozen=True, slots=True)
class ExerciseChanged(Event):
    """From ``at_s`` on another exercise is done, or the same with another load or target.

    A set of the exercise before is closed; one of the same exercise goes on. Which exercise a
    set or a repetition was of stands in itself.
    """

    exercise: Exercise
    load_kg: float | None
    target_reps: int
    target_sets: int
    kind: ClassVar[str] = "exercise_changed"


EVENT_TYPES: tuple[type[Event], ...] = (
    SetStarted,
    RepetitionCompleted,
    RepetitionWithdrawn,
    SetEnded,
    PhaseChanged,
    QualityChanged,
    ExerciseChanged,
)
