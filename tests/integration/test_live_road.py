"""Every family on the road: found, connected, recorded, stopped, replayed; over both worlds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from lift_monitor.drivers.ble.families import family_named
from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.emulated.families import PERIPHERALS
from lift_monitor.drivers.emulated.fleet import Feels, MotionSpec, SensorSpec, example
from lift_monitor.drivers.live import LiveSource
from lift_monitor.drivers.packet import LINK
from lift_monitor.events import Event, Exercise
from lift_monitor.recordings.container import Recording
from lift_monitor.road import SensorStream
from lift_monitor.samples import ImuChunk
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station import Mode, Station, StationConfig, StationStatus
from tests.integration.pace import real_time
from tests.integration.worlds import AirWorld, MakeWorld, bluez_maker, opened
from tests.patience import until

CONFIG = StationConfig(Exercise.DEADLIFT)
SECONDS = 10.0
LIFTS = MotionSpec(Feels.LIFTER, exercise=Exercise.DEADLIFT, sets=1, reps=3)


@pytest.fixture(params=["air", "bluez"])
def world(request: pytest.FixtureRequest) -> MakeWorld:
    if request.param == "air":
        return AirWorld
    return bluez_maker(request.getfixturevalue("bluez"))


class Told:
    """What a station told."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.events: list[Event] = []
        self.status: StationStatus | None = None

    def look(self) -> None:
        for update in self.station.drain():
            if isinstance(update, PipelineOutput):
                self.events.extend(update.events)
            elif isinstance(update, StationStatus):
                self.status = update

    def has(self, seconds: float) -> bool:
        """Whether so long a time was recorded, of which no sensor still owes a part."""
        self.look()
        if self.status is None or self.status.now_s < seconds:
            return False
        (info,), (sensor,) = self.station.source.sensors, self.status.sensors
        return (sensor.rate_hz or 0.0) > 0.97 * (info.nominal_rate_hz or math.inf)

    @property
    def ended(self) -> bool:
        self.look()
        return self.status is not None and self.status.ended


def record(specs: Iterable[SensorSpec], make: MakeWorld, folder: Path) -> dict[str, Told]:
    """Record every sensor in a station of its own, side by side."""
    world = make(specs)
    told: dict[str, Told] = {}
    with Hub(world.carrier) as hub:
        hub.scan(True).result()
        taps = {spec.address: opened(hub, spec.address) for spec in specs}
        hub.scan(False).result()
        with ExitStack() as stations:
            for spec in specs:
                path = folder / f"{spec.family}.mcap"
                station = Station(
                    LiveSource([taps[spec.address]]), CONFIG, Mode.LIVE, record_to=path
                )
                stations.enter_context(station)
                told[spec.family] = Told(station)
            until(lambda: all(t.has(SECONDS) for t in told.values()), "10 s were recorded")
            for each in told.values():
                each.station.end()
            until(lambda: all(t.ended for t in told.values()), "the stations ended")
        for spec in specs:
            hub.let_go(spec.address).result()
            check_payloads(folder / f"{spec.family}.mcap", spec.family, world.sent(spec.address))
    return told


def check_payloads(path: Path, family: str, sent: Sequence[tuple[str, bytes]]) -> None:
    """The recording holds a run of what was sent, nothing left out, nothing changed."""
    control = family_named(family).control_channels
    recorded = [
        packet.payload
        for packet in Recording.open(path).packets()
        if packet.channel != LINK and packet.channel not in control
    ]
    assert len(recorded) > 20
    payloads = [payload for _, payload in sent]
    begins = [at for at, payload in enumerate(payloads) if payload == recorded[0]]
    runs = [at for at in begins if payloads[at : at + len(recorded)] == recorded]
    assert len(runs) == 1, f"{path.name} is no run of what was sent"


def replayed(path: Path) -> list[Event]:
    """Run a recording through a station again, as fast as it goes."""
    with Station(Recording.open(path), CONFIG, Mode.REPLAY) as station:
        station.set_speed(math.inf)
        told = Told(station)
        until(lambda: told.ended, "the replay ended")
        told.look()
    return told.events


@real_time
def test_every_family_is_recorded_whole_and_replays_as_it_was_seen(
    world: MakeWorld, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("road")
    specs = [
        example(family, number, motion=LIFTS)
        for number, family in enumerate(sorted(PERIPHERALS), start=1)
    ]
    told = record(specs, world, folder)
    for spec in specs:
        path = folder / f"{spec.family}.mcap"
        seen = [repr(event) for event in told[spec.family].events]
        again = [repr(event) for event in replayed(path)]
        assert again == seen, spec.family
        recording = Recording.open(path)
        (info,) = recording.sensors
        assert info.format == family_named(spec.family).format
        stream = SensorStream(info)
        chunk = ImuChunk.concatenate([stream.decode(packet) for packet in recording.packets()])
        rate_hz = info.nominal_rate_hz
        assert rate_hz is not None, spec.family
        # What began or ended in the middle of a packet is allowed to be missing.
        assert len(chunk) >= 0.95 * SECONDS * rate_hz, spec.family
        assert stream.unreadable.count <= 1, (spec.family, stream.unreadable)
    assert any(told[family].events for family in told)
