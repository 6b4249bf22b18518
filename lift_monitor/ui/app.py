"""Where the screen is started: on a desk, or offscreen through a whole session.

Both ways run the same window on the same station; only what happens at the end differs.
"""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from lift_monitor.analysis import Analysis
from lift_monitor.events import Repetition
from lift_monitor.recordings.facts import SessionFacts
from lift_monitor.sensors.words import SensorDesk
from lift_monitor.sound.opening import open_player
from lift_monitor.sound.player import CuePlayer
from lift_monitor.ui.collecting import collected_here
from lift_monitor.ui.interrupting import Pump, interruptible
from lift_monitor.ui.opening import open_application
from lift_monitor.ui.readings import Changed
from lift_monitor.ui.rehearsal import Rehearsal
from lift_monitor.ui.session import (
    BeginSession,
    Feed,
    LiveSetup,
    LoadedSession,
    OpenFile,
    Progress,
    SessionChoice,
)
from lift_monitor.ui.style import load_fonts
from lift_monitor.ui.unforeseen import telling
from lift_monitor.ui.window import MonitorWindow

if TYPE_CHECKING:  # the store takes long to load, and most commands do without it
    from lift_monitor.clinic.store import Clinic
    from lift_monitor.ui.report_desk import WriteReport

_STALLED_S: Final = 60.0
"""Offscreen, a session that tells nothing for so long has failed."""


def run_dashboard(
    station: Feed,
    *,
    overview: Analysis | None = None,
    facts: SessionFacts | None = None,
    title: str = "",
    open_file: OpenFile | None = None,
    theme: str = "dark",
    view: str = "clinician",
    full_screen: bool = False,
) -> int:
    """Show the dashboard until the user closes it; starts and closes the station.

    Returns
    -------
    int
        Exit status of the window system, 0 normally.
    """

    def made(sound: CuePlayer) -> MonitorWindow:
        return MonitorWindow(
            LoadedSession(station, overview, facts, title),
            open_file=open_file,
            theme=theme,
            view=view,
            sound=sound,
        )

    app = application()
    with collected_here():
        return _run(app, made, full_screen=full_screen)


