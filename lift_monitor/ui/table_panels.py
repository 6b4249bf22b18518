"""The panels of the tables: repetitions, sets, landings."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lift_monitor.events import Confidence, Repetition
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import exercise_name, tr
from lift_monitor.ui.landing_hero import LANDING_COLUMNS, landing_row
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.set_panel import provisional
from lift_monitor.ui.style import Style
from lift_monitor.ui.tables import (
    REPETITION_COLUMNS,
    SET_COLUMNS,
    SPARE_COLUMNS,
    SPINE_COLUMN,
    Table,
    repetition_row,
    set_row,
    spine_cell,
)
from lift_monitor.ui.text import Button, Panel, Styled, Text, tight

_NOTE_FROM_PX = 330
"""A panel lower than this at scale 1 has no room for the line below its table."""


def ignore_hints(panel: QWidget) -> None:
    """Only the stretch decides the size."""
    panel.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)


class TablePanel(Panel, Styled):
    """A title with a state, perhaps a way to another table, a table and a line below it.

    Parameters
    ----------
    title : str
    table : Table
    other : str
        Caption of the button that leads to the other table; hidden at first.
    """

    chosen = Signal(int)
    """A row was activated."""

    def __init__(self, title: str, table: Table, other: str = "") -> None:
        super().__init__(title)
        self.table = table
        self.table.chosen.connect(self.chosen)
        self._style = Style()
        self._title = Text(title.upper(), role="muted", weight="semibold", size=tokens.TEXT_SMALL)
        self._state = Text(role="muted", size=tokens.TEXT_SMALL, align=Qt.AlignmentFlag.AlignRight)
        self.other = Button(other, tr("Show {what} here", what=other.lower()))
        self.other.hide()
        self._note = Text(role="muted", size=tokens.TEXT_SMALL, wrap_lines=2)
        head = tight(QHBoxLayout(), 10)
        head.addWidget(self._title)
        head.addWidget(self._state, 1)
        head.addWidget(self.other)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self._note)

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        super().set_style(style)
        self._style = style
        self._fit_note()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The line below has to go before a row does."""
        super().resizeEvent(event)
        self._fit_note()

    def _fit_note(self) -> None:
        tall = self.height() >= _NOTE_FROM_PX * self._style.scale
        self._note.setVisible(bool(self._note.full_text) and tall)

    def say(self, state: str, note: str) -> None:
        """Say the state beside the title and the line below the table."""
        self._state.say(state)
        self._note.say(note)
        self._fit_note()


class RepetitionsPanel(TablePanel):
    """Repetitions of the set on the screen."""

    def __init__(self) -> None:
        table = Table(tr("Repetitions of this set"), REPETITION_COLUMNS, spare=SPARE_COLUMNS)
        super().__init__(tr("Repetitions"), table, tr("Sets"))
        self._trunk = True
        self.show_trunk(False)

    def show_trunk(self, shown: bool) -> None:
        """Whether the worst of the spine has a column."""
        self._trunk = shown
        self.table.show_column(SPINE_COLUMN, shown)

    def show_model(self, model: SessionModel) -> None:
        """Show the set on the screen."""
        view = model.current
        reps = view.repetitions if view else []
        alarms = model.alarms() if self._trunk else []
        self.table.show_rows(
            [repetition_row(r, model.level_of(r), spine_cell(r, model, alarms)) for r in reps],
            strong=len(reps) - 1 if reps and not model.resting else None,
        )
        state = tr("set {n}", n=model.number_of(view)) + " · " + provisional(model) if view else ""
        self.say(state, _reason_note(model, reps))


class SetsPanel(TablePanel):
    """Sets of the session; once it has had several exercises, of the one that is done now."""

    def __init__(self) -> None:
        table = Table(tr("Sets of this session"), SET_COLUMNS)
        super().__init__(tr("Sets"), table, tr("Repetitions"))

    def show_model(self, model: SessionModel) -> None:
        """Show the sets."""
        views = model.sets_of_exercise
        self.table.show_rows([set_row(view, model) for view in views])
        several = len(views) < len(model.sets)
        self.say(
            tr("{exercise} only", exercise=exercise_name(model.exercise)) if several else "", ""
        )


class LandingsPanel(TablePanel):
    """Landings of the session."""

    def __init__(self) -> None:
        super().__init__(tr("Landings"), Table(tr("Landings of this session"), LANDING_COLUMNS))

    def show_model(self, model: SessionModel) -> None:
        """Show all landings."""
        items = model.trunk.landings.items
        self.table.show_rows([landing_row(item) for item in items], strong=len(items) - 1)
        doubtful = [i for i in items if i.landing.confidence is not Confidence.HIGH]
        note = tr("~ low confidence · ≥ at least: the peak was cut off by the sensor's range")
        if doubtful:
            last = doubtful[-1]
            why = "; ".join(last.landing.reasons)
            note = tr("▲ Landing {n}: {why}", n=last.number, why=why) if why else note
        self.say("", note)


def _reason_note(model: SessionModel, reps: list[Repetition]) -> str:
    for rep in reversed(reps):
        if rep.confidence is not Confidence.HIGH and rep.reasons:
            return tr("▲ Rep {n}: {why}", n=rep.number, why="; ".join(rep.reasons))
    withdrawn = model.current.withdrawn if model.current else []
    if withdrawn:
        last = withdrawn[-1]
        return tr("Rep {n} withdrawn: {why}", n=last.number, why=last.reason)
    return tr("~ low confidence · ± estimated standard deviation · loss against the best")
