"""Movella DOT, formerly Xsens DOT.

The sensor computes at 800 Hz and sends 60 samples a second at most.  Rate quantities are
asked for: what a lift is computed from, in the smallest payload that holds it.
"""

from __future__ import annotations

import struct
from typing import ClassVar, Final

from lift_monitor.drivers.ble.family import (
    Family,
    FamilyDriver,
    Setup,
    nearest_rate,
)
from lift_monitor.drivers.ble.link import AnswerError
from lift_monitor.drivers.formats import movella_dot
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2


def _uuid(number: int) -> str:
    return f"1517{number:04x}-4947-11e9-8646-d663bd873d93"


CONFIG_SERVICE: Final = _uuid(0x1000)
DEVICE_INFO: Final = _uuid(0x1001)
DEVICE_CONTROL: Final = _uuid(0x1002)
DEVICE_REPORT: Final = _uuid(0x1004)
MEASUREMENT_SERVICE: Final = _uuid(0x2000)
MEASUREMENT_CONTROL: Final = _uuid(0x2001)
LONG_PAYLOAD: Final = _uuid(0x2002)
MEDIUM_PAYLOAD: Final = _uuid(0x2003)
SHORT_PAYLOAD: Final = _uuid(0x2004)
BATTERY_SERVICE: Final = _uuid(0x3000)
BATTERY: Final = _uuid(0x3001)

COMPANY_ID: Final = 0x0886
NAMES: Final = ("movella dot", "xsens dot")

INFO_LAYOUT: Final = struct.Struct("<6s3B7sIQ6s")
"""MAC, firmware version, build date, softdevice, serial, product code."""
CONTROL_BYTES: Final = 32
VISIT_IDENTIFY: Final = 1 << 0
VISIT_RATE: Final = 1 << 4
RATE_AT: Final = 24
RATES_HZ: Final = (1.0, 4.0, 10.0, 12.0, 15.0, 20.0, 30.0, 60.0)
MODE: Final = 21
ACC_RANGE_G: Final = 16.0
GYR_RANGE_DPS: Final = 2000.0

_MODELS: Final = {"XS-T01": "DOT v1", "XS-T02": "DOT v2"}
_SLOW: Final = (
    "{who} sends 60 samples a second at most, which is marginal for landings and for peak "
    "velocity; take a sensor with 100 Hz or more for those."
)
_RANGES: Final = (
    "{who} does not tell its ranges; ±16 g and ±2000 deg/s are taken from its data sheet, "
    "and what lies beyond them counts as clipped."
)


class MovellaDotDriver(FamilyDriver):
    """Speaks with a DOT."""

    battery: ClassVar[str] = BATTERY

    async def configure(self) -> Setup:
        """Set the rate, which the sensor takes only at rest, and read it back."""
        serial, model, firmware = _facts(await self.link.read(DEVICE_INFO))
        # A sensor that a crashed program left measuring would keep its old rate.
        await self.link.write(MEASUREMENT_CONTROL, bytes([1, 0, MODE]))
        rate_hz = nearest_rate(self.wish.rate_hz, RATES_HZ)
        control = await self._control()
        control[0] = VISIT_RATE
        control[RATE_AT : RATE_AT + 2] = struct.pack("<H", round(rate_hz))
        await self.link.write(DEVICE_CONTROL, bytes(control))
        (told_hz,) = struct.unpack_from("<H", await self._control(), RATE_AT)
        who = self.link.name
        warnings = [_SLOW.format(who=who), _RANGES.format(who=who)]
        if told_hz != round(rate_hz):
            warnings.insert(0, f"{who} was asked for {rate_hz:g} Hz and keeps to {told_hz} Hz.")
        return Setup(
            serial=serial,
            model=model,
            firmware=firmware,
            rate_hz=float(told_hz) or None,
            acc_range_mps2=ACC_RANGE_G * STANDARD_GRAVITY_MPS2,
            gyr_range_radps=GYR_RANGE_DPS * RADPS_PER_DPS,
            warnings=tuple(warnings),
        )

    async def start(self) -> None:
        """Subscribe, start, and see that the sensor measures."""
        name = movella_dot.channel(MODE)
        await self.link.listen(MEDIUM_PAYLOAD, lambda value: self.emit(name, value))
        await self.link.write(MEASUREMENT_CONTROL, bytes([1, 1, MODE]))
        state = await self.link.read(MEASUREMENT_CONTROL)
        if state[1:3] != bytes([1, MODE]):
            raise AnswerError(
                f"{self.link.name} did not start to measure; take it off its charger, "
                "end any recording on the sensor itself, then connect again."
            )

    async def stop(self) -> None:
        """Stop, then unsubscribe."""
        await self.link.write(MEASUREMENT_CONTROL, bytes([1, 0, MODE]))
        await self.link.unlisten(MEDIUM_PAYLOAD)

    async def blink(self) -> bool:
        """Let the sensor's light blink."""
        control = await self._control()
        control[0] = VISIT_IDENTIFY
        control[1] = 1
        await self.link.write(DEVICE_CONTROL, bytes(control))
        return True

    async def _control(self) -> bytearray:
        value = await self.link.read(DEVICE_CONTROL)
        if len(value) != CONTROL_BYTES:
            raise AnswerError(
                f"{self.link.name} describes its settings in another way than a Movella DOT; "
                "update its firmware with the vendor's app."
            )
        return bytearray(value)


def _facts(value: bytes) -> tuple[str, str, str]:
    """Read serial, model and firmware; what is missing stays empty."""
    if len(value) < INFO_LAYOUT.size:
        return "", "", ""
    _, major, minor, patch, _, _, serial, product = INFO_LAYOUT.unpack_from(value)
    code = product.decode("ascii", "ignore").strip("\0 ")
    return f"{serial:012X}", _MODELS.get(code, code), f"{major}.{minor}.{patch}"


FAMILY: Final = Family(
    key="movella-dot",
    title="Movella DOT",
    format=movella_dot.NAME,
    driver=MovellaDotDriver,
    names=NAMES,
    company_id=COMPANY_ID,
    can_blink=True,
    best_rate_hz=60.0,
    limits="60 Hz is the most that it sends: marginal for landings and peak velocity.",
)
