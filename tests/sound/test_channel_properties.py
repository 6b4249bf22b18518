"""Whatever a station tells and a clinician does: one sound, the right one, and all of it logged."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from lift_monitor.events import Confidence, Event, RepetitionCompleted, SetEnded, SetStarted
from lift_monitor.samples import Role
from lift_monitor.sound.judge import Told
from lift_monitor.sound.player import Sound
from lift_monitor.sound.words import PRIORITIES, Cue, CueEnded, CueKind, Priority, SoundMode
from lift_monitor.station_words import StationReset
from lift_monitor.technique import FlagKind, SensorSlipped, Severity
from tests.sound.rehearsal import CONFIG, Rehearsal, flag, lift_set, rep, sensor

EVENTS = ("rep", "unmeasured", "slow", "amber", "red", "twist", "begin", "end", "slip", "sit")
HANDS = (
    "mute",
    "unmute",
    "off",
    "earcons",
    "words",
    "acknowledge",
    "test",
    "lost",
    "found",
    "seek",
)
STEPS = st.tuples(
    st.lists(st.sampled_from(EVENTS), max_size=4),
    st.sampled_from(("", *HANDS)),
    st.sampled_from((0.0, 0.1, 0.4, 1.0, 4.0)),
    st.booleans(),
)


class Witness(Rehearsal):
    """Checks at every play what must hold at every play."""

    def __init__(self, mode: SoundMode) -> None:
        super().__init__(mode)
        self.told: list[Told] = []
        self.reps = 0
        play, stop, feed = self.player.play, self.player.stop, self.channel._judge.feed
        self.cut: Sound | None = None

        def watched_play(sound: Sound) -> bool:
            status = self.channel.status()
            assert status.muted_s is None, "played while muted"
            assert status.mode is not SoundMode.OFF, "played while off"
            priority = PRIORITIES[sound.kind]
            if self.cut is not None and self.log[-1].startswith("interrupted "):
                assert priority > PRIORITIES[self.cut.kind], "cut short by something lesser"
            if status.alarm:
                assert priority >= Priority.TECHNICAL, "an alarm stands"
            self.cut = None
            return play(sound)

        def watched_stop() -> None:
            if self.player.busy:
                self.cut = self.player.played[-1][1]
            stop()

        def watched_feed(item: object) -> tuple[Told, ...]:
            found = feed(item)  # type: ignore[arg-type]
            self.told += found
            return found

        self.player.play = watched_play  # type: ignore[method-assign]
        self.player.stop = watched_stop  # type: ignore[method-assign]
        self.channel._judge.feed = watched_feed  # type: ignore[method-assign]

    def happening(self, what: str) -> Event:
        at_s = self.now_s
        match what:
            case "rep" | "unmeasured" | "slow":
                self.reps += 1
                trust = Confidence.NONE if what == "unmeasured" else Confidence.HIGH
                loss = 50.0 if what == "slow" else 0.0
                done = rep(
                    self.reps % 7 + 1, confidence=trust, loss=loss, set_number=self.reps // 7
                )
                return RepetitionCompleted(at_s, done)
            case "amber":
                return flag(at_s, Severity.AMBER)
            case "red":
                return flag(at_s)
            case "twist":
                return flag(at_s, kind=FlagKind.TWIST, under_load=None)
            case "begin":
                return SetStarted(at_s, 1, CONFIG.exercise, at_s, None)
            case "end":
                return SetEnded(at_s, lift_set())
        return SensorSlipped(at_s, Role.THORAX, what == "slip", "The thorax sensor has slipped.")

    def do(self, what: str) -> None:
        channel = self.channel
        match what:
            case "mute":
                channel.mute(3.0)
                assert not self.player.busy
            case "unmute":
                channel.mute(0.0)
            case "off" | "earcons" | "words":
                channel.mode = SoundMode(what)
                assert not (what == "off" and self.player.busy)
            case "acknowledge":
                channel.acknowledge()
                assert channel.status().alarm == ""
            case "test":
                channel.test()
                self.told.append(Cue(CueKind.TEST, 0.0, "all earcons", ""))
            case "lost":
                self.sensors = (sensor(Role.PELVIS, "lost"),)
            case "found":
                self.sensors = (sensor(Role.PELVIS),)
            case "seek":
                channel.apply(StationReset(self.now_s))


def lines(log: list[str]) -> Counter[str]:
    """What became of each cue, by cue, standing cues and all."""
    found: Counter[str] = Counter()
    for line in log:
        if line.startswith("sounded "):
            found[line.removeprefix("sounded ")] += 1
        elif line.startswith("not sounded ("):
            found[line.split(") ", 1)[1]] += 1
    return found


@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, max_size=14), st.sampled_from(SoundMode))
def test_one_sound_the_right_one_and_all_of_it_logged(
    steps: list[tuple[list[str], str, float, bool]], mode: SoundMode
) -> None:
    room = Witness(mode)
    for events, hand, wait_s, answering in steps:
        room.tell(*(room.happening(what) for what in events))
        room.do(hand)
        room.run(wait_s, answering=answering)
    room.run(6.0)
    told = [t for t in room.told if isinstance(t, Cue)]
    told += [t.then for t in room.told if isinstance(t, CueEnded) and t.then is not None]
    singles = Counter(f"{cue.kind.value}: {cue.text}" for cue in told if not cue.key)
    logged = lines(room.log)
    for text, count in singles.items():
        if text.startswith("restored"):  # of a fault that was over before anybody was told
            assert logged[text] <= count
        else:
            assert logged[text] == count
    for cue in told:
        if cue.key:
            text = f"{cue.kind.value}: {cue.text}"
            assert logged[text] or f"goes on {text}" in room.log
    heard = Counter(room.kinds)
    for kind in CueKind:
        if kind in (CueKind.STOP, CueKind.FAULT):
            continue
        sounded = [line for line in room.log if line.startswith(f"sounded {kind.value}:")]
        assert len(sounded) == heard[kind.value]


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=10))
def test_after_whatever_happened_a_red_flag_is_heard_at_once(
    steps: list[tuple[list[str], str, float, bool]],
) -> None:
    room = Witness(SoundMode.EARCONS)
    for events, hand, wait_s, answering in steps:
        room.tell(*(room.happening(what) for what in events))
        room.do(hand)
        room.run(wait_s, answering=answering)
    room.channel.acknowledge()
    room.channel.mute(0.0)
    room.channel.mode = SoundMode.EARCONS
    room.run(0.1)
    room.channel.acknowledge()
    before = len(room.kinds)
    room.tell(room.happening("red"))
    assert room.kinds[before:] == ["stop"]
