"""Sentences of the trunk: what + value + limit + action, and why there is no number."""

from __future__ import annotations

from lift_monitor.signal.landing_dose import SessionDose
from lift_monitor.technique import FlagKind, Load, Severity
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.readings import Alarm
from lift_monitor.ui.trunk_readings import LandingItem, LoadReading, SpineReading

BLANK = "– –"
"""Shown by the gauge in the place of an angle that was withdrawn."""


def kind_name(kind: FlagKind) -> str:
    """What a gauge or a trace of this kind is called."""
    return {
        FlagKind.LUMBAR_FLEXION: tr("Lumbar flexion"),
        FlagKind.TRUNK_LEAN: tr("Trunk lean"),
        FlagKind.TWIST: tr("Twist rate"),
    }[kind]


def with_unit(value: float | None, unit: str) -> str:
    """A value with its unit as short as the screen needs it."""
    if unit == "deg":
        return number(value, 0) + "°"
    if unit == "deg/s":
        return number(value, 0) + "°/s"
    return tr("{v} {unit}", v=number(value, 1), unit=unit)


def priority_mark(alarm: Alarm) -> str:
    """``***`` for high, ``**`` for medium priority."""
    return "***" if alarm.severity is Severity.RED else "**"


def alarm_title(alarm: Alarm) -> str:
    """What, value, limit and repetition."""
    what = {
        "lumbar_flexion": tr("LUMBAR FLEXION"),
        "trunk_lean": tr("TRUNK LEAN"),
        "twist": tr("TWIST"),
        "landing": tr("LANDING {n}:", n=alarm.repetition),
    }.get(alarm.code, alarm.code)
    mark = "≥" if alarm.least else "~" if alarm.low else ""
    size = abs(alarm.value)
    text = tr(
        "{what} {mark}{value} > {limit}",
        what=what,
        mark=mark,
        value=with_unit(size, alarm.unit),
        limit=with_unit(alarm.limit, alarm.unit),
    )
    if alarm.repetition is None or alarm.code == "landing":
        return text
    return tr("{words} at rep {n}", words=text, n=alarm.repetition)


def alarm_action(alarm: Alarm) -> str:
    """What to do; a flag of low confidence asks to look first."""
    if alarm.code == "landing":
        action = tr("land softer or from lower")
    elif not alarm.bar:
        action = tr("stop, then land with the trunk upright")
        if alarm.severity is Severity.AMBER:
            action = tr("keep the trunk upright")
    elif alarm.severity is Severity.RED:
        action = tr("lower the bar")
    else:
        action = {
            "lumbar_flexion": tr("brace before the next pull"),
            "trunk_lean": tr("raise the chest"),
            "twist": tr("keep shoulders and hips square"),
        }.get(alarm.code, tr("look"))
    return tr("look, then {action}", action=action) if alarm.low else action


def alarm_doubt(alarm: Alarm) -> str:
    """What limits an alarm's trust; empty if nothing does."""
    parts = []
    if alarm.low:
        parts.append(tr("low confidence"))
    if not alarm.load_known:
        parts.append(tr("load not known"))
    return ", ".join(parts)


def alarm_text(alarm: Alarm) -> str:
    """The whole sentence: what + value + limit + action."""
    doubt = alarm_doubt(alarm)
    doubt = f" ({doubt})" if doubt else ""
    return tr(
        "{title}{doubt} – {action}",
        title=alarm_title(alarm),
        doubt=doubt,
        action=alarm_action(alarm),
    )


def alarm_detail(alarm: Alarm) -> str:
    """The second line of the technique list: what to do, and how far to trust it."""
    doubt = alarm_doubt(alarm)
    action = alarm_action(alarm)
    action = action[:1].upper() + action[1:]
    return f"{action} · {doubt}" if doubt else action


def alarm_word(alarm: Alarm) -> str:
    """One word for the lifter."""
    if alarm.severity is Severity.RED:
        return tr("LOWER BAR") if alarm.bar else tr("STOP")
    return {
        "lumbar_flexion": tr("BRACE"),
        "trunk_lean": tr("CHEST UP"),
        "twist": tr("SQUARE UP"),
        "landing": tr("SOFTER"),
    }.get(alarm.code, tr("LOOK"))


