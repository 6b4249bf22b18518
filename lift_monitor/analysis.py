"""A whole recording at once: the streaming road in big strides, and what it found."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lift_monitor.drivers.source import PacketSource
from lift_monitor.events import (
    IMPACT_EXERCISES,
    Event,
    Exercise,
    ExerciseChanged,
    LiftSet,
    Repetition,
)
from lift_monitor.remarks import commands_in
from lift_monitor.road import Road, join_traces
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.signal.pipeline import StreamFacts
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.signal.trunk_calibration import CalibrationError, Window
from lift_monitor.signal.trunk_steps import TrunkSteps
from lift_monitor.signal.trunk_words import TrunkConfig
from lift_monitor.technique import (
    CalibrationRefused,
    FlagEnded,
    Landing,
    LandingDetected,
    SensorSlipped,
    TrunkCalibrated,
    TrunkFlag,
)

_STRIDE_SAMPLES = 20_000
"""Samples handed to the signal core together; only speed and memory depend on it."""
_FIRST_PACKETS = 250
"""Decoded together at first, later as many as hold about a stride; only speed and memory depend
on it."""


@dataclass(frozen=True, slots=True)
class SensorFacts:
    """What is known of one sensor's stream."""

    info: SensorInfo
    stream: StreamFacts
    unreadable_packets: int
    first_unreadable: str
    """Why the first unreadable packet could not be read; empty if all could."""


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What a recording holds, as today's algorithms see it.

    ``trace_live`` is the causal estimate as a screen would have drawn it, ``trace_refined``
    the estimate with all of the recording known; both are empty without ``keep_traces``.
    """

    exercise: Exercise
    """What the recording begins with."""
    duration_s: float
    sensors: tuple[SensorFacts, ...]
    sets: tuple[LiftSet, ...]
    events: tuple[Event, ...]
    trace_live: TraceBlock
    trace_refined: TraceBlock
    notes: tuple[str, ...] = ()
    landings: tuple[Landing, ...] = ()
    flags: tuple[TrunkFlag, ...] = ()
    calibration: TrunkCalibrated | None = None
    """The last one of the trunk sensors; without it there are no angles and no flags."""
    spine: SpineBlock = field(default_factory=SpineBlock.empty)
    trunk_steps: Mapping[Role, TrunkSteps] = field(default_factory=dict)
    """Inclination of the trunk sensors, calibrated or not."""

    @property
    def exercise_changes(self) -> tuple[ExerciseChanged, ...]:
        """Changes of exercise, load or target that the recording tells of, in order."""
        return tuple(e for e in self.events if isinstance(e, ExerciseChanged))

    @property
    def repetitions(self) -> tuple[Repetition, ...]:
        """Refined repetitions of all sets, in order."""
        return tuple(rep for lift_set in self.sets for rep in lift_set.repetitions)


def analyse(
    source: PacketSource,
    *,
    exercise: Exercise,
    trunk: TrunkConfig | None = None,
    neutral: Window | None = None,
    progress: Callable[[float], None] | None = None,
    keep_traces: bool = True,
) -> Analysis:
    """Walk a source that ends from its first packet to its last.

    Parameters
    ----------
    source : PacketSource
    exercise : Exercise
        What the recording begins with; changes that it tells of are obeyed.
    trunk : TrunkConfig, optional
        What is known of the person.
    neutral : Window, optional
        A stretch in which the lifter stood upright: the trunk sensors are calibrated by it and
        by the movement. Without it, by the guided minute that the recording tells of, or else by
        the first quiet moment and the movement.
    progress : callable, optional
        Called with the share done, 0 to 1, where the source knows its duration; an
        exception that it raises ends the work.
    keep_traces : bool
        Keep live and refined traces (memory grows with the length of the recording).

    Raises
    ------
    FormatError
        If a sensor's format is not known to this version.
    CalibrationError
        If the trunk sensors cannot be calibrated by ``neutral``.
    """
    road = Road(source.sensors, exercise, trunk=trunk, keep_traces=keep_traces, keep_trunk=True)
    for command in commands_in(getattr(source, "annotations", ())):
        road.command(command)
    duration_s = getattr(source, "duration_s", None)
    events: list[Event] = []
    blocks: list[TraceBlock] = []
    spine: list[SpineBlock] = []
    packets = source.packets()
    count = _FIRST_PACKETS
    while together := list(itertools.islice(packets, count)):
        before = road.waiting
        road.decode_all(together)
        count = max(1, _STRIDE_SAMPLES * len(together) // max(1, road.waiting - before))
        count = min(count, 20 * _FIRST_PACKETS)
        if road.waiting < _STRIDE_SAMPLES:
            continue
        output = road.advance()
        events.extend(output.events)
        spine.append(output.spine)
        if keep_traces:
            blocks.append(output.trace)
        if progress is not None and duration_s:
            progress(min(1.0, together[-1].host_time_ns * 1e-9 / duration_s))
    output = road.finish()
    events.extend(output.events)
    spine.append(output.spine)
    if keep_traces:
        blocks.append(output.trace)
    if progress is not None:
        progress(1.0)
    watched = _watched(road, tuple(events), SpineBlock.concatenate(spine), neutral)
    sensors = tuple(
        SensorFacts(
            stream.info,
            road.facts(stream.info.sensor_id),
            stream.unreadable.count,
            stream.unreadable.first,
        )
        for stream in road.streams.values()
    )
    done = {exercise, *(e.exercise for e in events if isinstance(e, ExerciseChanged))}
    return Analysis(
        exercise=exercise,
        duration_s=max((facts.stream.duration_s for facts in sensors), default=0.0),
        sensors=sensors,
        sets=road.sets,
        events=tuple(events),
        trace_live=join_traces(blocks),
        trace_refined=road.refined_traces(),
        landings=tuple(e.landing for e in events if isinstance(e, LandingDetected)),
        flags=watched.flags,
        calibration=watched.calibration,
        spine=watched.spine,
        trunk_steps={role: road.trunk.kept_steps(role) for role in road.trunk.roles},
        notes=(*_notes(sensors, done), *watched.notes),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Watched:
    """What the trunk sensors say of technique."""

    flags: tuple[TrunkFlag, ...]
    calibration: TrunkCalibrated | None
    spine: SpineBlock
    notes: tuple[str, ...]


def _watched(
    road: Road, events: tuple[Event, ...], spine: SpineBlock, neutral: Window | None
) -> _Watched:
    """Angles and flags as they were told, or afterwards where nobody had calibrated."""
    notes: tuple[str, ...] = tuple(e.text for e in events if isinstance(e, CalibrationRefused))
    if not road.trunk.roles:
        return _Watched((), None, spine, notes)
    if neutral is not None or not any(isinstance(e, TrunkCalibrated) for e in events):
        try:
            found = road.trunk.assess(neutral)
        except CalibrationError as error:
            if neutral is not None:
                raise
            return _Watched((), None, spine, (*notes, f"Posture is not watched: {error}"))
        events, spine = found.events, found.spine
    calibration = [e for e in events if isinstance(e, TrunkCalibrated)][-1]
    slips = tuple(e.text for e in events if isinstance(e, SensorSlipped) and e.active)
    return _Watched(
        tuple(e.flag for e in events if isinstance(e, FlagEnded)),
        calibration,
        spine,
        (*notes, *calibration.reasons, *dict.fromkeys(slips)),
    )


def _notes(sensors: tuple[SensorFacts, ...], done: set[Exercise]) -> tuple[str, ...]:
    notes = []
    trunk = [facts.info.role.value for facts in sensors if facts.info.role != Role.BAR]
    if done & IMPACT_EXERCISES and not trunk:
        notes.append(
            "Landings need a sensor on the pelvis or the thorax; without one an empty list does "
            "not mean that there were none."
        )
    if len(set(trunk)) == 1:
        notes.append(
            f"There is only a {trunk[0]} sensor: trunk lean is told at low confidence, and one "
            "sensor cannot tell a hip hinge from a bent spine."
        )
    notes.extend(
        f"{facts.unreadable_packets} packets of the {facts.info.role.value} sensor could not "
        f"be read and were left out; the first: {facts.first_unreadable}."
        for facts in sensors
        if facts.unreadable_packets
    )
    return tuple(notes)
