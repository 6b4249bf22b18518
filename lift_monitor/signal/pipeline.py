"""One lifter's signal road: samples of one bar sensor in, events and traces out."""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass, field, replace

import numpy as np

from lift_monitor.events import Event, Exercise, LiftSet, Phase, PhaseChanged
from lift_monitor.samples import ImuChunk, Quality
from lift_monitor.signal.bar_load import LoadTracker
from lift_monitor.signal.buffer import StepBuffer
from lift_monitor.signal.commands import SetExercise
from lift_monitor.signal.exercises import ExerciseProfile, profile_of
from lift_monitor.signal.grid import GridBlock, Resampler
from lift_monitor.signal.intake import StreamCounts
from lift_monitor.signal.live import LiveMotion
from lift_monitor.signal.load_line import LoadBlock
from lift_monitor.signal.orientation import Inclination
from lift_monitor.signal.quality import QualityMonitor
from lift_monitor.signal.refined_traces import KeptSteps, refined_traces
from lift_monitor.signal.sets import SetFacts, SetTracker
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.stretch import Stretch
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.technique import Load, LoadChanged
from lift_monitor.units import STANDARD_GRAVITY_MPS2, BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class PipelineConfig:
    """What the core is told beforehand; everything else it finds in the signal."""

    exercise: Exercise
    nominal_rate_hz: float | None = None
    acc_range_mps2: float | None = None
    gyr_range_radps: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PipelineOutput:
    """What one call of :meth:`BarPipeline.feed` made known."""

    events: tuple[Event, ...] = ()
    trace: TraceBlock = field(default_factory=TraceBlock.empty)
    spine: SpineBlock = field(default_factory=SpineBlock.empty)
    """Steps of the trunk; empty without trunk sensors."""
    load: LoadBlock = field(default_factory=LoadBlock.empty)
    """State of the load at steps of the bar, as its sensor tells it."""


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """Counts of the stream as received, for the ``sensors`` part of the contract."""

    samples: int
    duration_s: float
    mean_rate_hz: float
    longest_gap_s: float
    saturated_samples: int
    repeated_samples: int
    not_newer_samples: int = 0
    not_finite_samples: int = 0


def stream_facts(counts: StreamCounts) -> StreamFacts:
    """Facts of a stream from its counts."""
    duration_s = counts.duration_s
    return StreamFacts(
        samples=counts.samples,
        duration_s=duration_s,
        mean_rate_hz=(counts.samples - 1) / duration_s if duration_s > 0 else 0.0,
        longest_gap_s=counts.longest_gap_s,
        saturated_samples=counts.saturated,
        repeated_samples=counts.repeated,
        not_newer_samples=counts.not_newer,
        not_finite_samples=counts.not_finite,
    )


