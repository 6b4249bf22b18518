"""One lifter's road, assembled: source, recorder, decode, signal core, listener.

Each station runs an asyncio loop in a thread of its own and shares nothing with another.
Commands may come from any thread; what became known waits in a bounded queue until the
listener drains it.
"""

from __future__ import annotations

import asyncio
import atexit
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

from lift_monitor.drivers.live import LiveFlow
from lift_monitor.drivers.playback import Playback
from lift_monitor.drivers.source import PacketSource
from lift_monitor.events import Exercise
from lift_monitor.limits import limits_of
from lift_monitor.recordings.facts import SessionFacts
from lift_monitor.signal.commands import SetExercise
from lift_monitor.signal.trunk_calibration import GuidedMinute, Window
from lift_monitor.station_core import StationCore
from lift_monitor.station_words import (
    Mode,
    SensorStatus,
    StationConfig,
    StationReset,
    StationStatus,
    StationUpdate,
)
from lift_monitor.technique import Load

_STATUS_PERIOD_S = 0.1
_SHORTEST_WAIT_S = 0.01
_LIVE_WAIT_S = 0.005
"""Live packets are fetched together, so often: each waking costs, each wait is lateness."""
_CLOSE_S = 10.0
_LAST_S = 300.0
"""Longest wait for the end of a recording when the program ends: hours take half a minute."""


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
        self._core = StationCore(source, config, mode, session or _session(config, mode), record_to)
        self._live = isinstance(self._core.flow, LiveFlow)
        if isinstance(self._core.flow, LiveFlow):
            self._core.flow.wake = self._rouse
        self._commands: deque[Callable[[], None]] = deque()
        self._status_due_s = 0.0
        self._busy = False
        self._closing = False
        self._wake: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    # --- Life ---

    def start(self) -> None:
        """Open the recording and start the thread; time runs from here.

        Raises
        ------
        RecordingError
            If the recording cannot be opened.
        TapError
            If a live sensor cannot be listened to.
        RuntimeError
            If the station was started before.
        """
        if self._thread is not None:
            raise RuntimeError("a station starts once; make a new one")
        self._core.begin()
        self._thread = threading.Thread(target=self._run, name="lift-station", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread and finish the recording; may be called more than once.

        A long recording is put in order beyond this call; the program waits for it when it
        ends.
        """
        self._closing = True
        self._rouse()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_CLOSE_S)
            if self._thread.is_alive():
                atexit.register(self._thread.join, _LAST_S)

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
        return self._core.queue.drain(limit)

    def play(self) -> None:
        """Let time run; at the end, from the beginning again."""
        self._command(self._core.play)

    def pause(self) -> None:
        """Stop time."""
        self._command(self._core.flow.pause)

    def set_speed(self, speed: float) -> None:
        """Choose 0.1 to 8 session seconds a second, or ``math.inf``.

        Raises
        ------
        ValueError
            If the speed is neither.
        """
        Playback.check_speed(speed)
        self._command(lambda: self._core.flow.set_speed(speed))

    def step(self, seconds: float) -> None:
        """Pause and move by some seconds; backward it is a seek.

        Raises
        ------
        ValueError
            If ``seconds`` is not a number.
        """
        _check_number(seconds)
        self._command(lambda: self._core.step(seconds))

    def seek(self, t_s: float) -> None:
        """Go to a session time; the listener gets a reset and what to redraw.

        Raises
        ------
        ValueError
            If ``t_s`` is not a number.
        """
        _check_number(t_s)
        self._command(lambda: self._core.seek(t_s))

    def end(self) -> None:
        """End a live session and its recording; the last updates can still be drained."""
        self._command(self._core.end)

    def annotate(self, kind: str, text: str) -> None:
        """Write a remark at the present moment into the recording, if there is one."""
        self._command(lambda: self._core.annotate(kind, text))

    def calibrate(self, stand: Window, hinge: Window, stand_again: Window) -> None:
        """Calibrate the trunk sensors by the guided minute that is just over.

        The answer is an event: ``TrunkCalibrated``, or ``CalibrationRefused`` with a sentence.
        The recording keeps when it was, so that a replay calibrates by the same minute.

        Parameters
        ----------
        stand, hinge, stand_again : Window
            Session time in which the person was asked for each.
        """
        minute = GuidedMinute(stand, hinge, stand_again)
        self._command(lambda: self._core.calibrate(minute))

    def set_load(self, load: Load | None) -> None:
        """Say from now on whether the lifter bears the bar; ``None``: the bar's sensor says."""
        self._command(lambda: self._core.set_load(load))

    def set_exercise(
        self,
        exercise: Exercise,
        *,
        load_kg: float | None = None,
        target_reps: int = 5,
        target_sets: int = 5,
    ) -> None:
        """Go on with another exercise, or with another load, from now on.

        An open set of another exercise is closed; the calibration of the trunk stays. A load that
        was said by hand is the bar's sensor's again, if the exercise is another one. The
        answer is an event, ``ExerciseChanged``, as soon as time has come so far. The recording
        keeps when it was, so that a replay changes at the same moment.

        Parameters
        ----------
        exercise : Exercise
        load_kg : float, optional
            ``None`` if it is not known.
        target_reps, target_sets : int
            What is asked for.

        Raises
        ------
        ValueError
            If the load or a target cannot be.
        """
        command = SetExercise(0.0, exercise, load_kg, target_reps, target_sets)
        self._command(lambda: self._core.set_exercise(command))

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
            self._core.fail("The station stopped", error)
        finally:
            try:
                self._core.finish()
            except Exception as error:  # noqa: BLE001 - the thread must never die silently
                self._core.fail("The end of the session failed", error)
                self._core.tell_status()

    async def _main(self) -> None:
        wake = asyncio.Event()
        with self._guard:
            self._loop, self._wake = asyncio.get_running_loop(), wake
        try:
            while not self._turn():
                if self._live:
                    await asyncio.sleep(_LIVE_WAIT_S)
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
            self._busy = self._core.work()
        except Exception as error:  # noqa: BLE001 - told to the user, the loop goes on
            self._core.fail("The session cannot go on", error)
            self._busy = False
        if time.monotonic() >= self._status_due_s:
            self._status_due_s = time.monotonic() + _STATUS_PERIOD_S
            self._core.tell_status()
        return closing

    def _wait_s(self) -> float:
        until_due_s = self._core.wait_s()
        until_status_s = self._status_due_s - time.monotonic()
        shortest = until_status_s if until_due_s is None else min(until_due_s, until_status_s)
        return max(shortest, _SHORTEST_WAIT_S)


def _check_number(value: float) -> None:
    if math.isnan(value):
        raise ValueError("a time must be a number")


def _session(config: StationConfig, mode: Mode) -> SessionFacts:
    return SessionFacts(
        started_at=datetime.now(UTC),
        source="live" if mode == Mode.LIVE else "simulated",
        exercise=config.exercise,
        load_kg=config.load_kg,
        body_mass_kg=config.body_mass_kg,
        target_reps=config.target_reps,
        target_sets=config.target_sets,
        alias=config.alias,
        limits=limits_of(config.flag_rules, config.impact_band),
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
