"""Refined (acausal) traces of a finished recording, from the steps that were kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lift_monitor.signal.sets import SetFacts
from lift_monitor.signal.smoother import Anchors
from lift_monitor.signal.stretch import Stretch, refined_motion
from lift_monitor.signal.trace_block import TraceBlock


@dataclass(frozen=True, slots=True, eq=False)
class KeptSteps:
    """Consecutive steps and their live trace."""

    starts: bool
    """They begin a run: nothing before them is connected with them."""
    steps: Stretch
    trace: TraceBlock


def refined_traces(kept: Sequence[KeptSteps], facts: Sequence[SetFacts]) -> TraceBlock:
    """Refine everything that was kept; heights are relative within each run without a break.

    Parameters
    ----------
    kept : sequence of KeptSteps
        In the order of time.
    facts : sequence of SetFacts
        Of the finished sets: where the bar is known to have been.
    """
    runs: list[list[KeptSteps]] = []
    for part in kept:
        if part.starts or not runs:
            runs.append([])
        runs[-1].append(part)
    return TraceBlock.concatenate([_refine(run, facts) for run in runs])


def _refine(run: Sequence[KeptSteps], facts: Sequence[SetFacts]) -> TraceBlock:
    live = TraceBlock.concatenate([k.trace for k in run])
    stretch = Stretch.concatenate([k.steps for k in run])
    inside = [
        f
        for f in facts
        if f.anchor_times_s.shape[0]
        and stretch.time_s[0] <= f.anchor_times_s[0] <= stretch.time_s[-1]
    ]
    anchors = None
    if inside:
        times = np.concatenate([f.anchor_times_s for f in inside])
        levels = np.concatenate([f.anchor_levels_m for f in inside])
        anchors = Anchors(np.asarray(np.searchsorted(stretch.time_s, times), np.intp), levels)
    drift = max(f.drift for f in inside) if inside else None
    motion = refined_motion(stretch, drift, anchors)
    hole = np.isnan(stretch.acc_up_mps2)
    return TraceBlock(
        live.time_s,
        np.where(hole, np.nan, motion.velocity_mps),
        np.where(hole, np.nan, motion.height_m),
        live.up_sensor,
        live.quality,
    )
