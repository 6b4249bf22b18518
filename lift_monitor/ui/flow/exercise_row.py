"""One exercise of today as a thing to press: name, dose, and where it stands."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from lift_monitor.ui import tokens
from lift_monitor.ui.flow.words import dose_word
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled
from lift_monitor.visit.today import TodayItem

_HEIGHT: Final = 56


class ExerciseRow(QAbstractButton, Styled):
    """Two lines and a mark; the current one has a triangle and a stroke on its left."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Style()
        self.item: TodayItem | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_item(self, item: TodayItem) -> None:
        """Show an exercise."""
        if item == self.item:
            return
        self.item = item
        state = self._state()
        told = ", ".join(part for part in (item.name, dose_word(item), state) if part)
        self.setAccessibleName(told)
        parts = (item.name, dose_word(item), item.variant, item.blocked)
        self.setToolTip("\n".join(part for part in parts if part))
        self.setAccessibleDescription(item.blocked or item.variant)
        self.setEnabled(not item.blocked)
        self.update()

    def _state(self) -> str:
        item = self.item
        if item is None or item.blocked:
            return item.blocked if item else ""
        if item.stop:
            return tr("stop is proposed")
        if item.current:
            return tr("now")
        return tr("done") if item.sets and not item.left else ""

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        self._style = style
        lines = QFontMetricsF(style.font(tokens.TEXT, "semibold")).height()
        lines += QFontMetricsF(style.font(tokens.TEXT_SMALL)).height()
        self.setFixedHeight(max(style.target(), style.px(_HEIGHT), int(lines) + 10))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(10, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it; the space bar belongs to play and pause."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint name, dose and mark."""
        item, style = self.item, self._style
        if item is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if item.current or self.isDown():
            painter.fillRect(box, style.colour("raised"))
        if item.current:
            painter.fillRect(QRectF(0, 0, 4, box.height()), style.colour("info"))
        painter.setPen(QPen(style.colour("line"), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if self.hasFocus():
            painter.setPen(QPen(style.colour("focus"), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        mark, role = _mark(item)
        strong = style.font(tokens.TEXT, "semibold")
        pad, mark_w = style.px(10), QFontMetricsF(strong).horizontalAdvance("■") + style.px(6)
        inner = box.adjusted(pad, 4, -pad / 2 - mark_w, -4)
        painter.setFont(strong)
        painter.setPen(style.colour(role))
        painter.drawText(
            QRectF(box.right() - mark_w - pad / 2, inner.top(), mark_w, inner.height()),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            mark,
        )
        small = style.font(tokens.TEXT_SMALL)
        name_h = QFontMetricsF(strong).height()
        dose_h = QFontMetricsF(small).height()
        top = inner.top() + (inner.height() - name_h - dose_h) / 2
        painter.setPen(style.colour("muted" if item.blocked else "text"))
        _elided(painter, QRectF(inner.left(), top, inner.width(), name_h), item.name)
        painter.setFont(small)
        painter.setPen(style.colour("stop_text" if item.stop else "muted"))
        below = QRectF(inner.left(), top + name_h, inner.width(), dose_h)
        _elided(painter, below, dose_word(item))
        painter.end()


def _mark(item: TodayItem) -> tuple[str, str]:
    if item.stop:
        return "■", "stop_text"
    if item.blocked:
        return "—", "muted"
    if item.current:
        return "▶", "info"
    return ("●", "ok_text") if item.sets and not item.left else ("", "muted")


def _elided(painter: QPainter, box: QRectF, text: str) -> None:
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
