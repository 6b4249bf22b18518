"""PySide6 6.12.0 on Python 3.11 drops a reference to None at every void call of Qt."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


def test_void_calls_do_not_consume_references_to_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    label.setText("warm up")
    before = sys.getrefcount(None)
    for _ in range(1000):
        label.setText("0.44")
    # On Python 3.12 and later None is immortal and the count constant.
    assert abs(sys.getrefcount(None) - before) < 100
