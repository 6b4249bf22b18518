"""A training plan as data: exercises, sets, intensity, steps, limits, each with its source.

What ships is in :mod:`lift_monitor.programme.shipped`; a clinic edits a copy, as a document
(:mod:`lift_monitor.programme.documents`) or on the screen.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from lift_monitor.events import Exercise
from lift_monitor.technique import FlagKind

DESIGN_DEFAULT: Final = "design default, clinician may change"
"""Source of a number that nobody published."""
CHANGED_HERE: Final = "changed in this clinic"
"""Source of a number that the clinic set; no paper stands behind it."""


class Phase(enum.StrEnum):
    """Where somebody is with one exercise."""

    FAMILIARISATION = "familiarisation"
    TRAINING = "training"
    IMPACT = "impact_loading"
    RETEST = "retest"
    """The one-repetition maximum is to be found anew next time; the load stands meanwhile."""
    RETURN = "return"
    """After an absence: lighter, until technique has been clean again."""


class ExerciseKind(enum.StrEnum):
    """How the dose of an exercise is said."""

    LIFT = "lift"
    """By the mass on the bar."""
    IMPACT = "impact"
    """By a rung of a ladder of impacts."""
    FREE = "free"
    """Body weight or small weights; nothing is progressed by number."""


@dataclass(frozen=True, slots=True)
class Band:
    """Share of the one-repetition maximum, in per cent, both ends included."""

    low_pct: float
    high_pct: float


@dataclass(frozen=True, slots=True)
class WarmUp:
    """A lighter set before the working sets."""

    repetitions: int
    intensity_pct: float
    """Of the one-repetition maximum; without one, of the working load over 0.8."""


@dataclass(frozen=True, slots=True)
class Learning:
    """How an exercise is learnt: the familiarisation phase."""

    first_load_kg: float
    """Mass on the bar the first time; 0 is body weight or a stick."""
    step_kg: float
    """Largest step between two sessions."""
    sets: int
    repetitions: int
    highest_rpe: int
    """On Borg's 6–20; above it the load does not rise."""
    variants: tuple[str, ...]
    """Lighter forms to begin with, easiest first, in the clinician's words."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One dose of impacts."""

    name: str
    measured_as: Exercise
    sets: int
    repetitions: int
    height_cm: float | None
    """Height of the drop; ``None`` where it is not set."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one number of a plan comes from."""

    field: str
    """Name of the field of :class:`PlanExercise` or :class:`Plan`."""
    source: str


@dataclass(frozen=True, slots=True)
class PlanExercise:
    """One exercise of a plan."""

    key: str
    """Short name in records, e.g. ``deadlift``; unique in the plan."""
    name: str
    kind: ExerciseKind
    measured_as: Exercise | None
    """What the sensors take it for; ``None`` is not measured."""
    sets: int
    repetitions: int
    band: Band | None
    """Of lifts in training."""
    step_kg: float
    """Largest rise between two sessions in training; 0 where no mass is lifted."""
    warm_ups: tuple[WarmUp, ...]
    learning: Learning | None
    ladder: tuple[Rung, ...]
    """Of impacts, lowest first."""
    rest_s: float
    """Between sets."""
    raised_variant: str
    """What a restricted person does instead, e.g. from blocks at knee height; may be empty."""
    source: str
    """Of the exercise as such."""
    origins: tuple[Origin, ...] = ()
    """Of its numbers; one that is not named is a design default."""

    def source_of(self, field: str) -> str:
        """Where the number of a field comes from."""
        return _source_of(self.origins, field)


@dataclass(frozen=True, slots=True)
class Gate:
    """What has to be seen before heavy loads."""

    sessions: int
    """Familiarisation sessions with this exercise, at least."""
    clean_in_a_row: int
    """Last sessions without a red flag, watched."""
    source: str


@dataclass(frozen=True, slots=True)
class Plate:
    """Plates of one size."""

    kg: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Rack:
    """What can be loaded: bars, lightest first, and pairs of plates."""

    bars_kg: tuple[float, ...]
    plates: tuple[Plate, ...]


@dataclass(frozen=True, slots=True)
class FlagLimit:
    """Limits of one kind of technique flag for this person; ``None`` switches one off."""

    kind: FlagKind
    amber: float | None
    red: float | None


@dataclass(frozen=True, slots=True)
class Limits:
    """What the screen judges by; what is not named here is the house's default."""

    flags: tuple[FlagLimit, ...] = ()
    landing_low_bw: float | None = None
    landing_high_bw: float | None = None
    """Ceiling of a landing, in body weights."""
    loss_amber_pct: float = 20.0
    loss_stop_pct: float = 30.0
    """Velocity losses within a set at which the screen turns amber, and proposes to stop."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole programme."""

    key: str
    name: str
    version: int
    """Counts up when a clinic edits it."""
    supervised: bool
    sessions_a_week: int
    weeks: int
    sessions: int
    """Planned in all; attendance is counted against it."""
    warn_group: int
    largest_group: int
    """People whom one clinician watches: more than ``warn_group`` is told, more than this is
    refused."""
    gate: Gate
    retest_weeks: int
    """A one-repetition maximum older than this is to be found anew."""
    exercises: tuple[PlanExercise, ...]
    rack: Rack
    source: str
    """Of the programme as such."""
    origins: tuple[Origin, ...] = ()
    """Of its numbers; one that is not named is a design default."""
    limits: Limits = Limits()

    def source_of(self, field: str) -> str:
        """Where the number of a field comes from."""
        return _source_of(self.origins, field)

    def exercise(self, key: str) -> PlanExercise:
        """The exercise of a key.

        Raises
        ------
        KeyError
            If the plan has none.
        """
        for found in self.exercises:
            if found.key == key:
                return found
        raise KeyError(key)


def _source_of(origins: tuple[Origin, ...], field: str) -> str:
    for origin in origins:
        if origin.field == field:
            return origin.source
    return DESIGN_DEFAULT
