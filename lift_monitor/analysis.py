"""A whole recording at once: the streaming road in big strides, and what it found."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import lift_monitor
from lift_monitor.drivers.source import PacketSource
from lift_monitor.events import Event, Exercise, LiftSet, Repetition
from lift_monitor.recordings.atomic import atomic_path
from lift_monitor.road import Road, join_traces
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.signal.pipeline import StreamFacts, TraceBlock
from lift_monitor.units import FloatArray

SCHEMA = 1
_STRIDE_SAMPLES = 20_000
"""Samples handed to the signal core together; only speed and memory depend on it."""
_TOGETHER = 250
"""Packets decoded together; only speed and memory depend on it."""
_DECIMALS = 6


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
    duration_s: float
    sensors: tuple[SensorFacts, ...]
    sets: tuple[LiftSet, ...]
    events: tuple[Event, ...]
    trace_live: TraceBlock
    trace_refined: TraceBlock
    notes: tuple[str, ...] = ()
    trunk_traces: Mapping[str, TraceBlock] = field(default_factory=dict)
    """By role, for the inclination of the sensors that are not on the bar."""

    @property
    def repetitions(self) -> tuple[Repetition, ...]:
        """Refined repetitions of all sets, in order."""
        return tuple(rep for lift_set in self.sets for rep in lift_set.repetitions)


def analyse(
    source: PacketSource,
    *,
    exercise: Exercise,
    progress: Callable[[float], None] | None = None,
    keep_traces: bool = True,
) -> Analysis:
    """Walk a source that ends from its first packet to its last.

    Parameters
    ----------
    source : PacketSource
    exercise : Exercise
    progress : callable, optional
        Called with the share done, 0 to 1, where the source knows its duration; an
        exception that it raises ends the work.
    keep_traces : bool
        Keep live and refined traces (memory grows with the length of the recording).

    Raises
    ------
    FormatError
        If a sensor's format is not known to this version.
    """
    road = Road(source.sensors, exercise, keep_traces=keep_traces)
    duration_s = getattr(source, "duration_s", None)
    events: list[Event] = []
    blocks: list[TraceBlock] = []
    packets = source.packets()
    while together := list(itertools.islice(packets, _TOGETHER)):
        road.decode_all(together)
        if road.waiting < _STRIDE_SAMPLES:
            continue
        output = road.advance()
        events.extend(output.events)
        if keep_traces:
            blocks.append(output.trace)
        if progress is not None and duration_s:
            progress(min(1.0, together[-1].host_time_ns * 1e-9 / duration_s))
    output = road.finish()
    events.extend(output.events)
    if keep_traces:
        blocks.append(output.trace)
    if progress is not None:
        progress(1.0)
    sensors = tuple(
        SensorFacts(
            stream.info,
            road.pipelines[stream.info.sensor_id].facts,
            stream.unreadable.count,
            stream.unreadable.first,
        )
        for stream in road.streams.values()
    )
    return Analysis(
        exercise=exercise,
        duration_s=max((facts.stream.duration_s for facts in sensors), default=0.0),
        sensors=sensors,
        sets=road.sets,
        events=tuple(events),
        trace_live=join_traces(blocks),
        trace_refined=road.refined_traces(road.bar) if road.bar else TraceBlock.empty(),
        trunk_traces={
            stream.info.role.value: road.refined_traces(stream)
            for stream in road.streams.values()
            if keep_traces and stream.info.role != Role.BAR
        },
        notes=_notes(sensors, exercise),
    )


def _notes(sensors: tuple[SensorFacts, ...], exercise: Exercise) -> tuple[str, ...]:
    notes = []
    trunk = [facts.info.role.value for facts in sensors if facts.info.role != Role.BAR]
    if trunk:
        notes.append(
            f"The {' and '.join(trunk)} stream is read and counted, but landings and posture "
            "flags are not analysed by this version."
        )
    if exercise in (Exercise.JUMPING_CHIN_UP, Exercise.DROP_LANDING):
        notes.append(
            f"Landings of the exercise {exercise.value} are not analysed by this version; "
            "an empty list does not mean that there were none."
        )
    notes.extend(
        f"{facts.unreadable_packets} packets of the {facts.info.role.value} sensor could not "
        f"be read and were left out; the first: {facts.first_unreadable}."
        for facts in sensors
        if facts.unreadable_packets
    )
    return tuple(notes)


def contract(analysis: Analysis) -> dict[str, Any]:
    """Return the JSON document of ``lift-monitor analyze``: finite numbers or ``None``."""
    sensors: dict[str, Any] = {}
    for facts in analysis.sensors:
        role = facts.info.role.value
        sensors[role if role not in sensors else facts.info.sensor_id] = {
            "samples": facts.stream.samples,
            "mean_rate_hz": _number(facts.stream.mean_rate_hz),
            "longest_gap_s": _number(facts.stream.longest_gap_s),
            "saturated_samples": facts.stream.saturated_samples,
            "repeated_samples": facts.stream.repeated_samples,
            "not_newer_samples": facts.stream.not_newer_samples,
            "not_finite_samples": facts.stream.not_finite_samples,
            "unreadable_packets": facts.unreadable_packets,
        }
    return {
        "schema": SCHEMA,
        "software": {"version": lift_monitor.__version__},
        "duration_s": _number(analysis.duration_s),
        "sensors": sensors,
        "sets": [_set(lift_set) for lift_set in analysis.sets],
        "landings": [],
        "flags": [],
        "notes": list(analysis.notes),
    }


def _set(lift_set: LiftSet) -> dict[str, Any]:
    return {
        "number": lift_set.number,
        "exercise": lift_set.exercise.value,
        "start_s": _number(lift_set.start_s),
        "end_s": _number(lift_set.end_s),
        "velocity_loss_pct": _number(lift_set.velocity_loss_pct),
        "confidence": lift_set.confidence.value,
        "reasons": list(lift_set.reasons),
        "reps": [_repetition(rep) for rep in lift_set.repetitions],
    }


def _repetition(rep: Repetition) -> dict[str, Any]:
    return {
        "number": rep.number,
        "start_s": _number(rep.start_s),
        "end_s": _number(rep.end_s),
        "concentric_start_s": _number(rep.concentric_start_s),
        "concentric_end_s": _number(rep.concentric_end_s),
        "mean_velocity_mps": _number(rep.mean_velocity_mps),
        "mean_propulsive_velocity_mps": _number(rep.mean_propulsive_velocity_mps),
        "peak_velocity_mps": _number(rep.peak_velocity_mps),
        "rom_m": _number(rep.rom_m),
        "confidence": rep.confidence.value,
        "reasons": list(rep.reasons),
        "concentric_duration_s": _number(rep.concentric_duration_s),
        "eccentric_duration_s": _number(rep.eccentric_duration_s),
        "velocity_loss_pct": _number(rep.velocity_loss_pct),
        "mean_velocity_sd_mps": _number(rep.mean_velocity_sd_mps),
    }


def _number(value: float) -> float | None:
    return round(float(value), _DECIMALS) if math.isfinite(value) else None


def write_traces(analysis: Analysis, path: Path) -> None:
    """Write one row an analysis step as CSV; the file appears whole or not at all.

    ``bar_velocity_mps`` and ``bar_height_m`` are the refined estimate; the causal one
    stands beside it as ``bar_velocity_live_mps`` and ``bar_height_live_m``.  ``nan`` means
    no data.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    import pyarrow as pa
    from pyarrow import csv

    columns = _trace_columns(analysis)
    table = pa.table(
        # Adding zero turns -0.0, which rounding makes, into 0.0.
        {name: np.round(values, _DECIMALS) + 0.0 for name, values in columns.items()}
    )
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    with atomic_path(path) as part, part.open("xb") as stream:
        stream.write((",".join(columns) + "\n").encode())
        csv.write_csv(table, stream, options)


