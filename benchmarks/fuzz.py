"""Attack every codec, then the road behind it: ``python -m benchmarks.fuzz``.

Each decoder lives through a million notifications: good ones, good ones that were damaged,
and bytes that mean nothing, with broken links and a host clock that jumps.  A second
decoder of the same format gets the same notifications many at once.  What is checked stands
in the page that ``--write`` makes, ``docs/fuzzing.md``.  The same seed makes the same run.
"""

from __future__ import annotations

import argparse
import platform
import traceback
import warnings
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from benchmarks.fuzz_attack import Attack, Tally, walk_road
from benchmarks.fuzz_corpus import CASES, case_of

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "fuzzing.md"
NOTIFICATIONS: Final = 1_000_000
ROAD_NOTIFICATIONS: Final = 20_000


def attack(key: str, seed: int, notifications: int, road_notifications: int) -> Tally:
    """Attack one case; what it may not do is raised."""
    case = case_of(key)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one = Attack(case, seed)
        one.run(notifications)
        walk_road(case, seed, road_notifications, one.tally)
    return one.tally


_HEAD = """# Fuzzing

Made by `python -m benchmarks.fuzz --write`; do not edit by hand. `make fuzz` prints the same
table. The run takes about a quarter of an hour on one core.

Every codec lives through a million notifications in one piece. They come from the emulated
sensors, and from encoders for the models and modes that these do not send. Between the good
ones there are damaged ones (bits flipped, cut, lengthened, joined, overwritten with extreme
numbers, repeated, late, on another channel) and random bytes, from one in fifty to all of
them, by turns. Links break, and in some stretches the host's clock jumps. What is checked:

- Nothing but a `FormatError` is raised; its sentence is one clause. Any warning is an error.
- A notification completes no more samples than the bound in brackets, and its shapes, types
  and marks are right.
- Every 10 000 notifications: the decoder keeps no more than the bound in brackets.
- Then good notifications follow. After at most so many as the table says, what is decoded
  is bit for bit what a new decoder makes of them (times to 2 µs, but for whole wraps of the
  sensor's counter). Only where the answers that tell the scale were attacked, or the host's
  clock, a new connection comes first.
- A second decoder that gets the same notifications many at once gives the same samples and
  refuses the same ones.
- Two minutes without progress end the run.
- 20 000 more notifications go through the session clock and the signal core. Nothing is
  raised, session times are finite, the steps of the analysis are in order.

**Growth** is the most that was kept in the last tenth of the run less the most of its first
half. **Left behind** is what the interpreter allocated over the last 10 000 and still
holds; numpy's store of small blocks is in it.
"""


def page(tallies: Iterable[Tally], seed: int) -> str:
    """Write the page."""
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    lines = [_HEAD, f"Machine: {machine}. Seed {seed}.", "", *table(tallies)]
    return "\n".join(lines) + "\n"


def table(tallies: Iterable[Tally]) -> list[str]:
    """One line a case."""
    lines = [
        (
            "| family | notifications | refused | samples | at once | kept kB | growth kB "
            "| left behind kB | good again | within | µs each | road: samples | steps |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for t in tallies:
        each = 1e6 * t.spent_s / max(1, t.timed)
        lines.append(
            f"| {t.key} | {t.notifications} | {100 * t.refused / t.notifications:.0f} % "
            f"| {t.samples} | {t.most_at_once} ({t.case_samples}) "
            f"| {t.most_held / 1e3:.1f} ({t.case_bytes / 1e3:.0f}) | {t.grown / 1e3:+.1f} "
            f"| {t.leaked / 1e3:+.1f} | {t.recoveries} of {t.recoveries} | {t.recovers_after} "
            f"| {each:.0f} | {t.road_samples} | {t.road_steps} |"
        )
    return lines


def main() -> None:
    """Attack, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notifications", type=int, default=NOTIFICATIONS)
    parser.add_argument("--road", type=int, default=ROAD_NOTIFICATIONS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--family", choices=sorted(CASES), action="append")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    arguments = parser.parse_args()
    one = partial(
        attack,
        seed=arguments.seed,
        notifications=arguments.notifications,
        road_notifications=arguments.road,
    )
    tallies: list[Tally] = []
    broken: list[str] = []
    with ProcessPoolExecutor(arguments.jobs, mp_context=get_context("spawn")) as pool:
        runs = {key: pool.submit(one, key) for key in arguments.family or CASES}
        for key, run in runs.items():
            error = run.exception()
            if error is not None:  # the others are worth knowing too
                traceback.print_exception(error)
                broken.append(key)
            else:
                tallies.append(run.result())
                print(table(tallies[-1:])[-1], flush=True)
    if broken:
        raise SystemExit(f"These broke: {', '.join(broken)}.")
    if arguments.write:
        PAGE.write_text(page(tallies, arguments.seed), encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
