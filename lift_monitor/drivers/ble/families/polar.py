"""Polar H10 and Polar Verity Sense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, TypeAlias

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
)
from lift_monitor.drivers.formats import pmd
from lift_monitor.drivers.formats.pmd import ACC, GYR, SDK
from lift_monitor.drivers.formats.polar_pmd import CONTROL, DATA, NAME
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2

SERVICE: Final = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL_POINT: Final = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA_VALUE: Final = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

IN_STATE, BAD_MTU, WRONG_STATE, IN_CHARGER = 6, 10, 12, 13
"""Errors of the control point that the user can do something about."""
_ADVICE: Final = {
    IN_STATE: "is busy with another program; end that, then connect again.",
    BAD_MTU: "cannot send over this Bluetooth adapter, whose packets are too small; use another.",
    WRONG_STATE: "is not ready to measure; switch it off and on, then connect again.",
    IN_CHARGER: "sits in its charger; take it out, then connect again.",
}
SLOW_BELOW_HZ: Final = 100.0
"""Below it landings and peak velocity are marginal (design default)."""

Settings: TypeAlias = dict[int, tuple[float, ...]]
_NAMES: Final = {ACC: "acceleration", GYR: "rotation"}


class PolarDriver(FamilyDriver):
    """Speaks with both; :attr:`kinds` says what a sensor measures, in the order of starting.

    The gyroscope is started first, so that a recording tells of it before any acceleration.
    """

    kinds: ClassVar[tuple[int, ...]] = (ACC,)
    has_sdk_mode: ClassVar[bool] = False

    def __init__(self, link: Link, wish: Wish, emit: Emit) -> None:
        super().__init__(link, wish, emit)
        self._answers = Answers(link.name)
        self._asking = False
        self._chosen: dict[int, Settings] = {}
        self._in_sdk_mode = False

    async def configure(self) -> Setup:
        """Ask what the sensor can do and choose from it; it is set with the start."""
        await self.link.listen(CONTROL_POINT, self._take)
        await self._rest()  # an H10 left streaming refuses to be started
        offers = {kind: await self._offer(kind) for kind in self.kinds}
        if self.has_sdk_mode and self._best_rate(offers) < self.wish.rate_hz:
            reply = await self._ask(pmd.START, SDK)
            self._in_sdk_mode = reply.error == 0
            if self._in_sdk_mode:
                offers = {kind: await self._offer(kind) for kind in self.kinds}
        common = set.intersection(*(set(offer[pmd.RATE]) for offer in offers.values()))
        if not common:
            raise AnswerError(
                f"{self.link.name} offers no rate that its streams share; update its firmware."
            )
        rate_hz = nearest_rate(self.wish.rate_hz, tuple(common))
        wanted = {ACC: self.wish.acc_range_g, GYR: self.wish.gyr_range_dps}
        self._chosen = {
            kind: _choose(offer, rate_hz, wanted[kind]) for kind, offer in offers.items()
        }
        ranges = {kind: chosen.get(pmd.RANGE) for kind, chosen in self._chosen.items()}
        acc_g, gyr_dps = ranges.get(ACC), ranges.get(GYR)
        return Setup(
            serial=await read_text(self.link, SERIAL_NUMBER) or self.link.name.rpartition(" ")[2],
            model=await read_text(self.link, MODEL_NUMBER),
            firmware=await read_text(self.link, FIRMWARE_REVISION),
            rate_hz=rate_hz,
            acc_range_mps2=acc_g[0] * STANDARD_GRAVITY_MPS2 if acc_g else None,
            gyr_range_radps=gyr_dps[0] * RADPS_PER_DPS if gyr_dps else None,
            warnings=self._warnings(rate_hz, acc_g[0] if acc_g else None),
        )

    async def start(self) -> None:
        """Subscribe, then start each stream."""
        await self.link.listen(DATA_VALUE, lambda value: self.emit(DATA, value))
        for kind in self.kinds:
            parts = [pmd.setting_bytes(k, v) for k, v in self._chosen[kind].items()]
            reply = await self._ask(pmd.START, kind, b"".join(parts), keep=True)
            self._check(reply, f"to send its {_NAMES[kind]}")

    async def stop(self) -> None:
        """Stop the streams: an H10 left streaming stays on."""
        await self._rest()
        await self.link.unlisten(DATA_VALUE)
        await self.link.unlisten(CONTROL_POINT)

    async def _rest(self) -> None:
        """Stop whatever runs; that nothing ran is no error."""
        for kind in self.kinds:
            await self._ask(pmd.STOP, kind)
        if self._in_sdk_mode:
            await self._ask(pmd.STOP, SDK)
            self._in_sdk_mode = False

    async def _offer(self, kind: int) -> Settings:
        reply = await self._ask(pmd.SETTINGS, kind)
        self._check(reply, f"what {_NAMES[kind]} it measures")
        if not reply.settings.get(pmd.RATE):
            raise AnswerError(
                f"{self.link.name} does not say at which rates it measures {_NAMES[kind]}; "
                "update its firmware."
            )
        return reply.settings

    def _best_rate(self, offers: Mapping[int, Settings]) -> float:
        return min(max(offer[pmd.RATE]) for offer in offers.values())

    def _warnings(self, rate_hz: float, acc_g: float | None) -> tuple[str, ...]:
        name, warnings = self.link.name, []
        if GYR not in self.kinds:
            warnings.append(
                f"{name} has no gyroscope: use it for trunk lean and landings only, "
                "and trust these less."
            )
        if rate_hz < SLOW_BELOW_HZ:
            warnings.append(
                f"{name} sends {rate_hz:g} samples a second at the most: "
                "marginal for landings and peak velocity."
            )
        if acc_g is not None and acc_g < self.wish.acc_range_g:
            warnings.append(
                f"{name} measures up to {acc_g:g} g: harder knocks are cut off and marked so."
            )
        return tuple(warnings)

    def _take(self, value: bytes) -> None:
        if self._asking:
            self._answers.put(value)

    def _check(self, reply: pmd.Reply, what: str) -> None:
        if reply.error in _ADVICE:
            raise AnswerError(f"{self.link.name} {_ADVICE[reply.error]}")
        if reply.error:
            raise AnswerError(
                f"{self.link.name} refused {what} (error {reply.error}); update its firmware."
            )

    async def _ask(
        self, op: int, kind: int, settings: bytes = b"", *, keep: bool = False
    ) -> pmd.Reply:
        """Write a request and wait for its reply; ``keep`` it in the recording."""
        begins = bytes([pmd.REPLY, op, kind])
        self._asking = True
        try:
            await self.link.write(CONTROL_POINT, bytes([op, kind]) + settings)
            value = await self._answers.get(
                lambda value: value.startswith(begins) and len(value) >= 4, "its measurements"
            )
        finally:
            self._asking = False
        if keep:
            self.emit(CONTROL, value)
        return pmd.read_reply(value)


class VerityDriver(PolarDriver):
    """The Verity Sense; its SDK mode offers the higher rates."""

    kinds: ClassVar[tuple[int, ...]] = (GYR, ACC)
    has_sdk_mode: ClassVar[bool] = True


def _choose(offer: Settings, rate_hz: float, wanted_range: float) -> Settings:
    """Choose one value of each setting that was offered, in the order of the request."""
    chosen: Settings = {pmd.RATE: (rate_hz,)}
    if offer.get(pmd.RESOLUTION):
        chosen[pmd.RESOLUTION] = (max(offer[pmd.RESOLUTION]),)
    if offer.get(pmd.RANGE):
        chosen[pmd.RANGE] = (nearest_rate(wanted_range, offer[pmd.RANGE]),)
    if offer.get(pmd.CHANNELS):
        chosen[pmd.CHANNELS] = (max(offer[pmd.CHANNELS]),)
    return chosen


H10: Final = Family(
    key="polar-h10",
    title="Polar H10",
    format=NAME,
    control_channels=(CONTROL,),
    driver=PolarDriver,
    names=("polar h10",),
    has_gyro=False,
    best_rate_hz=200.0,
    limits=(
        "No gyroscope and 8 g at the most: for trunk lean and landings only, at lower trust. "
        "It wakes only while its strap is worn."
    ),
)
VERITY: Final = Family(
    key="polar-verity",
    title="Polar Verity Sense",
    format=NAME,
    control_channels=(CONTROL,),
    driver=VerityDriver,
    names=("polar sense", "polar verity"),
    best_rate_hz=104.0,
    limits=(
        "Older firmware sends 52 samples a second at the most, and up to 8 g: "
        "marginal for landings and peak velocity. It sends a few times a second only: "
        "the screen lags."
    ),
)
