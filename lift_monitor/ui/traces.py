"""A scrolling trace: fixed ranges, newest at the right, holes hatched and never bridged.

pyqtgraph stays behind this widget; nothing else in the program knows it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.ranges import ticks
from lift_monitor.ui.ring import WINDOW_S
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled, Text, tight
from lift_monitor.units import FloatArray


class _Bands(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Upright bands across the whole plot, painted in one go."""

    def __init__(self) -> None:
        super().__init__()
        self._spans: tuple[tuple[float, float], ...] = ()
        self._brush = QBrush()
        self._area = QRectF()

    def show_spans(self, spans: Sequence[tuple[float, float]], area: QRectF) -> None:
        spans = tuple(spans)
        if area != self._area:
            self.prepareGeometryChange()
            self._area = area
        if spans != self._spans:
            self._spans = spans
            self.update()

    def set_brush(self, brush: QBrush) -> None:
        self._brush = brush
        self.update()

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, *_: object) -> None:
        # The hatch is a texture in pixels: paint in device coordinates.
        transform = painter.transform()
        painter.save()
        painter.resetTransform()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._brush)
        for start, end in self._spans:
            box = QRectF(start, self._area.top(), end - start, self._area.height())
            painter.drawRect(transform.mapRect(box))
        painter.restore()


class _Grid(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Zones, and hairlines at the ticks; the axes' own grid would swallow the edge labels."""

    def __init__(self) -> None:
        super().__init__()
        self._zones: list[tuple[float, float, QColor]] = []
        self._area = QRectF()
        self._levels: list[float] = []
        self._pens = (QPen(), QPen())

    def show_levels(self, area: QRectF, levels: list[float]) -> None:
        self.prepareGeometryChange()
        self._area, self._levels = area, levels
        self.update()

    def show_zones(self, zones: list[tuple[float, float, QColor]]) -> None:
        self._zones = zones
        self.update()

    def set_pens(self, zero: QPen, other: QPen) -> None:
        self._pens = (zero, other)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, *_: object) -> None:
        area, (zero, other) = self._area, self._pens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for low, high, colour in self._zones:
            low, high = max(low, area.top()), min(high, area.bottom())
            painter.fillRect(QRectF(area.left(), low, area.width(), high - low), colour)
        for level in self._levels:
            painter.setPen(zero if level == 0.0 else other)
            painter.drawLine(QPointF(area.left(), level), QPointF(area.right(), level))
        painter.setPen(other)
        for second in range(-int(WINDOW_S), 1, 2):
            painter.drawLine(QPointF(second, area.top()), QPointF(second, area.bottom()))


def _cosmetic(colour: QColor) -> QPen:
    pen = QPen(colour, 1)
    pen.setCosmetic(True)
    return pen


def _widened(low: float, high: float) -> tuple[float, float]:
    # pyqtgraph leaves out tick labels that rounding puts a hair outside of the range.
    hair = 0.004 * (high - low)
    return low - hair, high + hair


