"""Import of one sensor's plain CSV, whose header names the units."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import numpy as np

from lift_monitor.drivers.formats import float_rows
from lift_monitor.recordings.errors import InputFileError
from lift_monitor.recordings.imported import ImportedFile, saved_at
from lift_monitor.recordings.plausible import check_size, check_time, check_units
from lift_monitor.recordings.table import TextTable, shorten
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2

_TIME: Final = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
"""Units a second."""
_UNITS: Final = {
    "acc": {"mps2": 1.0, "g": STANDARD_GRAVITY_MPS2},
    "gyr": {"radps": 1.0, "dps": RADPS_PER_DPS},
}
_QUANTITIES: Final = ("t", *(f"{kind}_{axis}" for kind in _UNITS for axis in "xyz"))
EXPECTED: Final = "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps"
_LATEST_START_S: Final = 1e6
"""A file that begins later than this counts from a date, not from its own beginning."""


def import_csv(path: Path, role: Role = Role.BAR) -> ImportedFile:
    """Read a CSV of one inertial sensor.

    The columns may stand in any order and among others: time ``t_s`` (``_ms``, ``_us``,
    ``_ns``), acceleration ``acc_x_mps2`` or ``acc_x_g``, rotation rate ``gyr_x_radps`` or
    ``gyr_x_dps``, and so for y and z. Rows need not be evenly spaced.

    Raises
    ------
    InputFileError
        One sentence: what is wrong, the line or column, and what to do.
    """
    return from_table(TextTable.open(path), role)


def from_table(table: TextTable, role: Role) -> ImportedFile:
    """As :func:`import_csv`, of a table that is open already."""
    place, factor = _assign(table)
    columns = [place[quantity] for quantity in _QUANTITIES]
    raw = table.numbers(columns)
    check_size(table, raw[:, 1:], columns[1:])
    time_s = raw[:, 0] / factor["t"]
    rows = raw * np.array([1.0, *(factor[quantity] for quantity in _QUANTITIES[1:])])
    check_time(table, time_s, table.names[place["t"]])
    check_units(table, rows[:, 1:4], rows[:, 4:7])
    first_s = float(time_s[0])
    zero_s = 0.0 if 0.0 <= first_s <= _LATEST_START_S else first_s
    rows[:, 0] = time_s - zero_s
    used = set(place.values())
    return ImportedFile(
        path=table.path,
        sensors=(SensorInfo(role.value, role, float_rows.NAME, name=table.path.name),),
        streams={float_rows.IMU: rows},
        started_at=saved_at(table.path),
        time_zero_s=zero_s,
        ignored_columns=tuple(name for i, name in enumerate(table.names) if i not in used),
    )


def _assign(table: TextTable) -> tuple[dict[str, int], dict[str, float]]:
    """Find each quantity's column, and the factor of its unit (for time: units a second)."""
    place: dict[str, int] = {}
    factor: dict[str, float] = {}
    for index, name in enumerate(table.names):
        match = re.fullmatch(r"(t|(?:acc|gyr)_[xyz])(?:_(\w+))?", name.lower())
        if match is None:
            continue
        quantity, unit = match.groups()
        units = _TIME if quantity == "t" else _UNITS[quantity[:3]]
        if unit not in units:
            known = " or ".join(f"{quantity}_{known}" for known in units)
            raise InputFileError(
                f"{table.path}, line 1: column {shorten(name)} does not name a known unit; "
                f"call it {known}."
            )
        if quantity in place:
            raise InputFileError(
                f"{table.path}, line 1: {quantity} stands in two columns, "
                f"{shorten(table.names[place[quantity]])} and {shorten(name)}; keep one."
            )
        place[quantity], factor[quantity] = index, units[unit]
    missing = [quantity for quantity in _QUANTITIES if quantity not in place]
    if missing:
        raise _missing(table, missing)
    return place, factor


def _missing(table: TextTable, missing: list[str]) -> InputFileError:
    if len(missing) == len(_QUANTITIES):
        return InputFileError(
            f"{table.path}, line 1 is not a header of a sensor's CSV (it begins with "
            f"{shorten(table.names[0])}); it must name its columns: {EXPECTED}."
        )
    wanted = ", ".join(f"{quantity}_{next(iter(_units_of(quantity)))}" for quantity in missing)
    return InputFileError(
        f"{table.path}, line 1 has no column {wanted}; export all of {EXPECTED} "
        "(_g and _dps are understood too)."
    )


def _units_of(quantity: str) -> dict[str, float]:
    return _TIME if quantity == "t" else _UNITS[quantity[:3]]
