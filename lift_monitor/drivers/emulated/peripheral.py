"""A sensor as its radio shows it: characteristics, answers, and what it sends by itself.

A peripheral is pure and driven by time: it owns no thread, no socket and no clock.  Whoever
carries it (a private D-Bus, an emulated radio, memory) says what time it is, passes on what
the other side reads and writes, and sends what :meth:`Peripheral.due` gives.
"""

from __future__ import annotations

import enum
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

import numpy as np

from lift_monitor.drivers.ble import link as gatt
from lift_monitor.drivers.ble.family import Advertisement
from lift_monitor.drivers.emulated.motion import Motion
from lift_monitor.units import FloatArray


class Can(enum.Flag):
    """What a characteristic allows."""

    READ = enum.auto()
    WRITE = enum.auto()
    WRITE_NO_RESPONSE = enum.auto()
    NOTIFY = enum.auto()
    INDICATE = enum.auto()


class Characteristic(NamedTuple):
    """A characteristic; the UUID is whole and in lower case."""

    uuid: str
    can: Can


class Service(NamedTuple):
    """A service with its characteristics."""

    uuid: str
    characteristics: tuple[Characteristic, ...]


class Outgoing(NamedTuple):
    """A notification or indication on its way out."""

    uuid: str
    payload: bytes


class RefusedError(Exception):
    """The sensor answers a read or write with an ATT error.

    Attributes
    ----------
    code : int
        ATT error code, e.g. 0x03 write not permitted.
    """

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(text or f"ATT error 0x{code:02x}")
        self.code = code


NOT_READABLE: Final = 0x02
NOT_WRITABLE: Final = 0x03
NOT_FOUND: Final = 0x0A
BAD_LENGTH: Final = 0x0D

