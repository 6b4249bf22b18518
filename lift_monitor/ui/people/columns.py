"""Two columns that scroll by themselves; one column where there is no room for two."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.people.form_fields import Sentence
from lift_monitor.ui.people.layout import Part, Scroll
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled, tight

_ROOM: Final = 1500
"""Design width in pixels below which two columns are too narrow to be read."""


class Foot(QFrame, Styled):
    """The end of a form: what became of it, and its buttons.

    Parameters
    ----------
    sentence : Sentence
    *buttons : QWidget
    """

    def __init__(self, sentence: Sentence, *buttons: QWidget) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._line = tight(QHBoxLayout(self))
        for button in buttons:
            self._line.addWidget(button)
        self._line.addWidget(sentence, 1)

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        pad = style.px(tokens.PAD)
        self._line.setContentsMargins(pad, style.px(12), pad, style.px(12))
        self._line.setSpacing(style.px(8))


class Columns(Part):
    """What is filled in on the left, what follows from it on the right: both in sight.

    Parameters
    ----------
    left, right : QWidget
    names : (str, str)
        Accessible names of the two.
    shares : (int, int)
        Of the width.
    foot : QWidget, optional
        Below the right one, always in sight: what it all leads to.
    """

    def __init__(
        self,
        left: QWidget,
        right: QWidget,
        names: tuple[str, str],
        shares: tuple[int, int],
        foot: QWidget | None = None,
    ) -> None:
        super().__init__()
        self._contents, self._foot = (left, right), foot
        self._beside: bool | None = None
        self._beside_it = QWidget()
        self._line, self._right = tight(QHBoxLayout()), tight(QVBoxLayout(self._beside_it))
        self._whole = tight(QVBoxLayout(self))
        self._whole.addLayout(self._line, 1)
        self.scrolls = Scroll(left, names[0]), Scroll(right, names[1])
        for part in (*self.scrolls, self._beside_it):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._line.addWidget(self.scrolls[0], shares[0])
        self._line.addWidget(self._beside_it, shares[1])
        self._right.addWidget(self.scrolls[1], 1)
        self._stacked = QWidget()
        self._stack = tight(QVBoxLayout(self._stacked))
        if foot is not None:
            self._right.addWidget(foot)

    def take_gaps(self, style: Style) -> None:
        """Take gaps, and look whether there is room."""
        for layout in (self._line, self._right, self._whole, self._stack):
            layout.setSpacing(style.px(tokens.GAP))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look whether there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        beside = self.width() >= self.style_now.px(_ROOM)
        if beside is not self._beside:
            self._beside = beside
            (self._put_beside if beside else self._put_below)()

    def _put_below(self) -> None:
        """All in one column that scrolls as a whole; only the foot stays in sight."""
        for scroll in self.scrolls:
            scroll.takeWidget()
        for content in self._contents:
            self._stack.addWidget(content)
            content.show()
        self.scrolls[0].show_content(self._stacked)
        self._beside_it.hide()
        if self._foot is not None:
            self._whole.addWidget(self._foot)

    def _put_beside(self) -> None:
        self.scrolls[0].takeWidget()
        for content, scroll in zip(self._contents, self.scrolls, strict=True):
            scroll.show_content(content)
        self._beside_it.show()
        if self._foot is not None:
            self._right.addWidget(self._foot)
