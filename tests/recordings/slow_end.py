"""A program that ends while its recording is still put in order: ``slow_end.py OUT.mcap``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from lift_monitor import station
from lift_monitor.drivers.formats import open_imu
from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.source import MemorySource
from lift_monitor.events import Exercise
from lift_monitor.recordings import packing, recorder
from lift_monitor.samples import Role, SensorInfo

PACKETS = 20


def slow(source: Path, target: Path) -> None:
    """Take longer than anybody waits."""
    time.sleep(1.0)
    packing.pack(source, target)
    source.with_suffix(".done").touch()


def main() -> None:
    """Record, and end."""
    station._CLOSE_S = 0.1
    recorder.pack = slow  # type: ignore[attr-defined] # where the recorder finds it
    info = SensorInfo("bar", Role.BAR, open_imu.NAME, nominal_rate_hz=100.0)
    packets = [Packet("bar", open_imu.CHANNEL, k * 1_000_000, b"\x01") for k in range(PACKETS)]
    road = station.Station(
        MemorySource([info], packets),
        station.StationConfig(Exercise.FREE),
        station.Mode.SIMULATED,
        record_to=Path(sys.argv[1]),
    )
    with road:
        while not any(getattr(update, "ended", False) for update in road.drain()):
            time.sleep(0.01)


if __name__ == "__main__":
    main()
