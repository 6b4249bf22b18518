"""What the calibration of the trunk says. No layout."""

from __future__ import annotations

from dataclasses import dataclass

from lift_monitor.samples import Role
from lift_monitor.sensors.calibration import CalibrationFlow, FlowState
from lift_monitor.sensors.calibration_guide import HINGE_DEG, GuideState, Pace, Pose
from lift_monitor.sensors.calibration_record import TRUNK_ROLES, CalibrationNow, Standing
from lift_monitor.ui.i18n import number, tr
from lift_monitor.ui.limits import is_lost
from lift_monitor.ui.readings import Level
from lift_monitor.ui.sensor_words import role_name


@dataclass(frozen=True, slots=True)
class Said:
    """What stands on the page: one large line, what to do, a reminder, captions of buttons."""

    headline: str
    text: str
    note: str = ""
    level: Level | None = None
    main: str = ""
    """What the space bar and the pedal do; empty: nothing."""
    other: str = ""
    ring: str = ""
    """What the seconds of the ring are."""
    details: str = ""
    """Small print: reasons, and what holds meanwhile."""


def age_words(age_s: float) -> str:
    """How long ago, as one says it."""
    return tr("{time} ago", time=_minutes(age_s)) if age_s >= 60.0 else tr("just now")


def _minutes(age_s: float) -> str:
    hours, minutes = divmod(int(age_s // 60), 60)
    return tr("{h} h {n} min", h=hours, n=minutes) if hours else tr("{n} min", n=minutes)


def roles_words(roles: tuple[Role, ...]) -> str:
    """``Thorax and pelvis``."""
    names = [role_name(role) for role in roles]
    return tr(" and ").join([*names[:1], *(name.lower() for name in names[1:])])


def scope_words(now: CalibrationNow) -> str:
    """What the sensors of this session can tell at most."""
    roles = now.roles or now.sensors
    if not roles:
        return tr("No trunk sensor in this session: the spine is not watched.")
    if now.lean_only:
        return tr(
            "One trunk sensor ({who}): only trunk lean can be flagged, with low confidence. "
            "One sensor cannot tell a hip hinge from a bent spine.",
            who=role_name(roles[0]).lower(),
        )
    return tr("{who}: lumbar flexion can be flagged.", who=roles_words(roles))


def standing_words(now: CalibrationNow) -> tuple[Level, str, str]:
    """Level, a short title, and why or how old."""
    age = age_words(now.age_s) if now.age_s is not None else ""
    match now.standing:
        case Standing.NO_SENSOR:
            return Level.INFO, tr("Spine not watched"), tr("no trunk sensor")
        case Standing.NONE | Standing.SKIPPED:
            return Level.CHECK, tr("Spine not watched"), tr("not calibrated")
        case Standing.SLIPPED:
            return Level.CHECK, tr("Calibrate again"), slip_words(now)
        case Standing.OLD:
            return (
                Level.CHECK,
                tr("Calibrate again"),
                tr("{time} old", time=_minutes(now.age_s or 0.0)),
            )
        case Standing.LOW:
            return Level.CHECK, tr("Low confidence"), age
        case _:
            return Level.OK, tr("Calibrated"), age
    raise AssertionError(now.standing)


def slip_words(now: CalibrationNow) -> str:
    """Which sensor sits otherwise than when it was calibrated."""
    role = now.slipped[0] if len(now.slipped) == 1 else None
    if role is None:
        return tr("a trunk sensor slipped")
    return tr("{who} sensor slipped", who=role_name(role).lower())


def still_stands_words(now: CalibrationNow) -> str:
    """What holds when nothing new came of it."""
    if now.standing is Standing.SLIPPED:
        return tr("Spine not watched: {why}.", why=slip_words(now))
    if now.standing.calibrated and now.age_s is not None:
        return tr("The calibration made {age} still stands.", age=age_words(now.age_s))
    return tr("Spine not watched: not calibrated.")


def trouble_words(flow: CalibrationFlow) -> str:
    """What would spoil the calibration now: a trunk sensor that sends nothing."""
    silent = silent_roles(flow)
    if not silent:
        return ""
    who = role_name(silent[0]).lower()
    if flow.state is FlowState.GUIDED:
        return tr("▲ The {who} sensor sends nothing: cancel, bring it back, start again.", who=who)
    return tr("▲ The {who} sensor sends nothing: bring it back before you start.", who=who)


def silent_roles(flow: CalibrationFlow) -> tuple[Role, ...]:
    """Trunk sensors that send nothing now."""
    sensors = flow.status.sensors if flow.status is not None else ()
    return tuple(
        sensor.role
        for sensor in sensors
        if sensor.role in TRUNK_ROLES and (is_lost(sensor) or sensor.age_s is None)
    )


def said(flow: CalibrationFlow) -> Said:
    """What the page says at this moment."""
    match flow.state:
        case FlowState.GUIDED:
            return _guided(flow)
        case FlowState.AWAITING:
            return Said(
                tr("One moment"), tr("The three positions are being worked out."), other=tr("Leave")
            )
        case FlowState.CALIBRATED:
            return _calibrated(flow)
        case FlowState.REFUSED:
            stands = flow.now.standing.calibrated
            return Said(
                tr("No new calibration") if stands else tr("Not calibrated"),
                flow.refusal,
                still_stands_words(flow.now),
                Level.CHECK,
                tr("Again"),
                tr("Leave"),
            )
        case _:
            return _intro(flow)


COMFORT = "Never to the end of range. Stop at any discomfort."


def _intro(flow: CalibrationFlow) -> Said:
    now = flow.now
    if not now.sensors:
        return Said(
            tr("No trunk sensor"),
            tr(
                "Place a sensor on thorax and pelvis on the Sensors page to have the spine watched."
            ),
            level=Level.CHECK,
            other=tr("Leave"),
        )
    text = tr("One quiet minute without the bar: stand tall, hinge at the hips, stand tall again.")
    details = tr(
        "It shows how the sensors sit and what is neutral for this person. Have the dowel at hand."
    )
    if flow.interrupted:
        text = tr("A set has begun, so the calibration was left off. Begin again after the set.")
    elif now.standing is Standing.SLIPPED:
        text = tr("See that the sensors sit tight, then calibrate again.")
        details = " ".join(now.reasons)
    elif now.age_s is not None:
        details = details + " " + still_stands_words(now)
    other = tr("Leave") if now.standing.calibrated else tr("Skip")
    return Said(
        tr("Calibrate the trunk"),
        text,
        tr(COMFORT),
        main=tr("Start"),
        other=other,
        details=details,
    )


def _guided(flow: CalibrationFlow) -> Said:
    guide = flow.guide
    ready = guide.state is GuideState.READY
    main = tr("Ready") if ready else tr("Next")
    ring = tr("get ready") if ready else tr("measuring")
    cancel = tr("Cancel")
    degrees = number(HINGE_DEG, 0)
    match guide.step.pose:
        case Pose.STAND:
            head = tr("Stand tall") if ready else tr("Stand still")
            text = tr(
                "Upright, as tall as is comfortable. Look ahead, arms at the sides, breathe calmly."
            )
            return Said(head, text, "", None, main, cancel, ring)
        case Pose.HINGE:
            head = tr("Next: the hinge")
            text = tr(
                "Bend at the hips, back as taught: dowel on head, upper back and tailbone. "
                "Slowly, to about {deg}° or as far as is comfortable.",
                deg=degrees,
            )
            if not ready:
                head = {
                    Pace.DOWN: tr("Bend slowly"),
                    Pace.HOLD: tr("Hold"),
                    Pace.UP: tr("Come up slowly"),
                    Pace.UPRIGHT: tr("Stand"),
                }[guide.pace(flow.now_s)[0]]
            return Said(head, text, tr(COMFORT), None, main, cancel, ring)
        case _:
            head = tr("Stand tall again") if ready else tr("Stand still")
            text = tr("Upright as before, as tall as is comfortable. Look ahead, breathe calmly.")
            return Said(head, text, "", None, main, cancel, ring)


def _calibrated(flow: CalibrationFlow) -> Said:
    now = flow.now
    if now.standing is Standing.LOW:
        return Said(
            tr("Low confidence"),
            tr("Calibrate again if you can. Flags would be marked as of low confidence."),
            level=Level.CHECK,
            main=tr("Again"),
            other=tr("Use it"),
            details=" ".join(now.reasons),
        )
    if now.standing is not Standing.GOOD:
        return Said(
            tr("Calibrate again"),
            tr("See that the sensors sit tight, then calibrate again."),
            level=Level.CHECK,
            main=tr("Again"),
            other=tr("Leave"),
            details=" ".join(now.reasons),
        )
    text = tr("The spine is watched from now on, against this person's own neutral.")
    if now.lean_only:
        text = tr("Trunk lean is watched from now on, against this person's own neutral.")
    return Said(tr("Calibrated"), text, "", Level.OK, tr("Done"), tr("Again"))
