"""A simulated lifter's session for measuring speed, of any duration."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.simulated import (
    LiftingTrunk,
    Note,
    SensorModel,
    SessionPlan,
    simulate_session,
)
from lift_monitor.drivers.source import MemorySource
from lift_monitor.events import Exercise
from lift_monitor.samples import SensorInfo

RATE_HZ = 100.0
EXERCISE = Exercise.DEADLIFT
_REST_S = 120.0
_SEED = 1
_CLOCK = struct.Struct("<I")
_CLOCK_AT = 4
"""Where an open-imu packet has its microseconds (docs/recording-format.md)."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """Packets of a session, and the remarks that a recording of it carries."""

    source: MemorySource
    notes: tuple[Note, ...]


def simulated(duration_s: float, trunk: LiftingTrunk | None = None) -> Simulated:
    """Sets of six repetitions with two minutes of rest, the sensors with realistic faults.

    With a ``trunk`` there are three sensors, and the guided minute comes first.
    """
    sets = int(duration_s / _REST_S) + 1  # more than fit
    plan = SessionPlan(exercise=EXERCISE, sets=sets, reps=6, rest_s=_REST_S)
    session = simulate_session(plan, SensorModel.realistic(rate_hz=RATE_HZ), _SEED, trunk)
    packets = itertools.takewhile(
        lambda packet: packet.host_time_ns <= duration_s * 1e9, session.source.packets()
    )
    return Simulated(MemorySource(session.source.sensors, packets), session.notes)


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same session again and again with its clocks going on; holds one of them."""

    session: MemorySource

    @property
    def sensors(self) -> tuple[SensorInfo, ...]:
        """The sensors of the session."""
        return self.session.sensors

    def packets(self) -> Iterator[Packet]:
        """Walk on for ever."""
        cycle_us = round((self.session.duration_s + 0.5) * 1e6)
        for number in itertools.count():
            for packet in self.session.packets():
                yield _later(packet, number * cycle_us)


def _later(packet: Packet, by_us: int) -> Packet:
    body = packet.payload
    (clock_us,) = _CLOCK.unpack_from(body, _CLOCK_AT)
    clock = _CLOCK.pack((clock_us + by_us) & 0xFFFF_FFFF)
    payload = body[:_CLOCK_AT] + clock + body[_CLOCK_AT + _CLOCK.size :]
    return Packet(packet.sensor_id, packet.channel, packet.host_time_ns + by_us * 1000, payload)
