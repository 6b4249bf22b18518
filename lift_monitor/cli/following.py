"""The emulated person does what the page of the guided minute asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lift_monitor.sensors.calibration_guide import CalibrationGuide, GuideState, Pose

if TYPE_CHECKING:
    from lift_monitor.drivers.emulated.person import EmulatedPerson


class Following:
    """Stands while the page is shown, hinges when it measures a hinge, then goes on.

    Parameters
    ----------
    person : EmulatedPerson
    """

    def __init__(self, person: EmulatedPerson) -> None:
        self._person = person
        self._waits = self._hinges = False

    def __call__(self, guide: CalibrationGuide | None) -> None:
        """Look at the page; ``None`` where it is not shown."""
        waits = guide is not None
        hinges = (
            guide is not None
            and guide.state is GuideState.MEASURING
            and guide.step.pose is Pose.HINGE
        )
        if waits and not self._waits:
            self._person.stop()
        if hinges and not self._hinges:
            self._person.hinge()
        if self._waits and not waits:
            self._person.go_on()
        self._waits, self._hinges = waits, hinges
