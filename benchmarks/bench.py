"""Measure speed, latency, memory and the first frame: ``python -m benchmarks.bench``.

``--write`` saves the table as ``docs/benchmarks.md``.  Every figure stands beside a floor
that was measured in the same run, because a figure alone says more of the machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.ble_load import measure as measure_load
from benchmarks.speed_analyze import AnalyzeSpeed, measure_analyze, write_recording
from benchmarks.speed_live import Latency, Memory, measure_latency, measure_memory
from benchmarks.speed_screen import ScreenSpeed, measure_screen
from benchmarks.stream import simulated
from lift_monitor.drivers.emulated.bluez import why_not_here
from lift_monitor.drivers.simulated import LiftingTrunk
from lift_monitor.units import FloatArray

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
AIM, HOLD = 2.0, 4.0
_HEAD = """# Benchmarks

Made by `python -m benchmarks.bench --write`; do not edit by hand. `make bench` prints the
same table. Figures depend on the machine; the floors beside them were measured in the same
run, in turn with them. No test asserts a time. The lifter and the sensor's faults are simulated.

- **analyze** is opening the recording, decoding, the whole analysis and its JSON document;
  the floor is loading the same recording (open, decode every packet with the same decoder,
  all at once) and one batch run of VQF a sensor with its default settings. Beside it stand the
  plainer floor that decodes each packet by itself, VQF alone without any loading, and what the
  signal core takes from samples on the session clock to events. All are processor time;
  imports are not counted. Three sensors are bar, pelvis and thorax, with a guided minute.
- **live packet** is what the station does with one packet of four samples: decode, clock,
  signal core. The slowest ones read half a minute again, at a repetition's or a set's end.
  The floor is VQF alone on the same four samples.
- **memory** is what the road holds (allocations of Python and numpy), streamed without traces; what
  grows are the results, some 0.8 kB a repetition.
- **first frame** counts from the start of the process until the window is painted, offscreen;
  the dashboard also reads and analyses a recording of ten minutes for its overview. The
  floor is an empty main window with an empty plot.
- **live sensors**: twelve emulated ones (four lifters of three, 100 Hz) in another process, over a
  private D-Bus and unmodified bleak into four recordings with their analysis (Linux);
  `python -m benchmarks.ble_load` measures this alone. Lateness runs from bleak's callback to
  the packet handed to the operating system. The floor is how late a bare process wakes.
- **repaint** is everything at 1920 × 1080 painted anew by the processor; **screen load** is
  the share of one core that the dashboard takes while it replays at 1×, station included.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    value: str
    floor: str = ""
    ratio: str = ""


def _verdict(ratio: float) -> str:
    held = "aim met" if ratio <= AIM else "held" if ratio <= HOLD else "MISSED"
    return f"{ratio:.2f} (aim {AIM}, hold {HOLD}: {held})"


def _analyze_rows(speed: AnalyzeSpeed) -> list[Row]:
    bar_alone = speed.sensors == 1
    sensors = "bar" if bar_alone else f"{speed.sensors} sensors"
    minutes = f"{speed.duration_s / 60:.0f} min at 100 Hz, {speed.repetitions} repetitions"
    with_load = speed.load_s + speed.vqf_s
    return [
        Row(
            f"analyze, {sensors}, {minutes} (median of {speed.runs})",
            f"{speed.whole_s:.2f} s",
            f"{with_load:.2f} s (load {speed.load_s:.2f}, VQF {speed.vqf_s:.2f})",
            _verdict(speed.ratio) if bar_alone else f"{speed.ratio:.2f}",
        ),
        Row(
            "the same, loading packet by packet",
            f"{speed.whole_s:.2f} s",
            f"{speed.single_load_s + speed.vqf_s:.2f} s",
            f"{speed.single_ratio:.2f}",
        ),
        Row(
            "the same, against VQF alone",
            f"{speed.whole_s:.2f} s",
            f"{speed.vqf_s:.2f} s",
            f"{speed.vqf_ratio:.1f}" if bar_alone else _verdict(speed.vqf_ratio),
        ),
        Row(
            "signal core alone: samples in memory to events",
            f"{speed.core_s:.2f} s",
            f"{speed.vqf_s:.2f} s (VQF)",
            f"{speed.core_ratio:.1f}",
        ),
    ]


