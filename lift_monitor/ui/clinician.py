"""The clinician view: read at half a metre, every thing in its fixed place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lift_monitor.events import Confidence, Repetition
from lift_monitor.ui import tokens
from lift_monitor.ui.bars import BarsState, RepetitionBars
from lift_monitor.ui.faults import FaultPanel
from lift_monitor.ui.hero import CueBar, Hero
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.ranges import ranges_of
from lift_monitor.ui.readings import Changed, DataState
from lift_monitor.ui.style import Style
from lift_monitor.ui.tables import (
    REPETITION_COLUMNS,
    SET_COLUMNS,
    Table,
    repetition_row,
    set_row,
)
from lift_monitor.ui.text import Panel, Styled, Text, tight
from lift_monitor.ui.traces import ScrollingTrace
from lift_monitor.ui.wording import why


def _title(text: str) -> Text:
    return Text(text, role="muted", weight="semibold", size=tokens.TEXT_SMALL)


def _fill(panel: QWidget) -> None:
    panel.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)


class ClinicianView(QWidget, Styled):
    """Bars and the number, traces, tables, technical list."""

    repetition_chosen = Signal(float)
    """Session time to look at: the start of a repetition that was activated."""

    def __init__(self, model: SessionModel) -> None:
        super().__init__()
        self._model = model
        left, right = tight(QVBoxLayout()), tight(QVBoxLayout())
        left.addWidget(self._make_set_panel(), 52)
        left.addWidget(self._make_trace_panel(), 48)
        right.addWidget(self._make_repetition_panel(), 42)
        right.addWidget(self._make_sets_panel(), 28)
        self._technical = FaultPanel(tr("Technical"), tr("No technical fault"))
        _fill(self._technical)
        right.addWidget(self._technical, 30)
        self._columns = (left, right)
        self._row = tight(QHBoxLayout(self))
        self._row.addLayout(left, 57)
        self._row.addLayout(right, 43)

    def _make_set_panel(self) -> Panel:
        panel = Panel(tr("This set"))
        self._set_title = _title(tr("MEAN CONCENTRIC VELOCITY, m/s"))
        self._set_state = Text(role="muted", size=tokens.TEXT_SMALL)
        self.bars, self.hero, self.cue = RepetitionBars(), Hero(), CueBar()
        head = tight(QHBoxLayout(), 10)
        head.addWidget(self._set_title)
        head.addWidget(self._set_state, 1)
        chart = tight(QVBoxLayout(), 4)
        chart.addLayout(head)
        chart.addWidget(self.bars, 1)
        top = tight(QHBoxLayout(), 16)
        top.addLayout(chart, 1)
        top.addWidget(self.hero)
        column = QVBoxLayout(panel)
        column.addLayout(top, 1)
        column.addWidget(self.cue)
        _fill(panel)
        return panel

    def _make_trace_panel(self) -> Panel:
        panel = Panel(tr("Traces of the last ten seconds"))
        fixed = ranges_of(self._model.config.exercise)
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
        column = QVBoxLayout(panel)
        column.addWidget(self.velocity, 50)
        column.addWidget(self.height_trace, 50)
        _fill(panel)
        return panel

    def _make_repetition_panel(self) -> Panel:
        panel = Panel(tr("Repetitions"))
        self._table_title = _title(tr("REPETITIONS"))
        self._table_state = Text(
            role="muted", size=tokens.TEXT_SMALL, align=Qt.AlignmentFlag.AlignRight
        )
        self.table = Table(tr("Repetitions of this set"), REPETITION_COLUMNS)
        self.table.chosen.connect(self._choose)
        self._note = Text(role="muted", size=tokens.TEXT_SMALL, wrap_lines=2)
        head = tight(QHBoxLayout(), 10)
        head.addWidget(self._table_title)
        head.addWidget(self._table_state, 1)
        column = QVBoxLayout(panel)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self._note)
        _fill(panel)
        return panel

    def _make_sets_panel(self) -> Panel:
        panel = Panel(tr("Sets"))
        self.sets = Table(tr("Sets of this session"), SET_COLUMNS)
        column = QVBoxLayout(panel)
        column.addWidget(_title(tr("SETS")))
        column.addWidget(self.sets, 1)
        _fill(panel)
        return panel

    def set_style(self, style: Style) -> None:
        """Take gaps."""
        gap = style.px(tokens.GAP)
        for column in self._columns:
            column.setSpacing(gap)
        self._row.setSpacing(gap)

    def refresh(self, changed: Changed) -> None:
        """Bring to the screen what an update touched."""
        model = self._model
        if changed & (Changed.SET | Changed.STATUS):
            self.hero.show_model(model)
            self.cue.show_model(model)
        if changed & Changed.SET:
            self.bars.show_state(BarsState.of(model))
            self._show_tables()
        if changed & (Changed.FAULTS | Changed.STATUS):
            self._technical.show_faults(model.faults())
        if changed & (Changed.TRACE | Changed.STATUS):
            self._show_traces()

    def _show_tables(self) -> None:
        model, view = self._model, self._model.current
        reps = view.repetitions if view else []
        self.table.show_rows(
            [repetition_row(rep, model.level_of(rep)) for rep in reps],
            strong=len(reps) - 1 if reps and not model.resting else None,
        )
        self.sets.show_rows([set_row(s, model) for s in model.sets])
        state = ""
        if view is not None:
            refined = bool(reps) and all(rep.refined for rep in reps)
            state = tr("refined after set") if refined else tr("provisional")
        self._set_state.say(state)
        self._table_state.say(tr("set {n}", n=view.number) + " · " + state if view else "")
        self._note.say(self._reason_note(reps))

    def _reason_note(self, reps: list[Repetition]) -> str:
        for rep in reversed(reps):
            if rep.confidence is not Confidence.HIGH and rep.reasons:
                return tr("▲ Rep {n}: {why}", n=rep.number, why="; ".join(rep.reasons))
        withdrawn = self._model.current.withdrawn if self._model.current else []
        if withdrawn:
            last = withdrawn[-1]
            return tr("Rep {n} withdrawn: {why}", n=last.number, why=last.reason)
        return tr("~ low confidence · ± estimated standard deviation · loss against the best")

    def _show_traces(self) -> None:
        model, ring = self._model, self._model.ring
        now = model.now_s
        holes = ring.holes(now)
        spans = [
            (rep.concentric_start_s, rep.concentric_end_s)
            for rep in model.repetitions[-12:]
            if rep.concentric_end_s > now - 12.0
        ]
        reading = model.live_reading()
        dim = "" if reading.state is DataState.LIVE else "muted"
        height = float(ring.height_m[-1]) if len(ring) and reading.value is not None else None
        text = tr("{v} m/s", v=number(reading.value)) if reading.value is not None else why(reading)
        self.velocity.value.say(text, dim)
        text = tr("{h} m", h=number(height)) if height is not None else number(None)
        self.height_trace.value.say(text, dim)
        self.velocity.show_window(ring.time_s, ring.velocity_mps, now, holes, spans)
        self.height_trace.show_window(ring.time_s, ring.height_m, now, holes, spans)

    def _choose(self, row: int) -> None:
        view = self._model.current
        if view is not None and 0 <= row < len(view.repetitions):
            self.repetition_chosen.emit(view.repetitions[row].start_s)
