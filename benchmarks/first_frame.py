"""A process of its own, so that its start counts: opens a window and says when it is painted.

``python -m benchmarks.first_frame empty`` or ``python -m benchmarks.first_frame RECORDING``.
The first line printed is "painted"; the second is what repainting costs, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow

SIZE = (1920, 1080)
_REPAINTS = 15
_WATCH_S = 4.0


class _PaintWatch(QObject):
    painted = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.painted = self.painted or event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def _empty() -> QMainWindow:
    import pyqtgraph as pg

    QApplication(["first-frame"])
    window = QMainWindow()
    window.setCentralWidget(pg.PlotWidget())
    return window


def _dashboard(path: Path) -> QMainWindow:
    from lift_monitor.cli.screen import load
    from lift_monitor.ui.app import application
    from lift_monitor.ui.window import MonitorWindow

    session = load(path, None, None)
    application()
    return MonitorWindow(session)


def _show(window: QMainWindow) -> None:
    app = QApplication.instance()
    assert app is not None
    watch = _PaintWatch()
    app.installEventFilter(watch)
    window.resize(*SIZE)
    window.show()
    while not watch.painted:
        QApplication.processEvents()
    app.removeEventFilter(watch)
    sys.stdout.write("painted\n")
    sys.stdout.flush()


def _repaint_ms(window: QMainWindow) -> float:
    costs = []
    for _ in range(_REPAINTS):
        start = time.perf_counter()
        window.grab()
        costs.append(1e3 * (time.perf_counter() - start))
    return sorted(costs)[_REPAINTS // 2]


def _busy_share() -> float:
    """Share of one core that the running window takes, its station included."""
    cpu, wall = time.process_time(), time.perf_counter()
    while time.perf_counter() - wall < _WATCH_S:
        QApplication.processEvents()
        time.sleep(0.002)
    return (time.process_time() - cpu) / (time.perf_counter() - wall)


def main() -> None:
    """Open, paint, measure."""
    what = sys.argv[1]
    window = _empty() if what == "empty" else _dashboard(Path(what))
    _show(window)
    busy = _busy_share()
    sys.stdout.write(json.dumps({"repaint_ms": _repaint_ms(window), "busy_share": busy}) + "\n")
    sys.stdout.flush()
    window.close()


if __name__ == "__main__":
    main()
