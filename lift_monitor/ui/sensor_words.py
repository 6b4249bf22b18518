"""Words, shapes and cells for sensors and the steps of their check list. No layout."""

from __future__ import annotations

from typing import Final

from lift_monitor.samples import Role
from lift_monitor.sensors.words import LinkState, SensorCard, StepState
from lift_monitor.ui.i18n import DASH, number, tr
from lift_monitor.ui.limits import (
    BATTERY_LOW_PCT,
    LOSS_CHECK_PCT,
    SIGNAL_FAIR_DBM,
    SIGNAL_STRONG_DBM,
    STALE_GONE_S,
)
from lift_monitor.ui.tables import Cell

_OLDEST_S: Final = 99.9
"""What the column has room for."""
_TAIL: Final = 5
"""Characters of a serial number or an address; two bytes of an address with their colon."""
TAPPED_S: Final = 3.0
"""How long a sensor that was tapped stays lit; design default, clinician may change."""

ROLES: Final = (Role.BAR, Role.THORAX, Role.PELVIS)


def role_name(role: Role) -> str:
    """Where a sensor sits, in words."""
    return {Role.BAR: tr("Bar"), Role.THORAX: tr("Thorax"), Role.PELVIS: tr("Pelvis")}[role]


def sensor_label(card: SensorCard) -> str:
    """A short name that tells two sensors of one kind apart.

    Where only a serial number or an address does, its last characters stand for it.
    """
    name, _, tail = card.name.partition(" …")
    if not tail and card.serial and card.serial not in name:
        tail = card.serial
    return f"{name} …{tail[-_TAIL:]}" if tail else name


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
        StepState.FAILED: ("▲", tr("failed"), "attention"),
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
    ("Sensor\n", "Movesense 000000000000"),
    ("Place\n", "Thorax"),
    ("Link\n", "◆ Connecting"),
    ("Signal\n", "−100 dBm"),
    ("Battery\n", "▲ 10 %"),
    ("Rate, Hz\nloss", "100.0 of 100"),
    ("Clock\ndrift", "±10.0 ms"),
    ("Last\npacket", "▲ 00.0 s"),
)
"""Headers and widest contents of the list of sensors."""


def sensor_row(card: SensorCard) -> list[Cell]:
    """One row of the list: two lines a cell, and the colour role of the first."""
    shape, word, role = link_look(card.link)
    second = tr("this was tapped") if was_tapped(card) else _losses(card.link_losses)
    here, lost = card.role is not None, card.link is LinkState.LOST
    more = [part for part in (card.family, card.serial) if part and part not in card.name]
    return [
        (_two(sensor_label(card), " ".join(more)), ""),
        (role_name(card.role) if card.role is not None else DASH, "" if here else "muted"),
        (_two(f"{shape} {word}", second), role),
        # Without a link there is no signal and no rate: old numbers would look like new ones.
        (DASH, "muted") if lost else _signal(card.rssi_dbm),
        _battery(card.battery_pct),
        (DASH, "muted") if lost else _rate(card),
        (DASH, "muted") if lost else _clock(card),
        _age(card.age_s, lost=lost),
    ]


def _two(first: str, second: str) -> str:
    return f"{first or DASH}\n{second}" if second else first or DASH


def _losses(count: int) -> str:
    return tr("lost {n} ×", n=count) if count else ""


def _signal(rssi_dbm: float | None) -> Cell:
    if rssi_dbm is None:
        return DASH, "muted"
    weak = rssi_dbm < SIGNAL_FAIR_DBM
    word = signal_word(rssi_dbm)
    text = _two(tr("{n} dBm", n=number(rssi_dbm, 0)), f"▲ {word}" if weak else word)
    return text, "attention" if weak else ""


def _battery(pct: float | None) -> Cell:
    if pct is None:
        return DASH, "muted"
    text = tr("{n} %", n=number(pct, 0))
    return (f"▲ {text}", "attention") if pct <= BATTERY_LOW_PCT else (text, "")


def _rate(card: SensorCard) -> Cell:
    nominal = card.nominal_rate_hz
    if card.rate_hz is None:
        return (DASH if nominal is None else tr("— of {n}", n=number(nominal, 0))), "muted"
    text = number(card.rate_hz, 1)
    if nominal is not None:
        text = tr("{r} of {n}", r=text, n=number(nominal, 0))
    if card.loss_pct is None:
        return text, ""
    lossy = card.loss_pct >= LOSS_CHECK_PCT
    loss = tr("loss {n} %", n=number(card.loss_pct, 1))
    return _two(text, f"▲ {loss}" if lossy else loss), "attention" if lossy else ""


def _clock(card: SensorCard) -> Cell:
    if card.clock_error_ms is None:
        return DASH, "muted"
    error = tr("±{n} ms", n=number(abs(card.clock_error_ms), 1))
    drift = card.drift_ppm
    return _two(error, "" if drift is None else tr("{n} ppm", n=number(drift, 0, signed=True))), ""


def _age(age_s: float | None, *, lost: bool) -> Cell:
    if age_s is None:
        return DASH, "muted"
    text = tr("{s} s", s=number(min(age_s, _OLDEST_S), 1))
    return (f"▲ {text}", "attention") if lost or age_s > STALE_GONE_S else (text, "")
