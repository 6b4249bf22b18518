"""The two ways in which emulated sensors are reached, behind one face.

``air``: bleak over Bumble's virtual radio, any system.  ``bluez``: unmodified bleak over an
emulated BlueZ in another process, Linux.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from lift_monitor.drivers.ble.family import Wish
from lift_monitor.drivers.ble.hub import Carrier, Hub, system_radio
from lift_monitor.drivers.ble.radio import Found
from lift_monitor.drivers.emulated.bluez import EmulatedBlueZ
from lift_monitor.drivers.emulated.carrier import emulated_radio
from lift_monitor.drivers.emulated.fault_plan import Faults
from lift_monitor.drivers.emulated.faults import FaultyPeripheral
from lift_monitor.drivers.emulated.fleet import SensorSpec
from lift_monitor.drivers.emulated.peripheral import Outgoing
from lift_monitor.samples import Role
from lift_monitor.sensors.taps import HubTap, sensor_info
from tests.integration.bluez_tools import MakeBlueZ
from tests.patience import until

OPEN_S = 40.0


class World(Protocol):
    """Emulated sensors and a radio that reaches them."""

    carrier: Carrier

    def sent(self, address: str) -> list[Outgoing]:
        """Everything that left a sensor, in order."""
        ...


class AirWorld:
    """Sensors in this process, over Bumble."""

    def __init__(self, specs: Iterable[SensorSpec]) -> None:
        made = [spec.build() for spec in specs]
        # The wrapper without faults keeps what was sent.
        self.peripherals = {
            p.identity.address: (
                p if isinstance(p, FaultyPeripheral) else FaultyPeripheral(p, Faults(), 0)
            )
            for p in made
        }
        self.carrier: Carrier = emulated_radio(lambda: tuple(self.peripherals.values()))

    def sent(self, address: str) -> list[Outgoing]:
        return list(self.peripherals[address].sent)


class BlueZWorld:
    """Sensors in another process, over a private D-Bus."""

    def __init__(self, running: EmulatedBlueZ) -> None:
        self.running = running
        self.carrier: Carrier = system_radio

    def sent(self, address: str) -> list[Outgoing]:
        return [Outgoing(item.uuid, item.payload) for item in self.running.sent(address)]


class MakeWorld(Protocol):
    """The fixture ``world``."""

    def __call__(self, specs: Iterable[SensorSpec]) -> World: ...


def bluez_maker(bluez: MakeBlueZ) -> MakeWorld:
    def make(specs: Iterable[SensorSpec]) -> World:
        return BlueZWorld(bluez(specs))

    return make


def found(hub: Hub, address: str) -> Found:
    """Wait until a sensor was heard."""
    until(lambda: any(f.address == address for f in hub.found), f"{address} was heard")
    return next(f for f in hub.found if f.address == address)


def opened(hub: Hub, address: str, role: Role = Role.BAR) -> HubTap:
    """Connect a sensor and tap it."""
    sensor = found(hub, address)
    setup = hub.open(sensor, Wish()).result(OPEN_S)
    return HubTap(hub, address, sensor_info(sensor, setup, role))
