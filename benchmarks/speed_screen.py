"""Time to the first frame, and what a repaint costs: the dashboard against an empty window."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class ScreenSpeed:
    """Medians over the runs."""

    first_frame_s: float
    """From the start of the process until the window is painted."""
    repaint_ms: float
    """One repaint of everything at 1920 × 1080, without a graphics card."""
    busy_share: float
    """Share of one core while the window runs (the dashboard plays at 1×)."""


def measure_screen(recording: Path, runs: int) -> tuple[ScreenSpeed, ScreenSpeed]:
    """The empty window and the dashboard on a recording, in turn."""
    empty, dashboard = [], []
    for _ in range(runs):
        empty.append(_one("empty"))
        dashboard.append(_one(str(recording)))
    return _middle(empty), _middle(dashboard)


def _one(what: str) -> ScreenSpeed:
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.first_frame", what],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,  # the offscreen platform says what it cannot do
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        first_frame_s = time.perf_counter() - start
        rest, complaint = process.communicate()
    if process.returncode or line.strip() != "painted":
        raise RuntimeError(f"the window could not be measured ({complaint.strip()})")
    costs = json.loads(rest)
    return ScreenSpeed(first_frame_s, costs["repaint_ms"], costs["busy_share"])


def _middle(runs: list[ScreenSpeed]) -> ScreenSpeed:
    return ScreenSpeed(
        median(run.first_frame_s for run in runs),
        median(run.repaint_ms for run in runs),
        median(run.busy_share for run in runs),
    )