def _run(
    app: QApplication, made: Callable[[CuePlayer], MonitorWindow], *, full_screen: bool
) -> int:
    """Run until the window is closed, or the process is told to end: then close it first."""
    sound = open_player()
    window = made(sound)
    if full_screen:
        window.showFullScreen()
    else:
        window.showMaximized()
    # Python looks for signals while a timer of the window runs, some thirty times a second.
    ends = [getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")]
    before = {
        number: signal.signal(number, lambda *_: app.quit())
        for number in ends
        if number is not None and threading.current_thread() is threading.main_thread()
    }
    try:
        with telling(window.banner.show_error):
            return app.exec()
    finally:
        window.close()
        sound.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def run_offscreen(
    station: Feed,
    *,
    overview: Analysis | None = None,
    facts: SessionFacts | None = None,
    title: str = "",
    png_path: Path,
    size: tuple[int, int] = (1920, 1080),
    theme: str = "dark",
    view: str = "clinician",
) -> list[Repetition]:
    """Run the same window offscreen through the whole session, as fast as possible.

    Starts and closes the station; saves the last picture as PNG.

    Returns
    -------
    list of Repetition
        The rows of the repetition table of all sets, in order.

    Raises
    ------
    RuntimeError
        If the station reports an error or stops answering.
    OSError
        If the picture cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    def run() -> list[Repetition]:
        window = MonitorWindow(
            LoadedSession(station, overview, facts, title),
            theme=theme,
            view=view,
            reduce_motion=True,
        )
        try:
            window.resize(*size)
            window.show()
            station.set_speed(math.inf)
            with interruptible() as pump:
                _run_to_the_end(window, pump)
            window.refresh(Changed.ALL)
            save_picture(window, png_path)
            return window.model.repetitions
        finally:
            window.close()
            window.deleteLater()

    application()
    with collected_here():
        return run()


def run_live(
    desk: SensorDesk,
    begin: BeginSession,
    *,
    choice: SessionChoice | None = None,
    theme: str = "dark",
    view: str = "clinician",
    full_screen: bool = False,
) -> int:
    """Show the Sensors page, and the sessions that begin there, until the user closes it.

    The desk stays its maker's: it is neither opened nor closed here.

    Parameters
    ----------
    desk : SensorDesk
    begin : callable
        Makes the live session that the clinician chose; called in a worker thread, may
        take its time, and raises ``ValueError`` with one sentence where there can be none.
    choice : SessionChoice, optional
        What the form shows first.
    theme, view : str
        ``dark`` or ``light``; ``clinician`` or ``lifter``, in which a session is shown first.
    full_screen : bool

    Returns
    -------
    int
        Exit status of the window system, 0 normally.
    """

    def made(sound: CuePlayer) -> MonitorWindow:
        setup = LiveSetup(desk, begin, choice or SessionChoice())
        return MonitorWindow(live=setup, theme=theme, view=view, sound=sound)

    app = application()
    with collected_here():
        return _run(app, made, full_screen=full_screen)


def run_clinic(
    clinic: Clinic,
    desk: SensorDesk,
    begin: BeginSession,
    *,
    write_report: WriteReport,
    by: str = "",
    open_file: OpenFile | None = None,
    theme: str = "dark",
) -> int:
    """Show the people of a clinic, and the sessions that go into its record.

    The clinic and the desk stay their maker's: neither is opened nor closed here.

    Parameters
    ----------
    clinic : Clinic
    desk, begin
        See :func:`run_live`.
    write_report : callable
        Writes a report; called in a worker thread.
    by : str
        Who is working; asked for if empty.
    open_file : callable, optional
        How to open a recording; without it, opening and dropping are off.
    theme : str

    Returns
    -------
    int
        Exit status of the window system, 0 normally.
    """
    from lift_monitor.ui.clinic_window import ClinicWindow

    def made(sound: CuePlayer) -> MonitorWindow:
        return ClinicWindow(
            clinic,
            live=LiveSetup(desk, begin),
            write_report=write_report,
            by=by,
            open_file=open_file,
            theme=theme,
            sound=sound,
        )

    app = application()
    with collected_here():
        return _run(app, made, full_screen=False)


def run_live_offscreen(
    desk: SensorDesk,
    begin: BeginSession,
    choice: SessionChoice,
    *,
    seconds: float,
    png_path: Path,
    size: tuple[int, int] = (1920, 1080),
    theme: str = "dark",
    timeout_s: float = 60.0,
    override: str = "",
) -> list[Repetition]:
    """Do offscreen what a clinician does: see the checks through, begin, lift, end.

    Connects the placed sensors and starts the still and the tap check when it is their
    turn.  Saves the clinician view as ``png_path``, and the Sensors page as it was when
    the session began beside it, with ``-sensors`` before the ending.

    Parameters
    ----------
    desk, begin, choice
        See :func:`run_live`.
    seconds : float
        How long the session runs, wall clock.
    png_path : Path
    size, theme
    timeout_s : float
        How long to wait until the desk can begin, and then until the session has begun.
    override : str
        Reason for beginning all the same when that time is over; empty: do not begin.

    Returns
    -------
    list of Repetition
        The rows of the repetition table of all sets, in order.

    Raises
    ------
    RuntimeError
        If the sensors cannot begin in time, the session cannot be made, or its station
        reports an error or stops answering; one sentence.
    OSError
        If a picture cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    def run() -> list[Repetition]:
        window = MonitorWindow(live=LiveSetup(desk, begin, choice), theme=theme, reduce_motion=True)
        try:
            window.resize(*size)
            window.show()
            assert window.sensors is not None
            with interruptible() as pump:
                return Rehearsal(window, window.sensors, save_picture, pump).run(
                    seconds, png_path, timeout_s=timeout_s, override=override
                )
        finally:
            window.close()
            window.deleteLater()

    application()
    with collected_here():
        return run()


def save_picture(window: MonitorWindow, path: Path) -> None:
    """Save what the window shows as a PNG file.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    QApplication.sendPostedEvents()
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
    if not window.grab().save(str(path), "PNG"):
        raise OSError(f"The picture {path} could not be written; choose another folder with --png")


def application() -> QApplication:
    """The one application object, with the bundled typeface."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = open_application("lift-monitor")
    app.setApplicationName("lift_monitor")
    app.setStyle("Fusion")
    load_fonts()
    return app


def _run_to_the_end(window: MonitorWindow, pump: Pump) -> None:
    heard = time.monotonic()
    while True:
        pump()
        if window.tick():
            heard = time.monotonic()
        status = window.status
        if status is not None:
            if status.error:
                raise RuntimeError(status.error)
            # The queue hands out events before the status that says it was the last.
            if status.ended:
                return
        if time.monotonic() - heard > _STALLED_S:
            raise RuntimeError("The station stopped answering before the end of the session.")
        time.sleep(0.002)


__all__ = [
    "BeginSession",
    "LoadedSession",
    "OpenFile",
    "Progress",
    "SessionChoice",
    "application",
    "run_clinic",
    "run_dashboard",
    "run_live",
    "run_live_offscreen",
    "run_offscreen",
    "save_picture",
]
