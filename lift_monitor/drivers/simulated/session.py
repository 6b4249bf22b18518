"""A whole simulated session: packets of a faulty sensor, and the truth beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.simulated.lifter import Performance, perform
from lift_monitor.drivers.simulated.link import sensor_info, transmit
from lift_monitor.drivers.simulated.plan import SessionPlan
from lift_monitor.drivers.simulated.sensor import Sensor, SensorModel
from lift_monitor.drivers.simulated.truth import Truth, true_sets
from lift_monitor.drivers.source import MemorySource
from lift_monitor.events import Exercise
from lift_monitor.samples import SensorInfo

TRUTH_RATE_HZ = 200.0
_BLOCK = 20_000
"""Steps evaluated together; only memory depends on it."""


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedSession:
    """Packets as they arrived, and what really happened."""

    source: MemorySource
    truth: Truth
    duration_s: float


def simulate_session(plan: SessionPlan, model: SensorModel, seed: int) -> SimulatedSession:
    """Let a lifter carry out a plan with a sensor on the bar.

    Parameters
    ----------
    plan : SessionPlan
    model : SensorModel
    seed : int
        Not negative. The same plan, model and seed give the same bytes; the motion of the
        bar depends on the plan and the seed alone, so sensors can be compared on it.

    Raises
    ------
    ValueError
        If the seed is negative.
    """
    if seed < 0:
        raise ValueError(f"the seed is {seed}; choose a whole number from 0 up")
    performance = perform(plan, seed)
    sensor = Sensor(model, seed)
    measured = sensor.measure(performance.motion, performance.duration_s)
    packets = transmit(measured, sensor, seed)
    truth = _truth(performance, sensor)
    source = MemorySource([sensor_info(sensor)], packets)
    return SimulatedSession(source, truth, performance.duration_s)


def _truth(performance: Performance, sensor: Sensor) -> Truth:
    count = int(performance.duration_s * TRUTH_RATE_HZ)
    time_s = np.asarray(np.arange(count) / TRUTH_RATE_HZ, dtype=np.float64)
    height_m, velocity_mps, up_sensor = np.empty(count), np.empty(count), np.empty((count, 3))
    for begin in range(0, count, _BLOCK):
        part = slice(begin, begin + _BLOCK)
        state = performance.motion.evaluate(time_s[part])
        height_m[part] = state.position_m[:, 2]
        velocity_mps[part] = state.velocity_mps[:, 2]
        up_sensor[part] = sensor.up_sensor(state.up_bar)
    return Truth(time_s, height_m, velocity_mps, up_sensor, true_sets(performance))


class SimulatedSource:
    """A simulated session as a source of packets; it is made when first asked for.

    Parameters
    ----------
    plan : SessionPlan
    model : SensorModel
    seed : int
    """

    def __init__(self, plan: SessionPlan, model: SensorModel, seed: int) -> None:
        self._arguments = (plan, model, seed)

    @cached_property
    def session(self) -> SimulatedSession:
        """The session with its truth."""
        return simulate_session(*self._arguments)

    @property
    def sensors(self) -> tuple[SensorInfo, ...]:
        """The one sensor, on the bar."""
        return self.session.source.sensors

    @property
    def duration_s(self) -> float:
        """Host time of the last packet in seconds."""
        return self.session.source.duration_s

    def packets(self) -> Iterator[Packet]:
        """Walk the packets from the beginning, ordered by ``host_time_ns``."""
        return self.session.source.packets()


@dataclass(frozen=True, slots=True)
class ShippedSession:
    """What one of the sample recordings is made of."""

    name: str
    text: str
    plan: SessionPlan
    model: SensorModel
    seed: int
    load_kg: float

    def simulate(self) -> SimulatedSession:
        """Make it."""
        return simulate_session(self.plan, self.model, self.seed)


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
    )
