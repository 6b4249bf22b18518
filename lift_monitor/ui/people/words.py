"""What the pages of people call things: levels, phases, findings, measures. Shape, word, role."""

from __future__ import annotations

from datetime import date

from lift_monitor.programme.clearance import Clearance, Level, Weight
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import EventGrade, MaximumSource, SetKind, Verdict
from lift_monitor.ui.i18n import DASH, load, number, tr

Look = tuple[str, str]
"""Words with their shape, and the colour role."""


def level_look(level: Level | None) -> Look:
    """A clearance; none is a state of its own, and no calm one."""
    if level is None:
        return tr("▲ Not assessed"), "attention"
    return {
        Level.HIGH_INTENSITY: (tr("● High intensity"), "ok"),
        Level.RESTRICTED: (tr("◆ Restricted"), "info"),
        Level.NO_LOAD: (tr("■ No load"), "stop"),
    }[level]


def level_word(level: Level) -> str:
    """A level without its shape."""
    return {
        Level.HIGH_INTENSITY: tr("High intensity"),
        Level.RESTRICTED: tr("Restricted"),
        Level.NO_LOAD: tr("No load"),
    }[level]


def level_means(level: Level) -> str:
    """What a level means for the training, in one sentence."""
    return {
        Level.HIGH_INTENSITY: tr("The plan as it is written: heavy lifts and impacts."),
        Level.RESTRICTED: tr("Raised start, no impacts, capped load."),
        Level.NO_LOAD: tr("No exercise is prescribed."),
    }[level]


def clearance_look(clearance: Clearance | None) -> Look:
    """See :func:`level_look`."""
    return level_look(clearance.level if clearance is not None else None)


def weight_look(weight: Weight) -> Look:
    """What a finding means."""
    return {
        Weight.BLOCKS: (tr("■ Blocks loading"), "stop"),
        Weight.RESTRICTS: (tr("▲ Restricts"), "attention"),
        Weight.NOTE: (tr("◆ Note"), "info"),
    }[weight]


def phase_word(phase: Phase | None) -> str:
    """Where somebody is with an exercise."""
    if phase is None:
        return tr("not begun")
    return {
        Phase.FAMILIARISATION: tr("familiarisation"),
        Phase.TRAINING: tr("training"),
        Phase.IMPACT: tr("impact loading"),
        Phase.RETEST: tr("re-test"),
        Phase.RETURN: tr("after absence"),
    }[phase]


def action_look(action: Action) -> Look:
    """What is proposed."""
    return {
        Action.STOP_AND_REFER: (tr("■ Stop and refer"), "stop"),
        Action.REFAMILIARISE: (tr("▲ Re-familiarise"), "attention"),
        Action.STEP_DOWN: (tr("▼ Step down"), "attention"),
        Action.HOLD: (tr("◆ Hold"), "info"),
        Action.RETEST: (tr("◆ Re-test"), "info"),
        Action.STEP_UP: (tr("● Step up"), "ok"),
    }[action]


def action_word(key: str) -> str:
    """The word of an action by its key; the key itself if it is none."""
    try:
        return action_look(Action(key))[0]
    except ValueError:
        return key


def verdict_word(verdict: Verdict) -> str:
    """What a clinician did with a proposal."""
    return {
        Verdict.ACCEPTED: tr("accepted"),
        Verdict.CHANGED: tr("changed"),
        Verdict.REJECTED: tr("rejected"),
        Verdict.SET: tr("set"),
    }[verdict]


def source_word(source: MaximumSource) -> str:
    """Where a one-repetition maximum comes from, with the shape that it has in charts."""
    return {
        MaximumSource.TESTED: tr("● tested"),
        MaximumSource.REPETITIONS: tr("▲ by repetitions"),
        MaximumSource.VELOCITY: tr("◇ by velocity, advisory"),
    }[source]


def set_kind_word(kind: SetKind) -> str:
    """What a set is for."""
    return {
        SetKind.WARM_UP: tr("warm-up"),
        SetKind.WORKING: tr("working"),
        SetKind.TEST: tr("test"),
    }[kind]


def grade_look(grade: EventGrade) -> Look:
    """How grave an adverse event is."""
    if grade is EventGrade.SERIOUS:
        return tr("■ serious"), "stop"
    return tr("▲ minor"), "attention"


def day_word(day: date | None) -> str:
    """A day as it is read; a dash if there is none."""
    return DASH if day is None else day.isoformat()


def ago(day: date | None, today: date) -> str:
    """How long ago a day was, in words."""
    if day is None:
        return tr("never")
    days = (today - day).days
    if days == 0:
        return tr("today")
    if days == 1:
        return tr("yesterday")
    if days < 14:
        return tr("{n} days ago", n=days)
    return tr("{n} weeks ago", n=days // 7)


def plain(value: float) -> str:
    """A number without superfluous zeros."""
    return load(value).removesuffix(" kg") if value >= 0 else number(value, 2)
