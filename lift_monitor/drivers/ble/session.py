"""One sensor kept alive: connected, set up, streaming, and connected again when it is lost.

Every value goes to the sink with the moment of its arrival, also the fate of the link
itself (:data:`lift_monitor.drivers.packet.LINK`), so that a recording knows what happened.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from lift_monitor.drivers.ble.bleak_link import BleakLink
from lift_monitor.drivers.ble.errors import RadioError, Trouble, radio_error
from lift_monitor.drivers.ble.family import FamilyDriver, Setup, Wish
from lift_monitor.drivers.ble.link import AnswerError, LinkError
from lift_monitor.drivers.ble.radio import CONNECT_S, Found, Radio
from lift_monitor.drivers.packet import LINK, LINK_DOWN, LINK_UP, host_now_ns

Sink: TypeAlias = Callable[[str, bytes, int], None]
"""Takes channel, value and monotonic time of arrival in ns; called in the radio's loop."""

_ATTEMPTS: Final = 3
_NOT_HEARD: Final = (Trouble.OUT_OF_RANGE, Trouble.ADAPTER_FULL, Trouble.ADAPTER_MAYBE_FULL)
_PASSING: Final = (
    Trouble.OUT_OF_RANGE,
    Trouble.ADAPTER_MAYBE_FULL,
    Trouble.LINK_LOST,
    Trouble.BUSY,
    Trouble.UNKNOWN,
    Trouble.REFUSED,
)
"""Troubles that a second attempt may mend (BlueZ: le-connection-abort-by-local)."""
MUTE_S: Final = 3.0
"""A connected sensor that sends nothing for so long is connected anew (design default)."""
BATTERY_PERIOD_S: Final = 60.0
_BACK_OFF_S: Final = (0.1, 0.5, 1.0, 2.0, 4.0)
"""Waits between attempts to connect again; the last one from then on (design default)."""
_AGAIN_S: Final = 5.0
"""Longest attempt to connect again: others wait meanwhile (design default)."""
_STOP_S: Final = 8.0
"""Longest wait for a sensor to stop before it is disconnected all the same (design default)."""
_SEARCH_S: Final = 20.0
"""How long a sensor that does not answer is listened for before an attempt all the same."""


class Phase(enum.StrEnum):
    """How a sensor's link stands."""

    CONNECTING = "connecting"
    STREAMING = "streaming"
    LOST = "lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """How one sensor's link is doing."""

    phase: Phase
    text: str = ""
    """One sentence for the user; empty if all is well."""
    setup: Setup = Setup()  # noqa: RUF009 - frozen
    battery_pct: float | None = None
    losses: int = 0


