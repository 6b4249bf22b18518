"""What a station tells in the tests of the visit: small sets, flags, landings, calibrations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Final

import numpy as np

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.events import (
    Confidence,
    Event,
    Exercise,
    LiftSet,
    QualityChanged,
    QualityKind,
    Repetition,
    RepetitionCompleted,
    SetEnded,
    SetStarted,
)
from lift_monitor.programme import maximum as maximum_of
from lift_monitor.programme.clearance import Clearance, Level
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.record import Decision, Verdict
from lift_monitor.samples import Role
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.station_words import Mode, SensorStatus, StationStatus
from lift_monitor.technique import (
    FlagEnded,
    FlagKind,
    FlagRaised,
    Landing,
    LandingDetected,
    SensorSlipped,
    Severity,
    TrunkCalibrated,
    TrunkFlag,
)

BY: Final = "K. Tester"
ZONE: Final = timezone(timedelta(hours=1))
AT: Final = datetime(2026, 3, 2, 9, 30, tzinfo=ZONE)
DAY: Final = date(2026, 3, 2)
BEGAN: Final = AT + timedelta(minutes=5)
REP_S: Final = 4.0
TIMEOUT_S: Final = 15.0
"""A deadlift set is over so long after the top of its last repetition."""


class Clock:
    """A clock that stands until it is set."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def trained(clinic: Clinic, name: str = "Heron 14") -> Person:
    """Somebody who trains: 52.5 kg in the deadlift, low drops, a month into the programme."""
    person = clinic.people.add(name, BY, date(2026, 1, 5))
    clinic.care.set_clearance(person.id, Clearance(Level.HIGH_INTENSITY, DAY, BY), BY)
    for exercise, phase, kg, rung, maximum in (
        ("deadlift", Phase.TRAINING, 52.5, None, 64.0),
        ("back_squat", Phase.TRAINING, 45.0, None, 55.0),
        ("overhead_press", Phase.FAMILIARISATION, 10.0, None, None),
        ("jumping_chin_up", Phase.IMPACT, None, 3, None),
    ):
        decision = Decision(
            exercise=exercise,
            day=date(2026, 2, 26),
            order=0,
            verdict=Verdict.SET,
            by=BY,
            phase=phase,
            load_kg=kg,
            rung=rung,
            maximum_kg=maximum,
            reason="where the tests begin",
        )
        clinic.decisions.add(person.id, decision, BY)
        if maximum is not None:
            measured = maximum_of.tested(exercise, maximum, date(2026, 2, 24))
            clinic.maxima.add(person.id, measured, BY)
    return person


def rep(
    set_number: int,
    number: int,
    start_s: float,
    mean: float = 0.49,
    exercise: Exercise = Exercise.DEADLIFT,
    *,
    refined: bool = False,
) -> Repetition:
    """One repetition of four seconds."""
    start = start_s + (number - 1) * REP_S
    return Repetition(
        set_number=set_number,
        number=number,
        exercise=exercise,
        start_s=start,
        end_s=start + 3.0,
        concentric_start_s=start,
        concentric_end_s=start + 1.3,
        eccentric_start_s=start + 1.5,
        eccentric_end_s=start + 3.0,
        mean_velocity_mps=mean,
        mean_propulsive_velocity_mps=mean + 0.02,
        peak_velocity_mps=mean * 1.4,
        rom_m=0.55,
        concentric_duration_s=1.3,
        eccentric_duration_s=1.5,
        velocity_loss_pct=0.0,
        mean_velocity_sd_mps=0.02,
        confidence=Confidence.HIGH,
        reasons=(),
        refined=refined,
    )


def lift(
    number: int,
    start_s: float,
    count: int = 5,
    exercise: Exercise = Exercise.DEADLIFT,
    *,
    waited_s: float = TIMEOUT_S,
    reasons: tuple[str, ...] = (),
) -> list[Event]:
    """A whole set as the bar tells it."""
    reps = [rep(number, n, start_s, 0.50 - 0.01 * n, exercise) for n in range(1, count + 1)]
    end_s = reps[-1].concentric_end_s + waited_s
    done = LiftSet(
        number=number,
        exercise=exercise,
        start_s=reps[0].start_s,
        end_s=reps[-1].end_s,
        velocity_loss_pct=8.0,
        confidence=Confidence.LOW if reasons else Confidence.HIGH,
        reasons=reasons,
        repetitions=tuple(replace(r, refined=True) for r in reps),
    )
    return [
        SetStarted(reps[0].end_s, number, exercise, reps[0].start_s, None),
        *(RepetitionCompleted(r.end_s, r) for r in reps),
        SetEnded(end_s, done),
    ]


