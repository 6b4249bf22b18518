"""The spine gauge: an arc with the amber and red zones, the present angle and the worst."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.signal.trunk_rules import FlagRule
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.readings import DataState, Level
from lift_monitor.ui.style import Style, font_px
from lift_monitor.ui.text import SHAPE_OF_LEVEL, Styled
from lift_monitor.ui.trunk_readings import SpineReading

STEP_DEG = 0.5
"""A needle that would move less is not painted again."""
_PLAIN = (-10.0, 40.0)
"""Range where no limit is set; design default."""
ZONE_ROLE = {
    Level.OK: "ok",
    Level.CHECK: "attention",
    Level.STOP: "zone_red",
    Level.INFO: "outline",
}


@dataclass(frozen=True, slots=True)
class GaugeState:
    """Everything that is drawn; equal states are not painted twice."""

    value: float | None = None
    state: DataState = DataState.UNAVAILABLE
    worst: float | None = None
    worst_level: Level = Level.INFO
    amber: float | None = None
    red: float | None = None

    @classmethod
    def of(cls, reading: SpineReading | None) -> GaugeState:
        """What a reading asks to be drawn, in steps that can be seen."""
        if reading is None:
            return cls()
        rule = reading.rule
        return cls(
            value=_stepped(reading.value),
            state=reading.state,
            worst=_stepped(reading.worst),
            worst_level=reading.worst_level,
            amber=rule.amber if rule else None,
            red=rule.red if rule else None,
        )

    @property
    def span(self) -> tuple[float, float]:
        """Ends of the scale, from the limits, so that it never moves while somebody lifts."""
        return span_of(self.amber, self.red)


def span_of(amber: float | None, red: float | None) -> tuple[float, float]:
    """Ends of a scale in degrees whose red zone takes its upper half, at most 90°."""
    limit = red if red is not None else (2.0 * amber if amber is not None else None)
    if limit is None:
        return _PLAIN
    high = min(math.ceil(2.0 * limit / 10.0) * 10.0, max(90.0, limit + 10.0))
    return (-10.0 * math.ceil(high / 90.0), high)


def rule_span(rule: FlagRule | None) -> tuple[float, float]:
    """Ends of the scale of a rule."""
    return span_of(rule.amber, rule.red) if rule is not None else _PLAIN


def _stepped(value: float | None) -> float | None:
    return None if value is None else round(value / STEP_DEG) * STEP_DEG


class SpineGauge(QWidget, Styled):
    """Paints a :class:`GaugeState`.

    Parameters
    ----------
    large : bool
        Lifter view: no figures, a thick arc.
    """

    def __init__(self, *, large: bool = False) -> None:
        super().__init__()
        self._state = GaugeState()
        self._style = Style()
        self._large = large
        self._ground: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Spine gauge"))

    def set_style(self, style: Style) -> None:
        """Take colours and sizes."""
        self._style = style
        self._ground = None
        self.update()

    def show_state(self, state: GaugeState) -> None:
        """Draw another state, if it is another."""
        if state == self._state:
            return
        before, self._state = self._state, state
        if _still(before) != _still(state):
            self._ground = None
        told = tr("no angle") if state.value is None else number(state.value, 0) + "°"
        worst = number(state.worst, 0)
        self.setAccessibleDescription(tr("now {now}, worst {worst}°", now=told, worst=worst))
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Enough for an arc."""
        return QSize(80, 50)

    def sizeHint(self) -> QSize:
        """Takes what the layout has."""
        return QSize(260, 150)

    # -- geometry ---------------------------------------------------------------------------

    def _font_px(self) -> int:
        return self._style.font(tokens.TEXT_SMALL).pixelSize()

    def _dial(self) -> tuple[QPointF, float, float]:
        """Hub, radius of the middle of the arc, and width of the arc."""
        metrics = QFontMetricsF(font_px(self._font_px()))
        side = 4.0 if self._large else metrics.horizontalAdvance("−00°") + 6.0
        top = 4.0 if self._large else metrics.height() * 1.15
        foot = self.height() * 0.09 if self._large else self._style.px(10)
        outer = min((self.width() - 2 * side) / 2, self.height() - top - foot)
        outer = max(outer, 20.0)
        wide = outer * (0.24 if self._large else 0.13)
        middle_y = top + outer + (self.height() - top - foot - outer) / 2
        return QPointF(self.width() / 2, middle_y), outer - wide / 2, wide

    def _angle(self, value: float) -> float:
        """Direction of a value in radians, 0 to the right, counter-clockwise."""
        low, high = self._state.span
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return math.pi * (1.0 - share)

    @staticmethod
    def _at(hub: QPointF, radius: float, angle: float) -> QPointF:
        return QPointF(hub.x() + radius * math.cos(angle), hub.y() - radius * math.sin(angle))

    # -- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the still part from memory, then the worst and the needle."""
        ratio = self.devicePixelRatioF()
        ground = self._ground
        wanted = self.size() * ratio
        if ground is None or ground.size() != wanted:
            ground = self._ground = self._paint_ground(wanted, ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = self._state
        hub, radius, wide = self._dial()
        if state.worst is not None and not self._large:
            self._paint_worst(painter, hub, radius - wide / 2, state.worst)
        if state.value is not None:
            self._paint_needle(painter, hub, radius, wide, state.value)
        painter.end()

    def _paint_ground(self, size: QSize, ratio: float) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = self._state
        hub, radius, wide = self._dial()
        box = QRectF(hub.x() - radius, hub.y() - radius, 2 * radius, 2 * radius)
        low, high = state.span
        for start, end, level in self._zones():
            first, last = math.degrees(self._angle(end)), math.degrees(self._angle(start))
            colour = self._style.colour(ZONE_ROLE[level])
            painter.setPen(self._zone_pen(colour, wide))
            painter.drawArc(box, round(16 * first), round(16 * (last - first)))
        painter.setPen(QPen(self._style.colour("panel"), max(2.0, wide * 0.12)))
        for edge in (state.amber, state.red):
            if edge is not None and low < edge < high:
                angle = self._angle(edge)
                inner, outer = radius - wide / 2, radius + wide / 2
                painter.drawLine(self._at(hub, inner, angle), self._at(hub, outer, angle))
        if not self._large:
            self._paint_labels(painter, hub, radius + wide / 2, (low, high))
        painter.end()
        return pixmap

    def _zones(self) -> list[tuple[float, float, Level]]:
        state = self._state
        low, high = state.span
        if state.amber is None and state.red is None:
            return [(low, high, Level.INFO)]
        edges = [(low, Level.OK)]
        if state.amber is not None:
            edges.append((state.amber, Level.CHECK))
        if state.red is not None:
            edges.append((state.red, Level.STOP))
        ends = [start for start, _ in edges[1:]] + [high]
        return [(start, end, level) for (start, level), end in zip(edges, ends, strict=True)]

    def _zone_pen(self, colour: QColor, wide: float) -> QPen:
        state = self._state.state
        if state is DataState.UNAVAILABLE or self._state.value is None:
            brush = QBrush(self._style.colour("outline"), Qt.BrushStyle.BDiagPattern)
        elif state in (DataState.ESTIMATED, DataState.HELD):
            brush = QBrush(colour, Qt.BrushStyle.Dense3Pattern)
        else:
            brush = QBrush(colour)
        pen = QPen(brush, wide)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def _paint_labels(
        self, painter: QPainter, hub: QPointF, outer: float, span: tuple[float, float]
    ) -> None:
        state, style = self._state, self._style
        painter.setFont(font_px(self._font_px()))
        metrics = QFontMetricsF(painter.font())
        labels = [(span[0], "", "muted"), (0.0, "", "muted"), (span[1], "", "muted")]
        if state.amber is not None:
            labels.append((state.amber, SHAPE_OF_LEVEL[Level.CHECK], "attention"))
        if state.red is not None:
            labels.append((state.red, SHAPE_OF_LEVEL[Level.STOP], "stop_text"))
        for value, shape, role in labels:
            text = f"{shape}{number(value, 0)}°"
            angle = self._angle(value)
            wide, high = metrics.horizontalAdvance(text), metrics.height()
            # The label touches the arc with the side that faces the hub.
            out = outer + 3.0
            at = self._at(hub, out, angle)
            x = at.x() - wide / 2 + math.cos(angle) * wide / 2
            y = at.y() - high / 2 - math.sin(angle) * high / 2
            painter.setPen(style.colour(role))
            box = QRectF(x - 4, y, wide + 8, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_worst(self, painter: QPainter, hub: QPointF, inner: float, worst: float) -> None:
        style, angle = self._style, self._angle(worst)
        role = {Level.CHECK: "attention", Level.STOP: "stop_text"}.get(
            self._state.worst_level, "muted"
        )
        size = max(7.0, inner * 0.13)
        tip = self._at(hub, inner - 1.0, angle)
        spread = size * 0.55 / inner
        back = [self._at(hub, inner - size, angle + s) for s in (-spread, spread)]
        painter.setPen(QPen(style.colour("panel"), 1.5))
        painter.setBrush(style.colour(role))
        painter.drawPolygon(QPolygonF([tip, *back]))

    def _paint_needle(
        self, painter: QPainter, hub: QPointF, radius: float, wide: float, value: float
    ) -> None:
        style, state = self._style, self._state
        angle = self._angle(value)
        dim = state.state is DataState.HELD
        ink = style.colour("muted" if dim else "text")
        thick = max(3.0, radius * (0.09 if self._large else 0.045))
        end = self._at(hub, radius + wide * 0.3, angle)
        start = self._at(hub, radius * 0.08, angle)
        casing = QPen(style.colour("panel"), thick + 3.0)
        casing.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(casing)
        painter.drawLine(start, end)
        pen = QPen(ink, thick)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if state.state is DataState.ESTIMATED:
            pen.setDashPattern([2.0, 1.6])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(start, end)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(hub, thick * 1.2, thick * 1.2)


def _still(state: GaugeState) -> tuple[object, ...]:
    return (state.value is None, state.state, state.amber, state.red)