class SensorSession:
    """Holds the link to one sensor from :meth:`open` to :meth:`close`.

    Parameters
    ----------
    radio : Radio
    found : Found
    wish : Wish
    sink : callable
    """

    def __init__(self, radio: Radio, found: Found, wish: Wish, sink: Sink) -> None:
        self.found = found
        self.status = SessionStatus(Phase.CONNECTING)
        self._radio = radio
        self._wish = wish
        self._sink = sink
        self._link: BleakLink | None = None
        self._driver: FamilyDriver | None = None
        self._work: asyncio.Task[Setup] | asyncio.Task[None] | None = None
        self._closed = False
        self._letting_go = asyncio.Lock()
        self._lost = asyncio.Event()
        self._heard_s = 0.0
        self._started = False
        self._mute = False
        self._first_setup: Setup | None = None
        """What the recording says of the sensor; it must go on so after a loss."""

    async def open(self) -> Setup:
        """Connect, set up and start the sensor; from then on it is kept.

        Raises
        ------
        RadioError
            If that fails, or :meth:`close` comes first; nothing is left open.
        """
        loop = asyncio.get_running_loop()
        let_go = RadioError(Trouble.LET_GO, Trouble.LET_GO.value.format(who=self.found.name))
        if self._closed:
            raise let_go
        # A task of its own, so that who closes can end it and wait for its end.
        first = self._work = loop.create_task(self._first(), name="lift-opening")
        try:
            setup = await first
        except asyncio.CancelledError:
            await self.close()
            own = asyncio.current_task()
            if own is not None and own.cancelling():
                raise
            raise let_go from None
        except BaseException:
            await self.close()
            raise
        if self._closed:
            raise let_go
        self._work = loop.create_task(self._keep(), name="lift-keeper")
        return setup

    async def _first(self) -> Setup:
        """Connect; radios often fail the first attempt for no reason that lasts."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._connect()
            except RadioError as error:
                if error.trouble is Trouble.LINK_LOST and attempt == _ATTEMPTS:
                    # Nobody makes it again: that is done for sensors that were connected.
                    broke = Trouble.LINK_BROKE
                    raise RadioError(broke, broke.value.format(who=self.found.name)) from error
                if error.trouble not in _PASSING or attempt == _ATTEMPTS:
                    raise
            await asyncio.sleep(_BACK_OFF_S[min(attempt, len(_BACK_OFF_S) - 1)])
        raise AssertionError  # the last attempt returns or raises

    async def close(self) -> None:
        """Stop the sensor and let it go, also while it is being connected; may be called twice."""
        self._closed = True
        work, self._work = self._work, None
        if work is not None and not work.done():
            work.cancel()
            await asyncio.wait({work})
        async with self._letting_go:
            await self._let_go()
        self._say(Phase.CLOSED)

    async def blink(self) -> bool:
        """Let the sensor show itself.

        Raises
        ------
        RadioError
            If it cannot be asked.
        """
        if self._driver is None:
            raise RadioError(Trouble.LINK_LOST, Trouble.LINK_LOST.value.format(who=self.found.name))
        try:
            return await self._driver.blink()
        except LinkError as error:
            raise radio_error(error, self.found.name) from error

    async def _connect(self, within_s: float = CONNECT_S) -> Setup:
        self._lost.clear()
        found = self.found = self._radio.newest(self.found)
        link = await self._radio.connect(found, self._lost.set, within_s=within_s)
        self._link = link

        def emit(channel: str, value: bytes) -> None:
            if self._link is link:  # what a link of the past still says is not heard
                self._heard_s = time.monotonic()
                self._sink(channel, value, host_now_ns())
                if self._mute and self._started:
                    self._mute = False
                    self._say(Phase.STREAMING)

        self._sink(LINK, LINK_UP, host_now_ns())
        driver = self._driver = found.family.driver(link, self._wish, emit)
        try:
            setup = await driver.configure()
            if self._first_setup is not None:
                _check_same(found.name, self._first_setup, setup)
            await driver.start()
            self._first_setup = self._first_setup or setup
        except Exception as error:  # also what no driver should raise must not keep the link
            await self._let_go()
            raise radio_error(error, found.name) from error
        self._heard_s = time.monotonic()
        self._started = True
        if self._mute:  # not before it sends again is all well
            self._say(Phase.LOST, self.status.text, setup)
        else:
            self._say(Phase.STREAMING, setup=setup)
        await self._read_battery()
        return setup

    async def _keep(self) -> None:
        """Watch the link; make it anew whenever it is lost, for as long as the session runs."""
        battery_due_s = time.monotonic() + BATTERY_PERIOD_S
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await self._lost.wait()
            now_s = time.monotonic()
            if self._lost.is_set():
                await self._recover(Trouble.LINK_LOST.value.format(who=self.found.name))
            elif now_s - self._heard_s > MUTE_S:
                self._mute = True
                await self._recover(
                    f"{self.found.name} is connected but sends nothing; "
                    "it is being started again, else switch it off and on."
                )
            elif now_s >= battery_due_s:
                battery_due_s = now_s + BATTERY_PERIOD_S
                await self._read_battery()

    async def _recover(self, why: str) -> None:
        self.status = replace(self.status, losses=self.status.losses + 1)
        self._say(Phase.LOST, why)
        await self._let_go(polite=not self._lost.is_set())
        attempt = 0
        while True:
            await asyncio.sleep(_BACK_OFF_S[min(attempt, len(_BACK_OFF_S) - 1)])
            attempt += 1
            try:
                await self._connect(_AGAIN_S)
            except RadioError as error:
                self._say(Phase.LOST, self._advice(error))
                if error.trouble in _NOT_HEARD:
                    await self._listen_for_it()
            else:
                return

    def _advice(self, error: RadioError) -> str:
        battery = self.status.battery_pct
        if error.trouble is Trouble.OUT_OF_RANGE and battery is not None and battery <= 5.0:
            return f"{self.found.name} went silent with an empty battery; charge it."
        return str(error)

    async def _listen_for_it(self) -> None:
        """Search until the sensor is heard again: the system may have forgotten it.

        An attempt to connect keeps every other sensor from connecting, listening does not.
        """
        since_s = time.monotonic()
        try:
            await self._radio.scan(
                _SEARCH_S, enough=lambda: self._radio.newest(self.found).heard_s > since_s
            )
        except RadioError as error:  # not the sensor is away, but the adapter
            self._say(Phase.LOST, str(error))

    async def _read_battery(self) -> None:
        if self._driver is None:
            return
        # A loss is seen by the keeper, and a charge that cannot be read is no reason to end it.
        with contextlib.suppress(Exception):
            battery_pct = await self._driver.battery_pct()
            self.status = replace(self.status, battery_pct=battery_pct)

    async def _let_go(self, *, polite: bool = True) -> None:
        link, self._link = self._link, None
        driver, self._driver = self._driver, None
        self._started = False
        try:
            if driver is not None and polite:
                with contextlib.suppress(Exception):  # it is disconnected all the same
                    async with asyncio.timeout(_STOP_S):
                        await driver.stop()
        finally:  # also when nobody waits for the stop any more
            if link is not None:
                try:
                    await link.close()
                finally:
                    self._sink(LINK, LINK_DOWN, host_now_ns())

    def _say(self, phase: Phase, text: str = "", setup: Setup | None = None) -> None:
        self.status = replace(self.status, phase=phase, text=text, setup=setup or self.status.setup)


def _check_same(who: str, before: Setup, now: Setup) -> None:
    """Refuse a sensor that came back with other settings; what it does not tell is not compared.

    Its samples would be read on the scale and at the rate of the beginning.
    """
    for what, unit, was, is_ in (
        ("rate", "Hz", before.rate_hz, now.rate_hz),
        ("acceleration range", "m/s²", before.acc_range_mps2, now.acc_range_mps2),
        ("rotation range", "rad/s", before.gyr_range_radps, now.gyr_range_radps),
    ):
        if was is not None and is_ is not None and not math.isclose(was, is_, rel_tol=0.01):
            raise AnswerError(
                f"{who} came back with another {what} ({is_:.4g} instead of {was:.4g} {unit}) and "
                "is asked again; if this stays, end the session and connect the sensor anew."
            )
