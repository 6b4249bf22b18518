"""Whatever a user opens, as a source of packets."""

from __future__ import annotations

from pathlib import Path

from lift_monitor.recordings import metamotion, plain_csv
from lift_monitor.recordings.errors import InputFileError
from lift_monitor.recordings.imported import ImportedFile
from lift_monitor.recordings.metamotion import import_metamotion
from lift_monitor.recordings.plain_csv import import_csv
from lift_monitor.recordings.reading import Recording
from lift_monitor.recordings.records import MAGIC
from lift_monitor.recordings.sniff import read_head
from lift_monitor.recordings.table import TextTable
from lift_monitor.samples import Role

RECORDING_SUFFIX = ".mcap"


def open_any(path: Path, role: Role = Role.BAR) -> Recording | ImportedFile:
    """Open a recording, a plain CSV or a MetaMotion file by what is in it.

    Parameters
    ----------
    path : Path
    role : Role, optional
        Where the sensor of a CSV sat; a recording says so itself.

    Raises
    ------
    InputFileError
        If it is none of these, or is broken; one sentence with the mend.
    """
    if path.suffix.lower() == RECORDING_SUFFIX or read_head(path) == MAGIC:
        return Recording.open(path)
    return import_any(path, role)


def import_any(path: Path, role: Role = Role.BAR) -> ImportedFile:
    """Import a plain CSV or a MetaMotion file, by its header.

    Raises
    ------
    InputFileError
        If it is neither, or is broken; one sentence with the mend.
    """
    table = TextTable.open(path)
    if metamotion.is_metamotion(table):
        return metamotion.from_table(table, role)
    return plain_csv.from_table(table, role)


__all__ = [
    "RECORDING_SUFFIX",
    "ImportedFile",
    "InputFileError",
    "Recording",
    "import_any",
    "import_csv",
    "import_metamotion",
    "open_any",
]
