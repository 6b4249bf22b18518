"""The window: a session in two views or the Sensors page, keys, and what begins and ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from lift_monitor.events import Exercise
from lift_monitor.sound.channel import SoundChannel
from lift_monitor.sound.player import CuePlayer, SilentPlayer
from lift_monitor.sound.words import SoundConfig
from lift_monitor.station import Mode, StationConfig, StationStatus
from lift_monitor.ui.awaited import Awaited
from lift_monitor.ui.calibration_door import CalibrationDoor
from lift_monitor.ui.calibration_page import CalibrationPage
from lift_monitor.ui.clinician import ClinicianView
from lift_monitor.ui.controls import KEYS, MOVING
from lift_monitor.ui.frame import Frame
from lift_monitor.ui.i18n import clock, tr
from lift_monitor.ui.lifter import LifterView
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Changed
from lift_monitor.ui.sensors_page import SensorsPage
from lift_monitor.ui.session import LiveSetup, LoadedSession, OpenFile, SessionChoice
from lift_monitor.ui.sound_control import SoundControl
from lift_monitor.ui.stage import Stage

FRAME_MS = 33
_FLASH_HZ = 1.5
"""Inside 1.4–2.8 Hz of a high-priority signal and below WCAG's 3 a second."""
_FRAMES_A_LOOK: Final = 3
"""Frames between two looks at the sensor desk: ten a second."""
_NO_SESSION: Final = SoundConfig(StationConfig(Exercise.FREE))
"""Before a session only the sound test sounds."""


Log: TypeAlias = Callable[[str, str], None]
"""Takes the kind and the text of a remark."""


def _unlogged(_kind: str, _text: str) -> None:
    """There is no recording to write into."""


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
        self._view = view
        self._reduce_motion = reduce_motion
        self._px_per_mm = px_per_mm
        self._stage: Stage | None = None
        self._error: str | None = None
        self._calibration = CalibrationDoor()
        self.failure = ""
        """Why the session asked for last could not be made; empty if it could."""
        self._frame = 0
        self._home = "sensors"
        """The page to which the end of a session leads."""
        self._pages: dict[str, QWidget] = {}
        self.sensors = SensorsPage(live.desk, live.choice) if live is not None else None
        if self.sensors is not None:
            self._add_page("sensors", self.sensors)
        self._awaited = Awaited(self.banner)
        self._keys: dict[str, list[QShortcut]] = {}
        self._has_sound = sound is not None
        self.sound = SoundChannel(_NO_SESSION, sound or SilentPlayer(), _unlogged)
        self.sound_control = SoundControl(self.sound)
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

    def _add_page(self, name: str, page: QWidget) -> None:
        """Give a page that needs no session its name for :meth:`show_view`."""
        self._pages[name] = page
        self._views.addWidget(page)

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
        station = session.station
        self.sound.renew(SoundConfig(station.config), self._log_of(session))
        for view in stage.views:
            self._views.addWidget(view)
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
        self.show_view(self._view)

    def _log_of(self, session: LoadedSession) -> Log:
        """Where the sound's remarks go."""
        logged = self._has_sound and session.station.mode is not Mode.REPLAY
        return session.station.annotate if logged else _unlogged

    def _leave_stage(self) -> None:
        if self._stage is None:
            return
        self._stage.close()
        for view in self._stage.views:
            self._views.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._stage = None
        self._error = None
        self.sound.renew(_NO_SESSION, _unlogged)

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
        movable = self._stage is not None and self._stage.time.movable
        for what in MOVING:
            for shortcut in self._keys.get(what, ()):
                shortcut.setEnabled(movable)
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
        self.sound.tick(time.monotonic())
        self.sound_control.refresh()
        if stage is None:
            return 0
        if stage.fell_silent():
            self.banner.show_error(
                tr("The station does not answer: what you see is old. Restart the session.")
            )
        if changed:
            self.refresh(changed)
        if not self._reduce_motion:
            stage.flash(int(time.monotonic() * 2 * _FLASH_HZ) % 2 == 1)
        stage.tell()  # the disk comes last: no alarm waits for it
        return count

    def _look_at_sensors(self, page: SensorsPage) -> None:
        if self._views.currentWidget() is not page:
            return
        emulated = page.look().emulated
        if self._stage is None and emulated != self.strip.emulated:
            self.show_mode(Mode.LIVE, None, emulated=emulated)

    def refresh(self, changed: Changed) -> None:
        """Repaint what changed, in the view that is seen."""
        stage = self._stage
        if stage is None:
            return
        stage.refresh(changed, self._views.currentWidget())
        if changed & (Changed.STATUS | Changed.SET):
            self.header.show_model(stage.model)
        if changed & (Changed.STATUS | Changed.TECHNIQUE):
            load = stage.model.trunk.load_reading()
            self.transport.show_load(load.load, settable=stage.load_settable, by_hand=load.by_hand)
        status = stage.model.status
        if status is not None and changed & Changed.STATUS:
            self.transport.show_status(status)
            self._show_calibration(stage)
            if status.error and status.error != self._error:
                self.banner.show_error(status.error)
            self._error = status.error

    def _show_calibration(self, stage: Stage) -> None:
        shown = self._views.currentWidget() is stage.calibration
        if self._calibration.look(stage, self.transport.calibration, shown=shown):
            self.show_view("calibration")

    def _calibration_left(self) -> None:
        self.show_view(self._view)

    def _restyled(self) -> None:
        if self._stage is not None:
            self._stage.clinician.refresh(Changed.ALL)

    def show_view(self, name: str) -> None:
        """``clinician``, ``lifter``, ``calibration`` or the name of a page, e.g. ``sensors``.

        The lifter view bears no name of a person.
        """
        if name in self._pages:
            self._views.setCurrentWidget(self._pages[name])
        elif name == "calibration" and self._stage is not None:
            self._views.setCurrentWidget(self._stage.calibration)
        elif self._stage is not None and name in ("clinician", "lifter"):
            self._view = name
            lifter = name == "lifter"
            self._views.setCurrentWidget(self._stage.lifter if lifter else self._stage.clinician)
        else:
            return
        self.header.setVisible(self._stage is not None and name != "lifter")
        self.transport.show_view(name)
        shown = self._views.currentWidget()
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
        for key, what in KEYS.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(what != "escape")  # held down it leaves one thing, not all
            shortcut.activated.connect(lambda what=what: self.do(what))
            self._keys.setdefault(what, []).append(shortcut)
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
                here = self._views.currentWidget() is stage.clinician
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
        elif self._stage is not None and self._views.currentWidget() is self._stage.calibration:
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
        begin = self._live.begin
        self.failure = ""
        self._calibration.first = True
        self._awaited.start(
            tr("Beginning the session"),
            lambda _progress: begin(choice),
            tr("The session could not begin"),
        )

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
        opener = self._open_file
        if opener is not None:
            self._awaited.start(
                tr("Opening {file}", file=path.name),
                lambda progress: opener(path, progress),
                tr("{file} could not be opened", file=path.name),
            )

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
