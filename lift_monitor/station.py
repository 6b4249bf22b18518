"""One lifter's road, assembled: source, recorder, decode, signal core, listener.

Each station runs an asyncio loop in a thread of its own and shares nothing with another.
Commands may come from any thread; what became known waits in a bounded queue until the
listener drains it.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.playback import Playback
from lift_monitor.drivers.source import PacketSource
from lift_monitor.recordings.facts import Annotation, SessionFacts
from lift_monitor.recordings.recorder import Recorder
from lift_monitor.road import Road
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station_health import SensorHealth
from lift_monitor.station_queue import History, UpdateQueue
from lift_monitor.station_words import (
    Mode,
    SensorStatus,
    StationConfig,
    StationReset,
    StationStatus,
    StationUpdate,
)

_SLICE_PACKETS = 200
"""Packets handled between two looks at the commands."""
_STATUS_PERIOD_S = 0.1
_SHORTEST_WAIT_S = 0.01
_CLOSE_S = 10.0


class Station:
    """Runs one session; use as a context manager or pair :meth:`start` with :meth:`close`.

    Parameters
    ----------
    source : PacketSource
    config : StationConfig
    mode : Mode
    session : SessionFacts, optional
        Written into the recording; made from the configuration if not given.
    record_to : Path, optional
        Record every packet there before anything else is done with it.

    Raises
    ------
    FormatError
        If a sensor's format is not known to this version.
    """

    def __init__(
        self,
        source: PacketSource,
        config: StationConfig,
        mode: Mode,
        *,
        session: SessionFacts | None = None,
        record_to: Path | None = None,
    ) -> None:
        self.source = source
        self.config = config
        self.mode = mode
        self._session = session or _session(config, mode)
        self._record_to = record_to
        self._recorder: Recorder | None = None
        self._recorded_s = 0.0
        self._queue = UpdateQueue()
        self._commands: deque[Callable[[], None]] = deque()
        self._playback = Playback(source)
        self._goal_s: float | None = None
        self._silent = False
        self._error: str | None = None
        self._latency_ms: float | None = None
        self._status_due_s = 0.0
        self._start_over()
        self._busy = False
        self._closing = False
        self._wake: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    def _start_over(self) -> None:
        self._road = Road(self.source.sensors, self.config.exercise)
        self._history = History()
        self._health = {info.sensor_id: SensorHealth(info) for info in self.source.sensors}
        self._finished = False

    # --- Life ---

    def start(self) -> None:
        """Open the recording and start the thread; time runs from here.

        Raises
        ------
        RecordingError
            If the recording cannot be opened.
        RuntimeError
            If the station was started before.
        """
        if self._thread is not None:
            raise RuntimeError("a station starts once; make a new one")
        if self._record_to is not None:
            self._recorder = Recorder(self._record_to, self._session, self.source.sensors)
        self._playback.play()
        self._thread = threading.Thread(target=self._run, name="lift-station", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread and finish the recording; may be called more than once."""
        self._closing = True
        self._rouse()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_CLOSE_S)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- From any thread ---

    def drain(self, limit: int | None = None) -> list[StationUpdate]:
        """Fetch what became known since the last call, without waiting."""
        return self._queue.drain(limit)

    def play(self) -> None:
        """Let time run; at the end, from the beginning again."""
        self._command(self._play)

    def pause(self) -> None:
        """Stop time."""
        self._command(self._playback.pause)

    def set_speed(self, speed: float) -> None:
        """Choose 0.1 to 8 session seconds a second, or ``math.inf``.

        Raises
        ------
        ValueError
            If the speed is neither.
        """
        Playback.check_speed(speed)
        self._command(lambda: self._playback.set_speed(speed))

    def step(self, seconds: float) -> None:
        """Pause and move by some seconds; backward it is a seek.

        Raises
        ------
        ValueError
            If ``seconds`` is not a number.
        """
        _check_number(seconds)
        self._command(lambda: self._step(seconds))

    def seek(self, t_s: float) -> None:
        """Go to a session time; the listener gets a reset and what to redraw.

        Raises
        ------
        ValueError
            If ``t_s`` is not a number.
        """
        _check_number(t_s)
        self._command(lambda: self._seek(t_s))

    def annotate(self, kind: str, text: str) -> None:
        """Write a remark at the present moment into the recording, if there is one."""
        self._command(lambda: self._annotate(kind, text))

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        self._rouse()

    def _rouse(self) -> None:
        with self._guard:
            if self._loop is not None and self._wake is not None:
                self._loop.call_soon_threadsafe(self._wake.set)

    # --- In the thread ---

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:  # noqa: BLE001 - the thread must never die silently
            self._fail("The station stopped", error)
        finally:
            self._stop_recording()
            self._playback.close()
            self._queue.put_status(self._status())

    async def _main(self) -> None:
        wake = asyncio.Event()
        with self._guard:
            self._loop, self._wake = asyncio.get_running_loop(), wake
        try:
            while not self._turn():
                if self._busy:
                    await asyncio.sleep(0)
                else:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(wake.wait(), self._wait_s())
                wake.clear()
        finally:  # while the loop still lives, so that nobody rouses a closed one
            with self._guard:
                self._loop = self._wake = None

    def _turn(self) -> bool:
        """Obey, work one slice, tell; say whether the station is being closed."""
        closing = self._closing  # looked at first: commands given before it still count
        try:
            while self._commands:
                self._commands.popleft()()
                self._status_due_s = 0.0
            if closing:
                return True
            self._busy = self._work()
        except Exception as error:  # noqa: BLE001 - told to the user, the loop goes on
            self._fail("The session cannot go on", error)
            self._busy = False
        if time.monotonic() >= self._status_due_s:
            self._status_due_s = time.monotonic() + _STATUS_PERIOD_S
            self._queue.put_status(self._status())
        return closing

    def _wait_s(self) -> float:
        until_due_s = self._playback.wait_s()
        until_status_s = self._status_due_s - time.monotonic()
        shortest = until_status_s if until_due_s is None else min(until_due_s, until_status_s)
        return max(shortest, _SHORTEST_WAIT_S)

    def _work(self) -> bool:
        """Do one slice; say whether more waits already."""
        if self._goal_s is not None:
            packets = self._playback.until(self._goal_s, _SLICE_PACKETS)
        else:
            packets = self._playback.due(_SLICE_PACKETS)
        self._take(packets)
        if self._playback.ended and not self._finished:
            self._finished = True
            self._tell(self._road.finish())
        if self._goal_s is not None and self._playback.reached(self._goal_s):
            self._goal_s = None
            if self._silent:
                self._silent = False
                at_s = self._playback.position_s
                self._queue.put_reset(StationReset(at_s), self._history.told_again())
            self._status_due_s = 0.0
        return self._goal_s is not None or self._playback.wait_s() == 0.0

    def _take(self, packets: list[Packet]) -> None:
        for packet in packets:
            self._record(packet)
            chunk = self._road.decode(packet)
            health = self._health.get(packet.sensor_id)
            if health is not None:
                health.arrived(packet, len(chunk))
        if packets:
            self._tell(self._road.advance())
            paced = self._playback.playing and self._playback.speed <= 8.0 and self._goal_s is None
            self._latency_ms = 1e3 * self._playback.late_s(packets[-1]) if paced else None

    def _tell(self, output: PipelineOutput) -> None:
        if not output.events and len(output.trace) == 0:
            return
        self._history.add(output)
        if not self._silent:
            self._queue.put(output)

    def _play(self) -> None:
        if self._playback.ended and self._recorder is None:
            self._seek(float("-inf"))
        self._playback.play()

    def _step(self, seconds: float) -> None:
        self._playback.pause()
        goal_s = self._playback.position_s + seconds
        if seconds < 0:
            self._seek(goal_s)
        else:
            self._goal_s = goal_s

    def _seek(self, t_s: float) -> None:
        if self._recorder is not None:
            self._error = "Time cannot be moved while the session is being recorded."
            return
        self._error = None
        if t_s < self._playback.position_s:
            self._playback.rewind()
            self._start_over()
        self._silent = True
        self._goal_s = t_s

    def _record(self, packet: Packet) -> None:
        if self._recorder is None:
            return
        try:
            self._recorder.write(packet)
        except Exception as error:  # noqa: BLE001 - a full disk must not end the watching
            self._fail(f"Recording to {self._record_to} stopped, the screen goes on", error)
            self._stop_recording()
            return
        self._recorded_s = packet.host_time_ns * 1e-9

    def _annotate(self, kind: str, text: str) -> None:
        if self._recorder is not None:
            self._recorder.annotate(Annotation(self._playback.position_s, kind, text))

    def _stop_recording(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return
        try:
            recorder.close()
        except Exception as error:  # noqa: BLE001 - told to the user
            self._fail(f"The end of {self._record_to} could not be written", error)

    def _fail(self, what: str, error: Exception) -> None:
        self._playback.pause()
        self._goal_s = None
        self._silent = False
        self._error = f"{what}: {error or type(error).__name__}."

    def _status(self) -> StationStatus:
        position_s = self._playback.position_s
        return StationStatus(
            mode=self.mode,
            now_s=position_s,
            duration_s=getattr(self.source, "duration_s", None),
            speed=self._playback.speed,
            playing=self._playback.playing,
            recording_to=str(self._record_to) if self._recorder is not None else None,
            recorded_s=self._recorded_s,
            latency_ms=self._latency_ms,
            sensors=tuple(
                self._sensor_status(health, position_s) for health in self._health.values()
            ),
            error=self._error,
            ended=self._playback.ended and self._finished,
            dropped_updates=self._queue.dropped,
        )

    def _sensor_status(self, health: SensorHealth, now_s: float) -> SensorStatus:
        return health.status(
            now_s,
            playing=self._playback.playing,
            unreadable=self._road.streams[health.info.sensor_id].unreadable,
        )


def _check_number(value: float) -> None:
    if math.isnan(value):
        raise ValueError("a time must be a number")


def _session(config: StationConfig, mode: Mode) -> SessionFacts:
    return SessionFacts(
        started_at=datetime.now(UTC),
        source="live" if mode == Mode.LIVE else "simulated",
        exercise=config.exercise,
        load_kg=config.load_kg,
        target_reps=config.target_reps,
        target_sets=config.target_sets,
        alias=config.alias,
    )


__all__ = [
    "Mode",
    "SensorStatus",
    "Station",
    "StationConfig",
    "StationReset",
    "StationStatus",
    "StationUpdate",
]
