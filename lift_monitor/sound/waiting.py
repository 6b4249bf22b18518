"""Cues that wait for the channel, at most one of a priority; and cues that stand."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lift_monitor.sound.words import Cue, Priority, SoundTimes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A single cue that waits.

    ``earcon_only`` says that something was spoken of this repetition already.
    """

    cue: Cue
    since_s: float
    earcon_only: bool


@dataclass(slots=True)
class Standing:
    """A standing cue and how far it has been sounded."""

    cue: Cue
    due_s: float
    rounds: int = 0
    """How often it was its turn."""
    sounded: int = 0
    """How often it was heard."""
    acknowledged: bool = False
    outcome: str = ""
    """What was last logged of it."""


class WaitingRoom:
    """Never a queue that lags behind: a newer cue takes the place of the one that waits.

    Parameters
    ----------
    times : SoundTimes
    """

    def __init__(self, times: SoundTimes) -> None:
        self._places: dict[Priority, Waiting] = {}
        self._late_s = {
            Priority.COUNT: times.count_late_s,
            Priority.TECHNIQUE: times.technique_late_s,
        }
        self._patience_s = {
            Priority.COUNT: times.count_patience_s,
            Priority.TECHNIQUE: times.technique_patience_s,
            Priority.TECHNICAL: times.fault_patience_s,
            Priority.TEST: times.technique_patience_s,
        }

    def is_late(self, cue: Cue, session_s: float) -> bool:
        """Whether a cue was known too long ago, in session time, to be told as news."""
        return session_s - cue.at_s > self._late_s.get(cue.priority, math.inf)

    def offer(self, waiting: Waiting) -> Cue | None:
        """Let a cue wait; return the one whose place it took."""
        before = self._places.get(waiting.cue.priority)
        self._places[waiting.cue.priority] = waiting
        return None if before is None else before.cue

    def impatient(self, now_s: float) -> list[Cue]:
        """Take out the cues that have waited for too long."""
        return self.take(
            [
                priority
                for priority, waiting in self._places.items()
                if now_s - waiting.since_s > self._patience_s[priority]
            ]
        )

    def below(self, priority: Priority) -> list[Cue]:
        """Take out the cues that are less pressing."""
        return self.take([place for place in self._places if place < priority])

    def but_test(self) -> list[Cue]:
        """Take out everything but the sound test."""
        return self.take([place for place in self._places if place is not Priority.TEST])

    def everything(self) -> list[Cue]:
        """Take out everything."""
        return self.take(list(self._places))

    def take(self, priorities: list[Priority]) -> list[Cue]:
        """Take out the cues of some priorities."""
        return [self._places.pop(priority).cue for priority in priorities]

    @property
    def first(self) -> Waiting | None:
        """The most pressing cue."""
        return self._places[max(self._places)] if self._places else None
