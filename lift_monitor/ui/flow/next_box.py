"""What is next: what should be on the bar, what is on it, and a set counted by hand."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.programme.plates import HEAVIEST_KG
from lift_monitor.programme.record import SetKind
from lift_monitor.ui import tokens
from lift_monitor.ui.fields import Stepper
from lift_monitor.ui.flow.flow_grid import FlowGrid
from lift_monitor.ui.flow.words import join, kg_word, next_word, what_word
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.plates_figure import PlatesFigure
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Styled, Text, tight
from lift_monitor.visit.today import Today

PLATE_KG: Final = 0.5


class NextBox(QWidget, Styled):
    """The next set; its load can be corrected before it is lifted."""

    load_corrected = Signal(float)
    """What is really on the bar for the next sets."""
    skipped = Signal()
    change_asked = Signal()
    """Another dose of an exercise for today, or none of it."""
    counted = Signal(int)
    """A set was done, with so many repetitions, that no sensor saw."""

    def __init__(self) -> None:
        super().__init__()
        self._quiet = False
        self._shown: tuple[str, SetKind, int] | None = None
        self._title = Text(tr("NEXT"), role="muted", weight="semibold", size=tokens.TEXT_SMALL)
        self.what = Text(weight="semibold", size=tokens.TEXT)
        self.plates = PlatesFigure()
        self.load = Stepper(
            tr("Load on the bar for the next set"), 0.0, HEAVIEST_KG, PLATE_KG, tr("kg")
        )
        self.skip = Button(tr("Skip"), tr("Leave out the next set"))
        self.change = Button(
            tr("Change today…"), tr("Change sets, repetitions or load for today, or leave out")
        )
        self.reps = Stepper(tr("Repetitions counted by hand"), 0, 50, 1)
        self.store = Button(tr("Count by hand"), tr("Store the next set as counted by hand"))
        self.bar = QWidget()
        line = tight(QHBoxLayout(self.bar), 6)
        line.addWidget(self.load)
        by_hand = QWidget()
        line = tight(QHBoxLayout(by_hand), 6)
        line.addWidget(self.reps)
        line.addWidget(self.store)
        self._by_hand = by_hand
        self.grid = FlowGrid()
        column = tight(QVBoxLayout(self), 4)
        column.addWidget(self._title)
        column.addWidget(self.what)
        column.addWidget(self.plates)
        column.addWidget(self.grid)
        self.load.changed.connect(self._correct)
        self.skip.clicked.connect(self.skipped)
        self.change.clicked.connect(self.change_asked)
        self.store.clicked.connect(lambda: self.counted.emit(round(self.reps.value)))

    def set_style(self, style: Style) -> None:
        """Break the line of buttons anew."""
        for button in (self.skip, self.change, self.store, self.load.less, self.load.more):
            button.set_style(style)
        for stepper in (self.load, self.reps):
            for button in (stepper.less, stepper.more):
                button.set_style(style)
            stepper.set_style(style)
        for widget in (self.bar, self._by_hand, self.skip, self.change):
            widget.adjustSize()
        self._place()

    def show_today(self, today: Today) -> None:
        """Show the next set of the current exercise."""
        planned, current = today.next, today.current
        # What was left out can be taken up again, also where nothing else is to be done.
        for widget in (self.bar, self.skip, self._by_hand):
            widget.setEnabled(planned is not None)
        if planned is None or current is None:
            self.what.say(tr("nothing to do"))
            self.plates.show_bar(None)
            return
        reps = tr("{n} repetitions", n=planned.repetitions)
        what = what_word(planned, current.kind)
        self.what.say(join((next_word(today), reps, what)))
        self.what.setToolTip(self.what.full_text)
        why = tr("{kg}: plates not known", kg=kg_word(planned.load_kg)) if planned.load_kg else ""
        self.plates.show_bar(planned.bar, why)
        self._quiet = True
        self.load.set_value(planned.load_kg or 0.0)
        shown = (current.exercise, planned.kind, planned.number)
        if shown != self._shown:  # another set: what was counted for the one before is over
            self.reps.set_value(planned.repetitions)
            self._shown = shown
        self._quiet = False
        self.bar.setEnabled(planned.load_kg is not None)
        self._place()

    def _place(self) -> None:
        self.grid.set_items([self.bar, self.skip, self.change, self._by_hand])

    def _correct(self, kg: float) -> None:
        if not self._quiet:
            self.load_corrected.emit(kg)
