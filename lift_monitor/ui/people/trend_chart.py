"""Paints a trend: lines, steps, marks and bars; gaps are left open."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF

from lift_monitor.ui.chart import Chart
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.people.trend import (
    BARS,
    GAP_WEEKS,
    LINE,
    MARKS,
    STEMS,
    STEP,
    STRAIGHT,
    Series,
    Trend,
    every,
    told,
)
from lift_monitor.ui.style import font_px


class TrendChart(Chart):
    """Paints a :class:`Trend`."""

    def __init__(self, name: str) -> None:
        super().__init__(name, large=False)
        self._trend: Trend | None = None

    @property
    def trend(self) -> Trend | None:
        """What is shown."""
        return self._trend

    def show_trend(self, trend: Trend) -> None:
        """Draw another trend; it is told in words as well."""
        self._trend = trend
        self.setAccessibleName(f"{trend.title}, {trend.unit}" if trend.unit else trend.title)
        self.setAccessibleDescription(told(trend))
        self.setToolTip("")
        self.update()

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, band, lines, series, words: in this order."""
        trend = self._trend
        if trend is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_title(painter, trend)
        plot = self._plot(trend)
        self._paint_grid(painter, plot, trend)
        if not any(value is not None for s in trend.series for _, value in s.points):
            painter.setPen(self._style.colour("muted"))
            painter.setFont(font_px(self._text_px))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(plot, flags, trend.nothing or tr("not measured"))
        else:
            self._paint_band(painter, plot, trend)
            for series in trend.series:
                self._paint_series(painter, plot, trend, series)
            self._paint_labels(painter, plot, trend)
        self._paint_unseen(painter, plot, trend)
        painter.end()

    def _small(self) -> int:
        return max(12, round(self._text_px * 0.875))

    def _plot(self, trend: Trend) -> QRectF:
        small = QFontMetricsF(font_px(self._small()))
        top = QFontMetricsF(font_px(self._text_px)).height() * 1.5
        left = small.horizontalAdvance(number(-trend.top, trend.decimals)) + 8
        names = [s.name for s in trend.series] + [words for _, words in trend.lines]
        if trend.band is not None:
            names.append(trend.band[2])
        right = max((small.horizontalAdvance(n) for n in names if n), default=0.0) + 10
        right = min(right, self.width() * 0.42)
        bottom = small.height() * 2.5
        return QRectF(left, top, self.width() - left - right, self.height() - top - bottom)

    def _at(self, plot: QRectF, trend: Trend, week: float, value: float) -> QPointF:
        along = (week - trend.first_week) / (trend.weeks - trend.first_week)
        x = plot.left() + plot.width() * min(max(along, 0.0), 1.0)
        share = (value - trend.bottom) / (trend.top - trend.bottom)
        return QPointF(x, plot.bottom() - plot.height() * min(max(share, 0.0), 1.0))

    def _paint_title(self, painter: QPainter, trend: Trend) -> None:
        painter.setFont(font_px(self._text_px, "semibold"))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(self._style.colour("text"))
        title = metrics.elidedText(trend.title, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QPointF(0, metrics.ascent()), title)
        room = self.width() - metrics.horizontalAdvance(trend.title + "  ")
        if room > 0 and trend.unit:
            x = metrics.horizontalAdvance(trend.title + "  ")
            painter.setFont(font_px(self._small()))
            painter.setPen(self._style.colour("muted"))
            unit = QFontMetricsF(painter.font()).elidedText(
                trend.unit, Qt.TextElideMode.ElideRight, room
            )
            painter.drawText(QPointF(x, metrics.ascent()), unit)

    def _paint_grid(self, painter: QPainter, plot: QRectF, trend: Trend) -> None:
        painter.setFont(font_px(self._small()))
        metrics = QFontMetricsF(painter.font())
        step = trend.axis[2]
        count = round((trend.top - trend.bottom) / step)
        every_other = 1 if plot.height() > count * metrics.height() * 1.2 else 2
        for index in range(0, count + 1, every_other):
            value = trend.bottom + step * index
            at = self._at(plot, trend, 0.0, value)
            painter.setPen(QPen(self._style.colour("outline" if index == 0 else "grid"), 1))
            painter.drawLine(QPointF(plot.left(), at.y()), QPointF(plot.right(), at.y()))
            painter.setPen(self._style.colour("muted"))
            box = QRectF(0, at.y() - metrics.height() / 2, plot.left() - 6, metrics.height())
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, flags, number(value, trend.decimals))
        step_weeks = every(trend.weeks)
        week = -int(-trend.first_week // step_weeks) * step_weeks
        while week <= trend.weeks + 1e-9:
            x = self._at(plot, trend, float(week), trend.bottom).x()
            box = QRectF(x - 60, plot.bottom() + 3, 120, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, str(week))
            week += step_weeks
        box = QRectF(
            plot.left(), plot.bottom() + 3 + metrics.height(), plot.width(), metrics.height()
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, tr("week of the programme"))

    def _paint_band(self, painter: QPainter, plot: QRectF, trend: Trend) -> None:
        if trend.band is not None:
            low, high, _ = trend.band
            top = self._at(plot, trend, 0, high).y()
            foot = self._at(plot, trend, 0, low).y()
            painter.fillRect(
                QRectF(plot.left(), top, plot.width(), foot - top), self._style.colour("target")
            )
        for value, _ in trend.lines:
            y = self._at(plot, trend, 0, value).y()
            painter.setPen(QPen(self._style.colour("muted"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))

    def _paint_series(self, painter: QPainter, plot: QRectF, trend: Trend, series: Series) -> None:
        colour = self._style.colour(series.role)
        before: tuple[float, float] | None = None
        for week, value in series.points:
            if value is None:
                before = None
                continue
            at = self._at(plot, trend, week, value)
            if before is not None and series.kind in (LINE, STEP, STRAIGHT):
                open_gap = trend.gaps and series.kind == LINE and week - before[0] > GAP_WEEKS
                if not open_gap:
                    start = self._at(plot, trend, *before)
                    painter.setPen(QPen(colour, 2))
                    if series.kind == STEP:
                        corner = QPointF(at.x(), start.y())
                        painter.drawLine(start, corner)
                        painter.drawLine(corner, at)
                    else:
                        painter.drawLine(start, at)
            if series.kind == STEMS:
                self._paint_stem(painter, plot, at, series)
            if series.kind == BARS:
                wide = max(2.0, plot.width() / trend.weeks / 3)
                painter.fillRect(
                    QRectF(at.x() - wide / 2, at.y(), wide, plot.bottom() - at.y()), colour
                )
            shape = series.shape or ("circle" if series.kind == LINE else "")
            if shape and series.kind != STEMS:
                radius = self._text_px / (3.2 if series.kind == MARKS else 5.5)
                _paint_shape(painter, at, shape, colour, radius, filled=series.filled)
            before = (week, value)

    def _paint_stem(self, painter: QPainter, plot: QRectF, at: QPointF, series: Series) -> None:
        """A mark on a stem; nought is a small grey dot: looked at, and nothing found."""
        if plot.bottom() - at.y() < 1.0:
            dot = self._style.colour("muted")
            _paint_shape(painter, at, "circle", dot, self._text_px / 9)
            return
        colour = self._style.colour(series.role)
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QPointF(at.x(), plot.bottom()), at)
        _paint_shape(painter, at, series.shape, colour, self._text_px / 4)

    def _paint_labels(self, painter: QPainter, plot: QRectF, trend: Trend) -> None:
        labels: list[tuple[float, str, str]] = []
        for series in trend.series:
            known = [(w, v) for w, v in series.points if v is not None]
            if known and series.name:
                labels.append((self._at(plot, trend, *known[-1]).y(), series.name, series.role))
        if trend.band is not None:
            middle = (trend.band[0] + trend.band[1]) / 2
            labels.append((self._at(plot, trend, 0, middle).y(), trend.band[2], "ok_text"))
        labels += [(self._at(plot, trend, 0, v).y(), words, "muted") for v, words in trend.lines]
        painter.setFont(font_px(self._small()))
        metrics = QFontMetricsF(painter.font())
        room = self.width() - plot.right() - 8
        lowest = plot.bottom() - metrics.height() / 2
        for y, words, role in _apart(labels, metrics.height(), lowest):
            painter.setPen(self._style.colour(_INK.get(role, role)))
            box = QRectF(plot.right() + 8, y - metrics.height() / 2, room, metrics.height())
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_unseen(self, painter: QPainter, plot: QRectF, trend: Trend) -> None:
        """Ticks at the foot where nothing was measured: not to be taken for nought."""
        if not trend.unseen:
            return
        colour = self._style.colour("muted")
        for week in trend.unseen:
            at = self._at(plot, trend, week, trend.bottom)
            _paint_shape(
                painter, at - QPointF(0, self._text_px / 3), "cross", colour, self._text_px / 5
            )
        painter.setFont(font_px(self._small()))
        painter.setPen(colour)
        metrics = QFontMetricsF(painter.font())
        box = QRectF(plot.left(), plot.top(), plot.width(), metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, f"× {trend.unseen_words}")


_INK: Final = {"trace": "info", "ok": "ok_text", "stop": "stop_text", "bar": "info"}
"""Colour roles of shapes whose words need a lighter relative."""


def _apart(
    labels: list[tuple[float, str, str]], line: float, lowest: float
) -> list[tuple[float, str, str]]:
    """Labels near their values, none on another, none below the axis."""
    placed: list[tuple[float, str, str]] = []
    below = -1e9
    for y, words, role in sorted(labels):
        below = max(y, below + line)
        placed.append((below, words, role))
    above = lowest + line
    raised = []
    for y, words, role in reversed(placed):
        above = min(y, above - line)
        raised.append((above, words, role))
    return raised


def _paint_shape(
    painter: QPainter,
    at: QPointF,
    shape: str,
    colour: QColor,
    radius: float,
    *,
    filled: bool = True,
) -> None:
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    x, y, r = at.x(), at.y(), radius
    match shape:
        case "circle":
            painter.drawEllipse(at, r, r)
        case "triangle":
            corners = [QPointF(x, y - r), QPointF(x + r, y + r), QPointF(x - r, y + r)]
            painter.drawPolygon(QPolygonF(corners))
        case "diamond":
            corners = [QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]
            painter.drawPolygon(QPolygonF(corners))
        case "square":
            painter.drawRect(QRectF(x - r, y - r, 2 * r, 2 * r))
        case "cross":
            painter.drawLine(QPointF(x - r, y - r), QPointF(x + r, y + r))
            painter.drawLine(QPointF(x - r, y + r), QPointF(x + r, y - r))
    painter.setBrush(Qt.BrushStyle.NoBrush)
