"""The record: sessions, decisions with their reasons, adverse events, and who changed what."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from lift_monitor.ui.fields import LineField
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.columns import Columns
from lift_monitor.ui.people.file import PersonFile
from lift_monitor.ui.people.layout import Card, Paragraph, Section, Tabs
from lift_monitor.ui.people.list_table import ListTable
from lift_monitor.ui.people.record_rows import AUDIT, KINDS, Entry, entries, session_words
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import tight

_LONGEST_SEARCH = 60


class RecordTab(Section):
    """Lists everything on record; the chosen entry is told whole.

    Parameters
    ----------
    file : PersonFile
    """

    def __init__(self, file: PersonFile) -> None:
        super().__init__()
        self.setAccessibleName(tr("Record"))
        self._file = file
        self._all: tuple[Entry, ...] = ()
        self._shown: tuple[Entry, ...] = ()
        self.kinds = Tabs(
            tr("Show"),
            [tr("All"), tr("Sessions"), tr("Decisions"), tr("Adverse events"), tr("Changes")],
        )
        self.search = LineField(tr("Find in the record"), tr("find by typing"), _LONGEST_SEARCH)
        self.table = ListTable(
            tr("Record"),
            (
                (tr("When"), "2026-00-00 00:00", 0.1),
                (tr("What"), "◆ Re-familiarise, accepted", 1.0),
                (tr("Detail"), "Overhead press: training, 22.5 kg", 3.0),
                (tr("By"), "AB or longer", 1.0),
            ),
            whole=False,
        )
        self.nothing = Paragraph(role="muted")
        self.title = Paragraph(weight="semibold")
        self.detail = Paragraph()
        self.more = Paragraph(role="muted")
        left, right = QWidget(), QWidget()
        card, chosen = Card(tr("Record")), Card(tr("Chosen entry"))
        card.column.addWidget(self.kinds)
        card.column.addWidget(self.search)
        card.column.addWidget(self.table, 1)
        card.column.addWidget(self.nothing, 1)
        for label in (self.title, self.detail, self.more):
            chosen.column.addWidget(label)
        chosen.column.addStretch(1)
        self._columns = tight(QVBoxLayout(left)), tight(QVBoxLayout(right))
        self._columns[0].addWidget(card, 1)
        self._columns[1].addWidget(chosen, 1)
        parts = Columns(left, right, (tr("Record"), tr("Chosen entry")), (66, 34))
        tight(QVBoxLayout(self)).addWidget(parts)
        self.kinds.chosen.connect(lambda _index: self._show())
        self.search.textChanged.connect(lambda _text: self._show())
        self.table.row_chosen.connect(self._tell)
        self.refresh()

    def take_gaps(self, style: Style) -> None:
        """Take gaps; keep some rows in sight whatever the height."""
        self.table.setMinimumHeight(style.target() * 5)

    def refresh(self) -> None:
        """Read everything anew."""
        self._all = entries(self._file.clinic, self._file.person_id, self._file.plan)
        self._show()

    def _show(self) -> None:
        kind = KINDS[self.kinds.now - 1] if self.kinds.now else ""
        wanted = self.search.text().strip().casefold()
        self._shown = tuple(
            entry
            for entry in self._all
            if (entry.kind == kind if kind else entry.kind != AUDIT)
            and wanted in f"{entry.at} {entry.what} {entry.detail} {entry.by}".casefold()
        )
        self.table.show_list(
            [[(e.at, ""), (e.what, e.role), (e.detail, ""), (e.by, "muted")] for e in self._shown]
        )
        self.nothing.setVisible(not self._shown)
        self.table.setVisible(bool(self._shown))
        self.nothing.say(tr("Nothing is found.") if wanted else tr("Nothing is on record yet."))
        if self._shown:
            self.table.setCurrentCell(0, 0)
        self._tell(self.table.currentRow())

    def _tell(self, row: int) -> None:
        if not 0 <= row < len(self._shown):
            for label in (self.title, self.detail, self.more):
                label.say("")
            return
        entry = self._shown[row]
        self.title.say(f"{entry.at} · {entry.what}")
        by = tr("by {by}", by=entry.by) if entry.by else ""
        self.detail.say("\n".join(filter(None, (entry.detail, by))))
        more = entry.more
        if entry.session_id is not None:
            sets = self._file.clinic.sessions.sets(entry.session_id)
            more = session_words(sets, self._file.plan)
        self.more.say(more)
