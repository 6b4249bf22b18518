"""One lifter's road in its thread: what comes out, and that it ends cleanly."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lift_monitor.analysis import analyse
from lift_monitor.drivers.formats import open_imu
from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.source import MemorySource
from lift_monitor.events import Event, Exercise, ExerciseChanged, SetEnded
from lift_monitor.recordings.container import Recording, RecordingError
from lift_monitor.road import join_traces
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.station import (
    Mode,
    Station,
    StationConfig,
    StationReset,
    StationStatus,
    StationUpdate,
)
from lift_monitor.technique import Load, LoadChanged

SENSOR = SensorInfo("bar-1", Role.BAR, open_imu.NAME, name="bar", nominal_rate_hz=100.0)
CONFIG = StationConfig(Exercise.DEADLIFT)
PATIENCE_S = 60.0


def lifting(seconds: float = 40.0, *, broken: tuple[int, ...] = ()) -> MemorySource:
    """Five lifts of half a metre from the floor, then rest, as packets of 10 samples."""
    time_s = np.arange(int(seconds * 100)) / 100.0
    acc_up = np.zeros_like(time_s)
    for start_s in 4.0 + 4.0 * np.arange(5):
        for begin_s, sign in ((start_s, 1.0), (start_s + 1.5, -1.0)):
            inside = (time_s >= begin_s) & (time_s < begin_s + 1.0)
            wave = np.sin(2 * np.pi * (time_s[inside] - begin_s))
            acc_up[inside] += sign * 0.5 * 2 * np.pi * wave
    noise = np.random.default_rng(1).normal(0, 0.02, (time_s.shape[0], 6))
    acc = noise[:, :3]
    acc[:, 2] += 9.80665 + acc_up
    packets = []
    for k in range(0, time_s.shape[0], 10):
        payload = open_imu.encode(
            k // 10, k * 10_000, 10_000, acc[k : k + 10], noise[k : k + 10, 3:], 0.005, 0.001
        )
        if k // 10 in broken:
            payload = payload[:20]
        packets.append(Packet("bar-1", "imu", (k + 10) * 10_000_000, payload))
    return MemorySource([SENSOR], packets)


def told(events: Iterable[Event]) -> list[str]:
    """Events to compare: unknown values are NaN, which is not equal to itself."""
    return [repr(event) for event in events]


class Listener:
    """Collects what a station tells, as a screen would."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.events: list[Event] = []
        self.blocks: list[TraceBlock] = []
        self.status: StationStatus | None = None
        self.resets: list[StationReset] = []

    def look(self) -> None:
        for update in self.station.drain():
            self.hear(update)

    def hear(self, update: StationUpdate) -> None:
        if isinstance(update, StationReset):
            self.resets.append(update)
            self.events.clear()
            self.blocks.clear()
        elif isinstance(update, StationStatus):
            self.status = update
        elif isinstance(update, PipelineOutput):
            self.events += update.events
            self.blocks.append(update.trace)

    def until(self, done: Callable[[StationStatus], bool]) -> StationStatus:
        give_up_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up_s:
            self.look()
            if self.status is not None and done(self.status):
                self.look()
                return self.status
            time.sleep(0.005)
        raise AssertionError(f"never came to it; last status {self.status}")

    @property
    def trace(self) -> TraceBlock:
        return join_traces(self.blocks)


@pytest.fixture(autouse=True)
def _no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert [t for t in threading.enumerate() if t not in before and t.is_alive()] == []


def fast(source: MemorySource, **more: object) -> Station:
    station = Station(source, CONFIG, Mode.REPLAY, **more)  # type: ignore[arg-type]
    station.set_speed(math.inf)
    return station


def test_the_screen_gets_exactly_what_the_batch_gets() -> None:
    batch = analyse(lifting(), exercise=CONFIG.exercise)
    with fast(lifting()) as station:
        listener = Listener(station)
        status = listener.until(lambda s: s.ended)
    assert told(listener.events) == told(batch.events)
    assert len(batch.trace_live) > 1000
    for name in ("time_s", "velocity_mps", "height_m", "up_sensor", "quality"):
        assert np.array_equal(
            getattr(listener.trace, name), getattr(batch.trace_live, name), equal_nan=True
        )
    assert status.error is None
    assert status.now_s == pytest.approx(40.0)
    assert not status.playing
    assert status.dropped_updates == 0


def test_status_tells_of_the_sensor() -> None:
    with fast(lifting()) as station:
        status = Listener(station).until(lambda s: s.ended)
    (sensor,) = status.sensors
    assert sensor.rate_hz == pytest.approx(100.0)
    assert sensor.loss_pct == pytest.approx(0.0)
    assert (sensor.state, sensor.text, sensor.name) == ("ok", "", "bar")
    assert status.duration_s == pytest.approx(40.0)
    assert (status.mode, status.recording_to) == (Mode.REPLAY, None)


