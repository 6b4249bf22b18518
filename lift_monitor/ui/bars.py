"""Repetitions as bars, with the best line, the stop line and the target band."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen

from lift_monitor.ui import tokens
from lift_monitor.ui.bars_state import BarItem, BarsState, FlagMark
from lift_monitor.ui.chart import Chart
from lift_monitor.ui.i18n import DASH, number, tr
from lift_monitor.ui.ranges import ticks
from lift_monitor.ui.readings import Level
from lift_monitor.ui.style import font_px
from lift_monitor.ui.text import SHAPE_OF_LEVEL


class RepetitionBars(Chart):
    """Paints a :class:`BarsState`.

    Parameters
    ----------
    large : bool
        Lifter view (see :class:`~lift_monitor.ui.chart.Chart`).
    """

    def __init__(self, *, large: bool = False) -> None:
        super().__init__(tr("Repetitions of this set, mean concentric velocity"), large=large)
        self._state = BarsState()

    def show_state(self, state: BarsState) -> None:
        """Draw another state, if it is another."""
        if state == self._state:
            return
        self._state = state
        said = ", ".join(
            f"{i.number}: {DASH if i.value is None else number(i.value)} {i.level.value}"
            for i in state.items
        )
        flagged = ", ".join(f"{m.number}: {m.text} {m.level.value}" for m in state.flags)
        if flagged:
            said = tr("{said}; flags {flagged}", said=said, flagged=flagged)
        self.setAccessibleDescription(said)
        self.update()

    # -- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, band, bars, lines, words: in this order."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = self._plot_rect()
        state = self._state
        if state.band is not None:
            low, high = (self._y(plot, v) for v in state.band)
            painter.fillRect(
                QRectF(plot.left(), high, plot.width(), low - high), self._style.colour("target")
            )
        self._paint_grid(painter, plot)
        for item in state.items:
            self._paint_bar(painter, plot, item)
        self._paint_slots(painter, plot)
        self._paint_lines(painter, plot)
        for mark in state.flags:
            self._paint_flag(painter, plot, mark)
        painter.end()

    def _plot_rect(self) -> QRectF:
        metrics = QFontMetricsF(font_px(self._text_px))
        left = 0.0 if self._large else metrics.horizontalAdvance("0.0") + self._text_px * 0.8
        gutter = metrics.horizontalAdvance(self._widest_label()) + self._text_px * 0.7
        bottom = metrics.height() * (1.15 if self._large else 1.3)
        top = metrics.height() * 0.6
        return QRectF(left, top, self.width() - left - gutter, self.height() - top - bottom)

    def _widest_label(self) -> str:
        if self._large:
            return max(tr("best"), tr("stop"), key=len)
        # Constant for a session, so that bars do not move when a line appears.
        return max(
            tr("best {value}", value=number(0.0)),
            tr("stop {value}", value=number(0.0)),
            self._band_label() or "",
            key=len,
        )

    def _band_label(self) -> str | None:
        band = self._state.band
        if band is None:
            return None
        return tr("target {low}–{high}", low=number(band[0]), high=number(band[1]))

    def _y(self, plot: QRectF, value: float) -> float:
        share = min(max(value / self._state.top, 0.0), 1.0)
        return float(plot.bottom() - share * plot.height())

    def _slot(self, plot: QRectF, index: int) -> QRectF:
        width = plot.width() / max(1, self._state.slots)
        gap = min(width * (0.28 if self._state.slots <= 6 else 0.14), self._text_px * 1.6)
        return QRectF(plot.left() + index * width + gap / 2, plot.top(), width - gap, 0)

    def _paint_grid(self, painter: QPainter, plot: QRectF) -> None:
        painter.setFont(font_px(self._text_px))
        metrics = QFontMetricsF(painter.font())
        for value in ticks(0.0, self._state.top) if not self._large else [0.0]:
            y = self._y(plot, value)
            painter.setPen(QPen(self._style.colour("outline" if value == 0 else "grid"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            if not self._large:
                painter.setPen(self._style.colour("muted"))
                box = QRectF(
                    0, y - metrics.height() / 2, plot.left() - self._text_px * 0.6, metrics.height()
                )
                painter.drawText(
                    box,
                    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                    number(value, 1),
                )

    def _fill(self, item: BarItem) -> QColor:
        if item.value is None:
            return self._style.colour("bar_withdrawn")
        if item.level is Level.STOP:
            return self._style.colour("stop")
        if item.level is Level.CHECK:
            return self._style.colour("attention")
        return self._style.colour("bar_last" if item.last else "bar")

    def _paint_bar(self, painter: QPainter, plot: QRectF, item: BarItem) -> None:
        slot = self._slot(plot, item.number - 1)
        radius = min(4.0, slot.width() / 6)
        fill = self._fill(item)
        value_px = round(self._text_px * (1.25 if item.last else 1.1))
        font = self._font_to_fit(value_px, slot.width(), "~0.00" if item.low else "0.00")
        painter.setFont(font)
        metrics = QFontMetricsF(painter.font())
        line = metrics.height()
        if item.value is None:
            painter.setPen(QPen(fill, 2, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            box = QRectF(slot.left(), plot.bottom() - line * 1.6, slot.width(), line * 1.6)
            painter.drawRoundedRect(box, radius, radius)
            painter.setPen(self._style.colour("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, DASH)
            return
        top = self._y(plot, item.value)
        box = QRectF(slot.left(), top, slot.width(), plot.bottom() - top)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(fill))
        painter.drawRoundedRect(box, radius, radius)
        text = ("~" if item.low else "") + number(item.value)
        if self._large:  # from afar there is one number only, and it is not here
            text = SHAPE_OF_LEVEL[item.level] if item.level in (Level.CHECK, Level.STOP) else ""
            text = "~" if item.low else text
        inside = box.height() > line * 2.6
        ink = self._style.colour("on_bar" if inside else "text")
        painter.setPen(ink)
        # Values stand in one row at the foot, where no line crosses them.
        foot = QRectF(box.left(), box.bottom() - line * 1.25, box.width(), line)
        if not inside:
            foot.moveBottom(top)
        if font.pixelSize() < tokens.MIN_TEXT_PX:
            text = ""  # too many for their numbers; the table has them
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, text)
        if item.level in (Level.CHECK, Level.STOP) and not self._large:
            foot.translate(0, -line)
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, SHAPE_OF_LEVEL[item.level])

    def _paint_flag(self, painter: QPainter, plot: QRectF, mark: FlagMark) -> None:
        """A chip at the top of the slot: shape, colour and value."""
        slot, style = self._slot(plot, mark.number - 1), self._style
        stop = mark.level is Level.STOP
        shape = SHAPE_OF_LEVEL[mark.level]
        font = font_px(self._text_px, "semibold")
        metrics = QFontMetricsF(font)
        room = plot.width() / max(1, self._state.slots) - 1
        text = shape if self._large else f"{shape} {'~' if mark.low else ''}{mark.text}"
        if metrics.horizontalAdvance(text) + 4 > room:
            text = text.replace(" ", "")
        if metrics.horizontalAdvance(text) + 4 > room:
            text = shape
        wide = metrics.horizontalAdvance(text) + 4
        box = QRectF(slot.center().x() - wide / 2, plot.top(), wide, metrics.height() + 2)
        fill = style.colour("critical" if stop else "attention")
        ink = "on_critical" if stop else "on_bar"
        painter.setPen(QPen(fill, 2, Qt.PenStyle.DashLine if mark.low else Qt.PenStyle.SolidLine))
        painter.setBrush(style.colour("panel") if mark.low else fill)
        painter.drawRoundedRect(box, 4, 4)
        if mark.low:
            ink = "stop_text" if stop else "attention"
        painter.setPen(style.colour(ink))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _font_to_fit(self, pixels: int, width: float, text: str) -> QFont:
        font = font_px(pixels, "semibold")
        need = QFontMetricsF(font).horizontalAdvance(text)
        if need > width:
            font = font_px(max(1, int(pixels * width / need)), "semibold")
        return font

    def _paint_slots(self, painter: QPainter, plot: QRectF) -> None:
        slot = self._slot(plot, 0)
        pixels = self._text_px
        need = QFontMetricsF(font_px(pixels)).horizontalAdvance("00")
        pixels = max(9, int(pixels * min(1.0, slot.width() / need)))
        painter.setFont(font_px(pixels))
        line = QFontMetricsF(painter.font()).height()
        done = {item.number for item in self._state.items}
        for index in range(self._state.slots):
            slot = self._slot(plot, index)
            here = index + 1 in done
            painter.setPen(self._style.colour("text" if here else "muted"))
            box = QRectF(slot.left(), plot.bottom() + line * 0.12, slot.width(), line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(index + 1))

    def _paint_lines(self, painter: QPainter, plot: QRectF) -> None:
        state = self._state
        labels: list[tuple[float, str, str]] = []
        band = self._band_label()
        if band is not None and state.band is not None:
            middle = (self._y(plot, state.band[0]) + self._y(plot, state.band[1])) / 2
            if not self._large:
                labels.append((middle, band, "ok_text"))
        thick = max(1.5, self._text_px / 9)
        if state.best is not None:
            y = self._y(plot, state.best)
            self._cased_line(painter, plot, y, "text", thick, Qt.PenStyle.DotLine)
            words = tr("best {value}", value=number(state.best))
            labels.append((y, tr("best") if self._large else words, "text"))
        if state.stop is not None:
            y = self._y(plot, state.stop)
            self._cased_line(painter, plot, y, "stop", thick, Qt.PenStyle.SolidLine)
            words = tr("stop {value}", value=number(state.stop))
            labels.append((y, tr("stop") if self._large else words, "stop_text"))
        painter.setFont(font_px(self._text_px))
        line = QFontMetricsF(painter.font()).height()
        below = -1e9
        for y, text, role in sorted(labels):
            y = max(y, below + line)
            below = y
            painter.setPen(self._style.colour(role))
            box = QRectF(plot.right() + self._text_px * 0.5, y - line / 2, self.width(), line)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _cased_line(
        self, painter: QPainter, plot: QRectF, y: float, role: str, width: float, dash: Qt.PenStyle
    ) -> None:
        ends = QPointF(plot.left(), y), QPointF(plot.right(), y)
        painter.setPen(QPen(self._style.colour("panel"), width + 3))
        painter.drawLine(*ends)
        painter.setPen(QPen(self._style.colour(role), width, dash))
        painter.drawLine(*ends)
