"""Repetitions and sets as they happen: when to look, what became known, when a set is over.

A decision is taken at steps that depend on the signal alone, and looks only at steps before
it, so that any chunking takes the same decisions.  Candidates come from the live velocity;
what counts is then read from the refined motion of the last half minute (provisional) and,
when the set ends, of the whole set (refined).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np

from lift_monitor.events import (
    Event,
    LiftSet,
    Repetition,
    RepetitionCompleted,
    RepetitionWithdrawn,
    SetEnded,
    SetStarted,
)
from lift_monitor.signal.buffer import StepBuffer
from lift_monitor.signal.exercises import ExerciseProfile
from lift_monitor.signal.repetitions import (
    beyond_doubt,
    empty_set,
    lift_set,
    repetition,
    with_losses,
)
from lift_monitor.signal.smoother import Anchors
from lift_monitor.signal.stretch import Reading, Stretch, anchors_of, read
from lift_monitor.units import FloatArray

LOOK_BACK_S = 30.0
LEAD_S = 12.0
"""How far before its first repetition a set is read: enough to know the drift."""
CONFIRM_S = 0.25
"""A repetition is read so long after its top."""
PATROL_S = 4.0
"""Moving without a candidate, the refined motion is looked at so often all the same."""
LONGEST_SET_S = 300.0
"""What is kept of the past; a set as long as that is closed in time, with all of it in view."""
BETWEEN_SETS_S = 6.0
"""When a set is closed, so much before it may already belong to the next: a lowering under
way, but no longer the setting down of the bar."""
MARGIN_S = 2.0
HANDLING = "beside its neighbours it was handling of the bar, not a repetition"
RISE_ON_MPS, RISE_OFF_MPS = 0.08, 0.03
_RANK = {"look": 0, "patrol": 1, "close": 2}


@dataclass(frozen=True, slots=True, eq=False)
class SetFacts:
    """What the refined traces need to know of a set."""

    drift: float
    anchor_times_s: FloatArray
    anchor_levels_m: FloatArray


class SetTracker:
    """Repetitions and sets of one uninterrupted run of steps."""

    def __init__(
        self,
        profile: ExerciseProfile,
        buffer: StepBuffer,
        *,
        next_set: int,
        last_set_end_s: float | None,
    ) -> None:
        self._profile = profile
        self._buffer = buffer
        self._next_set = next_set
        self._last_set_end_s = last_set_end_s
        self._due: list[tuple[int, int, str]] = []  # (step, rank, what)
        self._rising = False
        self._rise_from_m = 0.0
        self._floor_step = 0  # nothing before it belongs to the next set
        self._last_look = 0
        self._moved = False
        self._open: list[Repetition] = []
        self._last_top_s = -np.inf
        self.sets: list[LiftSet] = []
        self.facts: list[SetFacts] = []

    def steps(
        self, first: int, velocity: FloatArray, height: FloatArray
    ) -> list[tuple[int, Event]]:
        """Take the live motion of steps from ``first`` on; the buffer already holds them."""
        self._find_candidates(first, velocity, height)
        self._patrol(first, velocity)
        events: list[tuple[int, Event]] = []
        while self._due and self._due[0][0] < self._buffer.end:
            step, _, what = heapq.heappop(self._due)
            events.extend((step, e) for e in self._decide(step, what))
        if self._open:
            keep = self._step_of(self._open[0].start_s) - self._n(LEAD_S + 1.0)
        else:
            keep = self._buffer.end
        keep = min(keep, self._buffer.end - self._n(LOOK_BACK_S + LEAD_S + 15.0))
        self._buffer.forget_before(max(keep, self._buffer.end - self._n(LONGEST_SET_S + 1.0)))
        return events

    def finish(self) -> list[Event]:
        """The run of steps is over: decide what is due, close the open set."""
        end = self._buffer.end
        if end - self._buffer.start < 3:
            return []
        events = self._look(end - 1)
        return [*events, *self._close(end - 1)]

    # -- when to decide ----------------------------------------------------------------

    def _n(self, seconds: float) -> int:
        return round(seconds / self._buffer.dt_s)

    def _step_of(self, time_s: float) -> int:
        return round((time_s - self._buffer.origin_s) / self._buffer.dt_s)

    def _schedule(self, step: int, what: str) -> None:
        # What falls on one step is decided in a fixed order: the order in which it was
        # scheduled would depend on how the stream is cut.
        heapq.heappush(self._due, (step, _RANK[what], what))

    def _find_candidates(self, first: int, velocity: FloatArray, height: FloatArray) -> None:
        mark = np.where(velocity > RISE_ON_MPS, 1, np.where(velocity < RISE_OFF_MPS, 0, -1))
        mark[np.isnan(velocity)] = 0
        told = np.flatnonzero(mark >= 0)
        for i in told[np.flatnonzero(np.diff(mark[told], prepend=int(self._rising)) != 0)]:
            if mark[i] == 1:
                self._rising, self._rise_from_m = True, float(height[i])
            else:
                self._rising = False
                rise = float(height[i]) - self._rise_from_m
                if not rise < 0.5 * self._profile.min_rom_m:  # NaN counts as a candidate
                    self._schedule(first + int(i) + self._n(CONFIRM_S), "look")

    def _patrol(self, first: int, velocity: FloatArray) -> None:
        period = self._n(PATROL_S)
        moving = np.abs(velocity) > 0.15
        at = first
        end = first + velocity.shape[0]
        while at < end:
            stop = min(end, (at // period + 1) * period)
            self._moved = self._moved or bool(moving[at - first : stop - first].any())
            if stop % period == 0:
                if self._moved:
                    self._schedule(stop - 1, "patrol")
                self._moved = False
            at = stop

    # -- what to decide ----------------------------------------------------------------

    def _decide(self, step: int, what: str) -> list[Event]:
        if what == "close":
            at = self._buffer.time_at(step)
            overdue = at - self._last_top_s >= self._profile.set_timeout_s - self._buffer.dt_s
            return self._close(step) if self._open and overdue else []
        if what == "patrol" and step - self._last_look < self._n(PATROL_S):
            return []
        return self._look(step)

    def _look(self, step: int) -> list[Event]:
        """Read the last half minute and announce the repetitions that are new."""
        self._last_look = step
        first = max(self._floor_step, step + 1 - self._n(LOOK_BACK_S))
        stretch = self._buffer.stretch(first, step + 1)
        if len(stretch) < self._n(1.0):
            return []
        reading = read(stretch, self._profile)
        at = float(stretch.time_s[-1])
        events = self._reconsider(at, stretch, reading)
        for swing in reading.swings:
            top_s = float(stretch.time_s[swing.top])
            if float(stretch.time_s[swing.bottom]) < self._last_top_s:
                continue
            if len(reading.swings) < 3 and not self._open and not beyond_doubt(stretch, swing):
                continue
            rep = repetition(
                stretch,
                reading,
                swing,
                self._profile,
                set_number=self._next_set,
                number=len(self._open) + 1,
                refined=False,
            )
            if not self._open:
                events.append(self._started(at, rep))
            self._open = with_losses([*self._open, rep], best_so_far=True)
            events.append(RepetitionCompleted(at, self._open[-1]))
            self._last_top_s = top_s
            self._schedule(
                max(step, self._step_of(top_s) + self._n(self._profile.set_timeout_s)), "close"
            )
        if self._open and at - self._open[0].start_s > LONGEST_SET_S - LEAD_S - LOOK_BACK_S:
            events.extend(self._close(step))
        return events

    def _reconsider(self, at: float, stretch: Stretch, reading: Reading) -> list[Event]:
        """Withdraw what, beside its successors, is seen to be handling of the bar.

        The repetitions after it move down by one, so that the number on the screen is the
        number of repetitions.
        """
        if len(reading.swings) < 3:
            return []
        seen = [
            (float(stretch.time_s[s.bottom]), float(stretch.time_s[s.top])) for s in reading.swings
        ]
        since = float(stretch.time_s[0]) + MARGIN_S
        wrong = [
            rep
            for rep in self._open
            if rep.concentric_start_s > since
            and not any(b < rep.concentric_end_s and rep.concentric_start_s < t for b, t in seen)
        ]
        if not wrong:
            return []
        first = min(r.number for r in wrong)
        events: list[Event] = [
            RepetitionWithdrawn(
                at, r.set_number, r.number, HANDLING if r in wrong else "it is counted anew"
            )
            for r in self._open[first - 1 :]
        ]
        right = [r for r in self._open if r not in wrong]
        self._open = with_losses(
            [replace(r, number=i) for i, r in enumerate(right, start=1)], best_so_far=True
        )
        return [*events, *(RepetitionCompleted(at, r) for r in self._open[first - 1 :])]

    def _started(self, at: float, rep: Repetition) -> SetStarted:
        rest = None if self._last_set_end_s is None else rep.start_s - self._last_set_end_s
        return SetStarted(at, self._next_set, self._profile.exercise, rep.start_s, rest)

    def _close(self, step: int) -> list[Event]:
        """Read the whole set once more and replace its provisional values."""
        if not self._open:
            return []
        first = max(
            self._floor_step,
            self._step_of(self._open[0].start_s) - self._n(LEAD_S),
            step + 1 - self._n(LONGEST_SET_S),
        )
        stretch = self._buffer.stretch(first, step + 1)
        at = float(stretch.time_s[-1])
        reading = read(stretch, self._profile)
        groups = _groups(stretch, reading, self._profile.set_timeout_s)
        provisional, self._open = self._open, []
        events: list[Event] = []
        for group in groups:
            reps = [
                repetition(
                    stretch,
                    reading,
                    reading.swings[i],
                    self._profile,
                    set_number=self._next_set,
                    number=number,
                    refined=True,
                )
                for number, i in enumerate(group, start=1)
            ]
            if len(reps) < 3 and not any(beyond_doubt(stretch, reading.swings[i]) for i in group):
                continue
            if self._next_set != provisional[0].set_number:
                events.append(self._started(at, reps[0]))
            else:
                events.extend(_withdrawn(at, provisional, reps))
            closed = lift_set(stretch, self._profile.exercise, self._next_set, reps)
            events.append(SetEnded(at, closed))
            self.sets.append(closed)
            self._remember(stretch, reading, group)
            self._last_set_end_s = closed.end_s
            self._next_set += 1
        if self._next_set == provisional[0].set_number:
            events.extend(_withdrawn(at, provisional, []))
            events.append(SetEnded(at, empty_set(provisional)))
        self._floor_step = max(step - self._n(BETWEEN_SETS_S), self._step_of(self._last_top_s))
        return events

    def _remember(self, stretch: Stretch, reading: Reading, group: list[int]) -> None:
        part = Reading(
            reading.motion,
            tuple(reading.swings[i] for i in group),
            reading.drift,
            reading.closure_m,
        )
        anchors = anchors_of(part) or Anchors(np.empty(0, np.intp), np.empty(0))
        times = stretch.time_s[anchors.step]
        self.facts.append(SetFacts(reading.drift, times, anchors.level_m))


def _groups(stretch: Stretch, reading: Reading, timeout_s: float) -> list[list[int]]:
    groups: list[list[int]] = []
    last_top = -np.inf
    for i, swing in enumerate(reading.swings):
        if float(stretch.time_s[swing.bottom]) - last_top > timeout_s:
            groups.append([])
        groups[-1].append(i)
        last_top = float(stretch.time_s[swing.top])
    return groups


def _overlap(one: Repetition, other: Repetition) -> bool:
    return (
        one.concentric_start_s < other.concentric_end_s
        and other.concentric_start_s < one.concentric_end_s
    )


def _withdrawn(
    at: float, provisional: list[Repetition], refined: list[Repetition]
) -> list[RepetitionWithdrawn]:
    return [
        RepetitionWithdrawn(
            at,
            p.set_number,
            p.number,
            HANDLING,
        )
        for p in provisional
        if not any(_overlap(p, r) for r in refined)
    ]
