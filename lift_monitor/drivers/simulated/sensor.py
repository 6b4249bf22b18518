"""What an inertial sensor on the bar makes of its motion: faults and all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from lift_monitor.drivers.simulated.motion import BarMotion
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2, FloatArray

_FINE_HZ = 1000.0
_BLOCK_S = 60.0


@dataclass(frozen=True, slots=True)
class SensorModel:
    """A sensor and its radio link; the values by default are those of a good cheap one.

    Standard deviations (``_sd``) are of what differs from sensor to sensor; the seed draws
    the one at hand.  Drift is the standard deviation of a bias's random walk after a minute.
    """

    rate_hz: float = 100.0
    acc_bias_sd_mps2: float = 0.1
    gyr_bias_sd_dps: float = 0.3
    acc_bias_drift_mps2: float = 0.005
    gyr_bias_drift_dps: float = 0.02
    acc_noise_mps2: float = 0.02
    gyr_noise_dps: float = 0.1
    scale_error_sd: float = 0.003
    misalignment_sd_deg: float = 0.5
    acc_range_g: float = 16.0
    gyr_range_dps: float = 2000.0
    random_mounting: bool = True
    clock_error_sd_ppm: float = 50.0
    samples_per_packet: int = 4
    latency_s: float = 0.015
    jitter_s: float = 0.01
    """Mean of the exponential part of the delay of a packet."""
    bursts_per_min: float = 1.0
    """How often the link stalls, to deliver everything at once afterwards."""
    burst_s: tuple[float, float] = (0.1, 0.4)
    loss_probability: float = 0.002
    duplicate_probability: float = 0.001
    gaps_s: tuple[tuple[float, float], ...] = ()
    """Start and length of holes in which every packet is lost."""

    def __post_init__(self) -> None:
        if not 1.0 <= self.rate_hz <= 4000.0:
            raise ValueError(f"rate_hz is {self.rate_hz}; choose a value from 1 to 4000")
        if not 1 <= self.samples_per_packet <= 255:
            raise ValueError(
                f"samples_per_packet is {self.samples_per_packet}; choose a value from 1 to 255"
            )
        for name in ("loss_probability", "duplicate_probability"):
            if not 0.0 <= getattr(self, name) < 1.0:
                raise ValueError(f"{name} is {getattr(self, name)}; choose a value from 0 to 1")

    @classmethod
    def ideal(cls, rate_hz: float = 100.0) -> SensorModel:
        """No fault but whole numbers on the wire, dithered as in any real sensor.

        The bar's axes are the sensor's. Without the dither a bar at rest would send
        bit-identical samples, which a reader must take for stale ones sent again.
        """
        return cls(
            rate_hz=rate_hz,
            acc_bias_sd_mps2=0.0,
            gyr_bias_sd_dps=0.0,
            acc_bias_drift_mps2=0.0,
            gyr_bias_drift_dps=0.0,
            acc_noise_mps2=0.004,
            gyr_noise_dps=0.04,
            scale_error_sd=0.0,
            misalignment_sd_deg=0.0,
            acc_range_g=20.0,
            random_mounting=False,
            clock_error_sd_ppm=0.0,
            latency_s=0.0,
            jitter_s=0.0,
            bursts_per_min=0.0,
            loss_probability=0.0,
            duplicate_probability=0.0,
        )

    @classmethod
    def realistic(cls, rate_hz: float = 100.0) -> SensorModel:
        """A good cheap sensor on a usual link."""
        return cls(rate_hz=rate_hz)

    @classmethod
    def harsh(cls, rate_hz: float = 100.0) -> SensorModel:
        """A poor sensor with a small range on a link at its limit."""
        return cls(
            rate_hz=rate_hz,
            acc_bias_sd_mps2=0.3,
            gyr_bias_sd_dps=1.0,
            acc_bias_drift_mps2=0.02,
            gyr_bias_drift_dps=0.1,
            acc_noise_mps2=0.06,
            gyr_noise_dps=0.3,
            scale_error_sd=0.01,
            misalignment_sd_deg=1.5,
            acc_range_g=4.0,
            clock_error_sd_ppm=150.0,
            latency_s=0.03,
            jitter_s=0.03,
            bursts_per_min=6.0,
            burst_s=(0.2, 1.0),
            loss_probability=0.03,
            duplicate_probability=0.01,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Samples as the sensor took them, before they are packed.

    ``time_s`` is the true time, ``clock_s`` the sensor's own.
    """

    time_s: FloatArray
    clock_s: FloatArray
    acc_sensor_mps2: FloatArray
    gyr_sensor_radps: FloatArray


