"""The commands ``people``, ``backup`` and ``restore``, as they are typed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lift_monitor.cli import main
from lift_monitor.clinic.store import Clinic
from lift_monitor.programme.clearance import Clearance, Level

BY = "K. Tester"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def run(*words: object) -> int:
    return main([str(word) for word in words])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clinic.sqlite"
    with Clinic.open(path) as clinic:
        heron = clinic.people.add("Heron 14", BY, date(2026, 3, 1))
        clinic.care.set_clearance(heron.id, Clearance(Level.HIGH_INTENSITY, AT.date(), BY), BY)
        session = clinic.sessions.begin(heron.id, AT, BY)
        clinic.sessions.end(session.id, AT, BY)
        teal = clinic.people.add("Teal 3", BY, date(2026, 3, 1))
        clinic.care.set_clearance(teal.id, Clearance(Level.NO_LOAD, AT.date(), BY), BY)
        clinic.people.add("Wren 5", BY, date(2026, 3, 1))
        gone = clinic.people.add("Owl 9", BY, date(2026, 3, 1))
        clinic.people.archive(gone.id, BY, "moved away")
    return path


def test_people_are_listed_with_phase_and_attendance(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("people", "--clinic", file) == 0
    shown = capsys.readouterr().out
    heron, teal, wren = (line for line in shown.splitlines() if any(
        name in line for name in ("Heron", "Teal", "Wren")))  # fmt: skip
    assert "familiarisation" in heron
    assert "1 of 70" in heron
    assert "2026-03-02" in heron
    assert "no load" in teal
    assert "not assessed" in wren
    assert "0 of 70" in wren
    assert "never" in wren
    assert "Owl" not in shown
    assert run("people", "--archived", "--clinic", file) == 0
    assert "Owl 9 (archived)" in capsys.readouterr().out


def test_a_slip_in_the_name_makes_no_new_clinic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "clinik.sqlite"
    for command in (["people"], ["backup"]):
        assert run(*command, "--clinic", missing) == 2
        assert "no records of a clinic" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_and_a_simulated_clinic_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.sqlite"
    with Clinic.open(path) as clinic:
        clinic.mark_simulated(BY)
    assert run("people", "--clinic", path) == 0
    shown = capsys.readouterr().out
    assert "Simulated people" in shown
    assert "Nobody" in shown


def test_back_up_and_restore(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "copy.sqlite"
    assert run("backup", out, "--clinic", file) == 0
    assert str(out) in capsys.readouterr().out
    assert run("backup", out, "--clinic", file) == 2
    assert "exists already" in capsys.readouterr().err
    with Clinic.open(file) as clinic:
        clinic.people.add("Swift 8", BY, date(2026, 3, 1))
    assert run("restore", out, "--clinic", file, "--by", "D. Other") == 0
    told = capsys.readouterr().out
    assert "What was there before is kept as" in told
    with Clinic.open(file) as clinic:
        assert "Swift 8" not in [person.pseudonym for person in clinic.people.all()]
        entry = clinic.audit.entries(limit=1)[0]
        assert (entry.what, entry.by) == ("backup_restored", "D. Other")


def test_the_backup_without_a_name_is_with_the_others(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFT_MONITOR_CLINIC", str(file))
    assert run("backup") == 0
    made = Path(capsys.readouterr().out.split(": a checked")[0])
    assert made.parent == file.with_name("clinic-backups")
    assert run("people", "--clinic", made) == 0


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0" + bytes(500), b"x" * 5000])
def test_what_is_no_backup_is_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    wrong = tmp_path / "wrong.sqlite"
    wrong.write_bytes(content)
    before = file.read_bytes()
    assert run("restore", wrong, "--clinic", file) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "wrong.sqlite" in said
    assert file.read_bytes() == before
    assert run("restore", wrong, "--clinic", "postgresql://host/x") == 2
    assert "pg_restore" in capsys.readouterr().err
