"""Design tokens: the only place where a colour or a size is written down.

The state colours of the dark theme are Okabe and Ito's colour-blind-safe set
(https://jfly.uni-koeln.de/color/); on white only one of them is legible, so the light theme
has darker relatives of the same hues.  ``tests/ui/test_tokens.py`` computes the contrast of
every pair that the screen uses (WCAG 2.2: text ≥ 4.5, shapes ≥ 3).  No Qt here.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by role, as ``#RRGGBB``."""

    name: str
    ground: str
    panel: str
    raised: str
    """Buttons, chips, selected rows."""
    line: str
    """Hairlines that carry no meaning (decorative, no contrast demanded)."""
    grid: str
    text: str
    muted: str
    """Secondary text; still ≥ 4.5 on every surface."""
    focus: str
    outline: str
    """Border of a control, ≥ 3 on panel and ground."""
    ok: str
    ok_text: str
    """The hue of ``ok`` light enough for words; on the dark panel the pure one is not."""
    info: str
    attention: str
    stop: str
    stop_text: str
    zone_red: str
    """Red zone of a gauge, a shape; beside ``attention`` and not to be taken for it."""
    critical: str
    """Ground of the one red banner; text on it is ``on_critical``."""
    on_critical: str
    bar: str
    """A repetition that is nothing special."""
    bar_last: str
    bar_withdrawn: str
    on_bar: str
    target: str
    """The target band; a large quiet area, its label is written in ``ok_text``."""
    trace: str
    replay: str
    simulated: str
    on_mode: str


DARK: Final = Theme(
    name="dark",
    ground="#101418",
    panel="#181D23",
    raised="#232A32",
    line="#2A323B",
    grid="#262D35",
    text="#E8EAED",
    muted="#A0ABB8",
    focus="#56B4E9",
    outline="#6B7785",
    ok="#009E73",
    ok_text="#1DB588",
    info="#56B4E9",
    attention="#E69F00",
    stop="#D55E00",
    stop_text="#F0803C",
    zone_red="#D55E00",
    critical="#B00020",
    on_critical="#FFFFFF",
    bar="#4A8DB5",
    bar_last="#8CCBF0",
    bar_withdrawn="#6B7785",
    on_bar="#101418",
    target="#16352F",
    trace="#56B4E9",
    replay="#56B4E9",
    simulated="#CC79A7",
    on_mode="#101418",
)

LIGHT: Final = Theme(
    name="light",
    ground="#EEF1F4",
    panel="#FFFFFF",
    raised="#E4E9EE",
    line="#D3DAE1",
    grid="#E3E8ED",
    text="#14181D",
    muted="#4E5965",
    focus="#0067A8",
    outline="#77828E",
    ok="#00694D",
    ok_text="#00694D",
    info="#005C94",
    attention="#805300",
    stop="#A83E00",
    stop_text="#A83E00",
    zone_red="#C2001F",
    critical="#B00020",
    on_critical="#FFFFFF",
    bar="#3D7BA3",
    bar_last="#005C94",
    bar_withdrawn="#77828E",
    on_bar="#FFFFFF",
    target="#D9F0E7",
    trace="#005C94",
    replay="#005C94",
    simulated="#8A2F63",
    on_mode="#FFFFFF",
)

THEMES: Final = {theme.name: theme for theme in (DARK, LIGHT)}

TEXT_PAIRS: Final = (
    *(
        (ink, surface)
        for ink in ("text", "muted", "ok_text", "info", "attention", "stop_text")
        for surface in ("ground", "panel", "raised")
    ),
    ("on_critical", "critical"),
    ("on_mode", "replay"),
    ("on_mode", "simulated"),
    ("on_mode", "info"),
    ("on_bar", "bar"),
    ("on_bar", "bar_last"),
    ("on_bar", "attention"),
    ("on_bar", "stop"),
    ("ok_text", "target"),
    ("text", "target"),
    ("muted", "target"),
    ("stop_text", "target"),
)
"""Pairs of (ink, surface) in which words or digits are written."""

SHAPE_PAIRS: Final = (
    ("focus", "panel"),
    ("focus", "ground"),
    ("outline", "panel"),
    ("outline", "ground"),
    ("trace", "panel"),
    ("bar", "ground"),
    ("bar_last", "panel"),
    ("bar_last", "target"),
    ("bar_withdrawn", "panel"),
    ("replay", "ground"),
    ("simulated", "ground"),
    ("attention", "target"),
    ("info", "panel"),
    ("info", "raised"),
    ("attention", "panel"),
    ("muted", "panel"),
    ("ok", "panel"),
    ("ok", "ground"),
    ("ok", "raised"),
    ("stop", "panel"),
    ("stop", "ground"),
    ("stop", "raised"),
    ("stop", "target"),
    ("zone_red", "panel"),
    ("zone_red", "ground"),
)
"""Pairs of (shape, surface) that carry meaning without being text.

A line across bars is cased in the panel colour, so that its surface is the panel.
"""

# Sizes at scale 1.0 = 1920 × 1080, in logical pixels.
TEXT_SMALL: Final = 14
TEXT: Final = 16
TEXT_STRONG: Final = 18
TEXT_HEADER: Final = 24
TEXT_NUMBER: Final = 132
"""The one number of the clinician view."""
GAP: Final = 12
PAD: Final = 20
RADIUS: Final = 8
TARGET: Final = 44
"""Smallest side of anything to press; never scaled down (WCAG 2.5.8 asks 24)."""
MIN_TEXT_PX: Final = 12

# Lifter view, heights in millimetres for a reader at 3 m (h = d·tan θ).
LIFTER_PRIMARY_MM: Final = 105.0
LIFTER_PRIMARY_MIN_MM: Final = 52.0
LIFTER_SECONDARY_MM: Final = 26.0
LIFTER_LEGIBLE_MM: Final = 17.5


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB`` (WCAG 2.2)."""

    def channel(part: str) -> float:
        value = int(part, 16) / 255.0
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = (channel(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1–21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(theme: Theme) -> dict[str, str]:
    """All colours of a theme by role."""
    values = dataclasses.asdict(theme)
    del values["name"]
    return values
