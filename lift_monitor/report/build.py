"""A report or an export of one person, from the store to the file, noted in the audit."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.report.csv_files import require_room, write_csv
from lift_monitor.report.errors import ReportError
from lift_monitor.report.gather import gather
from lift_monitor.report.pdf import write_pdf


def report(
    clinic: Clinic,
    person: Person,
    out: Path,
    by: str,
    *,
    day: date | None = None,
    start: date | None = None,
    end: date | None = None,
    with_identity: bool = False,
    words: str = "",
) -> Path:
    """Write a person's report as PDF, and into the audit that it was written.

    Parameters
    ----------
    clinic : Clinic
    person : Person
    out : Path
        Written whole or not at all; a file that exists is replaced.
    by : str
        Who writes it; stands in the report and in the audit.
    day : date, optional
        On which the report is written; today if not given.
    start, end : date, optional
        See :func:`lift_monitor.report.gather.gather`.
    with_identity : bool
        Show the name, the day of birth and the referrer.
    words : str
        The clinician's words for this report.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ClinicError
        If the store cannot be read or written.
    ReportError
        If the name is asked for and not in the records, the period ends before it starts, or the
        file cannot be written.
    """
    if with_identity and clinic.people.identity(person.id) is None:
        raise ReportError(
            f"The name of {person.pseudonym} is not in the records; "
            "write the report without it, or write it down first."
        )
    data = gather(
        clinic,
        person.id,
        start,
        end,
        day=day or date.today(),
        by=by,
        with_identity=with_identity,
        words=words,
    )
    write_pdf(data, out)
    period = data.head.period
    clinic.audit.note(
        by,
        "report_written",
        person.id,
        person.pseudonym,
        after={
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "with_name": data.head.identity is not None,
        },
    )
    return out


def export(
    clinic: Clinic, people: tuple[Person, ...], folder: Path, by: str, *, overwrite: bool = False
) -> tuple[Path, ...]:
    """Write everything of some people as CSV, and into the audit that it was exported.

    The export is noted before a file is written, so that the exported audit tells of it too, and
    nothing leaves the store without a note; one that is refused is none.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    ClinicError
        If the store cannot be read or written.
    ReportError
        If a file cannot be written.
    """
    require_room(folder, overwrite=overwrite)
    for person in people:
        clinic.audit.note(by, "exported_as_csv", person.id, person.pseudonym)
    clinic.audit.note(by, "exported_as_csv", None, "audit of the clinic")
    return write_csv(clinic, tuple(person.id for person in people), folder, overwrite=overwrite)


def usual_name(person: Person, day: date) -> str:
    """A file name for a report: the pseudonym and the day, never a person's name."""
    stem = re.sub(r"[^\w-]+", "-", person.pseudonym, flags=re.UNICODE).strip("-_") or "person"
    return f"{stem[:60]}-report-{day.isoformat()}.pdf"
