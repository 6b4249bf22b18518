"""The window on the real road: packets, station, signal core, screen."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lift_monitor.analysis import Analysis, analyse
from lift_monitor.drivers.formats import float_rows
from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.source import MemorySource
from lift_monitor.events import Exercise
from lift_monitor.samples import Role, SensorInfo
from lift_monitor.station import Mode, Station, StationConfig
from lift_monitor.ui.app import run_dashboard, run_offscreen
from lift_monitor.ui.session import LoadedSession
from lift_monitor.ui.window import MonitorWindow
from tests.patience import PATIENCE_MS
from tests.ui.conftest import MakeWindow

CONFIG = StationConfig(Exercise.DEADLIFT, alias="Heron 14", load_kg=52.5, target_sets=1)


def deadlifts(count: int = 5, rate_hz: float = 100.0) -> MemorySource:
    """A bar that rises and falls 0.55 m with rests on the floor, as a sensor on it feels."""
    step_s, duration_s = 1.0 / rate_hz, 4.0 + 4.5 * count + 6.0
    times = np.arange(0.0, duration_s, step_s)
    height = np.zeros_like(times)
    for index in range(count):
        since = times - 4.0 - 4.5 * index
        up = np.clip(since / 1.2, 0.0, 1.0)
        down = np.clip((since - 1.7) / 1.4, 0.0, 1.0)
        height += 0.55 * (_smooth(up) - _smooth(down))
    noise = np.random.default_rng(1).normal(0.0, 1.0, (times.size, 6))
    rows = np.zeros((times.size, 7))
    rows[:, 0] = times
    rows[:, 1:4] = 0.03 * noise[:, :3]
    rows[:, 3] += 9.80665 + np.gradient(np.gradient(height, step_s), step_s)
    rows[:, 4:] = 0.001 * noise[:, 3:]
    info = SensorInfo("b1", Role.BAR, float_rows.NAME, name="bar", nominal_rate_hz=rate_hz)
    packets = [
        Packet("b1", float_rows.IMU, round(part[-1, 0] * 1e9), float_rows.encode(part))
        for part in np.array_split(rows, times.size // 10)
    ]
    return MemorySource((info,), tuple(packets))


def _smooth(x: np.ndarray) -> np.ndarray:
    return np.asarray(x**3 * (10.0 - 15.0 * x + 6.0 * x**2))


@pytest.fixture(scope="module")
def source() -> MemorySource:
    return deadlifts()


@pytest.fixture(scope="module")
def overview(source: MemorySource) -> Analysis:
    return analyse(source, exercise=Exercise.DEADLIFT)


def test_offscreen_the_table_is_what_the_analysis_finds(
    source: MemorySource, overview: Analysis, tmp_path: Path
) -> None:
    picture = tmp_path / "demo.png"
    found = run_offscreen(
        Station(source, CONFIG, Mode.REPLAY),
        overview=overview,
        png_path=picture,
        size=(1280, 720),
    )
    assert len(found) == 5
    assert found == list(overview.repetitions)
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1280, 720)


def test_the_dashboard_runs_until_it_is_closed(qapp: QApplication, source: MemorySource) -> None:
    station = Station(source, CONFIG, Mode.REPLAY)
    seen: list[float] = []

    def close_once_it_shows_something() -> None:
        windows = [w for w in qapp.topLevelWidgets() if isinstance(w, MonitorWindow)]
        for widget in windows:
            if widget.isVisible() and widget.status is not None:
                seen.append(widget.status.now_s)
                look.stop()
                widget.close()

    look = QTimer()
    look.timeout.connect(close_once_it_shows_something)
    look.start(20)
    assert run_dashboard(station, view="lifter", theme="light") == 0
    assert len(seen) == 1


def test_an_unwritable_picture_is_an_error_of_one_sentence(
    source: MemorySource, tmp_path: Path
) -> None:
    station = Station(source, CONFIG, Mode.REPLAY)
    with pytest.raises(OSError, match=r"could not be written; choose another folder"):
        run_offscreen(station, png_path=tmp_path / "none" / "demo.png")


def test_seeking_redraws_what_was_known_then(
    make_window: MakeWindow, qtbot: QtBot, source: MemorySource, overview: Analysis
) -> None:
    window = make_window(LoadedSession(Station(source, CONFIG, Mode.REPLAY), overview))
    window.session.station.set_speed(math.inf)
    qtbot.waitUntil(lambda: window.status is not None and window.status.ended, timeout=PATIENCE_MS)
    assert window.clinician.table.rowCount() == 5
    third = overview.repetitions[2]
    window.session.station.set_speed(1.0)  # as fast as can be, it would run away from the pause
    window.do("play")
    window.seek(third.end_s - 0.2)
    window.session.station.pause()
    qtbot.waitUntil(lambda: 0 < window.clinician.table.rowCount() < 4, timeout=PATIENCE_MS)
    assert window.model.now_s < overview.duration_s - 1.0
    window.do("next")
    target = overview.repetitions[3].start_s - 0.5
    qtbot.waitUntil(lambda: abs(window.model.now_s - target) < 0.4, timeout=PATIENCE_MS)
