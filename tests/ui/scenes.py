"""A scripted feed in the place of a station, and the scenes that the screens are judged by.

The numbers are invented; the values are exactly those that a station tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from lift_monitor.analysis import Analysis
from lift_monitor.events import (
    Confidence,
    Event,
    Exercise,
    LiftSet,
    Phase,
    PhaseChanged,
    QualityChanged,
    QualityKind,
    Repetition,
    RepetitionCompleted,
    SetEnded,
    SetStarted,
)
from lift_monitor.recordings.facts import SessionFacts
from lift_monitor.samples import Role
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.signal.trunk_calibration import Window
from lift_monitor.station import (
    Mode,
    SensorStatus,
    StationConfig,
    StationStatus,
    StationUpdate,
)
from lift_monitor.technique import Load
from lift_monitor.ui.session import LoadedSession

CONFIG = StationConfig(
    exercise=Exercise.DEADLIFT,
    alias="Heron 14",
    load_kg=52.5,
    target_reps=5,
    target_sets=5,
    target_band_mps=(0.38, 0.52),
)
FACTS = SessionFacts(
    started_at=datetime(2026, 11, 14, 10, 32, tzinfo=UTC),
    source="simulated",
    exercise=Exercise.DEADLIFT,
    load_kg=52.5,
    alias="Heron 14",
)
REP_S = 3.4


class ScriptedFeed:
    """Tells what it is given; notes what it is asked."""

    def __init__(
        self,
        mode: Mode = Mode.REPLAY,
        config: StationConfig = CONFIG,
        updates: Sequence[StationUpdate] = (),
    ) -> None:
        self._config, self._mode = config, mode
        self._waiting: list[StationUpdate] = list(updates)
        self.asked: list[tuple[Any, ...]] = []
        self.running = False

    @property
    def config(self) -> StationConfig:
        return self._config

    @property
    def mode(self) -> Mode:
        return self._mode

    def tell(self, *updates: StationUpdate) -> None:
        self._waiting.extend(updates)

    def start(self) -> None:
        self.running = True

    def close(self) -> None:
        self.running = False

    def drain(self, limit: int | None = None) -> Sequence[StationUpdate]:
        fetched, self._waiting = self._waiting, []
        return fetched

    def play(self) -> None:
        self.asked.append(("play",))

    def pause(self) -> None:
        self.asked.append(("pause",))

    def set_speed(self, speed: float) -> None:
        self.asked.append(("speed", speed))

    def step(self, seconds: float) -> None:
        self.asked.append(("step", seconds))

    def seek(self, t_s: float) -> None:
        self.asked.append(("seek", t_s))

    def set_load(self, load: Load | None) -> None:
        self.asked.append(("load", load))

    def set_exercise(
        self,
        exercise: Exercise,
        *,
        load_kg: float | None = None,
        target_reps: int = 5,
        target_sets: int = 5,
    ) -> None:
        self.asked.append(("exercise", exercise, load_kg, target_reps, target_sets))

    def annotate(self, kind: str, text: str) -> None:
        self.asked.append(("annotate", kind, text))

    def calibrate(self, stand: Window, hinge: Window, stand_again: Window) -> None:
        self.asked.append(("calibrate", stand, hinge, stand_again))


def rep(
    number: int,
    mean: float = 0.49,
    *,
    loss: float = 0.0,
    set_number: int = 3,
    start_s: float = 100.0,
    confidence: Confidence = Confidence.HIGH,
    reasons: tuple[str, ...] = (),
    refined: bool = False,
) -> Repetition:
    """One repetition with plausible values."""
    start = start_s + (number - 1) * REP_S
    return Repetition(
        set_number=set_number,
        number=number,
        exercise=Exercise.DEADLIFT,
        start_s=start,
        end_s=start + 2.9,
        concentric_start_s=start,
        concentric_end_s=start + 1.2,
        eccentric_start_s=start + 1.3,
        eccentric_end_s=start + 2.9,
        mean_velocity_mps=mean,
        mean_propulsive_velocity_mps=mean + 0.02,
        peak_velocity_mps=mean * 1.45,
        rom_m=0.58,
        concentric_duration_s=1.2,
        eccentric_duration_s=1.6,
        velocity_loss_pct=loss,
        mean_velocity_sd_mps=0.02,
        confidence=confidence,
        reasons=reasons,
        refined=refined,
    )


def reps_of(means: Sequence[float], **fields: Any) -> tuple[Repetition, ...]:
    """A set's repetitions with their losses."""
    best, found = 0.0, []
    for index, mean in enumerate(means):
        best = max(best, mean)
        found.append(rep(index + 1, mean, loss=100.0 * (1.0 - mean / best), **fields))
    return tuple(found)


