"""What is asked and shown between sets."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lift_monitor.clinic.words import StoredSet
from lift_monitor.programme.plates import HEAVIEST_KG
from lift_monitor.ui import tokens
from lift_monitor.ui.fields import Stepper
from lift_monitor.ui.flow.next_box import PLATE_KG, NextBox
from lift_monitor.ui.flow.rating import Rating
from lift_monitor.ui.flow.repetition_list import RepetitionList
from lift_monitor.ui.flow.rest_clock import RestClock
from lift_monitor.ui.flow.scroll import Scroll
from lift_monitor.ui.flow.words import join, kg_word, set_word
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Panel, Text, tight
from lift_monitor.visit.rest import Rest
from lift_monitor.visit.today import Today, last_set

_RIGHT_PX: Final = 370
"""Design width that repetitions and the next set need beside the questions."""
_WORDS_PX: Final = 290
"""Design width that the name of the set needs beside the clock."""
_MOST_LINES: Final = 4
_NO_MAXIMUM: Final = 16777215
"""Qt's QWIDGETSIZE_MAX."""
_BAR_PX: Final = 4
"""Kept free, so that nothing touches the frame."""


class RestPanel(Panel):
    """The last set: how hard, how painful, what counts; and what is next."""

    answered = Signal(int, dict)
    """Set, and what was answered (see :class:`~lift_monitor.ui.flow.rating.Rating`)."""
    repetition_pressed = Signal(int, bool)
    """Repetition, and whether it counts now."""
    repetition_added = Signal(int)
    undone = Signal(int)
    set_removed = Signal(int)
    load_of_set = Signal(int, float)
    """Set, and the mass that was really on the bar."""
    set_asked = Signal(int)
    """Show an earlier (−1) or later (+1) set."""
    proposal_asked = Signal()
    left = Signal()
    """Back to watching."""

    def __init__(self) -> None:
        super().__init__(tr("Rest"))
        self._style = Style()
        self._set: StoredSet | None = None
        self._quiet = False
        small = tokens.TEXT_SMALL
        self._title = Text(tr("REST"), role="muted", weight="semibold", size=small)
        self.which = Text(weight="bold", size=tokens.TEXT_HEADER)
        self.summary = Text(role="muted", size=tokens.TEXT)
        self.doubt = Text(role="attention", size=small, wrap_lines=2)
        self.clock = RestClock()
        self.earlier = Button("◀", tr("The set before"))
        self.later = Button("▶", tr("The set after"))
        self.rating = Rating()
        self.repetitions = RepetitionList()
        self.load = Stepper(tr("Load that was on the bar"), 0.0, HEAVIEST_KG, PLATE_KG, tr("kg"))
        self._load_title = Text(tr("WAS ON THE BAR"), role="muted", weight="semibold", size=small)
        self._notes_title = Text(role="muted", weight="semibold", size=small)
        self.notes = Text(size=tokens.TEXT, wrap_lines=1)
        self.next = NextBox()
        self.proposal = Button(tr("Proposal"), tr("The proposal for this exercise"))
        self.back = Button(tr("Back"), tr("Back to the live view"), tr("Esc"))
        self._questions, self._answers = QWidget(), QWidget()
        self._inside = QWidget()
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._inside)
        self.area = Scroll(self._inside)
        self._lay_out()
        self._connect()
        self.show_set(None)

    def _lay_out(self) -> None:
        self._head = tight(QBoxLayout(QBoxLayout.Direction.LeftToRight), 10)
        words = tight(QVBoxLayout(), 2)
        words.addWidget(self._title)
        words.addWidget(self.which)
        words.addWidget(self.summary)
        self._head.addLayout(words, 1)
        self._tail = tight(QHBoxLayout(), 10)
        self._tail.addWidget(self.clock)
        self._tail.addStretch(1)
        for button in (self.earlier, self.later, self.proposal, self.back):
            self._tail.addWidget(button)
        self._head.addLayout(self._tail)
        left = tight(QVBoxLayout(self._questions), 8)
        left.addWidget(self.rating)
        left.addWidget(self.doubt)
        left.addWidget(self._load_title)
        line = tight(QHBoxLayout(), 0)
        line.addWidget(self.load)
        line.addStretch(1)
        left.addLayout(line)
        left.addSpacing(6)
        left.addWidget(self._notes_title)
        left.addWidget(self.notes)
        left.addStretch(1)
        right = tight(QVBoxLayout(self._answers), 8)
        right.addWidget(self.repetitions)
        right.addStretch(1)
        right.addWidget(self.next)
        for half in (self._questions, self._answers):
            half.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.addWidget(self._questions)
        self._body.addWidget(self._answers)
        column = QVBoxLayout(self)
        column.addLayout(self._head)
        column.addWidget(self.area, 1)

    def _connect(self) -> None:
        self.rating.answered.connect(self._answer)
        self.repetitions.pressed.connect(self.repetition_pressed)
        self.repetitions.added.connect(lambda: self._of_set(self.repetition_added))
        self.repetitions.undone.connect(lambda: self._of_set(self.undone))
        self.repetitions.removed.connect(lambda: self._of_set(self.set_removed))
        self.load.changed.connect(self._correct)
        self.earlier.clicked.connect(lambda: self.set_asked.emit(-1))
        self.later.clicked.connect(lambda: self.set_asked.emit(1))
        self.proposal.clicked.connect(self.proposal_asked)
        self.back.clicked.connect(self.left)

    def set_style(self, style: Style) -> None:
        """Take gaps; decide whether both halves go side by side."""
        super().set_style(style)
        self._style = style
        self._body.setSpacing(style.px(24))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Decide anew."""
        super().resizeEvent(event)
        self._arrange()
        self.notes.fit_lines(1, _MOST_LINES)

    def _arrange(self) -> None:
        style = self._style
        room = self.width() - 2 * style.px(tokens.PAD) - style.px(24) - _BAR_PX
        asked = self.rating.rpe.sizeHint().width()
        beside = room - asked >= style.px(_RIGHT_PX)
        direction = QBoxLayout.Direction
        words = self.width() - 2 * style.px(tokens.PAD) - self._tail.sizeHint().width()
        narrow = words < style.px(_WORDS_PX)
        self._head.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._body.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self._body.setStretch(0, 0 if beside else 1)
        self._body.setStretch(1, 1)
        wide = max(asked, int(0.6 * room)) if beside else 0
        policy = QSizePolicy.Policy.Fixed if beside else QSizePolicy.Policy.Ignored
        self._questions.setSizePolicy(policy, QSizePolicy.Policy.Preferred)
        self._questions.setMinimumWidth(wide)
        self._questions.setMaximumWidth(wide or _NO_MAXIMUM)

    # -- what is shown ------------------------------------------------------------------------

    def show_set(
        self, done: StoredSet | None, exercise: str = "", unwatched: str = "", *, of: int = 0
    ) -> None:
        """Show a set and what was answered.

        Parameters
        ----------
        done : StoredSet or None
            ``None``: there is none yet.
        exercise : str
            Its name.
        unwatched : str
            Why no sensor watched technique in it; empty if one did.
        of : int
            How many sets of its kind are prescribed.
        """
        self._set = done
        for part in (self.rating, self.repetitions, self.load, self.proposal):
            part.setEnabled(done is not None)
        if done is None:
            self.which.say(tr("No set yet"))
            self.which.setToolTip(self.which.full_text)
            self.summary.say(tr("Sets appear here when they end."))
            self.summary.setToolTip(self.summary.full_text)
            self.doubt.say("")
            self.rating.show_nothing()
            self.load.show_absent()
            self.show_place(0, 0)
            return
        seen = last_set(done)
        self.which.say(join((exercise, set_word(seen.kind, seen.number, of))))
        self.which.setToolTip(self.which.full_text)
        count = "?" if seen.counted is None else str(seen.counted)
        velocity = (
            "" if seen.velocity_mps is None else tr("best {v} m/s", v=number(seen.velocity_mps))
        )
        hardest = (
            "" if seen.hardest_bw is None else tr("hardest {bw} BW", bw=number(seen.hardest_bw, 1))
        )
        loaded = "" if seen.load_kg is None else kg_word(seen.load_kg)
        self.summary.say(
            join((tr("{n} of {m}", n=count, m=seen.target), loaded, velocity, hardest))
        )
        self.summary.setToolTip(self.summary.full_text)
        reasons = "; ".join(done.new.reasons)
        self.doubt.say(tr("▲ Low confidence: {why}.", why=reasons) if reasons else "")
        self.doubt.setToolTip(self.doubt.full_text)
        why = unwatched or tr("no sensor told angles throughout")
        self.rating.show_ratings(done.ratings, "" if done.new.watched else why)
        self.repetitions.show_set(done)
        self._quiet = True
        self.load.set_value(seen.load_kg or 0.0)
        if seen.load_kg is None:
            self.load.show_absent()
        self._quiet = False

    def suggest_proposal(self, suggested: bool) -> None:
        """Point at the proposal: the last set of the exercise is done."""
        kind = "primary" if suggested else ""
        if self.proposal.property("kind") != kind:
            self.proposal.setProperty("kind", kind)
            self.proposal.style().unpolish(self.proposal)
            self.proposal.style().polish(self.proposal)

    def show_place(self, index: int, count: int) -> None:
        """Whether there are sets before and after the one that is shown."""
        self.earlier.setEnabled(index > 0)
        self.later.setEnabled(index < count - 1)

    def show_today(self, today: Today) -> None:
        """Show what is next, and what is to be known of it."""
        self.next.show_today(today)
        current = today.current
        name = "" if current is None else current.name.upper()
        variant = "" if current is None or not current.variant else current.variant + "."
        notes = " ".join(part for part in (variant[:1].upper() + variant[1:], *today.notes) if part)
        self._notes_title.say(name if notes else "")
        self.notes.say(notes)
        self.notes.setToolTip(notes)
        self.notes.fit_lines(1, _MOST_LINES)

    def show_rest(self, rest: Rest | None) -> None:
        """Show the rest of this moment."""
        self.clock.show_rest(rest)

    @property
    def set_id(self) -> int | None:
        """The set that is shown."""
        return self._set.id if self._set is not None else None

    # -- what is pressed ------------------------------------------------------------------------

    def _answer(self, fields: dict[str, object]) -> None:
        if self._set is not None:
            self.answered.emit(self._set.id, fields)

    def _of_set(self, signal: object) -> None:
        if self._set is not None:
            signal.emit(self._set.id)  # type: ignore[attr-defined]

    def _correct(self, kg: float) -> None:
        if not self._quiet and self._set is not None:
            self.load_of_set.emit(self._set.id, kg)
