"""Live: what one packet costs on the road, and whether memory stays flat for hours."""

from __future__ import annotations

import gc
import itertools
import time
import tracemalloc
from dataclasses import dataclass

import numpy as np
import vqf

from benchmarks.stream import EXERCISE, RATE_HZ, Repeated
from lift_monitor.drivers.formats import make_decoder
from lift_monitor.drivers.source import MemorySource
from lift_monitor.road import Road
from lift_monitor.units import FloatArray


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds that each packet took; one array element a packet."""

    road_ms: FloatArray
    vqf_ms: FloatArray
    """VQF alone on the same samples, the same few at a time."""


def measure_latency(source: MemorySource) -> Latency:
    """Feed packets one by one as the station does; VQF takes each right after the road."""
    packets = list(source.packets())
    road = Road(source.sensors, EXERCISE)
    decoder = make_decoder(source.sensors[0])
    alone = vqf.VQF(1.0 / RATE_HZ)
    road_ms, vqf_ms = np.empty(len(packets)), np.empty(len(packets))
    for i, packet in enumerate(packets):
        start = time.perf_counter_ns()
        road.decode(packet)
        road.advance()
        road_ms[i] = (time.perf_counter_ns() - start) * 1e-6
        chunk = decoder.feed(packet)
        gyr = np.ascontiguousarray(chunk.gyr_sensor_radps)
        acc = np.ascontiguousarray(chunk.acc_sensor_mps2)
        start = time.perf_counter_ns()
        alone.updateBatch(gyr, acc)
        vqf_ms[i] = (time.perf_counter_ns() - start) * 1e-6
    return Latency(road_ms, vqf_ms)


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory that the road holds, as Python and numpy allocate it."""

    at_s: tuple[float, ...]
    held_mb: tuple[float, ...]


def measure_memory(
    session: MemorySource, at_s: tuple[float, ...], packets_a_chunk: int = 25
) -> Memory:
    """Stream to the last of the times given; chunks are larger than live to save time."""
    stream = Repeated(session)
    packets = stream.packets()
    held = []
    gc.collect()
    tracemalloc.start()
    try:
        road = Road(stream.sensors, EXERCISE)
        for goal_s in at_s:
            while chunk := list(itertools.islice(packets, packets_a_chunk)):
                road.decode_all(chunk)
                road.advance()
                if chunk[-1].host_time_ns * 1e-9 >= goal_s:
                    break
            del chunk
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0] / 1e6)
    finally:
        tracemalloc.stop()
    return Memory(at_s, tuple(held))
