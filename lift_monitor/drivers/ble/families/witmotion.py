"""WitMotion sensors with Bluetooth 5: WT901BLECL, WT9011DCL, BWT901BLE5.0.

They always send while somebody listens, and there is no way to stop them.  What is set is
not saved in the sensor: it is set at every connection, and its flash wears out by writing.
"""

from __future__ import annotations

import asyncio
from typing import Final

import numpy as np

from lift_monitor.drivers.ble.family import (
    Answers,
    Emit,
    Family,
    FamilyDriver,
    Setup,
    Wish,
    nearest_rate,
)
from lift_monitor.drivers.ble.link import (
    AnswerError,
    Link,
    LinkError,
    MissingCharacteristicError,
)
from lift_monitor.drivers.formats import witmotion


def _uuid(number: int) -> str:
    """The vendor's own tail: it is not the Bluetooth SIG's, which ends in 9b34fb."""
    return f"0000{number:04x}-0000-1000-8000-00805f9a34fb"


SERVICE: Final = _uuid(0xFFE5)
NOTIFY: Final = _uuid(0xFFE4)
WRITE: Final = _uuid(0xFFE9)
NAMES: Final = ("wt901ble", "wt9011", "bwt901ble")

UNLOCK: Final = bytes.fromhex("ffaa6988b5")
RATE, VERSION, BATTERY = 0x03, 0x2E, 0x64
"""Registers."""
RATE_CODES: Final = {
    10.0: (0x06,),
    20.0: (0x07,),
    50.0: (0x08,),
    100.0: (0x09,),
    200.0: (0x0B, 0x0A),
}
"""Codes by rate in Hz; for 200 Hz the sources differ, so both are tried and measured."""
_SURE_HZ: Final = 100.0
"""Up to here a code that was read back is believed without measuring."""

_BETWEEN_S: Final = 0.1
"""The sensor wants so long between two commands."""
_MEASURE_S: Final = 1.0
_TOLERANCE: Final = 0.25
"""Share by which a measured rate may miss (design default: the rates are 2 apart)."""
_BATTERY_V: Final = np.array(
    [3.39, 3.40, 3.50, 3.68, 3.70, 3.73, 3.77, 3.79, 3.82, 3.87, 3.93, 3.97]
)
_BATTERY_PCT: Final = np.array(
    [0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 75.0, 90.0, 100.0]
)

_NO_CLOCK: Final = (
    "{who} sends neither time nor count: samples that the radio loses are not seen one by one, "
    "and its times are known to about 15 ms only."
)


