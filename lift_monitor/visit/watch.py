"""What the sensors were worth during a stretch of a session: calibrated, slipped, dark.

*Not watched* is never taken for *clean*: a stretch counts as watched only if nothing speaks
against it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from lift_monitor.events import Event, QualityChanged, QualityKind
from lift_monitor.samples import Role
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.spine_gaps import SpineGaps
from lift_monitor.station_words import StationStatus
from lift_monitor.technique import SensorSlipped, TrunkCalibrated

_BLIND: Final = (QualityKind.GAP, QualityKind.NO_DATA, QualityKind.NOT_FINITE)
"""Faults during which a sensor tells nothing; the others only weaken what it tells."""
NOT_CALIBRATED: Final = "the trunk sensors were not calibrated"
_TRUNK: Final = (Role.THORAX, Role.PELVIS)


@dataclass(slots=True)
class _Span:
    start_s: float
    end_s: float
    """Infinite while it lasts."""
    text: str

    def touches(self, start_s: float, end_s: float) -> bool:
        return self.start_s < end_s and self.end_s > start_s


class SensorWatch:
    """Takes what a station tells of its sensors; is asked about stretches of time."""

    def __init__(self) -> None:
        self._calibrations: list[TrunkCalibrated] = []
        self._slips: dict[Role | None, list[_Span]] = {}
        self._faults: dict[tuple[str, QualityKind], list[_Span]] = {}
        self._lost: dict[Role, list[_Span]] = {}
        self._spine = SpineGaps()
        self._sensed = False

    # -- being told -------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """Take an event; what does not speak of sensors is passed over."""
        match event:
            case TrunkCalibrated():
                self._calibrations.append(event)
                self._sensed = True
                for spans in self._slips.values():
                    _end(spans, event.at_s)
            case SensorSlipped():
                spans = self._slips.setdefault(event.role, [])
                _end(spans, event.at_s)
                if event.active:
                    spans.append(_Span(event.at_s, math.inf, event.text))
            case QualityChanged():
                spans = self._faults.setdefault((event.sensor, event.fault), [])
                spans[:] = [span for span in spans if span.end_s < math.inf]
                end_s = math.inf if event.active or event.end_s is None else event.end_s
                spans.append(_Span(event.start_s, end_s, event.text.rstrip(".")))
            case _:
                pass

    def take_steps(self, block: SpineBlock) -> None:
        """Take steps of the trunk: where the lumbar angle is not known, nothing was watched."""
        self._spine.take(block)

    def take_status(self, status: StationStatus) -> None:
        """Take the newest status: a sensor that is lost tells no event of it."""
        for sensor in status.sensors:
            if sensor.role in _TRUNK:
                self._sensed = True
            spans = self._lost.setdefault(sensor.role, [])
            is_open = bool(spans) and spans[-1].end_s == math.inf
            if sensor.state == "lost" and not is_open:
                since = status.now_s - (sensor.age_s or 0.0)
                text = f"the {sensor.role.value} sensor was lost"
                spans.append(_Span(since, math.inf, text))
            elif sensor.state != "lost" and is_open:
                _end(spans, status.now_s)

    # -- being asked ------------------------------------------------------------------------

    @property
    def bar_lost(self) -> bool:
        """Whether the bar's sensor is lost at this moment."""
        spans = self._lost.get(Role.BAR, [])
        return bool(spans) and spans[-1].end_s == math.inf

    def unwatched(self, start_s: float, end_s: float) -> str:
        """Why technique was not watched throughout a stretch; empty if it was.

        Parameters
        ----------
        start_s, end_s : float
            Session seconds.
        """
        calibration = self._calibration(start_s)
        if calibration is None:
            if not self._sensed:
                return "there is no sensor on the trunk"
            return NOT_CALIBRATED
        if not set(_TRUNK) <= set(calibration.roles):
            return "one trunk sensor only: lumbar flexion is not measured"
        for spans in self._slips.values():
            for span in spans:
                if span.touches(start_s, end_s):
                    return "a trunk sensor sat otherwise than when it was calibrated"
        for role in _TRUNK:
            for span in self._lost.get(role, []):
                if span.touches(start_s, end_s):
                    return span.text
            for fault in _BLIND:
                for span in self._faults.get((role.value, fault), []):
                    if span.touches(start_s, end_s):
                        return f"data from the {role.value} sensor are missing"
        if self._spine.longest_s(start_s, end_s):
            return "the angle of the spine was not known throughout"
        return ""

    def doubts(self, start_s: float, end_s: float, *roles: Role) -> tuple[str, ...]:
        """Faults of sensors within a stretch, one sentence each."""
        found: list[str] = []
        for (sensor, _), spans in self._faults.items():
            if sensor in roles:
                found += [span.text for span in spans if span.touches(start_s, end_s)]
        for role in roles:
            spans = self._lost.get(role, [])
            found += [span.text for span in spans if span.touches(start_s, end_s)]
        return tuple(dict.fromkeys(found))

    def calibration_doubts(self, start_s: float) -> tuple[str, ...]:
        """Why the calibration that held is not of high confidence; empty if it is or none held."""
        calibration = self._calibration(start_s)
        if calibration is None or calibration.confidence.value == "high":
            return ()
        return calibration.reasons or ("the calibration is of low confidence",)

    def _calibration(self, at_s: float) -> TrunkCalibrated | None:
        held = [c for c in self._calibrations if c.at_s <= at_s]
        return held[-1] if held else None


def _end(spans: list[_Span], at_s: float) -> None:
    for span in spans:
        if span.end_s == math.inf:
            span.end_s = at_s
