"""Everything here runs offscreen; a test that leaves a timer or a thread running fails."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import gc
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QLocale, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lift_monitor.ui import stage
from lift_monitor.ui.session import BeginSession, LiveSetup, LoadedSession, SessionChoice
from lift_monitor.ui.style import load_fonts
from lift_monitor.ui.window import MonitorWindow
from tests.patience import PATIENCE_S
from tests.ui import scenes
from tests.ui.desk import FakeDesk, desk

MakeWindow = Callable[..., MonitorWindow]


@pytest.fixture(scope="session", autouse=True)
def _collect_here() -> Iterator[None]:
    """Widgets are collected in the thread that made them, never in one of a later test."""
    gc.collect()
    gc.freeze()  # what is loaded by now need not be looked at again and again
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _widgets_are_collected_here(_collect_here: None) -> Iterator[None]:
    gc.disable()
    yield
    # No loop runs between tests that would delete what was let go: without this, every window
    # of the whole run stays, in memory and in all that looks at what there is.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def _nothing_left_running(qapp: QApplication, _widgets_are_collected_here: None) -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [t.name for t in threading.enumerate() if t not in before and t.is_alive()]
    assert not left, f"threads left running: {left}"
    timers = [
        timer
        for widget in qapp.topLevelWidgets()
        for timer in widget.findChildren(QTimer)
        if timer.isActive() and isinstance(widget, MonitorWindow)
    ]
    assert not timers, "a window was left with its clock running"


@pytest.fixture(autouse=True)
def _nothing_is_slow(_nothing_left_running: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take no crowded machine for a station that fell silent, nor for a disk that is slow.

    A station of a script says nothing by itself, and a banner over it would swallow Escape.
    """
    monkeypatch.setattr(stage, "_SILENCE_S", PATIENCE_S)
    monkeypatch.setattr(stage, "_CLOSE_S", PATIENCE_S)


@pytest.fixture(scope="session", autouse=True)
def _same_everywhere(qapp: QApplication) -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    qapp.setStyle("Fusion")
    load_fonts()


@pytest.fixture
def make_live(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Open a window on a desk of sensors (or the name of a scene of it)."""
    opened: list[MonitorWindow] = []

    def make(
        on: str | FakeDesk,
        begin: BeginSession = lambda _choice: scenes.session("three"),
        size: tuple[int, int] = (1280, 720),
        session: LoadedSession | None = None,
        **options: object,
    ) -> MonitorWindow:
        sensors = desk(on) if isinstance(on, str) else on
        live = LiveSetup(sensors, begin, SessionChoice(load_kg=52.5, alias="Heron 14"))
        window = MonitorWindow(session, live=live, **options)  # type: ignore[arg-type]
        qtbot.addWidget(window)
        opened.append(window)
        window.resize(*size)
        window.show()
        window.tick()
        QApplication.processEvents()
        return window

    yield make
    for window in opened:
        window.close()


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Open a window on a scene (or a session), shown and with its first updates drawn."""
    opened: list[MonitorWindow] = []

    def make(
        scene: str | LoadedSession,
        size: tuple[int, int] = (1280, 720),
        **options: object,
    ) -> MonitorWindow:
        loaded = scenes.session(scene) if isinstance(scene, str) else scene
        window = MonitorWindow(loaded, **options)  # type: ignore[arg-type]
        qtbot.addWidget(window)
        opened.append(window)
        window.resize(*size)
        window.show()
        window.tick()
        QApplication.processEvents()
        return window

    yield make
    for window in opened:
        window.close()
