"""The line along a recording: sets, repetitions, holes and marks, to click and drag."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.analysis import Analysis
from lift_monitor.events import Confidence, QualityChanged, QualityKind
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.technique import FlagEnded, FlagRaised, LandingDetected
from lift_monitor.ui import tokens
from lift_monitor.ui.flag_book import FlagBook
from lift_monitor.ui.i18n import clock, tr
from lift_monitor.ui.landing_log import LandingLog
from lift_monitor.ui.readings import Alarm, Level
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled

_HOLES = (QualityKind.GAP, QualityKind.NO_DATA)
_REACH_PX: Final = 12.0
"""A press so near to the mark of a flag is meant for it."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the line shows of a recording, in session seconds."""

    duration_s: float = 0.0
    sets: tuple[tuple[int, float, float, bool], ...] = ()
    """Number, start, end, whether its numbers can be trusted."""
    repetitions: tuple[float, ...] = ()
    """Starts of the concentric phases."""
    starts: tuple[float, ...] = ()
    """Starts of the repetitions, to jump to."""
    holes: tuple[tuple[float, float], ...] = field(default=())
    flags: tuple[tuple[float, Level], ...] = ()
    """When flags of technique and landings above the ceiling began, ascending, and how bad."""
    landings: tuple[float, ...] = ()
    """Contacts."""

    @classmethod
    def of(cls, analysis: Analysis | None, band: ImpactBand | None = None) -> Overview:
        """Take what is needed from an analysis; empty without one.

        Parameters
        ----------
        analysis : Analysis, optional
        band : ImpactBand, optional
            The clinician's target for landings.
        """
        band = band or ImpactBand()
        if analysis is None:
            return cls()
        faults = [e for e in analysis.events if isinstance(e, QualityChanged) and e.fault in _HOLES]
        ends = {(e.fault, e.start_s): e.end_s for e in faults}
        alarms = _alarms_of(analysis, band)
        contacts = [e.landing.contact_s for e in analysis.events if isinstance(e, LandingDetected)]
        starts = [r.start_s for r in analysis.repetitions]
        return cls(
            duration_s=analysis.duration_s,
            sets=tuple(
                # Numbered within their exercise, as everywhere on the screen.
                (
                    sum(1 for o in analysis.sets[: i + 1] if o.exercise is s.exercise),
                    s.start_s,
                    s.end_s,
                    s.confidence is not Confidence.NONE,
                )
                for i, s in enumerate(analysis.sets)
            ),
            repetitions=tuple(r.concentric_start_s for r in analysis.repetitions),
            starts=tuple(sorted(starts or contacts)),
            holes=tuple(
                (start, analysis.duration_s if end is None else end)
                for (_, start), end in ends.items()
            ),
            flags=tuple(sorted((alarm.start_s, alarm.level) for alarm in alarms)),
            landings=tuple(sorted(contacts)),
        )


def _alarms_of(analysis: Analysis, band: ImpactBand) -> list[Alarm]:
    """The worst of flags that overlap, and landings above the ceiling."""
    flags, landings = FlagBook(), LandingLog(band)
    for event in analysis.events:
        if isinstance(event, FlagRaised | FlagEnded):
            flags.take(event)
        elif isinstance(event, LandingDetected):
            landings.add(event.landing)
    end = analysis.duration_s
    return [*flags.alarms((), end), *landings.alarms(end)]


