"""``lift-monitor record``: sensors into a recording, without a screen."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lift_monitor.cli.bluetooth import Emulated, emulated_person, radio, scanning
from lift_monitor.cli.common import UserError, console, count, repetition_table, require_output
from lift_monitor.events import Exercise, RepetitionCompleted, RepetitionWithdrawn, SetEnded

if TYPE_CHECKING:
    from lift_monitor.drivers.ble.hub import Hub
    from lift_monitor.events import Repetition
    from lift_monitor.sensors.taps import HubTap
    from lift_monitor.station import Station, StationStatus

_LOOK_S = 0.1
_TELL_S = 5.0
_FIGURES = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def record(
    out: Annotated[Path, typer.Argument(metavar="OUT.mcap", help="The recording to make.")],
    bar: Annotated[
        str | None, typer.Option(metavar="ID", help="Sensor on the bar: address, name or serial.")
    ] = None,
    thorax: Annotated[
        str | None, typer.Option(metavar="ID", help="Sensor between the shoulder blades.")
    ] = None,
    pelvis: Annotated[str | None, typer.Option(metavar="ID", help="Sensor on the sacrum.")] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=1.0, metavar="N", help="Stop by itself; else Ctrl+C stops."),
    ] = None,
    exercise: Annotated[Exercise, typer.Option(help="What is lifted.")] = Exercise.FREE,
    load: Annotated[
        float | None, typer.Option(min=0.0, max=1000.0, metavar="KG", help="Mass on the bar.")
    ] = None,
    body_mass: Annotated[
        float | None,
        typer.Option(min=1.0, max=1000.0, metavar="KG", help="Mass of the lifter, for landings."),
    ] = None,
    within: Annotated[
        float, typer.Option(min=1.0, max=300.0, metavar="S", help="How long to look for sensors.")
    ] = 15.0,
    emulated: Emulated = False,
) -> None:
    """Record sensors without a screen."""
    from lift_monitor.drivers.live import LiveSource, TapError
    from lift_monitor.recordings.errors import RecordingError
    from lift_monitor.samples import Role
    from lift_monitor.station import Mode, Station, StationConfig

    lifted = Exercise.DEADLIFT if exercise is Exercise.FREE else exercise
    person = emulated_person(lifted) if emulated else None
    wanted = {Role.BAR: bar, Role.THORAX: thorax, Role.PELVIS: pelvis}
    if person is not None and not any(wanted.values()):
        wanted = dict(person.names())
    named = {role: text for role, text in wanted.items() if text is not None}
    if not named:
        raise UserError(
            "Name a sensor with --bar, --thorax or --pelvis; lift-monitor scan lists them."
        )
    require_output(out)
    with radio(person) as hub:
        with scanning(hub):
            taps = _open_all(hub, named, within)
        if person is not None:
            person.lift()
        station = Station(
            LiveSource(taps),
            StationConfig(exercise, load_kg=load, body_mass_kg=body_mass),
            Mode.SIMULATED if emulated else Mode.LIVE,
            record_to=out,
        )
        try:
            station.start()
        except (RecordingError, TapError) as error:
            raise UserError(str(error)) from error
        repetitions, status = _watch(station, seconds)
    if status is not None and status.error:
        raise UserError(status.error)
    screen = console()
    recorded_s = status.recorded_s if status is not None else 0.0
    screen.print(
        f"{out}: {recorded_s:.1f} s, {count(len(repetitions), 'repetition')}",
        markup=False,
        soft_wrap=True,
    )
    if repetitions:
        screen.print(repetition_table(repetitions))


def _open_all(hub: Hub, named: dict[Any, str], within_s: float) -> list[HubTap]:
    from lift_monitor.drivers.ble.errors import RadioError
    from lift_monitor.drivers.ble.family import Wish
    from lift_monitor.samples import Role
    from lift_monitor.sensors.bench import NO_GYRO
    from lift_monitor.sensors.finding import NotFoundError, find_and_open
    from lift_monitor.sensors.taps import HubTap, sensor_info

    taps: list[HubTap] = []
    taken: set[str] = set()
    screen = console()
    for role, text in named.items():
        try:
            found, setup = find_and_open(
                hub, text, Wish(), within_s=within_s, taken=frozenset(taken)
            )
        except (NotFoundError, RadioError) as error:
            raise UserError(str(error)) from error
        taken.add(found.address)
        if role is Role.BAR and not found.family.has_gyro:
            raise UserError(NO_GYRO.format(name=found.name))
        taps.append(HubTap(hub, found.address, sensor_info(found, setup, role)))
        rate = f", {setup.rate_hz:g} Hz" if setup.rate_hz else ""
        screen.print(f"{role.value}: {found.name}{rate}", markup=False, soft_wrap=True)
        for warning in setup.warnings:
            screen.print(f"  - {warning}", markup=False, soft_wrap=True)
    return taps


def _watch(
    station: Station, seconds: float | None
) -> tuple[list[Repetition], StationStatus | None]:
    """Let a session run; say how it is doing, and at once what is wrong."""
    from lift_monitor.signal.pipeline import PipelineOutput
    from lift_monitor.station import StationStatus

    told: dict[str, str] = {}
    found: dict[tuple[int, int], Repetition] = {}
    status: StationStatus | None = None
    began_s = told_s = time.monotonic()
    screen = console()

    def look() -> None:
        nonlocal status
        for update in station.drain():
            if isinstance(update, PipelineOutput):
                _count(update.events, found)
            elif isinstance(update, StationStatus):
                status = update

    try:
        while seconds is None or time.monotonic() < began_s + seconds:
            time.sleep(_LOOK_S)
            look()
            if status is None:
                continue
            if status.error:
                break
            for sensor in status.sensors:
                # One trouble is told once, also where its figures change all the time.
                kind = _FIGURES.sub("", sensor.text)
                begun = sensor.age_s is not None or sensor.state == "lost"
                if begun and kind != told.get(sensor.sensor_id, ""):
                    told[sensor.sensor_id] = kind
                    screen.print(
                        f"{status.now_s:7.1f} s  {sensor.text or f'{sensor.name} is well again.'}",
                        markup=False,
                        soft_wrap=True,
                    )
            if time.monotonic() >= told_s + _TELL_S:
                told_s = time.monotonic()
                rates = ", ".join(
                    f"{sensor.role.value} {sensor.rate_hz or 0.0:.0f} Hz"
                    for sensor in status.sensors
                )
                screen.print(
                    f"{status.now_s:7.1f} s  {rates}, {count(len(found), 'repetition')}",
                    markup=False,
                )
    except KeyboardInterrupt:
        screen.print("Stopping.")
    finally:
        station.close()
        look()
    return list(found.values()), status


def _count(events: Any, found: dict[tuple[int, int], Repetition]) -> None:
    for event in events:
        if isinstance(event, RepetitionCompleted):
            rep = event.repetition
            found[rep.set_number, rep.number] = rep
        elif isinstance(event, RepetitionWithdrawn):
            found.pop((event.set_number, event.number), None)
        elif isinstance(event, SetEnded):
            number = event.lift_set.number
            for key in [key for key in found if key[0] == number]:
                del found[key]
            for rep in event.lift_set.repetitions:
                found[number, rep.number] = rep
