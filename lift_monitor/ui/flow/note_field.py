"""A few lines of the clinician's own words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from lift_monitor.ui import tokens
from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import Styled


class NoteField(QPlainTextEdit, Styled):
    """Plain text; the Tab key goes on to the next field.

    Parameters
    ----------
    name : str
        Accessible name, and the hint while it is empty.
    longest : int
        Characters that are kept.
    """

    def __init__(self, name: str, longest: int) -> None:
        super().__init__()
        self._longest = longest
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._limit)

    @property
    def text(self) -> str:
        """What was written, without blanks around it."""
        return self.toPlainText().strip()

    def set_style(self, style: Style) -> None:
        """Take font and colours."""
        t = style.theme
        self.setFont(style.font(tokens.TEXT))
        self.setMinimumHeight(2 * style.target())
        set_sheet(
            self,
            f"QPlainTextEdit {{ background: {t.ground}; color: {t.text};"
            f" border: 1px solid {t.outline}; border-radius: {style.px(tokens.RADIUS)}px;"
            f" padding: {style.px(6)}px; selection-background-color: {t.info};"
            f" selection-color: {t.on_mode}; }}"
            f"QPlainTextEdit:focus {{ border: 2px solid {t.focus}; }}",
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc belongs to the panel."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _limit(self) -> None:
        text = self.toPlainText()
        if len(text) > self._longest:
            at = self.textCursor().position()
            self.setPlainText(text[: self._longest])
            cursor = self.textCursor()
            cursor.setPosition(min(at, self._longest))
            self.setTextCursor(cursor)
