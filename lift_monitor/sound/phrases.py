"""What is written into the log and what is said aloud, for each thing that is sounded."""

from __future__ import annotations

from typing import Final

from lift_monitor.events import Confidence, Repetition
from lift_monitor.samples import Role
from lift_monitor.technique import FlagKind, Landing, TrunkFlag

_NAMES: Final = {
    FlagKind.LUMBAR_FLEXION: "lumbar flexion",
    FlagKind.TRUNK_LEAN: "trunk lean",
    FlagKind.TWIST: "twist",
}
_STOP_WORDS: Final = {
    FlagKind.LUMBAR_FLEXION: "Stop. Back bending. Lower the bar.",
    FlagKind.TRUNK_LEAN: "Stop. Trunk leaning. Lower the bar.",
    FlagKind.TWIST: "Stop. Twisting. Lower the bar.",
}
_CHECK_WORDS: Final = {
    FlagKind.LUMBAR_FLEXION: "Watch the back",
    FlagKind.TRUNK_LEAN: "Watch the trunk",
    FlagKind.TWIST: "Do not twist",
}
_LOADS: Final = {True: "under load", False: "without load", None: "load not known"}

END_SET: Final = "End the set"
SOFTER: Final = "Land softer"
RESTORED: Final = "Measured again"
NOT_MEASURED: Final = "Not measured"
NOT_CALIBRATED: Final = "Calibration refused"
STOPPED: Final = "Measurement stopped"
NOT_WATCHED: Final = "Spine not watched"
ANGLES_WITHDRAWN: Final = "the angles of the trunk are withdrawn"
NO_ANSWER: Final = "The station does not answer"
TEST: Final = "Sound test"


def flag_text(flag: TrunkFlag) -> str:
    """Name, value, limit, severity, load and confidence of a flag."""
    unit = " deg" if flag.unit == "deg" else f" {flag.unit}"
    low = "" if flag.confidence is Confidence.HIGH else ", low confidence"
    return (
        f"{_NAMES[flag.kind]} {flag.peak:.0f} > {flag.limit:.0f}{unit}, {flag.severity.value}, "
        f"{_LOADS[flag.under_load]}{low}"
    )


def stop_words(flag: TrunkFlag) -> str:
    """What to do about a flag that orders a stop."""
    return _STOP_WORDS[flag.kind]


def check_words(flag: TrunkFlag) -> str:
    """What to look at."""
    return _CHECK_WORDS[flag.kind]


def loss_text(rep: Repetition, limit_pct: float) -> str:
    """Velocity loss of a repetition against its limit."""
    return f"velocity loss {rep.velocity_loss_pct:.0f} >= {limit_pct:.0f} %, {rep_text(rep)}"


def rep_text(rep: Repetition) -> str:
    """Which repetition."""
    return f"repetition {rep.number} of set {rep.set_number}"


def landing_text(landing: Landing, number: int) -> str:
    """Which landing, and how hard."""
    least = "at least " if landing.clipped else ""
    return f"landing {number}, estimated {least}{landing.peak_grf_bw:.1f} body weights"


def count_words(number: int, *, last: bool) -> str:
    """The number aloud."""
    return f"{number}, done" if last else str(number)


def lost_words(role: Role) -> str:
    """Whose data are missing."""
    return f"{role.value.capitalize()} sensor lost"


def slipped_words(role: Role | None) -> str:
    """Which sensor to look at."""
    return "Check the trunk sensors" if role is None else f"Check the {role.value} sensor"
