"""The radio in a thread of its own, for callers in any thread.

Windows does not call back into the thread of a window, and a painting thread is late; so
the radio has its own loop.  Whoever wants a sensor's values adds a listener, which is
called in that loop and must only put things away.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Final, Self, TypeAlias, TypeVar

from lift_monitor.drivers.ble.errors import RadioError, radio_error
from lift_monitor.drivers.ble.family import Setup, Wish
from lift_monitor.drivers.ble.radio import Backend, Found, Radio
from lift_monitor.drivers.ble.session import SensorSession, SessionStatus, Sink
from lift_monitor.drivers.packet import LINK

T = TypeVar("T")
Carrier: TypeAlias = Callable[[], AbstractAsyncContextManager[Backend]]
"""Makes what carries the radio, inside its loop: an emulated air, or nothing special."""
_CLOSE_S: Final = 20.0
_MOST_ANSWERS: Final = 64
"""A set-up dialogue has some ten answers; the newest are kept."""


class CarrierError(Exception):
    """What should carry the radio is not there; one sentence for the user."""


@contextlib.asynccontextmanager
async def system_radio() -> AsyncIterator[Backend]:
    """Use the operating system's own radio."""
    try:
        yield Backend()
    finally:
        await _close_bus()


async def _close_bus() -> None:
    """Close the D-Bus connection that bleak keeps for the running loop (Linux).

    bleak has no call for it and leaves it to the end of the process, where a hub that was
    closed must leave nothing open.
    """
    if sys.platform != "linux":
        return
    from bleak.backends.bluezdbus import manager

    kept = getattr(manager, "_global_instances", {})
    own = kept.pop(asyncio.get_running_loop(), None)
    bus = getattr(own, "_bus", None)
    if bus is None:
        return
    bus.disconnect()
    watcher = getattr(own, "_bus_watcher_task", None)
    if watcher is not None:
        await asyncio.wait({watcher}, timeout=_CLOSE_S)


class _Sensor:
    """One connected sensor and who listens to it."""

    def __init__(self, radio: Radio, found: Found, wish: Wish) -> None:
        self.session = SensorSession(radio, found, wish, self._sink)
        self._control = found.family.control_channels
        self._answers: deque[tuple[str, bytes, int]] = deque(maxlen=_MOST_ANSWERS)
        self._listeners: tuple[Sink, ...] = ()

    def add(self, listener: Sink) -> None:
        """Tell a listener of all that follows, the answers that decoding needs first."""
        for channel, value, at_ns in self._answers:
            listener(channel, value, at_ns)
        self._listeners = (*self._listeners, listener)

    def remove(self, listener: Sink) -> None:
        """Tell it no more."""
        self._listeners = tuple(known for known in self._listeners if known is not listener)

    def _sink(self, channel: str, value: bytes, at_ns: int) -> None:
        if channel == LINK:
            self._answers.clear()
        elif channel in self._control:
            self._answers.append((channel, value, at_ns))
        for listener in self._listeners:
            listener(channel, value, at_ns)


