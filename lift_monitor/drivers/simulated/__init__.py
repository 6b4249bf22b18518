"""A simulated lifter with a sensor on the bar: the default source, and a yardstick."""

from lift_monitor.drivers.simulated.motion import BarMotion, BarState
from lift_monitor.drivers.simulated.plan import HABITS, SessionPlan
from lift_monitor.drivers.simulated.sensor import SensorModel
from lift_monitor.drivers.simulated.session import (
    ShippedSession,
    SimulatedSession,
    SimulatedSource,
    shipped_sessions,
    simulate_session,
)
from lift_monitor.drivers.simulated.truth import TrueRep, TrueSet, Truth

__all__ = [
    "HABITS",
    "BarMotion",
    "BarState",
    "SensorModel",
    "SessionPlan",
    "ShippedSession",
    "SimulatedSession",
    "SimulatedSource",
    "TrueRep",
    "TrueSet",
    "Truth",
    "shipped_sessions",
    "simulate_session",
]
