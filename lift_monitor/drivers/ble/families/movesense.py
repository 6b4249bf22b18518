"""Movesense with the GATT sensor data protocol."""

from __future__ import annotations

import contextlib
import struct
from typing import Final

from lift_monitor.drivers.ble.family import (
    Answers,
    Emit,
    Family,
    FamilyDriver,
    Setup,
    Wish,
    nearest_rate,
    read_text,
)
from lift_monitor.drivers.ble.link import (
    FIRMWARE_REVISION,
    MODEL_NUMBER,
    SERIAL_NUMBER,
    AnswerError,
    Link,
    MissingCharacteristicError,
)
from lift_monitor.drivers.formats import movesense

SERVICE: Final = "34802252-7185-4d5d-b431-630e7050e8f0"
COMMAND: Final = "34800001-7185-4d5d-b431-630e7050e8f0"
NOTIFY: Final = "34800002-7185-4d5d-b431-630e7050e8f0"

HELLO: Final = 0
SUBSCRIBE: Final = 1
UNSUBSCRIBE: Final = 2
REF: Final = 0x63
RATES_HZ: Final = (13.0, 26.0, 52.0, 104.0, 208.0)
"""Those of which one sensor's notifications pass a shared radio; the sensor knows more."""
NAME_BEGINS: Final = "Movesense"

_HIGHEST_STATUS = 599
_FIRST_REFUSAL = 400
_NO_ROOM = 507
_RANGES: Final = (
    "{who} does not tell its ranges, so clipped peaks, as of a hard landing, cannot be seen."
)


class MovesenseDriver(FamilyDriver):
    """Speaks with a Movesense."""

    def __init__(self, link: Link, wish: Wish, emit: Emit) -> None:
        super().__init__(link, wish, emit)
        self._rate_hz = nearest_rate(wish.rate_hz, RATES_HZ)
        self._answers = Answers(link.name)
        self._listening = False
        """Whether the first data would do as an answer."""

    async def configure(self) -> Setup:
        """Read who it is; rate is part of the subscription, ranges are the firmware's."""
        if not (self.link.has(COMMAND) and self.link.has(NOTIFY)):
            raise MissingCharacteristicError(
                f"{self.link.name} does not offer its measurements; update its firmware with "
                "the Movesense Showcase app."
            )
        serial = await read_text(self.link, SERIAL_NUMBER)
        return Setup(
            serial=serial or self.link.name.removeprefix(NAME_BEGINS).strip(),
            model=await read_text(self.link, MODEL_NUMBER),
            firmware=await read_text(self.link, FIRMWARE_REVISION),
            rate_hz=self._rate_hz,
            warnings=(_RANGES.format(who=self.link.name),),
        )

    async def start(self) -> None:
        """Listen, then subscribe; the sensor's answer is awaited, but old firmware gives none."""
        await self.link.listen(NOTIFY, self._take)
        status = await self._subscribe()
        if status >= _FIRST_REFUSAL:
            # A subscription of before may still stand when a link is made anew at once.
            await self.link.write(COMMAND, bytes([UNSUBSCRIBE, REF]))
            with contextlib.suppress(AnswerError):
                await self._answers.get(lambda _: True, "the end of an old subscription")
            status = await self._subscribe()
        if status >= _FIRST_REFUSAL:
            why = "it serves too many streams already" if status == _NO_ROOM else f"code {status}"
            raise AnswerError(
                f"{self.link.name} refused to send its measurements ({why}); "
                "close other apps that use it, or take its battery out and put it in again."
            )

    async def stop(self) -> None:
        """Unsubscribe on the sensor, then here."""
        await self.link.write(COMMAND, bytes([UNSUBSCRIBE, REF]))
        await self.link.unlisten(NOTIFY)

    async def _subscribe(self) -> int:
        """Ask for the stream; the status of the answer, 0 if data or nothing came instead."""
        self._listening = True
        path = f"/Meas/IMU6/{self._rate_hz:.0f}"
        await self.link.write(COMMAND, bytes([SUBSCRIBE, REF]) + path.encode("ascii"))
        try:
            answer = await self._answers.get(lambda _: True, "its measurements")
        except AnswerError:
            return 0  # the session sees it if the sensor stays silent
        finally:
            self._listening = False
        return status_of(answer)

    def _take(self, value: bytes) -> None:
        if len(value) < 2 or value[1] != REF:
            return
        if value[0] == movesense.RESPONSE:
            self._answers.put(value)
            return
        if self._listening:
            self._listening = False
            self._answers.put(value)
        self.emit(movesense.IMU6, value)


def status_of(answer: bytes) -> int:
    """Read the status of a response; 0 if it is none. Old firmware sends it big-endian."""
    if len(answer) != 4 or answer[0] != movesense.RESPONSE:
        return 0
    (status,) = struct.unpack_from("<H", answer, 2)
    return int(status) if status <= _HIGHEST_STATUS else int.from_bytes(answer[2:4], "big")


FAMILY: Final = Family(
    key="movesense",
    title="Movesense",
    format=movesense.NAME,
    driver=MovesenseDriver,
    names=(NAME_BEGINS.lower(),),
    services=(SERVICE,),
    best_rate_hz=208.0,
    limits="It does not tell its ranges, so clipped peaks of hard landings cannot be seen.",
)
