"""A session of the programme on the live screen: the record, the day beside it, the rest."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from lift_monitor.events import Exercise, RepetitionCompleted, SetStarted
from lift_monitor.programme.record import SetKind
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station import StationUpdate
from lift_monitor.technique import FlagRaised, LandingDetected
from lift_monitor.ui.flow.rest_page import RestPage
from lift_monitor.ui.flow.today_panel import TodayPanel
from lift_monitor.ui.stage import Stage
from lift_monitor.visit.visit import Visit

_CALLS_BACK: Final = (SetStarted, RepetitionCompleted, FlagRaised, LandingDetected)
"""Something happens on the bar or the trunk: what is asked at rest gives way to it."""


class VisitDesk(QObject):
    """Puts what a stage tells into the record, and shows the session beside it.

    Parameters
    ----------
    visit : Visit
    stage : Stage, optional
        The live session that is measured; ``None``: everything is noted by hand.
    """

    ended = Signal()
    """The session is over and stored."""

    def __init__(self, visit: Visit, stage: Stage | None) -> None:
        super().__init__()
        self.visit, self._stage = visit, stage
        self.today = TodayPanel()
        self.rest = RestPage(visit)
        self._told: tuple[Exercise, float | None, int, int] | None = None
        self.today.exercise_asked.connect(self.choose)
        self.today.rest_asked.connect(lambda: self._open(self.rest.open_rest))
        self.today.proposals_asked.connect(lambda: self._open(self.rest.open_proposals))
        self.today.adverse_asked.connect(lambda: self._open(self.rest.open_adverse))
        self.today.end_asked.connect(lambda: self._open(self.rest.open_end))
        self.rest.watch_asked.connect(self.watch)
        self.rest.changed.connect(self._changed)
        self.rest.ended.connect(self.ended)
        if stage is not None:
            visit.listen(stage.session.station.mode)
            stage.hear = self.hear
            stage.clinician.take_aside(self.today, self.rest)
        self._changed()

    # -- what the station tells -----------------------------------------------------------------

    def hear(self, update: StationUpdate) -> None:
        """Take an update of the station into the record."""
        stored = self.visit.take(update)
        if isinstance(update, PipelineOutput) and any(
            isinstance(event, _CALLS_BACK) for event in update.events
        ):
            self.watch()
        if stored:
            self._tell_station()
            self._open(self.rest.open_rest)
        self._show()

    def tick(self) -> None:
        """About once a second: the rest goes on."""
        self.rest.refresh()
        self._show()

    # -- what the clinician does ----------------------------------------------------------------

    def choose(self, exercise: str) -> None:
        """Do another exercise from here on."""
        try:
            self.visit.choose(exercise)
        except ValueError:
            return  # its row says why it is not done today
        self._changed()
        self.watch()

    def watch(self) -> None:
        """Look at the bar and the trunk again."""
        if self._stage is not None:
            self._stage.clinician.show_rest(False)

    def leave_station(self) -> None:
        """The live session was closed: a set that was going on is stored as far as it is known."""
        self.visit.stop_listening()
        if self._stage is not None:
            self._stage.hear = None
        self._stage = None
        self._show()

    def _open(self, show: object) -> None:
        assert callable(show)
        show()
        if self._stage is not None:
            self._stage.clinician.show_rest(True)

    # -- what follows ---------------------------------------------------------------------------

    def _changed(self) -> None:
        self._tell_station()
        self._show()

    def _show(self) -> None:
        self.today.show_today(self.visit.today())

    def _tell_station(self) -> None:
        """Let the station measure the set that comes next, with its load."""
        key, planned = self.visit.current, self.visit.next()
        if self._stage is None or key is None or planned is None:
            return
        wanted = self.visit.prescription(key)
        sets = sum(1 for s in wanted.sets if s.kind is not SetKind.WARM_UP)
        told = (
            wanted.measured_as or Exercise.FREE,
            planned.load_kg,
            planned.repetitions,
            max(sets, 1),
        )
        if told == self._told:
            return
        self._told = told
        exercise, load_kg, reps, total = told
        self._stage.session.station.set_exercise(
            exercise, load_kg=load_kg, target_reps=reps, target_sets=total
        )
