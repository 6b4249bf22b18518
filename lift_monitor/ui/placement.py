"""Drawings of where a sensor sits: beside the collar of the bar, on the back, on the sacrum.

Everything is drawn in a space of 160 × 100 units and scaled to the room there is.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.samples import Role
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled

_WIDE, _HIGH = 160.0, 100.0
_SENSOR: Final = {
    Role.BAR: QRectF(52, 40, 20, 14),
    Role.THORAX: QRectF(72, 44, 16, 20),
    Role.PELVIS: QRectF(70, 32, 20, 15),
}


class PlacementPicture(QWidget, Styled):
    """One place, with the sensor drawn in the colour of its state."""

    def __init__(self, role: Role) -> None:
        super().__init__()
        self._role = role
        self._style = Style()
        self._state, self._filled, self._lit = "muted", False, False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(40)
        self.setAccessibleName(
            {
                Role.BAR: tr("Picture: the sensor on the bar beside the inner collar"),
                Role.THORAX: tr("Picture: the sensor on the spine between the shoulder blades"),
                Role.PELVIS: tr("Picture: the sensor on the sacrum, below the waist"),
            }[role]
        )

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(int(_WIDE), int(_HIGH))

    def set_style(self, style: Style) -> None:
        """Take colours."""
        self._style = style
        self.update()

    def show_state(self, role: str, *, filled: bool, lit: bool = False) -> None:
        """Colour of the sensor; empty where no data come from it, a ring if it was tapped."""
        if (role, filled, lit) != (self._state, self._filled, self._lit):
            self._state, self._filled, self._lit = role, filled, lit
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the place, then the sensor on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min(self.width() / _WIDE, self.height() / _HIGH)
        painter.translate((self.width() - scale * _WIDE) / 2, (self.height() - scale * _HIGH) / 2)
        painter.scale(scale, scale)
        if self._role is Role.BAR:
            painter.translate(0.0, -5.0)
        edge, body = self._style.colour("outline"), self._style.colour("raised")
        painter.setPen(_pen(edge, 1.6))
        painter.setBrush(body)
        draw = {Role.BAR: _bar, Role.THORAX: _back, Role.PELVIS: _pelvis}[self._role]
        draw(painter, edge)
        self._draw_sensor(painter)
        painter.end()

    def _draw_sensor(self, painter: QPainter) -> None:
        colour = self._style.colour(self._state)
        box = _SENSOR[self._role]
        pen = _pen(colour, 2.4)
        if not self._filled:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(colour if self._filled else self._style.colour("panel"))
        painter.drawRoundedRect(box, 3.5, 3.5)
        if self._lit:
            painter.setPen(_pen(self._style.colour("info"), 2.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for ring in (5.0, 10.0):
                painter.drawRoundedRect(box.adjusted(-ring, -ring, ring, ring), 7.0, 7.0)


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _bar(painter: QPainter, edge: QColor) -> None:
    """The end of a loaded bar: shaft, inner collar, two plates, clip and sleeve."""
    painter.drawRect(QRectF(3, 54, 80, 6))
    painter.drawRoundedRect(QRectF(122, 50, 34, 14), 2, 2)
    painter.drawRoundedRect(QRectF(82, 45, 9, 24), 2, 2)
    painter.drawRoundedRect(QRectF(91, 14, 13, 86), 4, 4)
    painter.drawRoundedRect(QRectF(104, 25, 10, 64), 4, 4)
    painter.drawRoundedRect(QRectF(114, 46, 8, 22), 3, 3)
    painter.setPen(_pen(edge, 3.0))  # the strap that holds the sensor
    for x in (56.0, 68.0):
        painter.drawLine(QPointF(x, 54), QPointF(x, 60))


def _back(painter: QPainter, edge: QColor) -> None:
    """A back from behind: head, shoulders, arms, shoulder blades, spine."""
    torso = QPainterPath(QPointF(73, 18))
    torso.cubicTo(72, 26, 60, 27, 48, 30)
    torso.cubicTo(36, 33, 33, 42, 32, 54)
    torso.lineTo(28, 96)
    torso.lineTo(39, 96)
    torso.lineTo(46, 58)
    torso.cubicTo(49, 74, 52, 84, 53, 96)
    torso.lineTo(107, 96)
    torso.cubicTo(108, 84, 111, 74, 114, 58)
    torso.lineTo(121, 96)
    torso.lineTo(132, 96)
    torso.lineTo(128, 54)
    torso.cubicTo(127, 42, 124, 33, 112, 30)
    torso.cubicTo(100, 27, 88, 26, 87, 18)
    torso.closeSubpath()
    painter.drawPath(torso)
    painter.drawEllipse(QRectF(70, 1, 20, 22))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for mirror in (1.0, -1.0):
        blade = QPainterPath(QPointF(80 + mirror * 12, 42))
        blade.cubicTo(80 + mirror * 14, 54, 80 + mirror * 16, 60, 80 + mirror * 19, 66)
        blade.cubicTo(80 + mirror * 26, 58, 80 + mirror * 29, 50, 80 + mirror * 30, 43)
        painter.drawPath(blade)
    _spine(painter, edge, 68, 95)


def _pelvis(painter: QPainter, _edge: QColor) -> None:
    """Waist, hips and thighs from behind."""
    hips = QPainterPath(QPointF(53, 3))
    hips.cubicTo(55, 14, 52, 24, 47, 34)
    hips.cubicTo(41, 46, 40, 56, 41, 68)
    hips.lineTo(44, 97)
    hips.lineTo(76, 97)
    hips.lineTo(79, 76)
    hips.lineTo(81, 76)
    hips.lineTo(84, 97)
    hips.lineTo(116, 97)
    hips.lineTo(119, 68)
    hips.cubicTo(120, 56, 119, 46, 113, 34)
    hips.cubicTo(108, 24, 105, 14, 107, 3)
    painter.drawPath(hips)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawLine(QPointF(80, 54), QPointF(80, 76))
    for mirror in (1.0, -1.0):
        fold = QPainterPath(QPointF(80 + mirror * 4, 76))
        fold.cubicTo(80 + mirror * 14, 81, 80 + mirror * 24, 80, 80 + mirror * 32, 74)
        painter.drawPath(fold)
        crest = QPainterPath(QPointF(80 + mirror * 14, 31))
        crest.cubicTo(80 + mirror * 18, 25, 80 + mirror * 24, 23, 80 + mirror * 30, 25)
        painter.drawPath(crest)


def _spine(painter: QPainter, edge: QColor, top: float, foot: float) -> None:
    pen = _pen(edge, 1.6)
    pen.setDashPattern([0.5, 3.0])
    painter.setPen(pen)
    painter.drawLine(QPointF(80, top), QPointF(80, foot))
