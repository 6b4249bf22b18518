"""``lift-monitor analyze``: a recording, or one CSV a sensor, to numbers."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lift_monitor.cli.common import (
    JoinedSources,
    UserError,
    console,
    count,
    import_source,
    input_errors,
    open_source,
    progress,
    repetition_table,
    require_file,
    require_output,
    session_of,
    source_notes,
)
from lift_monitor.cli.technique import show_technique
from lift_monitor.events import Exercise

if TYPE_CHECKING:
    from lift_monitor.analysis import Analysis
    from lift_monitor.drivers.source import PacketSource
    from lift_monitor.signal.trunk_calibration import Window


def analyze(
    recording: Annotated[
        Path | None,
        typer.Argument(metavar="RECORDING", help="A recording (.mcap), or a CSV of a bar sensor."),
    ] = None,
    bar: Annotated[Path | None, typer.Option(help="CSV of the sensor on the bar.")] = None,
    thorax: Annotated[Path | None, typer.Option(help="CSV of the sensor on the thorax.")] = None,
    pelvis: Annotated[Path | None, typer.Option(help="CSV of the sensor on the pelvis.")] = None,
    exercise: Annotated[
        Exercise | None,
        typer.Option(help="What was lifted; by default what the recording says, else free."),
    ] = None,
    body_mass: Annotated[
        float | None, typer.Option(metavar="KG", help="Mass of the lifter.")
    ] = None,
    load: Annotated[float | None, typer.Option(metavar="KG", help="Mass on the bar.")] = None,
    neutral: Annotated[
        str | None,
        typer.Option(metavar="START:END", help="Seconds in which the lifter stood upright."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    traces: Annotated[
        Path | None, typer.Option(metavar="OUT.csv", help="Write one row an analysis step.")
    ] = None,
) -> None:
    """Count repetitions, estimate velocities and landings, flag posture in a recording."""
    _check_mass("--body-mass", body_mass)
    _check_mass("--load", load)
    if body_mass == 0:
        raise UserError("--body-mass 0 is no mass of a person; give it in kilograms.")
    upright = None if neutral is None else _neutral(neutral)
    inputs = [path for path in (recording, bar, thorax, pelvis) if path is not None]
    if not inputs:
        raise UserError("Name a recording, or a CSV with --bar, --thorax or --pelvis.")
    if recording is not None and len(inputs) > 1:
        raise UserError("Name either a recording or one CSV a sensor, not both.")
    for path in inputs:
        require_file(path)
    if traces is not None:
        require_output(traces, inputs=inputs, overwrite=True)
    source = _open(recording, bar, thorax, pelvis)
    session = session_of(source)
    if exercise is None:
        exercise = (session.exercise if session else None) or Exercise.FREE

    from lift_monitor.analysis import analyse
    from lift_monitor.document import contract
    from lift_monitor.limits import trunk_config
    from lift_monitor.signal.trunk_calibration import CalibrationError
    from lift_monitor.traces import write_traces

    if body_mass is None and session is not None:
        body_mass = session.body_mass_kg
    with input_errors():
        person = replace(trunk_config(session), body_mass_kg=body_mass)
    with progress("Analysing") as report, input_errors():
        try:
            analysis = analyse(
                source,
                exercise=exercise,
                trunk=person,
                neutral=upright,
                progress=report,
                keep_traces=traces is not None,
            )
        except CalibrationError as error:
            raise UserError(f"--neutral {neutral}: {error}") from error
    if traces is not None:
        try:
            write_traces(analysis, traces)
        except OSError as error:
            raise UserError(
                f"{traces} cannot be written ({error.strerror or error}); "
                "check the folder and the room on the disk."
            ) from error
    notes = source_notes(source)
    if upright is not None and not analysis.trunk_steps:
        notes.append("--neutral was not used: there is no sensor on the thorax or the pelvis.")
    if as_json:
        document = contract(analysis)
        document["notes"] += notes
        document["exercise"] = exercise.value
        document["load_kg"] = load if load is not None else (session.load_kg if session else None)
        document["body_mass_kg"] = body_mass
        typer.echo(json.dumps(document, indent=1, allow_nan=False))
    else:
        _show(analysis, notes)
        if traces is not None:
            console().print(f"Traces: {traces}", markup=False, soft_wrap=True)


def _open(
    recording: Path | None, bar: Path | None, thorax: Path | None, pelvis: Path | None
) -> PacketSource:
    from lift_monitor.samples import Role

    if recording is not None:
        return open_source(recording, Role.BAR)
    files = ((bar, Role.BAR), (thorax, Role.THORAX), (pelvis, Role.PELVIS))
    sources = [import_source(path, role) for path, role in files if path is not None]
    return sources[0] if len(sources) == 1 else JoinedSources(sources)


def _check_mass(flag: str, value_kg: float | None) -> None:
    if value_kg is not None and not (math.isfinite(value_kg) and 0 <= value_kg <= 1000):
        raise UserError(f"{flag} {value_kg:g} is no mass in kilograms; give a number up to 1000.")


def _neutral(text: str) -> Window:
    from lift_monitor.signal.trunk_calibration import Window

    try:
        start_s, end_s = (float(part) for part in text.split(":"))
    except ValueError:
        raise UserError(
            f"--neutral {text} is no START:END; give two times in seconds such as 2.0:5.0."
        ) from None
    if not (math.isfinite(start_s) and math.isfinite(end_s) and start_s < end_s):
        raise UserError(f"--neutral {text} does not end after it starts; give START before END.")
    return Window(start_s, end_s)


def _show(analysis: Analysis, more_notes: list[str]) -> None:
    screen = console()
    for facts in analysis.sensors:
        stream = facts.stream
        screen.print(
            f"{facts.info.role.value}: {stream.samples} samples in {stream.duration_s:.1f} s, "
            f"{stream.mean_rate_hz:.1f} Hz, longest gap {stream.longest_gap_s:.2f} s, "
            f"{stream.saturated_samples} saturated",
            markup=False,
            soft_wrap=True,
        )
    if not analysis.sets:
        screen.print("No set was found.")
    for lift_set in analysis.sets:
        screen.print(
            f"\nSet {lift_set.number}: {lift_set.exercise.value.replace('_', ' ')}, "
            f"{count(len(lift_set.repetitions), 'repetition')} from {lift_set.start_s:.1f} to "
            f"{lift_set.end_s:.1f} s, velocity loss {lift_set.velocity_loss_pct:.0f} %, "
            f"confidence {lift_set.confidence.value}",
            markup=False,
            soft_wrap=True,
        )
        if lift_set.repetitions:
            screen.print(repetition_table(lift_set.repetitions))
        for reason in lift_set.reasons:
            screen.print(f"  - {reason}", markup=False, soft_wrap=True)
    show_technique(screen, analysis)
    for note in (*analysis.notes, *more_notes):
        screen.print(f"Note: {note}", markup=False, soft_wrap=True)
