"""The emulated lifter of the tour: two sets of deadlifts, and a sensor that can fall silent."""

from __future__ import annotations

from lift_monitor.drivers.emulated.faults import Faults, FaultyPeripheral, with_faults
from lift_monitor.drivers.emulated.peripheral import Peripheral
from lift_monitor.drivers.emulated.person import EmulatedPerson
from lift_monitor.drivers.simulated.plan import SessionPlan
from lift_monitor.events import Exercise


class TourLifter(EmulatedPerson):
    """Lifts as the emulated person does; the sensor on the thorax obeys :meth:`silence`."""

    def __init__(self) -> None:
        plan = SessionPlan(Exercise.DEADLIFT, sets=2, reps=5, rest_s=40.0, velocity_loss=0.15)
        super().__init__(plan, seed=1)
        self._thorax: FaultyPeripheral | None = None

    def sensors(self) -> tuple[Peripheral, ...]:
        """Make the three sensors."""
        bar, thorax, pelvis = super().sensors()
        self._thorax = with_faults(thorax, Faults(), 1, keep=False)
        return bar, self._thorax, pelvis

    def silence(self, silent: bool) -> None:
        """The sensor on the thorax keeps its link and sends nothing, or sends again."""
        if self._thorax is not None:
            self._thorax.faults = Faults(mute_after_s=0.0) if silent else Faults()
