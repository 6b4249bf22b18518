"""Live load: ``python -m benchmarks.ble_load``, twelve sensors through bleak into recordings.

Four lifters of three sensors each at 100 Hz, emulated in a process of their own on a
private D-Bus (Linux).  What is measured is the program without its screen: bleak, the hub,
four stations that record, decode and analyse.  Lateness runs from bleak's callback to the
return of ``Recorder.write``.  The floor beside it is how late a bare process wakes that only
sleeps, in the same run: other work on the machine shows there.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import numpy as np
from rich.console import Console
from rich.table import Table

from lift_monitor import station_core
from lift_monitor.drivers.ble.families import family_named
from lift_monitor.drivers.ble.family import Family, Setup, Wish
from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.ble.radio import Found
from lift_monitor.drivers.emulated.bluez import AdapterSpec, EmulatedBlueZ, Sent, why_not_here
from lift_monitor.drivers.emulated.families import PERIPHERALS
from lift_monitor.drivers.emulated.fleet import Feels, MotionSpec, SensorSpec, example
from lift_monitor.drivers.live import LiveSource
from lift_monitor.drivers.packet import LINK, Packet
from lift_monitor.events import Exercise
from lift_monitor.recordings.container import Recorder, Recording
from lift_monitor.samples import Role
from lift_monitor.sensors.taps import HubTap, sensor_info
from lift_monitor.station import Mode, Station, StationConfig
from lift_monitor.units import FloatArray

ROLES = (Role.BAR, Role.THORAX, Role.PELVIS)
AIM_P99_MS = 20.0
_PATIENCE_S = 60.0
_SLEEPER = """
import json, sys, threading, time
late_ms, ended = [], threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
while not ended.is_set():
    due_s = time.monotonic() + 0.005
    time.sleep(0.005)
    late_ms.append(1e3 * (time.monotonic() - due_s))
print(json.dumps(late_ms))
"""
_SCREEN_S = 1 / 30
"""How often a screen empties the queues of the stations."""


@dataclass(frozen=True, slots=True)
class BleLoad:
    """What was measured; arrays have one element a notification."""

    sensors: int
    seconds: float
    sent: int
    """Notifications between the first and the last that were recorded."""
    lost: int
    """Those of them that are not in the recording, or not in their place."""
    lateness_ms: FloatArray
    """From bleak's callback to the return of ``Recorder.write``."""
    transfer_ms: FloatArray
    """From the emulated bluetoothd to bleak's callback, both on this machine."""
    floor_ms: FloatArray
    """How late a process wakes that sleeps 5 ms again and again; one element a sleep."""
    cores: float
    """Processor time of the program by wall time."""
    emulation_cores: float
    """The same for the emulation and its bus, which share the machine."""


