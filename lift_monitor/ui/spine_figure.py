"""A side view of pelvis and thorax, each tilted as it is measured; forward is to the right."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.technique import Load
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.readings import DataState, Level
from lift_monitor.ui.style import Style, font_px
from lift_monitor.ui.text import Styled
from lift_monitor.ui.trunk_readings import SpineReading

_STEP_DEG = 1.0
_ROLE = {Level.OK: "ok_text", Level.CHECK: "attention", Level.STOP: "zone_red", Level.INFO: "info"}

# Lengths as shares of standing height (Drillis & Contini 1966, rounded).
_SHANK = 0.1
"""As much of it as is seen."""
_THIGH = 0.245
_PELVIS = 0.11
_THORAX = 0.19
_NECK = 0.05
_HEAD = 0.065
_ARM = 0.34
_PLATE = 0.105
_SEEN = _SHANK + _THIGH + _PELVIS + _THORAX + _NECK + 2 * _HEAD


@dataclass(frozen=True, slots=True)
class FigureState:
    """Everything that is drawn; equal states are not painted twice."""

    pelvis_deg: float | None = None
    thorax_deg: float | None = None
    level: Level = Level.INFO
    dim: bool = False
    load: Load = Load.UNKNOWN

    @classmethod
    def of(cls, reading: SpineReading | None, load: Load) -> FigureState:
        """What a reading asks to be drawn."""
        if reading is None:
            return cls(load=load)
        return cls(
            _stepped(reading.pelvis_deg),
            _stepped(reading.thorax_deg),
            reading.level,
            reading.state is DataState.HELD,
            load,
        )


def _stepped(value: float | None) -> float | None:
    return None if value is None else round(value / _STEP_DEG) * _STEP_DEG


class SpineFigure(QWidget, Styled):
    """Paints a :class:`FigureState`; a segment that is not measured is a dashed outline."""

    def __init__(self) -> None:
        super().__init__()
        self._state = FigureState()
        self._style = Style()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Side view of pelvis and thorax, forward is to the right"))

    def set_style(self, style: Style) -> None:
        """Take colours and sizes."""
        self._style = style
        self.update()

    def show_state(self, state: FigureState) -> None:
        """Draw another state, if it is another."""
        if state != self._state:
            self._state = state
            self.update()

    def minimumSizeHint(self) -> QSize:
        """Enough for a person."""
        return QSize(60, 60)

    def sizeHint(self) -> QSize:
        """Takes what the layout has."""
        return QSize(150, 150)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint legs, trunk, head, arms and the bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state, style = self._state, self._style
        # From the knees up; bent to the horizontal a person is as wide as that.
        unit = min(self.height() * 0.98 / _SEEN, self.width() / 0.74)
        pelvis = math.radians(state.pelvis_deg if state.pelvis_deg is not None else 0.0)
        thorax_known = state.thorax_deg is not None
        thorax = math.radians(state.thorax_deg or 0.0) if thorax_known else pelvis
        if state.pelvis_deg is None and thorax_known:
            pelvis = 0.8 * thorax  # only to have something to hang the dashed outline on

        def to(start: QPointF, length: float, lean: float) -> QPointF:
            return QPointF(
                start.x() + length * unit * math.sin(lean),
                start.y() - length * unit * math.cos(lean),
            )

        # The hip goes back as the trunk goes forward, or nobody could stand.
        back = min(max(thorax, 0.0), 1.6) * 0.22
        foot = self.height() / 2 + _SEEN * unit / 2
        shin = QPointF(self.width() * 0.42, foot)
        knee = to(shin, _SHANK, back * 0.55)
        hip = to(knee, _THIGH, -2.2 * back)
        waist = to(hip, _PELVIS, pelvis)
        shoulder = to(waist, _THORAX, thorax)
        head = to(shoulder, _NECK + _HEAD, thorax * 0.7)
        hand = QPointF(shoulder.x() + 0.02 * unit, shoulder.y() + _ARM * unit)
        faint = style.colour("line")
        self._bone(painter, [shin, knee, hip], faint, unit * 0.055)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faint)
        painter.drawEllipse(head, _HEAD * unit, _HEAD * unit)
        self._bone(painter, [shoulder, hand], faint, unit * 0.035)
        if state.load is Load.LOADED:
            painter.setPen(QPen(style.colour("muted"), max(2.0, unit * 0.02)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(hand, _PLATE * unit, _PLATE * unit)
            painter.setBrush(style.colour("muted"))
            painter.drawEllipse(hand, 0.02 * unit, 0.02 * unit)
        self._segment(painter, hip, waist, unit * 0.085, known=state.pelvis_deg is not None)
        self._segment(painter, waist, shoulder, unit * 0.085, known=thorax_known)
        self._names(painter, hip, waist, shoulder, unit * 0.095)
        painter.end()

    def _bone(self, painter: QPainter, points: list[QPointF], colour: object, wide: float) -> None:
        pen = QPen(colour, wide)  # type: ignore[call-overload]
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(points)

    def _segment(
        self, painter: QPainter, low: QPointF, high: QPointF, wide: float, *, known: bool
    ) -> None:
        style, state = self._style, self._state
        length = math.hypot(high.x() - low.x(), high.y() - low.y())
        painter.save()
        painter.translate(low)
        painter.rotate(math.degrees(math.atan2(high.y() - low.y(), high.x() - low.x())))
        box = QRectF(wide * 0.12, -wide / 2, length - wide * 0.24, wide)
        if known:
            colour = style.colour("muted" if state.dim else _ROLE[state.level])
            painter.setPen(QPen(style.colour("panel"), 1.5))
            painter.setBrush(colour)
        else:
            painter.setPen(QPen(style.colour("outline"), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, wide * 0.35, wide * 0.35)
        if known:  # the sensor sits on the back
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("text"))
            size = wide * 0.34
            painter.drawRoundedRect(
                QRectF(box.center().x() - size, -wide / 2 - size * 0.8, 2 * size, size), 1.5, 1.5
            )
        painter.restore()

    def _names(
        self, painter: QPainter, hip: QPointF, waist: QPointF, shoulder: QPointF, off: float
    ) -> None:
        painter.setFont(font_px(self._style.font(tokens.TEXT_SMALL).pixelSize()))
        painter.setPen(self._style.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        below = -1e9
        for text, one, other in (
            (tr("thorax"), waist, shoulder),
            (tr("pelvis"), hip, waist),
        ):
            x, y = (one.x() + other.x()) / 2 - off, (one.y() + other.y()) / 2
            y = max(y, below + metrics.height())
            below = y
            wide = metrics.horizontalAdvance(text) + 2
            box = QRectF(max(0.0, x - wide), y - metrics.height() / 2, wide, metrics.height())
            painter.drawText(box, flags, text)
