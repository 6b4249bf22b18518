"""A player that notes what it plays, and things that a station may tell."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from lift_monitor.events import Confidence, Event, Exercise, LiftSet, Repetition
from lift_monitor.samples import Role
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.sound.channel import SoundChannel
from lift_monitor.sound.earcons import samples_of
from lift_monitor.sound.player import Sound
from lift_monitor.sound.words import SoundConfig, SoundMode
from lift_monitor.station_words import Mode, SensorStatus, StationConfig, StationStatus
from lift_monitor.technique import FlagKind, FlagRaised, Landing, Severity, TrunkFlag

CONFIG = StationConfig(Exercise.DEADLIFT, target_reps=5)
SPOKEN_S = 1.2


@dataclass
class RecordingPlayer:
    """Plays as long as the real sounds last, on a clock that the test sets."""

    can_speak: bool = True
    why: str = ""
    now_s: float = 0.0
    played: list[tuple[float, Sound]] = field(default_factory=list)
    stopped: list[float] = field(default_factory=list)
    ends_s: float = -1.0

    def problem(self, *, words: bool) -> str:
        return self.why

    @property
    def note(self) -> str:
        return "" if self.can_speak else "No voice."

    @property
    def busy(self) -> bool:
        return self.now_s < self.ends_s

    def play(self, sound: Sound) -> bool:
        assert not self.busy, "two sounds at once"
        if self.why:
            return False
        self.played.append((self.now_s, sound))
        lasts_s = SPOKEN_S if sound.words else samples_of(sound.kind).size / 48_000
        self.ends_s = self.now_s + lasts_s
        return True

    def stop(self) -> None:
        self.stopped.append(self.now_s)
        self.ends_s = self.now_s

    def close(self) -> None:
        """Nothing to give back."""


class Rehearsal:
    """A channel, its player and its log on one clock; ticks thirty times a second."""

    def __init__(
        self,
        mode: SoundMode = SoundMode.EARCONS,
        config: StationConfig = CONFIG,
        *,
        can_speak: bool = True,
        why: str = "",
        low_confidence_stops: bool = True,
    ) -> None:
        self.player = RecordingPlayer(can_speak, why)
        self.log: list[str] = []
        sound = SoundConfig(config, mode, low_confidence_stops)
        self.channel = SoundChannel(sound, self.player, self.note)
        self.sensors: tuple[SensorStatus, ...] = (sensor(Role.BAR), sensor(Role.PELVIS))
        self.mode, self.playing, self.speed, self.ended = Mode.LIVE, True, 1.0, False
        self.run(0.1)

    def note(self, kind: str, text: str) -> None:
        assert kind == "sound"
        self.log.append(text)

    @property
    def now_s(self) -> float:
        return self.player.now_s

    @property
    def kinds(self) -> list[str]:
        return [sound.kind.value for _, sound in self.player.played]

    @property
    def words(self) -> list[str]:
        return [sound.words for _, sound in self.player.played]

    def tell(self, *events: Event) -> None:
        """What a drain of the station gives: output, then status."""
        self.channel.apply(output(*events))
        self.channel.apply(self.status())
        self.channel.tick(self.now_s)

    def status(self) -> StationStatus:
        return StationStatus(
            mode=self.mode,
            now_s=self.now_s,
            duration_s=None,
            speed=self.speed,
            playing=self.playing,
            recording_to=None,
            recorded_s=0.0,
            latency_ms=None,
            sensors=self.sensors,
            error=None,
            ended=self.ended,
            dropped_updates=0,
        )

    def run(self, seconds: float, *, answering: bool = True) -> None:
        """Let time pass."""
        for _ in range(round(seconds * 30)):
            self.player.now_s += 1 / 30
            if answering:
                self.channel.apply(self.status())
            self.channel.tick(self.now_s)


def output(*events: Event) -> PipelineOutput:
    none = np.zeros(0)
    trace = TraceBlock(none, none, none, np.zeros((0, 3)), np.zeros(0, np.uint16))
    return PipelineOutput(events, trace)


def steps(start_s: float, seconds: float, mark: int = 0) -> PipelineOutput:
    """Steps of the trunk, all with one mark."""
    time_s = start_s + np.arange(round(seconds * 100)) / 100.0
    n = time_s.size
    angle = np.full(n, np.nan if mark else 4.0)
    up = np.tile([1.0, 0.0, 0.0], (n, 1))
    marks = np.full(n, mark, np.uint16)
    block = SpineBlock(
        time_s, angle, angle, angle, angle, angle, angle, up, up, marks,
        np.zeros(n, np.uint16), np.zeros(n, bool),
    )  # fmt: skip
    return replace(output(), spine=block)


def sensor(role: Role, state: str = "ok") -> SensorStatus:
    assert state in ("ok", "check", "lost")
    return SensorStatus(role.value, role, role.value, 80.0, 100.0, 0.0, 0.01, state, "")  # type: ignore[arg-type]


def rep(
    number: int,
    *,
    loss: float = 0.0,
    confidence: Confidence = Confidence.HIGH,
    set_number: int = 1,
) -> Repetition:
    return Repetition(
        set_number, number, Exercise.DEADLIFT, 0.0, 2.0, 0.0, 1.0, 1.0, 2.0, 0.5, 0.5, 0.7, 0.5,
        1.0, 1.0, loss, 0.02, confidence, (), False,
    )  # fmt: skip


def lift_set(number: int = 1) -> LiftSet:
    return LiftSet(number, Exercise.DEADLIFT, 0.0, 10.0, 0.0, Confidence.HIGH, (), ())


def flag(
    at_s: float,
    severity: Severity = Severity.RED,
    *,
    kind: FlagKind = FlagKind.LUMBAR_FLEXION,
    under_load: bool | None = True,
    confidence: Confidence = Confidence.HIGH,
) -> FlagRaised:
    limit = 20.0 if severity is Severity.RED else 10.0
    return FlagRaised(
        at_s,
        TrunkFlag(
            kind,
            severity,
            at_s - 0.4,
            at_s,
            None,
            limit + 4.0,
            limit,
            "deg",
            under_load,
            confidence,
        ),
    )


def landing(at_s: float, force_bw: float = 3.4) -> Landing:
    return Landing(
        at_s, Role.PELVIS, at_s - 0.3, 0.3, 6.0, 5.0, force_bw, None, "regression", None, None,
        None, 60.0, False, Confidence.HIGH, (),
    )  # fmt: skip
