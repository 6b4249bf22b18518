"""Sensors worn on a simulated body: what they measure, and how it arrives."""

from __future__ import annotations

from dataclasses import dataclass

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.simulated.body import Body, stuck_on
from lift_monitor.drivers.simulated.link import sensor_info, transmit
from lift_monitor.drivers.simulated.sensor import SensorModel
from lift_monitor.samples import SensorInfo


@dataclass(frozen=True, slots=True)
class Worn:
    """The trunk's sensors and their packets."""

    sensors: tuple[SensorInfo, ...]
    packets: tuple[Packet, ...]


def wear(body: Body, model: SensorModel, seed: int, duration_s: float, mounting_deg: float) -> Worn:
    """Stick a sensor on the pelvis and one on the thorax, and let them stream.

    Parameters
    ----------
    body : Body
    model : SensorModel
        Of both; the seed draws two different ones.
    seed : int
    duration_s : float
    mounting_deg : float
        They are turned by up to so much, about any axis.
    """
    infos, packets = [], []
    for number, (role, motion) in enumerate(body.skins()):
        sensor = stuck_on(model, seed, number, mounting_deg, stream=number + 1)
        infos.append(sensor_info(sensor, role))
        packets += transmit(sensor.measure(motion, duration_s), sensor, seed, role)
    return Worn(tuple(infos), tuple(packets))
