"""Remarks that a simulated session carries, as a recording would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lift_monitor.drivers.simulated.trunk_truth import TrueMinute

TRUNK_CALIBRATION: Final = "trunk_calibration"
"""Kind of the remark from which the trunk is calibrated."""
FAILED: Final = "failed repetition"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark at a moment of the session; the fields of a recording's annotation."""

    at_s: float
    kind: str
    text: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


def calibration_note(minute: TrueMinute) -> Note:
    """Tell when the lifter stood, hinged and stood again."""
    at_s = minute.stand_again[1] + 0.5
    return Note(at_s, TRUNK_CALIBRATION, "Simulated: the guided minute.", minute.to_data())
