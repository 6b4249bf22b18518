"""The pictures of the tour with what is said of each, and the page that shows them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.tour_hand import Hand

_HEAD = """# A clinician's first day

Every picture is of the real window, used with mouse and keyboard by the script behind `make
tour`, which also wrote this page. The sensors and the lifter are emulated, and the clinic is
marked as one of simulated people: the window says so at its top. Somebody is taken in, assessed
and given a plan; sensors are set up and calibrated; a session has one repetition with a bent back
and one sensor that falls silent; proposals are decided on, and the report is printed.

"""


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    title: str
    text: str


class Album:
    """Takes pictures in order.

    Parameters
    ----------
    hand : Hand
    folder : Path
        Emptied of older pictures.
    """

    def __init__(self, hand: Hand, folder: Path) -> None:
        self.hand, self._folder = hand, folder
        self._pages: list[_Page] = []
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)

    def next_path(self, title: str) -> Path:
        """Where the next picture belongs."""
        stem = "-".join(title.lower().replace(",", "").replace(":", "").split())
        return self._folder / f"{len(self._pages) + 1:02d}-{stem}.png"

    def take(self, title: str, text: str) -> None:
        """Take a picture of the window as it is now."""
        path = self.next_path(title)
        self.hand.picture(path)
        self.add(path, title, text)

    def add(self, path: Path, title: str, text: str) -> None:
        """Put a picture in that is there already."""
        self._pages.append(_Page(path.name, title, text))
        print(f"{path.name}", flush=True)

    def write_page(self) -> None:
        """Write the page that shows them all."""
        parts = [_HEAD]
        for number, page in enumerate(self._pages, start=1):
            parts.append(
                f"## {number}. {page.title}\n\n{page.text}\n\n![{page.title}]({page.name})\n\n"
            )
        (self._folder / "README.md").write_text("".join(parts).rstrip() + "\n", encoding="utf-8")
