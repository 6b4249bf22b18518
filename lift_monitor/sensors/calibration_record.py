"""Which calibration of the trunk stands, how old and how good it is, whether it still holds.

Told every :data:`~lift_monitor.station.StationUpdate` in order and nothing else.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from lift_monitor.events import Confidence, Event
from lift_monitor.samples import Role
from lift_monitor.signal.spine import MOST_AGE_S
from lift_monitor.station import StationReset, StationStatus, StationUpdate
from lift_monitor.technique import CalibrationRefused, SensorSlipped, TrunkCalibrated

OLD_S: Final = MOST_AGE_S
"""After this a new calibration is asked for: skin, tape and posture change (design default)."""
TRUNK_ROLES: Final = (Role.THORAX, Role.PELVIS)


class Standing(enum.StrEnum):
    """How the spine is watched as far as the calibration goes."""

    NO_SENSOR = "no_sensor"
    """There is no trunk sensor in this session."""
    NONE = "none"
    SKIPPED = "skipped"
    GOOD = "good"
    LOW = "low"
    OLD = "old"
    SLIPPED = "slipped"

    @property
    def wants_another(self) -> bool:
        """Whether somebody should calibrate (again)."""
        return self not in (Standing.GOOD, Standing.NO_SENSOR)

    @property
    def calibrated(self) -> bool:
        """Whether there is a calibration that the angles are computed by."""
        return self in (Standing.GOOD, Standing.LOW, Standing.OLD)


@dataclass(frozen=True, slots=True)
class CalibrationNow:
    """The calibration that stands at a moment."""

    standing: Standing
    sensors: tuple[Role, ...] = ()
    """Trunk sensors of the session, thorax first."""
    roles: tuple[Role, ...] = ()
    """Those that were calibrated."""
    age_s: float | None = None
    method: str = ""
    reasons: tuple[str, ...] = ()
    """Sentences: why the confidence is low, or what slipped."""
    slipped: tuple[Role | None, ...] = ()
    """``None`` stands for one of the two that cannot be told."""

    @property
    def lean_only(self) -> bool:
        """Whether a single sensor can only tell how far the trunk leans."""
        return len(self.roles or self.sensors) == 1


class CalibrationRecord:
    """Folds what the station tells into the calibration that stands."""

    def __init__(self) -> None:
        self._sensors: tuple[Role, ...] = ()
        self._skipped = False
        self._clear()

    def _clear(self) -> None:
        self._last: TrunkCalibrated | None = None
        self._slips: dict[Role | None, str] = {}
        self.refusal = ""
        """Sentence of the last refusal, until a calibration succeeds."""

    def apply(self, update: StationUpdate) -> None:
        """Take one update."""
        if isinstance(update, StationReset):
            self._clear()
        elif isinstance(update, StationStatus):
            here = {sensor.role for sensor in update.sensors}
            self._sensors = tuple(role for role in TRUNK_ROLES if role in here)
        else:
            for event in update.events:
                self._apply_event(event)

    def _apply_event(self, event: Event) -> None:
        match event:
            case TrunkCalibrated():
                self._last, self._slips, self.refusal = event, {}, ""
            case CalibrationRefused():
                self.refusal = event.text
            case SensorSlipped(active=True):
                self._slips[event.role] = event.text
            case SensorSlipped():
                self._slips.pop(event.role, None)

    def skip(self) -> None:
        """Somebody chose to go on without; an older calibration still stands."""
        self._skipped = True

    def now(self, now_s: float) -> CalibrationNow:
        """What stands at a session time."""
        last = self._last
        if last is None:
            standing = Standing.SKIPPED if self._skipped else Standing.NONE
            if not self._sensors:
                standing = Standing.NO_SENSOR
            return CalibrationNow(standing, self._sensors)
        age_s = max(0.0, now_s - last.at_s)
        if self._slips:
            standing = Standing.SLIPPED
        elif age_s > OLD_S:
            standing = Standing.OLD
        else:
            good = last.confidence is Confidence.HIGH
            standing = Standing.GOOD if good else Standing.LOW
        return CalibrationNow(
            standing,
            self._sensors,
            last.roles,
            age_s,
            last.method,
            tuple(self._slips.values()) if self._slips else last.reasons,
            tuple(self._slips),
        )
