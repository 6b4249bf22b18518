"""The Sensors page: where each sensor sits, how it does, what is to be done before a session."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from lift_monitor.samples import Role
from lift_monitor.sensors.words import DeskStatus, SensorDesk
from lift_monitor.ui import tokens
from lift_monitor.ui.begin_form import BeginForm
from lift_monitor.ui.checklist import CheckList
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.places import Places
from lift_monitor.ui.sensor_panel import SensorPanel
from lift_monitor.ui.session import SessionChoice
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled, tight


class SensorsPage(QWidget, Styled):
    """Shows a desk of sensors and passes on what is asked of it.

    Parameters
    ----------
    desk : SensorDesk
    choice : SessionChoice
        What the form shows first.
    """

    begin_asked = Signal(object)
    """A :class:`SessionChoice`; every step is done, or the desk was told why not."""

    def __init__(self, desk: SensorDesk, choice: SessionChoice) -> None:
        super().__init__()
        self.setAccessibleName(tr("Sensors"))
        self._desk = desk
        self._running: bool | None = None
        self._busy = False
        self.places = Places(desk.placement)
        self.panel = SensorPanel()
        self.checklist = CheckList()
        self.form = BeginForm(choice)
        setup, self._right = QWidget(), QStackedWidget()
        left, right = tight(QVBoxLayout()), tight(QVBoxLayout(setup))
        left.addWidget(self.places, 37)
        left.addWidget(self.panel, 63)
        right.addWidget(self.checklist, 1)
        right.addWidget(self.form)
        self._columns = (left, right)
        self._row = tight(QHBoxLayout(self))
        self._row.addLayout(left, 61)
        self._right.addWidget(setup)
        self._right.addWidget(self.form.limits)
        self._row.addWidget(self._right, 39)
        for widget in (self.places, self.panel, self.checklist, self._right):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.form.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._connect()

    def _connect(self) -> None:
        self.panel.look_asked.connect(lambda: self._desk.scan(True))
        self.panel.placed.connect(self._assign)
        self.panel.done.connect(self._do)
        self.checklist.asked.connect(self._check)
        self.form.begin_asked.connect(self._begin)
        self.form.override_asked.connect(self._begin_anyway)
        self.form.limits_shown.connect(lambda shown: self._right.setCurrentIndex(int(shown)))

    def set_style(self, style: Style) -> None:
        """Take gaps."""
        gap = style.px(tokens.GAP)
        for column in self._columns:
            column.setSpacing(gap)
        self._row.setSpacing(gap)

    def look(self) -> DeskStatus:
        """Ask the desk how things are, show it and give it back."""
        status, running = self._desk.status(), bool(self._running)
        self.places.show_status(status)
        self.panel.show_status(status, running=running)
        self.checklist.show_status(status, running=running)
        self.form.show_status(status, running=running, busy=self._busy)
        self.form.setVisible(not running)
        return status

    def show_session(self, *, running: bool) -> None:
        """Say whether a session runs; whatever was beginning has begun, or come to nothing."""
        if running is not self._running:
            # Looking for others takes air time from the sensors of a session.
            self._desk.scan(not running)
        self._running, self._busy = running, False
        self.look()

    def focus_first(self) -> None:
        """Give the keys to the list, or to what fills it."""
        empty = self.panel.table.rowCount() == 0
        (self.checklist.rows["found"].button if empty else self.panel.table).setFocus()

    # -- what the user does -----------------------------------------------------------------------

    def _assign(self, key: str, role: Role | None) -> None:
        self._desk.assign(key, role)
        self.look()

    def _do(self, what: str, key: str) -> None:
        match what:
            case "connect":
                self._desk.connect(key)
            case "disconnect":
                self._desk.disconnect(key)
            case "blink":
                self._desk.blink(key)
            case "forget":
                self._desk.forget(key)
        self.look()

    def _check(self, step: str) -> None:
        match step:
            case "found":
                self._desk.scan(True)
            case "connected":
                self._desk.connect_assigned()
            case _:
                self._desk.check(step)
        self.look()

    def _begin(self) -> None:
        # A sensor may have gone since the last look: nothing begins over a step undone.
        if self.look().can_begin:
            self._hand_over()

    def _begin_anyway(self, reason: str) -> None:
        self._desk.overridden(reason)
        self._hand_over()

    def _hand_over(self) -> None:
        if self._busy or self._running:
            return
        self._busy = True
        self.look()
        self.begin_asked.emit(self.form.choice)
