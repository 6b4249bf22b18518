from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from lift_monitor.cli import main
from lift_monitor.clinic.store import Clinic
from lift_monitor.practice.course import SESSIONS, START, planned_day
from lift_monitor.practice.demo import HALF, demo_clinic, demo_people, start_before
from lift_monitor.practice.people import PEOPLE
from lift_monitor.programme.outcomes import Measure
from lift_monitor.programme.record import SetKind

SHORT = 8


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    demo_clinic(path, people=demo_people(2), sessions=SHORT)
    return path


def test_the_store_says_that_its_people_are_simulated(demo: Path) -> None:
    with Clinic.open(demo) as clinic:
        assert clinic.simulated
        assert [p.pseudonym for p in clinic.people.all()] == ["Heron 3", "Wren 11"]


def test_everybody_has_what_the_screens_show(demo: Path) -> None:
    with Clinic.open(demo) as clinic:
        for person in clinic.people.all():
            assert clinic.care.assessments(person.id)
            assert clinic.care.clearance(person.id) is not None
            assert len(clinic.sessions.all(person.id)) == SHORT
            assert clinic.sessions.open_ones() == ()
            assert {o.measure for o in clinic.outcomes.all(person.id)} == set(Measure)
            assert clinic.decisions.proposals(person.id)
            kinds = {
                stored.new.kind
                for session in clinic.sessions.all(person.id)
                for stored in clinic.sessions.sets(session.id)
            }
            assert SetKind.WORKING in kinds
            identity = clinic.people.identity(person.id)
            assert identity is not None
            assert "simulated" in identity.name


def test_the_same_seed_gives_the_same_course_another_seed_another(tmp_path: Path) -> None:
    def loads(name: str, seed: int) -> list[tuple[float | None, float | None]]:
        courses = demo_clinic(
            tmp_path / f"{name}.sqlite", seed, people=demo_people(1), sessions=SHORT
        )
        return [
            (s.new.load_kg, s.new.measured.velocity_loss_pct if s.new.measured else None)
            for day in courses[0].days
            for s in day.sets
        ]

    first = loads("one", 1)
    assert first == loads("again", 1)
    assert first != loads("other", 2)


def test_the_last_session_was_three_days_before() -> None:
    day = date(2026, 11, 22)
    for sessions in (1, 2, 35, SESSIONS):
        assert planned_day(start_before(day, sessions), sessions) == day - timedelta(days=3)


def test_sessions_are_twice_a_week_over_thirty_five_weeks() -> None:
    days = [planned_day(START, number) for number in range(1, SESSIONS + 1)]
    assert len(set(days)) == SESSIONS
    assert (days[-1] - days[0]).days < 35 * 7
    assert {day.weekday() for day in days} == {0, 3}


@pytest.mark.parametrize("count", [1, 8, 20])
def test_so_many_people_as_are_asked_for(count: int) -> None:
    chosen = demo_people(count)
    assert len(chosen) == count
    assert all(person in PEOPLE for person in chosen)


def test_the_command_makes_a_clinic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "clinic.sqlite"
    options = ["--people", "1", "--sessions", "2", "--start", "2026-01-05"]
    assert main(["simulate-clinic", str(out), *options]) == 0
    assert "Heron 3" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["clinic.sqlite"]
    with Clinic.open(out) as clinic:
        person = clinic.people.find("Heron 3")
        assert [s.day for s in clinic.sessions.all(person.id)] == [
            date(2026, 1, 5),
            date(2026, 1, 8),
        ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--people", "21"], "There are 1 to 20 simulated people, not 21."),
        (["--people", "0"], "There are 1 to 20 simulated people, not 0."),
        (["--sessions", "71"], "There are 70 planned sessions; choose 0 to 70."),
        (["--seed", "-1"], "The seed is -1; choose 0 or more."),
    ],
)
def test_the_command_refuses_what_it_cannot_do_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    assert main(["simulate-clinic", str(tmp_path / "clinic.sqlite"), *options]) == 2
    assert capsys.readouterr().err.strip() == sentence
    assert not list(tmp_path.iterdir())


def test_the_command_leaves_a_file_that_is_there_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "clinic.sqlite"
    out.write_text("somebody's records")
    assert main(["simulate-clinic", str(out)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert out.read_text() == "somebody's records"


def test_a_folder_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate-clinic", str(tmp_path / "none" / "clinic.sqlite")]) == 2
    assert "does not exist; make it first" in capsys.readouterr().err


def test_a_flag_ends_after_it_was_raised_and_within_its_repetition(demo: Path) -> None:
    seen = 0
    with Clinic.open(demo) as clinic:
        for person in clinic.people.all():
            for session in clinic.sessions.all(person.id):
                for stored in clinic.sessions.sets(session.id):
                    for flag in stored.new.flags:
                        assert stored.new.measured is not None
                        assert flag.end_s is not None
                        assert flag.start_s < flag.raised_s <= flag.end_s
                        assert any(
                            r.start_s <= flag.start_s and flag.end_s <= r.end_s
                            for r in stored.new.measured.repetitions
                        )
                        seen += 1
    assert seen


def test_nothing_of_a_clinic_made_for_today_lies_in_the_future(tmp_path: Path) -> None:
    today, path = date(2026, 11, 22), tmp_path / "half.sqlite"
    demo_clinic(path, people=demo_people(1), start=start_before(today, HALF))
    with Clinic.open(path) as clinic:
        (person,) = clinic.people.all()
        outcomes = clinic.outcomes.all(person.id)
        days = {outcome.day for outcome in outcomes}
        assert len(days) == 2
        assert max(days) < today
        assert all(entry.at.date() < today for entry in clinic.audit.entries(person.id))
