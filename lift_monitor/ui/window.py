"""The window: a session in two views or the Sensors page, and what begins and ends there."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent

from lift_monitor.sound.player import CuePlayer
from lift_monitor.station import Mode, StationStatus
from lift_monitor.ui.awaited import Awaited
from lift_monitor.ui.calibration_page import CalibrationPage
from lift_monitor.ui.clinician import ClinicianView
from lift_monitor.ui.frame import Frame
from lift_monitor.ui.i18n import clock, tr
from lift_monitor.ui.keys import Keys
from lift_monitor.ui.lifter import LifterView
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Changed
from lift_monitor.ui.screens import Screens
from lift_monitor.ui.sensors_page import SensorsPage
from lift_monitor.ui.session import LiveSetup, LoadedSession, OpenFile, SessionChoice
from lift_monitor.ui.sounding import Sounding
from lift_monitor.ui.stage import Stage
from lift_monitor.ui.surround import Surround

FRAME_MS = 33
_FLASH_HZ = 1.5
"""Inside 1.4–2.8 Hz of a high-priority signal and below WCAG's 3 a second."""
_FRAMES_A_LOOK: Final = 3
"""Frames between two looks at the sensor desk: ten a second."""


class MonitorWindow(Frame):
    """Shows one session at a time and takes it over: starts and closes its station.

    Parameters
    ----------
    session : LoadedSession, optional
        Its station must not have been started.
    live : LiveSetup, optional
        The sensors; the window opens on their page, and a session begins there.
    open_file : callable, optional
        How to open another file; without it, opening and dropping are off.
    theme, view : str
        ``dark`` or ``light``; ``clinician`` or ``lifter``, in which a session is shown first.
    reduce_motion : bool
        Nothing flashes.
    px_per_mm : float, optional
        Physical resolution for the lifter view, if the screen lies.
    sound : CuePlayer, optional
        What sounds; stays its maker's. Without one the window is silent and logs no sound.

    Raises
    ------
    ValueError
        If there is neither a session nor sensors to begin one on.
    """

    def __init__(
        self,
        session: LoadedSession | None = None,
        *,
        live: LiveSetup | None = None,
        open_file: OpenFile | None = None,
        theme: str = "dark",
        view: str = "clinician",
        reduce_motion: bool = False,
        px_per_mm: float | None = None,
        sound: CuePlayer | None = None,
    ) -> None:
        if session is None and live is None:
            raise ValueError("a window needs a session or sensors to begin one on")
        super().__init__(theme)
        self._live = live
        self._open_file = open_file
        self._reduce_motion = reduce_motion
        self._px_per_mm = px_per_mm
        self._stage: Stage | None = None
        self.failure = ""
        """Why the session asked for last could not be made; empty if it could."""
        self._frame = 0
        self._home = "sensors"
        """The page to which the end of a session leads."""
        self._screens = Screens(self._views, view)
        self._surround = Surround(self.header, self.transport, self.banner)
        self.sensors = SensorsPage(live.desk, live.choice) if live is not None else None
        if self.sensors is not None:
            self._screens.add("sensors", self.sensors)
        self._awaited = Awaited(self.banner)
        self._keys = Keys(self, self.do)
        self._sounding = Sounding(sound)
        self.sound, self.sound_control = self._sounding.channel, self._sounding.control
        self.transport.take_sound(self.sound_control)
        self._connect()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.tick)
        if session is not None:
            self._take_over(session)
        else:
            self._show_setup()
        self._timer.start()

    # -- the session --------------------------------------------------------------------------

    @property
    def stage(self) -> Stage | None:
        """The session on the screen, if there is one."""
        return self._stage

    @property
    def session(self) -> LoadedSession:
        """The session on the screen; ``RuntimeError`` if there is none."""
        return self._on_stage.session

    @property
    def _on_stage(self) -> Stage:
        if self._stage is None:
            raise RuntimeError("no session is on the screen")
        return self._stage

    @property
    def model(self) -> SessionModel:
        """View model of the session; ``RuntimeError`` if there is none."""
        return self._on_stage.model

    @property
    def clinician(self) -> ClinicianView:
        """Its clinician view; ``RuntimeError`` if there is none."""
        return self._on_stage.clinician

    @property
    def lifter(self) -> LifterView:
        """Its lifter view; ``RuntimeError`` if there is none."""
        return self._on_stage.lifter

    @property
    def status(self) -> StationStatus | None:
        """The newest status; ``None`` before the first and without a session."""
        return self._stage.model.status if self._stage is not None else None

    def _take_over(self, session: LoadedSession) -> None:
        stage = Stage(session, self.sound, self._px_per_mm, reduce_motion=self._reduce_motion)
        stage.start()
        self._leave_stage()
        self._stage = stage
        self._sounding.join(session.station)
        for name, view in stage.views.items():
            self._screens.add(name, view)
        stage.calibration.left.connect(self._calibration_left)
        self.transport.configure(
            stage.overview,
            movable=stage.time.movable,
            can_open=self._open_file is not None,
            has_sensors=self.sensors is not None,
        )
        self.show_mode(session.station.mode, session.facts, emulated=self._emulated)
        self.setWindowTitle(tr("{name} – lift_monitor", name=session.title or tr("Live session")))
        self.header.clear()
        self.header.show_model(stage.model)
        self._arrange()
        if self.sensors is not None:
            self.sensors.show_session(running=True)
        self.show_view(self._screens.view)

    def _leave_stage(self) -> None:
        if self._stage is None:
            return
        self._stage.close()
        for name in self._stage.views:
            self._screens.drop(name)
        self._stage = None
        self._surround.forget()
        self._sounding.leave()

    def _show_setup(self) -> None:
        """The page for when there is no session."""
        self.transport.configure(
            None,
            movable=False,
            can_open=self._open_file is not None,
            has_sensors=self.sensors is not None,
        )
        self.show_mode(Mode.LIVE, None, emulated=self._emulated)
        self.setWindowTitle(tr("lift_monitor"))
        self._arrange()
        if self.sensors is not None:
            self.sensors.show_session(running=False)
        self.show_view(self._home)

    def _arrange(self) -> None:
        self._keys.let_move(self._stage is not None and self._stage.time.movable)
        self.restyle(anew=True)

    @property
    def _emulated(self) -> bool:
        return self.sensors is not None and self.sensors.look().emulated

    def tick(self) -> int:
        """Fetch what became known and repaint what it touched; returns how many updates."""
        self._frame += 1
        if self.sensors is not None and self._frame % _FRAMES_A_LOOK == 0:
            self._look_at_sensors(self.sensors)
        stage = self._stage
        count, changed = stage.fetch() if stage is not None else (0, Changed.NOTHING)
        self._sounding.tick(time.monotonic())
        if stage is None:
            return 0
        self._surround.watch(stage)
        if changed:
            self.refresh(changed)
        if not self._reduce_motion:
            stage.flash(int(time.monotonic() * 2 * _FLASH_HZ) % 2 == 1)
        stage.tell()  # the disk comes last: no alarm waits for it
        return count

    def _look_at_sensors(self, page: SensorsPage) -> None:
        if self._screens.shown is not page:
            return
        emulated = page.look().emulated
        if self._stage is None and emulated != self.strip.emulated:
            self.show_mode(Mode.LIVE, None, emulated=emulated)

    def refresh(self, changed: Changed) -> None:
        """Repaint what changed, in the view that is seen."""
        stage = self._stage
        if stage is None:
            return
        shown = self._screens.shown
        stage.refresh(changed, shown)
        if self._surround.refresh(stage, changed, shown):
            self.show_view("calibration")

    def _calibration_left(self) -> None:
        self.show_view(self._screens.view)

    def _restyled(self) -> None:
        if self._stage is not None:
            self._stage.clinician.refresh(Changed.ALL)

    def show_view(self, name: str) -> None:
        """``clinician``, ``lifter``, ``calibration`` or the name of a page, e.g. ``sensors``.

        The lifter view bears no name of a person.
        """
        if not self._screens.show(name):
            return
        self.header.setVisible(self._stage is not None and name != "lifter")
        self.transport.show_view(name)
        shown = self._screens.shown
        if isinstance(shown, SensorsPage):
            shown.look()
            shown.focus_first()
        elif isinstance(shown, CalibrationPage):
            shown.open()
        elif shown is not None:
            shown.setFocus()
        self.refresh(Changed.ALL)

    # -- what the user does -----------------------------------------------------------------------

    def _connect(self) -> None:
        self.transport.asked.connect(self.do)
        self.transport.timeline.sought.connect(self.seek)
        self.transport.timeline.jumped.connect(self._go_to)
        self.setAcceptDrops(self._open_file is not None)
        self.file_given.connect(self.open_path)
        self._awaited.arrived.connect(self._arrived)
        self._awaited.failed.connect(self._came_to_nothing)
        self._awaited.given_up.connect(self._came_to_nothing)
        if self.sensors is not None:
            self.sensors.begin_asked.connect(self._begin)

    def do(self, what: str) -> None:
        """Do what a key or a button stands for."""
        stage = self._stage
        match what:
            case "mark" if stage is not None:
                stage.session.station.annotate("mark", "")
                self.transport.timeline.add_mark(stage.model.now_s)
            case "view" if stage is not None:
                here = self._screens.shown is stage.clinician
                self.show_view("lifter" if here else "clinician")
            case "load" | "load_auto" if stage is not None:
                stage.set_load(by_hand=what == "load")
                self.refresh(Changed.TECHNIQUE | Changed.SPINE)
            case "sensors" | "people":
                self.show_view(what)
            case "calibrate" if stage is not None and stage.can_calibrate:
                self.show_view("calibration")
            case "calibrate" if stage is not None and not stage.time.movable:
                self.banner.show_note(tr("A set is open; calibrate when it has ended."))
            case "quiet":
                self.sound_control.be_quiet()
            case "theme":
                self.toggle_theme()
            case "full_screen":
                self.toggle_full_screen()
            case "escape":
                self._escape()
            case "open" if self._open_file is not None:
                self.ask_for_file()
            case "end" if stage is not None and self.sensors is not None:
                self.transport.ask_to_end(True)
            case "go_on":
                self.transport.ask_to_end(False)
            case "end_now" if stage is not None and self.sensors is not None:
                self._end(stage)
            case _ if stage is not None:
                stage.time.do(what)

    def _escape(self) -> None:
        if self.banner.isVisible():
            self.banner.dismiss()
        elif self.transport.question.isVisible():
            self.transport.ask_to_end(False)
        elif self.sensors is not None and self.sensors.form.asking:
            self.sensors.form.back()
        elif self._stage is not None and self._screens.shown is self._stage.calibration:
            self._stage.calibration.escape()
        elif self.isFullScreen():
            self.showNormal()

    def seek(self, time_s: float) -> None:
        """Go to a session time."""
        if self._stage is not None:
            self._stage.time.seek(time_s)

    def _go_to(self, start_s: float) -> None:
        if self._stage is not None:
            self._stage.time.go_to(start_s)

    # -- a live session ---------------------------------------------------------------------------

    def _begin(self, choice: SessionChoice) -> None:
        if self._live is None or self._stage is not None:
            return
        self.failure = ""
        self._surround.expect()
        self._awaited.begin(self._live.begin, choice)

    def _end(self, stage: Stage) -> None:
        status = stage.model.status
        self._leave_stage()
        self._show_setup()
        if status is not None and status.recording_to is not None:
            self.banner.show_note(
                tr(
                    "Session ended: {t} recorded in {file}.",
                    t=clock(status.recorded_s),
                    file=Path(status.recording_to).name,
                )
            )

    def open_path(self, path: Path) -> None:
        """Open a file beside the running session; it is replaced when the file is ready."""
        if self._open_file is not None:
            self._awaited.open(self._open_file, path)

    def _arrived(self, session: LoadedSession) -> None:
        try:
            self._take_over(session)
        except (ValueError, OSError) as error:
            session.station.close()
            self._awaited.fail(str(error))

    def _came_to_nothing(self, sentence: str = "") -> None:
        self.failure = sentence
        if self.sensors is not None:
            self.sensors.show_session(running=self._stage is not None)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the clock, the loader and the station."""
        self._timer.stop()
        self._awaited.close()
        if self._stage is not None:
            self._stage.close()
        super().closeEvent(event)
