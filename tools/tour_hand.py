"""A user's hand on the real window: finds what is to be seen, presses it, types, waits.

Everything goes through mouse and keyboard events, and only what is visible and enabled can be
pressed: what a new user could not do, the tour cannot do either.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from lift_monitor.ui.app import save_picture
from lift_monitor.ui.window import MonitorWindow

PATIENCE_S = 60.0

W = TypeVar("W", bound=QWidget)


class LostError(Exception):
    """The hand does not find what it is told to use."""


class Hand:
    """Uses a window as somebody in front of it would.

    Parameters
    ----------
    window : MonitorWindow
        Shown.
    """

    def __init__(self, window: MonitorWindow) -> None:
        self.window = window

    def press(self, name: str, inside: QWidget | None = None) -> None:
        """Click the button of this name or caption."""
        button = self._find(QAbstractButton, name, inside)
        if not button.isEnabled():
            raise LostError(f"the button {name!r} cannot be pressed now")
        self._reach(button)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.look()

    def write(self, name: str, text: str, inside: QWidget | None = None) -> None:
        """Click into a field and type."""
        field = self._find(QLineEdit, name, inside)
        self._reach(field)
        QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        field.selectAll()
        QTest.keyClicks(field, text)
        self.look()

    def write_words(self, name: str, text: str) -> None:
        """Click into a field of several lines and type."""
        field = self._find(QPlainTextEdit, name, None)
        self._reach(field)
        QTest.mouseClick(field.viewport(), Qt.MouseButton.LeftButton)
        QTest.keyClicks(field.viewport(), text)
        self.look()

    def choose_file(self, dialog: QFileDialog, path: Path) -> None:
        """Type a path into a dialog for files, and save."""
        self.wait(dialog.isVisible, "the dialog")
        field = dialog.findChild(QLineEdit)
        if field is None:
            raise LostError("the dialog has no field for a name")
        field.selectAll()
        QTest.keyClicks(field, str(path))
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.look()

    def look(self) -> None:
        """Let the window do what it was asked."""
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        self.window.tick()
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def wait(self, until: Callable[[], bool], what: str, seconds: float = PATIENCE_S) -> None:
        """Wait for something to be so."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise LostError(f"waited {seconds:.0f} s for {what}")
            self.look()
            time.sleep(0.01)

    def pause(self, seconds: float) -> None:
        """Look on for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look()
            time.sleep(0.01)

    def picture(self, path: Path) -> None:
        """Save what is to be seen."""
        self.look()
        save_picture(self.window, path)

    def _find(self, kind: type[W], name: str, inside: QWidget | None) -> W:
        root = inside or self.window
        found = [
            w
            for w in root.findChildren(kind)
            if w.isVisibleTo(self.window) and w.isVisible() and _called(w, name)
        ]
        if not found:
            raise LostError(f"there is no {kind.__name__} {name!r} to be seen")
        return found[0]

    def _reach(self, widget: QWidget) -> None:
        """Scroll it into sight."""
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        middle = widget.mapTo(self.window, QPoint(widget.width() // 2, widget.height() // 2))
        on_top = self.window.childAt(middle)
        while on_top is not None and on_top is not widget:
            on_top = on_top.parentWidget()
        if on_top is None:
            raise LostError(f"{widget.accessibleName()!r} is covered or out of the window")


def _called(widget: QWidget, name: str) -> bool:
    texts = [widget.accessibleName()]
    if isinstance(widget, QAbstractButton):
        texts.append(widget.text())
    return any(text == name or text.startswith(f"{name}, ") for text in texts)
