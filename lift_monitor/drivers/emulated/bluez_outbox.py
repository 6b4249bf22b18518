"""What leaves for the bus, as fast as the bus takes it.

dbus-fast 5 takes a full socket for a dead bus and ends the connection, which a busy
machine or the removal of many objects brings about; so nothing is given to it before the
socket has room.
"""

from __future__ import annotations

import asyncio
import functools
import os
import select
from collections import deque
from typing import Final

from dbus_fast import Message
from dbus_fast.aio import MessageBus

_LOOK_S: Final = 0.002


class Outbox:
    """Sends messages in order.

    Parameters
    ----------
    bus : MessageBus
        Connected.
    """

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._loop = asyncio.get_running_loop()
        # A handle of its own: the loop knows one writer a handle, and the bus may be it.
        assert bus._fd is not None  # noqa: SLF001 - there is no public way to it
        self._fd = os.dup(bus._fd)  # noqa: SLF001
        self._room = select.poll()
        self._room.register(self._fd, select.POLLOUT)
        self._waiting: deque[Message] = deque()
        self._last: asyncio.Future[None] | None = None
        self._empty = asyncio.Event()
        self._empty.set()

    def put(self, message: Message) -> None:
        """Send a message; its ``unix_fds`` are closed when it has left."""
        self._waiting.append(message)
        self._empty.clear()
        if len(self._waiting) == 1:
            self._send()

    async def drained(self) -> None:
        """Wait until everything has left and there is room again, or the bus is gone."""
        await self._empty.wait()
        while self._bus.connected and not self._room.poll(0):
            await asyncio.sleep(_LOOK_S)

    def close(self) -> None:
        """Send no more."""
        self._drop()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _send(self) -> None:
        self._loop.remove_writer(self._fd)
        while self._waiting:
            if not self._bus.connected:
                self._drop()
                return
            if self._last is not None and not self._last.done():  # a part of it has left
                self._last.add_done_callback(lambda _: self._send())
                return
            if not self._room.poll(0):
                self._loop.add_writer(self._fd, self._send)
                return
            message = self._waiting[0]
            self._last = self._bus.send(message)
            self._last.add_done_callback(functools.partial(_left, message))
            self._waiting.popleft()
        self._empty.set()

    def _drop(self) -> None:
        if self._fd >= 0:
            self._loop.remove_writer(self._fd)
        for message in self._waiting:
            _close_files(message)
        self._waiting.clear()
        self._empty.set()


def _left(message: Message, sent: asyncio.Future[None]) -> None:
    _close_files(message)
    if not sent.cancelled():
        sent.exception()  # a bus that went away is no news here


def _close_files(message: Message) -> None:
    for fd in message.unix_fds:
        os.close(fd)
