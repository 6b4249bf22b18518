"""``lift-monitor report`` and ``export-clinic``: a page for the practice, tables of everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lift_monitor.cli.clinic import ByOption, ClinicFile, open_clinic, user
from lift_monitor.cli.common import UserError, count, day_of, require_folder, require_output


def report(
    person: Annotated[
        str, typer.Argument(metavar="PERSON", help="Pseudonym; lift-monitor people lists them.")
    ],
    out: Annotated[
        Path | None,
        typer.Argument(
            metavar="OUT.pdf", help="The page to make; named after the pseudonym if not given."
        ),
    ] = None,
    clinic: ClinicFile = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DAY", help="First day, as 2026-03-01; the first if not given."
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", metavar="DAY", help="Last day; today if not given."),
    ] = None,
    name: Annotated[
        bool,
        typer.Option(
            "--name", help="Show the person's name and birth date, not the pseudonym alone."
        ),
    ] = False,
    words: Annotated[str, typer.Option(metavar="TEXT", help="Your words for this report.")] = "",
    by: ByOption = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file if it is there.")
    ] = False,
) -> None:
    """Write a person's progress report for the referring practice as PDF."""
    from lift_monitor.report.build import report as write
    from lift_monitor.report.build import usual_name

    today = date.today()
    first = None if start is None else day_of("--from", start)
    last = None if end is None else day_of("--to", end)
    with open_clinic(clinic) as store, _told():
        found = store.people.find(person)
        path = out or Path(usual_name(found, today))
        if path.suffix.lower() != ".pdf":
            raise UserError(f"{path} is not named as a PDF; give it a name that ends in .pdf.")
        require_output(path, overwrite=overwrite)
        write(
            store,
            found,
            path,
            by or user(),
            day=today,
            start=first,
            end=last,
            with_identity=name,
            words=words,
        )
    typer.echo(f"{path}: the report of {found.pseudonym}.")


def export_clinic(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the tables go; made if it is not there.")
    ],
    clinic: ClinicFile = None,
    person: Annotated[
        list[str] | None,
        typer.Option("--person", help="Only this person; may be given again. Else everybody."),
    ] = None,
    by: ByOption = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace tables of an earlier export.")
    ] = False,
) -> None:
    """Write everything as CSV, one file a table, by pseudonym; names are not exported."""
    from lift_monitor.report.build import export

    require_folder(folder)
    with open_clinic(clinic) as store, _told():
        if person:
            people = tuple(dict.fromkeys(store.people.find(one) for one in person))
        else:
            people = store.people.all(archived=True)
        files = export(store, people, folder, by or user(), overwrite=overwrite)
    persons = "1 person" if len(people) == 1 else f"{len(people)} people"
    typer.echo(f"{folder}: {count(len(files), 'file')}, {persons}.")


@contextmanager
def _told() -> Iterator[None]:
    """Turn the errors of reports into the user's."""
    from lift_monitor.report.errors import ReportError

    try:
        yield
    except ReportError as error:
        raise UserError(str(error)) from error
