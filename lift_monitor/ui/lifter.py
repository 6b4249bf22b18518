"""The lifter view: read at three metres, five things at most, no name.

The number, which repetition, the bars, at most one cue, the state of the device.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.bars import RepetitionBars
from lift_monitor.ui.bars_state import BarsState
from lift_monitor.ui.header import sensor_level
from lift_monitor.ui.hero import BigText
from lift_monitor.ui.i18n import clock, number, tr
from lift_monitor.ui.limits import is_lost
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Changed, Cue, DataState, Level
from lift_monitor.ui.style import Style, font_for_cap_height
from lift_monitor.ui.text import ROLE_OF_LEVEL, SHAPE_OF_LEVEL, Styled
from lift_monitor.ui.wording import cue_word

_DEFAULT_PX_PER_MM = 96.0 / 25.4


@dataclass(frozen=True, slots=True)
class LifterSizes:
    """Cap heights in pixels, and whether they can be read at three metres."""

    primary: float
    secondary: float
    count: float
    words: float
    legible: bool


def lifter_sizes(width_px: int, height_px: int, px_per_mm: float) -> LifterSizes:
    """Sizes for a screen: the millimetres of the conventions as far as they fit.

    Parameters
    ----------
    width_px, height_px : int
        Size of the view.
    px_per_mm : float
        Physical resolution; screens lie, so the user may set it.
    """
    # Four figures of "0.00" are about 2.7 cap heights wide; the count needs a third.
    fits = min(0.38 * height_px, 0.60 * width_px / 2.75)
    primary = min(max(tokens.LIFTER_PRIMARY_MM * px_per_mm, 0.24 * height_px), fits)
    secondary = min(max(tokens.LIFTER_SECONDARY_MM * px_per_mm, 0.12 * height_px), 0.6 * primary)
    words = min(max(tokens.LIFTER_LEGIBLE_MM * px_per_mm, 0.026 * height_px), 0.065 * height_px)
    millimetre = 0.999 / px_per_mm
    return LifterSizes(
        primary,
        secondary,
        count=min(max(1.35 * secondary, 0.3 * primary), 0.45 * primary),
        words=words,
        legible=primary / px_per_mm >= tokens.LIFTER_PRIMARY_MIN_MM * 0.999
        and secondary * millimetre >= tokens.LIFTER_SECONDARY_MM * 0.99
        and words * millimetre >= tokens.LIFTER_LEGIBLE_MM * 0.99,
    )


class _CueCard(QWidget):
    """One word with its shape; an empty place when there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._cue: Cue | None = None
        self._style = Style()
        self._cap = 20.0
        self._dark_half = False

    def set_look(self, style: Style, cap: float) -> None:
        self._style, self._cap = style, cap
        self.update()

    def show_cue(self, cue: Cue | None) -> None:
        if cue != self._cue:
            self._cue = cue
            self.setAccessibleName(cue_word(cue) if cue else tr("No cue"))
            self.update()

    def flash(self, dark_half: bool) -> None:
        wanted = dark_half and self._cue is not None and self._cue.level is Level.STOP
        if wanted != self._dark_half:
            self._dark_half = wanted
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        cue = self._cue
        if cue is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = ROLE_OF_LEVEL[cue.level]
        stop = cue.level is Level.STOP
        filled = stop and not self._dark_half
        painter.setPen(QPen(self._style.colour("critical" if stop else role), 4))
        painter.setBrush(self._style.colour("critical" if filled else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 16, 16)
        ink = ("on_critical" if filled else "text") if stop else role
        painter.setPen(self._style.colour("ok_text" if ink == "ok" else ink))
        text = f"{SHAPE_OF_LEVEL[cue.level]} {cue_word(cue)}"
        font = font_for_cap_height(self._cap)
        need, room = QFontMetricsF(font).horizontalAdvance(text), self.width() * 0.88
        if need > room:
            font.setPixelSize(max(1, int(font.pixelSize() * room / need)))
        painter.setFont(font)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


class LifterView(QWidget, Styled):
    """Places its five things by millimetres.

    Parameters
    ----------
    px_per_mm : float, optional
        Overrides what the screen says of itself (television sets lie).
    """

    def __init__(self, model: SessionModel, px_per_mm: float | None = None) -> None:
        super().__init__()
        self._model = model
        self._px_per_mm = px_per_mm
        self._style = Style()
        left = Qt.AlignmentFlag.AlignLeft
        self.number = BigText("0.00", left)
        self._unit = BigText("m/s ▲ low", left, "semibold")
        self.count = BigText("0", left)
        self._of = BigText(tr("of {m}", m=10), left, "semibold")
        self._device = BigText("● sensor OK", left, "semibold")
        self.bars = RepetitionBars(large=True)
        self.cue = _CueCard()
        self._children = (
            self.number,
            self._unit,
            self.count,
            self._of,
            self._device,
            self.bars,
            self.cue,
        )
        for child in self._children:
            child.setParent(self)
        self.sizes = LifterSizes(10, 10, 10, 10, False)

    def set_style(self, style: Style) -> None:
        """Take colours."""
        self._style = style
        self._place()
        self.refresh(Changed.ALL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place everything anew."""
        super().resizeEvent(event)
        self._place()

    def _resolution(self) -> float:
        if self._px_per_mm is not None:
            return self._px_per_mm
        screen = self.screen()
        dots = screen.physicalDotsPerInch() if screen is not None else 0.0
        return dots / 25.4 if dots > 20.0 else _DEFAULT_PX_PER_MM

    def _place(self) -> None:
        width, height = self.width(), self.height()
        if width < 50 or height < 50:
            return
        self.sizes = sizes = lifter_sizes(width, height, self._resolution())
        margin, gap = int(0.03 * width), int(0.02 * width)
        inner = width - 2 * margin
        self._device.set_cap(sizes.words)
        self.number.set_cap(sizes.primary)
        self._unit.set_cap(sizes.words)
        self.count.set_cap(sizes.count)
        self._of.set_cap(sizes.words)

        def put(widget: BigText, x: float, width: float, base: float) -> None:
            # A BigText stands on a base line 1.12 cap heights below its top.
            top = int(base - 1.12 * widget.cap_px)
            widget.setGeometry(int(x), top, int(width), widget.height())

        top = 0.045 * height
        base = top + sizes.primary
        left = min(self.number.sizeHint().width(), int(0.66 * inner))
        beside = margin + left + gap
        room = inner - left - gap
        digits = min(self.count.sizeHint().width(), int(0.6 * room))
        after = digits + gap // 2
        put(self.number, margin, left, base)
        put(self._device, beside, room, top + sizes.words)
        put(self._unit, beside, room, base)
        middle = top + sizes.words + 0.55 * (sizes.primary - 2 * sizes.words + sizes.count)
        middle = min(middle, base - 1.5 * sizes.words)
        put(self.count, beside, digits, middle)
        put(self._of, beside + after, room - after, middle)
        y = int(base + 0.055 * height)
        foot = height - y - int(0.02 * height)
        chart = int(0.60 * inner)
        self.bars.set_text_px(font_for_cap_height(sizes.words, "regular").pixelSize())
        self.bars.setGeometry(margin, y, chart, foot)
        card = int(min(foot, sizes.secondary * 2.6))
        self.cue.setGeometry(
            margin + chart + gap, y + (foot - card) // 2, inner - chart - gap, card
        )
        self.cue.set_look(self._style, min(sizes.secondary, card * 0.4))

    def refresh(self, changed: Changed) -> None:
        """Bring to the screen what an update touched."""
        if not changed & (Changed.SET | Changed.STATUS | Changed.FAULTS):
            return
        model, style = self._model, self._style
        view, text, muted = model.current, style.colour("text"), style.colour("muted")
        reps = len(view.repetitions) if view else 0
        if self.count.reserve("00" if max(reps, model.config.target_reps) > 9 else "0"):
            self._place()
        self.count.say(str(reps), text if reps else muted)
        self._of.say(tr("of {m}", m=model.config.target_reps), muted)
        if model.resting:
            self.number.say(clock(model.rest_s), text)
            self._unit.say(tr("rest"), muted)
        else:
            reading = model.last_reading()
            low = reading.state is DataState.ESTIMATED
            live = reading.state in (DataState.LIVE, DataState.ESTIMATED)
            self.number.say(number(reading.value), text if live else muted)
            self._unit.say(tr("m/s ▲ low") if low else tr("m/s"), muted)
        cue = model.cue()
        # That there is no signal is the state of the device, and is said there.
        self.cue.show_cue(None if cue is not None and cue.code == "no_data" else cue)
        self.bars.set_style(style)
        if changed & Changed.SET:
            self.bars.show_state(BarsState.of(model))
        self._show_device()

    def _show_device(self) -> None:
        sensor = self._model.bar_sensor
        level = sensor_level(sensor) if sensor else Level.CHECK
        status = self._model.status
        if sensor is None and status is not None:
            word = tr("no bar sensor")
        elif sensor is not None and is_lost(sensor):
            word = tr("no signal")
        elif status is not None and status.ended:
            word = tr("end of recording")
        else:
            word = {
                Level.OK: tr("sensor OK"),
                Level.CHECK: tr("check sensor"),
            }.get(level, tr("sensor"))
        role = {"ok": "ok_text", "stop": "stop_text"}.get(ROLE_OF_LEVEL[level], "attention")
        self._device.say(f"{SHAPE_OF_LEVEL[level]} {word}", self._style.colour(role))