def finished(number: int, means: Sequence[float], start_s: float) -> LiftSet:
    """A finished set."""
    done = reps_of(means, set_number=number, start_s=start_s, refined=True)
    return LiftSet(
        number, Exercise.DEADLIFT, start_s, done[-1].end_s, done[-1].velocity_loss_pct,
        Confidence.HIGH, (), done,
    )  # fmt: skip


def sensor(**fields: Any) -> SensorStatus:
    """The bar sensor, well unless told otherwise."""
    well = SensorStatus("b1", Role.BAR, "bar", 84.0, 100.0, 0.1, 0.02, "ok", "")
    return replace(well, **fields)


def status(now_s: float, mode: Mode = Mode.LIVE, **fields: Any) -> StationStatus:
    """A station's status."""
    live = mode is Mode.LIVE
    base = StationStatus(
        mode=mode,
        now_s=now_s,
        duration_s=None if live else 300.0,
        speed=1.0,
        playing=True,
        recording_to="session.mcap" if live else None,
        recorded_s=now_s if live else 0.0,
        latency_ms=14.0,
        sensors=(sensor(),),
        error=None,
        ended=False,
        dropped_updates=0,
    )
    return replace(base, **fields)


def trace(
    end_s: float, *, still: bool = False, hole: tuple[float, float] | None = None
) -> TraceBlock:
    """Ten seconds of lifting (or of stillness) at 100 steps a second."""
    times = np.arange(end_s - 10.5, end_s, 0.01)
    phase = np.mod(times - 100.0, REP_S)
    up = np.where(phase < 1.2, np.sin(np.pi * phase / 1.2) ** 2, 0.0)
    down = np.where((phase > 1.3) & (phase < 2.9), np.sin(np.pi * (phase - 1.3) / 1.6) ** 2, 0.0)
    velocity = np.where(times < 100.0, 0.0, 0.97 * up - 0.725 * down)
    if still:
        velocity = 0.004 * np.sin(9.0 * times)
    height = np.cumsum(velocity) * 0.01
    height -= height.min()
    quality = np.zeros(times.size, np.uint16)
    if hole is not None:
        inside = (times > hole[0]) & (times < hole[1])
        velocity[inside] = height[inside] = np.nan
    up_sensor = np.tile([0.0, 0.0, 1.0], (times.size, 1))
    return TraceBlock(times, velocity, height, up_sensor, quality)


def _earlier() -> list[Event]:
    first = finished(1, (0.58, 0.57, 0.55, 0.55, 0.53), 10.0)
    second = finished(2, (0.52, 0.51, 0.49, 0.47, 0.46), 55.0)
    return [
        SetStarted(12.0, 1, Exercise.DEADLIFT, 10.0, None),
        SetEnded(32.0, first),
        SetStarted(57.0, 2, Exercise.DEADLIFT, 55.0, 28.2),
        SetEnded(77.0, second),
    ]


def _current(means: Sequence[float]) -> list[Event]:
    started: list[Event] = [SetStarted(103.0, 3, Exercise.DEADLIFT, 100.0, 28.5)]
    return started + [RepetitionCompleted(r.end_s, r) for r in reps_of(means)]


MEANS = (0.49, 0.47, 0.44)


def live(mode: Mode = Mode.LIVE) -> list[StationUpdate]:
    """In the middle of the third set."""
    events = [*_earlier(), *_current(MEANS), PhaseChanged(110.4, Phase.UP)]
    return [PipelineOutput(tuple(events), trace(110.9)), status(110.9, mode)]


def stopping() -> list[StationUpdate]:
    """The velocity loss has reached its limit."""
    means = (0.49, 0.47, 0.44, 0.38, 0.33)
    events = [*_earlier(), *_current(means)]
    return [PipelineOutput(tuple(events), trace(117.0)), status(117.0)]


def resting() -> list[StationUpdate]:
    """After the third set."""
    events = [*_earlier(), *_current((*MEANS, 0.43, 0.41))]
    events.append(SetEnded(118.0, finished(3, (0.49, 0.47, 0.44, 0.42, 0.40), 100.0)))
    events.append(PhaseChanged(118.0, Phase.STILL))
    return [PipelineOutput(tuple(events), trace(224.5, still=True)), status(224.5)]


def faulted() -> list[StationUpdate]:
    """Data were lost inside a repetition, and are lost again now."""
    why = "0.7 s of data are missing inside the lifting phase"
    hole = (107.6, 108.3)
    reps = list(reps_of(MEANS))
    reps[1] = replace(
        reps[1], confidence=Confidence.LOW, reasons=("the bar was not still before it",)
    )
    reps[2] = replace(reps[2], confidence=Confidence.NONE, reasons=(why,))
    gap_text = "0.7 s of data from the bar sensor are missing; repetition 3 is withdrawn"
    wide_text = "12 samples reached the end of the sensor's range; peak velocity is too low"
    events: list[Event] = [
        *_earlier(),
        SetStarted(103.0, 3, Exercise.DEADLIFT, 100.0, 28.5),
        *(RepetitionCompleted(r.end_s, r) for r in reps),
        QualityChanged(108.4, "bar", QualityKind.GAP, False, 107.6, 108.3, gap_text),
        QualityChanged(109.0, "bar", QualityKind.SATURATION, True, 108.9, None, wide_text),
    ]
    lost = sensor(state="lost", age_s=2.6, battery_pct=18.0, loss_pct=6.4, text="nothing for 2.6 s")
    return [
        PipelineOutput(tuple(events), trace(110.4, hole=hole)),
        status(113.0, sensors=(lost,), latency_ms=None),
    ]


