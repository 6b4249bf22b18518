"""What every sensor family offers: to be recognised, set up, started, stopped, blinked.

A :class:`Family` is data and a factory; a :class:`FamilyDriver` lives as long as one
connection and is made anew after each reconnect.  Neither knows bleak, a clock or a
thread.  The driver hands on values exactly as they came: what must be known to decode them
(an answer that carries a scale) is handed on in the same way, before the data, so that a
recording can be read without the sensor.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeAlias

from lift_monitor.drivers.ble.link import BATTERY_LEVEL, AnswerError, Link, LinkError

Emit: TypeAlias = Callable[[str, bytes], None]
"""Takes a channel of the family's format (``Packet.channel``) and the value as it came."""

ANSWER_S: Final = 2.0
"""Longest wait for an answer of a sensor (design default; BLE intervals are below 0.1 s)."""


@dataclass(frozen=True, slots=True)
class Advertisement:
    """What a sensor tells of itself before any connection. UUIDs in lower case."""

    address: str
    name: str
    service_uuids: tuple[str, ...] = ()
    manufacturer_data: Mapping[int, bytes] = field(default_factory=dict)
    rssi_dbm: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What the session would like; the family takes the nearest that really is delivered."""

    rate_hz: float = 100.0
    acc_range_g: float = 16.0
    gyr_range_dps: float = 2000.0


@dataclass(frozen=True, slots=True)
class Setup:
    """What the sensor said it is and will send; ``None`` where it does not say.

    ``warnings`` are whole sentences for the user: what this sensor cannot do.
    """

    serial: str = ""
    model: str = ""
    firmware: str = ""
    rate_hz: float | None = None
    acc_range_mps2: float | None = None
    gyr_range_radps: float | None = None
    warnings: tuple[str, ...] = ()


class FamilyDriver(ABC):
    """Speaks with one connected sensor.

    Call :meth:`configure`, then :meth:`start`; before letting go of a connection that still
    stands call :meth:`stop`. After a loss of the link none of them need be called.

    Parameters
    ----------
    link : Link
    wish : Wish
    emit : callable
        Given every value that belongs into the recording.
    """

    battery: ClassVar[str] = BATTERY_LEVEL
    """Characteristic whose first byte is the charge in percent."""

    def __init__(self, link: Link, wish: Wish, emit: Emit) -> None:
        self.link = link
        self.wish = wish
        self.emit = emit

    @abstractmethod
    async def configure(self) -> Setup:
        """Read who the sensor is, set rate and ranges, read them back.

        Raises
        ------
        LinkError
            If the sensor is of another kind or refuses.
        """

    @abstractmethod
    async def start(self) -> None:
        """Subscribe and let the sensor send (errors as :meth:`configure`)."""

    @abstractmethod
    async def stop(self) -> None:
        """Let the sensor rest again, so that its battery lives (errors as :meth:`configure`)."""

    async def battery_pct(self) -> float | None:
        """Read the charge in percent; ``None`` if the sensor does not tell."""
        if not self.link.has(self.battery):
            return None
        value = await self.link.read(self.battery)
        return float(min(value[0], 100)) if value else None

    async def blink(self) -> bool:
        """Let the sensor show itself (light or buzz); ``False`` if it cannot."""
        return False


@dataclass(frozen=True, slots=True)
class Family:
    """One family of sensors.

    Attributes
    ----------
    key : str
        Short name for settings and the command line, e.g. ``"movella-dot"``.
    title : str
        Name for the user, e.g. ``"Movella DOT"``.
    format : str
        Name of its codec in :mod:`lift_monitor.drivers.formats`.
    driver : callable
        Makes the driver of a connection.
    names : tuple of str
        Beginnings of the names that its sensors advertise, in lower case.
    services : tuple of str
        Services that no other sensor advertises, in lower case.
    company_id : int or None
        Company of manufacturer data that no other sensor advertises.
    can_blink, has_gyro : bool
    best_rate_hz : float
        The most that it delivers live.
    limits : str
        One or two sentences for the user: what not to use it for. Empty if nothing.
    control_channels : tuple of str
        Channels of answers that decoding needs. A recording that begins while the sensor
        already streams gets the last answers first.
    """

    key: str
    title: str
    format: str
    driver: Callable[[Link, Wish, Emit], FamilyDriver]
    names: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    company_id: int | None = None
    can_blink: bool = False
    has_gyro: bool = True
    best_rate_hz: float = 100.0
    limits: str = ""
    control_channels: tuple[str, ...] = ()

    def recognises(self, seen: Advertisement) -> bool:
        """Whether an advertisement is of this family."""
        return (
            seen.name.lower().startswith(self.names)
            or not set(self.services).isdisjoint(seen.service_uuids)
            or self.company_id in seen.manufacturer_data
        )


class Answers:
    """Waits for answers that come as notifications.

    Give :meth:`put` to :meth:`Link.listen` (or call it with what belongs to a dialogue),
    ask, then :meth:`get` the first value that is accepted.
    """

    wait_s: ClassVar[float] = ANSWER_S

    def __init__(self, who: str) -> None:
        self._who = who
        self._values: asyncio.Queue[bytes] = asyncio.Queue()

    def put(self, value: bytes) -> None:
        """Take a value that came."""
        self._values.put_nowait(value)

    async def get(self, accepts: Callable[[bytes], bool], what: str) -> bytes:
        """Return the first accepted value; others before it are dropped.

        Raises
        ------
        AnswerError
            If none comes in time.
        """
        try:
            async with asyncio.timeout(self.wait_s):
                while True:
                    value = await self._values.get()
                    if accepts(value):
                        return value
        except TimeoutError:
            raise AnswerError(
                f"{self._who} did not answer when asked for {what}; "
                "switch the sensor off and on, then connect again."
            ) from None


def nearest_rate(wanted_hz: float, offered_hz: tuple[float, ...]) -> float:
    """Choose the lowest rate that reaches the wish, else the highest there is."""
    enough = [rate for rate in offered_hz if rate >= wanted_hz]
    return min(enough) if enough else max(offered_hz)


def text_of(value: bytes) -> str:
    """Read a string characteristic; NULs and what is no UTF-8 are dropped."""
    return value.decode("utf-8", "ignore").replace("\x00", "").strip()


async def read_text(link: Link, characteristic: str) -> str:
    """Read a string that a sensor may have or not; empty if it has not."""
    if not link.has(characteristic):
        return ""
    try:
        return text_of(await link.read(characteristic))
    except LinkError:
        return ""
