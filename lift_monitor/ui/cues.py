"""What is said to the lifter: one thing at a time, safety before counting. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lift_monitor.events import Confidence
from lift_monitor.ui.readings import Cue, Level

if TYPE_CHECKING:
    from lift_monitor.ui.model import SessionModel

_SILENT: Final = ("stale", "lost")
_NOT_YET: Final = ("not_calibrated", "waiting", "ended")
"""Why there is no angle although nothing was lost: the gauge says so, no cue does."""


def cue_of(model: SessionModel) -> Cue | None:
    """At most one thing to say, the most pressing one: technique before counting."""
    alarm = next((a for a in model.alarms() if a.active), None)
    flagged = None
    if alarm is not None:
        code = "landing" if alarm.code == "landing" else "flag"
        flagged = Cue(code, alarm.level, alarm.value, alarm.limit, alarm=alarm)
        if alarm.level is Level.STOP:
            return flagged
    live = model.live_reading()
    if live.why in _SILENT and not model.landing_session:
        return Cue("no_data", Level.CHECK, live.age_s, text=live.text)
    found = _set_cue(model)
    if found is not None and found.level is Level.STOP:
        return found
    return flagged or _unwatched(model) or found


def _unwatched(model: SessionModel) -> Cue | None:
    """No angle must not look like no flag."""
    spine = model.spine()
    if spine is None or spine.value is not None or spine.why in _NOT_YET:
        return None
    return Cue("unwatched", Level.CHECK, spine.age_s, text=spine.text)


def _set_cue(model: SessionModel) -> Cue | None:
    """What the repetitions of an open set say."""
    view = model.current
    if view is None or model.resting or view.last is None:
        return None
    last = view.last
    if last.confidence is Confidence.NONE:
        return Cue("withdrawn", Level.INFO)
    loss, config = last.velocity_loss_pct, model.config
    level = model.level_of(last)
    if level is Level.STOP:
        # A number that is not trusted does not order a stop: it asks to look.
        if last.confidence is Confidence.LOW:
            return Cue("slowing", Level.CHECK, loss, config.loss_stop_pct)
        return Cue("stop", Level.STOP, loss, config.loss_stop_pct)
    if last.number >= model.target_reps:
        return Cue("target_reached", Level.OK, last.number, model.target_reps)
    if level is Level.CHECK:
        return Cue("slowing", Level.CHECK, loss, config.loss_amber_pct)
    return None
