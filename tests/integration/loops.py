"""Running a test in an asyncio loop of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from lift_monitor.drivers.ble.hub import close_bus

T = TypeVar("T")
PATIENCE_S = 90.0
"""Nothing here takes a second; a crowded machine may."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run in a loop of its own, leave no task behind and close bleak's bus."""

    async def whole() -> T:
        try:
            async with asyncio.timeout(PATIENCE_S):
                result = await main
        finally:
            await close_bus()
        # Tasks that were told to end need a few turns of the loop for it.
        await until(lambda: len(asyncio.all_tasks()) == 1)
        return result

    return asyncio.run(whole())


async def until(true: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Wait until something holds; fails if it never does."""
    end_s = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end_s, "what the test waits for did not happen"
        await asyncio.sleep(0.005)
