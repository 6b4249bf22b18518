"""The day of one person as a list to be read at a glance: values only, words are the screen's."""

from __future__ import annotations

from dataclasses import dataclass

from lift_monitor.clinic.set_record import record_of
from lift_monitor.clinic.words import StoredSet
from lift_monitor.events import Confidence
from lift_monitor.programme.plan import ExerciseKind, Phase
from lift_monitor.programme.prescription import PrescribedSet, Prescription
from lift_monitor.programme.record import SetKind
from lift_monitor.visit.agenda import SetDone, remaining


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One exercise of today."""

    exercise: str
    name: str
    kind: ExerciseKind
    phase: Phase
    load_kg: float | None
    """Of the working sets as it is prescribed."""
    sets: int
    """Prescribed beside the warm-up."""
    warm_ups: int
    repetitions: int
    done: int
    warm_ups_done: int
    left: int
    variant: str
    blocked: str
    current: bool
    stop: bool = False
    """A stop is proposed, and nobody has decided on it."""


@dataclass(frozen=True, slots=True)
class LastSet:
    """One set that was done."""

    id: int
    exercise: str
    kind: SetKind
    number: int
    counted: int | None
    target: int
    load_kg: float | None
    velocity_mps: float | None
    """Mean velocity of its fastest repetition that counts."""
    hardest_bw: float | None
    red: int | None
    """Repetitions with a red flag; ``None`` where nothing was watched."""
    amber: int | None
    low: bool
    rated: bool
    """Exertion and pain were asked for."""


@dataclass(frozen=True, slots=True)
class Today:
    """Everything that stands beside a session."""

    pseudonym: str
    items: tuple[TodayItem, ...]
    last_sets: tuple[LastSet, ...]
    next: PrescribedSet | None
    of: int
    """Prescribed sets of the kind of the next one."""
    open_count: int | None
    """Repetitions of the set that is going on; ``None`` between sets."""
    attended: int
    planned: int
    week: int | None
    trouble: str
    notes: tuple[str, ...] = ()
    """What is to be known of the current exercise, one sentence each."""

    @property
    def current(self) -> TodayItem | None:
        """The exercise that is being done."""
        return next((item for item in self.items if item.current), None)


def item_of(prescription: Prescription, done: tuple[StoredSet, ...], *, current: bool) -> TodayItem:
    """One exercise with the sets that were done of it."""
    work = prescription.work
    made = [SetDone(s.new.kind, s.new.number) for s in done]
    return TodayItem(
        exercise=prescription.exercise,
        name=prescription.name,
        kind=prescription.kind,
        phase=prescription.phase,
        load_kg=work[-1].load_kg if work else None,
        sets=len(work),
        warm_ups=len(prescription.sets) - len(work),
        repetitions=work[-1].repetitions if work else 0,
        done=sum(1 for s in made if s.kind is not SetKind.WARM_UP),
        warm_ups_done=sum(1 for s in made if s.kind is SetKind.WARM_UP),
        left=remaining(prescription, made),
        variant=prescription.variant,
        blocked=prescription.blocked,
        current=current,
    )


def last_set(done: StoredSet) -> LastSet:
    """A stored set as it is listed: the same numbers that a proposal sees."""
    seen = record_of(done)
    return LastSet(
        id=done.id,
        exercise=seen.exercise,
        kind=seen.kind,
        number=seen.number,
        counted=seen.repetitions,
        target=seen.target_repetitions,
        load_kg=seen.load_kg,
        velocity_mps=seen.best_velocity_mps,
        hardest_bw=seen.hardest_landing_bw,
        red=seen.red_repetitions,
        amber=seen.amber_repetitions,
        low=seen.confidence is not Confidence.HIGH,
        rated=seen.rpe is not None and seen.pain is not None,
    )
