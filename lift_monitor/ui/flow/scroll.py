"""What does not fit is reached by scrolling down, never cut."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import Styled


class Scroll(QScrollArea, Styled):
    """A plain area around a widget; it follows the keys' focus."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside.setObjectName("inside")

    def set_style(self, style: Style) -> None:
        """Take colours: a scroll area has a ground of its own else."""
        t = style.theme
        set_sheet(
            self,
            "QScrollArea { background: transparent; border: none; }"
            "QWidget#inside { background: transparent; }"
            f"QScrollBar:vertical {{ background: transparent; width: {style.px(10)}px; }}"
            f"QScrollBar::handle:vertical {{ background: {t.outline}; border-radius: 4px; }}"
            "QScrollBar::add-line, QScrollBar::sub-line { height: 0; }",
        )

    def sizeHint(self) -> QSize:
        """As high as what is inside, if there is room."""
        return QSize(10, self._inside.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """May be squeezed."""
        return QSize(10, 10)
