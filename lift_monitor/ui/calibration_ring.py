"""Seconds left, in a ring that runs out."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.style import Style, font_for_cap_height
from lift_monitor.ui.text import Styled

_SIDE = 250
_THICK = 16


class CountDown(QWidget, Styled):
    """A ring with a number; always takes its room, and is empty when nothing is counted."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Style()
        self._left_s: float | None = None
        self._share, self._caption, self._measuring = 0.0, "", False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def seconds(self) -> int | None:
        """The number shown; ``None`` if nothing is counted."""
        return None if self._left_s is None else math.ceil(self._left_s - 1e-6)

    def set_style(self, style: Style) -> None:
        """Take colours and size."""
        self._style = style
        self.setFixedSize(QSize(style.px(_SIDE), style.px(_SIDE)))
        self.update()

    def show_left(
        self,
        left_s: float | None,
        share: float = 0.0,
        caption: str = "",
        *,
        measuring: bool = False,
    ) -> None:
        """Show seconds left, how much is over (0–1), and of what; ``None`` shows nothing."""
        look = (left_s, share, caption, measuring)
        if look != (self._left_s, self._share, self._caption, self._measuring):
            self._left_s, self._share, self._caption, self._measuring = look
            said = "" if left_s is None else tr("{n} s, {what}", n=self.seconds, what=caption)
            self.setAccessibleName(said)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is left, clockwise from the top."""
        if self._left_s is None:
            return
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = style.px(_THICK) / 2 + 1
        box = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.setPen(QPen(style.colour("line"), style.px(_THICK)))
        painter.drawEllipse(box)
        # Filling while it measures, running out while the person gets ready.
        filled = self._share if self._measuring else 1.0 - self._share
        pen = QPen(style.colour("ok" if self._measuring else "info"), style.px(_THICK))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawArc(box, 90 * 16, -round(360 * 16 * min(max(filled, 0.0), 1.0)))
        painter.setPen(style.colour("text"))
        painter.setFont(font_for_cap_height(0.28 * self.height()))
        self._centred(painter, number(self.seconds, 0), 0.58)
        painter.setPen(style.colour("muted"))
        painter.setFont(style.font(tokens.TEXT_STRONG))
        self._centred(painter, self._caption, 0.75)
        painter.end()

    def _centred(self, painter: QPainter, text: str, base: float) -> None:
        wide = QFontMetricsF(painter.font()).horizontalAdvance(text)
        painter.drawText(int((self.width() - wide) / 2), int(base * self.height()), text)
