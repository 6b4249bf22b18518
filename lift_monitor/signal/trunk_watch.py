"""One limit of one rule, watched: the value must stay beyond it for long enough, under load.

The pull before the bar leaves its support counts, so time beyond the limit adds up while the
bar is not yet borne.  A flag is raised only when it may be borne, and speaks of no more than
:data:`PULL_S` before that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from lift_monitor.events import Confidence
from lift_monitor.samples import Quality
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trunk_rules import FlagRule
from lift_monitor.signal.trunk_steps import STEPS_PER_S
from lift_monitor.technique import FlagKind, Load, Severity, TrunkFlag
from lift_monitor.units import BoolArray, FloatArray, LoadArray

PULL_S: Final = 1.0
"""How long somebody pulls at a bar before it leaves the floor. Design default."""
_PULL = round(PULL_S * STEPS_PER_S)
_VALUES = {
    FlagKind.LUMBAR_FLEXION: "lumbar_flexion_deg",
    FlagKind.TRUNK_LEAN: "trunk_lean_deg",
    FlagKind.TWIST: "axial_rate_dps",
}
_POOR = np.uint16(Quality.GAP | Quality.ACC_SATURATED | Quality.GYR_SATURATED | Quality.NO_GYRO)


class FlagWatch:
    """Streaming; identical for any chunking."""

    def __init__(self, rule: FlagRule, severity: Severity, limit: float) -> None:
        self._rule, self._severity, self._limit = rule, severity, limit
        self._least = max(1, round(rule.least_s * STEPS_PER_S))
        self._release = max(1, round(rule.release_s * STEPS_PER_S))
        self._open: TrunkFlag | None = None
        self._rows = np.empty((0, 3))  # time, value, poor: beyond the limit, not yet a flag
        self._above = 0  # steps beyond it, also those of which no row is kept any more
        self._loaded = 0  # of the last rows, how many were not known to be unloaded
        self._below = 0  # steps since a raised flag's value came back
        self._peak = 0.0
        self._poor = False
        self._last_s = 0.0

    def feed(self, block: SpineBlock, load: LoadArray) -> list[TrunkFlag]:
        """Take the next steps with their load; flags raised and ended, in order."""
        n = len(block)
        if not n:
            return []
        value = getattr(block, _VALUES[self._rule.kind])
        size = np.abs(value) if self._rule.both_signs else value
        allowed = np.ones(n, bool) if not self._rule.needs_load else load != Load.UNLOADED
        with np.errstate(invalid="ignore"):
            over = size > self._limit
            near = size > self._limit - self._rule.hysteresis
        if self._open is None and not self._above and not over.any():
            self._last_s = float(block.time_s[-1])
            return []
        # A bar that is not borne makes no flag, so none must rest on having been near a limit.
        lasting = np.where(allowed, near, over)
        poor = ((block.quality & _POOR) != 0) | block.low
        rows = np.column_stack([block.time_s, value, poor])
        found: list[TrunkFlag] = []
        at = 0
        while at < n:
            if self._open is not None:
                at = self._hold(at, rows, near & allowed, found)
            else:
                at = self._wait(at, rows, over, lasting, allowed, load, found)
        self._last_s = float(block.time_s[-1])
        return found

    def _wait(
        self,
        at: int,
        rows: FloatArray,
        over: BoolArray,
        lasting: BoolArray,
        allowed: BoolArray,
        load: LoadArray,
        found: list[TrunkFlag],
    ) -> int:
        """Walk on without a flag to where something changes; the position after it."""
        n = len(over)
        if not self._above:
            at = _first(over, at)
            if at == n:
                return n
        back = _first(~lasting, at)
        ready = _first(allowed, max(at, at + self._least - self._above - 1))
        stop = min(back, ready + 1, n)
        self._gather(rows[at:stop], allowed[at:stop])
        if ready < back:
            self._open = self._raise(load[ready])
            found.append(self._open)
            self._forget()
        elif back < n:
            self._forget()
        return stop

    def _gather(self, rows: FloatArray, allowed: BoolArray) -> None:
        self._above += rows.shape[0]
        blocked = np.flatnonzero(~allowed)
        loaded = rows.shape[0] - 1 - int(blocked[-1]) if blocked.size else None
        self._loaded = self._loaded + rows.shape[0] if loaded is None else loaded
        self._rows = np.concatenate([self._rows, rows])
        if self._loaded < self._above:  # unloaded at some step: only the pull may count
            self._rows = self._rows[-(self._loaded + _PULL) :]

    def _forget(self) -> None:
        self._rows = np.empty((0, 3))
        self._above = self._loaded = 0

    def _hold(self, at: int, rows: FloatArray, held: BoolArray, found: list[TrunkFlag]) -> int:
        """Walk on with a flag to where something changes; the position after it."""
        n = len(held)
        start = at
        if self._below == 0:
            at = _first(~held, at)
            self._note(rows[start:at])
            if at == n:
                return n
        stop = min(_first(held, at), at + self._release - self._below)
        self._below += stop - at
        if self._below == self._release:
            found.append(self._end(float(rows[stop - 1, 0])))
        elif stop < n:
            self._below = 0
        return stop

    def _note(self, rows: FloatArray) -> None:
        if rows.shape[0]:
            largest = float(rows[int(np.argmax(np.abs(rows[:, 1]))), 1])
            if abs(largest) > abs(self._peak):
                self._peak = largest
            self._poor |= bool(rows[:, 2].any())

    def _raise(self, load: np.int8) -> TrunkFlag:
        self._peak, self._poor, self._below = 0.0, False, 0
        self._note(self._rows)
        return TrunkFlag(
            self._rule.kind,
            self._severity,
            float(self._rows[0, 0]),
            float(self._rows[-1, 0]),
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
        ended = replace(self._open, end_s=at_s, peak=self._peak, confidence=self._trust())
        self._open, self._below = None, 0
        return ended

    def close(self) -> list[TrunkFlag]:
        """End of the stream."""
        self._forget()
        return [] if self._open is None else [self._end(self._last_s)]


def _first(mask: BoolArray, start: int) -> int:
    """Position of the first True from ``start`` on, or the length."""
    if start >= mask.shape[0]:
        return int(mask.shape[0])
    at = int(np.argmax(mask[start:]))
    return start + at if mask[start + at] else int(mask.shape[0])
