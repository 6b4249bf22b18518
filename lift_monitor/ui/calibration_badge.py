"""Two small lines and a button: whether the spine is watched, how old the calibration is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.sensors.calibration_record import CalibrationNow, Standing
from lift_monitor.ui import tokens
from lift_monitor.ui.calibration_words import scope_words, standing_words
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import ROLE_OF_LEVEL, SHAPE_OF_LEVEL, Button, Styled, Text, tight


class CalibrationBadge(QWidget, Styled):
    """Hidden in a session without a trunk sensor; there the dashboard says what is missing."""

    asked = Signal()
    """Somebody wants to calibrate."""

    def __init__(self) -> None:
        super().__init__()
        small = tokens.TEXT_SMALL
        self.title = Text(size=small, weight="semibold", reserve=tr("▲ Spine not watched"))
        self.detail = Text(size=small, role="muted", reserve=tr("pelvis sensor slipped"))
        self.button = Button(tr("Calibrate"), tr("Calibrate the trunk"), "C")
        self.button.clicked.connect(self.asked)
        lines = tight(QVBoxLayout(), 0)
        lines.addStretch(1)
        lines.addWidget(self.title)
        lines.addWidget(self.detail)
        lines.addStretch(1)
        self._row = tight(QHBoxLayout(self), 8)
        self._row.addLayout(lines)
        self._row.addWidget(self.button)
        self.hide()

    def set_style(self, style: Style) -> None:
        """Take gaps."""
        self._row.setSpacing(style.px(8))

    def show_now(self, now: CalibrationNow, *, can_calibrate: bool, replay: bool) -> None:
        """Show what stands.

        Parameters
        ----------
        now : CalibrationNow
        can_calibrate : bool
            Whether it can be done now: not in a set, not while the page is shown.
        replay : bool
            Nobody is there to be calibrated.
        """
        self.setVisible(now.standing is not Standing.NO_SENSOR)
        level, title, detail = standing_words(now)
        role = ROLE_OF_LEVEL[level]
        self.title.say(f"{SHAPE_OF_LEVEL[level]} {title}", role)
        self.detail.say(detail)
        self.button.setEnabled(can_calibrate)
        self.button.setVisible(not replay)
        self.setToolTip(" ".join((*now.reasons, scope_words(now))))
        self.setAccessibleName(f"{title}: {detail}")
        self.setAccessibleDescription(self.toolTip())