class Hub:
    """Owns the radio's thread; use as a context manager or pair :meth:`start` with :meth:`close`.

    Sensors are named by their address.

    Parameters
    ----------
    carrier : callable, optional
        What carries the radio; the operating system's if not given.
    """

    def __init__(self, carrier: Carrier = system_radio) -> None:
        self._carrier = carrier
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="lift-radio", daemon=True)
        self._ready: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._ended = asyncio.Event()
        self._radio: Radio | None = None
        self._sensors: dict[str, _Sensor] = {}
        self._scanning = False
        self._problem = ""

    def start(self) -> None:
        """Start the thread.

        Raises
        ------
        Exception
            What the carrier raised.
        """
        self._thread.start()
        self._ready.result()

    def close(self) -> None:
        """Stop every sensor, then the thread; may be called more than once."""
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(_CLOSE_S)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- From any thread ---

    @property
    def problem(self) -> str:
        """Why Bluetooth cannot be used; empty if it can, as far as it was tried."""
        return self._problem

    @property
    def scanning(self) -> bool:
        """Whether sensors are being looked for."""
        return self._scanning

    @property
    def found(self) -> tuple[Found, ...]:
        """Every known sensor heard so far."""
        return self._radio.found if self._radio is not None else ()

    def status(self, address: str) -> SessionStatus | None:
        """How a sensor's link is doing; ``None`` if it was never asked for."""
        sensor = self._sensors.get(address)
        return sensor.session.status if sensor else None

    def scan(self, on: bool) -> concurrent.futures.Future[None]:
        """Look for sensors, or stop; the future raises :class:`RadioError`."""
        return self._submit(self._scan(on))

    def open(self, found: Found, wish: Wish) -> concurrent.futures.Future[Setup]:
        """Connect a sensor and keep it; the future raises :class:`RadioError`."""
        return self._submit(self._open(found, wish))

    def let_go(self, address: str) -> concurrent.futures.Future[None]:
        """Stop a sensor and disconnect it."""
        return self._submit(self._let_go(address))

    def blink(self, address: str) -> concurrent.futures.Future[bool]:
        """Let a sensor show itself; the future raises :class:`RadioError`."""
        return self._submit(self._blink(address))

    def listen(self, address: str, listener: Sink) -> concurrent.futures.Future[None]:
        """Have a connected sensor's values given to a listener, in the radio's thread."""
        return self._submit(self._listen(address, listener))

    def unlisten(self, address: str, listener: Sink) -> concurrent.futures.Future[None]:
        """End :meth:`listen`; when the future is done the listener is called no more."""
        return self._submit(self._unlisten(address, listener))

    def _submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:  # the loop is closed: the radio is gone with all it held
            work.close()
            gone: concurrent.futures.Future[T] = concurrent.futures.Future()
            gone.cancel()
            return gone

    # --- In the thread ---

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._main())
        finally:
            with contextlib.suppress(Exception):
                self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _main(self) -> None:
        try:
            async with self._carrier() as backend:
                self._radio = Radio(backend)
                self._ready.set_result(None)
                await self._ended.wait()
                await self._cancel_rest()  # an attempt to connect holds the radio for long
                for address in list(self._sensors):
                    await self._let_go(address)
                await self._radio.close()
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _cancel_rest(self) -> None:
        """End what callers still wait for, so that nobody waits for ever."""
        own = asyncio.current_task()
        rest = [task for task in asyncio.all_tasks() if task is not own and _is_ours(task)]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _scan(self, on: bool) -> None:
        assert self._radio is not None
        if on == self._scanning:
            return
        self._scanning = on
        try:
            await (self._radio.start_scan() if on else self._radio.stop_scan())
        except RadioError as error:
            self._scanning = False
            self._problem = str(error)
            raise
        self._problem = ""

    async def _open(self, found: Found, wish: Wish) -> Setup:
        assert self._radio is not None
        await self._let_go(found.address)
        sensor = self._sensors[found.address] = _Sensor(self._radio, found, wish)
        try:
            return await sensor.session.open()
        except RadioError:
            raise
        except Exception as error:
            raise radio_error(error, found.name) from error

    async def _let_go(self, address: str) -> None:
        sensor = self._sensors.pop(address, None)
        if sensor is not None:
            await sensor.session.close()

    async def _blink(self, address: str) -> bool:
        sensor = self._sensors.get(address)
        return sensor is not None and await sensor.session.blink()

    async def _listen(self, address: str, listener: Sink) -> None:
        self._sensors[address].add(listener)

    async def _unlisten(self, address: str, listener: Sink) -> None:
        if address in self._sensors:
            self._sensors[address].remove(listener)


def _is_ours(task: asyncio.Task[Any]) -> bool:
    coroutine = task.get_coro()
    return getattr(coroutine, "__qualname__", "").startswith("Hub._")
