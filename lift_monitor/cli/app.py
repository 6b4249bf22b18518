"""The commands under one name, and how they end."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from lift_monitor.cli import (
    analyze,
    bluetooth,
    clinic,
    doctor,
    files,
    live,
    practice,
    programme,
    propose,
    record,
    report,
    screen,
    sounds,
)
from lift_monitor.cli.common import UserError

_BAD_INPUT = 2
_STOPPED = 130

app = typer.Typer(
    name="lift-monitor",
    help="Watches heavy lifting through inertial sensors: repetitions, velocity, a screen.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(screen.demo)
app.command()(screen.replay)
app.command()(live.live)
app.command()(bluetooth.scan)
app.command()(record.record)
app.command("analyze")(analyze.analyze)
app.command("import")(files.import_files)
app.command("export")(files.export)
app.command("simulate")(files.simulate)
app.command("recover")(files.recover)
app.command("sounds")(sounds.sounds)
app.command("clinic")(programme.clinic)
app.command("people")(clinic.people)
app.command("backup")(clinic.backup)
app.command("restore")(clinic.restore)
app.command("propose")(propose.propose)
app.command("report")(report.report)
app.command("export-clinic")(report.export_clinic)
app.command("simulate-clinic")(practice.simulate_clinic)
app.command("doctor")(doctor.doctor)


def _show_version(wanted: bool) -> None:
    if wanted:
        import lift_monitor

        typer.echo(f"lift-monitor {lift_monitor.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Instead of the process's own.

    Returns
    -------
    int
        0 done, 1 a fault of the program, 2 bad input (one sentence stands on stderr),
        130 stopped by the user.
    """
    _never_fail_on_a_character()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = app(args=words or ["--help"], prog_name="lift-monitor", standalone_mode=False)
    except UserError as error:
        return _say(str(error), _BAD_INPUT)
    except (typer.Abort, KeyboardInterrupt):
        return _say("Stopped.", _STOPPED)
    except BrokenPipeError:
        # The reader of a pipe went away; nobody is left to tell. Python would complain
        # once more while it flushes at exit.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _say(f"{where}{error.strerror or error}.", _BAD_INPUT)
    except Exception as error:  # noqa: BLE001 - a user gets a sentence, not a stack
        return _unexpected(error)
    return status if isinstance(status, int) else 0


def _unexpected(error: Exception) -> int:
    # typer brings click along, in some versions as a copy of its own: its errors of usage
    # are told by what they can do.
    message = getattr(error, "format_message", None)
    if message is not None:
        return _say(f"{message()} See lift-monitor --help.", _BAD_INPUT)
    if os.environ.get("LIFT_MONITOR_DEBUG"):
        traceback.print_exc()
    return _say(
        f"lift-monitor failed by a fault of its own ({type(error).__name__}: {error}); "
        "set LIFT_MONITOR_DEBUG=1 and run again for details to report.",
        1,
    )


def _say(sentence: str, status: int) -> int:
    typer.echo(" ".join(sentence.split()), err=True)
    return status


def _never_fail_on_a_character() -> None:
    """Let consoles of narrow encodings show a question mark instead of a stack trace."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
