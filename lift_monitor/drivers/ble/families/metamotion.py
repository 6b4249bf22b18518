"""MbientLab MetaMotion: MMS (BMI270) and MMR, MMRL (BMI160)."""

from __future__ import annotations

from typing import Final, NamedTuple

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
from lift_monitor.drivers.formats.metamotion import (
    ACC,
    ACC_RANGE_G,
    BMI160,
    BMI270,
    CONFIG,
    DATA,
    GYR,
    GYR_RANGE_DPS,
    INFO,
    NAME,
    READ,
    SET,
    is_samples,
)
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2

SERVICE: Final = "326a9000-85cb-9195-d9dd-464cfbbae75a"
COMMAND: Final = "326a9001-85cb-9195-d9dd-464cfbbae75a"
NOTIFY: Final = "326a9006-85cb-9195-d9dd-464cfbbae75a"

RATE_CODES: Final = {50.0: 0x07, 100.0: 0x08, 200.0: 0x09}
"""Low four bits of the first configuration byte of both chips."""
SETTINGS: Final = 0x11
ASK_BATTERY: Final = bytes([SETTINGS, 0xCC])
BATTERY_ANSWER: Final = bytes([SETTINGS, 0x8C])
FAST_CONNECTION: Final = bytes.fromhex("11 09 06 00 06 00 00 00 58 02")
"""7.5 ms between connection events, no latency, 6 s timeout: needed above 100 Hz."""
FAST_ABOVE_HZ: Final = 100.0
_MODELS: Final = {"5": "MetaMotion R", "8": "MetaMotion S"}


class Chip(NamedTuple):
    """What differs between the boards."""

    gyr_implementation: int
    acc_rate_base: int
    acc_packed: int
    gyr_packed: int


CHIPS: Final = {BMI160: Chip(0, 0x20, 0x1C, 0x07), BMI270: Chip(1, 0xA0, 0x05, 0x05)}
GYR_RATE_BASE: Final = 0x20
_REST: Final = tuple(bytes.fromhex(h) for h in ("030100", "130100", "03020001", "13020001"))


