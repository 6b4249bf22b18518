"""Accuracy on the reference recordings; skipped where they are not beside the checkout."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from benchmarks.real_data import CountRow, MotionRow, bar_counts, optical_trials, wrist_counts
from lift_monitor.analysis import analyse
from lift_monitor.events import Exercise
from lift_monitor.recordings.importers import import_metamotion

KNOWN_MISSES = {"back_squat_L4_set2.csv": 1}
"""Good sets that are not counted exactly, and by how much. The one: eleven movements of the
same range and speed (0.64-0.69 m) are seen where the label says ten."""

LIFTS = (
    Exercise.DEADLIFT,
    Exercise.ROMANIAN_DEADLIFT,
    Exercise.BACK_SQUAT,
    Exercise.OVERHEAD_PRESS,
    Exercise.BENT_OVER_ROW,
    Exercise.BENCH_PRESS,
)


@pytest.fixture(scope="module")
def bar(shared_data: Path) -> list[CountRow]:
    return bar_counts(shared_data)


@pytest.fixture(scope="module")
def wrist(shared_data: Path) -> list[CountRow]:
    return wrist_counts(shared_data)


@pytest.fixture(scope="module")
def optical(shared_data: Path) -> dict[str, MotionRow]:
    return {row.trial[:2]: row for row in optical_trials(shared_data)}


def of_grade(rows: list[CountRow], *grades: str) -> list[CountRow]:
    return [row for row in rows if row.grade in grades]


def test_good_sets_are_counted_exactly(bar: list[CountRow]) -> None:
    good = of_grade(bar, "good")
    assert len(good) == 19
    wrong = {row.file: abs(row.error) for row in good if row.error}
    assert set(wrong) <= set(KNOWN_MISSES)
    assert all(wrong[file] <= KNOWN_MISSES[file] for file in wrong)


def test_lossy_and_ambiguous_sets_are_within_one(bar: list[CountRow]) -> None:
    rows = of_grade(bar, "lossy", "ambiguous")
    assert len(rows) == 11
    assert {row.file: row.error for row in rows if abs(row.error) > 1} == {}
    assert sum(row.error == 0 for row in rows) >= 7


def test_a_broken_recording_never_looks_trustworthy(bar: list[CountRow]) -> None:
    rows = of_grade(bar, "broken")
    assert rows
    assert all(row.confidence != "high" for row in rows)
    assert all(row.reasons for row in rows if row.confidence != "no set")


def test_what_is_low_in_confidence_says_why(bar: list[CountRow], wrist: list[CountRow]) -> None:
    assert all(row.reasons for row in (*bar, *wrist) if row.confidence == "low")


def test_velocity_and_inclination_agree_with_optical_truth(optical: dict[str, MotionRow]) -> None:
    assert optical["14"].refined_mps <= 0.012
    assert optical["05"].refined_mps <= 0.020
    assert {t: row.up_deg for t, row in optical.items() if row.up_deg > 0.5} == {}


def test_wrist_sets_are_mostly_within_one_and_never_of_high_confidence(
    wrist: list[CountRow],
) -> None:
    sets = [row for row in wrist if row.exercise != "rest"]
    assert len(sets) >= 20
    assert sum(abs(row.error) <= 1 for row in sets) >= 0.8 * len(sets)
    assert all(row.confidence != "high" for row in sets)


@pytest.mark.parametrize("exercise", LIFTS)
def test_a_rest_holds_no_repetition_of_any_exercise(shared_data: Path, exercise: Exercise) -> None:
    rests = sorted((shared_data / "wrist_metamotion_lifts").glob("rest_*Accelerometer*.csv"))
    assert rests
    for path in rests:
        analysis = analyse(import_metamotion(path), exercise=exercise, keep_traces=False)
        assert analysis.duration_s > 10.0
        assert [dataclasses.astuple(rep) for rep in analysis.repetitions] == []
