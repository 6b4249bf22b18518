"""An emulated air in place of the computer's radio, for a hub."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from lift_monitor.drivers.ble.hub import Carrier
from lift_monitor.drivers.ble.radio import Backend
from lift_monitor.drivers.emulated.air import EmulatedAir
from lift_monitor.drivers.emulated.peripheral import Peripheral


def emulated_radio(switch_on: Callable[[], Sequence[Peripheral]]) -> Carrier:
    """Make a carrier whose sensors are switched on when the hub starts.

    Parameters
    ----------
    switch_on : callable
        Makes the peripherals; called in the hub's thread, may take its time.
    """

    @contextlib.asynccontextmanager
    async def carrier() -> AsyncIterator[Backend]:
        async with EmulatedAir(switch_on()) as air:
            yield Backend(air.scanner_backend, air.client_backend)

    return carrier