def _trace_columns(analysis: Analysis) -> dict[str, FloatArray]:
    live, main = analysis.trace_live, analysis.trace_refined
    with_bar = any(facts.info.role == Role.BAR for facts in analysis.sensors)
    if not with_bar:
        main = next((t for t in analysis.trunk_traces.values() if len(t)), main)
    columns = {"t_s": main.time_s}
    if with_bar:
        columns |= {
            "bar_velocity_mps": main.velocity_mps,
            "bar_height_m": main.height_m,
            "bar_velocity_live_mps": _at(main.time_s, live.time_s, live.velocity_mps),
            "bar_height_live_m": _at(main.time_s, live.time_s, live.height_m),
            **_up("bar", main.up_sensor),
        }
    for role, trace in analysis.trunk_traces.items():
        columns |= _up(role, _up_at(main.time_s, trace))
    return columns


def _up(role: str, up_sensor: FloatArray) -> dict[str, FloatArray]:
    return {f"{role}_up_{axis}": up_sensor[:, k] for k, axis in enumerate("xyz")}


def _up_at(wanted_s: FloatArray, trace: TraceBlock) -> FloatArray:
    """Inclination at the steps of another sensor; NaN where there is none."""
    if len(trace) == 0:
        return np.full((wanted_s.shape[0], 3), np.nan)
    if np.array_equal(wanted_s, trace.time_s):
        return trace.up_sensor
    up = np.column_stack(
        [
            np.interp(wanted_s, trace.time_s, trace.up_sensor[:, axis], left=np.nan, right=np.nan)
            for axis in range(3)
        ]
    )
    length = np.linalg.norm(up, axis=1, keepdims=True)
    return np.asarray(up / length, dtype=np.float64)


def _at(wanted_s: FloatArray, time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Values at times of the same grid; NaN where the grid has no such time."""
    if np.array_equal(wanted_s, time_s):
        return values
    found = np.full(wanted_s.shape[0], np.nan)
    if time_s.shape[0]:
        index = np.clip(np.searchsorted(time_s, wanted_s), 0, time_s.shape[0] - 1)
        same = np.abs(time_s[index] - wanted_s) < 1e-9
        found[same] = values[index[same]]
    return found
