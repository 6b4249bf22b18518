"""Waiting for something that happens soon; a crowded machine may take long."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 40.0
PATIENCE_MS = round(1000 * PATIENCE_S)


def until(true: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait until something is true; fail with what was waited for."""
    end_s = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > end_s:
            raise AssertionError(f"waited {patience_s:.0f} s in vain until {what}")
        time.sleep(0.01)
