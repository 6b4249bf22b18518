"""Labels that know their design size, keep their place and never clip silently."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QPushButton, QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.i18n import tr
from lift_monitor.ui.readings import Level
from lift_monitor.ui.style import Style

ROLE_OF_LEVEL = {
    Level.OK: "ok",
    Level.INFO: "info",
    Level.CHECK: "attention",
    Level.STOP: "stop",
}
SHAPE_OF_LEVEL = {Level.OK: "●", Level.INFO: "◆", Level.CHECK: "▲", Level.STOP: "■"}


def word_of_level(level: Level) -> str:
    """The word that goes with a state's shape and colour."""
    return {
        Level.OK: tr("OK"),
        Level.INFO: tr("INFO"),
        Level.CHECK: tr("CHECK"),
        Level.STOP: tr("STOP"),
    }[level]


class Styled:
    """A widget that has something to do when theme or scale change."""

    def set_style(self, style: Style) -> None:
        """Take fonts, sizes and colours."""
        raise NotImplementedError


def apply_style(root: QWidget, style: Style) -> None:
    """Hand a style to every styled widget below ``root``."""
    for child in root.findChildren(QWidget):
        if isinstance(child, Styled):
            child.set_style(style)


_LARGE = 60
"""Design height of the one large button."""


class Text(QLabel, Styled):
    """One line of text; what does not fit is elided, and readable by ``full_text``.

    Parameters
    ----------
    size : float
        Design size in pixels at scale 1.
    weight : str
        ``regular``, ``semibold`` or ``bold``.
    role : str
        Colour role of the style sheet, empty for plain text.
    reserve : str
        Widest text to keep room for, so that the layout does not move.
    wrap_lines : int
        More than 0: break into at most so many lines and keep that height reserved.
    whole_or_nothing : bool
        What does not fit is left out instead of elided: it is told elsewhere as well.
    """

    def __init__(
        self,
        text: str = "",
        *,
        size: float = tokens.TEXT,
        weight: str = "regular",
        role: str = "",
        reserve: str = "",
        wrap_lines: int = 0,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        name: str = "",
        whole_or_nothing: bool = False,
    ) -> None:
        super().__init__()
        self._size, self._weight, self._reserve = size, weight, reserve
        self._whole_or_nothing = whole_or_nothing
        self._wrap_lines = wrap_lines
        self._full = text
        self.elided = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        vertical = Qt.AlignmentFlag.AlignTop if wrap_lines else Qt.AlignmentFlag.AlignVCenter
        self.setAlignment(align | vertical)
        self.setWordWrap(wrap_lines > 0)
        self._name = name
        self.set_role(role)
        self._fit()

    @property
    def full_text(self) -> str:
        """What was said, whole."""
        return self._full

    def say(self, text: str, role: str | None = None) -> None:
        """Change the text (and the colour role); nothing happens if it is the same."""
        if role is not None:
            self.set_role(role)
        if text != self._full:
            self._full = text
            self._fit()
            self.updateGeometry()

    def fit_lines(self, least: int, most: int) -> None:
        """Take as many lines as the text needs, within limits; only for wrapped text."""
        metrics, width = QFontMetricsF(self.font()), self.contentsRect().width()
        lines = least
        while lines < most and _cut_to_lines(self._full, metrics, width, lines) != self._full:
            lines += 1
        if lines != self._wrap_lines:
            self._wrap_lines = lines
            self.setFixedHeight(int(metrics.lineSpacing() * lines) + 4)
            self._fit()

    def set_lines(self, lines: int) -> None:
        """Keep the height of so many lines; only for wrapped text."""
        if lines != self._wrap_lines:
            self._wrap_lines = lines
            self.setFixedHeight(int(QFontMetricsF(self.font()).lineSpacing() * lines) + 4)
            self._fit()

    def set_role(self, role: str) -> None:
        """Change the colour role."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)

    def set_style(self, style: Style) -> None:
        """Take the font; keep room for the widest text."""
        self.setFont(style.font(self._size, self._weight))
        metrics = QFontMetricsF(self.font())
        if self._reserve:
            self.setMinimumWidth(int(metrics.horizontalAdvance(self._reserve)) + 2)
        if self._wrap_lines:
            self.setFixedHeight(int(metrics.lineSpacing() * self._wrap_lines) + 4)
        self._fit()

    def sizeHint(self) -> QSize:
        """Room for the whole text, whatever is shown now."""
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(max(self._full, self._reserve, key=len)) + 2
        return QSize(int(width) + 1, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """May shrink to the reserved width (the rest is elided)."""
        return QSize(self.minimumWidth(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self._full
        width = self.contentsRect().width()
        if self.width() > 0 and self._full:
            metrics = QFontMetricsF(self.font())
            if self._wrap_lines:
                shown = _cut_to_lines(self._full, metrics, width, self._wrap_lines)
            elif metrics.horizontalAdvance(self._full) > width:
                shown = metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, width)
        if self._whole_or_nothing and shown != self._full:
            shown = ""
        self.elided = bool(shown) and shown != self._full
        if shown != self.text():
            self.setText(shown)
            self.updateGeometry()
        self.setAccessibleName(f"{self._name}: {self._full}" if self._name else self._full)


def lines_needed(label: Text, text: str, width: float, most: int) -> int:
    """Lines that a text takes in the font of a label at a width in pixels, at most ``most``."""
    metrics = QFontMetricsF(label.font())
    lines = 1
    while lines < most and _cut_to_lines(text, metrics, width, lines) != text:
        lines += 1
    return lines


def _cut_to_lines(text: str, metrics: QFontMetricsF, width: float, lines: int) -> str:
    """The words that fit, with an ellipsis where some do not."""

    def fits(candidate: str) -> bool:
        used, line = 1, ""
        for word in candidate.split(" "):
            longer = f"{line} {word}" if line else word
            if metrics.horizontalAdvance(longer) <= width:
                line = longer
            else:
                used, line = used + 1, word
        return used <= lines

    if fits(text):
        return text
    words = text.split(" ")
    while len(words) > 1 and not fits(" ".join(words) + " …"):
        words.pop()
    return " ".join(words) + " …"


class Button(QPushButton, Styled):
    """A push button of the design: at least 44 px, with an accessible name."""

    def __init__(self, text: str, name: str, key: str = "", reserve: str = "") -> None:
        super().__init__(text)
        self.setAccessibleName(name)
        self._reserve, self._room = reserve, 0
        if key:
            self.setAccessibleDescription(tr("Key: {key}", key=key))
            self.setToolTip(f"{name} ({key})")

    def set_style(self, style: Style) -> None:
        """Take the font; keep room for the widest caption."""
        self.setFont(style.font(tokens.TEXT, "semibold"))
        pad = 2 * style.px(14) + 4
        texts = (self._reserve, self.text())
        metrics = QFontMetricsF(self.font())
        width = max(int(metrics.horizontalAdvance(t)) + 1 for t in texts) + pad
        self._room = max(style.target(), width) if self._reserve else 0
        self.setFixedWidth(max(style.target(), width))
        self.setFixedHeight(style.target())

    def sizeHint(self) -> QSize:
        """Room for the widest caption: a style sheet polished anew takes the fixed width away."""
        return super().sizeHint().expandedTo(QSize(self._room, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it; the space bar belongs to play and pause."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class LargeButton(Button):
    """A button for the one thing that everything before it leads to."""

    def set_style(self, style: Style) -> None:
        """Take a larger font, and grow with the window."""
        super().set_style(style)
        width = self.width() / QFontMetricsF(self.font()).averageCharWidth()
        self.setFont(style.font(tokens.TEXT_STRONG, "bold"))
        self.setFixedWidth(int(width * QFontMetricsF(self.font()).averageCharWidth()) + 4)
        self.setFixedHeight(max(style.target(), style.px(_LARGE)))


class Panel(QFrame, Styled):
    """A card: hairline border, padding, a small-caps title is up to the content."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """Only the stretch decides the size, never the content: nothing jumps."""
        return QSize(10, 10)

    def minimumSizeHint(self) -> QSize:
        """See :meth:`sizeHint`."""
        return QSize(10, 10)

    def hasHeightForWidth(self) -> bool:
        """See :meth:`sizeHint`; wrapped text inside would ask for more height."""
        return False

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        inner = self.layout()
        if inner is not None:
            pad = style.px(tokens.PAD)
            inner.setContentsMargins(pad, style.px(14), pad, style.px(14))
            inner.setSpacing(style.px(8))


L = TypeVar("L", bound=QLayout)


def tight(layout: L, spacing: int = 0) -> L:
    """A layout without margins."""
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    return layout
