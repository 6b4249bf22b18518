"""When the samples of a stream arrived, and which of them came too late for the screen.

A sensor that falls behind must not hold up what others have to tell, so after a while steps
are judged without it.  What comes later than that is left out of judgements for good, in a
replay as on the day: whether a sample was late is told by its own two times and by nothing
else, so it does not hang on how a stream is cut.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lift_monitor.units import BoolArray, FloatArray

LATE_S: Final = 1.0
"""Between a sample and its arrival. Design default: a burst of eight packets is shorter, and a
warning that comes later than a second is of no use at the rack."""


class ArrivalLog:
    """Arrival of one sensor's samples; identical answers for any chunking."""

    def __init__(self) -> None:
        self._time_s = np.empty(0)
        self._host_s = np.empty(0)
        self._links_s = np.empty(0)

    def note(self, time_s: FloatArray, host_time_s: FloatArray) -> None:
        """Add samples; ``time_s`` (n,) on the session clock, ``host_time_s`` (n,) arrival.

        An arrival that is not known is taken as the time of the sample.
        """
        if not time_s.shape[0]:
            return
        arrived = np.where(np.isfinite(host_time_s), host_time_s, time_s)
        self._time_s = np.maximum.accumulate(np.concatenate([self._time_s, time_s]))
        self._host_s = np.maximum.accumulate(np.concatenate([self._host_s, arrived]))

    def reconnected(self, host_time_s: float) -> None:
        """The link was made anew: samples from before it that come after it are late."""
        self._links_s = np.append(self._links_s, host_time_s)

    def late(self, step_s: FloatArray, completed_s: FloatArray | None = None) -> BoolArray:
        """Which steps came too late; asked for in order, once.

        Parameters
        ----------
        step_s : (n,) array
            Session times of steps, ascending.
        completed_s : (n,) array, optional
            The first sample after this one made the step known; by default after the step.
        """
        if not step_s.shape[0] or not self._time_s.shape[0]:
            return np.zeros(step_s.shape[0], bool)
        at = np.searchsorted(
            self._time_s, step_s if completed_s is None else completed_s, side="right"
        )
        # At the end of a stream nothing comes after the last.
        arrived = self._host_s[np.minimum(at, self._time_s.shape[0] - 1)]
        late = arrived - step_s > LATE_S
        if self._links_s.shape[0]:
            late |= np.searchsorted(self._links_s, arrived, side="right") > np.searchsorted(
                self._links_s, step_s, side="right"
            )
        old = int(np.searchsorted(self._time_s, step_s[-1], side="left"))
        self._time_s, self._host_s = self._time_s[old:], self._host_s[old:]
        return np.asarray(late)
