"""From a station's events to whole sets: what was lifted or landed, with what belongs to it.

Pure but for what it remembers: no clock, no store. How the events were cut into calls makes
no difference to the sets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from lift_monitor.events import (
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
from lift_monitor.visit.words import ClosedSet, Task, joined

PULL_S: Final = 1.5
"""A flag so long before a set belongs to it: bracing and the pull count. Design default."""
RACKING_S: Final = 3.0
"""A flag so long after its last repetition as well: the bar is set down. Design default."""
LATE_S: Final = 1.5
"""What happened so long ago has been told: the trunk may be a second behind the bar."""
IMPACT_REST_S: Final = 20.0
"""So long without a landing ends a set of impacts. Design default."""
LOST_S: Final = 20.0
"""A set whose bar sensor is lost is closed so long after its last repetition. Design default."""
JOIN_S: Final = 20.0
"""A set that the data end in goes on if the next repetition is told so soon after its last one:
nobody rests so little between sets. Design default."""
_EARLY_S: Final = 1.0
"""A set that ends so much sooner than its rest asks was cut off, not finished."""
CUT_OFF: Final = (
    "the data from the bar end inside this set, so repetitions may be missing: count by hand"
)


@dataclass(slots=True)
class _OpenLift:
    number: int
    task: Task
    repetitions: dict[int, Repetition] = field(default_factory=dict)
    first_part: LiftSet | None = None
    """What was measured of it before the data ended."""
    left: bool = False
    """Another exercise was chosen meanwhile: that it ends early is no loss of data."""


@dataclass(slots=True)
class _OpenImpact:
    task: Task
    landings: list[Landing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Over:
    """A set that is over, and that something may still be told of."""

    task: Task
    start_s: float
    end_s: float
    measured: LiftSet | None = None
    landings: tuple[Landing, ...] = ()
    cut_off: bool = False


class SetCollector:
    """Collects sets from events in the order of their times.

    What belongs to a set may be told after its end: the trunk is up to a second behind the bar,
    and a flag is raised only when a limit was passed for long enough. So a set is handed out
    by :meth:`ready` when all that belongs to it has been told; at the usual end of a lift, after
    a rest, that is at once.

    Parameters
    ----------
    watch : SensorWatch
        Is told the same events, before this is.
    """

    def __init__(self, watch: SensorWatch) -> None:
        self._watch = watch
        self._lift: _OpenLift | None = None
        self._impact: _OpenImpact | None = None
        self._over: list[_Over] = []
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
            part = self._lift.first_part
            before = 0 if part is None else len(part.repetitions)
            return before + len(self._lift.repetitions)
        return len(self._impact.landings) if self._impact is not None else 0

    @property
    def waiting(self) -> tuple[Task, ...]:
        """Sets that are over and not handed out yet."""
        return tuple(over.task for over in self._over)

    def ready(self, now_s: float, told_s: float = -math.inf) -> list[ClosedSet]:
        """Sets of which everything has been told.

        Parameters
        ----------
        now_s : float
            Session time that has been reached; infinite where nothing will be told any more.
        told_s : float
            Session time up to which the trunk was told, its events included.
        """
        told_s = max(told_s, now_s - LATE_S)
        found = [
            over
            for over in self._over
            if (over.end_s + JOIN_S <= now_s if over.cut_off else over.end_s + RACKING_S <= told_s)
        ]
        self._over = [over for over in self._over if over not in found]
        return [self._closed(over) for over in found]

    # -- being told ---------------------------------------------------------------------------

    def before(self, event: Event) -> None:
        """An event is about to come: a set that was over before it is over now."""
        if self._impact is not None and isinstance(event, LandingDetected):
            waited = event.landing.contact_s - self._impact.landings[-1].at_s
            if waited > IMPACT_REST_S:
                self._close_impact()

    def take(self, event: Event, task: Task | None) -> None:
        """Take one event.

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
                self._begin(event.set_number, task, event.at_s)
            case RepetitionCompleted():
                rep = event.repetition
                self._begin(rep.set_number, task, event.at_s)
                if self._lift is not None and self._lift.number == rep.set_number:
                    self._lift.repetitions[rep.number] = rep
            case RepetitionWithdrawn():
                if self._lift is not None and self._lift.number == event.set_number:
                    self._lift.repetitions.pop(event.number, None)
            case SetEnded():
                self._ended(event, task)
            case LandingDetected():
                self._landed(event.landing, task)
            case _:
                pass

    def leave(self) -> None:
        """Another exercise is done from here on: a set of impacts ends with it."""
        if self._lift is not None:
            self._lift.left = True
        self._close_impact()

    def tick(self, now_s: float) -> None:
        """Session time has come so far; a set may be over by that alone."""
        impact = self._impact
        if impact is not None and now_s - impact.landings[-1].at_s > IMPACT_REST_S:
            self._close_impact()
        lift = self._lift
        if lift is None or not lift.repetitions or not self._watch.bar_lost:
            return
        if now_s - max(rep.end_s for rep in lift.repetitions.values()) > LOST_S:
            self.close()

    def close(self) -> None:
        """End the open set by hand, with what is known of it."""
        self._close_impact()
        self._close_lift()

    def _close_lift(self) -> None:
        lift, self._lift = self._lift, None
        if lift is None:
            return
        self._done.add(lift.number)
        reps = tuple(lift.repetitions[n] for n in sorted(lift.repetitions))
        if not reps:
            if lift.first_part is not None:
                part = lift.first_part
                self._over.append(_Over(lift.task, part.start_s, part.end_s, part, cut_off=True))
            return
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
        low = joined(lift.first_part, low)
        self._over.append(_Over(lift.task, low.start_s, low.end_s, low, cut_off=True))

    # -- lifts --------------------------------------------------------------------------------

    def _begin(self, number: int, task: Task | None, at_s: float) -> None:
        if number in self._done or (self._lift is not None and self._lift.number == number):
            return
        if task is None or not task.is_lifted:  # somebody moved the bar; no set of this plan
            return
        self._close_lift()  # the end of the one before was never told
        cut = next((over for over in self._over if self._goes_on(over, task, at_s)), None)
        if cut is None:
            self._lift = _OpenLift(number, task)
            return
        self._over.remove(cut)
        self._lift = _OpenLift(number, cut.task, first_part=cut.measured)

    @staticmethod
    def _goes_on(over: _Over, task: Task, at_s: float) -> bool:
        same = over.task.exercise == task.exercise
        return over.cut_off and same and at_s - over.end_s < JOIN_S

    def _ended(self, event: SetEnded, task: Task | None) -> None:
        done = event.lift_set
        if done.number in self._done:  # it was closed when its sensor was lost
            return
        if done.repetitions:
            self._begin(done.number, task, event.at_s)
        lift = self._lift
        if lift is None or lift.number != done.number:
            return
        self._lift = None
        if not done.repetitions:  # nothing of it was a repetition; it takes no number
            if lift.first_part is not None:
                part = lift.first_part
                self._over.append(_Over(lift.task, part.start_s, part.end_s, part, cut_off=True))
            return
        self._done.add(done.number)
        waited = event.at_s - done.repetitions[-1].concentric_end_s
        profile = profile_of(done.exercise)
        early = profile is not None and waited < profile.set_timeout_s - _EARLY_S
        cut_off = early and not lift.left
        done = joined(lift.first_part, done)
        self._over.append(_Over(lift.task, done.start_s, done.end_s, done, cut_off=cut_off))

    # -- impacts --------------------------------------------------------------------------------

    def _landed(self, landing: Landing, task: Task | None) -> None:
        if self._impact is None:
            if task is None or not task.is_impact:  # a bar that was dropped, a step off a box
                return
            self._impact = _OpenImpact(task)
        self._impact.landings.append(landing)
        if len(self._impact.landings) >= self._impact.task.planned.repetitions:
            self._close_impact()

    def _close_impact(self) -> None:
        impact, self._impact = self._impact, None
        if impact is not None:
            landings = tuple(impact.landings)
            start_s, end_s = landings[0].contact_s, landings[-1].at_s
            self._over.append(_Over(impact.task, start_s, end_s, landings=landings))

    # -- what belongs to a set --------------------------------------------------------------------

    def _closed(self, over: _Over) -> ClosedSet:
        start_s, end_s = over.start_s, over.end_s
        unwatched = self._watch.unwatched(start_s, end_s)
        reasons = self._doubts(over)
        if not unwatched:
            reasons += self._watch.calibration_doubts(start_s)
        confidence = Confidence.LOW if reasons else Confidence.HIGH
        if over.measured is not None and over.measured.confidence is not Confidence.HIGH:
            confidence = over.measured.confidence
        return ClosedSet(
            task=over.task,
            start_s=start_s,
            end_s=end_s,
            measured=over.measured,
            flags=self._flags_within(start_s, end_s),
            landings=over.landings,
            unwatched=unwatched,
            confidence=confidence,
            reasons=tuple(dict.fromkeys(reasons)),
            cut_off=over.cut_off,
        )

    def _doubts(self, over: _Over) -> list[str]:
        done = over.measured
        if done is None:
            reasons = list(self._watch.doubts(over.start_s, over.end_s, over.landings[0].sensor))
            for landing in over.landings:
                if landing.confidence is not Confidence.HIGH:
                    reasons += landing.reasons or ("a landing is of low confidence",)
            return reasons
        reasons = [*done.reasons, *self._watch.doubts(over.start_s, over.end_s, Role.BAR)]
        if over.cut_off:
            reasons.append(CUT_OFF)
        wanted = over.task.measured_as
        if wanted is not done.exercise and Exercise.FREE not in (wanted, done.exercise):
            reasons.append(f"it was measured as another exercise ({done.exercise.value})")
        return reasons

    def _flags_within(self, start_s: float, end_s: float) -> tuple[TrunkFlag, ...]:
        mine = [
            flag
            for flag in self._flags.values()
            if start_s - PULL_S <= flag.raised_s <= end_s + RACKING_S
        ]
        return tuple(sorted(mine, key=lambda f: (f.raised_s, f.kind, f.severity)))
