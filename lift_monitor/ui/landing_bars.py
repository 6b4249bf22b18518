"""Landings as bars in body weights, with the target band, the ceiling and what is not known."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF

from lift_monitor.events import Confidence
from lift_monitor.ui import tokens
from lift_monitor.ui.chart import Chart
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.ranges import ticks
from lift_monitor.ui.readings import Level
from lift_monitor.ui.style import font_px
from lift_monitor.ui.text import SHAPE_OF_LEVEL

MOST_BARS = 12
"""So many landings are seen at once; the table has them all."""
_LEAST_SLOTS = 5
_TOP_BW = 6.0
"""Top of the axis; it grows by whole body weights and never shrinks. Design default."""


@dataclass(frozen=True, slots=True)
class LandingBar:
    """One landing as drawn; forces in body weights."""

    number: int
    value: float
    other: float | None
    """The second estimate; the whisker reaches to it."""
    level: Level
    low: bool
    clipped: bool
    last: bool


@dataclass(frozen=True, slots=True)
class LandingBarsState:
    """Everything that is drawn; equal states are not painted twice."""

    items: tuple[LandingBar, ...] = ()
    slots: int = _LEAST_SLOTS
    band: tuple[float, float] = (3.0, 4.0)
    top: float = _TOP_BW

    @classmethod
    def of(cls, model: SessionModel) -> LandingBarsState:
        """What a model asks to be drawn."""
        items = model.trunk.landings.items
        band = model.config.impact_band
        peaks = [max(i.landing.peak_grf_bw, i.landing.second_grf_bw or 0.0) for i in items]
        slots = max(_LEAST_SLOTS, model.target_reps, len(items))
        return cls(
            items=tuple(
                LandingBar(
                    item.number,
                    item.landing.peak_grf_bw,
                    item.landing.second_grf_bw,
                    item.level,
                    item.landing.confidence is not Confidence.HIGH,
                    item.landing.clipped,
                    item is items[-1],
                )
                for item in items[-MOST_BARS:]
            ),
            slots=min(slots, MOST_BARS),
            band=(band.low_bw, band.high_bw),
            top=max(_TOP_BW, math.ceil(max([band.high_bw + 0.5, *peaks]))),
        )


class LandingBars(Chart):
    """Paints a :class:`LandingBarsState`.

    Parameters
    ----------
    large : bool
        Lifter view (see :class:`~lift_monitor.ui.chart.Chart`).
    """

    def __init__(self, *, large: bool = False) -> None:
        super().__init__(tr("Landings, estimated peak force in body weights"), large=large)
        self._state = LandingBarsState()

    def show_state(self, state: LandingBarsState) -> None:
        """Draw another state, if it is another."""
        if state == self._state:
            return
        self._state = state
        said = ", ".join(
            f"{i.number}: {_least(i)}{number(i.value, 1)} {i.level.value}" for i in state.items
        )
        self.setAccessibleDescription(said)
        self.update()

    # -- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint band, grid, bars, whiskers and the ceiling: in this order."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot, state = self._plot_rect(), self._state
        low, high = (self._y(plot, v) for v in state.band)
        painter.fillRect(
            QRectF(plot.left(), high, plot.width(), low - high), self._style.colour("target")
        )
        self._paint_grid(painter, plot)
        for index, item in enumerate(state.items):
            self._paint_bar(painter, plot, index, item)
        self._paint_numbers(painter, plot)
        self._paint_ceiling(painter, plot, (low + high) / 2, high)
        painter.end()

    def _plot_rect(self) -> QRectF:
        metrics = QFontMetricsF(font_px(self._text_px))
        left = 0.0 if self._large else metrics.horizontalAdvance("0") + self._text_px * 0.8
        labels = (self._band_label(), self._ceiling_label())
        gutter = max(metrics.horizontalAdvance(t) for t in labels) + self._text_px * 0.7
        bottom = metrics.height() * (1.15 if self._large else 1.3)
        top = metrics.height() * 0.6
        return QRectF(left, top, self.width() - left - gutter, self.height() - top - bottom)

    def _band_label(self) -> str:
        if self._large:
            return tr("target")
        low, high = self._state.band
        return tr("target {low}–{high}", low=number(low, 1), high=number(high, 1))

    def _ceiling_label(self) -> str:
        if self._large:
            return tr("ceiling")
        return tr("ceiling {value}", value=number(self._state.band[1], 1))

    def _y(self, plot: QRectF, value: float) -> float:
        share = min(max(value / self._state.top, 0.0), 1.0)
        return float(plot.bottom() - share * plot.height())

    def _slot(self, plot: QRectF, index: int) -> QRectF:
        width = plot.width() / max(1, self._state.slots)
        gap = min(width * 0.28, self._text_px * 1.6)
        return QRectF(plot.left() + index * width + gap / 2, plot.top(), width - gap, 0)

    def _paint_grid(self, painter: QPainter, plot: QRectF) -> None:
        painter.setFont(font_px(self._text_px))
        metrics = QFontMetricsF(painter.font())
        for value in ticks(0.0, self._state.top, most=8) if not self._large else [0.0]:
            y = self._y(plot, value)
            painter.setPen(QPen(self._style.colour("outline" if value == 0 else "grid"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            if not self._large:
                painter.setPen(self._style.colour("muted"))
                side = plot.left() - self._text_px * 0.6
                box = QRectF(0, y - metrics.height() / 2, side, metrics.height())
                flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(box, flags, number(value, 0))

    def _fill(self, item: LandingBar) -> QColor:
        if item.level is Level.CHECK:
            return self._style.colour("attention")
        return self._style.colour("bar_last" if item.last else "bar")

    def _paint_bar(self, painter: QPainter, plot: QRectF, index: int, item: LandingBar) -> None:
        slot, fill = self._slot(plot, index), self._fill(item)
        top = self._y(plot, item.value)
        box = QRectF(slot.left(), top, slot.width(), plot.bottom() - top)
        if item.low:  # an outline with a light hatch: a number to be doubted
            painter.setPen(QPen(fill, 2, Qt.PenStyle.DashLine))
            painter.setBrush(QBrush(fill, Qt.BrushStyle.BDiagPattern))
            painter.drawRect(box.adjusted(1, 1, -1, 0))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(box, min(4.0, slot.width() / 6), min(4.0, slot.width() / 6))
        if item.clipped:
            self._paint_open_top(painter, box, fill)
        self._paint_whisker(painter, plot, box, item)
        self._paint_value(painter, box, item)

    def _paint_open_top(self, painter: QPainter, box: QRectF, fill: QColor) -> None:
        """The peak was cut off: the true one is higher."""
        size = min(box.width() * 0.5, self._text_px * 0.9)
        x, y = box.center().x(), box.top() - size * 0.35
        arrow = [QPointF(x - size / 2, y), QPointF(x + size / 2, y), QPointF(x, y - size * 0.8)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF(arrow))

    def _paint_whisker(
        self, painter: QPainter, plot: QRectF, box: QRectF, item: LandingBar
    ) -> None:
        if item.other is None:
            return
        x = box.left() + box.width() * 0.8
        one, other = self._y(plot, item.value), self._y(plot, item.other)
        cap = min(box.width() * 0.12, self._text_px * 0.4)
        lines = [
            (QPointF(x, one), QPointF(x, other)),
            (QPointF(x - cap, other), QPointF(x + cap, other)),
            (QPointF(x - cap, one), QPointF(x + cap, one)),
        ]
        for role, width in (("panel", 4.5), ("text", 2.0)):
            painter.setPen(QPen(self._style.colour(role), width))
            for start, end in lines:
                painter.drawLine(start, end)

    def _paint_value(self, painter: QPainter, box: QRectF, item: LandingBar) -> None:
        loud = SHAPE_OF_LEVEL[item.level] if item.level is Level.CHECK else ""
        text = _least(item) + number(item.value, 1)
        if self._large:
            text = loud or ("~" if item.low else "")
            loud = ""
        pixels = round(self._text_px * (1.2 if item.last else 1.05))
        need = QFontMetricsF(font_px(pixels, "semibold")).horizontalAdvance(text)
        if need > box.width():
            pixels = int(pixels * box.width() / need)
        if pixels < tokens.MIN_TEXT_PX:
            return  # too many for their numbers; the table has them
        painter.setFont(font_px(pixels, "semibold"))
        line = QFontMetricsF(painter.font()).height()
        foot = QRectF(box.left(), box.bottom() - line * 1.25, box.width(), line)
        inside = box.height() > line * 2.4
        if not inside:
            foot.moveBottom(box.top())
        if item.low and inside:  # on a hatch no ink is legible
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._style.colour("panel"))
            painter.drawRoundedRect(foot.adjusted(2, 0, -2, 0), 3, 3)
        painter.setPen(self._style.colour("on_bar" if inside and not item.low else "text"))
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, text)
        if loud and inside:
            foot.translate(0, -line)
            if item.low:
                painter.setPen(self._style.colour("attention"))
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, loud)

    def _paint_numbers(self, painter: QPainter, plot: QRectF) -> None:
        state = self._state
        first = state.items[0].number if state.items else 1
        painter.setFont(font_px(self._text_px))
        line = QFontMetricsF(painter.font()).height()
        for index in range(state.slots):
            slot = self._slot(plot, index)
            done = index < len(state.items)
            painter.setPen(self._style.colour("text" if done else "muted"))
            box = QRectF(slot.left() - 10, plot.bottom() + line * 0.12, slot.width() + 20, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(first + index))

    def _paint_ceiling(self, painter: QPainter, plot: QRectF, middle: float, high: float) -> None:
        ends = QPointF(plot.left(), high), QPointF(plot.right(), high)
        thick = max(1.5, self._text_px / 9)
        for role, width in (("panel", thick + 3), ("attention", thick)):
            painter.setPen(QPen(self._style.colour(role), width))
            painter.drawLine(*ends)
        painter.setFont(font_px(self._text_px))
        line = QFontMetricsF(painter.font()).height()
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        left = plot.right() + self._text_px * 0.5
        painter.setPen(self._style.colour("attention"))
        painter.drawText(
            QRectF(left, high - line / 2, self.width(), line), flags, self._ceiling_label()
        )
        y = max(middle, high + line)
        painter.setPen(self._style.colour("ok_text"))
        painter.drawText(QRectF(left, y - line / 2, self.width(), line), flags, self._band_label())


def _least(item: LandingBar) -> str:
    """The mark of a peak that was cut off ("at least"), or that is not to be trusted."""
    return "≥" if item.clipped else ("~" if item.low else "")
