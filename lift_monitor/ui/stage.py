"""One session on the screen: its station, what is known of it, and its views."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from lift_monitor.sensors.calibration import CalibrationFlow
from lift_monitor.sound.channel import SoundChannel
from lift_monitor.station import Mode, StationUpdate
from lift_monitor.technique import Load
from lift_monitor.ui.calibration_page import CalibrationPage
from lift_monitor.ui.clinician import ClinicianView
from lift_monitor.ui.controls import TimeControls
from lift_monitor.ui.exercise_book import Doing
from lift_monitor.ui.lifter import LifterView
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Changed
from lift_monitor.ui.session import LoadedSession
from lift_monitor.ui.timeline import Overview

_CLOSE_S: Final = 1.0
"""Longest stop of the window at the end of a session (design default)."""
_SILENCE_S: Final = 3.0
"""A station tells its status ten times a second; this long without one is a fault."""


class Stage:
    """Starts its session's station and closes it; made anew for every session.

    Parameters
    ----------
    session : LoadedSession
        Its station must not have been started.
    sound : SoundChannel
        Is told what the station tells, and stays its maker's.
    px_per_mm : float, optional
        Physical resolution for the lifter view, if the screen lies.
    reduce_motion : bool
        Nothing moves but what shows data.
    """

    def __init__(
        self,
        session: LoadedSession,
        sound: SoundChannel,
        px_per_mm: float | None = None,
        *,
        reduce_motion: bool = False,
    ) -> None:
        self.session = session
        self._sound = sound
        station = session.station
        self.model = SessionModel(station.config, station.mode)
        self.overview = Overview.of(session.overview, station.config.impact_band)
        flags = tuple(start for start, _ in self.overview.flags)
        self.time = TimeControls(station, self.model, self.overview.starts, flags)
        self.clinician = ClinicianView(self.model)
        self.lifter = LifterView(self.model, px_per_mm)
        self.calibration = CalibrationPage(CalibrationFlow(station), reduce_motion=reduce_motion)
        self.clinician.repetition_chosen.connect(self.time.go_to)
        self.clinician.moment_chosen.connect(self.time.go_to)
        self._heard_s = time.monotonic()
        self._silent = False
        self.hear: Callable[[StationUpdate], None] | None = None
        """Is told every update as well, when :meth:`tell` is called: what keeps the record."""
        self._untold: list[StationUpdate] = []

    @property
    def views(self) -> dict[str, QWidget]:
        """The clinician view, the lifter view and the page that calibrates the trunk, by name."""
        return {
            "clinician": self.clinician,
            "lifter": self.lifter,
            "calibration": self.calibration,
        }

    @property
    def can_calibrate(self) -> bool:
        """Whether somebody is there to be calibrated, and not lifting."""
        return not self.time.movable and not self.calibration.flow.in_set

    @property
    def load_settable(self) -> bool:
        """Whether the state of the load may be set by hand: it is what flags are judged by."""
        live = self.session.station.mode is not Mode.REPLAY
        return live and self.model.trunk.sensed and not self.model.landing_session

    def set_load(self, by_hand: bool) -> None:
        """Set the state of the load by hand to the other one, or give it back to the sensor."""
        if not self.load_settable:
            return
        trunk = self.model.trunk
        wanted = None
        if by_hand:
            wanted = Load.UNLOADED if trunk.load is Load.LOADED else Load.LOADED
        self.session.station.set_load(wanted)
        trunk.hand = wanted
        if wanted is not None:
            trunk.load = wanted  # the station's own word follows

    def set_exercise(self, doing: Doing) -> None:
        """Go on with another exercise, or with another load; shown at once."""
        self.session.station.set_exercise(
            doing.exercise,
            load_kg=doing.load_kg,
            target_reps=doing.target_reps,
            target_sets=doing.target_sets,
        )
        self.model.exercises.ask(doing)  # the station's own word follows

    def start(self) -> None:
        """Let the session run."""
        self._heard_s = time.monotonic()
        self.session.station.start()

    def fetch(self) -> tuple[int, Changed]:
        """Take what became known; how many updates, and what they touched."""
        changed = Changed.NOTHING
        updates = self.session.station.drain()
        for update in updates:
            changed |= self.model.apply(update)
            self.calibration.apply(update)
            self._sound.apply(update)
        if self.hear is not None:
            self._untold += updates
        if updates:
            self._heard_s = time.monotonic()
            self._silent = False
        return len(updates), changed

    def tell(self) -> None:
        """Hand what was fetched to what keeps the record.

        It may wait for a disk: what was fetched is sounded and asked to be drawn before.
        """
        untold, self._untold = self._untold, []
        for update in untold:
            if self.hear is not None:
                self.hear(update)

    def fell_silent(self) -> bool:
        """Whether the station has just stopped answering; true once a silence."""
        if self._silent or time.monotonic() - self._heard_s <= _SILENCE_S:
            return False
        self._silent = True
        return True

    def refresh(self, changed: Changed, shown: QWidget | None) -> None:
        """Repaint what changed, in the view that is seen."""
        if shown is self.clinician:
            self.clinician.refresh(changed)
        elif shown is self.lifter:
            self.lifter.refresh(changed)
        elif shown is self.calibration and changed:
            self.calibration.refresh()

    def flash(self, dark_half: bool) -> None:
        """The window's clock beats."""
        self.clinician.cue.flash(dark_half)
        self.lifter.cue.flash(dark_half)

    def close(self) -> None:
        """End the session; its views go with their parent."""
        # A long recording takes long to be put in order; the window does not wait for that.
        closing = threading.Thread(target=self.session.station.close, name="lift-closing")
        closing.start()
        closing.join(_CLOSE_S)
        self.fetch()  # what the end of the session made of the last set
        self.tell()
