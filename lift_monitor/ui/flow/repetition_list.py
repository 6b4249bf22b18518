"""Repetitions of a stored set: a press takes one out or puts it back; everything can be undone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.clinic.words import StoredRepetition, StoredSet
from lift_monitor.events import Confidence
from lift_monitor.ui import tokens
from lift_monitor.ui.flow.flow_grid import FlowGrid
from lift_monitor.ui.i18n import DASH, number, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Styled, Text, tight
from lift_monitor.visit.today import last_set


class RepetitionChip(Button):
    """One repetition: number, velocity, flag; out or in."""

    def __init__(self) -> None:
        super().__init__("", tr("Repetition"), reserve="8 ~0.00 ■")
        self.repetition: StoredRepetition | None = None

    def show_repetition(self, rep: StoredRepetition, *, seen: bool = True) -> None:
        """Show a repetition.

        Parameters
        ----------
        rep : StoredRepetition
        seen : bool
            Whether its set was watched, by the sensors or by the clinician's eye; where nobody
            watched, no flag does not mean a clean repetition.
        """
        self.repetition = rep
        value = tr("added") if rep.measured is None else _velocity(rep)
        flag, told = "●", tr("no flag")
        if rep.red:
            flag, told = "■", tr("red flag")
        elif rep.amber:
            flag, told = "▲", tr("amber flag")
        elif not seen or rep.measured is None:
            flag, told = "○", tr("technique not watched")
        shown = f"{rep.number} {value} {flag}" if rep.counts else tr("{n} out", n=rep.number)
        self.setText(shown)
        state = tr("counts; press to take it out")
        if not rep.counts:
            state = tr("does not count; press to put it back")
        self.setAccessibleName(
            tr(
                "Repetition {n}, {v}, {flag}, {state}",
                n=rep.number,
                v=value,
                flag=told,
                state=state,
            )
        )
        self.setToolTip(self.accessibleName())


def _velocity(rep: StoredRepetition) -> str:
    measured = rep.measured
    if measured is None or measured.confidence is Confidence.NONE:
        return DASH
    low = "~" if measured.confidence is Confidence.LOW else ""
    return f"{low}{number(measured.mean_velocity_mps)}"


class RepetitionList(QWidget, Styled):
    """The repetitions of one set with what can be done about them."""

    pressed = Signal(int, bool)
    """Number of a repetition in the store, and whether it counts now."""
    added = Signal()
    undone = Signal()
    removed = Signal()
    """The whole set shall not count."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Style()
        self._chips: list[RepetitionChip] = []
        self.title = Text(role="muted", weight="semibold", size=tokens.TEXT_SMALL)
        self.grid = FlowGrid()
        self.add = Button(tr("+ 1"), tr("Add a repetition that was not measured"))
        self.undo = Button(tr("Undo"), tr("Take back the last edit of this set"))
        self.remove = Button(tr("Not a set"), tr("This set shall not count; it is kept"))
        self.add.setToolTip(self.add.accessibleName())
        self.undo.setToolTip(self.undo.accessibleName())
        self.remove.setToolTip(self.remove.accessibleName())
        foot = tight(QHBoxLayout(), 6)
        for button in (self.add, self.undo, self.remove):
            foot.addWidget(button)
        foot.addStretch(1)
        column = tight(QVBoxLayout(self), 6)
        column.addWidget(self.title)
        column.addWidget(self.grid)
        column.addLayout(foot)
        self.add.clicked.connect(self.added)
        self.undo.clicked.connect(self.undone)
        self.remove.clicked.connect(self.removed)

    @property
    def chips(self) -> list[RepetitionChip]:
        """The repetitions that are shown."""
        return [chip for chip in self._chips if not chip.isHidden()]

    def set_style(self, style: Style) -> None:
        """Take the style for chips that are made later."""
        self._style = style

    def show_set(self, done: StoredSet) -> None:
        """Show the repetitions of a set."""
        while len(self._chips) < len(done.repetitions):
            chip = RepetitionChip()
            chip.set_style(self._style)
            chip.clicked.connect(lambda _=False, chip=chip: self._press(chip))
            self._chips.append(chip)
        shown = self._chips[: len(done.repetitions)]
        technique_seen = done.new.watched or done.ratings.seen_clean is True
        for chip, rep in zip(shown, done.repetitions, strict=True):
            chip.show_repetition(rep, seen=technique_seen)
        self.grid.set_items(list(shown))
        seen = last_set(done)
        what = tr("LANDINGS") if done.new.landings else tr("REPETITIONS")
        count = DASH if seen.counted is None else str(seen.counted)
        unit = "" if done.new.landings else tr(", m/s")
        self.title.say(
            tr("{what}: {n} of {m} count{unit}", what=what, n=count, m=seen.target, unit=unit)
        )

    def _press(self, chip: RepetitionChip) -> None:
        if chip.repetition is not None:
            self.pressed.emit(chip.repetition.id, chip.repetition.counts)
