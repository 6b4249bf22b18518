"""When the page of the calibration opens by itself, and what the badge at the foot says."""

from __future__ import annotations

from lift_monitor.sensors.calibration_record import Standing
from lift_monitor.ui.calibration_badge import CalibrationBadge
from lift_monitor.ui.stage import Stage


class CalibrationDoor:
    """Looks at every status of a session; opens once, before its first set."""

    def __init__(self) -> None:
        self.first = False
        """A live session has begun, and nobody has been asked to calibrate yet."""

    def look(self, stage: Stage, badge: CalibrationBadge, *, shown: bool) -> bool:
        """Bring the badge up to date; say whether the page is to be shown now.

        Parameters
        ----------
        stage : Stage
        badge : CalibrationBadge
        shown : bool
            Whether the page is on the screen.
        """
        page = stage.calibration
        badge.show_now(
            page.flow.now,
            can_calibrate=stage.can_calibrate and not shown,
            replay=stage.time.movable,
        )
        opens = False
        if self.first:
            self.first = False
            opens = page.flow.now.standing is Standing.NONE and stage.can_calibrate
        if stage.session.follow is not None:
            stage.session.follow(page.flow.guide if shown or opens else None)
        return opens