class MetaMotionDriver(FamilyDriver):
    """Speaks with a board."""

    def __init__(self, link: Link, wish: Wish, emit: Emit) -> None:
        super().__init__(link, wish, emit)
        self._answers = Answers(link.name)
        self._asking = False
        self._listening = False
        self._chip = CHIPS[BMI270]

    async def configure(self) -> Setup:
        """Find the chips, set rate and ranges, read them back."""
        await self._listen()
        await self._rest()  # a board that lost its link goes on sampling
        acc_info = await self._ask(bytes([ACC, INFO]), "its accelerometer")
        gyr_info = await self._ask(bytes([GYR, INFO]), "its gyroscope")
        chip = CHIPS.get(acc_info[2]) if len(acc_info) > 2 else None
        if chip is None or len(gyr_info) < 3 or gyr_info[2] != chip.gyr_implementation:
            raise AnswerError(
                f"{self.link.name} has other motion chips than a MetaMotion S, R or RL; "
                "use one of these."
            )
        self._chip, acc_ranges = chip, ACC_RANGE_G[acc_info[2]]
        rate_hz = nearest_rate(self.wish.rate_hz, tuple(RATE_CODES))
        if rate_hz > FAST_ABOVE_HZ:
            await self._tell(FAST_CONNECTION)
        acc_code = _range_code(acc_ranges, self.wish.acc_range_g)
        gyr_code = _range_code(GYR_RANGE_DPS, self.wish.gyr_range_dps)
        code = RATE_CODES[rate_hz]
        acc_set = bytes([ACC, SET, chip.acc_rate_base | code, acc_code])
        gyr_set = bytes([GYR, SET, GYR_RATE_BASE | code, gyr_code])
        acc, acc_told = await self._set(acc_set, acc_ranges)
        gyr, gyr_told = await self._set(gyr_set, GYR_RANGE_DPS)
        for value in (acc_info, gyr_info, acc, gyr):
            self.emit(CONFIG, value)
        rates = {number: hz for hz, number in RATE_CODES.items()}
        delivered_hz = rates.get(acc[2] & 0x0F)
        warnings = []
        if not (acc_told and gyr_told):
            warnings.append(
                f"{self.link.name} does not confirm its rate and ranges; "
                "lay it still and check that it reads 1 g before the first set."
            )
        if delivered_hz != rate_hz or gyr[2] & 0x0F != acc[2] & 0x0F:
            delivered_hz = None
            warnings.append(
                f"{self.link.name} did not take the rate of {rate_hz:g} Hz; "
                "look at the delivered rate before the first set."
            )
        model = await read_text(self.link, MODEL_NUMBER)
        return Setup(
            serial=await read_text(self.link, SERIAL_NUMBER),
            model=_MODELS.get(model, model),
            firmware=await read_text(self.link, FIRMWARE_REVISION),
            rate_hz=delivered_hz,
            acc_range_mps2=acc_ranges[acc[3]] * STANDARD_GRAVITY_MPS2,
            gyr_range_radps=GYR_RANGE_DPS[gyr[3]] * RADPS_PER_DPS,
            warnings=tuple(warnings),
        )

    async def start(self) -> None:
        """Subscribe to both packed streams, then switch both chips on."""
        await self._listen()
        for command in (
            bytes([ACC, self._chip.acc_packed, 1]),
            bytes([GYR, self._chip.gyr_packed, 1]),
            bytes([ACC, 0x02, 1, 0]),
            bytes([GYR, 0x02, 1, 0]),
            bytes([ACC, 0x01, 1]),
            bytes([GYR, 0x01, 1]),
        ):
            await self._tell(command)

    async def stop(self) -> None:
        """Switch both chips off, and the streams."""
        await self._rest()
        await self._tell(bytes([ACC, self._chip.acc_packed, 0]))
        await self._tell(bytes([GYR, self._chip.gyr_packed, 0]))
        await self.link.unlisten(NOTIFY)
        self._listening = False

    async def battery_pct(self) -> float | None:
        """Ask the board for its charge."""
        heard = self._listening
        await self._listen()
        value = await self._ask(ASK_BATTERY, "its battery", BATTERY_ANSWER)
        if not heard:
            await self.link.unlisten(NOTIFY)
            self._listening = False
        return float(min(value[2], 100)) if len(value) > 2 else None

    async def _listen(self) -> None:
        if not self._listening:
            await self.link.listen(NOTIFY, self._take)
            self._listening = True

    def _take(self, value: bytes) -> None:
        if is_samples(value):
            self.emit(DATA, value)
        elif self._asking:
            self._answers.put(value)

    async def _tell(self, command: bytes) -> None:
        await self.link.write(COMMAND, command, response=False)

    async def _rest(self) -> None:
        for command in _REST:
            await self._tell(command)

    async def _ask(self, question: bytes, what: str, answer: bytes | None = None) -> bytes:
        """Ask and wait for the value that begins with ``answer`` (else like the question)."""
        begins = answer or question
        self._asking = True
        try:
            await self._tell(question)
            return await self._answers.get(lambda value: value.startswith(begins), what)
        finally:
            self._asking = False

    async def _set(self, command: bytes, ranges: dict[int, float]) -> tuple[bytes, bool]:
        """Configure a chip; return what it then says, or the command if it says nothing."""
        await self._tell(command)
        try:
            value = await self._ask(bytes([command[0], READ]), "its settings")
        except AnswerError:
            return command, False
        return (value, True) if len(value) >= 4 and value[3] in ranges else (command, False)


def _range_code(ranges: dict[int, float], wanted: float) -> int:
    """Code of the narrowest range that holds the wish, else of the widest."""
    enough = {code: span for code, span in ranges.items() if span >= wanted} or {
        code: span for code, span in ranges.items() if span == max(ranges.values())
    }
    return min(enough, key=lambda code: enough[code])


FAMILY: Final = Family(
    key="metamotion",
    title="MbientLab MetaMotion",
    format=NAME,
    control_channels=(CONFIG,),
    driver=MetaMotionDriver,
    names=("metawear", "metamotion"),
    services=(SERVICE,),
    best_rate_hz=200.0,
    limits=(
        "It sends no time of its own: its samples are timed by their count, "
        "less exactly than those of a sensor with a clock."
    ),
)
