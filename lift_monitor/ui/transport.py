"""The row of buttons at the foot; with time line, time and speed when time can be moved.

In a live session time cannot be moved: elapsed time and the recording stand there instead.
"""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.station import StationStatus
from lift_monitor.technique import Load
from lift_monitor.ui import tokens
from lift_monitor.ui.calibration_badge import CalibrationBadge
from lift_monitor.ui.i18n import MINUS, clock, number, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Button, Styled, Text, tight
from lift_monitor.ui.timeline import Overview, Timeline

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


def next_speed(speed: float, steps: int) -> float:
    """The speed some places further in :data:`SPEEDS`."""
    speed = min(speed, SPEEDS[-1])
    nearest = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - speed))
    return SPEEDS[min(max(nearest + steps, 0), len(SPEEDS) - 1)]


class Transport(QFrame, Styled):
    """Tells what was asked; what happens then is the window's affair."""

    asked = Signal(str)
    """``play``, ``previous``, ``next``, ``previous_flag``, ``next_flag``, ``slower``, ``faster``,
    ``load``, ``load_auto``, ``mark``, ``view``, ``theme``, ``open``, ``sensors``, ``people``,
    ``end``, ``calibrate``, ``end_now`` or ``go_on``."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(tr("Controls"))
        self.timeline = Timeline()
        self.play = Button("▶", tr("Play or pause"), tr("Space"), "❚❚")
        self._previous = Button(tr("⟨ rep"), tr("Previous repetition"), "[")
        self._next = Button(tr("rep ⟩"), tr("Next repetition"), "]")
        self._slower = Button(MINUS, tr("Slower"), "J")
        self._faster = Button("+", tr("Faster"), "L")
        self._time = Text(
            size=tokens.TEXT_HEADER,
            weight="semibold",
            reserve="00:00.0",
            align=Qt.AlignmentFlag.AlignRight,
        )
        self._all = Text(size=tokens.TEXT_STRONG, role="muted", reserve="/ 00:00.0")
        self._speed = Text(
            weight="semibold",
            reserve="0.25 ×",
            align=Qt.AlignmentFlag.AlignHCenter,
            name=tr("Speed"),
        )
        self._last_flag = Button(tr("⟨ flag"), tr("Previous flag"), "Shift+F")
        self._next_flag = Button(tr("flag ⟩"), tr("Next flag"), "F")
        held = tr("Set bar held")
        self._load = Button(held, tr("Set by hand: bar held, or down"), "B", tr("Set bar down"))
        self._load_auto = Button(tr("By sensor"), tr("Let the bar's sensor say"), "Shift+B")
        self._mark = Button(tr("Mark"), tr("Mark this moment"), "M")
        self.view = Button(tr("Lifter view"), tr("Other view"), "V", tr("Clinician view"))
        self._theme = Button(tr("Light"), tr("Light or dark theme"), "T", tr("Light"))
        self._open = Button(tr("Open…"), tr("Open a recording or a CSV"), "Ctrl+O")
        self._sensors = Button(tr("Sensors"), tr("Sensors page"), "S")
        self._people = Button(tr("People"), tr("People of the clinic"), "P")
        self.end = Button(tr("End session…"), tr("End this session"), "Ctrl+E")
        self._moving = (
            self.play,
            self._previous,
            self._next,
            self._last_flag,
            self._next_flag,
            self._time,
            self._all,
            self._slower,
            self._speed,
            self._faster,
        )
        self._elapsed = Text(
            size=tokens.TEXT_HEADER, weight="semibold", reserve="0:00:00", name=tr("Elapsed time")
        )
        self._file = Text(role="muted", size=tokens.TEXT_SMALL, name=tr("Recording to"))
        self._row = tight(QHBoxLayout(), 8)
        for widget in (*self._moving, self._elapsed, self._file):
            self._row.addWidget(widget)
        self._hint = Text(role="muted", size=tokens.TEXT_SMALL)
        self._row.addSpacing(8)
        self._row.addWidget(self._hint, 1)
        self.calibration = CalibrationBadge()
        self.calibration.asked.connect(lambda: self.asked.emit("calibrate"))
        self._row.addWidget(self.calibration)
        self._load_buttons = (self._load, self._load_auto)
        for button in (
            *self._load_buttons,
            self._mark,
            self._open,
            self._theme,
            self._people,
            self._sensors,
            self.view,
            self.end,
        ):
            self._row.addWidget(button)
        self.question = EndQuestion()
        self._row.addWidget(self.question)
        self._column = tight(QVBoxLayout(self), 6)
        self._column.addWidget(self.timeline)
        self._column.addLayout(self._row)
        asks = {
            "play": self.play,
            "previous": self._previous,
            "next": self._next,
            "slower": self._slower,
            "faster": self._faster,
            "previous_flag": self._last_flag,
            "next_flag": self._next_flag,
            "load": self._load,
            "load_auto": self._load_auto,
            "mark": self._mark,
            "view": self.view,
            "theme": self._theme,
            "open": self._open,
            "sensors": self._sensors,
            "people": self._people,
            "end": self.end,
            "end_now": self.question.yes,
            "go_on": self.question.no,
        }
        for what, button in asks.items():
            button.clicked.connect(lambda _=False, what=what: self.asked.emit(what))
        self._movable = self._in_session = self._can_end = self._can_open = False
        self._has_sensors = self._has_flags = self._has_load = False
        self._shown = ""
        self.has_people = False
        """Whether there are pages of people, to go to between sessions."""
        for button in self._load_buttons:
            button.hide()

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        pad = style.px(tokens.PAD)
        self._column.setContentsMargins(pad, style.px(8), pad, style.px(10))
        self._column.setSpacing(style.px(4))
        self._row.setSpacing(style.px(8))
        self._theme.setText(tr("Light") if style.theme.name == "dark" else tr("Dark"))

    def take_sound(self, control: QWidget) -> None:
        """Give the control of the sound its place, which is seen in every view."""
        self._row.insertWidget(self._row.indexOf(self._mark), control)

    def configure(
        self,
        overview: Overview | None,
        *,
        movable: bool,
        can_open: bool,
        has_sensors: bool = False,
    ) -> None:
        """Another session: whether its time can be moved, whether files can be opened.

        Parameters
        ----------
        overview : Overview, optional
            ``None`` if no session is on the screen.
        movable, can_open : bool
        has_sensors : bool
            Whether there is a Sensors page to go to, and to return to at the end.
        """
        self._in_session = overview is not None
        self._movable, self._can_open, self._has_sensors = movable, can_open, has_sensors
        if overview is not None:
            self.timeline.show_overview(overview)
            for button in (self._previous, self._next):
                button.setEnabled(bool(overview.starts))
        self._has_flags = overview is not None and bool(overview.flags)
        self._has_load = False
        self._elapsed.say("")
        self._file.say("")
        self.calibration.hide()
        self.ask_to_end(False)

    def ask_to_end(self, asking: bool) -> None:
        """Put the question in the place of the buttons, or take it away."""
        live = self._in_session and not self._movable
        self.timeline.setVisible(self._movable)
        for widget in self._moving:
            widget.setVisible(self._movable)
        for widget in (self._last_flag, self._next_flag):
            widget.setVisible(self._movable and self._has_flags)
        for widget in (self._elapsed, self._file):
            widget.setVisible(live)
        self.question.setVisible(asking)
        shown = {
            self._mark: self._in_session,
            self._open: self._can_open,
            self._theme: True,
            self._sensors: self._has_sensors and (self._in_session or self.has_people),
            self._people: self.has_people and not self._in_session,
            self.view: self._in_session,
            self.end: self._in_session and self._has_sensors,
            self._load: self._has_load,
            self._load_auto: self._has_load,
        }
        for button, wanted in shown.items():
            button.setVisible(wanted and not asking)
        if asking:  # a key pressed once too often ends nothing
            self.question.no.setFocus()
        self._show_hint()

    def show_load(self, load: Load, *, settable: bool, by_hand: bool) -> None:
        """Offer what the state of the load can be set to."""
        self._load.setText(tr("Set bar down") if load is Load.LOADED else tr("Set bar held"))
        self._load_auto.setEnabled(by_hand)
        if settable is not self._has_load:
            self._has_load = settable
            for button in self._load_buttons:
                button.setVisible(settable and not self.question.isVisibleTo(self))
            self._show_hint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name the keys where there is room for all of them."""
        super().resizeEvent(event)
        self._show_hint()

    def _show_hint(self) -> None:
        if self._movable:
            flags = tr(" · F flag") if self._has_flags else ""
            keys = tr(
                "Space play · [ ] rep{flags} · ← → step · Shift ± 1 s · J L speed", flags=flags
            )
        elif self._in_session and self._has_sensors:
            keys = tr("M mark · S sensors · V view · T theme")
        elif self._in_session:
            keys = tr("M mark · V view · T theme · F11 full screen")
        elif self._shown in ("people", "person", "visit"):
            keys = tr("Tab next · Enter press · Esc back · T theme · F11 full screen")
        else:
            keys = tr("↑ ↓ sensor · Tab next · Enter press · T theme · F11 full screen")
        # Only whole or not at all; the accessible descriptions tell the keys anyway.
        narrow = 80 if self._movable or not self._in_session else 130
        if self._has_flags or self._has_load:
            narrow = max(narrow, 110)
        wide = self.width() >= narrow * self._hint.font().pixelSize()
        self._hint.say(keys if wide and not self.question.isVisibleTo(self) else "")

    def show_view(self, view: str) -> None:
        """Name the view that the button leads to."""
        self._shown = view
        self.view.setText(tr("Lifter view") if view == "clinician" else tr("Clinician view"))
        self._sensors.setEnabled(view != "sensors")
        self._people.setEnabled(view != "people")
        self._show_hint()

    def show_status(self, status: StationStatus) -> None:
        """Show time, speed and whether time runs."""
        self.play.setText("❚❚" if status.playing else "▶")
        self.play.setAccessibleName(tr("Pause") if status.playing else tr("Play"))
        self._time.say(clock(status.now_s, tenths=True))
        self._all.say(tr("/ {t}", t=clock(status.duration_s, tenths=True)))
        fast = status.speed > SPEEDS[-1]
        decimals = 0 if float(status.speed).is_integer() else (2 if status.speed == 0.25 else 1)
        self._speed.say(tr("max") if fast else tr("{x} ×", x=number(status.speed, decimals)))
        self.timeline.show_time(status.now_s, status.duration_s)
        self._elapsed.say(clock(status.now_s))
        path = status.recording_to
        self._file.say(PurePath(path).name if path else tr("not recorded"))
        self._file.setToolTip(path or "")
        self._file.setAccessibleDescription(path or "")


class EndQuestion(QWidget):
    """Asks once more before a session ends; everything else goes on meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("End this session?"))
        self._text = Text(tr("End this session?"), weight="semibold")
        self.yes = Button(tr("End and save"), tr("End and save the session"))
        self.yes.setProperty("kind", "critical")
        # Stands where the first button was pressed: a double click ends nothing.
        self.no = Button(tr("Go on"), tr("Go on with the session"), "Esc", tr("End session…"))
        row = tight(QHBoxLayout(self), 8)
        for widget in (self._text, self.yes, self.no):
            row.addWidget(widget)
