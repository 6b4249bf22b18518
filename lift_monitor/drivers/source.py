"""Where packets come from: one shape for a file, a simulator and a live sensor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from lift_monitor.drivers.packet import Packet
from lift_monitor.samples import SensorInfo


class PacketSource(Protocol):
    """Anything that can be walked from its first packet to its last.

    Every call of :meth:`packets` starts again at the beginning; packets come in the order
    of their host time. The iterator of a live or simulated source may never end.
    """

    @property
    def sensors(self) -> tuple[SensorInfo, ...]:
        """The sensors whose packets follow."""
        ...

    def packets(self) -> Iterator[Packet]:
        """Walk the packets from the beginning, ordered by ``host_time_ns``."""
        ...


class MemorySource:
    """A source held in memory.

    Parameters
    ----------
    sensors : iterable of SensorInfo
        Facts of the sensors; identifiers must be unique.
    packets : iterable of Packet
        In any order; kept sorted by host time, ties stay in the order given.

    Raises
    ------
    ValueError
        If two sensors share an identifier, or a packet names a sensor that is not listed.
    """

    def __init__(self, sensors: Iterable[SensorInfo], packets: Iterable[Packet]) -> None:
        self._sensors = tuple(sensors)
        known = {sensor.sensor_id for sensor in self._sensors}
        if len(known) != len(self._sensors):
            raise ValueError("two sensors share an identifier; give each sensor its own")
        self._packets = sorted(packets, key=lambda packet: packet.host_time_ns)
        strangers = {packet.sensor_id for packet in self._packets} - known
        if strangers:
            raise ValueError(
                f"packets name the sensor {min(strangers)!r}, which is not among the sensors"
            )

    @property
    def sensors(self) -> tuple[SensorInfo, ...]:
        """The sensors whose packets follow."""
        return self._sensors

    def packets(self) -> Iterator[Packet]:
        """Walk the packets from the beginning, ordered by ``host_time_ns``."""
        return iter(self._packets)

    @property
    def duration_s(self) -> float:
        """Host time of the last packet in seconds; 0 if there is none."""
        return self._packets[-1].host_time_ns * 1e-9 if self._packets else 0.0
