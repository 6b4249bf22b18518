"""The clinician view: read at half a metre, every thing in its fixed place."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.cue_bar import CueBar
from lift_monitor.ui.faults import FaultPanel
from lift_monitor.ui.hero import Hero
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Changed
from lift_monitor.ui.set_panel import SetPanel
from lift_monitor.ui.spine_panel import SpinePanel
from lift_monitor.ui.style import Style
from lift_monitor.ui.table_panels import LandingsPanel, RepetitionsPanel, SetsPanel, ignore_hints
from lift_monitor.ui.tables import Table
from lift_monitor.ui.technique import TechniquePanel
from lift_monitor.ui.text import Styled, tight
from lift_monitor.ui.trace_panel import TracePanel
from lift_monitor.ui.traces import ScrollingTrace

_BAR: Final = (57, 43)
_TRUNK: Final = (53, 47)
"""Widths of the columns; the gauge and two lists side by side need more."""


class ClinicianView(QWidget, Styled):
    """Bars and the number, traces, tables, the two lists; with a trunk sensor the spine.

    A panel whose sensor is not there is not drawn empty: the others take its place.
    """

    repetition_chosen = Signal(float)
    """Session time to look at: the start of a repetition that was activated."""
    moment_chosen = Signal(float)
    """Session time at which a flag that was pressed began."""

    def __init__(self, model: SessionModel) -> None:
        super().__init__()
        self._model = model
        self._arranged: tuple[bool, bool, bool] | None = None
        self.set_panel, self.trace_panel = SetPanel(), TracePanel(model)
        self.repetitions, self.sets_panel = RepetitionsPanel(), SetsPanel()
        self.landings = LandingsPanel()
        self.spine, self.technique, self.technical = SpinePanel(), TechniquePanel(), FaultPanel()
        self._lists = QWidget()
        self._pair = tight(QHBoxLayout(self._lists))
        self._pair.addWidget(self.technique, 50)
        self._pair.addWidget(self.technical, 50)
        self._right_panels = (
            self.spine,
            self.repetitions,
            self.sets_panel,
            self.landings,
            self._lists,
        )
        for panel in (self.set_panel, self.trace_panel, *self._right_panels):
            ignore_hints(panel)
        for panel in (self.technique, self.technical):
            ignore_hints(panel)
        left, self._right = tight(QVBoxLayout()), tight(QVBoxLayout())
        left.addWidget(self.set_panel, 52)
        left.addWidget(self.trace_panel, 48)
        for panel in self._right_panels:
            self._right.addWidget(panel)
        self._columns = (left, self._right)
        self._row = tight(QHBoxLayout(self))
        self._row.addLayout(left)
        self._row.addLayout(self._right)
        self.repetitions.chosen.connect(self._choose)
        self.landings.chosen.connect(self._choose_landing)
        self.technique.chosen.connect(self.moment_chosen)
        self.repetitions.other.clicked.connect(lambda: self._show_sets(True))
        self.sets_panel.other.clicked.connect(lambda: self._show_sets(False))
        self._arrange()

    # What belongs to the panels, where it is looked for.
    @property
    def bars(self) -> QWidget:
        """Bars of the repetitions, or of the landings."""
        return self.set_panel.chart

    @property
    def hero(self) -> Hero:
        """The one number."""
        return self.set_panel.hero

    @property
    def cue(self) -> CueBar:
        """The cue."""
        return self.set_panel.cue

    @property
    def table(self) -> Table:
        """Repetitions of the set."""
        return self.repetitions.table

    @property
    def sets(self) -> Table:
        """Sets of the session."""
        return self.sets_panel.table

    @property
    def velocity(self) -> ScrollingTrace:
        """Trace of the bar's velocity."""
        return self.trace_panel.velocity

    @property
    def height_trace(self) -> ScrollingTrace:
        """Trace of the bar's height."""
        return self.trace_panel.height_trace

    def set_style(self, style: Style) -> None:
        """Take gaps."""
        gap = style.px(tokens.GAP)
        for layout in (*self._columns, self._row, self._pair):
            layout.setSpacing(gap)

    # -- what is shown ------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Give every panel its place; only when sensors come or go."""
        model = self._model
        trunk, landing = model.trunk.sensed, model.landing_session
        bar = model.bar_sensor is not None
        wanted = (trunk, landing, bar)
        if wanted == self._arranged:
            return
        self._arranged = wanted
        wide = trunk or landing
        for index, share in enumerate(_TRUNK if wide else _BAR):
            self._row.setStretch(index, share)
        shares = {
            self.spine: 37 if trunk else 0,
            self.repetitions: 0 if landing else (33 if wide else 42),
            self.landings: (33 if trunk else 60) if landing else 0,
            self.sets_panel: 0 if wide else 28,
            self._lists: 30,
        }
        for panel, share in shares.items():
            panel.setVisible(share > 0)
            self._right.setStretchFactor(panel, share)
        self.technique.setVisible(wide)
        self.repetitions.show_trunk(trunk)
        for panel in (self.repetitions, self.sets_panel):
            panel.other.setVisible(wide and not landing)
        self.set_panel.show_landings(landing)
        self.trace_panel.arrange(bar=bar and not landing, trunk=trunk)

    def _show_sets(self, shown: bool) -> None:
        """Where there is room for one table only: the sets in the place of the repetitions."""
        self._right.setStretchFactor(self.sets_panel, 33)
        self.sets_panel.setVisible(shown)
        self.repetitions.setVisible(not shown)
        (self.sets_panel if shown else self.repetitions).other.setFocus()

    def refresh(self, changed: Changed) -> None:
        """Bring to the screen what an update touched."""
        model = self._model
        if changed & (Changed.STATUS | Changed.TECHNIQUE):
            self._arrange()
        flags = Changed.SET | Changed.TECHNIQUE
        if changed & (flags | Changed.STATUS):
            self.set_panel.show_model(model, bars=bool(changed & flags))
            self._show_technique()
        if changed & flags:
            self.repetitions.show_model(model)
            self.sets_panel.show_model(model)
            self.landings.show_model(model)
        if changed & (Changed.FAULTS | Changed.STATUS):
            self.technical.show_faults(model.faults())
        if self._arranged and self._arranged[0] and changed & (Changed.SPINE | Changed.STATUS):
            self.spine.show_model(model)
        if changed & (Changed.TRACE | Changed.SPINE | Changed.STATUS):
            self.trace_panel.show_model()

    def _show_technique(self) -> None:
        model = self._model
        known = model.status is not None
        missing = tr("Technique is not watched: no sensor on thorax or pelvis.")
        self.technical.show_foot(missing if known and not model.trunk.sensed else "")
        if self._arranged is None or not (self._arranged[0] or self._arranged[1]):
            return
        self.technique.show_model(model)
        dose = model.trunk.landings.dose
        strip = ""
        if dose.count and not model.landing_session:
            strip = tr(
                "Landings {n}, hardest {least}{bw} BW, index {index}",
                n=dose.count,
                least="≥ " if dose.at_least else "",
                bw=number(dose.hardest_bw, 1),
                index=number(dose.osteogenic_index, 1),
            )
        self.technique.show_foot(strip)

    def _choose(self, row: int) -> None:
        view = self._model.current
        if view is not None and 0 <= row < len(view.repetitions):
            self.repetition_chosen.emit(view.repetitions[row].start_s)

    def _choose_landing(self, row: int) -> None:
        items = self._model.trunk.landings.items
        if 0 <= row < len(items):
            self.moment_chosen.emit(items[row].landing.contact_s)
