"""Everything of some people as CSV, and the audit of the clinic: one file a table, a codebook."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from lift_monitor.clinic.store import Clinic
from lift_monitor.recordings.atomic import atomic_path
from lift_monitor.report.csv_cell import cell
from lift_monitor.report.csv_rows import Row, Source, clinic_audit
from lift_monitor.report.csv_tables import CLINIC_AUDIT, TABLES, CsvFile
from lift_monitor.report.errors import ReportError

FILES: Final[tuple[CsvFile, ...]] = (*TABLES, CLINIC_AUDIT)
CODEBOOK: Final = "codebook.csv"
_CODEBOOK_COLUMNS: Final = ("file", "column", "meaning")


def file_names() -> tuple[str, ...]:
    """The files of an export."""
    return (*(f"{file.name}.csv" for file in FILES), CODEBOOK)


def write_csv(
    clinic: Clinic, people: int | Sequence[int], folder: Path, *, overwrite: bool = False
) -> tuple[Path, ...]:
    """Write every table of some people; UTF-8, ISO days, times in UTC, units in the columns.

    Names and addresses of people are not exported. The entries of the audit that belong to no
    person go along with anybody's: a backup that was put back replaced their records too. Each
    file is written whole or not at all.

    Parameters
    ----------
    clinic : Clinic
    people : int or sequence of int
        Whose records, in this order.
    folder : Path
        Made if it is not there.
    overwrite : bool
        Files of an earlier export may be replaced.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    ClinicError
        If there is no such person.
    ReportError
        If a file is there already, or cannot be written.
    """
    persons = [people] if isinstance(people, int) else list(people)
    require_room(folder, overwrite=overwrite)
    rows: dict[str, list[list[str]]] = {table.name: [] for table in TABLES}
    for person_id in persons:
        source = Source.of(clinic, person_id)
        for table in TABLES:
            rows[table.name].extend(_cells(table.columns, table.rows(source)))
    rows[CLINIC_AUDIT.name] = list(_cells(CLINIC_AUDIT.columns, clinic_audit(clinic)))
    written = []
    for file in FILES:
        path = folder / f"{file.name}.csv"
        _write(path, tuple(file.columns), rows[file.name])
        written.append(path)
    meanings = (
        (f"{file.name}.csv", column, meaning)
        for file in FILES
        for column, meaning in file.columns.items()
    )
    _write(folder / CODEBOOK, _CODEBOOK_COLUMNS, meanings)
    return (*written, folder / CODEBOOK)


def _cells(columns: Iterable[str], rows: Iterable[Row]) -> Iterator[list[str]]:
    return ([cell(row[column]) for column in columns] for row in rows)


def require_room(folder: Path, *, overwrite: bool = False) -> None:
    """Make the folder of an export, if it may be.

    Raises
    ------
    ReportError
        If a file is there already, or the folder cannot be made.
    """
    if folder.exists() and not folder.is_dir():
        raise ReportError(f"{folder} is a file; name a folder for the tables.")
    if not folder.parent.is_dir():
        raise ReportError(f"The folder {folder.parent} does not exist; make it first.")
    there = next((name for name in file_names() if (folder / name).exists()), None)
    if there is not None and not overwrite:
        raise ReportError(
            f"{folder / there} exists already; choose another folder or add --overwrite."
        )
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise _cannot_write(folder, error) from None


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    try:
        with (
            atomic_path(path) as part,
            part.open("x", encoding="utf-8", errors="replace", newline="") as stream,
        ):
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)
    except OSError as error:
        raise _cannot_write(path, error) from None


def _cannot_write(path: Path, error: OSError) -> ReportError:
    return ReportError(
        f"{path} cannot be written ({error.strerror or error}); "
        "check the folder and the room on the disk."
    )
