"""How one sensor's stream is doing, from what arrived in the last seconds."""

from __future__ import annotations

import math
from collections import deque
from typing import Literal

import numpy as np

from lift_monitor.drivers.clock import ClockFacts
from lift_monitor.drivers.live import LinkFacts
from lift_monitor.drivers.packet import LINK, Packet
from lift_monitor.road import UnreadablePackets
from lift_monitor.samples import ImuChunk, SensorInfo
from lift_monitor.station_words import SensorStatus

_WINDOW_S = 10.0
_CHECK_AGE_S, _LOST_AGE_S = 0.5, 2.0
"""Design defaults; a sensor that sends rarely is given its own rhythm on top."""
_RHYTHMS = 3.0
_RESTARTED_S = 5.0
"""A sensor's clock that falls back so far was restarted; less is a packet sent late."""
_CHECK_LOSS_PCT = 5.0
"""Loss that is worth a look (design default)."""
_LOSS_AFTER_S = 2.0
"""Shorter stretches say nothing of loss: packets come bunched."""


class SensorHealth:
    """Watches arrival; all times are host times of the session."""

    def __init__(self, info: SensorInfo) -> None:
        self.info = info
        self._arrivals: deque[tuple[float, int]] = deque()
        self._last_s: float | None = None
        self._interval_s = 0.0
        self._newest_s = -math.inf
        self._unreadable: deque[tuple[float, int]] = deque([(-math.inf, 0)])

    def arrived(self, packet: Packet, chunk: ImuChunk) -> None:
        """Note a packet and the samples that it gave; those sent twice count once."""
        if packet.channel == LINK:
            return
        now_s = packet.host_time_ns * 1e-9
        if self._last_s is not None:
            step_s = now_s - self._last_s
            # Holes must not become the rhythm by which holes are told.
            if step_s > 0 and (self._interval_s == 0 or step_s < _RHYTHMS * self._interval_s):
                self._interval_s += (step_s - self._interval_s) * 0.2
        self._last_s = now_s
        self._arrivals.append((now_s, self._new(chunk)))
        while self._arrivals[0][0] < now_s - _WINDOW_S:
            self._arrivals.popleft()

    def _new(self, chunk: ImuChunk) -> int:
        """How many samples are newer than all before; without a clock every one is."""
        if len(chunk) == 0 or not math.isfinite(chunk.sensor_time_s[-1]):
            return len(chunk)
        newest_s, self._newest_s = self._newest_s, float(np.max(chunk.sensor_time_s))
        if self._newest_s < newest_s - _RESTARTED_S:  # a clock that began anew
            return len(chunk)
        self._newest_s = max(newest_s, self._newest_s)
        return int(np.count_nonzero(chunk.sensor_time_s > newest_s))

    def status(
        self,
        now_s: float,
        *,
        playing: bool,
        unreadable: UnreadablePackets,
        link: LinkFacts | None = None,
        clock: ClockFacts | None = None,
    ) -> SensorStatus:
        """Say how the stream is doing at a session time.

        A link that is known to be down needs no waiting: the sensor is lost at once.
        """
        age_s = None if self._last_s is None else max(0.0, now_s - self._last_s)
        rate_hz = self._rate_hz(now_s)
        loss_pct = self._loss_pct(rate_hz)
        state, text = self._judge(age_s, loss_pct, playing)
        if age_s is None and link is not None and playing and now_s > _LOST_AGE_S:
            role = self.info.role.value
            state, text = "lost", f"Nothing has come from the {role} sensor since the beginning."
        if link is not None and not link.up and playing:
            state, text = "lost", link.text or f"The link to the {self.info.role.value} broke."
        refused = self._lately_unreadable(now_s, unreadable.count)
        if refused:
            state = "check" if state == "ok" else state
            text = text or f"{refused} packets could not be read: {unreadable.first}."
        return SensorStatus(
            sensor_id=self.info.sensor_id,
            role=self.info.role,
            name=self.info.name or self.info.sensor_id,
            battery_pct=link.battery_pct if link else None,
            rate_hz=rate_hz,
            loss_pct=loss_pct,
            age_s=age_s,
            state=state,
            text=text,
            rssi_dbm=link.rssi_dbm if link else None,
            clock_error_ms=clock.error_ms if clock else None,
            drift_ppm=clock.drift_ppm if clock else None,
            link="" if link is None else "streaming" if link.up else "lost",
        )

    def _lately_unreadable(self, now_s: float, count: int) -> int:
        """Packets refused within the window: what is past must not nag for an hour."""
        seen = self._unreadable
        if count != seen[-1][1]:
            seen.append((now_s, count))
        while len(seen) > 1 and seen[1][0] <= now_s - _WINDOW_S:
            seen.popleft()
        return count - seen[0][1]

    @property
    def rhythm_s(self) -> float:
        """How long the sensor may be quiet by its own habit."""
        return _RHYTHMS * self._interval_s

    def _rate_hz(self, now_s: float) -> float | None:
        if len(self._arrivals) < 2:
            return None
        first_s = self._arrivals[0][0]
        last_s = self._arrivals[-1][0]
        # The window runs on after the last packet once the silence is out of rhythm.
        quiet_s = now_s - last_s
        end_s = now_s if quiet_s > max(_CHECK_AGE_S, self.rhythm_s) else last_s
        if end_s <= first_s:
            return None
        later = sum(samples for _, samples in self._arrivals) - self._arrivals[0][1]
        return later / (end_s - first_s)

    def _watched_s(self) -> float:
        return self._arrivals[-1][0] - self._arrivals[0][0] if self._arrivals else 0.0

    def _loss_pct(self, rate_hz: float | None) -> float | None:
        nominal = self.info.nominal_rate_hz
        if rate_hz is None or not nominal or self._watched_s() < _LOSS_AFTER_S:
            return None
        return min(100.0, max(0.0, 100.0 * (1.0 - rate_hz / nominal)))

    def _judge(
        self, age_s: float | None, loss_pct: float | None, playing: bool
    ) -> tuple[Literal["ok", "check", "lost"], str]:
        role = self.info.role.value
        if age_s is None:
            return "check", f"No packet of the {role} sensor has come yet."
        rhythm_s = self.rhythm_s
        if playing and age_s > max(_LOST_AGE_S, rhythm_s):
            return "lost", f"Nothing from the {role} sensor for {age_s:.0f} s."
        if playing and age_s > max(_CHECK_AGE_S, rhythm_s):
            return "check", f"The {role} sensor has been quiet for {age_s:.1f} s."
        if loss_pct is not None and loss_pct > _CHECK_LOSS_PCT:
            return "check", f"{loss_pct:.0f} % of the {role} sensor's samples are missing."
        return "ok", ""
