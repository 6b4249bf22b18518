"""Which swings are repetitions. Every rule names the thing of the gym that it keeps out.

A swing with a hole in it has lost range that nobody saw: its least range is relaxed by what
the hole can hide, so that a torn stream does not lose repetitions.
"""

from __future__ import annotations

import numpy as np

from lift_monitor.signal.exercises import ExerciseProfile
from lift_monitor.signal.smoother import Motion
from lift_monitor.signal.swings import Swing, concentric_phase

# All design defaults, relative to the set itself so that no person's range is assumed.
MIN_SHARE_OF_SET = 0.55
"""A swing of less than this share of the set's typical range is a failed attempt, a bounce
of the plates, an un-rack or a re-rack."""
MAX_SHARE_OF_SET = 1.6
"""One of more is lifting the bar from the floor into position."""
MIN_ECCENTRIC_SHARE = 0.4
"""An exercise that begins with lowering needs that lowering first."""
SET_DOWN_SHARE = 1.4
"""Lowering by more than this share of the range and faster than the set's repetitions puts
the bar down; a swing after it is a bounce."""
MAX_SPEED_OF_SET = 2.0
"""At the edges of a set a swing this much faster than the set is handling, not lifting."""


def accept(
    swings: list[Swing], motion: Motion, dt_s: float, profile: ExerciseProfile
) -> list[Swing]:
    """Keep the swings that are repetitions of the exercise."""
    possible = [s for s in swings if _possible(s, motion, dt_s, profile)]
    if not possible:
        return []
    typical = typical_rise(possible)
    kept = [
        s
        for s in possible
        if MIN_SHARE_OF_SET * typical <= s.rise_m <= MAX_SHARE_OF_SET * typical
        and not (profile.eccentric_first and s.drop_before_m < MIN_ECCENTRIC_SHARE * typical)
    ]
    if len(kept) < 3:
        return kept
    speed = float(np.median([s.peak_velocity_mps for s in kept]))
    lowering = float(np.median([s.drop_before_peak_mps for s in kept]))
    while kept and _is_handling(kept[-1], typical, speed, lowering):
        kept.pop()
    while kept and kept[0].peak_velocity_mps > MAX_SPEED_OF_SET * speed:
        kept.pop(0)
    return kept


def typical_rise(swings: list[Swing]) -> float:
    """Median of the larger two thirds: handling makes small swings, not large ones."""
    rises = np.sort([s.rise_m for s in swings])
    return float(np.median(rises[len(rises) // 3 :]))


def _possible(swing: Swing, motion: Motion, dt_s: float, profile: ExerciseProfile) -> bool:
    least = profile.min_rom_m - swing.unseen_m
    if not swing.finished or not least <= swing.rise_m <= profile.max_rom_m:
        return False
    start, end = concentric_phase(motion, swing)
    return profile.min_concentric_s <= (end - start) * dt_s <= profile.max_concentric_s


def _is_handling(swing: Swing, typical: float, speed: float, lowering: float) -> bool:
    set_down = (
        swing.drop_before_m > SET_DOWN_SHARE * typical
        and swing.drop_before_peak_mps > 1.2 * lowering
    )
    return set_down or swing.peak_velocity_mps > MAX_SPEED_OF_SET * speed
