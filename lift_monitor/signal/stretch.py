"""A stretch of analysis steps, and how it is turned into motion and repetitions.

Finding and measuring are two passes, because they need different things.  To *find*
repetitions the drift is allowed to be large, which keeps the swings apart even in a thin or
torn stream.  To *measure* them the drift is allowed to be as small as the data bear: the
smallest of :data:`DRIFT_LADDER` with which the bar returns to about where it was, repetition
after repetition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from lift_monitor.samples import Quality
from lift_monitor.signal.exercises import ExerciseProfile
from lift_monitor.signal.rules import Judge, Verdict
from lift_monitor.signal.smoother import Anchors, Motion, Smoother, unseen_drift
from lift_monitor.signal.swings import Swing, find_swings
from lift_monitor.units import STANDARD_GRAVITY_MPS2, BoolArray, FloatArray, QualityArray

FIND_DRIFT = 0.1
"""Drift density for finding, m/s^2 per sqrt(s). Counts on real recordings are the same from
0.05 to 0.2."""
FIND_REACH_M = 0.3
DRIFT_LADDER = (0.002, 0.006, 0.02, 0.05, 0.1)
MEASURE_REACH_M = 0.8
LIFT_BIAS_SD_MPS2 = 0.15
"""Usual bias of a MEMS accelerometer axis in use. Design default from data sheets."""
FREE_BIAS_SD_MPS2 = 1e-3
"""The same where no repetitions tell bias and drift apart: it is left to the drift then."""
IMPACT_MPS2 = 40.0
"""Four times gravity: the bar fell and hit something. Setting it down stays below.
Design default."""
IMPACT_AROUND_S = 0.1
IMPACT_DRIFT = 5.0
"""An impact is over between two samples, so that some of it is not seen: the velocity may be
wrong by about a metre a second after it."""
CLOSURE = 0.12
"""Largest typical difference of successive bottoms or tops, as a share of the range, at
which a drift density is accepted. Design default; lifters stay well inside it."""
SLOW_S = 1.8
"""A lift that lasts so long the first pass may take for drift."""
SLOW_SHARE = 0.3
"""It is one all the same if it is slower than this share of the set's repetitions."""
CLOSURE_M = 0.06
"""The same in metres for short ranges: people vary by centimetres. Design default."""
ALIKE = 0.12
"""Scatter of a set's ranges, as a share, up to which a smaller swing is a failed attempt."""
REACH_SPAN_M = 1.8
"""Floor to overhead of a small person: a height that spans more has drifted."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Consecutive analysis steps without a break; all arrays are of length n."""

    dt_s: float
    time_s: FloatArray
    acc_up_mps2: FloatArray
    up_sensor: FloatArray
    """(n, 3)"""
    at_rest: BoolArray
    spacing_s: FloatArray
    fresh: FloatArray
    quality: QualityArray
    from_start: bool = False
    """It begins where the stream does."""

    def __len__(self) -> int:
        return int(self.time_s.shape[0])

    @classmethod
    def concatenate(cls, parts: Sequence[Stretch]) -> Stretch:
        """Join consecutive stretches."""
        names = ("time_s", "acc_up_mps2", "up_sensor", "at_rest", "spacing_s", "fresh", "quality")
        columns = {name: np.concatenate([getattr(p, name) for p in parts]) for name in names}
        return cls(dt_s=parts[0].dt_s, from_start=parts[0].from_start, **columns)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was read from a stretch."""

    motion: Motion
    swings: tuple[Swing, ...]
    """The swings that are repetitions, in order."""
    drift: float
    closure_m: float
    """Typical difference of successive bottoms before anchoring, m; NaN below two."""


def _smoother(stretch: Stretch) -> Smoother:
    """Prepare a stretch for several passes."""
    acc = stretch.acc_up_mps2 - STANDARD_GRAVITY_MPS2
    acc = np.where(np.isfinite(acc), acc, 0.0)
    saturated = Quality.ACC_SATURATED | Quality.GYR_SATURATED
    extra = unseen_drift(stretch.spacing_s, (stretch.quality & saturated) != 0)
    hit = np.abs(acc) > IMPACT_MPS2
    if hit.any():
        around = np.ones(2 * round(IMPACT_AROUND_S / stretch.dt_s) + 1)
        near = np.convolve(hit, around, mode="same")[: hit.shape[0]] > 0.5
        extra = np.where(near, np.maximum(extra, IMPACT_DRIFT), extra)
    return Smoother(
        acc,
        stretch.dt_s,
        extra_drift=extra,
        at_rest=lengthen(stretch.at_rest, round(REST_LEAD_S / stretch.dt_s)),
        up_sensor=np.where(np.isfinite(stretch.up_sensor), stretch.up_sensor, 0.0),
    )


REST_LEAD_S = 1.0
"""A rest is detected after 1.5 s of stillness; the second before it was still as well."""


def lengthen(at_rest: BoolArray, steps: int) -> BoolArray:
    """Extend each run of rest backwards."""
    if steps <= 0 or not at_rest.any():
        return at_rest
    n = at_rest.shape[0]
    starts = np.flatnonzero(at_rest & ~np.concatenate([[False], at_rest[:-1]]))
    starts = starts[starts > 0]  # what went before the stretch is not known
    edges = np.zeros(n + 1, np.int64)
    np.add.at(edges, np.maximum(starts - steps, 0), 1)
    np.add.at(edges, starts, -1)
    return np.asarray(at_rest | (np.cumsum(edges[:n]) > 0))


def read(stretch: Stretch, profile: ExerciseProfile) -> Reading:
    """Find the repetitions of a stretch and read them with the least drift that the data bear.

    Where none closes well enough, with the one that closes best.
    """
    smoother = _smoother(stretch)
    found = _find(smoother, stretch, profile)
    reading = found
    for drift in DRIFT_LADDER:
        motion = _lifting(smoother, drift, MEASURE_REACH_M)
        verdict = _judged(motion, stretch, profile)
        swings = verdict.kept
        closure = _closure(motion, swings)
        enough = 2 if len(found.swings) != 1 else 1  # one alone would close on nothing
        if len(swings) < enough or not _agrees(verdict, found.swings, motion):
            continue
        candidate = Reading(motion, swings, drift, closure)
        if np.isnan(closure) or closure <= closure_limit(swings):
            reading = candidate
            break
        if not closure >= reading.closure_m:  # none closes well enough: the best one
            reading = candidate
    anchors = anchors_of(reading)
    if anchors is None:
        return reading
    reach = MEASURE_REACH_M if reading.drift < FIND_DRIFT else FIND_REACH_M
    motion = _lifting(smoother, reading.drift, reach, anchors)
    swings = _judged(motion, stretch, profile).kept
    if _same(swings, reading.swings):
        return replace(reading, motion=motion, swings=swings)
    return reading


def _find(smoother: Smoother, stretch: Stretch, profile: ExerciseProfile) -> Reading:
    motion = _lifting(smoother, FIND_DRIFT, FIND_REACH_M)
    swings = _judged(motion, stretch, profile).kept
    return Reading(motion, swings, FIND_DRIFT, _closure(motion, swings))


def _lifting(
    smoother: Smoother, drift: float, reach_m: float, anchors: Anchors | None = None
) -> Motion:
    return smoother.motion(
        drift=drift, reach_sd_m=reach_m, bias_sd_mps2=LIFT_BIAS_SD_MPS2, anchors=anchors
    )


def closure_limit(swings: tuple[Swing, ...]) -> float:
    """Largest difference of successive bottoms or tops, m, of a set that has closed."""
    return max(CLOSURE * median(s.rise_m for s in swings), CLOSURE_M)


def refined_motion(stretch: Stretch, drift: float | None, anchors: Anchors | None) -> Motion:
    """Refined motion of a whole stretch; finds the drift itself where none is given."""
    smoother = _smoother(stretch)
    if drift is not None:
        return _lifting(smoother, drift, MEASURE_REACH_M, anchors)
    motion = _free(smoother, DRIFT_LADDER[0])
    for density in DRIFT_LADDER[1:]:
        low, high = np.percentile(motion.height_m, [2, 98])
        if high - low <= REACH_SPAN_M:
            break
        motion = _free(smoother, density)
    return motion


def _free(smoother: Smoother, drift: float) -> Motion:
    return smoother.motion(drift=drift, reach_sd_m=MEASURE_REACH_M, bias_sd_mps2=FREE_BIAS_SD_MPS2)


def anchors_of(reading: Reading) -> Anchors | None:
    """Bottoms share one height and tops share one: their medians."""
    if len(reading.swings) < 2:
        return None
    height = reading.motion.height_m
    bottoms = np.array([s.bottom for s in reading.swings], np.intp)
    tops = np.array([s.top for s in reading.swings], np.intp)
    level = np.concatenate(
        [
            np.full(bottoms.shape[0], median(height[bottoms])),
            np.full(tops.shape[0], median(height[tops])),
        ]
    )
    return Anchors(np.concatenate([bottoms, tops]), level)


def _judged(motion: Motion, stretch: Stretch, profile: ExerciseProfile) -> Verdict:
    swings = find_swings(motion, _reversal(profile), stretch.spacing_s)
    judge = Judge(motion, stretch.at_rest, stretch.dt_s, profile, stretch.from_start)
    return judge.judge(swings)


def _reversal(profile: ExerciseProfile) -> float:
    return 0.6 * profile.min_rom_m


def _closure(motion: Motion, swings: tuple[Swing, ...]) -> float:
    if len(swings) < 2:
        return float("nan")
    steps = np.array([(s.bottom, s.top) for s in swings])
    bottoms, tops = np.abs(np.diff(motion.height_m[steps], axis=0)).T
    return float(max(median(bottoms), median(tops)))


def _same(one: tuple[Swing, ...], other: tuple[Swing, ...]) -> bool:
    """The same repetitions: as many, and each overlaps its partner."""
    return len(one) == len(other) and all(map(_meet, one, other))


def _agrees(verdict: Verdict, found: tuple[Swing, ...], motion: Motion) -> bool:
    """Nothing found is lost but what now is seen to be no repetition.

    Slow repetitions, which the first pass takes for drift, may be added. A failed attempt is
    believed at the end of the set only, and only beside repetitions that are alike.
    """
    slow = round(SLOW_S / motion.dt_s)
    speeds = [k.rise_m / (k.top - k.bottom) for k in verdict.kept]
    least = SLOW_SHARE * median(speeds)
    for k, speed in zip(verdict.kept, speeds, strict=True):
        added = not any(_meet(k, f) for f in found)
        if added and (k.top - k.bottom < slow or speed < least):
            return False
    rises = np.array([k.rise_m for k in verdict.kept])
    alike = rises.shape[0] >= 2 and float(rises.std() / rises.mean()) <= ALIKE
    for f in found:
        if any(_meet(f, k) for k in (*verdict.kept, *verdict.handling)):
            continue
        failed = f is found[-1] and alike and not any(_meet(f, r) for r in verdict.refused)
        if not failed:
            return False
    return True


def _meet(one: Swing, other: Swing) -> bool:
    return one.bottom < other.top and other.bottom < one.top
