"""Samples of an inertial sensor, with the marks of what happened to them on the way."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lift_monitor.units import FloatArray, QualityArray


class Quality(enum.IntFlag):
    """What is known against a sample; several marks can hold at once.

    A sample is never altered silently: whatever touched it sets a mark, and the marks
    lower the confidence of every number that rests on the sample.
    """

    OK = 0
    REPEATED = 1 << 0
    """Bit-identical to its predecessor: a stale value sent again, no new information."""
    INTERPOLATED = 1 << 1
    """Made by interpolation between received samples that are close together."""
    GAP = 1 << 2
    """Lies inside a hole in the stream that is too long to interpolate honestly."""
    ACC_SATURATED = 1 << 3
    GYR_SATURATED = 1 << 4
    CLOCK_JUMP = 1 << 5
    """The sensor's clock jumped or ran backwards just before this sample."""
    NOT_FINITE = 1 << 6
    """At least one axis was NaN or infinite."""
    RESTARTED = 1 << 7
    """First analysis step after the estimate was restarted (stream start or long gap)."""
    NO_GYRO = 1 << 8
    """The sensor has no gyroscope: the rotation rate of this sample is not known, not zero."""


class Role(enum.StrEnum):
    """Where on the bar or the body a sensor sits."""

    BAR = "bar"
    THORAX = "thorax"
    PELVIS = "pelvis"


@dataclass(frozen=True, slots=True)
class SensorInfo:
    """Facts of one sensor that stay the same for a recording.

    ``nominal_rate_hz``, ``acc_range_mps2`` and ``gyr_range_radps`` are ``None`` where they
    are not known; nothing is assumed then.
    """

    sensor_id: str
    role: Role
    format: str
    """Name of the codec in ``drivers.formats`` that reads this sensor's packets."""
    name: str = ""
    serial: str = ""
    nominal_rate_hz: float | None = None
    acc_range_mps2: float | None = None
    gyr_range_radps: float | None = None
    placement: str = ""
    """Where on the bar or the body it sits, e.g. ``sacrum``; empty if not known."""


@dataclass(frozen=True, slots=True, eq=False)
class ImuChunk:
    """A run of consecutive samples of one sensor.

    Attributes
    ----------
    time_s : (n,) array
        Session clock: seconds since the session began. What the signal core uses.
    sensor_time_s : (n,) array
        The sensor's own clock, unwrapped; NaN where the sensor sends none.
    host_time_s : (n,) array
        Monotonic host time of arrival of the packet that carried the sample, seconds since
        the session began. Arrival time is never sample time.
    acc_sensor_mps2 : (n, 3) array
        Specific force in the sensor's axes; a still sensor reads 9.81 upward.
    gyr_sensor_radps : (n, 3) array
        Rotation rate in the sensor's axes.
    quality : (n,) uint16 array
        :class:`Quality` marks.
    """

    time_s: FloatArray
    sensor_time_s: FloatArray
    host_time_s: FloatArray
    acc_sensor_mps2: FloatArray
    gyr_sensor_radps: FloatArray
    quality: QualityArray

    def __post_init__(self) -> None:
        n = self.time_s.shape[0]
        for name, shape in (
            ("time_s", (n,)),
            ("sensor_time_s", (n,)),
            ("host_time_s", (n,)),
            ("acc_sensor_mps2", (n, 3)),
            ("gyr_sensor_radps", (n, 3)),
            ("quality", (n,)),
        ):
            array = getattr(self, name)
            if array.shape != shape:
                raise ValueError(f"ImuChunk.{name} has shape {array.shape}, expected {shape}")
            array.flags.writeable = False

    def __len__(self) -> int:
        return int(self.time_s.shape[0])

    @classmethod
    def build(
        cls,
        time_s: FloatArray,
        acc_sensor_mps2: FloatArray,
        gyr_sensor_radps: FloatArray,
        *,
        sensor_time_s: FloatArray | None = None,
        host_time_s: FloatArray | None = None,
        quality: QualityArray | None = None,
    ) -> ImuChunk:
        """Make a chunk; clocks that are not given are taken as the session clock."""
        t = np.array(time_s, dtype=np.float64)
        return cls(
            time_s=t,
            sensor_time_s=t.copy() if sensor_time_s is None else np.array(sensor_time_s, float),
            host_time_s=t.copy() if host_time_s is None else np.array(host_time_s, float),
            acc_sensor_mps2=np.array(acc_sensor_mps2, dtype=np.float64).reshape(-1, 3),
            gyr_sensor_radps=np.array(gyr_sensor_radps, dtype=np.float64).reshape(-1, 3),
            quality=(
                np.zeros(t.shape[0], np.uint16)
                if quality is None
                else np.array(quality, dtype=np.uint16)
            ),
        )

    @classmethod
    def empty(cls) -> ImuChunk:
        """A chunk of no samples."""
        return cls.build(np.empty(0), np.empty((0, 3)), np.empty((0, 3)))

    @classmethod
    def concatenate(cls, chunks: Sequence[ImuChunk]) -> ImuChunk:
        """Join chunks in the order given."""
        if not chunks:
            return cls.empty()
        if len(chunks) == 1:
            return chunks[0]
        return cls(
            *(
                np.concatenate([getattr(c, name) for c in chunks])
                for name in (
                    "time_s",
                    "sensor_time_s",
                    "host_time_s",
                    "acc_sensor_mps2",
                    "gyr_sensor_radps",
                    "quality",
                )
            )
        )

    def __getitem__(self, part: slice) -> ImuChunk:
        return ImuChunk(
            self.time_s[part],
            self.sensor_time_s[part],
            self.host_time_s[part],
            self.acc_sensor_mps2[part],
            self.gyr_sensor_radps[part],
            self.quality[part],
        )

    def with_time(self, time_s: FloatArray) -> ImuChunk:
        """The same samples on another session clock."""
        return replace(self, time_s=np.array(time_s, dtype=np.float64))
