"""What tests put into a clinic: small measured sets, flags and landings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from lift_monitor.clinic.words import NewSet
from lift_monitor.events import Confidence, Exercise, LiftSet, Repetition
from lift_monitor.programme.clearance import (
    Answer,
    Assessment,
    Clearance,
    Exclusion,
    Finding,
    Level,
    Override,
    Weight,
)
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.proposal import Action, Fact, Proposal, Rule
from lift_monitor.programme.record import DayChange, Decision, SetKind, Verdict
from lift_monitor.samples import Role
from lift_monitor.technique import FlagKind, Landing, Severity, TrunkFlag

BY: Final = "K. Tester"
DAY: Final = date(2026, 3, 2)
AT: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SPEEDS: Final = (0.50, 0.52, 0.48, 0.45, 0.44)
ASSESSMENT: Final = Assessment(
    DAY, BY, age_years=67, t_spine=-2.9, vertebral_fracture=Answer.YES, exam="stiff in the hips"
)
OVERRIDE: Final = Override("vertebral_fracture", "Dr. Vale", "healed, twelve years ago", DAY)
CLEARANCE: Final = Clearance(
    Level.RESTRICTED,
    DAY,
    BY,
    findings=(Finding("vertebral_fracture", Weight.BLOCKS, "A vertebral fracture.", "exam"),),
    overrides=(OVERRIDE,),
    excluded=(Exclusion("overhead_press", "shoulder", BY),),
    cap_kg=40.0,
    impacts=False,
)
PROPOSAL: Final = Proposal(
    exercise="deadlift",
    day=DAY,
    action=Action.STEP_UP,
    phase=Phase.TRAINING,
    load_kg=55.0,
    load_before_kg=52.5,
    rung=None,
    rung_before=None,
    maximum_kg=67.0,
    intensity_pct=82.1,
    sets=5,
    repetitions=5,
    rule=Rule("all_done", "All repetitions were done.", "design default"),
    facts=(Fact("red flags", "0", "0", DAY, Action.STEP_UP, Confidence.HIGH),),
    would_change=("One red flag: hold.",),
    confidence=Confidence.HIGH,
    confidence_reasons=(),
    headline="Deadlift: 52.5 kg → 55 kg",
    rules_version="1",
)
DECISION: Final = Decision("deadlift", DAY, 0, Verdict.ACCEPTED, BY, Phase.TRAINING, 55.0)
CONFIRMED = "seen on the platform"
DAY_CHANGE: Final = DayChange("deadlift", BY, "slept badly", sets=3, repetitions=4, load_kg=45.0)


def repetition(
    number: int, speed_mps: float = 0.5, confidence: Confidence = Confidence.HIGH
) -> Repetition:
    """The repetition of a number: from 10 s times the number, for four seconds."""
    start_s = 10.0 * number
    return Repetition(
        set_number=1,
        number=number,
        exercise=Exercise.DEADLIFT,
        start_s=start_s,
        end_s=start_s + 4.0,
        concentric_start_s=start_s,
        concentric_end_s=start_s + 1.5,
        eccentric_start_s=start_s + 2.0,
        eccentric_end_s=start_s + 4.0,
        mean_velocity_mps=speed_mps,
        mean_propulsive_velocity_mps=speed_mps + 0.02,
        peak_velocity_mps=speed_mps + 0.3,
        rom_m=0.51,
        concentric_duration_s=1.5,
        eccentric_duration_s=2.0,
        velocity_loss_pct=0.0,
        mean_velocity_sd_mps=0.012,
        confidence=confidence,
        reasons=(),
        refined=True,
    )


def lift_set(
    *speeds_mps: float,
    confidence: Confidence = Confidence.HIGH,
    reasons: tuple[str, ...] = (),
) -> LiftSet:
    """A set of repetitions of these speeds, five if none are given."""
    speeds = speeds_mps or SPEEDS
    repetitions = tuple(repetition(n, v) for n, v in enumerate(speeds, start=1))
    return LiftSet(
        number=1,
        exercise=Exercise.DEADLIFT,
        start_s=repetitions[0].start_s,
        end_s=repetitions[-1].end_s,
        velocity_loss_pct=100.0 * (1.0 - speeds[-1] / max(speeds)),
        confidence=confidence,
        reasons=reasons,
        repetitions=repetitions,
    )


def flag(
    start_s: float,
    end_s: float | None,
    severity: Severity = Severity.RED,
    *,
    under_load: bool | None = True,
) -> TrunkFlag:
    """A flag of lumbar flexion."""
    return TrunkFlag(
        kind=FlagKind.LUMBAR_FLEXION,
        severity=severity,
        start_s=start_s,
        raised_s=start_s + 0.1,
        end_s=end_s,
        peak=27.5,
        limit=20.0,
        unit="deg",
        under_load=under_load,
        confidence=Confidence.HIGH,
    )


def landing(
    contact_s: float,
    peak_bw: float,
    *,
    clipped: bool = False,
    confidence: Confidence = Confidence.HIGH,
) -> Landing:
    """A landing of a peak force in body weights."""
    return Landing(
        at_s=contact_s + 0.3,
        sensor=Role.PELVIS,
        contact_s=contact_s,
        flight_s=0.21,
        peak_acc_g=peak_bw + 0.4,
        peak_acc_20hz_g=peak_bw + 0.1,
        peak_grf_bw=peak_bw,
        peak_grf_n=peak_bw * 620.0,
        grf_method="newton",
        second_grf_bw=None,
        second_method=None,
        difference_bw=None,
        loading_rate_bw_per_s=40.0,
        clipped=clipped,
        confidence=confidence,
        reasons=(),
    )


def new_set(number: int = 1, **changes: object) -> NewSet:
    """A watched working set of five deadlifts with 50 kg."""
    made = NewSet(
        exercise="deadlift",
        kind=SetKind.WORKING,
        number=number,
        load_kg=50.0,
        target_repetitions=5,
        at=AT,
        measured=lift_set(),
        watched=True,
        recording="deadlift.mcap",
    )
    return replace(made, **changes)  # type: ignore[arg-type]
