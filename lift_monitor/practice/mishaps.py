"""What goes wrong in eight months: absences, pain, sensors. Sessions are counted from 1."""

from __future__ import annotations

from dataclasses import dataclass

from lift_monitor.events import Exercise


@dataclass(frozen=True, slots=True)
class Span:
    """Planned sessions from ``first`` on, ``count`` of them."""

    first: int
    count: int

    def covers(self, session: int) -> bool:
        """Whether a planned session is one of them."""
        return self.first <= session < self.first + self.count


@dataclass(frozen=True, slots=True)
class Away:
    """Does not come."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Weak:
    """Comes, but the strength is not there."""

    span: Span
    share: float
    """Of the maximum that is missing."""


@dataclass(frozen=True, slots=True)
class Pain:
    """Hurts while it lasts."""

    span: Span
    measured_as: tuple[Exercise, ...]
    level: int
    """0-10."""
    where: str


@dataclass(frozen=True, slots=True)
class SuddenBackPain:
    """New, sudden pain in the back in the middle of a set."""

    session: int
    lift: Exercise
    level: int = 8


@dataclass(frozen=True, slots=True)
class DeadSensor:
    """The sensor on the bar tells nothing."""

    span: Span
    counted: bool
    """Whether the clinician counts the repetitions instead."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The sensors tell something that is not to be trusted much."""

    span: Span
    reason: str = "the stream of the bar sensor was thin"


@dataclass(frozen=True, slots=True)
class Unwatched:
    """The trunk sensors were not calibrated, so nobody watched the technique."""

    span: Span
    seen_clean: bool | None = None
    """The clinician's own word on the technique, if there was one."""


@dataclass(frozen=True, slots=True)
class Careless:
    """Technique goes to pieces for a while."""

    span: Span
    red_chance: float


Mishap = Away | Weak | Pain | SuddenBackPain | DeadSensor | Doubtful | Unwatched | Careless
