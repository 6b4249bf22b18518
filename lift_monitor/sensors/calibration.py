"""Calibrating the trunk within a session: the guide, what is asked of the station, its answer."""

from __future__ import annotations

import enum
from typing import Final, Protocol

from lift_monitor.events import Event, SetEnded, SetStarted
from lift_monitor.sensors.calibration_guide import CalibrationGuide
from lift_monitor.sensors.calibration_record import CalibrationNow, CalibrationRecord, Standing
from lift_monitor.signal.trunk_calibration import GuidedMinute, Window
from lift_monitor.station import StationReset, StationStatus, StationUpdate
from lift_monitor.technique import CalibrationRefused, TrunkCalibrated

ANSWER_S: Final = 10.0
"""Longest wait for the station's answer (design default); the signal core needs a moment."""
SKIPPED: Final = "calibration_skipped"
"""Kind of the annotation that says that somebody went on without."""


class Calibrates(Protocol):
    """What the flow needs of a station."""

    def calibrate(self, stand: Window, hinge: Window, stand_again: Window) -> None:
        """Calibrate from windows of session time; the answer comes as an event."""
        ...

    def annotate(self, kind: str, text: str) -> None:
        """Write a remark into the recording."""
        ...


class FlowState(enum.StrEnum):
    """Where a person who calibrates is."""

    INTRO = "intro"
    GUIDED = "guided"
    AWAITING = "awaiting"
    CALIBRATED = "calibrated"
    REFUSED = "refused"


class CalibrationFlow:
    """One session's calibrations; told every update, asked what to show.

    Parameters
    ----------
    station : Calibrates
    guide : CalibrationGuide, optional
        Another one than the default.
    """

    def __init__(self, station: Calibrates, guide: CalibrationGuide | None = None) -> None:
        self._station = station
        self.guide = guide or CalibrationGuide()
        self.record = CalibrationRecord()
        self.state = FlowState.INTRO
        self.now_s = 0.0
        """Session time as the station told it last."""
        self.status: StationStatus | None = None
        self.interrupted = False
        """Whether a set that began ended the guide."""
        self.in_set = False
        """Whether a set is open."""
        self._asked_s = 0.0
        self.answered_s = 0.0
        """Session time of the answer."""
        self._unanswered = False

    @property
    def now(self) -> CalibrationNow:
        """The calibration that stands."""
        return self.record.now(self.now_s)

    @property
    def refusal(self) -> str:
        """Why there is no new calibration, one sentence; empty if it was not refused."""
        if self._unanswered:
            return (
                "The station gave no answer; see that the trunk sensors send data and "
                "calibrate again."
            )
        return self.record.refusal if self.state is FlowState.REFUSED else ""

    # -- what somebody does -----------------------------------------------------------------

    def open(self) -> None:
        """Show the beginning; while the guide runs or an answer is due, nothing."""
        if self.state not in (FlowState.GUIDED, FlowState.AWAITING):
            self.state, self._unanswered, self.interrupted = FlowState.INTRO, False, False

    def begin(self) -> None:
        """Begin the guided minute, or begin it anew."""
        self._unanswered = self.interrupted = False
        self.state = FlowState.GUIDED
        self.guide.begin(self.now_s)

    def go_on(self) -> None:
        """The person is ready, or was in position for long enough."""
        if self.state is FlowState.GUIDED:
            self._hand_over(self.guide.go_on(self.now_s))

    def cancel(self) -> None:
        """Leave off; the calibration that stood before still stands."""
        self.guide.cancel()
        self.state = FlowState.INTRO

    def skip(self) -> None:
        """Go on without a calibration, and have the recording say so."""
        self.cancel()
        self.record.skip()
        standing = self.now.standing
        if not standing.calibrated:
            slipped = standing is Standing.SLIPPED
            why = "a trunk sensor slipped" if slipped else "not calibrated"
            self._station.annotate(SKIPPED, f"Spine not watched: {why}.")

    # -- being told -------------------------------------------------------------------------

    def apply(self, update: StationUpdate) -> None:
        """Take one update of the station."""
        self.record.apply(update)
        if isinstance(update, StationReset):
            self.in_set = False
            if self.state is not FlowState.INTRO:
                self.cancel()
        elif isinstance(update, StationStatus):
            self._apply_status(update)
        else:
            for event in update.events:
                self._apply_event(event)

    def _apply_status(self, status: StationStatus) -> None:
        self.status, self.now_s = status, status.now_s
        if self.state is FlowState.GUIDED:
            if status.ended:
                self.cancel()
                return
            self._hand_over(self.guide.advance(self.now_s))
            if not self.guide.running and self.state is FlowState.GUIDED:
                self.cancel()
        elif self.state is FlowState.AWAITING and self.now_s - self._asked_s > ANSWER_S:
            self.state, self._unanswered = FlowState.REFUSED, True

    def _apply_event(self, event: Event) -> None:
        waits = self.state is FlowState.AWAITING or self._unanswered
        if isinstance(event, TrunkCalibrated) and waits:
            self._answered(FlowState.CALIBRATED)
        elif isinstance(event, CalibrationRefused) and waits:
            self._answered(FlowState.REFUSED)
        elif isinstance(event, SetStarted):
            self.in_set = True
            if self.state is FlowState.GUIDED:
                # Somebody lifts: what would be measured is no hinge.
                self.cancel()
                self.interrupted = True
        elif isinstance(event, SetEnded):
            self.in_set = False

    def _answered(self, state: FlowState) -> None:
        self.state, self.answered_s, self._unanswered = state, self.now_s, False

    def _hand_over(self, minute: GuidedMinute | None) -> None:
        if minute is not None:
            self.state, self._asked_s = FlowState.AWAITING, self.now_s
            self._station.calibrate(minute.stand, minute.hinge, minute.stand_again)
