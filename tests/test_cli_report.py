"""A report and tables from the command line, out of a real clinic's file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lift_monitor.cli import main
from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Identity, NewSet
from lift_monitor.programme.record import SetKind
from lift_monitor.report.build import usual_name

Run = Callable[..., int]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "clinic.sqlite"
    with Clinic.open(path, durable=False) as clinic:
        heron = clinic.people.add("Heron 14", "K. Lind", date(2026, 3, 2))
        clinic.people.add("Wren 1", "K. Lind", date(2026, 3, 2))
        clinic.people.set_identity(heron.id, Identity("Erika Mustermann"), "K. Lind")
        begun = datetime(2026, 3, 2, 9, tzinfo=UTC)
        session = clinic.sessions.begin(heron.id, begun, "K. Lind")
        new = NewSet("deadlift", SetKind.WORKING, 1, 20.0, 5, begun, counted_by_hand=5)
        clinic.sessions.add_set(session.id, new, "K. Lind")
        clinic.sessions.end(session.id, begun, "K. Lind")
    return path


@pytest.fixture
def run(store: Path) -> Run:
    return lambda *words: main([*(str(w) for w in words), "--clinic", str(store)])


def audited(store: Path) -> list[tuple[str, str]]:
    with Clinic.open(store) as clinic:
        return [(entry.by, entry.what) for entry in clinic.audit.entries()]


def test_a_report_is_written_and_noted(
    run: Run, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "heron.pdf"
    assert run("report", "heron 14", out, "--by", "A. Moor", "--words", "going well") == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert "Heron 14" in capsys.readouterr().out
    assert ("A. Moor", "report_written") in audited(store)


def test_a_report_is_never_written_over_unasked(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "heron.pdf"
    out.write_text("mine")
    assert run("report", "Heron 14", out) == 2
    assert "exists already" in capsys.readouterr().err
    assert out.read_text() == "mine"
    assert run("report", "Heron 14", out, "--overwrite") == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_without_a_name_the_file_is_called_by_the_pseudonym(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("report", "Heron 14", "--name") == 0
    (made,) = tmp_path.glob("*.pdf")
    assert made.name.startswith("Heron-14-report-")
    assert "Mustermann" not in made.name


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("report", "Heron 15", "out.pdf"), "nobody called"),
        (("report", "Heron 14", "out.txt"), "ends in .pdf"),
        (("report", "Heron 14", "no/folder/out.pdf"), "make it first"),
        (("report", "Wren 1", "out.pdf", "--name"), "is not in the records"),
        (("report", "Heron 14", "out.pdf", "--from", "2026-05-01", "--to", "2026-04-01"), "turn"),
        (("report", "Heron 14", "out.pdf", "--from", "yesterday"), "yesterday"),
        (("export-clinic", "no/folder/tables"), "make it first"),
        (("export-clinic", "tables", "--person", "Nobody"), "nobody called"),
    ],
)
def test_bad_input_gets_one_sentence_and_leaves_nothing(
    run: Run,
    words: tuple[str, ...],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*words) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert len(told.strip().splitlines()) == 1
    assert not list(tmp_path.glob("*.pdf"))
    assert not (tmp_path / "tables").exists()


def test_a_clinic_that_is_not_there_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "slip.sqlite"
    assert main(["report", "Heron 14", str(tmp_path / "o.pdf"), "--clinic", str(missing)]) == 2
    assert "no records" in capsys.readouterr().err
    assert not missing.exists()


def test_everything_of_everybody_or_of_one(run: Run, store: Path, tmp_path: Path) -> None:
    assert run("export-clinic", tmp_path / "all", "--by", "A. Moor") == 0
    with (tmp_path / "all" / "people.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["person"] for row in csv.DictReader(stream)] == ["Heron 14", "Wren 1"]
    with (tmp_path / "all" / "audit.csv").open(encoding="utf-8", newline="") as stream:
        assert "exported_as_csv" in {row["what"] for row in csv.DictReader(stream)}
    assert run("export-clinic", tmp_path / "one", "--person", "Wren 1") == 0
    with (tmp_path / "one" / "people.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["person"] for row in csv.DictReader(stream)] == ["Wren 1"]
    # Of each person, and of the clinic's own audit.
    assert audited(store).count(("A. Moor", "exported_as_csv")) == 3


def test_a_file_name_has_no_sign_that_a_system_forbids(store: Path) -> None:
    with Clinic.open(store) as clinic:
        odd = clinic.people.add("Ñandú & co. 7", "K. Lind", date(2026, 3, 2))
        assert usual_name(odd, date(2026, 6, 1)) == "Ñandú-co-7-report-2026-06-01.pdf"
