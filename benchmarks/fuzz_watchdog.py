"""Ends a process that hangs, with a traceback, and never one that does not."""

from __future__ import annotations

import faulthandler
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

WATCHDOG_S: Final = 120.0
"""Without progress for so long the traceback is printed and the process ends."""


@contextmanager
def watched() -> Iterator[Callable[[], None]]:
    """Watch over the block; what it is given must be called now and then.

    Nobody is watched any more when the block ends, however it ends: the watchdog would else
    end whatever the process does two minutes later.
    """

    def alive() -> None:
        faulthandler.dump_traceback_later(WATCHDOG_S, exit=True)

    alive()
    try:
        yield alive
    finally:
        faulthandler.cancel_dump_traceback_later()
