"""The worst angles of each repetition, and when one ends and the next begins. No Qt."""

from __future__ import annotations

import math
from typing import Final, TypeAlias

from lift_monitor.events import Exercise, Repetition
from lift_monitor.signal.exercises import profile_of
from lift_monitor.technique import FlagKind
from lift_monitor.ui.ring import SpineRing

COLUMN: Final = {FlagKind.LUMBAR_FLEXION: 1, FlagKind.TRUNK_LEAN: 2}
"""Where the kinds that a gauge shows stand in the ring."""
Worst: TypeAlias = dict[FlagKind, float | None]


class WorstBook:
    """Largest angles under load, by repetition.

    A repetition is told at the end of its way up. Where it began with that (deadlift, press),
    the way down still belongs to it: the next one begins when the bar is put down or rises.

    Parameters
    ----------
    ring : SpineRing
    exercise : Exercise
    """

    def __init__(self, ring: SpineRing, exercise: Exercise) -> None:
        self._ring = ring
        self.exercise = exercise
        """Of the repetitions to come."""
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._since_s = -math.inf
        self._now: Worst = {}
        self._done: list[tuple[float, float, Worst]] = []
        self.lowering = False
        """Whether the repetition told last goes on."""

    @property
    def ends(self) -> tuple[float, ...]:
        """When each repetition gave way to the next; infinite while it goes on."""
        known = tuple(end for _, end, _ in self._done)
        return (*known[:-1], math.inf) if self.lowering else known

    def begin(self, since_s: float) -> None:
        """A set, or a calibration, begins: the worst is known from here on."""
        self._since_s = since_s
        self._now = self._between(since_s)

    def _between(self, start_s: float, end_s: float = math.inf) -> Worst:
        return {kind: self._ring.worst(column, start_s, end_s) for kind, column in COLUMN.items()}

    def look_again(self) -> None:
        """Steps that were taken count otherwise now."""
        self.begin(self._since_s)

    def grow(self, before_s: float) -> None:
        """There are new steps, all of them later than a session time."""
        for kind, column in COLUMN.items():
            worst = self._ring.worst(column, max(self._since_s, before_s))
            known = self._now.get(kind)
            if worst is not None and (known is None or worst > known):
                self._now[kind] = worst

    def repetition_ended(self, end_s: float) -> None:
        """A repetition was told."""
        if self.lowering:  # its end was not seen
            self.next_begins(self._done[-1][1])
        self._done.append((self._since_s, end_s, self._between(self._since_s, end_s)))
        profile = profile_of(self.exercise)
        if profile is not None and not profile.eccentric_first:
            self.lowering = True
        else:
            self.begin(end_s)

    def next_begins(self, at_s: float) -> None:
        """The bar was put down or rises: what comes belongs to the next repetition."""
        if not self.lowering:
            return
        start, end, _ = self._done[-1]
        self.lowering, end = False, max(at_s, end)
        self._done[-1] = (start, end, self._between(start, end))
        self.begin(end)

    def now(self, kind: FlagKind) -> float | None:
        """Worst of the repetition that is being lifted."""
        return self._now.get(kind)

    def of(self, rep: Repetition, kind: FlagKind) -> float | None:
        """Worst of a repetition that was told; ``None`` if not known."""

        def shared(done: tuple[float, float, Worst]) -> float:
            return min(done[1], rep.concentric_end_s) - max(done[0], rep.concentric_start_s)

        best = max(self._done, key=shared, default=None)
        return best[2][kind] if best is not None and shared(best) > 0.0 else None
