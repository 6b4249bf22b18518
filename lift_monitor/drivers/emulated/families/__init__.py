"""One emulated peripheral a sensor family."""

from __future__ import annotations

from typing import Final

from lift_monitor.drivers.emulated.families.metamotion import MetaMotionPeripheral
from lift_monitor.drivers.emulated.families.movella_dot import MovellaDotPeripheral
from lift_monitor.drivers.emulated.families.movesense import MovesensePeripheral
from lift_monitor.drivers.emulated.families.open_imu import OpenImuPeripheral
from lift_monitor.drivers.emulated.families.polar import (
    PolarH10Peripheral,
    PolarVerityPeripheral,
)
from lift_monitor.drivers.emulated.families.thingy52 import Thingy52Peripheral
from lift_monitor.drivers.emulated.families.witmotion import WitMotionPeripheral
from lift_monitor.drivers.emulated.peripheral import Peripheral

PERIPHERALS: Final[dict[str, type[Peripheral]]] = {
    "open-imu": OpenImuPeripheral,
    "metamotion": MetaMotionPeripheral,
    "polar-h10": PolarH10Peripheral,
    "polar-verity": PolarVerityPeripheral,
    "thingy52": Thingy52Peripheral,
    "movella-dot": MovellaDotPeripheral,
    "movesense": MovesensePeripheral,
    "witmotion": WitMotionPeripheral,
}
"""By the key of the family (``Family.key``)."""