class Sensor:
    """One sensor drawn from a model and mounted on a bar, or stuck on a segment.

    Parameters
    ----------
    model : SensorModel
    seed : int
        Not negative.
    stream : int
        Tells several sensors of one seed apart; 0 is the one on the bar.
    """

    def __init__(self, model: SensorModel, seed: int, stream: int = 0) -> None:
        rng = np.random.default_rng([seed, 2, stream] if stream else [seed, 2])
        self.model = model
        self.mounting = (
            Rotation.from_quat(rng.standard_normal(4)).as_matrix()
            if model.random_mounting
            else np.eye(3)
        )
        """Rows: the sensor's axes in those of the bar."""
        self.clock_factor = 1.0 + 1e-6 * model.clock_error_sd_ppm * rng.standard_normal()
        self._acc_matrix = self._axes(rng)
        self._gyr_matrix = self._axes(rng)
        self._acc_bias = model.acc_bias_sd_mps2 * rng.standard_normal(3)
        self._gyr_bias = model.gyr_bias_sd_dps * RADPS_PER_DPS * rng.standard_normal(3)
        self._rng = rng

    def up_sensor(self, up_bar: FloatArray) -> FloatArray:
        """Turn (n, 3) vectors from the bar's axes into the sensor's."""
        return np.asarray(up_bar @ self.mounting.T, dtype=np.float64)

    def measure(self, motion: BarMotion, duration_s: float) -> Measured:
        """Sample the motion from 0 to ``duration_s``; call it once a sensor."""
        model = self.model
        step_s = 1.0 / model.rate_hz
        count = int(duration_s / step_s * self.clock_factor)
        clock_s = np.asarray(step_s * (np.arange(count) + 0.5), dtype=np.float64)
        time_s = np.asarray(clock_s / self.clock_factor, dtype=np.float64)
        # A sensor filters before it samples: here, the mean over its sampling period.
        fine = max(1, round(_FINE_HZ * step_s))
        offsets = ((np.arange(fine) + 0.5) / fine - 0.5) * step_s
        acc, gyr = np.empty((count, 3)), np.empty((count, 3))
        block = max(1, int(_BLOCK_S * model.rate_hz))
        for begin in range(0, count, block):
            part = slice(begin, min(begin + block, count))
            state = motion.evaluate((time_s[part, None] + offsets).ravel())
            for out, exact in (
                (acc, state.specific_force_bar_mps2),
                (gyr, state.rate_bar_radps),
            ):
                out[part] = self.up_sensor(exact.reshape(-1, fine, 3).mean(axis=1))
        acc = self._faulty(
            acc, self._acc_matrix, self._acc_bias, model.acc_bias_drift_mps2, model.acc_noise_mps2
        )
        gyr = self._faulty(
            gyr,
            self._gyr_matrix,
            self._gyr_bias,
            model.gyr_bias_drift_dps * RADPS_PER_DPS,
            model.gyr_noise_dps * RADPS_PER_DPS,
        )
        return Measured(time_s, clock_s, acc, gyr)

    def _faulty(
        self, exact: FloatArray, matrix: FloatArray, bias: FloatArray, drift: float, noise: float
    ) -> FloatArray:
        rng, shape = self._rng, exact.shape
        steps = rng.standard_normal(shape) * drift / np.sqrt(60.0 * self.model.rate_hz)
        values = exact @ matrix.T + bias + np.cumsum(steps, axis=0)
        return np.asarray(values + noise * rng.standard_normal(shape), dtype=np.float64)

    def _axes(self, rng: np.random.Generator) -> FloatArray:
        """Scale and misalignment of three axes, near the unit matrix."""
        model = self.model
        skew = np.deg2rad(model.misalignment_sd_deg) * rng.standard_normal((3, 3))
        np.fill_diagonal(skew, model.scale_error_sd * rng.standard_normal(3))
        return np.asarray(np.eye(3) + skew, dtype=np.float64)

    @property
    def acc_range_mps2(self) -> float:
        """Largest acceleration that the sensor can tell."""
        return self.model.acc_range_g * STANDARD_GRAVITY_MPS2

    @property
    def gyr_range_radps(self) -> float:
        """Largest rate of turn that the sensor can tell."""
        return self.model.gyr_range_dps * RADPS_PER_DPS
