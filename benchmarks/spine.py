"""Measure the trunk and write docs/spine.md: ``python -m benchmarks.spine``.

The text of the page above its tables is kept; what stands below the marker is written anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

from benchmarks.spine_back import back_section
from benchmarks.spine_form import form_section
from benchmarks.spine_optical import optical_section
from benchmarks.spine_road import road_section
from benchmarks.spine_simulated import Job, TrunkRow, simulated, simulated_section, studies

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "spine.md"
MARK = "<!-- measured below; do not edit by hand -->"


_Todo = TypeVar("_Todo")
_Done = TypeVar("_Done")


def _spread(work: Callable[[_Todo], _Done], todo: list[_Todo]) -> list[_Done]:
    with ProcessPoolExecutor() as pool:
        return list(pool.map(work, todo, chunksize=2))


def _in_parallel(todo: list[Job]) -> list[TrunkRow]:
    return _spread(simulated, todo)


def main() -> None:
    """Measure everything and rewrite the lower part of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--print", action="store_true", help="print, do not write")
    arguments = parser.parse_args()
    lines = [MARK, ""]
    lines += simulated_section(studies(max(20, arguments.seeds), _in_parallel))
    lines += road_section(max(4, arguments.seeds // 8), _spread)
    if DATA.is_dir():
        lines += [*optical_section(DATA), *back_section(DATA), *form_section(DATA)]
    else:
        lines += ["Not measured here: the reference recordings are not beside the checkout.", ""]
    text = "\n".join(lines)
    if arguments.print:
        print(text)
    else:
        head = PAGE.read_text(encoding="utf-8").split(MARK)[0]
        PAGE.write_text(head + text, encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
