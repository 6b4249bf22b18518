"""Another dose of an exercise for this session, or none of it. A panel, never a modal dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.programme.day_change import MOST_REPETITIONS, MOST_SETS
from lift_monitor.programme.plan import Plan
from lift_monitor.programme.plates import HEAVIEST_KG
from lift_monitor.programme.prescription import PrescribedSet, Prescription
from lift_monitor.programme.record import DayChange, SetKind
from lift_monitor.ui import tokens
from lift_monitor.ui.fields import ChoiceField, Field, Stepper
from lift_monitor.ui.flow.flow_grid import FlowGrid
from lift_monitor.ui.flow.next_box import PLATE_KG
from lift_monitor.ui.flow.quick_reasons import QuickReasons, reason_line, said
from lift_monitor.ui.flow.rating import Toggle
from lift_monitor.ui.flow.scroll import Scroll
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import LargeButton, Panel, Text, tight

_MOST_RUNGS: Final = 50


class ChangeForm(Panel):
    """What is prescribed of an exercise, to be made less or other for today."""

    changed = Signal(str, str, dict)
    """Key of the exercise, reason, and what differs from what is prescribed."""
    left = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Change today"))
        self._style = Style()
        self._plan: Plan | None = None
        self._found: dict[str, Prescription] = {}
        self._changes: Mapping[str, DayChange] = {}
        self._quiet = False
        small = tokens.TEXT_SMALL
        self._title = Text(
            tr("CHANGE FOR THIS SESSION ONLY"), role="muted", weight="semibold", size=small
        )
        self._lead = Text(
            tr("What was decided for the next session stays as it is."),
            weight="semibold",
            size=tokens.TEXT_STRONG,
            wrap_lines=1,
        )
        self.exercise = ChoiceField(tr("Exercise that is changed today"))
        self.leave_out = Toggle(tr("Leave out"), tr("Leave this exercise out today"))
        self.sets = Stepper(tr("Sets today"), 1, MOST_SETS, 1)
        self.repetitions = Stepper(tr("Repetitions in each set today"), 1, MOST_REPETITIONS, 1)
        self.load = Stepper(tr("Load today"), 0.0, HEAVIEST_KG, PLATE_KG, tr("kg"))
        self.rung = Stepper(tr("Rung today"), 1, _MOST_RUNGS, 1)
        self.reason = reason_line()
        self.reasons = QuickReasons(self.reason)
        self.leaving = FlowGrid()
        self.leaving.set_items([self.leave_out])
        self.doses = FlowGrid(gap=12)
        self._fields = {
            stepper: Field(caption, stepper)
            for caption, stepper in (
                (tr("Sets"), self.sets),
                (tr("Repetitions"), self.repetitions),
                (tr("Load"), self.load),
                (tr("Rung"), self.rung),
            )
        }
        self.doses.set_items(list(self._fields.values()))  # theirs from now on, shown or not
        self._said = Text(role="muted", size=small, wrap_lines=2)
        self.confirm = LargeButton(tr("Change today"), tr("Change it for this session"))
        self.confirm.setProperty("kind", "primary")
        self.back = LargeButton(tr("Back"), tr("Change nothing"), tr("Esc"))
        self._inside = QWidget()
        self.area = Scroll(self._inside)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = tight(QHBoxLayout(), 12)
        head.addWidget(Field(tr("Exercise"), self.exercise))
        head.addStretch(1)
        foot = tight(QHBoxLayout(), 8)
        foot.addWidget(self._said, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.confirm)
        inside = tight(QVBoxLayout(self._inside), 10)
        inside.addLayout(head)
        inside.addWidget(self.leaving)
        inside.addWidget(self.doses)
        inside.addWidget(self.reasons)
        inside.addWidget(Field(tr("Reason"), self.reason))
        inside.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addWidget(self._lead)
        column.addWidget(self.area, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.exercise.currentIndexChanged.connect(lambda _: self._fill())
        self.leave_out.toggled.connect(lambda _: self._settle())
        self.rung.changed.connect(lambda _: self._fill_rung())
        for stepper in (self.sets, self.repetitions, self.load):
            stepper.changed.connect(lambda _: self._settle())
        self.reason.textChanged.connect(self._settle)
        self.reason.returnPressed.connect(self._confirm)
        self.confirm.clicked.connect(self._confirm)
        self.back.clicked.connect(self.left)

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        super().set_style(style)
        self._style = style

    # -- what is shown --------------------------------------------------------------------------

    def open(
        self,
        plan: Plan,
        prescribed: Sequence[Prescription],
        changes: Mapping[str, DayChange],
        current: str | None,
    ) -> None:
        """Begin anew.

        Parameters
        ----------
        plan
            Of the person.
        prescribed
            What stands for today, without what was changed.
        changes
            What was changed today, by exercise.
        current
            The exercise to begin with.
        """
        self._plan, self._changes = plan, changes
        self._found = {p.exercise: p for p in prescribed if not p.blocked}
        self._quiet = True
        self.exercise.clear()
        for found in self._found.values():
            self.exercise.addItem(found.name, found.exercise)
        self.exercise.set_style(self._style)  # its words are others now
        self.exercise.setCurrentIndex(max(0, self.exercise.findData(current)))
        self._quiet = False
        self._fill()
        self.reason.clear()
        self.exercise.setFocus()

    @property
    def _now(self) -> Prescription | None:
        return self._found.get(str(self.exercise.currentData() or ""))

    def _fill(self) -> None:
        found = self._now
        if found is None or self._quiet:
            self._place()
            self._settle()
            return
        change = self._changes.get(found.exercise)
        self._quiet = True
        self.leave_out.show_on(change is not None and change.left_out)
        work = found.work
        sets, repetitions, kg, rung = len(work), _repetitions(work), _kg(work), found.rung
        if change is not None:
            rung = rung if change.rung is None else change.rung
            sets, repetitions = self._dose(found, rung)
            sets = sets if change.sets is None else change.sets
            repetitions = repetitions if change.repetitions is None else change.repetitions
            kg = kg if change.load_kg is None else change.load_kg
        self.sets.set_value(sets)
        self.repetitions.set_value(repetitions)
        self.load.set_value(kg or 0.0)
        self.rung.set_value((rung or 0) + 1)
        self._quiet = False
        self._place()
        self._settle()

    def _fill_rung(self) -> None:
        """Another rung has another dose."""
        found = self._now
        if self._quiet or found is None or self._plan is None:
            return
        rungs = len(self._plan.exercise(found.exercise).ladder)
        if self.rung.value > rungs:
            self.rung.set_value(rungs)
            return
        self._quiet = True
        sets, repetitions = self._dose(found, round(self.rung.value) - 1)
        self.sets.set_value(sets)
        self.repetitions.set_value(repetitions)
        self._quiet = False
        self._settle()

    def _dose(self, found: Prescription, rung: int | None) -> tuple[int, int]:
        """Sets and repetitions without a change of them."""
        if found.rung is not None and rung is not None and self._plan is not None:
            step = self._plan.exercise(found.exercise).ladder[rung]
            return step.sets, step.repetitions
        work = found.work
        return len(work), _repetitions(work)

    def _place(self) -> None:
        found = self._now
        shown: list[QWidget] = []
        if found is not None:
            work = found.work
            test = bool(work) and work[0].kind is SetKind.TEST
            for stepper, wanted in (
                (self.sets, True),
                (self.repetitions, not test),
                (self.load, _kg(work) is not None),
                (self.rung, found.rung is not None),
            ):
                if wanted:
                    shown.append(self._fields[stepper])
        self.doses.set_items(shown)

    # -- what is pressed ------------------------------------------------------------------------

    def _differs(self) -> dict[str, object]:
        """What differs from what is prescribed; empty if nothing does."""
        found = self._now
        if found is None:
            return {}
        if self.leave_out.isChecked():
            return {"left_out": True}
        work, differs = found.work, dict[str, object]()
        rung = round(self.rung.value) - 1 if found.rung is not None else None
        if rung != found.rung:
            differs["rung"] = rung
        sets, repetitions = self._dose(found, rung)
        if round(self.sets.value) != sets:
            differs["sets"] = round(self.sets.value)
        test = bool(work) and work[0].kind is SetKind.TEST
        if not test and round(self.repetitions.value) != repetitions:
            differs["repetitions"] = round(self.repetitions.value)
        kg = _kg(work)
        if kg is not None and self.load.value != kg:
            differs["load_kg"] = self.load.value
        return differs

    def _settle(self) -> None:
        if self._quiet:
            return
        found = self._now
        self.doses.setEnabled(not self.leave_out.isChecked())
        differs = bool(self._differs())
        known = found is not None and found.exercise in self._changes
        missing = []
        if not differs and not known:
            missing.append(tr("what is to be other than prescribed"))
        if not said(self.reason):
            missing.append(tr("why"))
        if found is None:
            told = tr("Nothing may be done today, so that there is nothing to change.")
        elif missing:
            told = tr("Still to say: {what}.", what=tr(" and ").join(missing))
        elif not differs:
            told = tr("As prescribed again.")
        else:
            told = tr("Limits of this person hold all the same.")
        self._said.say(told)
        self.confirm.setEnabled(found is not None and not missing)
        self.confirm.setAccessibleDescription(told)

    def _confirm(self) -> None:
        for stepper in self._fields:
            stepper.commit()
        self._settle()
        found = self._now
        if self.confirm.isEnabled() and found is not None:
            self.changed.emit(found.exercise, said(self.reason), self._differs())


def _repetitions(work: tuple[PrescribedSet, ...]) -> int:
    return work[0].repetitions if work else 1


def _kg(work: tuple[PrescribedSet, ...]) -> float | None:
    return work[0].load_kg if work else None
