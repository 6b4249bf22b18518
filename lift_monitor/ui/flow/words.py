"""Words of the programme on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from lift_monitor.events import Confidence
from lift_monitor.programme.plan import ExerciseKind, Phase
from lift_monitor.programme.prescription import PrescribedSet
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import EventGrade, SetKind, Verdict
from lift_monitor.ui.i18n import load, number, tr
from lift_monitor.ui.readings import Level
from lift_monitor.visit.today import LastSet, Today, TodayItem

NOTHING = "·"


def phase_word(phase: Phase) -> str:
    """What a phase is called."""
    return {
        Phase.FAMILIARISATION: tr("familiarisation"),
        Phase.TRAINING: tr("training"),
        Phase.IMPACT: tr("impact loading"),
        Phase.RETEST: tr("re-test"),
        Phase.RETURN: tr("return"),
    }[phase]


def action_word(action: Action) -> str:
    """What an action is called, in capitals where it is shown as a state."""
    return {
        Action.STOP_AND_REFER: tr("STOP AND REFER"),
        Action.REFAMILIARISE: tr("RE-FAMILIARISE"),
        Action.STEP_DOWN: tr("STEP DOWN"),
        Action.HOLD: tr("HOLD"),
        Action.RETEST: tr("RE-TEST"),
        Action.STEP_UP: tr("STEP UP"),
    }[action]


def action_level(action: Action) -> Level:
    """State of an action: only *stop and refer* is red."""
    if action is Action.STOP_AND_REFER:
        return Level.STOP
    if action in (Action.REFAMILIARISE, Action.STEP_DOWN):
        return Level.CHECK
    return Level.OK if action is Action.STEP_UP else Level.INFO


def action_shape(action: Action) -> str:
    """A shape for an action, so that it is told without its colour."""
    return {
        Action.STOP_AND_REFER: "■",
        Action.REFAMILIARISE: "←",
        Action.STEP_DOWN: "↓",
        Action.HOLD: "=",
        Action.RETEST: "◆",
        Action.STEP_UP: "↑",
    }[action]


def confidence_word(confidence: Confidence) -> str:
    """How far something may be trusted, with its shape."""
    return {
        Confidence.HIGH: tr("● high"),
        Confidence.LOW: tr("▲ low"),
        Confidence.NONE: tr("— none"),
    }[confidence]


def verdict_word(verdict: Verdict) -> str:
    """What was done with a proposal."""
    return {
        Verdict.ACCEPTED: tr("accepted"),
        Verdict.CHANGED: tr("changed"),
        Verdict.REJECTED: tr("rejected"),
        Verdict.SET: tr("set by the clinician"),
    }[verdict]


def grade_word(grade: EventGrade) -> str:
    """How grave an adverse event is."""
    return {EventGrade.MINOR: tr("Minor"), EventGrade.SERIOUS: tr("Serious")}[grade]


def set_word(kind: SetKind, number_: int, of: int = 0) -> str:
    """A set by its kind and number, e.g. ``set 3 of 5``."""
    words = {
        SetKind.WARM_UP: tr("warm-up {n}", n=number_),
        SetKind.WORKING: tr("set {n}", n=number_),
        SetKind.TEST: tr("test {n}", n=number_),
    }[kind]
    return tr("{what} of {n}", what=words, n=of) if of >= number_ else words


def short_set(kind: SetKind, number_: int) -> str:
    """The same in as little room as there is."""
    letter = {SetKind.WARM_UP: tr("w"), SetKind.WORKING: "", SetKind.TEST: tr("t")}[kind]
    return f"{letter}{number_}"


def kg_word(kg: float | None, kind: ExerciseKind = ExerciseKind.LIFT) -> str:
    """A load; 0 and none are body weight where nothing is loaded."""
    if kg is None:
        return tr("load not known") if kind is ExerciseKind.LIFT else tr("body weight")
    return tr("no load") if kg == 0.0 else load(kg)


def dose_word(item: TodayItem) -> str:
    """What is to be done of an exercise, or how far it is, in one line."""
    if item.stop:
        return tr("STOP is proposed: decide")
    if item.blocked:
        return tr("not today")
    if not item.sets:
        return tr("nothing prescribed")
    what = kg_word(item.load_kg, item.kind)
    if item.done:
        return tr("{what} · {done} of {n} sets", what=what, done=item.done, n=item.sets)
    if item.kind is ExerciseKind.IMPACT:
        return tr("{what} · {n} × {reps} landings", what=what, n=item.sets, reps=item.repetitions)
    return tr("{what} · {n} × {reps}", what=what, n=item.sets, reps=item.repetitions)


def next_word(today: Today) -> str:
    """Which set is next, or going on."""
    planned = today.next
    if planned is None:
        return tr("nothing to do")
    return set_word(planned.kind, planned.number, today.of)


def what_word(planned: PrescribedSet, kind: ExerciseKind) -> str:
    """Load and share of the maximum of a set."""
    what = kg_word(planned.load_kg, kind)
    if planned.intensity_pct is not None:
        what += tr(" · {pct} %", pct=number(planned.intensity_pct, 0))
    return what


def _kg(kg: float) -> str:
    return load(kg).rsplit(" ", 1)[0]


def count_word(done: LastSet) -> str:
    """Repetitions and load of a set."""
    count = "?" if done.counted is None else str(done.counted)
    if done.load_kg is None:
        return tr("{n} of {m}", n=count, m=done.target)
    return tr("{n} × {kg}", n=count, kg=_kg(done.load_kg))


def flags_word(done: LastSet) -> tuple[str, str]:
    """Flags of a set with shape, and the colour role; *not watched* is not *clean*."""
    if done.red:
        return f"■ {done.red}", "stop"
    if done.amber:
        return f"▲ {done.amber}", "attention"
    if done.red is None:
        return f"○ {tr('not watched')}", "muted"
    return "●", "ok"


def join(parts: Sequence[str]) -> str:
    """Parts of one line; empty ones are left out."""
    return f" {NOTHING} ".join(part for part in parts if part)
