"""Fifty link losses in a row cost only what was in the air, and leave nothing behind."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable

import pytest

from lift_monitor.drivers.ble.hub import Hub
from lift_monitor.drivers.ble.session import Phase
from lift_monitor.drivers.emulated.fleet import example
from lift_monitor.drivers.live import LiveSource
from lift_monitor.drivers.packet import LINK, LINK_DOWN
from lift_monitor.events import Exercise
from lift_monitor.recordings.container import Recording
from lift_monitor.station import Mode, Station, StationConfig
from tests.integration.bluez_tools import MakeBlueZ
from tests.integration.pace import real_time
from tests.integration.worlds import AirWorld, BlueZWorld, opened
from tests.patience import until

LOSSES = 50
IN_THE_AIR = 4
"""Notifications that may be lost with a link: those of one connection event."""


class DroppingAir(AirWorld):
    """An air in which a link breaks when told so."""

    def drop(self, address: str) -> None:
        peripheral = self.peripherals[address]
        usual = peripheral.drops
        told = threading.Event()

        def drops(now_s: float) -> bool:
            if told.is_set():
                return usual(now_s)
            told.set()
            return True

        peripheral.drops = drops  # type: ignore[method-assign] # this sensor alone, this once


class DroppingBlueZ(BlueZWorld):
    def drop(self, address: str) -> None:
        self.running.drop(address)


@pytest.fixture(params=["air", "bluez"])
def make(request: pytest.FixtureRequest) -> Callable[..., DroppingAir | DroppingBlueZ]:
    if request.param == "air":
        return DroppingAir
    bluez: MakeBlueZ = request.getfixturevalue("bluez")
    return lambda specs: DroppingBlueZ(bluez(specs))


def handles() -> int:
    return len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0  # noqa: PTH208


def tasks(hub: Hub) -> int:
    async def count() -> int:
        return len(asyncio.all_tasks())

    return asyncio.run_coroutine_threadsafe(count(), hub._loop).result(10)


@real_time
def test_fifty_losses_cost_only_what_was_in_the_air(
    make: Callable[..., DroppingAir | DroppingBlueZ],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lift_monitor.drivers.ble.session._BACK_OFF_S", (0.01, 0.05))
    spec = example("open-imu", 1)
    world = make([spec])
    path = tmp_path_factory.mktemp("losses") / "losses.mcap"
    with Hub(world.carrier) as hub:
        hub.scan(True).result()
        tap = opened(hub, spec.address)
        hub.scan(False).result()
        station = Station(
            LiveSource([tap]), StationConfig(Exercise.FREE), Mode.LIVE, record_to=path
        )

        def lose(number: int) -> None:
            seen: list[bytes] = []
            hub.listen(spec.address, lambda _channel, value, _at: seen.append(value)).result()
            until(lambda: len(seen) > 3, "the sensor sent")
            world.drop(spec.address)

            def back() -> bool:
                status = hub.status(spec.address)
                assert status is not None
                return status.losses == number and status.phase is Phase.STREAMING

            until(back, f"the link stood again after loss {number}")

        with station:
            lose(1)
            before = (handles(), tasks(hub), threading.active_count())
            for number in range(2, LOSSES + 1):
                lose(number)
            after = (handles(), tasks(hub), threading.active_count())
        assert after[0] <= before[0] + 2
        assert after[1] <= before[1] + 1
        assert after[2] == before[2]
        sent = [payload for _, payload in world.sent(spec.address)]
    packets = list(Recording.open(path).packets())
    downs = [at for at, packet in enumerate(packets) if packet.payload == LINK_DOWN]
    assert len(downs) == LOSSES
    # Walk both: whatever was sent and not recorded must stand right before a loss.
    at = sent.index(next(p.payload for p in packets if p.channel != LINK))
    for packet in packets:
        if packet.channel == LINK:
            continue
        skipped = sent[at:].index(packet.payload)
        assert skipped <= IN_THE_AIR
        at += skipped + 1
    assert threading.active_count() < before[2]
