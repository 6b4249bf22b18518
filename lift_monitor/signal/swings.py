"""Swings of the bar: alternating turning points of the height, and what each swing was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lift_monitor.signal.smoother import UNSEEN_ACC_MPS2, UNSEEN_FROM_S, Motion
from lift_monitor.units import BoolArray, FloatArray

START_VELOCITY_MPS = 0.02
"""The concentric phase starts and ends where the velocity passes this: the noise of a
resting bar, and the same for all exercises (docs/signal.md)."""
START_FRACTION = 0.25
LOCKOUT_PAUSE_S, LOCKOUT_MPS, LOCKOUT_FRACTION = 0.35, 0.05, 0.7
"""A bar that for so long rises no faster, so high in its range, has been locked out."""
STEEP_MPS = 0.12
"""From here to half of it the fall of the velocity tells how the movement runs out."""
TOP_FRACTION = 0.9
"""The phase can end only in the last tenth of the range: a sticking point does not end it."""


@dataclass(frozen=True, slots=True)
class Swing:
    """One upward swing from a bottom to a top; steps index the stretch looked at.

    Attributes
    ----------
    drop_before_m, drop_after_m : float
        Height lost from the preceding top and to the following bottom, m.
    drop_before_peak_mps : float
        Fastest lowering before it, positive.
    top_before, bottom_after : int
        Steps of the neighbouring turning points (or of the ends of the stretch).
    finished : bool
        The velocity came back to near zero at the top.
    unseen_m : float
        Range that may be missing because samples are, see :data:`UNSEEN_ACC_MPS2`.
    """

    bottom: int
    top: int
    rise_m: float
    peak_velocity_mps: float
    drop_before_m: float
    drop_after_m: float
    drop_before_peak_mps: float
    top_before: int
    bottom_after: int
    finished: bool
    unseen_m: float = 0.0


def turning_points(height_m: FloatArray, reversal_m: float) -> list[tuple[int, int]]:
    """Alternating (step, +1 top or -1 bottom) at least ``reversal_m`` apart.

    The last point is the extreme reached since the last reversal.
    """
    # Only local extremes can be turning points: a few hundred instead of thousands.
    slope = np.sign(np.diff(height_m))
    inner = np.flatnonzero(slope[1:] * slope[:-1] <= 0) + 1
    steps = np.concatenate([[0], inner, [height_m.shape[0] - 1]])
    points: list[tuple[int, int]] = []
    direction = 0
    high = low = 0
    for step, value in zip(steps.tolist(), height_m[steps].tolist(), strict=True):
        if value > height_m[high]:
            high = step
        if value < height_m[low]:
            low = step
        if direction >= 0 and height_m[high] - value >= reversal_m:
            points.append((high, 1))
            direction, low, high = -1, step, step
        elif direction <= 0 and value - height_m[low] >= reversal_m:
            points.append((low, -1))
            direction, low, high = 1, step, step
    if direction:
        points.append((high, 1) if direction > 0 else (low, -1))
    return points


def find_swings(motion: Motion, reversal_m: float, spacing_s: FloatArray) -> list[Swing]:
    """All upward swings of at least ``reversal_m``; ``spacing_s`` tells what was unseen."""
    height, velocity = motion.height_m, motion.velocity_mps
    if height.shape[0] < 3:
        return []
    points = turning_points(height, reversal_m)
    last = height.shape[0] - 1
    swings = []
    for i in range(len(points) - 1):
        bottom, kind = points[i]
        if kind > 0:
            continue
        top = points[i + 1][0]
        top_before = points[i - 1][0] if i else 0
        bottom_after = points[i + 2][0] if i + 2 < len(points) else last
        peak = float(velocity[bottom : top + 1].max())
        hole = max(0.0, float(spacing_s[bottom : top + 1].max()) - UNSEEN_FROM_S)
        swings.append(
            Swing(
                bottom=bottom,
                top=top,
                rise_m=float(height[top] - height[bottom]),
                peak_velocity_mps=peak,
                drop_before_m=float(height[top_before] - height[bottom]),
                drop_after_m=float(height[top] - height[bottom_after]),
                drop_before_peak_mps=float(-velocity[top_before : bottom + 1].min()),
                top_before=top_before,
                bottom_after=bottom_after,
                finished=bool(velocity[top : bottom_after + 1].min() < 0.25 * peak),
                unseen_m=0.5 * UNSEEN_ACC_MPS2 * hole * hole,
            )
        )
    return swings


def concentric_phase(motion: Motion, swing: Swing) -> tuple[int, int]:
    """First and last step of the concentric phase of a swing.

    Start: the last step before the fastest one at which the velocity is not above
    ``START_VELOCITY_MPS`` and the bar has not yet covered a quarter of the range. End: the
    first step in the last tenth of the range at which the velocity is back at that value.

    An error of the velocity as small as that value would move these points by as long as the
    bar is held.  Therefore, where the velocity has fallen steeply before it creeps, the point
    is taken from the steep part, carried on as a movement runs out (velocity as the square
    of the time left).
    """
    height, velocity = motion.height_m, motion.velocity_mps
    bottom = swing.bottom
    top = _lockout(motion, swing)
    peak = bottom + int(np.argmax(velocity[bottom : top + 1]))
    rise = height[top] - height[bottom]
    low = height[bottom] + START_FRACTION * rise
    high = height[bottom] + TOP_FRACTION * rise
    before = slice(bottom, peak + 1)
    after = slice(peak, top + 1)
    start = peak - _run_out(velocity[before][::-1], height[before][::-1] <= low)
    end = peak + _run_out(velocity[after], height[after] >= high)
    return start, max(end, start + 1)


def crossing_times(motion: Motion, first: int, last: int) -> tuple[float, float]:
    """Times of the phase's ends between the steps, seconds from the motion's first step.

    The first step is the last one below the start velocity and the last step the first one
    below it again, so that taken as they are the phase would be a step too long.
    """
    velocity = motion.velocity_mps
    start, end = float(first), float(last)
    low, high = float(velocity[first]), float(velocity[first + 1])
    if low <= START_VELOCITY_MPS < high:
        start += (START_VELOCITY_MPS - low) / (high - low)
    low, high = float(velocity[last]), float(velocity[last - 1])
    if low <= START_VELOCITY_MPS < high and last - 1 > first:
        end -= (START_VELOCITY_MPS - low) / (high - low)
    return start * motion.dt_s, end * motion.dt_s


def _lockout(motion: Motion, swing: Swing) -> int:
    """The top, or the step where the bar came to a stand before rising once more.

    After locking out people shift their feet, breathe in or lift the bar onto its hooks; a
    sticking point slows the bar but seldom stops it for so long, so high.
    """
    height, velocity = motion.height_m, motion.velocity_mps
    pause = max(1, round(LOCKOUT_PAUSE_S / motion.dt_s))
    bottom, top = swing.bottom, swing.top
    slow = (velocity[bottom : top + 1] <= LOCKOUT_MPS) & (
        height[bottom : top + 1] >= height[bottom] + LOCKOUT_FRACTION * swing.rise_m
    )
    if np.count_nonzero(slow) < pause:
        return top
    count = np.cumsum(slow)
    held = count[pause - 1 :] - np.concatenate([[0], count[:-pause]])
    stands = np.flatnonzero(held == pause)
    return bottom + int(stands[0]) + pause - 1 if stands.size else top


def _run_out(velocity: FloatArray, near_end: BoolArray) -> int:
    """Steps from the fastest one until the movement has run out; see above."""
    last = velocity.shape[0] - 1
    limit = _first(near_end & (velocity <= START_VELOCITY_MPS), last)
    steep = min(STEEP_MPS, 0.3 * float(velocity[0]))
    upper = _first(near_end & (velocity <= steep), last)
    lower = _first(near_end & (velocity <= 0.5 * steep), last)
    if lower <= upper or 0.5 * steep <= START_VELOCITY_MPS:
        return limit
    left = (np.sqrt(0.5 * steep) - np.sqrt(START_VELOCITY_MPS)) / (
        np.sqrt(steep) - np.sqrt(0.5 * steep)
    )
    carried = lower + round(float(left) * (lower - upper))
    return limit if limit <= carried + (lower - upper) else min(carried, last)


def _first(condition: BoolArray, otherwise: int) -> int:
    at = int(condition.argmax())
    return at if condition[at] else otherwise
