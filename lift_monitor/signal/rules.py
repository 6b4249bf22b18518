"""Which swings are repetitions. Every rule names the thing of the gym that it keeps out.

A swing with a hole in it has lost range that nobody saw: its least range is relaxed by what
the hole can hide, so that a torn stream does not lose repetitions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

import numpy as np

from lift_monitor.signal.exercises import ExerciseProfile
from lift_monitor.signal.smoother import Motion
from lift_monitor.signal.swings import Swing, concentric_phase
from lift_monitor.units import BoolArray

# All design defaults, relative to the set itself so that no person's range is assumed.
MIN_SHARE_OF_SET = 0.55
"""A swing of less than this share of the set's typical range is a failed attempt, a bounce
of the plates, an un-rack or a re-rack."""
MAX_SHARE_OF_SET = 1.6
"""One of more is lifting the bar from the floor into position."""
MIN_ECCENTRIC_SHARE = 0.3
"""An exercise that begins with lowering needs that lowering first."""
UNSEEN_START_S = 4.0
"""A lowering cannot be asked for where the recording begins so shortly before the lift."""
LIFTED_SHARE = 1.05
"""A first swing that starts from a bar at rest and rises by more than this share of the
range lifts the bar from the floor to where the set is done (row, Romanian deadlift)."""
FROM_REST_S = 1.0
MIN_SHARED_BAND = 0.5
"""At the edges of a set a swing that shares less than this share of its own range with the
set's is lifting the bar into position or putting it away."""
SET_DOWN_SHARE = 1.4
"""Lowering by more than this share of the range and faster than the set's repetitions puts
the bar down; a swing after it is a bounce."""
SET_DOWN_SPEED = 1.2
MAX_SPEED_OF_SET = 2.0
"""At the edges of a set a swing this much faster than the set is handling, not lifting."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The swings that are repetitions, and those that were seen not to be.

    ``refused`` swings are too short or too long, unfinished, too small or too large.
    """

    kept: tuple[Swing, ...]
    handling: tuple[Swing, ...]
    refused: tuple[Swing, ...] = ()


@dataclass(frozen=True, slots=True)
class _SetShape:
    """Typical values of a set, by which its edges are judged."""

    rise_m: float
    peak_mps: float
    lowering_mps: float
    bottom_m: float
    top_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """Knows the motion, the rests and the exercise; judges the swings found in them."""

    motion: Motion
    at_rest: BoolArray
    dt_s: float
    profile: ExerciseProfile
    from_start: bool
    """The motion begins with the recording, possibly in the middle of a lift."""
    _phases: dict[int, tuple[int, int]] = field(default_factory=dict, init=False, repr=False)
    """By the bottom of the swing."""

    def judge(self, swings: list[Swing]) -> Verdict:
        """Tell repetitions from handling."""
        possible: list[Swing] = []
        others: list[Swing] = []
        for swing in swings:
            (possible if self._possible(swing) else others).append(swing)
        refused = tuple(others)
        if not possible:
            return Verdict((), (), refused)
        typical = typical_rise(possible)
        handling: list[Swing] = []
        kept: list[Swing] = []
        for swing in possible:
            if swing.rise_m < MIN_SHARE_OF_SET * typical:
                continue  # a failed attempt, a bounce
            if swing.rise_m > MAX_SHARE_OF_SET * typical:
                handling.append(swing)
                continue
            lowered = not self.profile.eccentric_first or self._lowered(swing, typical)
            (kept if lowered else handling).append(swing)
        if len(kept) >= 3:
            shape = self._shape(kept, typical)
            while kept and self._puts_away(kept[-1], shape):
                handling.append(kept.pop())
            while kept and self._brings_into_position(kept[0], shape):
                handling.append(kept.pop(0))
        return Verdict(tuple(kept), tuple(handling), refused)

    def _possible(self, swing: Swing) -> bool:
        profile = self.profile
        least = profile.min_rom_m - swing.unseen_m
        if not swing.finished or not least <= swing.rise_m <= profile.max_rom_m:
            return False
        start, end = self._phase(swing)
        return profile.min_concentric_s <= (end - start) * self.dt_s <= profile.max_concentric_s

    def _phase(self, swing: Swing) -> tuple[int, int]:
        if swing.bottom not in self._phases:
            self._phases[swing.bottom] = concentric_phase(self.motion, swing)
        return self._phases[swing.bottom]

    def _lowered(self, swing: Swing, typical: float) -> bool:
        """A lowering leads into the lift, without the bar being put down in between."""
        lowering = self.motion.velocity_mps[swing.top_before : swing.bottom + 1]
        fastest = swing.top_before + int(np.argmin(lowering))
        start, _ = self._phase(swing)
        if self.at_rest[fastest : start + 1].any():
            return False
        unseen = self.from_start and swing.top_before == 0 and start * self.dt_s < UNSEEN_START_S
        return unseen or swing.drop_before_m >= MIN_ECCENTRIC_SHARE * typical

    def _shape(self, kept: list[Swing], typical: float) -> _SetShape:
        height = self.motion.height_m
        return _SetShape(
            typical,
            median(s.peak_velocity_mps for s in kept),
            median(s.drop_before_peak_mps for s in kept),
            float(median(height[s.bottom] for s in kept)),
            float(median(height[s.top] for s in kept)),
        )

    def _puts_away(self, swing: Swing, shape: _SetShape) -> bool:
        set_down = (
            swing.drop_before_m > SET_DOWN_SHARE * shape.rise_m
            and swing.drop_before_peak_mps > SET_DOWN_SPEED * shape.lowering_mps
        )
        return set_down or self._out_of_shape(swing, shape)

    def _brings_into_position(self, swing: Swing, shape: _SetShape) -> bool:
        start, _ = self._phase(swing)
        before = max(0, start - round(FROM_REST_S / self.dt_s))
        from_rest = bool(self.at_rest[before : start + 1].any())
        lifted = (
            self.profile.lifted_first and from_rest and swing.rise_m > LIFTED_SHARE * shape.rise_m
        )
        return lifted or self._out_of_shape(swing, shape)

    def _out_of_shape(self, swing: Swing, shape: _SetShape) -> bool:
        height = self.motion.height_m
        bottom, top = float(height[swing.bottom]), float(height[swing.top])
        shared = min(top, shape.top_m) - max(bottom, shape.bottom_m)
        return (
            shared < MIN_SHARED_BAND * swing.rise_m
            or swing.peak_velocity_mps > MAX_SPEED_OF_SET * shape.peak_mps
        )


def typical_rise(swings: list[Swing]) -> float:
    """Median of the larger two thirds: handling makes small swings, not large ones."""
    rises = sorted(s.rise_m for s in swings)
    return median(rises[len(rises) // 3 :])
