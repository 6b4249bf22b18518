"""Whole ``analyze`` of a recording against loading it and running VQF alone."""

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

from benchmarks.stream import EXERCISE, RATE_HZ
from lift_monitor.analysis import analyse
from lift_monitor.document import contract
from lift_monitor.drivers.formats import FormatError, make_decoder
from lift_monitor.drivers.source import PacketSource
from lift_monitor.recordings.container import Recording
from lift_monitor.recordings.facts import SessionFacts
from lift_monitor.recordings.recorder import save_recording
from lift_monitor.samples import ImuChunk

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AnalyzeSpeed:
    """Medians over the runs, seconds; ``ratio`` is the median of the runs' own ratios."""

    duration_s: float
    runs: int
    load_s: float
    """All packets decoded together: as fast as this program can load."""
    single_load_s: float
    """Each packet decoded by itself, as a live session does."""
    vqf_s: float
    whole_s: float
    ratio: float
    """Against the faster loading."""
    single_ratio: float
    repetitions: int


def write_recording(path: Path, source: PacketSource) -> None:
    """Save a source as a recording."""
    save_recording(path, SessionFacts(datetime.now(UTC), "simulated", EXERCISE), source)


def measure_analyze(path: Path, runs: int) -> AnalyzeSpeed:
    """Run floor and analysis in turn, after one turn that does not count."""
    rows = []
    repetitions = 0
    for _ in range(runs + 1):
        chunk, load_s = _timed(functools.partial(_load, path))
        _, vqf_s = _timed(functools.partial(_vqf, chunk))
        text, whole_s = _timed(functools.partial(_analyze, path))
        repetitions = sum(len(one["reps"]) for one in json.loads(text)["sets"])
        _, single_s = _timed(functools.partial(_load_singly, path))
        ratio, single_ratio = whole_s / (load_s + vqf_s), whole_s / (single_s + vqf_s)
        rows.append((load_s, single_s, vqf_s, whole_s, ratio, single_ratio))
    duration_s = Recording.open(path).duration_s
    load_s, single_s, vqf_s, whole_s, ratio, single_ratio = (
        median(column) for column in zip(*rows[1:], strict=True)
    )
    return AnalyzeSpeed(
        duration_s, runs, load_s, single_s, vqf_s, whole_s, ratio, single_ratio, repetitions
    )


def _load(path: Path) -> ImuChunk:
    recording = Recording.open(path)
    decoder = make_decoder(recording.sensors[0])
    return decoder.feed_all(list(recording.packets()), _refuse)


def _load_singly(path: Path) -> ImuChunk:
    recording = Recording.open(path)
    decoder = make_decoder(recording.sensors[0])
    return ImuChunk.concatenate([decoder.feed(packet) for packet in recording.packets()])


def _refuse(error: FormatError) -> None:
    raise error


def _vqf(chunk: ImuChunk) -> None:
    gyr, acc = chunk.gyr_sensor_radps, chunk.acc_sensor_mps2
    vqf.VQF(1.0 / RATE_HZ).updateBatch(np.ascontiguousarray(gyr), np.ascontiguousarray(acc))


def _analyze(path: Path) -> str:
    analysis = analyse(Recording.open(path), exercise=EXERCISE, keep_traces=False)
    return json.dumps(contract(analysis))


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start
