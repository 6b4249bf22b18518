"""Checks on numbers whose header may lie: units that cannot be, time that runs backwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from lift_monitor.recordings.errors import InputFileError
from lift_monitor.recordings.table import TextTable
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray

_LONGEST_S: Final = 7 * 86_400.0
_SLOWEST_STEP_S: Final = 2.0
_FASTEST_STEP_S: Final = 2e-5
_LEAST_ROWS: Final = 20
_LARGEST_VALUE: Final = 1e6
_FASTEST_TURN_RADPS: Final = 70.0
"""4 000 deg/s, the widest range that consumer gyroscopes offer."""


def check_time(table: TextTable, time_s: FloatArray, column: str) -> None:
    """Refuse time that runs backwards or cannot be in the unit of its header.

    Equal times are let through: real Bluetooth exports have them.

    Raises
    ------
    InputFileError
        Naming the line and the column.
    """
    steps = np.diff(time_s)
    back = np.flatnonzero(steps < 0)
    if back.size:
        row = int(back[0]) + 1
        raise InputFileError(
            f"{table.path}, line {table.line_of(row)}, column {column}: time runs backwards "
            f"by {-float(steps[row - 1]):.6g} s; sort the rows by time or export the file again."
        )
    if time_s.shape[0] < 3:
        return
    span_s = float(time_s[-1] - time_s[0])
    if span_s > _LONGEST_S or float(np.median(steps)) > _SLOWEST_STEP_S:
        raise InputFileError(
            f"{table.path}, column {column}: {time_s.shape[0]} rows last {span_s:.6g} s, which "
            "no sensor does; the unit in the header is too large, rename the column "
            "(t_s, t_ms, t_us or t_ns)."
        )
    if time_s.shape[0] >= _LEAST_ROWS and span_s / time_s.shape[0] < _FASTEST_STEP_S:
        raise InputFileError(
            f"{table.path}, column {column}: {time_s.shape[0]} rows last only {span_s:.3g} s, "
            "which no sensor does; the unit in the header is too small, rename the column "
            "(t_s, t_ms, t_us or t_ns)."
        )


def check_size(table: TextTable, values: FloatArray, columns: Sequence[int]) -> None:
    """Refuse numbers that no sensor gives in any unit (a broken cell like ``1e300``).

    Raises
    ------
    InputFileError
        Naming the line and the column of the first.
    """
    wrong = np.argwhere(np.abs(values) > _LARGEST_VALUE)
    if wrong.size:
        row, place = (int(index) for index in wrong[0])
        raise InputFileError(
            f"{table.path}, line {table.line_of(row)}, column {table.names[columns[place]]}: "
            f"{values[row, place]:.6g} is not what a sensor measures; remove the line."
        )


def check_units(table: TextTable, acc_mps2: FloatArray, gyr_radps: FloatArray) -> None:
    """Refuse values that only make sense in another unit than the header's.

    A sensor on a bar or a body reads one g most of the time, whatever it is doing in
    between; if half of its values lie within a tenth of one g *in another unit*, that is
    the unit. A rate of turn that no gyroscope can measure is in degrees.

    Parameters
    ----------
    acc_mps2, gyr_radps : (n, 3) array
        As converted by the units of the header.

    Raises
    ------
    InputFileError
        Saying which unit the values seem to have.
    """
    if acc_mps2.shape[0] < _LEAST_ROWS:
        return
    size = np.linalg.norm(acc_mps2, axis=1)
    for factor, said, meant in (
        (1 / STANDARD_GRAVITY_MPS2, "m/s²", "g; name its columns acc_x_g and so on"),
        (STANDARD_GRAVITY_MPS2, "g", "m/s²; name its columns acc_x_mps2 and so on"),
        (1000.0, "g", "milli-g; divide it by 1000"),
        (1000.0 / STANDARD_GRAVITY_MPS2, "m/s²", "milli-g; divide it by 1000 and name it _g"),
    ):
        one_g = STANDARD_GRAVITY_MPS2 * factor
        if np.mean(np.abs(size - one_g) < 0.1 * one_g) > 0.5:
            raise InputFileError(
                f"{table.path}: the header says that acceleration is in {said} but the values "
                f"are in {meant}."
            )
    turn = float(np.percentile(np.abs(gyr_radps), 99.0))
    if turn > _FASTEST_TURN_RADPS:
        raise InputFileError(
            f"{table.path}: the rotation rate reaches {turn:.0f} rad/s by the header's unit, "
            "which no sensor measures; if it is in deg/s, name its columns gyr_x_dps and so on."
        )
