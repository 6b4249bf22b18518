"""The header that never moves: who, what, how heavy, every sensor's truth, recording."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lift_monitor.recordings.facts import SessionFacts
from lift_monitor.station import Mode, SensorStatus
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import DASH, clock, exercise_name, load, number, tr
from lift_monitor.ui.limits import (
    BATTERY_LOW_PCT,
    LOSS_CHECK_PCT,
    SIGNAL_FAIR_DBM,
    STALE_DIM_S,
    is_lost,
)
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Level
from lift_monitor.ui.sensor_words import role_name, signal_word
from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import SHAPE_OF_LEVEL, Styled, Text, tight, word_of_level

_STATE_ROLE = {Level.OK: "ok", Level.CHECK: "attention", Level.STOP: "stop", Level.INFO: "info"}


def sensor_level(sensor: SensorStatus) -> Level:
    """State of a sensor, with the limits of the technical list."""
    if is_lost(sensor):
        return Level.STOP
    if sensor.age_s is None:
        return Level.CHECK
    low = sensor.battery_pct is not None and sensor.battery_pct <= BATTERY_LOW_PCT
    lossy = sensor.loss_pct is not None and sensor.loss_pct >= LOSS_CHECK_PCT
    return Level.CHECK if sensor.state == "check" or low or lossy else Level.OK


def sensor_facts(sensor: SensorStatus) -> str:
    """Battery, rate and loss in one line; what is out of bounds bears the shape of a check."""
    facts = []
    if sensor.battery_pct is not None:
        mark = "▲ " if sensor.battery_pct <= BATTERY_LOW_PCT else ""
        facts.append(tr("{mark}{pct} %", mark=mark, pct=number(sensor.battery_pct, 0)))
    facts.append(tr("{hz} Hz", hz=number(sensor.rate_hz, 0)))
    if sensor.loss_pct is not None:
        mark = "▲ " if sensor.loss_pct >= LOSS_CHECK_PCT else ""
        facts.append(tr("{mark}loss {pct} %", mark=mark, pct=number(sensor.loss_pct, 1)))
    return " · ".join(facts)


def sensor_reason(sensor: SensorStatus) -> str:
    """Why a sensor is not well, in few words; empty if its facts say it."""
    if is_lost(sensor):
        if sensor.age_s is None:
            return tr("link lost")
        return tr(
            "no data for {s} s", s=number(min(sensor.age_s, 999.0), 0 if sensor.age_s > 10 else 1)
        )
    if sensor.age_s is None:
        return tr("no packet yet")
    if sensor.state == "check" and sensor.age_s > STALE_DIM_S:
        return tr("quiet for {s} s", s=number(sensor.age_s, 1))
    return ""


class SensorBadge(QWidget):
    """One sensor: shape, place, word and signal; below battery, rate and loss, or the reason."""

    def __init__(self) -> None:
        super().__init__()
        small = tokens.TEXT_SMALL
        self._shape = Text("●", role="ok", weight="semibold", size=small)
        self._place = Text(weight="semibold", size=small, reserve="Thorax WAITING")
        self._signal = Text(size=small, role="muted", align=Qt.AlignmentFlag.AlignRight)
        self._facts = Text(size=small, role="muted", reserve="100 % · 100 Hz · loss 00.0 %")
        first = tight(QHBoxLayout(), 6)
        first.addWidget(self._shape)
        first.addWidget(self._place, 1)
        first.addWidget(self._signal)
        column = tight(QVBoxLayout(self), 2)
        column.addStretch(1)
        column.addLayout(first)
        column.addWidget(self._facts)
        column.addStretch(1)

    def show_sensor(self, sensor: SensorStatus) -> None:
        """Show a status."""
        level = sensor_level(sensor)
        place, word = role_name(sensor.role), word_of_level(level)
        lost = is_lost(sensor)
        if lost:
            word = tr("LOST")
        elif sensor.age_s is None:
            word = tr("WAITING")
        self._shape.say(SHAPE_OF_LEVEL[level], _STATE_ROLE[level])
        self._place.say(f"{place} {word}")
        rssi = None if lost else sensor.rssi_dbm
        weak = rssi is not None and rssi < SIGNAL_FAIR_DBM
        mark = "▲ " if weak else ""
        heard = "" if rssi is None else tr("{mark}signal {word}", mark=mark, word=signal_word(rssi))
        self._signal.say(heard, "attention" if weak else "muted")
        reason = sensor_reason(sensor)
        self._facts.say(reason or sensor_facts(sensor), _STATE_ROLE[level] if reason else "muted")
        self.setAccessibleName(tr("Sensor {place}: {word}", place=place, word=word))
        told = [self._facts.full_text, sensor.text]
        if rssi is not None:
            told.insert(0, tr("signal {word}, {n} dBm", word=signal_word(rssi), n=number(rssi, 0)))
        self.setAccessibleDescription(". ".join(part for part in told if part))
        self.setToolTip(self.accessibleDescription())


_ALIAS_PX = 240
"""Most of the header's width, at scale 1, that a name is given; its tooltip tells it whole."""


