"""Flags of the trunk: a limit, passed for long enough, while the bar is loaded.

A flag tells what was measured.  It proposes nothing and never says that all is well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trunk_rules import DEFAULT_RULES, FlagRule, rules_for
from lift_monitor.signal.trunk_watch import FlagWatch
from lift_monitor.technique import FlagKind, Load, Severity, TrunkFlag
from lift_monitor.units import FloatArray, LoadArray

__all__ = ["DEFAULT_RULES", "FlagRule", "FlagTracker", "LoadArray", "load_of", "rules_for"]


class FlagTracker:
    """Streaming; identical flags for any chunking.

    Parameters
    ----------
    rules : sequence of FlagRule
    """

    def __init__(self, rules: Sequence[FlagRule]) -> None:
        self._watches = [
            FlagWatch(rule, severity, limit)
            for rule in rules
            for severity, limit in ((Severity.AMBER, rule.amber), (Severity.RED, rule.red))
            if limit is not None
        ]
        self.latched: dict[FlagKind, TrunkFlag] = {}
        """The worst flag of each kind since :meth:`next_repetition`."""

    def feed(self, block: SpineBlock, load: LoadArray) -> tuple[TrunkFlag, ...]:
        """Take the next steps; return flags raised and flags ended, in the order of time.

        A flag comes twice: when it is raised (``end_s`` is ``None``) and when it is over.

        Parameters
        ----------
        block : SpineBlock
        load : (n,) int8 array
            :class:`Load` of each step.

        Raises
        ------
        ValueError
            If there is not one load a step.
        """
        if load.shape != block.time_s.shape:
            raise ValueError(f"load has shape {load.shape}, the steps {block.time_s.shape}")
        found = [f for watch in self._watches for f in watch.feed(block, load)]
        return self._told(found)

    def finish(self) -> tuple[TrunkFlag, ...]:
        """End of the stream: flags that still stand end with it."""
        return self._told([f for watch in self._watches for f in watch.close()])

    def next_repetition(self) -> dict[FlagKind, TrunkFlag]:
        """The worst flag of each kind in the repetition that ended; begin the next one."""
        ended, self.latched = self.latched, {}
        return ended

    def _told(self, found: list[TrunkFlag]) -> tuple[TrunkFlag, ...]:
        found.sort(key=lambda f: f.raised_s if f.end_s is None else f.end_s)
        for flag in found:
            worst = self.latched.get(flag.kind)
            if worst is None or _rank(flag) >= _rank(worst):
                self.latched[flag.kind] = flag
        return tuple(found)


def _rank(flag: TrunkFlag) -> tuple[bool, float]:
    return flag.severity is Severity.RED, abs(flag.peak)


def load_of(time_s: FloatArray, stretches: Sequence[tuple[float, float]]) -> LoadArray:
    """Load of each step from stretches (start, end) in which the bar is held.

    Parameters
    ----------
    time_s : (n,) array
    stretches : sequence of (float, float)
        Session seconds; outside of them the bar is taken to be unloaded.
    """
    load = np.full(time_s.shape[0], Load.UNLOADED, np.int8)
    for start, end in stretches:
        load[(time_s >= start) & (time_s <= end)] = Load.LOADED
    return load
