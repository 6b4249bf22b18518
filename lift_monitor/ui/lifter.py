"""The lifter view: read at three metres, five things at most, no name.

The number, which repetition, the bars, at most one cue, the state of the device.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from lift_monitor.ui.bars import RepetitionBars
from lift_monitor.ui.bars_state import BarsState
from lift_monitor.ui.cue_card import CueCard
from lift_monitor.ui.header import sensor_level
from lift_monitor.ui.hero import BigText
from lift_monitor.ui.i18n import DASH, clock, number, tr
from lift_monitor.ui.landing_bars import LandingBars, LandingBarsState
from lift_monitor.ui.lifter_sizes import LifterSizes, lifter_sizes
from lift_monitor.ui.limits import is_lost
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Changed, DataState, Level
from lift_monitor.ui.spine_gauge import GaugeState, SpineGauge
from lift_monitor.ui.style import Style, font_for_cap_height
from lift_monitor.ui.text import ROLE_OF_LEVEL, SHAPE_OF_LEVEL, Styled
from lift_monitor.ui.trunk_wording import lifter_word, place_word

_DEFAULT_PX_PER_MM = 96.0 / 25.4
_TROUBLE = {Level.OK: 0, Level.INFO: 1, Level.CHECK: 2, Level.STOP: 3}
_SAID_ELSEWHERE = ("no_data", "unwatched")


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
        self.landing_bars = LandingBars(large=True)
        self.gauge = SpineGauge(large=True)
        self.zone = BigText(tr("■ BACK NOT SEEN"), Qt.AlignmentFlag.AlignHCenter)
        self.cue = CueCard()
        self._watched = False
        self._children = (
            self.number,
            self._unit,
            self.count,
            self._of,
            self._device,
            self.bars,
            self.landing_bars,
            self.gauge,
            self.zone,
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
        self.landing_bars.set_text_px(font_for_cap_height(sizes.words, "regular").pixelSize())
        self.landing_bars.setGeometry(margin, y, chart, foot)
        self._place_right(margin + chart + gap, y, inner - chart - gap, foot)

    def _place_right(self, x: int, y: int, width: int, foot: int) -> None:
        """The gauge with its word, and below it the cue; without a gauge the cue alone."""
        sizes = self.sizes
        card = int(min(foot, sizes.secondary * 2.6))
        for widget in (self.gauge, self.zone):
            widget.setVisible(self._watched)
        if not self._watched:
            self.cue.setGeometry(x, y + (foot - card) // 2, width, card)
            self.cue.set_look(self._style, min(sizes.secondary, card * 0.4))
            return
        card = int(min(foot * 0.28, card))
        self.zone.set_cap(sizes.words)
        word = self.zone.height()
        arc = max(40, foot - card - word - int(0.02 * foot))
        self.gauge.setGeometry(x, y, width, arc)
        self.zone.setGeometry(x, y + arc, width, word)
        self.cue.setGeometry(x, y + foot - card, width, card)
        self.cue.set_look(self._style, min(sizes.secondary, card * 0.4))

    def refresh(self, changed: Changed) -> None:
        """Bring to the screen what an update touched."""
        model = self._model
        if self._watched is not model.trunk.sensed:
            self._watched = model.trunk.sensed
            self._place()
        if changed & (Changed.SPINE | Changed.STATUS):
            self._show_zone()
        flags = Changed.SET | Changed.TECHNIQUE
        if not changed & (flags | Changed.STATUS | Changed.FAULTS):
            return
        landing = model.landing_session
        self.bars.setVisible(not landing)
        self.landing_bars.setVisible(landing)
        if landing:
            self._show_landing()
        else:
            self._show_repetition()
        cue = model.cue()
        # That there is no signal is the state of the device, and is said there.
        self.cue.show_cue(None if cue is not None and cue.code in _SAID_ELSEWHERE else cue)
        if changed & flags:
            if landing:
                self.landing_bars.show_state(LandingBarsState.of(model))
            else:
                self.bars.show_state(BarsState.of(model))
        self._show_device()

    def _show_count(self, count: int, of: str, most: int) -> None:
        style = self._style
        if self.count.reserve("00" if max(count, most) > 9 else "0"):
            self._place()
        self.count.say(str(count), style.colour("text" if count else "muted"))
        self._of.say(of, style.colour("muted"))

    def _show_repetition(self) -> None:
        model, style = self._model, self._style
        view, text, muted = model.current, style.colour("text"), style.colour("muted")
        reps = len(view.repetitions) if view else 0
        target = model.target_reps
        self._show_count(reps, tr("of {m}", m=target), target)
        if model.resting:
            self.number.say(clock(model.rest_s), text)
            self._unit.say(tr("rest"), muted)
            return
        reading = model.last_reading()
        low = reading.state is DataState.ESTIMATED
        live = reading.state in (DataState.LIVE, DataState.ESTIMATED)
        self.number.say(number(reading.value), text if live else muted)
        self._unit.say(tr("m/s ▲ low") if low else tr("m/s"), muted)

    def _show_landing(self) -> None:
        model, style = self._model, self._style
        log = model.trunk.landings
        last = log.last
        self._show_count(len(log.items), tr("landings"), 10)
        if last is None:
            self.number.say(DASH, style.colour("muted"))
            self._unit.say(tr("body weights"), style.colour("muted"))
            return
        mark = "≥" if last.landing.clipped else ""
        self.number.say(mark + number(last.landing.peak_grf_bw, 1), style.colour("text"))
        role = {Level.OK: "ok_text", Level.CHECK: "attention"}.get(last.level, "muted")
        shape = SHAPE_OF_LEVEL[last.level] if last.level is not Level.INFO else "▽"
        self._unit.say(tr("BW {place}", place=f"{shape} {place_word(last)}"), style.colour(role))

    def _show_zone(self) -> None:
        reading = self._model.spine()
        if reading is None:
            return
        self.gauge.show_state(GaugeState.of(reading))
        role = {Level.OK: "ok_text", Level.CHECK: "attention", Level.STOP: "stop_text"}
        if reading.value is None or reading.state is DataState.HELD:
            self.zone.say(f"– {lifter_word(reading)}", self._style.colour("muted"))
            return
        flagged = [a for a in self._model.alarms() if a.active and a.code == reading.kind.value]
        if flagged and _TROUBLE[flagged[0].level] > _TROUBLE[reading.level]:
            reading = replace(reading, level=flagged[0].level)  # as long as the flag is latched
        low = "~" if reading.state is DataState.ESTIMATED else ""
        text = f"{SHAPE_OF_LEVEL[reading.level]} {low}{lifter_word(reading)}"
        self.zone.say(text, self._style.colour(role.get(reading.level, "text")))

    def _show_device(self) -> None:
        sensor = self._model.bar_sensor
        trunk = self._model.trunk.placed
        if trunk and (sensor is not None or self._model.landing_session):
            # The one that is worst off speaks for all.
            sensor = max(
                (*((sensor,) if sensor is not None else ()), *trunk),
                key=lambda s: _TROUBLE[sensor_level(s)],
            )
        level = sensor_level(sensor) if sensor else Level.CHECK
        status = self._model.status
        if sensor is None and status is not None:
            word = tr("no sensor") if self._model.landing_session else tr("no bar sensor")
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
