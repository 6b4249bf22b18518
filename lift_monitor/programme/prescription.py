"""What is to be done today: the sets of one exercise, with what is on the bar."""

from __future__ import annotations

from dataclasses import dataclass

from lift_monitor.events import Exercise
from lift_monitor.programme.plan import ExerciseKind, Phase
from lift_monitor.programme.record import SetKind


@dataclass(frozen=True, slots=True)
class BarLoad:
    """A bar as it is loaded."""

    total_kg: float
    bar_kg: float
    per_side_kg: tuple[float, ...]
    """Plates on one side, from the collar outwards, heaviest first."""


@dataclass(frozen=True, slots=True)
class PrescribedSet:
    """One set that is to be done."""

    kind: SetKind
    number: int
    """From 1 within its kind."""
    repetitions: int
    load_kg: float | None
    intensity_pct: float | None
    bar: BarLoad | None


@dataclass(frozen=True, slots=True)
class Prescription:
    """One exercise of today."""

    exercise: str
    name: str
    kind: ExerciseKind
    measured_as: Exercise | None
    phase: Phase
    sets: tuple[PrescribedSet, ...]
    """Empty if it is blocked."""
    rung: int | None
    rest_s: float
    variant: str
    """How it is done if not in its plain form; may be empty."""
    maximum_kg: float | None
    blocked: str
    """Why it is not done, in one sentence; empty if it is."""
    notes: tuple[str, ...]
    """What the clinician should know, one sentence each."""

    @property
    def work(self) -> tuple[PrescribedSet, ...]:
        """The working or test sets: all but the warm-up."""
        return tuple(each for each in self.sets if each.kind is not SetKind.WARM_UP)
