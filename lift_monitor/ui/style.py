"""A theme at a size: fonts, pixel sizes and the style sheet made from the tokens."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QWidget

from lift_monitor.ui import tokens
from lift_monitor.ui.tokens import Theme

_FAMILY = "Inter"
_FILES = ("Inter-Regular.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")
_WEIGHTS = {
    "regular": QFont.Weight.Normal,
    "semibold": QFont.Weight.DemiBold,
    "bold": QFont.Weight.Bold,
}


def load_fonts() -> None:
    """Make the bundled typeface known to Qt; once per application.

    Raises
    ------
    RuntimeError
        If a bundled font file cannot be read, which means a broken installation.
    """
    folder = resources.files("lift_monitor.ui") / "fonts"
    for name in _FILES:
        data = (folder / name).read_bytes()
        if QFontDatabase.addApplicationFontFromData(data) < 0:
            raise RuntimeError(f"the bundled font {name} cannot be loaded: install again")


@dataclass(frozen=True, slots=True)
class Style:
    """One theme at one scale; every widget is given it by ``set_style``."""

    theme: Theme = tokens.DARK
    scale: float = 1.0

    def px(self, size: float) -> int:
        """A length at this scale."""
        return max(1, round(size * self.scale))

    def target(self) -> int:
        """Side of a pressable thing: grows with the scale, never shrinks below 44 px."""
        return max(tokens.TARGET, self.px(tokens.TARGET))

    def font(self, size: float = tokens.TEXT, weight: str = "regular") -> QFont:
        """A font of the bundled family with tabular figures."""
        return font_px(max(tokens.MIN_TEXT_PX, self.px(size)), weight)

    def colour(self, role: str) -> QColor:
        """A colour by its role."""
        return QColor(getattr(self.theme, role))

    def sheet(self) -> str:
        """The style sheet: colours, borders and paddings; never fonts."""
        t = self.theme
        radius = self.px(tokens.RADIUS)
        side = self.target()
        return f"""
        QWidget {{ color: {t.text}; }}
        QWidget#ground {{ background: {t.ground}; }}
        QFrame#panel {{ background: {t.panel}; border: 1px solid {t.line};
                        border-radius: {radius}px; }}
        QFrame#header {{ background: {t.panel}; border-bottom: 1px solid {t.line}; }}
        QLabel {{ background: transparent; }}
        QLabel[role="muted"] {{ color: {t.muted}; }}
        QLabel[role="ok"] {{ color: {t.ok_text}; }}
        QLabel[role="info"] {{ color: {t.info}; }}
        QLabel[role="attention"] {{ color: {t.attention}; }}
        QLabel[role="stop"] {{ color: {t.stop_text}; }}
        QPushButton {{ background: {t.raised}; border: 1px solid {t.outline};
                       border-radius: {radius}px; padding: 0 {self.px(14)}px;
                       min-height: {side - 2}px; min-width: {side - 4 - 2 * self.px(14)}px; }}
        QPushButton:hover {{ border-color: {t.text}; }}
        QPushButton:pressed {{ background: {t.line}; }}
        QPushButton:disabled {{ color: {t.muted}; border-color: {t.line}; }}
        QPushButton:focus {{ border: 2px solid {t.focus}; }}
        QPushButton:checked {{ border: 2px solid {t.info}; }}
        QPushButton:checked:focus {{ border: 3px solid {t.text}; }}
        QPushButton[kind="primary"]:enabled {{ background: {t.info}; color: {t.on_mode};
                                               border-color: {t.info}; }}
        QPushButton[kind="primary"]:enabled:focus {{ border: 3px solid {t.text}; }}
        QPushButton[kind="critical"] {{ background: {t.critical}; color: {t.on_critical};
                                        border-color: {t.critical}; }}
        QPushButton[kind="critical"]:focus {{ border: 3px solid {t.text}; }}
        QLineEdit, QComboBox {{
            background: {t.ground}; color: {t.text}; border: 1px solid {t.outline};
            border-radius: {radius}px; padding: 0 {self.px(10)}px;
            min-height: {side - 2}px; max-height: {side - 2}px;
            selection-background-color: {t.info}; selection-color: {t.on_mode}; }}
        QLineEdit:focus, QComboBox:focus {{
            border: 2px solid {t.focus}; min-height: {side - 4}px; max-height: {side - 4}px; }}
        QLineEdit:disabled, QComboBox:disabled {{
            color: {t.muted}; border-color: {t.line}; }}
        QComboBox::drop-down {{ border: none; width: 0; }}
        QComboBox QAbstractItemView {{ background: {t.raised}; color: {t.text};
            border: 1px solid {t.outline}; outline: none;
            selection-background-color: {t.info}; selection-color: {t.on_mode}; }}
        QFrame#banner {{ background: {t.raised}; border: 1px solid {t.outline};
                         border-left: 6px solid {t.attention}; border-radius: {radius}px; }}
        QFrame#banner[kind="progress"] {{ border-left-color: {t.info}; }}
        QFrame#banner[kind="note"] {{ border-left-color: {t.ok}; }}
        QFrame#step {{ border: none; border-left: 4px solid {t.panel}; }}
        QFrame#step[now="true"] {{ border-left-color: {t.info}; }}
        QFrame#problem {{ background: {t.raised}; border: none;
                          border-left: 6px solid {t.attention}; }}
        QProgressBar {{ background: {t.line}; border: none; border-radius: 3px; }}
        QProgressBar::chunk {{ background: {t.info}; border-radius: 3px; }}
        QToolTip {{ color: {t.text}; background: {t.raised}; border: 1px solid {t.outline}; }}
        """


def set_sheet(widget: QWidget, sheet: str) -> None:
    """Give a widget its style sheet, unless it wears it already.

    For the same one as well Qt would polish everything below anew: half of the time that it
    takes to open a person's page or to begin a session.
    """
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)


def font_px(pixels: int, weight: str = "regular") -> QFont:
    """A font of the bundled family with tabular figures at a pixel size."""
    font = QFont(_FAMILY)
    font.setPixelSize(max(1, pixels))
    font.setWeight(_WEIGHTS[weight])
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def font_for_cap_height(cap_px: float, weight: str = "bold") -> QFont:
    """A font whose capitals (and lining figures) are ``cap_px`` tall."""
    probe = 1000
    ratio = QFontMetricsF(font_px(probe, weight)).capHeight() / probe
    return font_px(round(cap_px / ratio), weight)
