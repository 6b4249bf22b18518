"""Where a clinic's records are kept on this computer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import platformdirs

VARIABLE: Final = "LIFT_MONITOR_CLINIC"
"""Environment variable that names another file, or a database's URL."""
FILE_NAME: Final = "clinic.sqlite"


def default_clinic_path() -> str | Path:
    """The clinic of this computer's user.

    Returns
    -------
    str or Path
        What the environment variable ``LIFT_MONITOR_CLINIC`` says, else ``clinic.sqlite`` in the
        user's folder for data, which is made if it is not there.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return named if "://" in named else Path(named)
    folder = platformdirs.user_data_path("lift_monitor", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / FILE_NAME
