"""Import of what the MetaMotion app saves: acceleration and rotation in two CSV files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from lift_monitor.drivers.formats import float_rows
from lift_monitor.recordings.errors import InputFileError
from lift_monitor.recordings.imported import ImportedFile
from lift_monitor.recordings.plausible import check_size, check_time
from lift_monitor.recordings.table import TextTable
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2, FloatArray

_EPOCH: Final = re.compile(r"epoch? \(ms\)")
_AXIS: Final = re.compile(r"([xyz])-axis \((g|deg/s)\)")
_CHANNEL: Final = {"g": float_rows.ACC, "deg/s": float_rows.GYR}
_FACTOR: Final = {float_rows.ACC: STANDARD_GRAVITY_MPS2, float_rows.GYR: RADPS_PER_DPS}
_WORD: Final = {float_rows.ACC: "Accelerometer", float_rows.GYR: "Gyroscope"}
_NAME: Final = re.compile(
    r"(?P<subject>.*?)_?(?P<at>\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d(?:\.\d+)?)(?P<board>.*)"
    r"_(?P<word>Accelerometer|Gyroscope)_(?P<rate>[\d.]+)Hz.*\.csv",
    re.IGNORECASE,
)
_FARTHEST_S: Final = 60.0
"""The app stamps the two files of one session seconds apart at most."""


@dataclass(frozen=True, slots=True)
class _Name:
    """What the app writes into a file's name."""

    subject: str
    board: str
    at: datetime
    word: str
    rate_hz: float | None


@dataclass(frozen=True, slots=True, eq=False)
class _Half:
    """One of the two files."""

    table: TextTable
    channel: str
    epoch_ms: FloatArray
    values: FloatArray


def is_metamotion(table: TextTable) -> bool:
    """Whether the header is that of the app."""
    return any(_EPOCH.fullmatch(name) for name in table.names) and any(
        _AXIS.fullmatch(name) for name in table.names
    )


def import_metamotion(
    path: Path, role: Role = Role.BAR, *, partner: Path | None = None
) -> ImportedFile:
    """Read a pair of files of the MetaMotion app from either of the two.

    Both run on the app's own epoch clock; session time zero is the earliest sample. The
    rotation's times become the sample times (see ``drivers.formats.float_rows``).

    Parameters
    ----------
    path : Path
        The acceleration's or the rotation's file.
    partner : Path, optional
        The other file; found beside ``path`` by its name if not given.

    Raises
    ------
    InputFileError
        One sentence: what is wrong, the line or column, and what to do.
    """
    return from_table(TextTable.open(path), role, partner)


def from_table(table: TextTable, role: Role, partner: Path | None = None) -> ImportedFile:
    """As :func:`import_metamotion`, of a table that is open already."""
    one = _read(table)
    wanted = float_rows.GYR if one.channel == float_rows.ACC else float_rows.ACC
    other_path = _find_partner(table.path, wanted) if partner is None else partner
    other = _read(TextTable.open(other_path))
    if other.channel != wanted:
        raise InputFileError(
            f"{table.path} and {other_path} both hold the {_WORD[one.channel].lower()}; "
            f"give the {_WORD[wanted].lower()}'s file as well."
        )
    halves = {one.channel: one, other.channel: other}
    acc, gyr = halves[float_rows.ACC], halves[float_rows.GYR]
    if acc.epoch_ms[0] > gyr.epoch_ms[-1] or gyr.epoch_ms[0] > acc.epoch_ms[-1]:
        raise InputFileError(
            f"{acc.table.path} and {gyr.table.path} were not recorded at the same time; "
            "put the two files of one session together."
        )
    zero_ms = float(min(acc.epoch_ms[0], gyr.epoch_ms[0]))
    streams = {
        half.channel: np.column_stack([(half.epoch_ms - zero_ms) / 1e3, half.values])
        for half in (acc, gyr)
    }
    name = _parse(gyr.table.path)
    return ImportedFile(
        path=table.path,
        sensors=(
            SensorInfo(
                role.value,
                role,
                float_rows.NAME,
                name="MetaMotion",
                nominal_rate_hz=None if name is None else name.rate_hz,
            ),
        ),
        streams=streams,
        started_at=_moment(acc.table, zero_ms),
        time_zero_s=zero_ms / 1e3,
        # Until the first rotation can be paired, so that its arrival is its own time.
        single_until_s=float(streams[float_rows.ACC][:3, 0][-1]),
        notes={"imported_with": other_path.name},
    )


def _read(table: TextTable) -> _Half:
    epoch = [i for i, name in enumerate(table.names) if _EPOCH.fullmatch(name)]
    axes: dict[str, int] = {}
    units: set[str] = set()
    for index, name in enumerate(table.names):
        match = _AXIS.fullmatch(name)
        if match is not None:
            axes[match[1]] = index
            units.add(match[2])
    if len(epoch) != 1 or len(axes) != 3 or len(units) != 1:
        raise InputFileError(
            f"{table.path}, line 1 is not the header of a MetaMotion file; it must have "
            "'epoch (ms)' and x, y and z-axis in (g) or in (deg/s)."
        )
    columns = [axes[axis] for axis in "xyz"]
    rows = table.numbers([epoch[0], *columns])
    check_size(table, rows[:, 1:], columns)
    check_time(table, rows[:, 0] / 1e3, table.names[epoch[0]])
    channel = _CHANNEL[units.pop()]
    return _Half(table, channel, rows[:, 0], rows[:, 1:] * _FACTOR[channel])


def _moment(table: TextTable, epoch_ms: float) -> datetime:
    try:
        return datetime.fromtimestamp(epoch_ms / 1e3, UTC)
    except (ValueError, OverflowError, OSError):
        raise InputFileError(
            f"{table.path}, line 2, column epoch (ms): {epoch_ms:.0f} is no date; "
            "export the file again."
        ) from None


def _parse(path: Path) -> _Name | None:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    pattern = "%Y-%m-%dT%H.%M.%S" + (".%f" if match["at"].count(".") == 3 else "")
    try:
        at = datetime.strptime(match["at"], pattern).replace(tzinfo=UTC)
        rate_hz = float(match["rate"])
    except ValueError:
        return None
    return _Name(match["subject"], match["board"], at, match["word"].lower(), rate_hz or None)


def _find_partner(path: Path, wanted: str) -> Path:
    """The nearest in time of the same subject and board (the app's stamps differ a little)."""
    own = _parse(path)
    word = _WORD[wanted]
    if own is None:
        raise InputFileError(
            f"{path} does not bear the name that the MetaMotion app gave it, so its "
            f"{word.lower()} file cannot be found; give both files, or their original names."
        )
    candidates: list[tuple[float, Path]] = []
    for other in sorted(path.parent.iterdir()):
        name = _parse(other)
        if name is None or name.word != word.lower():
            continue
        apart_s = abs((name.at - own.at).total_seconds())
        if (name.subject, name.board) == (own.subject, own.board) and apart_s <= _FARTHEST_S:
            candidates.append((apart_s, other))
    candidates.sort()
    if not candidates:
        raise InputFileError(
            f"{path} has no {word.lower()} file beside it (…_{word}_…Hz….csv of the same time); "
            "put both files of the session into one folder."
        )
    if len(candidates) > 1 and candidates[0][0] == candidates[1][0]:
        raise InputFileError(
            f"{path} fits both {candidates[0][1].name} and {candidates[1][1].name}; "
            "leave only the right one in the folder."
        )
    return candidates[0][1]
