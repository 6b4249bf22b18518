"""``lift-monitor demo`` and ``replay``: the dashboard on a recorded session.

With no display the same window runs offscreen through the whole session; a picture and the
repetition table are what it leaves.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lift_monitor.cli.common import (
    UserError,
    console,
    count,
    input_errors,
    open_source,
    progress,
    repetition_table,
    require_output,
    session_of,
)
from lift_monitor.cli.doctor import has_display, sample_folder
from lift_monitor.cli.technique import show_technique
from lift_monitor.events import Exercise

if TYPE_CHECKING:
    from lift_monitor.drivers.source import PacketSource
    from lift_monitor.recordings.facts import SessionFacts
    from lift_monitor.station import StationConfig
    from lift_monitor.ui.app import LoadedSession

_VIEWS = ("clinician", "lifter")
_THEMES = ("dark", "light")

Offscreen = Annotated[
    bool | None,
    typer.Option(
        "--offscreen/--window",
        help="Run without a window and save a picture; by default where there is no display.",
    ),
]
Speed = Annotated[
    str, typer.Option(help="Session seconds in a second, 0.1 to 8, or max (window only).")
]
Picture = Annotated[Path | None, typer.Option("--png", help="Where the offscreen picture goes.")]
View = Annotated[str, typer.Option(help="clinician or lifter.")]
Theme = Annotated[str, typer.Option(help="dark or light.")]
Lifted = Annotated[
    Exercise | None,
    typer.Option(help="What was lifted; by default what the recording says, else free."),
]


def demo(
    session: Annotated[
        str | None, typer.Option(help="Name of the sample session; by default the first.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Watch the simulated lifter instead, as if live.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(metavar="OUT.mcap", help="Record what --live shows.")
    ] = None,
    offscreen: Offscreen = None,
    speed: Speed = "1",
    png: Picture = None,
    view: View = "clinician",
    theme: Theme = "dark",
) -> None:
    """Show the dashboard on a sample session."""
    if record is not None:
        if not live:
            raise UserError("--record needs --live; a sample session is recorded already.")
        require_output(record)
    path = None if live else _sample(session)
    show = _Show(speed, view, theme, png or Path("demo.png"), offscreen)
    show.run(_simulated(record) if path is None else _load_with_progress(path, None))


def replay(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A recording, or a file that import reads.")
    ],
    exercise: Lifted = None,
    offscreen: Offscreen = None,
    speed: Speed = "1",
    png: Picture = None,
    view: View = "clinician",
    theme: Theme = "dark",
) -> None:
    """Show the dashboard on a recording."""
    show = _Show(speed, view, theme, png or Path("replay.png"), offscreen, inputs=(file,))
    show.run(_load_with_progress(file, exercise))


class _Show:
    """How the window is shown, checked before anything long begins."""

    def __init__(
        self,
        speed: str,
        view: str,
        theme: str,
        png: Path,
        offscreen: bool | None,
        inputs: tuple[Path, ...] = (),
    ) -> None:
        from lift_monitor.drivers.playback import Playback

        try:
            self.speed = math.inf if speed == "max" else float(speed)
            Playback.check_speed(self.speed)
        except ValueError:
            raise UserError(
                f"--speed {speed} is not possible; give a number from 0.1 to 8, or max."
            ) from None
        for flag, value, known in (("--view", view, _VIEWS), ("--theme", theme, _THEMES)):
            if value not in known:
                raise UserError(f"{flag} {value} is not known; choose {' or '.join(known)}.")
        self.view, self.theme, self.png = view, theme, png
        self.offscreen = not has_display() if offscreen is None else offscreen
        if self.offscreen:
            require_output(self.png, inputs=inputs, overwrite=True)

    def run(self, loaded: LoadedSession) -> None:
        from lift_monitor.recordings.errors import RecordingError

        try:
            if self.offscreen:
                self._offscreen(loaded)
            else:
                self._window(loaded)
        except RecordingError as error:
            raise UserError(str(error)) from error

    def _window(self, loaded: LoadedSession) -> None:
        from lift_monitor.ui.app import run_dashboard

        loaded.station.set_speed(self.speed)
        status = run_dashboard(
            loaded.station,
            overview=loaded.overview,
            facts=loaded.facts,
            title=loaded.title,
            open_file=lambda path, report: load(path, None, report),
            theme=self.theme,
            view=self.view,
        )
        raise typer.Exit(status)

    def _offscreen(self, loaded: LoadedSession) -> None:
        # Where there is no display, any other platform of Qt ends the process.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        from lift_monitor.ui.app import run_offscreen

        try:
            repetitions = run_offscreen(
                loaded.station,
                overview=loaded.overview,
                facts=loaded.facts,
                title=loaded.title,
                png_path=self.png,
                theme=self.theme,
                view=self.view,
            )
        except RuntimeError as error:
            raise UserError(f"{str(error).rstrip('.')}.") from error
        screen = console()
        screen.print(f"{loaded.title}: {count(len(repetitions), 'repetition')}", markup=False)
        if repetitions:
            screen.print(repetition_table(repetitions))
        if loaded.overview is not None:
            show_technique(screen, loaded.overview)
        else:
            screen.print("The picture shows whether technique was watched.")
        screen.print(f"Picture: {self.png}", markup=False, soft_wrap=True)


def load(
    path: Path, exercise: Exercise | None, report: Callable[[float], None] | None
) -> LoadedSession:
    """Open a file for the dashboard: analyse it for the overview, make its station.

    Raises
    ------
    ValueError
        With one sentence if the file cannot be used.
    """
    from lift_monitor.samples import Role

    try:
        with input_errors():
            source = open_source(path, Role.BAR)
            return _prepare(source, session_of(source), exercise, path.name, report)
    except UserError as error:
        raise ValueError(str(error)) from error


def _load_with_progress(path: Path, exercise: Exercise | None) -> LoadedSession:
    with progress(f"Opening {path.name}") as report:
        try:
            return load(path, exercise, report)
        except ValueError as error:
            if isinstance(error.__cause__, UserError):
                raise error.__cause__ from None
            raise


def _prepare(
    source: PacketSource,
    facts: SessionFacts | None,
    exercise: Exercise | None,
    title: str,
    report: Callable[[float], None] | None,
) -> LoadedSession:
    from lift_monitor.analysis import analyse
    from lift_monitor.signal.trunk_words import TrunkConfig
    from lift_monitor.station import Mode, Station
    from lift_monitor.ui.app import LoadedSession

    config = _config(facts, exercise)
    overview = analyse(
        source,
        exercise=config.exercise,
        trunk=TrunkConfig(config.body_mass_kg, config.flag_rules),
        progress=report,
    )
    return LoadedSession(Station(source, config, Mode.REPLAY), overview, facts, title)


def _config(facts: SessionFacts | None, exercise: Exercise | None) -> StationConfig:
    from lift_monitor.limits import band_in, rules_in
    from lift_monitor.station import StationConfig

    if facts is None:
        return StationConfig(exercise or Exercise.FREE)
    return StationConfig(
        exercise=exercise or facts.exercise or Exercise.FREE,
        alias=facts.alias,
        load_kg=facts.load_kg,
        body_mass_kg=facts.body_mass_kg,
        target_reps=facts.target_reps or 5,
        target_sets=facts.target_sets or 5,
        impact_band=band_in(facts.limits),
        flag_rules=rules_in(facts.limits),
    )


def _simulated(record: Path | None) -> LoadedSession:
    """The embedded default source, as if live: nobody knows yet what will come."""
    from lift_monitor.cli.files import simulated_session
    from lift_monitor.station import Mode, Station
    from lift_monitor.ui.app import LoadedSession

    source, facts = simulated_session(Exercise.DEADLIFT, sets=2, reps=5, seed=1)
    station = Station(source, _config(facts, None), Mode.SIMULATED, session=facts, record_to=record)
    return LoadedSession(station, None, facts, "Simulated session")


def _sample(name: str | None) -> Path | None:
    folder = sample_folder()
    samples = sorted(folder.glob("*.mcap")) if folder else []
    if name is None:
        return samples[0] if samples else None
    for path in samples:
        if name in (path.name, path.stem):
            return path
    known = ", ".join(path.stem for path in samples) or "none"
    raise UserError(f"There is no sample session {name}; choose one of: {known}.")
