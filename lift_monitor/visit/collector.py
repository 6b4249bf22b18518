"""From a station's events to whole sets: what was lifted or landed, with what belongs to it.

Pure but for what it remembers: no clock, no store. How the events were cut into calls makes
no difference to the sets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from lift_monitor.events import (
    IMPACT_EXERCISES,
    Confidence,
    Event,
    Exercise,
    LiftSet,
    Repetition,
    RepetitionCompleted,
    RepetitionWithdrawn,
    SetEnded,
    SetStarted,
)
from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.programme.prescription import PrescribedSet
from lift_monitor.samples import Role
from lift_monitor.signal.exercises import profile_of
from lift_monitor.technique import (
    FlagEnded,
    FlagKind,
    FlagRaised,
    Landing,
    LandingDetected,
    Severity,
    TrunkFlag,
)
from lift_monitor.visit.watch import SensorWatch

PULL_S: Final = 1.5
"""A flag so long before a set belongs to it: bracing and the pull count. Design default."""
RACKING_S: Final = 3.0
"""A flag so long after its last repetition as well: the bar is set down. Design default."""
IMPACT_REST_S: Final = 20.0
"""So long without a landing ends a set of impacts. Design default."""
LOST_S: Final = 20.0
"""A set whose bar sensor is lost is closed so long after its last repetition. Design default."""
_EARLY_S: Final = 1.0
"""A set that ends so much sooner than its rest asks was cut off, not finished."""
CUT_OFF: Final = (
    "the data from the bar end inside this set, so repetitions may be missing: count by hand"
)


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


@dataclass(slots=True)
class _OpenLift:
    number: int
    task: Task
    repetitions: dict[int, Repetition] = field(default_factory=dict)
    left: bool = False
    """Another exercise was chosen meanwhile: that it ends early is no loss of data."""


@dataclass(slots=True)
class _OpenImpact:
    task: Task
    landings: list[Landing] = field(default_factory=list)


class SetCollector:
    """Collects sets from events in the order of their times.

    Parameters
    ----------
    watch : SensorWatch
        Is told the same events, before this is.
    """

    def __init__(self, watch: SensorWatch) -> None:
        self._watch = watch
        self._lift: _OpenLift | None = None
        self._impact: _OpenImpact | None = None
        self._done: set[int] = set()
        self._flags: dict[tuple[FlagKind, Severity, float], TrunkFlag] = {}

    # -- being asked --------------------------------------------------------------------------

    @property
    def open_task(self) -> Task | None:
        """What is being done at this moment; ``None`` between sets."""
        now = self._lift or self._impact
        return now.task if now is not None else None

    @property
    def open_count(self) -> int:
        """Repetitions or landings of the open set so far."""
        if self._lift is not None:
            return len(self._lift.repetitions)
        return len(self._impact.landings) if self._impact is not None else 0

    # -- being told ---------------------------------------------------------------------------

    def before(self, event: Event) -> list[ClosedSet]:
        """Sets that were over before an event: they are to be stored before it is taken."""
        if self._impact is None or not isinstance(event, LandingDetected):
            return []
        waited = event.landing.contact_s - self._impact.landings[-1].at_s
        return self._close_impact() if waited > IMPACT_REST_S else []

    def take(self, event: Event, task: Task | None) -> list[ClosedSet]:
        """Take one event; sets that are over by it.

        Parameters
        ----------
        event : Event
        task : Task, optional
            What a set that begins now is meant to be; ``None``: nothing is being trained.
        """
        match event:
            case FlagRaised() | FlagEnded():
                flag = event.flag
                self._flags[flag.kind, flag.severity, flag.start_s] = flag
            case SetStarted():
                self._begin(event.set_number, task)
            case RepetitionCompleted():
                rep = event.repetition
                self._begin(rep.set_number, task)
                if self._lift is not None and self._lift.number == rep.set_number:
                    self._lift.repetitions[rep.number] = rep
            case RepetitionWithdrawn():
                if self._lift is not None and self._lift.number == event.set_number:
                    self._lift.repetitions.pop(event.number, None)
            case SetEnded():
                return self._ended(event, task)
            case LandingDetected():
                return self._landed(event.landing, task)
            case _:
                pass
        return []

    def leave(self) -> list[ClosedSet]:
        """Another exercise is done from here on: a set of impacts ends with it."""
        if self._lift is not None:
            self._lift.left = True
        return self._close_impact()

    def tick(self, now_s: float) -> list[ClosedSet]:
        """Session time has come so far; sets that are over by that alone."""
        impact = self._impact
        if impact is not None and now_s - impact.landings[-1].at_s > IMPACT_REST_S:
            return self._close_impact()
        lift = self._lift
        if lift is None or not lift.repetitions or not self._watch.bar_lost:
            return []
        last = max(rep.end_s for rep in lift.repetitions.values())
        return self.close() if now_s - last > LOST_S else []

    def close(self) -> list[ClosedSet]:
        """End the open set by hand, with what is known of it."""
        lift, self._lift = self._lift, None
        if lift is None:
            return self._close_impact()
        self._done.add(lift.number)
        reps = tuple(lift.repetitions[n] for n in sorted(lift.repetitions))
        if not reps:
            return []
        low = LiftSet(
            number=lift.number,
            exercise=reps[0].exercise,
            start_s=reps[0].start_s,
            end_s=reps[-1].end_s,
            velocity_loss_pct=reps[-1].velocity_loss_pct,
            confidence=Confidence.LOW,
            reasons=(CUT_OFF,),
            repetitions=reps,
        )
        return [self._closed(lift.task, low, cut_off=True)]

    # -- lifts --------------------------------------------------------------------------------

    def _begin(self, number: int, task: Task | None) -> None:
        if number in self._done or (self._lift is not None and self._lift.number == number):
            return
        if task is None or not task.is_lifted:  # somebody moved the bar; no set of this plan
            return
        self._lift = _OpenLift(number, task)

    def _ended(self, event: SetEnded, task: Task | None) -> list[ClosedSet]:
        done = event.lift_set
        if done.number in self._done:  # it was closed when its sensor was lost
            return []
        if done.repetitions:
            self._begin(done.number, task)
        lift = self._lift
        if lift is None or lift.number != done.number:
            return []
        self._lift = None
        if not done.repetitions:  # nothing of it was a repetition; it takes no number
            return []
        self._done.add(done.number)
        waited = event.at_s - done.repetitions[-1].concentric_end_s
        profile = profile_of(done.exercise)
        early = profile is not None and waited < profile.set_timeout_s - _EARLY_S
        return [self._closed(lift.task, done, cut_off=early and not lift.left)]

    def _closed(self, task: Task, done: LiftSet, *, cut_off: bool) -> ClosedSet:
        start_s, end_s = done.start_s, done.end_s
        reasons = [*done.reasons, *self._watch.doubts(start_s, end_s, Role.BAR)]
        if cut_off:
            reasons.append(CUT_OFF)
        if task.measured_as is not done.exercise and Exercise.FREE not in (
            task.measured_as,
            done.exercise,
        ):
            reasons.append(f"it was measured as another exercise ({done.exercise.value})")
        unwatched = self._watch.unwatched(start_s, end_s)
        if not unwatched:
            reasons += self._watch.calibration_doubts(start_s)
        lowest = Confidence.LOW if reasons else done.confidence
        return ClosedSet(
            task=task,
            start_s=start_s,
            end_s=end_s,
            measured=done,
            flags=self._flags_within(start_s, end_s),
            landings=(),
            unwatched=unwatched,
            confidence=Confidence.NONE if done.confidence is Confidence.NONE else lowest,
            reasons=tuple(dict.fromkeys(reasons)),
            cut_off=cut_off,
        )

    # -- impacts --------------------------------------------------------------------------------

    def _landed(self, landing: Landing, task: Task | None) -> list[ClosedSet]:
        if self._impact is None:
            if task is None or not task.is_impact:  # a bar that was dropped, a step off a box
                return []
            self._impact = _OpenImpact(task)
        self._impact.landings.append(landing)
        if len(self._impact.landings) >= self._impact.task.planned.repetitions:
            return self._close_impact()
        return []

    def _close_impact(self) -> list[ClosedSet]:
        impact, self._impact = self._impact, None
        if impact is None:
            return []
        start_s, end_s = impact.landings[0].contact_s, impact.landings[-1].at_s
        sensor = impact.landings[0].sensor
        reasons = list(self._watch.doubts(start_s, end_s, sensor))
        doubtful = [r for r in impact.landings if r.confidence is not Confidence.HIGH]
        for landing in doubtful:
            reasons += landing.reasons or ("a landing is of low confidence",)
        return [
            ClosedSet(
                task=impact.task,
                start_s=start_s,
                end_s=end_s,
                measured=None,
                flags=self._flags_within(start_s, end_s),
                landings=tuple(impact.landings),
                unwatched=self._watch.unwatched(start_s, end_s),
                confidence=Confidence.LOW if reasons else Confidence.HIGH,
                reasons=tuple(dict.fromkeys(reasons)),
            )
        ]

    def _flags_within(self, start_s: float, end_s: float) -> tuple[TrunkFlag, ...]:
        mine = [
            flag
            for flag in self._flags.values()
            if start_s - PULL_S <= flag.raised_s <= end_s + RACKING_S
        ]
        return tuple(sorted(mine, key=lambda f: (f.raised_s, f.kind, f.severity)))
