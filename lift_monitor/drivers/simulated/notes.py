"""Remarks that a simulated session carries, as a recording would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.simulated.trunk_truth import TrueMinute
from lift_monitor.drivers.source import MemorySource
from lift_monitor.samples import SensorInfo

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


class AnnotatedSource(MemorySource):
    """A source in memory with the remarks of its session, as a recording has them.

    Parameters
    ----------
    sensors, packets : iterable
        As of :class:`~lift_monitor.drivers.source.MemorySource`.
    annotations : tuple of Note
        In the order of time.
    """

    def __init__(
        self,
        sensors: Iterable[SensorInfo],
        packets: Iterable[Packet],
        annotations: tuple[Note, ...] = (),
    ) -> None:
        super().__init__(sensors, packets)
        self.annotations = annotations
