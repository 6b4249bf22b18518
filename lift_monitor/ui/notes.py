"""A panel with a list: shape, what is the matter, and below it what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Panel, Styled, Text, lines_needed, tight

_ROWS = 6
_TITLE_LINES = 2
_TEXT_LINES = 6


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a list."""

    shape: str
    role: str
    """Colour role of shape and, if it is loud, of the title."""
    title: str
    state: str
    text: str
    loud: bool = False
    over: bool = False
    at_s: float | None = None
    """Session time to jump to, if there is one."""


class _Row(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.shape = Text("●", weight="semibold", reserve="▲")
        self.title = Text(weight="semibold", wrap_lines=1)
        self.state = Text(role="muted", size=tokens.TEXT_SMALL, align=Qt.AlignmentFlag.AlignRight)
        self.text = Text(role="muted", size=tokens.TEXT_SMALL, wrap_lines=1)
        self.at_s: float | None = None
        first = tight(QHBoxLayout(), 8)
        for part, stretch in ((self.shape, 0), (self.title, 1), (self.state, 0)):
            first.addWidget(part, stretch, Qt.AlignmentFlag.AlignTop)
        column = tight(QVBoxLayout(self), 2)
        column.addLayout(first)
        column.addWidget(self.text)

    def show_note(self, note: Note) -> None:
        self.shape.say(note.shape, note.role)
        self.title.say(note.title, note.role if note.loud else ("muted" if note.over else ""))
        self.state.say(note.state)
        self.text.say(note.text)
        self.at_s = note.at_s
        self.setAccessibleName(f"{note.title}. {note.text}")


class NotesPanel(Panel, Styled):
    """Notes, the most pressing first; as many as there is room for, and how many more.

    Parameters
    ----------
    title : str
    nothing : str
        Said while there is no note.
    """

    chosen = Signal(float)
    """Session time of the note that was pressed."""

    def __init__(self, title: str, nothing: str) -> None:
        super().__init__(title)
        self._notes: list[Note] = []
        self._title = Text(title.upper(), role="muted", weight="semibold", size=tokens.TEXT_SMALL)
        self._more = Text(role="muted", size=tokens.TEXT_SMALL)
        head = tight(QHBoxLayout())
        head.addWidget(self._title, 1)
        head.addWidget(self._more)
        self._calm = Text(nothing, role="ok", wrap_lines=2)
        self._rows = [_Row() for _ in range(_ROWS)]
        self._foot = Text(role="muted", size=tokens.TEXT_SMALL, wrap_lines=1)
        self._foot.hide()
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self._calm)
        for row in self._rows:
            column.addWidget(row)
            row.hide()
        column.addStretch(1)
        column.addWidget(self._foot)

    @property
    def titles(self) -> list[str]:
        """Titles that are seen."""
        return [row.title.full_text for row in self._rows if row.isVisibleTo(self)]

    @property
    def foot(self) -> str:
        """What stands at the foot; empty if nothing does."""
        return self._foot.full_text if self._foot.isVisibleTo(self) else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit."""
        super().resizeEvent(event)
        self._arrange()

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        super().set_style(style)
        self._arrange()

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Show a list, if it is another."""
        if list(notes) != self._notes:
            self._notes = list(notes)
            self._arrange()

    def show_calm(self, text: str, role: str = "ok") -> None:
        """What is said while there is no note."""
        if text != self._calm.full_text:
            self._calm.say(text, role)
            self._arrange()

    def show_foot(self, text: str) -> None:
        """Say something small below the list; nothing if empty."""
        if text != self._foot.full_text or self._foot.isHidden() is bool(text):
            self._foot.say(text)
            self._foot.setVisible(bool(text))
            self._arrange()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to where a note began."""
        row = self.childAt(event.position().toPoint())
        while row is not None and not isinstance(row, _Row):
            row = row.parentWidget()
        if isinstance(row, _Row) and row.at_s is not None:
            self.chosen.emit(row.at_s)

    def _arrange(self) -> None:
        inner = self.layout()
        if inner is None or self.width() < 50:
            return
        margins, spacing = inner.contentsMargins(), inner.spacing()
        width = self.width() - margins.left() - margins.right() - 2
        room = float(self.height() - margins.top() - margins.bottom())
        room -= self._title.sizeHint().height()
        if not self._foot.isHidden():
            room -= self._foot.height() + spacing
        self._calm.setVisible(not self._notes)
        self._calm.set_lines(lines_needed(self._calm, self._calm.full_text, width, 3))
        room, shown = self._show_titles(width, room, spacing)
        for row, note in zip(self._rows, self._notes[:shown], strict=False):
            lines = lines_needed(row.text, note.text, width, _TEXT_LINES)
            need = lines * QFontMetricsF(row.text.font()).lineSpacing() + 6
            first = row is self._rows[0]
            seen = bool(note.text) and (need <= room or first)
            if seen and need > room:  # the first is told as far as there is room
                line = QFontMetricsF(row.text.font()).lineSpacing()
                lines = max(1, int((room - 6) // line))
            row.text.setVisible(seen)
            if seen:
                row.text.set_lines(lines)
                room -= need
        hidden = len(self._notes) - shown
        self._more.say(tr("+{n} more", n=hidden) if hidden else "")

    def _show_titles(self, width: int, room: float, spacing: int) -> tuple[float, int]:
        """Put the titles that fit, leaving room for the first's text; what is left, how many."""
        kept = 0.0
        shown = 0
        for row, note in zip(self._rows, self._notes, strict=False):
            row.show_note(note)
            beside = row.shape.minimumWidth() + 16 + row.state.sizeHint().width()
            lines = lines_needed(row.title, note.title, width - beside, _TITLE_LINES)
            need = lines * QFontMetricsF(row.title.font()).lineSpacing() + 4 + spacing
            if shown == 0:
                text = lines_needed(row.text, note.text, width, _TEXT_LINES)
                kept = text * QFontMetricsF(row.text.font()).lineSpacing() + 6
            elif need + kept > room:
                break
            row.title.set_lines(lines)
            room -= need
            shown += 1
        for index, row in enumerate(self._rows):
            row.setVisible(index < shown)
        return room, shown
