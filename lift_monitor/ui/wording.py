"""Sentences for the codes of the view model: what, how much, what to do."""

from __future__ import annotations

from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.readings import Cue, DataState, Fault, Reading
from lift_monitor.ui.trunk_wording import alarm_text, alarm_word

_TOLD_WHOLE = ("slipped", "calibration_refused")
"""Faults whose own sentence says what to do already."""


def why(reading: Reading) -> str:
    """The reason of a reading that is not simply live; empty if it is."""
    if reading.why == "stale":
        age = tr("no data from the bar for {s} s", s=number(reading.age_s, 1))
        held = reading.state is DataState.HELD
        return tr("held: {age}", age=age) if held else tr("withdrawn: {age}", age=age)
    return {
        "": "",
        "lost": tr("withdrawn: bar sensor lost"),
        "waiting": tr("waiting for the bar sensor"),
        "ended": tr("the recording ends here"),
        "gap": tr("hole in the data"),
        "no_bar": tr("no sensor on the bar"),
        "no_repetition": tr("no repetition yet"),
    }.get(reading.why, reading.why)


def fault_title(fault: Fault) -> str:
    """What is wrong, with value and subject."""
    subject = fault.subject[:1].upper() + fault.subject[1:]
    titles = {
        "error": tr("Stopped"),
        "lost": tr("{who}: no data", who=subject),
        "waiting": tr("{who}: no packet has come yet", who=subject),
        "battery": tr("{who}: battery {pct} %", who=subject, pct=number(fault.value, 0)),
        "loss": tr("{who}: {pct} % of packets lost", who=subject, pct=number(fault.value, 1)),
        "check": tr("{who}: look at the sensor", who=subject),
        "gap": tr("{who}: hole in the data", who=subject),
        "thin_stream": tr("{who}: too few samples", who=subject),
        "repeated_samples": tr("{who}: values sent again", who=subject),
        "saturation": tr("{who}: range exceeded", who=subject),
        "clock_jump": tr("{who}: clock jumped", who=subject),
        "not_finite": tr("{who}: values that are no numbers", who=subject),
        "no_data": tr("{who}: no data", who=subject),
        "no_bar": tr("No sensor on the bar"),
        "not_calibrated": tr("Spine not watched: not calibrated"),
        "calibration_refused": tr("Calibration not usable"),
        "slipped": tr("{who}: sensor sits otherwise", who=subject),
    }
    return titles.get(fault.code, f"{subject}: {fault.code}")


def fault_action(fault: Fault) -> str:
    """What to do about it."""
    actions = {
        "error": tr("open the recording again or restart the session"),
        "lost": tr("check that the sensor is on and near"),
        "waiting": tr("switch the sensor on and bring it near"),
        "battery": tr("charge it before the next session"),
        "loss": tr("bring the receiver nearer"),
        "check": tr("check its seat and its battery"),
        "gap": tr("bring the receiver nearer; repetitions inside are marked low"),
        "thin_stream": tr("set the sensor to a higher rate"),
        "repeated_samples": tr("restart the sensor"),
        "saturation": tr("set a wider range on the sensor"),
        "clock_jump": tr("restart the sensor"),
        "not_finite": tr("restart the sensor"),
        "no_data": tr("check that the sensor is on and near"),
        "no_bar": tr("bar velocity is not measured in this session; place a sensor to measure it"),
        "not_calibrated": tr("stand upright, hinge at the hips and stand again: press Calibrate"),
    }
    return actions.get(fault.code, tr("look at the sensor"))


def fault_text(fault: Fault) -> str:
    """The core's own sentence if there is one, then the action."""
    if fault.code in _TOLD_WHOLE and fault.text:
        return fault.text
    action = fault_action(fault)
    if not fault.text:
        return action[:1].upper() + action[1:] + "."
    text = fault.text.rstrip(". ")
    return f"{text[:1].upper()}{text[1:]}. → {action[:1].upper()}{action[1:]}."


def cue_word(cue: Cue) -> str:
    """One word for the lifter."""
    if cue.alarm is not None:
        return alarm_word(cue.alarm)
    return {
        "stop": tr("STOP"),
        "slowing": tr("SLOWING"),
        "target_reached": tr("DONE"),
        "withdrawn": tr("NOT MEASURED"),
        "no_data": tr("NO SIGNAL"),
        "unwatched": tr("BACK NOT SEEN"),
    }[cue.code]


def cue_text(cue: Cue) -> str:
    """What, value, limit and action, for the clinician."""
    if cue.alarm is not None:
        return alarm_text(cue.alarm)
    if cue.code == "unwatched":
        return tr(
            "Spine not watched: {why}", why=cue.text or tr("no angle from the trunk sensors.")
        )
    value, limit = number(cue.value, 0), number(cue.limit, 0)
    if cue.code == "no_data" and cue.text:
        return tr("{why} Its numbers are withdrawn.", why=cue.text)
    return {
        "stop": tr(
            "Proposal: end the set. Velocity loss {value} % ≥ {limit} %: set the bar down.",
            value=value,
            limit=limit,
        ),
        "slowing": tr(
            "Velocity loss {value} % ≥ {limit} %: watch the next repetition.",
            value=value,
            limit=limit,
        ),
        "target_reached": tr(
            "{value} repetitions done, {limit} planned.", value=value, limit=limit
        ),
        "withdrawn": tr("The last repetition could not be measured; see the technical list."),
        "no_data": tr("No data from the bar sensor: numbers are withdrawn until it is back."),
    }[cue.code]
