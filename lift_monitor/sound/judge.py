"""What ought to be heard: events and statuses in, cues out; pure, no clock, no machine.

Told what a station tells and nothing else, it remembers what stands (an alarm, a fault) and
what was told of a repetition already.  Whether and when a cue is heard is decided by
:mod:`lift_monitor.sound.channel`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np

from lift_monitor.events import (
    IMPACT_EXERCISES,
    Confidence,
    Event,
    ExerciseChanged,
    QualityChanged,
    QualityKind,
    Repetition,
    RepetitionCompleted,
    SetEnded,
    SetStarted,
)
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.sound import phrases
from lift_monitor.sound.words import Cue, CueEnded, CueKind, SoundConfig
from lift_monitor.station_words import Mode, StationReset, StationStatus
from lift_monitor.technique import (
    CalibrationRefused,
    FlagRaised,
    Landing,
    LandingDetected,
    Load,
    LoadChanged,
    SensorSlipped,
    Severity,
    TrunkFlag,
)

ALARM: Final = "alarm"
"""Key of the one standing alarm: a second red flag changes its text, not its number."""
_WITHDRAWN: Final = "withdrawn"

Told: TypeAlias = Cue | CueEnded


class Judge:
    """Turns what a station tells into cues.

    Parameters
    ----------
    config : SoundConfig
    """

    def __init__(self, config: SoundConfig) -> None:
        self._config = config
        self.session_s = -math.inf
        """Newest session time that a status told."""
        self.resting = ""
        """Why nothing is to be heard for now, in one sentence; empty if all is."""
        self.ended = False
        self._start_over(-math.inf)

    def _start_over(self, history_s: float) -> None:
        self._history_s = history_s
        self._standing: dict[str, Cue] = {}
        self._in_set = False
        self._checked: dict[str, float] = {}
        self._loss_told_of: int | None = None
        self._landings, self._landed_s = 0, -math.inf
        self._withdrawn_since_s: float | None = None
        session = self._config.session
        self._exercise, self._target_reps = session.exercise, session.target_reps

    def feed(self, item: Event | StationStatus | StationReset) -> tuple[Told, ...]:
        """Take one thing that the station tells; return what ought to be heard or is over.

        What a station tells again after a seek is taken note of and not sounded.
        """
        if isinstance(item, StationReset):
            over = tuple(CueEnded(key, "the time was moved") for key in self._standing)
            self._start_over(item.at_s)
            return over
        if isinstance(item, StationStatus):
            return tuple(self._status(item))
        told = tuple(self._event(item))
        if item.at_s > self._history_s:
            return told
        self._standing.pop(ALARM, None)  # an alarm of the past does not sound again
        return tuple(t for t in told if isinstance(t, CueEnded) or t.key not in ("", ALARM))

    def steps(self, block: SpineBlock) -> tuple[Told, ...]:
        """Take the next steps of the trunk; angles that stay withdrawn are a fault.

        Where the cause was told already (a sensor lost, a sensor slipped) it is not told twice.
        """
        if not len(block):
            return ()
        known = np.flatnonzero(block.withheld == 0)
        now_s = float(block.time_s[-1])
        if known.size and known[-1] == len(block) - 1:
            self._withdrawn_since_s = None
            return tuple(self._fall(_WITHDRAWN, "it is over", now_s, restored=True))
        if known.size:
            self._withdrawn_since_s = float(block.time_s[known[-1] + 1])
        elif self._withdrawn_since_s is None:
            self._withdrawn_since_s = float(block.time_s[0])
        if now_s - self._withdrawn_since_s < self._config.times.withdrawn_s:
            return ()
        if any(cue.kind is CueKind.FAULT for cue in self._standing.values()):
            return ()
        text, words = phrases.ANGLES_WITHDRAWN, phrases.NOT_WATCHED
        return tuple(self._stand(Cue(CueKind.FAULT, now_s, text, words, _WITHDRAWN)))

    def acknowledged(self) -> None:
        """Somebody has heard the alarm: it stands no more, and another flag raises it anew."""
        self._standing.pop(ALARM, None)

    # -- standing cues ----------------------------------------------------------------------

    def _stand(self, cue: Cue) -> Iterator[Told]:
        if self._standing.get(cue.key) != cue:
            self._standing[cue.key] = cue
            yield cue

    def _fall(self, key: str, why: str, at_s: float, *, restored: bool = False) -> Iterator[Told]:
        cue = self._standing.pop(key, None)
        if cue is not None:
            text, words = f"over: {cue.text}", phrases.RESTORED
            then = Cue(CueKind.RESTORED, at_s, text, words) if restored else None
            yield CueEnded(key, why, then)

    # -- statuses ---------------------------------------------------------------------------

    def _status(self, status: StationStatus) -> Iterator[Told]:
        self.session_s = now_s = status.now_s
        self.ended = status.ended
        self.resting = _resting(status)
        if status.ended:
            for key in tuple(self._standing):
                yield from self._fall(key, "the session ended", now_s)
            return
        faults = {}
        if status.error:
            faults["error"] = Cue(CueKind.FAULT, now_s, status.error, phrases.STOPPED, "error")
        for sensor in status.sensors:
            if sensor.state == "lost":
                key = f"lost {sensor.sensor_id}"
                text, words = f"{sensor.role.value} sensor lost", phrases.lost_words(sensor.role)
                faults[key] = Cue(CueKind.FAULT, now_s, text, words, key)
        for key in [k for k in self._standing if k == "error" or k.startswith("lost ")]:
            if key not in faults:
                yield from self._fall(key, "it is over", now_s, restored=True)
        for key, cue in faults.items():
            if key not in self._standing:
                yield from self._stand(cue)

    # -- events -----------------------------------------------------------------------------

    def _event(self, event: Event) -> Iterator[Told]:
        match event:
            case SetStarted():
                self._in_set = True
                self._checked.clear()
            case SetEnded():
                self._in_set = False
                self._checked.clear()
                yield from self._fall(ALARM, "the set ended", event.at_s)
            case ExerciseChanged():
                yield from self._exercise_changed(event)
            case LoadChanged(load=Load.UNLOADED) if not self._in_set:
                yield from self._fall(ALARM, "the bar was put down", event.at_s)
            case FlagRaised():
                yield from self._flag(event.at_s, event.flag)
            case RepetitionCompleted():
                yield from self._repetition(event.at_s, event.repetition)
            case LandingDetected():
                yield from self._landing(event.landing)
            case SensorSlipped():
                words = phrases.slipped_words(event.role)
                yield from self._fault(
                    f"slipped {event.role}", event.at_s, event.active, event.text, words
                )
            case QualityChanged(fault=QualityKind.NO_DATA):
                yield from self._fault(
                    f"no data {event.sensor}",
                    event.at_s,
                    event.active,
                    event.text,
                    phrases.NOT_MEASURED,
                )
            case CalibrationRefused():
                yield Cue(CueKind.FAULT, event.at_s, event.text, phrases.NOT_CALIBRATED)

    def _exercise_changed(self, event: ExerciseChanged) -> Iterator[Told]:
        self._target_reps = event.target_reps
        if event.exercise is self._exercise:
            return
        self._exercise, self._landings, self._in_set = event.exercise, 0, False
        self._checked.clear()
        # Somebody chose it who looks on; where no bar is lifted nothing else would end it.
        yield from self._fall(ALARM, "another exercise was chosen", event.at_s)

    def _fault(self, key: str, at_s: float, active: bool, text: str, words: str) -> Iterator[Told]:
        if not active:
            yield from self._fall(key, "it is over", at_s, restored=True)
        elif key not in self._standing:
            yield from self._stand(Cue(CueKind.FAULT, at_s, text, words, key))

    def _flag(self, at_s: float, flag: TrunkFlag) -> Iterator[Told]:
        trusted = flag.confidence is Confidence.HIGH or self._config.low_confidence_stops
        text = phrases.flag_text(flag)
        # A load that is not known is no reason to be quiet: only a known absence of it is.
        if flag.severity is Severity.RED and flag.under_load is not False and trusted:
            yield from self._stand(Cue(CueKind.STOP, at_s, text, phrases.stop_words(flag), ALARM))
        elif ALARM not in self._standing:
            yield from self._check(flag.kind.value, at_s, text, phrases.check_words(flag))

    def _check(self, what: str, at_s: float, text: str, words: str) -> Iterator[Told]:
        """Once a repetition; where there are none, once in a while."""
        told_s = self._checked.get(what, -math.inf)
        if at_s - told_s >= self._config.times.repeat_check_s:
            self._checked[what] = at_s
            yield Cue(CueKind.CHECK, at_s, text, words)

    def _repetition(self, at_s: float, rep: Repetition) -> Iterator[Told]:
        self._in_set = True
        self._checked.clear()
        session = self._config.session
        if rep.confidence is Confidence.NONE:
            text = f"{phrases.rep_text(rep)} could not be measured"
            yield Cue(CueKind.FAULT, at_s, text, phrases.NOT_MEASURED)
            return
        limit_pct = session.loss_stop_pct
        slow = rep.confidence is Confidence.HIGH and rep.velocity_loss_pct >= limit_pct
        if slow and self._loss_told_of != rep.set_number:
            self._loss_told_of = rep.set_number
            yield Cue(CueKind.CHECK, at_s, phrases.loss_text(rep, limit_pct), phrases.END_SET)
        if self._exercise not in IMPACT_EXERCISES:
            yield self._count(at_s, rep.number, phrases.rep_text(rep))

    def _landing(self, landing: Landing) -> Iterator[Told]:
        if landing.contact_s - self._landed_s > self._config.times.landings_apart_s:
            self._landings = 0
        self._landings += 1
        self._landed_s = landing.contact_s
        text = phrases.landing_text(landing, self._landings)
        session = self._config.session
        if landing.peak_grf_bw > session.impact_band.high_bw:
            limit = f"{text} > {session.impact_band.high_bw:.1f}"
            yield Cue(CueKind.CHECK, landing.at_s, limit, phrases.SOFTER)
        if self._exercise in IMPACT_EXERCISES:
            yield self._count(landing.at_s, self._landings, text)

    def _count(self, at_s: float, number: int, text: str) -> Cue:
        last = number == self._target_reps
        kind = CueKind.LAST if last else CueKind.COUNT
        return Cue(kind, at_s, text, phrases.count_words(number, last=last))


def _resting(status: StationStatus) -> str:
    """A person is told of live; a replay sounds as it did, or not at all."""
    if status.ended:
        return "The session is over."
    if status.mode is Mode.LIVE:
        return ""
    if not status.playing:
        return "Quiet while time stands still."
    return "Quiet while time runs fast." if status.speed > 1.0 else ""
