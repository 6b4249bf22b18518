"""What a set was meant to be, and what it was: the words of the visit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lift_monitor.events import IMPACT_EXERCISES, Confidence, Exercise, LiftSet
from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.programme.prescription import PrescribedSet
from lift_monitor.technique import Landing, TrunkFlag


@dataclass(frozen=True, slots=True)
class Task:
    """What a set was meant to be when it began."""

    exercise: str
    """Key of the plan's exercise."""
    kind: ExerciseKind
    measured_as: Exercise | None
    planned: PrescribedSet
    rung: int | None = None

    @property
    def is_impact(self) -> bool:
        """Whether its landings are what counts."""
        return self.kind is ExerciseKind.IMPACT

    @property
    def is_lifted(self) -> bool:
        """Whether the bar's repetitions are what counts."""
        return self.measured_as is not None and self.measured_as not in IMPACT_EXERCISES


@dataclass(frozen=True, slots=True)
class ClosedSet:
    """A set that is over; times in session seconds."""

    task: Task
    start_s: float
    end_s: float
    measured: LiftSet | None
    flags: tuple[TrunkFlag, ...]
    landings: tuple[Landing, ...]
    unwatched: str
    """Why technique was not watched throughout; empty if it was."""
    confidence: Confidence
    reasons: tuple[str, ...]
    cut_off: bool = False
    """The data ended inside it."""


def joined(part: LiftSet | None, rest: LiftSet) -> LiftSet:
    """One set of the part before the data ended and of what followed; never of high confidence."""
    if part is None:
        return rest
    reps = (*part.repetitions, *rest.repetitions)
    best = max(rep.mean_velocity_mps for rep in reps)
    counted = tuple(
        replace(
            rep,
            set_number=rest.number,
            number=number,
            velocity_loss_pct=100.0 * (1.0 - rep.mean_velocity_mps / best) if best > 0.0 else 0.0,
        )
        for number, rep in enumerate(reps, start=1)
    )
    missing = rest.start_s - part.end_s
    why = f"{missing:.0f} s of it are missing, and repetitions may be: count by hand"
    none = Confidence.NONE in (part.confidence, rest.confidence)
    return LiftSet(
        number=rest.number,
        exercise=rest.exercise,
        start_s=part.start_s,
        end_s=rest.end_s,
        velocity_loss_pct=counted[-1].velocity_loss_pct,
        confidence=Confidence.NONE if none else Confidence.LOW,
        reasons=tuple(dict.fromkeys((*part.reasons, *rest.reasons, why))),
        repetitions=counted,
    )
