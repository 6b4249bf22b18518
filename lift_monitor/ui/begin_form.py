"""What is about to be lifted, and the button that begins it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from lift_monitor.events import Exercise
from lift_monitor.sensors.words import DeskStatus, StepState
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.signal.trunk_rules import DEFAULT_RULES, FlagRule
from lift_monitor.ui import tokens
from lift_monitor.ui.fields import ChoiceField, Field, LineField, Stepper
from lift_monitor.ui.i18n import exercise_name, tr
from lift_monitor.ui.limits_form import LimitsForm
from lift_monitor.ui.limits_words import changes, summary
from lift_monitor.ui.sensor_words import step_name
from lift_monitor.ui.session import SessionChoice
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, LargeButton, Panel, Text, tight

_HEAVIEST_KG, _PLATE_KG = 500.0, 2.5
_HEAVIEST_PERSON_KG = 250.0
_MOST_SETS, _MOST_REPS = 20, 50
_ALIAS_LENGTH = 60
_REASON_LENGTH = 120


class BeginForm(Panel):
    """The choice for a session; asks for a reason if a step of the check list is missing."""

    begin_asked = Signal()
    """All steps are done, and the button was pressed."""
    override_asked = Signal(str)
    """The reason for beginning all the same; never empty."""
    limits_shown = Signal(bool)
    """Whether :attr:`limits` is to be seen in the place of this form."""

    def __init__(self, choice: SessionChoice) -> None:
        super().__init__(tr("Session"))
        self._title = Text(tr("SESSION"), role="muted", weight="semibold", size=tokens.TEXT_SMALL)
        self.exercise = ChoiceField(tr("Exercise"))
        for exercise in Exercise:
            self.exercise.addItem(exercise_name(exercise), exercise)
        self.alias = LineField(tr("Alias of the lifter"), tr("never a name"), _ALIAS_LENGTH)
        self.load = Stepper(tr("Load"), 0.0, _HEAVIEST_KG, _PLATE_KG, tr("kg"), tr("unknown"))
        self.body = Stepper(tr("Body mass"), 0.0, _HEAVIEST_PERSON_KG, 1.0, tr("kg"), tr("unknown"))
        self.sets = Stepper(tr("Sets"), 1, _MOST_SETS, 1)
        self.reps = Stepper(tr("Repetitions of a set"), 1, _MOST_REPS, 1)
        self.limits = LimitsForm()
        self.limits_button = Button(tr("Limits…"), tr("Set the limits of this person"))
        self._limits_said = Text(
            weight="semibold",
            size=tokens.TEXT_SMALL,
            reserve=tr("▲ Limits: changed, some off"),
            align=Qt.AlignmentFlag.AlignRight,
        )
        self._limits_open = False
        self.begin = LargeButton(tr("Begin session"), tr("Begin the session"))
        self.begin.setProperty("kind", "primary")
        self.anyway = LargeButton(tr("Begin anyway…"), tr("Begin although a step is not done"))
        self._why = Text(role="muted", size=tokens.TEXT_SMALL, wrap_lines=2)
        self.reason = LineField(
            tr("Why a step is left out"), tr("Why? It is recorded."), _REASON_LENGTH
        )
        self.confirm = LargeButton(tr("Begin"), tr("Begin for this reason"))
        self.cancel = LargeButton(tr("Back"), tr("Do not begin"))
        self._foot = QStackedWidget()
        self._lay_out()
        self._ready = self._may_override = self._busy = False
        self._begun_for: str | None = None
        self.set_choice(choice)
        self._connect()
        self._settle()

    def _lay_out(self) -> None:
        head = tight(QHBoxLayout(), 10)
        head.addWidget(self._title)
        head.addWidget(self._limits_said, 1)
        first, second = self._lines = tight(QHBoxLayout()), tight(QHBoxLayout())
        first.addWidget(Field(tr("Exercise"), self.exercise))
        first.addWidget(Field(tr("Alias"), self.alias), 1)
        first.addWidget(Field(tr("Load"), self.load))
        second.addWidget(Field(tr("Body mass"), self.body))
        second.addStretch(1)
        second.addWidget(Field(tr("Sets"), self.sets))
        second.addWidget(Field(tr("× repetitions"), self.reps))
        ready, asking = QWidget(), QWidget()
        row = tight(QHBoxLayout(ready), 8)
        row.addWidget(self.limits_button)
        row.addWidget(self._why, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.anyway)
        row.addWidget(self.begin)
        row = tight(QHBoxLayout(asking), 8)
        row.addWidget(self.reason, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.confirm)
        self._foot.addWidget(ready)
        self._foot.addWidget(asking)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addLayout(first)
        column.addLayout(second)
        column.addStretch(1)
        column.addWidget(self._foot)

    def _connect(self) -> None:
        self.begin.clicked.connect(self.begin_asked)
        self.anyway.clicked.connect(lambda: self._ask(True))
        self.cancel.clicked.connect(self.back)
        self.confirm.clicked.connect(lambda: self.begin_anyway(self.reason.text()))
        self.reason.returnPressed.connect(lambda: self.begin_anyway(self.reason.text()))
        self.reason.textChanged.connect(self._settle)
        self.begin_asked.connect(self._note_person)
        self.override_asked.connect(self._note_person)
        self.alias.editingFinished.connect(self._look_who_it_is)
        self.limits_button.clicked.connect(self.open_limits)
        self.limits.left.connect(self.back)
        self.limits.used.connect(self._take_limits)

    def set_style(self, style: Style) -> None:
        """Take paddings and the height of the foot."""
        super().set_style(style)
        self.begin.set_style(style)
        self._foot.setFixedHeight(self.begin.height())
        for line in self._lines:
            line.setSpacing(style.px(6))

    def sizeHint(self) -> QSize:
        """As high as its fields: they are never squeezed."""
        inner = self.layout()
        fields = inner.minimumSize().height() if inner is not None else 0
        return QSize(10, fields + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        """See :meth:`sizeHint`."""
        return self.sizeHint()

    # -- the choice -----------------------------------------------------------------------------

    @property
    def choice(self) -> SessionChoice:
        """What is filled in."""
        kg, body_kg = self.load.value, self.body.value
        return SessionChoice(
            exercise=Exercise(self.exercise.currentData()),
            load_kg=kg if kg > 0.0 else None,
            body_mass_kg=body_kg if body_kg > 0.0 else None,
            target_reps=round(self.reps.value),
            target_sets=round(self.sets.value),
            alias=self.alias.text().strip(),
            impact_band=self._band,
            flag_rules=self._rules,
            loss_amber_pct=self._loss_pct[0],
            loss_stop_pct=self._loss_pct[1],
        )

    def set_choice(self, choice: SessionChoice) -> None:
        """Fill in."""
        self.exercise.setCurrentIndex(max(0, self.exercise.findData(choice.exercise)))
        self.load.set_value(choice.load_kg or 0.0)
        self.body.set_value(choice.body_mass_kg or 0.0)
        self.reps.set_value(choice.target_reps)
        self.sets.set_value(choice.target_sets)
        self.alias.setText(choice.alias)
        self._loss_pct = choice.loss_amber_pct, choice.loss_stop_pct
        self._set_limits(choice.flag_rules, choice.impact_band)

    def keep_alias(self, kept: bool) -> None:
        """Let nobody type another alias: the session is of somebody of the clinic."""
        self.alias.setReadOnly(kept)
        self.alias.setAccessibleDescription(
            tr("The pseudonym of the person whose session this is.") if kept else ""
        )

    def _note_person(self) -> None:
        self._begun_for = self.choice.alias

    def _look_who_it_is(self) -> None:
        """Another person does not inherit limits and mass of the one before."""
        if self._begun_for is not None and self.choice.alias != self._begun_for:
            self._begun_for = None
            self.body.set_value(0.0)
            self._set_limits(DEFAULT_RULES, ImpactBand())

    def open_limits(self) -> None:
        """Show the limits in the place of this form."""
        self._show_limits(True)
        self.limits.open(self._rules, self._band)

    def _take_limits(self) -> None:
        self._set_limits(self.limits.rules, self.limits.band)
        self.back()

    def _set_limits(self, rules: tuple[FlagRule, ...], band: ImpactBand) -> None:
        self._rules, self._band = rules, band
        self._limits_said.say(*summary(rules, band))
        told = "; ".join(changes(rules, band)) or tr("All limits are the defaults.")
        self.limits_button.setToolTip(told)
        self.limits_button.setAccessibleDescription(told)

    def _show_limits(self, shown: bool) -> None:
        self._limits_open = shown
        self.limits_shown.emit(shown)

    # -- beginning --------------------------------------------------------------------------------

    @property
    def asking(self) -> bool:
        """Whether the reason or the limits are being asked for."""
        return self._asks_why or self._limits_open

    @property
    def _asks_why(self) -> bool:
        return self._foot.currentIndex() == 1

    def show_status(self, status: DeskStatus, *, running: bool, busy: bool) -> None:
        """Say whether a session can begin, and what is missing."""
        self._ready = status.can_begin and not running
        self._may_override = status.may_override and not status.can_begin and not running
        self._busy = busy
        missing = next((s for s in status.steps if s.state is not StepState.DONE), None)
        role = "muted"
        if busy:
            why = tr("The session is beginning …")
        elif status.can_begin:
            why, role = tr("● All checks are done."), "ok"
        elif missing is not None:
            why = tr("Next: {step}", step=step_name(missing.key))
        else:
            why = tr("No sensor is ready.")
        self._why.say(why, role)
        if self._asks_why and not self._may_override:
            self._ask(False)
        if self._limits_open and (running or busy):
            self._show_limits(False)
        self._settle()

    def begin_anyway(self, reason: str) -> None:
        """Begin for a reason; nothing happens without one, or if it may not be."""
        reason = " ".join(reason.split())
        if reason and self._may_override and not self._busy:
            self._ask(False)
            self.override_asked.emit(reason)

    def back(self) -> None:
        """Ask for no reason and no limits any more."""
        if self._limits_open:
            self._show_limits(False)
            self.limits_button.setFocus()
        else:
            self._ask(False)

    def _ask(self, asking: bool) -> None:
        self._foot.setCurrentIndex(1 if asking else 0)
        self.reason.clear()
        (self.reason if asking else self.anyway).setFocus()

    def _settle(self) -> None:
        self.begin.setEnabled(self._ready and not self._busy)
        self.limits_button.setEnabled(not self._busy)
        self.anyway.setEnabled(self._may_override and not self._busy)
        self.anyway.setVisible(not self._ready)
        self.confirm.setEnabled(bool(self.reason.text().strip()) and not self._busy)
