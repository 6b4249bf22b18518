"""What the trunk's part of the core is told, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass, field

from lift_monitor.events import Event
from lift_monitor.samples import Role
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trunk_calibration import GuidedMinute, TrunkCalibration
from lift_monitor.signal.trunk_rules import DEFAULT_RULES, FlagRule
from lift_monitor.technique import FlagEnded, FlagRaised, Load, TrunkCalibrated, TrunkFlag


@dataclass(frozen=True, slots=True)
class TrunkConfig:
    """What is known beforehand.

    ``body_mass_kg`` gives landings their newtons; ``rules`` are the limits of technique.
    """

    body_mass_kg: float | None = None
    rules: tuple[FlagRule, ...] = DEFAULT_RULES


@dataclass(frozen=True, slots=True)
class Calibrate:
    """At ``at_s``, calibrate from the guided minute that is just over."""

    at_s: float
    minute: GuidedMinute


@dataclass(frozen=True, slots=True)
class SetLoad:
    """From ``at_s`` on the load is said by hand; ``None`` gives it back to the bar's sensor."""

    at_s: float
    load: Load | None


TrunkCommand = Calibrate | SetLoad


@dataclass(frozen=True, slots=True, eq=False)
class TrunkOutput:
    """What one call made known; events in the order of ``at_s`` of each of their kinds."""

    events: tuple[Event, ...] = ()
    spine: SpineBlock = field(default_factory=SpineBlock.empty)


def flag_event(flag: TrunkFlag) -> Event:
    """The event that tells a flag: that it was raised, or that it is over."""
    if flag.end_s is None:
        return FlagRaised(flag.raised_s, flag)
    return FlagEnded(flag.end_s, flag)


def calibrated_event(calibration: TrunkCalibration, at_s: float) -> TrunkCalibrated:
    """The event that tells a calibration made at a moment."""
    segments = {Role.THORAX: calibration.thorax, Role.PELVIS: calibration.pelvis}
    return TrunkCalibrated(
        at_s,
        tuple(role for role, segment in segments.items() if segment is not None),
        calibration.method,
        calibration.confidence,
        calibration.reasons,
    )
