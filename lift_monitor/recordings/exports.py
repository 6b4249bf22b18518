"""Results for other programs: repetitions as CSV, signals as Parquet."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from lift_monitor import __version__
from lift_monitor.events import Confidence, LiftSet, Repetition
from lift_monitor.recordings.atomic import atomic_path
from lift_monitor.recordings.errors import InputFileError
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.units import FloatArray

_VALUES: Final = (
    "start_s",
    "end_s",
    "concentric_start_s",
    "concentric_end_s",
    "eccentric_start_s",
    "eccentric_end_s",
    "mean_velocity_mps",
    "mean_propulsive_velocity_mps",
    "peak_velocity_mps",
    "rom_m",
    "concentric_duration_s",
    "eccentric_duration_s",
    "velocity_loss_pct",
    "mean_velocity_sd_mps",
)
_WHEN: Final = ("start_s", "end_s")
REPETITION_COLUMNS: Final = ("set", "exercise", "repetition", *_VALUES, "confidence", "reasons")


def export_repetitions_csv(sets: Iterable[LiftSet], path: Path) -> int:
    """Write one row a repetition; units stand in the header.

    The numbers of a repetition that is withdrawn, and those that are not finite, are empty
    cells, never zeros.

    Parameters
    ----------
    sets : iterable of LiftSet
    path : Path
        Written whole or not at all; an existing file is replaced.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    InputFileError
        If the file cannot be written.
    """
    rows = [_row(repetition) for lift_set in sets for repetition in lift_set.repetitions]
    try:
        with (
            atomic_path(path) as part,
            part.open("x", encoding="utf-8", newline="") as stream,
        ):
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(REPETITION_COLUMNS)
            writer.writerows(rows)
    except OSError as error:
        raise _cannot_write(path, error) from None
    return len(rows)


def export_signals_parquet(
    trace: TraceBlock, path: Path, *, facts: Mapping[str, str] | None = None
) -> None:
    """Write the traces of a session, one row an analysis step.

    Each column carries its ``unit`` and a ``description`` as field metadata, and velocity
    and height are null where there is no data.

    Parameters
    ----------
    trace : TraceBlock
    path : Path
        Written whole or not at all; an existing file is replaced.
    facts : mapping of str to str, optional
        Kept as metadata of the file, e.g. the exercise and the recording's name.

    Raises
    ------
    InputFileError
        If the file cannot be written.
    """
    up = [("up_x", 0), ("up_y", 1), ("up_z", 2)]
    columns = [
        _column("t_s", "s", "session time", trace.time_s),
        _column("velocity_mps", "m/s", "vertical velocity, up is positive", trace.velocity_mps),
        _column("height_m", "m", "height over the start of the segment", trace.height_m),
        *(
            _column(name, "1", "the world's up in the sensor's axes", trace.up_sensor[:, axis])
            for name, axis in up
        ),
        (
            pa.field(
                "quality",
                pa.uint16(),
                metadata={"unit": "1", "description": "bits of lift_monitor.samples.Quality"},
            ),
            pa.array(trace.quality, pa.uint16()),
        ),
    ]
    metadata = {"software": f"lift_monitor {__version__}", **(facts or {})}
    schema = pa.schema([field for field, _ in columns], metadata=metadata)
    table = pa.Table.from_arrays([values for _, values in columns], schema=schema)
    try:
        with atomic_path(path) as part:
            pq.write_table(table, part, compression="zstd")
    except OSError as error:
        raise _cannot_write(path, error) from None


def _row(repetition: Repetition) -> list[str]:
    withdrawn = repetition.confidence is Confidence.NONE
    cells = [
        "" if withdrawn and name not in _WHEN else _number(getattr(repetition, name))
        for name in _VALUES
    ]
    return [
        str(repetition.set_number),
        repetition.exercise.value,
        str(repetition.number),
        *cells,
        repetition.confidence.value,
        "; ".join(repetition.reasons),
    ]


def _number(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else ""


def _column(
    name: str, unit: str, description: str, values: FloatArray
) -> tuple[pa.Field, pa.Array]:
    metadata = {"unit": unit, "description": description}
    # from_pandas: NaN means "no data" here and becomes null.
    return pa.field(name, pa.float64(), metadata=metadata), pa.array(values, from_pandas=True)


def _cannot_write(path: Path, error: OSError) -> InputFileError:
    # Arrow tells its own long story; the number says the same in the words of the system.
    why = os.strerror(error.errno) if error.errno else error
    return InputFileError(
        f"{path} cannot be written ({why}); check the folder and the room on the disk."
    )
