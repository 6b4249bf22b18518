"""The last sets in as little room as there is: as many as fit, the newest last."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.flow.words import count_word, flags_word, set_word, short_set
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled
from lift_monitor.visit.today import LastSet

_ROW: Final = 26
_LEAST_ROWS: Final = 3
_INK: Final = {"stop": "stop_text", "attention": "attention", "ok": "ok_text", "muted": "muted"}


class SetList(QWidget, Styled):
    """Kind and number, repetitions × load, fastest velocity or hardest landing, flags."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Style()
        self._sets: tuple[LastSet, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAccessibleName(tr("Last sets"))

    def show_sets(self, sets: tuple[LastSet, ...]) -> None:
        """Show sets, oldest first."""
        if sets == self._sets:
            return
        self._sets = sets
        told = "; ".join(_told(done) for done in sets[-5:])
        self.setAccessibleName(tr("Last sets: {what}", what=told or tr("none yet")))
        self.setToolTip("\n".join(_told(done) for done in sets))
        self.update()

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        self._style = style
        row = max(style.px(_ROW), int(self._metrics().height()) + 4)
        self.setMinimumHeight(_LEAST_ROWS * row)
        self.update()

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(10, 10)

    @property
    def shown(self) -> tuple[LastSet, ...]:
        """Sets for which there is room."""
        row = max(self._style.px(_ROW), int(self._metrics().height()) + 4)
        room = max(0, self.height() // row)
        return self._sets[-room:] if room else ()

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._style.font(tokens.TEXT_SMALL))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        style, metrics = self._style, self._metrics()
        painter.setFont(style.font(tokens.TEXT_SMALL))
        row = max(style.px(_ROW), int(metrics.height()) + 4)
        if not self._sets:
            painter.setPen(style.colour("muted"))
            painter.drawText(QRectF(0, 0, self.width(), row), _LEFT, tr("none yet"))
        first = max(metrics.horizontalAdvance(text) for text in ("w10", "10")) + style.px(8)
        for index, done in enumerate(self.shown):
            box = QRectF(0, index * row, self.width(), row)
            painter.setPen(style.colour("muted"))
            painter.drawText(box, _LEFT, short_set(done.kind, done.number))
            flags, role = flags_word(done)
            flags = flags if done.red is not None else "○"
            if done.low:
                flags = f"~ {flags}"
            painter.setPen(QColor(style.colour(_INK[role])))
            painter.drawText(box, _RIGHT, flags)
            right = metrics.horizontalAdvance("~ ■ 0") + style.px(8)
            painter.setPen(style.colour("text"))
            middle = box.adjusted(first, 0, -right, 0)
            painter.drawText(middle, _RIGHT, _value(done))
            room = middle.width() - metrics.horizontalAdvance(_value(done) + " ")
            count = metrics.elidedText(count_word(done), Qt.TextElideMode.ElideRight, room)
            painter.drawText(middle, _LEFT, count)
        painter.end()


_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _value(done: LastSet) -> str:
    """The fastest velocity, or the hardest landing."""
    if done.hardest_bw is not None:
        return tr("{bw} BW", bw=number(done.hardest_bw, 1))
    return "" if done.velocity_mps is None else number(done.velocity_mps)


def _told(done: LastSet) -> str:
    value = _value(done)
    if done.velocity_mps is not None and done.hardest_bw is None:
        value = tr("{v} m/s", v=value)
    red, amber = done.red, done.amber
    flags = tr("technique not watched")
    if red is not None:
        flags = tr("{red} red, {amber} amber", red=red, amber=amber or 0)
    low = tr("low confidence") if done.low else ""
    parts = (set_word(done.kind, done.number), count_word(done), value, flags, low)
    return ", ".join(part for part in parts if part)