class ScrollingTrace(QWidget, Styled):
    """One quantity over the last ten seconds.

    Parameters
    ----------
    title, unit : str
        Written directly above the plot; there is no legend.
    value_range : (float, float)
        Fixed range of the y axis.
    time_axis : bool
        Whether the seconds are written below (once for a stack of traces).
    decimals : int
        Of the ticks.
    widest : str
        Widest value or reason beside the title.
    """

    def __init__(
        self,
        title: str,
        unit: str,
        value_range: tuple[float, float],
        *,
        time_axis: bool,
        decimals: int = 1,
        widest: str = "−0.00 m/s",
    ) -> None:
        super().__init__()
        self._range = value_range
        self._decimals = decimals
        self._limits: tuple[float | None, float | None] = (None, None)
        self._both_signs = False
        self._style = Style()
        self._time_axis = time_axis
        self._title = Text(title, weight="semibold")
        self._unit = Text(unit, role="muted")
        self.value = Text(weight="semibold", reserve=widest, align=Qt.AlignmentFlag.AlignRight)
        self._beyond = Text(role="attention", reserve=tr("beyond the scale"))
        head = tight(QHBoxLayout(), 8)
        for label in (self._title, self._unit):
            head.addWidget(label)
        head.addStretch(1)
        head.addWidget(self._beyond)
        head.addWidget(self.value)
        self._plot = pg.PlotWidget()
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.setAccessibleName(tr("Trace of {title}, {unit}", title=title, unit=unit))
        self._item = self._plot.getPlotItem()
        view = self._item.getViewBox()
        view.setMouseEnabled(False, False)
        view.setDefaultPadding(0.0)
        self._grid, self._repetitions, self._holes = _Grid(), _Bands(), _Bands()
        self._curve = pg.PlotDataItem(connect="finite", antialias=True)
        for depth, item in enumerate((self._grid, self._repetitions, self._holes, self._curve)):
            item.setZValue(depth)
            self._item.addItem(item, ignoreBounds=True)
        view.setRange(xRange=_widened(-WINDOW_S, 0.0), yRange=_widened(*value_range), padding=0)
        column = tight(QVBoxLayout(self), 2)
        column.addLayout(head)
        column.addWidget(self._plot, 1)

    def set_range(self, value_range: tuple[float, float]) -> None:
        """Another exercise, another fixed range."""
        if value_range != self._range:
            self._range = value_range
            self._item.getViewBox().setRange(yRange=_widened(*value_range), padding=0)
            self._set_ticks()

    def show_time_axis(self, shown: bool) -> None:
        """Whether the seconds are written below."""
        if shown is not self._time_axis:
            self._time_axis = shown
            self.set_style(self._style)

    def set_title(self, title: str, unit: str) -> None:
        """Name another quantity."""
        self._title.say(title)
        self._unit.say(unit)

    def set_limits(
        self, amber: float | None, red: float | None, *, both_signs: bool = False
    ) -> None:
        """Shade what lies beyond the limits; ``None`` for no limit."""
        if ((amber, red), both_signs) != (self._limits, self._both_signs):
            self._limits, self._both_signs = (amber, red), both_signs
            self._show_zones()

    def _show_zones(self) -> None:
        amber, red = self._limits
        zones = []
        top = 1e6
        for start, end, role in (
            (amber, red if red is not None else top, "attention"),
            (red, top, "stop"),
        ):
            if start is None:
                continue
            colour = self._style.colour(role)
            colour.setAlpha(48)
            zones.append((start, end, colour))
            if self._both_signs:
                zones.append((-end, -start, colour))
        self._grid.show_zones(zones)

    def set_style(self, style: Style) -> None:
        """Take colours and fonts."""
        self._style = style
        self._plot.setBackground(style.colour("panel"))
        font = style.font(tokens.TEXT_SMALL)
        metrics = QFontMetricsF(font)
        for name, size in (
            (
                "left",
                metrics.horizontalAdvance("−000" if self._decimals == 0 else "−0.0") + style.px(14),
            ),
            ("bottom", metrics.height() + style.px(6) if self._time_axis else style.px(4)),
        ):
            axis = self._item.getAxis(name)
            axis.setStyle(
                tickFont=font,
                tickLength=0,
                showValues=name == "left" or self._time_axis,
                tickTextOffset=style.px(6),
                hideOverlappingLabels=60,
            )
            axis.setTextPen(style.colour("muted"))
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            axis.setTickPen(QPen(Qt.PenStyle.NoPen))
            (axis.setWidth if name == "left" else axis.setHeight)(int(size))
        # Room for half of "now", which is centred below the newest sample.
        self._item.layout.setContentsMargins(0, style.px(12), style.px(20), 0)
        self._curve.setPen(pg.mkPen(style.colour("trace"), width=max(1.0, 1.5 * style.scale)))
        hatch = QBrush(style.colour("outline"), Qt.BrushStyle.BDiagPattern)
        self._holes.set_brush(hatch)
        self._grid.set_pens(_cosmetic(style.colour("outline")), _cosmetic(style.colour("grid")))
        shade = style.colour("text")
        shade.setAlpha(18)
        self._repetitions.set_brush(QBrush(shade))
        self._show_zones()
        self._set_ticks()

    def _set_ticks(self) -> None:
        left = [(v, number(v, self._decimals)) for v in ticks(*self._range, most=5)]
        self._item.getAxis("left").setTicks([left])
        seconds = range(-int(WINDOW_S), 1, 2)
        low, high = self._range
        area = QRectF(-WINDOW_S, low, WINDOW_S, high - low)
        self._grid.show_levels(area, [value for value, _ in left])
        names = [(s, tr("now") if s == 0 else tr("{s} s", s=number(s, 0))) for s in seconds]
        self._item.getAxis("bottom").setTicks([names])

    def show_window(
        self,
        time_s: FloatArray,
        values: FloatArray,
        now_s: float,
        holes: Sequence[tuple[float, float]],
        repetitions: Sequence[tuple[float, float]],
    ) -> None:
        """Draw a window that ends at ``now_s``; spans are in session time as well."""
        low, high = self._range
        area = QRectF(-WINDOW_S, low, WINDOW_S, high - low)

        def to_axis(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
            return [
                (max(a - now_s, -WINDOW_S), min(b - now_s, 0.0))
                for a, b in spans
                if b > now_s - WINDOW_S and a < now_s
            ]

        self._holes.show_spans(to_axis(holes), area)
        self._repetitions.show_spans(to_axis(repetitions), area)
        finite = values[np.isfinite(values)]
        beyond = bool(finite.size) and bool(finite.min() < low or finite.max() > high)
        self._beyond.say(tr("beyond the scale") if beyond else "")
        self._curve.setData(time_s - now_s, np.clip(values, low, high))
