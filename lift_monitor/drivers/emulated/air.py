"""The air round emulated sensors: Bumble's virtual radio, in this process and this loop.

Sensors here are scanned, connected and read through bleak with real ATT and GATT, on every
system and with no adapter.  Bumble is an optional dependency: it is imported when an air is
made, not before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from lift_monitor.drivers.ble.hub import CarrierError
from lift_monitor.drivers.emulated.peripheral import Peripheral

if TYPE_CHECKING:
    from lift_monitor.drivers.ble.bumble_backend import BumbleClient, BumbleScanner
    from lift_monitor.drivers.emulated.bumble_sensor import BumbleSensor

_OWN_ADDRESS: Final = "F0:F1:F2:F3:F4:F5"


class NoBumbleError(CarrierError):
    """Emulated sensors need a package that is not installed; one sentence for the user."""


class EmulatedAir:
    """Emulated sensors within reach, for as long as the ``async with`` block lasts.

    Parameters
    ----------
    peripherals : sequence of Peripheral
        Each with an address of its own; switched on when the block is entered.

    Attributes
    ----------
    scanner_backend, client_backend : type
        For ``BleakScanner(backend=...)`` and ``BleakClient(..., backend=...)``; there from
        the beginning of the block.

    Raises
    ------
    NoBumbleError
        If Bumble is not installed.

    Examples
    --------
    >>> async with EmulatedAir(fleet.build()) as air:  # doctest: +SKIP
    ...     devices = await BleakScanner.discover(2.0, backend=air.scanner_backend)
    """

    scanner_backend: type[BumbleScanner]
    client_backend: type[BumbleClient]

    def __init__(self, peripherals: Sequence[Peripheral]) -> None:
        try:
            import bumble  # noqa: F401
        except ImportError as error:
            raise NoBumbleError(
                "Emulated sensors need the package bumble, which is not installed; in the "
                'folder of lift_monitor\'s source: pip install ".[emulated]"'
            ) from error
        self.peripherals = tuple(peripherals)
        self._rssi_dbm = {p.identity.address.upper(): p.identity.rssi_dbm for p in peripherals}
        if len(self._rssi_dbm) < len(self.peripherals) or _OWN_ADDRESS in self._rssi_dbm:
            raise ValueError("two devices in the air share an address; give each sensor its own")
        self._sensors: list[BumbleSensor] = []
        self._lives: list[asyncio.Task[None]] = []
        self._began_s = 0.0

    @property
    def now_s(self) -> float:
        """True time since the sensors were switched on."""
        return asyncio.get_running_loop().time() - self._began_s

    async def __aenter__(self) -> Self:
        from bumble.link import LocalLink

        from lift_monitor.drivers.ble.bumble_backend import backends
        from lift_monitor.drivers.ble.virtual_radio import VirtualRadio, make_device
        from lift_monitor.drivers.emulated.bumble_sensor import BumbleSensor

        loop = asyncio.get_running_loop()
        self._began_s = loop.time()
        link = LocalLink()  # type: ignore[no-untyped-call]
        self._central = make_device(link, "lift_monitor", _OWN_ADDRESS)
        await self._central.power_on()
        radio = VirtualRadio(self._central, lambda address: self._rssi_dbm.get(address, -127))
        self.scanner_backend, self.client_backend = backends(radio)
        self._sensors = [BumbleSensor(link, p, lambda: self.now_s) for p in self.peripherals]
        self._lives = [
            loop.create_task(sensor.run(), name=f"emulated {sensor.peripheral.identity.name}")
            for sensor in self._sensors
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Switch everything off.

        Raises
        ------
        Exception
            What went wrong inside an emulated sensor, if the block itself ended well.
        """
        for sensor in self._sensors:
            sensor.end()
        if self._lives:
            await asyncio.wait(self._lives)
        await self._central.power_off()
        failures = [failure for life in self._lives if (failure := life.exception())]
        if failures and error is None:
            raise failures[0]
