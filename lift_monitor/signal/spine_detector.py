"""Angles of the trunk from the samples of its sensors alone."""

from __future__ import annotations

from collections.abc import Mapping

from lift_monitor.events import Confidence
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.signal.spine import Spine, SpineOutput
from lift_monitor.signal.trunk_align import Alignment
from lift_monitor.signal.trunk_calibration import TrunkCalibration
from lift_monitor.signal.trunk_steps import TrunkSensor


class SpineDetector:
    """Angles from samples, each sensor with a grid and a vertical of its own.

    Feeding the same samples in any chunks gives identical angles.

    Parameters
    ----------
    calibration : TrunkCalibration
        Says which sensors there are: one without calibration is not waited for.
    ranges : mapping of Role to (float or None, float or None), optional
        Acceleration (m/s²) and rotation (rad/s) ranges of the sensors.
    """

    def __init__(
        self,
        calibration: TrunkCalibration,
        *,
        ranges: Mapping[Role, tuple[float | None, float | None]] | None = None,
    ) -> None:
        self._spine = Spine(calibration)
        self._sensors = {
            role: TrunkSensor(*(ranges or {}).get(role, (None, None))) for role in self._spine.roles
        }
        self._alignment = Alignment(self._spine.roles)

    def confidence(self, now_s: float) -> tuple[Confidence, tuple[str, ...]]:
        """How far the angles may be trusted now, and why not further."""
        return self._spine.confidence(now_s)

    def feed(self, role: Role, chunk: ImuChunk) -> SpineOutput:
        """Take the next samples of one sensor; return the steps that all sensors now know.

        Raises
        ------
        KeyError
            If the calibration knows no sensor of this role.
        """
        self._alignment.take(role, self._sensors[role].feed(chunk))
        return self._spine.feed(*self._alignment.until(min(self._alignment.known.values())))

    def finish(self) -> SpineOutput:
        """End of all streams."""
        for role, sensor in self._sensors.items():
            self._alignment.take(role, sensor.finish())
        return self._spine.feed(*self._alignment.until(max(self._alignment.known.values())))
