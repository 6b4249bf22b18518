"""Measure the trunk and write docs/spine.md: ``python -m benchmarks.spine``.

The text of the page above its tables is kept; what stands below the marker is written anew.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.spine_back import back_section
from benchmarks.spine_form import form_section
from benchmarks.spine_optical import optical_section
from benchmarks.spine_simulated import Job, TrunkRow, simulated, simulated_section, studies

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "spine.md"
MARK = "<!-- measured below; do not edit by hand -->"


def _in_parallel(todo: list[Job]) -> list[TrunkRow]:
    with ProcessPoolExecutor() as pool:
        return list(pool.map(simulated, todo, chunksize=2))


def main() -> None:
    """Measure everything and rewrite the lower part of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--print", action="store_true", help="print, do not write")
    arguments = parser.parse_args()
    lines = [MARK, ""]
    lines += simulated_section(studies(max(20, arguments.seeds), _in_parallel))
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
