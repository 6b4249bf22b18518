"""A trunk that lands: pelvis and thorax through jumps, hangs, falls and impacts, with truth.

The session begins with the guided minute of a calibration, like one of lifting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lift_monitor.drivers.simulated.body import Body
from lift_monitor.drivers.simulated.impact import Fall, Leg, fall, lagging
from lift_monitor.drivers.simulated.landing_plan import DROPS, Drop, LandingPlan
from lift_monitor.drivers.simulated.motion import Piece
from lift_monitor.drivers.simulated.trunk_truth import Stretch, TrunkTruth, trunk_truth

_USUAL_KG = 65.0


@dataclass(frozen=True, slots=True)
class TrueLanding:
    """One landing as it was; times in session seconds.

    ``flight_s`` is how long nothing carried the body before ``contact_s``, ``height_m`` its
    fall from rest to the contact, ``peak_s`` when the ground pushed most.
    """

    drop: Drop
    contact_s: float
    flight_s: float
    peak_s: float
    peak_grf_bw: float
    height_m: float
    speed_mps: float
    """Downward, at the contact."""
    stiffness_n_per_m: float


@dataclass(frozen=True, slots=True)
class Landed:
    """A session of landings: the body, its truth and the landings."""

    body: Body
    truth: TrunkTruth
    landings: tuple[TrueLanding, ...]


def land_all(plan: LandingPlan, seed: int) -> Landed:
    """Let a lifter be calibrated and carry out the plan."""
    return _Dropper(plan, Body(plan.skin, np.random.default_rng([seed, 14]))).session()


class _Dropper:
    """One person on one day."""

    def __init__(self, plan: LandingPlan, body: Body) -> None:
        self._plan, self._body = plan, body
        rng, habit = body.rng, DROPS[plan.way]
        self._height = plan.height_m or rng.uniform(*habit.height_m)
        by_mass = plan.body_mass_kg / _USUAL_KG
        self._stiffness = plan.stiffness_n_per_m or by_mass * rng.uniform(*habit.stiffness_n_per_m)
        self._cutoff_hz = rng.uniform(18.0, 28.0)  # of the spine between pelvis and thorax
        self._natural = rng.uniform(1.0, 6.0)

    def session(self) -> Landed:
        plan, body = self._plan, self._body
        rng = body.rng
        minute = body.guided_minute(plan.stand_s)
        slip_at_s = None
        if plan.skin.slip_deg:
            slip_at_s = body.now_s + rng.uniform(2.0, 12.0)
            body.slip(slip_at_s)
        landings, reps = [], []
        for number in range(plan.sets):
            body.now_s += rng.uniform(1.0, 3.0) + (plan.rest_s if number else 0.0)
            for _ in range(plan.reps):
                start_s = body.now_s
                landings.append(self._repetition())
                reps.append((start_s, body.now_s))
                body.now_s += rng.uniform(1.0, 2.5)
        body.now_s += 3.0
        body.breathe()
        stretches: tuple[Stretch, ...] = tuple(reps)
        truth = trunk_truth(
            body.thorax, body.pelvis, body.now_s, minute, stretches, slip_at_s=slip_at_s
        )
        return Landed(body, truth, tuple(landings))

    def _repetition(self) -> TrueLanding:
        plan, body = self._plan, self._body
        rng, habit = body.rng, DROPS[plan.way]
        height = self._height * rng.uniform(0.9, 1.1)
        leg = Leg(self._stiffness * rng.uniform(0.85, 1.15))
        open_s = rng.uniform(*habit.open_s)
        dropped = fall(height, open_s, plan.body_mass_kg, leg)
        self._rise(dropped.total_m)
        if plan.way is Drop.STEP:
            body.walk(rng.uniform(0.4, 0.7), 0.5, dropped.contact_s, 0.4)
            body.now_s += 0.5
        piece = Piece(body.now_s, dropped.knots)
        body.plunge(piece, lagging(piece, self._cutoff_hz))
        landing = _truth(plan.way, body.now_s, dropped, leg)
        self._give(landing.contact_s)
        body.now_s = piece.end_s
        return landing

    def _rise(self, rise_m: float) -> None:
        """Come up to where the fall begins, and hold on there."""
        body = self._body
        rng = body.rng
        match self._plan.way:
            case Drop.CHIN_UP:
                dip_m, dip_s = rng.uniform(0.08, 0.14), rng.uniform(0.45, 0.6)
                body.bend(12.0, dip_s, dip_m, 0.0)
                body.bend(-12.0, rng.uniform(0.9, 1.2), -(dip_m + rise_m), 0.0)
                self._swing(rng.uniform(0.8, 1.6))
            case Drop.STEP:
                body.shift(rng.uniform(0.25, 0.35), 0.0, 1.2)
                body.bend(10.0, 0.6, -0.5 * rise_m, 0.0)
                body.bend(-10.0, 0.6, -0.5 * rise_m, 0.0)
                body.now_s += rng.uniform(1.0, 2.0)
            case Drop.HEELS | Drop.STOMP:
                duration_s = rng.uniform(0.5, 0.8)
                body.shift(0.0, rise_m, duration_s)
                body.now_s += duration_s + rng.uniform(0.4, 1.0)

    def _swing(self, duration_s: float) -> None:
        """Hang: the legs swing to and fro a little."""
        body = self._body
        degrees = body.rng.uniform(2.0, 5.0)
        body.bend(degrees, 0.5 * duration_s)
        body.bend(-degrees, 0.5 * duration_s)

    def _give(self, contact_s: float) -> None:
        """Bend at the hips with the blow, and come up again."""
        body = self._body
        rng = body.rng
        stiff = self._plan.way in (Drop.HEELS, Drop.STOMP)
        lean = rng.uniform(1.0, 4.0) if stiff else rng.uniform(8.0, 16.0)
        body.now_s = contact_s
        body.wobble(2.0)
        flexion = self._natural * lean / 16.0
        body.bend(lean, rng.uniform(0.3, 0.4), 0.0, flexion)
        body.now_s += rng.uniform(0.05, 0.15)
        body.bend(-lean, rng.uniform(0.5, 0.8), 0.0, -flexion)
        body.straighten(0.5)


def _truth(drop: Drop, start_s: float, dropped: Fall, leg: Leg) -> TrueLanding:
    return TrueLanding(
        drop,
        start_s + dropped.contact_s,
        dropped.contact_s - dropped.free_s,
        start_s + dropped.peak_s,
        dropped.impact.peak_grf_bw,
        dropped.height_m,
        -float(dropped.impact.velocity_mps[0]),
        leg.stiffness_n_per_m,
    )