LONGEST_BYTES: Final = 244
"""Longest notification or write without response: ATT MTU 247 less its header."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an emulated sensor is."""

    address: str
    name: str
    serial: str
    battery_pct: float = 87.0
    rssi_dbm: int = -58


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """The sensor's own clock: it shows ``start_s`` at power-up and runs at ``1 + error``."""

    start_s: float = 0.0
    error: float = 0.0

    def shows(self, true_s: float) -> float:
        """What the clock shows at a true time since power-up."""
        return self.start_s + true_s * (1.0 + self.error)

    def true(self, shown_s: FloatArray) -> FloatArray:
        """Inverse of :meth:`shows`."""
        return np.asarray((shown_s - self.start_s) / (1.0 + self.error), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """Samples that a sensor took; ``first`` counts from the start of the stream."""

    first: int
    true_s: FloatArray
    clock_s: FloatArray
    acc_mps2: FloatArray
    gyr_radps: FloatArray

    def __len__(self) -> int:
        return int(self.true_s.shape[0])


class Sampler:
    """Takes samples of a motion at a rate of the sensor's own clock."""

    def __init__(self, motion: Motion, clock: DeviceClock, rate_hz: float, now_s: float) -> None:
        self._motion, self._clock, self._rate_hz = motion, clock, rate_hz
        self._start_s = clock.shows(now_s)
        self._next = 0

    def take(self, now_s: float) -> Taken:
        """Take every sample whose time has come since the last call."""
        elapsed_s = self._clock.shows(now_s) - self._start_s
        # Float noise at an exact instant must not make a sample late by a whole call.
        last = math.floor(elapsed_s * self._rate_hz + 1e-6)
        numbers = np.arange(self._next, max(last + 1, self._next))
        first, self._next = self._next, max(last + 1, self._next)
        clock_s = self._start_s + numbers / self._rate_hz
        true_s = self._clock.true(clock_s)
        acc, gyr = self._motion.at(true_s)
        return Taken(first, true_s, clock_s, acc, gyr)


class Peripheral(ABC):
    """Base of all emulated sensors.

    Subclasses give :attr:`own_services`, react to :meth:`on_write` and
    :meth:`on_subscribe`, answer :meth:`on_read`, queue answers with :meth:`send` and hand out
    their streams in :meth:`stream`.

    Parameters
    ----------
    identity : Identity
    motion : Motion
    clock : DeviceClock, optional
    """

    own_services: ClassVar[tuple[Service, ...]]
    advertised_services: ClassVar[tuple[str, ...]] = ()
    manufacturer_data: ClassVar[Mapping[int, bytes]] = {}
    has_battery_service: ClassVar[bool] = False
    model: ClassVar[str] = ""
    """Model number of the device information service; no such service if empty."""
    firmware: ClassVar[str] = "1.0.0"

    def __init__(
        self, identity: Identity, motion: Motion, clock: DeviceClock = DeviceClock()
    ) -> None:
        self.identity = identity
        self.motion = motion
        self.clock = clock
        self.battery_pct = identity.battery_pct
        self.blinked = 0
        """How often the sensor was asked to show itself."""
        self.subscribed: set[str] = set()
        self.link_up = False
        self._outgoing: list[Outgoing] = []

    # --- What the transport calls ---

    @property
    def services(self) -> tuple[Service, ...]:
        """All services, with those of the SIG."""
        found = list(self.own_services)
        if self.has_battery_service:
            level = Characteristic(gatt.BATTERY_LEVEL, Can.READ | Can.NOTIFY)
            found.append(Service(gatt.BATTERY_SERVICE, (level,)))
        if self.model:
            texts = (gatt.MODEL_NUMBER, gatt.SERIAL_NUMBER, gatt.FIRMWARE_REVISION)
            found.append(
                Service(gatt.DEVICE_SERVICE, tuple(Characteristic(t, Can.READ) for t in texts))
            )
        return tuple(found)

    @property
    def advertisement(self) -> Advertisement:
        """What is advertised."""
        return Advertisement(
            self.identity.address,
            self.identity.name,
            self.advertised_services,
            self.manufacturer_data,
            self.identity.rssi_dbm,
        )

    def advertises(self, now_s: float) -> bool:
        """Whether a scan can see the sensor now: a connected or empty one is silent."""
        return not self.link_up

    def accepts(self, now_s: float) -> bool:
        """Whether the connection that is tried now may be made; asked once an attempt."""
        return not self.link_up

    def drops(self, now_s: float) -> bool:
        """Whether the link breaks now (asked again and again while it stands)."""
        return False

    def connect(self, now_s: float) -> None:
        """The link was made."""
        self.link_up = True
        self.subscribed.clear()
        self._outgoing.clear()

    def disconnect(self, now_s: float) -> None:
        """The link is gone, for whatever reason."""
        self.link_up = False
        self.subscribed.clear()
        self._outgoing.clear()
        self.on_disconnect(now_s)

    def read(self, uuid: str, now_s: float) -> bytes:
        """Answer a read.

        Raises
        ------
        RefusedError
            If the characteristic is missing or not readable.
        """
        self._allowed(uuid, Can.READ, NOT_READABLE)
        if uuid == gatt.BATTERY_LEVEL:
            return bytes([round(self.battery_pct)])
        texts = {
            gatt.MODEL_NUMBER: self.model,
            gatt.SERIAL_NUMBER: self.identity.serial,
            gatt.FIRMWARE_REVISION: self.firmware,
        }
        if uuid in texts:
            return texts[uuid].encode()
        return self.on_read(uuid, now_s)

    def write(self, uuid: str, data: bytes, now_s: float) -> None:
        """Take a write (errors as :meth:`read`)."""
        self._allowed(uuid, Can.WRITE | Can.WRITE_NO_RESPONSE, NOT_WRITABLE)
        self.on_write(uuid, bytes(data), now_s)

    def subscribe(self, uuid: str, on: bool, now_s: float) -> None:
        """Switch notifications or indications of a characteristic on or off."""
        self._allowed(uuid, Can.NOTIFY | Can.INDICATE, NOT_WRITABLE)
        (self.subscribed.add if on else self.subscribed.discard)(uuid)
        self.on_subscribe(uuid, on, now_s)

    def due(self, now_s: float) -> list[Outgoing]:
        """Give what is to be sent by now, in order; only what is subscribed to leaves."""
        return [*self.due_answers(), *self.due_data(now_s)]

    def due_answers(self) -> list[Outgoing]:
        """Give the answers to what was written or subscribed: the first half of :meth:`due`."""
        return self._leaving()

    def due_data(self, now_s: float) -> list[Outgoing]:
        """Give what :meth:`stream` queues by now: the second half of :meth:`due`.

        Call :meth:`due_answers` first, or answers that still wait are taken for data.
        """
        self.stream(now_s)
        return self._leaving()

    # --- What a family fills in ---

    def send(self, uuid: str, payload: bytes) -> None:
        """Queue a notification or indication."""
        self._outgoing.append(Outgoing(uuid, payload))

    def on_read(self, uuid: str, now_s: float) -> bytes:
        """Answer a read of one of the family's own characteristics."""
        raise RefusedError(NOT_READABLE)

    @abstractmethod
    def on_write(self, uuid: str, data: bytes, now_s: float) -> None:
        """React to a write."""

    def on_subscribe(self, uuid: str, on: bool, now_s: float) -> None:  # noqa: B027 - few care
        """React to a change of subscription."""

    def on_disconnect(self, now_s: float) -> None:  # noqa: B027 - few care
        """React to the loss of the link: most sensors stop their streams."""

    @abstractmethod
    def stream(self, now_s: float) -> None:
        """Queue the notifications of samples taken up to now."""

    def _leaving(self) -> list[Outgoing]:
        ready, self._outgoing = self._outgoing, []
        return [item for item in ready if item.uuid in self.subscribed]

    def _allowed(self, uuid: str, can: Can, code: int) -> None:
        for service in self.services:
            for characteristic in service.characteristics:
                if characteristic.uuid == uuid:
                    if not characteristic.can & can:
                        raise RefusedError(code)
                    return
        raise RefusedError(NOT_FOUND)
