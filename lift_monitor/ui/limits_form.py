"""The form in which a clinician sets a person's limits before a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.limits import with_limits
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.signal.trunk_rules import DEFAULT_RULES, FlagRule
from lift_monitor.technique import FlagKind
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.limit_row import LimitField, LimitRow
from lift_monitor.ui.limits_words import disorder, flag_words, landing_words
from lift_monitor.ui.text import Button, Panel, Text, tight

_ORDER: Final = (FlagKind.LUMBAR_FLEXION, FlagKind.TWIST, FlagKind.TRUNK_LEAN)


class LimitsForm(Panel):
    """Limits to be changed; nothing holds before it is used, and only what is in order can be."""

    used = Signal()
    """:attr:`rules` and :attr:`band` are to hold from now on."""
    left = Signal()
    """Everything stays as it was."""

    def __init__(self) -> None:
        super().__init__(tr("Limits of this person"))
        self.rules: tuple[FlagRule, ...] = DEFAULT_RULES
        self.band = ImpactBand()
        self.flags = {kind: LimitRow(flag_words(kind)) for kind in _ORDER}
        self.landing = LimitRow(landing_words())
        self.sentence = Text(size=tokens.TEXT_SMALL, wrap_lines=2)
        self.source = Text(size=tokens.TEXT_SMALL, role="muted", wrap_lines=3)
        self.defaults = Button(tr("Defaults"), tr("Show the defaults of all limits"))
        self.back = Button(tr("Back"), tr("Change no limit"), tr("Esc"))
        self.use = Button(tr("Use these limits"), tr("Use these limits"))
        self.use.setProperty("kind", "primary")
        self._refused: tuple[LimitField, str] | None = None
        self._lay_out()
        self._connect()

    @property
    def _rows(self) -> tuple[LimitRow, ...]:
        return (*self.flags.values(), self.landing)

    def _lay_out(self) -> None:
        title = tr("LIMITS OF THIS PERSON")
        column = QVBoxLayout(self)
        column.addWidget(Text(title, role="muted", weight="semibold", size=tokens.TEXT_SMALL))
        for row in self._rows:
            column.addWidget(row)
            column.addStretch(1)
        column.addWidget(self.source)
        column.addWidget(self.sentence)
        foot = tight(QHBoxLayout(), 8)
        foot.addWidget(self.defaults)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.use)
        column.addLayout(foot)

    def _connect(self) -> None:
        for row in self._rows:
            row.changed.connect(self._changed)
            for field in row.fields:
                field.refused.connect(lambda said, field=field: self._refuse(field, said))
            for widget in row.findChildren(QWidget):
                widget.installEventFilter(self)
        self.defaults.clicked.connect(lambda: self._show(DEFAULT_RULES, ImpactBand()))
        self.back.clicked.connect(self.left)
        self.use.clicked.connect(self.take)

    def open(self, rules: Sequence[FlagRule], band: ImpactBand) -> None:
        """Show the limits that hold now."""
        self.rules, self.band = tuple(rules), band
        self._show(rules, band)
        self.flags[_ORDER[0]].fields[0].stepper.field.setFocus()
        self._tell_source(self.flags[_ORDER[0]])

    def take(self) -> None:
        """Let the limits hold; what is not in order is refused, and nothing is changed."""
        refused = self._refused
        for field in (field for row in self._rows for field in row.fields):
            field.stepper.commit()
            refused = refused or self._refused
        if refused is not None:  # it is read before anything else is done
            self._refused = refused
            self._stay(refused[0])
            return
        wrong = self._disordered()
        if wrong is not None:
            self._stay(wrong.fields[0])
            return
        self.rules, self.band = self._draft()
        self.used.emit()

    def _stay(self, field: LimitField) -> None:
        field.stepper.field.setFocus()
        self._say()
        self._refused = None

    # -- what is filled in ------------------------------------------------------------------------

    def _draft(self) -> tuple[tuple[FlagRule, ...], ImpactBand]:
        rules = self.rules
        for kind, row in self.flags.items():
            rules = with_limits(rules, kind, *row.pair)
        return rules, _band(self.landing)

    def _disordered(self) -> LimitRow | None:
        """The first row whose limits are not in order."""
        for kind, row in self.flags.items():
            try:
                with_limits(self.rules, kind, *row.pair)
            except ValueError:
                return row
        try:
            _band(self.landing)
        except ValueError:
            return self.landing
        return None

    def _show(self, rules: Sequence[FlagRule], band: ImpactBand) -> None:
        for rule in rules:
            self.flags[rule.kind].set_pair((rule.amber, rule.red))
        for kind, row in self.flags.items():  # a kind without a rule has no limit to set
            row.setVisible(any(rule.kind is kind for rule in self.rules))
        self.landing.set_pair((band.low_bw, band.high_bw))
        self._changed()

    # -- what is told -----------------------------------------------------------------------------

    def _changed(self) -> None:
        self._refused = None
        self._say()

    def _refuse(self, field: LimitField, sentence: str) -> None:
        self._refused = (field, sentence)
        self._say()

    def _say(self) -> None:
        wrong = self._disordered()
        if self._refused is not None:
            said, role = f"▲ {self._refused[1]}", "attention"
        elif wrong is not None:
            said, role = f"▲ {disorder(wrong.words, wrong.pair)}", "attention"
        else:
            said, role = tr("Beyond a limit a flag is raised; off: no flag is raised."), "muted"
        self.sentence.say(said, role)
        self.use.setAccessibleDescription(said)

    def _tell_source(self, row: LimitRow) -> None:
        words = row.words
        self.source.say(tr("{name}: {source}", name=words.name, source=words.source))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell the source of the row that has the keys: nothing is told to the mouse alone."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QWidget):
            row = next((row for row in self._rows if row.isAncestorOf(watched)), None)
            if row is not None:
                self._tell_source(row)
        return super().eventFilter(watched, event)


def _band(row: LimitRow) -> ImpactBand:
    low, high = row.pair
    return ImpactBand(low or 0.0, high or 0.0)
