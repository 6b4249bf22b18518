"""``lift-monitor simulate-clinic``: a clinic's file full of simulated people."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lift_monitor.cli.common import UserError, day_of, require_folder
from lift_monitor.cli.stopping import stopped_between


def simulate_clinic(
    out: Annotated[Path, typer.Argument(metavar="OUT.sqlite", help="The clinic's file to make.")],
    people: Annotated[int, typer.Option(help="How many people, 1 to 20.")] = 8,
    sessions: Annotated[
        int, typer.Option(help="How many of the 70 planned sessions lie behind them.")
    ] = 35,
    seed: Annotated[int, typer.Option(help="Another seed gives other courses.")] = 1,
    start: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help="Day of the first session; else such that the last one was three days ago.",
        ),
    ] = None,
) -> None:
    """Make a clinic of simulated people, to look at every screen without a patient."""
    from lift_monitor.clinic.errors import ClinicError
    from lift_monitor.practice.course import SESSIONS
    from lift_monitor.practice.demo import demo_clinic, demo_people, start_before
    from lift_monitor.practice.people import SimulatedPerson

    if not 0 <= sessions <= SESSIONS:
        raise UserError(f"There are {SESSIONS} planned sessions; choose 0 to {SESSIONS}.")
    if seed < 0:
        raise UserError(f"The seed is {seed}; choose 0 or more.")
    require_folder(out)
    if out.exists() or out.is_symlink():
        raise UserError(f"{out} exists already; remove it or choose another name.")

    first = start_before(date.today(), sessions) if start is None else day_of("--start", start)

    try:
        chosen = demo_people(people)
    except ValueError as error:
        raise UserError(str(error)) from error
    # Made aside and moved into place whole: a stopped command leaves no half clinic.
    with _aside(out) as aside:
        made = aside / out.name
        with stopped_between() as stop_if_pressed:

            def tell(person: SimulatedPerson) -> None:
                stop_if_pressed()
                typer.echo(f"{person.pseudonym}: {person.story}")

            try:
                demo_clinic(made, seed, people=chosen, sessions=sessions, start=first, told=tell)
            except ClinicError as error:
                raise UserError(str(error)) from error
        made.rename(out)
    typer.echo(f"Wrote {out}: {people} simulated people. None of them is a patient.")


@contextmanager
def _aside(out: Path) -> Iterator[Path]:
    """Lend a folder beside a file that is to be made."""
    try:
        aside = tempfile.TemporaryDirectory(prefix=".simulated-", dir=out.parent)
    except OSError as error:
        raise UserError(
            f"{out} cannot be written ({error.strerror}); "
            "check the folder and the room on the disk."
        ) from error
    with aside as folder:
        yield Path(folder)