def _latency_rows(latency: Latency) -> list[Row]:
    def row(name: str, road_ms: float, vqf_ms: float, ratio: str) -> Row:
        return Row(
            f"live packet, {name} of {latency.road_ms.shape[0]}",
            f"{road_ms:.2f} ms",
            f"{vqf_ms:.3f} ms (VQF)",
            ratio,
        )

    def at(values: FloatArray, share: float) -> float:
        return float(np.percentile(values, share))

    middle = f"{at(latency.road_ms, 50) / at(latency.vqf_ms, 50):.0f}"
    return [
        row(name, at(latency.road_ms, share), at(latency.vqf_ms, share), ratio)
        # Of the tails no ratio: they are the operating system's as much as the program's.
        for name, share, ratio in (
            ("p50", 50, middle),
            ("p95", 95, ""),
            ("p99", 99, ""),
            ("max", 100, ""),
        )
    ]


def _memory_rows(memory: Memory) -> list[Row]:
    first = f"{memory.held_mb[0]:.2f} MB at {memory.at_s[0] / 60:.0f} min"
    return [
        Row(
            f"memory at {at_s / 60:.0f} min",
            f"{held_mb:.2f} MB",
            first,
            f"{held_mb - memory.held_mb[0]:+.2f} MB",
        )
        for at_s, held_mb in zip(memory.at_s[1:], memory.held_mb[1:], strict=True)
    ]


def _screen_rows(empty: ScreenSpeed, dashboard: ScreenSpeed) -> list[Row]:
    return [
        Row(
            "first frame",
            f"{dashboard.first_frame_s:.2f} s",
            f"{empty.first_frame_s:.2f} s",
            f"{dashboard.first_frame_s / empty.first_frame_s:.1f}",
        ),
        Row(
            "repaint",
            f"{dashboard.repaint_ms:.1f} ms",
            f"{empty.repaint_ms:.1f} ms",
            f"{dashboard.repaint_ms / empty.repaint_ms:.1f}",
        ),
        Row(
            "screen load",
            f"{100 * dashboard.busy_share:.0f} % of a core",
            f"{100 * empty.busy_share:.0f} %",
        ),
    ]


def _load_rows(key: str, seconds: float) -> list[Row]:
    load = measure_load(key, 12, seconds)
    what = f"12 live sensors × {seconds:.0f} s, {load.sent / load.seconds:.0f} notifications/s"

    def at(values: FloatArray, share: float) -> str:
        return f"{float(np.percentile(values, share)):.2f} ms"

    return [
        Row(f"{what} ({key}): lost", str(load.lost)),
        *(
            Row(
                f"notification to recorded, {name}",
                at(load.lateness_ms, share),
                f"{at(load.floor_ms, share)} (a sleeper)",
            )
            for name, share in (("p50", 50), ("p99", 99), ("max", 100))
        ),
        Row("share of a core", f"{load.cores:.0%}"),
    ]


def measure(quick: bool) -> list[Row]:
    """Measure everything; ``quick`` shortens it to see that it works."""
    long_s, short_s, runs = (180.0, 60.0, 1) if quick else (1800.0, 600.0, 5)
    at_s = (120.0, 240.0) if quick else (600.0, 3600.0, 7200.0)
    short = simulated(short_s)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}.mcap" for name in ("bar", "three", "short")]
        bar_path, three_path, short_path = paths
        write_recording(bar_path, simulated(long_s))
        write_recording(three_path, simulated(long_s, LiftingTrunk()))
        write_recording(short_path, short)
        rows = _analyze_rows(measure_analyze(bar_path, runs))
        rows += _analyze_rows(measure_analyze(three_path, runs))
        rows += _latency_rows(measure_latency(short.source))
        rows += _screen_rows(*measure_screen(short_path, 1 if quick else 3))
    rows += _memory_rows(measure_memory(short.source, at_s))
    if not why_not_here():
        for key in ("open-imu", "witmotion"):
            rows += _load_rows(key, 5.0 if quick else 60.0)
    return rows


def _machine() -> str:
    version = platform.python_version()
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {version}"


def _print(rows: list[Row]) -> None:
    table = Table(title=f"Benchmarks ({_machine()})")
    for title in ("what", "measured", "floor", "ratio"):
        table.add_column(title)
    for row in rows:
        table.add_row(row.what, row.value, row.floor, row.ratio)
    # A pipe has no width of its own; nothing may be cut there.
    Console(width=None if sys.stdout.isatty() else 150).print(table)


def _page(rows: list[Row]) -> str:
    lines = [
        _HEAD,
        f"Machine: {_machine()}.",
        "",
        "| what | measured | floor | ratio |",
        "|---|---|---|---|",
        *(f"| {row.what} | {row.value} | {row.floor} | {row.ratio} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="save docs/benchmarks.md as well")
    parser.add_argument("--quick", action="store_true", help="short runs, to see that it works")
    arguments = parser.parse_args()
    rows = measure(arguments.quick)
    _print(rows)
    if arguments.write:
        PAGE.write_text(_page(rows), encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
