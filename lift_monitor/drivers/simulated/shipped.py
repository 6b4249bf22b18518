"""The sample sessions that ship in ``recordings/``, as what they are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lift_monitor.drivers.simulated.landing_plan import LandingPlan
from lift_monitor.drivers.simulated.lifting import LiftingTrunk, Rounding
from lift_monitor.drivers.simulated.plan import SessionPlan
from lift_monitor.drivers.simulated.sensor import SensorModel
from lift_monitor.drivers.simulated.session import SimulatedSession, SimulatedSource
from lift_monitor.events import Exercise


@dataclass(frozen=True, slots=True)
class ShippedSession:
    """What one of the sample recordings is made of."""

    name: str
    text: str
    plan: SessionPlan | LandingPlan
    model: SensorModel
    seed: int
    load_kg: float | None = None
    trunk: LiftingTrunk | None = None

    @property
    def body_mass_kg(self) -> float | None:
        """Of the lifter, where it matters."""
        return self.plan.body_mass_kg if isinstance(self.plan, LandingPlan) else None

    def simulate(self) -> SimulatedSession:
        """Make it."""
        return SimulatedSource(self.plan, self.model, self.seed, self.trunk).session


def shipped_sessions() -> tuple[ShippedSession, ...]:
    """Return the sample sessions that ship in ``recordings/``."""
    usual = replace(SensorModel.realistic(100.0), samples_per_packet=6)
    lossy = replace(
        SensorModel.realistic(100.0),
        loss_probability=0.08,
        duplicate_probability=0.01,
        bursts_per_min=6.0,
    )
    return (
        ShippedSession(
            "deadlift",
            "Deadlift, 3 sets of 5 with fatigue",
            SessionPlan(Exercise.DEADLIFT, rest_s=30.0, velocity_loss=0.25, touch_and_go=False),
            usual,
            10,
            80.0,
        ),
        ShippedSession(
            "squat_failed",
            "Back squat, 2 sets; the last repetition of the second fails",
            SessionPlan(
                Exercise.BACK_SQUAT, sets=2, reps=5, velocity_loss=0.3, failed_in_sets=(2,)
            ),
            usual,
            2,
            60.0,
        ),
        ShippedSession(
            "overhead_press_lossy",
            "Overhead press, 2 sets of 5 over a poor link with a hole of 1.5 s",
            SessionPlan(Exercise.OVERHEAD_PRESS, sets=2, reps=5),
            replace(lossy, gaps_s=((24.0, 1.5),)),
            4,
            30.0,
        ),
        ShippedSession(
            "deadlift_trunk",
            "Deadlift, 1 set of 5 with sensors on the trunk; the third is rounded by 14 degrees "
            "and the fifth by 26",
            SessionPlan(Exercise.DEADLIFT, sets=1, velocity_loss=0.2, touch_and_go=False),
            usual,
            21,
            70.0,
            LiftingTrunk(rounded=(Rounding(1, 3, 14.0), Rounding(1, 5, 26.0))),
        ),
        ShippedSession(
            "drop_landings",
            "Jumping chin-ups with 8 drop landings, sensors on pelvis and thorax",
            LandingPlan(),
            replace(SensorModel.realistic(200.0), samples_per_packet=10),
            7,
        ),
    )
