"""One session of one simulated person: what is prescribed is lifted, and told as sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

import numpy as np

from lift_monitor.clinic.words import NewSet, Ratings
from lift_monitor.events import Confidence, Exercise, LiftSet
from lift_monitor.practice.body import Body, Effort
from lift_monitor.practice.gifts import LIFTS
from lift_monitor.practice.lifting import flags_of, landings_of, measured_set
from lift_monitor.practice.mishaps import (
    Careless,
    DeadSensor,
    Doubtful,
    Pain,
    SuddenBackPain,
    Unwatched,
    Weak,
)
from lift_monitor.practice.people import SimulatedPerson
from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.programme.prescription import PrescribedSet, Prescription
from lift_monitor.programme.record import SetKind
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.technique import TrunkFlag
from lift_monitor.visit.watch import NOT_CALIBRATED

_Spanned = TypeVar("_Spanned", Weak, Careless, Doubtful, DeadSensor, Unwatched, Pain)

DEAD: Final = "the bar's sensor told nothing"
_SUDDEN_AFTER: Final = 2
"""Working sets before a sudden pain."""
_BETWEEN_EXERCISES_S: Final = 150.0


@dataclass(frozen=True, slots=True)
class DoneSet:
    """A set that was done, with what was said of it at rest."""

    new: NewSet
    ratings: Ratings | None
    """``None`` where nobody asked, as after a warm-up."""


@dataclass(slots=True)
class Training:
    """A session while it is done.

    Attributes
    ----------
    person, body
        Who lifts, and with what; the body learns from :meth:`finish`.
    number
        Of the planned session, from 1.
    started_at
        Aware.
    rng
        Of this person in this session.
    sudden
        The lift in which a sudden back pain strikes today, if one does.
    ended_early
        It did.
    """

    person: SimulatedPerson
    body: Body
    number: int
    started_at: datetime
    rng: np.random.Generator
    sudden: SuddenBackPain | None = None
    ended_early: bool = False
    _lifted: set[Exercise] = field(default_factory=set)
    _at_s: float = 300.0
    _sets: int = 0
    _form: float = 1.0

    def __post_init__(self) -> None:
        weakened = [m.share for m in self._here(Weak)]
        self._form = self.body.form(self.rng, max(weakened, default=0.0))

    def sets(self, prescription: Prescription) -> Iterator[DoneSet]:
        """Do one exercise; stops where a test need not go on or something hurts suddenly."""
        self._at_s += _BETWEEN_EXERCISES_S
        hurting = self._pain(prescription.measured_as)
        working = 0
        for planned in prescription.sets:
            if self.ended_early:
                return
            done = self._set(prescription, planned, working, hurting)
            working += planned.kind is not SetKind.WARM_UP
            yield done
            self._at_s += prescription.rest_s
            if planned.kind is SetKind.TEST and not _test_goes_on(done):
                return

    def finish(self) -> None:
        """Let the body learn from the session."""
        self.body.came(self._lifted)

    # -- one set -----------------------------------------------------------------------------

    def _set(
        self, prescription: Prescription, planned: PrescribedSet, working: int, hurting: Ratings
    ) -> DoneSet:
        self._sets += 1
        movement = prescription.measured_as
        if movement in LIFTS:
            return self._lift(prescription, planned, movement, working, hurting)
        if prescription.kind is ExerciseKind.IMPACT and movement is not None:
            return self._impacts(prescription, planned, movement, hurting)
        self._at_s += 3.0 * planned.repetitions
        new = self._new(prescription, planned)
        return DoneSet(replace(new, counted_by_hand=planned.repetitions), hurting)

    def _lift(
        self,
        prescription: Prescription,
        planned: PrescribedSet,
        lift: Exercise,
        working: int,
        hurting: Ratings,
    ) -> DoneSet:
        strength = self.body.strength_kg(lift, self._form, working)
        careless = max((m.red_chance for m in self._here(Careless)), default=0.0)
        effort = self.body.lift(
            lift, planned.load_kg or 0.0, planned.repetitions, strength, self.rng, careless
        )
        if planned.kind is SetKind.TEST:
            effort = _until_first_fault(effort)
        sudden = self.sudden is not None and self.sudden.lift is lift and working >= _SUDDEN_AFTER
        if sudden:
            effort = _cut_short(effort, 3)
        self._lifted.add(lift)
        measured, flags = self._measured(lift, effort)
        self._at_s += max(3.0 * effort.repetitions, 5.0)
        new = self._with_lift(self._new(prescription, planned), measured, flags, effort)
        if sudden and self.sudden is not None:
            self.ended_early = True
            return DoneSet(
                new,
                Ratings(
                    rpe=self.body.rpe(effort, self.rng),
                    pain=self.sudden.level,
                    pain_where="middle of the back",
                    sudden_back_pain=True,
                ),
            )
        if planned.kind is SetKind.WARM_UP:
            return DoneSet(new, None)
        return DoneSet(
            new,
            replace(
                hurting,
                rpe=self.body.rpe(effort, self.rng),
                to_failure=effort.to_failure,
                seen_clean=self._seen(),
            ),
        )

    def _measured(
        self, lift: Exercise, effort: Effort
    ) -> tuple[LiftSet | None, tuple[TrunkFlag, ...]]:
        doubts = tuple(m.reason for m in self._here(Doubtful))
        told = measured_set(lift, self._sets, self._at_s, effort, self.rng, doubts)
        flags = () if self._here(Unwatched) else flags_of(told, effort, self.rng)
        if self._here(DeadSensor):
            # Without the bar nobody knows whether it was borne; the flags of the trunk stay.
            return None, tuple(replace(flag, under_load=None) for flag in flags)
        return told, flags

    def _with_lift(
        self,
        new: NewSet,
        measured: LiftSet | None,
        flags: tuple[TrunkFlag, ...],
        effort: Effort,
    ) -> NewSet:
        dead = self._here(DeadSensor)
        counted = effort.repetitions if dead and dead[0].counted else None
        doubts = (DEAD,) if dead else tuple(m.reason for m in self._here(Doubtful))
        confidence = Confidence.NONE if dead and counted is None else Confidence.LOW
        return replace(
            self._watched(new),
            measured=measured,
            flags=flags,
            counted_by_hand=counted,
            confidence=confidence if doubts else Confidence.HIGH,
            reasons=doubts,
        )

    def _impacts(
        self,
        prescription: Prescription,
        planned: PrescribedSet,
        movement: Exercise,
        hurting: Ratings,
    ) -> DoneSet:
        doubts = tuple(m.reason for m in self._here(Doubtful))
        landings = landings_of(
            movement,
            planned.repetitions,
            self._at_s,
            self.person.gift.landing_bw,
            self.person.body_mass_kg,
            self.rng,
            doubts,
        )
        self._at_s += 6.0 * planned.repetitions
        new = replace(
            self._watched(self._new(prescription, planned)),
            landings=landings,
            ceiling_bw=ImpactBand().high_bw,
            confidence=Confidence.LOW if doubts else Confidence.HIGH,
            reasons=doubts,
        )
        return DoneSet(new, replace(hurting, seen_clean=self._seen()))

    def _new(self, prescription: Prescription, planned: PrescribedSet) -> NewSet:
        return NewSet(
            exercise=prescription.exercise,
            kind=planned.kind,
            number=planned.number,
            load_kg=planned.load_kg,
            target_repetitions=planned.repetitions,
            at=self.started_at + timedelta(seconds=round(self._at_s)),
            rung=prescription.rung,
        )

    # -- what befalls ------------------------------------------------------------------------

    def _here(self, kind: type[_Spanned]) -> list[_Spanned]:
        return [
            mishap
            for mishap in self.person.mishaps
            if isinstance(mishap, kind) and mishap.span.covers(self.number)
        ]

    def _watched(self, new: NewSet) -> NewSet:
        unwatched = NOT_CALIBRATED if self._here(Unwatched) else None
        return replace(new, watched=unwatched is None, unwatched=unwatched)

    def _seen(self) -> bool | None:
        unwatched = self._here(Unwatched)
        return unwatched[0].seen_clean if unwatched else None

    def _pain(self, movement: Exercise | None) -> Ratings:
        for mishap in self._here(Pain):
            if movement in mishap.measured_as:
                return Ratings(pain=mishap.level, pain_where=mishap.where)
        if self.rng.random() < self.person.gift.pain_chance:
            return Ratings(pain=1 + int(self.rng.integers(2)), pain_where="general soreness")
        return Ratings(pain=0)


def _until_first_fault(effort: Effort) -> Effort:
    """A test ends at the first repetition that is not clean."""
    if not effort.red:
        return effort
    return replace(_cut_short(effort, effort.red[0]), to_failure=True, in_reserve=1.0)


def _cut_short(effort: Effort, repetitions: int) -> Effort:
    return replace(
        effort,
        repetitions=min(effort.repetitions, repetitions),
        velocities_mps=effort.velocities_mps[:repetitions],
        red=tuple(n for n in effort.red if n <= repetitions),
        amber=tuple(n for n in effort.amber if n <= repetitions),
    )


def _test_goes_on(done: DoneSet) -> bool:
    ratings = done.ratings
    return ratings is not None and not ratings.to_failure and not ratings.pain
