"""The report and the tables tell the same of the same records, number by number."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import NewSet, Ratings
from lift_monitor.events import Confidence
from lift_monitor.programme.record import SetKind
from lift_monitor.report.csv_files import write_csv
from lift_monitor.report.gather import gather
from tests.report.conftest import FIRST, landing, red_flag

BY = "K. Lind"
Rows = list[dict[str, str]]


@pytest.fixture
def odd(clinic: Clinic, heron: int) -> int:
    """Heron with what a clinic does to its records: taken out, added, withdrawn, corrected."""
    held = [s for s in clinic.sessions.all(heron) if s.attended]
    first, second, *_ = clinic.sessions.sets(held[0].id)
    clinic.sessions.remove_repetition(first.repetitions[2].id, BY, "a set-down")
    clinic.sessions.add_repetition(second.id, BY, "not seen by the sensors")
    clinic.sessions.remove_set(clinic.sessions.sets(held[1].id)[1].id, BY, "another person")
    clinic.sessions.set_load_of(clinic.sessions.sets(held[2].id)[0].id, 47.5, BY)
    start = datetime(2026, 4, 1, 9, tzinfo=UTC)
    opened = clinic.sessions.begin(heron, start, BY, 61.0)
    withdrawn = replace(landing(9.0, 9.9), confidence=Confidence.NONE)
    for new in (
        NewSet("deadlift", SetKind.WORKING, 1, 40.0, 5, start, counted_by_hand=4),
        NewSet("deadlift", SetKind.TEST, 1, 60.0, 1, start, counted_by_hand=1),
        NewSet(
            "deadlift", SetKind.WORKING, 2, 40.0, 5, start, counted_by_hand=3,
            flags=(red_flag(2.0),),
        ),
        NewSet(
            "jumping_chin_up", SetKind.WORKING, 1, None, 5, start, rung=0, ceiling_bw=3.0,
            landings=(landing(3.0, 3.5), withdrawn, withdrawn),
        ),
    ):  # fmt: skip
        kept = clinic.sessions.add_set(opened.id, new, BY)
    clinic.sessions.rate(kept.id, Ratings(rpe=12, pain=6), BY)
    clinic.sessions.end(opened.id, start + timedelta(minutes=30), BY)
    return heron


def read(folder: Path, name: str) -> Rows:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def summed(rows: Rows, column: str) -> int:
    return sum(int(row[column]) for row in rows if row[column])


@pytest.mark.parametrize(
    ("start", "end"), [(None, None), (FIRST + timedelta(days=3), FIRST + timedelta(days=12))]
)
def test_numbers_of_the_report_are_those_of_the_tables(
    clinic: Clinic, odd: int, tmp_path: Path, start: date | None, end: date | None
) -> None:
    write_csv(clinic, odd, tmp_path / "t")
    data = gather(clinic, odd, start, end, day=date(2026, 6, 1), by=BY)
    period = data.head.period
    days = {r["session"]: date.fromisoformat(r["day"]) for r in read(tmp_path / "t", "sessions")}
    held = [r for r in read(tmp_path / "t", "sets") if period.holds(days[r["session"]])]
    sets = [r for r in held if r["counts"] == "yes"]
    assert data.basis.sets == len(sets)
    assert data.basis.removed_sets == len(held) - len(sets) == 1
    assert len(data.attendance.attended) == len({days[r["session"]] for r in sets})

    lifts = [r for r in sets if r["exercise"] == "deadlift"]
    watched = [r for r in lifts if r["red_repetitions"] or r["amber_repetitions"]]
    assert sum(s.repetitions for s in data.technique) == summed(lifts, "repetitions")
    assert sum(s.watched for s in data.technique) == summed(watched, "repetitions")
    assert sum(s.red for s in data.technique) == summed(watched, "red_repetitions")
    heaviest: dict[date, float] = {}
    for row in lifts:
        if row["kind"] == "working":
            day = days[row["session"]]
            heaviest[day] = max(heaviest.get(day, 0.0), float(row["load_kg"]))
    (deadlift,) = (course for course in data.lifts if course.key == "deadlift")
    assert {point.day: point.load_kg for point in deadlift.points} == heaviest

    kept = {row["set"] for row in sets}
    landings = [r for r in read(tmp_path / "t", "landings") if r["set"] in kept]
    forces = [float(r["peak_grf_bw"]) for r in landings if r["confidence"] != "none"]
    told = data.impacts
    assert sum(point.count for point in told) == len(landings)
    assert sum(point.withdrawn for point in told) == len(landings) - len(forces)
    added = sum(point.mean_bw * (point.count - point.withdrawn) for point in told)
    assert added == pytest.approx(sum(forces))
    assert max(point.hardest_bw for point in told) == max(forces)
    assert sum(point.over_ceiling or 0 for point in told) == summed(sets, "over_ceiling")

    ratings = [r for r in read(tmp_path / "t", "ratings") if r["set"] in kept]
    pains = [int(r["pain_of_10"]) for r in ratings if r["pain_of_10"]]
    assert (data.basis.pain_asked, data.basis.highest_pain) == (len(pains), max(pains))
    assert data.basis.painful == sum(pain >= 4 for pain in pains)
