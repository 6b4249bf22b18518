"""The panel of traces: the bar's, and with sensors on the trunk the spine's."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QVBoxLayout

from lift_monitor.technique import FlagKind
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.ranges import ranges_of
from lift_monitor.ui.readings import DataState
from lift_monitor.ui.ring import WINDOW_S
from lift_monitor.ui.spine_gauge import rule_span
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Panel, Styled, apply_style
from lift_monitor.ui.traces import ScrollingTrace
from lift_monitor.ui.trunk_model import TWIST_COLUMN
from lift_monitor.ui.trunk_wording import BLANK, kind_name
from lift_monitor.ui.wording import why
from lift_monitor.ui.worst_book import COLUMN

_TWIST_SPAN = (-120.0, 120.0)
"""deg/s; half as much again as the red limit. Design default."""


class TracePanel(Panel, Styled):
    """Two traces of the last ten seconds: what there are sensors for.

    Parameters
    ----------
    model : SessionModel
    """

    def __init__(self, model: SessionModel) -> None:
        super().__init__(tr("Traces of the last ten seconds"))
        self._model = model
        self._style = Style()
        fixed = ranges_of(model.exercise)
        v = fixed.velocity_mps
        self.velocity = ScrollingTrace(
            tr("Bar velocity"), tr("m/s, up is positive, live estimate"), (-v, v), time_axis=False
        )
        self.height_trace = ScrollingTrace(
            tr("Bar height"),
            tr("m about its middle, live estimate"),
            fixed.height_m,
            time_axis=True,
        )
        self.spine: ScrollingTrace | None = None
        self.twist: ScrollingTrace | None = None
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.velocity, 50)
        self._column.addWidget(self.height_trace, 50)

    def set_style(self, style: Style) -> None:
        """Take paddings, for traces that come later too."""
        super().set_style(style)
        self._style = style

    def arrange(self, *, bar: bool, trunk: bool) -> None:
        """Show the traces that there are sensors for.

        Parameters
        ----------
        bar, trunk : bool
            Whether there is a sensor on the bar, and one on the trunk.
        """
        if trunk and self.spine is None:
            self.spine = self._add(COLUMN[FlagKind.LUMBAR_FLEXION])
        twist = trunk and not bar
        if twist and self.twist is None:
            self.twist = self._add(TWIST_COLUMN)
        self.velocity.setVisible(bar or not trunk)
        self.height_trace.setVisible(not trunk)
        if self.spine is not None:
            self.spine.setVisible(trunk)
            self.spine.show_time_axis(not twist)
        if self.twist is not None:
            self.twist.setVisible(twist)

    def _add(self, column: int) -> ScrollingTrace:
        twist = column == TWIST_COLUMN
        rule = self._model.trunk.rule(FlagKind.TWIST if twist else self._model.trunk.kind)
        trace = ScrollingTrace(
            kind_name(FlagKind.TWIST),
            tr("°/s, to the left is positive, low confidence"),
            _TWIST_SPAN if twist else rule_span(rule),
            time_axis=True,
            decimals=0,
            widest="~−000°/s",
        )
        self._column.insertWidget(1 if not twist else 3, trace, 50)
        apply_style(trace, self._style)
        trace.set_style(self._style)
        if rule is not None:
            trace.set_limits(rule.amber, rule.red, both_signs=rule.both_signs)
        return trace

    def show_model(self) -> None:
        """Draw the last ten seconds of what is shown."""
        model, ring = self._model, self._model.ring
        now = model.now_s
        fixed = ranges_of(model.exercise)
        self.velocity.set_range((-fixed.velocity_mps, fixed.velocity_mps))
        self.height_trace.set_range(fixed.height_m)
        spans = [
            (rep.concentric_start_s, rep.concentric_end_s)
            for rep in model.repetitions[-12:]
            if rep.concentric_end_s > now - 12.0
        ]
        if not self.velocity.isHidden():
            holes = ring.holes(now)
            reading = model.live_reading()
            dim = "" if reading.state is DataState.LIVE else "muted"
            known = reading.value is not None
            text = tr("{v} m/s", v=number(reading.value)) if known else why(reading)
            self.velocity.value.say(text, dim)
            self.velocity.show_window(ring.time_s, ring.velocity_mps, now, holes, spans)
            if not self.height_trace.isHidden():
                height = float(ring.height_m[-1]) if len(ring) and known else None
                text = tr("{h} m", h=number(height)) if known else number(None)
                self.height_trace.value.say(text, dim)
                self.height_trace.show_window(ring.time_s, ring.height_m, now, holes, spans)
        if self.spine is not None and not self.spine.isHidden():
            self._show_spine(self.spine, now, spans)
        if self.twist is not None and not self.twist.isHidden():
            self._show_rate(self.twist)
            self._show_column(self.twist, TWIST_COLUMN, now, [])

    def _show_rate(self, trace: ScrollingTrace) -> None:
        reading = self._model.spine()
        rates = self._model.trunk.ring.column(TWIST_COLUMN)
        rate = float(rates[-1]) if rates.size else math.nan
        known = reading is not None and reading.value is not None and math.isfinite(rate)
        text = tr("~{v}°/s", v=number(rate, 0)) if known else BLANK
        trace.value.say(text, "" if known else "muted")

    def _show_spine(
        self, trace: ScrollingTrace, now: float, spans: list[tuple[float, float]]
    ) -> None:
        trunk, reading = self._model.trunk, self._model.spine()
        kind = trunk.kind
        lean = kind is FlagKind.TRUNK_LEAN
        trace.set_title(
            kind_name(kind),
            tr("° from upright, one sensor, low confidence")
            if lean
            else tr("° from neutral, forward is positive"),
        )
        rule = trunk.rule(kind)
        trace.set_range(rule_span(rule))
        if rule is not None:
            trace.set_limits(rule.amber, rule.red, both_signs=rule.both_signs)
        value = reading.value if reading is not None else None
        live = reading is not None and reading.state is not DataState.HELD
        mark = "~" if reading is not None and reading.state is DataState.ESTIMATED else ""
        text = BLANK if value is None else f"{mark}{number(value, 0)}°"
        trace.value.say(text, "" if value is not None and live else "muted")
        self._show_column(trace, COLUMN[kind], now, spans)

    def _show_column(
        self, trace: ScrollingTrace, column: int, now: float, spans: list[tuple[float, float]]
    ) -> None:
        ring = self._model.trunk.ring
        times = ring.time_s
        first = int(times.searchsorted(now - WINDOW_S))
        holes = ring.holes_of(column, now)
        if not len(ring) and self._model.trunk.placed:  # never a calm empty plot
            holes = ((now - WINDOW_S, now),)
        trace.show_window(times[first:], ring.column(column)[first:], now, holes, spans)
