"""The panel of the spine: gauge, side view, the angle now, the worst, the state of the load."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from lift_monitor.technique import FlagKind, Load
from lift_monitor.ui import tokens
from lift_monitor.ui.hero import BigText
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import DataState, Level
from lift_monitor.ui.spine_figure import FigureState, SpineFigure
from lift_monitor.ui.spine_gauge import GaugeState, SpineGauge
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import SHAPE_OF_LEVEL, Panel, Styled, Text, tight
from lift_monitor.ui.trunk_readings import LoadReading, SpineReading
from lift_monitor.ui.trunk_wording import BLANK, kind_name, load_word, spine_why, spine_word

_INK = {Level.OK: "text", Level.CHECK: "attention", Level.STOP: "stop_text", Level.INFO: "text"}
_ROLE = {Level.OK: "ok", Level.CHECK: "attention", Level.STOP: "stop", Level.INFO: "muted"}


class SpinePanel(Panel, Styled):
    """Shows a :class:`SpineReading`; every line has its own fixed slot."""

    def __init__(self) -> None:
        super().__init__(tr("Spine"))
        right = Qt.AlignmentFlag.AlignRight
        small = tokens.TEXT_SMALL
        self._style = Style()
        self._title = Text(role="muted", weight="semibold", size=small)
        self.load = Text(
            weight="semibold",
            size=small,
            align=right,
            reserve=load_word(LoadReading(Load.UNLOADED, by_hand=True)),
            name=tr("Load"),
        )
        self.gauge, self.figure = SpineGauge(), SpineFigure()
        self.value = BigText("~−00°", right)
        self._word = Text(size=small, weight="semibold", align=right, reserve="■ NOT CALIBRATED")
        self._worst = BigText("~■ 00°", right, "semibold")
        self._of = Text(size=small, role="muted", align=right, reserve=_worst_caption(None, 10))
        self._note = Text(size=small, role="muted", wrap_lines=2)
        head = tight(QHBoxLayout(), 10)
        head.addWidget(self._title, 1)
        head.addWidget(self.load)
        numbers = tight(QVBoxLayout(), 2)
        numbers.addStretch(2)
        numbers.addWidget(self.value, 0, right)
        numbers.addWidget(self._word)
        numbers.addStretch(1)
        numbers.addWidget(self._worst, 0, right)
        numbers.addWidget(self._of)
        numbers.addStretch(2)
        middle = tight(QHBoxLayout(), 8)
        middle.addWidget(self.gauge, 48)
        middle.addWidget(self.figure, 30)
        middle.addLayout(numbers)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addWidget(self._note)

    @property
    def note(self) -> str:
        """Why the angle is missing or doubtful."""
        return self._note.full_text

    @property
    def word(self) -> str:
        """The state in two words."""
        return self._word.full_text

    @property
    def worst(self) -> str:
        """The worst of the repetition as shown."""
        return self._worst.text

    @property
    def title(self) -> str:
        """What is shown."""
        return self._title.full_text

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        super().set_style(style)
        self._style = style
        self.value.set_cap(style.px(44))
        self._worst.set_cap(style.px(22))

    def show_model(self, model: SessionModel) -> None:
        """Show the trunk as it is now."""
        reading = model.spine()
        if reading is None:
            return
        load = model.trunk.load_reading()
        self.gauge.show_state(GaugeState.of(reading))
        self.figure.show_state(FigureState.of(reading, load.load))
        self._show_numbers(reading, model)
        lean = reading.kind is FlagKind.TRUNK_LEAN
        self._title.say(
            tr(
                "{kind}, {unit}",
                kind=kind_name(reading.kind).upper(),
                unit=tr("° from upright") if lean else tr("° from neutral"),
            )
        )
        self.load.setVisible(not model.landing_session)
        role = {Load.LOADED: "", Load.UNLOADED: "muted", Load.UNKNOWN: "attention"}[load.load]
        self.load.say(load_word(load), role)
        why = spine_why(reading)
        doubt = reading.value is None and reading.why not in ("ended", "waiting")
        self._note.say(f"▲ {why}" if doubt else why, "attention" if doubt else "muted")

    def _show_numbers(self, reading: SpineReading, model: SessionModel) -> None:
        low = reading.state is DataState.ESTIMATED
        mark = "~" if low else ""
        value = reading.value
        if value is None:
            self.value.say(BLANK, self._style.colour("muted"))
            self._word.say(spine_word(reading), "muted")
        else:
            held = reading.state is DataState.HELD
            ink = "muted" if held else _INK[reading.level]
            self.value.say(f"{mark}{number(value, 0)}°", self._style.colour(ink))
            word = tr("held") if held else spine_word(reading)
            shape = "" if held else f"{SHAPE_OF_LEVEL[reading.level]} "
            self._word.say(shape + word, "muted" if held else _ROLE[reading.level])
        worst = reading.worst
        shape = SHAPE_OF_LEVEL[reading.worst_level] if reading.worst_level in _LOUD else ""
        text = "" if worst is None else f"{mark}{shape} {number(worst, 0)}°".replace("~ ", "~")
        self._worst.say(text.strip(), self._style.colour(_INK[reading.worst_level]))
        self._of.say("" if worst is None else _caption(model))


_LOUD = (Level.CHECK, Level.STOP)


def _caption(model: SessionModel) -> str:
    view = model.current
    if view is None:
        return _worst_caption(None, None)
    if model.resting:
        return _worst_caption(model.number_of(view), None)
    last = view.last.number if view.last else 0
    if model.trunk.load is Load.UNLOADED and last and not model.trunk.worst.lowering:
        return tr("worst since rep {n}", n=last)
    return _worst_caption(None, last if model.trunk.worst.lowering and last else last + 1)


def _worst_caption(set_number: int | None, repetition: int | None) -> str:
    if repetition is not None:
        return tr("worst of rep {n}", n=repetition)
    if set_number is not None:
        return tr("worst since set {n}", n=set_number)
    return tr("worst so far")
