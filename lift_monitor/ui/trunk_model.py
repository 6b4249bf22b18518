"""The trunk's part of the view model: angles, load, landings, calibration. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from lift_monitor.events import IMPACT_EXERCISES, Event, Repetition
from lift_monitor.samples import Role
from lift_monitor.signal.spine import SpineBlock, Withheld
from lift_monitor.signal.trunk_rules import FlagRule
from lift_monitor.station import SensorStatus, StationConfig, StationStatus
from lift_monitor.technique import (
    CalibrationRefused,
    FlagEnded,
    FlagKind,
    FlagRaised,
    LandingDetected,
    Load,
    LoadChanged,
    SensorSlipped,
    Severity,
    TrunkCalibrated,
)
from lift_monitor.ui.exercise_book import ExerciseBook
from lift_monitor.ui.flag_book import PULL_S, FlagBook
from lift_monitor.ui.landing_log import LandingLog
from lift_monitor.ui.limits import STALE_DIM_S, STALE_GONE_S, is_lost
from lift_monitor.ui.readings import Alarm, Changed, DataState, Fault, Level, SetView
from lift_monitor.ui.ring import SpineRing
from lift_monitor.ui.trunk_readings import LoadReading, SpineReading
from lift_monitor.ui.worst_book import COLUMN, WorstBook

TRUNK_ROLES: Final = (Role.THORAX, Role.PELVIS)
TWIST_COLUMN: Final = 3


class TrunkModel:
    """What the screens show of the trunk.

    Parameters
    ----------
    config : StationConfig
    exercises : ExerciseBook
        Its owner tells it what changes.
    """

    def __init__(self, config: StationConfig, exercises: ExerciseBook) -> None:
        self.config = config
        self._exercises = exercises
        self.hand: Load | None = None
        """The state of the load as set by hand; ``None``: by the bar's sensor."""
        self.ring = SpineRing()
        self.flags = FlagBook()
        self.worst = WorstBook(self.ring, config.exercise)
        self.landings = LandingLog(config.impact_band)
        self._status: StationStatus | None = None
        self.clear()

    def clear(self) -> None:
        """Forget what was told; what was set by hand stays."""
        self.ring.clear()
        self.flags.clear()
        self.load = Load.UNKNOWN
        self._loads: list[tuple[float, Load]] = []
        self.landings.clear()
        self.calibration: TrunkCalibrated | None = None
        self.refusal: CalibrationRefused | None = None
        self._slips: dict[Role | None, SensorSlipped] = {}
        self._used: set[Role] = set()
        self._last: SpineBlock | None = None
        self.worst.clear()
        self.worst.exercise = self.config.exercise

    # -- being told ---------------------------------------------------------------------

    def apply_status(self, status: StationStatus) -> None:
        """Take the newest status."""
        self._status = status

    def take_steps(self, block: SpineBlock, events: Sequence[Event]) -> Changed:
        """Take the next steps of the trunk, before the events that were told with them."""
        for event in events:
            if isinstance(event, LoadChanged):
                self._loads.append((event.since_s, event.load))
                self.load = event.load
                self.hand = event.load if event.by_hand else None
                # It is seen later than it happens: the pull before it counts.
                self.ring.count_from(event.since_s, event.load is not Load.UNLOADED)
                self.worst.look_again()
        if not len(block):
            return Changed.NOTHING
        counts = np.ones(len(block), bool)
        for since_s, load in self._loads:
            counts[block.time_s >= since_s] = load is not Load.UNLOADED
        self._loads = self._loads[-2:]
        self.ring.append(block, counts)
        self._last = block
        for role, up in ((Role.THORAX, block.up_thorax), (Role.PELVIS, block.up_pelvis)):
            if role not in self._used and bool(np.isfinite(up[:, 0]).any()):
                self._used.add(role)
        return Changed.SPINE

    def settle(self, block: SpineBlock) -> None:
        """After the events: the worst goes on with the steps that were taken."""
        if not len(block):
            return
        before_s = float(block.time_s[0]) - 0.005
        for kind, column in (*COLUMN.items(), (FlagKind.TWIST, TWIST_COLUMN)):
            both = kind is FlagKind.TWIST
            self.flags.grow(
                kind,
                lambda since_s, column=column, both=both: self.ring.worst(  # type: ignore[misc]
                    column, max(since_s, before_s), both_signs=both
                ),
            )
        self.worst.grow(before_s)

    def apply_event(self, event: Event) -> Changed:
        """Take an event; ``Changed.NOTHING`` if it is not of the trunk."""
        match event:
            case FlagRaised() | FlagEnded():
                self.flags.take(event)
            case LoadChanged():
                if event.load is Load.UNLOADED:  # the load was taken with the steps
                    self.worst.next_begins(event.since_s)
            case LandingDetected():
                self.landings.add(event.landing)
            case TrunkCalibrated():
                self.calibration, self.refusal = event, None
                self._slips.clear()
                self._used = set(event.roles)
                self.worst.begin(event.at_s)
            case CalibrationRefused():
                self.refusal = event
            case SensorSlipped():
                self._slips.pop(event.role, None)
                if event.active:
                    self._slips[event.role] = event
            case _:
                return Changed.NOTHING
        return Changed.TECHNIQUE | Changed.FAULTS | Changed.SPINE

    def exercise_changed(self, at_s: float) -> None:
        """Another exercise is done: what comes belongs to its first repetition."""
        self.worst.next_begins(at_s)
        self.worst.exercise = self._exercises.at(at_s).exercise
        self.worst.begin(at_s)
        self.flags.release(at_s)

    def set_started(self, start_s: float) -> None:
        """A set began: the worst is that of its first repetition."""
        self.worst.begin(start_s - PULL_S)

    def repetition_ended(self, end_s: float) -> None:
        """A repetition was told."""
        self.worst.repetition_ended(end_s)
        self.flags.release(end_s)

    def set_ended(self, end_s: float) -> None:
        """A set is over."""
        self.worst.next_begins(end_s)
        self.flags.release(end_s)

    # -- being asked ----------------------------------------------------------------------

    @property
    def placed(self) -> tuple[SensorStatus, ...]:
        """The trunk sensors that the station knows."""
        sensors = self._status.sensors if self._status else ()
        return tuple(s for s in sensors if s.role in TRUNK_ROLES)

    @property
    def sensed(self) -> bool:
        """Whether there is any sensor on the trunk."""
        return bool(self.placed or self._used)

    @property
    def kind(self) -> FlagKind:
        """Lumbar flexion needs two sensors; one shows trunk lean only."""
        roles = self._used or {s.role for s in self.placed}
        return FlagKind.LUMBAR_FLEXION if len(roles) == 2 else FlagKind.TRUNK_LEAN

    @property
    def calibrated(self) -> bool:
        """Whether angles are known."""
        return self.calibration is not None or self._last is not None

    def rule(self, kind: FlagKind) -> FlagRule | None:
        """The limits of a kind for this person."""
        return next((r for r in self.config.flag_rules if r.kind is kind), None)

    def level(self, kind: FlagKind, value: float | None) -> Level:
        """Where a value stands to the limits of its kind."""
        rule = self.rule(kind)
        if rule is None or value is None or (rule.amber is None and rule.red is None):
            return Level.INFO
        size = abs(value) if rule.both_signs else value
        if rule.red is not None and size > rule.red:
            return Level.STOP
        return Level.CHECK if rule.amber is not None and size > rule.amber else Level.OK

    def worst_of(self, rep: Repetition) -> float | None:
        """Worst of the shown kind in a repetition, under load; ``None`` if not known."""
        return self.worst.of(rep, self.kind)

    def load_reading(self) -> LoadReading:
        """Whether the lifter bears the bar, as far as it is known."""
        return LoadReading(self.load, self.hand is not None)

    def spine(self, now_s: float) -> SpineReading | None:
        """What the gauge shows; ``None`` without a sensor on the trunk."""
        if not self.sensed:
            return None
        kind, last = self.kind, self._last
        worst = self.worst.now(kind)
        base = SpineReading(
            kind=kind,
            value=None,
            state=DataState.UNAVAILABLE,
            level=Level.INFO,
            worst=worst,
            worst_level=self.level(kind, worst),
            pelvis_deg=None,
            thorax_deg=None,
            rule=self.rule(kind),
        )
        gone = self._gone(base, now_s)
        if gone is not None or last is None:
            return gone or base
        value = float(self.ring.column(COLUMN[kind])[-1])
        if not math.isfinite(value):
            return self._withheld(base, int(last.withheld[-1]))
        age = now_s - float(last.time_s[-1])
        playing = self._status is not None and self._status.playing
        held = playing and age > STALE_DIM_S
        low = bool(last.low[-1])
        reasons = "; ".join(self.calibration.reasons) if self.calibration and low else ""
        return replace(
            base,
            value=value,
            state=DataState.HELD if held else (DataState.ESTIMATED if low else DataState.LIVE),
            level=self.level(kind, value),
            pelvis_deg=_finite(float(last.pelvis_tilt_deg[-1])),
            thorax_deg=_finite(float(last.thorax_tilt_deg[-1])),
            why="stale" if held else "",
            text=reasons,
            age_s=age,
        )

    def _gone(self, base: SpineReading, now_s: float) -> SpineReading | None:
        """The reading that is withdrawn as a whole, if it is."""
        status, last = self._status, self._last
        if status is not None and status.ended:
            return replace(base, state=DataState.HELD, why="ended")
        needed = self._used or {s.role for s in self.placed}
        for sensor in self.placed:
            if sensor.role in needed and is_lost(sensor):
                return replace(base, why="lost", text=sensor.text, age_s=sensor.age_s)
        if not self.calibrated:
            told = self.refusal.text if self.refusal else ""
            return replace(base, why="not_calibrated", text=told)
        if last is None:
            return replace(base, why="waiting")
        age = now_s - float(last.time_s[-1])
        if status is not None and status.playing and age > STALE_GONE_S:
            return replace(base, why="stale", age_s=age)
        return None

    def _withheld(self, base: SpineReading, marks: int) -> SpineReading:
        if marks & (Withheld.SLIPPED | Withheld.STANDS_OFF):
            slipped = bool(marks & Withheld.SLIPPED)
            told = [s.text for s in self._slips.values()]
            # A sensor that is loose may have made the worst itself.
            base = replace(base, worst=None, worst_level=Level.INFO)
            return replace(
                base, why="slipped" if slipped else "stands_off", text=told[-1] if told else ""
            )
        return replace(base, why="gap")

    def alarms(self, sets: Sequence[SetView], now_s: float) -> list[Alarm]:
        """The technique list: what is active first."""
        found = self.flags.alarms(sets, now_s, self.worst.ends)
        found = [
            replace(alarm, bar=False, load_known=True)
            if self._exercises.at(alarm.start_s).exercise in IMPACT_EXERCISES
            else alarm
            for alarm in found
        ]
        found += self.landings.alarms(now_s)
        # What is active goes by rank; what is over is history, newest first.
        found.sort(
            key=lambda a: (not a.active, a.active and a.severity is Severity.AMBER, -a.start_s)
        )
        return found

    def faults(self) -> list[Fault]:
        """Technical faults of the trunk."""
        ended = self._status is not None and self._status.ended
        found = []
        if self.refusal is not None:
            found.append(Fault("calibration_refused", Level.CHECK, "trunk", self.refusal.text))
        elif self.placed and not self.calibrated and not ended:
            found.append(Fault("not_calibrated", Level.CHECK, "trunk"))
        for slip in self._slips.values():
            subject = slip.role.value if slip.role is not None else "trunk"
            found.append(Fault("slipped", Level.STOP, subject, slip.text, since_s=slip.at_s))
        return found


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
