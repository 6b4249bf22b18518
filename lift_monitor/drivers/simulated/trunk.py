"""A simulated trunk on its own: pelvis and thorax of a lifter without a bar, with truth.

The session begins with the guided minute of a calibration (stand, hinge, stand) and goes on
with repetitions, some of which are rounded or twisted on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lift_monitor.drivers.simulated.body import Body, Skin, stuck_on
from lift_monitor.drivers.simulated.sensor import Measured, SensorModel
from lift_monitor.drivers.simulated.trunk_truth import TrunkTruth, trunk_truth
from lift_monitor.samples import Role


@dataclass(frozen=True, slots=True)
class TrunkPlan:
    """What the lifter does; angles in degrees. What is ``None`` the seed draws.

    Parameters
    ----------
    reps : int
        Repetitions after the calibration.
    squat : bool, optional
        Squat (less lean, more depth) instead of a hip hinge.
    rounded : tuple of int, optional
        Repetitions (from 0) that are rounded on purpose.
    rounding_deg : tuple of float
        Range from which the extra lumbar flexion of these is drawn.
    twisted : tuple of int
        Repetitions in which the thorax is twisted against the pelvis.
    twist_deg : float
    wobble_deg, stretch, slip_deg, slip_s : float
        See :class:`~lift_monitor.drivers.simulated.body.Skin`.
    """

    reps: int = 6
    squat: bool | None = None
    rounded: tuple[int, ...] | None = None
    rounding_deg: tuple[float, float] = (24.0, 36.0)
    twisted: tuple[int, ...] = ()
    twist_deg: float = 25.0
    wobble_deg: float = 1.0
    stretch: float = 0.06
    slip_deg: float = 0.0
    slip_s: float = 0.1

    @property
    def skin(self) -> Skin:
        """How far the sensors do not go with the bones."""
        return Skin(self.wobble_deg, self.stretch, self.slip_deg, self.slip_s)


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedTrunk:
    """Samples of both sensors and the truth."""

    measured: dict[Role, Measured]
    truth: TrunkTruth
    duration_s: float


def simulate_trunk(
    plan: TrunkPlan, model: SensorModel, seed: int, mounting_deg: float = 45.0
) -> SimulatedTrunk:
    """Let a lifter be calibrated and lift, with sensors stuck on at random angles.

    Parameters
    ----------
    plan : TrunkPlan
    model : SensorModel
    seed : int
        Not negative.
    mounting_deg : float
        The sensors are turned by up to so much, about any axis.

    Raises
    ------
    ValueError
        If the seed is negative.
    """
    if seed < 0:
        raise ValueError(f"the seed is {seed}; choose a whole number from 0 up")
    body = Body(plan.skin, np.random.default_rng([seed, 11]))
    truth = _session(plan, body)
    measured = {
        role: stuck_on(model, seed, number, mounting_deg).measure(motion, body.now_s)
        for number, (role, motion) in enumerate(body.skins())
    }
    return SimulatedTrunk(measured, truth, body.now_s)


def _session(plan: TrunkPlan, body: Body) -> TrunkTruth:
    rng = body.rng
    squat = bool(rng.random() < 0.4) if plan.squat is None else plan.squat
    rounded = plan.rounded
    if rounded is None:
        rounded = tuple(k for k in range(plan.reps) if rng.random() < 0.3)
    minute = body.guided_minute()
    slip_at_s = None
    if plan.slip_deg:
        slip_at_s = body.now_s + rng.uniform(2.0, 12.0)
        body.slip(slip_at_s)
    reps = []
    for k in range(plan.reps):
        start = body.now_s
        _repetition(plan, body, squat, k in rounded, k in plan.twisted)
        reps.append((start, body.now_s))
        body.now_s += rng.uniform(0.8, 1.6)
    body.now_s += 4.0
    body.breathe()
    return trunk_truth(
        body.thorax, body.pelvis, body.now_s, minute, tuple(reps), rounded, slip_at_s
    )


def _repetition(plan: TrunkPlan, body: Body, squat: bool, rounds: bool, twists: bool) -> None:
    rng = body.rng
    lean = rng.uniform(25.0, 45.0) if squat else rng.uniform(50.0, 75.0)
    drop = rng.uniform(0.35, 0.5) if squat else rng.uniform(0.08, 0.2)
    natural = rng.uniform(0.0, 6.0)  # some flexion occurs in every lift
    down_s, up_s = rng.uniform(1.2, 2.0), rng.uniform(1.0, 2.2)
    begin = body.now_s
    body.bend(lean, down_s, drop, natural)
    body.now_s += rng.uniform(0.2, 0.8)
    rise = body.now_s
    body.bend(-lean, up_s, -drop, -natural)
    end = body.now_s
    if rounds:
        body.now_s = rng.uniform(begin + 0.5 * down_s, rise + 0.2 * up_s)
        amount = rng.uniform(*plan.rounding_deg)
        in_s, hold_s = rng.uniform(0.4, 0.8), rng.uniform(0.4, 1.0)
        share = rng.uniform(0.3, 0.7)
        for sign in (1.0, -1.0):
            body.round_spine(sign * amount, share, in_s)
            body.now_s += in_s + hold_s
        end = max(end, body.now_s)
    if twists:
        body.now_s = rise
        for sign in (1.0, -1.0):
            body.twist(sign * plan.twist_deg, 0.6)
            body.now_s += 0.7
        end = max(end, body.now_s)
    body.now_s = end
