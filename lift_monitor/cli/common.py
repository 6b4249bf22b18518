"""What several commands share: opening input, saying what is wrong, tables."""

from __future__ import annotations

import contextlib
import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from lift_monitor.drivers.packet import Packet
    from lift_monitor.drivers.source import PacketSource
    from lift_monitor.events import Repetition
    from lift_monitor.recordings.facts import SessionFacts
    from lift_monitor.recordings.imported import ImportedFile
    from lift_monitor.samples import Role, SensorInfo


_PIPE_WIDTH = 100


class UserError(Exception):
    """Something that the user can mend, in one sentence; ends with exit status 2."""


@contextlib.contextmanager
def input_errors() -> Iterator[None]:
    """Turn the errors of reading files into :class:`UserError`."""
    from lift_monitor.drivers.formats import FormatError
    from lift_monitor.recordings.errors import InputFileError

    try:
        yield
    except (InputFileError, FormatError) as error:
        raise UserError(str(error)) from error


def open_source(path: Path, role: Role) -> PacketSource:
    """Open a recording or an importable file.

    Raises
    ------
    UserError
        If the file is not there or is not readable as one of the known kinds.
    """
    from lift_monitor.recordings.importers import open_any

    require_file(path)
    with input_errors():
        return open_any(path, role)


def import_source(path: Path, role: Role) -> ImportedFile:
    """Read a plain CSV or a MetaMotion pair.

    Raises
    ------
    UserError
        If the file is not there or is neither.
    """
    from lift_monitor.recordings.importers import import_any

    require_file(path)
    with input_errors():
        return import_any(path, role)


def source_notes(source: PacketSource) -> list[str]:
    """What a user must know of the way in which a file was read."""
    notes = []
    recovery = getattr(source, "recovery", None)
    if recovery is not None:
        notes.append(f"{recovery}.")
    zero_s = getattr(source, "time_zero_s", 0.0)
    if zero_s:
        notes.append(
            f"Times count from the first row of the file, which stands at {zero_s:.3f} s there."
        )
    return notes


def count(number: int, thing: str) -> str:
    """Say how many: ``1 repetition``, ``2 repetitions``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def require_file(path: Path) -> None:
    """Raise :class:`UserError` unless ``path`` is a file."""
    if path.is_dir():
        raise UserError(f"{path} is a folder; name a file inside it.")
    if not path.exists():
        raise UserError(f"{path} does not exist; check the name and the folder.")


def require_output(path: Path, *, inputs: Sequence[Path] = (), overwrite: bool = False) -> None:
    """Raise :class:`UserError` unless ``path`` can become a new file.

    Parameters
    ----------
    path : Path
    inputs : sequence of Path
        Files that must not be written over in any case.
    overwrite : bool
        An existing file may be replaced.
    """
    if path.is_dir():
        raise UserError(f"{path} is a folder; give the output a file name.")
    require_folder(path)
    for source in inputs:
        if path.exists() and source.exists() and path.samefile(source):
            raise UserError(f"{path} is an input; give the output another name.")
    if path.exists() and not overwrite:
        raise UserError(f"{path} exists already; remove it or choose another name.")


def require_folder(path: Path, mend: str = "make it first") -> None:
    """Raise :class:`UserError` unless the folder that a file is to be in is there."""
    if path.parent.is_dir():
        return
    if path.parent.exists():
        raise UserError(f"{path.parent} is a file, not a folder; put {path.name} elsewhere.")
    raise UserError(f"The folder {path.parent} for {path.name} does not exist; {mend}.")


def day_of(flag: str, text: str) -> date:
    """Read a day that an option names.

    Raises
    ------
    UserError
        If it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{flag} {text} is no day; give it as 2026-03-31.") from None


def session_of(source: PacketSource) -> SessionFacts | None:
    """Session facts of a recording; ``None`` for an imported file."""
    from lift_monitor.recordings.container import Recording

    return source.session if isinstance(source, Recording) else None


class JoinedSources:
    """Several sources of different sensors as one, packets merged by host time.

    Raises
    ------
    UserError
        If two sources carry a sensor of the same name.
    """

    def __init__(self, sources: Sequence[PacketSource]) -> None:
        self._sources = tuple(sources)
        names = [info.sensor_id for info in self.sensors]
        if len(set(names)) != len(names):
            raise UserError(
                "Two of the files carry the same sensor; give each sensor one file of its own."
            )

    @property
    def sensors(self) -> tuple[SensorInfo, ...]:
        """The sensors of all sources."""
        return tuple(info for source in self._sources for info in source.sensors)

    @property
    def duration_s(self) -> float:
        """Host time of the last packet of all; 0 where no source knows its own."""
        return max(float(getattr(source, "duration_s", 0.0)) for source in self._sources)

    def packets(self) -> Iterator[Packet]:
        """Walk all packets by host time."""
        return heapq.merge(
            *(source.packets() for source in self._sources),
            key=lambda packet: packet.host_time_ns,
        )


def console(*, stderr: bool = False) -> Console:
    """A console for tables and progress."""
    from rich.console import Console

    screen = Console(stderr=stderr, highlight=False)
    if not screen.is_terminal:  # a file or a pipe has no edge at which to break a table
        screen.width = max(screen.width, _PIPE_WIDTH)
    return screen


@contextlib.contextmanager
def progress(text: str) -> Iterator[Callable[[float], None]]:
    """Show progress on stderr where somebody looks; give the function that reports it."""
    from rich.progress import Progress

    screen = console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task(text, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def repetition_table(repetitions: Sequence[Repetition]) -> Table:
    """Rows of repetitions as the screen's table has them."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Set", "Rep", "Start\ns", "Mean\nm/s", "MPV\nm/s", "Peak\nm/s", "ROM\nm"):
        table.add_column(title, justify="right", no_wrap=True)
    for title in ("Up\ns", "Down\ns", "Loss\n%"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("Trust", no_wrap=True)
    for rep in repetitions:
        table.add_row(
            str(rep.set_number),
            str(rep.number),
            _figure(rep.start_s, 1),
            _figure(rep.mean_velocity_mps, 3),
            _figure(rep.mean_propulsive_velocity_mps, 3),
            _figure(rep.peak_velocity_mps, 3),
            _figure(rep.rom_m, 3),
            _figure(rep.concentric_duration_s, 2),
            _figure(rep.eccentric_duration_s, 2),
            _figure(rep.velocity_loss_pct, 0),
            rep.confidence.value,
        )
    return table


def _figure(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if math.isfinite(value) else "-"
