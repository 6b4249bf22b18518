"""The cue of the lifter view: one word with its shape."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from lift_monitor.ui.i18n import tr
from lift_monitor.ui.readings import Cue, Level
from lift_monitor.ui.style import Style, font_for_cap_height
from lift_monitor.ui.text import ROLE_OF_LEVEL, SHAPE_OF_LEVEL
from lift_monitor.ui.wording import cue_word


class CueCard(QWidget):
    """One word with its shape; an empty place when there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._cue: Cue | None = None
        self._style = Style()
        self._cap = 20.0
        self._dark_half = False

    def set_look(self, style: Style, cap: float) -> None:
        """Take colours and the height of capitals in pixels."""
        self._style, self._cap = style, cap
        self.update()

    def show_cue(self, cue: Cue | None) -> None:
        """Show another cue, or none."""
        if cue != self._cue:
            self._cue = cue
            self.setAccessibleName(cue_word(cue) if cue else tr("No cue"))
            self.update()

    def flash(self, dark_half: bool) -> None:
        """Called by the window's clock."""
        wanted = dark_half and self._cue is not None and self._cue.level is Level.STOP
        if wanted != self._dark_half:
            self._dark_half = wanted
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        cue = self._cue
        if cue is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = ROLE_OF_LEVEL[cue.level]
        stop = cue.level is Level.STOP
        filled = stop and not self._dark_half
        painter.setPen(QPen(self._style.colour("critical" if stop else role), 4))
        painter.setBrush(self._style.colour("critical" if filled else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 16, 16)
        ink = ("on_critical" if filled else "text") if stop else role
        painter.setPen(self._style.colour("ok_text" if ink == "ok" else ink))
        text = f"{SHAPE_OF_LEVEL[cue.level]} {cue_word(cue)}"
        font = font_for_cap_height(self._cap)
        need, room = QFontMetricsF(font).horizontalAdvance(text), self.width() * 0.88
        if need > room:
            font.setPixelSize(max(1, int(font.pixelSize() * room / need)))
        painter.setFont(font)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
