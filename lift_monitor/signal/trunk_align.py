"""Steps of several sensors side by side, however unevenly they came."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lift_monitor.samples import Quality, Role
from lift_monitor.signal.trunk_steps import TrunkSteps
from lift_monitor.units import IndexArray

NOTHING_YET = -(1 << 62)
"""Number of a step before all others."""


class Alignment:
    """Holds shared steps until every sensor knows them.

    Parameters
    ----------
    roles : iterable of Role
        The sensors; each delivers its steps in order.
    """

    def __init__(self, roles: Iterable[Role]) -> None:
        self._waiting = {role: TrunkSteps.empty() for role in roles}
        self.known = dict.fromkeys(self._waiting, NOTHING_YET)
        """Number of the last step of each sensor."""
        self._told = NOTHING_YET

    def take(self, role: Role, steps: TrunkSteps, known: int | None = None) -> None:
        """Add the next steps of one sensor; those that were told without it are dropped.

        Parameters
        ----------
        role : Role
        steps : TrunkSteps
        known : int, optional
            Number of the step up to which the sensor has nothing more to tell; the last one's.
        """
        if known is None and not len(steps):
            return
        self.known[role] = int(steps.index[-1]) if known is None else known
        fresh = int(np.searchsorted(steps.index, self._told, side="right"))
        self._waiting[role] = TrunkSteps.concatenate(
            [self._waiting[role], steps.part(fresh, len(steps))]
        )

    def until(self, stop: int) -> tuple[IndexArray, dict[Role, TrunkSteps]]:
        """Give the steps up to number ``stop``, included, with unknown ones where there are none.

        Returns
        -------
        index : (n,) int array
            Numbers that at least one sensor knows.
        steps : dict of Role to TrunkSteps
            n steps each.
        """
        ready = {}
        for role, steps in self._waiting.items():
            n = int(np.searchsorted(steps.index, stop, side="right"))
            ready[role] = steps.part(0, n)
            self._waiting[role] = steps.part(n, len(steps))
        index = _union([steps.index for steps in ready.values()])
        self._told = max(self._told, stop)
        return index, {role: _spread(steps, index) for role, steps in ready.items()}


def _union(indexes: list[IndexArray]) -> IndexArray:
    if not indexes:
        return np.empty(0, np.intp)
    if all(np.array_equal(index, indexes[0]) for index in indexes):
        return indexes[0]  # as nearly always, and many times cheaper
    return np.unique(np.concatenate(indexes))


def _spread(steps: TrunkSteps, index: IndexArray) -> TrunkSteps:
    """The steps at the numbers given; unknown where the sensor has none."""
    n = index.shape[0]
    if len(steps) == n:
        return steps
    at = np.searchsorted(index, steps.index)
    up, acc, gyr = np.full((3, n, 3), np.nan)
    up[at], acc[at], gyr[at] = steps.up_sensor, steps.acc_sensor_mps2, steps.gyr_sensor_radps
    quality = np.full(n, Quality.GAP, np.uint16)
    quality[at] = steps.quality
    return TrunkSteps(index, up, acc, gyr, quality)