class BarPipeline:
    """Streaming analysis of a bar sensor (one instance per recording or session).

    Feeding the same samples in any chunks gives identical events and traces.

    Parameters
    ----------
    config : PipelineConfig
        Exercise and facts of the sensor.
    keep_traces : bool
        Keep every step, so that :meth:`refined_traces` can be asked for at the end. Off for
        a live session, whose memory then stays flat.
    sensor : str
        Name of the sensor in texts.
    """

    def __init__(
        self, config: PipelineConfig, *, keep_traces: bool = False, sensor: str = "bar"
    ) -> None:
        self.config = config
        self._sensor = sensor
        self._exercise = config.exercise
        self._commands: list[SetExercise] = []
        self._resampler = Resampler(config.acc_range_mps2, config.gyr_range_radps)
        self._quality: QualityMonitor | None = None
        self._road: _Road | None = None
        self._sets: list[LiftSet] = []
        self._facts: list[SetFacts] = []
        self._kept: list[KeptSteps] | None = [] if keep_traces else None
        self._phase = Phase.UNKNOWN
        self.told_s = -np.inf
        """Session time up to which everything was told; minus infinity at the beginning."""

    def command(self, command: SetExercise) -> None:
        """Go on with another exercise at a moment that has not been told yet.

        The first step at or after the moment is the first of the new exercise. A set that is
        open is closed before it, and nothing before it belongs to the next one. The load, the
        inclination and the marks of quality go on; so does a set if the exercise is the same.
        """
        bisect.insort(self._commands, command, key=lambda known: known.at_s)

    def feed(self, chunk: ImuChunk) -> PipelineOutput:
        """Take the next samples; return what became known."""
        return self._walk(self._resampler.feed(chunk))

    def finish(self) -> PipelineOutput:
        """End of the stream: close an open set, flush what waited."""
        output = self._walk(self._resampler.finish())
        closing = self._close()
        if self._road is not None:
            self._road.tracker = None
        return replace(output, events=(*output.events, *closing))

    @property
    def sets(self) -> tuple[LiftSet, ...]:
        """All finished sets so far."""
        return tuple(self._sets)

    @property
    def facts(self) -> StreamFacts:
        """Facts of the stream so far."""
        return stream_facts(self._resampler.counts)

    def refined_traces(self) -> TraceBlock:
        """Refined (acausal) traces of everything so far; needs ``keep_traces=True``.

        Heights are relative within each run without a break.
        """
        if self._kept is None:
            raise ValueError("refined traces were not kept: pass keep_traces=True")
        return refined_traces(self._kept, self._facts)

    def _walk(self, grid: GridBlock) -> PipelineOutput:
        events: list[Event] = []
        traces: list[TraceBlock] = []
        loads: list[LoadBlock] = []
        cuts = np.flatnonzero(grid.starts_segment)
        edges = sorted({0, *cuts.tolist(), *self._moments(grid.time_s), len(grid)})
        for start, stop in itertools.pairwise(edges):
            part = grid.part(start, stop)
            changed = self._obey(float(part.time_s[0]))
            if part.starts_segment[0]:
                events.extend(self._break(float(part.time_s[0])))
            elif changed:
                events.extend(self._go_on())
            assert self._road is not None
            found, trace = self._road.walk(part)
            events.extend(self._with_phases(found, trace, self._road.at_rest))
            traces.append(trace)
            loads.append(self._road.last_load)
            self._collect()
            if self._kept is not None:
                starts = bool(part.starts_segment[0])
                self._kept.append(KeptSteps(starts, self._road.last_steps, trace))
        if len(grid):
            self.told_s = float(grid.time_s[-1])
        return PipelineOutput(
            tuple(events), TraceBlock.concatenate(traces), load=LoadBlock.concatenate(loads)
        )

    def _moments(self, time_s: FloatArray) -> list[int]:
        """Positions of the steps at which something is commanded."""
        return [
            int(np.searchsorted(time_s, command.at_s))
            for command in self._commands
            if time_s.shape[0] and command.at_s <= time_s[-1]
        ]

    def _obey(self, until_s: float) -> bool:
        """Take what is commanded up to a step; whether the exercise is another one now."""
        before = self._exercise
        while self._commands and self._commands[0].at_s <= until_s:
            self._exercise = self._commands.pop(0).exercise
        return self._exercise is not before

    def _go_on(self) -> list[Event]:
        """Close the set that is open and go on with the exercise that was commanded."""
        assert self._road is not None
        events = self._close()
        self._road.go_on(
            profile_of(self._exercise),
            next_set=len(self._sets) + 1,
            last_set_end_s=self._sets[-1].end_s if self._sets else None,
        )
        return events

    def _close(self) -> list[Event]:
        """Decide what is due at the end of a run of steps."""
        if self._road is None or self._road.tracker is None:
            return []
        events = self._road.tracker.finish()
        self._collect()
        return events

    def _break(self, at_s: float) -> list[Event]:
        """Close what was going on and start anew."""
        events = self._close()
        if self._road is not None and self._road.load.load is not Load.UNKNOWN:
            events.append(LoadChanged(at_s, Load.UNKNOWN, self._road.load.last_s))
        dt_s = self._resampler.dt_s
        assert dt_s is not None
        last_end = self._sets[-1].end_s if self._sets else None
        if self._quality is None:
            self._quality = QualityMonitor(self._sensor, dt_s)
        self._road = _Road(
            dt_s,
            steady=self._resampler.steady,
            quality=self._quality,
            profile=profile_of(self._exercise),
            next_set=len(self._sets) + 1,
            last_set_end_s=last_end,
        )
        return events

    def _collect(self) -> None:
        if self._road is not None and self._road.tracker is not None:
            tracker = self._road.tracker
            self._sets.extend(tracker.sets)
            self._facts.extend(tracker.facts)
            tracker.sets.clear()
            tracker.facts.clear()

    def _with_phases(
        self, events: list[Event], trace: TraceBlock, at_rest: BoolArray
    ) -> list[Event]:
        """Add the changes of phase and put all in the order of time."""
        velocity = trace.velocity_mps
        code = np.where(velocity > _PHASE_MPS, 1, np.where(velocity < -_PHASE_MPS, 2, -1))
        code[at_rest] = 0
        code[np.isnan(velocity)] = 3
        told = np.flatnonzero(code >= 0)
        before = _PHASES.index(self._phase)
        changes = told[np.flatnonzero(np.diff(code[told], prepend=before) != 0)]
        phases: list[Event] = [
            PhaseChanged(float(trace.time_s[i]), _PHASES[int(code[i])]) for i in changes
        ]
        if changes.size:
            self._phase = _PHASES[int(code[changes[-1]])]
        return sorted([*phases, *events], key=lambda e: e.at_s)


