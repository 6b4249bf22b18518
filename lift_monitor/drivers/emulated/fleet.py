"""Which emulated sensors there are, as data: to build them here, or in another process.

A fleet is described once and carried by a private D-Bus, an emulated radio or memory; its
JSON is what crosses from one process to another.
"""

from __future__ import annotations

import enum
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from lift_monitor.drivers.emulated.families import PERIPHERALS
from lift_monitor.drivers.emulated.faults import Faults, with_faults
from lift_monitor.drivers.emulated.motion import (
    CountingMotion,
    LifterMotion,
    Motion,
    RecordedMotion,
    TappedMotion,
)
from lift_monitor.drivers.emulated.peripheral import DeviceClock, Identity, Peripheral
from lift_monitor.drivers.emulated.person import WornMotion
from lift_monitor.drivers.emulated.story import Script, story_of
from lift_monitor.drivers.simulated.landing_plan import plan_of
from lift_monitor.drivers.simulated.plan import SessionPlan
from lift_monitor.events import Exercise
from lift_monitor.samples import ImuChunk, Role

_ADDRESS: Final = re.compile(r"(?:[0-9A-F]{2}:){5}[0-9A-F]{2}")


class Feels(enum.StrEnum):
    """Where the motion of an emulated sensor comes from."""

    COUNTING = "counting"
    """Every sample tells its number: for tests of transport."""
    LIFTER = "lifter"
    """The bar of the simulated lifter."""
    WEARER = "wearer"
    """Bar, thorax or pelvis of a simulated lifter who is calibrated first."""
    SAMPLES = "samples"
    """Samples of a recording, kept with :func:`save_samples`."""


@dataclass(frozen=True, slots=True)
class MotionSpec:
    """What an emulated sensor feels.

    Attributes
    ----------
    feels : Feels
    rate_hz : float
        Counting only: numbers a second; the rate at which the sensor will sample.
    exercise : Exercise
    sets, reps, seed : int
        Lifter and wearer only. The same for several sensors makes them those of one person.
    role : Role
        Wearer only: where the sensor sits.
    path : str
        Samples only: a file of :func:`save_samples`.
    taps_s : tuple of float
        Times of taps on the sensor, on top of the rest.
    """

    feels: Feels = Feels.COUNTING
    rate_hz: float = 100.0
    exercise: Exercise = Exercise.DEADLIFT
    sets: int = 2
    reps: int = 5
    seed: int = 1
    role: Role = Role.BAR
    path: str = ""
    taps_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not (math.isfinite(self.rate_hz) and self.rate_hz > 0):
            raise ValueError(f"rate_hz is {self.rate_hz}; choose a value above 0")
        if self.feels is Feels.SAMPLES and not self.path:
            raise ValueError("path is empty; name a file of samples")

    def build(self) -> Motion:
        """Make the motion.

        Raises
        ------
        OSError, ValueError
            If the file of samples cannot be read.
        """
        motion: Motion
        match self.feels:
            case Feels.COUNTING:
                motion = CountingMotion(self.rate_hz)
            case Feels.LIFTER:
                motion = _lifter(self.exercise, self.sets, self.reps, self.seed)
            case Feels.WEARER:
                story = story_of(plan_of(self.exercise, self.sets, self.reps), self.seed)
                script = Script(story)
                script.begin()
                motion = WornMotion(self.seed, self.role, story, script)
            case Feels.SAMPLES:
                motion = RecordedMotion(load_samples(Path(self.path)))
        return TappedMotion(motion, self.taps_s) if self.taps_s else motion


@lru_cache(maxsize=32)
def _lifter(exercise: Exercise, sets: int, reps: int, seed: int) -> LifterMotion:
    # Motions never change and cost a second to make: sensors on one bar share theirs.
    return LifterMotion(SessionPlan(exercise, sets=sets, reps=reps), seed)


