"""Words, shapes and cells for sensors and the steps of their check list. No layout."""

from __future__ import annotations

from typing import Final

from lift_monitor.samples import Role
from lift_monitor.sensors.words import LinkState, SensorCard, StepState
from lift_monitor.ui.i18n import DASH, number, tr

SIGNAL_STRONG_DBM: Final = -67.0
SIGNAL_FAIR_DBM: Final = -80.0
"""Design defaults, clinician may change: a body in the way takes 10–20 dB of it."""
TAPPED_S: Final = 3.0
"""How long a sensor that was tapped stays lit; design default, clinician may change."""

ROLES: Final = (Role.BAR, Role.THORAX, Role.PELVIS)


def role_name(role: Role) -> str:
    """Where a sensor sits, in words."""
    return {Role.BAR: tr("Bar"), Role.THORAX: tr("Thorax"), Role.PELVIS: tr("Pelvis")}[role]


def signal_word(rssi_dbm: float | None) -> str:
    """Strength of the signal in a word; empty if it is not known."""
    if rssi_dbm is None:
        return ""
    if rssi_dbm >= SIGNAL_STRONG_DBM:
        return tr("strong")
    return tr("fair") if rssi_dbm >= SIGNAL_FAIR_DBM else tr("weak")


def link_look(link: LinkState) -> tuple[str, str, str]:
    """Shape, word and colour role of a link."""
    return {
        LinkState.SEEN: ("○", tr("In reach"), "text"),
        LinkState.REMEMBERED: ("◇", tr("Not seen"), "muted"),
        LinkState.CONNECTING: ("◆", tr("Connecting"), "info"),
        LinkState.STREAMING: ("●", tr("Streaming"), "ok_text"),
        LinkState.LOST: ("■", tr("Link lost"), "stop_text"),
        LinkState.FAILED: ("▲", tr("Failed"), "attention"),
    }[link]


def is_connected(card: SensorCard) -> bool:
    """Whether the sensor is wanted: connected, being connected, or lost on the way."""
    return card.link in (LinkState.CONNECTING, LinkState.STREAMING, LinkState.LOST)


def was_tapped(card: SensorCard) -> bool:
    """Whether the sensor was tapped just now."""
    return card.tapped_s_ago is not None and card.tapped_s_ago <= TAPPED_S


def step_look(state: StepState) -> tuple[str, str, str]:
    """Shape, word and colour role of a step of the check list."""
    return {
        StepState.WAITING: ("○", tr("later"), "muted"),
        StepState.OPEN: ("◆", tr("now"), "info"),
        StepState.RUNNING: ("▶", tr("running"), "info"),
        StepState.DONE: ("●", tr("done"), "ok"),
        StepState.FAILED: ("▲", tr("not passed"), "attention"),
    }[state]


def step_name(key: str) -> str:
    """What a step is called."""
    return {
        "found": tr("Sensors found"),
        "placed": tr("Sensors placed"),
        "connected": tr("Sensors connected"),
        "still": tr("Still check"),
        "tap": tr("Tap check"),
    }.get(key, key)


COLUMNS: Final = (
    ("Sensor\n", "Movella DOT 000000"),
    ("Place\n", "Thorax"),
    ("Link\n", "○ this was tapped"),
    ("Signal\n", "−100 dBm"),
    ("Battery\n", "100 %"),
    ("Rate, Hz\nloss", "100.0 of 100"),
    ("Clock\ndrift", "±10.0 ms"),
    ("Last\npacket", "00.0 s"),
)
"""Headers and widest contents of the list of sensors."""


def sensor_row(card: SensorCard) -> list[tuple[str, str]]:
    """One row of the list: two lines a cell, and the colour role of the first."""
    shape, word, role = link_look(card.link)
    second = tr("this was tapped") if was_tapped(card) else _losses(card.link_losses)
    place = role_name(card.role) if card.role is not None else DASH
    battery = DASH if card.battery_pct is None else tr("{n} %", n=number(card.battery_pct, 0))
    rssi = card.rssi_dbm
    family = " ".join(part for part in (card.family, card.serial) if part and part != card.name)
    return [
        (f"{card.name}\n{family}", "text"),
        (place, "text" if card.role is not None else "muted"),
        (f"{shape} {word}\n{second}", role),
        (_two(tr("{n} dBm", n=number(rssi, 0)) if rssi is not None else "", signal_word(rssi)), ""),
        (battery, ""),
        (_two(_rate(card), _loss(card)), ""),
        (_two(_clock(card.clock_error_ms), _drift(card.drift_ppm)), ""),
        (DASH if card.age_s is None else tr("{s} s", s=number(min(card.age_s, 99.0), 1)), ""),
    ]


def _two(first: str, second: str) -> str:
    return f"{first or DASH}\n{second}"


def _losses(count: int) -> str:
    return tr("lost {n} ×", n=count) if count else ""


def _rate(card: SensorCard) -> str:
    if card.rate_hz is None:
        return tr("— of {n}", n=number(card.nominal_rate_hz, 0)) if card.nominal_rate_hz else ""
    if card.nominal_rate_hz is None:
        return number(card.rate_hz, 1)
    return tr("{r} of {n}", r=number(card.rate_hz, 1), n=number(card.nominal_rate_hz, 0))


def _loss(card: SensorCard) -> str:
    return "" if card.loss_pct is None else tr("loss {n} %", n=number(card.loss_pct, 1))


def _clock(error_ms: float | None) -> str:
    return "" if error_ms is None else tr("±{n} ms", n=number(abs(error_ms), 1))


def _drift(ppm: float | None) -> str:
    return "" if ppm is None else tr("{n} ppm", n=number(ppm, 0, signed=True))
