"""Which exercise is done, how heavy and how often, now and at any moment before. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from lift_monitor.events import Exercise, ExerciseChanged
from lift_monitor.station import StationConfig


@dataclass(frozen=True, slots=True)
class Doing:
    """What is done from one moment on."""

    exercise: Exercise
    load_kg: float | None
    """``None`` if it is not known."""
    target_reps: int
    target_sets: int


class ExerciseBook:
    """The exercises of a session.

    Parameters
    ----------
    config : StationConfig
        Tells what the session begins with.
    """

    def __init__(self, config: StationConfig) -> None:
        self._first = Doing(config.exercise, config.load_kg, config.target_reps, config.target_sets)
        self.clear()

    def clear(self) -> None:
        """Back to what the session began with."""
        self._changes: list[tuple[float, Doing]] = []
        self._asked: Doing | None = None

    def take(self, event: ExerciseChanged) -> bool:
        """It is another one now, or another load; whether the exercise is another one."""
        before = self.at(event.at_s).exercise
        doing = Doing(event.exercise, event.load_kg, event.target_reps, event.target_sets)
        self._changes.append((event.at_s, doing))
        self._changes.sort(key=lambda change: change[0])
        self._asked = None
        return event.exercise is not before

    def ask(self, doing: Doing) -> None:
        """Show it from now on: the station was told, and its own word follows."""
        self._asked = doing

    @property
    def now(self) -> Doing:
        """What is done now."""
        if self._asked is not None:
            return self._asked
        return self._changes[-1][1] if self._changes else self._first

    def at(self, time_s: float) -> Doing:
        """What was done at a session time."""
        told = [doing for at_s, doing in self._changes if at_s <= time_s]
        return told[-1] if told else self._first
