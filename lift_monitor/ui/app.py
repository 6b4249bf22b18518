"""Where the screen is started: on a desk, or offscreen through a whole session.

Both ways run the same window on the same station; only what happens at the end differs.
"""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from lift_monitor.analysis import Analysis
from lift_monitor.events import Repetition
from lift_monitor.recordings.facts import SessionFacts
from lift_monitor.ui.readings import Changed
from lift_monitor.ui.session import Feed, LoadedSession, OpenFile, Progress
from lift_monitor.ui.style import load_fonts
from lift_monitor.ui.window import MonitorWindow

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
    app = application()
    window = MonitorWindow(
        LoadedSession(station, overview, facts, title), open_file=open_file, theme=theme, view=view
    )
    if full_screen:
        window.showFullScreen()
    else:
        window.showMaximized()
    return app.exec()


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
    application()
    window = MonitorWindow(
        LoadedSession(station, overview, facts, title), theme=theme, view=view, reduce_motion=True
    )
    try:
        window.resize(*size)
        window.show()
        station.set_speed(math.inf)
        _run_to_the_end(window)
        window.refresh(Changed.ALL)
        save_picture(window, png_path)
        return window.model.repetitions
    finally:
        window.close()
        window.deleteLater()


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
        raise OSError(f"the picture {path} could not be written; choose another folder with --png")


def application() -> QApplication:
    """The one application object, with the bundled typeface."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["lift-monitor"])
    app.setApplicationName("lift_monitor")
    app.setStyle("Fusion")
    load_fonts()
    return app


def _run_to_the_end(window: MonitorWindow) -> None:
    heard = time.monotonic()
    while True:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
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
            raise RuntimeError("the station stopped answering before the end of the session")
        time.sleep(0.002)


__all__ = [
    "LoadedSession",
    "OpenFile",
    "Progress",
    "application",
    "run_dashboard",
    "run_offscreen",
    "save_picture",
]
