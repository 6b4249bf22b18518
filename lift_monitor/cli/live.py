"""``lift-monitor live``: the dashboard on sensors that stream now."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lift_monitor.cli.bluetooth import Emulated, emulated_person, radio, scanning
from lift_monitor.cli.common import UserError, console, count, repetition_table, require_output
from lift_monitor.cli.doctor import has_display
from lift_monitor.cli.screen import Offscreen, Theme, View
from lift_monitor.events import Exercise

if TYPE_CHECKING:
    from lift_monitor.drivers.emulated.person import EmulatedPerson
    from lift_monitor.sensors.desk import Desk
    from lift_monitor.ui.session import LoadedSession, SessionChoice

_HAND_S = 0.2


def live(
    exercise: Annotated[
        Exercise, typer.Option(help="What is lifted; can be changed on the screen.")
    ] = Exercise.DEADLIFT,
    load: Annotated[
        float | None, typer.Option(min=0.0, max=1000.0, metavar="KG", help="Mass on the bar.")
    ] = None,
    body_mass: Annotated[
        float | None,
        typer.Option(min=1.0, max=1000.0, metavar="KG", help="Mass of the lifter, for landings."),
    ] = None,
    recordings: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where sessions are recorded; by default lift_monitor in your documents.",
        ),
    ] = None,
    emulated: Emulated = False,
    offscreen: Offscreen = None,
    seconds: Annotated[
        float,
        typer.Option(min=1.0, max=3600.0, metavar="S", help="Length of an offscreen session."),
    ] = 45.0,
    png: Annotated[
        Path | None, typer.Option("--png", help="Where the offscreen picture goes.")
    ] = None,
    view: View = "clinician",
    theme: Theme = "dark",
) -> None:
    """Set up sensors and show the dashboard on them."""
    for flag, value, known in (
        ("--view", view, ("clinician", "lifter")),
        ("--theme", theme, ("dark", "light")),
    ):
        if value not in known:
            raise UserError(f"{flag} {value} is not known; choose {' or '.join(known)}.")
    away = not has_display() if offscreen is None else offscreen
    picture = png or Path("live.png")
    if away:
        require_output(picture, overwrite=True)
    folder = recording_folder(recordings)
    person = emulated_person(exercise) if emulated else None
    if away and person is None:
        with radio(None) as hub, scanning(hub):
            pass  # says at once, before all else is loaded, that there is no Bluetooth
    # Offscreen nobody leads the emulated person, who then does not wait to be led.
    with sensor_desk(person, folder, led=not away) as (desk, begin):
        from lift_monitor.ui.session import SessionChoice

        choice = SessionChoice(exercise=exercise, load_kg=load, body_mass_kg=body_mass)
        if away:
            _offscreen(desk, begin, choice, seconds, picture, theme)
            return
        from lift_monitor.ui.app import run_live

        status = run_live(desk, begin, choice=choice, theme=theme, view=view)
    raise typer.Exit(status)


def recording_folder(wanted: Path | None) -> Path:
    """Make the folder of the recordings; by default the usual one.

    Raises
    ------
    UserError
        If it cannot be made.
    """
    folder = wanted or _usual_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"The folder {folder} cannot be made ({error.strerror or error}); "
            "name another one with --recordings."
        ) from error
    return folder


@contextmanager
def sensor_desk(
    person: EmulatedPerson | None, folder: Path, *, led: bool
) -> Iterator[tuple[Desk, Callable[[SessionChoice], LoadedSession]]]:
    """Open the desk of the sensors, looking for them, and give what begins a session on it.

    Raises
    ------
    UserError
        If there are no emulated sensors to be had.
    """
    desk = _desk(person)

    from lift_monitor.drivers.ble.hub import CarrierError

    try:
        desk.start()
    except CarrierError as error:
        raise UserError(str(error)) from error
    try:
        desk.scan(True)
        with _Hand(desk, person):
            yield desk, beginner(desk, folder, person, led=led)
    finally:
        desk.close()


def beginner(
    desk: Desk, folder: Path, person: EmulatedPerson | None, *, led: bool = False
) -> Callable[[SessionChoice], LoadedSession]:
    """Make what begins a session on a desk's sensors, recorded into a folder.

    With ``led`` an emulated person does what the page of the calibration asks for.
    """

    def begin(choice: SessionChoice) -> LoadedSession:
        from lift_monitor.cli.following import Following
        from lift_monitor.limits import limits_of
        from lift_monitor.recordings.facts import SessionFacts
        from lift_monitor.station import Mode, Station, StationConfig
        from lift_monitor.ui.session import LoadedSession

        source = desk.source()
        desk.scan(False)  # a search takes air time from the sensors that stream
        now = datetime.now(UTC)
        facts = SessionFacts(
            started_at=now,
            source="live" if person is None else "simulated",
            exercise=choice.exercise,
            load_kg=choice.load_kg,
            body_mass_kg=choice.body_mass_kg,
            limits=limits_of(choice.flag_rules, choice.impact_band),
            target_reps=choice.target_reps,
            target_sets=choice.target_sets,
            alias=choice.alias,
            notes=desk.notes(),
        )
        config = StationConfig(
            exercise=choice.exercise,
            alias=choice.alias,
            load_kg=choice.load_kg,
            body_mass_kg=choice.body_mass_kg,
            target_reps=choice.target_reps,
            target_sets=choice.target_sets,
            impact_band=choice.impact_band,
            flag_rules=choice.flag_rules,
            loss_amber_pct=choice.loss_amber_pct,
            loss_stop_pct=choice.loss_stop_pct,
        )
        mode = Mode.LIVE if person is None else Mode.SIMULATED
        # The name tells when and what, never who.
        stamp = now.astimezone().strftime("%Y-%m-%d_%H%M%S")
        path = _free(folder / f"{stamp}_{choice.exercise.value}.mcap")
        station = Station(source, config, mode, session=facts, record_to=path)
        follow = None
        if person is not None:
            person.lift()
            follow = Following(person) if led else None
        return LoadedSession(station, None, facts, path.name, follow)

    return begin


def _desk(person: EmulatedPerson | None) -> Desk:
    from lift_monitor.drivers.ble.hub import Hub
    from lift_monitor.sensors.desk import Desk
    from lift_monitor.sensors.memory import KnownSensor, Memory, usual_path

    if person is None:
        return Desk(Hub(), Memory(usual_path()))

    from lift_monitor.drivers.emulated.carrier import emulated_radio
    from lift_monitor.drivers.emulated.person import FAMILY

    memory = Memory()  # emulated sensors are not those of a clinic
    for role, name in person.names().items():
        memory.assign(KnownSensor(name, name, FAMILY), role)
    return Desk(Hub(emulated_radio(person.sensors)), memory, emulated=True)


def _offscreen(
    desk: Desk,
    begin: Callable[[SessionChoice], LoadedSession],
    choice: SessionChoice,
    seconds: float,
    picture: Path,
    theme: str,
) -> None:
    # Where there is no display, any other platform of Qt ends the process.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from lift_monitor.ui.app import run_live_offscreen

    try:
        repetitions = run_live_offscreen(
            desk, begin, choice, seconds=seconds, png_path=picture, theme=theme
        )
    except RuntimeError as error:
        raise UserError(f"{str(error).rstrip('.')}.") from error
    screen = console()
    screen.print(f"Live session: {count(len(repetitions), 'repetition')}", markup=False)
    if repetitions:
        screen.print(repetition_table(repetitions))
    screen.print("The picture shows flags, and whether technique was watched.")
    screen.print(f"Picture: {picture}", markup=False, soft_wrap=True)


class _Hand:
    """The emulated person's hand: taps the sensor that the tap check asks for."""

    def __init__(self, desk: Desk, person: EmulatedPerson | None) -> None:
        self._desk, self._person = desk, person
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lift-hand", daemon=True)

    def __enter__(self) -> None:
        if self._person is not None:
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        assert self._person is not None
        while not self._ended.wait(_HAND_S):
            role = self._desk.asks_to_tap
            if role is not None and not self._ended.wait(0.6):
                self._person.tap(role)
                self._ended.wait(0.8)


def _usual_folder() -> Path:
    import platformdirs

    return platformdirs.user_documents_path() / "lift_monitor"


def _free(path: Path) -> Path:
    """Return the path, or one beside it that is free."""
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free
