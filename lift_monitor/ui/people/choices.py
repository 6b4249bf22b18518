"""Choices of a form: one of some words, on or off, and yes, no or not known."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout

from lift_monitor.programme.clearance import Answer
from lift_monitor.ui.fields import ChoiceField
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.people.layout import Paragraph, Part
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, tight


class Choice(ChoiceField):
    """One of some words; the wheel scrolls the page and changes nothing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class Marked(Button):
    """A button that is on or off, and says so with a shape: ● or ○."""

    def __init__(self, word: str, name: str) -> None:
        super().__init__(f"○ {word}", name, reserve=f"● {word}")
        self.word = word
        self.setCheckable(True)
        self.toggled.connect(self._mark)

    def _mark(self, on: bool) -> None:
        self.setText(f"{'●' if on else '○'} {self.word}")


class Options(Part):
    """Some words of which one holds.

    Parameters
    ----------
    caption : str
    words : sequence of (str, str)
        Key and word of each.
    """

    changed = Signal()
    """Another holds now."""
    tapped = Signal()
    """Somebody chose, be it the one that held already."""

    def __init__(self, caption: str, words: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.caption = caption
        self.setAccessibleName(caption)
        self.buttons = {key: Marked(word, f"{caption}: {word}") for key, word in words}
        self._row = Flow(self)
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _=False, key=key: self.choose(key))
            self._row.addWidget(button)
        self._key = words[0][0]
        self.show_key(self._key)

    @property
    def key(self) -> str:
        """Which one holds."""
        return self._key

    def choose(self, key: str) -> None:
        """Let another hold, and say so."""
        changed = key != self._key
        self.show_key(key)
        if changed:
            self.changed.emit()
        self.tapped.emit()

    def show_key(self, key: str) -> None:
        """Let another hold."""
        self._key = key
        for own, button in self.buttons.items():
            button.setChecked(own == key)

    def take_gaps(self, style: Style) -> None:
        """Keep the words close."""
        self._row.setSpacing(style.px(6))


class AnswerField(Part):
    """A question with yes, no, and *not known*, which is where it begins.

    Parameters
    ----------
    question : str
    """

    changed = Signal()

    def __init__(self, question: str) -> None:
        super().__init__()
        self.caption = question
        self.options = Options(
            question,
            (
                (Answer.UNKNOWN.value, tr("Not known")),
                (Answer.NO.value, tr("No")),
                (Answer.YES.value, tr("Yes")),
            ),
        )
        self._row = tight(QHBoxLayout(self), 12)
        self._row.addWidget(Paragraph(question), 1, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self.options)
        self.options.changed.connect(self.changed)

    @property
    def answer(self) -> Answer:
        """What was answered."""
        return Answer(self.options.key)

    def set_answer(self, answer: Answer) -> None:
        """Fill in."""
        self.options.show_key(answer.value)
