"""The page that leads through the calibration of the trunk: picture, big words, seconds left."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lift_monitor.events import SetStarted
from lift_monitor.sensors.calibration import CalibrationFlow, FlowState
from lift_monitor.sensors.calibration_guide import HINGE_DEG, GuideState, Pose
from lift_monitor.sensors.calibration_record import Standing
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station import StationUpdate
from lift_monitor.ui import tokens
from lift_monitor.ui.calibration_figure import CalibrationFigure
from lift_monitor.ui.calibration_ring import CountDown
from lift_monitor.ui.calibration_words import Said, said, scope_words, silent_roles, trouble_words
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.readings import Level
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import (
    ROLE_OF_LEVEL,
    SHAPE_OF_LEVEL,
    LargeButton,
    Panel,
    Styled,
    Text,
    tight,
)

BACK_S: Final = 6.0
"""After a good calibration the session is shown again by itself (design default)."""
_GO_ON: Final = (
    Qt.Key.Key_Space,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_PageDown,
)
"""What pedals send."""
_HEADLINE: Final = 80
_INSTRUCTION: Final = 32
_NOTE: Final = 26
_DETAILS: Final = 20


class _Button(LargeButton):
    """Leaves the space bar to the page: a pedal always means the same. Any caption, one width."""

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), super().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)


class CalibrationPage(QWidget, Styled):
    """Shows one session's :class:`CalibrationFlow` and takes it on.

    Parameters
    ----------
    flow : CalibrationFlow
        The page tells it every update that it is given.
    reduce_motion : bool
        The picture of the hinge does not move.
    """

    left = Signal()
    """The session is to be shown again."""

    def __init__(self, flow: CalibrationFlow, *, reduce_motion: bool = False) -> None:
        super().__init__()
        self.flow = flow
        self._reduce_motion = reduce_motion
        self._shown: Said | None = None
        self._set_began = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Calibration of the trunk"))
        self.figure = CalibrationFigure()
        self.ring = CountDown()
        picture = Panel(tr("Position"))
        QVBoxLayout(picture).addWidget(self.figure, 1)
        self._fill(picture)
        self._row = tight(QHBoxLayout(self))
        self._row.addWidget(picture, 42)
        self._row.addWidget(self._make_words(), 58)

    @staticmethod
    def _fill(panel: QWidget) -> None:
        panel.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def _make_words(self) -> Panel:
        panel = Panel(tr("What to do"))
        title = tr("CALIBRATION OF THE TRUNK")
        self._title = Text(title, role="muted", weight="semibold", size=tokens.TEXT_SMALL)
        self._chips = [Text(size=tokens.TEXT_HEADER, weight="semibold") for _ in flow_names()]
        chips = tight(QHBoxLayout(), 28)
        for chip in self._chips:
            chips.addWidget(chip)
        chips.addStretch(1)
        self.headline = Text(size=_HEADLINE, weight="bold")
        self.text = Text(size=_INSTRUCTION, wrap_lines=4)
        self.note = Text(size=_NOTE, weight="semibold")
        self.details = Text(size=_DETAILS, role="muted", wrap_lines=5)
        self.scope = Text(size=tokens.TEXT_STRONG, role="muted", wrap_lines=2)
        self._hint = Text(size=tokens.TEXT_STRONG, role="muted")
        widest = (tr("Start"), tr("Ready"), tr("Again"), tr("Cancel"), tr("Use it"))
        reserve = max(widest, key=len) + "  "
        self.main = _Button("", tr("Go on"), tr("Space"), reserve)
        self.main.setProperty("kind", "primary")
        self.other = _Button("", tr("Leave off"), tr("Esc"), reserve)
        self.main.clicked.connect(self.go_on)
        self.other.clicked.connect(self.leave_off)
        for button in (self.main, self.other):
            keep = button.sizePolicy()
            keep.setRetainSizeWhenHidden(True)
            button.setSizePolicy(keep)
        words = tight(QVBoxLayout(), 10)
        words.addWidget(self.text)
        words.addWidget(self.note)
        words.addWidget(self.details)
        words.addStretch(1)
        middle = tight(QHBoxLayout(), 24)
        middle.addLayout(words, 1)
        middle.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignTop)
        buttons = tight(QHBoxLayout(), 16)
        buttons.addWidget(self.main)
        buttons.addWidget(self.other)
        buttons.addWidget(self._hint, 1)
        column = QVBoxLayout(panel)
        column.addWidget(self._title)
        column.addLayout(chips)
        column.addStretch(1)
        column.addWidget(self.headline)
        column.addLayout(middle)
        column.addStretch(2)
        column.addWidget(self.scope)
        column.addSpacing(6)
        column.addLayout(buttons)
        self._fill(panel)
        return panel

    def set_style(self, style: Style) -> None:
        """Take gaps; lines with shapes keep their height, whatever font a shape comes from."""
        self._row.setSpacing(style.px(tokens.GAP))
        self.headline.setFixedHeight(style.px(1.3 * _HEADLINE))
        for chip in self._chips:
            chip.setFixedHeight(max(20, style.px(1.4 * tokens.TEXT_HEADER)))

    # -- being told -------------------------------------------------------------------------

    def apply(self, update: StationUpdate) -> None:
        """Take one update of the station, shown or not."""
        self.flow.apply(update)
        if isinstance(update, PipelineOutput):
            self._set_began |= any(isinstance(event, SetStarted) for event in update.events)

    def refresh(self) -> None:
        """Show how things are; leave when it is over or a set has begun."""
        if not self.isVisible():
            self._set_began = False
            return
        flow = self.flow
        done = self._is_good
        over = done and flow.now_s - flow.answered_s >= BACK_S
        if over or self._set_began:
            self._set_began = False
            self.left.emit()
            return
        self._show(said(flow))
        self._show_ring(done)
        self._show_figure()

    def _show(self, words: Said) -> None:
        flow = self.flow
        may = flow.state is not FlowState.GUIDED or flow.guide.may_go_on(flow.now_s)
        if not may and self.main.hasFocus():  # else it would go to the other button
            self.setFocus()
        self.main.setEnabled(bool(words.main) and may)
        trouble = trouble_words(flow) if flow.state in (FlowState.INTRO, FlowState.GUIDED) else ""
        self.scope.say(trouble or scope_words(flow.now), "attention" if trouble else "muted")
        if words == self._shown:
            return
        self._shown = words
        shape = f"{SHAPE_OF_LEVEL[words.level]} " if words.level is not None else ""
        role = ROLE_OF_LEVEL[words.level] if words.level is not None else ""
        self.headline.say(shape + words.headline, role)
        self.text.say(words.text)
        self.note.say(words.note)
        self.details.say(words.details)
        for button, caption in ((self.main, words.main), (self.other, words.other)):
            button.setText(caption)
            button.setAccessibleName(caption)
            button.setVisible(bool(caption))
        done = words.level is Level.OK
        hint = tr("Esc: {other}", other=words.main if done else words.other)
        if words.main:
            hint = tr("Space, Enter or pedal: {main}", main=words.main) + "  ·  " + hint
        self._hint.say(hint)
        self._show_chips()

    def _show_chips(self) -> None:
        flow = self.flow
        guided = flow.state is FlowState.GUIDED
        past = flow.state in (FlowState.AWAITING, FlowState.CALIBRATED)
        at = flow.guide.number if guided else (len(self._chips) + 1 if past else 0)
        for n, (chip, name) in enumerate(zip(self._chips, flow_names(), strict=True), start=1):
            if n < at:
                chip.say(f"● {name}", "ok")
            elif n == at:
                chip.say(f"▶ {name}", "info")
            else:
                chip.say(f"○ {name}", "muted")

    def _show_ring(self, done: bool) -> None:
        flow, guide = self.flow, self.flow.guide
        if flow.state is FlowState.GUIDED:
            measuring = guide.state is GuideState.MEASURING
            caption = self._shown.ring if self._shown is not None else ""
            left_s, share = guide.remaining_s(flow.now_s), guide.share(flow.now_s)
            self.ring.show_left(left_s, share, caption, measuring=measuring)
        elif done:
            left_s = max(0.0, BACK_S - (flow.now_s - flow.answered_s))
            self.ring.show_left(left_s, 1.0 - left_s / BACK_S, tr("to the session"))
        else:
            self.ring.show_left(None)

    def _show_figure(self) -> None:
        flow, guide = self.flow, self.flow.guide
        hinge = flow.state is FlowState.GUIDED and guide.step.pose is Pose.HINGE
        lean = 0.0
        if hinge:
            moves = guide.state is GuideState.MEASURING and not self._reduce_motion
            lean = HINGE_DEG * (guide.pace(flow.now_s)[1] if moves else 1.0)
        self.figure.show_pose(
            round(lean, 1), hinge=hinge, sensors=flow.now.sensors, silent=silent_roles(flow)
        )

    # -- what the user does -----------------------------------------------------------------

    def open(self) -> None:
        """The page comes to the screen."""
        self.flow.open()
        self._shown = None
        self._set_began = False
        self.setFocus()
        self.refresh()

    def go_on(self) -> None:
        """Start, ready, next, again or done: what the first button says."""
        flow = self.flow
        match flow.state:
            case FlowState.INTRO if flow.now.sensors:
                flow.begin()
            case FlowState.GUIDED:
                flow.go_on()
            case FlowState.CALIBRATED if self._is_good:
                self.left.emit()
            case FlowState.CALIBRATED | FlowState.REFUSED:
                flow.begin()
            case _:
                return
        self.refresh()

    def escape(self) -> None:
        """What the window does on Esc: leave off; a good calibration is kept."""
        if self._is_good:
            self.left.emit()
        else:
            self.leave_off()

    @property
    def _is_good(self) -> bool:
        flow = self.flow
        return flow.state is FlowState.CALIBRATED and flow.now.standing is Standing.GOOD

    def leave_off(self) -> None:
        """Skip, cancel, leave or use it: what the second button says."""
        flow = self.flow
        match flow.state:
            case FlowState.GUIDED:
                flow.cancel()
                self.refresh()
                return
            case FlowState.CALIBRATED if self._is_good:
                flow.begin()
                self.refresh()
                return
            case FlowState.INTRO | FlowState.REFUSED if not flow.now.standing.calibrated:
                flow.skip()
        self.left.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is led who cannot see where to."""
        super().hideEvent(event)
        if not event.spontaneous() and self.flow.state is FlowState.GUIDED:
            self.flow.cancel()

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the page from being shortcuts of the window."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in _GO_ON:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar or a pedal goes on; held down it counts once."""
        if event.key() in _GO_ON:
            if not event.isAutoRepeat():
                self.go_on()
        else:
            super().keyPressEvent(event)


def flow_names() -> tuple[str, str, str]:
    """What the three positions are called."""
    return tr("1 Stand"), tr("2 Hinge"), tr("3 Stand again")
