"""Measure the state of the load and write docs/load.md: ``python -m benchmarks.load``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.load_real import REST_ACC_MPS2, REST_GYR_RADPS, RealRow, recordings
from benchmarks.load_simulated import MODELS, NEAR_S, RATES_HZ, Edge, LoadRow, measure
from benchmarks.simulated import EXERCISES
from lift_monitor.signal import bar_load, bar_load_level, bar_load_rise
from lift_monitor.technique import Load

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "load.md"
_HOLDS = 0.95

_HEAD = f"""# Whether the lifter bears the bar

Made by `python -m benchmarks.load`; do not edit by hand. Failures are included.

## The principle

A bar on the floor, in the rack or on hooks is **still**, more so than any hands could hold it:
hands tremble at 8 to 12 Hz, bodies sway and breathe. A borne bar shows it at every moment, at the
lock-out too. So, of the bar's own sensor alone and the same for everybody:

- **Unloaded**: the scatter of acceleration and rate of turn, below
  {bar_load_level.CORNER_HZ:.0f} Hz over about {bar_load_level.WINDOW_S:.2f} s, stays under
  {bar_load_level.STILL_ACC_MPS2:.2f} m/s² and
  {np.degrees(bar_load_level.STILL_GYR_RADPS):.1f} °/s for {bar_load.STILL_S:.2f} s more, or for
  {bar_load.STILL_AFTER_BLOW_S:.2f} s after the blow of being put down. Where samples come thinly, a
  window four times as long is asked: tremor sampled too seldom scatters as much as ever. A bar in
  free fall is unloaded, too.
- **Loaded**: from where it was still the bar has risen by {100 * bar_load_rise.RACK_RISE_M:.0f} cm
  (rack: squat, press, bench press) or {100 * bar_load_rise.FLOOR_RISE_M:.0f} cm (floor: deadlift,
  Romanian deadlift, row), or, wherever it came from, it swings by
  {100 * bar_load_rise.SWING_M:.0f} cm. Shaking does not tell: people grip, push and load bars that
  they do not lift.
- **Not known**: at the start until one of the two is seen; in a hole; after
  {bar_load.BLIND_S:.0f} s of too few samples; when a supported bar has been shaken for
  {bar_load.SHAKEN_S:.0f} s without rising.

Only the rise that must be seen depends on the exercise; nothing is learned from a person or a
file. All limits are design defaults. `since_s` of an event is the estimated edge, `at_s` when it
was known. The floor between two deadlifts counts as support when the bar lies on it still, not
when it is only touched.

