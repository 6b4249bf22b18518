"""A live session without a display: the page's own buttons, pressed when it is their turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from lift_monitor.events import Repetition
from lift_monitor.sensors.words import DeskStatus, StepState
from lift_monitor.ui.interrupting import Pump
from lift_monitor.ui.sensors_page import SensorsPage
from lift_monitor.ui.window import MonitorWindow

_PRESSED = ("connected", "still", "tap")
"""Steps of the check list that a button begins."""


class Rehearsal:
    """Does on a shown window what a clinician does.

    Parameters
    ----------
    window : MonitorWindow
        With a Sensors page and no session.
    page : SensorsPage
        The page of that window.
    save : callable
        Saves what a window shows as a picture.
    pump : Pump
        Lets Qt work.
    """

    def __init__(
        self,
        window: MonitorWindow,
        page: SensorsPage,
        save: Callable[[MonitorWindow, Path], None],
        pump: Pump,
    ) -> None:
        self._window, self._page, self._save, self._pump = window, page, save, pump
        self._answered: dict[str, StepState] = {}

    def run(
        self, seconds: float, png_path: Path, *, timeout_s: float, override: str
    ) -> list[Repetition]:
        """See the checks through, begin, let the session run, save pictures, end.

        Raises
        ------
        RuntimeError
            With one sentence, if it does not come to a session or its station fails.
        """
        self._until(self._can_begin, timeout_s)
        self._page.look()
        self._save(self._window, png_path.with_stem(f"{png_path.stem}-sensors"))
        self._begin(override)
        self._until(self._begun, timeout_s)
        if self._window.stage is None:
            raise RuntimeError("The session did not begin in time; look at the sensors.")
        self._until(self._failed, seconds)
        self._window.show_view("clinician")  # nobody is there to be calibrated
        self._save(self._window, png_path)
        model = self._window.model
        self._window.do("end_now")
        return model.repetitions

    def _until(self, done: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            self._pump()
            self._window.tick()
            time.sleep(0.002)

    def _can_begin(self) -> bool:
        status = self._page.look()
        for step in status.steps:
            if step.key not in _PRESSED or self._answered.get(step.key) is step.state:
                continue
            self._answered[step.key] = step.state
            if step.state in (StepState.OPEN, StepState.FAILED):
                self._page.checklist.press(step.key)
        return status.can_begin

    def _begin(self, override: str) -> None:
        status = self._page.look()
        if status.can_begin:
            self._page.form.begin.click()
        elif override and status.may_override:
            self._page.form.begin_anyway(override)
        else:
            raise RuntimeError(_obstacle(status))

    def _begun(self) -> bool:
        self._told()
        return self._window.stage is not None

    def _failed(self) -> bool:
        self._told()
        return False

    def _told(self) -> None:
        status = self._window.status
        if status is not None and status.error:
            raise RuntimeError(status.error)
        if self._window.stage is None and self._window.failure:
            raise RuntimeError(self._window.failure)


def _obstacle(status: DeskStatus) -> str:
    """Why no session can begin."""
    if status.problem:
        return status.problem
    step = next((s for s in status.steps if s.state is not StepState.DONE), None)
    if step is None or not step.text:
        return "The sensors are not ready; look at the Sensors page."
    return f"The check list stops at {step.key!r}: {step.text}"
