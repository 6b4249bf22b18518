"""Moving in time: what a wish of the user means for the station."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lift_monitor.station import Mode
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.session import Feed
from lift_monitor.ui.transport import next_speed

_STEP_S: Final = 0.01
_SECOND_S: Final = 1.0
_ORIENT_S: Final = 0.5
"""A jump to a repetition lands this long before it, so that its start is seen."""
_AGAIN_S: Final = 0.3
"""Pressing *previous* so soon after a start goes to the one before."""


class TimeControls:
    """Moves a replay in time; in any other session it does nothing.

    Parameters
    ----------
    feed : Feed
    model : SessionModel
    starts : sequence of float
        Session times at which repetitions start, ascending.
    flags : sequence of float
        Session times at which flags began, ascending.
    """

    def __init__(
        self,
        feed: Feed,
        model: SessionModel,
        starts: Sequence[float],
        flags: Sequence[float] = (),
    ) -> None:
        self._feed, self._model = feed, model
        self._starts, self._flags = tuple(starts), tuple(flags)

    @property
    def movable(self) -> bool:
        """Whether time can be moved."""
        return self._feed.mode is Mode.REPLAY

    def do(self, what: str) -> None:
        """Do what a wish asks of time; other wishes of the keys are not its affair."""
        status = self._model.status
        if not self.movable or status is None:
            return
        match what:
            case "play":
                (self._feed.pause if status.playing else self._feed.play)()
            case "slower" | "faster":
                self._feed.set_speed(next_speed(status.speed, -1 if what == "slower" else 1))
            case "back" | "forth":
                self._feed.step(-_STEP_S if what == "back" else _STEP_S)
            case "second_back":
                self.seek(self._model.now_s - _SECOND_S)
            case "second_forth":
                self.seek(self._model.now_s + _SECOND_S)
            case "previous" | "next":
                self._jump(self._starts, forward=what == "next")
            case "previous_flag" | "next_flag":
                self._jump(self._flags, forward=what == "next_flag")

    def seek(self, time_s: float) -> None:
        """Go to a session time."""
        if self.movable:
            self._feed.seek(max(0.0, time_s))

    def go_to(self, start_s: float) -> None:
        """Go to just before a repetition or a flag."""
        self.seek(start_s - _ORIENT_S)

    def _jump(self, starts: Sequence[float], *, forward: bool) -> None:
        now = self._model.now_s + _ORIENT_S
        if forward:
            target = next((s for s in starts if s > now + 0.05), None)
        else:
            target = next((s for s in reversed(starts) if s < now - _AGAIN_S), None)
        if target is not None:
            self.go_to(target)
