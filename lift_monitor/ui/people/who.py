"""Who is working: asked once, shown always, and written beside everything that is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.fields import LineField
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.layout import Elided, Part
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, tight

LONGEST = 60


class Who(Part):
    """Asks for initials or a name, then shows them.

    Parameters
    ----------
    by : str
        Who is working; empty if it is not known yet.
    """

    named = Signal(str)
    """Somebody said who they are; never empty."""

    def __init__(self, by: str) -> None:
        super().__init__()
        self.setAccessibleName(tr("Who is working"))
        self.by = by
        self.field = LineField(tr("Clinician: initials or name"), tr("initials or name"), LONGEST)
        self.keep = Button(tr("That is me"), tr("Work under this name"))
        self.keep.setProperty("kind", "primary")
        self.shown = Elided(weight="semibold", align=Qt.AlignmentFlag.AlignRight)
        self.change = Button(tr("Change"), tr("Somebody else is working"))
        self._ask = Elided(tr("▲ Who is working?"), role="attention", size=tokens.TEXT_SMALL)
        asking, known = QWidget(), QWidget()
        self._rows = tight(QHBoxLayout(asking), 8), tight(QHBoxLayout(known), 8)
        self._rows[0].addWidget(self._ask)
        self._rows[0].addWidget(self.field, 1)
        self._rows[0].addWidget(self.keep)
        self._rows[1].addWidget(self.shown, 1)
        self._rows[1].addWidget(self.change)
        self._stack = QStackedWidget()
        self._stack.addWidget(asking)
        self._stack.addWidget(known)
        tight(QVBoxLayout(self)).addWidget(self._stack)
        self.keep.clicked.connect(self._take)
        self.field.returnPressed.connect(self._take)
        self.field.textChanged.connect(lambda text: self.keep.setEnabled(bool(text.strip())))
        self.change.clicked.connect(self._change)
        self.show_by(by)

    def show_by(self, by: str) -> None:
        """Show who is working, or ask."""
        self.by = by
        self.shown.say(tr("Clinician: {by}", by=by))
        self.change.setEnabled(bool(by))
        self.keep.setEnabled(bool(self.field.text().strip()))
        self._stack.setCurrentIndex(1 if by else 0)

    def ask(self) -> None:
        """Give the keys to the question."""
        self._stack.setCurrentIndex(0)
        self.field.setFocus()

    def take_gaps(self, style: Style) -> None:
        """Keep one height, whatever is shown."""
        self._stack.setFixedHeight(style.target())
        self.setMinimumWidth(style.px(340))

    def _change(self) -> None:
        self.field.setText(self.by)
        self.field.selectAll()
        self.ask()

    def _take(self) -> None:
        by = " ".join(self.field.text().split())
        if by:
            self.show_by(by)
            self.named.emit(by)
