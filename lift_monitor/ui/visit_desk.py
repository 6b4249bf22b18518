"""A session of the programme meets the station that measures it, if there is one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from lift_monitor.events import Exercise
from lift_monitor.station import StationUpdate
from lift_monitor.ui.exercise_book import Doing
from lift_monitor.ui.flow.session_flow import SessionFlow
from lift_monitor.ui.stage import Stage
from lift_monitor.visit.visit import Visit


class VisitDesk(QObject):
    """Hands what a stage tells to the visit, and what is done next to its station.

    Parameters
    ----------
    visit : Visit
    stage : Stage, optional
        The live session that is measured; ``None``: everything is noted by hand.
    """

    said = Signal(str)
    """One sentence: what was done."""
    failed = Signal(str)
    """One sentence: what could not be done."""
    busy = Signal(str, object)
    """One sentence: another program held the records; and a callable that tries once more."""
    ended = Signal()
    """The session is over and stored."""

    def __init__(self, visit: Visit, stage: Stage | None) -> None:
        super().__init__()
        self.visit = visit
        self._stage: Stage | None = None
        self._told: Doing | None = None
        self.flow = SessionFlow(visit, self)
        self.flow.pane_wanted.connect(self._show_pane)
        self.flow.exercise_chosen.connect(lambda _key: self._tell_station(at_once=True))
        self.flow.load_chosen.connect(lambda: self._tell_station())
        self.flow.noted.connect(self.said)
        self.flow.failed.connect(self.failed)
        self.flow.busy.connect(self.busy)
        self.flow.ended.connect(self.ended)
        if stage is not None:
            self.join(stage)

    @property
    def measured(self) -> bool:
        """Whether a stage measures it now."""
        return self._stage is not None

    def join(self, stage: Stage) -> None:
        """Sensors begin to measure what goes on, for the first time or once more."""
        self._stage, self._told = stage, None
        self.visit.listen(stage.session.station.mode)
        stage.hear = self._hear
        stage.clinician.take_aside(self.flow.aside, self.flow.pane)
        self._show_pane(self.flow.pane_shown)  # something may have to be decided first
        self._tell_station()

    def beat(self) -> None:
        """The window's clock beats: the rest goes on, and a skipped set changes what is next."""
        self.flow.beat()
        self._tell_station()

    def leave_station(self) -> None:
        """The live session was closed: a set that was going on is stored as far as it is known."""
        self.visit.stop_listening()
        if self._stage is not None:
            self._stage.hear = None
        self._stage = None
        self.flow.refresh()

    def _hear(self, update: StationUpdate) -> None:
        self.flow.take(update)

    def _show_pane(self, wanted: bool) -> None:
        if self._stage is not None:
            self._stage.clinician.show_rest(wanted)

    def _tell_station(self, *, at_once: bool = False) -> None:
        """Let the station measure the set that comes next, with its load.

        What is being lifted stays what it is, unless another exercise was chosen ``at_once``.
        """
        key, planned = self.visit.current, self.visit.next()
        if self._stage is None or key is None or planned is None:
            return
        if self.visit.open_set is not None and not at_once:
            return
        wanted = self.visit.prescription(key)
        sets = len(wanted.work)
        told = Doing(
            wanted.measured_as or Exercise.FREE,
            planned.load_kg,
            planned.repetitions,
            max(sets, 1),
        )
        if told != self._told:
            self._told = told
            self._stage.set_exercise(told)
