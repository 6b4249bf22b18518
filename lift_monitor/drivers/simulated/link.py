"""From samples to packets as they arrive: late, in bursts, lost, doubled."""

from __future__ import annotations

import numpy as np

from lift_monitor.drivers.formats import open_imu
from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.simulated.sensor import Measured, Sensor
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.units import FloatArray

_FULL_SCALE = 32767
_STREAMS = {Role.BAR: (3,), Role.PELVIS: (3, 1), Role.THORAX: (3, 2)}
"""What tells the links of one seed apart."""
_PLACEMENTS = {Role.PELVIS: "sacrum", Role.THORAX: "T8"}


def sensor_info(sensor: Sensor, role: Role = Role.BAR) -> SensorInfo:
    """Facts that a recording keeps of a simulated sensor."""
    return SensorInfo(
        sensor_id=role.value,
        role=role,
        format=open_imu.NAME,
        name=f"Simulated {role.value} sensor",
        serial="SIM",
        placement=_PLACEMENTS.get(role, ""),
        nominal_rate_hz=sensor.model.rate_hz,
        acc_range_mps2=sensor.acc_range_mps2,
        gyr_range_radps=sensor.gyr_range_radps,
    )


def transmit(measured: Measured, sensor: Sensor, seed: int, role: Role = Role.BAR) -> list[Packet]:
    """Pack samples and send them over the sensor's link, in the order of arrival."""
    model = sensor.model
    rng = np.random.default_rng([seed, *_STREAMS[role]])
    # A sensor's counter starts at its power-up, at any value: it may wrap in a session.
    counter_us = int(rng.integers(0, 1 << 32))
    stamps_us = np.rint(measured.clock_s * 1e6).astype(np.int64) + counter_us
    dt_us = round(1e6 / model.rate_hz)
    size = model.samples_per_packet
    starts = range(0, measured.time_s.shape[0], size)
    lasts_s = measured.time_s[[min(s + size, measured.time_s.shape[0]) - 1 for s in starts]]
    arrivals_s = _arrivals(lasts_s, sensor, rng)
    lost = rng.random(len(starts)) < model.loss_probability
    doubled = rng.random(len(starts)) < model.duplicate_probability
    for gap_s, length_s in model.gaps_s:
        lost |= (lasts_s >= gap_s) & (lasts_s < gap_s + length_s)
    packets = []
    for seq, start in enumerate(starts):
        if lost[seq]:
            continue
        payload = open_imu.encode(
            seq,
            int(stamps_us[start]),
            dt_us,
            measured.acc_sensor_mps2[start : start + size],
            measured.gyr_sensor_radps[start : start + size],
            sensor.acc_range_mps2 / _FULL_SCALE,
            sensor.gyr_range_radps / _FULL_SCALE,
        )
        packet = Packet(role.value, open_imu.CHANNEL, round(arrivals_s[seq] * 1e9), payload)
        packets.extend([packet, packet] if doubled[seq] else [packet])
    return packets


def _arrivals(taken_s: FloatArray, sensor: Sensor, rng: np.random.Generator) -> FloatArray:
    """Times of arrival; a link keeps the order, so that one late packet holds up the next."""
    model = sensor.model
    ready_s = taken_s + model.latency_s + model.jitter_s * rng.exponential(size=taken_s.shape)
    if taken_s.size:
        stalls = rng.poisson(model.bursts_per_min * taken_s[-1] / 60.0)
        for begin_s in rng.uniform(0.0, taken_s[-1], stalls):
            end_s = begin_s + rng.uniform(*model.burst_s)
            ready_s[(ready_s >= begin_s) & (ready_s < end_s)] = end_s
    return np.asarray(np.maximum.accumulate(ready_s), dtype=np.float64)
