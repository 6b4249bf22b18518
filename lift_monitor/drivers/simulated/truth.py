"""What really happened: the answers against which estimates are measured."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from lift_monitor.drivers.simulated.lifter import Attempt, Performance
from lift_monitor.drivers.simulated.motion import BarMotion
from lift_monitor.units import STANDARD_GRAVITY_MPS2, BoolArray, FloatArray

START_VELOCITY_MPS = 0.02
"""The concentric phase lies between the times at which the velocity is not above this."""
TOP_FRACTION = 0.9
"""The phase can end only above this share of the range: a sticking point is no end."""
_STEP_S = 0.001
OFF_SUPPORT_M = 0.005
"""A bar that comes so far from where it lay still was lifted: taking out the slack bends it by
less."""
LEAVES_M = 0.001
"""It leaves its support so far from where it lay."""
LIES_S = 0.1
"""So long without any motion it lies: hands always move it a little."""
_STILL_MPS = 1e-6
RINGS_S = 0.15
"""It is back on its support so long before it lies without any motion."""
FREE_FALL_S = 0.1
"""So long with little but gravity, and then falling fast, it was let go."""
_FREE_FALL_MPS2 = 1.5
_FALLING_MPS = -1.0


@dataclass(frozen=True, slots=True)
class TrueRep:
    """One attempt at a repetition; times in session seconds, up is positive.

    The concentric phase begins at the last time before the peak velocity at which the
    velocity is not above :data:`START_VELOCITY_MPS`, and ends at the first time in the last
    tenth of the range at which it has fallen to that value.  Mean velocity is the rise
    over that phase by its duration; the propulsive part ends where the acceleration first
    falls below minus one g.
    """

    start_s: float
    end_s: float
    concentric_start_s: float
    concentric_end_s: float
    mean_velocity_mps: float
    mean_propulsive_velocity_mps: float
    peak_velocity_mps: float
    rom_m: float
    failed: bool = False


@dataclass(frozen=True, slots=True)
class TrueSet:
    """A set; ``failed`` attempts are no repetitions and stand apart."""

    start_s: float
    end_s: float
    reps: tuple[TrueRep, ...]
    failed: tuple[TrueRep, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """True motion at steady steps, and the repetitions in it."""

    time_s: FloatArray
    height_m: FloatArray
    velocity_mps: FloatArray
    up_sensor: FloatArray
    """(n, 3) the world's up in the sensor's axes."""
    sets: tuple[TrueSet, ...]

    @property
    def repetitions(self) -> tuple[TrueRep, ...]:
        """Repetitions of all sets in order, without the failed ones."""
        return tuple(rep for true_set in self.sets for rep in true_set.reps)

    def borne_spans(self) -> tuple[tuple[float, float], ...]:
        """When somebody bore the bar: from leaving its support to being back on it, s.

        A bar that is let go is borne until then.  A floor that is only touched, the bar
        still in the hands, is no support.
        """
        if not self.sets:
            return ()
        return _borne_spans(self.time_s, self.height_m, self.velocity_mps)


def true_sets(performance: Performance) -> tuple[TrueSet, ...]:
    """Measure every attempt of a performance on its exact motion."""
    found = []
    for attempts in performance.sets:
        reps = [_measure(performance.motion, attempt) for attempt in attempts]
        found.append(
            TrueSet(
                start_s=reps[0].start_s,
                end_s=reps[-1].end_s,
                reps=tuple(rep for rep in reps if not rep.failed),
                failed=tuple(rep for rep in reps if rep.failed),
            )
        )
    return tuple(found)


def _borne_spans(
    time_s: FloatArray, height_m: FloatArray, velocity_mps: FloatArray
) -> tuple[tuple[float, float], ...]:
    lies = np.abs(velocity_mps) < _STILL_MPS
    step_s = float(time_s[1] - time_s[0])
    rests = [(a, b) for a, b in _runs(lies) if (b - a) * step_s >= LIES_S]
    acceleration = np.gradient(velocity_mps, time_s)
    falls = _runs(np.abs(acceleration + STANDARD_GRAVITY_MPS2) < _FREE_FALL_MPS2)
    let_go = [
        a
        for a, b in falls
        if (b - a) * step_s >= FREE_FALL_S and velocity_mps[b - 1] < _FALLING_MPS
    ]
    spans = []
    for (_, left), (back, _) in itertools.pairwise(rests):
        height = height_m[left - 1 : back + 1]
        if np.ptp(height) < OFF_SUPPORT_M:
            continue
        first = int(np.argmax(np.abs(height - height[0]) > LEAVES_M))
        last = back - round(RINGS_S / step_s)
        last = min([last, *(fall for fall in let_go if left <= fall < back)])
        spans.append((float(time_s[left - 1 + first]), float(time_s[last])))
    return tuple(spans)


def _runs(mask: BoolArray) -> list[tuple[int, int]]:
    """First step and the step after the last of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _measure(motion: BarMotion, attempt: Attempt) -> TrueRep:
    margin_s = 0.25
    time_s = np.arange(attempt.rise_s - margin_s, attempt.top_s + margin_s, _STEP_S)
    height, velocity, acceleration = motion.height(time_s)
    meant = (time_s >= attempt.rise_s) & (time_s <= attempt.top_s)
    peak = int(np.argmax(np.where(meant, velocity, -np.inf)))
    slow = velocity <= START_VELOCITY_MPS
    before = np.flatnonzero(slow[: peak + 1])
    start = int(before[-1]) if before.size else 0
    top = peak + int(np.argmax(height[peak:]))
    high = height[start] + TOP_FRACTION * (height[top] - height[start])
    after = np.flatnonzero(slow[peak:] & (height[peak:] >= high))
    end = peak + int(after[0]) if after.size else top
    start_s = _crossing(time_s, velocity, start)
    end_s = _crossing(time_s, velocity, end - 1)
    (low_m, high_m) = motion.height(np.array([start_s, end_s]))[0]
    braking = np.flatnonzero(acceleration[start : end + 1] < -STANDARD_GRAVITY_MPS2)
    propulsive = start + int(braking[0]) if braking.size else end
    propulsive_s = float(time_s[propulsive]) if braking.size else end_s
    propulsive_m = float(motion.height(np.array([propulsive_s]))[0, 0])
    return TrueRep(
        start_s=min(attempt.begin_s, start_s),
        end_s=max(attempt.finish_s, end_s),
        concentric_start_s=start_s,
        concentric_end_s=end_s,
        mean_velocity_mps=float((high_m - low_m) / (end_s - start_s)),
        mean_propulsive_velocity_mps=(propulsive_m - float(low_m)) / (propulsive_s - start_s),
        peak_velocity_mps=float(velocity[peak]),
        rom_m=float(high_m - low_m),
        failed=attempt.failed,
    )


def _crossing(time_s: FloatArray, velocity: FloatArray, index: int) -> float:
    """Time between ``index`` and the next step at which the velocity is the limit."""
    here, there = velocity[index] - START_VELOCITY_MPS, velocity[index + 1] - START_VELOCITY_MPS
    share = here / (here - there) if here * there < 0 else 0.0
    return float(time_s[index] + share * _STEP_S)
