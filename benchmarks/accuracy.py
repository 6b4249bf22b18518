"""Measure accuracy and write docs/accuracy.md: ``python -m benchmarks.accuracy``.

Needs the reference recordings beside the checkout; without them their tables are left as
they are in words ("not measured here"), never filled from memory.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks.real_data import CountRow, MotionRow, bar_counts, optical_trials, wrist_counts
from benchmarks.simulated import SimulatedRow, table

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "accuracy.md"

_HEAD = """# Accuracy

Made by `make accuracy`; do not edit by hand. Failures are included. How the numbers are
made is told in [signal.md](signal.md).
"""

_NOT_MEASURED = "Not measured here: the reference recordings are not beside the checkout.\n"


def _count_table(rows: list[CountRow]) -> list[str]:
    lines = [
        "| recording | grade | label | refined | live | confidence | reasons |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        mark = "" if r.error == 0 else f" ({r.error:+d})"
        lines.append(
            f"| {r.file} | {r.grade} | {r.label} | {r.found}{mark} | {r.live} "
            f"| {r.confidence} | {r.reasons} |"
        )
    return lines


def _bar_section(rows: list[CountRow]) -> list[str]:
    def share(grade: str, within: int) -> str:
        of = [r for r in rows if r.grade == grade]
        return f"{sum(abs(r.error) <= within for r in of)} of {len(of)}"

    broken_high = sum(r.grade == "broken" and r.confidence == "high" for r in rows)
    return [
        "## Counting: bar sensor over real Bluetooth",
        "",
        (
            "37 sets by 4 lifters; acceleration range 4 g; rows arrive unevenly, in bunches, with "
            "repeats and holes. `refined` is the count when the set is over, `live` the count that "
            "stood on the screen just before."
        ),
        "",
        (
            f"Good sets exact: **{share('good', 0)}**. Lossy exact {share('lossy', 0)}, within one "
            f"{share('lossy', 1)}; ambiguous exact {share('ambiguous', 0)}, within one "
            f"{share('ambiguous', 1)}. Broken sets reported with high confidence: {broken_high}. "
            "Mislabelled files are shown and not counted."
        ),
        "",
        *_count_table(rows),
        "",
    ]


def _wrist_section(rows: list[CountRow]) -> list[str]:
    sets = [r for r in rows if r.exercise != "rest"]
    rests = [r for r in rows if r.exercise == "rest"]
    within = sum(abs(r.error) <= 1 for r in sets)
    return [
        "## Counting: MetaMotion on the wrist, 12.5 Hz",
        "",
        (
            "One person. The label is nominal: one more or fewer may have been done. The rate does "
            "not carry velocities, so every set must be of low confidence."
        ),
        "",
        (
            f"Within one: **{within} of {len(sets)}**; exact {sum(r.error == 0 for r in sets)}. "
            f"Repetitions found in the {len(rests)} rests: {sum(r.found for r in rests)}."
        ),
        "",
        *_count_table(rows),
        "",
    ]


def _motion_section(rows: list[MotionRow]) -> list[str]:
    return [
        "## Vertical velocity and inclination against optical truth",
        "",
        (
            "BROAD (Laidig et al. 2021, CC BY 4.0), exercise `free`. Root mean square error; "
            "velocity while the sensor moves."
        ),
        "",
        "| trial | refined m/s | live m/s | up, always ° | up, moving ° |",
        "|---|---|---|---|---|",
        *(
            f"| {r.trial} | {r.refined_mps:.4f} | {r.live_mps:.4f} | {r.up_deg:.2f} "
            f"| {r.up_moving_deg:.2f} |"
            for r in rows
        ),
        "",
    ]


def _simulated_section(rows: list[SimulatedRow], seeds: int) -> list[str]:
    lines = [
        "## Simulated sets",
        "",
        (
            f"{seeds} seeds an exercise and rate, two sets each, the sensor with realistic faults "
            "(see [simulator.md](simulator.md)); errors are estimate minus truth over all "
            "repetitions found, as bias ± standard deviation."
        ),
        "",
        (
            "| exercise | Hz | true reps | missed | ghosts | F1 | mean velocity m/s "
            "| peak velocity m/s | range m | low confidence |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|",
    ]

    def spread(values: list[float]) -> str:
        return f"{np.mean(values):+.4f} ± {np.std(values):.4f}" if values else "-"

    for r in rows:
        name = f"**{r.exercise}**" if r.exercise == "all" else r.exercise
        lines.append(
            f"| {name} | {r.rate_hz:.0f} | {r.found + r.missed} | {r.missed} | {r.ghosts} "
            f"| {r.f1:.4f} | {spread(r.mean_mps)} | {spread(r.peak_mps)} "
            f"| {spread(r.rom_m)} | {r.low} |"
        )
    return [*lines, ""]


def _headlines(name: str, after: str) -> list[str]:
    """Sentences with figures from the measured part of another generated page."""
    page = PAGE.parent / name
    measured = page.read_text(encoding="utf-8").partition(after)[2].splitlines()
    told = [line for line in measured if "**" in line]
    return [f"* {line}" for line in told if not line.startswith(("|", "* ", "- ", "#"))]


def _trunk_section() -> list[str]:
    return [
        "## The trunk, the load and landings",
        "",
        (
            "Each has a page of its own with every recording in it, made by `make accuracy` too; "
            "these are their headlines."
        ),
        "",
        "**Posture** ([spine.md](spine.md))",
        "",
        *_headlines("spine.md", "<!-- measured below"),
        "",
        "**The state of the load** ([load.md](load.md))",
        "",
        *_headlines("load.md", "## Simulated sets"),
        "",
        "**Landings** ([landings.md](landings.md))",
        "",
        *_headlines("landings.md", "## Landings found"),
        "",
        (
            "Not validated: no public recording joins a trunk sensor, a loaded lift and optical "
            "truth, or a trunk sensor, a landing and a force plate. Flags under load rest on the "
            "simulator; nobody of the people this is made for is in any recording."
        ),
        "",
    ]


def main() -> None:
    """Measure everything and rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="seeds an exercise at 100 Hz")
    parser.add_argument("--print", action="store_true", help="print, do not write")
    arguments = parser.parse_args()
    lines = [_HEAD]
    if DATA.is_dir():
        lines += _bar_section(bar_counts(DATA))
        lines += _motion_section(optical_trials(DATA))
        lines += _wrist_section(wrist_counts(DATA))
    else:
        lines += [_NOT_MEASURED]
    seeds = arguments.seeds
    rows = table((100.0,), range(seeds)) + table((60.0, 200.0), range(max(1, seeds // 2)))
    lines += _simulated_section(rows, seeds)
    lines += _trunk_section()
    text = "\n".join(lines)
    if arguments.print:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
