"""``lift-monitor people``, ``backup`` and ``restore``: a clinic's records from the command line."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lift_monitor.cli.common import UserError, console, count, require_folder

if TYPE_CHECKING:
    from lift_monitor.clinic.store import Clinic
    from lift_monitor.programme.record import History

ClinicFile = Annotated[
    str | None,
    typer.Option(
        "--clinic",
        metavar="FILE",
        help="File of the clinic's records, or the URL of its database; "
        "the one of this computer's user if not given.",
    ),
]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="NAME", help="Who does it, for the audit; the user of this computer else."
    ),
]


def people(
    clinic: ClinicFile = None,
    archived: Annotated[
        bool, typer.Option("--archived", help="List people who were archived as well.")
    ] = False,
) -> None:
    """List the people of the clinic by pseudonym: phase, attendance, last seen."""
    from rich import box
    from rich.table import Table

    with open_clinic(clinic) as store:
        everybody = store.people.all(archived=archived)
        if store.simulated:
            typer.echo("Simulated people.")
        if not everybody:
            typer.echo(f"Nobody is in {store.where} yet.")
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for title in ("Person", "Phase"):
            table.add_column(title)
        table.add_column("Attended", justify="right", no_wrap=True)
        table.add_column("Last seen", no_wrap=True)
        for person in everybody:
            history = store.history(person.id)
            seen = [session.day for session in history.sessions if session.attended]
            name = f"{person.pseudonym} (archived)" if person.archived else person.pseudonym
            table.add_row(
                name,
                _phases(history),
                f"{len(seen)} of {history.plan.sessions}",
                max(seen).isoformat() if seen else "never",
            )
        console().print(table)


def backup(
    out: Annotated[
        Path | None,
        typer.Argument(
            metavar="OUT.sqlite", help="The backup to make; with the others if not given."
        ),
    ] = None,
    clinic: ClinicFile = None,
) -> None:
    """Make a checked copy of the clinic's records, also while they are in use."""
    if out is not None:
        # A folder is not made: the name of a stick that is not plugged in would get one,
        # on the disk that the backup is to outlive.
        require_folder(out, "plug in the drive that it is on, or make it first")
    with open_clinic(clinic) as store:
        made = store.backup(out)
        typer.echo(f"{made}: a checked backup of {store.where}.")
        if store.backup_trouble:
            typer.echo(f"The automatic backup of today failed: {store.backup_trouble}", err=True)


def restore(
    backup_file: Annotated[Path, typer.Argument(metavar="BACKUP", help="The backup to restore.")],
    clinic: ClinicFile = None,
    by: ByOption = None,
) -> None:
    """Put a backup in the place of the clinic's records, which are kept beside it."""
    from lift_monitor.clinic.backup import restore as put_back
    from lift_monitor.clinic.errors import ClinicError

    target = located(clinic)
    if isinstance(target, str):
        raise UserError(
            "A database server restores its own backups, e.g. with pg_restore; "
            "name a file with --clinic."
        )
    try:
        aside = put_back(backup_file, target, by=by or user())
    except ClinicError as error:
        raise UserError(str(error)) from error
    typer.echo(f"{target} now holds what {backup_file.name} holds.")
    if aside is not None:
        typer.echo(f"What was there before is kept as {aside}.")


def located(clinic: str | None) -> str | Path:
    """The clinic that an option names, else the user's own."""
    from lift_monitor.clinic.where import default_clinic_path

    if clinic is None:
        try:
            return default_clinic_path()
        except OSError as error:
            raise UserError(
                f"The folder for the clinic's records cannot be made ({error.filename}: "
                f"{error.strerror}); name a file with --clinic."
            ) from error
    if not clinic.strip():
        raise UserError("--clinic names no file; give it one.")
    if clinic.startswith("sqlite:"):
        file = clinic.partition(":///")[2] or "clinic.sqlite"
        raise UserError(f"{clinic} is the URL of a file; give the file itself: {file}.")
    return clinic if "://" in clinic else Path(clinic)


@contextmanager
def open_clinic(
    file: str | None, *, make: bool = False, busy_s: float | None = None
) -> Iterator[Clinic]:
    """Open the clinic that an option names; its errors become the user's.

    Parameters
    ----------
    file
        As the option gives it.
    make
        A file that is not there is made; else it is told, because its name may be a slip.
    busy_s
        See :meth:`lift_monitor.clinic.store.Clinic.open`.
    """
    from lift_monitor.clinic.errors import ClinicError
    from lift_monitor.clinic.store import Clinic

    where = located(file)
    try:
        if isinstance(where, Path) and not make and not where.exists():
            raise UserError(
                f"There are no records of a clinic at {where}; check the name, or begin with "
                "lift-monitor clinic, which makes them."
            )
        with Clinic.open(where, busy_s=busy_s) as store:
            yield store
    except ClinicError as error:
        raise UserError(str(error)) from error


def user() -> str:
    """Who uses this computer, as it knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # the last on Windows, without USERNAME
        return "unknown user"


def _phases(history: History) -> str:
    """Phases of the exercises of a plan, the one of most exercises first."""
    from collections import Counter

    from lift_monitor.programme.clearance import Level
    from lift_monitor.programme.plan import ExerciseKind
    from lift_monitor.programme.standing import standing

    if history.clearance is None:
        return "not assessed"
    if history.clearance.level is Level.NO_LOAD:
        return "no load"
    found = Counter(
        standing(history, exercise.key).phase.value.replace("_", " ")
        for exercise in history.plan.exercises
        if exercise.kind is not ExerciseKind.FREE
    )
    return ", ".join(
        f"{phase} ({count(number, 'exercise')})" for phase, number in found.most_common()
    )
