"""The numbers of a repetition and of a set, with their confidence."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from lift_monitor.events import Confidence, Exercise, LiftSet, Repetition
from lift_monitor.samples import Quality
from lift_monitor.signal.exercises import ExerciseProfile
from lift_monitor.signal.smoother import Motion
from lift_monitor.signal.stretch import FIND_DRIFT, Reading, Stretch, closure_limit
from lift_monitor.signal.swings import Swing, concentric_phase, crossing_times
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

# Design defaults. Where a set lies beyond one of these its numbers are low in confidence.
MIN_RATE_HZ = 20.0
"""Fresh samples a second. A concentric phase lasts about a second and its acceleration
reverses within it: below some twenty samples its shape is not carried."""
USELESS_RATE_HZ = 8.0
MAX_HOLE_S = 0.35
LONG_HOLE_S = 2.0
"""A hole in which a repetition can hide."""
BASE_SD_MPS = 0.012
"""Standard deviation of the mean velocity of a clean repetition, as measured (docs/accuracy.md)."""
MAX_SD_MPS = 0.05
MAX_ROM_SPREAD = 0.25
LONELY_ROM_M = 0.25
"""A set of fewer than three repetitions has no typical range to compare with, so that each
must be a lift beyond doubt: this long at least, in a stream that carries its shape."""
_AROUND_S = 20.0


@dataclass(frozen=True, slots=True)
class _Trust:
    """What the stream does to the numbers of a stretch."""

    rate_hz: float
    longest_hole_s: float
    reasons: tuple[str, ...]


def repetition(
    stretch: Stretch,
    reading: Reading,
    swing: Swing,
    profile: ExerciseProfile,
    *,
    set_number: int,
    number: int,
    refined: bool,
) -> Repetition:
    """Measure one repetition; its velocity loss is filled in by :func:`with_losses`."""
    motion, time, dt = reading.motion, stretch.time_s, stretch.dt_s
    first, last = concentric_phase(motion, swing)
    velocity = motion.velocity_mps[first : last + 1]
    rise = float(motion.height_m[last] - motion.height_m[first])
    begin_s, stop_s = crossing_times(motion, first, last)
    begin_s, stop_s = float(time[0]) + begin_s, float(time[0]) + stop_s
    duration = stop_s - begin_s
    eccentric = _eccentric(motion, swing, before=profile.eccentric_first)
    ecc_start, ecc_end = (
        (float(time[eccentric[0]]), float(time[eccentric[1]]))
        if eccentric is not None
        else (float("nan"), float("nan"))
    )
    start, end = begin_s, stop_s
    if profile.eccentric_first and eccentric is not None:
        start = min(ecc_start, start)
    if not profile.eccentric_first and eccentric is not None:
        end = max(ecc_end, end)
    lo, hi = max(0, min(swing.bottom, first) - round(0.3 / dt)), swing.top + 1
    spread = _mean_velocity_sd(stretch, reading, lo, hi, duration)
    reasons = _repetition_reasons(stretch, lo, hi, spread)
    return Repetition(
        set_number=set_number,
        number=number,
        exercise=profile.exercise,
        start_s=start,
        end_s=end,
        concentric_start_s=begin_s,
        concentric_end_s=stop_s,
        eccentric_start_s=ecc_start,
        eccentric_end_s=ecc_end,
        mean_velocity_mps=rise / duration,
        mean_propulsive_velocity_mps=_propulsive(velocity, dt, rise / duration),
        peak_velocity_mps=float(velocity.max()),
        rom_m=rise,
        concentric_duration_s=duration,
        eccentric_duration_s=ecc_end - ecc_start,
        velocity_loss_pct=0.0,
        mean_velocity_sd_mps=spread,
        confidence=Confidence.LOW if reasons else Confidence.HIGH,
        reasons=reasons,
        refined=refined,
    )


def beyond_doubt(stretch: Stretch, swing: Swing) -> bool:
    """Whether a swing is a repetition even with no others to compare it with."""
    lo, hi = swing.bottom, swing.top + 1
    rate = float(stretch.fresh[lo:hi].sum()) / ((hi - lo) * stretch.dt_s)
    hole = float(stretch.spacing_s[lo:hi].max())
    return swing.rise_m >= LONELY_ROM_M and rate >= MIN_RATE_HZ and hole <= MAX_HOLE_S


def with_losses(repetitions: list[Repetition], *, best_so_far: bool) -> list[Repetition]:
    """Fill in the loss of mean velocity against the best repetition, in per cent."""
    if not repetitions:
        return []
    out = []
    best = max(r.mean_velocity_mps for r in repetitions)
    running = 0.0
    for rep in repetitions:
        running = max(running, rep.mean_velocity_mps)
        against = running if best_so_far else best
        loss = 100.0 * (1.0 - rep.mean_velocity_mps / against)
        out.append(dataclasses.replace(rep, velocity_loss_pct=loss))
    return out


def lift_set(
    stretch: Stretch, exercise: Exercise, number: int, repetitions: list[Repetition]
) -> LiftSet:
    """Close a set: losses against its best repetition, and how far it can be trusted."""
    reps = with_losses(repetitions, best_so_far=False)
    trust = _trust(stretch, reps)
    low = tuple(trust.reasons)
    if low:
        reps = [
            dataclasses.replace(
                r, confidence=Confidence.LOW, reasons=tuple(dict.fromkeys((*r.reasons, *low)))
            )
            for r in reps
        ]
    reasons = list(low)
    weak = sum(r.confidence is not Confidence.HIGH for r in reps)
    if not low and 2 * weak > len(reps):
        reasons.append(f"{weak} of {len(reps)} repetitions are of low confidence")
    confidence = Confidence.LOW if reasons else Confidence.HIGH
    if trust.rate_hz < USELESS_RATE_HZ:
        confidence = Confidence.NONE
    return LiftSet(
        number=number,
        exercise=exercise,
        start_s=reps[0].start_s,
        end_s=reps[-1].end_s,
        velocity_loss_pct=reps[-1].velocity_loss_pct,
        confidence=confidence,
        reasons=tuple(reasons),
        repetitions=tuple(reps),
    )


def empty_set(provisional: list[Repetition]) -> LiftSet:
    """What stands for a set of which nothing was a repetition; it takes no number."""
    return LiftSet(
        number=provisional[0].set_number,
        exercise=provisional[0].exercise,
        start_s=provisional[0].start_s,
        end_s=provisional[-1].end_s,
        velocity_loss_pct=0.0,
        confidence=Confidence.NONE,
        reasons=("nothing of it was a repetition",),
        repetitions=(),
    )


def _eccentric(motion: Motion, swing: Swing, *, before: bool) -> tuple[int, int] | None:
    """Start and end of the lowering, by the concentric rule turned upside down."""
    top, bottom = (swing.top_before, swing.bottom) if before else (swing.top, swing.bottom_after)
    drop = float(motion.height_m[top] - motion.height_m[bottom])
    if bottom <= top or drop < 0.4 * swing.rise_m:
        return None
    down = Motion(-motion.velocity_mps, -motion.height_m, motion.dt_s)
    mirrored = dataclasses.replace(swing, bottom=top, top=bottom, rise_m=drop)
    return concentric_phase(down, mirrored)


def _propulsive(velocity: FloatArray, dt_s: float, mean_mps: float) -> float:
    """Mean velocity until the acceleration first falls below -g (Sanchez-Medina 2010)."""
    acc = np.diff(velocity) / dt_s
    braking = np.flatnonzero(acc < -STANDARD_GRAVITY_MPS2)
    if not braking.size:
        return mean_mps
    propulsive = velocity[: max(int(braking[0]) + 1, 2)]
    return float(np.mean(0.5 * (propulsive[1:] + propulsive[:-1])))


def _mean_velocity_sd(
    stretch: Stretch, reading: Reading, lo: int, hi: int, duration_s: float
) -> float:
    unseen = float(np.maximum(stretch.spacing_s[lo:hi] - 0.06, 0.0).max(initial=0.0))
    closure = 0.0 if np.isnan(reading.closure_m) else reading.closure_m
    closes = reading.drift < FIND_DRIFT and closure <= closure_limit(reading.swings)
    drift = 0.0 if closes else 0.5 * closure / max(duration_s, 0.3)
    return float(np.sqrt(BASE_SD_MPS**2 + (0.25 * unseen) ** 2 + drift**2))


def _repetition_reasons(stretch: Stretch, lo: int, hi: int, sd: float) -> tuple[str, ...]:
    reasons = []
    hole = float(stretch.spacing_s[lo:hi].max(initial=0.0))
    if hole > MAX_HOLE_S:
        reasons.append(f"a hole of {hole:.1f} s lies inside the repetition")
    saturated = np.uint16(Quality.ACC_SATURATED | Quality.GYR_SATURATED)
    if ((stretch.quality[lo:hi] & saturated) != 0).any():
        reasons.append("the sensor was at the end of its range during the repetition")
    if ((stretch.quality[lo:hi] & np.uint16(Quality.NO_GYRO)) != 0).any():
        reasons.append("the sensor has no gyroscope, so the tilt of the bar is not known")
    if sd > MAX_SD_MPS and not reasons:
        reasons.append(f"the drift of the sensor leaves the mean velocity open by {sd:.2f} m/s")
    return tuple(reasons)


def _trust(stretch: Stretch, reps: list[Repetition]) -> _Trust:
    time, dt = stretch.time_s, stretch.dt_s
    lo = int(np.searchsorted(time, reps[0].start_s))
    hi = max(lo + 1, int(np.searchsorted(time, reps[-1].concentric_end_s)))
    seen = ~np.isnan(stretch.acc_up_mps2[lo:hi])
    rate = float(stretch.fresh[lo:hi].sum() / (max(1, int(seen.sum())) * dt))
    hole = float(stretch.spacing_s[lo:hi].max(initial=0.0))
    reasons = []
    if rate < MIN_RATE_HZ:
        reasons.append(
            f"only {rate:.0f} fresh samples a second: too thin to carry the shape of a "
            f"repetition (at least {MIN_RATE_HZ:.0f} are needed)"
        )
    if hole > MAX_HOLE_S:
        reasons.append(f"a hole of {hole:.1f} s in the stream lies inside the set")
    around_lo = max(0, lo - round(_AROUND_S / dt))
    around = float(stretch.spacing_s[around_lo : hi + round(_AROUND_S / dt)].max(initial=0.0))
    if around > LONG_HOLE_S and around > hole:
        reasons.append(f"a hole of {around:.1f} s next to the set may hide repetitions")
    roms = np.array([r.rom_m for r in reps])
    if len(reps) >= 3 and float(roms.std() / roms.mean()) > MAX_ROM_SPREAD:
        reasons.append("the repetitions differ in range more than a lifter's do")
    return _Trust(rate, hole, tuple(reasons))
