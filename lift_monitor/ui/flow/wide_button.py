"""Buttons that take the width that they are given."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from lift_monitor.ui import tokens
from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import Button


class WideButton(Button):
    """As wide as its place; a caption that does not fit is elided and told by its tool tip."""

    def __init__(self, text: str, name: str, key: str = "") -> None:
        super().__init__(text, name, key)
        self._caption = text
        self._pad = 8
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if not self.toolTip():
            self.setToolTip(name)

    @property
    def caption(self) -> str:
        """What is written on it, whole."""
        return self._caption

    @property
    def elided(self) -> bool:
        """Whether the caption is cut."""
        return self.text() != self._caption

    def say(self, caption: str, name: str = "") -> None:
        """Write something else on it."""
        self._caption = caption
        if name:
            self.setAccessibleName(name)
            self.setToolTip(name)
        self._fit()

    def set_style(self, style: Style) -> None:
        """Take font and height, not a width."""
        self.setFont(style.font(tokens.TEXT, "semibold"))
        self.setFixedHeight(style.target())
        self._pad = style.px(8)
        set_sheet(self, f"QPushButton {{ padding: 0 {self._pad - 2}px; min-width: 0; }}")
        self.setMinimumWidth(style.target())
        self._fit()

    def sizeHint(self) -> QSize:
        """Room for the caption."""
        width = QFontMetricsF(self.font()).horizontalAdvance(self._caption) + 2 * self._pad + 6
        return QSize(int(width), self.height())

    def minimumSizeHint(self) -> QSize:
        """May be squeezed to a finger's width."""
        return QSize(44, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 2 * self._pad - 4
        metrics = QFontMetricsF(self.font())
        shown = metrics.elidedText(self._caption, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            self.setText(shown)