class Timeline(QWidget, Styled):
    """Paints an :class:`Overview` with the time cursor; click or drag to seek."""

    sought = Signal(float)
    jumped = Signal(float)
    """A flag was pressed; the session time at which it began."""

    def __init__(self) -> None:
        super().__init__()
        self._overview = Overview()
        self._duration_s = 0.0
        self._now_s = 0.0
        self._marks: list[float] = []
        self._style = Style()
        self.setMouseTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Timeline of the recording"))

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        self._style = style
        self.setFixedHeight(max(tokens.TARGET, style.px(52)))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(600, self.height())

    def show_overview(self, overview: Overview) -> None:
        """Another recording."""
        self._overview, self._marks = overview, []
        self._duration_s, self._now_s = overview.duration_s, 0.0
        self.update()

    def show_time(self, now_s: float, duration_s: float | None) -> None:
        """Move the cursor."""
        duration = max(self._overview.duration_s, duration_s or 0.0, now_s)
        if (now_s, duration) != (self._now_s, self._duration_s):
            self._now_s, self._duration_s = now_s, duration
            self.setAccessibleDescription(
                tr("{now} of {all}", now=clock(now_s), all=clock(duration))
            )
            self.update()

    def add_mark(self, at_s: float) -> None:
        """Set a mark."""
        self._marks.append(at_s)
        self.update()

    # -- geometry ---------------------------------------------------------------------------

    def _lane(self) -> QRectF:
        height = self.height() * 0.46
        return QRectF(2, (self.height() - height) / 2, self.width() - 4, height)

    def x_of(self, time_s: float) -> float:
        """Position of a session time."""
        lane = self._lane()
        share = time_s / self._duration_s if self._duration_s > 0 else 0.0
        return float(lane.left() + min(max(share, 0.0), 1.0) * lane.width())

    def time_of(self, x: float) -> float:
        """Session time at a position."""
        lane = self._lane()
        share = (x - lane.left()) / max(1.0, lane.width())
        return float(min(max(share, 0.0), 1.0) * self._duration_s)

    def flag_at(self, at: QPointF) -> float | None:
        """When the flag began whose mark is at a position, if there is one."""
        if at.y() > self._lane().top() + 2:
            return None
        near = [(abs(self.x_of(start) - at.x()), start) for start, _ in self._overview.flags]
        distance, start = min(near, default=(math.inf, 0.0))
        return start if distance <= _REACH_PX else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek to where it was pressed, or to just before the flag that was."""
        if event.button() is Qt.MouseButton.LeftButton and self._duration_s > 0:
            flag = self.flag_at(event.position())
            if flag is not None:
                self.jumped.emit(flag)
            else:
                self.sought.emit(self.time_of(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Seek along while dragging."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._duration_s > 0:
            self.sought.emit(self.time_of(event.position().x()))

    # -- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint lane, sets, repetitions, holes, marks and the cursor."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, lane = self._style, self._lane()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("raised"))
        painter.drawRoundedRect(lane, 4, 4)
        painter.setFont(style.font(tokens.TEXT_SMALL, "semibold"))
        metrics = QFontMetricsF(painter.font())
        for number, start, end, trusted in self._overview.sets:
            left, right = self.x_of(start), self.x_of(end)
            box = QRectF(left, lane.top(), max(3.0, right - left), lane.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("bar" if trusted else "bar_withdrawn"))
            painter.drawRoundedRect(box, 3, 3)
            if box.width() > metrics.horizontalAdvance(str(number)) + 8:
                painter.setPen(style.colour("on_bar"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))
        painter.setPen(QPen(style.colour("text"), 1.5))
        for time_s in self._overview.repetitions:
            x = self.x_of(time_s)
            painter.drawLine(QPointF(x, lane.bottom() + 3), QPointF(x, lane.bottom() + 8))
        painter.setPen(Qt.PenStyle.NoPen)
        for start, end in self._overview.holes:
            left, right = self.x_of(start), self.x_of(end)
            box = QRectF(left, lane.top(), max(4.0, right - left), lane.height())
            painter.fillRect(box, style.colour("panel"))
            painter.fillRect(box, QBrush(style.colour("attention"), Qt.BrushStyle.BDiagPattern))
        self._paint_flags(painter, lane)
        self._paint_marks(painter, lane)
        x = self.x_of(self._now_s)
        top, bottom = QPointF(x, 1), QPointF(x, self.height() - 1)
        painter.setPen(QPen(style.colour("panel"), 5))
        painter.drawLine(top, bottom)
        painter.setPen(QPen(style.colour("text"), 2))
        painter.drawLine(top, bottom)
        painter.end()

    def _paint_flags(self, painter: QPainter, lane: QRectF) -> None:
        style, size = self._style, max(9.0, lane.top() - 4.0)
        painter.setPen(QPen(style.colour("info"), 2))
        for time_s in self._overview.landings:
            x = self.x_of(time_s)
            painter.drawLine(QPointF(x, lane.bottom() + 3), QPointF(x, lane.bottom() + 8))
        for time_s, level in self._overview.flags:
            x, foot = self.x_of(time_s), lane.top() - 1.0
            stop = level is Level.STOP
            painter.setPen(QPen(style.colour("panel"), 1))
            painter.setBrush(style.colour("stop" if stop else "attention"))
            if stop:
                painter.drawRect(QRectF(x - size / 2, foot - size, size, size))
            else:
                painter.drawPolygon(
                    [
                        QPointF(x - size * 0.58, foot),
                        QPointF(x + size * 0.58, foot),
                        QPointF(x, foot - size),
                    ]
                )

    def _paint_marks(self, painter: QPainter, lane: QRectF) -> None:
        painter.setPen(QPen(self._style.colour("info"), 2))
        painter.setBrush(self._style.colour("info"))
        for time_s in self._marks:
            x = self.x_of(time_s)
            painter.drawLine(QPointF(x, 2), QPointF(x, lane.top()))
            flag = [QPointF(x, 2), QPointF(x + 8, 5), QPointF(x, 8)]
            painter.drawPolygon(flag)
