"""The guided minute, led by session time: stand, hinge, stand again.

Each step gives the person time to get into position and then measures. It goes on by itself
when its time is over, or earlier when somebody says so; what was measured are windows of
session time. Nothing here knows a sensor or a screen.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lift_monitor.signal.trunk_calibration import GuidedMinute, Window


class Pose(enum.StrEnum):
    """What the person is asked for; the names of :meth:`Station.calibrate`'s windows."""

    STAND = "stand"
    HINGE = "hinge"
    STAND_AGAIN = "stand_again"


class Pace(enum.StrEnum):
    """What part of a hinge it is time for."""

    DOWN = "down"
    HOLD = "hold"
    UP = "up"
    UPRIGHT = "upright"


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One position; all times are design defaults."""

    pose: Pose
    ready_s: float
    """To read, to take the dowel, to get into position: not measured."""
    measured_s: float
    least_s: float
    """Measured before anybody may go on; standing needs 1.5 s of stillness, and some to settle."""


STEPS: Final = (
    GuideStep(Pose.STAND, 6.0, 8.0, 3.0),
    GuideStep(Pose.HINGE, 8.0, 18.0, 5.0),
    GuideStep(Pose.STAND_AGAIN, 4.0, 8.0, 3.0),
)
DOWN_S: Final = 6.0
"""About 7 degrees a second: slow enough to stay neutral, and to stop where comfort ends."""
HOLD_S: Final = 3.0
UP_S: Final = 6.0
HINGE_DEG: Final = 40.0
"""What is asked for at most: beyond the 30 degrees that a calibration wants, well before the
end of any range (design default)."""


class GuideState(enum.StrEnum):
    """Where the guide is."""

    IDLE = "idle"
    READY = "ready"
    """The person gets into position."""
    MEASURING = "measuring"
    OVER = "over"
    """All three windows are known."""


class CalibrationGuide:
    """Leads through the steps; asked and told session time, owns no clock."""

    def __init__(self, steps: Sequence[GuideStep] = STEPS) -> None:
        self.steps = tuple(steps)
        self.state = GuideState.IDLE
        self._index = 0
        self._since_s = 0.0
        self._windows: dict[Pose, Window] = {}

    @property
    def running(self) -> bool:
        """Whether the person is being led."""
        return self.state in (GuideState.READY, GuideState.MEASURING)

    @property
    def number(self) -> int:
        """Which step it is, from 1."""
        return self._index + 1

    @property
    def step(self) -> GuideStep:
        """The step it is; the first while idle."""
        return self.steps[self._index]

    def begin(self, now_s: float) -> None:
        """Begin anew with the first step."""
        self._windows = {}
        self._index, self._since_s = 0, now_s
        self.state = GuideState.READY

    def cancel(self) -> None:
        """Forget everything; also what was measured."""
        self._windows = {}
        self._index, self.state = 0, GuideState.IDLE

    def advance(self, now_s: float) -> GuidedMinute | None:
        """Let time pass; the guided minute once, when it is complete.

        A clock that went back cancels: the windows would mean something else.
        """
        if self.running and now_s < self._since_s:
            self.cancel()
        elif self.running and self.remaining_s(now_s) <= 0.0:
            return self._go_on(now_s)
        return None

    def may_go_on(self, now_s: float) -> bool:
        """Whether :meth:`go_on` would do something."""
        if self.state is GuideState.MEASURING:
            return now_s - self._since_s >= self.step.least_s
        return self.state is GuideState.READY

    def go_on(self, now_s: float) -> GuidedMinute | None:
        """Somebody says that the person is ready, or was there long enough."""
        return self._go_on(now_s) if self.may_go_on(now_s) else None

    def remaining_s(self, now_s: float) -> float:
        """Seconds left of getting ready, or of measuring."""
        return max(0.0, self._length_s() - (now_s - self._since_s)) if self.running else 0.0

    def share(self, now_s: float) -> float:
        """How much of getting ready, or of measuring, is over: 0 to 1."""
        return 1.0 - self.remaining_s(now_s) / self._length_s() if self.running else 0.0

    def pace(self, now_s: float) -> tuple[Pace, float]:
        """What part of the hinge it is time for, and how deep it is by then: 0 to 1."""
        if self.state is not GuideState.MEASURING or self.step.pose is not Pose.HINGE:
            return Pace.UPRIGHT, 0.0
        since_s = now_s - self._since_s
        if since_s < DOWN_S:
            return Pace.DOWN, max(0.0, since_s / DOWN_S)
        if since_s < DOWN_S + HOLD_S:
            return Pace.HOLD, 1.0
        up = (since_s - DOWN_S - HOLD_S) / UP_S
        return (Pace.UP, 1.0 - up) if up < 1.0 else (Pace.UPRIGHT, 0.0)

    def _length_s(self) -> float:
        ready = self.state is GuideState.READY
        return self.step.ready_s if ready else self.step.measured_s

    def _go_on(self, now_s: float) -> GuidedMinute | None:
        if self.state is GuideState.READY:
            self.state, self._since_s = GuideState.MEASURING, now_s
            return None
        # Told late, the person may have begun to move on: only the time that was asked counts.
        end_s = min(now_s, self._since_s + self.step.measured_s)
        self._windows[self.step.pose] = Window(self._since_s, end_s)
        self._since_s = now_s
        if self.number < len(self.steps):
            self._index += 1
            self.state = GuideState.READY
            return None
        self.state = GuideState.OVER
        return GuidedMinute(**{pose.value: window for pose, window in self._windows.items()})
