"""The left column of a session: today's exercises, what is next, the last sets, how far it is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.programme.plan import ExerciseKind
from lift_monitor.ui import tokens
from lift_monitor.ui.flow.exercise_row import ExerciseRow
from lift_monitor.ui.flow.scroll import Scroll
from lift_monitor.ui.flow.set_list import SetList
from lift_monitor.ui.flow.wide_button import WideButton
from lift_monitor.ui.flow.words import join, kg_word, next_word, phase_word, what_word
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.plates_figure import PlatesFigure
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Panel, Text, tight
from lift_monitor.visit.today import Today

_LEAST_PX: Final = 264
"""Design width below which the captions of its buttons are cut."""
_TROUBLE_LINES: Final = 5
"""At most, of the reason why something is not stored: it must be read whole."""


class TodayPanel(Panel):
    """Today's exercises; pressing one asks to do it."""

    exercise_asked = Signal(str)
    """Key of an exercise that was pressed."""
    rest_asked = Signal()
    """Rate or correct the last set, or count one by hand."""
    proposals_asked = Signal()
    adverse_asked = Signal()
    end_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Today"))
        self._style = Style()
        self._today: Today | None = None
        small = tokens.TEXT_SMALL
        self._title = Text(tr("TODAY"), role="muted", weight="semibold", size=small)
        self._trouble = Text(role="attention", size=small, wrap_lines=2)
        self._trouble.hide()
        self.rows: list[ExerciseRow] = []
        self._list = QWidget()
        self._rows = tight(QVBoxLayout(self._list))
        self.area = Scroll(self._list)
        self._next_title = Text(tr("NEXT"), role="muted", weight="semibold", size=small)
        self.next = Text(weight="semibold", size=tokens.TEXT)
        self.what = Text(size=tokens.TEXT_STRONG, weight="bold")
        self.plates = PlatesFigure()
        self._sets_title = Text(tr("LAST SETS"), role="muted", weight="semibold", size=small)
        self.sets_units = Text(
            tr("× kg · m/s"), role="muted", size=small, align=Qt.AlignmentFlag.AlignRight
        )
        self.sets_units.setToolTip(
            tr(
                "Repetitions × load in kg; fastest mean velocity in m/s; "
                "flags: ■ red, ▲ amber, ● none, ○ not watched"
            )
        )
        self.sets = SetList()
        right = Qt.AlignmentFlag.AlignRight
        self._attended = Text(role="muted", size=small, align=right)
        self._phase = Text(role="muted", size=small)
        self.rest = WideButton(
            tr("Last set"), tr("Rate or correct the last set, or count one by hand")
        )
        self.proposals = WideButton(tr("Proposals"), tr("Proposals of today"))
        self.adverse = WideButton(tr("Adverse…"), tr("Note an adverse event"))
        self.end = WideButton(tr("End…"), tr("Go to the end of the session"))
        self._lay_out()
        self.rest.clicked.connect(self.rest_asked)
        self.proposals.clicked.connect(self.proposals_asked)
        self.adverse.clicked.connect(self.adverse_asked)
        self.end.clicked.connect(self.end_asked)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        head = tight(QHBoxLayout(), 6)
        head.addWidget(self._title)
        head.addWidget(self._attended, 1)
        column.addLayout(head)
        column.addWidget(self._trouble)
        column.addWidget(self.area, 100)
        column.addWidget(self._next_title)
        column.addWidget(self.next)
        column.addWidget(self.what)
        column.addWidget(self.plates)
        above = tight(QHBoxLayout(), 6)
        above.addWidget(self._sets_title)
        above.addWidget(self.sets_units, 1)
        column.addLayout(above)
        column.addWidget(self.sets, 1)
        column.addWidget(self._phase)
        for pair in ((self.rest, self.proposals), (self.adverse, self.end)):
            line = tight(QHBoxLayout(), 6)
            for button in pair:
                line.addWidget(button, 1)
            column.addLayout(line)

    def set_style(self, style: Style) -> None:
        """Take paddings; the list is as high as its rows, where there is room."""
        super().set_style(style)
        self._style = style
        self.setMinimumWidth(style.px(_LEAST_PX))
        inner = self.layout()
        if inner is not None:
            inner.setContentsMargins(style.px(12), style.px(12), style.px(12), style.px(12))
            inner.setSpacing(style.px(6))
        self._fit_rows()

    def show_today(self, today: Today) -> None:
        """Show the day; only what differs is touched."""
        if today == self._today:
            return
        self._today = today
        while len(self.rows) < len(today.items):
            row = ExerciseRow()
            row.clicked.connect(lambda _=False, row=row: self._press(row))
            row.set_style(self._style)
            self._rows.addWidget(row)
            self.rows.append(row)
        for index, row in enumerate(self.rows):
            row.setVisible(index < len(today.items))
            if index < len(today.items):
                row.show_item(today.items[index])
        self._fit_rows()
        self._show_next(today)
        self.sets.show_sets(today.last_sets)
        self._attended.say(tr("session {n} of {m}", n=today.attended, m=today.planned))
        current = today.current
        week = tr("week {n}", n=today.week) if today.week is not None else ""
        self._phase.say(
            ", ".join(p for p in (phase_word(current.phase), week) if p) if current else week
        )
        for text in (self._attended, self._phase):
            text.setToolTip(text.full_text)
        self._trouble.setVisible(bool(today.trouble))
        self._trouble.say(tr("▲ Not stored yet: {why}", why=today.trouble))
        self._trouble.setToolTip(today.trouble)
        self._trouble.fit_lines(2, _TROUBLE_LINES)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the trouble the lines that it needs."""
        super().resizeEvent(event)
        self._trouble.fit_lines(2, _TROUBLE_LINES)

    def _press(self, row: ExerciseRow) -> None:
        if row.item is not None and not row.item.blocked:
            self.exercise_asked.emit(row.item.exercise)

    def _show_next(self, today: Today) -> None:
        current, planned = today.current, today.next
        going_on = today.open_count is not None
        self._next_title.say(tr("NOW") if going_on else tr("NEXT"))
        if current is None or planned is None:
            self._name_rest(today)
            self.next.say(tr("nothing to do"))
            self.what.say("")
            self.plates.show_bar(None)
            return
        impacts = going_on and current.kind is ExerciseKind.IMPACT
        if impacts:
            self.rest.say(tr("End set"), tr("End the set of impacts that is going on"))
        else:
            self._name_rest(today)
        reps = tr("{n} repetitions", n=planned.repetitions)
        if going_on:
            reps = tr("{done} of {n}", done=today.open_count, n=planned.repetitions)
        self.next.say(join((next_word(today), reps)))
        self.next.setToolTip(self.next.full_text)
        self.what.say(what_word(planned, current.kind))
        self.what.setToolTip(self.what.full_text)
        why = ""
        if planned.load_kg:
            why = tr("{kg}: plates not known", kg=kg_word(planned.load_kg))
        self.plates.show_bar(planned.bar, why)

    def _name_rest(self, today: Today) -> None:
        """Before the first set it is the way to change what is prescribed."""
        if today.last_sets:
            asked = tr("Rate or correct the last set, or count one by hand")
            self.rest.say(tr("Last set"), asked)
        else:
            asked = tr("Change what is prescribed today, or count a set by hand")
            self.rest.say(tr("Next set"), asked)

    def _fit_rows(self) -> None:
        height = sum(row.height() for row in self.rows if not row.isHidden())
        self.area.setMaximumHeight(max(self._style.target(), height + 2))
