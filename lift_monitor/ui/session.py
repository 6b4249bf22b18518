"""What the window is given: a station, what is known of it, and how to open or begin another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from lift_monitor.analysis import Analysis
from lift_monitor.events import Exercise
from lift_monitor.recordings.facts import SessionFacts
from lift_monitor.sensors.calibration_guide import CalibrationGuide
from lift_monitor.sensors.words import SensorDesk
from lift_monitor.signal.landing_dose import ImpactBand
from lift_monitor.signal.trunk_calibration import Window
from lift_monitor.signal.trunk_rules import DEFAULT_RULES, FlagRule
from lift_monitor.station import Mode, StationConfig, StationUpdate
from lift_monitor.technique import Load

Progress: TypeAlias = Callable[[float], None]
"""Called with 0–1 from the worker thread; may raise to end the work early."""


class Feed(Protocol):
    """What the window needs of a :class:`~lift_monitor.station.Station`, and no more."""

    @property
    def config(self) -> StationConfig:
        """What the clinician set."""
        ...

    @property
    def mode(self) -> Mode:
        """Where the packets come from."""
        ...

    def start(self) -> None:
        """Begin; time runs from here."""
        ...

    def close(self) -> None:
        """End; may be called more than once."""
        ...

    def drain(self, limit: int | None = None) -> Sequence[StationUpdate]:
        """Fetch what became known, without waiting."""
        ...

    def play(self) -> None:
        """Let time run."""
        ...

    def pause(self) -> None:
        """Stop time."""
        ...

    def set_speed(self, speed: float) -> None:
        """Choose the speed."""
        ...

    def step(self, seconds: float) -> None:
        """Pause and move."""
        ...

    def seek(self, t_s: float) -> None:
        """Go to a session time."""
        ...

    def set_load(self, load: Load | None) -> None:
        """Say whether the lifter bears the bar; ``None``: the bar's sensor says."""
        ...

    def set_exercise(
        self,
        exercise: Exercise,
        *,
        load_kg: float | None = None,
        target_reps: int = 5,
        target_sets: int = 5,
    ) -> None:
        """Go on with another exercise, or with another load."""
        ...

    def annotate(self, kind: str, text: str) -> None:
        """Write a remark into the recording."""
        ...

    def calibrate(self, stand: Window, hinge: Window, stand_again: Window) -> None:
        """Calibrate the trunk by the guided minute that is just over."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class LoadedSession:
    """What opening a file gives: a station that is not started yet, and what is known of it."""

    station: Feed
    overview: Analysis | None = None
    facts: SessionFacts | None = None
    title: str = ""
    follow: Callable[[CalibrationGuide | None], None] | None = None
    """Looks at the guide of a calibration, while its page is shown (else at ``None``): an
    emulated person, who does what it asks."""


OpenFile: TypeAlias = Callable[[Path, Progress], LoadedSession]
"""Opens a file in a worker thread; raises ``ValueError`` with one clear sentence."""


@dataclass(frozen=True, slots=True)
class SessionChoice:
    """What the clinician chose on the Sensors page before a live session."""

    exercise: Exercise = Exercise.DEADLIFT
    load_kg: float | None = None
    """``None`` if it is not known."""
    target_reps: int = 5
    target_sets: int = 5
    alias: str = ""
    """How the screen calls the lifter; never a name."""
    body_mass_kg: float | None = None
    """For the forces of landings; ``None`` if it is not known."""
    impact_band: ImpactBand = field(default_factory=ImpactBand)
    """Target and ceiling of a landing."""
    flag_rules: tuple[FlagRule, ...] = DEFAULT_RULES
    """Limits of technique, for this person."""
    loss_amber_pct: float = 20.0
    loss_stop_pct: float = 30.0
    """Velocity losses at which the screen turns amber, and proposes to stop."""


BeginSession: TypeAlias = Callable[[SessionChoice], LoadedSession]
"""Makes a live session on the sensors of the desk, in a worker thread.

Its station is not started yet; ``ValueError`` with one clear sentence if there can be none.
"""


@dataclass(frozen=True, slots=True, eq=False)
class LiveSetup:
    """What makes a window a live one: its sensors, and how a session begins on them."""

    desk: SensorDesk
    begin: BeginSession
    choice: SessionChoice = SessionChoice()
    """What the form shows first."""
