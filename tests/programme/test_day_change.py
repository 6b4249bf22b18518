"""What a clinician changes of a day's prescription, within what the clearance allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lift_monitor.programme import maximum as one_repetition
from lift_monitor.programme.clearance import Clearance, Exclusion, Level
from lift_monitor.programme.day_change import changed_today, check_change
from lift_monitor.programme.plan import Phase
from lift_monitor.programme.prescribe import today
from lift_monitor.programme.prescription import Prescription
from lift_monitor.programme.record import DayChange, Decision, History, SetKind, Verdict
from lift_monitor.programme.shipped import LIFTMOR

DAY = date(2026, 5, 4)
CLEARED = Clearance(Level.HIGH_INTENSITY, date(2026, 1, 5), "AB")


def standing(clearance: Clearance = CLEARED, phase: Phase = Phase.TRAINING) -> History:
    """52.5 kg of 64 kg in the deadlift, the fourth rung of the impacts."""
    day = DAY - timedelta(days=3)
    return History(
        LIFTMOR,
        clearance,
        maxima=(one_repetition.tested("deadlift", 64.0, day),),
        decisions=(
            Decision("deadlift", day, 1, Verdict.SET, "AB", phase, 52.5, maximum_kg=64.0),
            Decision("jumping_chin_up", day, 2, Verdict.SET, "AB", Phase.IMPACT, None, rung=3),
        ),
    )


def deadlift(history: History, **fields: Any) -> Prescription:
    change = DayChange("deadlift", "AB", "slept badly.", **fields)
    check_change(history, change)
    return changed_today(history, DAY, [change])[0]


def work(found: Prescription) -> list[tuple[int, float | None]]:
    return [(s.repetitions, s.load_kg) for s in found.sets if s.kind is not SetKind.WARM_UP]


def test_fewer_sets_and_repetitions_with_the_reason_beside_them() -> None:
    found = deadlift(standing(), sets=3, repetitions=4)
    assert work(found) == [(4, 52.5)] * 3
    assert [s.number for s in found.sets if s.kind is SetKind.WORKING] == [1, 2, 3]
    assert found.notes[0] == (
        "Changed for today: 3 × 4 × 52.5 kg instead of 5 × 5 × 52.5 kg. Reason: slept badly (AB)."
    )


def test_more_sets_are_done_like_the_last() -> None:
    assert work(deadlift(standing(), sets=6)) == [(5, 52.5)] * 6


def test_another_load_has_its_plates_share_and_warm_up() -> None:
    found = deadlift(standing(), load_kg=45.0)
    working = found.sets[-1]
    assert (working.load_kg, working.bar is not None) == (45.0, True)
    assert working.intensity_pct == pytest.approx(100 * 45 / 64)
    assert all((s.load_kg or 0) < 45 for s in found.sets if s.kind is SetKind.WARM_UP)


@pytest.mark.parametrize(
    ("clearance", "most_kg"),
    [
        (CLEARED, 0.85 * 64),
        (replace(CLEARED, level=Level.RESTRICTED, cap_kg=40.0), 40.0),
        (replace(CLEARED, level=Level.RESTRICTED, cap_pct=50.0), 32.0),
    ],
)
def test_no_change_goes_beyond_the_band_or_the_clearance(
    clearance: Clearance, most_kg: float
) -> None:
    found = deadlift(standing(clearance), load_kg=120.0)
    assert 0 < max(kg or 0 for _, kg in work(found)) <= most_kg
    assert any(note.startswith("Less than the 120 kg decided") for note in found.notes)


def test_left_out_names_who_and_why() -> None:
    found = deadlift(standing(), left_out=True)
    assert (found.sets, found.blocked) == ((), "Left out today: slept badly (AB).")


def test_what_is_blocked_stays_blocked() -> None:
    barred = replace(CLEARED, excluded=(Exclusion("deadlift", "hip", "AB"),))
    (plain, *_) = today(standing(barred), DAY)
    assert plain.blocked
    assert deadlift(standing(barred), sets=2, load_kg=20.0) == plain


def test_a_rung_for_today_has_that_rungs_dose() -> None:
    history = standing()
    low = DayChange("jumping_chin_up", "AB", "knee", rung=0)
    found = changed_today(history, DAY, [low])[-1]
    first = LIFTMOR.exercise("jumping_chin_up").ladder[0]
    assert (found.rung, len(found.sets), found.sets[0].repetitions) == (
        0, first.sets, first.repetitions,
    )  # fmt: skip


def test_a_retest_keeps_its_protocol() -> None:
    found = deadlift(standing(phase=Phase.RETEST), sets=1, repetitions=3)
    assert [(s.kind, s.repetitions) for s in found.sets if s.kind is not SetKind.WARM_UP] == [
        (SetKind.TEST, 10)
    ]


def test_the_last_change_holds_and_one_without_a_change_takes_it_back() -> None:
    history = standing()
    first = DayChange("deadlift", "AB", "slept badly", left_out=True)
    back = DayChange("deadlift", "AB", "wants to try")
    assert changed_today(history, DAY, [first, back]) == today(history, DAY)
    assert changed_today(history, DAY, [back, first])[0].blocked


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (DayChange("deadlift", " ", "why", sets=3), "Nobody is named"),
        (DayChange("deadlift", "AB", " ", sets=3), "Enter why today's Deadlift"),
        (DayChange("deadlift", "AB", "why", sets=0), "0 sets"),
        (DayChange("deadlift", "AB", "why", repetitions=21), "21 repetitions"),
        (DayChange("deadlift", "AB", "why", load_kg=301.0), "301 kg is no load"),
        (DayChange("deadlift", "AB", "why", load_kg=float("nan")), "nan kg is no load"),
        (DayChange("deadlift", "AB", "why", rung=0), "no rung 1"),
        (DayChange("jumping_chin_up", "AB", "why", load_kg=5.0), "has no load"),
        (DayChange("jumping_chin_up", "AB", "why", rung=99), "no rung 100"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(change: DayChange, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_change(standing(), change)
