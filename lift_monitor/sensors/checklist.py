"""The still check and the tap check: what is asked, what was found, one sentence each."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from lift_monitor.samples import Role
from lift_monitor.sensors.preview import Preview
from lift_monitor.sensors.words import Step, StepState
from lift_monitor.signal.checks import STILL_S

_TAP_WAIT_S: Final = 30.0
_NAMES: Final = {Role.BAR: "bar", Role.THORAX: "thorax", Role.PELVIS: "pelvis"}
_ASK_STILL: Final = "Leave the bar alone, let the person stand quietly, then start the still check."
_ASK_TAP: Final = "Start the tap check, then tap each sensor once with a finger when it is named."


class StillCheck:
    """All placed sensors lie still for three seconds and read right."""

    key = "still"

    def __init__(self) -> None:
        self._began_s: float | None = None
        self._state = StepState.OPEN
        self._text = _ASK_STILL

    @property
    def done(self) -> bool:
        """Whether it was passed."""
        return self._state is StepState.DONE

    def begin(self) -> None:
        """Start it, again if it was done."""
        self._began_s = time.monotonic()
        self._state, self._text = StepState.RUNNING, "Hold still."

    def reset(self) -> None:
        """What was checked has changed: check again."""
        self._began_s, self._state, self._text = None, StepState.OPEN, _ASK_STILL

    def work(self, previews: Mapping[Role, Preview], taps: set[Role]) -> None:  # noqa: ARG002
        """Look at what came."""
        if self._state is not StepState.RUNNING or self._progress < 1.0:
            return
        troubles = [
            f"The {_NAMES[role]} sensor {trouble}."
            for role, preview in previews.items()
            if (trouble := preview.still().trouble)
        ]
        if troubles or not previews:
            self._state = StepState.FAILED
            self._text = " ".join(troubles) or "No sensor is connected to be checked."
        else:
            self._state = StepState.DONE
            self._text = "All sensors lie still and read right."

    def step(self, ready: bool) -> Step:
        """What the check list shows."""
        if not ready and self._state is StepState.OPEN:
            return Step(self.key, StepState.WAITING, _ASK_STILL)
        running = self._state is StepState.RUNNING
        return Step(self.key, self._state, self._text, self._progress if running else 0.0)

    @property
    def _progress(self) -> float:
        if self._began_s is None:
            return 0.0
        return min(1.0, (time.monotonic() - self._began_s) / (STILL_S + 0.5))


class TapCheck:
    """Each placed sensor feels the tap that is meant for it, and only that one."""

    key = "tap"

    def __init__(self) -> None:
        self._state = StepState.OPEN
        self._text = _ASK_TAP
        self._asked: list[Role] = []
        self._total = 0
        self._began = False
        self._since_s = 0.0

    @property
    def done(self) -> bool:
        """Whether it was passed."""
        return self._state is StepState.DONE

    @property
    def asks(self) -> Role | None:
        """Which sensor is to be tapped now."""
        running = self._state is StepState.RUNNING
        return self._asked[0] if running and self._asked else None

    def begin(self) -> None:
        """Start it, again if it was done."""
        self._state, self._began = StepState.RUNNING, True
        self._asked, self._total = [], 0
        self._since_s = time.monotonic()

    def reset(self) -> None:
        """What was checked has changed: check again."""
        self._state, self._text, self._began = StepState.OPEN, _ASK_TAP, False
        self._asked, self._total = [], 0

    def work(self, previews: Mapping[Role, Preview], taps: set[Role]) -> None:
        """Look at who felt a tap since the last call."""
        if self._state is not StepState.RUNNING:
            return
        if self._began:
            self._began = False
            self._asked = [role for role in Role if role in previews]
            self._total = len(self._asked)
            self._text = self._ask()
        if not self._asked:
            self._state, self._text = StepState.FAILED, "No sensor is connected to be tapped."
            return
        wanted = self._asked[0]
        if wanted in taps:  # a tap that shakes the neighbours too is still a tap here
            self._asked.pop(0)
            self._since_s = time.monotonic()
            if self._asked:
                self._text = f"Felt. {self._ask()}"
            else:
                self._state, self._text = StepState.DONE, "Each sensor felt its tap."
        elif taps:
            other = _NAMES[next(iter(taps))]
            self._since_s = time.monotonic()
            self._text = (
                f"That was felt by the sensor assigned to the {other}. {self._ask()} "
                "If you did, exchange the two places."
            )
        elif time.monotonic() - self._since_s > _TAP_WAIT_S:
            self._state = StepState.FAILED
            self._text = (
                f"The {_NAMES[wanted]} sensor felt no tap; see that it is this one, "
                "tap firmly, start again."
            )

    def step(self, ready: bool) -> Step:
        """What the check list shows."""
        if not ready and self._state is StepState.OPEN:
            return Step(self.key, StepState.WAITING, _ASK_TAP)
        done = self._total - len(self._asked)
        progress = done / self._total if self._total else 0.0
        return Step(self.key, self._state, self._text, progress)

    def _ask(self) -> str:
        return f"Tap the {_NAMES[self._asked[0]]} sensor." if self._asked else ""
