"""One side of a bar as it is loaded: discs from the collar outwards, each with its mass."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from lift_monitor.programme.prescription import BarLoad
from lift_monitor.ui import tokens
from lift_monitor.ui.flow.words import plates_words
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled

_HEIGHT: Final = 78
"""Design height."""
_TALLEST_KG: Final = 20.0
_ROLES: Final = ((20.0, "info"), (15.0, "attention"), (10.0, "ok"), (5.0, "text"), (0.0, "muted"))
"""Colours of the discs by their least mass; the mass is printed as well."""


class PlatesFigure(QWidget, Styled):
    """Draws one side of the bar; says the same to a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Style()
        self._bar: BarLoad | None = None
        self._why = ""
        self.setAccessibleName(tr("Plates"))

    def show_bar(self, bar: BarLoad | None, why: str = "") -> None:
        """Show how a bar is loaded; without one a word on why there is none."""
        self._bar, self._why = bar, why
        told = plates_words(bar) or why
        self.setAccessibleName(tr("Plates: {what}", what=told) if told else tr("Plates"))
        self.setToolTip(told)
        self.update()

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        self._style = style
        self.setFixedHeight(max(56, style.px(_HEIGHT)))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(10, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sleeve, the collar, the discs and their masses."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = self._style
        font = style.font(tokens.TEXT_SMALL, "semibold")
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        if self._bar is None:
            painter.setPen(style.colour("muted"))
            box = QRectF(self.rect())
            shown = metrics.elidedText(self._why, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
            painter.end()
            return
        label_h = metrics.height()
        middle = (self.height() - label_h) / 2
        left = self._draw_bar(painter, metrics, middle)
        self._draw_discs(painter, metrics, left, middle)
        painter.end()

    def _draw_bar(self, painter: QPainter, metrics: QFontMetricsF, middle: float) -> float:
        """Handle with the bar's own mass, collar, sleeve; where the first disc begins."""
        assert self._bar is not None
        style = self._style
        handle, thick = style.px(34), max(3, style.px(6))
        text = number(self._bar.bar_kg, 0 if self._bar.bar_kg.is_integer() else 1)
        text = tr("bar {kg}", kg=text)
        handle = max(handle, int(metrics.horizontalAdvance(text)) + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("outline"))
        painter.drawRect(QRectF(0, middle - thick / 4, handle, thick / 2))
        painter.drawRect(QRectF(handle, middle - thick, thick * 0.7, 2 * thick))
        start = handle + thick * 0.7
        painter.drawRect(QRectF(start, middle - thick / 2, self.width() - start - 1, thick))
        painter.setPen(style.colour("muted"))
        foot = QRectF(0, self.height() - metrics.height(), handle, metrics.height())
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, text)
        return start + 2

    def _draw_discs(
        self, painter: QPainter, metrics: QFontMetricsF, left: float, middle: float
    ) -> None:
        assert self._bar is not None
        style, plates = self._style, self._bar.per_side_kg
        groups = [(kg, len(list(same))) for kg, same in groupby(plates)]
        labels = [_mass(kg) if n == 1 else f"{n}×{_mass(kg)}" for kg, n in groups]
        gap = style.px(8)
        needs = [metrics.horizontalAdvance(label) + gap for label in labels]
        disc = max(4.0, min(style.px(16), (self.width() - left) / max(1, len(plates)) - 2))
        tallest = 2 * middle
        for (kg, count), label, need in zip(groups, labels, needs, strict=True):
            height = max(0.3, (min(kg, _TALLEST_KG) / _TALLEST_KG) ** 0.45) * tallest
            width = max(need, count * (disc + 2))
            at = left + (width - count * (disc + 2)) / 2
            painter.setBrush(style.colour(_role(kg)))
            painter.setPen(QPen(style.colour("panel"), 1))
            for _ in range(count):
                painter.drawRoundedRect(QRectF(at, middle - height / 2, disc, height), 2, 2)
                at += disc + 2
            painter.setPen(style.colour("text"))
            foot = QRectF(left, self.height() - metrics.height(), width, metrics.height())
            painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter, label)
            left += width


def _role(kg: float) -> str:
    return next(role for least, role in _ROLES if kg >= least)


def _mass(kg: float) -> str:
    decimals = next((d for d in (0, 1) if round(kg, d) == kg), 2)
    return number(kg, decimals)
