"""Words of the sound channel: what a cue is, how pressing, and what the clinician set.

Every time and limit here is a design default that the clinician may change; the manner of
the alarms is that of patient monitors, and no standard is claimed to be met.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field
from typing import Final

from lift_monitor.station_words import StationConfig


class SoundMode(enum.StrEnum):
    """What is heard."""

    OFF = "off"
    EARCONS = "earcons"
    WORDS = "words"
    """Spoken words where the computer can speak, earcons where it cannot or is too slow."""


class Priority(enum.IntEnum):
    """Which of two sounds goes first; a higher one interrupts a lower one.

    That the watching itself has failed stands above what it says of technique: an advice
    that is not heard can be seen, but silence must never pass for "nothing to say".
    """

    TEST = 0
    COUNT = 1
    TECHNIQUE = 2
    TECHNICAL = 3
    SAFETY = 4


class CueKind(enum.StrEnum):
    """What a sound means; each has one earcon."""

    STOP = "stop"
    """End the set now; repeats until it is acknowledged or the set ends."""
    CHECK = "check"
    """Look at the technique."""
    FAULT = "fault"
    """Something is not measured any more."""
    RESTORED = "restored"
    """It is measured again."""
    COUNT = "count"
    """A repetition."""
    LAST = "last"
    """The last repetition of the target."""
    TEST = "test"
    """All the others in a row, to be heard before a session."""


PRIORITIES: Final = {
    CueKind.STOP: Priority.SAFETY,
    CueKind.CHECK: Priority.TECHNIQUE,
    CueKind.FAULT: Priority.TECHNICAL,
    CueKind.RESTORED: Priority.COUNT,
    CueKind.COUNT: Priority.COUNT,
    CueKind.LAST: Priority.COUNT,
    CueKind.TEST: Priority.TEST,
}


@dataclass(frozen=True, slots=True)
class Cue:
    """Something that ought to be heard.

    ``at_s`` is the session time at which it became known. A cue with a ``key`` stands: it is
    sounded again and again until :class:`CueEnded` names that key; one without is sounded at
    most once, soon or not at all.
    """

    kind: CueKind
    at_s: float
    text: str
    """For the log: what and how much."""
    words: str
    """For the voice: short, and never a person's name."""
    key: str = ""

    @property
    def priority(self) -> Priority:
        """How pressing it is."""
        return PRIORITIES[self.kind]


@dataclass(frozen=True, slots=True)
class CueEnded:
    """A standing cue is over; ``then`` is sounded after it, if it was heard itself."""

    key: str
    why: str
    then: Cue | None = None


@dataclass(frozen=True, slots=True)
class SoundTimes:
    """How long things last and wait, in seconds of the wall clock; design defaults.

    Raises
    ------
    ValueError
        If one of them is not a number, not above 0, or longer than an hour.
    """

    alarm_every_s: float = 5.0
    """From one burst of a standing alarm to the next; patient monitors take up to 10 s, but a
    set of five is over in 20 s."""
    fault_every_s: float = 20.0
    """From one reminder of a standing fault to the next."""
    fault_gap_s: float = 3.0
    """A link that comes and goes is not told more often."""
    count_patience_s: float = 0.3
    """So long a count waits for the channel: later it would be taken for the next one."""
    technique_patience_s: float = 1.5
    fault_patience_s: float = 5.0
    """For a fault of a moment; a standing one waits as long as it stands."""
    count_late_s: float = 1.5
    """A count that was known so long ago, in session time, is not sounded."""
    technique_late_s: float = 3.0
    repeat_check_s: float = 5.0
    """The same flag within a repetition sounds once; without repetitions, once in so long."""
    landings_apart_s: float = 30.0
    """Landings further apart than this are counted from one again."""
    withdrawn_s: float = 2.5
    """Angles of the trunk withdrawn for so long, in session time, are a fault; a sensor that
    is lost is told by its own name before."""
    station_silent_s: float = 3.0
    """A station tells its status ten times a second; so long without one is a fault."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not (math.isfinite(value) and 0.0 < value <= 3600.0):
                raise ValueError(f"{name} is {value:g}; give a time above 0 and up to 3600 s")


LONGEST_MUTE_S: Final = 600.0
"""No mute is forgotten for a whole session (design default)."""


@dataclass(frozen=True, slots=True)
class SoundConfig:
    """What is heard in one session.

    Attributes
    ----------
    session : StationConfig
        Target, limits and exercise.
    mode : SoundMode
        What is heard at first.
    low_confidence_stops : bool
        A red flag of low confidence sounds the alarm too, as it does on the screen; if not,
        it sounds as one that asks to look.
    times : SoundTimes
    """

    session: StationConfig
    mode: SoundMode = SoundMode.EARCONS
    low_confidence_stops: bool = True
    times: SoundTimes = field(default_factory=SoundTimes)


@dataclass(frozen=True, slots=True)
class SoundStatus:
    """What the screen says of the sound.

    ``muted_s`` is how much of a mute is left, ``None`` without one; ``problem`` says in one
    sentence why nothing can be heard, ``note`` what is heard otherwise than was chosen;
    ``resting`` why the channel itself is quiet for now (a replay that is stopped or fast).
    """

    mode: SoundMode
    muted_s: float | None
    alarm: str
    """Text of the alarm that sounds; empty without one."""
    reminding: bool
    """Whether a technical fault is being reminded of."""
    problem: str
    note: str
    resting: str

    @property
    def audible(self) -> bool:
        """Whether a cue would be heard now."""
        quiet = self.mode is SoundMode.OFF or self.muted_s is not None
        return not (quiet or self.problem or self.resting)
