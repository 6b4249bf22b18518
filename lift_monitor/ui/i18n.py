"""Words and numbers as the user's language writes them."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QLocale

from lift_monitor.events import Exercise

DASH = "—"
"""Shown for a number that is not there or was withdrawn."""
MINUS = "−"


def tr(text: str, **values: object) -> str:
    """Translate ``text`` and fill its ``{named}`` places."""
    translated = QCoreApplication.translate("lift_monitor", text)
    return translated.format(**values) if values else translated


def number(value: float | None, decimals: int = 2, *, signed: bool = False) -> str:
    """Write a number with the locale's decimal sign; an em dash if there is none."""
    if value is None or not math.isfinite(value):
        return DASH
    value = round(value, decimals) + 0.0  # no "−0.00"
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    digits = locale.toString(abs(value), "f", decimals)
    sign = MINUS if value < 0 else ("+" if signed and value > 0 else "")
    return sign + digits


def load(kg: float | None) -> str:
    """Write a load with its unit, without superfluous zeros."""
    if kg is None:
        return DASH
    decimals = 0 if float(kg).is_integer() else (1 if float(kg * 10).is_integer() else 2)
    return tr("{kg} kg", kg=number(kg, decimals))


def clock(seconds: float | None, *, tenths: bool = False) -> str:
    """Write a duration as ``m:ss`` or ``h:mm:ss``; tenths are cut, not rounded."""
    if seconds is None or not math.isfinite(seconds):
        return DASH
    sign = MINUS if seconds < 0 else ""
    total_tenths = int(abs(seconds) * 10 + 1e-6)
    whole, tenth = divmod(total_tenths, 10)
    minutes, second = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}:{second:02d}" if hours else f"{minutes}:{second:02d}"
    if tenths:
        text += QLocale().decimalPoint() + str(tenth)
    return sign + text


def exercise_name(exercise: Exercise) -> str:
    """What an exercise is called on the screen."""
    return {
        Exercise.DEADLIFT: tr("Deadlift"),
        Exercise.ROMANIAN_DEADLIFT: tr("Romanian deadlift"),
        Exercise.BACK_SQUAT: tr("Back squat"),
        Exercise.OVERHEAD_PRESS: tr("Overhead press"),
        Exercise.BENT_OVER_ROW: tr("Bent-over row"),
        Exercise.BENCH_PRESS: tr("Bench press"),
        Exercise.JUMPING_CHIN_UP: tr("Jumping chin-up"),
        Exercise.DROP_LANDING: tr("Drop landing"),
        Exercise.HEEL_DROP: tr("Heel drop or stomp"),
        Exercise.FREE: tr("Free movement"),
    }[exercise]
