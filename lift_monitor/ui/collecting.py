"""Windows are freed in the thread that made them.

Windows are Python objects in cycles.  Python collects cycles in whatever thread happens to
allocate, and Qt may crash where that is a station's or the radio's; so while there are
windows, collecting is left to the window's own thread.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from pyqtgraph.util.garbage_collector import GarbageCollector
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication


@contextmanager
def collected_here() -> Iterator[None]:
    """Collect garbage in this thread only, and what is left of windows at the end.

    The windows have to be out of reach when the block ends: make them in a function of their
    own.
    """
    collector = GarbageCollector()
    try:
        yield
    finally:
        collector.timer.stop()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        gc.enable()