@dataclass(frozen=True, slots=True)
class SensorSpec:
    """One emulated sensor.

    Attributes
    ----------
    family : str
        Key of its family (``Family.key``).
    address : str
        ``"C0:FF:EE:00:00:01"``, in capitals.
    name, serial : str
        As advertised, and as the sensor tells it once connected.
    battery_pct : float
    rssi_dbm : int
    motion : MotionSpec
    clock_start_s, clock_error : float
        What the sensor's clock shows at power-up, and how much too fast it runs (0.01 = 1 %).
    faults : Faults
    faults_seed : int
        The same seed and the same data meet the same faults.

    Raises
    ------
    ValueError
        If the family is not emulated or the address is none.
    """

    family: str
    address: str
    name: str
    serial: str
    battery_pct: float = 87.0
    rssi_dbm: int = -58
    motion: MotionSpec = field(default_factory=MotionSpec)
    clock_start_s: float = 0.0
    clock_error: float = 0.0
    faults: Faults = Faults()  # noqa: RUF009 - frozen
    faults_seed: int = 1

    def __post_init__(self) -> None:
        if self.family not in PERIPHERALS:
            known = ", ".join(sorted(PERIPHERALS))
            raise ValueError(f"no sensor family {self.family!r} is emulated; choose one of {known}")
        if not _ADDRESS.fullmatch(self.address):
            raise ValueError(f"{self.address!r} is no Bluetooth address such as C0:FF:EE:00:00:01")

    def build(self, *, keep: bool = True) -> Peripheral:
        """Make the sensor, switched on at true time 0 (errors as :meth:`MotionSpec.build`).

        Parameters
        ----------
        keep : bool
            Whether a sensor with faults remembers its data (see :func:`with_faults`).
        """
        identity = Identity(self.address, self.name, self.serial, self.battery_pct, self.rssi_dbm)
        clock = DeviceClock(self.clock_start_s, self.clock_error)
        peripheral = PERIPHERALS[self.family](identity, self.motion.build(), clock)
        if self.faults == Faults():
            return peripheral
        return with_faults(peripheral, self.faults, self.faults_seed, keep=keep)

    def to_json(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {**asdict(self), "faults": self.faults.to_json()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SensorSpec:
        """Read what :meth:`to_json` gave.

        Raises
        ------
        TypeError, ValueError
            If it is something else.
        """
        motion = dict(values.get("motion", {}))
        if "feels" in motion:
            motion["feels"] = Feels(motion["feels"])
        if "exercise" in motion:
            motion["exercise"] = Exercise(motion["exercise"])
        if "role" in motion:
            motion["role"] = Role(motion["role"])
        motion["taps_s"] = tuple(motion.get("taps_s", ()))
        faults = Faults.from_json(values.get("faults", {}))
        return cls(**{**values, "motion": MotionSpec(**motion), "faults": faults})


@dataclass(frozen=True, slots=True)
class FleetSpec:
    """Several emulated sensors, each with an address of its own."""

    sensors: tuple[SensorSpec, ...]

    def __post_init__(self) -> None:
        addresses = [sensor.address for sensor in self.sensors]
        twice = sorted({address for address in addresses if addresses.count(address) > 1})
        if twice:
            raise ValueError(f"two emulated sensors share the address {twice[0]}")

    def build(self, *, keep: bool = True) -> tuple[Peripheral, ...]:
        """Make the sensors (see :meth:`SensorSpec.build`)."""
        return tuple(sensor.build(keep=keep) for sensor in self.sensors)

    def dumps(self) -> str:
        """Write JSON on one line."""
        return json.dumps([sensor.to_json() for sensor in self.sensors])

    @classmethod
    def loads(cls, text: str) -> FleetSpec:
        """Read what :meth:`dumps` wrote (errors as :meth:`SensorSpec.from_json`)."""
        return cls(tuple(SensorSpec.from_json(sensor) for sensor in json.loads(text)))


def example(family: str, number: int = 1, **changes: Any) -> SensorSpec:
    """Describe a sensor of a family with the name and serial that such sensors bear.

    Parameters
    ----------
    family : str
    number : int
        1 to 65535; tells sensors apart by address, serial and, where it is in it, the name.
    **changes
        Further fields of :class:`SensorSpec`.

    Raises
    ------
    ValueError
        If the family is not emulated.
    """
    name, serial = (
        pattern.format(number=number)
        for pattern in _LABELS.get(family, ("Board {number}", "B{number}"))
    )
    address = f"C0:FF:EE:00:{number >> 8:02X}:{number & 255:02X}"
    return replace(SensorSpec(family, address, name, serial), **changes)


_LABELS: Final = {
    "metamotion": ("MetaWear", "{number:06X}"),
    "movella-dot": ("Movella DOT", "D422CD{number:06X}"),
    "movesense": ("Movesense {number:012d}", "{number:012d}"),
    "polar-h10": ("Polar H10 {number:08X}", "{number:08X}"),
    "polar-verity": ("Polar Sense {number:08X}", "{number:08X}"),
    "thingy52": ("Thingy", "{number:06X}"),
    "witmotion": ("WT901BLE{number}", ""),
}
"""Name as advertised and serial; boards of one's own may bear any."""


def save_samples(chunk: ImuChunk, path: Path) -> None:
    """Keep the samples of a recording for an emulated sensor to feel (a NumPy archive)."""
    with path.open("wb") as file:
        np.savez(file, time_s=chunk.time_s, acc=chunk.acc_sensor_mps2, gyr=chunk.gyr_sensor_radps)


def load_samples(path: Path) -> ImuChunk:
    """Read a file of :func:`save_samples`.

    Raises
    ------
    OSError, ValueError
        If it is missing or something else.
    """
    with np.load(path, allow_pickle=False) as kept:
        missing = {"time_s", "acc", "gyr"} - set(kept)
        if missing:
            raise ValueError(f"{path.name} holds no {', '.join(sorted(missing))}")
        return ImuChunk.build(kept["time_s"], kept["acc"], kept["gyr"])
