"""A whole simulated session: packets of a faulty sensor, and the truth beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.simulated.dropping import TrueLanding, land_all
from lift_monitor.drivers.simulated.landing_plan import LandingPlan
from lift_monitor.drivers.simulated.lifter import Performance, perform
from lift_monitor.drivers.simulated.lifting import LiftingTrunk, lift
from lift_monitor.drivers.simulated.link import sensor_info, transmit
from lift_monitor.drivers.simulated.notes import FAILED, AnnotatedSource, Note, calibration_note
from lift_monitor.drivers.simulated.plan import SessionPlan
from lift_monitor.drivers.simulated.sensor import Sensor, SensorModel
from lift_monitor.drivers.simulated.trunk_truth import TrunkTruth
from lift_monitor.drivers.simulated.truth import Truth, true_sets
from lift_monitor.drivers.simulated.worn import wear
from lift_monitor.samples import SensorInfo

TRUTH_RATE_HZ = 200.0
_BLOCK = 20_000
"""Steps evaluated together; only memory depends on it."""


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedSession:
    """Packets as they arrived, and what really happened.

    ``truth`` is that of the bar, and of no steps where there is none. ``trunk`` is ``None``
    where no sensors were worn.
    """

    source: AnnotatedSource
    truth: Truth
    duration_s: float
    trunk: TrunkTruth | None = None
    landings: tuple[TrueLanding, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """The remarks that a recording of it carries, in the order of time."""
        return self.source.annotations


def simulate_session(
    plan: SessionPlan, model: SensorModel, seed: int, trunk: LiftingTrunk | None = None
) -> SimulatedSession:
    """Let a lifter carry out a plan with a sensor on the bar.

    Parameters
    ----------
    plan : SessionPlan
    model : SensorModel
    seed : int
        Not negative. The same plan, model and seed give the same bytes; the motion of the
        bar depends on the plan and the seed alone, so sensors can be compared on it.
    trunk : LiftingTrunk, optional
        The lifter wears sensors on pelvis and thorax as well, and the session begins with the
        guided minute of a calibration.

    Raises
    ------
    ValueError
        If the seed is negative, or the trunk does what is not in the plan.
    """
    if seed < 0:
        raise ValueError(f"the seed is {seed}; choose a whole number from 0 up")
    lifted = None if trunk is None else lift(plan, trunk, seed)
    performance = perform(plan, seed) if lifted is None else lifted.performance
    duration_s = performance.duration_s
    sensor = Sensor(model, seed)
    measured = sensor.measure(performance.motion, duration_s)
    packets = transmit(measured, sensor, seed)
    infos = [sensor_info(sensor)]
    truth = _truth(performance, sensor)
    notes = [
        Note(failed.end_s, FAILED, "Simulated: the bar did not come up.")
        for true_set in truth.sets
        for failed in true_set.failed
    ]
    if trunk is not None and lifted is not None:
        worn = wear(lifted.body, model, seed, duration_s, trunk.mounting_deg)
        infos += worn.sensors
        packets += worn.packets
        notes.insert(0, calibration_note(lifted.truth.minute))
    return SimulatedSession(
        AnnotatedSource(infos, packets, tuple(notes)),
        truth,
        duration_s,
        None if lifted is None else lifted.truth,
    )


def simulate_landings(plan: LandingPlan, model: SensorModel, seed: int) -> SimulatedSession:
    """Let a lifter with sensors on pelvis and thorax carry out a plan of landings.

    Parameters
    ----------
    plan : LandingPlan
    model : SensorModel
    seed : int
        Not negative. The motion depends on the plan and the seed alone.

    Raises
    ------
    ValueError
        If the seed is negative.
    """
    if seed < 0:
        raise ValueError(f"the seed is {seed}; choose a whole number from 0 up")
    landed = land_all(plan, seed)
    duration_s = landed.body.now_s
    worn = wear(landed.body, model, seed, duration_s, plan.mounting_deg)
    nothing = np.empty(0)
    return SimulatedSession(
        AnnotatedSource(worn.sensors, worn.packets, (calibration_note(landed.truth.minute),)),
        Truth(nothing, nothing, nothing, np.empty((0, 3)), ()),
        duration_s,
        landed.truth,
        landed.landings,
    )


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
    plan : SessionPlan or LandingPlan
    model : SensorModel
    seed : int
    trunk : LiftingTrunk, optional
        As in :func:`simulate_session`; not for landings, whose plan says it all.
    """

    def __init__(
        self,
        plan: SessionPlan | LandingPlan,
        model: SensorModel,
        seed: int,
        trunk: LiftingTrunk | None = None,
    ) -> None:
        self._plan, self._model, self._seed, self._trunk = plan, model, seed, trunk

    @cached_property
    def session(self) -> SimulatedSession:
        """The session with its truth."""
        if isinstance(self._plan, LandingPlan):
            return simulate_landings(self._plan, self._model, self._seed)
        return simulate_session(self._plan, self._model, self._seed, self._trunk)

    @property
    def sensors(self) -> tuple[SensorInfo, ...]:
        """The sensors on bar and trunk, as far as there are any."""
        return self.session.source.sensors

    @property
    def duration_s(self) -> float:
        """Host time of the last packet in seconds."""
        return self.session.source.duration_s

    @property
    def annotations(self) -> tuple[Note, ...]:
        """Remarks of the session, as a recording has them."""
        return self.session.source.annotations

    def packets(self) -> Iterator[Packet]:
        """Walk the packets from the beginning, ordered by ``host_time_ns``."""
        return self.session.source.packets()
