"""One sentence over the screen: an error to dismiss, or progress; never a modal dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Styled, Text, tight

_PASSING_MS = 4000
_FOOT_PX = 6
"""Over the foot of the window and nothing above it."""


class Banner(QFrame, Styled):
    """Floats above the foot of its parent, so that nothing below it moves."""

    dismissed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("banner")
        self._text = Text(weight="semibold", wrap_lines=2, size=tokens.TEXT)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(6)
        self._progress.setRange(0, 1000)
        self._close = Button(tr("Dismiss"), tr("Dismiss the message"), "Esc", tr("Dismiss"))
        self._close.clicked.connect(self.dismiss)
        self.again = Button(tr("Try again"), tr("Do once more what could not be done"))
        self.again.setProperty("kind", "primary")
        self.again.clicked.connect(self._try_again)
        self._do_again: Callable[[], object] | None = None
        self._row = QHBoxLayout(self)
        column = tight(QVBoxLayout(), 4)
        column.addStretch(1)
        column.addWidget(self._text)
        column.addWidget(self._progress)
        column.addStretch(1)
        self._row.addLayout(column, 1)
        self._row.addWidget(self.again, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.busy = False
        self.hide()

    @property
    def text(self) -> str:
        """What is said."""
        return self._text.full_text

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        self._row.setContentsMargins(style.px(18), style.px(8), style.px(12), style.px(8))
        self._row.setSpacing(style.px(16))

    def show_error(self, sentence: str, again: Callable[[], object] | None = None) -> None:
        """Say what is wrong; stays until it is dismissed or something else is said.

        Parameters
        ----------
        sentence : str
        again : callable, optional
            Does once more what could not be done, at a press.
        """
        self._kind("error", again)
        self._progress.hide()
        self._close.setText(tr("Dismiss"))
        self._text.say(f"▲ {sentence}", "")
        self._appear()

    def show_note(self, sentence: str) -> None:
        """Say that something went well; stays until it is dismissed or something else is said."""
        self._kind("note")
        self._progress.hide()
        self._close.setText(tr("Dismiss"))
        self._text.say(f"● {sentence}", "")
        self._appear()

    def show_passing(self, sentence: str) -> None:
        """Say what was just done, for a moment: it hides nothing for long."""
        self.show_note(sentence)
        QTimer.singleShot(_PASSING_MS, self, lambda: self._pass(sentence))

    def _pass(self, sentence: str) -> None:
        if self.text == f"● {sentence}":
            self.hide()

    def show_progress(self, what: str, share: float) -> None:
        """Say what is being done and how far it is."""
        self._kind("progress")
        self._progress.show()
        self._progress.setValue(int(1000 * min(max(share, 0.0), 1.0)))
        self._close.setText(tr("Cancel"))
        known = tr("{what} {pct} %", what=what, pct=number(100 * share, 0))
        self._text.say(known if share > 0.0 else tr("{what} …", what=what), "")
        self._appear()

    def _try_again(self) -> None:
        again = self._do_again
        self.hide()
        if again is not None:
            again()

    def dismiss(self) -> None:
        """Take it away."""
        self.hide()
        self.dismissed.emit()

    def place(self) -> None:
        """Put it in the middle of the parent's foot."""
        parent = self._over
        width = min(parent.width() - 48, 860)
        height = max(72, self.sizeHint().height())
        self.setGeometry(
            (parent.width() - width) // 2, parent.height() - height - _FOOT_PX, width, height
        )

    def _kind(self, kind: str, again: Callable[[], object] | None = None) -> None:
        self._do_again = again
        self.again.setVisible(again is not None)
        self.busy = kind == "progress"
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)

    def _appear(self) -> None:
        self.setAccessibleName(self.text)
        self.show()
        self.place()
        self.raise_()
