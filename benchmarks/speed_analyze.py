"""Whole ``analyze`` of a recording against VQF alone on its streams, and with loading."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np
import vqf

from benchmarks.stream import EXERCISE, RATE_HZ, Simulated
from lift_monitor.analysis import analyse
from lift_monitor.document import contract
from lift_monitor.drivers.formats import FormatError, make_decoder
from lift_monitor.drivers.packet import Packet
from lift_monitor.recordings.container import Recording
from lift_monitor.recordings.facts import Annotation, SessionFacts
from lift_monitor.recordings.recorder import save_recording
from lift_monitor.remarks import commands_in
from lift_monitor.road import SensorStream
from lift_monitor.samples import ImuChunk, Role, SensorInfo
from lift_monitor.signal.pipeline import BarPipeline, PipelineConfig
from lift_monitor.signal.trunk import TrunkPipeline
from lift_monitor.signal.trunk_words import TrunkConfig

_STRIDE = 7000
"""Samples of a sensor handed to the core together, about as ``analyse`` does."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AnalyzeSpeed:
    """Medians over the runs, seconds of processor time; ratios are medians of the runs' own."""

    duration_s: float
    sensors: int
    runs: int
    repetitions: int
    load_s: float
    """All packets decoded together: as fast as this program can load."""
    single_load_s: float
    """Each packet decoded by itself, as a live session does."""
    vqf_s: float
    """VQF alone, on all streams."""
    core_s: float
    """From decoded samples on the session clock to events."""
    whole_s: float
    ratio: float
    """Whole against the faster loading and VQF."""
    single_ratio: float
    vqf_ratio: float
    """Whole against VQF alone."""
    core_ratio: float
    """Core against VQF alone."""


def write_recording(path: Path, session: Simulated) -> None:
    """Save a simulated session with its remarks as a recording."""
    remarks = [Annotation(n.at_s, n.kind, n.text, n.data) for n in session.notes]
    facts = SessionFacts(datetime.now(UTC), "simulated", EXERCISE)
    save_recording(path, facts, session.source, remarks)


def measure_analyze(path: Path, runs: int) -> AnalyzeSpeed:
    """Run floors and analysis in turn, after one turn that does not count."""
    recording = Recording.open(path)
    ready = _on_session_clock(recording)
    rows = []
    repetitions = 0
    for _ in range(runs + 1):
        chunks, load_s = _timed(functools.partial(_load, path))
        _, vqf_s = _timed(functools.partial(_vqf, chunks))
        text, whole_s = _timed(functools.partial(_analyze, path))
        repetitions = sum(len(one["reps"]) for one in json.loads(text)["sets"])
        _, core_s = _timed(functools.partial(_core, recording, ready))
        _, single_s = _timed(functools.partial(_load_singly, path))
        rows.append(
            (
                load_s,
                single_s,
                vqf_s,
                core_s,
                whole_s,
                whole_s / (load_s + vqf_s),
                whole_s / (single_s + vqf_s),
                whole_s / vqf_s,
                core_s / vqf_s,
            )
        )
    medians = (median(column) for column in zip(*rows[1:], strict=True))
    load_s, single_s, vqf_s, core_s, whole_s, *ratios = medians
    return AnalyzeSpeed(
        recording.duration_s,
        len(recording.sensors),
        runs,
        repetitions,
        load_s,
        single_s,
        vqf_s,
        core_s,
        whole_s,
        *ratios,
    )


def _by_sensor(recording: Recording) -> dict[str, list[Packet]]:
    packets: dict[str, list[Packet]] = {info.sensor_id: [] for info in recording.sensors}
    for packet in recording.packets():
        packets[packet.sensor_id].append(packet)
    return packets


def _load(path: Path) -> list[ImuChunk]:
    recording = Recording.open(path)
    packets = _by_sensor(recording)
    return [
        make_decoder(info).feed_all(packets[info.sensor_id], _refuse) for info in recording.sensors
    ]


def _load_singly(path: Path) -> list[ImuChunk]:
    recording = Recording.open(path)
    packets = _by_sensor(recording)
    decoders = {info.sensor_id: make_decoder(info) for info in recording.sensors}
    return [
        ImuChunk.concatenate([decoders[sensor_id].feed(packet) for packet in own])
        for sensor_id, own in packets.items()
    ]


def _refuse(error: FormatError) -> None:
    raise error


def _vqf(chunks: list[ImuChunk]) -> None:
    for chunk in chunks:
        gyr, acc = chunk.gyr_sensor_radps, chunk.acc_sensor_mps2
        vqf.VQF(1.0 / RATE_HZ).updateBatch(np.ascontiguousarray(gyr), np.ascontiguousarray(acc))


def _analyze(path: Path) -> str:
    analysis = analyse(Recording.open(path), exercise=EXERCISE, keep_traces=False)
    return json.dumps(contract(analysis))


@dataclass(frozen=True, slots=True)
class _Ready:
    """One sensor's samples on the session clock."""

    info: SensorInfo
    chunk: ImuChunk


def _on_session_clock(recording: Recording) -> list[_Ready]:
    packets = _by_sensor(recording)
    ready = []
    for info in recording.sensors:
        stream = SensorStream(info)
        chunks = [stream.to_session(chunk) for chunk in stream.decode_all(packets[info.sensor_id])]
        ready.append(_Ready(info, ImuChunk.concatenate([*chunks, stream.finish()])))
    return ready


def _core(recording: Recording, sensors: list[_Ready]) -> None:
    """Walk the signal core as the road does, without bytes and clocks."""
    bars = [known for known in sensors if known.info.role is Role.BAR]
    worn = [known for known in sensors if known.info.role is not Role.BAR]
    trunk = TrunkPipeline(
        [known.info for known in worn], TrunkConfig(), exercise=EXERCISE, has_bar=bool(bars)
    )
    for command in commands_in(recording.annotations):
        trunk.command(command)
    pipelines = [
        BarPipeline(
            PipelineConfig(
                EXERCISE,
                known.info.nominal_rate_hz,
                known.info.acc_range_mps2,
                known.info.gyr_range_radps,
            )
        )
        for known in bars
    ]
    for begin in range(0, max(len(known.chunk) for known in sensors), _STRIDE):
        part = slice(begin, begin + _STRIDE)
        for known, pipeline in zip(bars, pipelines, strict=True):
            trunk.note_bar(known.chunk[part])
            load = pipeline.feed(known.chunk[part]).load
            trunk.feed_load(load.time_s, load.load)
        for known in worn:
            trunk.feed(known.info.role, known.chunk[part])
        trunk.advance()
    for pipeline in pipelines:
        load = pipeline.finish().load
        trunk.feed_load(load.time_s, load.load)
    trunk.finish()


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    # Processor time: others that use the machine must not be counted.
    start = time.process_time()
    result = work()
    return result, time.process_time() - start
