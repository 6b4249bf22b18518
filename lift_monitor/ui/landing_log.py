"""The landings of a session, judged by the clinician's band. No Qt."""

from __future__ import annotations

from typing import Final

from lift_monitor.events import Confidence
from lift_monitor.signal.landing_dose import ImpactBand, SessionDose, session_dose
from lift_monitor.technique import Landing, Severity
from lift_monitor.ui.readings import Alarm, Level
from lift_monitor.ui.trunk_readings import LandingItem

ALARM_S: Final = 10.0
"""So long a landing above the ceiling is told, if no other follows; design default."""


class LandingLog:
    """Every landing of a session with its place to the target band.

    Parameters
    ----------
    band : ImpactBand
    """

    def __init__(self, band: ImpactBand) -> None:
        self.band = band
        self.items: list[LandingItem] = []

    def clear(self) -> None:
        """Forget everything."""
        self.items.clear()

    def add(self, landing: Landing) -> None:
        """Take the next landing."""
        if landing.peak_grf_bw > self.band.high_bw:
            level, place = Level.CHECK, "above"
        elif landing.peak_grf_bw < self.band.low_bw:
            level, place = Level.INFO, "below"
        else:
            level, place = Level.OK, "within"
        self.items.append(LandingItem(len(self.items) + 1, landing, level, place))

    @property
    def last(self) -> LandingItem | None:
        """The newest landing."""
        return self.items[-1] if self.items else None

    @property
    def dose(self) -> SessionDose:
        """What the landings add up to."""
        peaks = [item.landing.peak_grf_bw for item in self.items]
        clipped = any(item.landing.clipped for item in self.items)
        return session_dose(peaks, self.band, clipped=clipped)

    def alarms(self, now_s: float) -> list[Alarm]:
        """Landings above the ceiling; ``repetition`` is the number of the landing."""
        return [
            Alarm(
                code="landing",
                severity=Severity.AMBER,
                value=item.landing.peak_grf_bw,
                limit=self.band.high_bw,
                unit="BW",
                start_s=item.landing.contact_s,
                active=item is self.last and now_s - item.landing.at_s <= ALARM_S,
                low=item.landing.confidence is not Confidence.HIGH,
                least=item.landing.clipped,
                repetition=item.number,
            )
            for item in self.items
            if item.place == "above"
        ]
