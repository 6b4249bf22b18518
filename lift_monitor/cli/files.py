"""``lift-monitor import``, ``export``, ``simulate`` and ``recover``: files in, files out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
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
    require_file,
    require_output,
    session_of,
)
from lift_monitor.events import Exercise

if TYPE_CHECKING:
    from lift_monitor.drivers.simulated import AnnotatedSource, LandingPlan, SessionPlan
    from lift_monitor.drivers.source import PacketSource
    from lift_monitor.recordings.facts import SessionFacts

_ROLES = ("bar", "thorax", "pelvis")


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Plain CSVs, or CSV pairs of MetaMotion."),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT.mcap", help="The recording to make.")],
    exercise: Annotated[Exercise | None, typer.Option(help="What was lifted.")] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            help="bar, thorax or pelvis, once a file in order; by default from the file's name, "
            "else bar."
        ),
    ] = None,
    load: Annotated[float | None, typer.Option(metavar="KG", help="Mass on the bar.")] = None,
    alias: Annotated[str, typer.Option(help="A name that only the clinic can resolve.")] = "",
) -> None:
    """Make a recording of files from other programs."""
    from lift_monitor.recordings.recorder import save_recording
    from lift_monitor.samples import Role

    for path in files:
        require_file(path)
    require_output(out, inputs=files)
    if role and len(role) != len(files):
        raise UserError(f"There are {len(files)} files and {len(role)} --role; give one a file.")
    names = role or [_role_of(path) for path in files]
    for name in names:
        if name not in _ROLES:
            raise UserError(f"--role {name} is not known; choose bar, thorax or pelvis.")
    sources = [
        import_source(path, Role(name))
        for path, name in _without_partners(list(zip(files, names, strict=True)))
    ]
    source: PacketSource = sources[0] if len(sources) == 1 else JoinedSources(sources)
    session = replace(sources[0].session(), exercise=exercise, load_kg=load, alias=alias)
    with input_errors():
        packets = save_recording(out, session, source)
    console().print(f"{out}: {packets} packets", markup=False, soft_wrap=True)


def _role_of(path: Path) -> str:
    name = path.stem.lower()
    return next((role for role in _ROLES if role in name), "bar")


def _without_partners(files: list[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """Drop the second file of a MetaMotion pair: the importer finds it by the first."""
    kept: list[tuple[Path, str]] = []
    seen: set[str] = set()
    for path, role in files:
        stem = path.name.split("_Accelerometer_")[0].split("_Gyroscope_")[0]
        if stem != path.name and stem in seen:
            continue
        seen.add(stem)
        kept.append((path, role))
    return kept


def export(
    recording: Annotated[
        Path, typer.Argument(metavar="RECORDING", help="A recording, or a file that import reads.")
    ],
    repetitions: Annotated[
        Path | None, typer.Option(metavar="OUT.csv", help="One row a repetition.")
    ] = None,
    signals: Annotated[
        Path | None, typer.Option(metavar="OUT.parquet", help="One row an analysis step.")
    ] = None,
    exercise: Annotated[
        Exercise | None,
        typer.Option(help="What was lifted; by default what the recording says, else free."),
    ] = None,
) -> None:
    """Write what a recording holds for other programs."""
    from lift_monitor.analysis import analyse
    from lift_monitor.recordings.exports import export_repetitions_csv, export_signals_parquet
    from lift_monitor.samples import Role

    if repetitions is None and signals is None:
        raise UserError("Say what to export: --repetitions OUT.csv, --signals OUT.parquet or both.")
    require_file(recording)
    for path in (repetitions, signals):
        if path is not None:
            require_output(path, inputs=[recording], overwrite=True)
    source = open_source(recording, Role.BAR)
    session = session_of(source)
    chosen = exercise or (session.exercise if session else None) or Exercise.FREE
    with progress("Analysing") as report, input_errors():
        analysis = analyse(
            source, exercise=chosen, progress=report, keep_traces=signals is not None
        )
    screen = console()
    if repetitions is not None:
        with input_errors():
            export_repetitions_csv(analysis.sets, repetitions)
        screen.print(
            f"{repetitions}: {count(len(analysis.repetitions), 'repetition')}",
            markup=False,
            soft_wrap=True,
        )
    if signals is not None:
        with input_errors():
            export_signals_parquet(
                analysis.trace_refined,
                signals,
                facts={"exercise": chosen.value, "recording": recording.name},
            )
        screen.print(f"{signals}: {len(analysis.trace_refined)} rows", markup=False, soft_wrap=True)


def simulate(
    out: Annotated[Path, typer.Argument(metavar="OUT.mcap", help="The recording to make.")],
    exercise: Annotated[Exercise, typer.Option(help="What is lifted.")] = Exercise.DEADLIFT,
    sets: Annotated[int, typer.Option(min=1, max=20)] = 3,
    reps: Annotated[int, typer.Option(min=1, max=30)] = 5,
    rest: Annotated[
        float | None,
        typer.Option(
            min=15.0, max=3600.0, metavar="S", help="Rest between sets; by habit if not given."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same packets.")] = 1,
    rate: Annotated[
        float, typer.Option(min=10.0, max=1000.0, metavar="HZ", help="Samples a second.")
    ] = 100.0,
    trunk: Annotated[
        bool,
        typer.Option(
            "--trunk",
            help="Wear sensors on pelvis and thorax and begin with the guided minute; landings "
            "always do.",
        ),
    ] = False,
    sample: Annotated[
        str | None,
        typer.Option(help="Make this one of the sample sessions; the other options do not count."),
    ] = None,
) -> None:
    """Let the simulated lifter make a recording."""
    from lift_monitor.recordings.facts import Annotation
    from lift_monitor.recordings.recorder import save_recording

    require_output(out)
    if sample is None:
        source, session = simulated_session(
            exercise, sets=sets, reps=reps, rest_s=rest, seed=seed, rate_hz=rate, trunk=trunk
        )
    else:
        source, session = _sample_session(sample)
    remarks = [Annotation(n.at_s, n.kind, n.text, n.data) for n in source.annotations]
    with input_errors():
        packets = save_recording(out, session, source, remarks)
    console().print(f"{out}: {packets} packets", markup=False, soft_wrap=True)


def simulated_session(
    exercise: Exercise,
    *,
    sets: int,
    reps: int,
    seed: int,
    rest_s: float | None = None,
    rate_hz: float = 100.0,
    trunk: bool = False,
) -> tuple[AnnotatedSource, SessionFacts]:
    """Simulate a session with realistic sensors.

    Raises
    ------
    UserError
        If the simulated lifter does not know the exercise, or cannot do it so.
    """
    from lift_monitor.drivers.simulated import LiftingTrunk, SensorModel, SimulatedSource, plan_of

    model = SensorModel.realistic(rate_hz)
    try:
        plan = plan_of(exercise, sets, reps)
        if rest_s is not None:
            plan = replace(plan, rest_s=rest_s)
        worn = LiftingTrunk() if trunk else None
        simulated = SimulatedSource(plan, model, seed, worn).session
    except ValueError as error:
        sentence = str(error).rstrip(".")
        raise UserError(f"{sentence[:1].upper()}{sentence[1:]}.") from error
    return simulated.source, _facts(plan, seed, "")


def _sample_session(name: str) -> tuple[AnnotatedSource, SessionFacts]:
    from lift_monitor.drivers.simulated import shipped_sessions

    for shipped in shipped_sessions():
        if shipped.name == name:
            facts = _facts(shipped.plan, shipped.seed, shipped.text)
            return shipped.simulate().source, facts
    known = ", ".join(shipped.name for shipped in shipped_sessions())
    raise UserError(f"There is no sample session {name}; choose one of: {known}.")


def _facts(plan: SessionPlan | LandingPlan, seed: int, text: str) -> SessionFacts:
    from lift_monitor.recordings.facts import SessionFacts

    return SessionFacts(
        # No moment in fact: the same command makes the same file on any day.
        started_at=datetime(2025, 1, 1, 9, 0, tzinfo=UTC),
        source="simulated",
        exercise=plan.exercise,
        body_mass_kg=getattr(plan, "body_mass_kg", None),
        target_reps=plan.reps,
        target_sets=plan.sets,
        notes={"seed": str(seed), **({"about": text} if text else {})},
    )


def recover(
    damaged: Annotated[
        Path, typer.Argument(metavar="DAMAGED.mcap", help="A recording that was cut or damaged.")
    ],
    out: Annotated[
        Path | None, typer.Argument(metavar="OUT.mcap", help="By default beside it.")
    ] = None,
) -> None:
    """Make a whole recording of a cut or damaged one."""
    from lift_monitor.recordings.recovery import recover as recover_recording

    require_file(damaged)
    if out is not None:
        require_output(out, inputs=[damaged])
    with input_errors():
        report = recover_recording(damaged, out)
    left = f"; {report.lost_bytes} bytes at its end held nothing whole" if report.lost_bytes else ""
    console().print(
        f"{report.path}: {report.messages} messages, {report.duration_s:.1f} s, "
        f"recovered from {damaged.name}{left}",
        markup=False,
        soft_wrap=True,
    )