def spine_why(reading: SpineReading) -> str:
    """Why the gauge has no needle, or a doubtful one; empty if all is well."""
    if reading.value is not None and reading.why == "":
        if reading.kind is FlagKind.TRUNK_LEAN:
            return tr("Low confidence: one sensor cannot tell a hip hinge from a bent spine.")
        return tr("Low confidence: {why}", why=reading.text) if reading.text else ""
    age = number(reading.age_s, 1)
    if reading.value is not None:
        return tr("Held: no angle for {s} s.", s=age)
    return {
        "not_calibrated": reading.text
        or tr("Not calibrated. Stand upright, hinge and stand again: press Calibrate."),
        "lost": tr("Withdrawn: {why}", why=reading.text or tr("a trunk sensor is lost.")),
        "slipped": reading.text or tr("Withdrawn: a sensor came loose. Calibrate again."),
        "stands_off": reading.text or tr("Withdrawn: the sensors do not agree. Calibrate again."),
        "stale": tr("Withdrawn: no data from the trunk for {s} s.", s=age),
        "gap": tr("Withdrawn: hole in the data of a trunk sensor."),
        "ended": tr("The recording ends here."),
    }.get(reading.why, tr("Waiting for the trunk sensors."))


def spine_word(reading: SpineReading) -> str:
    """The state of the gauge in two words."""
    if reading.value is None:
        return {
            "not_calibrated": tr("NOT CALIBRATED"),
            "lost": tr("SENSOR LOST"),
            "slipped": tr("SENSOR SLIPPED"),
            "ended": tr("END"),
            "waiting": tr("WAITING"),
        }.get(reading.why, tr("WITHDRAWN"))
    return {
        "ok": tr("within limits"),
        "check": tr("over amber"),
        "stop": tr("over red"),
        "info": tr("no limit set"),
    }[reading.level.value]


def lifter_word(reading: SpineReading) -> str:
    """The same for the lifter, read from afar."""
    if reading.value is None:
        return tr("BACK NOT SEEN")
    lean = reading.kind is FlagKind.TRUNK_LEAN
    return {
        "ok": tr("LEAN OK") if lean else tr("BACK OK"),
        "check": tr("LEANING") if lean else tr("ROUNDED"),
        "stop": tr("TOO FAR"),
        "info": tr("LEAN") if lean else tr("BACK"),
    }[reading.level.value]


def load_word(reading: LoadReading) -> str:
    """The state of the load, with its shape."""
    text = {
        Load.LOADED: tr("■ BAR HELD"),
        Load.UNLOADED: tr("▬ FLOOR OR RACK"),
        Load.UNKNOWN: tr("? LOAD NOT KNOWN"),
    }[reading.load]
    return tr("{words} · by hand", words=text) if reading.by_hand else text


def place_word(item: LandingItem) -> str:
    """Where a landing stands to the target band."""
    return {
        "below": tr("below band"),
        "within": tr("in band"),
        "above": tr("above ceiling"),
    }[item.place]


def dose_text(dose: SessionDose) -> str:
    """Count and band of a session's landings, in one line."""
    return tr(
        "{within} in band · {below} below · {above} above",
        within=dose.within,
        below=dose.below,
        above=dose.above,
    )


def index_text(dose: SessionDose) -> str:
    """The osteogenic index with the numbers that it is made of."""
    if not dose.count:
        return tr("osteogenic index {value}", value=number(None))
    return tr(
        "osteogenic index {least}{value} = {mean} BW × ln {n}",
        least="≥ " if dose.at_least else "",
        value=number(dose.osteogenic_index, 1),
        mean=number(dose.mean_bw, 1),
        n=dose.count + 1,
    )


def index_formula() -> str:
    """What the osteogenic index is, and whose."""
    return tr(
        "Osteogenic index of a session = mean peak force in body weights × ln(number of landings"
        " + 1); Turner & Robling 2003, doi:10.1097/00003677-200301000-00009. Forces are estimated."
    )
