"""Where the screen is started: on a desk, or offscreen through a whole session.

Both ways run the same window on the same station; only what happens at the end differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from lift_monitor.analysis import Analysis
    from lift_monitor.events import Repetition
    from lift_monitor.recordings.container import SessionFacts
    from lift_monitor.station import Station

Progress: TypeAlias = Callable[[float], None]
"""Called with 0–1 from the worker thread; may raise to end the work early."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedSession:
    """What opening a file gives: a station that is not started yet, and what is known of it."""

    station: Station
    overview: Analysis | None = None
    facts: SessionFacts | None = None
    title: str = ""


OpenFile: TypeAlias = Callable[[Path, Progress], LoadedSession]
"""Opens a file in a worker thread; raises ``ValueError`` with one clear sentence."""


def run_dashboard(
    station: Station,
    *,
    overview: Analysis | None = None,
    facts: SessionFacts | None = None,
    title: str = "",
    open_file: OpenFile | None = None,
    theme: str = "dark",
    view: str = "clinician",
    full_screen: bool = False,
) -> int:
    """Show the dashboard until the user closes it; starts and closes the station.

    Returns
    -------
    int
        Exit status of the window system, 0 normally.
    """
    raise NotImplementedError


def run_offscreen(
    station: Station,
    *,
    overview: Analysis | None = None,
    facts: SessionFacts | None = None,
    title: str = "",
    png_path: Path,
    size: tuple[int, int] = (1920, 1080),
    theme: str = "dark",
    view: str = "clinician",
) -> list[Repetition]:
    """Run the same window offscreen through the whole session, as fast as possible.

    Starts and closes the station; saves the last picture as PNG.

    Returns
    -------
    list of Repetition
        The rows of the repetition table of all sets, in order.
    """
    raise NotImplementedError