@dataclass(slots=True)
class _Notes:
    """When each sensor's values came and when they were on the disk, in order."""

    arrived: defaultdict[str, list[tuple[str, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Channel and monotonic ns."""
    recorded_ns: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def recorder(self) -> type[Recorder]:
        """Make a recorder that notes when a packet was written."""
        recorded_ns = self.recorded_ns

        class NotingRecorder(Recorder):
            def write(self, packet: Packet) -> None:
                super().write(packet)
                recorded_ns[packet.sensor_id].append(time.monotonic_ns())

        return NotingRecorder

    def tap(self, hub: Hub, found: Found, setup: Setup, role: Role) -> HubTap:
        """Make a tap that notes when bleak called back."""
        info = sensor_info(found, setup, role)
        arrived = self.arrived[info.sensor_id]

        class NotingTap(HubTap):
            def open(self, sink: Callable[[str, bytes, int], None]) -> None:
                def noting(channel: str, value: bytes, at_ns: int) -> None:
                    arrived.append((channel, at_ns))
                    sink(channel, value, at_ns)

                super().open(noting)

        return NotingTap(hub, found.address, info)

    def data_ns(self, sensor_id: str, family: Family) -> list[tuple[int, int]]:
        """When data, not answers, came and was recorded."""
        both = zip(self.arrived[sensor_id], self.recorded_ns[sensor_id], strict=True)
        return [(at, done) for (channel, at), done in both if _is_data(channel, family)]


def measure(key: str, count: int, seconds: float) -> BleLoad:
    """Let ``count`` sensors of a family stream for some seconds, three a lifter."""
    family = family_named(key)
    sensors = [
        example(key, n + 1, motion=MotionSpec(Feels.LIFTER, sets=4, seed=n // len(ROLES)))
        for n in range(count)
    ]
    notes = _Notes()
    with (
        tempfile.TemporaryDirectory() as folder,
        EmulatedBlueZ(sensors, AdapterSpec(connections=count)) as bluez,
        mock.patch.dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=bluez.address),
        mock.patch.object(station_core, "Recorder", notes.recorder()),
        Hub() as hub,
    ):
        taps = _connect(hub, sensors, notes)
        stations = [
            Station(
                LiveSource(taps[first : first + len(ROLES)]),
                StationConfig(Exercise.DEADLIFT),
                Mode.LIVE,
                record_to=Path(folder, f"{first:02}.mcap"),
            )
            for first in range(0, count, len(ROLES))
        ]
        with subprocess.Popen(
            [sys.executable, "-c", _SLEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as sleeper:
            ran_s, cores, emulation_cores = _run(stations, bluez, seconds)
            floor_ms = np.array(json.loads(sleeper.communicate()[0]))
        sent = {
            tap.info.sensor_id: bluez.sent(sensor.address)
            for tap, sensor in zip(taps, sensors, strict=True)
        }
        recorded = _recorded(Path(folder), family)
    spans = {name: _span(recorded[name], sent[name]) for name in sent}
    rows = {name: notes.data_ns(name, family) for name in sent}
    return BleLoad(
        sensors=count,
        seconds=ran_s,
        sent=sum(map(len, spans.values())),
        lost=sum(_differences(recorded[name], span) for name, span in spans.items()),
        lateness_ms=1e-6 * np.array([done - at for row in rows.values() for at, done in row]),
        transfer_ms=1e3
        * np.array(
            [
                at * 1e-9 - item.time_s
                for name, row in rows.items()
                for (at, _), item in zip(row, spans[name], strict=False)
            ]
        ),
        floor_ms=floor_ms,
        cores=cores,
        emulation_cores=emulation_cores,
    )


def _connect(hub: Hub, sensors: list[SensorSpec], notes: _Notes) -> list[HubTap]:
    hub.scan(True).result(_PATIENCE_S)
    end_s = time.monotonic() + _PATIENCE_S
    while len(hub.found) < len(sensors):
        if time.monotonic() > end_s:
            raise TimeoutError(f"only {len(hub.found)} of {len(sensors)} sensors were heard")
        time.sleep(0.05)
    hub.scan(False).result(_PATIENCE_S)
    found = {one.address: one for one in hub.found}
    taps = []
    for number, sensor in enumerate(sensors):
        setup = hub.open(found[sensor.address], Wish()).result(_PATIENCE_S)
        taps.append(notes.tap(hub, found[sensor.address], setup, ROLES[number % len(ROLES)]))
    return taps


def _run(
    stations: list[Station], bluez: EmulatedBlueZ, seconds: float
) -> tuple[float, float, float]:
    """Run the sessions; return seconds and the shares of a core, the program's first."""
    gc.collect()
    for station in stations:
        station.start()
    began_s, cpu_s, others_s = time.monotonic(), time.process_time(), bluez.cpu_s()
    while time.monotonic() < began_s + seconds:
        time.sleep(_SCREEN_S)
        for station in stations:
            station.drain()
    ran_s = time.monotonic() - began_s
    cores, others = time.process_time() - cpu_s, bluez.cpu_s() - others_s
    for station in stations:
        station.end()
    for station in stations:
        station.close()
    return ran_s, cores / ran_s, others / ran_s


def _recorded(folder: Path, family: Family) -> dict[str, list[bytes]]:
    payloads: defaultdict[str, list[bytes]] = defaultdict(list)
    for path in sorted(folder.iterdir()):
        for packet in Recording.open(path).packets():
            if _is_data(packet.channel, family):
                payloads[packet.sensor_id].append(packet.payload)
    return payloads


def _is_data(channel: str, family: Family) -> bool:
    return channel != LINK and channel not in family.control_channels


def _span(payloads: list[bytes], sent: list[Sent]) -> list[Sent]:
    """What was sent from the first to the last of what was recorded."""
    values = [item.payload for item in sent]
    first = values.index(payloads[0])
    return sent[first : len(values) - values[::-1].index(payloads[-1])]


def _differences(payloads: list[bytes], span: list[Sent]) -> int:
    differing = sum(a != b.payload for a, b in zip(payloads, span, strict=False))
    return differing + abs(len(payloads) - len(span))


def _spread(values_ms: FloatArray) -> str:
    p50, p99 = np.percentile(values_ms, [50, 99])
    return f"p50 {p50:.2f}, p99 {p99:.2f}, max {values_ms.max():.1f} ms"


def main() -> int:
    """Measure and print; 1 if something was lost or the aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--family", choices=sorted(PERIPHERALS), default="open-imu")
    parser.add_argument("--sensors", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    reason = why_not_here()
    if reason:
        print(f"Not measured: {reason}.", file=sys.stderr)
        return 1
    load = measure(given.family, given.sensors, given.seconds)
    table = Table("", f"{load.sensors} × {given.family}, {load.seconds:.0f} s", box=None)
    table.add_row("notifications", f"{load.sent} ({load.sent / load.seconds:.0f} a second)")
    table.add_row("lost", str(load.lost))
    table.add_row("bleak's callback to recorded", _spread(load.lateness_ms))
    table.add_row("floor: a sleeper wakes late by", _spread(load.floor_ms))
    table.add_row("bluetoothd to bleak's callback", _spread(load.transfer_ms))
    table.add_row("the program's share of a core", f"{load.cores:.0%}")
    table.add_row("the emulation's, on the same machine", f"{load.emulation_cores:.0%}")
    Console().print(table)
    late = float(np.percentile(load.lateness_ms, 99)) > AIM_P99_MS
    return int(load.lost > 0 or late)


if __name__ == "__main__":
    sys.exit(main())