class WitMotionDriver(FamilyDriver):
    """Speaks with a WitMotion sensor."""

    def __init__(self, link: Link, wish: Wish, emit: Emit) -> None:
        super().__init__(link, wish, emit)
        self._frames = witmotion.FrameStream()
        self._answers: Answers | None = None
        self._counted = 0
        self._streaming = False
        self._with_response = True

    async def configure(self) -> Setup:
        """Listen, set the rate, read it back, and measure it where that is not enough."""
        if not (self.link.has(NOTIFY) and self.link.has(WRITE)):
            raise MissingCharacteristicError(
                f"{self.link.name} is not a WitMotion sensor with Bluetooth 5; older models "
                "cannot be used."
            )
        await self.link.listen(NOTIFY, self._take)
        rate_hz, trouble = await self._set_rate()
        version = await self._register(VERSION)
        warnings = (trouble, _NO_CLOCK.format(who=self.link.name))
        return Setup(
            firmware="" if version is None else str(version),
            rate_hz=rate_hz,
            acc_range_mps2=witmotion.ACC_RANGE_MPS2,
            gyr_range_radps=witmotion.GYR_RANGE_RADPS,
            warnings=tuple(text for text in warnings if text),
        )

    async def start(self) -> None:
        """Hand on what the sensor sends anyway."""
        self._streaming = True

    async def stop(self) -> None:
        """Listen no more; what comes until then still counts."""
        await self.link.unlisten(NOTIFY)
        self._streaming = False

    async def battery_pct(self) -> float | None:
        """Ask for the voltage; the charge between the vendor's steps is a straight line."""
        centivolts = await self._register(BATTERY)
        if centivolts is None:
            return None
        return float(np.interp(centivolts / 100, _BATTERY_V, _BATTERY_PCT))

    async def _set_rate(self) -> tuple[float | None, str]:
        """Set the rate; what the sensor sends then, and what is to be said about it."""
        who = self.link.name
        wanted_hz = nearest_rate(self.wish.rate_hz, tuple(RATE_CODES))
        found_hz = await self._try_rate(wanted_hz)
        if found_hz != wanted_hz and wanted_hz > _SURE_HZ:
            found_hz = await self._try_rate(_SURE_HZ)
        if found_hz is None:
            return None, f"{who} did not confirm its rate; it is measured while the sensor sends."
        if found_hz != wanted_hz:
            return found_hz, f"{who} was asked for {wanted_hz:g} Hz and sends {found_hz:g} Hz."
        return found_hz, ""

    async def _try_rate(self, wanted_hz: float) -> float | None:
        """Write each code of a rate until the sensor does it; the rate that it does."""
        found_hz = None
        for code in RATE_CODES[wanted_hz]:
            await self._command(UNLOCK)
            await self._command(bytes([0xFF, 0xAA, RATE, code, 0]))
            told = await self._register(RATE)
            if wanted_hz <= _SURE_HZ and told is not None:
                known = (rate_hz for rate_hz, codes in RATE_CODES.items() if told in codes)
                found_hz = next(known, None)
            if found_hz is None or wanted_hz > _SURE_HZ:
                found_hz = await self._measured_rate()
            if found_hz == wanted_hz:
                break
        return found_hz

    async def _measured_rate(self) -> float | None:
        """Count what comes for a second; the known rate that it is near, or ``None``."""
        before = self._counted
        await self._wait(_MEASURE_S)
        measured_hz = (self._counted - before) / _MEASURE_S
        near = min(RATE_CODES, key=lambda rate_hz: abs(rate_hz - measured_hz))
        return near if abs(near - measured_hz) <= _TOLERANCE * near else None

    async def _register(self, number: int) -> int | None:
        """Ask for a register; ``None`` if the sensor keeps silent."""
        answers = self._answers = Answers(self.link.name)

        def accepts(frame: bytes) -> bool:
            reply = witmotion.decode_reply(frame)
            return reply is not None and reply[0] == number

        try:
            await self._command(bytes([0xFF, 0xAA, 0x27, number, 0]))
            reply = witmotion.decode_reply(await answers.get(accepts, "its settings"))
        except AnswerError:
            return None
        finally:
            self._answers = None
        return None if reply is None else reply[1][0]

    async def _command(self, data: bytes) -> None:
        try:
            await self.link.write(WRITE, data, response=self._with_response)
        except LinkError:
            if not self._with_response:
                raise
            # Which of the two kinds of writing it takes differs between models.
            await self.link.write(WRITE, data, response=False)
            self._with_response = False
        await self._wait(_BETWEEN_S)

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def _take(self, value: bytes) -> None:
        for frame in self._frames.push(value):
            if witmotion.decode_reply(frame) is None:
                self._counted += 1
            elif self._answers is not None:
                self._answers.put(frame)
        if self._streaming:
            self.emit(witmotion.CHANNEL, value)


def centivolts(battery_pct: float) -> int:
    """The register of a battery's voltage at a charge: the inverse of the vendor's table."""
    return round(100 * float(np.interp(battery_pct, _BATTERY_PCT, _BATTERY_V)))


FAMILY: Final = Family(
    key="witmotion",
    title="WitMotion",
    format=witmotion.NAME,
    driver=WitMotionDriver,
    names=NAMES,
    services=(SERVICE,),
    best_rate_hz=200.0,
    limits="It sends neither time nor count: lost samples are not seen one by one.",
)
