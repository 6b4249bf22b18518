"""Three sensors on the backs of other people: bends, side bends, and the sensor that slips."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.plain_csv import read_csv
from benchmarks.spine_streams import steps_of, walk
from lift_monitor.samples import Role
from lift_monitor.signal.spine import SpineBlock
from lift_monitor.signal.trunk_fallback import calibrate_movement
from lift_monitor.technique import SensorSlipped
from lift_monitor.units import FloatArray


@dataclass(frozen=True, slots=True)
class BackRow:
    """One trial of ``back_three_imus``; angles in degrees, times in seconds."""

    trial: str
    forward: tuple[float, ...]
    backward: tuple[float, ...]
    side: tuple[float, ...]
    flexion_share: tuple[float, ...]
    """At the peak of each side bend, by the side bend."""
    spread_share: float
    """Standard deviation of flexion by that of the side bend while bending sideways."""
    leak: float
    """Slope of flexion against the side bend."""
    slips: tuple[SensorSlipped, ...]
    withdrawn_s: float


def back_trials(data: Path) -> list[BackRow]:
    """C7 against L4, aligned without a taught hinge."""
    files = sorted((data / "back_three_imus").glob("*_C7.csv"))
    return [back_trial(path) for path in files]


def back_trial(thorax: Path) -> BackRow:
    """One trial, named by the file of its C7 sensor."""
    chunks = {
        Role.THORAX: read_csv(thorax),
        Role.PELVIS: read_csv(thorax.with_name(thorax.name.replace("_C7", "_L4"))),
    }
    calibration = calibrate_movement(steps_of(chunks[Role.THORAX]), steps_of(chunks[Role.PELVIS]))
    block, slips = walk(calibration, chunks)
    return BackRow(
        thorax.name.removesuffix("_C7.csv"),
        *bends(block),
        tuple(slips),
        float(np.isnan(block.lumbar_flexion_deg).sum() / 100.0),
    )


def bends(
    block: SpineBlock,
) -> tuple[
    tuple[float, ...],
    tuple[float, ...],
    tuple[float, ...],
    tuple[float, ...],
    float,
    float,
]:
    """Peaks of flexion in forward and backward bends, of side bends, and flexion's share there.

    A bend is a stretch in which the trunk's lean (before the first side bend) or the side bend
    passes a share of its largest size; its number is the flexion farthest in its direction.
    The share is the change of flexion between a side bend's peak and the middle of its two
    neighbouring zeros, by the side bend. The last two numbers are of all side bends together:
    the standard deviation of flexion by that of the side bend, and the part of a side bend
    that turns up in flexion with its sign.
    """
    side = np.nan_to_num(block.side_bend_deg)
    flexion = np.nan_to_num(block.lumbar_flexion_deg)
    sides = _stretches(side, 0.4 * float(np.percentile(np.abs(side), 98)))
    first = next((a for a, b in sides if _is_side_bend(side[a:b], flexion[a:b])), len(side))
    lean = np.nan_to_num(block.trunk_lean_deg[:first])
    found: dict[float, list[float]] = {1.0: [], -1.0: []}
    for sign, peaks_of in found.items():
        size = np.clip(sign * lean, 0.0, None)
        for a, b in _stretches(size, 0.4 * float(np.max(size))):
            peaks_of.append(sign * float(np.max(sign * flexion[a:b])))
    peaks, shares = [], []
    for a, b in sides:
        if a < first:
            continue
        at = a + int(np.argmax(np.abs(side[a:b])))
        left, right = _crossing(side, at, -1), _crossing(side, at, 1)
        change = flexion[at] - 0.5 * (flexion[left] + flexion[right])
        peaks.append(float(side[at]))
        shares.append(float(abs(change) / abs(side[at])))
    part = slice(sides[0][0] if first == len(side) else first, sides[-1][1])
    known = np.isfinite(block.lumbar_flexion_deg[part])
    x, y = side[part][known], flexion[part][known]
    return (
        tuple(found[1.0]),
        tuple(found[-1.0]),
        tuple(peaks),
        tuple(shares),
        float(np.std(y) / np.std(x)),
        float(np.polyfit(x, y, 1)[0]),
    )


def _is_side_bend(side: FloatArray, flexion: FloatArray) -> bool:
    return float(np.max(np.abs(side))) > float(np.max(np.abs(flexion)))


def _stretches(values: FloatArray, least: float) -> list[tuple[int, int]]:
    """Stretches of one sign beyond ``least`` for 0.3 s or more."""
    sign = np.where(np.abs(values) > least, np.sign(values), 0.0)
    edges = [0, *(np.flatnonzero(np.diff(sign)) + 1).tolist(), len(sign)]
    return [(a, b) for a, b in itertools.pairwise(edges) if sign[a] and b - a >= 30]


def _crossing(values: FloatArray, at: int, step: int) -> int:
    sign = np.sign(values[at])
    while 0 <= at + step < len(values) and np.sign(values[at]) == sign:
        at += step
    return at


def listed(values: tuple[float, ...]) -> str:
    """Numbers for one cell of a table."""
    return ", ".join(f"{v:.0f}" for v in values)


def back_section(data: Path) -> list[str]:
    """Table of the trials of ``back_three_imus``."""
    lines = [
        "## C7 against L4, seated, without a taught hinge",
        "",
        (
            "Flexion in the forward and backward bends, then the side bends with flexion's share: "
            "by standard deviation over all of them, as the slope of flexion on the side bend "
            "(what leaks with its sign), and the median over single peaks, where people nod "
            "forward to both sides."
        ),
        "",
        (
            "| trial | forward ° | backward ° | side bends ° | share | leak | by peak "
            "| slips seen | withdrawn s |"
        ),
        "|---|---|---|---|---|---|---|---|---|",
    ]
    trials = back_trials(data)
    for trial in trials:
        slips = "; ".join(
            f"{'either' if s.role is None else s.role.value} at {s.at_s:.1f} s" for s in trial.slips
        )
        lines.append(
            f"| {trial.trial} | {listed(trial.forward)} | {listed(trial.backward)} "
            f"| {listed(trial.side)} | {trial.spread_share:.2f} | {trial.leak:+.2f} "
            f"| {np.median(trial.flexion_share):.2f} | {slips} | {trial.withdrawn_s:.1f} |"
        )
    bends = sum(
        len(t.forward) == 3 == len(t.backward) and min(t.forward) > 0.0 > max(t.backward)
        for t in trials
    )
    shares = [t.spread_share for t in trials]
    peaks = [float(np.median(t.flexion_share)) for t in trials]
    loose = [t.trial for t in trials if any(s.role is not None for s in t.slips)]
    lines += [
        "",
        (
            f"Three bends forward, positive, each followed by one backward, negative: "
            f"**{bends} of {len(trials)}** trials. Flexion in side bends within 25 %: "
            f"**{sum(share <= 0.25 for share in shares)} of {len(trials)}** by standard deviation "
            f"(largest {max(shares):.2f}), {sum(share <= 0.25 for share in peaks)} by the median "
            f"of single peaks (largest {max(peaks):.2f}). Sensors seen to come loose in: "
            f"**{', '.join(loose) or 'none'}**."
        ),
    ]
    return [*lines, ""]
