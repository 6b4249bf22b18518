"""The panel of the set: bars and the number of repetitions, or of landings, and the cue."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.bars import RepetitionBars
from lift_monitor.ui.bars_state import BarsState
from lift_monitor.ui.cue_bar import CueBar
from lift_monitor.ui.hero import Hero
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.landing_bars import LandingBars, LandingBarsState
from lift_monitor.ui.landing_hero import LandingHero
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.text import Panel, Text, tight


class SetPanel(Panel):
    """Where training is with a bar its repetitions, else the landings."""

    def __init__(self) -> None:
        super().__init__(tr("This set"))
        self._title = Text(role="muted", weight="semibold", size=tokens.TEXT_SMALL)
        # The table of repetitions tells it too.
        self._state = Text(role="muted", size=tokens.TEXT_SMALL, whole_or_nothing=True)
        self.bars, self.hero, self.cue = RepetitionBars(), Hero(), CueBar()
        self.landing_bars, self.landing_hero = LandingBars(), LandingHero()
        self._landings, self._lifted = False, True
        head = tight(QHBoxLayout(), 10)
        head.addWidget(self._title)
        head.addWidget(self._state, 1)
        charts = tight(QVBoxLayout(), 4)
        charts.addLayout(head)
        charts.addWidget(self.bars, 1)
        charts.addWidget(self.landing_bars, 1)
        top = tight(QHBoxLayout(), 16)
        top.addLayout(charts, 1)
        top.addWidget(self.hero)
        top.addWidget(self.landing_hero)
        column = QVBoxLayout(self)
        column.addLayout(top, 1)
        column.addWidget(self.cue)
        self.show_landings(False)

    @property
    def chart(self) -> QWidget:
        """The bars that are shown."""
        return self.landing_bars if self._landings else self.bars

    def show_landings(self, shown: bool, *, lifted: bool = True) -> None:
        """Landings in the place of repetitions; only the cue where there is neither.

        Parameters
        ----------
        shown : bool
        lifted : bool
            Whether there is a bar whose repetitions are measured, or nothing else to see.
        """
        self._landings, self._lifted = shown, lifted or shown
        for bars, landed in (
            (self.bars, self.landing_bars),
            (self.hero, self.landing_hero),
        ):
            bars.setVisible(not shown and lifted)
            landed.setVisible(shown)
        for text in (self._title, self._state):
            text.setVisible(self._lifted)
        if shown:
            self._title.say(tr("PEAK FORCE OF LANDINGS, body weights, estimated"))
        else:
            self._title.say(tr("MEAN CONCENTRIC VELOCITY, m/s"))

    def show_model(self, model: SessionModel, *, bars: bool) -> None:
        """Show the number and the cue, and the bars if they may be others."""
        self.cue.show_model(model)
        if self._landings:
            self.landing_hero.show_model(model)
            if bars:
                self.landing_bars.show_state(LandingBarsState.of(model))
                self._state.say("")
            return
        if self._lifted:
            self.hero.show_model(model)
        if bars and self._lifted:
            self.bars.show_state(BarsState.of(model))
            self._state.say(provisional(model))


def provisional(model: SessionModel) -> str:
    """Whether the values of the set on the screen may still change."""
    view = model.current
    if view is None:
        return ""
    refined = bool(view.repetitions) and all(rep.refined for rep in view.repetitions)
    return tr("refined after set") if refined else tr("provisional")
