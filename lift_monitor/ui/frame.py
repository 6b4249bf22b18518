"""What every screen has: ground, watermark, header, foot, banner, style and dropped files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from lift_monitor.recordings.facts import SessionFacts
from lift_monitor.station import Mode
from lift_monitor.ui import tokens
from lift_monitor.ui.banner import Banner
from lift_monitor.ui.header import Header, ModeStrip
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import apply_style, tight
from lift_monitor.ui.transport import Transport

_FRAME_PX = 4


class _Ground(QWidget):
    """Everything, inside the coloured frame of replay, simulation and emulation."""

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


class Frame(QMainWindow):
    """A window of the design with a stack of views; what they show is not its affair.

    Parameters
    ----------
    theme : str
        ``dark`` or ``light``.
    """

    file_given = Signal(Path)
    """A file was dropped on the window or chosen in the dialog."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        self._style = Style(tokens.THEMES[theme])
        self.strip, self.header = ModeStrip(), Header()
        self.transport = Transport()
        self._views = QStackedWidget()
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
        self.setMinimumSize(1024, 600)
        self.resize(1280, 720)

    # -- looks ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale type and gaps with the window."""
        super().resizeEvent(event)
        self.restyle()
        self.banner.place()

    def restyle(self, *, anew: bool = False) -> None:
        """Hand theme and scale to everything, if they changed or there is something new."""
        scale = min(self.width() / 1920, self.height() / 1080)
        scale = min(max(round(scale * 20) / 20, 0.7), 2.0)
        style = Style(self._style.theme, scale)
        if not anew and style == self._style and self._ground.style_now == style:
            return
        self._style = self._ground.style_now = style
        set_sheet(self, style.sheet())
        gap = style.px(tokens.GAP)
        self._body.setContentsMargins(gap, gap, gap, gap)
        self._body.setSpacing(gap)
        apply_style(self, style)
        self._restyled()
        self._ground.update()

    def _restyled(self) -> None:
        """For what is painted with the style and not by it."""

    def set_theme(self, name: str) -> None:
        """``dark`` or ``light``."""
        self._style = Style(tokens.THEMES[name], self._style.scale)
        self.restyle()

    def toggle_theme(self) -> None:
        """The other theme."""
        self.set_theme("light" if self._style.theme.name == "dark" else "dark")

    def toggle_full_screen(self) -> None:
        """Full screen, or a window again."""
        (self.showNormal if self.isFullScreen() else self.showFullScreen)()

    def show_mode(self, mode: Mode, facts: SessionFacts | None, *, emulated: bool) -> None:
        """Watermark and frame for what is not a live person."""
        self.strip.show_mode(mode, facts, emulated=emulated)
        self._ground.frame_role = self.strip.colour_role
        edge = _FRAME_PX if self.strip.colour_role else 0
        self._column.setContentsMargins(edge, 0, edge, edge)
        self._ground.update()

    # -- files ------------------------------------------------------------------------------------

    def ask_for_file(self) -> None:
        """Let the user choose a recording; nothing waits for the answer."""
        dialog = QFileDialog(self, tr("Open a recording"))
        dialog.setNameFilter(tr("Recordings and CSV (*.mcap *.csv)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.file_given.emit(Path(name)))
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file dropped."""
        files = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.file_given.emit(files[0])
