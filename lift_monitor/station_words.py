"""What a station is told and what it tells."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from lift_monitor.events import Exercise
from lift_monitor.samples import Role
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.trunk_rules import DEFAULT_RULES, FlagRule


class Mode(enum.StrEnum):
    """Where a station's packets come from; told to the user at all times."""

    LIVE = "live"
    REPLAY = "replay"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class StationConfig:
    """What the clinician set for this lifter.

    The velocity losses at which the screen turns amber and proposes to stop are design
    defaults that the clinician may change.
    """

    exercise: Exercise
    alias: str = ""
    load_kg: float | None = None
    target_reps: int = 5
    target_sets: int = 5
    target_band_mps: tuple[float, float] | None = None
    loss_amber_pct: float = 20.0
    loss_stop_pct: float = 30.0
    body_mass_kg: float | None = None
    impact_band: ImpactBand = field(default_factory=ImpactBand)
    """Target and ceiling of a landing."""
    flag_rules: tuple[FlagRule, ...] = DEFAULT_RULES
    """Limits of technique, for this person."""


@dataclass(frozen=True, slots=True)
class SensorStatus:
    """How one sensor's stream is doing; ``None`` where it is not known."""

    sensor_id: str
    role: Role
    name: str
    battery_pct: float | None
    rate_hz: float | None
    loss_pct: float | None
    age_s: float | None
    """Session seconds since the last packet."""
    state: Literal["ok", "check", "lost"]
    text: str
    """One sentence for the user; empty if all is well."""
    rssi_dbm: float | None = None
    clock_error_ms: float | None = None
    """Spread of the sensor's clock against the session clock."""
    drift_ppm: float | None = None
    link: str = ""
    """``streaming`` or ``lost`` for a live sensor; empty for a recorded one."""


@dataclass(frozen=True, slots=True)
class StationStatus:
    """How the station is doing."""

    mode: Mode
    now_s: float
    """Session time."""
    duration_s: float | None
    """Session time of the last packet where the source knows it."""
    speed: float
    playing: bool
    recording_to: str | None
    recorded_s: float
    latency_ms: float | None
    """From the moment when a packet was due to its result; ``None`` without a pace."""
    sensors: tuple[SensorStatus, ...]
    error: str | None
    ended: bool
    dropped_updates: int
    """Trace rows that a slow listener did not fetch in time; events are never dropped."""


@dataclass(frozen=True, slots=True)
class StationReset:
    """After a seek: the listener clears everything and redraws from what follows."""

    at_s: float


StationUpdate: TypeAlias = PipelineOutput | StationStatus | StationReset
