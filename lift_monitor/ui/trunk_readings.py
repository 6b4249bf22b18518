"""The values that the trunk's part of the view model speaks in. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from lift_monitor.signal.trunk_rules import FlagRule
from lift_monitor.technique import FlagKind, Landing, Load
from lift_monitor.ui.readings import DataState, Level


@dataclass(frozen=True, slots=True)
class SpineReading:
    """What the gauge shows at this moment.

    ``kind`` is lumbar flexion with two trunk sensors and trunk lean with one. Without a value
    ``why`` tells the reason: ``"not_calibrated"``, ``"lost"``, ``"slipped"``, ``"stands_off"``,
    ``"stale"``, ``"gap"``, ``"waiting"`` or ``"ended"``.
    """

    kind: FlagKind
    value: float | None
    state: DataState
    level: Level
    worst: float | None
    worst_level: Level
    pelvis_deg: float | None
    thorax_deg: float | None
    rule: FlagRule | None
    why: str = ""
    text: str = ""
    """The core's or the sensor's own sentence, if there is one."""
    age_s: float | None = None


@dataclass(frozen=True, slots=True)
class LoadReading:
    """Whether the lifter bears the bar, and who says so."""

    load: Load
    by_hand: bool


@dataclass(frozen=True, slots=True)
class LandingItem:
    """One landing of the session with its number and its place to the target band."""

    number: int
    landing: Landing
    level: Level
    place: str
    """``"below"``, ``"within"`` or ``"above"``."""