def three_sensors(**bar: Any) -> tuple[SensorStatus, ...]:
    """Bar, thorax and pelvis as a live session tells of them."""
    live: dict[str, Any] = {"link": "streaming", "clock_error_ms": 0.8, "drift_ppm": 20.0}
    return (
        sensor(**{"rssi_dbm": -63.0, **live, **bar}),
        replace(
            sensor(rssi_dbm=-71.0, battery_pct=71.0, loss_pct=0.0, **live),
            sensor_id="t1", role=Role.THORAX, name="thorax",
        ),
        replace(
            sensor(rssi_dbm=-84.0, battery_pct=18.0, loss_pct=2.3, **live),
            sensor_id="p1", role=Role.PELVIS, name="pelvis",
        ),
    )  # fmt: skip


LOST = {
    "state": "lost",
    "link": "lost",
    "age_s": 0.2,
    "text": "The link to Movella DOT …1A3F broke; it is being made again, bring the sensor nearer.",
}


def link_lost() -> list[StationUpdate]:
    """The bar sensor's link broke this moment, inside a set."""
    events = [*_earlier(), *_current(MEANS)]
    sensors = three_sensors(**LOST)
    return [PipelineOutput(tuple(events), trace(110.9)), status(111.0, sensors=sensors)]


def overview() -> Analysis:
    """What a recording of three sets holds."""
    gap = QualityChanged(160.0, "bar", QualityKind.GAP, False, 150.0, 159.0, "9 s are missing")
    return Analysis(
        exercise=Exercise.DEADLIFT,
        duration_s=300.0,
        sensors=(),
        sets=(
            finished(1, (0.58, 0.57, 0.55, 0.55, 0.53), 10.0),
            finished(2, (0.52, 0.51, 0.49, 0.47, 0.46), 55.0),
            finished(3, (*MEANS, 0.42, 0.40), 100.0),
        ),
        events=(gap,),
        trace_live=TraceBlock.empty(),
        trace_refined=TraceBlock.empty(),
    )


def session(name: str) -> LoadedSession:
    """A scene by name, one of :data:`SCENES`."""
    if name == "replaying":
        feed = ScriptedFeed(Mode.REPLAY, updates=live(Mode.REPLAY))
        return LoadedSession(feed, overview(), FACTS, "sample.mcap")
    if name == "simulated":
        return LoadedSession(ScriptedFeed(Mode.SIMULATED, updates=live(Mode.SIMULATED)))
    if name == "waiting":
        first = status(0.4, sensors=(sensor(age_s=None, rate_hz=None, loss_pct=None),))
        return LoadedSession(ScriptedFeed(Mode.LIVE, updates=[first]))
    if name == "three":
        updates = [*live(), status(110.9, sensors=three_sensors())]
        return LoadedSession(ScriptedFeed(Mode.LIVE, updates=updates))
    if name == "no_bar":
        updates = [status(8.0, sensors=three_sensors()[1:])]
        return LoadedSession(ScriptedFeed(Mode.LIVE, updates=updates))
    if name in TRUNK_SCENES:
        from tests.ui.trunk_scenes import trunk_scene  # it makes them of what stands here

        updates, config = trunk_scene(name)
        return LoadedSession(ScriptedFeed(Mode.LIVE, config, updates))
    scenes = {
        "live": live,
        "resting": resting,
        "faulted": faulted,
        "stopping": stopping,
        "link_lost": link_lost,
    }
    return LoadedSession(ScriptedFeed(Mode.LIVE, updates=scenes[name]()))


TRUNK_SCENES = (
    "spine_good",
    "spine_amber",
    "spine_red",
    "spine_low",
    "spine_one",
    "spine_not_calibrated",
    "spine_slipped",
    "spine_lost",
    "spine_hand",
    "strip",
    "landings_none",
    "landings",
    "landings_low",
)

SCENES = (
    "live",
    "stopping",
    "resting",
    "replaying",
    "faulted",
    "simulated",
    "waiting",
    "three",
    "link_lost",
    "no_bar",
    *TRUNK_SCENES,
)
LIFTER_SCENES = tuple(
    scene for scene in SCENES if scene not in TRUNK_SCENES or scene in ("spine_red", "landings")
)
"""Those in which the lifter view has something else to place."""
