"""The clearance itself: a level that the findings allow, caps, exclusions, and its note."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lift_monitor.programme.clearance import Clearance, Exclusion, Level
from lift_monitor.programme.plan import PlanExercise
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.choices import Marked, Options
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import NumberField, Sentence, TextField
from lift_monitor.ui.people.layout import Card, Paragraph, Part
from lift_monitor.ui.people.words import level_means, level_word
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, tight

_CAREFUL = (Level.NO_LOAD, Level.RESTRICTED, Level.HIGH_INTENSITY)


class ExclusionRow(Part):
    """One exercise of the plan, and why this person does not do it."""

    changed = Signal()

    def __init__(self, exercise: PlanExercise) -> None:
        super().__init__()
        self.key = exercise.key
        self.button = Marked(
            tr("Without {name}", name=exercise.name.lower()),
            tr("Exclude {name}", name=exercise.name),
        )
        self.reason = TextField(tr("Why not {name}", name=exercise.name.lower()), longest=300)
        self.reason.hide()
        self._column = tight(QVBoxLayout(self), 4)
        self._column.addWidget(self.button)
        self._column.addWidget(self.reason)
        self.button.toggled.connect(self._toggled)
        self.reason.changed.connect(self.changed)

    def _toggled(self, on: bool) -> None:
        self.reason.setVisible(on)
        self.changed.emit()

    def show_exclusion(self, exclusion: Exclusion | None) -> None:
        """Fill in."""
        self.button.setChecked(exclusion is not None)
        self.reason.set_text(exclusion.reason if exclusion is not None else "")


class ClearanceCard(Card):
    """Decides what a person may do; never more than the findings that count allow.

    Parameters
    ----------
    exercises : sequence of PlanExercise
        Of the plan, each of which can be excluded.
    """

    changed = Signal()
    save_asked = Signal()

    def __init__(self, exercises: Sequence[PlanExercise]) -> None:
        super().__init__(tr("Clearance"))
        self._allowed = Level.NO_LOAD
        self._chosen = False
        self.stands = Paragraph(weight="semibold")
        self.proposed = Paragraph()
        self.level = Options(
            tr("Level"), tuple((level.value, level_word(level)) for level in _CAREFUL)
        )
        self.means = Paragraph(role="muted", size=tokens.TEXT_SMALL)
        self.cap_pct = NumberField(
            tr("Load, at most"), tr("% of 1RM"), 10, 100, 0, empty=tr("no cap")
        )
        self.cap_kg = NumberField(tr("Bar, at most"), tr("kg"), 0, 500, 1, empty=tr("no cap"))
        self.impacts = Marked(tr("Impacts"), tr("Impacts are allowed"))
        self.raised = Marked(tr("Raised start"), tr("Lifts begin from a raised bar"))
        self.exclusions = [ExclusionRow(exercise) for exercise in exercises]
        self.note = TextField(tr("Note on the clearance"))
        self.sentence = Sentence()
        self.save = Button(tr("Save assessment and clearance"), tr("Save assessment and clearance"))
        self.save.setProperty("kind", "primary")
        self._flows: list[Flow] = []
        self._lay_out()
        self.level.tapped.connect(self._level_chosen)
        for field in (self.cap_pct, self.cap_kg, self.note):
            field.changed.connect(self.changed)
        for row in self.exclusions:
            row.changed.connect(self.changed)
        for button in (self.impacts, self.raised):
            button.toggled.connect(lambda _on: self.changed.emit())
        self.save.clicked.connect(self.save_asked)

    def _lay_out(self) -> None:
        column = self.column
        column.addWidget(self.stands)
        column.addWidget(self.proposed)
        column.addWidget(self.level)
        column.addWidget(self.means)
        column.addWidget(self._row(self.impacts, self.raised))
        column.addWidget(self._row(self.cap_pct, self.cap_kg))
        column.addWidget(self._row(*self.exclusions))
        column.addWidget(self.note)

    def _row(self, *widgets: QWidget) -> QWidget:
        holder = QWidget()
        flow = Flow(holder)
        self._flows.append(flow)
        for widget in widgets:
            flow.addWidget(widget)
        return holder

    def set_style(self, style: Style) -> None:
        """Take paddings and gaps."""
        super().set_style(style)
        for flow in self._flows:
            flow.setSpacing(style.px(8))

    # -- what is decided --------------------------------------------------------------------------

    def allow(self, proposed: Clearance, *, take_over: bool) -> None:
        """Say what the findings that count allow; a level beyond it falls back.

        Parameters
        ----------
        proposed : Clearance
            What follows from the assessment and the overrides.
        take_over : bool
            Show the proposal as the decision, until the clinician has chosen; else only lower
            what is beyond it. A level never rises by itself once somebody chose.
        """
        self._allowed = proposed.level
        for level in _CAREFUL:
            self.level.buttons[level.value].setEnabled(self._may(level))
        told = tr(
            "At most, from the findings that count: {level}.", level=level_word(self._allowed)
        )
        self.proposed.say(told)
        if (take_over and not self._chosen) or not self._may(Level(self.level.key)):
            self.level.show_key(self._allowed.value)
            self._show_measures(proposed)
        self._tell_level()

    def _may(self, level: Level) -> bool:
        return _CAREFUL.index(level) <= _CAREFUL.index(self._allowed)

    def _show_measures(self, clearance: Clearance) -> None:
        self.impacts.setChecked(clearance.impacts)
        self.raised.setChecked(clearance.raised_start)
        self.cap_pct.set_value(clearance.cap_pct)
        self.cap_kg.set_value(clearance.cap_kg)

    def show_clearance(self, clearance: Clearance) -> None:
        """Show what stands."""
        self._chosen = True
        self.level.show_key(clearance.level.value)
        self._show_measures(clearance)
        self.note.set_text(clearance.note)
        for row in self.exclusions:
            row.show_exclusion(next((x for x in clearance.excluded if x.exercise == row.key), None))
        self._tell_level()

    def _level_chosen(self) -> None:
        self._chosen = True
        restricted = Level(self.level.key) is not Level.HIGH_INTENSITY
        self.impacts.setChecked(not restricted)
        self.raised.setChecked(restricted)
        self._tell_level()
        self.changed.emit()

    def _tell_level(self) -> None:
        level = Level(self.level.key)
        self.means.say(level_means(level))
        restricted = level is Level.RESTRICTED
        self.impacts.setEnabled(level is Level.HIGH_INTENSITY)
        self.raised.setEnabled(level is not Level.NO_LOAD)
        for field in (self.cap_pct, self.cap_kg):
            field.setEnabled(restricted or level is Level.HIGH_INTENSITY)

    def wrong(self) -> str:
        """Why it cannot be saved; empty if it can."""
        for row in self.exclusions:
            if row.button.isChecked() and not row.reason.text:
                row.reason.require(tr("Say why: it is kept in the record."))
                row.reason.field.setFocus()
                return tr("An exercise is left out only for a reason: type it.")
        for field in (self.cap_pct, self.cap_kg):
            if field.problem:
                field.field.setFocus()
                return tr("{caption}: {problem}", caption=field.caption, problem=field.problem)
        return ""

    def excluded(self, by: str, kept: Sequence[Exclusion]) -> tuple[Exclusion, ...]:
        """Exercises left out; who left one out before stays its author."""
        found = []
        for row in self.exclusions:
            if row.button.isChecked():
                old = next(
                    (x for x in kept if (x.exercise, x.reason) == (row.key, row.reason.text)), None
                )
                found.append(old or Exclusion(row.key, row.reason.text, by))
        return tuple(found)
