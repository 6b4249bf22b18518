"""The channel: one sound at a time, the most pressing first, and why something was not heard.

Time is whatever :meth:`SoundChannel.tick` is given, so that every decision can be replayed in
a test.  There is no queue that could lag: of each priority at most one cue waits, and not for
long.  A standing cue (an alarm, a fault) is not queued but sounded again while it stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from lift_monitor.sound import phrases
from lift_monitor.sound.judge import ALARM, Judge, Told
from lift_monitor.sound.player import CuePlayer, Sound
from lift_monitor.sound.waiting import Standing, Waiting, WaitingRoom
from lift_monitor.sound.words import (
    LONGEST_MUTE_S,
    Cue,
    CueEnded,
    CueKind,
    Priority,
    SoundConfig,
    SoundMode,
    SoundStatus,
)
from lift_monitor.station_words import StationReset, StationStatus, StationUpdate

Log: TypeAlias = Callable[[str, str], None]
"""Takes a kind, always ``sound``, and a text: :meth:`lift_monitor.station.Station.annotate`."""
LOG_KIND: Final = "sound"
_NO_ANSWER: Final = "no answer"
_COUNTS: Final = (CueKind.COUNT, CueKind.LAST)


class SoundChannel:
    """Decides what is played, plays it, and logs what was and what was not.

    Not for several threads: everything is called from the one that shows the session.

    Parameters
    ----------
    config : SoundConfig
    player : CuePlayer
        Stays its maker's: it is not closed here.
    log : callable
        See :data:`Log`.
    """

    def __init__(self, config: SoundConfig, player: CuePlayer, log: Log) -> None:
        self._mode = config.mode
        self._player = player
        self._now_s = -math.inf
        self._mute_left_s: float | None = None
        self._playing: Cue | None = None
        self._begin(config, log)

    def _begin(self, config: SoundConfig, log: Log) -> None:
        self._times, self._log = config.times, log
        self._judge = Judge(config)
        self._waiting = WaitingRoom(config.times)
        self._standing: dict[str, Standing] = {}
        self._new: list[Told] = []
        self._heard_s: float | None = None
        self._fault_s = -math.inf
        self._spoke_of_rep = False

    def renew(self, config: SoundConfig, log: Log) -> None:
        """Another session begins: what stood is over; mode and mute stay as they are."""
        self._silence()
        self._begin(config, log)
        self._write(f"mode {self._mode.value}")
        if self._mute_left_s is not None:
            self._write("muted since before the session")
        if self._mode is not SoundMode.OFF and self._problem:
            self._write(self._problem)

    # -- what the clinician does ------------------------------------------------------------

    @property
    def mode(self) -> SoundMode:
        """What is heard."""
        return self._mode

    @mode.setter
    def mode(self, mode: SoundMode) -> None:
        if mode is not self._mode:
            self._mode = mode
            self._write(f"mode {mode.value}")
            if mode is SoundMode.OFF:
                self._silence()

    def mute(self, seconds: float) -> None:
        """Be silent for so long from now on; 0 ends a mute.

        Raises
        ------
        ValueError
            If it is not between 0 and :data:`~lift_monitor.sound.words.LONGEST_MUTE_S`.
        """
        if not 0.0 <= seconds <= LONGEST_MUTE_S:
            raise ValueError(f"a mute lasts 0 to {LONGEST_MUTE_S:.0f} s, not {seconds:g}")
        if seconds > 0.0:
            self._mute_left_s = seconds
            self._write(f"muted for {seconds:.0f} s")
            self._silence()
        elif self._mute_left_s is not None:
            self._unmute("ended by hand")

    def acknowledge(self) -> None:
        """The alarm was heard: it sounds no more; without one, nor do the faults heard so far."""
        if ALARM in self._standing:
            self._judge.acknowledged()
            self._end(CueEnded(ALARM, "acknowledged"))
            return
        for standing in self._standing.values():
            if standing.sounded and not standing.acknowledged:
                standing.acknowledged = True
                self._write(f"acknowledged {_told(standing.cue)}")
        if self._playing is not None and self._playing.kind is CueKind.FAULT:
            self._silence()

    def test(self) -> None:
        """Let all the earcons be heard in a row; anything else goes before it."""
        self._new.append(Cue(CueKind.TEST, self._judge.session_s, "all earcons", phrases.TEST))

    def confirm_test(self, *, heard: bool) -> None:
        """Note whether the sound test was heard."""
        self._write("sound test heard" if heard else "sound test not heard")

    def status(self) -> SoundStatus:
        """What the screen says of the sound."""
        alarm = self._standing.get(ALARM)
        return SoundStatus(
            mode=self._mode,
            muted_s=self._mute_left_s,
            alarm=alarm.cue.text if alarm is not None else "",
            reminding=any(
                s.cue.kind is CueKind.FAULT and not s.acknowledged for s in self._standing.values()
            ),
            problem=self._problem,
            note=self._player.note if self._mode is SoundMode.WORDS else "",
            resting=self._judge.resting,
        )

    # -- being told -------------------------------------------------------------------------

    def apply(self, update: StationUpdate) -> None:
        """Take one update of the station; it is decided on at the next tick."""
        if isinstance(update, StationReset):
            self._drop(self._waiting.everything(), "the time was moved")
            self._new += self._judge.feed(update)
        elif isinstance(update, StationStatus):
            self._heard_s = None
            self._new += self._judge.feed(update)
        else:
            for event in update.events:
                self._new += self._judge.feed(event)
            self._new += self._judge.steps(update.spine)

    def tick(self, now_s: float) -> None:
        """Let time come to ``now_s`` (seconds of any steady clock) and play what is due."""
        before_s, self._now_s = self._now_s, max(now_s, self._now_s)
        if self._mute_left_s is not None and math.isfinite(before_s):
            self._mute_left_s -= self._now_s - before_s
            if self._mute_left_s <= 0.0:
                self._unmute("its time is over")
        if self._playing is not None and not self._player.busy:
            self._playing = None
        self._watch_the_station()
        self._admit()
        quiet = self._quiet
        if quiet:
            self._be_quiet(quiet)
        else:
            self._play_what_is_due()

    # -- deciding ---------------------------------------------------------------------------

    @property
    def _problem(self) -> str:
        return self._player.problem(words=self._mode is SoundMode.WORDS)

    @property
    def _quiet(self) -> str:
        """Why nothing may be played now; empty if it may."""
        if self._mute_left_s is not None:
            return "muted"
        if self._mode is SoundMode.OFF:
            return "off"
        return self._judge.resting

    def _be_quiet(self, why: str) -> None:
        for standing in self._standing.values():
            self._note_unheard(standing, why)
        if why != self._judge.resting:
            self._silence()
            self._drop(self._waiting.everything(), why)
            return
        # The session rests, not the loudspeaker: it may be tried now better than ever.
        if self._playing is not None and self._playing.kind is not CueKind.TEST:
            self._silence()
        self._drop(self._waiting.but_test(), why)
        self._play_single()

    def _watch_the_station(self) -> None:
        """A station that says nothing any more watches nobody."""
        if self._heard_s is None:
            self._heard_s = self._now_s
            self._new.insert(0, CueEnded(_NO_ANSWER, "it answers again"))
        silent = self._now_s - self._heard_s > self._times.station_silent_s
        known = math.isfinite(self._judge.session_s) and not self._judge.ended
        if silent and known and _NO_ANSWER not in self._standing:
            text = "the station does not answer"
            at_s = self._judge.session_s
            self._new.append(Cue(CueKind.FAULT, at_s, text, phrases.NO_ANSWER, _NO_ANSWER))

    def _admit(self) -> None:
        told, self._new = self._new, []
        for item in told:
            if isinstance(item, CueEnded):
                self._end(item)
            elif item.key:
                self._stand(item)
            else:
                self._let_wait(item)

    def _let_wait(self, cue: Cue) -> None:
        spoke = self._spoke_of_rep
        if cue.kind in _COUNTS:  # what comes next belongs to the next repetition
            self._spoke_of_rep = False
        if self._waiting.is_late(cue, self._judge.session_s):
            self._drop([cue], "known too late")
            return
        before = self._waiting.offer(Waiting(cue, self._now_s, spoke))
        if before is not None:
            self._drop([before], "a newer one came")

    def _stand(self, cue: Cue) -> None:
        before = self._standing.get(cue.key)
        if before is not None and not before.acknowledged:
            if not before.outcome:
                self._note_unheard(before, "a newer one came")
            before.cue = cue  # it sounds already, and only has something newer to tell
            self._write(f"goes on {_told(cue)}")
            return
        due_s = self._now_s
        if cue.kind is CueKind.FAULT:
            due_s = max(due_s, self._fault_s + self._times.fault_gap_s)
        self._standing[cue.key] = Standing(cue, due_s)

    def _end(self, ended: CueEnded) -> None:
        standing = self._standing.pop(ended.key, None)
        if standing is None:
            return
        if self._playing is not None and self._playing.key == ended.key:
            self._silence()
        if not standing.outcome:
            self._note_unheard(standing, ended.why)
        self._write(f"over {_told(standing.cue)}, {ended.why}, sounded {standing.sounded} times")
        if ended.then is None:
            return
        if any(s.cue.kind is CueKind.FAULT for s in self._standing.values()):
            self._drop([ended.then], "another fault stands")
        elif standing.sounded == 0:
            self._drop([ended.then], "the fault was not heard either")
        else:
            self._let_wait(ended.then)

    def _play_what_is_due(self) -> None:
        if ALARM in self._standing:
            self._drop(self._waiting.below(Priority.TECHNICAL), "an alarm stands")
        self._drop(self._waiting.impatient(self._now_s), "the channel was taken")
        due = [s for s in self._standing.values() if s.due_s <= self._now_s and not s.acknowledged]
        standing = max(due, key=lambda s: (s.cue.priority, s.cue.at_s), default=None)
        single = self._waiting.first
        if standing is None or (single and single.cue.priority > standing.cue.priority):
            self._play_single()
        elif self._may_play(standing.cue):
            self._play_standing(standing)

    def _may_play(self, cue: Cue) -> bool:
        """Nothing plays, or only something less pressing, which is then cut short."""
        if self._playing is None:
            return True
        if cue.priority <= self._playing.priority:
            return False
        self._write(f"interrupted {_told(self._playing)}")
        return True

    def _play_single(self) -> None:
        waiting = self._waiting.first
        if waiting is None or not self._may_play(waiting.cue):
            return
        cue = waiting.cue
        self._waiting.take([cue.priority])
        if self._play(cue, self._sound_of(waiting)):
            self._write(f"sounded {_told(cue)}")
        else:
            self._drop([cue], self._problem or "the player failed")

    def _sound_of(self, waiting: Waiting) -> Sound:
        """Words, but of technique and count together only one a repetition."""
        kind = waiting.cue.kind
        if self._mode is not SoundMode.WORDS or kind is CueKind.TEST:
            return Sound(kind)
        if kind in _COUNTS or kind is CueKind.CHECK:
            if waiting.earcon_only:
                return Sound(kind)
            self._spoke_of_rep = kind is CueKind.CHECK
        return Sound(kind, waiting.cue.words)

    def _play_standing(self, standing: Standing) -> None:
        cue = standing.cue
        alarm = cue.kind is CueKind.STOP
        # The earcon is heard at once, a voice needs a moment: so the words come second.
        speaks = self._mode is SoundMode.WORDS and self._player.can_speak
        toneless = bool(self._player.problem(words=False))
        second = speaks and (standing.rounds % 2 == 1 or toneless)
        played = self._play(cue, Sound(cue.kind, cue.words if second else ""))
        served = [standing]
        if not alarm:  # one reminder serves all faults
            self._fault_s = self._now_s
            served = [s for s in self._standing.values() if s.cue.kind is CueKind.FAULT]
        for each in served:
            each.due_s = self._now_s + (
                self._times.alarm_every_s if alarm else self._times.fault_every_s
            )
            self._note_turn(each, played=played)
        if speaks and not second:
            standing.due_s = self._now_s

    def _play(self, cue: Cue, sound: Sound) -> bool:
        self._silence()
        played = self._player.play(sound)
        self._playing = cue if played else None
        return played

    def _silence(self) -> None:
        if self._playing is not None:
            self._playing = None
            self._player.stop()

    # -- telling ----------------------------------------------------------------------------

    def _unmute(self, why: str) -> None:
        self._mute_left_s = None
        self._write(f"mute over, {why}")

    def _note_turn(self, standing: Standing, *, played: bool) -> None:
        standing.rounds += 1
        if not played:
            self._note_unheard(standing, self._problem or "the player failed")
            return
        standing.sounded += 1
        if standing.outcome != "sounded":
            standing.outcome = "sounded"
            self._write(f"sounded {_told(standing.cue)}")

    def _note_unheard(self, standing: Standing, why: str) -> None:
        if standing.outcome != why and not standing.acknowledged:
            standing.outcome = why
            self._drop([standing.cue], why)

    def _drop(self, cues: Iterable[Cue], why: str) -> None:
        for cue in cues:
            self._write(f"not sounded ({why.rstrip('.')}) {_told(cue)}")

    def _write(self, text: str) -> None:
        self._log(LOG_KIND, text)


def _told(cue: Cue) -> str:
    return f"{cue.kind.value}: {cue.text}"
