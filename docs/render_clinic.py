"""Take the pictures of the clinic's pages and of a session's panels, as ``render_screens`` does."""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path

import flow_scenes
import people_scenes
from PySide6.QtWidgets import QWidget

THEMES = ("dark", "light")
SIZES = ((1920, 1080), (1280, 720))


def render(folder: Path, only: str) -> list[Path]:
    """Save the pictures whose names contain ``only``; returns their paths."""
    return [*_flow(folder, only), *_people(folder, only)]


def _flow(folder: Path, only: str) -> list[Path]:
    saved = []
    for scene, theme, size in product(flow_scenes.SCENES, THEMES, flow_scenes.SIZES):
        path = folder / f"flow-{scene}-{theme}-{size[0]}.png"
        if only in path.name:
            page = flow_scenes.page(scene, size, theme)
            saved.append(_save(page, path))
    return saved


def _people(folder: Path, only: str) -> list[Path]:
    saved = []
    with tempfile.TemporaryDirectory() as kept:
        made = None
        for scene, theme, size in product(people_scenes.SCENES, THEMES, SIZES):
            path = folder / f"people-{scene}-{theme}-{size[0]}x{size[1]}.png"
            if only not in path.name:
                continue
            if made is None:
                made = people_scenes.made_once(Path(kept))
            copy = Path(kept) / path.stem
            copy.mkdir()
            shown = people_scenes.open_scene(scene, *made, copy, theme=theme, size=size)
            saved.append(_save(shown.host, path))
            shown.clinic.close()
    return saved


def _save(widget: QWidget, path: Path) -> Path:
    if not widget.grab().save(str(path), "PNG"):
        raise OSError(f"the picture {path} could not be written")
    widget.close()
    widget.deleteLater()
    return path
