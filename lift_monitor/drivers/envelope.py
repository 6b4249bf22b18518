"""The line under a cloud of delays: where arrivals would lie if nothing held them up.

A packet can be late by any amount but never early, so what two clocks have in common shows
at the lower edge of ``arrival - sensor time`` and nowhere else.  As in Moon, Skelly and
Towsley (INFCOM 1999, doi:10.1109/INFCOM.1999.749287) the line lies under all points and as
close to them as it can in the sum; that line is the edge of their lower convex hull over
the mean of their abscissae.
"""

from __future__ import annotations

WINDOW_S = 120.0
"""Points older than this may be forgotten. Design default: crystals wander with warmth over
minutes, and a window this long meets every phase of all but the steadiest links."""
LARGEST_SLOPE = 0.02
"""Clocks further apart than this are not believed. Design default, twice what was seen."""
TRUSTED_SPAN_S = 1.0
"""Points over this stretch say of the slope as much as the guess before them (design default:
delays of 10 ms at either end of it make a slope of 1 %)."""

_Point = tuple[float, float]


class LowerLine:
    """Running fit of ``delay = offset + slope * tick`` along the lower edge.

    Parameters
    ----------
    guess : float
        Slope believed as long as the points span too little to tell.
    trusted_span_s : float
        Span of points that weighs as much as the guess.
    """

    def __init__(self, guess: float = 0.0, trusted_span_s: float = TRUSTED_SPAN_S) -> None:
        self._guess = guess
        self._trusted_span_s = trusted_span_s
        self._points: list[_Point] = []
        self._hull: list[_Point] = []
        self._sum_tick_s = 0.0
        self.slope = guess
        self.offset_s = 0.0

    def add(self, tick_s: float, delay_s: float) -> None:
        """Take one point; ticks that do not advance are left out."""
        if self._points and tick_s <= self._points[-1][0]:
            return
        if self._points and tick_s - self._points[0][0] > 1.5 * WINDOW_S:
            self.forget(tick_s - WINDOW_S)
        self._points.append((tick_s, delay_s))
        self._push((tick_s, delay_s))
        self._fit()

    def forget(self, before_s: float) -> None:
        """Drop the points before a tick; the last point stays."""
        keep = [point for point in self._points if point[0] >= before_s]
        self._points, self._hull, self._sum_tick_s = keep or self._points[-1:], [], 0.0
        for point in self._points:
            self._push(point)
        self._fit()

    def restart_at(self, tick_s: float) -> None:
        """Drop the points before a tick because they no longer hold, and keep the slope."""
        self._guess, self._trusted_span_s = self.slope, 0.25 * WINDOW_S
        self.forget(tick_s)

    def at(self, tick_s: float) -> float:
        """Delay of the line at a tick."""
        return self.offset_s + self.slope * tick_s

    def residuals_s(self, since_s: float) -> list[float]:
        """How far the points since a tick lie above the line."""
        offset_s, slope = self.offset_s, self.slope
        found: list[float] = []
        for x, y in reversed(self._points):
            if x < since_s and found:
                break
            found.append(y - (offset_s + slope * x))
        return found

    def _push(self, point: _Point) -> None:
        x, y = point
        self._sum_tick_s += x
        hull = self._hull
        while len(hull) > 1:
            (x0, y0), (x1, y1) = hull[-2], hull[-1]
            if (y1 - y0) * (x - x1) < (y - y1) * (x1 - x0):
                break
            hull.pop()
        hull.append(point)

    def _fit(self) -> None:
        hull = self._hull
        slope = self._guess
        if len(hull) > 1:
            middle_s = self._sum_tick_s / len(self._points)
            right = 1
            while hull[right][0] < middle_s:
                right += 1
            (x0, y0), (x1, y1) = hull[right - 1], hull[right]
            span = (self._points[-1][0] - self._points[0][0]) / self._trusted_span_s
            weight = span * span / (1.0 + span * span)
            slope += weight * ((y1 - y0) / (x1 - x0) - slope)
        self.slope = slope = min(max(slope, -LARGEST_SLOPE), LARGEST_SLOPE)
        self.offset_s = min([y - slope * x for x, y in hull])
