"""What an emulated sensor feels: sampled at any rate, the same at every call."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from lift_monitor.drivers.simulated.lifter import perform
from lift_monitor.drivers.simulated.plan import SessionPlan
from lift_monitor.drivers.simulated.sensor import Sensor, SensorModel
from lift_monitor.samples import ImuChunk
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray


class Motion(Protocol):
    """Specific force and rotation rate in the sensor's axes at true times since power-up."""

    def at(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return ``acc (n, 3)`` in m/s² and ``gyr (n, 3)`` in rad/s.

        Parameters
        ----------
        time_s : (n,) array
            Ascending; any times from 0 on.
        """
        ...


class CountingMotion:
    """No two samples are alike, and each tells its number: for tests of transport.

    Sample times are turned into whole numbers of ``1 / rate_hz``; the axes carry that
    number in steps that survive the coarsest sensor.
    """

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz

    def at(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return values that count (see :class:`Motion`)."""
        number = np.rint(np.asarray(time_s) * self._rate_hz)
        low, high = np.mod(number, 97.0), np.mod(np.floor(number / 97.0), 89.0)
        acc = np.column_stack([low * 0.1, high * 0.1, np.full_like(low, STANDARD_GRAVITY_MPS2)])
        gyr = np.column_stack([low * 0.02, high * 0.02, -low * 0.01])
        return acc, gyr


class LifterMotion:
    """The simulated lifter's bar, felt by the simulator's sensor.

    Parameters
    ----------
    plan : SessionPlan
    seed : int
    model : SensorModel, optional
        Noise, bias and mounting; its rate, ranges and link are not used.

    Notes
    -----
    Past the end of the plan the bar rests where it was put.
    """

    def __init__(self, plan: SessionPlan, seed: int, model: SensorModel | None = None) -> None:
        performance = perform(plan, seed)
        self.duration_s = performance.duration_s
        sensor = Sensor(model or SensorModel.realistic(400.0), seed)
        self._felt = sensor.measure(performance.motion, performance.duration_s)

    def at(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what the sensor reads (see :class:`Motion`)."""
        return _interpolate(
            time_s, self._felt.time_s, self._felt.acc_sensor_mps2, self._felt.gyr_sensor_radps
        )


class RecordedMotion:
    """Samples of a recording, felt again."""

    def __init__(self, chunk: ImuChunk) -> None:
        self._chunk = chunk
        self._zero_s = float(chunk.time_s[0]) if len(chunk) else 0.0

    def at(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the recorded values between their neighbours (see :class:`Motion`)."""
        chunk = self._chunk
        return _interpolate(
            np.asarray(time_s) + self._zero_s,
            chunk.time_s,
            chunk.acc_sensor_mps2,
            chunk.gyr_sensor_radps,
        )


class TappedMotion:
    """Another motion with taps on the sensor at given times (half-sine of 10 ms)."""

    _LENGTH_S = 0.01

    def __init__(self, motion: Motion, taps_s: tuple[float, ...], peak_mps2: float = 60.0) -> None:
        self._motion = motion
        self._taps_s = taps_s
        self._peak_mps2 = peak_mps2

    def at(self, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the motion with its taps (see :class:`Motion`)."""
        acc, gyr = self._motion.at(time_s)
        acc = acc.copy()
        for tap_s in self._taps_s:
            phase = (np.asarray(time_s) - tap_s) / self._LENGTH_S
            inside = (phase >= 0) & (phase <= 1)
            acc[inside, 2] += self._peak_mps2 * np.sin(np.pi * phase[inside])
        return acc, gyr


def _interpolate(
    time_s: FloatArray, known_s: FloatArray, acc: FloatArray, gyr: FloatArray
) -> tuple[FloatArray, FloatArray]:
    # A sensor asks for a few samples at a time, of a session that may be long.
    first, last = np.searchsorted(known_s, (time_s[0], time_s[-1])) if len(time_s) else (0, 0)
    near = slice(max(first - 1, 0), last + 2)

    def between(values: FloatArray) -> FloatArray:
        return np.column_stack(
            [np.interp(time_s, known_s[near], values[near, axis]) for axis in range(3)]
        )

    return between(acc), between(gyr)
