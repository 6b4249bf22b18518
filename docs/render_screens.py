"""Take the screenshots: every view, every scene, both themes, both sizes.

Usage: ``python docs/render_screens.py OUTDIR``.  Numbers are those of ``tests/ui/scenes.py``,
``tests/ui/desk.py``, ``tests/ui/calibration_scenes.py`` and ``tests/ui/limits_scenes.py``;
those of the clinic's pages are taken by ``render_clinic``.
"""

from __future__ import annotations

import os
import sys
from itertools import product
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "ui"), str(ROOT / "docs")]

import calibration_scenes  # noqa: E402
import desk  # noqa: E402
import limits_scenes  # noqa: E402
import render_clinic  # noqa: E402
import scenes  # noqa: E402
from PySide6.QtCore import QLocale  # noqa: E402

from lift_monitor.ui.app import application, save_picture  # noqa: E402
from lift_monitor.ui.session import LiveSetup, LoadedSession, SessionChoice  # noqa: E402
from lift_monitor.ui.window import MonitorWindow  # noqa: E402

SIZES = ((1920, 1080), (1280, 720))
CHOICE = SessionChoice(load_kg=52.5, alias="Heron 14")


def _begin(_choice: SessionChoice) -> LoadedSession:
    return scenes.session("live")


def _window(view: str, scene: str, theme: str) -> MonitorWindow:
    if view in ("running", "session"):
        live = LiveSetup(desk.desk("all_done"), _begin, CHOICE)
        window = MonitorWindow(scenes.session(scene), live=live, theme=theme, reduce_motion=True)
        if view == "running":
            window.show_view("sensors")
        return window
    if view == "calibration":
        live = LiveSetup(desk.desk("all_done"), _begin, CHOICE)
        session = calibration_scenes.session(calibration_scenes.roles_of(scene))
        return MonitorWindow(session, live=live, theme=theme)
    if view in ("sensors", "limits"):
        on = "all_done" if view == "limits" else scene
        live = LiveSetup(desk.desk(on), _begin, CHOICE)
        return MonitorWindow(live=live, theme=theme, reduce_motion=True)
    return MonitorWindow(scenes.session(scene), theme=theme, view=view, reduce_motion=True)


def render(folder: Path, only: str = "") -> list[Path]:
    """Save the pictures whose names contain ``only``; returns their paths."""
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    application()
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    views = {
        "clinician": scenes.SCENES,
        "lifter": scenes.SCENES,
        "sensors": desk.SCENES,
        "running": ("three",),
        "session": ("three", "link_lost"),
        "calibration": calibration_scenes.SCENES,
        "limits": limits_scenes.SCENES,
    }
    pictures = [(view, scene) for view, found in views.items() for scene in found]
    for (view, scene), theme, (width, height) in product(pictures, ("dark", "light"), SIZES):
        path = folder / f"{view}-{scene}-{theme}-{width}x{height}.png"
        if only not in path.name:
            continue
        window = _window(view, scene, theme)
        window.resize(width, height)
        window.show()
        window.tick()
        if view == "calibration":
            calibration_scenes.show(window, scene)
        elif view == "limits":
            limits_scenes.show(window, scene)
        save_picture(window, path)
        window.close()
        window.deleteLater()
        saved.append(path)
    return [*saved, *render_clinic.render(folder, only)]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Say where to: python docs/render_screens.py OUTDIR [PART-OF-NAME]")
    for picture in render(Path(sys.argv[1]), *sys.argv[2:3]):
        sys.stdout.write(f"{picture}\n")