_PHASE_MPS = 0.08
"""Velocity from which the bar is said to rise or fall: the live trace's own uncertainty."""
_PHASES = (Phase.STILL, Phase.UP, Phase.DOWN, Phase.UNKNOWN)


class _Road:
    """All stages for one run of steps without a break."""

    def __init__(
        self,
        dt_s: float,
        *,
        steady: bool,
        quality: QualityMonitor,
        profile: ExerciseProfile | None,
        next_set: int,
        last_set_end_s: float | None,
    ) -> None:
        self._dt_s = dt_s
        self._inclination = Inclination(dt_s, steady=steady)
        self._live = LiveMotion(dt_s, steady=steady)
        self._quality = quality
        self.load = LoadTracker(dt_s, profile)
        self.go_on(profile, next_set=next_set, last_set_end_s=last_set_end_s)
        self.at_rest: BoolArray = np.empty(0, bool)
        self.last_load = LoadBlock.empty()
        self.last_steps = self._buffer.stretch(0, 0)

    def go_on(
        self,
        profile: ExerciseProfile | None,
        *,
        next_set: int,
        last_set_end_s: float | None,
    ) -> None:
        """Look for the sets of an exercise from the next step on, and for nothing before it."""
        self._buffer = StepBuffer(self._dt_s)
        self.tracker = (
            None
            if profile is None
            else SetTracker(profile, self._buffer, next_set=next_set, last_set_end_s=last_set_end_s)
        )
        self.load.set_profile(profile)

    def walk(self, block: GridBlock) -> tuple[list[Event], TraceBlock]:
        inclination = self._inclination.feed(block)
        velocity, height = self._live.feed(
            inclination.acc_up_mps2 - STANDARD_GRAVITY_MPS2,
            inclination.at_rest,
            block.starts_segment,
        )
        self.at_rest = inclination.at_rest
        self.last_steps = Stretch(
            self._buffer.dt_s,
            block.time_s,
            inclination.acc_up_mps2,
            inclination.up_sensor,
            inclination.at_rest,
            block.spacing_s,
            block.fresh,
            block.quality,
        )
        events: list[Event] = list(self._quality.feed(block))
        if self.tracker is not None:
            first = self._buffer.end
            self._buffer.append(block, inclination)
            events.extend(e for _, e in self.tracker.steps(first, velocity, height))
        borne, self.last_load = self.load.feed(block, inclination.acc_up_mps2, velocity, height)
        events.extend(borne)
        quality = block.quality.copy()
        quality[block.starts_segment] |= np.uint16(Quality.RESTARTED)
        trace = TraceBlock(block.time_s, velocity, height, inclination.up_sensor, quality)
        return events, trace
