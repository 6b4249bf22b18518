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
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Final, Self, TypeAlias, TypeVar

from lift_monitor.drivers.ble.ear import Ear
from lift_monitor.drivers.ble.errors import RadioError, radio_error
from lift_monitor.drivers.ble.family import Setup, Wish
from lift_monitor.drivers.ble.radio import Backend, Found, Radio
from lift_monitor.drivers.ble.session import SensorSession, SessionStatus, Sink

T = TypeVar("T")
Carrier: TypeAlias = Callable[[], AbstractAsyncContextManager[Backend]]
"""Makes what carries the radio, inside its loop: an emulated air, or nothing special."""
_CLOSE_S: Final = 20.0


class CarrierError(Exception):
    """What should carry the radio is not there; one sentence for the user."""


@contextlib.asynccontextmanager
async def system_radio() -> AsyncIterator[Backend]:
    """Use the operating system's own radio."""
    try:
        yield Backend()
    finally:
        await close_bus()


async def close_bus() -> None:
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
        self._sensors: dict[str, SensorSession] = {}
        self._ears: dict[str, Ear] = {}
        self._door = threading.Lock()
        self._closing = False
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
        with self._door:  # whatever was asked for is in the loop before this, or refused
            if not self._closing:
                self._closing = True
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
        return self._problem or (self._radio.trouble if self._radio is not None else "")

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
        session = self._sensors.get(address)
        return session.status if session else None

    def scan(self, on: bool) -> concurrent.futures.Future[None]:
        """Look for sensors, or stop; the future raises :class:`RadioError`."""
        return self._submit(self._scan(on))

    def open(self, found: Found, wish: Wish) -> concurrent.futures.Future[Setup]:
        """Connect a sensor and keep it; the future raises :class:`RadioError`.

        What was asked of the same sensor before ends: it is let go first.
        """
        return self._submit(self._open(found, wish))

    def let_go(self, address: str) -> concurrent.futures.Future[None]:
        """Stop a sensor and disconnect it, also while it is being connected."""
        return self._submit(self._let_go(address))

    def blink(self, address: str) -> concurrent.futures.Future[bool]:
        """Let a sensor show itself; the future raises :class:`RadioError`."""
        return self._submit(self._blink(address))

    def listen(self, address: str, listener: Sink) -> concurrent.futures.Future[None]:
        """Have a sensor's values given to a listener, in the radio's thread.

        It stays one when the sensor is let go and connected again.
        """
        return self._submit(self._listen(address, listener))

    def unlisten(self, address: str, listener: Sink) -> concurrent.futures.Future[None]:
        """End :meth:`listen`; when the future is done the listener is called no more."""
        return self._submit(self._unlisten(address, listener))

    def _submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        with self._door:
            if not self._closing and not self._loop.is_closed():
                return asyncio.run_coroutine_threadsafe(work, self._loop)
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
            with self._door:
                self._closing = True
            with contextlib.suppress(Exception):
                self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _main(self) -> None:
        try:
            async with self._carrier() as backend:
                self._radio = Radio(backend)
                watch = self._loop.create_task(self._radio.keep_scanning(), name="lift-search")
                self._ready.set_result(None)
                await self._ended.wait()
                watch.cancel()
                await self._cancel_rest()  # an attempt to connect holds the radio for long
                # Side by side: a sensor that does not answer keeps nobody from being stopped.
                await asyncio.gather(
                    *(self._let_go(address) for address in list(self._sensors)),
                    return_exceptions=True,
                )
                await self._radio.close()
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _cancel_rest(self) -> None:
        """End what callers still wait for, so that nobody waits for ever.

        A sensor that is being let go is not disturbed: it has to be stopped.
        """
        ours = {task: _order_of(task) for task in asyncio.all_tasks()}
        rest = [task for task, order in ours.items() if order and order != "_main"]
        for task in rest:
            if ours[task] != "_let_go":
                task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _scan(self, on: bool) -> None:
        assert self._radio is not None
        if on == self._scanning:
            return
        self._scanning = on
        try:
            await (self._radio.start_scan() if on else self._radio.stop_scan())
        except BaseException as error:
            self._scanning = False
            if isinstance(error, RadioError):
                self._problem = str(error)
            raise
        self._problem = ""

    async def _open(self, found: Found, wish: Wish) -> Setup:
        assert self._radio is not None
        address, ear = found.address, self._ear(found.address)
        ear.control = found.family.control_channels
        session = SensorSession(self._radio, found, wish, ear.take)
        # Exchanged before anything is awaited: of orders in haste the last one holds.
        before, self._sensors[address] = self._sensors.get(address), session
        try:
            if before is not None:
                async with ear.turn:
                    await before.close()
            return await session.open()
        except RadioError:
            raise
        except Exception as error:
            raise radio_error(error, found.name) from error
        except BaseException:
            await session.close()
            raise

    async def _let_go(self, address: str) -> None:
        session = self._sensors.pop(address, None)
        if session is not None:
            async with self._ear(address).turn:
                await session.close()

    async def _blink(self, address: str) -> bool:
        session = self._sensors.get(address)
        return session is not None and await session.blink()

    async def _listen(self, address: str, listener: Sink) -> None:
        self._ear(address).add(listener)

    async def _unlisten(self, address: str, listener: Sink) -> None:
        self._ear(address).remove(listener)

    def _ear(self, address: str) -> Ear:
        return self._ears.setdefault(address, Ear())


def _order_of(task: asyncio.Task[Any]) -> str:
    """Name of the hub's method that a task runs; empty if it is no task of the hub."""
    owner, _, method = getattr(task.get_coro(), "__qualname__", "").rpartition(".")
    return method if owner == "Hub" else ""
