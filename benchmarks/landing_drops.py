"""Simulated drops without any sudden touch: how soft a landing may be and still be found."""

from __future__ import annotations

import numpy as np

from benchmarks.landing_clips import NOISE_G, landings
from lift_monitor.samples import ImuChunk, Role
from lift_monitor.units import STANDARD_GRAVITY_MPS2

DROP_HEIGHTS_M = (0.05, 0.1, 0.2, 0.3, 0.5)
BRAKING_S = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
DROP_SEEDS = 6


def smooth_drop(height_m: float, braking_s: float, seed: int) -> tuple[ImuChunk, float]:
    """A drop braked by half a sine wave, and its moment of contact, 100 Hz.

    The peak is what takes the speed of the fall away in that time.
    """
    rng = np.random.default_rng(seed)
    flight_s = float(np.sqrt(2.0 * height_m / STANDARD_GRAVITY_MPS2))
    contact_s = 5.0 + float(rng.uniform(0.0, 0.01))
    peak_g = (flight_s + braking_s) * np.pi / (2.0 * braking_s)
    time_s = np.arange(700) / 100.0
    since = time_s - contact_s
    weight = np.where((since >= -flight_s) & (since < 0.0), 0.0, 1.0)
    hit = (since >= 0.0) & (since < braking_s)
    weight[hit] = peak_g * np.sin(np.pi * since[hit] / braking_s)
    acc = rng.normal(0.0, NOISE_G, (time_s.size, 3))
    acc[:, 2] += weight
    gyr = rng.normal(0.0, 0.01, (time_s.size, 3))
    return ImuChunk.build(time_s, acc * STANDARD_GRAVITY_MPS2, gyr), contact_s


def smooth_section() -> list[str]:
    """Drop by height and braking time: simulated, measured, as a table."""
    lines = [
        "## Simulated: how soft may a landing be",
        "",
        (
            "A drop braked evenly (half a sine wave, no sudden touch), 100 Hz: landings found of "
            f"{DROP_SEEDS}, worst error of the contact in ms, peak in g."
        ),
        "",
        "| height cm | " + " | ".join(f"{b:g} s" for b in BRAKING_S) + " |",
        "|---" * (len(BRAKING_S) + 1) + "|",
    ]
    for height_m in DROP_HEIGHTS_M:
        cells = []
        for braking_s in BRAKING_S:
            errors, peak = [], 0.0
            for seed in range(DROP_SEEDS):
                chunk, contact_s = smooth_drop(height_m, braking_s, seed)
                for it in landings(chunk, Role.PELVIS):
                    errors.append(abs(it.contact_s - contact_s))
                    peak = it.peak_acc_g
            worst = f"{1000 * max(errors):.0f} ms, {peak:.1f} g" if errors else "-"
            cells.append(f"{len(errors)}: {worst}")
        lines.append(f"| {100 * height_m:.0f} | " + " | ".join(cells) + " |")
    return [*lines, ""]
