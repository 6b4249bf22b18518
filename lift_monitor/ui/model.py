"""The view model: what the screens show, without a pixel of Qt.

It is told every :data:`~lift_monitor.station.StationUpdate` in order and nothing else, so a
replay, a live set and a test look the same to it.  Words that the user reads are made in
the widgets; here they are codes and values.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from lift_monitor.events import (
    IMPACT_EXERCISES,
    Confidence,
    Event,
    Exercise,
    ExerciseChanged,
    Phase,
    PhaseChanged,
    QualityChanged,
    Repetition,
    RepetitionCompleted,
    RepetitionWithdrawn,
    SetEnded,
    SetStarted,
)
from lift_monitor.samples import Role
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station import (
    Mode,
    SensorStatus,
    StationConfig,
    StationReset,
    StationStatus,
    StationUpdate,
)
from lift_monitor.ui.cues import cue_of
from lift_monitor.ui.exercise_book import Doing, ExerciseBook
from lift_monitor.ui.limits import STALE_DIM_S, STALE_GONE_S, is_lost
from lift_monitor.ui.readings import (
    Alarm,
    Changed,
    Cue,
    DataState,
    Fault,
    Level,
    Reading,
    SetView,
)
from lift_monitor.ui.ring import TraceRing
from lift_monitor.ui.technical import technical_faults
from lift_monitor.ui.trunk_model import TrunkModel
from lift_monitor.ui.trunk_readings import SpineReading

SILENT: Final = ("stale", "lost")
"""Why a number that lives on new data is held or withdrawn."""


class SessionModel:
    """Everything that the screens show of one lifter's road."""

    def __init__(self, config: StationConfig, mode: Mode) -> None:
        self.config = config
        self.mode = mode
        self.status: StationStatus | None = None
        self.ring = TraceRing()
        self.exercises = ExerciseBook(config)
        self.trunk = TrunkModel(config, self.exercises)
        self._clear()

    def _clear(self) -> None:
        self.sets: list[SetView] = []
        self.phase = Phase.UNKNOWN
        self._quality: dict[tuple[str, str], QualityChanged] = {}
        self.exercises.clear()
        self.ring.clear()
        self.trunk.clear()

    # -- being told ---------------------------------------------------------------------

    def apply(self, update: StationUpdate) -> Changed:
        """Take one update; say what it touched."""
        if isinstance(update, StationReset):
            self._clear()
            return Changed.ALL
        if isinstance(update, StationStatus):
            self.status = update
            self.trunk.apply_status(update)
            return Changed.STATUS
        return self._apply_output(update)

    def _apply_output(self, output: PipelineOutput) -> Changed:
        changed = self.trunk.take_steps(output.spine, output.events)
        if len(output.trace):
            self.ring.append(output.trace)
            changed |= Changed.TRACE
        for event in output.events:
            changed |= self._apply_event(event)
        self.trunk.settle(output.spine)
        return changed

    def _apply_event(self, event: Event) -> Changed:
        match event:
            case SetStarted():
                view = self._set(event.set_number, event.exercise, event.start_s)
                view.rest_before_s = event.rest_before_s
                self.trunk.set_started(event.start_s)
            case RepetitionCompleted():
                rep = event.repetition
                view = self._set(rep.set_number, rep.exercise, rep.start_s)
                view.repetitions = [r for r in view.repetitions if r.number != rep.number]
                view.repetitions.append(rep)
                view.repetitions.sort(key=lambda r: r.number)
                self.trunk.repetition_ended(rep.end_s)
            case RepetitionWithdrawn():
                for view in self.sets:
                    if view.number == event.set_number:
                        view.repetitions = [r for r in view.repetitions if r.number != event.number]
                        view.withdrawn.append(event)
            case SetEnded():
                done = event.lift_set
                self.trunk.set_ended(done.end_s)
                if not done.repetitions:  # nothing of it was a repetition after all
                    self.sets = [s for s in self.sets if s.number != done.number]
                    return Changed.SET
                view = self._set(done.number, done.exercise, done.start_s)
                view.start_s, view.finished = done.start_s, done
                view.repetitions = list(done.repetitions)
            case PhaseChanged():
                self.phase = event.phase
                if event.phase is Phase.UP:
                    self.trunk.worst.next_begins(event.at_s)
                return Changed.STATUS
            case ExerciseChanged():
                if self.exercises.take(event):
                    self.trunk.exercise_changed(event.at_s)
                return Changed.ALL
            case QualityChanged():
                self._quality[(event.sensor, event.fault)] = event
                return Changed.FAULTS
            case _:
                return self.trunk.apply_event(event)
        return Changed.SET

    def _set(self, number: int, exercise: Exercise, start_s: float) -> SetView:
        for view in self.sets:
            if view.number == number:
                return view
        self.sets.append(SetView(number, exercise, start_s))
        self.sets.sort(key=lambda s: s.number)
        return self.sets[-1]

    # -- being asked ----------------------------------------------------------------------

    @property
    def now_s(self) -> float:
        """Session time of the newest thing known."""
        status = self.status.now_s if self.status else 0.0
        newest = [float(ring.time_s[-1]) for ring in (self.ring, self.trunk.ring) if len(ring)]
        return max(status, *newest) if newest else status

    @property
    def doing(self) -> Doing:
        """The exercise that is done now, how heavy, and what is asked for."""
        return self.exercises.now

    @property
    def exercise(self) -> Exercise:
        """The exercise that is done now."""
        return self.doing.exercise

    @property
    def load_kg(self) -> float | None:
        """What is on the bar now; ``None`` if it is not known."""
        return self.doing.load_kg

    @property
    def target_reps(self) -> int:
        """Repetitions that are asked for in a set of this exercise."""
        return self.doing.target_reps

    @property
    def target_sets(self) -> int:
        """Sets that are asked for of this exercise."""
        return self.doing.target_sets

    @property
    def latest(self) -> SetView | None:
        """The open set, or the last one, of whatever exercise."""
        return self.sets[-1] if self.sets else None

    @property
    def current(self) -> SetView | None:
        """The open set, or the last one: it stays until the next one, or another exercise."""
        view = self.latest
        return view if view is not None and view.exercise is self.exercise else None

    @property
    def resting(self) -> bool:
        """Whether a set is over and none has begun."""
        return self.latest is not None and self.latest.finished is not None

    @property
    def rest_s(self) -> float | None:
        """Seconds since the last set ended, while resting."""
        end = self.latest.end_s if self.latest else None
        return max(0.0, self.now_s - end) if end is not None else None

    def number_of(self, view: SetView) -> int:
        """Number of a set among those of its exercise."""
        others = [
            s for s in self.sets if s.number < view.number and s.exercise is not view.exercise
        ]
        return view.number - len(others)

    def load_of(self, view: SetView) -> float | None:
        """What was on the bar in a set, as it was known at its end."""
        last = view.last
        return self.exercises.at(last.end_s if last is not None else view.start_s).load_kg

    @property
    def sets_of_exercise(self) -> list[SetView]:
        """Sets of the exercise that is done now."""
        return [view for view in self.sets if view.exercise is self.exercise]

    def rest_before_s(self, view: SetView) -> float | None:
        """Rest before a set: between refined times where they are known."""
        before = [s for s in self.sets if s.number < view.number]
        end = before[-1].end_s if before else None
        rest = view.start_s - end if end is not None else view.rest_before_s
        return rest if rest is not None and rest >= 0.0 else None

    @property
    def stop_line_mps(self) -> float | None:
        """Velocity at which the loss limit is reached."""
        best = self.current.best_mps if self.current else None
        return best * (1.0 - self.config.loss_stop_pct / 100.0) if best is not None else None

    @property
    def repetitions(self) -> list[Repetition]:
        """Rows of the repetition table over all sets."""
        return [rep for view in self.sets for rep in view.repetitions]

    @property
    def bar_sensor(self) -> SensorStatus | None:
        """Status of the sensor on the bar."""
        sensors = self.status.sensors if self.status else ()
        return next((s for s in sensors if s.role is Role.BAR), None)

    def level_of(self, rep: Repetition) -> Level:
        """State of a repetition by its velocity loss.

        Only what follows the fastest repetition of the set is a loss: a slow beginning is
        none, even if the refined values are measured against the best of the whole set.
        """
        loss = rep.velocity_loss_pct
        if rep.confidence is Confidence.NONE or not math.isfinite(loss):
            return Level.INFO
        view = next((s for s in self.sets if s.number == rep.set_number), None)
        fastest = (
            max(view.trusted, key=lambda r: r.mean_velocity_mps, default=None) if view else None
        )
        if fastest is not None and rep.number < fastest.number:
            return Level.OK
        if loss >= self.config.loss_stop_pct:
            return Level.STOP
        return Level.CHECK if loss >= self.config.loss_amber_pct else Level.OK

    def live_reading(self) -> Reading:
        """State of what is live; its value is the bar's velocity now."""
        velocities = self.ring.velocity_mps
        value = float(velocities[-1]) if velocities.size else math.nan
        status = self.status
        if status is not None and status.ended:
            return Reading(None, DataState.HELD, "ended")
        sensor = self.bar_sensor
        if sensor is None:
            why = "waiting" if status is None else "no_bar"
            return Reading(None, DataState.UNAVAILABLE, why)
        age = sensor.age_s
        if is_lost(sensor):
            return Reading(None, DataState.UNAVAILABLE, "lost", age, text=sensor.text)
        if age is None:
            return Reading(None, DataState.UNAVAILABLE, "waiting")
        if status is not None and status.playing:
            if age > STALE_GONE_S:
                return Reading(None, DataState.UNAVAILABLE, "stale", age)
            if age > STALE_DIM_S:
                return Reading(value, DataState.HELD, "stale", age)
        if not math.isfinite(value):
            return Reading(None, DataState.UNAVAILABLE, "gap", age)
        return Reading(value, DataState.LIVE, age_s=age)

    def last_reading(self) -> Reading:
        """Mean velocity of the last repetition of the set, as the one big number."""
        rep = self.current.last if self.current else None
        if rep is None:
            return Reading(None, DataState.UNAVAILABLE, "no_repetition")
        if rep.confidence is Confidence.NONE:
            return Reading(None, DataState.UNAVAILABLE, "; ".join(rep.reasons))
        live = self.live_reading()
        if not self.resting and live.why in SILENT:
            value = rep.mean_velocity_mps if live.state is DataState.HELD else None
            return replace(live, value=value, sd=rep.mean_velocity_sd_mps)
        low = rep.confidence is Confidence.LOW
        return Reading(
            rep.mean_velocity_mps,
            DataState.ESTIMATED if low else DataState.LIVE,
            "; ".join(rep.reasons) if low else "",
            sd=rep.mean_velocity_sd_mps,
        )

    @property
    def landing_session(self) -> bool:
        """Whether landings are what is trained, and no bar is lifted."""
        return self.exercise in IMPACT_EXERCISES

    def alarms(self) -> list[Alarm]:
        """The technique list: what is active first."""
        views = {view.number: view for view in self.sets}
        return [
            replace(
                alarm,
                shown_set=self.number_of(views[alarm.set_number]),
                exercise=None
                if views[alarm.set_number].exercise is self.exercise
                else views[alarm.set_number].exercise,
            )
            if alarm.set_number in views
            else alarm
            for alarm in self.trunk.alarms(self.sets, self.now_s)
        ]

    def spine(self) -> SpineReading | None:
        """What the gauge shows; ``None`` without a sensor on the trunk."""
        return self.trunk.spine(self.now_s)

    def cue(self) -> Cue | None:
        """At most one thing to say, the most pressing one."""
        return cue_of(self)

    def faults(self) -> list[Fault]:
        """The technical list: what is wrong now, worst first, then what was a moment ago."""
        return technical_faults(self)

    @property
    def quality(self) -> list[QualityChanged]:
        """The newest word on each fault of each stream."""
        return list(self._quality.values())
