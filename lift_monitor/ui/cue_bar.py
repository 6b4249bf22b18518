"""The cue of the clinician view: at most one, in a slot that is always there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from lift_monitor.events import Phase
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Cue, Level
from lift_monitor.ui.style import Style, font_px
from lift_monitor.ui.text import ROLE_OF_LEVEL, SHAPE_OF_LEVEL, Styled
from lift_monitor.ui.trunk_wording import dose_text, priority_mark
from lift_monitor.ui.wording import cue_text, cue_word, why


def _lead(cue: Cue) -> str:
    """What stands before the sentence: the priority of a flag, else the word."""
    return priority_mark(cue.alarm) if cue.alarm is not None else cue_word(cue)


def _doubt(model: SessionModel) -> str:
    """Why the big number is not to be trusted; empty if it is."""
    view = model.current
    if model.resting and view is not None and view.finished is not None:
        return "; ".join(view.finished.reasons)
    reading = model.last_reading()
    return "" if reading.why == "no_repetition" else why(reading)


class CueBar(QWidget, Styled):
    """At most one cue, in a slot that is always there; red and flashing only for *stop*."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Style()
        self._cue: Cue | None = None
        self._quiet = ""
        self._dark_half = False
        self._doubtful = False

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        self._style = style
        self.setFixedHeight(max(36, style.px(52)))
        self.update()

    def show_model(self, model: SessionModel) -> None:
        """Show the cue, or quietly what the bar does."""
        cue, quiet, doubt = model.cue(), "", _doubt(model)
        if cue is None:
            phase = {
                Phase.STILL: tr("Bar still"),
                Phase.UP: tr("Bar rising"),
                Phase.DOWN: tr("Bar lowering"),
            }.get(model.phase, "")
            if model.resting and model.current is not None:
                phase = tr("Rest: bars stay until the next set starts")
            quiet = phase
            quiet = f"▲ {doubt}" if doubt else quiet
            if model.trunk.sensed and model.bar_sensor is None:
                quiet = tr("No cue")
            if model.landing_session:
                doubt, quiet = "", dose_text(model.trunk.landings.dose)
        if (cue, quiet) != (self._cue, self._quiet):
            self._cue, self._quiet, self._doubtful = cue, quiet, bool(doubt)
            said = f"{cue_word(cue)}. {cue_text(cue)}" if cue else quiet
            self.setAccessibleName(said or tr("No cue"))
            self.update()

    def flash(self, dark_half: bool) -> None:
        """Called by the window's clock: at most 2 Hz, never if motion is to be reduced."""
        wanted = dark_half and self._cue is not None and self._cue.level is Level.STOP
        if wanted != self._dark_half:
            self._dark_half = wanted
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint shape, word and sentence."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, cue = self._style, self._cue
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if cue is None:
            painter.setPen(style.colour("attention" if self._doubtful else "muted"))
            self._draw_fitted(painter, box, self._quiet)
            painter.end()
            return
        stop = cue.level is Level.STOP
        role = ROLE_OF_LEVEL[cue.level]
        edge = style.colour("critical" if stop else role)
        painter.setPen(QPen(edge, 2))
        filled = stop and not self._dark_half
        painter.setBrush(style.colour("critical" if filled else "raised"))
        painter.drawRoundedRect(box, style.px(6), style.px(6))
        ink = {"stop": "on_critical" if filled else "text"}.get(role, f"{role}")
        ink = "ok_text" if ink == "ok" else ink
        painter.setPen(style.colour(ink))
        painter.setFont(style.font(tokens.TEXT_STRONG, "bold"))
        word = f"{SHAPE_OF_LEVEL[cue.level]} {_lead(cue)}"
        left = box.adjusted(style.px(16), 0, 0, 0)
        painter.drawText(left, middle, word)
        used = QFontMetricsF(painter.font()).horizontalAdvance(word) + style.px(20)
        rest = left.adjusted(used, 0, -style.px(10), 0)
        painter.setPen(style.colour("on_critical" if filled else "text"))
        self._draw_fitted(painter, rest, cue_text(cue))
        painter.end()

    def _draw_fitted(self, painter: QPainter, box: QRectF, sentence: str) -> None:
        """As large as fits on one line or two; cut only if even the smallest does not."""
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        wrapped = flags | Qt.TextFlag.TextWordWrap
        for size in range(self._style.font(tokens.TEXT).pixelSize(), tokens.MIN_TEXT_PX - 1, -1):
            metrics = QFontMetricsF(font_px(size))
            painter.setFont(font_px(size))
            if metrics.horizontalAdvance(sentence) <= box.width():
                painter.drawText(box, flags, sentence)
                return
            if metrics.boundingRect(box, wrapped, sentence).height() <= box.height():
                painter.drawText(box, wrapped, sentence)
                return
        shown = metrics.elidedText(sentence, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, flags, shown)