def nothing_after_all(number: int, start_s: float) -> list[Event]:
    """A set of which no repetition was one."""
    events = lift(number, start_s, 1)
    ended = events[-1]
    assert isinstance(ended, SetEnded)
    return [*events[:-1], SetEnded(ended.at_s, replace(ended.lift_set, repetitions=()))]


def calibrated(
    at_s: float = 1.0,
    roles: tuple[Role, ...] = (Role.THORAX, Role.PELVIS),
    confidence: Confidence = Confidence.HIGH,
) -> TrunkCalibrated:
    """The trunk sensors tell angles from here on."""
    why = () if confidence is Confidence.HIGH else ("the hinge was small",)
    return TrunkCalibrated(at_s, roles, "hinge", confidence, why)


def slipped(at_s: float, *, active: bool = True) -> SensorSlipped:
    """The pelvis sensor came loose, or was set right."""
    return SensorSlipped(at_s, Role.PELVIS, active, "The pelvis sensor sits otherwise.")


def gap(sensor: str, start_s: float, end_s: float) -> QualityChanged:
    """No data for a while; told when they are back."""
    text = f"No data from the {sensor} sensor for {end_s - start_s:.1f} s."
    return QualityChanged(end_s, sensor, QualityKind.GAP, False, start_s, end_s, text)


def flag(at_s: float, severity: Severity = Severity.RED) -> FlagEnded:
    """The back was bent too far for long enough, and soon no more."""
    raised = flag_up(at_s, severity).flag
    return FlagEnded(at_s + 0.5, replace(raised, end_s=at_s + 0.5))


def flag_up(at_s: float, severity: Severity = Severity.RED) -> FlagRaised:
    """The back is bent too far for long enough, and still is."""
    return FlagRaised(
        at_s,
        TrunkFlag(
            FlagKind.LUMBAR_FLEXION, severity, at_s - 0.4, at_s, None, 24.0, 20.0, "deg", True,
            Confidence.HIGH,
        ),
    )  # fmt: skip


def landing(at_s: float, peak_bw: float = 3.2, *, low: bool = False) -> LandingDetected:
    """One landing."""
    return LandingDetected(
        at_s,
        Landing(
            at_s=at_s,
            sensor=Role.PELVIS,
            contact_s=at_s - 0.3,
            flight_s=0.2,
            peak_acc_g=4.0,
            peak_acc_20hz_g=3.6,
            peak_grf_bw=peak_bw,
            peak_grf_n=None,
            grf_method="newton",
            second_grf_bw=None,
            second_method=None,
            difference_bw=None,
            loading_rate_bw_per_s=50.0,
            clipped=False,
            confidence=Confidence.LOW if low else Confidence.HIGH,
            reasons=("the trunk turned in the air",) if low else (),
        ),
    )


def status(
    now_s: float, *, mode: Mode = Mode.LIVE, recording: str | None = None, lost: Sequence[Role] = ()
) -> StationStatus:
    """How the station is; the sensors named are lost since two seconds."""
    sensors = tuple(
        SensorStatus(
            role.value, role, role.value, 80.0, 100.0, 0.0, 2.0 if role in lost else 0.01,
            "lost" if role in lost else "ok", "",
        )
        for role in (Role.BAR, Role.THORAX, Role.PELVIS)
    )  # fmt: skip
    return StationStatus(
        mode=mode, now_s=now_s, duration_s=None, speed=1.0, playing=True, recording_to=recording,
        recorded_s=now_s, latency_ms=10.0, sensors=sensors, error=None, ended=False,
        dropped_updates=0,
    )  # fmt: skip


def spine(start_s: float, end_s: float, dark: tuple[float, float] | None = None) -> SpineBlock:
    """Steps of the trunk; the angle is not known within ``dark``."""
    times = np.arange(start_s, end_s, 0.01)
    angle = np.full(times.size, 4.0)
    if dark is not None:
        angle[(times >= dark[0]) & (times < dark[1])] = np.nan
    up = np.tile([0.0, 0.0, 1.0], (times.size, 1))
    return SpineBlock(
        time_s=times,
        lumbar_flexion_deg=angle,
        side_bend_deg=angle * 0.0,
        trunk_lean_deg=angle,
        thorax_tilt_deg=angle,
        pelvis_tilt_deg=angle,
        axial_rate_dps=angle * 0.0,
        up_thorax=up,
        up_pelvis=up,
        withheld=np.zeros(times.size, np.uint16),
        quality=np.zeros(times.size, np.uint16),
        low=np.zeros(times.size, bool),
    )
