"""A small real clinic: one person with some weeks of everything, one with nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Identity, NewSet, Outcome, Ratings
from lift_monitor.events import Confidence, Exercise, LiftSet, Repetition
from lift_monitor.programme.assess import clearance_of
from lift_monitor.programme.clearance import Answer, Assessment
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.record import (
    Decision,
    EventGrade,
    Maximum,
    MaximumSource,
    SetKind,
    Verdict,
)
from lift_monitor.programme.shipped import LIFTMOR
from lift_monitor.samples import Role
from lift_monitor.technique import FlagKind, Landing, Severity, TrunkFlag

FIRST = date(2026, 3, 2)
BY = "K. Lind"


def repetition(
    number: int, *, start_s: float, confidence: Confidence = Confidence.HIGH
) -> Repetition:
    return Repetition(
        set_number=1, number=number, exercise=Exercise.DEADLIFT, start_s=start_s,
        end_s=start_s + 3, concentric_start_s=start_s, concentric_end_s=start_s + 1,
        eccentric_start_s=start_s + 1.5, eccentric_end_s=start_s + 3, mean_velocity_mps=0.5,
        mean_propulsive_velocity_mps=0.5, peak_velocity_mps=0.8, rom_m=0.55,
        concentric_duration_s=1.0, eccentric_duration_s=1.5, velocity_loss_pct=0.0,
        mean_velocity_sd_mps=0.02, confidence=confidence, reasons=(), refined=True,
    )  # fmt: skip


def lift_set(count: int) -> LiftSet:
    repetitions = tuple(repetition(n + 1, start_s=5.0 * n) for n in range(count))
    return LiftSet(1, Exercise.DEADLIFT, 0.0, 5.0 * count, 5.0, Confidence.HIGH, (), repetitions)


def red_flag(at_s: float) -> TrunkFlag:
    return TrunkFlag(
        FlagKind.LUMBAR_FLEXION, Severity.RED, at_s, at_s + 0.3, at_s + 1.0, 24.0, 20.0, "deg",
        True, Confidence.HIGH,
    )  # fmt: skip


def landing(at_s: float, peak_bw: float, *, clipped: bool = False) -> Landing:
    return Landing(
        at_s, Role.PELVIS, at_s, 0.3, 6.0, 5.0, peak_bw, peak_bw * 600, "hip, vertical", None, None,
        None, 80.0, clipped, Confidence.HIGH, (),
    )  # fmt: skip


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """An empty clinic whose clock stands."""
    moment = datetime(2026, 6, 1, 9, tzinfo=UTC)
    with Clinic.open(tmp_path / "clinic.sqlite", now=lambda: moment, durable=False) as store:
        yield store


@pytest.fixture
def heron(clinic: Clinic) -> int:
    """A person with six sessions, two missed, and a bit of everything."""
    person = clinic.people.add("Heron 14", BY, FIRST)
    number = person.id
    clinic.people.set_identity(
        number, Identity("Erika Mustermann", date(1958, 2, 3), "", "Dr. Weber, Main Street"), BY
    )
    assessed = healthy(FIRST)
    clinic.care.add_assessment(number, assessed, BY)
    clinic.care.set_clearance(number, clearance_of(assessed, by=BY, day=FIRST), BY)
    clinic.plans.set(number, LIFTMOR, BY, "begins")
    for index in range(6):
        session(clinic, number, index)
    clinic.sessions.miss(number, FIRST + timedelta(days=8), "influenza", BY)
    clinic.sessions.miss(number, FIRST + timedelta(days=9), "influenza", BY)
    decide(clinic, number)
    clinic.maxima.add(
        number,
        Maximum("deadlift", MaximumSource.TESTED, 50.0, None, None, FIRST + timedelta(days=14),
                Confidence.HIGH, "lifted once"),
        BY,
    )  # fmt: skip
    clinic.sessions.adverse_event(
        number, None, EventGrade.MINOR, "=HYPERLINK(\"x\") sore back", "deadlift",
        FIRST + timedelta(days=5), BY,
    )  # fmt: skip
    for day, value, device in (
        (FIRST, 0.800, "Scanner A"),
        (FIRST + timedelta(days=80), 0.820, "Scanner A"),
        (FIRST + timedelta(days=81), 0.900, "Scanner B"),
    ):
        clinic.outcomes.add(number, Outcome(Measure.BMD_SPINE, value, day, BY, device), BY)
    return number


def healthy(day: date) -> Assessment:
    """Somebody whom nothing speaks against."""
    return Assessment(
        day,
        BY,
        age_years=65,
        body_mass_kg=61.0,
        vertebral_fracture=Answer.NO,
        low_trauma_fractures=0,
        recent_fracture=Answer.NO,
        localised_back_pain=Answer.NO,
        uncontrolled_cardiovascular=Answer.NO,
        malignancy=Answer.NO,
        lower_limb_surgery_or_injury=Answer.NO,
        cognitive_impairment=Answer.NO,
        t_spine=-2.0,
        t_femoral_neck=-2.0,
        t_hip=-1.8,
        blood_work_seen=Answer.YES,
        pain_now=0,
        can_hip_hinge=Answer.YES,
    )


def session(clinic: Clinic, person_id: int, index: int) -> None:
    """Two deadlift sets (the second with a red repetition at first) and five landings."""
    day = FIRST + timedelta(days=3 * index)
    start = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    opened = clinic.sessions.begin(person_id, start, BY, 61.0)
    for number in (1, 2):
        kept = clinic.sessions.add_set(
            opened.id,
            NewSet(
                "deadlift", SetKind.WORKING, number, 20.0 + 2.5 * index, 5,
                start + timedelta(minutes=5 * number), measured=lift_set(5),
                flags=(red_flag(5.5),) if number == 2 and index < 3 else (), watched=index != 4,
                confidence=Confidence.LOW if index == 5 else Confidence.HIGH,
                reasons=("the bar sensor lost packets",) if index == 5 else (),
                unwatched="the thorax sensor was lost" if (index, number) == (4, 2) else None,
            ),
            BY,
        )  # fmt: skip
        clinic.sessions.rate(kept.id, Ratings(rpe=13, pain=2 if index else 5), BY)
    clinic.sessions.add_set(
        opened.id,
        NewSet(
            "jumping_chin_up", SetKind.WORKING, 1, None, 5, start + timedelta(minutes=20),
            landings=tuple(landing(3.0 * n, 3.0 + 0.25 * n, clipped=index == 2) for n in range(5)),
            rung=0, ceiling_bw=3.9,
        ),
        BY,
    )  # fmt: skip
    clinic.sessions.end(opened.id, start + timedelta(minutes=30), BY, f"Note {index}")


def decide(clinic: Clinic, person_id: int) -> None:
    for index, (verdict, reason, maximum) in enumerate(
        (
            (Verdict.SET, "", None),
            (Verdict.ACCEPTED, "", None),
            (Verdict.CHANGED, "tired", 50.0),
            (Verdict.REJECTED, "wants to wait", 50.0),
            (Verdict.ACCEPTED, "", 55.0),
        )
    ):
        clinic.decisions.add(
            person_id,
            Decision(
                "deadlift", FIRST + timedelta(days=3 * index), 0, verdict, BY,
                Phase.FAMILIARISATION, 20.0 + 2.5 * index, maximum_kg=maximum, reason=reason,
            ),
            BY,
        )  # fmt: skip


@pytest.fixture
def newcomer(clinic: Clinic) -> int:
    """A person of whom nothing is known."""
    return clinic.people.add("Wren 1", BY, FIRST).id
