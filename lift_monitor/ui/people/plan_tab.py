"""The plan of a person: what it asks, edited as a whole, kept as a new version with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from lift_monitor.programme.plan import Gate, Plan, Rack
from lift_monitor.programme.plan_check import edited, problems
from lift_monitor.programme.shipped import PLANS
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.choices import Options
from lift_monitor.ui.people.columns import Columns, Foot
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import FormField, NumberField, Sentence, TextField
from lift_monitor.ui.people.layout import Card, Paragraph, Section, empty
from lift_monitor.ui.people.plan_fields import BarsField, ExerciseRow, PlatesField
from lift_monitor.ui.people.plan_limits import LimitsCard
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, tight

_LONGEST_REASON: Final = 300


class PlanTab(Section):
    """Shows the plan that holds and lets a clinician edit a copy of it.

    Parameters
    ----------
    file : PersonFile
    """

    def __init__(self, file: PersonFile) -> None:
        super().__init__()
        self.setAccessibleName(tr("Plan"))
        self._file = file
        self._base = file.plan
        self.rows: list[ExerciseRow] = []
        self.kind = Options(tr("Plan"), tuple((p.key, p.name) for p in PLANS.values()))
        self.whole = {
            "sessions": NumberField(tr("Sessions planned"), "", 1, 400, 0, needed=True),
            "sessions_a_week": NumberField(tr("Sessions a week"), "", 1, 7, 0, needed=True),
            "weeks": NumberField(tr("Weeks"), "", 1, 200, 0, needed=True),
            "retest_weeks": NumberField(tr("1RM anew after"), tr("weeks"), 1, 52, 0, needed=True),
        }
        self.gate = {
            "sessions": NumberField(tr("Familiarisation"), tr("sessions"), 0, 60, 0, needed=True),
            "clean_in_a_row": NumberField(
                tr("Clean in a row"), tr("sessions"), 0, 20, 0, needed=True
            ),
        }
        self.bars, self.plates = BarsField(), PlatesField()
        self.limits = LimitsCard()
        self.holds = Paragraph(weight="semibold")
        self.source = Paragraph(role="muted", size=tokens.TEXT_SMALL)
        self.problems = Paragraph()
        self.reason = TextField(
            tr("Reason of the change"), tr("it is kept with the version"), _LONGEST_REASON
        )
        self.sentence = Sentence()
        self.save = Button(tr("Save plan"), tr("Save this plan as a new version"))
        self.save.setProperty("kind", "primary")
        self.undo = Button(tr("As it was"), tr("Show the plan that holds again"))
        self.versions = Paragraph(role="muted")
        self._flows: list[Flow] = []
        self._exercises = Card(tr("Exercises"))
        self._rows_holder = QWidget()
        self._rows_column = tight(QVBoxLayout(self._rows_holder))
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        self._columns = tight(QVBoxLayout(left)), tight(QVBoxLayout(right))
        plan = Card(tr("Plan"))
        for widget in (self.kind, self.source, self._flow(*self.whole.values())):
            plan.column.addWidget(widget)
        self._exercises.column.addWidget(self._rows_holder)
        gate = Card(tr("Before heavy loads"))
        gate.column.addWidget(self._flow(*self.gate.values()))
        self.gate_source = Paragraph(role="muted", size=tokens.TEXT_SMALL)
        gate.column.addWidget(self.gate_source)
        rack = Card(tr("Rack"))
        for field in (self.bars, self.plates):
            rack.column.addWidget(field)
        for card in (plan, self._exercises, gate, rack, self.limits):
            self._columns[0].addWidget(card)
        change, before = Card(tr("Change")), Card(tr("Versions"))
        for widget in (self.holds, self.problems, self.reason):
            change.column.addWidget(widget)
        before.column.addWidget(self.versions)
        for card in (change, before):
            self._columns[1].addWidget(card)
        for column in self._columns:
            column.addStretch(1)
        foot = Foot(self.sentence, self.undo, self.save)
        parts = Columns(left, right, (tr("Plan"), tr("Change of the plan")), (64, 36), foot)
        tight(QVBoxLayout(self)).addWidget(parts)

    def _flow(self, *widgets: QWidget) -> QWidget:
        holder = QWidget()
        flow = Flow(holder)
        self._flows.append(flow)
        for widget in widgets:
            flow.addWidget(widget)
        return holder

    def _connect(self) -> None:
        for field in (*self.whole.values(), *self.gate.values(), self.bars, self.plates):
            field.changed.connect(self._look)
        self.limits.changed.connect(self._look)
        self.reason.changed.connect(lambda: self.sentence.plain(""))
        self.kind.changed.connect(self._other_plan)
        self.undo.clicked.connect(self.refresh)
        self.save.clicked.connect(self.keep)

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        for column in (*self._columns, self._rows_column):
            column.setSpacing(style.px(12))
        for flow in self._flows:
            flow.setSpacing(style.px(12))

    # -- what is shown ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the plan that holds."""
        stored = self._file.clinic.plans.all(self._file.person_id)
        self._base = plan = self._file.plan
        if stored:
            last = stored[-1]
            told = tr(
                "Holds: {name}, version {v}, {day}, {by}.",
                name=plan.name,
                v=plan.version,
                day=last.at.date(),
                by=last.by,
            )
        else:
            told = tr("Holds: {name} as it ships; nobody has set a plan yet.", name=plan.name)
        self.holds.say(told)
        self.versions.say(
            "\n".join(
                tr(
                    "{name} {v} · {day} · {by}: {reason}",
                    name=s.plan.name,
                    v=s.plan.version,
                    day=s.at.date(),
                    by=s.by,
                    reason=s.reason or tr("first plan"),
                )
                for s in reversed(stored)
            )
            or tr("none yet")
        )
        self.kind.show_key(plan.key if plan.key in self.kind.buttons else "")
        self.reason.set_text("")
        self._show(plan)

    def _other_plan(self) -> None:
        held = self._file.plan
        shipped = PLANS[self.kind.key]
        self._base = held if held.key == shipped.key else shipped
        self._show(self._base)

    def _show(self, plan: Plan) -> None:
        self.source.say(tr("Source: {source}", source=plan.source))
        self.gate_source.say(tr("Source: {source}", source=plan.gate.source))
        for fields, whole in ((self.whole, plan), (self.gate, plan.gate)):
            for key, field in fields.items():
                field.blockSignals(True)
                field.set_value(getattr(whole, key))
                field.blockSignals(False)
        self.bars.set_bars(plan.rack.bars_kg)
        self.plates.set_plates(plan.rack)
        self.limits.show_limits(plan.limits)
        empty(self._rows_column)
        on = {e.key for e in plan.exercises}
        shipped = PLANS[plan.key].exercises if plan.key in PLANS else ()
        off = [e for e in shipped if e.key not in on]
        self.rows = [ExerciseRow(e, e.key in on) for e in (*plan.exercises, *off)]
        for row in self.rows:
            row.changed.connect(self._look)
            self._rows_column.addWidget(row)
        self.dress(self._rows_holder)
        self._look()

    # -- what is edited ---------------------------------------------------------------------------

    @property
    def fields(self) -> tuple[FormField, ...]:
        """All fields that can be wrong."""
        of_rows = (f for row in self.rows if row.on.isChecked() for f in row.numbers.values())
        whole = (*self.whole.values(), *self.gate.values(), *self.limits.losses.values())
        return (*whole, self.bars, self.plates, *of_rows)

    def draft(self) -> Plan:
        """The plan as it is filled in; a field that is not in order keeps what it was."""
        base = self._base
        whole = {key: f.whole for key, f in self.whole.items() if f.value is not None}
        gate = {key: f.whole for key, f in self.gate.items() if f.whole is not None}
        return replace(
            base,
            exercises=tuple(row.edited for row in self.rows if row.on.isChecked()),
            gate=Gate(
                gate.get("sessions", base.gate.sessions),
                gate.get("clean_in_a_row", base.gate.clean_in_a_row),
                base.gate.source,
            ),
            rack=Rack(self.bars.bars, self.plates.plates),
            limits=self.limits.limits(base.limits),
            **whole,  # type: ignore[arg-type]
        )

    @property
    def unsaved(self) -> bool:
        """Whether the plan on the screen is another than the one that holds."""
        return any(f.problem for f in self.fields) or self.draft() != self._file.plan

    def _look(self) -> None:
        self.sentence.plain("")
        found = [f"▲ {sentence}" for sentence in problems(self.draft())]
        wrong = [f"▲ {f.caption}: {f.problem}" for f in self.fields if f.problem]
        if found or wrong:
            self.problems.say("\n".join([*wrong, *found]), "attention")
        elif self.draft() == self._file.plan:
            self.problems.say(tr("Nothing is changed."), "muted")
        else:
            self.problems.say(tr("◆ Changed, not saved yet."), "info")

    def keep(self) -> None:
        """Keep the plan as a new version, or say what is not in order; then nothing is kept."""
        for field in self.fields:
            if isinstance(field, NumberField):
                field.missing()
            if field.problem:
                field.field.setFocus()
                self.sentence.wrong(
                    tr("Nothing was saved. {c}: {p}", c=field.caption, p=field.problem)
                )
                return
        draft = self.draft()
        found = problems(draft)
        if found:
            self.sentence.wrong(tr("Nothing was saved. {what}", what=found[0]))
            return
        stored = self._file.clinic.plans.current(self._file.person_id)
        if draft == self._file.plan and stored is not None:
            self.sentence.plain(tr("Nothing is changed."))
            return
        if not self.reason.text:
            self.reason.field.setFocus()
            self.reason.require(tr("A plan is not changed without a reason: say why."))
            self.sentence.wrong(tr("Nothing was saved: say why the plan is changed."))
            return
        plan = self._versioned(draft)
        failure = self._file.write(
            lambda by: self._file.clinic.plans.set(self._file.person_id, plan, by, self.reason.text)
        )
        if failure:
            self.sentence.wrong(failure)
        else:
            self.refresh()
            self.sentence.done(tr("Saved: version {v}.", v=plan.version))

    def _versioned(self, draft: Plan) -> Plan:
        if draft == self._base:
            return draft  # a plan as it ships keeps its version
        return edited(
            self._base,
            **{
                key: getattr(draft, key)
                for key in (*self.whole, "exercises", "gate", "rack", "limits")
                if getattr(draft, key) != getattr(self._base, key)
            },
        )
