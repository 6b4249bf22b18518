"""Ctrl+C while a database is written: between two steps, never within one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stopped_between() -> Iterator[Callable[[], None]]:
    """Hold Ctrl+C back until the function that is lent is called, or all is done.

    What is raised while SQLAlchemy tidies up is printed with its stack, or lost.

    Yields
    ------
    callable
        To be called between two steps; raises ``KeyboardInterrupt`` if the user wants to stop.
    """
    pressed = False

    def press(_number: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True

    def stop_if_pressed() -> None:
        if pressed:
            raise KeyboardInterrupt

    elsewhere = threading.current_thread() is not threading.main_thread()
    if elsewhere or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield stop_if_pressed
        return
    before = signal.signal(signal.SIGINT, press)
    try:
        yield stop_if_pressed
    finally:
        signal.signal(signal.SIGINT, before)
    stop_if_pressed()