What it cannot tell: *who* bears the bar (helpers who carry it count as the lifter); whether hands
already pull at it (the flags count the pull by themselves); a support that lasts less than about
{bar_load_level.WINDOW_S + bar_load.RING_S + 0.2:.1f} s. A person steadier than the limits would be
taken for a rack.
"""


def _quantiles(values: Sequence[float]) -> str:
    if not values:
        return "- | - | -"
    low, middle, high = np.percentile(values, (5, 50, 95))
    return f"{low:+.2f} | {middle:+.2f} | {high:+.2f}"


def _line(name: str, edges: list[Edge], false: int) -> str:
    near = sum(edge.near for edge in edges)
    errors = [e.since_error_s for e in edges if e.near and e.since_error_s is not None]
    late = sorted(e.late_s for e in edges if e.near and e.late_s is not None)
    lateness = f"{np.median(late):.2f} | {np.percentile(late, 95):.2f} | {late[-1]:.2f}"
    return (
        f"| {name} | {near} of {len(edges)} | {near / len(edges):.1%} | {_quantiles(errors)} "
        f"| {lateness} | {false} |"
    )


def _simulated(rows: list[LoadRow], seeds: int) -> list[str]:
    edges = [edge for row in rows for edge in row.edges]
    share = sum(edge.near for edge in edges) / len(edges)
    rates = ", ".join(f"{rate:.0f}" for rate in RATES_HZ)
    lines = [
        "## Simulated sets",
        "",
        (
            f"{seeds} seeds an exercise, one set each; realistic and harsh sensors in turn, "
            f"{rates} Hz in turn; one in ten ends with a failed repetition, one in ten of those "
            "from the floor with a drop. Truth is when the bar leaves its support and is back on "
            "it (or let go). "
            f"`near` is within {NEAR_S:.1f} s; errors and lateness are of those, in seconds, as "
            "5th, 50th and 95th percentile and 50th, 95th and largest. `false` counts events that "
            "match no edge."
        ),
        "",
        (
            f"**{share:.2%} of {len(edges)} edges** are within {NEAR_S:.1f} s "
            f"({'meets' if share >= _HOLDS else 'MISSES'} {_HOLDS:.0%})."
        ),
        "",
        (
            "| sensor, exercise, edge | near | share | error p5 | p50 | p95 | late p50 | p95 | max "
            "| false |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for model in MODELS:
        for exercise in EXERCISES:
            own = [r for r in rows if r.job.model == model and r.job.exercise is exercise]
            for load in (Load.LOADED, Load.UNLOADED):
                of = [e for r in own for e in r.edges if e.load is load]
                false = sum(e.load is load for r in own for e in r.false)
                name = f"{model}, {exercise.value}, {load.name.lower()}"
                lines.append(_line(name, of, false))
    unknown = sum(e.load is Load.UNKNOWN for r in rows for e in r.false)
    wrong = [edge for edge in edges if not edge.near]
    lines += ["", f"The state became unknown {unknown} times.", "", "### Edges not near", ""]
    lines += [_wrong(edge) for edge in wrong] or ["None."]
    return [*lines, ""]


def _wrong(edge: Edge) -> str:
    job = edge.job
    told = "no event" if edge.since_error_s is None else f"nearest {edge.since_error_s:+.2f} s"
    return (
        f"- {job.model}, {job.exercise.value}, seed {job.seed}: "
        f"{edge.load.name.lower()} at {edge.at_s:.2f} s, {told}"
    )


def _real(rows: list[RealRow]) -> list[str]:
    rests = sum(len(r.before) + len(r.after) + len(r.between) for r in rows)
    seen = [r for r in rows if r.before or r.after or r.between]
    good = [r for r in rows if r.grade == "good"]
    false_files = [r.file for r in rows if r.false_s > 0.0]
    lines = [
        "## Bar sensor over real Bluetooth",
        "",
        (
            f"{len(rows)} sets by 4 lifters (`bar_ble_lifts`). There is no truth of the load but "
            "what the samples show: a bar *rests* where, over a second of at least 8 different "
            f"samples as received, the standard deviations of three axes together stay under "
            f"{REST_ACC_MPS2:.2f} m/s² and {np.degrees(REST_GYR_RADPS):.1f} °/s. Most files begin "
            "and end in somebody's hands."
        ),
        "",
        (
            f"Resting stretches: **{rests}** in {len(seen)} recordings; not said to be unloaded: "
            f"**{sum(r.missed for r in rows)}**. Said to be unloaded between the first and the "
            f"last repetition in {len(false_files)} recordings"
            f"{': ' + ', '.join(false_files) if false_files else ''}; in "
            f"{sum(r.false_s > 0.0 for r in good)} of {len(good)} good ones."
        ),
        "",
        (
            "| recording | grade | rests before, s | after, s | between, s | missed "
            "| unloaded between, s | unknown between | told |"
        ),
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        told = "; ".join(f"{e.load.name.lower()} {e.since_s:.1f} ({e.at_s:.1f})" for e in r.told)
        lines.append(
            f"| {r.file} | {r.grade} | {_stretches(r.before)} | {_stretches(r.after)} "
            f"| {_stretches(r.between)} | {r.missed} | {r.false_s:.1f} | {r.unknown_share:.0%} "
            f"| {told} |"
        )
    return [*lines, "", "`told`: state, since when, and in brackets when it was known.", ""]


def _stretches(stretches: tuple[tuple[float, float], ...]) -> str:
    return ", ".join(f"{a:.1f}–{b:.1f}" for a, b in stretches) or "-"


def main() -> None:
    """Measure everything and rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="seeds an exercise")
    parser.add_argument("--print", action="store_true", help="print, do not write")
    arguments = parser.parse_args()
    lines = [_HEAD, *_simulated(measure(range(arguments.seeds)), arguments.seeds)]
    if DATA.is_dir():
        lines += _real(recordings(DATA))
    else:
        lines += ["Not measured here: the reference recordings are not beside the checkout.", ""]
    text = "\n".join(lines)
    if arguments.print:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