def test_every_packet_is_on_the_disk(tmp_path: Path) -> None:
    source, path = lifting(10.0), tmp_path / "session.mcap"
    with fast(source, record_to=path) as station:
        listener = Listener(station)
        status = listener.until(lambda s: s.ended)
        station.annotate("note", "all went well")
        assert status.recording_to == str(path)
        assert status.recorded_s == pytest.approx(10.0)
    recording = Recording.open(path)
    assert list(recording.packets()) == list(source.packets())
    assert recording.recovery is None
    assert recording.session.exercise == Exercise.DEADLIFT
    assert [(a.kind, a.text) for a in recording.annotations] == [("note", "all went well")]


def test_a_recording_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "session.mcap"
    path.write_bytes(b"precious")
    station = fast(lifting(5.0), record_to=path)
    with pytest.raises(RecordingError, match="never overwritten"):
        station.start()
    station.close()
    assert path.read_bytes() == b"precious"


def test_a_recorder_that_fails_does_not_end_the_watching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object, packet: Packet) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lift_monitor.station_core.Recorder.write", full)
    with fast(lifting(10.0), record_to=tmp_path / "session.mcap") as station:
        listener = Listener(station)
        status = listener.until(lambda s: s.ended)
    assert status.error is not None
    assert "No space left on device" in status.error
    assert status.recording_to is None
    assert len(listener.trace) > 500


def test_unreadable_packets_are_counted_and_told() -> None:
    with fast(lifting(10.0, broken=(50, 51))) as station:
        status = Listener(station).until(lambda s: s.ended)
    (sensor,) = status.sensors
    assert sensor.state == "check"
    assert "2 packets could not be read" in sensor.text
    assert status.error is None


def test_a_source_that_breaks_is_told_in_a_sentence() -> None:
    class Breaking(MemorySource):
        def packets(self) -> Iterator[Packet]:
            for number, packet in enumerate(super().packets()):
                if number == 30:
                    raise OSError("the cable was pulled")
                yield packet

    source = lifting(10.0)
    with fast(Breaking(source.sensors, source.packets())) as station:
        status = Listener(station).until(lambda s: s.error is not None)
    assert status.error == "The session cannot go on: the cable was pulled."
    assert not status.playing


def test_seeking_back_tells_the_past_again_and_nothing_of_the_future() -> None:
    source = lifting()
    with fast(source) as station:
        listener = Listener(station)
        listener.until(lambda s: s.ended)
        everything = told(listener.events)
        whole = listener.trace
        station.seek(20.0)
        status = listener.until(lambda s: s.now_s == 20.0)
        assert [reset.at_s for reset in listener.resets] == [20.0]
        assert not status.ended
        assert told(listener.events) == everything[: len(listener.events)]
        assert all(event.at_s <= 20.0 for event in listener.events)
        assert 11.0 < listener.trace.time_s[-1] - listener.trace.time_s[0] <= 12.0
        known = np.isin(whole.time_s, listener.trace.time_s)
        assert np.array_equal(
            whole.velocity_mps[known], listener.trace.velocity_mps, equal_nan=True
        )
        station.play()
        listener.until(lambda s: s.ended)
    assert told(listener.events) == everything


def test_seeking_forward_gives_what_playing_there_would() -> None:
    with Station(lifting(), CONFIG, Mode.REPLAY) as station:
        listener = Listener(station)
        station.pause()
        station.seek(30.0)
        listener.until(lambda s: s.now_s == 30.0)
        jumped = told(listener.events)
        station.set_speed(math.inf)
        station.play()
        listener.until(lambda s: s.ended)
    assert jumped == told(listener.events)[: len(jumped)]
    batch = analyse(lifting(), exercise=CONFIG.exercise)
    assert told(listener.events) == told(batch.events)


def test_another_exercise_is_recorded_and_every_reading_obeys_it(tmp_path: Path) -> None:
    path = tmp_path / "session.mcap"
    station = Station(lifting(), CONFIG, Mode.LIVE, record_to=path)
    with station:
        station.pause()
        listener = Listener(station)
        station.step(14.0)
        listener.until(lambda s: s.now_s >= 13.9)
        station.set_exercise(Exercise.BACK_SQUAT, load_kg=42.5, target_reps=3, target_sets=2)
        station.set_speed(math.inf)
        station.play()
        listener.until(lambda s: s.ended)
    (change,) = [event for event in listener.events if isinstance(event, ExerciseChanged)]
    assert (change.exercise, change.load_kg) == (Exercise.BACK_SQUAT, 42.5)
    assert (change.target_reps, change.target_sets) == (3, 2)
    ends = [event for event in listener.events if isinstance(event, SetEnded)]
    assert [e.lift_set.exercise for e in ends] == [Exercise.DEADLIFT, Exercise.BACK_SQUAT]

    recording = Recording.open(path)
    batch = analyse(recording, exercise=CONFIG.exercise)
    assert told(e.lift_set.repetitions for e in ends) == told(s.repetitions for s in batch.sets)  # type: ignore[misc]
    assert change in batch.events

    replayed = Station(recording, CONFIG, Mode.REPLAY)
    with replayed:
        replayed.pause()
        again = Listener(replayed)
        replayed.seek(39.0)
        again.until(lambda s: s.now_s >= 38.9)
        assert change in again.events
        replayed.seek(5.0)
        again.until(lambda s: s.now_s <= 5.1)
        assert change not in again.events
        replayed.set_speed(math.inf)
        replayed.play()
        again.until(lambda s: s.ended)
    assert sorted(told(again.events)) == sorted(told(listener.events))


