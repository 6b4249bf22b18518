"""What the pages of people are laid out with: cards, wrapped words, tabs, scrolling."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from lift_monitor.ui import tokens
from lift_monitor.ui.people.flow import Flow
from lift_monitor.ui.style import Style, set_sheet
from lift_monitor.ui.text import Button, Styled, Text, apply_style, tight


class Paragraph(QLabel, Styled):
    """Words that break into as many lines as they need; nothing of them is ever cut."""

    def __init__(
        self,
        text: str = "",
        *,
        size: float = tokens.TEXT,
        weight: str = "regular",
        role: str = "",
        lines: int = 0,
    ) -> None:
        super().__init__()
        self._size, self._weight, self._lines = size, weight, lines
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.say(text, role)

    @property
    def full_text(self) -> str:
        """What is said."""
        return self.text()

    def say(self, text: str, role: str | None = None) -> None:
        """Change the words and their colour role."""
        if role is not None and self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        if text != self.text():
            self.setText(text)
        self.setAccessibleName(text)

    def set_style(self, style: Style) -> None:
        """Take the font; keep the height of the lines that were asked for."""
        self.setFont(style.font(self._size, self._weight))
        if self._lines:
            self.setMinimumHeight(int(QFontMetricsF(self.font()).lineSpacing() * self._lines) + 2)

    def minimumSizeHint(self) -> QSize:
        """May be as narrow as a word; the lines are counted at the width that there is."""
        return QSize(40, max(self.minimumHeight(), int(QFontMetricsF(self.font()).lineSpacing())))


class Elided(Text):
    """One line of text that may be too long: the whole is in its tool tip."""

    def say(self, text: str, role: str | None = None) -> None:
        """Change the text and the tip."""
        super().say(text, role)
        self.setToolTip(text)

    def set_style(self, style: Style) -> None:
        """Take the font; may be squeezed."""
        super().set_style(style)
        self.setToolTip(self.full_text)


class Part(QWidget, Styled):
    """A widget that hands its style on to what comes into it later."""

    def __init__(self) -> None:
        super().__init__()
        self.style_now = Style()

    def set_style(self, style: Style) -> None:
        """Remember the style and take gaps."""
        self.style_now = style
        self.take_gaps(style)

    def take_gaps(self, style: Style) -> None:
        """Set the gaps of the layouts; for subclasses."""

    def dress(self, newcomer: QWidget) -> None:
        """Hand the style to a widget that came later, and to all in it."""
        if isinstance(newcomer, Styled):
            newcomer.set_style(self.style_now)
        apply_style(newcomer, self.style_now)


class Section(Part):
    """A part of a page that shows what the store has."""

    def refresh(self) -> None:
        """Show what the store has now; for subclasses."""

    @property
    def unsaved(self) -> bool:
        """Whether something is filled in that would be lost; for subclasses."""
        return False


class Card(QFrame, Styled):
    """A card as high as its content.

    Parameters
    ----------
    title : str
        In small capitals above the content; also its accessible name.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(title)
        self.title = Text(title.upper(), role="muted", weight="semibold", size=tokens.TEXT_SMALL)
        self.column = QVBoxLayout(self)
        self.column.addWidget(self.title)

    def set_style(self, style: Style) -> None:
        """Take paddings."""
        pad = style.px(tokens.PAD)
        self.column.setContentsMargins(pad, style.px(14), pad, style.px(14))
        self.column.setSpacing(style.px(10))


class Scroll(QScrollArea, Styled):
    """Scrolls up and down what does not fit; nothing is ever cut off."""

    def __init__(self, content: QWidget, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.show_content(content)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its content has the keys
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def show_content(self, content: QWidget) -> None:
        """Take in what is to be scrolled."""
        self.setWidget(content)
        content.setAutoFillBackground(False)  # the ground is seen through
        content.show()

    def set_style(self, style: Style) -> None:
        """A bar that is seen and can be taken hold of."""
        t, wide = style.theme, style.px(12)
        bar = (
            f"QScrollBar {{ background: transparent; width: {wide}px; height: {wide}px; }}"
            f"QScrollBar::handle {{ background: {t.outline}; border-radius: {wide // 2 - 1}px;"
            f" min-height: {style.target()}px; margin: 1px; }}"
            "QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }"
        )
        set_sheet(self.verticalScrollBar(), bar)
        set_sheet(self.horizontalScrollBar(), bar)


class Tabs(Part):
    """A row of words of which one is chosen; the chosen one is filled.

    Parameters
    ----------
    name : str
        What is chosen, e.g. ``Part of the page``.
    words : sequence of str
    """

    chosen = Signal(int)

    def __init__(self, name: str, words: Sequence[str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._row = Flow(self)
        self._now = -1
        self.buttons = [Button(word, f"{name}: {word}") for word in words]
        for index, button in enumerate(self.buttons):
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, i=index: self.choose(i))
            self._row.addWidget(button)
        self.show_chosen(0)

    @property
    def now(self) -> int:
        """Which one is chosen."""
        return self._now

    def choose(self, index: int) -> None:
        """Choose one, and say so if it is another."""
        if index == self._now:
            self.show_chosen(index)
        else:
            self.show_chosen(index)
            self.chosen.emit(index)

    def show_chosen(self, index: int) -> None:
        """Choose one without saying so."""
        self._now = index
        for i, button in enumerate(self.buttons):
            button.setChecked(i == index)
            button.setProperty("kind", "primary" if i == index else "")
            button.style().unpolish(button)
            button.style().polish(button)

    def take_gaps(self, style: Style) -> None:
        """Keep the words close."""
        self._row.setSpacing(style.px(6))


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty(inner)


def column_of(*widgets: QWidget, spacing: int = 0) -> QVBoxLayout:
    """Widgets under one another, without margins."""
    column = tight(QVBoxLayout(), spacing)
    for widget in widgets:
        column.addWidget(widget)
    return column
