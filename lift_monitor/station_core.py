"""The work of a station, one slice at a time: take, record, decode, analyse, tell.

Owns no thread and no loop: :class:`lift_monitor.station.Station` gives it both and calls it
from one thread only.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from lift_monitor.drivers.live import LiveFlow, LiveSource
from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.playback import Playback
from lift_monitor.drivers.source import PacketSource
from lift_monitor.events import Exercise
from lift_monitor.recordings.errors import RecordingError
from lift_monitor.recordings.facts import Annotation, SessionFacts
from lift_monitor.recordings.recorder import Recorder
from lift_monitor.remarks import commands_in, remark_of
from lift_monitor.road import Road
from lift_monitor.signal.commands import Command, SetExercise
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.trunk_calibration import GuidedMinute
from lift_monitor.signal.trunk_words import Calibrate, SetLoad, TrunkConfig
from lift_monitor.station_health import SensorHealth
from lift_monitor.station_queue import History, UpdateQueue
from lift_monitor.station_words import (
    Mode,
    SensorStatus,
    StationConfig,
    StationReset,
    StationStatus,
)
from lift_monitor.technique import Load

_SLICE_PACKETS = 200
"""Packets handled between two looks at the commands."""
_ADVANCE_S: Final = 0.025
"""Live samples are handed to the signal core together, so often: it costs by the call, and
a recording must not wait for it. Well inside the 150 ms from sensor to screen."""


class StationCore:
    """One session's state (see :class:`lift_monitor.station.Station` for the parameters)."""

    def __init__(
        self,
        source: PacketSource,
        config: StationConfig,
        mode: Mode,
        session: SessionFacts,
        record_to: Path | None,
    ) -> None:
        self.queue = UpdateQueue()
        self.flow = LiveFlow(source) if isinstance(source, LiveSource) else Playback(source)
        self._source = source
        self._config = config
        self._mode = mode
        self._session = session
        self._record_to = record_to
        self._recorder: Recorder | None = None
        # Live packets are recorded in the flow's thread, all else happens in the station's.
        self._recording = threading.RLock()
        if isinstance(self.flow, LiveFlow):
            self.flow.record = self._record
        self._recorded_s = 0.0
        self._goal_s: float | None = None
        self._silent = False
        self._error: str | None = None
        self._latency_ms: float | None = None
        self._advanced_s = 0.0
        self._commands = list(commands_in(getattr(source, "annotations", ())))
        self._start_over()

    def _start_over(self) -> None:
        config = self._config
        self._road = Road(
            self._source.sensors,
            config.exercise,
            trunk=TrunkConfig(config.body_mass_kg, config.flag_rules),
        )
        for command in self._commands:
            self._road.command(command)
        self._history = History()
        self._health = {info.sensor_id: SensorHealth(info) for info in self._source.sensors}
        self._finished = False

    def begin(self) -> None:
        """Open the recording and let time run.

        Raises
        ------
        RecordingError
            If the recording cannot be opened.
        TapError
            If a live sensor cannot be listened to; no recording is left behind.
        """
        if self._record_to is not None:
            self._recorder = Recorder(self._record_to, self._session, self._source.sensors)
        try:
            self.flow.play()
        except BaseException:
            self._stop_recording()
            if self._record_to is not None:
                self._record_to.unlink(missing_ok=True)
            raise

    def finish(self) -> None:
        """End a live session with what has come, the recording, and the walk of the source."""
        try:
            if isinstance(self.flow, LiveFlow):
                self.flow.end()
                while not (self.flow.ended and self._finished):
                    self.work()
        finally:
            self._stop_recording()
            self.flow.close()
            self.tell_status()

    # --- Commands ---

    def play(self) -> None:
        """Let time run; at the end, from the beginning again."""
        if self.flow.ended and self._recorder is None:
            self.seek(float("-inf"))
        self.flow.play()

    def step(self, seconds: float) -> None:
        """Pause and move."""
        self.flow.pause()
        goal_s = self.flow.position_s + seconds
        if seconds < 0 or not self.flow.movable:
            self.seek(goal_s)
        else:
            self._goal_s = goal_s

    def seek(self, t_s: float) -> None:
        """Go to a session time."""
        if self._recorder is not None:
            self._error = "Time cannot be moved while the session is being recorded."
            return
        if not self.flow.movable:
            self._error = "Time cannot be moved while the session is live."
            return
        self._error = None
        if t_s < self.flow.position_s:
            self.flow.rewind()
            self._start_over()
        self._silent = True
        self._goal_s = t_s

    def end(self) -> None:
        """End a live session; of another, nothing."""
        if isinstance(self.flow, LiveFlow):
            self.flow.end()

    def annotate(self, kind: str, text: str) -> None:
        """Write a remark at the present moment into the recording, if there is one."""
        self._annotate(Annotation(self.flow.position_s, kind, text))

    def _annotate(self, remark: Annotation) -> None:
        with self._recording:
            if self._recorder is None:
                return
            try:
                self._recorder.annotate(remark)
            except RecordingError as error:
                self._recording_failed(error)

    def calibrate(self, minute: GuidedMinute) -> None:
        """Calibrate the trunk sensors by the guided minute that is just over."""
        self._obey(Calibrate(self._next_moment_s(), minute))

    def set_load(self, load: Load | None) -> None:
        """Say from now on whether the lifter bears the bar; ``None``: the bar's sensor says."""
        self._obey(SetLoad(self._next_moment_s(), load))

    def set_exercise(self, command: SetExercise) -> None:
        """Go on with another exercise from now on, whatever moment the command names.

        What was said of the load by hand was said of the exercise before: the bar's sensor
        says it again.
        """
        at_s = self._next_moment_s()
        other = command.exercise is not self._exercise_at(at_s)
        if other and self._road.trunk.by_hand(at_s):
            self._obey(SetLoad(at_s, None))
        self._obey(replace(command, at_s=at_s))

    def _exercise_at(self, at_s: float) -> Exercise:
        done = [c for c in self._commands if isinstance(c, SetExercise) and c.at_s <= at_s]
        done.sort(key=lambda c: c.at_s)  # of two at one moment the later word stands
        return done[-1].exercise if done else self._config.exercise

    def _next_moment_s(self) -> float:
        """The first moment of which nothing has been told, not before the present one."""
        return max(self.flow.position_s, self._road.told_s + 0.01)

    def _obey(self, command: Command) -> None:
        self._commands.append(command)
        self._road.command(command)
        self._annotate(remark_of(command))

    # --- Work ---

    def wait_s(self) -> float | None:
        """Seconds until there is work by itself; ``None`` while nobody knows."""
        until_s = self.flow.wait_s()
        if self._road.waiting:
            advance_s = max(0.0, self._advanced_s + _ADVANCE_S - time.monotonic())
            until_s = advance_s if until_s is None else min(until_s, advance_s)
        return until_s

    def work(self) -> bool:
        """Do one slice; say whether more waits already."""
        if self._goal_s is not None:
            packets = self.flow.until(self._goal_s, _SLICE_PACKETS)
        else:
            packets = self.flow.due(_SLICE_PACKETS)
        self._take(packets)
        if self.flow.ended and not self._finished:
            self._finished = True
            self._tell(self._road.finish())
            if isinstance(self.flow, LiveFlow):
                self._stop_recording()
        if self._goal_s is not None and self.flow.reached(self._goal_s):
            self._goal_s = None
            if self._silent:
                self._silent = False
                at_s = self.flow.position_s
                self.queue.put_reset(StationReset(at_s), self._history.told_again())
            self.tell_status()
        return self._goal_s is not None or self.flow.wait_s() == 0.0

    def _take(self, packets: list[Packet]) -> None:
        live = isinstance(self.flow, LiveFlow)
        for packet in packets:
            if not live:
                self._record(packet)
        for packet in packets:
            chunk = self._road.decode(packet)
            health = self._health.get(packet.sensor_id)
            if health is not None:
                health.arrived(packet, chunk)
        if packets and not live:
            self._tell(self._road.advance())
        elif self._road.waiting and time.monotonic() >= self._advanced_s + _ADVANCE_S:
            self._tell(self._road.advance())
            self._advanced_s = time.monotonic()
        if packets:
            paced = live or (self.flow.playing and self.flow.speed <= 8.0 and self._goal_s is None)
            self._latency_ms = 1e3 * self.flow.late_s(packets[-1]) if paced else None

    def _tell(self, output: PipelineOutput) -> None:
        if not output.events and len(output.trace) == 0 and len(output.spine) == 0:
            return
        self._history.add(output)
        if not self._silent:
            self.queue.put(output)

    def _record(self, packet: Packet) -> None:
        with self._recording:
            if self._recorder is None:
                return
            try:
                self._recorder.write(packet)
            except Exception as error:  # noqa: BLE001 - a full disk must not end the watching
                self._recording_failed(error)
                return
            self._recorded_s = packet.host_time_ns * 1e-9

    def _recording_failed(self, error: Exception) -> None:
        self.fail(f"Recording to {self._record_to} stopped, the screen goes on", error)
        self._stop_recording()

    def _stop_recording(self) -> None:
        with self._recording:
            recorder, self._recorder = self._recorder, None
            if recorder is None:
                return
            try:
                recorder.close()
            except Exception as error:  # noqa: BLE001 - told to the user
                self.fail(f"The end of {self._record_to} could not be written", error)

    def fail(self, what: str, error: Exception) -> None:
        """Stop time where it can be stopped and say what happened."""
        self.flow.pause()
        self._goal_s = None
        self._silent = False
        said = str(error).rstrip(".") or type(error).__name__
        self._error = f"{what}: {said}."

    # --- Status ---

    def tell_status(self) -> None:
        """Put how things are into the queue."""
        self.queue.put_status(self._status())

    def _status(self) -> StationStatus:
        position_s = self.flow.position_s
        return StationStatus(
            mode=self._mode,
            now_s=position_s,
            duration_s=getattr(self._source, "duration_s", None),
            speed=self.flow.speed,
            playing=self.flow.playing,
            recording_to=str(self._record_to) if self._recorder is not None else None,
            recorded_s=self._recorded_s,
            latency_ms=self._latency_ms,
            sensors=self._sensors(position_s),
            error=self._error,
            ended=self.flow.ended and self._finished,
            dropped_updates=self.queue.dropped,
        )

    def _sensors(self, now_s: float) -> tuple[SensorStatus, ...]:
        links = self._source.links() if isinstance(self._source, LiveSource) else {}
        return tuple(
            health.status(
                now_s,
                playing=self.flow.playing,
                unreadable=self._road.streams[sensor_id].unreadable,
                link=links.get(sensor_id),
                clock=self._road.streams[sensor_id].clock,
            )
            for sensor_id, health in self._health.items()
        )
