"""Exports hold what was measured, with units, whole or not at all."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from lift_monitor.events import Confidence, Exercise, LiftSet, Repetition
from lift_monitor.recordings.atomic import atomic_path
from lift_monitor.recordings.errors import InputFileError
from lift_monitor.recordings.exports import export_repetitions_csv, export_signals_parquet
from lift_monitor.signal.trace_block import TraceBlock

REPETITION = Repetition(
    set_number=1,
    number=1,
    exercise=Exercise.DEADLIFT,
    start_s=1.0,
    end_s=4.0,
    concentric_start_s=1.0,
    concentric_end_s=2.25,
    eccentric_start_s=2.5,
    eccentric_end_s=4.0,
    mean_velocity_mps=0.41239,
    mean_propulsive_velocity_mps=0.43,
    peak_velocity_mps=0.8,
    rom_m=0.52,
    concentric_duration_s=1.25,
    eccentric_duration_s=1.5,
    velocity_loss_pct=0.0,
    mean_velocity_sd_mps=float("nan"),
    confidence=Confidence.HIGH,
    reasons=(),
    refined=True,
)
WITHDRAWN = dataclasses.replace(
    REPETITION, number=2, confidence=Confidence.NONE, reasons=("a hole of 2 s", "clipped, twice")
)
SET = LiftSet(1, Exercise.DEADLIFT, 1.0, 8.0, 0.0, Confidence.HIGH, (), (REPETITION, WITHDRAWN))
TRACE = TraceBlock(
    time_s=np.array([0.0, 0.01, 0.02]),
    velocity_mps=np.array([0.0, np.nan, 0.2]),
    height_m=np.array([0.0, np.nan, 0.002]),
    up_sensor=np.tile([0.0, 0.6, 0.8], (3, 1)),
    quality=np.array([0, 4, 0], np.uint16),
)


def test_repetitions_are_rows_with_units_in_the_header(tmp_path: Path) -> None:
    path = tmp_path / "repetitions.csv"
    assert export_repetitions_csv([SET], path) == 2
    with path.open(encoding="utf-8", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert first["exercise"] == "deadlift"
    assert float(first["mean_velocity_mps"]) == pytest.approx(0.4124)
    assert first["mean_velocity_sd_mps"] == ""
    assert second["peak_velocity_mps"] == ""
    assert second["start_s"] == "1.0000"
    assert second["reasons"] == "a hole of 2 s; clipped, twice"


def test_signals_keep_their_units_and_their_holes(tmp_path: Path) -> None:
    path = tmp_path / "signals.parquet"
    export_signals_parquet(TRACE, path, facts={"exercise": "deadlift"})
    table = pq.read_table(path)
    assert table.schema.field("velocity_mps").metadata[b"unit"] == b"m/s"
    assert table.schema.metadata[b"exercise"] == b"deadlift"
    assert table.column("velocity_mps").to_pylist() == [0.0, None, 0.2]
    assert table.column("up_z").to_pylist() == [0.8, 0.8, 0.8]
    assert table.column("quality").to_pylist() == [0, 4, 0]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "file"
    with pytest.raises(InputFileError, match="nowhere"):
        export_repetitions_csv([SET], nowhere)
    with pytest.raises(InputFileError, match="nowhere"):
        export_signals_parquet(TRACE, nowhere)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_export_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "repetitions.csv"
    path.write_text("the last good one", encoding="utf-8")

    def interrupted() -> None:
        with atomic_path(path) as part:
            part.write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [entry.name for entry in tmp_path.iterdir()] == ["repetitions.csv"]
    assert path.read_text(encoding="utf-8") == "the last good one"
