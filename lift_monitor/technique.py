"""Events of the trunk: flags of technique, the state of the load, landings, calibration.

Like :mod:`lift_monitor.events`, plain frozen values; every event carries ``at_s``, the
session time at which it became known, beside the times that it speaks of.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import ClassVar

from lift_monitor.events import Confidence, Event
from lift_monitor.samples import Role


class FlagKind(enum.StrEnum):
    """What a flag speaks of; the names of the `analyze` contract."""

    LUMBAR_FLEXION = "lumbar_flexion"
    TRUNK_LEAN = "trunk_lean"
    TWIST = "twist"


class Severity(enum.StrEnum):
    """How far a limit was passed."""

    AMBER = "amber"
    RED = "red"


class Load(enum.IntEnum):
    """Whether the lifter bears the bar."""

    UNKNOWN = -1
    UNLOADED = 0
    LOADED = 1


@dataclass(frozen=True, slots=True)
class TrunkFlag:
    """A limit was passed for long enough; times in session seconds.

    ``start_s`` is when the value passed the limit, ``raised_s`` when it had done so for long
    enough, ``end_s`` when it was back (``None`` while it is not). ``under_load`` is ``None``
    where the load is not known.
    """

    kind: FlagKind
    severity: Severity
    start_s: float
    raised_s: float
    end_s: float | None
    peak: float
    limit: float
    unit: str
    under_load: bool | None
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Landing:
    """One landing; times in session seconds, forces estimated.

    ``peak_grf_bw`` is the estimate of ``grf_method``; ``second_grf_bw`` that of
    ``second_method``, and ``difference_bw`` is how far they are apart: the least that must be
    believed of the uncertainty. What is not known is ``None``.
    """

    at_s: float
    """When it became known."""
    sensor: Role
    contact_s: float
    flight_s: float
    """How long the trunk was light before; 0 without a flight (a stomp)."""
    peak_acc_g: float
    """Largest resultant of the samples as received, gravity included."""
    peak_acc_20hz_g: float
    """The same after the 20 Hz low-pass of the regression."""
    peak_grf_bw: float
    peak_grf_n: float | None
    grf_method: str
    second_grf_bw: float | None
    second_method: str | None
    difference_bw: float | None
    loading_rate_bw_per_s: float
    """An indication only."""
    clipped: bool
    """The sensor reached the end of its range: peaks and forces are at least what is told."""
    confidence: Confidence
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlagRaised(Event):
    """A limit has been passed for long enough; ``flag.end_s`` is ``None``."""

    flag: TrunkFlag
    kind: ClassVar[str] = "flag_raised"


@dataclass(frozen=True, slots=True)
class FlagEnded(Event):
    """The value of a raised flag is back; the flag now has its end and its final peak."""

    flag: TrunkFlag
    kind: ClassVar[str] = "flag_ended"


@dataclass(frozen=True, slots=True)
class LoadChanged(Event):
    """The lifter took the bar, gave it away, or it is no longer known."""

    load: Load
    since_s: float
    """When it happened; ``at_s`` is when it was seen."""
    by_hand: bool = False
    """Somebody said so; else the bar's own sensor."""
    kind: ClassVar[str] = "load_changed"


@dataclass(frozen=True, slots=True)
class LandingDetected(Event):
    """A landing was measured."""

    landing: Landing
    kind: ClassVar[str] = "landing_detected"


@dataclass(frozen=True, slots=True)
class TrunkCalibrated(Event):
    """The trunk sensors were calibrated; angles are known from here on."""

    roles: tuple[Role, ...]
    method: str
    """``hinge``, ``movement`` (without a taught hinge) or ``standing``."""
    confidence: Confidence
    reasons: tuple[str, ...]
    kind: ClassVar[str] = "trunk_calibrated"


@dataclass(frozen=True, slots=True)
class CalibrationRefused(Event):
    """A calibration could not be used; an older one still stands, if there is one."""

    text: str
    """One sentence for the user: what was wrong and what to do."""
    kind: ClassVar[str] = "calibration_refused"


@dataclass(frozen=True, slots=True)
class SensorSlipped(Event):
    """A trunk sensor sits otherwise than when it was calibrated (``active``), or right again.

    While it does, the angles that need it are withdrawn. ``role`` is ``None`` where it cannot
    be told which of the two it is.
    """

    role: Role | None
    active: bool
    text: str
    kind: ClassVar[str] = "sensor_slipped"


TRUNK_EVENT_TYPES: tuple[type[Event], ...] = (
    FlagRaised,
    FlagEnded,
    LoadChanged,
    LandingDetected,
    TrunkCalibrated,
    CalibrationRefused,
    SensorSlipped,
)
