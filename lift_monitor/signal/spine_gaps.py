"""When the angle of the spine was not known: what nobody watched is never taken for clean."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from lift_monitor.signal.spine import SpineBlock

DARK_S: Final = 0.5
"""An angle that is not known for longer than this was not watched. Design default: a flag
needs 0.3 s beyond its limit."""


class SpineGaps:
    """Takes steps of the trunk in the order of time; is asked about stretches of time."""

    def __init__(self) -> None:
        self._gaps: list[tuple[float, float]] = []
        self._from_s = math.nan
        self._known_s = math.nan
        """The last step with an angle, or the first step if none has one."""

    def take(self, block: SpineBlock) -> None:
        """Take steps: where the lumbar angle is not known, nothing was watched."""
        if not len(block):
            return
        if math.isnan(self._from_s):
            self._from_s = self._known_s = float(block.time_s[0])
        known_s = block.time_s[np.isfinite(block.lumbar_flexion_deg)]
        if not known_s.size:
            return
        edges_s = np.concatenate([[self._known_s], known_s])
        wide = np.flatnonzero(np.diff(edges_s) > DARK_S)
        self._gaps += [(float(edges_s[i]), float(edges_s[i + 1])) for i in wide]
        self._known_s = float(known_s[-1])

    def longest_s(self, start_s: float, end_s: float) -> float:
        """The longest gap that reaches into a stretch.

        Parameters
        ----------
        start_s, end_s : float
            Session seconds.

        Returns
        -------
        float
            Seconds, all of the gap; 0 where the stretch was watched throughout, or no step of
            the trunk was told at all.
        """
        if math.isnan(self._known_s):
            return 0.0
        gaps = list(self._gaps)
        if self._from_s - start_s > DARK_S:
            gaps.append((start_s, self._from_s))
        if end_s - self._known_s > DARK_S:
            gaps.append((self._known_s, end_s))
        return max(
            (to - since for since, to in gaps if since < end_s and to > start_s), default=0.0
        )
