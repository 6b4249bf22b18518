"""One end of a bar with its plates, as it is to be loaded."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from lift_monitor.programme.prescription import BarLoad
from lift_monitor.ui.chart import Chart
from lift_monitor.ui.i18n import load, tr
from lift_monitor.ui.people.words import plain, plates_words
from lift_monitor.ui.style import Style, font_px

_HEIGHT = 84
_PLATE = 34
_GAP = 4
"""Design sizes in pixels at scale 1."""
_HEAVIEST_KG = 25.0


class PlatesFigure(Chart):
    """Draws the plates of one side, from the collar outwards; each with its mass.

    Parameters
    ----------
    bar : BarLoad
    """

    def __init__(self, bar: BarLoad) -> None:
        super().__init__(tr("Plates on one side"), large=False)
        self._bar = bar
        told = tr(
            "{bar} bar, on each side {plates}",
            bar=load(bar.bar_kg),
            plates=plates_words(bar.per_side_kg),
        )
        self.setAccessibleDescription(told)
        self.setToolTip(told)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for the bar and all plates."""
        words = self._metrics().horizontalAdvance(self._bar_words())
        plates = len(self._bar.per_side_kg) * (self._plate_px() + _GAP)
        if not plates:
            plates = self._metrics().horizontalAdvance(tr("no plates")) + _GAP
        return QSize(int(words + plates) + self._style.px(50), max(60, self._style.px(_HEIGHT)))

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        super().set_style(style)
        self.updateGeometry()

    def _font(self) -> QFont:
        return font_px(max(12, round(self._text_px * 0.8)), "semibold")

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._font())

    def _plate_px(self) -> float:
        return max(self._metrics().horizontalAdvance("1.25") + 6, float(self._style.px(_PLATE)))

    def _bar_words(self) -> str:
        return tr("{bar} bar", bar=load(self._bar.bar_kg))

    def minimumSizeHint(self) -> QSize:
        """See :meth:`sizeHint`."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bar, collar, plates and their masses."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, middle = self._style, self.height() / 2
        painter.setFont(self._font())
        metrics, words = self._metrics(), self._bar_words()
        left = metrics.horizontalAdvance(words) + style.px(10)
        painter.setPen(style.colour("muted"))
        box = QRectF(0, middle - metrics.height() - 4, left, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, words)
        shaft = max(3, style.px(5))
        painter.fillRect(
            QRectF(0, middle - shaft / 2, self.width() - 2, shaft), style.colour("outline")
        )
        painter.fillRect(
            QRectF(left, middle - shaft * 1.6, shaft, shaft * 3.2), style.colour("outline")
        )
        x, wide = left + shaft + 3, self._plate_px()
        for kg in self._bar.per_side_kg:
            share = 0.42 + 0.58 * min(1.0, (kg / _HEAVIEST_KG) ** 0.6)
            high = (self.height() - 4) * share
            plate = QRectF(x, middle - high / 2, wide, high)
            painter.setPen(QPen(style.colour("outline"), 1))
            painter.setBrush(style.colour("bar"))
            painter.drawRoundedRect(plate, 4, 4)
            painter.setPen(style.colour("on_bar"))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, plain(kg))
            x += wide + _GAP
        if not self._bar.per_side_kg:
            painter.setPen(style.colour("muted"))
            box = QRectF(x + 4, middle + 5, self.width() - x, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, tr("no plates"))
        painter.end()
