"""A person from the side, forward to the right: upright, or hinged at the hips with a dowel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.samples import Role
from lift_monitor.sensors.calibration_guide import HINGE_DEG
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.sensor_words import role_name
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled

# Lengths in body heights; the feet stand at the origin.
_KNEE: Final = (0.012, 0.27)
_HIP: Final = (-0.005, 0.51)
_HIP_HINGED: Final = (-0.115, 0.495)
"""The hips go back as the trunk goes forward, at :data:`HINGE_DEG`."""
_KNEE_HINGED: Final = (0.022, 0.265)
_PELVIS: Final = (-0.03, 0.085)
"""Along the trunk from the hip: where the segment begins and ends."""
_THORAX: Final = (0.14, 0.295)
_NECK: Final = 0.345
_HEAD: Final = 0.42
_HEAD_R: Final = 0.058
_TRUNK_R: Final = 0.046
_LIMB_R: Final = 0.026
_DOWEL: Final = (-0.1, 0.52)
_BACK: Final = 0.068
"""From the middle of the trunk to the dowel."""


class _Body:
    """Where the parts are for a lean; x forward, y up."""

    def __init__(self, lean_deg: float) -> None:
        share = lean_deg / HINGE_DEG
        self._lean = math.radians(lean_deg)
        self.ankle = (0.0, 0.03)
        self.knee = _between(_KNEE, _KNEE_HINGED, share)
        self.hip = _between(_HIP, _HIP_HINGED, share)

    def along(self, distance: float, back: float = 0.0) -> tuple[float, float]:
        """A place on the trunk, or behind it."""
        sine, cosine = math.sin(self._lean), math.cos(self._lean)
        x = self.hip[0] + distance * sine - back * cosine
        return x, self.hip[1] + distance * cosine + back * sine


def _between(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


class CalibrationFigure(QWidget, Styled):
    """Shows the position that is asked for, and where the sensors sit."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Style()
        self._look: tuple[float, bool, tuple[Role, ...], tuple[Role, ...]] = (0.0, False, (), ())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def set_style(self, style: Style) -> None:
        """Take colours and sizes."""
        self._style = style
        self.update()

    def show_pose(
        self,
        lean_deg: float,
        *,
        hinge: bool,
        sensors: Sequence[Role],
        silent: Sequence[Role] = (),
    ) -> None:
        """Show a position.

        Parameters
        ----------
        lean_deg : float
            How far the trunk leans forward.
        hinge : bool
            With the dowel and the angle that is asked for.
        sensors, silent : sequence of Role
            Those on the trunk, and those of them that send nothing.
        """
        look = (lean_deg, hinge, tuple(sensors), tuple(silent))
        if look != self._look:
            self._look = look
            self.update()
            where = tr("A person hinged at the hips, back straight, a dowel along it")
            self.setAccessibleName(where if hinge else tr("A person standing upright"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the person, the ground, and what is pointed at."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _Drawing(painter, self._style, QRectF(self.rect())).draw(*self._look)
        painter.end()


class _Drawing:
    def __init__(self, painter: QPainter, style: Style, box: QRectF) -> None:
        self._painter, self._style, self._box = painter, style, box
        self._unit = min(box.height() / 1.12, box.width() / 0.98)
        self._origin = QPointF(
            box.center().x() - 0.02 * self._unit, box.center().y() + 0.5 * self._unit
        )

    def draw(
        self, lean_deg: float, hinge: bool, sensors: tuple[Role, ...], silent: tuple[Role, ...]
    ) -> None:
        body = _Body(lean_deg)
        self._ground()
        if hinge:
            self._angle(body)
        else:
            self._plumb()
        self._person(body, hinge)
        if hinge:
            self._dowel(body)
        self._sensors(body, sensors, silent, labels=not hinge)

    def _at(self, place: tuple[float, float]) -> QPointF:
        return self._origin + QPointF(place[0], -place[1]) * self._unit

    def _pen(self, role: str, width: float) -> QPen:
        pen = QPen(self._style.colour(role), max(1.0, width * self._unit))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen

    def _line(self, role: str, width: float, *places: tuple[float, float]) -> None:
        self._painter.setPen(self._pen(role, width))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPolyline(QPolygonF([self._at(p) for p in places]))

    def _ground(self) -> None:
        self._line("outline", 0.006, (-0.34, 0.0), (0.42, 0.0))

    def _plumb(self) -> None:
        pen = self._pen("ok", 0.006)
        pen.setStyle(Qt.PenStyle.DashLine)
        self._painter.setPen(pen)
        self._painter.drawLine(self._at((0.0, 0.01)), self._at((0.0, 1.03)))

    def _angle(self, body: _Body) -> None:
        """From upright to what is asked for at most, seen from the hip."""
        reach = 0.52
        hip = _Body(HINGE_DEG).hip
        pen = self._pen("ok", 0.006)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter = self._painter
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        centre, radius = self._at(hip), reach * self._unit
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        painter.drawArc(box, round(16 * (90 - HINGE_DEG)), round(16 * HINGE_DEG))
        painter.drawLine(centre, self._polar(hip, 0.0, reach))
        painter.drawLine(centre, self._polar(hip, HINGE_DEG, reach + 0.06))
        self._arrow(hip, reach)
        self._word(
            self._polar(hip, 0.42 * HINGE_DEG, reach + 0.05),
            tr("about {deg}°", deg=number(HINGE_DEG, 0)),
            "ok_text",
            tokens.TEXT_HEADER,
        )

    def _polar(self, hip: tuple[float, float], lean_deg: float, reach: float) -> QPointF:
        lean = math.radians(lean_deg)
        return self._at((hip[0] + reach * math.sin(lean), hip[1] + reach * math.cos(lean)))

    def _arrow(self, hip: tuple[float, float], reach: float) -> None:
        tip = self._polar(hip, HINGE_DEG - 0.5, reach)
        head = [tip]
        for aside in (-0.022, 0.022):
            head.append(self._polar(hip, HINGE_DEG - 6.0, reach + aside))
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._style.colour("ok"))
        self._painter.drawPolygon(QPolygonF(head))

    def _person(self, body: _Body, hinge: bool) -> None:
        self._line("outline", 2 * _LIMB_R, body.ankle, body.knee, body.hip)
        self._line("outline", 2 * _LIMB_R, body.ankle, (0.085, 0.026))
        self._line("outline", 2 * _LIMB_R, body.along(_THORAX[1]), body.along(_NECK))
        # The lower back between the segments: what the calibration is about.
        self._line("outline", 1.5 * _TRUNK_R, body.along(_PELVIS[1]), body.along(_THORAX[0]))
        self._line("info", 2 * _TRUNK_R, body.along(_PELVIS[0]), body.along(_PELVIS[1]))
        self._line("text", 2 * _TRUNK_R, body.along(_THORAX[0]), body.along(_THORAX[1]))
        painter = self._painter
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colour("outline"))
        radius = _HEAD_R * self._unit
        painter.drawEllipse(self._at(body.along(_HEAD)), radius, radius)
        nose = [body.along(_HEAD + along, -ahead) for along, ahead in _NOSE]
        painter.drawPolygon(QPolygonF([self._at(p) for p in nose]))
        shoulder = body.along(_THORAX[1] - 0.01)
        if hinge:
            elbow, hand = body.along(0.16, 0.11), body.along(0.04, _BACK)
        else:
            elbow, hand = (shoulder[0] - 0.012, shoulder[1] - 0.17), (0.015, shoulder[1] - 0.33)
        self._line("panel", 2 * _LIMB_R + 0.008, shoulder, elbow, hand)
        self._line("outline", 2 * _LIMB_R - 0.006, shoulder, elbow, hand)

    def _dowel(self, body: _Body) -> None:
        ends = (body.along(_DOWEL[0], _BACK), body.along(_DOWEL[1], _BACK))
        self._line("panel", 0.03, *ends)
        self._line("attention", 0.018, *ends)
        touches = ((0.43, tr("head")), (0.25, tr("upper back")), (-0.035, tr("tailbone")))
        for along, name in touches:
            place = self._at(body.along(along, _BACK))
            self._dot(place, 0.014, "attention", "panel")
            aside = self._at(body.along(along, _BACK + 0.05))
            self._word(aside, name, "text", tokens.TEXT_STRONG, left=True)

    def _sensors(
        self,
        body: _Body,
        sensors: tuple[Role, ...],
        silent: tuple[Role, ...],
        *,
        labels: bool,
    ) -> None:
        for role, along in ((Role.THORAX, 0.23), (Role.PELVIS, 0.03)):
            if role not in sensors:
                continue
            place = self._at(body.along(along, 0.035))
            lost = role in silent
            self._dot(place, 0.019, "attention" if lost else "panel", "text")
            if labels:
                aside = self._at(body.along(along, 0.11))
                name = role_name(role).lower()
                text = tr("▲ {who}: no data", who=name) if lost else name
                self._word(
                    aside, text, "attention" if lost else "text", tokens.TEXT_STRONG, left=True
                )

    def _dot(self, place: QPointF, radius: float, fill: str, edge: str) -> None:
        self._painter.setPen(self._pen(edge, 0.006))
        self._painter.setBrush(self._style.colour(fill))
        self._painter.drawEllipse(place, radius * self._unit, radius * self._unit)

    def _word(
        self, place: QPointF, text: str, role: str, size: float, *, left: bool = False
    ) -> None:
        """Beside a place; never beyond the edge of the picture."""
        painter = self._painter
        painter.setFont(self._style.font(size, "semibold"))
        metrics = painter.fontMetrics()
        wide = metrics.horizontalAdvance(text)
        x = place.x() - wide if left else place.x()
        x = min(max(x, self._box.left() + 2), self._box.right() - wide - 2)
        base = place.y() + 0.35 * metrics.ascent()
        behind = QRectF(x - 3, base - metrics.ascent(), wide + 6, metrics.height())
        painter.fillRect(behind, self._style.colour("panel"))
        painter.setPen(self._style.colour(role))
        painter.drawText(QPointF(x, base), text)


_NOSE: Final = ((0.02, 0.05), (-0.01, 0.078), (-0.025, 0.05))
