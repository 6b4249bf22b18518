"""Outcomes: entered with unit and range, held against their baseline and its error."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lift_monitor.clinic.words import Outcome
from lift_monitor.programme.doubt_measures import doubt_of_outcome
from lift_monitor.programme.outcomes import SPECS, Measure, implausible
from lift_monitor.ui import tokens
from lift_monitor.ui.fields import Field
from lift_monitor.ui.i18n import DASH, number, tr
from lift_monitor.ui.people.choices import Choice
from lift_monitor.ui.people.columns import Columns, Foot
from lift_monitor.ui.people.doubt_row import DoubtRow
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import DayField, NumberField, Sentence, TextField
from lift_monitor.ui.people.layout import Card, Paragraph, Section
from lift_monitor.ui.people.list_table import ListTable
from lift_monitor.ui.people.outcomes_data import (
    Followed,
    change_look,
    cut_off_words,
    followed,
    short_change_look,
    trend_of,
)
from lift_monitor.ui.people.progress_data import Progress
from lift_monitor.ui.people.trend_chart import TrendChart
from lift_monitor.ui.people.words import day_word
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, tight

_HIGH = 300
_LONGEST_DEVICE = 80


class OutcomesTab(Section):
    """Takes outcomes in and shows how they went.

    Parameters
    ----------
    file : PersonFile
    """

    def __init__(self, file: PersonFile) -> None:
        super().__init__()
        self.setAccessibleName(tr("Outcomes"))
        self._file = file
        self._all: tuple[Followed, ...] = ()
        self._correcting: Outcome | None = None
        self.table = ListTable(
            tr("Outcomes"),
            (
                (tr("Measure"), "Bone density, femoral neck, g/cm²", 1.0),
                (tr("Baseline"), "0.000  2026-00-00", 0.4),
                (tr("Latest"), "0.000  2026-00-00", 0.4),
                (tr("Change"), "○ +0.000: within error", 1.0),
            ),
        )
        self.chart = TrendChart(tr("Outcome"))
        self.about = Paragraph(role="muted", size=tokens.TEXT_SMALL)
        self.change = Paragraph()
        self.measure = Choice(tr("Measure"))
        for spec in SPECS.values():
            self.measure.addItem(spec.name, spec.measure.value)
        self.value = NumberField(tr("Value"), "", 0, 1, 1, needed=True)
        self.day = DayField(tr("Day"), file.today())
        self.device = TextField(tr("Device"), tr("e.g. which DXA scanner"), _LONGEST_DEVICE)
        self.note = TextField(tr("Note"))
        self.reason = TextField(tr("Reason of the correction"), tr("the old value is kept"), 300)
        self.doubt = DoubtRow()
        self.sentence = Sentence()
        self.save = Button(tr("Save value"), tr("Save this outcome"))
        self.save.setProperty("kind", "primary")
        self.correct = Button(tr("Correct latest…"), tr("Correct the latest value"))
        self.back = Button(tr("Back"), tr("Correct nothing"))
        self._flows: list[Flow] = []
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        self._columns = tight(QVBoxLayout(left)), tight(QVBoxLayout(right))
        table, chart, entry = Card(tr("Outcomes")), Card(tr("Course")), Card(tr("Enter a value"))
        table.column.addWidget(self.table)
        for widget in (self.chart, self.change, self.about):
            chart.column.addWidget(widget)
        entry.column.addWidget(self._flow(Field(tr("Measure"), self.measure)))
        entry.column.addWidget(self._flow(self.value, self.day))
        for field in (self.doubt, self.device, self.note, self.reason):
            entry.column.addWidget(field)
        self._columns[0].addWidget(table)
        self._columns[1].addWidget(chart)
        self._columns[1].addWidget(entry)
        for column in self._columns:
            column.addStretch(1)
        foot = Foot(self.sentence, self.save, self.correct, self.back)
        parts = Columns(left, right, (tr("Outcomes"), tr("One outcome")), (58, 42), foot)
        tight(QVBoxLayout(self)).addWidget(parts)

    def _flow(self, *widgets: QWidget) -> QWidget:
        holder = QWidget()
        flow = Flow(holder)
        self._flows.append(flow)
        for widget in widgets:
            flow.addWidget(widget)
        return holder

    def _connect(self) -> None:
        self.table.row_chosen.connect(self.measure.setCurrentIndex)
        self.measure.currentIndexChanged.connect(self._other_measure)
        self.save.clicked.connect(self.keep)
        self.correct.clicked.connect(self._begin_correction)
        self.back.clicked.connect(self._end_correction)
        for field in (self.value, self.day, self.device, self.note):
            field.changed.connect(lambda: self.sentence.plain(""))
        for typed in (self.value, self.day):
            typed.field.editingFinished.connect(self._look_for_doubt)

    def take_gaps(self, style: Style) -> None:
        """Take gaps."""
        self.chart.setFixedHeight(style.px(_HIGH))
        for column in self._columns:
            column.setSpacing(style.px(12))
        for flow in self._flows:
            flow.setSpacing(style.px(12))

    # -- what is shown ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the store has."""
        self._all = followed(self._file.clinic.outcomes.all(self._file.person_id))
        rows = []
        for one in self._all:
            title = f"{one.spec.name}, {one.spec.unit}" if one.spec.unit else one.spec.name
            rows.append(
                [
                    (title, "" if one.values else "muted"),
                    (_dated(one, one.baseline), "" if one.values else "muted"),
                    (_dated(one, one.latest if one.change is not None else None), ""),
                    short_change_look(one),
                ]
            )
        self.table.show_list(rows)
        self._other_measure()

    @property
    def now(self) -> Followed:
        """The measure that is chosen."""
        wanted = Measure(str(self.measure.currentData()))
        return next(one for one in self._all if one.spec.measure is wanted)

    def _other_measure(self) -> None:
        if not self._all:
            return
        one, spec = self.now, self.now.spec
        self._end_correction()
        self.value.set_range(spec.unit, spec.low, spec.high, spec.decimals)
        self.value.set_value(None)
        self.device.set_text(one.latest.device if one.latest is not None else "")
        progress = Progress(self._file.history, self._file.today())
        self.chart.show_trend(trend_of(one, progress.first, progress.weeks))
        text, role = change_look(one)
        self.change.say("\n".join(filter(None, (text, cut_off_words(one)))), role)
        error = spec.error_source
        parts = [spec.how]
        if error:
            parts.append(tr("Error of measurement: {source}.", source=error.rstrip(".")))
        elif spec.measure not in (Measure.FALLS, Measure.FRACTURES):
            parts.append(tr("No error of measurement is known: changes are told, not judged."))
        self.about.say(" ".join(filter(None, parts)))
        self.correct.setEnabled(one.latest is not None)
        self.sentence.plain("")
        if self.table.currentRow() != self.measure.currentIndex():
            self.table.setCurrentCell(self.measure.currentIndex(), 0)

    @property
    def unsaved(self) -> bool:
        """Whether a value is typed that was not saved."""
        return bool(self.value.text)

    # -- what is entered --------------------------------------------------------------------------

    def _begin_correction(self) -> None:
        self._correcting = self.now.latest
        if self._correcting is not None:
            self.value.set_value(self._correcting.value)
            self.day.set_day(self._correcting.day)
        self._show_correcting(True)
        self.value.field.setFocus()
        self.value.field.selectAll()

    def _end_correction(self) -> None:
        if self._correcting is not None:
            self.value.set_value(None)
            self.day.set_day(self._file.today())
            self.reason.set_text("")
        self._correcting = None
        self.doubt.say("")
        self._show_correcting(False)

    def _show_correcting(self, correcting: bool) -> None:
        for field in (self.day, self.device, self.note):
            field.setEnabled(not correcting)
        self.reason.setVisible(correcting)
        self.back.setVisible(correcting)
        self.correct.setVisible(not correcting)
        self.save.setAccessibleName(
            tr("Save the correction") if correcting else tr("Save this outcome")
        )

    def _look_for_doubt(self) -> None:
        """Hold what is typed against the last value before it."""
        value, day, one = self.value.value, self.day.day, self.now
        told = ""
        if value is not None and day is not None and not self.value.problem:
            old = self._correcting
            earlier = [o for o in one.values if o.day <= day and (old is None or o.id != old.id)]
            before = earlier[-1].value if earlier else None
            told = doubt_of_outcome(one.spec.measure, value, before)
        self.doubt.say(told)

    def keep(self) -> None:
        """Keep a value or a correction, or say what is not in order; then nothing is kept."""
        spec = self.now.spec
        self.value.missing()
        for field in (self.value, self.day):
            if field.problem:
                field.field.setFocus(Qt.FocusReason.OtherFocusReason)
                self.sentence.wrong(
                    tr("Nothing was saved. {c}: {p}", c=field.caption, p=field.problem)
                )
                return
        value, day = self.value.value, self.day.day
        if value is None or day is None:
            return
        wrong = implausible(value, spec)
        if wrong:
            self.sentence.wrong(wrong)
            return
        old, outcomes, person = self._correcting, self._file.clinic.outcomes, self._file.person_id
        if old is not None and not self.reason.text:
            self.reason.require(tr("Say why the value is corrected."))
            self.reason.field.setFocus()
            self.sentence.wrong(tr("Nothing was saved: a correction needs a reason."))
            return
        self._look_for_doubt()
        asked = self.doubt.ask()
        if asked:
            self.sentence.wrong(asked)
            return
        why = tr("Confirmed: {why}", why=self.doubt.why) if self.doubt.why else ""

        def put(by: str) -> None:
            if old is not None and old.id is not None:
                outcomes.correct(old.id, value, by, _joined(self.reason.text, why))
            else:
                note = _joined(self.note.text, why)
                new = Outcome(spec.measure, value, day, by, self.device.text, note)
                outcomes.add(person, new, by)

        failure = self._file.write(put)
        if failure:
            self.sentence.wrong(failure)
            return
        self.note.set_text("")
        self.refresh()
        told = f"{number(value, spec.decimals)} {spec.unit}".strip()
        self.sentence.done(tr("Saved: {name} {value}.", name=spec.name, value=told))


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _dated(one: Followed, outcome: Outcome | None) -> str:
    if outcome is None:
        return DASH
    return f"{number(outcome.value, one.spec.decimals)}  {day_word(outcome.day)}"
