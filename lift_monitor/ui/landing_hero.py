"""The last landing as the one number, the dose of the session, and the table of landings."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lift_monitor.events import Confidence
from lift_monitor.ui import tokens
from lift_monitor.ui.hero import BigText, rest_on_base_line
from lift_monitor.ui.i18n import DASH, clock, number, tr
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import Level
from lift_monitor.ui.style import Style
from lift_monitor.ui.tables import Cell, trust_cell
from lift_monitor.ui.text import SHAPE_OF_LEVEL, Styled, Text, tight
from lift_monitor.ui.trunk_readings import LandingItem
from lift_monitor.ui.trunk_wording import dose_text, index_formula, index_text, place_word


class LandingHero(QWidget, Styled):
    """Last landing and dose; every line has its own fixed slot."""

    def __init__(self) -> None:
        super().__init__()
        right = Qt.AlignmentFlag.AlignRight
        self._style = Style()
        self._caption = Text(role="muted", align=right, size=tokens.TEXT_STRONG)
        self.number = BigText("≥00.0")
        self._unit = Text(role="muted", align=right)
        self.count = BigText("00", Qt.AlignmentFlag.AlignLeft)
        self._of = Text(role="muted", size=tokens.TEXT_STRONG)
        self.place = Text(weight="semibold", align=right)
        self._band = Text(role="muted", align=right)
        self.index = Text(role="muted", align=right)
        self.index.setToolTip(index_formula())
        self.index.setAccessibleDescription(index_formula())
        count = tight(QHBoxLayout(), 8)
        count.addWidget(self.count)
        count.addWidget(self._of, 0, Qt.AlignmentFlag.AlignBottom)
        count.addStretch(1)
        count.addWidget(self.place, 0, Qt.AlignmentFlag.AlignBottom)
        column = tight(QVBoxLayout(self), 4)
        column.addWidget(self._caption)
        column.addWidget(self.number)
        column.addWidget(self._unit)
        column.addLayout(count)
        column.addStretch(1)
        column.addWidget(self._band)
        column.addWidget(self.index)

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        self._style = style
        self.number.set_cap(style.px(tokens.TEXT_NUMBER) * 0.6)
        self.count.set_cap(style.px(34))
        for text in (self._of, self.place):
            text.set_style(style)
            rest_on_base_line(text, self.count)
        widest = QFontMetricsF(style.font(tokens.TEXT))
        lines = (
            tr("osteogenic index ≥ 00.0 = 0.0 BW × ln 00"),
            tr("BW estimated, two ways 0.0 apart"),
        )
        need = max(widest.horizontalAdvance(line) for line in lines)
        self.setFixedWidth(int(max(self.number.sizeHint().width(), need)) + style.px(10))

    def show_model(self, model: SessionModel) -> None:
        """Show the newest landing and what all of them add up to."""
        log = model.trunk.landings
        dose, last = log.dose, log.last
        ink = self._style.colour("text" if last else "muted")
        self._caption.say(tr("last landing"))
        self.count.say(str(dose.count), ink)
        self._of.say(tr("landings"))
        self._band.say(dose_text(dose))
        self.index.say(index_text(dose))
        if last is None:
            self.number.say(DASH, ink)
            self._unit.say(tr("body weights, estimated"))
            self.place.say("")
            return
        landing = last.landing
        low = landing.confidence is not Confidence.HIGH
        mark = "≥" if landing.clipped else ("~" if low else "")
        self.number.say(mark + number(landing.peak_grf_bw, 1), ink)
        apart = landing.difference_bw
        self._unit.say(
            tr("BW estimated, one way only")
            if apart is None
            else tr("BW estimated, two ways {d} apart", d=number(apart, 1))
        )
        shape = SHAPE_OF_LEVEL[last.level] if last.level is not Level.INFO else "▽"
        role = {Level.OK: "ok", Level.CHECK: "attention"}.get(last.level, "muted")
        self.place.say(f"{shape} {place_word(last)}", role)


LANDING_COLUMNS = (
    ("#", "100"),
    ("at\nmin : s", "00:00"),
    ("force\nBW", "≥00.0"),
    ("other way\nBW", "00.0"),
    ("peak\ng", "00.0"),
    ("flight\ns", "0.00"),
    ("band\n", "▲ above ceiling"),
    ("\u2002trust\n", "\u2002— withdrawn"),
)


def landing_row(item: LandingItem) -> list[Cell]:
    """One row of the table of landings."""
    landing = item.landing
    mark = "≥" if landing.clipped else ("~" if landing.confidence is not Confidence.HIGH else "")
    role = {Level.OK: "ok_text", Level.CHECK: "attention"}.get(item.level, "muted")
    shape = SHAPE_OF_LEVEL[item.level] if item.level is not Level.INFO else "▽"
    return [
        (str(item.number), ""),
        (clock(landing.contact_s), "muted"),
        (mark + number(landing.peak_grf_bw, 1), ""),
        (number(landing.second_grf_bw, 1), "muted"),
        (("≥" if landing.clipped else "") + number(landing.peak_acc_g, 1), ""),
        (number(landing.flight_s, 2), ""),
        (f"{shape} {place_word(item)}", role),
        trust_cell(landing.confidence),
    ]
