"""A bar sensor's packets for measuring speed: sets of repetitions with rests, any duration.

Not for accuracy: every cycle repeats the same samples, so that a stream of hours costs no
memory and the benchmarks need nothing but the wire format. Made as physics would have it
(a bar that moves and tilts, gravity in the sensor's axes), so that every stage has work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lift_monitor.drivers.formats import open_imu
from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

RATE_HZ = 100.0
SAMPLES_A_PACKET = 4
CYCLE_S = 150.0
"""One set and its rest."""
REPETITIONS = 6
_LIFT_S, _PERIOD_S, _FIRST_S, _ROM_M = 1.2, 4.0, 10.0, 0.55
_ACC_LSB, _GYR_LSB = 16 * STANDARD_GRAVITY_MPS2 / 32768, np.deg2rad(2000.0) / 32768
_ARRIVAL_NS = 15_000_000
_SENSOR = SensorInfo(
    "bar-1",
    Role.BAR,
    open_imu.NAME,
    name="benchmark",
    nominal_rate_hz=RATE_HZ,
    acc_range_mps2=16 * STANDARD_GRAVITY_MPS2,
    gyr_range_radps=float(np.deg2rad(2000.0)),
)


def _height_m(time_s: FloatArray) -> FloatArray:
    """Dead-stop lifts: up by a fifth-order step, a pause, down by the same."""
    height = np.zeros_like(time_s)
    for i in range(REPETITIONS):
        start = _FIRST_S + i * _PERIOD_S
        for sign, at in ((1.0, start), (-1.0, start + _LIFT_S + 0.4)):
            u = np.clip((time_s - at) / _LIFT_S, 0.0, 1.0)
            height += sign * _ROM_M * u**3 * (10.0 - 15.0 * u + 6.0 * u * u)
    return height


def _cycle() -> tuple[FloatArray, FloatArray]:
    """Acceleration and rotation rate of one cycle in the sensor's axes, each (n, 3)."""
    dt = 1.0 / RATE_HZ
    time: FloatArray = np.arange(round(CYCLE_S * RATE_HZ), dtype=np.float64) * dt
    height = _height_m(time)
    force = np.gradient(np.gradient(height, dt), dt) + STANDARD_GRAVITY_MPS2
    tilt = 0.4 + 0.3 * height / _ROM_M  # the sleeve turns a little with the lift
    rng = np.random.default_rng(7)
    acc = np.column_stack([np.zeros_like(force), force * np.sin(tilt), force * np.cos(tilt)])
    gyr = np.zeros_like(acc)
    gyr[:, 0] = np.gradient(tilt, dt)
    acc += rng.normal(0.0, 0.03, acc.shape)
    gyr += rng.normal(0.0, 0.003, gyr.shape) + 0.002
    return acc, gyr


@dataclass(frozen=True, slots=True)
class BenchmarkStream:
    """A packet source of the given duration (see :mod:`lift_monitor.drivers.source`)."""

    duration_s: float

    @property
    def sensors(self) -> tuple[SensorInfo, ...]:
        return (_SENSOR,)

    def packets(self) -> Iterator[Packet]:
        acc, gyr = _cycle()
        step_us = round(1e6 / RATE_HZ)
        for number in range(int(self.duration_s * RATE_HZ) // SAMPLES_A_PACKET):
            at = number * SAMPLES_A_PACKET % acc.shape[0]
            part = slice(at, at + SAMPLES_A_PACKET)
            first_us = number * SAMPLES_A_PACKET * step_us
            payload = open_imu.encode(
                number, first_us, step_us, acc[part], gyr[part], _ACC_LSB, float(_GYR_LSB)
            )
            last_ns = (first_us + (SAMPLES_A_PACKET - 1) * step_us) * 1000
            yield Packet(_SENSOR.sensor_id, open_imu.CHANNEL, last_ns + _ARRIVAL_NS, payload)
