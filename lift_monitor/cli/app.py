"""The commands under one name, and how they end."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated, Final

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
    help="For clinicians who supervise heavy lifting: the programme of each person, and what "
    "sensors tell of every repetition. It measures and proposes; the clinician decides.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
_COMMANDS: Final[dict[str, dict[str, Callable[..., None]]]] = {
    "The clinic": {
        "clinic": programme.clinic,
        "people": clinic.people,
        "report": report.report,
        "export-clinic": report.export_clinic,
        "backup": clinic.backup,
        "restore": clinic.restore,
        "propose": propose.propose,
        "simulate-clinic": practice.simulate_clinic,
    },
    "Sensors": {
        "live": live.live,
        "scan": bluetooth.scan,
        "record": record.record,
    },
    "Recordings": {
        "demo": screen.demo,
        "replay": screen.replay,
        "analyze": analyze.analyze,
        "import": files.import_files,
        "export": files.export,
        "simulate": files.simulate,
        "recover": files.recover,
    },
    "This computer": {
        "doctor": doctor.doctor,
        "sounds": sounds.sounds,
    },
}
for _panel, _commands in _COMMANDS.items():
    for _name, _command in _commands.items():
        app.command(_name, rich_help_panel=_panel)(_command)


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
        if sys.stdout is not None:
            sys.stdout.flush()  # here it can still be told that it does not reach anybody
    except UserError as error:
        return _say(str(error), _BAD_INPUT)
    except (typer.Abort, KeyboardInterrupt):
        return _say("Stopped.", _STOPPED)
    except OSError as error:
        return _not_done(error)
    except Exception as error:  # noqa: BLE001 - a user gets a sentence, not a stack
        return _unexpected(error)
    if status == _STOPPED:  # newer versions of typer tell Ctrl+C so
        return _say("Stopped.", _STOPPED)
    return status if isinstance(status, int) else 0


def _not_done(error: OSError) -> int:
    """Tell what the system refused: a file, or to write what is printed."""
    with contextlib.suppress(OSError, ValueError):
        # Python would complain once more of what it cannot print while it flushes at exit.
        if not _printable():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return 0  # the reader of a pipe went away; nobody is left to tell
    if error.filename:
        return _say(
            f"{error.filename} cannot be read or written ({error.strerror or error}); check its "
            "name, its folder and your right to it.",
            _BAD_INPUT,
        )
    if error.strerror:
        return _say(
            f"The output cannot be written ({error.strerror}); make room, or send it elsewhere.",
            _BAD_INPUT,
        )
    return _say(f"{str(error).rstrip('.')}.", _BAD_INPUT)


def _printable() -> bool:
    """Whether what was printed so far reaches whom it is for."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        return False
    return True


def _unexpected(error: Exception) -> int:
    # typer brings click along, in some versions as a copy of its own: its errors of usage
    # are told by what they can do.
    message = getattr(error, "format_message", None)
    if message is not None:
        return _say(_misused(message(), error), _BAD_INPUT)
    if os.environ.get("LIFT_MONITOR_DEBUG"):
        traceback.print_exc()
    return _say(
        f"lift-monitor failed by a fault of its own ({type(error).__name__}: {error}); "
        "set LIFT_MONITOR_DEBUG=1 and run again for details to report.",
        1,
    )


def _misused(message: str, error: Exception) -> str:
    """One sentence on a command that was mistyped, with where its options are told."""
    said = message.replace("Value error, ", "").replace(". Did you", "; did you").rstrip(". ")
    if "extra argument" in said:
        said += '; put words that belong together in quotation marks, as in "Heron 14"'
    command = getattr(getattr(error, "ctx", None), "command_path", "lift-monitor")
    return (
        f"{said} See {command} --help." if said.endswith("?") else f"{said}; see {command} --help."
    )


def _say(sentence: str, status: int) -> int:
    typer.echo(" ".join(sentence.split()), err=True)
    return status


def _never_fail_on_a_character() -> None:
    """Let consoles of narrow encodings show a question mark instead of a stack trace."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
