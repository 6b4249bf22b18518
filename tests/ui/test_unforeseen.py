"""What is raised in a slot is told on the screen."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from lift_monitor.ui.banner import Banner
from lift_monitor.ui.unforeseen import sentence, telling
from tests.patience import PATIENCE_MS


def test_what_a_slot_raises_is_told_on_the_screen_and_printed(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(900, 400)
    banner = Banner(page)
    page.show()

    def fail() -> None:
        raise KeyError("rung")

    with qtbot.capture_exceptions() as printed, telling(banner.show_error):
        QTimer.singleShot(0, fail)
        qtbot.waitUntil(lambda: bool(banner.text), timeout=PATIENCE_MS)
    assert [kind for kind, _, _ in printed] == [KeyError]
    assert banner.isVisible()
    assert "KeyError: 'rung'" in banner.text
    assert "out of date" in banner.text


def test_ctrl_c_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    with telling(shown.append):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        sys.excepthook(OSError, OSError("no room"), None)
    assert len(shown) == 1


def test_a_long_error_is_told_shortly() -> None:
    told = sentence(ValueError("a line\nand another " * 80))
    assert "\n" not in told
    assert len(told) < 320
