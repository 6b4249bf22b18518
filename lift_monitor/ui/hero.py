"""The one number of the clinician view with what belongs to it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lift_monitor.events import Repetition
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import clock, number, tr
from lift_monitor.ui.model import SessionModel
from lift_monitor.ui.readings import DataState
from lift_monitor.ui.style import Style, font_for_cap_height
from lift_monitor.ui.text import Styled, Text, tight

_LINE = 1.45
"""Height of a line in cap heights: room below the base line for a comma or a g."""
_BASE = 1.12
"""Base line of a :class:`BigText` below its top, in cap heights."""


class BigText(QWidget):
    """A number or a word at an exact cap height; shrinks rather than being cut.

    Parameters
    ----------
    sample : str
        Widest text; the width does not depend on what is shown.
    align : Qt.AlignmentFlag
        Horizontal alignment.
    """

    def __init__(
        self,
        sample: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignRight,
        weight: str = "bold",
    ) -> None:
        super().__init__()
        self._sample, self._align, self._weight = sample, align, weight
        self._text, self._cap, self._colour = "", 10.0, QColor("white")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    @property
    def cap_px(self) -> float:
        """Height of a capital or a figure, in pixels, as asked."""
        return self._cap

    def say(self, text: str, colour: QColor) -> None:
        """Show a text in a colour."""
        if (text, colour) != (self._text, self._colour):
            self._text, self._colour = text, colour
            self.setAccessibleName(text)
            self.update()

    def reserve(self, sample: str) -> bool:
        """Keep room for another widest text; says whether it is another."""
        if sample == self._sample:
            return False
        self._sample = sample
        self.updateGeometry()
        return True

    def set_cap(self, cap_px: float) -> None:
        """Set the height of the figures; fixes the height of the widget."""
        if cap_px == self._cap:
            return
        self._cap = cap_px
        self.setFixedHeight(int(cap_px * _LINE) + 2)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the widest text."""
        metrics = QFontMetricsF(font_for_cap_height(self._cap, self._weight))
        return QSize(int(metrics.horizontalAdvance(self._sample)) + 2, int(self._cap * _LINE) + 2)

    def minimumSizeHint(self) -> QSize:
        """May be squeezed; the text shrinks."""
        return QSize(10, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text on its base line."""
        painter = QPainter(self)
        font = font_for_cap_height(self._cap, self._weight)
        wide = max(self._text, self._sample, key=QFontMetricsF(font).horizontalAdvance)
        need = QFontMetricsF(font).horizontalAdvance(wide)
        if need > self.width():
            font.setPixelSize(max(1, int(font.pixelSize() * self.width() / need)))
        painter.setFont(font)
        painter.setPen(self._colour)
        advance = QFontMetricsF(font).horizontalAdvance(self._text)
        x = 0.0
        if self._align & Qt.AlignmentFlag.AlignRight:
            x = self.width() - advance
        elif self._align & Qt.AlignmentFlag.AlignHCenter:
            x = (self.width() - advance) / 2
        painter.drawText(int(x), int(self._cap * _BASE), self._text)
        painter.end()


def rest_on_base_line(text: Text, beside: BigText) -> None:
    """Let a small text at the foot of a row stand on the base line of a large one."""
    drop = (_LINE - _BASE) * beside.cap_px - QFontMetricsF(text.font()).descent()
    text.setContentsMargins(0, 0, 0, max(0, round(drop)))


class Hero(QWidget, Styled):
    """Last repetition, or the rest clock; every line has its own fixed slot."""

    def __init__(self) -> None:
        super().__init__()
        right = Qt.AlignmentFlag.AlignRight
        self._style = Style()
        self._share = 1.0
        self._caption = Text(role="muted", align=right, size=tokens.TEXT_STRONG)
        self.number = BigText("00:00")
        self._unit = Text(role="muted", align=right, size=tokens.TEXT_STRONG)
        self._count = BigText("0", Qt.AlignmentFlag.AlignLeft)
        self._of = Text(role="muted", size=tokens.TEXT_HEADER, align=right)
        self._first = Text(role="muted", align=right)
        self._second = Text(role="muted", align=right)
        count = tight(QHBoxLayout(), 8)
        count.addWidget(self._count)
        count.addWidget(self._of, 0, Qt.AlignmentFlag.AlignBottom)
        count.addStretch(1)
        count.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBottom)
        column = tight(QVBoxLayout(self), 4)
        column.addWidget(self._caption)
        column.addWidget(self.number)
        column.addLayout(count)
        column.addStretch(1)
        column.addWidget(self._first)
        column.addWidget(self._second)

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        self._style = style
        self.number.set_cap(style.px(tokens.TEXT_NUMBER) * 0.727 * self._share)
        self._count.set_cap(style.px(34))
        for text in (self._of, self._unit):
            text.set_style(style)
            rest_on_base_line(text, self._count)
        self.setFixedWidth(self.number.sizeHint().width() + style.px(8))

    def make_room(self, share: float) -> None:
        """Show the number at this share of its size: something stands beside it."""
        self._share = share
        self.set_style(self._style)

    def show_model(self, model: SessionModel) -> None:
        """Show the last repetition or, between sets, the rest."""
        view = model.current
        done = len(view.repetitions) if view else 0
        ink = self._style.colour("text" if done else "muted")
        self._count.reserve("00" if max(done, model.target_reps) > 9 else "0")
        self._count.say(str(done), ink)
        self._of.say(tr("of {m}", m=model.target_reps))
        if model.resting:
            self._show_rest(model)
            return
        reading = model.last_reading()
        self._caption.say(tr("last repetition"))
        low = reading.state is DataState.ESTIMATED
        text = number(reading.value)
        dim = reading.state in (DataState.HELD, DataState.UNAVAILABLE)
        self.number.say(("~" if low else "") + text, self._style.colour("muted" if dim else "text"))
        sd = "" if reading.value is None else f" ± {number(reading.sd)}"
        self._unit.say(tr("m/s mean{sd}", sd=sd))
        rep = view.last if view and reading.value is not None else None
        self._show_details(rep)

    def _show_details(self, rep: Repetition | None) -> None:
        if rep is None:
            self._first.say("")
            self._second.say("")
            return
        self._first.say(
            tr(
                "peak {peak} m/s · ROM {rom} m",
                peak=number(rep.peak_velocity_mps),
                rom=number(rep.rom_m),
            )
        )
        self._second.say(
            tr(
                "loss {loss} % · {up} s up · {down} s down",
                loss=number(rep.velocity_loss_pct, 0),
                up=number(rep.concentric_duration_s, 1),
                down=number(rep.eccentric_duration_s, 1),
            )
        )

    def _show_rest(self, model: SessionModel) -> None:
        view = model.current
        self.number.say(clock(model.rest_s), self._style.colour("text"))
        self._unit.say(tr("min : s"))
        if view is None or view.finished is None:  # it was one of another exercise
            self._caption.say(tr("rest since the last set"))
            self._show_details(None)
            return
        self._caption.say(tr("rest since set {n}", n=model.number_of(view)))
        last = view.trusted[-1].mean_velocity_mps if view.trusted else None
        self._first.say(
            tr("best {best} · last {last} m/s", best=number(view.best_mps), last=number(last))
        )
        loss = view.finished.velocity_loss_pct if view.trusted else None
        self._second.say(tr("loss {loss} % · refined after set", loss=number(loss, 0)))
