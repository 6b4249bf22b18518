"""How large things must be to be read at three metres. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from lift_monitor.ui import tokens


@dataclass(frozen=True, slots=True)
class LifterSizes:
    """Cap heights in pixels, and whether they can be read at three metres."""

    primary: float
    secondary: float
    count: float
    words: float
    legible: bool


def lifter_sizes(width_px: int, height_px: int, px_per_mm: float) -> LifterSizes:
    """Sizes for a screen: the millimetres of the conventions as far as they fit.

    Parameters
    ----------
    width_px, height_px : int
        Size of the view.
    px_per_mm : float
        Physical resolution; screens lie, so the user may set it.
    """
    # Four figures of "0.00" are about 2.7 cap heights wide; the count needs a third.
    fits = min(0.38 * height_px, 0.60 * width_px / 2.75)
    primary = min(max(tokens.LIFTER_PRIMARY_MM * px_per_mm, 0.24 * height_px), fits)
    secondary = min(max(tokens.LIFTER_SECONDARY_MM * px_per_mm, 0.12 * height_px), 0.6 * primary)
    words = min(max(tokens.LIFTER_LEGIBLE_MM * px_per_mm, 0.026 * height_px), 0.065 * height_px)
    millimetre = 0.999 / px_per_mm
    return LifterSizes(
        primary,
        secondary,
        count=min(max(1.35 * secondary, 0.3 * primary), 0.45 * primary),
        words=words,
        legible=primary / px_per_mm >= tokens.LIFTER_PRIMARY_MIN_MM * 0.999
        and secondary * millimetre >= tokens.LIFTER_SECONDARY_MM * 0.99
        and words * millimetre >= tokens.LIFTER_LEGIBLE_MM * 0.99,
    )
