"""Who listens to a sensor.

A recording may begin while the sensor already streams: what it answered when it was set up
is kept for whoever comes later, as decoding needs it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from lift_monitor.drivers.ble.session import Sink
from lift_monitor.drivers.packet import LINK

_MOST_ANSWERS: Final = 64
"""A set-up dialogue has some ten answers; the newest are kept."""


class Ear:
    """Who listens to a sensor, also when it is let go and connected again."""

    def __init__(self) -> None:
        self.control: tuple[str, ...] = ()
        self.turn = asyncio.Lock()
        """Held while the sensor is let go: it is connected anew only afterwards."""
        self._answers: deque[tuple[str, bytes, int]] = deque(maxlen=_MOST_ANSWERS)
        self._listeners: tuple[Sink, ...] = ()

    def add(self, listener: Sink) -> None:
        """Tell a listener of all that follows, the answers that decoding needs first."""
        for channel, value, at_ns in self._answers:
            listener(channel, value, at_ns)
        self._listeners = (*self._listeners, listener)

    def remove(self, listener: Sink) -> None:
        """Tell it no more."""
        # By equality: a method of an object is another one each time that it is asked for.
        self._listeners = tuple(known for known in self._listeners if known != listener)

    def take(self, channel: str, value: bytes, at_ns: int) -> None:
        """Hand a value on to all who listen."""
        if channel == LINK:
            self._answers.clear()
        elif channel in self.control:
            self._answers.append((channel, value, at_ns))
        for listener in self._listeners:
            listener(channel, value, at_ns)
