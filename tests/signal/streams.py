"""Streams of a bar sensor made from formulas, so that the truth is known exactly."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from lift_monitor.samples import ImuChunk
from lift_monitor.units import STANDARD_GRAVITY_MPS2, BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class Move:
    """A change of height by ``rise_m`` with a velocity of one smooth hump."""

    start_s: float
    length_s: float
    rise_m: float

    @property
    def end_s(self) -> float:
        return self.start_s + self.length_s


def lifts(
    start_s: float,
    count: int,
    *,
    range_m: float = 0.5,
    up_s: float = 1.0,
    down_s: float = 1.2,
    pause_s: float = 0.6,
    down_first: bool = False,
) -> list[Move]:
    """Repetitions with a short pause between the phases."""
    moves, at = [], start_s
    for _ in range(count):
        phases = [(up_s, range_m), (down_s, -range_m)]
        for length, rise in phases[::-1] if down_first else phases:
            moves.append(Move(at, length, rise))
            at += length + pause_s
    return moves


def true_motion(time_s: FloatArray, moves: list[Move]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Height, velocity and acceleration of the moves, from their formulas."""
    height, velocity, acc = (np.zeros_like(time_s) for _ in range(3))
    for move in moves:
        u = np.clip((time_s - move.start_s) / move.length_s, 0.0, 1.0)
        turn = 2.0 * np.pi * u
        height += move.rise_m * (u - np.sin(turn) / (2.0 * np.pi))
        velocity += move.rise_m / move.length_s * (1.0 - np.cos(turn))
        acc += move.rise_m / move.length_s**2 * 2.0 * np.pi * np.sin(turn)
    return height, velocity, acc


def level_sensor(
    time_s: FloatArray,
    moves: list[Move],
    *,
    seed: int = 0,
    acc_noise_mps2: float = 0.03,
    gyr_noise_radps: float = 0.004,
) -> ImuChunk:
    """What a level sensor on the bar measures; some noise, so that no value repeats itself."""
    rng = np.random.default_rng(seed)
    acc = rng.normal(0.0, acc_noise_mps2, (time_s.shape[0], 3))
    acc[:, 2] += STANDARD_GRAVITY_MPS2 + true_motion(time_s, moves)[2]
    return ImuChunk.build(time_s, acc, rng.normal(0.0, gyr_noise_radps, (time_s.shape[0], 3)))


def steady(duration_s: float, rate_hz: float = 100.0, start_s: float = 0.0) -> FloatArray:
    """Evenly spaced times."""
    return start_s + np.arange(round(duration_s * rate_hz)) / rate_hz


def keep(chunk: ImuChunk, wanted: BoolArray) -> ImuChunk:
    """The samples wanted."""
    return ImuChunk.build(
        chunk.time_s[wanted],
        chunk.acc_sensor_mps2[wanted],
        chunk.gyr_sensor_radps[wanted],
        quality=chunk.quality[wanted],
    )


def pieces(chunk: ImuChunk, cuts: list[int]) -> list[ImuChunk]:
    """The chunk cut before the sample numbers given."""
    edges = [0, *sorted(cuts), len(chunk)]
    return [chunk[a:b] for a, b in itertools.pairwise(edges)]
