"""Everything as tables: complete, the same again, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lift_monitor.clinic import schema
from lift_monitor.clinic.backup import restore
from lift_monitor.clinic.store import Clinic
from lift_monitor.events import Confidence, Repetition
from lift_monitor.programme.clearance import Assessment, Level
from lift_monitor.programme.record import DayChange, Maximum, MaximumSource
from lift_monitor.report.build import export
from lift_monitor.report.csv_cell import cell
from lift_monitor.report.csv_files import CODEBOOK, FILES, file_names, write_csv
from lift_monitor.report.csv_tables import TABLES
from lift_monitor.report.errors import ReportError
from lift_monitor.technique import Landing, TrunkFlag


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def folder(clinic: Clinic, heron: int, newcomer: int, tmp_path: Path) -> Path:
    out = tmp_path / "tables"
    write_csv(clinic, (heron, newcomer), out)
    return out


def test_one_file_a_table_and_a_codebook(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(file_names())


def test_rows_are_those_of_the_store(folder: Path) -> None:
    assert [r["person"] for r in rows(folder, "people")] == ["Heron 14", "Wren 1"]
    sessions = rows(folder, "sessions")
    assert len(sessions) == 8
    assert [r["reason_missed"] for r in sessions if r["attended"] == "no"] == ["influenza"] * 2
    sets = rows(folder, "sets")
    assert len(sets) == 18
    assert sets[0]["load_kg"] == "20"
    assert sets[3]["load_kg"] == "22.5"
    assert len(rows(folder, "repetitions")) == 60
    assert len(rows(folder, "landings")) == 30
    assert [r["peak"] for r in rows(folder, "flags")] == ["24"] * 3
    assert [r["verdict"] for r in rows(folder, "decisions")] == [
        "set",
        "accepted",
        "changed",
        "rejected",
        "accepted",
    ]
    assert [r["unit"] for r in rows(folder, "outcomes")] == ["g/cm²"] * 3
    assert rows(folder, "assessments")[0]["t_spine"] == "-2"
    assert rows(folder, "plans")[0]["document_json"].startswith("{")


def test_what_is_not_known_is_empty_and_never_a_zero(folder: Path) -> None:
    watched, unwatched = (
        [r for r in rows(folder, "sets") if r["watched_by_sensors"] == yes] for yes in ("yes", "no")
    )
    assert {r["red_repetitions"] for r in unwatched} == {""}
    assert {r["not_watched_because"] for r in watched} == {""}
    assert {r["not_watched_because"] for r in unwatched} == {
        "not recorded", "the thorax sensor was lost",
    }  # fmt: skip
    chin_ups = [r for r in rows(folder, "sets") if r["exercise"] == "jumping_chin_up"]
    assert {r["load_kg"] for r in chin_ups} == {""}
    assert {r["peak_grf_n"] != "" for r in rows(folder, "landings")} == {True}
    assert {r["second_grf_bw"] for r in rows(folder, "landings")} == {""}


def test_taken_out_sets_and_repetitions_stay_and_are_called_so(
    clinic: Clinic, heron: int, tmp_path: Path
) -> None:
    first = clinic.sessions.sets(clinic.sessions.all(heron)[0].id)
    clinic.sessions.remove_repetition(first[0].repetitions[1].id, "K. Lind", "a set-down")
    clinic.sessions.remove_set(first[1].id, "K. Lind", "another person")
    write_csv(clinic, heron, tmp_path / "t")
    assert [r["counts"] for r in rows(tmp_path / "t", "sets")].count("no") == 1
    assert [r["counts"] for r in rows(tmp_path / "t", "repetitions")].count("no") == 1
    assert rows(tmp_path / "t", "repetitions")[1]["mean_velocity_mps"] == "0.5"


def test_names_of_people_are_in_no_file(folder: Path) -> None:
    for path in folder.iterdir():
        text = path.read_text("utf-8")
        assert "Mustermann" not in text
        assert "Dr. Weber" not in text


def test_a_formula_is_told_as_words(folder: Path) -> None:
    (event,) = rows(folder, "adverse_events")
    assert event["text"].startswith("'=HYPERLINK")


def test_which_decisions_an_event_came_after_is_told(
    clinic: Clinic, heron: int, folder: Path
) -> None:
    (event,) = rows(folder, "adverse_events")
    (stored,) = clinic.sessions.adverse_events(heron)
    assert event["decisions_before"] == str(stored.decisions_before)
    assert stored.decisions_before == clinic.history(heron).adverse[0].decisions_before


@pytest.mark.parametrize(
    "bad",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "  =1",
        "\t=1",
        "\n=1",
        "\x00=1",
        "\ufeff=1",
        "\u200b-1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
    ],
)
def test_no_cell_of_words_begins_as_a_formula(bad: str) -> None:
    assert cell(bad).startswith("'")
    assert cell((bad, "x")).startswith("'")


def test_cells() -> None:
    assert cell(-2.5) == "-2.5"
    assert cell(0.1 + 0.2) == "0.3"
    assert cell(3.0) == "3"
    assert cell(float("nan")) == ""
    assert cell(float("inf")) == ""
    assert cell(None) == ""
    assert cell(False) == "no"
    assert cell(Level.NO_LOAD) == "no_load"
    assert cell(date(2026, 3, 2)) == "2026-03-02"
    assert cell(datetime(2026, 3, 2, 9, 5, tzinfo=UTC)) == "2026-03-02T09:05:00+00:00"
    assert cell("two\nlines") == "two\nlines"
    assert cell("a\x00\x1bb") == "ab"
    assert cell({}) == ""


def test_the_same_records_give_the_same_files(
    clinic: Clinic, heron: int, folder: Path, newcomer: int, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    write_csv(clinic, (heron, newcomer), again)
    for name in file_names():
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_every_column_is_in_the_codebook(folder: Path) -> None:
    told = {(r["file"], r["column"]) for r in rows(folder, CODEBOOK.removesuffix(".csv"))}
    for table in FILES:
        with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        assert {(f"{table.name}.csv", column) for column in header} <= told
        assert all(meaning.strip() for meaning in table.columns.values())


def test_the_columns_are_the_fields_that_the_programme_has() -> None:
    columns = {table.name: set(table.columns) for table in TABLES}
    for name, kind in (
        ("repetitions", Repetition),
        ("landings", Landing),
        ("flags", TrunkFlag),
        ("assessments", Assessment),
    ):
        fields = {field.name for field in dataclasses.fields(kind)} - {"set_number", "number"}
        assert fields <= columns[name]
    assert {field.name for field in dataclasses.fields(Maximum)} <= columns["maxima"]
    assert {field.name for field in dataclasses.fields(DayChange)} <= columns["day_changes"]


def test_the_documentation_names_every_file_and_column(repository: Path) -> None:
    text = (repository / "docs" / "report.md").read_text("utf-8")
    for table in FILES:
        assert f"`{table.name}.csv`" in text
        for column in table.columns:
            assert f"`{column}`" in text, f"{table.name}.{column}"


def test_an_earlier_export_is_not_written_over(clinic: Clinic, heron: int, folder: Path) -> None:
    before = (folder / "sets.csv").read_bytes()
    with pytest.raises(ReportError, match="exists already"):
        write_csv(clinic, heron, folder)
    assert (folder / "sets.csv").read_bytes() == before
    write_csv(clinic, heron, folder, overwrite=True)
    assert len(rows(folder, "people")) == 1


def test_a_folder_that_cannot_be(clinic: Clinic, heron: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReportError, match="is a file"):
        write_csv(clinic, heron, tmp_path / "file")
    with pytest.raises(ReportError, match="make it first"):
        write_csv(clinic, heron, tmp_path / "a" / "b")


def test_every_table_of_the_store_has_its_file() -> None:
    told_elsewhere = {
        "identities",  # never exported
        "settings",  # of the program, of nobody
        "overrides",  # a column of clearances
        "edits",  # in the audit, with what they changed
    }  # fmt: skip
    kept = {name.removeprefix("training_") for name in schema.METADATA.tables} - told_elsewhere
    assert kept <= {table.name for table in TABLES}


def test_a_confirmed_maximum_says_why_it_is_right(
    clinic: Clinic, heron: int, tmp_path: Path
) -> None:
    tested = Maximum(
        "deadlift", MaximumSource.TESTED, 120.0, None, None, date(2026, 6, 1), Confidence.HIGH,
        "lifted once", confirmed="trained for years",
    )  # fmt: skip
    clinic.maxima.add(heron, tested, "K. Lind")
    write_csv(clinic, heron, tmp_path / "t")
    assert [r["confirmed"] for r in rows(tmp_path / "t", "maxima")] == ["", "trained for years"]


def test_what_was_changed_for_one_session_is_told_with_its_reason(
    clinic: Clinic, heron: int, tmp_path: Path
) -> None:
    at = datetime(2026, 6, 1, 9, tzinfo=UTC)
    begun = clinic.sessions.begin(heron, at, "K. Lind")
    for change in (
        DayChange("deadlift", "K. Lind", "slept badly", sets=3, load_kg=40.0),
        DayChange("back_squat", "K. Lind", "knee", left_out=True),
    ):
        clinic.sessions.change_day(begun.id, change, "K. Lind")
    write_csv(clinic, heron, tmp_path / "t")
    first, second = rows(tmp_path / "t", "day_changes")
    assert (first["session"], first["change"], first["sets"]) == (begun.key, "1", "3")
    assert (first["repetitions"], first["load_kg"], first["reason"]) == ("", "40", "slept badly")
    assert (second["exercise"], second["left_out"], second["by"]) == (
        "back_squat", "yes", "K. Lind",
    )  # fmt: skip


def test_the_whole_audit_of_a_clinic_leaves_in_an_export(tmp_path: Path) -> None:
    moment = datetime(2026, 6, 1, 9, tzinfo=UTC)
    path, saved = tmp_path / "clinic.sqlite", tmp_path / "=before the move.sqlite"
    with Clinic.open(path, now=lambda: moment, durable=False) as clinic:
        clinic.mark_simulated("A. Moor")
        for name in ("Heron 14", "Wren 1"):
            clinic.people.add(name, "K. Lind", date(2026, 3, 2))
        clinic.backup(saved)
    restore(saved, path, by="-A. Moor", now=lambda: moment)
    with Clinic.open(path, now=lambda: moment, durable=False) as clinic:
        people = clinic.people.all()
        export(clinic, people, tmp_path / "all", "K. Lind")
        export(clinic, people[:1], tmp_path / "one", "K. Lind")
        kept = clinic.audit.entries()
    of_people, of_nobody = rows(tmp_path / "all", "audit"), rows(tmp_path / "all", "clinic_audit")
    told = {int(row["entry"]) for row in (*of_people, *of_nobody)}
    assert told == {entry.id for entry in kept if entry.id <= max(told)}
    assert [row["what"] for row in of_nobody] == [
        "setting_changed", "backup_restored", "exported_as_csv",
    ]  # fmt: skip
    assert {row["person"] for row in of_nobody} == {""}
    assert list(of_nobody[0]) == list(of_people[0])
    assert of_nobody[0]["after_json"] == '{"value": "yes"}'
    assert of_nobody[1]["subject"] == "'=before the move.sqlite"
    assert of_nobody[1]["by"] == "'-A. Moor"
    # A backup that was put back replaced the records of one person too.
    assert [row["what"] for row in rows(tmp_path / "one", "clinic_audit")][-2:] == [
        "exported_as_csv", "exported_as_csv",
    ]  # fmt: skip
    assert "backup_restored" in {row["what"] for row in rows(tmp_path / "one", "clinic_audit")}


def test_a_clinic_without_people_tells_its_own_audit(clinic: Clinic, tmp_path: Path) -> None:
    clinic.mark_simulated("A. Moor")
    export(clinic, (), tmp_path / "t", "K. Lind")
    told = rows(tmp_path / "t", "clinic_audit")
    assert [row["what"] for row in told] == ["setting_changed", "exported_as_csv"]


def test_an_export_that_was_refused_is_not_in_the_audit(
    clinic: Clinic, heron: int, folder: Path, tmp_path: Path
) -> None:
    before = clinic.audit.entries()
    (tmp_path / "file").write_text("x")
    for refused in (folder, tmp_path / "file", tmp_path / "a" / "b"):
        with pytest.raises(ReportError):
            export(clinic, (clinic.people.get(heron),), refused, "K. Lind")
    assert clinic.audit.entries() == before
