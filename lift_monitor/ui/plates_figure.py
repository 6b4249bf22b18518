"""One end of a bar as it is loaded: plates from the collar outwards, each with its mass."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lift_monitor.programme.prescription import BarLoad
from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import load, tr
from lift_monitor.ui.style import Style
from lift_monitor.ui.text import Styled

_HEIGHT: Final = 78
_LOWEST: Final = 56
_PLATE: Final = 34
_SLEEVE: Final = 24
"""Design sizes in pixels; the sleeve is what is seen of it beyond the last plate."""
_GAP: Final = 4
_TALLEST_KG: Final = 20.0


class PlatesFigure(QWidget, Styled):
    """Draws one side of the bar; says the same to a screen reader.

    Where there is room, the mass stands in its plate; else plates of one mass are drawn thin,
    with their number and mass below; where not even these have room, words tell all of them.

    Parameters
    ----------
    roomy : bool
        Asks for the room that the masses need in their plates; else takes what there is.
    """

    def __init__(self, *, roomy: bool = False) -> None:
        super().__init__()
        self._roomy = roomy
        self._style = Style()
        self._bar: BarLoad | None = None
        self._why = ""
        if roomy:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Plates"))

    def show_bar(self, bar: BarLoad | None, why: str = "") -> None:
        """Show how a bar is loaded; without one a word on why there is none."""
        self._bar, self._why = bar, why
        told = plates_words(bar) or why
        self.setAccessibleName(tr("Plates: {what}", what=told) if told else tr("Plates"))
        self.setToolTip(told)
        self.updateGeometry()
        self.update()

    def set_style(self, style: Style) -> None:
        """Take sizes."""
        self._style = style
        self.setFixedHeight(max(_LOWEST, style.px(_HEIGHT)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """What a roomy one needs; as wide as there is room for another."""
        if not self._roomy or self._bar is None:
            return QSize(10, self.height())
        plates = len(self._bar.per_side_kg) * (self._wide() + _GAP)
        if not plates:
            plates = self._metrics().horizontalAdvance(tr("no plates"))
        return QSize(int(self._handle() + plates) + self._style.px(_SLEEVE), self.height())

    # -- painting ---------------------------------------------------------------------------------

    def _font(self) -> QFont:
        return self._style.font(tokens.TEXT_SMALL, "semibold")

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._font())

    def _wide(self) -> float:
        """Width of a plate that bears its mass."""
        return max(self._metrics().horizontalAdvance("1.25") + 8, float(self._style.px(_PLATE)))

    def _handle(self) -> float:
        """Width of what is before the first plate: the bar's own mass and the collar."""
        assert self._bar is not None
        words = tr("{kg} bar", kg=load(self._bar.bar_kg))
        return self._metrics().horizontalAdvance(words) + self._style.px(20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar, the collar, the plates and their masses."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        if self._bar is None:
            painter.setPen(self._style.colour("muted"))
            box = QRectF(self.rect())
            shown = self._metrics().elidedText(self._why, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
        else:
            self._draw(painter, self._bar)
        painter.end()

    @property
    def manner(self) -> str:
        """How the plates are shown at this width: ``plates``, ``groups`` or ``words``."""
        if self._bar is None:
            return "words"
        plates, room = self._bar.per_side_kg, self.width() - self._handle()
        if len(plates) * (self._wide() + _GAP) <= room:
            return "plates"
        thin = self._thin(room, plates)
        needed = sum(self._group_width(label, count, thin) for _, count, label in _groups(plates))
        return "groups" if needed <= room else "words"

    def _draw(self, painter: QPainter, bar: BarLoad) -> None:
        manner = self.manner
        if manner == "words":
            painter.setPen(self._style.colour("text"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()), flags, plates_words(bar))
            return
        plates, left = bar.per_side_kg, self._handle()
        foot = 0.0 if manner == "plates" else self._metrics().height()
        middle = (self.height() - foot) / 2
        self._draw_bar(painter, left, middle, bar)
        draw = self._draw_plates if manner == "plates" else self._draw_groups
        draw(painter, left, middle, plates)

    def _thin(self, room: float, plates: tuple[float, ...]) -> float:
        """Width of a plate that bears no mass."""
        return max(4.0, min(self._style.px(16), room / max(1, len(plates)) - 2))

    def _group_width(self, label: str, count: int, thin: float) -> float:
        words = self._metrics().horizontalAdvance(label) + self._style.px(8)
        return max(words, count * (thin + 2))

    def _draw_bar(self, painter: QPainter, left: float, middle: float, bar: BarLoad) -> None:
        style, metrics = self._style, self._metrics()
        shaft = max(3, style.px(5))
        painter.setPen(style.colour("muted"))
        box = QRectF(0, middle - metrics.height() - shaft / 2, left, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, tr("{kg} bar", kg=load(bar.bar_kg)))
        metal = style.colour("outline")
        painter.fillRect(QRectF(0, middle - shaft / 2, self.width() - 1, shaft), metal)
        collar = QRectF(left - style.px(10), middle - shaft * 1.6, shaft, shaft * 3.2)
        painter.fillRect(collar, metal)
        if not bar.per_side_kg:
            box = QRectF(left, middle + shaft / 2, self.width() - left, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, tr("no plates"))

    def _draw_plates(
        self, painter: QPainter, left: float, middle: float, plates: tuple[float, ...]
    ) -> None:
        """Each plate with its mass in it."""
        style = self._style
        for kg in plates:
            high = _share(kg) * 2 * (middle - 1)
            plate = QRectF(left, middle - high / 2, self._wide(), high)
            painter.setPen(QPen(style.colour("outline"), 1))
            painter.setBrush(style.colour("bar"))
            painter.drawRoundedRect(plate, 4, 4)
            painter.setPen(style.colour("on_bar"))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, _mass(kg))
            left += self._wide() + _GAP

    def _draw_groups(
        self, painter: QPainter, left: float, middle: float, plates: tuple[float, ...]
    ) -> None:
        """Thin plates, those of one mass together, with their number and mass below."""
        style, metrics = self._style, self._metrics()
        thin = self._thin(self.width() - left, plates)
        for kg, count, label in _groups(plates):
            high = _share(kg) * 2 * (middle - 1)
            width = self._group_width(label, count, thin)
            at = left + (width - count * (thin + 2)) / 2
            painter.setPen(QPen(style.colour("panel"), 1))
            painter.setBrush(style.colour("bar"))
            for _ in range(count):
                painter.drawRoundedRect(QRectF(at, middle - high / 2, thin, high), 2, 2)
                at += thin + 2
            painter.setPen(style.colour("text"))
            foot = QRectF(left, self.height() - metrics.height(), width, metrics.height())
            painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter, label)
            left += width


def _groups(plates: tuple[float, ...]) -> list[tuple[float, int, str]]:
    """Plates of one mass together: mass, number, and what is written below."""
    found = [(kg, len(list(same))) for kg, same in groupby(plates)]
    return [(kg, n, _mass(kg) if n == 1 else f"{n}×{_mass(kg)}") for kg, n in found]


def plates_words(bar: BarLoad | None) -> str:
    """What is on the bar, in words."""
    if bar is None:
        return ""
    if not bar.per_side_kg:
        return tr("{kg} bar, no plates", kg=load(bar.bar_kg))
    plates = " + ".join(_mass(kg) for kg in bar.per_side_kg)
    return tr("{bar} bar, each side {plates} kg", bar=load(bar.bar_kg), plates=plates)


def _share(kg: float) -> float:
    """Height of a plate, of the tallest; by mass, so that large and small are told apart."""
    return max(0.42, min(1.0, float((kg / _TALLEST_KG) ** 0.45)))


def _mass(kg: float) -> str:
    return load(kg).rsplit(" ", 1)[0]
