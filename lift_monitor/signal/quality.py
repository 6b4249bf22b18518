"""Technical faults of the stream, as events: what, how much, what it does to the numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lift_monitor.events import QualityChanged, QualityKind
from lift_monitor.samples import Quality
from lift_monitor.signal.grid import GridBlock
from lift_monitor.signal.repetitions import MIN_RATE_HZ

REPORT_GAP_S = 0.3
WINDOW_S = 2.0
"""Length of the fixed windows in which rate and saturation are judged."""


@dataclass(slots=True)
class _Window:
    fresh: float = 0.0
    saturated: int = 0
    steps: int = 0


class QualityMonitor:
    """Watches a grid; windows are tied to step numbers, so chunking does not matter.

    It lives as long as the stream, breaks included: a fault that was told of is over only
    when that is told as well.
    """

    def __init__(self, sensor: str, dt_s: float) -> None:
        self._sensor = sensor
        self._dt_s = dt_s
        self._window_steps = max(1, round(WINDOW_S / dt_s))
        self._window = _Window()
        self._thin_since: float | None = None
        self._saturated_since: float | None = None
        self._gap_until = -np.inf
        self._last_s: float | None = None

    def feed(self, block: GridBlock) -> list[QualityChanged]:
        """Faults that began or ended within these steps, in the order of time.

        A segment may start at the first of the steps only.
        """
        events: list[QualityChanged] = []
        n = len(block)
        if n and block.starts_segment[0]:
            self._after_break(float(block.time_s[0]), events)
        saturated = (block.quality & np.uint16(Quality.ACC_SATURATED | Quality.GYR_SATURATED)) != 0
        gap = block.spacing_s > REPORT_GAP_S
        start = 0
        while start < n:
            room = self._window_steps - self._window.steps
            stop = min(n, start + room)
            self._window.fresh += float(block.fresh[start:stop].sum())
            self._window.saturated += int(saturated[start:stop].sum())
            self._window.steps += stop - start
            for i in np.flatnonzero(gap[start:stop]) + start:
                self._gap(block, int(i), events)
            if self._window.steps == self._window_steps:
                self._judge(float(block.time_s[stop - 1]), events)
                self._window = _Window()
            start = stop
        if n:
            self._last_s = float(block.time_s[-1])
        return events

    def _after_break(self, at: float, events: list[QualityChanged]) -> None:
        """Tell of the break; a fault that was going on goes on until a window is without it."""
        self._window = _Window()
        if self._last_s is not None:
            self._no_data(at, self._last_s, at, events)

    def _gap(self, block: GridBlock, i: int, events: list[QualityChanged]) -> None:
        at = float(block.time_s[i])
        if at < self._gap_until:
            return  # another step of the same hole
        spacing = float(block.spacing_s[i])
        self._gap_until = at + spacing
        self._no_data(at, at, at + spacing, events)

    def _no_data(self, at: float, start: float, end: float, events: list[QualityChanged]) -> None:
        text = (
            f"No data from the {self._sensor} sensor for {end - start:.1f} s; "
            "numbers that rest on this stretch are of low confidence."
        )
        events.append(self._event(at, QualityKind.GAP, False, start, end, text))

    def _judge(self, at: float, events: list[QualityChanged]) -> None:
        began = at - WINDOW_S
        rate = self._window.fresh / WINDOW_S
        if rate < MIN_RATE_HZ and self._thin_since is None:
            self._thin_since = began
            text = (
                f"The {self._sensor} sensor delivers {rate:.0f} fresh samples a second, "
                f"fewer than {MIN_RATE_HZ:.0f}: velocities are of low confidence. "
                "Bring the receiver closer."
            )
            events.append(self._event(at, QualityKind.THIN_STREAM, True, began, None, text))
        elif rate >= MIN_RATE_HZ and self._thin_since is not None:
            text = f"The {self._sensor} sensor delivers {rate:.0f} samples a second again."
            events.append(
                self._event(at, QualityKind.THIN_STREAM, False, self._thin_since, at, text)
            )
            self._thin_since = None
        if self._window.saturated and self._saturated_since is None:
            self._saturated_since = began
            text = (
                f"The {self._sensor} sensor reached the end of its range: peaks are at least "
                "what is shown. Choose a larger range."
            )
            events.append(self._event(at, QualityKind.SATURATION, True, began, None, text))
        elif not self._window.saturated and self._saturated_since is not None:
            text = f"The {self._sensor} sensor is within its range again."
            events.append(
                self._event(at, QualityKind.SATURATION, False, self._saturated_since, at, text)
            )
            self._saturated_since = None

    def _event(
        self,
        at: float,
        fault: QualityKind,
        active: bool,
        start: float,
        end: float | None,
        text: str,
    ) -> QualityChanged:
        return QualityChanged(at, self._sensor, fault, active, start, end, text)
