"""Which sensor sits where, kept from day to day.

A sensor is known by its serial number or its name, never by its address: macOS gives
addresses of its own, and no two computers agree.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import platformdirs

from lift_monitor.recordings.atomic import atomic_path
from lift_monitor.samples import Role
from lift_monitor.sensors.placement import USUAL

_VERSION: Final = 1


def usual_path() -> Path:
    """Where this user's sensors are kept."""
    return platformdirs.user_config_path("lift_monitor", appauthor=False) / "sensors.json"


@dataclass(frozen=True, slots=True)
class KnownSensor:
    """A sensor of this clinic."""

    key: str
    """Serial number where the sensor tells one, else its name."""
    name: str
    family: str
    """Key of its family."""
    role: Role | None = None
    placement: str = ""
    """Where it is worn in its role; empty is the usual place."""


class Memory:
    """The sensors of this clinic, on disk after every change.

    Parameters
    ----------
    path : Path, optional
        Kept only while the program runs if not given.

    Notes
    -----
    A file that cannot be read is set aside under another name, never overwritten;
    :attr:`trouble` then says so in one sentence.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._sensors: dict[str, KnownSensor] = {}
        self.trouble = ""
        if path is not None:
            self._read(path)

    @property
    def sensors(self) -> tuple[KnownSensor, ...]:
        """All known sensors, in the order of their first assignment."""
        return tuple(self._sensors.values())

    def get(self, key: str) -> KnownSensor | None:
        """Find a sensor by its key."""
        return self._sensors.get(key)

    def assign(self, sensor: KnownSensor, role: Role | None) -> None:
        """Remember a sensor at a place; whoever had the place before loses it."""
        if role is not None:
            for key, known in self._sensors.items():
                if known.role is role and key != sensor.key:
                    self._sensors[key] = replace(known, role=None)
        known_as = self._sensors.get(sensor.key)
        placement = known_as.placement if known_as and known_as.role is role else ""
        if role is not None:
            placement = sensor.placement or placement or USUAL[role]
        self._sensors[sensor.key] = replace(sensor, role=role, placement=placement)
        self._write()

    def rename(self, old: str, sensor: KnownSensor) -> None:
        """Know a sensor by a better key (its serial, learnt after connecting)."""
        known = self._sensors.pop(old, None)
        if known is not None:
            self._sensors[sensor.key] = replace(sensor, role=known.role, placement=known.placement)
            self._write()

    def forget(self, key: str) -> None:
        """Do not know a sensor any more."""
        if self._sensors.pop(key, None) is not None:
            self._write()

    def _read(self, path: Path) -> None:
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            self._set_aside(path, str(error))
            return
        try:
            document = json.loads(text)
            if document["version"] != _VERSION:
                raise ValueError(f"version {document['version']}")  # noqa: TRY301 - one sentence
            for entry in document["sensors"]:
                role = Role(entry["role"]) if entry["role"] else None
                sensor = KnownSensor(
                    str(entry["key"]),
                    str(entry["name"]),
                    str(entry["family"]),
                    role,
                    str(entry.get("placement", "")),
                )
                self._sensors[sensor.key] = sensor
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            self._sensors.clear()
            self._set_aside(path, f"{type(error).__name__} {error}")

    def _set_aside(self, path: Path, why: str) -> None:
        aside = path.with_suffix(".unreadable.json")
        try:
            path.replace(aside)
        except OSError:
            aside = path
            self._path = None  # what could not be moved away is not written over
        self.trouble = (
            f"The list of known sensors could not be read ({why}) and is kept as {aside}; "
            "assign the sensors again."
        )

    def _write(self) -> None:
        if self._path is None:
            return
        document = {
            "version": _VERSION,
            "sensors": [
                {**asdict(sensor), "role": sensor.role.value if sensor.role else None}
                for sensor in self._sensors.values()
            ],
        }
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_path(self._path) as part:
                part.write_text(json.dumps(document, indent=1, ensure_ascii=False), "utf-8")
        except OSError as error:
            self.trouble = (
                f"The list of known sensors could not be written to {self._path} "
                f"({error.strerror or error}); it is forgotten when the program ends."
            )
