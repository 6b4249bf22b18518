"""Facts of a session and its sensors, and their form as MCAP metadata (string to string)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, cast

from lift_monitor import __version__
from lift_monitor.events import Exercise
from lift_monitor.recordings.errors import RecordingError
from lift_monitor.samples import Role, SensorInfo

FORMAT_VERSION: Final = 1
"""Version of ``docs/recording-format.md`` that this program writes."""

SESSION: Final = "lift_monitor.session"
SENSOR: Final = "lift_monitor.sensor"
_NOTE = "note."
_LIMIT = "limit."
_SOURCES = ("live", "simulated", "imported")


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What is known of a session when its recording begins.

    ``started_at`` carries its time zone; session time zero is this moment. ``alias`` is a
    name that only the clinic can turn into a person.
    """

    started_at: datetime
    source: Literal["live", "simulated", "imported"]
    exercise: Exercise | None = None
    load_kg: float | None = None
    body_mass_kg: float | None = None
    target_reps: int | None = None
    target_sets: int | None = None
    alias: str = ""
    software_version: str = __version__
    notes: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)
    """Limits of technique and landings that held, by name (see :mod:`lift_monitor.limits`)."""

    def __post_init__(self) -> None:
        if self.started_at.utcoffset() is None:
            raise ValueError("SessionFacts.started_at needs a time zone")
        if self.source not in _SOURCES:
            raise ValueError(f"SessionFacts.source is {self.source!r}, expected one of {_SOURCES}")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark at a moment of the session: a set's load, pain, a note of the clinician."""

    at_s: float
    kind: str
    text: str = ""
    data: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The message body of the recording."""
        document = {
            "at_s": self.at_s,
            "kind": self.kind,
            "text": self.text,
            "data": dict(self.data),
        }
        return json.dumps(document).encode()

    @classmethod
    def from_json(cls, body: bytes, log_time_ns: int) -> Annotation:
        """Read a message body; one that cannot be read is kept as kind ``unreadable``.

        A remark that was damaged is no reason to refuse the recording around it, and it
        must not vanish either.
        """
        try:
            document = json.loads(body)
            return cls(
                at_s=_finite(document["at_s"]),
                kind=str(document["kind"]),
                text=str(document["text"]),
                data={str(key): str(value) for key, value in document["data"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls(log_time_ns * 1e-9, "unreadable", body.decode("utf-8", "replace"))


def session_to_metadata(session: SessionFacts) -> dict[str, str]:
    """Write the facts as strings; what is not known is left out."""
    known = {
        "format_version": FORMAT_VERSION,
        "started_at": session.started_at.isoformat(),
        "source": session.source,
        "exercise": None if session.exercise is None else session.exercise.value,
        "load_kg": session.load_kg,
        "body_mass_kg": session.body_mass_kg,
        "target_reps": session.target_reps,
        "target_sets": session.target_sets,
        "alias": session.alias,
        "software_version": session.software_version,
    }
    notes = {_NOTE + key: text for key, text in session.notes.items()}
    limits = {_LIMIT + key: text for key, text in session.limits.items()}
    return {key: str(value) for key, value in known.items() if value is not None} | notes | limits


def session_from_metadata(data: Mapping[str, str], file_name: str) -> tuple[SessionFacts, int]:
    """Inverse of :func:`session_to_metadata`; also returns the format version.

    Raises
    ------
    RecordingError
        If the version is newer than this program, or a fact cannot be read.
    """
    try:
        version = int(data["format_version"])
    except (KeyError, ValueError):
        raise RecordingError(
            f"{file_name} does not say the version of its format; "
            "it was not written by this program."
        ) from None
    if version > FORMAT_VERSION:
        raise RecordingError(
            f"{file_name} has recording format {version} and this program reads up to "
            f"{FORMAT_VERSION}; open it with a newer version of the program."
        )
    try:
        exercise = data.get("exercise")
        source = data["source"]
        facts = SessionFacts(
            started_at=datetime.fromisoformat(data["started_at"]),
            source=cast("Literal['live', 'simulated', 'imported']", source),
            exercise=None if exercise is None else Exercise(exercise),
            load_kg=_number(data, "load_kg"),
            body_mass_kg=_positive(data, "body_mass_kg"),
            target_reps=_count(data, "target_reps"),
            target_sets=_count(data, "target_sets"),
            alias=data.get("alias", ""),
            software_version=data.get("software_version", ""),
            notes=_prefixed(data, _NOTE),
            limits=_prefixed(data, _LIMIT),
        )
    except (KeyError, ValueError) as error:
        raise RecordingError(
            f"{file_name} has session facts that cannot be read ({error}); "
            "it was changed after it was recorded, use the original."
        ) from None
    return facts, version


def sensor_to_metadata(sensor: SensorInfo) -> dict[str, str]:
    """Write a sensor's facts as strings; what is not known is left out."""
    known = {
        "sensor_id": sensor.sensor_id,
        "role": sensor.role.value,
        "format": sensor.format,
        "name": sensor.name,
        "serial": sensor.serial,
        "placement": sensor.placement or None,
        "nominal_rate_hz": sensor.nominal_rate_hz,
        "acc_range_mps2": sensor.acc_range_mps2,
        "gyr_range_radps": sensor.gyr_range_radps,
    }
    return {key: str(value) for key, value in known.items() if value is not None}


def sensor_from_metadata(data: Mapping[str, str], file_name: str) -> SensorInfo:
    """Inverse of :func:`sensor_to_metadata`.

    Raises
    ------
    RecordingError
        If a fact is missing or cannot be read.
    """
    try:
        return SensorInfo(
            sensor_id=data["sensor_id"],
            role=Role(data["role"]),
            format=data["format"],
            name=data.get("name", ""),
            serial=data.get("serial", ""),
            placement=data.get("placement", ""),
            nominal_rate_hz=_positive(data, "nominal_rate_hz"),
            acc_range_mps2=_positive(data, "acc_range_mps2"),
            gyr_range_radps=_positive(data, "gyr_range_radps"),
        )
    except (KeyError, ValueError) as error:
        raise RecordingError(
            f"{file_name} has sensor facts that cannot be read ({error}); "
            "it was changed after it was recorded, use the original."
        ) from None


def _prefixed(data: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {key.removeprefix(prefix): text for key, text in data.items() if key.startswith(prefix)}


def _number(data: Mapping[str, str], key: str) -> float | None:
    return _finite(data[key]) if key in data else None


def _positive(data: Mapping[str, str], key: str) -> float | None:
    """Read a rate or a range; 0 or less says that it is not known."""
    value = _number(data, key)
    return value if value is not None and value > 0 else None


def _finite(text: str | float) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not a finite number")
    return value


def _count(data: Mapping[str, str], key: str) -> int | None:
    return int(data[key]) if key in data else None
