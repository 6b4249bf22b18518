"""Flags of the trunk: a limit, passed for long enough, while the bar is loaded.

The rules are data with their sources; a clinician may change each of them for a patient.
A flag tells what was measured.  It proposes nothing and never says that all is well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lift_monitor.events import Confidence
from lift_monitor.samples import Quality
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trunk_steps import STEPS_PER_S
from lift_monitor.technique import FlagKind, Load, Severity, TrunkFlag
from lift_monitor.units import BoolArray, FloatArray

LoadArray = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class FlagRule:
    """One rule.

    Attributes
    ----------
    amber, red : float or None
        Limits, degrees or deg/s; ``None`` switches that severity off.
    hysteresis : float
        A flag is over when the value has fallen so far below its limit.
    least_s : float
        The value must have passed the limit for so long.
    release_s : float
        It must be back for so long.
    both_signs : bool
        Judge the size of the value.
    needs_load : bool
        Not raised while the bar is known to be unloaded.
    confidence : Confidence
        The most that a flag of this rule can have.
    source : str

    Raises
    ------
    ValueError
        If the limits are not in order or a time is negative.
    """

    kind: FlagKind
    unit: str
    amber: float | None
    red: float | None
    hysteresis: float
    least_s: float
    release_s: float
    both_signs: bool
    needs_load: bool
    confidence: Confidence
    source: str

    def __post_init__(self) -> None:
        if self.amber is not None and self.red is not None and not 0.0 < self.amber < self.red:
            raise ValueError(
                f"the limits of {self.kind.value} are amber {self.amber:g} and red {self.red:g}; "
                "choose an amber above 0 and a red above it"
            )
        for name in ("hysteresis", "least_s", "release_s"):
            if not 0.0 <= getattr(self, name) <= 60.0:
                raise ValueError(
                    f"{name} of {self.kind.value} is {getattr(self, name):g}; choose 0 to 60"
                )


_DEFAULT = "design default, clinician may change"
DEFAULT_RULES: Final = (
    FlagRule(
        FlagKind.LUMBAR_FLEXION, "deg", 10.0, 20.0, 2.0, 0.3, 0.2, False, True, Confidence.HIGH,
        f"{_DEFAULT}; above the detectable change of 4-8 deg (10.1080/14763141.2019.1675751) and "
        "the limits of agreement of about 7 deg (10.1186/s12891-022-05866-w)",
    ),
    FlagRule(
        FlagKind.TRUNK_LEAN, "deg", 60.0, 75.0, 3.0, 0.5, 0.3, False, True, Confidence.LOW,
        f"{_DEFAULT}; one sensor cannot tell a hip hinge from a bent spine",
    ),
    FlagRule(
        FlagKind.TWIST, "deg/s", 40.0, 80.0, 10.0, 0.15, 0.2, True, True, Confidence.LOW,
        f"{_DEFAULT}; no published threshold was found, only gross twisting is flagged",
    ),
)  # fmt: skip
"""Rules for two sensors use lumbar flexion and twist; for one, trunk lean alone."""


def rules_for(sensors: int, rules: Sequence[FlagRule] = DEFAULT_RULES) -> tuple[FlagRule, ...]:
    """The rules that so many trunk sensors can serve."""
    if sensors >= 2:
        return tuple(rule for rule in rules if rule.kind is not FlagKind.TRUNK_LEAN)
    return tuple(rule for rule in rules if rule.kind is FlagKind.TRUNK_LEAN) if sensors else ()


_VALUES = {
    FlagKind.LUMBAR_FLEXION: "lumbar_flexion_deg",
    FlagKind.TRUNK_LEAN: "trunk_lean_deg",
    FlagKind.TWIST: "axial_rate_dps",
}
_POOR = np.uint16(Quality.GAP | Quality.ACC_SATURATED | Quality.GYR_SATURATED | Quality.NO_GYRO)


class FlagTracker:
    """Streaming; identical flags for any chunking.

    Parameters
    ----------
    rules : sequence of FlagRule
    """

    def __init__(self, rules: Sequence[FlagRule]) -> None:
        self._watches = [
            _Watch(rule, severity, limit)
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


class _Watch:
    """One limit of one rule."""

    def __init__(self, rule: FlagRule, severity: Severity, limit: float) -> None:
        self._rule, self._severity, self._limit = rule, severity, limit
        self._least = max(1, round(rule.least_s * STEPS_PER_S))
        self._release = max(1, round(rule.release_s * STEPS_PER_S))
        self._open: TrunkFlag | None = None
        self._since: float | None = None  # the limit was passed at this time, not yet a flag
        self._above = 0  # steps since then
        self._below = 0  # steps since a raised flag's value came back
        self._peak = 0.0
        self._poor = False
        self._last_s = 0.0

    def feed(self, block: SpineBlock, load: LoadArray) -> list[TrunkFlag]:
        n = len(block)
        if not n:
            return []
        value = getattr(block, _VALUES[self._rule.kind])
        size = np.abs(value) if self._rule.both_signs else value
        allowed = np.ones(n, bool) if not self._rule.needs_load else load != Load.UNLOADED
        with np.errstate(invalid="ignore"):
            over = allowed & (size > self._limit)
            held = allowed & (size > self._limit - self._rule.hysteresis)
        found: list[TrunkFlag] = []
        at = 0
        while at < n:
            at = self._step(at, block, value, over, held, load, found)
        self._last_s = float(block.time_s[-1])
        return found

    def _step(
        self,
        at: int,
        block: SpineBlock,
        value: FloatArray,
        over: BoolArray,
        held: BoolArray,
        load: LoadArray,
        found: list[TrunkFlag],
    ) -> int:
        """Walk to where something changes; returns the position after it."""
        n = len(over)
        if self._since is None and self._open is None:
            first = _first(over, at)
            if first == n:
                return n
            self._since, self._above, self._peak = float(block.time_s[first]), 0, 0.0
            self._poor = False
            at = first
        if self._open is None:
            stop = min(_first(~held, at), at + self._least - self._above)
            self._above += stop - at
            self._note(value, block, at, stop)
            if self._above == self._least:
                self._open = self._raise(float(block.time_s[stop - 1]), load[stop - 1])
                self._since, self._below = None, 0
                found.append(self._open)
            elif stop < n:  # fell below before it had lasted
                self._since = None
            return stop
        start = at
        if self._below == 0:
            at = _first(~held, at)
            self._note(value, block, start, at)
            if at == n:
                return n
        stop = min(_first(held, at), at + self._release - self._below)
        self._below += stop - at
        if self._below == self._release:
            found.append(self._end(float(block.time_s[stop - 1])))
        elif stop < n:
            self._below = 0
        return stop

    def _note(self, value: FloatArray, block: SpineBlock, start: int, stop: int) -> None:
        part = value[start:stop]
        if part.size:
            largest = float(part[int(np.argmax(np.abs(part)))])
            if abs(largest) > abs(self._peak):
                self._peak = largest
            self._poor |= bool((block.quality[start:stop] & _POOR).any())
            self._poor |= bool(block.low[start:stop].any())

    def _raise(self, at_s: float, load: np.int8) -> TrunkFlag:
        assert self._since is not None
        return TrunkFlag(
            self._rule.kind,
            self._severity,
            self._since,
            at_s,
            None,
            self._peak,
            self._limit,
            self._rule.unit,
            None if load == Load.UNKNOWN else bool(load == Load.LOADED),
            self._trust(),
        )

    def _trust(self) -> Confidence:
        low = self._poor or self._rule.confidence is Confidence.LOW
        return Confidence.LOW if low else Confidence.HIGH

    def _end(self, at_s: float) -> TrunkFlag:
        assert self._open is not None
        ended = replace(
            self._open,
            end_s=at_s,
            peak=self._peak,
            confidence=self._trust(),
        )
        self._open, self._since, self._below = None, None, 0
        return ended

    def close(self) -> list[TrunkFlag]:
        """End of the stream."""
        self._since = None
        return [] if self._open is None else [self._end(self._last_s)]


def _first(mask: BoolArray, start: int) -> int:
    """Position of the first True from ``start`` on, or the length."""
    if start >= mask.shape[0]:
        return int(mask.shape[0])
    at = int(np.argmax(mask[start:]))
    return start + at if mask[start + at] else int(mask.shape[0])


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
