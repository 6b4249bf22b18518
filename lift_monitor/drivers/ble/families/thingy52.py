"""Nordic Thingy:52 with its factory firmware."""

from __future__ import annotations

import struct
from typing import Final

from lift_monitor.drivers.ble.family import (
    Family,
    FamilyDriver,
    Setup,
    read_text,
)
from lift_monitor.drivers.ble.link import (
    FIRMWARE_REVISION,
    MODEL_NUMBER,
    SERIAL_NUMBER,
    AnswerError,
)
from lift_monitor.drivers.formats.thingy52 import NAME, RAW

_BASE = "ef68{:04x}-9b35-4933-9b10-52ffa9740042"
CONFIGURATION_SERVICE: Final = _BASE.format(0x0100)
"""What it advertises."""
INTERFACE_SERVICE: Final = _BASE.format(0x0300)
LIGHT: Final = _BASE.format(0x0301)
MOTION_SERVICE: Final = _BASE.format(0x0400)
MOTION_CONFIG: Final = _BASE.format(0x0401)
RAW_VALUE: Final = _BASE.format(0x0406)

CONFIG_LAYOUT: Final = struct.Struct("<HHHHB")
"""Pedometer, temperature and compass intervals in ms, motion rate in Hz, wake on motion."""
LOWEST_HZ: Final = 5
HIGHEST_HZ: Final = 200
SLOW_BELOW_HZ: Final = 100.0
"""Below it landings and peak velocity are marginal (design default)."""
FLASH: Final = bytes([3, 7, 100])
"""One flash of the light: white, full intensity."""


class Thingy52Driver(FamilyDriver):
    """Speaks with a Thingy:52."""

    async def configure(self) -> Setup:
        """Set the motion rate, leave the rest as it is, read it back."""
        config = await self._config()
        wanted_hz = min(max(round(self.wish.rate_hz), LOWEST_HZ), HIGHEST_HZ)
        await self.link.write(MOTION_CONFIG, CONFIG_LAYOUT.pack(*config[:3], wanted_hz, config[4]))
        rate_hz = float((await self._config())[3])
        name = self.link.name
        unknown = "does not tell how hard a knock it can measure"
        warnings = [f"{name} {unknown}; do not rely on it for landings or a dropped bar."]
        if rate_hz < SLOW_BELOW_HZ:
            warnings.append(
                f"{name} sends {rate_hz:g} samples a second: "
                "marginal for landings and peak velocity."
            )
        return Setup(
            serial=await read_text(self.link, SERIAL_NUMBER),
            model=await read_text(self.link, MODEL_NUMBER),
            firmware=await read_text(self.link, FIRMWARE_REVISION),
            rate_hz=rate_hz if rate_hz > 0 else None,
            warnings=tuple(warnings),
        )

    async def start(self) -> None:
        """Subscribe: it measures while somebody listens."""
        await self.link.listen(RAW_VALUE, lambda value: self.emit(RAW, value))

    async def stop(self) -> None:
        """Unsubscribe."""
        await self.link.unlisten(RAW_VALUE)

    async def blink(self) -> bool:
        """Flash its light once."""
        if not self.link.has(LIGHT):
            return False
        await self.link.write(LIGHT, FLASH)
        return True

    async def _config(self) -> tuple[int, int, int, int, int]:
        value = await self.link.read(MOTION_CONFIG)
        if len(value) != CONFIG_LAYOUT.size:
            raise AnswerError(
                f"{self.link.name} has another motion service than a Thingy:52; "
                "put Nordic's own firmware on it."
            )
        pedometer, temperature, compass, rate_hz, wake = CONFIG_LAYOUT.unpack(value)
        return pedometer, temperature, compass, rate_hz, wake


FAMILY: Final = Family(
    key="thingy52",
    title="Nordic Thingy:52",
    format=NAME,
    driver=Thingy52Driver,
    names=("thingy",),
    services=(CONFIGURATION_SERVICE, MOTION_SERVICE),
    can_blink=True,
    best_rate_hz=float(HIGHEST_HZ),
    limits=(
        "Its range is not told, and it sends no time of its own: "
        "for trying things out, not for landings."
    ),
)
