"""``lift-monitor clinic``: the people of a clinic, their sessions, their record, in one window."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from lift_monitor.cli.bluetooth import Emulated, emulated_person
from lift_monitor.cli.clinic import ClinicFile, open_clinic
from lift_monitor.cli.common import UserError
from lift_monitor.cli.doctor import has_display
from lift_monitor.cli.live import recording_folder, sensor_desk
from lift_monitor.cli.screen import Theme, load

if TYPE_CHECKING:
    from lift_monitor.clinic.store import Clinic
    from lift_monitor.clinic.words import Person
    from lift_monitor.ui.report_desk import ReportWish, WriteReport

IN_WINDOW_S: Final = 0.3
"""How long the window stands still for another program that holds the records; design default."""


def clinic(
    clinic_file: ClinicFile = None,
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="Who is working; else the window asks.")
    ] = "",
    recordings: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where sessions are recorded; by default lift_monitor in your documents.",
        ),
    ] = None,
    emulated: Emulated = False,
    theme: Theme = "dark",
) -> None:
    """Open the clinic: people, plans, sessions on the sensors, proposals, reports."""
    if theme not in ("dark", "light"):
        raise UserError(f"--theme {theme} is not known; choose dark or light.")
    if not has_display():
        raise UserError(
            "There is no display for the window of the clinic; "
            "lift-monitor people, propose, report and backup work without one."
        )
    folder = recording_folder(recordings)
    person = emulated_person() if emulated else None
    if emulated and clinic_file is None:
        clinic_file = practice_file()
    with (
        open_clinic(clinic_file, make=True, busy_s=IN_WINDOW_S) as records,
        sensor_desk(person, folder, led=True) as (desk, begin),
    ):
        from lift_monitor.ui.app import run_clinic

        if emulated:
            require_practice(records)
        status = run_clinic(
            records,
            desk,
            begin,
            write_report=report_writer(records),
            by=by,
            open_file=lambda path, report: load(path, None, report),
            theme=theme,
        )
    raise typer.Exit(status)


def practice_file() -> str:
    """Name the file of the practice clinic, beside the real one's.

    Raises
    ------
    UserError
        If the real one is no file.
    """
    from lift_monitor.clinic.where import default_clinic_path

    usual = default_clinic_path()
    if not isinstance(usual, Path):
        raise UserError(
            "The clinic of this computer is on a server; name a file for practice with --clinic."
        )
    return str(usual.with_name("practice.sqlite"))


def require_practice(records: Clinic) -> None:
    """Let emulated sensors write into the record of simulated people only.

    Raises
    ------
    UserError
        If there are people in the clinic who might be real.
    """
    from lift_monitor.clinic.errors import ClinicError

    try:
        records.mark_simulated("practice")
    except ClinicError as error:
        raise UserError(
            f"{records.where} has people who may be real, and emulated sensors must not write "
            "into their record; leave --clinic out, or name a file for practice."
        ) from error


def report_writer(records: Clinic) -> WriteReport:
    """Make what writes somebody's report for a period, as the window asks for it."""

    def write(person: Person, wish: ReportWish, path: Path, by: str) -> Path:
        from lift_monitor.report.build import report
        from lift_monitor.report.errors import ReportError

        try:
            report(
                records,
                person,
                path,
                by,
                day=date.today(),
                start=wish.first,
                end=wish.last,
                with_identity=wish.with_name,
                words=wish.words,
            )
        except ReportError as error:
            raise ValueError(str(error)) from error
        return path

    return write
