"""The window: one session in two views, the watermark, the foot, keys and dropped files."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from lift_monitor.station import StationStatus
from lift_monitor.ui import tokens
from lift_monitor.ui.banner import Banner
from lift_monitor.ui.clinician import ClinicianView
from lift_monitor.ui.controls import KEYS, TimeControls
from lift_monitor.ui.header import Header, ModeStrip
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.lifter import LifterView
from lift_monitor.ui.loading import Loader
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Changed
from lift_monitor.ui.session import LoadedSession, OpenFile
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import apply_style, tight
from lift_monitor.ui.timeline import Overview
from lift_monitor.ui.transport import Transport

FRAME_MS = 33
_FLASH_HZ = 1.5
"""Inside 1.4–2.8 Hz of a high-priority signal and below WCAG's 3 a second."""
_SILENCE_S = 3.0
"""A station tells its status ten times a second; this long without one is a fault."""
_FRAME_PX = 4


class _Ground(QWidget):
    """Everything, inside the coloured frame of replay and simulation."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.style_now = Style()
        self.frame_role: str | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.style_now.colour("ground"))
        if self.frame_role is not None:
            painter.setPen(QPen(self.style_now.colour(self.frame_role), 2 * _FRAME_PX))
            painter.drawRect(self.rect())
        painter.end()


class MonitorWindow(QMainWindow):
    """Shows one session at a time and takes it over: starts and closes its station.

    Parameters
    ----------
    session : LoadedSession
        Its station must not have been started.
    open_file : callable, optional
        How to open another file; without it, opening and dropping are off.
    theme, view : str
        ``dark`` or ``light``; ``clinician`` or ``lifter``.
    reduce_motion : bool
        Nothing flashes.
    px_per_mm : float, optional
        Physical resolution for the lifter view, if the screen lies.
    """

    def __init__(
        self,
        session: LoadedSession,
        *,
        open_file: OpenFile | None = None,
        theme: str = "dark",
        view: str = "clinician",
        reduce_motion: bool = False,
        px_per_mm: float | None = None,
    ) -> None:
        super().__init__()
        self._session = session
        self._reduce_motion = reduce_motion
        self._style = Style(tokens.THEMES[theme])
        self.model = SessionModel(session.station.config, session.station.mode)
        self._time = TimeControls(session.station, self.model, ())
        self._heard_s = time.monotonic()
        self._silent = False
        self._error: str | None = None
        self.strip, self.header = ModeStrip(), Header()
        self.clinician = ClinicianView(self.model)
        self.lifter = LifterView(self.model, px_per_mm)
        self.transport = Transport()
        self._views = QStackedWidget()
        self._views.addWidget(self.clinician)
        self._views.addWidget(self.lifter)
        self._ground = _Ground()
        self._column = tight(QVBoxLayout(self._ground))
        self._body = tight(QVBoxLayout())
        self._body.addWidget(self._views, 1)
        self._body.addWidget(self.transport)
        self._column.addWidget(self.strip)
        self._column.addWidget(self.header)
        self._column.addLayout(self._body, 1)
        self.setCentralWidget(self._ground)
        self.banner = Banner(self._ground)
        self._loader = Loader(open_file) if open_file is not None else None
        self._connect()
        self.setMinimumSize(1024, 600)
        self.resize(1280, 720)
        self.show_view(view)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.tick)
        self._take_over(session)

    # -- the session --------------------------------------------------------------------------

    def _take_over(self, session: LoadedSession) -> None:
        self._session = session
        station = session.station
        self.model = SessionModel(station.config, station.mode)
        overview = Overview.of(session.overview)
        self._time = TimeControls(station, self.model, overview.starts)
        movable = self._time.movable
        can_open = self._loader is not None
        self.transport.configure(overview, movable=movable, can_open=can_open)
        self.strip.show_mode(station.mode, session.facts)
        self._ground.frame_role = self.strip.colour_role
        edge = _FRAME_PX if self.strip.colour_role else 0
        self._column.setContentsMargins(edge, 0, edge, edge)
        name = session.title or tr("Live session")
        self.setWindowTitle(f"{name} – lift_monitor")
        self.clinician.set_model(self.model)
        self.lifter.set_model(self.model)
        self.header.show_model(self.model)
        self._restyle()
        self._heard_s = time.monotonic()
        station.start()
        self._timer.start()

    def tick(self) -> int:
        """Fetch what became known and repaint what it touched; returns how many updates."""
        changed = Changed.NOTHING
        updates = self._session.station.drain()
        for update in updates:
            changed |= self.model.apply(update)
        if updates:
            self._heard_s = time.monotonic()
            self._silent = False
        elif time.monotonic() - self._heard_s > _SILENCE_S and not self._silent:
            self._silent = True
            self.banner.show_error(
                tr("The station does not answer: what you see is old. Restart the session.")
            )
        if changed:
            self.refresh(changed)
        if not self._reduce_motion:
            dark_half = int(time.monotonic() * 2 * _FLASH_HZ) % 2 == 1
            self.clinician.cue.flash(dark_half)
            self.lifter.cue.flash(dark_half)
        return len(updates)

    def refresh(self, changed: Changed) -> None:
        """Repaint what changed, in the view that is seen."""
        if self._views.currentWidget() is self.clinician:
            self.clinician.refresh(changed)
        else:
            self.lifter.refresh(changed)
        if changed & (Changed.STATUS | Changed.SET):
            self.header.show_model(self.model)
        status = self.model.status
        if status is not None and changed & Changed.STATUS:
            self.transport.show_status(status)
            if status.error and status.error != self._error:
                self.banner.show_error(status.error)
            self._error = status.error

    @property
    def status(self) -> StationStatus | None:
        """The newest status."""
        return self.model.status

    # -- looks ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale type and gaps with the window."""
        super().resizeEvent(event)
        self._restyle()
        self.banner.place()

    def _restyle(self) -> None:
        scale = min(self.width() / 1920, self.height() / 1080)
        scale = min(max(round(scale * 20) / 20, 0.7), 2.0)
        style = Style(self._style.theme, scale)
        if style == self._style and self._ground.style_now == style:
            return
        self._style = self._ground.style_now = style
        self.setStyleSheet(style.sheet())
        gap = style.px(tokens.GAP)
        self._body.setContentsMargins(gap, gap, gap, gap)
        self._body.setSpacing(gap)
        apply_style(self, style)
        self.clinician.refresh(Changed.ALL)
        self._ground.update()

    def set_theme(self, name: str) -> None:
        """``dark`` or ``light``."""
        self._style = Style(tokens.THEMES[name], self._style.scale)
        self._restyle()

    def show_view(self, name: str) -> None:
        """``clinician`` or ``lifter``; the lifter view bears no name of a person."""
        lifter = name == "lifter"
        shown = self.lifter if lifter else self.clinician
        self._views.setCurrentWidget(shown)
        self.header.setVisible(not lifter)
        self.transport.show_view(name)
        shown.setFocus()
        self.refresh(Changed.ALL)

    # -- what the user does -----------------------------------------------------------------------

    def _connect(self) -> None:
        self.transport.asked.connect(self.do)
        self.transport.timeline.sought.connect(self.seek)
        self.clinician.repetition_chosen.connect(lambda at_s: self._time.go_to_repetition(at_s))
        self.banner.dismissed.connect(self._dismissed)
        for key, what in KEYS.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(lambda what=what: self.do(what))
        if self._loader is not None:
            self.setAcceptDrops(True)
            self._loader.progressed.connect(self._show_progress)
            self._loader.loaded.connect(self._loaded)
            self._loader.failed.connect(self._failed)

    def do(self, what: str) -> None:
        """Do what a key or a button stands for."""
        match what:
            case "mark":
                self._session.station.annotate("mark", "")
                self.transport.timeline.add_mark(self.model.now_s)
            case "view":
                here = self._views.currentWidget() is self.clinician
                self.show_view("lifter" if here else "clinician")
            case "theme":
                self.set_theme("light" if self._style.theme.name == "dark" else "dark")
            case "full_screen":
                (self.showNormal if self.isFullScreen() else self.showFullScreen)()
            case "escape":
                if self.banner.isVisible():
                    self.banner.dismiss()
                elif self.isFullScreen():
                    self.showNormal()
            case "open" if self._loader is not None:
                self._ask_for_file()
            case _:
                self._time.do(what)

    def seek(self, time_s: float) -> None:
        """Go to a session time."""
        self._time.seek(time_s)

    # -- files ------------------------------------------------------------------------------------

    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self, tr("Open a recording"))
        dialog.setNameFilter(tr("Recordings and CSV (*.mcap *.csv)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.open_path(Path(name)))
        dialog.open()

    def open_path(self, path: Path) -> None:
        """Open a file beside the running session; it is replaced when the file is ready."""
        if self._loader is not None:
            self._loader.open(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file dropped."""
        files = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.open_path(files[0])

    def _is_newest(self, ticket: int) -> bool:
        return self._loader is not None and ticket == self._loader.ticket

    def _show_progress(self, ticket: int, name: str, share: float) -> None:
        if self._is_newest(ticket):
            self.banner.show_progress(tr("Opening {file}", file=name), share)

    def _loaded(self, ticket: int, session: LoadedSession) -> None:
        if not self._is_newest(ticket):
            session.station.close()
            return
        self.banner.hide()
        self._session.station.close()
        self._take_over(session)

    def _failed(self, ticket: int, sentence: str) -> None:
        if self._is_newest(ticket):
            self.banner.show_error(sentence)

    def _dismissed(self) -> None:
        if self._loader is not None and self.banner.busy:
            self._loader.cancel()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the clock, the loader and the station."""
        self._timer.stop()
        if self._loader is not None:
            self._loader.close()
        self._session.station.close()
        super().closeEvent(event)
