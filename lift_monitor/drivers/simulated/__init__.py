"""A simulated lifter with sensors on bar and trunk: the default source, and a yardstick."""

from lift_monitor.drivers.simulated.body import Skin
from lift_monitor.drivers.simulated.dropping import TrueLanding
from lift_monitor.drivers.simulated.landing_plan import Drop, LandingPlan, plan_of
from lift_monitor.drivers.simulated.lifting import LiftingTrunk, Rounding
from lift_monitor.drivers.simulated.motion import BarMotion, BarState
from lift_monitor.drivers.simulated.notes import TRUNK_CALIBRATION, AnnotatedSource, Note
from lift_monitor.drivers.simulated.plan import HABITS, SessionPlan
from lift_monitor.drivers.simulated.sensor import SensorModel
from lift_monitor.drivers.simulated.session import (
    SimulatedSession,
    SimulatedSource,
    simulate_landings,
    simulate_session,
)
from lift_monitor.drivers.simulated.shipped import ShippedSession, shipped_sessions
from lift_monitor.drivers.simulated.trunk_truth import TrueEpisode, TrueMinute, TrunkTruth
from lift_monitor.drivers.simulated.truth import TrueRep, TrueSet, Truth

__all__ = [
    "HABITS",
    "TRUNK_CALIBRATION",
    "AnnotatedSource",
    "BarMotion",
    "BarState",
    "Drop",
    "LandingPlan",
    "LiftingTrunk",
    "Note",
    "Rounding",
    "SensorModel",
    "SessionPlan",
    "ShippedSession",
    "SimulatedSession",
    "SimulatedSource",
    "Skin",
    "TrueEpisode",
    "TrueLanding",
    "TrueMinute",
    "TrueRep",
    "TrueSet",
    "TrunkTruth",
    "Truth",
    "plan_of",
    "shipped_sessions",
    "simulate_landings",
    "simulate_session",
]
