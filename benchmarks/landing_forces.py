"""Forces of impacts: the published regression, and Newton's estimate at a force plate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lift_monitor.signal.landing_force import (
    REGRESSIONS,
    Movement,
    Placement,
    filtered_resultant_g,
    impact_peaks,
    newton_bw,
)
from lift_monitor.units import STANDARD_GRAVITY_MPS2, FloatArray, IndexArray

HIP_MASS_KG = 78.0
HIP_START, HIP_STOP = 12_000, 15_001
"""15:45:00 to 15:45:30 of the recording, both included."""
RUNNER_RATE_HZ = 500.0
STANCE_BW = 0.1


@dataclass(frozen=True, slots=True)
class RunRow:
    """Newton's estimate against the treadmill's force plate, in body weights."""

    trial: str
    errors_bw: FloatArray
    """Estimated minus measured peak, one a step."""
    wave_rmse_bw: float

    @property
    def rmse_bw(self) -> float:
        """Root mean square error of the peaks."""
        return float(np.sqrt(np.mean(np.square(self.errors_bw))))


def hip_peaks(data: Path) -> tuple[FloatArray, FloatArray]:
    """Peaks in g and forces in N of the window that the makers of impactr print."""
    resultant = filtered_resultant_g(hip_acc(data)[HIP_START:HIP_STOP], 100.0)
    peaks_g = resultant[impact_peaks(resultant, 100.0)]
    model = REGRESSIONS[Movement.WALKING_RUNNING, Placement.HIP]
    return peaks_g, np.array([model.force_n(peak, HIP_MASS_KG) for peak in peaks_g])


def hip_acc(data: Path) -> FloatArray:
    """Specific force of ``hip_impacts``, ``(n, 3)`` in m/s² at 100 Hz."""
    path = data / "hip_impacts" / "hip-raw.csv"
    return np.loadtxt(path, delimiter=",", skiprows=11) * STANDARD_GRAVITY_MPS2


def running_rows(data: Path) -> list[RunRow]:
    """Every trial of ``sacrum_grf_running``."""
    return [_run(path) for path in sorted((data / "sacrum_grf_running").glob("*.csv"))]


def _run(path: Path) -> RunRow:
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    estimate = newton_bw(table[:, 1] * STANDARD_GRAVITY_MPS2, RUNNER_RATE_HZ)
    measured = table[:, 3]
    errors = []
    for start, stop in _stances(measured):
        # 0.05 s more: the pelvis answers a little later than the foot.
        around = slice(max(start - 25, 0), stop + 25)
        errors.append(estimate[around].max() - measured[start:stop].max())
    wave = float(np.sqrt(np.mean(np.square(estimate - measured))))
    return RunRow(path.stem, np.array(errors), wave)


def _stances(measured: FloatArray) -> list[tuple[int, int]]:
    """Whole stances, from first to last step with force."""
    on = (measured > STANCE_BW).astype(np.int8)
    starts: IndexArray = np.flatnonzero(np.diff(on) > 0) + 1
    stops: IndexArray = np.flatnonzero(np.diff(on) < 0) + 1
    stops = stops[stops > starts[0]]
    return [
        (int(a), int(b))
        for a, b in zip(starts, stops, strict=False)
        if b - a >= 0.1 * RUNNER_RATE_HZ
    ]


def pooled_rmse_bw(rows: list[RunRow]) -> float:
    """Root mean square error over the peaks of all trials."""
    return float(np.sqrt(np.mean(np.square(np.concatenate([row.errors_bw for row in rows])))))


def hip_section(peaks_g: FloatArray, forces_n: FloatArray) -> list[str]:
    """Table of the peaks of walking."""
    return [
        "## The published regression: walking, hip",
        "",
        (
            f"verasls/impactr, 30 s, {HIP_MASS_KG:.0f} kg, model `walking/running`, resultant. "
            f"Its makers find 26 peaks and print the first ten; **{len(peaks_g)}** are found "
            "here, and the ten agree to the printed digits."
        ),
        "",
        "| peak | g | N |",
        "|---|---|---|",
        *(
            f"| {i} | {peak:.2f} | {force:.0f} |"
            for i, (peak, force) in enumerate(zip(peaks_g, forces_n, strict=True), 1)
        ),
        "",
    ]


def running_section(rows: list[RunRow]) -> list[str]:
    """Table of the trials of running."""
    errors = np.concatenate([row.errors_bw for row in rows])
    return [
        "## Newton's estimate: running on a force plate",
        "",
        (
            "One runner, sacrum, 500 Hz (Alcantara et al. 2022, doi:10.7717/peerj.12752). Peak of "
            "each step, estimated minus measured, in body weights. The makers of the recording "
            "low-passed it at 20 Hz and set its negative half to 0."
        ),
        "",
        (
            f"Peak force over {errors.size} steps: RMSE **{pooled_rmse_bw(rows):.2f}**, bias "
            f"{errors.mean():+.2f}; worst trial {max(r.rmse_bw for r in rows):.2f}. The whole "
            f"curve is not as good: RMSE {np.mean([r.wave_rmse_bw for r in rows]):.2f} on "
            "average. Only the peak is used."
        ),
        "",
        "| trial | steps | bias | RMSE of the peak | RMSE of the curve |",
        "|---|---|---|---|---|",
        *(
            f"| {r.trial} | {r.errors_bw.size} | {r.errors_bw.mean():+.2f} | {r.rmse_bw:.2f} "
            f"| {r.wave_rmse_bw:.2f} |"
            for r in rows
        ),
        "",
    ]
