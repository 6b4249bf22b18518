"""Small forms beside today's prescription: a missed session, a maximum, an adverse event."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lift_monitor.programme.doubt import doubt_of_maximum
from lift_monitor.programme.maximum import by_repetitions, tested
from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.programme.record import EventGrade, Maximum
from lift_monitor.ui.fields import Field
from lift_monitor.ui.i18n import load, tr
from lift_monitor.ui.people.choices import Choice, Marked, Options
from lift_monitor.ui.people.doubt_row import DoubtRow
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.form_fields import DayField, FormField, NumberField, Sentence, TextField
from lift_monitor.ui.people.layout import Card
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button


class SmallForm(Card):
    """A form with two buttons; what it keeps is kept at once or not at all.

    Parameters
    ----------
    title : str
    file : PersonFile
    fields : sequence of QWidget
    keep : str
        Caption of the button that keeps.
    """

    left = Signal()
    kept = Signal(str)
    """What was kept, in one sentence."""

    def __init__(self, title: str, file: PersonFile, keep: str) -> None:
        super().__init__(title)
        self._file = file
        self.fields: list[FormField] = []
        self.sentence = Sentence(1)
        self.keep = Button(keep, f"{title}: {keep}")
        self.keep.setProperty("kind", "primary")
        self.back = Button(tr("Back"), tr("{title}: keep nothing", title=title))
        self._flows: list[Flow] = []
        self.keep.clicked.connect(self._keep)
        self.back.clicked.connect(self.left)

    def lay_out(self, *rows: tuple[QWidget, ...]) -> None:
        """Put rows above the buttons."""
        for row in (*rows, (self.back, self.keep)):
            holder = QWidget()
            flow = Flow(holder)
            self._flows.append(flow)
            for widget in row:
                flow.addWidget(widget)
                if isinstance(widget, FormField):
                    self.fields.append(widget)
            if row == (self.back, self.keep):
                self.column.addWidget(self.sentence)
            self.column.addWidget(holder)

    def set_style(self, style: Style) -> None:
        """Take paddings and gaps."""
        super().set_style(style)
        for flow in self._flows:
            flow.setSpacing(style.px(12))

    def open(self) -> None:
        """Begin anew."""
        self.sentence.plain("")
        if self.fields:
            self.fields[0].field.setFocus()

    def put(self, by: str) -> str:
        """Keep what is filled in; returns what was kept. For subclasses."""
        raise NotImplementedError

    def wrong(self) -> str:
        """What is missing, in one sentence; for subclasses."""
        return ""

    def _keep(self) -> None:
        for field in self.fields:
            if isinstance(field, NumberField):
                field.missing()
            if field.problem and not field.isHidden():
                field.field.setFocus()
                self.sentence.wrong(f"{field.caption}: {field.problem}")
                return
        wrong = self.wrong()
        if wrong:
            self.sentence.wrong(wrong)
            return
        said: list[str] = []
        failure = self._file.write(lambda by: said.append(self.put(by)))
        if failure:
            self.sentence.wrong(failure)
        else:
            self.kept.emit(said[0])


class MissedForm(SmallForm):
    """A planned session that was not attended, and why."""

    def __init__(self, file: PersonFile) -> None:
        super().__init__(tr("Missed session"), file, tr("Keep"))
        self.day = DayField(tr("Day"), file.today())
        self.reason = TextField(tr("Reason"), tr("e.g. ill, on holiday, in pain"), 300)
        self.lay_out((self.day, self.reason))

    def wrong(self) -> str:
        """A missed session has a reason."""
        if self.reason.text:
            return ""
        self.reason.field.setFocus()
        self.reason.require(tr("Say why, or “not known”."))
        return tr("Nothing was kept: say why the session was missed.")

    def put(self, by: str) -> str:
        """Count it as planned and not attended."""
        day = self.day.day or self._file.today()
        self._file.clinic.sessions.miss(self._file.person_id, day, self.reason.text, by)
        return tr("Kept: session of {day} missed.", day=day)


class MaximumForm(SmallForm):
    """A one-repetition maximum: lifted once, or from repetitions to the last clean one."""

    def __init__(self, file: PersonFile) -> None:
        super().__init__(tr("One-repetition maximum"), file, tr("Keep"))
        self.exercise = Choice(tr("Exercise"))
        for exercise in file.plan.exercises:
            if exercise.kind is ExerciseKind.LIFT:
                self.exercise.addItem(exercise.name, exercise.key)
        self.source = Options(
            tr("Source"),
            (("tested", tr("Lifted once")), ("repetitions", tr("By repetitions"))),
        )
        self.load = NumberField(tr("On the bar"), tr("kg"), 1, 300, 2, needed=True)
        self.repetitions = NumberField(tr("Clean repetitions"), "", 2, 10, 0, needed=True)
        self.confirmed = Marked(
            tr("Seen lifted with clean technique"), tr("Seen lifted with clean technique")
        )
        self.to_failure = Marked(
            tr("No further clean repetition was possible"),
            tr("No further clean repetition was possible"),
        )
        self.day = DayField(tr("Day"), file.today())
        self.doubt = DoubtRow()
        self.lay_out(
            (Field(tr("Exercise"), self.exercise), Field(tr("Source"), self.source)),
            (self.load, self.repetitions, self.day),
            (self.confirmed, self.to_failure),
        )
        # Beside what is filled in, above what is said of the whole form.
        self.column.insertWidget(self.column.indexOf(self.sentence), self.doubt)
        self.source.changed.connect(self._look)
        self.exercise.currentIndexChanged.connect(lambda _: self._look_for_doubt())
        for field in (self.load, self.repetitions, self.day):
            field.field.editingFinished.connect(self._look_for_doubt)
        self._look()

    def _look(self) -> None:
        by_repetitions_ = self.source.key == "repetitions"
        self.repetitions.setEnabled(by_repetitions_)
        self.confirmed.setVisible(not by_repetitions_)
        self.to_failure.setVisible(by_repetitions_)
        if not by_repetitions_:
            self.repetitions.set_value(None)
        self.fields = [self.load, self.day] + ([self.repetitions] if by_repetitions_ else [])
        self._look_for_doubt()

    def open(self) -> None:
        """Begin anew; what was filled in stays, and what is odd in it is looked at again."""
        super().open()
        self._look_for_doubt()

    def _found(self) -> Maximum | None:
        """What is filled in, as a maximum; ``None`` if it is not whole."""
        key, kg = str(self.exercise.currentData()), self.load.value
        by_repetitions_ = self.source.key == "repetitions"
        if kg is None or self.load.problem or self.day.problem:
            return None
        day = self.day.day or self._file.today()
        if not by_repetitions_:
            return tested(key, kg, day, self.confirmed.isChecked())
        whole = self.repetitions.whole
        if whole is None or self.repetitions.problem:
            return None
        return by_repetitions(key, kg, whole, day, self.to_failure.isChecked())

    def _look_for_doubt(self) -> None:
        found, file = self._found(), self._file
        told = ""
        if found is not None:
            told = doubt_of_maximum(file.history, found, file.body_mass_kg)
        self.doubt.say(told)

    def wrong(self) -> str:
        """A value that is likely a slip of the pen is confirmed with a reason."""
        self._look_for_doubt()
        return self.doubt.ask()

    def put(self, by: str) -> str:
        """Keep it beside the others, by its source; nothing is prescribed before it is accepted."""
        found = self._found()
        assert found is not None  # every field was looked at before
        found = replace(found, confirmed=self.doubt.why)
        self._file.clinic.maxima.add(self._file.person_id, found, by)
        return tr(
            "Kept: {exercise}, 1RM {kg}. It holds once you accept it with a proposal.",
            exercise=self.exercise.currentText(),
            kg=load(round(found.kg, 1)),
        )


class AdverseForm(SmallForm):
    """Something bad that happened outside a session."""

    def __init__(self, file: PersonFile) -> None:
        super().__init__(tr("Adverse event"), file, tr("Keep"))
        self.grade = Options(
            tr("Grade"),
            ((EventGrade.MINOR.value, tr("Minor")), (EventGrade.SERIOUS.value, tr("Serious"))),
        )
        self.exercise = Choice(tr("Exercise"))
        self.exercise.addItem(tr("none"), "")
        for exercise in file.plan.exercises:
            self.exercise.addItem(exercise.name, exercise.key)
        self.day = DayField(tr("Day"), file.today())
        self.text = TextField(tr("What happened"), tr("no names"), 500)
        self.lay_out(
            (Field(tr("Grade"), self.grade), Field(tr("Exercise"), self.exercise)),
            (self.day, self.text),
        )

    def wrong(self) -> str:
        """An event has words."""
        if self.text.text:
            return ""
        self.text.field.setFocus()
        self.text.require(tr("Say what happened."))
        return tr("Nothing was kept: say what happened.")

    def put(self, by: str) -> str:
        """Keep it."""
        day, grade = self.day.day or self._file.today(), EventGrade(self.grade.key)
        self._file.clinic.sessions.adverse_event(
            self._file.person_id,
            None,
            grade,
            self.text.text,
            str(self.exercise.currentData()),
            day,
            by,
        )
        return tr("Kept: adverse event of {day}.", day=day)
