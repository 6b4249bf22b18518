"""Boards of one's own with the open IMU format (``docs/open-imu-format.md``)."""

from __future__ import annotations

import contextlib
import math
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
    LinkError,
)
from lift_monitor.drivers.formats import open_imu
from lift_monitor.units import STANDARD_GRAVITY_MPS2

SERVICE: Final = "4f494d55-0001-4c69-8674-4d6f6e69746f"
DATA: Final = "4f494d55-0002-4c69-8674-4d6f6e69746f"
FACTS: Final = "4f494d55-0003-4c69-8674-4d6f6e69746f"
RATE: Final = "4f494d55-0004-4c69-8674-4d6f6e69746f"
SHOW: Final = "4f494d55-0005-4c69-8674-4d6f6e69746f"

FACTS_LAYOUT: Final = struct.Struct("<BBffffff")
"""Version, reserved, rate Hz, acc range m/s², gyr range rad/s, highest rate Hz, acc scale
m/s² per LSB, gyr scale rad/s per LSB."""
RATE_LAYOUT: Final = struct.Struct("<f")
SLOW_BELOW_HZ: Final = 100.0
"""Below it landings and peak velocity are marginal (design default)."""


class OpenImuDriver(FamilyDriver):
    """Speaks with a board."""

    async def configure(self) -> Setup:
        """Ask for the rate, then read what the board really does."""
        if self.link.has(RATE):
            # A board may refuse a rate; its facts then tell the one that it keeps.
            with contextlib.suppress(LinkError):
                await self.link.write(RATE, RATE_LAYOUT.pack(self.wish.rate_hz))
        value = await self.link.read(FACTS)
        if len(value) < FACTS_LAYOUT.size or value[0] != open_imu.VERSION:
            raise AnswerError(
                f"{self.link.name} speaks another version of the open IMU format; "
                "update its firmware or this program."
            )
        facts = FACTS_LAYOUT.unpack_from(value)
        rate_hz, acc_range, gyr_range = (_positive(fact) for fact in facts[2:5])
        return Setup(
            serial=await read_text(self.link, SERIAL_NUMBER),
            model=await read_text(self.link, MODEL_NUMBER),
            firmware=await read_text(self.link, FIRMWARE_REVISION),
            rate_hz=rate_hz,
            acc_range_mps2=acc_range,
            gyr_range_radps=gyr_range,
            warnings=self._warnings(rate_hz, acc_range),
        )

    def _warnings(self, rate_hz: float | None, acc_range_mps2: float | None) -> tuple[str, ...]:
        name, warnings = self.link.name, []
        if rate_hz is None:
            warnings.append(f"{name} does not tell its rate; look at the delivered one.")
        elif rate_hz < SLOW_BELOW_HZ:
            warnings.append(
                f"{name} sends {rate_hz:g} samples a second: "
                "marginal for landings and peak velocity."
            )
        if acc_range_mps2 is None:
            warnings.append(
                f"{name} does not tell how hard a knock it can measure; "
                "do not rely on it for landings or a dropped bar."
            )
        # A hundredth is what a range in whole m/s² may have been rounded by.
        elif acc_range_mps2 < 0.99 * self.wish.acc_range_g * STANDARD_GRAVITY_MPS2:
            warnings.append(
                f"{name} measures up to {acc_range_mps2 / STANDARD_GRAVITY_MPS2:.3g} g: "
                "harder knocks are cut off and marked so."
            )
        return tuple(warnings)

    async def start(self) -> None:
        """Subscribe: a board sends while somebody listens."""
        await self.link.listen(DATA, lambda value: self.emit(open_imu.CHANNEL, value))

    async def stop(self) -> None:
        """Unsubscribe."""
        await self.link.unlisten(DATA)

    async def blink(self) -> bool:
        """Let the board's light blink, if it has one."""
        if not self.link.has(SHOW):
            return False
        await self.link.write(SHOW, b"\x01")
        return True


def _positive(value: float) -> float | None:
    return value if math.isfinite(value) and value > 0 else None


FAMILY: Final = Family(
    key="open-imu",
    title="Open IMU board",
    format=open_imu.NAME,
    driver=OpenImuDriver,
    services=(SERVICE,),
    can_blink=True,
    best_rate_hz=200.0,
)
