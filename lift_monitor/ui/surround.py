"""What surrounds the views of a session: head, foot and banner keep up with its station."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from lift_monitor.ui.banner import Banner
from lift_monitor.ui.calibration_door import CalibrationDoor
from lift_monitor.ui.header import Header
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.readings import Changed
from lift_monitor.ui.stage import Stage
from lift_monitor.ui.transport import Transport


class Surround:
    """Shows around the view that is seen what holds whichever view is seen.

    Parameters
    ----------
    header : Header
    transport : Transport
    banner : Banner
    """

    def __init__(self, header: Header, transport: Transport, banner: Banner) -> None:
        self._header, self._transport, self._banner = header, transport, banner
        self._door = CalibrationDoor()
        self._error: str | None = None

    def expect(self) -> None:
        """A live session begins: its calibration is offered once."""
        self._door.first = True

    def forget(self) -> None:
        """The session is left: the error of the next is told even if it is the same."""
        self._error = None

    def refresh(self, stage: Stage, changed: Changed, shown: QWidget | None) -> bool:
        """Repaint what changed; say whether the page of the calibration is to be shown now."""
        if changed & (Changed.STATUS | Changed.SET):
            self._header.show_model(stage.model)
        if changed & (Changed.STATUS | Changed.TECHNIQUE):
            load = stage.model.trunk.load_reading()
            self._transport.show_load(load.load, settable=stage.load_settable, by_hand=load.by_hand)
        status = stage.model.status
        if status is None or not changed & Changed.STATUS:
            return False
        self._transport.show_status(status)
        if status.error and status.error != self._error:
            self._banner.show_error(status.error)
        self._error = status.error
        return self._door.look(stage, self._transport.calibration, shown=shown is stage.calibration)

    def watch(self, stage: Stage) -> None:
        """The window's clock beats: a station that stopped answering is told once."""
        if stage.fell_silent():
            self._banner.show_error(
                tr("The station does not answer: what you see is old. Restart the session.")
            )
