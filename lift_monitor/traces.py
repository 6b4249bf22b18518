"""One row an analysis step, as CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lift_monitor.analysis import Analysis
from lift_monitor.recordings.atomic import atomic_path
from lift_monitor.samples import Role
from lift_monitor.signal.trunk_steps import TrunkSteps
from lift_monitor.units import FloatArray

_DECIMALS = 6
_FARTHEST_S = 0.025
"""Between two steps of the trunk that belong together: they stand 10 ms apart."""


def write_traces(analysis: Analysis, path: Path) -> None:
    """Write one row an analysis step as CSV; the file appears whole or not at all.

    ``bar_velocity_mps`` and ``bar_height_m`` are the refined estimate; the causal one
    stands beside it as ``bar_velocity_live_mps`` and ``bar_height_live_m``.  ``nan`` means
    no data.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    import pyarrow as pa
    from pyarrow import csv

    columns = _trace_columns(analysis)
    table = pa.table(
        # Adding zero turns -0.0, which rounding makes, into 0.0.
        {name: np.round(values, _DECIMALS) + 0.0 for name, values in columns.items()}
    )
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    with atomic_path(path) as part, part.open("xb") as stream:
        stream.write((",".join(columns) + "\n").encode())
        csv.write_csv(table, stream, options)


def _trace_columns(analysis: Analysis) -> dict[str, FloatArray]:
    live, main, spine = analysis.trace_live, analysis.trace_refined, analysis.spine
    time_s = main.time_s
    with_bar = any(facts.info.role == Role.BAR for facts in analysis.sensors)
    if not with_bar:
        steps = [trunk.time_s for trunk in analysis.trunk_steps.values()]
        time_s = max(steps, key=len, default=time_s)
    columns = {"t_s": time_s}
    if with_bar:
        columns |= {
            "bar_velocity_mps": main.velocity_mps,
            "bar_height_m": main.height_m,
            "bar_velocity_live_mps": _at(time_s, live.time_s, live.velocity_mps),
            "bar_height_live_m": _at(time_s, live.time_s, live.height_m),
            **_up("bar", main.up_sensor),
        }
    names = {1: ("trunk_lean_deg",)}.get(
        len(analysis.trunk_steps), ("lumbar_flexion_deg", "trunk_lean_deg", "axial_rate_dps")
    )
    if analysis.trunk_steps:
        columns |= {name: _between(time_s, spine.time_s, getattr(spine, name)) for name in names}
    for role, trunk in analysis.trunk_steps.items():
        columns |= _up(role.value, _up_at(time_s, trunk))
    return columns


def _up(role: str, up_sensor: FloatArray) -> dict[str, FloatArray]:
    return {f"{role}_up_{axis}": up_sensor[:, k] for k, axis in enumerate("xyz")}


def _up_at(wanted_s: FloatArray, trunk: TrunkSteps) -> FloatArray:
    """Inclination at the steps of another grid; NaN where there is none."""
    up = np.column_stack(
        [_between(wanted_s, trunk.time_s, trunk.up_sensor[:, axis]) for axis in range(3)]
    )
    length = np.linalg.norm(up, axis=1, keepdims=True)
    return np.asarray(up / length, dtype=np.float64)


def _between(wanted_s: FloatArray, time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Values between steps of another grid; NaN where a step is missing or not known."""
    if np.array_equal(wanted_s, time_s):
        return values
    if time_s.shape[0] < 2:
        return np.full(wanted_s.shape[0], np.nan)
    found = np.interp(wanted_s, time_s, values, left=np.nan, right=np.nan)
    right = np.clip(np.searchsorted(time_s, wanted_s), 1, time_s.shape[0] - 1)
    found[time_s[right] - time_s[right - 1] > _FARTHEST_S] = np.nan
    return np.asarray(found)


def _at(wanted_s: FloatArray, time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Values at times of the same grid; NaN where the grid has no such time."""
    if np.array_equal(wanted_s, time_s):
        return values
    found = np.full(wanted_s.shape[0], np.nan)
    if time_s.shape[0]:
        index = np.clip(np.searchsorted(time_s, wanted_s), 0, time_s.shape[0] - 1)
        same = np.abs(time_s[index] - wanted_s) < 1e-9
        found[same] = values[index[same]]
    return found
