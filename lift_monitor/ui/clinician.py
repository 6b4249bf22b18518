"""The clinician view: read at half a metre, every thing in its fixed place."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

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
_ASIDE: Final = 17
"""Share of the width, in per cent, of the day's exercises in a session of the programme."""
_HERO_SHARE: Final = 0.75
"""Size of the number beside the day's exercises."""
_SHARES: Final = {
    "bar": (52, 48, 0, 42, 28, 0, 30),
    "bar_trunk": (52, 48, 37, 33, 0, 0, 30),
    "trunk": (11, 89, 60, 0, 0, 0, 40),
    "landings": (52, 48, 37, 0, 0, 33, 30),
    "landings_alone": (52, 48, 0, 0, 0, 60, 40),
}
"""By what there are sensors for: heights of set and traces on the left, of spine, repetitions,
sets, landings and lists on the right; 0 is not shown."""


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
        self._arranged = ""
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
        self._left_panels = (self.set_panel, self.trace_panel)
        self._columns = tight(QVBoxLayout()), tight(QVBoxLayout())
        self._panes = QStackedWidget()
        self._columns_pane = QWidget()
        self._row = tight(QHBoxLayout(self._columns_pane))
        self._panes.addWidget(self._columns_pane)
        self._whole = tight(QHBoxLayout(self))
        self._whole.addWidget(self._panes, 100 - _ASIDE)
        for column, panels in zip(
            self._columns, (self._left_panels, self._right_panels), strict=True
        ):
            self._row.addLayout(column)
            for panel in panels:
                column.addWidget(panel)
                ignore_hints(panel)
        for panel in (self.technique, self.technical):
            ignore_hints(panel)
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
        for layout in (*self._columns, self._row, self._pair, self._whole):
            layout.setSpacing(gap)

    # -- a session of the programme ------------------------------------------------------------

    def take_aside(self, aside: QWidget, rest: QWidget) -> None:
        """Show the day's exercises on the left, and what is asked at rest when it is time.

        Parameters
        ----------
        aside : QWidget
            Stands beside everything else.
        rest : QWidget
            Takes the place of all but ``aside`` while :meth:`show_rest` says so.
        """
        self._whole.insertWidget(0, aside, _ASIDE)
        self._panes.addWidget(rest)
        ignore_hints(aside)
        self.set_panel.hero.make_room(_HERO_SHARE)

    def show_rest(self, shown: bool) -> None:
        """Ask what is to be asked at rest, or watch."""
        if self._panes.count() > 1:
            self._panes.setCurrentIndex(int(shown))

    @property
    def rest_shown(self) -> bool:
        """Whether what is asked at rest is to be seen."""
        return self._panes.currentIndex() == 1

    # -- what is shown ------------------------------------------------------------------------

    def _kind(self) -> str:
        """A key of :data:`_SHARES`."""
        model = self._model
        trunk = model.trunk.sensed
        if model.landing_session:
            return "landings" if trunk else "landings_alone"
        if not trunk:
            return "bar"
        return "trunk" if model.bar_sensor is None else "bar_trunk"

    def _arrange(self) -> None:
        """Give every panel its place; only when sensors come or go."""
        kind = self._kind()
        if kind == self._arranged:
            return
        self._arranged = kind
        alone, trunk = kind == "bar", self._model.trunk.sensed
        for index, share in enumerate(_BAR if alone else _TRUNK):
            self._row.setStretch(index, share)
        left, right = self._columns
        shares = _SHARES[kind]
        for column, panels, wanted in (
            (left, self._left_panels, shares[:2]),
            (right, self._right_panels, shares[2:]),
        ):
            for panel, share in zip(panels, wanted, strict=True):
                panel.setVisible(share > 0)
                column.setStretchFactor(panel, share)
        self.technique.setVisible(not alone)
        self.repetitions.show_trunk(trunk)
        for table in (self.repetitions, self.sets_panel):
            table.other.setVisible(kind == "bar_trunk")
        landing = self._model.landing_session
        self.set_panel.show_landings(landing, lifted=kind != "trunk")
        self.trace_panel.arrange(bar=kind in ("bar", "bar_trunk"), trunk=trunk)

    def _show_sets(self, shown: bool) -> None:
        """Where there is room for one table only: the sets in the place of the repetitions."""
        self._columns[1].setStretchFactor(self.sets_panel, 33)
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
        if not self.spine.isHidden() and changed & (Changed.SPINE | Changed.STATUS):
            self.spine.show_model(model)
        if changed & (Changed.TRACE | Changed.SPINE | Changed.STATUS):
            self.trace_panel.show_model()

    def _show_technique(self) -> None:
        model = self._model
        known = model.status is not None
        missing = tr("Technique is not watched: no sensor on thorax or pelvis.")
        self.technical.show_foot(missing if known and not model.trunk.sensed else "")
        if self._arranged == "bar":
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
