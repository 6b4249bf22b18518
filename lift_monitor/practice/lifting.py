"""Sets as the sensors would have told them: repetitions, flags and landings of a simulated body.

The values look measured: times, velocities and flags agree with each other. The signal core is
not run; what it makes of a simulated sensor is tested elsewhere.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lift_monitor.events import Confidence, Exercise, LiftSet, Repetition
from lift_monitor.practice.body import Effort
from lift_monitor.practice.gifts import TYPICAL_RANGE_M
from lift_monitor.samples import Role
from lift_monitor.technique import FlagKind, Landing, Severity, TrunkFlag

_LOWERING_FIRST: Final = frozenset((Exercise.BACK_SQUAT,))
_LOWERING_S: Final = 1.8
_PAUSE_S: Final = 1.4
_PEAK_OVER_MEAN: Final = 1.75
_LUMBAR_AMBER_DEG: Final = 10.0
_LUMBAR_RED_DEG: Final = 20.0
_RAISED_AFTER_S: Final = 0.3
"""How long a limit is passed until a flag is raised."""
_FAULT_S: Final = 0.4
"""Shortest fault; longer than what raises a flag."""
_GRAVITY_MPS2: Final = 9.80665

LANDING_BW: Final = {
    Exercise.HEEL_DROP: 2.5,
    Exercise.DROP_LANDING: 2.9,
    Exercise.JUMPING_CHIN_UP: 3.2,
}
"""Peak force of a simulated landing, body weights; made up, in the order of the heel drops,
stomps and drops of the literature."""
_FLIGHT_S: Final = {
    Exercise.HEEL_DROP: 0.0,
    Exercise.DROP_LANDING: 0.16,
    Exercise.JUMPING_CHIN_UP: 0.34,
}


def measured_set(
    lift: Exercise,
    number: int,
    start_s: float,
    effort: Effort,
    rng: np.random.Generator,
    reasons: tuple[str, ...] = (),
) -> LiftSet:
    """The set as the bar's sensor tells it.

    Parameters
    ----------
    lift : Exercise
    number : int
        Of the set in the session.
    start_s : float
        Session time of the first movement.
    effort : Effort
    rng : numpy.random.Generator
    reasons : tuple of str
        Why the numbers are of low confidence; empty if they are not.
    """
    confidence = Confidence.LOW if reasons else Confidence.HIGH
    best = max(effort.velocities_mps, default=0.0)
    repetitions: list[Repetition] = []
    at_s = start_s
    for index, velocity in enumerate(effort.velocities_mps):
        rom_m = TYPICAL_RANGE_M[lift] * (1.0 + 0.02 * float(rng.standard_normal()))
        lifting_s = rom_m / velocity
        lowering_s = _LOWERING_S * (1.0 + 0.08 * float(rng.standard_normal()))
        if lift in _LOWERING_FIRST:
            down, up = at_s, at_s + lowering_s
        else:
            up, down = at_s, at_s + lifting_s
        end_s = at_s + lifting_s + lowering_s
        repetitions.append(
            Repetition(
                set_number=number,
                number=index + 1,
                exercise=lift,
                start_s=at_s,
                end_s=end_s,
                concentric_start_s=up,
                concentric_end_s=up + lifting_s,
                eccentric_start_s=down,
                eccentric_end_s=down + lowering_s,
                mean_velocity_mps=velocity,
                mean_propulsive_velocity_mps=velocity * 1.03,
                peak_velocity_mps=velocity * _PEAK_OVER_MEAN,
                rom_m=rom_m,
                concentric_duration_s=lifting_s,
                eccentric_duration_s=lowering_s,
                velocity_loss_pct=100.0 * (best - velocity) / best,
                mean_velocity_sd_mps=0.06 if reasons else 0.015,
                confidence=confidence,
                reasons=reasons,
                refined=True,
            )
        )
        at_s = end_s + _PAUSE_S
    return LiftSet(
        number=number,
        exercise=lift,
        start_s=start_s,
        end_s=repetitions[-1].end_s if repetitions else start_s,
        velocity_loss_pct=repetitions[-1].velocity_loss_pct if repetitions else 0.0,
        confidence=confidence,
        reasons=reasons,
        repetitions=tuple(repetitions),
    )


def flags_of(measured: LiftSet, effort: Effort, rng: np.random.Generator) -> tuple[TrunkFlag, ...]:
    """The flags of lumbar flexion that two calibrated trunk sensors raise in a set.

    A red fault passes the amber limit first, so it brings both.
    """
    flags: list[TrunkFlag] = []
    for repetition in measured.repetitions:
        if repetition.number in effort.red:
            peak = _LUMBAR_RED_DEG + 0.5 + 6.0 * float(rng.random())
            flags.append(_lumbar(repetition, Severity.AMBER, _LUMBAR_AMBER_DEG, peak, 0.1))
            flags.append(_lumbar(repetition, Severity.RED, _LUMBAR_RED_DEG, peak, 0.3))
        elif repetition.number in effort.amber:
            peak = _LUMBAR_AMBER_DEG + 0.5 + 8.0 * float(rng.random())
            flags.append(_lumbar(repetition, Severity.AMBER, _LUMBAR_AMBER_DEG, peak, 0.2))
    return tuple(flags)


def _lumbar(
    repetition: Repetition, severity: Severity, limit: float, peak: float, after: float
) -> TrunkFlag:
    lasting_s = repetition.concentric_duration_s
    end_s = repetition.concentric_start_s + 0.9 * lasting_s
    # A light bar is up before a limit was passed for long enough: then the fault began below, in
    # the way down before, or it lasts into the way down after.
    start_s = min(repetition.concentric_start_s + after * lasting_s, end_s - _FAULT_S)
    start_s = max(start_s, repetition.start_s)
    return TrunkFlag(
        kind=FlagKind.LUMBAR_FLEXION,
        severity=severity,
        start_s=start_s,
        raised_s=start_s + _RAISED_AFTER_S,
        end_s=max(end_s, start_s + _FAULT_S),
        peak=peak,
        limit=limit,
        unit="deg",
        under_load=True,
        confidence=Confidence.HIGH,
    )


def landings_of(
    movement: Exercise,
    count: int,
    start_s: float,
    harder_bw: float,
    body_mass_kg: float,
    rng: np.random.Generator,
    reasons: tuple[str, ...] = (),
) -> tuple[Landing, ...]:
    """Landings as the sensor on the pelvis tells them.

    Parameters
    ----------
    movement : Exercise
        One of :data:`LANDING_BW`.
    count : int
    start_s : float
        Session time of the first one.
    harder_bw : float
        Added to every landing, body weights.
    body_mass_kg : float
    rng : numpy.random.Generator
    reasons : tuple of str
        Why they are of low confidence; empty if they are not.
    """
    confidence = Confidence.LOW if reasons else Confidence.HIGH
    landings: list[Landing] = []
    for index in range(count):
        contact_s = start_s + 6.0 * index + 0.4 * float(rng.random())
        peak = max(LANDING_BW[movement] + harder_bw + 0.18 * float(rng.standard_normal()), 1.3)
        apart = 0.15 + 0.2 * float(rng.random())
        landings.append(
            Landing(
                at_s=contact_s + 0.5,
                sensor=Role.PELVIS,
                contact_s=contact_s,
                flight_s=_FLIGHT_S[movement],
                peak_acc_g=peak * 1.6,
                peak_acc_20hz_g=peak * 1.3,
                peak_grf_bw=peak,
                peak_grf_n=peak * body_mass_kg * _GRAVITY_MPS2,
                grf_method="simulated",
                second_grf_bw=peak + apart,
                second_method="simulated",
                difference_bw=apart,
                loading_rate_bw_per_s=40.0 * peak,
                clipped=False,
                confidence=confidence,
                reasons=reasons,
            )
        )
    return tuple(landings)
