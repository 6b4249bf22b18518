"""The window of a clinic from the command line: what is refused before it opens."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lift_monitor.cli import main, programme
from lift_monitor.cli.common import UserError
from lift_monitor.cli.programme import practice_file, report_writer, require_practice
from lift_monitor.clinic.store import Clinic
from lift_monitor.ui.report_desk import ReportWish

DAY = date(2026, 11, 22)


def test_without_a_display_it_says_what_works_without_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(programme, "has_display", lambda: False)
    file = tmp_path / "c.sqlite"
    assert main(["clinic", "--clinic", str(file)]) == 2
    told = capsys.readouterr().err
    assert "no display" in told
    assert len(told.strip().splitlines()) == 1
    assert not file.exists()


def test_an_unknown_theme_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clinic", "--theme", "pink"]) == 2
    assert "dark or light" in capsys.readouterr().err


def test_emulated_sensors_never_write_into_the_record_of_people(tmp_path: Path) -> None:
    with Clinic.open(tmp_path / "c.sqlite") as clinic:
        clinic.people.add("Heron 14", "AB", DAY)
        with pytest.raises(UserError, match="may be real"):
            require_practice(clinic)
        assert not clinic.simulated


def test_an_empty_clinic_becomes_one_for_practice_and_stays_so(tmp_path: Path) -> None:
    with Clinic.open(tmp_path / "c.sqlite") as clinic:
        require_practice(clinic)
        clinic.people.add("Heron 14", "AB", DAY)
        require_practice(clinic)
        assert clinic.simulated


def test_practice_has_a_file_beside_the_clinics(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIFT_MONITOR_CLINIC", str(tmp_path / "real.sqlite"))
    assert Path(practice_file()) == tmp_path / "practice.sqlite"


def test_the_windows_report_is_a_pdf_with_its_note_in_the_audit(tmp_path: Path) -> None:
    with Clinic.open(tmp_path / "c.sqlite") as clinic:
        person = clinic.people.add("Heron 14", "AB", DAY)
        out = tmp_path / "report.pdf"
        made = report_writer(clinic)(person, ReportWish(DAY, DAY, words="well done"), out, "AB")
        assert made == out
        assert out.read_bytes().startswith(b"%PDF")
        assert "report_written" in {e.what for e in clinic.audit.entries(person.id)}


def test_a_report_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with Clinic.open(tmp_path / "c.sqlite") as clinic:
        person = clinic.people.add("Heron 14", "AB", DAY)
        nowhere = tmp_path / "no" / "such" / "folder" / "r.pdf"
        with pytest.raises(ValueError, match="cannot be written"):
            report_writer(clinic)(person, ReportWish(DAY, DAY), nowhere, "AB")


def test_a_clinic_on_a_server_has_no_file_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFT_MONITOR_CLINIC", "postgresql://clinic.example/lift")
    with pytest.raises(UserError, match="--clinic"):
        practice_file()