def test_a_load_said_by_hand_does_not_reach_into_the_next_exercise() -> None:
    with Station(lifting(), CONFIG, Mode.LIVE) as station:
        station.pause()
        listener = Listener(station)
        station.step(6.0)
        listener.until(lambda s: s.now_s >= 5.9)
        station.set_load(Load.UNLOADED)
        station.set_exercise(Exercise.DEADLIFT, load_kg=50.0)
        station.step(4.0)
        listener.until(lambda s: s.now_s >= 9.9)
        assert [e.by_hand for e in listener.events if isinstance(e, LoadChanged)][-1]
        station.set_exercise(Exercise.BACK_SQUAT, load_kg=40.0)
        station.step(4.0)
        listener.until(lambda s: s.now_s >= 13.9)
    loads = [event for event in listener.events if isinstance(event, LoadChanged)]
    changes = [event for event in listener.events if isinstance(event, ExerciseChanged)]
    assert [change.load_kg for change in changes] == [50.0, 40.0]
    (given_back,) = [load for load in loads if load.at_s == changes[1].at_s]
    assert not given_back.by_hand
    assert [load.at_s for load in loads if load.by_hand] == [changes[0].at_s]


def test_an_exercise_that_cannot_be_is_refused_at_once() -> None:
    station = fast(lifting())
    with pytest.raises(ValueError, match="load"):
        station.set_exercise(Exercise.DEADLIFT, load_kg=math.nan)
    with pytest.raises(ValueError, match="one of each"):
        station.set_exercise(Exercise.DEADLIFT, target_reps=0)


def test_steps_move_while_paused() -> None:
    with Station(lifting(), CONFIG, Mode.REPLAY) as station:
        listener = Listener(station)
        station.pause()
        station.seek(10.0)
        listener.until(lambda s: s.now_s == 10.0)
        station.step(0.5)
        assert not listener.until(lambda s: s.now_s == 10.5).playing
        assert len(listener.resets) == 1
        station.step(-1.5)
        listener.until(lambda s: s.now_s == 9.0)
        assert len(listener.resets) == 2


def test_playing_at_the_end_begins_again() -> None:
    with fast(lifting(10.0)) as station:
        listener = Listener(station)
        listener.until(lambda s: s.ended)
        station.set_speed(0.1)
        station.play()
        status = listener.until(lambda s: s.playing)
    assert status.now_s < 5.0
    assert len(listener.resets) == 1


def test_time_is_not_moved_while_recording(tmp_path: Path) -> None:
    with Station(lifting(), CONFIG, Mode.SIMULATED, record_to=tmp_path / "s.mcap") as station:
        station.seek(0.0)
        status = Listener(station).until(lambda s: s.error is not None)
    assert status.error == "Time cannot be moved while the session is being recorded."


def test_speeds_and_times_that_are_none_are_refused_at_once() -> None:
    station = Station(lifting(5.0), CONFIG, Mode.REPLAY)
    with pytest.raises(ValueError, match="speed 20"):
        station.set_speed(20)
    with pytest.raises(ValueError, match="must be a number"):
        station.seek(math.nan)
    station.close()


def test_a_silent_sensor_is_checked_and_then_lost() -> None:
    heard = [p for p in lifting(10.0).packets() if p.host_time_ns <= 10e9]
    # So long a silence is seen by a listener on any machine.
    packets = [*heard, replace(heard[-1], host_time_ns=600_000_000_000)]
    states: dict[str, str] = {}
    with Station(MemorySource([SENSOR], packets), CONFIG, Mode.REPLAY) as station:
        listener = Listener(station)
        station.seek(9.9)
        station.set_speed(8.0)

        def seen(status: StationStatus) -> bool:
            (sensor,) = status.sensors
            states[sensor.state] = sensor.text
            return "lost" in states

        listener.until(seen)
    assert "Nothing from the bar sensor" in states["lost"]


def test_it_closes_in_the_middle_and_twice() -> None:
    station = Station(lifting(), CONFIG, Mode.REPLAY)
    station.start()
    with pytest.raises(RuntimeError, match="starts once"):
        station.start()
    station.close()
    station.close()
    station.play()  # nobody is there any more; nothing happens


def test_eight_stations_share_nothing() -> None:
    batch = analyse(lifting(15.0), exercise=CONFIG.exercise)
    with contextlib.ExitStack() as stack:
        stations = [stack.enter_context(fast(lifting(15.0))) for _ in range(8)]
        for listener in [Listener(station) for station in stations]:
            listener.until(lambda s: s.ended)
            assert told(listener.events) == told(batch.events)
