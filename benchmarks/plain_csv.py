"""Plain CSV files of the reference recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lift_monitor.samples import ImuChunk


def read_csv(path: Path) -> ImuChunk:
    """Samples of a plain CSV: time in s, specific force in m/s², rotation rate in rad/s."""
    table = np.genfromtxt(path, delimiter=",", skip_header=1)
    return ImuChunk.build(table[:, 0], table[:, 1:4], table[:, 4:7])
