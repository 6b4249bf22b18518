"""What is asked at rest: exertion and pain, one tap each, and what may go with them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.clinic.words import Ratings
from lift_monitor.ui import tokens
from lift_monitor.ui.fields import LineField
from lift_monitor.ui.flow.choice_row import ChoiceRow, filled_when_checked
from lift_monitor.ui.flow.flow_grid import FlowGrid
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import Button, Styled, Text, tight

_WHERE_LENGTH: Final = 60


def borg_words() -> dict[int, str]:
    """What the numbers of Borg's scale of exertion mean."""
    return {
        6: tr("none"),
        9: tr("very light"),
        11: tr("light"),
        13: tr("somewhat hard"),
        15: tr("hard"),
        17: tr("very hard"),
        19: tr("extremely hard"),
    }


class Toggle(Button):
    """A button that is on or off, and says so by a shape."""

    def __init__(self, caption: str, name: str) -> None:
        super().__init__(f"○ {caption}", name, reserve=f"■ {caption}")
        self._caption = caption
        self._on = "●"
        self.setCheckable(True)
        self.toggled.connect(self._say)

    def mark(self, shape: str) -> None:
        """The shape of *on*; a square is red."""
        self._on = shape

    def set_style(self, style: Style) -> None:
        """Filled when it is on."""
        super().set_style(style)
        red = self._on == "■"
        set_sheet(self, filled_when_checked(style, style.px(12), red=red))

    def show_on(self, on: bool) -> None:
        """Show a state; nothing is emitted but by Qt's own ``toggled``."""
        self.setChecked(on)

    def _say(self, on: bool) -> None:
        self.setText(f"{self._on if on else '○'} {self._caption}")


class Rating(QWidget, Styled):
    """Exertion and pain of one set; every press is an answer at once."""

    answered = Signal(dict)
    """Fields of :class:`~lift_monitor.clinic.words.Ratings` with their new values."""

    def __init__(self) -> None:
        super().__init__()
        small = tokens.TEXT_SMALL
        self._rpe_title = Text(role="muted", weight="semibold", size=small)
        self._pain_title = Text(role="muted", weight="semibold", size=small)
        self.rpe = ChoiceRow(tr("Exertion on Borg's scale"), 6, 20, borg_words())
        self.pain = ChoiceRow(tr("Pain"), 0, 10, {0: tr("none"), 5: tr("moderate"), 9: tr("worst")})
        self.where = LineField(tr("Where it hurts"), tr("where?"), _WHERE_LENGTH)
        self.sudden = Toggle(
            tr("Sudden back pain"), tr("New, sudden pain in the back: a stop is proposed")
        )
        self.sudden.mark("■")
        self.failure = Toggle(tr("To failure"), tr("No further good repetition was possible"))
        self.clean = Toggle(tr("Seen clean"), tr("I watched: technique was clean throughout"))
        self.unclean = Toggle(tr("Seen not clean"), tr("I watched: technique was not clean"))
        self.unclean.mark("▲")
        self.watched = Text(role="muted", size=small, wrap_lines=1)
        for button in (self.sudden, self.failure, self.clean, self.unclean):
            button.setToolTip(button.accessibleName())
        self.toggles = FlowGrid()
        self.toggles.set_items([self.sudden, self.failure, self.clean, self.unclean])
        pains = tight(QHBoxLayout(), 10)
        pains.addWidget(self.pain, 3)
        pains.addWidget(self.where, 1, Qt.AlignmentFlag.AlignTop)
        column = tight(QVBoxLayout(self), 6)
        column.addWidget(self._rpe_title)
        column.addWidget(self.rpe)
        column.addWidget(self._pain_title)
        column.addLayout(pains)
        column.addWidget(self.toggles)
        column.addWidget(self.watched)
        self.rpe.chosen.connect(lambda value: self.answered.emit({"rpe": value}))
        self.pain.chosen.connect(lambda value: self.answered.emit({"pain": value}))
        self.where.editingFinished.connect(self._say_where)
        self.sudden.clicked.connect(lambda on: self.answered.emit({"sudden_back_pain": on}))
        self.failure.clicked.connect(lambda on: self.answered.emit({"to_failure": on}))
        self.clean.clicked.connect(lambda on: self._see(True if on else None))
        self.unclean.clicked.connect(lambda on: self._see(False if on else None))
        self._ratings = Ratings()
        self.show_ratings(Ratings())

    def set_style(self, style: Style) -> None:
        """Keep the field beside the numbers at their height."""
        self.where.set_style(style)

    def show_ratings(self, ratings: Ratings, unwatched: str = "") -> None:
        """Show what was answered.

        Parameters
        ----------
        ratings : Ratings
        unwatched : str
            Why no sensor watched technique; empty if one did.
        """
        self._ratings = ratings
        rpe, pain = ratings.rpe, ratings.pain
        asked = tr("▲ not asked yet")
        self._rpe_title.say(tr("EXERTION, Borg 6–20: {n}", n=rpe if rpe is not None else asked))
        self._pain_title.say(tr("PAIN, 0–10: {n}", n=pain if pain is not None else asked))
        self.rpe.show_value(rpe)
        self.pain.show_value(pain)
        if not self.where.hasFocus():
            self.where.setText(ratings.pain_where)
        self.sudden.show_on(ratings.sudden_back_pain)
        self.failure.show_on(ratings.to_failure)
        self.clean.show_on(ratings.seen_clean is True)
        self.unclean.show_on(ratings.seen_clean is False)
        said = tr("Technique was watched by the sensors.")
        if unwatched:
            said = tr("▲ Technique not watched: {why}. Not watched is not clean.", why=unwatched)
        self.watched.say(said, "attention" if unwatched else "muted")

    def show_nothing(self) -> None:
        """There is no set to be asked about."""
        self.show_ratings(Ratings())
        for title in (self._rpe_title, self._pain_title):
            title.say(title.full_text.partition(":")[0])
        self.watched.say("")

    def _see(self, clean: bool | None) -> None:
        self.clean.show_on(clean is True)
        self.unclean.show_on(clean is False)
        self.answered.emit({"seen_clean": clean})

    def _say_where(self) -> None:
        where = " ".join(self.where.text().split())
        if where != self._ratings.pain_where:
            self.answered.emit({"pain_where": where})
