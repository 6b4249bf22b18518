"""What the set-up of sensors tells the screen, and what the screen may ask of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from lift_monitor.samples import Role


class LinkState(enum.StrEnum):
    """How a sensor stands to this computer."""

    SEEN = "seen"
    """It advertises; nobody asked to connect."""
    REMEMBERED = "remembered"
    """Known from an earlier day or moment; not heard now."""
    CONNECTING = "connecting"
    STREAMING = "streaming"
    LOST = "lost"
    """The link broke; it is being made anew for as long as wanted."""
    FAILED = "failed"
    """It could not be connected; ``text`` says why and what to do."""


class StepState(enum.StrEnum):
    """How far a step of the check list is."""

    WAITING = "waiting"
    """Steps before it are not done."""
    OPEN = "open"
    """It is its turn; the user has to do something."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


STEPS: Final = ("found", "placed", "connected", "still", "tap")
"""Keys of the check list, in order."""


@dataclass(frozen=True, slots=True)
class SensorCard:
    """One sensor on the Sensors page; ``None`` where something is not known."""

    key: str
    """Stable name of the sensor here, and no more than that."""
    name: str
    family: str
    """Title of its family, e.g. ``Movella DOT``."""
    link: LinkState
    role: Role | None = None
    text: str = ""
    """One sentence for the user; empty if all is well."""
    warnings: tuple[str, ...] = ()
    """What this sensor cannot do, whole sentences."""
    serial: str = ""
    battery_pct: float | None = None
    rssi_dbm: float | None = None
    rate_hz: float | None = None
    """Delivered, measured."""
    nominal_rate_hz: float | None = None
    loss_pct: float | None = None
    clock_error_ms: float | None = None
    drift_ppm: float | None = None
    age_s: float | None = None
    """Since the last packet."""
    can_blink: bool = False
    tapped_s_ago: float | None = None
    """Since the last tap felt; for finding out which sensor is in the hand."""
    link_losses: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the check list."""

    key: str
    state: StepState
    text: str = ""
    """What to do, or what was found; one sentence."""
    progress: float = 0.0
    """0–1 while running."""


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """Everything that the Sensors page shows."""

    cards: tuple[SensorCard, ...] = ()
    steps: tuple[Step, ...] = ()
    scanning: bool = False
    problem: str = ""
    """Why Bluetooth cannot be used, and how to get it; empty if it can."""
    can_begin: bool = False
    """All steps are done."""
    may_override: bool = False
    """A session may begin all the same, with a reason that is recorded."""
    emulated: bool = False
    """The sensors are emulated: nothing here is of a person."""


class SensorDesk(Protocol):
    """What the Sensors page needs; every call returns at once, from any thread."""

    def status(self) -> DeskStatus:
        """How things are now."""
        ...

    def scan(self, on: bool) -> None:
        """Look for sensors, or stop looking."""
        ...

    def assign(self, key: str, role: Role | None) -> None:
        """Give a sensor its place (another sensor at that place loses it), or take it away."""
        ...

    def connect(self, key: str) -> None:
        """Connect a sensor and let it stream."""
        ...

    def disconnect(self, key: str) -> None:
        """Let a sensor go."""
        ...

    def connect_assigned(self) -> None:
        """Connect every sensor that has a place."""
        ...

    def blink(self, key: str) -> None:
        """Let a sensor show itself."""
        ...

    def forget(self, key: str) -> None:
        """Let a sensor go and do not remember it."""
        ...

    def check(self, step: str) -> None:
        """Begin the still check or the tap check (``"still"``, ``"tap"``), again if done."""
        ...

    def placement(self, role: Role) -> str:
        """Where and how a sensor of a role is worn; whole sentences."""
        ...

    def overridden(self, reason: str) -> None:
        """Note why a session is begun although a step is not done."""
        ...

    def placed(self) -> Mapping[Role, str]:
        """Which sensor (key) has which place."""
        ...
