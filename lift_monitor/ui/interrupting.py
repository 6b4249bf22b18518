"""Ctrl+C while a window is driven offscreen: between two events of Qt, never within one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication


class Pump:
    """Lets Qt work.

    What is raised while Qt calls back, e.g. while it draws, is printed and lost. So a Ctrl+C
    that comes then is kept until Qt has returned.
    """

    def __init__(self) -> None:
        self._pressed = False

    def press(self, _number: int, _frame: FrameType | None) -> None:
        """Remember that the user wants to stop; a handler of signals."""
        self._pressed = True

    def __call__(self) -> None:
        """Handle what waits, for 10 ms at most.

        Raises
        ------
        KeyboardInterrupt
            If the user wants to stop.
        """
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        self.stop_if_pressed()

    def stop_if_pressed(self) -> None:
        """Raise ``KeyboardInterrupt`` if the user wants to stop."""
        if self._pressed:
            self._pressed = False
            raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[Pump]:
    """Lend what lets Qt work, and hold Ctrl+C back meanwhile until it may be obeyed."""
    pump = Pump()
    if threading.current_thread() is not threading.main_thread():  # signals are its alone
        yield pump
        return
    before = signal.signal(signal.SIGINT, pump.press)
    try:
        yield pump
    finally:
        signal.signal(signal.SIGINT, before)
    pump.stop_if_pressed()
