"""Flags of the trunk: a limit, passed for long enough, while the bar is loaded.

A flag tells what was measured.  It proposes nothing and never says that all is well.
"""

from __future__ import annotations

from collections.abc import Sequence

from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trunk_rules import FlagRule
from lift_monitor.signal.trunk_watch import FlagWatch
from lift_monitor.technique import Severity, TrunkFlag
from lift_monitor.units import LoadArray


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

    @staticmethod
    def _told(found: list[TrunkFlag]) -> tuple[TrunkFlag, ...]:
        return tuple(sorted(found, key=lambda f: f.raised_s if f.end_s is None else f.end_s))