class Header(QFrame, Styled):
    """One line; every part has its fixed slot."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAccessibleName(tr("Session"))
        self._alias = Text(size=tokens.TEXT_HEADER, weight="bold")
        self._exercise = Text(size=tokens.TEXT_HEADER, weight="semibold")
        self._set = Text(
            size=tokens.TEXT_STRONG, role="muted", reserve=tr("set {n} of {m}", n=10, m=10)
        )
        self._load = Text(size=tokens.TEXT_HEADER, weight="semibold")
        self._recording = Text(weight="semibold", reserve="● REC 00:00:00")
        self._latency = Text(role="muted", reserve="000 ms", align=Qt.AlignmentFlag.AlignRight)
        self._latency.setToolTip(tr("From the sensor's packet to the screen"))
        self._badges: dict[str, SensorBadge] = {}
        self._style = Style()
        self._row = tight(QHBoxLayout(self), 24)
        for part in (self._alias, self._exercise, self._set, self._load):
            self._row.addWidget(part)
        self._row.addStretch(1)
        self._row.addWidget(self._recording)
        self._row.addWidget(self._latency)

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        self._style = style
        self._row.setContentsMargins(style.px(28), 0, style.px(28), 0)
        self._row.setSpacing(style.px(26))
        # A long name gives way first: what is lifted and every sensor's truth are whole.
        self._alias.setMaximumWidth(style.px(_ALIAS_PX))
        self.setFixedHeight(max(48, style.px(72)))

    def clear(self) -> None:
        """Forget the sensors of the session before."""
        for badge in self._badges.values():
            self._row.removeWidget(badge)
            badge.hide()
            badge.deleteLater()
        self._badges.clear()

    def show_model(self, model: SessionModel) -> None:
        """Show who, what, how heavy and every sensor."""
        config, view, status = model.config, model.current, model.status
        self._alias.say(config.alias)
        self._alias.setVisible(bool(config.alias))
        self._alias.setToolTip(config.alias)
        self._exercise.say(exercise_name(model.exercise))
        if model.landing_session:  # no sets, no bar; the body is the load
            self._set.setVisible(False)
            known = config.body_mass_kg is not None
            mass = tr("body mass {kg}", kg=load(config.body_mass_kg))
            self._load.say(mass if known else tr("body mass unknown"), "" if known else "muted")
        else:
            self._set.setVisible(True)
            number_ = model.number_of(view) if view else DASH
            self._set.say(tr("set {n} of {m}", n=number_, m=model.target_sets))
            known = model.load_kg is not None
            self._load.say(
                load(model.load_kg) if known else tr("load unknown"), "" if known else "muted"
            )
        if status is None:
            return
        for sensor in status.sensors:
            badge = self._badges.get(sensor.sensor_id)
            if badge is None:
                badge = self._badges[sensor.sensor_id] = SensorBadge()
                for text in badge.findChildren(Text):
                    text.set_style(self._style)
                self._row.insertWidget(self._row.count() - 2, badge)
            badge.show_sensor(sensor)
        if status.recording_to is not None:
            self._recording.say(tr("● REC {t}", t=clock(status.recorded_s)), "stop")
        elif model.mode is Mode.REPLAY:
            self._recording.say("")
        else:
            self._recording.say(tr("▲ not recorded"), "attention")
        ms = status.latency_ms
        self._latency.say("" if ms is None else tr("{ms} ms", ms=number(ms, 0)))


class ModeStrip(QLabel, Styled):
    """The watermark of what is not a live person: cannot be scrolled, closed or covered."""

    def __init__(self) -> None:
        super().__init__()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._mode = Mode.LIVE
        self.emulated = False
        """The sensors are."""
        self.practice = False
        """The people of the clinic are simulated."""
        self._style = Style()

    @property
    def colour_role(self) -> str | None:
        """Token of the frame, ``None`` when live."""
        if (self.emulated or self.practice) and self._mode is not Mode.REPLAY:
            return "simulated"
        return {Mode.REPLAY: "replay", Mode.SIMULATED: "simulated"}.get(self._mode)

    def set_style(self, style: Style) -> None:
        """Take colour and font."""
        self._style = style
        self.setFont(style.font(tokens.TEXT_SMALL, "bold"))
        self.setFixedHeight(max(22, style.px(28)))
        role = self.colour_role
        if role is not None:
            ground, ink = getattr(style.theme, role), style.theme.on_mode
            set_sheet(self, f"QLabel {{ background: {ground}; color: {ink}; }}")

    def show_mode(self, mode: Mode, facts: SessionFacts | None, *, emulated: bool = False) -> None:
        """Say what is on the screen; nothing in a live session of real sensors."""
        self._mode, self.emulated = mode, emulated
        parts = []
        if mode is Mode.REPLAY:
            date = tr("date unknown")
            if facts is not None:
                started = facts.started_at
                moment = QDateTime(
                    started.year, started.month, started.day, started.hour, started.minute, 0
                )
                date = QLocale().toString(moment, "d MMM yyyy, HH:mm")
            parts.append(tr("REPLAY {date}", date=date))
        if emulated:
            parts.append(tr("EMULATED SENSORS: no person"))
        elif mode is Mode.SIMULATED or (facts is not None and facts.source == "simulated"):
            parts.append(tr("SIMULATED: no person"))
        if self.practice:
            parts.append(tr("PRACTICE CLINIC: simulated people"))
        if mode is Mode.REPLAY:
            parts.append(tr("not live"))
        self.setText("   ·   ".join(parts))
        self.setAccessibleName(self.text() or tr("Live"))
        self.setVisible(bool(parts))
        self.set_style(self._style)
