"""The rest, large: how long it has been, how long was planned; it holds nobody back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.hero import BigText
from lift_monitor.ui.i18n import DASH, clock, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled, Text, tight
from lift_monitor.visit.rest import Rest

_CAP: Final = 40


class RestClock(QWidget, Styled):
    """Minutes and seconds; a shape and a word once the planned rest is over."""

    def __init__(self) -> None:
        super().__init__()
        self._style = Style()
        self._rest: Rest | None = None
        self.number = BigText("00:00")
        self.state = Text(weight="bold", reserve=tr("○ RESTING"), size=tokens.TEXT)
        self.planned = Text(role="muted", size=tokens.TEXT_SMALL, reserve=tr("of 00:00 planned"))
        self.state.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        words = tight(QVBoxLayout(), 0)
        words.addWidget(self.state)
        words.addWidget(self.planned)
        row = tight(QHBoxLayout(self), 12)
        row.addWidget(self.number)
        row.addLayout(words)
        self.setAccessibleName(tr("Rest"))
        self.show_rest(None)

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        self._style = style
        self.number.set_cap(style.px(_CAP))
        rest, self._rest = self._rest, Rest(0.0, 0.0)
        self.show_rest(rest)

    def show_rest(self, rest: Rest | None) -> None:
        """Show the rest of this moment; ``None``: there was no set yet."""
        if rest is None:
            self.number.say(DASH, self._style.colour("muted"))
            self.state.say("", "muted")
            self.planned.say("")
        else:
            ink = "ok_text" if rest.ready else "text"
            self.number.say(clock(rest.since_s), self._style.colour(ink))
            self.state.say(
                tr("● READY") if rest.ready else tr("○ RESTING"), "ok" if rest.ready else "muted"
            )
            self.planned.say(tr("of {time} planned", time=clock(rest.planned_s)))
        self._rest = rest
