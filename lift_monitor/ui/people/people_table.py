"""The list of people: one row each, opened by a click or by Enter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableWidgetItem

from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.people_rows import Overview
from lift_monitor.ui.people.words import ago, level_look
from lift_monitor.ui.style import Style
from lift_monitor.ui.tables import Cell, Table

_COLUMNS = (
    ("Person", "Heron 14 and more"),
    ("Clearance", "● High intensity"),
    ("Phase", "familiarisation"),
    ("Attended", "70 of 70"),
    ("Last seen", "10 days ago"),
    ("Needs attention", "▲ Re-assess: 2026-00-00"),
)
_SHARES = (0.5, 0.05, 0.05, 0.03, 0.05, 0.32)
_ROLE_OF = {"ok": "ok_text", "stop": "stop_text"}


class PeopleTable(Table):
    """Shows :class:`Overview` values."""

    opened = Signal(int)
    """Number of the person."""

    def __init__(self) -> None:
        super().__init__(
            tr("People"), [(tr(head), widest) for head, widest in _COLUMNS], follow=False
        )
        self._people: tuple[Overview, ...] = ()
        for column in range(len(_COLUMNS)):
            head = self.horizontalHeaderItem(column)
            assert head is not None
            head.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.cellClicked.connect(lambda row, _column: self._open(row))
        self.chosen.connect(self._open)

    def set_style(self, style: Style) -> None:
        """Rows are as high as a finger."""
        self._row_height = style.target() / style.scale
        super().set_style(style)

    def _share(self, column: int) -> float:
        return _SHARES[column]

    def show_people(self, people: Sequence[Overview], today: date) -> None:
        """Show rows; whoever was chosen stays so."""
        row = self.currentRow()
        now = self._people[row].person.id if 0 <= row < len(self._people) else None
        self._people = tuple(people)
        self.show_rows([_row(one, today) for one in people])
        for r, one in enumerate(people):
            for column in range(len(_COLUMNS)):
                item = self.item(r, column)
                assert isinstance(item, QTableWidgetItem)
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(item.text())
            if one.person.id == now:
                self.setCurrentCell(r, 0)
        if self.currentRow() < 0 and people:
            self.setCurrentCell(0, 0)

    def _open(self, row: int) -> None:
        if 0 <= row < len(self._people):
            self.opened.emit(self._people[row].person.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentRow())
        else:
            super().keyPressEvent(event)


def _row(one: Overview, today: date) -> list[Cell]:
    level, role = level_look(one.level)
    words = " · ".join(look[0] for look in one.attention)
    worst = one.attention[0][1] if one.attention else "muted"
    name = one.person.pseudonym
    if one.person.archived:
        name = tr("{name} (archived)", name=name)
    return [
        (name, ""),
        (level, _ROLE_OF.get(role, role)),
        (one.phase, ""),
        (tr("{n} of {all}", n=one.attended, all=one.planned), ""),
        (ago(one.last_seen, today), "" if one.last_seen else "muted"),
        (words, _ROLE_OF.get(worst, worst)),
    ]
