"""What every painted chart has: its style, the size of its words, the room it takes."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled


class Chart(QWidget, Styled):
    """Base of widgets that paint bars.

    Parameters
    ----------
    name : str
        Accessible name.
    large : bool
        Lifter view: sizes are given in pixels by :meth:`set_text_px`, no axis ticks.
    """

    def __init__(self, name: str, *, large: bool) -> None:
        super().__init__()
        self._style = Style()
        self._large = large
        self._text_px = tokens.TEXT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    def set_style(self, style: Style) -> None:
        """Take colours and sizes."""
        self._style = style
        if not self._large:
            self._text_px = style.font(tokens.TEXT).pixelSize()
        self.update()

    def set_text_px(self, pixels: int) -> None:
        """Size of the words, for a screen read from afar."""
        if pixels != self._text_px:
            self._text_px = pixels
            self.update()

    def minimumSizeHint(self) -> QSize:
        """Enough for a few bars."""
        return QSize(200, 120)

    def sizeHint(self) -> QSize:
        """Takes what the layout has."""
        return QSize(600, 300)
